//! SQL of `gateway_federation` and `gateway_traffic`.
use std::collections::BTreeMap;

use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
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

/// Adds counts to those of their hour, in one statement: several processes may count on one database.
pub fn add_traffic(tx: &mut Tx<'_>, hour: i64, (key, counts): (&Key, &Counts)) -> Result<()> {
    let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let sums = [counts.calls, counts.total, counts.inner, counts.request_bytes, counts.answer_bytes, counts.before];
    let numbers = sums.iter().chain(&counts.ranges).chain([&counts.longest]).map(|value| Value::from(whole(*value)));
    let mut params: Vec<Value<'_>> = vec![hour.into(), key.side.name().into()];
    params.extend([&key.client, &key.service, &key.outcome].map(Value::from));
    params.extend(numbers);
    tx.exec(&adding(), &params)?;
    Ok(())
}

/// Columns that are added up; `longest` beside them is the larger one.
const SUMS: [&str; 6 + RANGES.len() + 1] = [
    "calls",
    "total",
    "inner_time",
    "request_bytes",
    "answer_bytes",
    "before_time",
    "range_1",
    "range_2",
    "range_3",
    "range_4",
    "range_5",
    "range_6",
    "range_7",
    "range_8",
];

fn adding() -> String {
    let places: Vec<String> = (1..=5 + SUMS.len() + 1).map(|n| format!("${n}")).collect();
    let added: Vec<String> = SUMS.iter().map(|of| format!("{of} = gateway_traffic.{of} + excluded.{of}")).collect();
    format!(
        "INSERT INTO gateway_traffic (hour, side, client, service, outcome, {}, longest, ranges) VALUES ({}, '')
         ON CONFLICT (hour, side, client, service, outcome) DO UPDATE SET {}, longest = CASE
         WHEN excluded.longest > gateway_traffic.longest THEN excluded.longest ELSE gateway_traffic.longest END",
        SUMS.join(", "),
        places.join(", "),
        added.join(", ")
    )
}

/// What `list_traffic` reads of a row, after its key.
fn counts_of(row: &Row, first: usize) -> Result<Counts> {
    let whole = |at: usize| Ok::<_, Error>(u64::try_from(row.int(first + at)?).unwrap_or(0));
    let mut ranges = [0; RANGES.len() + 1];
    for (at, range) in ranges.iter_mut().enumerate() {
        *range = whole(6 + at)?;
    }
    // Rows of before 0015 have their ranges in one text.
    for (range, text) in ranges.iter_mut().zip(row.str(first + SUMS.len() + 1)?.split_whitespace()) {
        *range += text.parse::<u64>().map_err(Error::internal)?;
    }
    Ok(Counts {
        calls: whole(0)?,
        total: whole(1)?,
        before: whole(5)?,
        inner: whole(2)?,
        longest: whole(SUMS.len())?,
        request_bytes: whole(3)?,
        answer_bytes: whole(4)?,
        ranges,
    })
}

/// Everything that was counted since an instant, hours added up, in the order of service, client, side, outcome.
pub fn list_traffic(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<(Key, Counts)>> {
    let mut sums: BTreeMap<(String, String, &'static str, String), (Side, Counts)> = BTreeMap::new();
    let columns = SUMS.join(", ");
    let sql = format!(
        "SELECT side, client, service, outcome, {columns}, longest, ranges FROM gateway_traffic WHERE hour >= $1"
    );
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
