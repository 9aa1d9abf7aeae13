//! Ends that no officer decides: withdrawn by the applicant, lapsed without a supplement, accepted by silence.
use platform::Ctx;
use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::error::Result;
use platform::ids::Id;

use crate::item::Item;
use crate::model::{Case, CaseState, ClockKind, EventKind, Move, TaskKind};
use crate::{Hall, store};

use super::desk::{Closing, Words, begin_handling, close};
use super::{Said, record, tell};

/// Accepts what nobody accepted in time.
pub const SILENCE_JOB: &str = "services.accept-by-silence";
/// Ends what was never supplemented.
pub const LAPSE_JOB: &str = "services.lapse";

pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, reason: &str) -> Result<Audited<()>> {
    let words = Words { reason: reason.to_owned(), basis: String::new() };
    close(tx, case, Move::Withdraw, &Closing { words: &words, certificate: None })?;
    record(tx, ctx, case, Said::new(EventKind::Withdrawn, ""), ())
}

fn due(tx: &mut Tx<'_>, case: &Case, kind: ClockKind) -> Result<Option<Timestamp>> {
    let clocks = store::cases::list_clocks(tx, &case.id)?;
    let running = clocks.into_iter().find(|c| c.kind == kind && c.stopped_at.is_none() && c.days_left.is_none());
    Ok(running.map(|clock| clock.due_at))
}

/// Nothing to do any more: the job was overtaken by a person. Said in the audit log all the same.
fn overtaken(tx: &mut Tx<'_>, case: &Case) -> Result<Audited<()>> {
    tx.audited(Entry { event: "job.overtaken", object: case.id.as_str(), ..Entry::default() }, ())
}

/// Idempotent: does nothing when the case was accepted, asked about or ended meanwhile.
pub fn accept_by_silence(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, (case, item): (&Case, &Item)) -> Result<Audited<()>> {
    let due = due(tx, case, ClockKind::Accept)?;
    if case.state != CaseState::Submitted || due.is_none_or(|due| due > tx.now()) {
        return overtaken(tx, case);
    }
    for task in store::tasks::list_tasks(tx, &case.id)? {
        if task.is_open() && task.kind == TaskKind::Accept {
            store::tasks::cancel_open_tasks(tx, &case.id)?;
        }
    }
    begin_handling(tx, hall, case, item)?;
    tell(tx, case, item, "services-notice-accepted")?;
    record(tx, ctx, case, Said::new(EventKind::AcceptedBySilence, ""), ())
}

/// Idempotent: does nothing when the applicant answered meanwhile.
pub fn lapse(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, item: &Item) -> Result<Audited<()>> {
    let due = due(tx, case, ClockKind::Supplement)?;
    if case.state != CaseState::Supplementing || due.is_none_or(|due| due >= tx.now()) {
        return overtaken(tx, case);
    }
    close(tx, case, Move::Lapse, &Closing { words: &Words::default(), certificate: None })?;
    tell(tx, case, item, "services-notice-lapsed")?;
    record(tx, ctx, case, Said::new(EventKind::Lapsed, ""), ())
}
