//! The applicant's answer to the one notice: changed answers, then everything goes on where it stood.
use platform::db::{Audited, Tx};
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::{Ctx, jobs};

use crate::form::Answers;
use crate::item::Item;
use crate::model::{Case, CaseState, Clock, ClockKind, EventKind, Task, TaskKind};
use crate::{Hall, store};

use super::{NewTask, Said, give_task, record};

/// Saves changed answers while the case waits for them; may be called as often as the applicant likes.
pub fn save(tx: &mut Tx<'_>, case: &Case, answers: &Answers) -> Result<Audited<()>> {
    waits(case)?;
    store::cases::update_answers(tx, case, answers)?;
    let entry = platform::audit::Entry {
        event: "supplement.saved",
        object: case.id.as_str(),
        subject: &case.owner,
        ..platform::audit::Entry::default()
    };
    tx.audited(entry, ())
}

fn waits(case: &Case) -> Result<()> {
    if case.state == CaseState::Supplementing { Ok(()) } else { Err(Error::Conflict("services-conflict-moved-on")) }
}

/// Sends the supplement: clocks and tasks go on with the working days that were left.
pub fn send(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, case: &Case, item: &Item) -> Result<Audited<()>> {
    waits(case)?;
    let back = case.resume_state.ok_or_else(|| Error::Internal("a supplement leads nowhere".into()))?;
    let now = tx.now();
    for clock in store::cases::list_clocks(tx, &case.id)? {
        let renewed = match (clock.kind, clock.days_left) {
            (ClockKind::Supplement, _) => Clock { stopped_at: Some(now), ..clock },
            (_, Some(left)) if clock.stopped_at.is_none() => {
                Clock { due_at: hall.deadlines().due_again(now, left), days_left: None, ..clock }
            }
            _ => continue,
        };
        if renewed.kind == ClockKind::Accept {
            // The job of the old date found the clock standing and is gone.
            jobs::enqueue(tx, super::end::SILENCE_JOB, case.id.as_str(), renewed.due_at)?;
        }
        store::cases::update_clock(tx, &case.id, &renewed)?;
    }
    for task in store::tasks::list_tasks(tx, &case.id)?.into_iter().filter(|task| task.is_open() && task.waiting) {
        let due_at = hall.deadlines().due_again(now, task.days_left.unwrap_or(0));
        store::tasks::update_task_clock(tx, &Task { due_at, waiting: false, days_left: None, ..task })?;
    }
    if back == CaseState::Reviewing {
        review_again(tx, hall, case, item)?;
    }
    store::cases::mark_supplemented(tx, &case.id)?;
    store::cases::update_state(tx, case, back, None)?;
    record(tx, ctx, case, Said::new(EventKind::Supplemented, ""), ())
}

/// What had passed before had passed on other answers: it is reviewed anew, so that nothing is decided on unread ones.
fn review_again(tx: &mut Tx<'_>, hall: &Hall, case: &Case, item: &Item) -> Result<()> {
    let passed = |task: &Task| task.opinion.as_ref().is_some_and(|opinion| opinion.result == "passed");
    for task in store::tasks::list_tasks(tx, &case.id)?.into_iter().filter(passed) {
        let review = item.handling.reviews.iter().find(|review| Some(&review.key) == task.review.as_ref());
        let Some(review) = review else { continue };
        let due_at = hall.deadlines().due(tx.now(), &review.limit);
        let (kind, office) = (TaskKind::Review, task.office.as_str());
        give_task(tx, case, NewTask { kind, review: Some(&review.key), office, role: "reviewer", due_at })?;
    }
    Ok(())
}
