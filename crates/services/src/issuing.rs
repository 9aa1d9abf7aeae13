//! What a granted case's certificate says: fields from answers and registers, the issuing office, the dates.
use std::collections::BTreeMap;
use std::sync::Arc;

use certificates::{Holder, Issue, Issuer};
use platform::error::{Error, Result};
use platform::policy::Party;
use serde_json::{Value, json};
use time::Date;

use crate::Hall;
use crate::catalogue::LoadedItem;
use crate::form::{Answers, Field};
use crate::item::{Facts, Validity};
use crate::model::months_later;
use crate::sources::{self, Places};
use crate::table::Table;

/// A case that is granted.
pub struct Granted<'a> {
    pub loaded: &'a Arc<LoadedItem>,
    pub answers: &'a Answers,
    /// As the case keeps them.
    pub facts: &'a str,
    pub party: Party,
    pub case: &'a str,
    /// Answers were checked then; days among them are not too early because the decision took its time.
    pub submitted_on: Date,
    pub on: Date,
}

/// None for items that give no certificate.
pub fn issue(hall: &Hall, granted: &Granted<'_>) -> Result<Option<Issue>> {
    let item = &granted.loaded.item;
    let Some(rule) = &item.result.certificate else { return Ok(None) };
    let table = Table::lay(hall, Arc::clone(granted.loaded), granted.answers.clone(), granted.facts)?;
    let values = table.filling_since(&Places(hall), (granted.submitted_on, granted.on)).values_so_far();
    let mut fields = BTreeMap::new();
    for field in &rule.fields {
        let from = field.from.as_str();
        let answer = values.get(from).map(|value| named(item.form.field(from), value));
        if let Some(value) = answer.or_else(|| table.facts.get(from).map(|fact| fact.value.clone())) {
            fields.insert(field.field.clone(), value);
        }
    }
    Ok(Some(Issue {
        type_key: rule.kind.clone(),
        issuer: issuer(hall, (granted, &table.facts), &rule.kind)?,
        holder: Holder {
            owner: granted.party.id.clone(),
            name: granted.party.name.clone(),
            number: granted.party.subject.clone(),
        },
        fields,
        case: granted.case.to_owned(),
        item: item.key.clone(),
        valid_from: granted.on,
        valid_to: valid_to(&rule.validity, granted.on),
        on: granted.on,
    }))
}

/// The office that the type's document names, or the one that decides the case.
fn issuer(hall: &Hall, (granted, facts): (&Granted<'_>, &Facts), kind: &str) -> Result<Issuer> {
    let kind = hall.certificates().types().find(kind);
    let named = kind.map(|kind| kind.document.issuer.clone()).filter(|issuer| issuer != "decider");
    let key = match named {
        Some(key) => key,
        None => sources::office(hall, &granted.loaded.item.handling.deciding.org, (granted.answers, facts))?,
    };
    let organisations = hall.organisations();
    let org = organisations.find(&key).ok_or_else(|| Error::Internal(format!("no organisation {key}")))?;
    Ok(Issuer { key: org.key.clone(), uscc: org.uscc.clone(), name: org.name.clone() })
}

/// Choices by their names in three languages, so that a certificate never prints a key.
fn named(field: Option<&Field>, value: &Value) -> Value {
    let Some(field) = field.filter(|field| !field.input.choices().is_empty()) else { return value.clone() };
    let name = |value: &Value| {
        let choice = field.input.choices().iter().find(|choice| Some(choice.value.as_str()) == value.as_str());
        choice.map_or_else(|| value.clone(), |choice| json!(choice.label))
    };
    match value {
        Value::Array(list) => list.iter().map(name).collect(),
        one => name(one),
    }
}

/// The last day of validity of what is issued on a day; None: for good.
fn valid_to(validity: &Validity, on: Date) -> Option<Date> {
    match validity {
        Validity::Months { number } => Some(months_later(on, *number).previous_day().unwrap_or(on)),
        Validity::Until { date } => Some(*date),
        Validity::Permanent {} => None,
    }
}
