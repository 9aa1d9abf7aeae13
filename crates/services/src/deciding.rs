//! From draft to decision: registers asked before a transaction, certificates signed before it, jobs after it.
use std::sync::Arc;

use certificates::Prepared;
use exchange::{Ask, Subject, SubjectKind, Want};
use platform::Ctx;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::{Id, has_shape};
use platform::jobs::Handlers;
use platform::policy::{Action, Grant, On, Party};

use crate::actions::{self, end, rule};
use crate::catalogue::LoadedItem;
use crate::form::{Answers, Filling, Prefills, Submission};
use crate::issuing::{self, Granted};
use crate::item::eligibility::{Outcome, decide};
use crate::item::{Facts, Mode, Subject as Side};
use crate::model::{Case, CaseId, CaseState, Draft, DraftId};
use crate::sources::{self, Places};
use crate::{Hall, store};

/// Register facts older than this are fetched again before an application is sent.
const FRESH: i64 = platform::clock::HOUR;

/// An application on the table: the document, the answers, what the registers say.
pub struct Table {
    pub loaded: Arc<LoadedItem>,
    pub answers: Answers,
    pub facts: Facts,
    pub prefills: Prefills,
}

impl Table {
    /// With the register values laid into the answers.
    pub fn lay(hall: &Hall, loaded: Arc<LoadedItem>, mut answers: Answers, facts: &str) -> Result<Self> {
        let facts = sources::read_facts(hall, facts)?;
        let prefills = Prefills::new(&loaded.item.form, &facts);
        prefills.lay_into(&mut answers);
        Ok(Self { loaded, answers, facts, prefills })
    }

    pub fn filling<'a>(&'a self, places: &'a Places<'a>, today: time::Date) -> Filling<'a> {
        let form = &self.loaded.item.form;
        Filling { form, answers: &self.answers, prefills: &self.prefills, divisions: places, since: today, today }
    }

    /// For answers that were given and checked from a day on, at the latest today.
    pub fn filling_since<'a>(
        &'a self,
        places: &'a Places<'a>,
        (since, today): (time::Date, time::Date),
    ) -> Filling<'a> {
        Filling { since, ..self.filling(places, today) }
    }

    /// The values, or everything that is wrong.
    pub fn check(&self, hall: &Hall, today: time::Date) -> Result<Submission> {
        self.filling(&Places(hall), today).submit().map_err(Error::Invalid)
    }
}

/// About whom the registers are asked, for which item, and for which case of which office.
pub struct Look<'a> {
    pub loaded: &'a LoadedItem,
    pub party: &'a Party,
    pub case: Option<&'a CaseId>,
    /// The office at which the case lies for the official who looks; None for applicants and jobs.
    pub office: Option<&'a str>,
}

/// Asks the registers for everything that an item may know of a party.
pub async fn fetch(hall: &Hall, ctx: &Ctx, look: &Look<'_>) -> Result<String> {
    let Look { loaded, party, case, office } = *look;
    let item = &loaded.item;
    if item.facts.is_empty() {
        return Ok("{}".into());
    }
    let mut found = exchange::Facts::default();
    for side in [Side::Applicant, Side::Enterprise] {
        let wants = wants(item, side);
        let Some(subject) = subject(ctx, party, side, case).filter(|_| !wants.is_empty()) else { continue };
        let need = item.facts.iter().find(|need| need.subject == side);
        let basis = need.map_or(String::new(), |need| exchange::basis_text(&need.basis));
        let ask = Ask {
            purpose: item.key.clone(),
            basis,
            item: Some(item.key.clone()),
            case: case.map(|id| id.as_str().to_owned()),
            consumer: item.who.body.clone(),
            subject,
            wants,
            offices: office.map(str::to_owned).into_iter().collect(),
        };
        found.facts.extend(hall.exchange().fetch(ctx, ask).await?.facts);
    }
    sources::store_facts(&found)
}

fn wants(item: &crate::item::Item, side: Side) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    for need in item.facts.iter().filter(|need| need.subject == side) {
        match wants.iter_mut().find(|want| want.resource == need.resource) {
            Some(want) => want.fields.push(need.field.clone()),
            None => wants.push(Want { resource: need.resource.clone(), fields: vec![need.field.clone()] }),
        }
    }
    wants
}

/// Whom a side of the application means: the person who applies, or the enterprise that is applied for.
fn subject(ctx: &Ctx, party: &Party, side: Side, case: Option<&CaseId>) -> Option<Subject> {
    let is_enterprise = party.id.starts_with("ent_");
    match side {
        Side::Enterprise if is_enterprise => {
            let (number, owner) = (party.subject.clone(), party.id.clone());
            Some(Subject { kind: SubjectKind::Enterprise, number, owner })
        }
        // The person behind an enterprise's application is asked about only while that person is signed in.
        Side::Applicant if is_enterprise => {
            let own = case.is_none().then(|| ctx.actor.subject.clone()).filter(|number| !number.is_empty());
            own.map(|number| Subject { kind: SubjectKind::Person, number, owner: party.id.clone() })
        }
        Side::Applicant => {
            let (number, owner) = (party.subject.clone(), party.id.clone());
            Some(Subject { kind: SubjectKind::Person, number, owner })
        }
        Side::Enterprise => None,
    }
}

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
    let facts = fetch(hall, ctx, &Look { loaded: &loaded, party: &party, case: None, office: None }).await?;
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
    let (mut draft, loaded) = draft(hall, ctx, id).await?;
    if draft.case.is_some() || ctx.now().0 - draft.facts_at.0 < FRESH {
        return Ok((draft, loaded));
    }
    let party = ctx.actor.party();
    let facts = fetch(hall, ctx, &Look { loaded: &loaded, party: &party, case: None, office: None }).await?;
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&party.id))?;
    draft.facts.clone_from(&facts);
    let of = draft.clone();
    ctx.db().write(grant, move |tx| actions::draft::refresh(tx, &of, &facts)).await?;
    Ok((draft, loaded))
}

/// Sends a draft. Sent twice, it gives the same case.
pub async fn submit(hall: &Hall, ctx: &Ctx, id: &DraftId) -> Result<CaseId> {
    let (mut draft, loaded) = fresh_draft(hall, ctx, id.as_str()).await?;
    if let Some(case) = draft.case {
        return Ok(case);
    }
    let table = Table::lay(hall, Arc::clone(&loaded), draft.answers.clone(), &draft.facts)?;
    table.check(hall, ctx.today())?;
    draft.answers = table.answers;
    let grant = ctx.allow(Action::CaseSubmit, &On::owned_by(&draft.owner))?;
    let office = sources::office(hall, &loaded.item.handling.accepting, (&draft.answers, &draft.facts))?;
    let number = hall.0.numbers.next(ctx, &grant, &loaded.implementation_code).await?;
    let sent = actions::submit::Submit { draft, number, office };
    let (inner, doors, item) = (ctx.clone(), hall.clone(), Arc::clone(&loaded));
    let done = ctx.db().write(grant, move |tx| actions::submit::submit(tx, &inner, &doors, &item.item, sent)).await;
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
    let facts_text = fetch(hall, &ctx, &look).await?;
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
    handlers.on(rule::JOB, move |_, id| {
        let hall = doors.clone();
        async move { decide_now(&hall, &CaseId::from_text(id)).await }
    });
    let doors = hall.clone();
    handlers.on(end::SILENCE_JOB, move |ctx, id| silence(doors.clone(), ctx, id));
    let doors = hall.clone();
    handlers.on(end::LAPSE_JOB, move |ctx, id| lapse(doors.clone(), ctx, id));
}
