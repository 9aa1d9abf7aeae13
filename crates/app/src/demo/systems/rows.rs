//! Generated records in a department's own words.
use platform::clock::parse_iso_date;
use platform::error::Result;
use serde_json::Value;
use time::Date;

use crate::demo::city::{City, Record};

/// A record with its fields at hand.
pub(super) struct Row {
    pub subject: String,
    pub as_of: Date,
    data: Value,
}

pub(super) fn of<'a>(city: &'a City, resource: &'static str) -> impl Iterator<Item = Result<Row>> + 'a {
    city.records_of(resource).map(|record: Record| {
        let data = serde_json::from_str(&record.data)?;
        Ok(Row { subject: record.subject, as_of: record.as_of, data })
    })
}

impl Row {
    /// Empty where there is nothing.
    pub(super) fn text(&self, field: &str) -> &str {
        self.data[field].as_str().unwrap_or_default()
    }

    pub(super) fn optional(&self, field: &str) -> Option<&str> {
        self.data[field].as_str()
    }

    pub(super) fn number(&self, field: &str) -> i64 {
        self.data[field].as_i64().unwrap_or_default()
    }

    /// The place of the field's value in a list of ours and theirs.
    pub(super) fn code<'a>(&self, field: &str, codes: &[(&str, &'a str)]) -> &'a str {
        codes.iter().find(|(ours, _)| *ours == self.text(field)).map_or("", |(_, theirs)| theirs)
    }

    pub(super) fn date(&self, field: &str) -> Date {
        parse_iso_date(self.text(field)).unwrap_or(Date::MIN)
    }

    /// `2026-11` → 202611.
    pub(super) fn month(&self, field: &str) -> Option<i64> {
        self.optional(field)?.replace('-', "").parse().ok()
    }
}
