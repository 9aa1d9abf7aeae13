//! From draft to decision: registers asked before a transaction, certificates signed before it, jobs after it.
use std::sync::Arc;

use certificates::Prepared;
use platform::Ctx;
use platform::clock::MINUTE;
use platform::db::Tx;
use platform::error::{Error, FieldError, Result};
use platform::ids::{Id, has_shape};
use platform::jobs::Handlers;
use platform::policy::{Action, Grant, On, Party};

use crate::actions::submit::{Submit, Taken};
use crate::actions::{self, end, rule};
use crate::asking::{Look, fetch, fetch_present};
use crate::catalogue::LoadedItem;
use crate::evidence;
use crate::form::Answers;
use crate::issuing::{self, Granted};
use crate::item::Mode;
use crate::item::eligibility::{Outcome, decide};
use crate::model::{Case, CaseId, CaseState, Draft, DraftId};
use crate::sources::{self, Places};
use crate::table::Table;
use crate::{Hall, store};

/// Register facts older than this are fetched again before an application is sent.
const FRESH: i64 = platform::clock::HOUR;

/// How long a decision by rule waits before it asks a source again that was away.
const ASK_AGAIN: i64 = 5 * MINUTE;

/// Begins a draft with what the registers know.
pub async fn begin(hall: &Hall, ctx: &Ctx, item: &str, once: &str) -> Result<DraftId> {
    let loaded = hall.current(item)?;
    let party = ctx.actor.party();
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&party.id))?;
    if party.id.starts_with("ent_") && !loaded.item.object.serves_corporations() {
        return Err(Error::Conflict("services-conflict-for-persons"));
    }
    if party.id.starts_with("per_") && !loaded.item.object.serves_persons() {
        return Err(Error::Conflict("services-conflict-for-enterprises"));
    }
    let (owner, key) = (party.id.clone(), once.to_owned());
    let made = ctx.db().read(grant.clone(), move |tx| platform::once::find(tx, &owner, &key)).await?;
    if let Some(made) = made {
        return Ok(DraftId::from_text(made)); // sent twice: the registers are not asked again either
    }
    let facts = fetch_present(hall, ctx, &Look { loaded: &loaded, party: &party, case: None, office: None }).await?;
    let begin = actions::draft::Begin {
        once: once.to_owned(),
        item_key: loaded.item.key.clone(),
        item_version: loaded.item.version,
        answers: Answers::default(),
        facts,
    };
    let write = || {
        let (inner, begin) = (ctx.clone(), begin.clone());
        ctx.db().write(grant.clone(), move |tx| actions::draft::begin(tx, &inner, begin))
    };
    platform::once::settle(write).await
}

/// Throws a draft away.
pub async fn discard(hall: &Hall, ctx: &Ctx, id: &str) -> Result<()> {
    let (draft, _) = draft(hall, ctx, id).await?;
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&draft.owner))?;
    ctx.db().write(grant, move |tx| actions::draft::discard(tx, &draft)).await
}

/// Whether the party threw this draft away, within the days for which that is remembered.
pub async fn was_discarded(ctx: &Ctx, id: &str) -> Result<bool> {
    if !has_shape(DraftId::PREFIX, id) {
        return Ok(false);
    }
    let (owner, id) = (ctx.actor.party().id, id.to_owned());
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&owner))?;
    let outcome = ctx.db().read(grant, move |tx| platform::once::find(tx, &owner, &id)).await?;
    Ok(outcome.as_deref() == Some(actions::draft::DISCARDED))
}

/// The owner's draft; a foreign or forged one is not found.
pub async fn draft(hall: &Hall, ctx: &Ctx, id: &str) -> Result<(Draft, Arc<LoadedItem>)> {
    if !has_shape(DraftId::PREFIX, id) {
        return Err(Error::NotFound);
    }
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::DraftRead, &On::owned_by(&owner))?;
    let id = DraftId::from_text(id.to_owned());
    let draft = ctx.db().read(grant, move |tx| store::drafts::get_draft(tx, &owner, &id)).await?;
    let loaded = hall.items().frozen(&draft.item_key, draft.item_version)?;
    Ok((draft, loaded))
}

