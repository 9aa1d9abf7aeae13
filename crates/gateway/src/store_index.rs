//! SQL of `gateway_segment` and `gateway_index`.
use std::collections::BTreeMap;

use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Tx, Value};

/// A batch that no segment has yet.
pub struct Fresh {
    pub number: i64,
    pub at: Timestamp,
    /// See `log::pack`.
    pub packed: Vec<u8>,
}

/// Batches stored before this instant are in the index.
pub fn indexed_until(tx: &mut Tx<'_>) -> Result<Timestamp> {
    tx.get("SELECT COALESCE(MAX(until), 0) FROM gateway_segment", &[])?.int(0).map(Timestamp)
}

/// Batches stored within a time, oldest first, at most `limit`. Those of one instant come together or not at all.
pub fn list_fresh(tx: &mut Tx<'_>, (from, to): (Timestamp, Timestamp), limit: i64) -> Result<Vec<Fresh>> {
    let sql = "SELECT number, at, entries FROM gateway_batch WHERE at >= $1 AND at < $2 ORDER BY at, number LIMIT $3";
    let mut fresh = tx.list(sql, &[from.into(), to.into(), limit.into()], |row| {
        Ok(Fresh { number: row.int(0)?, at: Timestamp(row.int(1)?), packed: row.bytes(2)?.to_vec() })
    })?;
    if fresh.len() as i64 == limit {
        let last = fresh.last().map(|last| last.at);
        fresh.retain(|batch| Some(batch.at) != last);
    }
    Ok(fresh)
}

/// Puts a segment in. False: another process was first. Segments whose batches are all in the archive go.
pub fn insert_segment(
    tx: &mut Tx<'_>,
    (from, until): (Timestamp, Timestamp),
    parts: &BTreeMap<i64, Vec<u8>>,
) -> Result<bool> {
    if indexed_until(tx)? != from {
        return Ok(false);
    }
    let number = tx.get("SELECT COALESCE(MAX(number), 0) + 1 FROM gateway_segment", &[])?.int(0)?;
    tx.exec("INSERT INTO gateway_segment (number, until) VALUES ($1, $2)", &[number.into(), until.into()])?;
    let rows: Vec<Value<'_>> =
        parts.iter().flat_map(|(part, lines)| [(*part).into(), number.into(), lines.into()]).collect();
    tx.insert_many("INSERT INTO gateway_index (part, segment, lines) VALUES", 3, &rows)?;
    Ok(true)
}

/// Takes segments out whose batches are all gone.
pub fn delete_segments(tx: &mut Tx<'_>) -> Result<()> {
    let gone = tx.list(
        "SELECT number FROM gateway_segment
         WHERE NOT EXISTS (SELECT 1 FROM gateway_batch WHERE gateway_batch.at < gateway_segment.until)
         AND until < (SELECT MAX(until) FROM gateway_segment)",
        &[],
        |row| row.int(0),
    )?;
    for number in gone {
        tx.exec("DELETE FROM gateway_index WHERE segment = $1", &[number.into()])?;
        tx.exec("DELETE FROM gateway_segment WHERE number = $1", &[number.into()])?;
    }
    Ok(())
}

/// The lines of one part, segment by segment.
pub fn each_of_part(tx: &mut Tx<'_>, part: i64, mut f: impl FnMut(&[u8])) -> Result<()> {
    tx.each("SELECT lines FROM gateway_index WHERE part = $1", &[part.into()], |row| {
        f(row.bytes(0)?);
        Ok(())
    })
}
