//! Cases: their states, tasks, events and deadlines. Types and pure decisions; nothing here reads or writes.
mod case;
mod deadline;
mod records;

pub use case::{Asked, Case, CaseId, CaseState, Move, TaskKind};
pub use deadline::{Deadlines, due_after, months_later};
pub use records::{Clock, ClockKind, Draft, DraftId, Event, EventKind, Opinion, Supplement, Task, TaskId};
