//! SQL of `registry_delivery`, `registry_alarm` and `registry_watch`.
use std::collections::HashMap;

use platform::clock::{Timestamp, iso_date};
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use time::Date;

use super::day;
use crate::model::freshness::{Delivered, DeliveryKind};

fn delivered_of(row: &Row) -> Result<Delivered> {
    let kind = row.str(3)?;
    Ok(Delivered {
        resource: row.text(0)?,
        at: row.time(1)?,
        as_of: day(row.str(2)?)?,
        kind: DeliveryKind::from_name(kind).ok_or_else(|| Error::Internal(format!("delivery {kind:?}")))?,
        accepted: row.int(4)?.unsigned_abs(),
        unchanged: row.int(5)?.unsigned_abs(),
        refused: row.int(6)?.unsigned_abs(),
        quality: row.json(7)?,
    })
}

const COLUMNS: &str = "resource, at, as_of, kind, accepted, unchanged, refused, quality";

/// The last delivery of each resource.
pub fn list_deliveries(tx: &mut Tx<'_>) -> Result<HashMap<String, Delivered>> {
    let all = tx.list(&format!("SELECT {COLUMNS} FROM registry_delivery"), &[], delivered_of)?;
    Ok(all.into_iter().map(|delivered| (delivered.resource.clone(), delivered)).collect())
}

pub fn find_delivery(tx: &mut Tx<'_>, resource: &str) -> Result<Option<Delivered>> {
    let sql = format!("SELECT {COLUMNS} FROM registry_delivery WHERE resource = $1");
    tx.find(&sql, &[resource.into()])?.as_ref().map(delivered_of).transpose()
}

/// Puts a delivery in the place of the last one, and takes the alarm away that it ends.
pub fn replace_delivery(tx: &mut Tx<'_>, new: &Delivered) -> Result<()> {
    let (as_of, quality) = (iso_date(new.as_of), serde_json::to_string(&new.quality)?);
    let count = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let params: [Value<'_>; 8] = [
        (&new.resource).into(),
        new.at.into(),
        (&as_of).into(),
        new.kind.name().into(),
        count(new.accepted),
        count(new.unchanged),
        count(new.refused),
        (&quality).into(),
    ];
    tx.exec(
        "INSERT INTO registry_delivery (resource, at, as_of, kind, accepted, unchanged, refused, quality)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (resource) DO UPDATE SET at = excluded.at, as_of = excluded.as_of, kind = excluded.kind,
           accepted = excluded.accepted, unchanged = excluded.unchanged, refused = excluded.refused,
           quality = excluded.quality",
        &params,
    )?;
    tx.exec("DELETE FROM registry_alarm WHERE resource = $1", &[(&new.resource).into()]).map(|_| ())
}

/// Whether a record of the resource was written since: the last word about a register that is kept entry by entry.
pub fn is_written_since(tx: &mut Tx<'_>, resource: &str, since: Timestamp) -> Result<bool> {
    let params: [Value<'_>; 2] = [resource.into(), since.into()];
    let sql = "SELECT 1 AS one FROM registry_record WHERE resource = $1 AND recorded_at >= $2 LIMIT 1";
    tx.find(sql, &params).map(|row| row.is_some())
}

/// False when the alarm stands already: nobody is told twice about one missed cycle.
pub fn insert_alarm(tx: &mut Tx<'_>, resource: &str, due: Date) -> Result<bool> {
    let (now, due) = (tx.now(), iso_date(due));
    let params: [Value<'_>; 3] = [resource.into(), (&due).into(), now.into()];
    let sql = "INSERT INTO registry_alarm (resource, due, raised_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.exec(sql, &params).map(|rows| rows == 1)
}

/// How many missed cycles stand.
pub fn count_alarms(tx: &mut Tx<'_>) -> Result<i64> {
    tx.get("SELECT COUNT(*) FROM registry_alarm", &[])?.int(0)
}

const WATCH: &str = "freshness";

/// Whether this caller plans the next look. `overdue`: a plan older than this is taken as lost.
pub fn take_watch(tx: &mut Tx<'_>, next: Timestamp, overdue: Timestamp) -> Result<bool> {
    let params: [Value<'_>; 3] = [WATCH.into(), next.into(), overdue.into()];
    let rows = tx.exec(
        "INSERT INTO registry_watch (name, next_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE registry_watch.next_at < $3",
        &params,
    )?;
    Ok(rows == 1)
}
