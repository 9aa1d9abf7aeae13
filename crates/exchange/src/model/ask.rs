//! What is asked and what is answered.
use std::collections::BTreeMap;
use std::sync::Arc;

use platform::{Error, FieldError, Result};
use registry::{Catalogue, Resource, Sharing, SubjectKind};
use serde_json::Value;
use time::Date;

use crate::connector::Found;

/// A request for facts about one subject.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Why: an item's key, or `case-handling` and the like. Grants are given for a purpose.
    pub purpose: String,
    /// The provision that it rests on, in words; `basis_text` packs one in three languages.
    pub basis: String,
    pub item: Option<String>,
    pub case: Option<String>,
    /// Key of the organisation on whose behalf it is asked: the one that holds the grant.
    pub consumer: String,
    pub subject: Subject,
    pub wants: Vec<Want>,
    /// Offices that the matter lies with: who of them asks may.
    pub offices: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Subject {
    pub kind: SubjectKind,
    /// Resident ID number or unified social credit code.
    pub number: String,
    /// The directory's identifier: `per_…` or `ent_…`.
    pub owner: String,
}

impl Subject {
    /// A person or an enterprise of the directory; the identifier tells which.
    #[must_use]
    pub fn of(owner: &str, number: &str) -> Self {
        let kind = if owner.starts_with("ent_") { SubjectKind::Enterprise } else { SubjectKind::Person };
        Self { kind, number: number.to_owned(), owner: owner.to_owned() }
    }
}

/// A look at what the program itself keeps about a subject.
#[derive(Debug, Clone)]
pub struct Noted {
    /// What was seen: `case`, `case-file`, `certificate`; the trail says it in words (`exchange-what-*`).
    pub what: &'static str,
    /// As `Ask::purpose`.
    pub purpose: String,
    /// As `Ask::basis`.
    pub basis: String,
    pub item: Option<String>,
    pub case: Option<String>,
    pub subject: Subject,
}

/// Fields of one resource.
#[derive(Debug, Clone)]
pub struct Want {
    pub resource: String,
    pub fields: Vec<String>,
}

/// One value with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Text, number, or null when the register holds no value for the field.
    pub value: Value,
    /// Who stands behind it: `Exchange::source_name` names them.
    pub source: String,
    pub as_of: Date,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// By resource and field.
    pub facts: BTreeMap<(String, String), Fact>,
    /// Resources that hold nothing about the subject.
    pub missing: Vec<String>,
    /// The look's identifier in the trail.
    pub trail: String,
}

impl Facts {
    #[must_use]
    pub fn get(&self, resource: &str, field: &str) -> Option<&Fact> {
        self.facts.get(&(resource.to_owned(), field.to_owned()))
    }
}

/// One resource that is asked, known to the catalogue.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub resource: Arc<Resource>,
    pub fields: Vec<String>,
}

/// The resources asked for, each once; refuses what the catalogue does not have and what lacks a reason.
pub fn plan(catalogue: &Catalogue, ask: &Ask) -> Result<Vec<Wanted>> {
    let told = [("purpose", &ask.purpose), ("basis", &ask.basis), ("consumer", &ask.consumer)];
    let empty = told.into_iter().find(|(_, text)| text.trim().is_empty());
    if let Some((field, _)) = empty {
        return Err(Error::field(field, "exchange-ask-reason"));
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(ask.wants.len());
    for want in &ask.wants {
        let resource = catalogue.get(&want.resource).ok_or_else(|| refused(want, "", "exchange-ask-resource"))?;
        if !resource.subject.includes(ask.subject.kind) {
            return Err(refused(want, "", "exchange-ask-subject"));
        }
        if resource.sharing == Sharing::None {
            return Err(Error::Denied("exchange-denied-not-shared"));
        }
        if let Some(unknown) = want.fields.iter().find(|field| resource.field(field).is_none()) {
            return Err(refused(want, unknown, "exchange-ask-field"));
        }
        add(&mut wanted, resource, &want.fields);
    }
    if wanted.iter().any(|w| w.fields.is_empty()) || wanted.is_empty() {
        return Err(Error::field("wants", "exchange-ask-nothing"));
    }
    Ok(wanted)
}

fn add(wanted: &mut Vec<Wanted>, resource: &Arc<Resource>, fields: &[String]) {
    let at = wanted.iter().position(|w| w.resource.key == resource.key).unwrap_or_else(|| {
        wanted.push(Wanted { resource: Arc::clone(resource), fields: Vec::with_capacity(fields.len()) });
        wanted.len() - 1
    });
    for field in fields {
        if !wanted[at].fields.contains(field) {
            wanted[at].fields.push(field.clone());
        }
    }
}

fn refused(want: &Want, field: &str, key: &'static str) -> Error {
    let error = FieldError::new(format!("{}.{field}", want.resource), key);
    Error::Invalid(vec![error.with("resource", &want.resource).with("field", field)])
}

/// Only what was asked for goes on.
pub fn reduce(wanted: &[Wanted], found: Vec<Option<Found>>) -> Facts {
    let mut facts = Facts::default();
    for (want, found) in wanted.iter().zip(found) {
        let resource = &want.resource.key;
        let Some(mut found) = found else {
            facts.missing.push(resource.clone());
            continue;
        };
        for field in &want.fields {
            let value = found.data.remove(field).unwrap_or(Value::Null);
            let fact = Fact { value, source: found.source.clone(), as_of: found.as_of };
            facts.facts.insert((resource.clone(), field.clone()), fact);
        }
    }
    facts
}
