//! SQL of the registry: `registry_resource`, `registry_record`, `registry_record_past`; the other tables in files of their own.
pub mod corrections;
pub mod deliveries;
pub mod disputes;
pub mod finding;
pub mod submissions;

use std::collections::HashMap;

use platform::clock::{Timestamp, iso_date, parse_iso_date};
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use time::Date;

use crate::model::record::Record;
use crate::model::resource::Resource;

/// Subjects asked for in one statement.
const ASKED: usize = 100;
/// Rows of one INSERT: SQLite looks a parameter up by its name, so very long statements are slower, not faster.
const INSERTED: usize = 16;

/// A record as it goes in.
#[derive(Debug, Clone, Copy)]
pub struct NewRecord<'a> {
    pub resource: &'a str,
    pub subject: &'a str,
    pub as_of: Date,
    pub source: &'a str,
    pub data: &'a str,
}

/// One publication at a time, also of several processes: the next one sees what this one put in force. Held to the end of
/// the transaction.
pub fn lock_catalogue(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "INSERT INTO registry_watch (name, next_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at",
        &["catalogue".into(), now.into()],
    )
    .map(|_| ())
}

/// The newest version of every entry of the catalogue.
pub fn list_resources(tx: &mut Tx<'_>) -> Result<Vec<Resource>> {
    tx.list(
        "SELECT document FROM registry_resource r
         WHERE version = (SELECT MAX(version) FROM registry_resource o WHERE o.key = r.key) ORDER BY key",
        &[],
        |row| row.json(0),
    )
}

/// A published version of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub version: i64,
    pub at: Timestamp,
    pub document: Resource,
}

/// All versions of an entry, newest first.
pub fn list_versions(tx: &mut Tx<'_>, key: &str) -> Result<Vec<Published>> {
    tx.list(
        "SELECT version, published_at, document FROM registry_resource WHERE key = $1 ORDER BY version DESC",
        &[key.into()],
        |row| Ok(Published { version: row.int(0)?, at: row.time(1)?, document: row.json(2)? }),
    )
}

/// How many versions there are in all: a process that knows fewer reads the catalogue anew.
pub fn count_versions(tx: &mut Tx<'_>) -> Result<i64> {
    tx.get("SELECT COUNT(*) FROM registry_resource", &[])?.int(0)
}

