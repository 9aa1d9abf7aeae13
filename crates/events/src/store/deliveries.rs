//! SQL of `events_delivery`: what is claimed, sent, failed, dead.
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};

use super::subscriptions::Readers;
use crate::model::subscription::{Delivery, Given};

/// Whether something of the subscription may be sent now.
pub fn is_due(tx: &mut Tx<'_>, subscription: &str) -> Result<bool> {
    let now = tx.now();
    let row = tx.find(
        "SELECT 1 AS one FROM events_delivery WHERE subscription = $1 AND next_at <= $2 AND expires_at > $2
         AND (state = 0 OR (state = 1 AND claimed_until < $2)) LIMIT 1",
        &[subscription.into(), now.into()],
    )?;
    Ok(row.is_some())
}

/// Claims what is due: of each subject the earliest that is not over, so that a later one never overtakes it.
/// Two processes that ask at once get different ones: the outer condition is read again under the row's lock.
pub fn claim(tx: &mut Tx<'_>, subscription: &str, until: Timestamp, limit: u32) -> Result<Vec<Given>> {
    let now = tx.now();
    let claimed = tx.list(
        "UPDATE events_delivery SET state = 1, claimed_until = $1, attempts = attempts + 1
         WHERE id IN (
           SELECT d.id FROM events_delivery d
           WHERE d.subscription = $2 AND d.next_at <= $3 AND d.expires_at > $3
             AND (d.state = 0 OR (d.state = 1 AND d.claimed_until < $3))
             AND NOT EXISTS (SELECT 1 FROM events_delivery e WHERE e.subscription = d.subscription
               AND e.stream = d.stream AND e.seq < d.seq AND e.state < 2)
           ORDER BY d.queued_at LIMIT $4)
         AND (state = 0 OR claimed_until < $3)
         RETURNING id, event, attempts, seq, keys",
        &[until.into(), subscription.into(), now.into(), limit.into()],
        |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.int(3)?, keys_of(row, 4)?)),
    )?;
    let mut given = Vec::with_capacity(claimed.len());
    for (delivery, event, attempts, seq, keys) in claimed {
        let row = tx.get("SELECT number, body FROM events_event WHERE id = $1", &[(&event).into()])?;
        let (number, body) = (row.text(0)?, row.text(1)?);
        given.push(Given { delivery, event, number, body, keys, attempts, position: 0, seq });
    }
    Ok(given)
}

/// Keys of the data that went out the first time, where not all of it does.
pub fn keys_of(row: &Row, at: usize) -> Result<Option<Vec<String>>> {
    row.opt_text(at)?.map(|text| serde_json::from_str(&text).map_err(Error::from)).transpose()
}

pub fn update_keys(tx: &mut Tx<'_>, delivery: &str, keys: &[String]) -> Result<()> {
    let keys = serde_json::to_string(keys)?;
    tx.exec("UPDATE events_delivery SET keys = $2 WHERE id = $1", &[delivery.into(), (&keys).into()]).map(|_| ())
}

/// It arrived. Nothing happens when the claim went to somebody else meanwhile.
pub fn update_done(tx: &mut Tx<'_>, given: &Given) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "UPDATE events_delivery SET state = 2, done_at = $3, claimed_until = NULL, error = ''
         WHERE id = $1 AND state = 1 AND attempts = $2",
        &[(&given.delivery).into(), given.attempts.into(), now.into()],
    )
    .map(|_| ())
}

/// It did not; the next attempt at the earliest at `next_at`.
pub fn update_failed(tx: &mut Tx<'_>, given: &Given, next_at: Timestamp, error: &str) -> Result<()> {
    let params: [Value<'_>; 4] = [(&given.delivery).into(), given.attempts.into(), next_at.into(), error.into()];
    tx.exec(
        "UPDATE events_delivery SET state = 0, next_at = $3, error = $4, claimed_until = NULL
         WHERE id = $1 AND state = 1 AND attempts = $2",
        &params,
    )
    .map(|_| ())
}

/// The deliveries of an event whose time is over die; their subscriptions. What is being sent at this moment is left.
pub fn expire(tx: &mut Tx<'_>, event: &str) -> Result<Vec<String>> {
    let now = tx.now();
    tx.list(
        "UPDATE events_delivery SET state = 3, claimed_until = NULL, done_at = $2 WHERE event = $1 AND expires_at <= $2
         AND (state = 0 OR (state = 1 AND claimed_until < $2)) RETURNING subscription",
        &[event.into(), now.into()],
        |row| row.text(0),
    )
}

/// Whether somebody is sending the event at this moment.
pub fn is_being_sent(tx: &mut Tx<'_>, event: &str) -> Result<bool> {
    let row =
        tx.find("SELECT 1 AS one FROM events_delivery WHERE event = $1 AND state = 1 LIMIT 1", &[event.into()])?;
    Ok(row.is_some())
}

/// Everything open of a subscription that has ended dies.
pub fn drop_open(tx: &mut Tx<'_>, subscription: &str, error: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "UPDATE events_delivery SET state = 3, claimed_until = NULL, done_at = $2, error = $3
         WHERE subscription = $1 AND state < 2",
        &[subscription.into(), now.into(), error.into()],
    )
}

