//! Sending an application: the draft becomes a case, with its event, clocks, first task and job, in one transaction.
use platform::db::{Audited, Tx};
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::{Ctx, jobs};

use crate::item::{Item, Mode};
use crate::model::{Asked, Case, CaseId, CaseState, ClockKind, Draft, EventKind, TaskKind};
use crate::{Hall, store};

use super::{NewTask, Said, give_task, record, start_clock};

/// A draft that was checked and found complete.
pub struct Submit {
    pub draft: Draft,
    pub number: String,
    /// The accepting office.
    pub office: String,
    /// How many papers the registers spared the applicant.
    pub papers_waived: u32,
}

/// `Conflict`: the draft was sent or changed meanwhile; the caller reads it again and shows what became of it.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, item: &Item, submit: Submit) -> Result<Audited<CaseId>> {
    let draft = submit.draft;
    let party = ctx.actor.party();
    let case = Case {
        id: tx.new_id(),
        number: submit.number,
        item_key: draft.item_key.clone(),
        item_version: draft.item_version,
        owner: draft.owner.clone(),
        owner_name: party.name,
        owner_number: party.subject,
        applicant: ctx.actor.id.clone(),
        applicant_name: ctx.actor.name.clone(),
        state: CaseState::Submitted,
        resume_state: None,
        office: submit.office,
        revision: 1,
        asked: Asked::NotYet,
        submitted_at: tx.now(),
        finished_at: None,
        certificate: None,
        outcome: None,
        answers: draft.answers.clone(),
        facts: draft.facts.clone(),
        papers_waived: submit.papers_waived,
    };
    if !store::drafts::close_draft(tx, &draft, &case.id)? {
        return Err(Error::Conflict("services-conflict-draft"));
    }
    open_case(tx, hall, item, &case)?;
    let id = case.id.clone();
    record(tx, ctx, &case, Said::new(EventKind::Submitted, ""), id)
}

/// The rows of a new case: itself, its first clock and task, and the job that acts when nobody does.
pub fn open_case(tx: &mut Tx<'_>, hall: &Hall, item: &Item, case: &Case) -> Result<()> {
    store::cases::insert_case(tx, case)?;
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
