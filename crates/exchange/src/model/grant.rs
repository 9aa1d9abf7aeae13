//! Whether a grant covers a request: consumer, purpose, fields, and the moment.
use platform::clock::Timestamp;
use platform::ids::Id;
use registry::{Resource, Sensitivity, Sharing};

use super::ask::Wanted;

/// A grant's identifier.
pub struct GrantId(String);

impl Id for GrantId {
    const PREFIX: &'static str = "xgr";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// A grant as it stands, for the consumer and purpose that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Granted {
    pub resource: String,
    pub fields: Vec<String>,
    /// Keys of items and identifiers of cases with one space between; empty: everything that the purpose covers.
    pub matters: String,
    pub valid_from: Timestamp,
    /// None: until it is revoked.
    pub valid_to: Option<Timestamp>,
    pub revoked: bool,
    /// Recorded by the program, as the resource is shared without condition.
    pub automatic: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    Granted,
    /// Shared without condition, and no grant is recorded yet.
    Record,
    /// The key says what is lacking and what to do.
    Denied(&'static str),
}

/// The moment and the matter of a request.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    pub now: Timestamp,
    pub item: Option<&'a str>,
    pub case: Option<&'a str>,
}

impl Granted {
    fn is_valid(&self, resource: &Resource, now: Timestamp) -> bool {
        let in_time = self.valid_from <= now && self.valid_to.is_none_or(|end| now < end);
        // A resource that is no longer shared without condition takes its automatic grants with it.
        in_time && !self.revoked && (!self.automatic || resource.sharing == Sharing::Unconditional)
    }

    fn is_for(&self, moment: &Moment<'_>) -> bool {
        let named = |matter: &str| moment.item == Some(matter) || moment.case == Some(matter);
        self.matters.is_empty() || self.matters.split(' ').any(named)
    }
}

/// Pure decision, the one place that decides whether a fact may leave. `grants`: everything recorded for the consumer
/// and the purpose.
#[must_use]
pub fn cover(wanted: &Wanted, grants: &[Granted], moment: &Moment<'_>) -> Cover {
    let of_resource = || grants.iter().filter(|grant| grant.resource == wanted.resource.key);
    let in_time: Vec<&Granted> = of_resource().filter(|grant| grant.is_valid(&wanted.resource, moment.now)).collect();
    let is_any_valid = !in_time.is_empty();
    let valid: Vec<&Granted> = in_time.into_iter().filter(|grant| grant.is_for(moment)).collect();
    if wanted.fields.iter().all(|field| valid.iter().any(|grant| grant.fields.contains(field))) {
        return Cover::Granted;
    }
    let is_withdrawn = of_resource().any(|grant| grant.automatic && grant.revoked);
    let open = open_fields(&wanted.resource);
    if !is_withdrawn && wanted.fields.iter().all(|field| open.contains(&field.as_str())) {
        return Cover::Record;
    }
    if is_any_valid && valid.is_empty() {
        Cover::Denied("exchange-denied-matter")
    } else if is_any_valid {
        Cover::Denied("exchange-denied-field")
    } else if of_resource().next().is_some() {
        Cover::Denied("exchange-denied-over")
    } else {
        Cover::Denied("exchange-denied-no-grant")
    }
}

/// Fields that anybody in office may have: shared without condition and not personal.
#[must_use]
pub fn open_fields(resource: &Resource) -> Vec<&str> {
    if resource.sharing != Sharing::Unconditional {
        return Vec::new();
    }
    let open = resource.fields.iter().filter(|field| field.sensitivity <= Sensitivity::Internal);
    open.map(|field| field.key.as_str()).collect()
}

#[cfg(test)]
#[path = "grant_tests.rs"]
mod tests;
