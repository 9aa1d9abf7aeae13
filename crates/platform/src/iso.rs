//! Calendar dates of documents, written `YYYY-MM-DD`.
use crate::clock::{iso_date, parse_iso_date};
use serde::{Deserialize, Deserializer, Serializer};
use time::Date;

pub fn serialize<S: Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&iso_date(*date))
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    parse_iso_date(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no day of the calendar written YYYY-MM-DD")))
}

/// The same for a date that may be absent.
pub mod option {
    use crate::clock::{iso_date, parse_iso_date};
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Date;

    pub fn serialize<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => to.serialize_str(&iso_date(*date)),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        parse_iso_date(&text)
            .map(Some)
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no day of the calendar written YYYY-MM-DD")))
    }
}