/// The publisher takes an event back: nobody gets it any more.
pub fn withdraw(tx: &mut Tx<'_>, event: &str) -> Result<u64> {
    let now = tx.now();
    let sql = "UPDATE events_delivery SET state = 2, claimed_until = NULL, done_at = $2, error = 'withdrawn'
               WHERE event = $1 AND state < 2";
    tx.exec(sql, &[event.into(), now.into()])
}

const DEAD: &str = "SELECT d.id, d.subscription, d.event, s.type, s.consumer, s.publisher, d.queued_at, d.expires_at, \
                    d.attempts, d.error FROM events_delivery d JOIN events_subscription s ON s.id = d.subscription \
                    WHERE d.state = 3";

fn delivery_of(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.text(0)?,
        subscription: row.text(1)?,
        event: row.text(2)?,
        kind: row.text(3)?,
        consumer: row.text(4)?,
        publisher: row.text(5)?,
        queued_at: row.time(6)?,
        expires_at: row.time(7)?,
        attempts: row.int(8)?,
        error: row.text(9)?,
    })
}

/// Dead letters, newest first, before an identifier.
pub fn list_dead(tx: &mut Tx<'_>, readers: &Readers, before: &str, limit: u32) -> Result<Vec<Delivery>> {
    let before = if before.is_empty() { "z" } else { before };
    let offices = match readers {
        Readers::Everybody => {
            let sql = format!("{DEAD} AND d.id < $1 ORDER BY d.id DESC LIMIT $2");
            return tx.list(&sql, &[before.into(), limit.into()], delivery_of);
        }
        Readers::Offices(offices) => offices,
    };
    let sql = format!("{DEAD} AND (s.consumer = $3 OR s.publisher = $3) AND d.id < $1 ORDER BY d.id DESC LIMIT $2");
    let mut all = Vec::new();
    for office in offices {
        all.extend(tx.list(&sql, &[before.into(), limit.into(), office.into()], delivery_of)?);
    }
    all.sort_by(|a, b| b.id.cmp(&a.id));
    all.dedup_by(|a, b| a.id == b.id);
    all.truncate(limit as usize);
    Ok(all)
}

/// A dead letter of which the readers stand on one side, or NotFound.
pub fn get_dead(tx: &mut Tx<'_>, readers: &Readers, id: &str) -> Result<Delivery> {
    let found = delivery_of(&tx.get(&format!("{DEAD} AND d.id = $1"), &[id.into()])?)?;
    let sees = match readers {
        Readers::Everybody => true,
        Readers::Offices(own) => own.contains(&found.consumer) || own.contains(&found.publisher),
    };
    if sees { Ok(found) } else { Err(Error::NotFound) }
}

/// Puts a dead letter on its way again, with a time of its own.
pub fn revive(tx: &mut Tx<'_>, id: &str, expires_at: Timestamp) -> Result<()> {
    let now = tx.now();
    let count = tx.exec(
        "UPDATE events_delivery SET state = 0, attempts = 0, next_at = $2, expires_at = $3, error = '', position = NULL,
         done_at = NULL WHERE id = $1 AND state = 3",
        &[id.into(), now.into(), expires_at.into()],
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("events-conflict-revived")) }
}

/// How many wait and how many are dead.
pub fn count_open(tx: &mut Tx<'_>, subscription: &str) -> Result<(i64, i64)> {
    let count = |tx: &mut Tx<'_>, sql: &str| tx.get(sql, &[subscription.into()])?.int(0);
    let open = count(tx, "SELECT COUNT(*) FROM events_delivery WHERE subscription = $1 AND state < 2")?;
    let dead = count(tx, "SELECT COUNT(*) FROM events_delivery WHERE subscription = $1 AND state = 3")?;
    Ok((open, dead))
}
