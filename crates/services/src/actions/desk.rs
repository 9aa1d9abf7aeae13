//! What officers do: accept, turn away, ask once, review, decide. Each ends the task that it is the answer to.
use platform::db::{Audited, Tx};
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::{Ctx, jobs};

use crate::item::Item;
use crate::model::{Asked, Case, CaseState, Clock, ClockKind, EventKind, Move, Opinion, Supplement, Task, TaskKind};
use crate::{Hall, store};

use super::{NewTask, Said, end_clocks, give_decision, give_task, record, start_clock, tell};

/// What an officer says with an act.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub reason: String,
    pub basis: String,
}

fn opinion(ctx: &Ctx, result: &str, words: &Words) -> Opinion {
    Opinion {
        result: result.to_owned(),
        officer_name: ctx.actor.name.clone(),
        words: words.reason.clone(),
        basis: words.basis.clone(),
    }
}

fn wants(task: &Task, kind: TaskKind) -> Result<()> {
    if !task.is_open() {
        return Err(Error::Conflict("services-conflict-somebody-acted"));
    }
    if task.kind != kind || task.waiting { Err(Error::Conflict("services-conflict-moved-on")) } else { Ok(()) }
}

/// Accepts: the legal and the promised clock start, reviews begin side by side.
pub fn accept(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, (case, item, task): On<'_>) -> Result<Audited<()>> {
    wants(task, TaskKind::Accept)?;
    store::tasks::end_task(tx, &task.id, &opinion(ctx, "accepted", &Words::default()), &ctx.actor.id)?;
    begin_handling(tx, hall, case, item)?;
    tell(tx, case, item, "services-notice-accepted")?;
    record(tx, ctx, case, Said::new(EventKind::Accepted, ""), ())
}

/// The case, its item's frozen document, and the task that the act answers.
pub type On<'a> = (&'a Case, &'a Item, &'a Task);

/// From acceptance on, by an officer or by silence.
pub fn begin_handling(tx: &mut Tx<'_>, hall: &Hall, case: &Case, item: &Item) -> Result<()> {
    let now = tx.now();
    let deadlines = hall.deadlines();
    end_clocks(tx, case, Some(ClockKind::Accept))?;
    start_clock(tx, case, ClockKind::Promised, deadlines.due(now, &item.time.promised))?;
    start_clock(tx, case, ClockKind::Legal, deadlines.due(now, &item.time.legal))?;
    let mut state = case.state.after(Move::Accept)?;
    for review in &item.handling.reviews {
        let office = hall.office_for(&review.org, case)?;
        let due_at = deadlines.due(now, &review.limit);
        let task =
            NewTask { kind: TaskKind::Review, review: Some(&review.key), office: &office, role: "reviewer", due_at };
        give_task(tx, case, task)?;
    }
    if item.handling.reviews.is_empty() {
        state = state.after(Move::ToDecision)?;
        give_decision(tx, hall, case, item)?;
    }
    store::cases::update_state(tx, case, state, None)
}

/// Does not accept: the reason and the basis are told.
pub fn turn_away(tx: &mut Tx<'_>, ctx: &Ctx, (case, item, task): On<'_>, words: &Words) -> Result<Audited<()>> {
    wants(task, TaskKind::Accept)?;
    store::tasks::end_task(tx, &task.id, &opinion(ctx, "not-accepted", words), &ctx.actor.id)?;
    close(tx, case, Move::TurnAway, &Closing { words, certificate: None })?;
    tell(tx, case, item, "services-notice-not-accepted")?;
    record(tx, ctx, case, Said { kind: EventKind::NotAccepted, detail: "", basis: &words.basis }, ())
}

/// Asks for everything that is missing, once: the clocks stand until the applicant answers
/// (administrative licensing law, recalled: one notice of all that is to be supplemented).
pub fn ask(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, (case, item, task): On<'_>, ask: &Ask) -> Result<Audited<()>> {
    if !task.is_open() || task.waiting {
        return Err(Error::Conflict("services-conflict-somebody-acted"));
    }
    if case.asked == Asked::Once {
        return Err(Error::Conflict("services-conflict-asked-once"));
    }
    let next = case.state.after(Move::Ask)?;
    let now = tx.now();
    let due_at = hall.deadlines().due(now, &item.handling.supplement);
    stop_clocks(tx, hall, case)?;
    start_clock(tx, case, ClockKind::Supplement, due_at)?;
    let supplement = Supplement {
        asked_at: now,
        office: task.office.clone(),
        fields: ask.fields.clone(),
        message: ask.message.clone(),
        due_at,
        answered_at: None,
    };
    store::cases::insert_supplement(tx, &case.id, &supplement, &ctx.actor.id)?;
    store::cases::update_state(tx, case, next, Some(case.state))?;
    jobs::enqueue(tx, super::end::LAPSE_JOB, case.id.as_str(), due_at.plus(1))?;
    tell(tx, case, item, "services-notice-asked")?;
    let detail = serde_json::to_string(&ask.fields)?;
    record(tx, ctx, case, Said::new(EventKind::Asked, &detail), ())
}

/// What is missing: fields of the form that the applicant may then change, and what to do, in words.
#[derive(Debug, Clone)]
pub struct Ask {
    pub fields: Vec<String>,
    pub message: String,
}

fn stop_clocks(tx: &mut Tx<'_>, hall: &Hall, case: &Case) -> Result<()> {
    let now = tx.now();
    for clock in store::cases::list_clocks(tx, &case.id)?.into_iter().filter(|clock| clock.stopped_at.is_none()) {
        let days_left = Some(hall.deadlines().days_left(now, clock.due_at));
        store::cases::update_clock(tx, &case.id, &Clock { days_left, ..clock })?;
    }
    for task in store::tasks::list_tasks(tx, &case.id)?.into_iter().filter(Task::is_open) {
        let days_left = Some(hall.deadlines().days_left(now, task.due_at));
        store::tasks::update_task_clock(tx, &Task { days_left, waiting: true, ..task })?;
    }
    Ok(())
}

