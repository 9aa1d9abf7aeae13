//! SQL of `gateway_federation` and `gateway_traffic`.
use std::collections::BTreeMap;

use platform::clock::Timestamp;
use platform::db::{Row, Tx};
use platform::{Error, Result};

use crate::log::entry::Side;
use crate::traffic::{Counts, Key, RANGES};

/// Keeps the last good document of an instance.
pub fn put_document(tx: &mut Tx<'_>, (instance, version): (&str, u64), text: &str) -> Result<()> {
    let (now, version) = (tx.now(), i64::try_from(version).unwrap_or(i64::MAX));
    tx.exec(
        "INSERT INTO gateway_federation (instance, version, document, fetched_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (instance) DO UPDATE SET version = $2, document = $3, fetched_at = $4",
        &[instance.into(), version.into(), text.into(), now.into()],
    )?;
    Ok(())
}

pub fn find_document(tx: &mut Tx<'_>, instance: &str) -> Result<Option<String>> {
    let row = tx.find("SELECT document FROM gateway_federation WHERE instance = $1", &[instance.into()])?;
    row.map(|row| row.text(0)).transpose()
}

/// Adds counts to those of their hour.
pub fn add_traffic(tx: &mut Tx<'_>, hour: i64, (key, counts): (&Key, &Counts)) -> Result<()> {
    let known = tx.find(
        &format!("SELECT {COUNTS} FROM gateway_traffic WHERE hour = $1 AND side = $2 AND client = $3 AND service = $4 AND outcome = $5"),
        &[hour.into(), key.side.name().into(), (&key.client).into(), (&key.service).into(), (&key.outcome).into()],
    )?;
    let mut sum = known.map(|row| counts_of(&row, 0)).transpose()?.unwrap_or_default();
    sum.merge(counts);
    let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let ranges = sum.ranges.map(|count| count.to_string()).join(" ");
    tx.exec(
        "INSERT INTO gateway_traffic (hour, side, client, service, outcome, calls, total, inner_time, longest, request_bytes,
         answer_bytes, ranges) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (hour, side, client, service, outcome) DO UPDATE SET calls = $6, total = $7, inner_time = $8, longest = $9,
         request_bytes = $10, answer_bytes = $11, ranges = $12",
        &[
            hour.into(),
            key.side.name().into(),
            (&key.client).into(),
            (&key.service).into(),
            (&key.outcome).into(),
            whole(sum.calls).into(),
            whole(sum.total).into(),
            whole(sum.inner).into(),
            whole(sum.longest).into(),
            whole(sum.request_bytes).into(),
            whole(sum.answer_bytes).into(),
            (&ranges).into(),
        ],
    )?;
    Ok(())
}

const COUNTS: &str = "calls, total, inner_time, longest, request_bytes, answer_bytes, ranges";

fn counts_of(row: &Row, first: usize) -> Result<Counts> {
    let whole = |at: usize| Ok::<_, Error>(u64::try_from(row.int(first + at)?).unwrap_or(0));
    let mut ranges = [0; RANGES.len() + 1];
    for (range, text) in ranges.iter_mut().zip(row.str(first + 6)?.split(' ')) {
        *range = text.parse().map_err(Error::internal)?;
    }
    Ok(Counts {
        calls: whole(0)?,
        total: whole(1)?,
        inner: whole(2)?,
        longest: whole(3)?,
        request_bytes: whole(4)?,
        answer_bytes: whole(5)?,
        ranges,
    })
}

/// Everything that was counted since an instant, hours added up, in the order of service, client, side, outcome.
pub fn list_traffic(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<(Key, Counts)>> {
    let mut sums: BTreeMap<(String, String, &'static str, String), (Side, Counts)> = BTreeMap::new();
    let sql = format!("SELECT side, client, service, outcome, {COUNTS} FROM gateway_traffic WHERE hour >= $1");
    tx.each(&sql, &[since.into()], |row| {
        let side = Side::ALL.into_iter().find(|side| row.str(0).is_ok_and(|name| name == side.name()));
        let side = side.ok_or_else(|| Error::Internal("a side that is none".into()))?;
        let place = (row.text(2)?, row.text(1)?, side.name(), row.text(3)?);
        sums.entry(place).or_insert_with(|| (side, Counts::default())).1.merge(&counts_of(&row, 4)?);
        Ok(())
    })?;
    let key = |(service, client, _, outcome), side| Key { side, client, service, outcome };
    Ok(sums.into_iter().map(|(place, (side, counts))| (key(place, side), counts)).collect())
}
