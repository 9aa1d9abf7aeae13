//! Sending an application: the draft becomes a case, with its event, clocks, first task and job, in one transaction.
use platform::db::{Audited, Tx};
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::{Ctx, jobs};

use crate::item::{Item, Mode};
use crate::model::{Asked, Case, CaseId, CaseState, ClockKind, Draft, DraftId, EventKind, TaskKind};
use crate::{Hall, store};

use super::{NewTask, Said, give_task, record, start_clock};

/// What a checked and complete draft is sent with.
pub struct Taken {
    pub number: String,
    /// The accepting office.
    pub office: String,
    /// How many papers the registers spared the applicant.
    pub papers_waived: u32,
}

/// A case ready to be written. All that can be is made ready before the transaction, for which others wait.
pub struct Submit {
    case: Case,
    /// The case's answers as they are stored.
    answers: String,
    draft: DraftId,
    /// Of the draft, when it was checked.
    revision: i64,
}

impl Submit {
    pub fn new(ctx: &Ctx, draft: Draft, taken: Taken) -> Result<Self> {
        let party = ctx.actor.party();
        let answers = serde_json::to_string(&draft.answers)?;
        let case = Case {
            id: ctx.platform().ids().make(ctx.now()),
            number: taken.number,
            item_key: draft.item_key,
            item_version: draft.item_version,
            owner: draft.owner,
            owner_name: party.name,
            owner_number: party.subject,
            applicant: ctx.actor.id.clone(),
            applicant_name: ctx.actor.name.clone(),
            state: CaseState::Submitted,
            resume_state: None,
            office: taken.office,
            revision: 1,
            asked: Asked::NotYet,
            submitted_at: ctx.now(),
            finished_at: None,
            certificate: None,
            outcome: None,
            answers: draft.answers,
            facts: draft.facts,
            papers_waived: taken.papers_waived,
        };
        Ok(Self { case, answers, draft: draft.id, revision: draft.revision })
    }
}

/// `Conflict`: the draft was sent or changed meanwhile; the caller reads it again and shows what became of it.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, item: &Item, submit: &Submit) -> Result<Audited<CaseId>> {
    let case = &submit.case;
    if !store::drafts::close_draft(tx, (&submit.draft, submit.revision), case)? {
        return Err(Error::Conflict("services-conflict-draft"));
    }
    store::cases::insert_case(tx, case, &submit.answers)?;
    open_case(tx, hall, item, case)?;
    record(tx, ctx, case, Said::new(EventKind::Submitted, ""), case.id.clone())
}

/// A new case's first clock and task, and the job that acts when nobody does.
fn open_case(tx: &mut Tx<'_>, hall: &Hall, item: &Item, case: &Case) -> Result<()> {
    let now = tx.now();
    if item.handling.mode == Mode::Instant {
        start_clock(tx, case, ClockKind::Promised, hall.deadlines().due(now, &item.time.promised))?;
        return jobs::enqueue(tx, super::rule::JOB, case.id.as_str(), now);
    }
    to_the_desk(tx, hall, case)
}

/// Acceptance by people: what is missing is told within the limit of acceptance (a setting), otherwise the case counts
/// as accepted (administrative licensing law, recalled).
pub fn to_the_desk(tx: &mut Tx<'_>, hall: &Hall, case: &Case) -> Result<()> {
    let due_at = hall.deadlines().due(tx.now(), &hall.acceptance_limit());
    start_clock(tx, case, ClockKind::Accept, due_at)?;
    let task = NewTask { kind: TaskKind::Accept, review: None, office: &case.office, role: "clerk", due_at };
    give_task(tx, case, task)?;
    jobs::enqueue(tx, super::end::SILENCE_JOB, case.id.as_str(), due_at)
}
