//! A record: what one register says about one subject, of which day, delivered by whom.
use platform::{Error, Result};
use serde_json::{Map, Value};
use time::Date;

/// The current record of a subject in a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub version: i64,
    /// The day that the data speak of.
    pub as_of: Date,
    /// Key of the organisation that delivered it.
    pub source: String,
    /// A JSON object as text; `fields` reads it.
    pub data: String,
}

impl Record {
    pub fn fields(&self) -> Result<Map<String, Value>> {
        serde_json::from_str(&self.data).map_err(|e| Error::Internal(format!("a record that is no JSON object: {e}")))
    }
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    pub resource: String,
    /// Resident ID number or unified social credit code.
    pub subject: String,
    pub as_of: Date,
    pub source: String,
    pub data: Map<String, Value>,
}

/// What became of it. The number is the version that stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    New(i64),
    Changed(i64),
    /// The data were the same; the day may have moved on.
    Unchanged(i64),
}

/// A row that needs no check, as it was made from checked parts.
#[derive(Debug, Clone)]
pub struct SeedRow {
    pub resource: String,
    pub subject: String,
    pub as_of: Date,
    /// A JSON object.
    pub data: String,
}

/// How new data stand to the record that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    New,
    Same,
    /// Same data, a later day.
    Confirmed,
    Changed,
    /// Other data of an earlier day: a delivery that was overtaken.
    Overtaken,
}

/// Pure decision; `data` is checked and without nulls.
pub fn change(current: Option<&Record>, data: &Map<String, Value>, as_of: Date) -> Result<Change> {
    let Some(current) = current else { return Ok(Change::New) };
    Ok(match (current.fields()? == *data, as_of.cmp(&current.as_of)) {
        (true, std::cmp::Ordering::Greater) => Change::Confirmed,
        (true, _) => Change::Same,
        (false, std::cmp::Ordering::Less) => Change::Overtaken,
        (false, _) => Change::Changed,
    })
}