/// The outcome of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    Passed,
    Failed,
}

/// A department's part. The last one to pass, or the first to fail, leads to the decision.
pub fn review(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    hall: &Hall,
    (case, item, task): On<'_>,
    (finding, words): (Finding, &Words),
) -> Result<Audited<()>> {
    // Reviews of several offices may end at the same moment: each sees the others' only while it holds the case.
    let (read, case) = (case, &store::cases::hold_case(tx, &task.office, &case.id)?);
    let task = &store::tasks::get_task(tx, &task.office, &task.id)?;
    wants(task, TaskKind::Review)?;
    // Meanwhile a supplement may have been asked for, or answered: a review is of the answers that its officer saw.
    if case.state != CaseState::Reviewing || case.answers != read.answers {
        return Err(Error::Conflict("services-conflict-moved-on"));
    }
    let result = if finding == Finding::Passed { "passed" } else { "failed" };
    store::tasks::end_task(tx, &task.id, &opinion(ctx, result, words), &ctx.actor.id)?;
    not_counted(tx, hall, case, (item, task))?;
    let tasks = store::tasks::list_tasks(tx, &case.id)?;
    let others_open = tasks.iter().any(|other| other.is_open() && other.kind == TaskKind::Review);
    if finding == Finding::Failed || !others_open {
        store::tasks::cancel_open_tasks(tx, &case.id)?;
        store::cases::update_state(tx, case, case.state.after(Move::ToDecision)?, None)?;
        give_decision(tx, hall, case, item)?;
    }
    let kind = if finding == Finding::Passed { EventKind::ReviewPassed } else { EventKind::ReviewFailed };
    let review = task.review.as_deref().unwrap_or_default();
    record(tx, ctx, case, Said { kind, detail: review, basis: &words.basis }, ())
}

/// The time of an inspection, a test or an expert review is not counted where the document says so: the two clocks end later
/// by the working days that it took, without those on which a supplement had stopped them anyway.
fn not_counted(tx: &mut Tx<'_>, hall: &Hall, case: &Case, (item, task): (&Item, &Task)) -> Result<()> {
    let review = item.handling.reviews.iter().find(|review| Some(&review.key) == task.review.as_ref());
    if !review.is_some_and(|review| review.pauses_clock) {
        return Ok(());
    }
    let deadlines = hall.deadlines();
    let now = tx.now();
    let asked = store::cases::find_supplement(tx, &case.id)?;
    let stood = asked.and_then(|asked| Some((asked.asked_at.max(task.started_at), asked.answered_at?.min(now))));
    let stood = stood.map_or(0, |(from, until)| deadlines.days_left(from, until));
    let took = deadlines.days_left(task.started_at, now) - stood;
    for clock in store::cases::list_clocks(tx, &case.id)? {
        if clock.stopped_at.is_none() && matches!(clock.kind, ClockKind::Promised | ClockKind::Legal) {
            let due_at = deadlines.due_again(clock.due_at, took);
            store::cases::update_clock(tx, &case.id, &Clock { due_at, ..clock })?;
        }
    }
    Ok(())
}

/// A decision by an officer. A granted case's certificate was prepared before and is inserted by the caller.
pub struct Ruling<'a> {
    pub step: Move,
    pub words: &'a Words,
    pub certificate: Option<&'a str>,
}

pub fn decide(tx: &mut Tx<'_>, ctx: &Ctx, (case, item, task): On<'_>, ruling: &Ruling<'_>) -> Result<Audited<()>> {
    wants(task, TaskKind::Decide)?;
    let granted = ruling.step == Move::Grant;
    let (result, kind) = if granted { ("granted", EventKind::Granted) } else { ("refused", EventKind::Refused) };
    store::tasks::end_task(tx, &task.id, &opinion(ctx, result, ruling.words), &ctx.actor.id)?;
    close(tx, case, ruling.step, &Closing { words: ruling.words, certificate: ruling.certificate })?;
    tell(tx, case, item, if granted { "services-notice-granted" } else { "services-notice-refused" })?;
    record(tx, ctx, case, Said { kind, detail: "", basis: &ruling.words.basis }, ())
}

/// What a case ends with.
pub(super) struct Closing<'a> {
    pub words: &'a Words,
    pub certificate: Option<&'a str>,
}

/// Ends a case: state, outcome, clocks; whatever was still to do is no longer needed.
pub(super) fn close(tx: &mut Tx<'_>, case: &Case, step: Move, closing: &Closing<'_>) -> Result<CaseState> {
    let state = case.state.after(step)?;
    let outcome = serde_json::json!({"reason": closing.words.reason, "basis": closing.words.basis}).to_string();
    store::cases::update_state(tx, case, state, None)?;
    store::cases::update_outcome(tx, &case.id, &outcome, closing.certificate)?;
    store::tasks::cancel_open_tasks(tx, &case.id)?;
    end_clocks(tx, case, None)?;
    Ok(state)
}

/// Takes a task that lies with the office.
pub fn take(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, task: &Task) -> Result<Audited<()>> {
    let posts = ctx.actor.posts.iter().filter(|post| post.office == task.office);
    let roles: Vec<&str> = posts.map(|post| post.role.name()).collect();
    store::tasks::assign(tx, task, &ctx.actor.id, &roles)?;
    let entry = platform::audit::Entry {
        event: "task.taken",
        object: task.id.as_str(),
        subject: &case.owner,
        ..platform::audit::Entry::default()
    };
    tx.audited(entry, ())
}