/// The draft with register values no older than an hour.
pub async fn fresh_draft(hall: &Hall, ctx: &Ctx, id: &str) -> Result<(Draft, Arc<LoadedItem>)> {
    let (draft, loaded) = draft(hall, ctx, id).await?;
    if draft.case.is_some() || is_fresh(ctx, &draft) {
        return Ok((draft, loaded));
    }
    Ok((ask_again(hall, ctx, draft, &loaded).await?, loaded))
}

fn is_fresh(ctx: &Ctx, draft: &Draft) -> bool {
    ctx.now().0 - draft.facts_at.0 < FRESH
}

async fn ask_again(hall: &Hall, ctx: &Ctx, mut draft: Draft, loaded: &LoadedItem) -> Result<Draft> {
    let party = ctx.actor.party();
    let anew = fetch_present(hall, ctx, &Look { loaded, party: &party, case: None, office: None }).await?;
    let facts = sources::keep_known(anew, &draft.facts)?;
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&party.id))?;
    draft.facts.clone_from(&facts);
    let of = draft.clone();
    ctx.db().write(grant, move |tx| actions::draft::refresh(tx, &of, &facts)).await?;
    Ok(draft)
}

/// The draft as it is sent: a source that was away is asked once more. `Invalid` when it answers now and says something
/// else than was typed: the applicant sees it before it is sent in their name.
async fn draft_to_send(hall: &Hall, ctx: &Ctx, id: &DraftId) -> Result<(Draft, Arc<LoadedItem>)> {
    let (draft, loaded) = draft(hall, ctx, id.as_str()).await?;
    let is_away = !sources::away(&draft.facts)?.is_empty();
    if draft.case.is_some() || (is_fresh(ctx, &draft) && !is_away) {
        return Ok((draft, loaded));
    }
    let before = Table::lay(hall, Arc::clone(&loaded), draft.answers.clone(), &draft.facts)?;
    let draft = ask_again(hall, ctx, draft, &loaded).await?;
    let after = Table::lay(hall, Arc::clone(&loaded), draft.answers.clone(), &draft.facts)?;
    let places = Places(hall);
    let (typed, known) = (before.filling(&places, ctx.today()), after.filling(&places, ctx.today()));
    let (typed, known) = (typed.values_so_far(), known.values_so_far());
    let is_corrected = |path: &&String| after.prefills.is_locked(path) && typed.get(*path) != known.get(*path);
    let corrected = before.evidence.unverified.keys().filter(|path| typed.contains_key(*path)).filter(is_corrected);
    let errors: Vec<FieldError> =
        corrected.map(|path| FieldError::new(path.as_str(), "form-error-register-differs")).collect();
    if errors.is_empty() { Ok((draft, loaded)) } else { Err(Error::Invalid(errors)) }
}

/// Sends a draft. Sent twice, it gives the same case.
pub async fn submit(hall: &Hall, ctx: &Ctx, id: &DraftId) -> Result<CaseId> {
    let (mut draft, loaded) = draft_to_send(hall, ctx, id).await?;
    if let Some(case) = draft.case {
        return Ok(case);
    }
    let table = Table::lay(hall, Arc::clone(&loaded), std::mem::take(&mut draft.answers), &draft.facts)?;
    table.check(hall, ctx.today())?;
    let papers_waived = evidence::count_waived(&loaded, &table.facts, &table.evidence);
    let grant = ctx.allow(Action::CaseSubmit, &On::owned_by(&draft.owner))?;
    let office = sources::office(hall, &loaded.item.handling.accepting, (&table.answers, &table.facts))?;
    let number = hall.0.numbers.next(ctx, &grant, &loaded.implementation_code).await?;
    draft.answers = table.answers;
    let ready = Arc::new(Submit::new(ctx, draft, Taken { number, office, papers_waived })?);
    let (inner, doors, item) = (ctx.clone(), hall.clone(), loaded);
    // Shared, so that it is cleared away here and not by the writer, for which all wait.
    let sent = Arc::clone(&ready);
    let done = ctx.db().write(grant, move |tx| actions::submit::submit(tx, &inner, &doors, &item.item, &sent)).await;
    match done {
        // Sent at the same moment from elsewhere: the same case is the answer.
        Err(Error::Conflict(key)) => self::draft(hall, ctx, id.as_str()).await?.0.case.ok_or(Error::Conflict(key)),
        other => other,
    }
}

