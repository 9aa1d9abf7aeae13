//! The registers as producers: a record that changes makes the events that types declare, in the transaction of the change.
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::{Platform, Result};
use registry::{Changed, Resource};

use super::publish::{Origin, publish_from};
use crate::model::event::NewEvent;
use crate::model::rule::Seen;
use crate::store::types::list_wanted;

/// One event for each change and each type that somebody is subscribed to; nothing is read of a change that nobody waits
/// for.
pub fn derive(tx: &mut Tx<'_>, platform: &Platform, (resource, changed): (&Resource, &[Changed<'_>])) -> Result<()> {
    let kinds = list_wanted(tx, &resource.key)?;
    if kinds.is_empty() {
        return Ok(());
    }
    let at = tx.now();
    for changed in in_order(changed) {
        let seen = Seen::read(changed)?;
        for kind in &kinds {
            if kind.when.as_ref().is_some_and(|when| seen.is(when)) {
                publish_from(tx, platform, (&news(&seen, (kind, at)), Origin::Register))?;
            }
        }
    }
    Ok(())
}

fn news(seen: &Seen<'_>, (kind, at): (&crate::EventType, Timestamp)) -> NewEvent {
    NewEvent { kind: kind.key.clone(), subject: seen.changed.subject.to_owned(), data: seen.data(kind), at }
}

/// By subject, each subject's changes as they came: two deliveries that wait for each other's subjects would wait for
/// ever, so both take them in one order.
fn in_order<'c, 'a>(changed: &'c [Changed<'a>]) -> Vec<&'c Changed<'a>> {
    let mut all: Vec<&Changed<'a>> = changed.iter().collect();
    all.sort_by_key(|one| one.subject);
    all
}
