//! SQL of pulling: places are given under the subscription's lock, so a cursor never passes an event by.
use platform::Result;
use platform::db::{Row, Tx, Value};

use super::deliveries::keys_of;
use crate::model::subscription::Given;

fn given_of(row: &Row) -> Result<Given> {
    Ok(Given {
        delivery: row.text(0)?,
        event: row.text(1)?,
        number: row.text(2)?,
        body: row.text(3)?,
        attempts: row.int(4)?,
        position: row.opt_int(5)?.unwrap_or(0),
        seq: row.int(6)?,
        keys: keys_of(row, 7)?,
    })
}

const GIVEN: &str = "SELECT d.id, d.event, v.number, v.body, d.attempts, d.position, d.seq, d.keys FROM events_delivery d \
                     JOIN events_event v ON v.id = d.event WHERE d.subscription = $1";

/// Whether a pull has anything to write or to give.
pub fn has_news(tx: &mut Tx<'_>, subscription: &str, after: i64) -> Result<bool> {
    let row = tx.find(
        "SELECT 1 AS one FROM events_delivery WHERE subscription = $1 AND (state < 2 OR (position > $2 AND state = 2)) LIMIT 1",
        &[subscription.into(), after.into()],
    )?;
    Ok(row.is_some())
}

/// The last place given; holds everybody else who pulls here until this transaction has ended.
pub fn lock(tx: &mut Tx<'_>, subscription: &str) -> Result<i64> {
    let sql = "UPDATE events_subscription SET position = position WHERE id = $1 RETURNING position";
    tx.get(sql, &[subscription.into()])?.int(0)
}

/// Gives places to what has none, in the order of publication. Those that got one.
pub fn place(tx: &mut Tx<'_>, subscription: &str, last: i64, limit: u32) -> Result<Vec<Given>> {
    let now = tx.now();
    let sql = format!(
        "{GIVEN} AND d.state = 0 AND d.position IS NULL AND d.expires_at > $2 ORDER BY d.queued_at, d.id LIMIT $3"
    );
    let mut fresh = tx.list(&sql, &[subscription.into(), now.into(), limit.into()], given_of)?;
    for (given, position) in fresh.iter_mut().zip(last + 1..) {
        given.position = position;
        tx.exec(
            "UPDATE events_delivery SET position = $2, attempts = 1 WHERE id = $1",
            &[(&given.delivery).into(), position.into()],
        )?;
    }
    let reached = last + i64::try_from(fresh.len()).unwrap_or(0);
    tx.exec("UPDATE events_subscription SET position = $2 WHERE id = $1", &[subscription.into(), reached.into()])?;
    Ok(fresh)
}

/// What was given up to a cursor has arrived.
pub fn confirm_up_to(tx: &mut Tx<'_>, subscription: &str, cursor: i64) -> Result<u64> {
    let now = tx.now();
    let sql =
        "UPDATE events_delivery SET state = 2, done_at = $3 WHERE subscription = $1 AND position <= $2 AND state < 2";
    tx.exec(sql, &[subscription.into(), cursor.into(), now.into()])
}

/// One has arrived; false: no such one is open.
pub fn confirm(tx: &mut Tx<'_>, subscription: &str, event: &str) -> Result<bool> {
    let now = tx.now();
    let sql = "UPDATE events_delivery SET state = 2, done_at = $3
               WHERE subscription = $1 AND event = $2 AND state < 2 AND position IS NOT NULL";
    Ok(tx.exec(sql, &[subscription.into(), event.into(), now.into()])? == 1)
}

/// What stands after a cursor. One that was confirmed is given again to whoever goes back.
pub fn list_after(tx: &mut Tx<'_>, subscription: &str, after: i64, limit: u32) -> Result<Vec<Given>> {
    let sql = format!("{GIVEN} AND d.position > $2 AND d.state <> 3 ORDER BY d.position LIMIT $3");
    let params: [Value<'_>; 3] = [subscription.into(), after.into(), limit.into()];
    tx.list(&sql, &params, given_of)
}

/// The first that was given and not confirmed.
pub fn first_open(tx: &mut Tx<'_>, subscription: &str) -> Result<Option<Given>> {
    let sql = format!("{GIVEN} AND d.state = 0 AND d.position IS NOT NULL ORDER BY d.position LIMIT 1");
    let params: [Value<'_>; 1] = [subscription.into()];
    Ok(tx.list(&sql, &params, given_of)?.into_iter().next())
}
