//! What an item gives: its result and the certificate that a granted case issues.
use codes::ResultType;
use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use time::Date;

use super::facts::Reference;

/// What the applicant gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemResult {
    pub kind: ResultType,
    #[serde(default)]
    pub name: Option<Text>,
    #[serde(default)]
    pub sample: Option<Sample>,
    #[serde(default)]
    pub validity: Option<Text>,
    pub delivery: Vec<Delivery>,
    #[serde(default)]
    pub certificate: Option<CertificateRule>,
}

/// A sample of a result or a filled form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub title: Text,
    /// Key of a certificate type, whose template is shown with invented data.
    #[serde(default)]
    pub certificate: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    Electronic,
    Counter,
    Courier,
}

/// The certificate that a granted case issues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRule {
    /// Key of the certificate type in the pack.
    #[serde(rename = "type")]
    pub kind: String,
    pub fields: Vec<CertificateField>,
    pub validity: Validity,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateField {
    pub field: String,
    pub from: Reference,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "term", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Validity {
    /// Months from the day of issue.
    Months {
        number: u16,
    },
    Until {
        #[serde(with = "platform::iso")]
        date: Date,
    },
    Permanent {},
}
