//! Register facts as a case keeps them, and where offices lie for it.
use std::collections::BTreeMap;

use platform::clock::{iso_date, parse_iso_date};
use platform::error::{Error, Result};
use platform::i18n::{Lang, Text};
use platform::page;
use serde_json::Value;

use crate::Hall;
use crate::form::{Answers, DivisionLevel, Divisions};
use crate::item::{Fact, Facts, OrgPattern};

/// By reference (`population.name`): value, key of the source, date. Short, as each case carries it.
type Stored = BTreeMap<String, (Value, String, String)>;

/// Facts as they came from the registers → the text that a draft or case keeps.
pub fn store_facts(found: &exchange::Facts) -> Result<String> {
    let stored: Stored = found
        .facts
        .iter()
        .map(|((resource, field), fact)| {
            (format!("{resource}.{field}"), (fact.value.clone(), fact.source.clone(), iso_date(fact.as_of)))
        })
        .collect();
    serde_json::to_string(&stored).map_err(Error::from)
}

/// The kept text → facts with the names of their sources.
pub fn read_facts(hall: &Hall, stored: &str) -> Result<Facts> {
    let organisations = hall.organisations();
    let stored: Stored = serde_json::from_str(stored)?;
    let mut facts = Facts::default();
    for (reference, (value, source, as_of)) in stored {
        let name = organisations.find(&source).map_or_else(|| plain(&source), |org| org.name.clone());
        let as_of = parse_iso_date(&as_of).ok_or_else(|| Error::Internal(format!("{reference}: date {as_of}")))?;
        facts.insert(reference, Fact { value, source: name, as_of });
    }
    Ok(facts)
}

fn plain(text: &str) -> Text {
    Text { zh_hans: text.to_owned(), zh_hant: text.to_owned(), en: text.to_owned() }
}

/// The office that a pattern means, with the answers and facts of an application.
pub fn office(hall: &Hall, pattern: &OrgPattern, (answers, facts): (&Answers, &str)) -> Result<String> {
    let facts = read_facts(hall, facts)?;
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

/// Who keeps a register: key of the organisation.
pub fn source_of(hall: &Hall, resource: &str) -> Option<String> {
    hall.exchange().catalogue().get(resource).map(|entry| entry.provider.clone())
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
