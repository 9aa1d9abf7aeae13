//! Publishing: the event and its deliveries, in the transaction of what happened.
use platform::audit::Entry;
use platform::clock::HOUR;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::{Error, Platform, Result, jobs};
use serde_json::json;

use crate::jobs::{EXPIRE_JOB, PUSH_JOB};
use crate::model::event::{EventId, NewEvent, Placed, cloud_event, stream_of};
use crate::model::kind::{About, EventType};
use crate::model::subscription::Way;
use crate::store::events::{NewRow, insert_delivery, insert_event, next_place};
use crate::store::subscriptions::list_active;
use crate::store::types::{find_type, put_type};

/// As `registry::Registry::pseudonym`: the trail and the events call a subject alike.
fn pseudonym(platform: &Platform, number: &str) -> String {
    let mac = seal::digest::keyed(&platform.keys().secret, format!("subject {number}").as_bytes());
    seal::digest::to_base64url(&mac)
}

/// Who says that something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The publisher, who chose the data with the subscriptions in mind.
    Publisher,
    /// A register, by itself: what of the data goes to whom is decided when it leaves.
    Register,
}

/// The caller's own audit entry covers it: no transaction ends without one.
pub fn publish(tx: &mut Tx<'_>, platform: &Platform, new: &NewEvent) -> Result<EventId> {
    publish_from(tx, platform, (new, Origin::Publisher))
}

pub fn publish_from(tx: &mut Tx<'_>, platform: &Platform, (new, origin): (&NewEvent, Origin)) -> Result<EventId> {
    let kind = find_type(tx, &new.kind)?.ok_or_else(|| Error::field("type", "events-error-type"))?;
    kind.check(&new.data)?;
    let new = &NewEvent {
        subject: subject_of((kind.about, &new.subject), tx.now().at(platform.config().site.zone()).date())?,
        ..new.clone()
    };
    let pseudonym = if new.subject.is_empty() { String::new() } else { pseudonym(platform, &new.subject) };
    let id = tx.new_id::<EventId>();
    let stream = stream_of(&kind, &pseudonym, &id);
    // What has no order needs no number that others wait for.
    let (seq, queued_at) = if stream == id.as_str() { (1, tx.now()) } else { next_place(tx, &stream)? };
    let placed = Placed { id: &id, new, pseudonym: &pseudonym, seq };
    let body = cloud_event(&kind, &placed, platform.config().site.zone()).to_string();
    let row = NewRow {
        id: &id,
        kind: &kind.key,
        publisher: &kind.publisher,
        number: &new.subject,
        stream: &stream,
        seq,
        expires_at: tx.now().plus(i64::from(kind.ttl_hours) * HOUR),
        body: &body,
        is_guarded: origin == Origin::Register,
    };
    insert_event(tx, &row)?;
    deliver(tx, &row, queued_at)?;
    Ok(id)
}

/// The number of whom the event is about, in the one form that a number has: its order hangs on it.
fn subject_of((about, subject): (About, &str), today: time::Date) -> Result<String> {
    let wrong = |_| Error::field("subject", "events-error-subject");
    let number = subject.trim().to_ascii_uppercase();
    match about {
        About::Person => codes::ResidentId::parse(&number, today).map(|_| number).map_err(wrong),
        About::Enterprise => codes::Uscc::parse(&number).map(|_| number).map_err(wrong),
        About::Nothing if number.is_empty() => Ok(number),
        About::Nothing => Err(Error::field("subject", "events-error-subject")),
    }
}

/// None: nobody has subscribed, and nothing is written.
pub fn publish_if_wanted(tx: &mut Tx<'_>, platform: &Platform, new: &NewEvent) -> Result<Option<EventId>> {
    if list_active(tx, &new.kind)?.is_empty() || find_type(tx, &new.kind)?.is_none() {
        return Ok(None);
    }
    publish(tx, platform, new).map(Some)
}

/// A row and a job for each subscriber of this moment.
fn deliver(tx: &mut Tx<'_>, row: &NewRow<'_>, queued_at: platform::clock::Timestamp) -> Result<()> {
    let (subscriptions, now) = (list_active(tx, row.kind)?, tx.now());
    for subscription in &subscriptions {
        insert_delivery(tx, &subscription.id, row, queued_at)?;
        if subscription.way == Way::Push && subscription.key_no > 0 {
            jobs::enqueue(tx, PUSH_JOB, &subscription.id, now)?;
        }
    }
    if subscriptions.is_empty() {
        return Ok(());
    }
    jobs::enqueue(tx, EXPIRE_JOB, row.id.as_str(), row.expires_at)
}

pub fn types(tx: &mut Tx<'_>, types: &[EventType]) -> Result<Audited<usize>> {
    types.iter().try_for_each(|kind| put_type(tx, kind))?;
    let detail = json!({"types": types.len()}).to_string();
    tx.audited(Entry { event: "event.types-loaded", detail: &detail, ..Entry::default() }, types.len())
}
