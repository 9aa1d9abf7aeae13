//! The verbs of the hall. Each is a plain function on a transaction and leaves its audit entry.
pub mod desk;
pub mod draft;
pub mod end;
pub mod rule;
pub mod submit;
pub mod supplement;

use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::error::Result;
use platform::ids::Id;
use platform::{Ctx, notice};

use crate::Hall;
use crate::item::Item;
use crate::model::{Case, Clock, ClockKind, Event, EventKind, Task, TaskId, TaskKind};
use crate::store;

/// Writes the event to the timeline and to the audit log. `detail` may name fields, never their values.
fn record<T>(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, said: Said<'_>, value: T) -> Result<Audited<T>> {
    let event = Event {
        at: tx.now(),
        kind: said.kind,
        actor_kind: ctx.actor.kind.name().to_owned(),
        actor_name: ctx.actor.name.clone(),
        office: tx.grant().office().map(str::to_owned),
        detail: said.detail.to_owned(),
    };
    store::cases::insert_event(tx, &case.id, &event, &ctx.actor.id)?;
    announce(tx, ctx, case, said.kind)?;
    let name = said.kind.audit();
    let entry = Entry {
        event: &name,
        object: case.id.as_str(),
        subject: &case.owner,
        basis: said.basis,
        detail: said.detail,
        document: None,
    };
    tx.audited(entry, value)
}

/// Tells the offices that subscribed to `case.decided`; it names the case and nobody.
fn announce(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, kind: EventKind) -> Result<()> {
    let outcome = match kind {
        EventKind::Granted => "granted",
        EventKind::Refused => "refused",
        _ => return Ok(()),
    };
    let said = [("case", case.number.as_str()), ("item", case.item_key.as_str()), ("outcome", outcome)];
    let data = said.map(|(key, value)| (key.to_owned(), serde_json::Value::from(value)));
    let at = tx.now();
    let new =
        events::NewEvent { kind: "case.decided".into(), subject: String::new(), data: data.into_iter().collect(), at };
    events::publish_if_wanted(tx, ctx.platform(), &new).map(|_| ())
}

/// What is said of an event.
struct Said<'a> {
    kind: EventKind,
    detail: &'a str,
    basis: &'a str,
}

impl<'a> Said<'a> {
    fn new(kind: EventKind, detail: &'a str) -> Self {
        Self { kind, detail, basis: "" }
    }
}

/// Tells the owner, in the same transaction. // keys: services-notice-*
fn tell(tx: &mut Tx<'_>, case: &Case, item: &Item, key: &str) -> Result<()> {
    let name = item.shown_name();
    let args = [("item", [name.zh_hans.as_str(), name.zh_hant.as_str(), name.en.as_str()])];
    notice::tell(tx, &case.owner, key, &args, &format!("/my/cases/{}", case.id.as_str()))
}

fn start_clock(tx: &mut Tx<'_>, case: &Case, kind: ClockKind, due_at: Timestamp) -> Result<()> {
    store::cases::insert_clock(tx, &case.id, &Clock { kind, due_at, days_left: None, stopped_at: None })
}

/// Ends a clock, or all that still run when the case is over.
fn end_clocks(tx: &mut Tx<'_>, case: &Case, which: Option<ClockKind>) -> Result<()> {
    let now = tx.now();
    for clock in store::cases::list_clocks(tx, &case.id)? {
        if clock.stopped_at.is_none() && which.is_none_or(|kind| kind == clock.kind) {
            store::cases::update_clock(tx, &case.id, &Clock { stopped_at: Some(now), ..clock })?;
        }
    }
    Ok(())
}

/// A new task for an office.
fn give_task(tx: &mut Tx<'_>, case: &Case, task: NewTask<'_>) -> Result<()> {
    let row = Task {
        id: tx.new_id::<TaskId>(),
        case: case.id.clone(),
        kind: task.kind,
        review: task.review.map(str::to_owned),
        office: task.office.to_owned(),
        assignee: None,
        waiting: false,
        started_at: tx.now(),
        due_at: task.due_at,
        days_left: None,
        ended_at: None,
        officer: None,
        opinion: None,
    };
    store::tasks::insert_task(tx, &row, task.role)
}

struct NewTask<'a> {
    kind: TaskKind,
    review: Option<&'a str>,
    office: &'a str,
    role: &'a str,
    due_at: Timestamp,
}

/// The task that decides: at the deciding office, due with the promise.
fn give_decision(tx: &mut Tx<'_>, hall: &Hall, case: &Case, item: &Item) -> Result<()> {
    let office = hall.office_for(&item.handling.deciding.org, case)?;
    let clocks = store::cases::list_clocks(tx, &case.id)?;
    let promised = clocks.iter().find(|clock| clock.kind == ClockKind::Promised).map(|clock| clock.due_at);
    let due_at = promised.unwrap_or_else(|| hall.deadlines().due(tx.now(), &item.time.promised));
    let role = &item.handling.deciding.role;
    give_task(tx, case, NewTask { kind: TaskKind::Decide, review: None, office: &office, role, due_at })
}