/// Whether this very document stood at any time.
pub fn has_document(tx: &mut Tx<'_>, key: &str, document: &str) -> Result<bool> {
    let params: [Value<'_>; 2] = [key.into(), document.into()];
    let sql = "SELECT 1 AS one FROM registry_resource WHERE key = $1 AND document = $2 LIMIT 1";
    tx.find(sql, &params).map(|row| row.is_some())
}

/// When the current value of a record came in for the first time: `same` says whether an older version had it already.
pub fn value_since(
    tx: &mut Tx<'_>,
    (resource, subject): (&str, &str),
    same: impl Fn(&Record) -> bool,
) -> Result<Option<Timestamp>> {
    let key: [Value<'_>; 2] = [resource.into(), subject.into()];
    let row = tx.find("SELECT recorded_at FROM registry_record WHERE resource = $1 AND subject = $2", &key)?;
    let Some(row) = row else { return Ok(None) };
    let mut since = row.time(0)?;
    let past = tx.query(
        "SELECT version, as_of, source, data, recorded_at FROM registry_record_past
         WHERE resource = $1 AND subject = $2 ORDER BY version DESC",
        &key,
    )?;
    for row in past {
        if !same(&record_of(&row)?) {
            break;
        }
        since = row.time(4)?;
    }
    Ok(Some(since))
}

/// The newest version of an entry and its document.
pub fn find_document(tx: &mut Tx<'_>, key: &str) -> Result<Option<(i64, String)>> {
    let row = tx.find(
        "SELECT version, document FROM registry_resource WHERE key = $1 ORDER BY version DESC LIMIT 1",
        &[key.into()],
    )?;
    row.map(|row| Ok((row.int(0)?, row.text(1)?))).transpose()
}

pub fn insert_resource(tx: &mut Tx<'_>, key: &str, version: i64, document: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 4] = [key.into(), version.into(), document.into(), now.into()];
    tx.exec("INSERT INTO registry_resource (key, version, document, published_at) VALUES ($1, $2, $3, $4)", &params)
        .map(|_| ())
}

fn day(text: &str) -> Result<Date> {
    parse_iso_date(text).ok_or_else(|| Error::Internal(format!("as_of {text:?} is no date")))
}

fn record_of(row: &Row) -> Result<Record> {
    Ok(Record { version: row.int(0)?, as_of: day(row.str(1)?)?, source: row.text(2)?, data: row.text(3)? })
}

/// The current record of a subject, None when the register holds nothing about it.
pub fn find_record(tx: &mut Tx<'_>, resource: &str, subject: &str) -> Result<Option<Record>> {
    let row = tx.find(
        "SELECT version, as_of, source, data FROM registry_record WHERE resource = $1 AND subject = $2",
        &[resource.into(), subject.into()],
    )?;
    row.map(|row| record_of(&row)).transpose()
}

/// The current records of many subjects, by subject.
pub fn list_records(tx: &mut Tx<'_>, resource: &str, subjects: &[&str]) -> Result<HashMap<String, Record>> {
    let places: Vec<String> = (2..ASKED + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT version, as_of, source, data, subject FROM registry_record WHERE resource = $1 AND subject IN ({})",
        places.join(", ")
    );
    let mut found = HashMap::with_capacity(subjects.len());
    for chunk in subjects.chunks(ASKED) {
        let mut params: Vec<Value<'_>> = vec![resource.into()];
        params.extend(chunk.iter().map(|subject| Value::from(*subject)));
        // One text for every length, so that the statement is prepared once.
        params.resize(ASKED + 1, chunk[0].into());
        for row in tx.query(&sql, &params)? {
            found.insert(row.text(4)?, record_of(&row)?);
        }
    }
    Ok(found)
}

pub fn insert_records(tx: &mut Tx<'_>, records: &[NewRecord<'_>]) -> Result<()> {
    let now = tx.now();
    for chunk in records.chunks(INSERTED) {
        let days: Vec<String> = chunk.iter().map(|record| iso_date(record.as_of)).collect();
        let mut values: Vec<Value<'_>> = Vec::with_capacity(chunk.len() * 7);
        for (record, day) in chunk.iter().zip(&days) {
            let (resource, subject, source) = (record.resource.into(), record.subject.into(), record.source.into());
            values.extend([resource, subject, Value::Int(1), day.into(), source, now.into(), record.data.into()]);
        }
        tx.insert_many(
            "INSERT INTO registry_record (resource, subject, version, as_of, source, recorded_at, data) VALUES",
            7,
            &values,
        )?;
    }
    Ok(())
}

/// Moves the record of `version` to the past and puts the new one in its place.
pub fn replace_record(tx: &mut Tx<'_>, new: &NewRecord<'_>, version: i64) -> Result<()> {
    let key: [Value<'_>; 3] = [new.resource.into(), new.subject.into(), version.into()];
    tx.exec(
        "INSERT INTO registry_record_past (resource, subject, version, as_of, source, recorded_at, data)
         SELECT resource, subject, version, as_of, source, recorded_at, data FROM registry_record
         WHERE resource = $1 AND subject = $2 AND version = $3",
        &key,
    )?;
    let (now, day) = (tx.now(), iso_date(new.as_of));
    let params: [Value<'_>; 8] = [
        new.resource.into(),
        new.subject.into(),
        version.into(),
        (version + 1).into(),
        (&day).into(),
        new.source.into(),
        now.into(),
        new.data.into(),
    ];
    let changed = tx.exec(
        "UPDATE registry_record SET version = $4, as_of = $5, source = $6, recorded_at = $7, data = $8
         WHERE resource = $1 AND subject = $2 AND version = $3",
        &params,
    )?;
    // Another process recorded a newer version in between.
    if changed == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-overtaken")) }
}

/// The same data, of a later day.
pub fn confirm_record(tx: &mut Tx<'_>, new: &NewRecord<'_>) -> Result<()> {
    let (now, day) = (tx.now(), iso_date(new.as_of));
    let params: [Value<'_>; 4] = [new.resource.into(), new.subject.into(), (&day).into(), now.into()];
    tx.exec("UPDATE registry_record SET as_of = $3, recorded_at = $4 WHERE resource = $1 AND subject = $2", &params)
        .map(|_| ())
}
