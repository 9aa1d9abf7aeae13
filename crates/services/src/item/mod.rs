//! Items: the documents that say what a service is, whom it serves, how long it takes, what it asks and how it is decided.
//!
//! One YAML file holds the whole implementation list (实施清单; GB/T 39046 table 4, national exchange tables `up_task_*`)
//! and what the program acts on: form, register facts, conditions, handling. [`Item::parse`] refuses a document that the
//! program could not act on; [`Item::lint`] finds what a guide checker would complain about.
mod check;
pub mod eligibility;
pub mod facts;
pub mod guide;
pub mod handling;
pub mod identity;
pub mod limits;
pub mod lint;
pub mod material;

pub mod result;
pub mod rule;

use std::fmt;

use platform::i18n::{Lang, Text};
use serde::{Deserialize, Serialize};

use crate::form::Form;

pub use eligibility::{Decision, Outcome, Reason, Truth, decide};
pub use facts::{Fact, FactNeed, Facts, Reference, Subject};
pub use guide::{Doing, Fee, Help};
pub use handling::{Handling, Mode, OrgPattern, Review, ReviewKind};
pub use identity::{Citation, Identity, Object, Standing, Who};
pub use limits::{Limit, TimeLimits, Unit};
pub use lint::LintFinding;
pub use material::{Material, Scenario};
pub use result::{CertificateRule, Delivery, ItemResult, Validity};
pub use rule::Eligibility;

/// A service item, one version of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Short name in addresses: `senior-card`.
    pub key: String,
    /// Grows with every change that is published; a case keeps the version that it began with.
    pub version: u32,
    pub identity: Identity,
    pub search: SearchWords,
    pub who: Who,
    pub object: Object,
    pub time: TimeLimits,
    pub doing: Doing,
    pub fee: Fee,
    pub result: ItemResult,
    pub materials: Vec<Material>,
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
    pub help: Help,
    #[serde(default)]
    pub facts: Vec<FactNeed>,
    pub form: Form,
    #[serde(default)]
    pub eligibility: Vec<Eligibility>,
    pub handling: Handling,
}

/// Other words that people look for. Pinyin is computed, not written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchWords {
    /// Other names of the item itself.
    #[serde(default)]
    pub aliases: WordLists,
    /// Words about it.
    #[serde(default)]
    pub keywords: WordLists,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordLists {
    #[serde(rename = "zh-Hans", default)]
    pub zh_hans: Vec<String>,
    #[serde(rename = "zh-Hant", default)]
    pub zh_hant: Vec<String>,
    #[serde(default)]
    pub en: Vec<String>,
}

impl WordLists {
    #[must_use]
    pub fn get(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::ZhHans => &self.zh_hans,
            Lang::ZhHant => &self.zh_hant,
            Lang::En => &self.en,
        }
    }
}

/// What keeps a document from being used. For the log and the console of those who write documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// Path in the document: `form.pages[0].fields[2].when`.
    pub path: String,
    pub line: Option<usize>,
    pub message: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

impl std::error::Error for DocumentError {}

impl Item {
    /// Reads a document.
    ///
    /// # Errors
    /// One error with a line when the YAML does not fit the model; otherwise every contradiction inside the document, by
    /// path: unknown references, doubled keys, empty texts, codes of the wrong shape.
    pub fn parse(yaml: &str) -> Result<Self, Vec<DocumentError>> {
        let item: Self = serde_norway::from_str(yaml).map_err(|error| vec![reading_error(&error)])?;
        let errors = check::check(&item);
        if errors.is_empty() { Ok(item) } else { Err(errors) }
    }

    /// What a guide checker finds; empty for a clean item.
    #[must_use]
    pub fn lint(&self) -> Vec<LintFinding> {
        lint::lint(self)
    }

    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        self.identity.name.get(lang)
    }

    /// The material that a form's file field takes.
    #[must_use]
    pub fn material_of_field(&self, field: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.field.as_deref() == Some(field))
    }

    #[must_use]
    pub fn fact(&self, reference: &str) -> Option<&FactNeed> {
        self.facts.iter().find(|need| need.reference().as_str() == reference)
    }

    /// The names of the item in a language, best known first, for lists that show one.
    #[must_use]
    pub fn shown_name(&self) -> &Text {
        self.identity.everyday_name.as_ref().unwrap_or(&self.identity.name)
    }
}

/// The reader's message is `path: what is wrong at line L column C`.
fn reading_error(error: &serde_norway::Error) -> DocumentError {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let (path, message) = match message.split_once(": ") {
        Some((path, rest)) if !path.contains(' ') => (path, rest),
        _ => ("", message),
    };
    DocumentError { path: path.to_owned(), line: error.location().map(|l| l.line()), message: message.to_owned() }
}

#[cfg(test)]
pub(crate) mod tests;