/// The decision by rule, as the job runs it and as the receipt page hastens it. Idempotent.
pub async fn decide_now(hall: &Hall, id: &CaseId) -> Result<()> {
    let ctx = Ctx::system(hall.platform(), rule::JOB);
    let grant = ctx.allow(Action::CaseRead, &On::PUBLIC)?;
    let of = id.clone();
    let case = ctx.db().read(grant, move |tx| store::cases::get_case_for_job(tx, &of)).await?;
    let loaded = hall.frozen(&case)?;
    if case.state != CaseState::Submitted || loaded.item.handling.mode != Mode::Instant {
        return Ok(());
    }
    let look = Look { loaded: &loaded, party: &party_of(&case), case: Some(id), office: None };
    let facts_text = match fetch(hall, &ctx, &look).await {
        // Nobody waits for ever: after the days of acceptance what is known decides, or a clerk does.
        Err(Error::Unavailable(_)) if is_overdue(hall, &ctx, &case) => fetch_present(hall, &ctx, &look).await?,
        Err(Error::Unavailable(why)) => {
            tell_waiting(hall, &ctx, &case, &look).await?;
            return Err(Error::Unavailable(why));
        }
        other => other?,
    };
    let table = Table::lay(hall, Arc::clone(&loaded), case.answers.clone(), &facts_text)?;
    let days = (case.submitted_at.date(ctx.zone()), ctx.today());
    let values = table.filling_since(&Places(hall), days).values_so_far();
    let decision = decide(&loaded.item, &table.facts, &values, ctx.today());
    let prepared = match decision.outcome {
        Outcome::Granted => prepare(hall, &ctx, &case, &facts_text).await?,
        _ => None,
    };
    let certificate = prepared.as_ref().map(|p| p.id().to_owned());
    let found = rule::Found { decision, facts: facts_text, certificate };
    let grant = ctx.allow(Action::CaseDecideByRule, &On::PUBLIC)?;
    let (doors, inner) = (hall.clone(), ctx.clone());
    let done = ctx.db().write(grant, move |tx| {
        if let Some(prepared) = &prepared {
            insert_certificate(tx, prepared)?;
        }
        rule::decide_by_rule(tx, &inner, &doors, (&case, &loaded.item), &found)
    });
    match done.await {
        Err(Error::Conflict(_)) => Ok(()), // decided meanwhile
        other => other,
    }
}

fn is_overdue(hall: &Hall, ctx: &Ctx, case: &Case) -> bool {
    hall.deadlines().due(case.submitted_at, &hall.acceptance_limit()) < ctx.now()
}

/// Writes into the case for which source it waits, once; its owner reads it there.
async fn tell_waiting(hall: &Hall, ctx: &Ctx, case: &Case, look: &Look<'_>) -> Result<()> {
    if !sources::away(&case.facts)?.is_empty() {
        return Ok(());
    }
    let facts = sources::keep_away(fetch_present(hall, ctx, look).await?, &case.facts)?;
    let grant = ctx.allow(Action::CaseDecideByRule, &On::PUBLIC)?;
    let case = case.clone();
    ctx.db().write(grant, move |tx| rule::wait(tx, &case, &facts)).await
}

/// As the job runs it: a source that is away is no failure of the job, it is asked again.
async fn decide_later(hall: Hall, ctx: Ctx, id: CaseId) -> Result<()> {
    match decide_now(&hall, &id).await {
        Err(Error::Unavailable(why)) => {
            tracing::info!(case = id.as_str(), why, "a decision by rule waits for a source");
            let grant = ctx.allow(Action::CaseDecideByRule, &On::PUBLIC)?;
            let again = ctx.now().plus(ASK_AGAIN);
            ctx.db().write(grant, move |tx| rule::again(tx, &id, again)).await
        }
        other => other,
    }
}

