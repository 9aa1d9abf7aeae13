//! Register facts as a case keeps them, and where offices lie for it.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use platform::clock::{iso_date, parse_iso_date};
use platform::error::{Error, Result};
use platform::i18n::{Lang, Text};
use platform::page;
use serde::Deserialize;
use serde_json::Value;
use time::Date;

use crate::Hall;
use crate::form::{Answers, DivisionLevel, Divisions};
use crate::item::{Fact, Facts, OrgPattern};

/// By reference (`population.name`): value, key of the source, date. Short, as each case carries it.
type Stored = BTreeMap<String, (Value, String, String)>;

/// Before the key of a resource that said nothing, in the place of a reference; no reference begins with it.
const SILENT: char = '@';

/// Why a resource said nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Its source did not answer.
    Away,
    /// It holds nothing about the subject.
    Nothing,
}

impl Silence {
    fn name(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Nothing => "nothing",
        }
    }
}

/// By resource.
pub type Silent = BTreeMap<String, Silence>;

/// Facts as they came from the registers → the text that a draft or case keeps.
pub fn store_facts(found: &exchange::Facts, silent: &Silent, on: Date) -> Result<String> {
    let mut stored: Stored = found
        .facts
        .iter()
        .map(|((resource, field), fact)| {
            (format!("{resource}.{field}"), (fact.value.clone(), fact.source.clone(), iso_date(fact.as_of)))
        })
        .collect();
    for (resource, silence) in silent {
        stored.insert(format!("{SILENT}{resource}"), (silence.name().into(), String::new(), iso_date(on)));
    }
    serde_json::to_string(&stored).map_err(Error::from)
}

/// Which resources said nothing, and why.
pub fn read_silent(stored: &str) -> Result<Silent> {
    if !stored.contains("\"@") {
        return Ok(Silent::new()); // the usual case, without reading it all
    }
    let stored: Stored = serde_json::from_str(stored)?;
    let silence = |(key, (value, _, _)): (String, (Value, String, String))| {
        let resource = key.strip_prefix(SILENT)?.to_owned();
        let is_away = value.as_str() == Some(Silence::Away.name());
        Some((resource, if is_away { Silence::Away } else { Silence::Nothing }))
    };
    Ok(stored.into_iter().filter_map(silence).collect())
}

/// The resources whose source did not answer.
pub fn away(stored: &str) -> Result<Vec<String>> {
    let silent = read_silent(stored)?.into_iter();
    Ok(silent.filter(|(_, silence)| *silence == Silence::Away).map(|(resource, _)| resource).collect())
}

/// What a case knows, with what is away now beside it.
pub fn keep_away(anew: String, known: &str) -> Result<String> {
    let (anew, mut stored): (Stored, Stored) = (serde_json::from_str(&anew)?, serde_json::from_str(known)?);
    stored.extend(anew.into_iter().filter(|(key, _)| key.starts_with(SILENT)));
    serde_json::to_string(&stored).map_err(Error::from)
}

/// What was answered anew; where a source is away now and answered before, what it said then, with its day.
pub fn keep_known(anew: String, before: &str) -> Result<String> {
    let away = away(&anew)?;
    if away.is_empty() {
        return Ok(anew);
    }
    let (mut stored, before): (Stored, Stored) = (serde_json::from_str(&anew)?, serde_json::from_str(before)?);
    for resource in away {
        let of = |reference: &str| reference.split_once('.').is_some_and(|(of, _)| of == resource);
        let known: Vec<_> = before.iter().filter(|(reference, _)| of(reference)).collect();
        if !known.is_empty() {
            stored.remove(&format!("{SILENT}{resource}"));
            stored.extend(known.into_iter().map(|(reference, fact)| (reference.clone(), fact.clone())));
        }
    }
    serde_json::to_string(&stored).map_err(Error::from)
}

/// The kept text → facts with the names of their sources.
pub fn read_facts<'a>(hall: &Hall, stored: &'a str) -> Result<Facts> {
    let stored: BTreeMap<String, Kept<'a>> = serde_json::from_str(stored)?;
    let mut names: BTreeMap<Cow<'a, str>, Arc<Text>> = BTreeMap::new();
    let fact = |(reference, Kept(value, source, as_of)): (String, Kept<'a>)| {
        let as_of = parse_iso_date(&as_of).ok_or_else(|| Error::Internal(format!("{reference}: date {as_of}")))?;
        let source = names.entry(source).or_insert_with_key(|key| Arc::new(hall.exchange().source_name(key)));
        Ok((reference, Fact { value, source: Arc::clone(source), as_of }))
    };
    let told = stored.into_iter().filter(|(reference, _)| !reference.starts_with(SILENT));
    told.map(fact).collect::<Result<_>>().map(Facts)
}

/// One of `Stored`, read without copying.
#[derive(Deserialize)]
struct Kept<'a>(Value, #[serde(borrow)] Cow<'a, str>, #[serde(borrow)] Cow<'a, str>);

