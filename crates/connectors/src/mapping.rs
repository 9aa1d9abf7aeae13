//! Their record → ours: fields, codes, days, units, and whether it is about the subject asked for.
use std::collections::BTreeMap;

use codes::{ResidentId, Uscc};
use serde_json::{Map, Value};
use time::Date;

use crate::document::Document;
use crate::error::{Answered, SourceError};
use crate::settings::{FieldMap, Unit};
use crate::values::{DatePattern, convert};

/// About whom a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// Resident ID number.
    Person,
    /// Unified social credit code.
    Enterprise,
}

#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub number: &'a str,
    pub kind: SubjectKind,
    /// Bounds birth dates, and is the day that an answer without a day of its own speaks of.
    pub today: Date,
}

/// What a question is asked for; only systems of other regions hear it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Matter<'a> {
    /// As grants name it.
    pub purpose: &'a str,
    /// The provision that it rests on.
    pub basis: &'a str,
    /// The case's identifier.
    pub case: Option<&'a str>,
}

impl Matter<'_> {
    pub(crate) const NONE: Self = Self { purpose: "", basis: "", case: None };
}

/// A record in our words.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub as_of: Date,
    pub data: Map<String, Value>,
}

/// The mapping of a document, ready to use.
#[derive(Debug)]
pub(crate) struct Mapping {
    subject: Option<String>,
    as_of: Option<Rule>,
    fields: BTreeMap<String, Rule>,
}

#[derive(Debug)]
struct Rule {
    from: String,
    change: Change,
}

#[derive(Debug)]
enum Change {
    None,
    Codes(BTreeMap<String, String>, Option<String>),
    Day(DatePattern),
    Unit(Unit),
}

impl Mapping {
    pub(crate) fn of(document: &Document) -> Result<Self, String> {
        let fields = document.fields.iter().map(|(key, map)| Ok((key.clone(), Rule::of(map)?)));
        Ok(Self {
            subject: document.subject.clone(),
            as_of: document.as_of.as_ref().map(Rule::of).transpose()?,
            fields: fields.collect::<Result<_, String>>()?,
        })
    }

    pub(crate) fn apply(&self, asked: &Asked<'_>, record: &Value) -> Answered<Answer> {
        if let Some(from) = &self.subject {
            let found = text_of(find(record, from)).ok_or_else(|| malformed(from, "it is missing"))?;
            if !is_same(asked, &found) {
                return Err(SourceError::WrongSubject);
            }
        }
        let mut data = Map::new();
        for (key, rule) in &self.fields {
            if let Some(value) = rule.apply(record)? {
                data.insert(key.clone(), value);
            }
        }
        let as_of = match &self.as_of {
            None => asked.today,
            Some(rule) => match rule.apply(record)? {
                Some(Value::String(text)) => platform::clock::parse_iso_date(&text)
                    .filter(|day| *day <= asked.today.next_day().unwrap_or(Date::MAX))
                    .ok_or_else(|| malformed(&rule.from, "it is no day up to today"))?,
                _ => return Err(malformed(&rule.from, "it is missing")),
            },
        };
        Ok(Answer { as_of, data })
    }
}

impl Rule {
    fn of(map: &FieldMap) -> Result<Self, String> {
        let change = match (&map.date, map.unit) {
            (Some(pattern), _) => Change::Day(DatePattern::parse(pattern)?),
            (None, Some(unit)) => Change::Unit(unit),
            (None, None) if !map.codes.is_empty() => Change::Codes(map.codes.clone(), map.otherwise.clone()),
            (None, None) => Change::None,
        };
        Ok(Self { from: map.from.clone(), change })
    }

    /// None: they have nothing there.
    fn apply(&self, record: &Value) -> Answered<Option<Value>> {
        let found = find(record, &self.from);
        match (&self.change, found) {
            (Change::None, Some(number @ Value::Number(_))) => return Ok(Some(number.clone())),
            // The catalogue knows no truth values: they are the whole numbers 1 and 0.
            (Change::None, Some(Value::Bool(yes))) => return Ok(Some(u8::from(*yes).into())),
            _ => {}
        }
        if matches!(found, Some(Value::Array(_) | Value::Object(_))) {
            return Err(malformed(&self.from, "it is not a single value"));
        }
        let Some(text) = text_of(found) else { return Ok(None) };
        let wrong = |why| malformed(&self.from, why);
        match &self.change {
            Change::None => Ok(Some(Value::String(text))),
            Change::Codes(codes, otherwise) => {
                let ours = codes.get(&text).or(otherwise.as_ref());
                ours.map(|code| Some(Value::String(code.clone()))).ok_or_else(|| wrong("its code is not in the list"))
            }
            Change::Day(pattern) => pattern
                .read(&text)
                .map(|day| Some(Value::String(day)))
                .ok_or_else(|| wrong("it is no day of the pattern")),
            Change::Unit(unit) => convert(*unit, &text).map(Some).ok_or_else(|| wrong("it is no amount of the unit")),
        }
    }
}

/// The value itself stays out of logs: it may be about a person.
fn malformed(from: &str, why: &str) -> SourceError {
    SourceError::Malformed(format!("{from}: {why}"))
}

fn find<'a>(record: &'a Value, from: &str) -> Option<&'a Value> {
    if from.starts_with('/') { record.pointer(from) } else { record.get(from) }
}

/// A single value as text without blanks around it; None when there is nothing.
fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => u8::from(*yes).to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether their number is the one asked for, check digit included; old numbers of 15 digits are brought to 18.
fn is_same(asked: &Asked<'_>, found: &str) -> bool {
    normal(asked.kind, found, asked.today).is_some_and(|number| number == asked.number)
}

/// The number in its normal form; None when its check digit or form is wrong.
pub(crate) fn normal(kind: SubjectKind, text: &str, today: Date) -> Option<String> {
    let text = text.trim();
    match kind {
        SubjectKind::Person => {
            let id = if text.len() == 15 { ResidentId::upgrade(text, today) } else { ResidentId::parse(text, today) };
            id.ok().map(|id| id.as_str().to_owned())
        }
        SubjectKind::Enterprise => Uscc::parse(text).ok().map(|code| code.as_str().to_owned()),
    }
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
