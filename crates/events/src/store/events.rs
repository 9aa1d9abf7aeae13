//! SQL of the outbox: `events_event`, `events_stream`, and the deliveries that an event begins with.
use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Tx, Value};

use crate::model::event::EventId;
use crate::model::subscription::DeliveryId;

/// An event as it goes in.
pub struct NewRow<'a> {
    pub id: &'a EventId,
    pub kind: &'a str,
    pub publisher: &'a str,
    pub number: &'a str,
    pub stream: &'a str,
    pub seq: i64,
    pub expires_at: Timestamp,
    pub body: &'a str,
    /// Which of its data a subscriber reads is decided when it leaves.
    pub is_guarded: bool,
}

/// An event as it stands.
pub struct Stored {
    pub kind: String,
    pub publisher: String,
    pub seq: i64,
    pub body: String,
}

/// The next number of a stream, and an instant that is later than that of every number before.
/// Invariant: whoever publishes about the same subject waits here until this transaction has ended, so numbers become
/// visible in their order.
pub fn next_place(tx: &mut Tx<'_>, stream: &str) -> Result<(i64, Timestamp)> {
    let now = tx.now();
    let row = tx.get(
        "INSERT INTO events_stream (stream, last, last_at) VALUES ($1, 1, $2)
         ON CONFLICT (stream) DO UPDATE SET last = events_stream.last + 1,
           last_at = CASE WHEN excluded.last_at > events_stream.last_at THEN excluded.last_at
                     ELSE events_stream.last_at + 1 END
         RETURNING last, last_at",
        &[stream.into(), now.into()],
    )?;
    Ok((row.int(0)?, row.time(1)?))
}

pub fn insert_event(tx: &mut Tx<'_>, new: &NewRow<'_>) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 9] = [
        new.id.into(),
        new.kind.into(),
        new.publisher.into(),
        new.number.into(),
        new.stream.into(),
        new.seq.into(),
        now.into(),
        new.expires_at.into(),
        new.body.into(),
    ];
    tx.exec(
        "INSERT INTO events_event (id, type, publisher, number, stream, seq, at, expires_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &params,
    )
    .map(|_| ())
}

/// Puts an event on its way to one subscriber.
pub fn insert_delivery(tx: &mut Tx<'_>, subscription: &str, new: &NewRow<'_>, queued_at: Timestamp) -> Result<()> {
    let (id, now) = (tx.new_id::<DeliveryId>(), tx.now());
    let params: [Value<'_>; 9] = [
        (&id).into(),
        subscription.into(),
        new.id.into(),
        new.stream.into(),
        new.seq.into(),
        queued_at.into(),
        new.expires_at.into(),
        now.into(),
        new.is_guarded.then_some("[]").into(),
    ];
    tx.exec(
        "INSERT INTO events_delivery (id, subscription, event, stream, seq, queued_at, expires_at, state, attempts, next_at,
         error, keys) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, '', $9)",
        &params,
    )
    .map(|_| ())
}

pub fn find_event(tx: &mut Tx<'_>, id: &str) -> Result<Option<Stored>> {
    let row = tx.find("SELECT type, publisher, seq, body FROM events_event WHERE id = $1", &[id.into()])?;
    let stored = |row: platform::db::Row| {
        Ok(Stored { kind: row.text(0)?, publisher: row.text(1)?, seq: row.int(2)?, body: row.text(3)? })
    };
    row.map(stored).transpose()
}

/// Forgets what has been over since a moment: events that nobody waits for and nobody may send again.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM events_delivery WHERE state >= 2 AND expires_at < $1", &[before.into()])?;
    tx.exec(
        "DELETE FROM events_event WHERE expires_at < $1
         AND NOT EXISTS (SELECT 1 FROM events_delivery d WHERE d.event = events_event.id)",
        &[before.into()],
    )
}