/// The office that a pattern means, with the answers and facts of an application.
pub fn office(hall: &Hall, pattern: &OrgPattern, (answers, facts): (&Answers, &Facts)) -> Result<String> {
    let organisations = hall.organisations();
    let value = |reference: &crate::item::Reference| -> Option<String> {
        let text = reference.as_str();
        let value = if reference.is_fact() { facts.get(text).map(|f| &f.value) } else { answers.get(text) };
        value.and_then(Value::as_str).map(str::to_owned)
    };
    // Where the place is not known, or has no branch, the city's office takes it.
    let wanted = pattern.resolve(value).unwrap_or_else(|_| pattern.org.clone());
    let found = organisations.find(&wanted).or_else(|| organisations.find(&pattern.org));
    found.map(|org| org.key.clone()).ok_or_else(|| Error::Internal(format!("no organisation {pattern}")))
}

/// Who is asked for a register's facts, by a short name where it is an office of ours.
pub fn asked_office(hall: &Hall, resource: &str, lang: Lang) -> String {
    let Some(source) = hall.exchange().source_of(resource) else { return String::new() };
    let own = hall.organisations().find(&source).map(|office| office.short.get(lang).to_owned());
    own.unwrap_or_else(|| hall.exchange().source_name(&source).get(lang).to_owned())
}

pub fn resource_name(hall: &Hall, resource: &str, lang: Lang) -> String {
    let entry = hall.exchange().catalogue().get(resource);
    entry.map_or_else(|| resource.to_owned(), |entry| entry.name.get(lang).to_owned())
}

pub fn field_label(hall: &Hall, (resource, field): (&str, &str), lang: Lang) -> String {
    let entry = hall.exchange().catalogue().get(resource);
    let field_entry = entry.and_then(|entry| entry.field(field));
    field_entry.map_or_else(|| field.to_owned(), |entry| entry.name.get(lang).to_owned())
}

/// A value in words: the name of a code, a flag (an integer of one digit) as yes or no, a day as people write it.
pub fn value_text(hall: &Hall, (resource, field): (&str, &str), value: &Value, lang: Lang) -> String {
    let entry = hall.exchange().catalogue().get(resource).and_then(|entry| entry.field(field));
    let is_flag = entry.is_some_and(|entry| entry.length == 1 && entry.kind == exchange::FieldType::Integer);
    let texts = hall.platform().texts();
    match (entry.and_then(|entry| entry.meaning(value)), value) {
        (Some(text), _) => text.get(lang).to_owned(),
        (None, Value::Null) => "–".to_owned(),
        (None, Value::String(text)) => parse_iso_date(text).map_or_else(|| text.clone(), |date| page::day(lang, date)),
        (None, Value::Number(number)) if is_flag => {
            texts.get(lang, if number.as_i64() == Some(0) { "services-no" } else { "services-yes" }).to_owned()
        }
        (None, other) => other.to_string(),
    }
}

/// The directory's divisions, as forms ask for them.
pub struct Places<'a>(pub &'a Hall);

impl Divisions for Places<'_> {
    fn name(&self, code: &str, lang: Lang) -> Option<String> {
        self.0.directory().divisions().full_name(code, lang)
    }

    fn within(&self, level: DivisionLevel, code: &str, lang: Lang) -> Vec<(String, String)> {
        let divisions = self.0.directory().divisions();
        let inside = divisions.iter().filter(|division| division.code.len() == level.digits());
        let inside = inside.filter(|division| division.code.starts_with(code.trim_end_matches('0')));
        inside.map(|division| (division.code.clone(), division.name.get(lang).to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = r#"{"population.name":["苏云岭","public-security","2026-01-01"],"credit.listed":[0,"development","2026-01-02"]}"#;

    fn silence(resource: &str, why: &str) -> String {
        format!(
            r#"{{"population.name":["@苏","public-security","2026-11-01"],"@{resource}":["{why}","","2026-11-20"]}}"#
        )
    }

    #[test]
    fn what_a_source_said_before_stays_while_it_is_away() {
        let kept = keep_known(silence("credit", "away"), KNOWN).unwrap();
        let stored: Stored = serde_json::from_str(&kept).unwrap();
        assert_eq!(stored["credit.listed"].2, "2026-01-02", "with its own day");
        assert_eq!(stored["population.name"].2, "2026-11-01", "what was answered anew is new");
        assert!(away(&kept).unwrap().is_empty());
        // It never said anything: that it is away stays to be told.
        assert_eq!(away(&keep_known(silence("residence", "away"), KNOWN).unwrap()).unwrap(), ["residence"]);
        // It holds nothing any more: that is an answer.
        let gone = keep_known(silence("credit", "nothing"), KNOWN).unwrap();
        assert_eq!(read_silent(&gone).unwrap()["credit"], Silence::Nothing);
        assert!(!gone.contains("credit.listed"));
    }

    #[test]
    fn a_case_keeps_what_it_knows_beside_what_is_away() {
        let kept = keep_away(silence("credit", "away"), KNOWN).unwrap();
        let stored: Stored = serde_json::from_str(&kept).unwrap();
        assert_eq!(
            (stored["credit.listed"].2.as_str(), away(&kept).unwrap()),
            ("2026-01-02", vec!["credit".to_owned()])
        );
        assert!(read_silent(KNOWN).unwrap().is_empty());
    }
}
