//! Time that is over, dead letters, and sending them again.
use platform::audit::Entry;
use platform::clock::{DAY, HOUR};
use platform::db::{Audited, Tx};
use platform::{Error, Result, jobs};

use super::deliver::CLAIM;
use super::subscribe::tell;
use crate::jobs::{EXPIRE_JOB, PUSH_JOB};
use crate::model::subscription::{State, Way};
use crate::store::deliveries::{expire, get_dead, is_being_sent, revive};
use crate::store::events::sweep;
use crate::store::subscriptions::{Readers, get_subscription};
use crate::store::types::find_type;

/// The time of an event is over: what has not arrived is a dead letter, and what waited behind it may go. What has been
/// over for `keep_days` is forgotten.
pub fn end(tx: &mut Tx<'_>, event: &str, keep_days: u32) -> Result<Audited<()>> {
    let now = tx.now();
    sweep(tx, now.plus(-i64::from(keep_days) * DAY))?;
    for id in expire(tx, event)? {
        let subscription = get_subscription(tx, &Readers::Everybody, &id)?;
        tell(tx, &subscription, "events-notice-dead", &subscription.consumer)?;
        if subscription.way == Way::Push {
            jobs::enqueue(tx, PUSH_JOB, &id, now)?;
        }
    }
    if is_being_sent(tx, event)? {
        jobs::enqueue(tx, EXPIRE_JOB, event, now.plus(CLAIM + 1))?;
    }
    tx.audited(Entry { event: "event.expired", object: event, ..Entry::default() }, ())
}

/// Sends a dead letter again, with the whole time of its type.
pub fn again(tx: &mut Tx<'_>, readers: &Readers, id: &str) -> Result<Audited<()>> {
    let letter = get_dead(tx, readers, id)?;
    let subscription = get_subscription(tx, readers, &letter.subscription)?;
    if subscription.state != State::Active {
        return Err(Error::Conflict("events-conflict-over"));
    }
    let hours = find_type(tx, &letter.kind)?.map_or(24, |kind| i64::from(kind.ttl_hours));
    let now = tx.now();
    let expires_at = now.plus(hours * HOUR);
    revive(tx, id, expires_at)?;
    jobs::enqueue(tx, EXPIRE_JOB, &letter.event, expires_at)?;
    if subscription.way == Way::Push {
        jobs::enqueue(tx, PUSH_JOB, &subscription.id, now)?;
    }
    tx.audited(Entry { event: "event.sent-again", object: &letter.event, ..Entry::default() }, ())
}