/// The certificate's rows, in the transaction that decides.
pub fn insert_certificate(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<()> {
    certificates::actions::issue(tx, prepared).map(|audited| audited.into_inner()).map(|_| ())
}

pub fn party_of(case: &Case) -> Party {
    Party { id: case.owner.clone(), name: case.owner_name.clone(), subject: case.owner_number.clone() }
}

/// Signs the certificate of a case that is granted now, outside of the transaction. None for items that give none.
pub async fn prepare(hall: &Hall, ctx: &Ctx, case: &Case, facts: &str) -> Result<Option<Prepared>> {
    let loaded = hall.frozen(case)?;
    let granted = Granted {
        loaded: &loaded,
        answers: &case.answers,
        facts,
        party: party_of(case),
        case: case.id.as_str(),
        submitted_on: case.submitted_at.date(ctx.zone()),
        on: ctx.today(),
    };
    match issuing::issue(hall, &granted)? {
        Some(issue) => hall.certificates().prepare(&issue).await.map(Some),
        None => Ok(None),
    }
}

/// The facts that a case is granted on: those that it keeps, or what a source says by now that was away before.
/// `Conflict` while one is away that the certificate needs: nothing is certified that nobody vouches for.
pub async fn facts_to_grant(hall: &Hall, ctx: &Ctx, case: &Case, office: &str) -> Result<String> {
    let loaded = hall.frozen(case)?;
    if !lacks_certified(&loaded, &case.facts)? {
        return Ok(case.facts.clone());
    }
    let look = Look { loaded: &loaded, party: &party_of(case), case: Some(&case.id), office: Some(office) };
    let facts = sources::keep_known(fetch_present(hall, ctx, &look).await?, &case.facts)?;
    if lacks_certified(&loaded, &facts)? { Err(Error::Conflict("services-conflict-source-away")) } else { Ok(facts) }
}

/// Whether a field of the certificate comes from a source that is away.
fn lacks_certified(loaded: &LoadedItem, facts: &str) -> Result<bool> {
    let away = sources::away(facts)?;
    let from = loaded.item.result.certificate.iter().flat_map(|rule| &rule.fields).map(|field| field.from.as_str());
    let mut resources = from.filter_map(|reference| reference.split_once('.')).map(|(resource, _)| resource);
    Ok(!away.is_empty() && resources.any(|resource| away.iter().any(|one| one == resource)))
}

/// What the sources said when the case was granted, kept with it.
pub fn keep_facts(tx: &mut Tx<'_>, case: &Case, facts: &str) -> Result<()> {
    if case.facts == facts { Ok(()) } else { store::cases::update_facts(tx, &case.id, facts) }
}

/// A job's case with its document.
async fn case_for_job(hall: &Hall, ctx: &Ctx, id: &str) -> Result<(Case, Arc<LoadedItem>, Grant)> {
    let grant = ctx.allow(Action::CaseRead, &On::PUBLIC)?;
    let id = CaseId::from_text(id.to_owned());
    let case = ctx.db().read(grant, move |tx| store::cases::get_case_for_job(tx, &id)).await?;
    let loaded = hall.frozen(&case)?;
    Ok((case, loaded, ctx.allow(Action::CaseDecideByRule, &On::PUBLIC)?))
}

async fn silence(hall: Hall, ctx: Ctx, id: String) -> Result<()> {
    let (case, loaded, grant) = case_for_job(&hall, &ctx, &id).await?;
    let inner = ctx.clone();
    ctx.db().write(grant, move |tx| end::accept_by_silence(tx, &inner, &hall, (&case, &loaded.item))).await
}

async fn lapse(hall: Hall, ctx: Ctx, id: String) -> Result<()> {
    let (case, loaded, grant) = case_for_job(&hall, &ctx, &id).await?;
    let inner = ctx.clone();
    ctx.db().write(grant, move |tx| end::lapse(tx, &inner, &case, &loaded.item)).await
}

pub fn jobs(hall: &Hall, handlers: &mut Handlers) {
    let doors = hall.clone();
    handlers.on(rule::JOB, move |ctx, id| decide_later(doors.clone(), ctx, CaseId::from_text(id)));
    let doors = hall.clone();
    handlers.on(end::SILENCE_JOB, move |ctx, id| silence(doors.clone(), ctx, id));
    let doors = hall.clone();
    handlers.on(end::LAPSE_JOB, move |ctx, id| lapse(doors.clone(), ctx, id));
}
