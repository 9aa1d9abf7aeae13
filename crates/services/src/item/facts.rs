//! Register facts that an item needs: which, on which basis, and what the registers answered.
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

use super::handling::is_slug;

/// A fact that the program asks the registers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactNeed {
    pub resource: String,
    pub field: String,
    pub subject: Subject,
    /// Why we may look: the provision, in words.
    pub basis: Text,
}

impl FactNeed {
    /// How conditions, prefills and mappings name it.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference(format!("{}.{}", self.resource, self.field))
    }
}

/// About whom the register is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Applicant,
    Enterprise,
}

/// A fact (`population.birth_date`, with a dot) or a form field (`mobile`, without).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

impl Reference {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_fact(&self) -> bool {
        self.0.contains('.')
    }
}

impl TryFrom<String> for Reference {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() <= 2 && parts.iter().all(|part| is_slug(part)) {
            Ok(Self(text))
        } else {
            Err(format!("{text:?} is no reference: write resource.field for a register fact, field for an answer"))
        }
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the registers answered, by reference. A fact that is absent was not asked or not answered (unknown); a fact whose
/// value is null was asked and the register holds nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts(pub BTreeMap<String, Fact>);

#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Text, number or null; dates as `YYYY-MM-DD`.
    pub value: Value,
    /// The register, as people read it ("人口库 / Population register").
    pub source: Arc<Text>,
    pub as_of: Date,
}

impl Facts {
    #[must_use]
    pub fn get(&self, reference: &str) -> Option<&Fact> {
        self.0.get(reference)
    }

    pub fn insert(&mut self, reference: impl Into<String>, fact: Fact) {
        self.0.insert(reference.into(), fact);
    }
}
