//! The documents of a pack that describe the types of certificates: `certificates/<key>.yaml`.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use codes::CertificateType;
use platform::i18n::Text;
use platform::mask::Mask;
use serde::{Deserialize, Serialize};

use time::{Date, Duration, Month};

use super::number::NumberPattern;
use super::statement::Day;

/// How much of a field a verifier may see (the holder sees everything).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    Public,
    /// Only so much that it can be compared with what somebody says.
    Masked,
    Private,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    Text,
    Number,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// Fen.
    Money,
    /// 1 or 2 (GB/T 2261.1).
    Sex,
    /// One option, given by its words in three languages.
    Choice,
    /// A list of such options.
    Choices,
}

/// One field of a certificate, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    pub key: String,
    pub label: Text,
    pub kind: FieldKind,
    pub disclosure: Disclosure,
    /// How a masked value is hidden.
    #[serde(default)]
    pub mask: Mask,
    /// May be left out.
    #[serde(default)]
    pub optional: bool,
}

/// How the card looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    pub title: Text,
    #[serde(default)]
    pub subtitle: Option<Text>,
    /// `ID-1`, `A4`, `A3`: the size of the printed one.
    pub paper: String,
    pub orientation: Orientation,
    /// The seal's inscription.
    pub seal: Text,
    /// A word that the style sheet knows.
    pub colour: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Orientation {
    Portrait,
    Landscape,
}

/// Whom a type is issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderKind {
    Person,
    Enterprise,
}

/// How long such certificates hold. The days themselves come with each certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "term", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Term {
    /// Months from the first day.
    Months {
        number: u16,
    },
    Until {
        date: Day,
    },
    Permanent {},
}

impl Term {
    /// The last day of one that begins on `from`; None: for good. A month that lacks the day ends on its last day.
    #[must_use]
    pub fn last_day(self, from: Date) -> Option<Date> {
        match self {
            Self::Permanent {} => None,
            Self::Until { date } => Some(date.0),
            Self::Months { number } => Some(months_later(from, number) - Duration::DAY),
        }
    }
}

fn months_later(from: Date, months: u16) -> Date {
    let month = i32::from(u8::from(from.month())) - 1 + i32::from(months);
    let (year, month) = (from.year() + month.div_euclid(12), month.rem_euclid(12) + 1);
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok()).unwrap_or(Month::December);
    let found = (0..4).try_for_each(|short| match Date::from_calendar_date(year, month, from.day() - short) {
        Ok(date) => ControlFlow::Break(date),
        Err(_) => ControlFlow::Continue(()),
    });
    found.break_value().unwrap_or(from)
}

/// A type of certificate as its document gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeDocument {
    pub key: String,
    pub name: Text,
    /// GB/T 36904: the credit code of the body that defines the type, and three digits.
    pub code: String,
    /// The pattern of numbers, see [`NumberPattern`].
    pub number: String,
    pub holder: HolderKind,
    pub fields: Vec<FieldRule>,
    pub validity: Term,
    /// Key of the organisation that issues it, or `decider`: the one that decided the case.
    pub issuer: String,
    pub layout: Layout,
}

/// A type that has been checked.
#[derive(Debug, Clone)]
pub struct Kind {
    pub document: TypeDocument,
    pub code: CertificateType,
    pub number: NumberPattern,
}

impl Kind {
    fn check(document: TypeDocument) -> Result<Self, String> {
        let code = CertificateType::parse(&document.code).map_err(|error| format!("code: {error}"))?;
        let number = NumberPattern::parse(&document.number).map_err(|why| format!("number: {why}"))?;
        let mut keys = BTreeSet::new();
        if let Some(twice) = document.fields.iter().find(|field| !keys.insert(field.key.as_str())) {
            return Err(format!("field {} stands twice", twice.key));
        }
        let texts = [&document.name, &document.layout.title, &document.layout.seal].into_iter();
        let texts = texts.chain(document.fields.iter().map(|field| &field.label));
        for text in texts {
            if [&text.zh_hans, &text.zh_hant, &text.en].into_iter().any(|words| words.trim().is_empty()) {
                return Err(format!("a text is empty in a language: {text:?}"));
            }
        }
        Ok(Self { document, code, number })
    }

    /// The rule of a field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&FieldRule> {
        self.document.fields.iter().find(|field| field.key == key)
    }
}

/// All types of a deployment, by key.
#[derive(Debug, Clone, Default)]
pub struct Types(BTreeMap<String, Kind>);

impl Types {
    /// Reads documents: (file name, YAML). The error names the file and what is wrong in it.
    pub fn load<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut types = BTreeMap::new();
        for (file, yaml) in documents {
            let document: TypeDocument = serde_norway::from_str(yaml).map_err(|error| format!("{file}: {error}"))?;
            let key = document.key.clone();
            let kind = Kind::check(document).map_err(|why| format!("{file}: {why}"))?;
            if types.insert(key.clone(), kind).is_some() {
                return Err(format!("{file}: the type {key} is described twice"));
            }
        }
        Ok(Self(types))
    }

    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Kind> {
        self.0.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn terms_end_on_a_day_that_exists() {
        let year = Term::Months { number: 12 };
        assert_eq!(year.last_day(date!(2026 - 11 - 21)), Some(date!(2027 - 11 - 20)));
        assert_eq!(year.last_day(date!(2024 - 02 - 29)), Some(date!(2025 - 02 - 27)));
        assert_eq!(Term::Months { number: 1 }.last_day(date!(2026 - 12 - 31)), Some(date!(2027 - 01 - 30)));
        assert_eq!(Term::Permanent {}.last_day(date!(2026 - 11 - 21)), None);
    }

    fn pack() -> Vec<(String, String)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/demo/certificates");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect()
    }

    #[test]
    fn every_document_of_the_pack_can_be_read() {
        let pack = pack();
        let types = Types::load(pack.iter().map(|(file, yaml)| (file.as_str(), yaml.as_str()))).unwrap();
        assert!(["senior-card", "residence-permit", "food-licence"].iter().all(|key| types.find(key).is_some()));
    }

    #[test]
    fn a_wrong_document_is_refused_with_its_file_and_the_reason() {
        let (_, good) = pack().into_iter().find(|(file, _)| file.ends_with("senior-card.yaml")).unwrap();
        let changes = [
            ("G001\"", "G000\"", "code"),
            ("{serial:8}", "", "number"),
            ("key: holder-id", "key: holder-name", "twice"),
            ("en: \"Sex\"", "en: \" \"", "empty"),
            ("disclosure: private", "disclosure: secret", "secret"),
            ("issuer:", "isuer:", "isuer"),
        ];
        for (from, to, word) in changes {
            assert!(good.contains(from), "{from}");
            let error = Types::load([("a.yaml", good.replacen(from, to, 1).as_str())]).unwrap_err();
            assert!(error.starts_with("a.yaml: ") && error.contains(word), "{error}");
        }
        assert!(Types::load([("a.yaml", good.as_str()), ("b.yaml", good.as_str())]).unwrap_err().contains("twice"));
    }
}
