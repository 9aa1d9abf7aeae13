//! What an item asks for, and which of it in which situation.
use platform::i18n::Text;
use serde::{Deserialize, Serialize};

use super::result::Sample;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    pub key: String,
    pub name: Text,
    pub necessity: Necessity,
    pub kind: MaterialKind,
    pub form: MaterialForm,
    pub originals: u8,
    pub copies: u8,
    #[serde(default)]
    pub paper_size: Option<String>,
    /// Who gives it; the lint asks for one in every material.
    #[serde(default)]
    pub source: Option<MaterialSource>,
    #[serde(default)]
    pub source_note: Option<Text>,
    #[serde(default)]
    pub issuer: Option<Text>,
    pub basis: Text,
    #[serde(default)]
    pub standard: Option<Text>,
    #[serde(default)]
    pub filling: Option<Text>,
    #[serde(default)]
    pub blank_form: Option<String>,
    #[serde(default)]
    pub sample: Option<Sample>,
    /// 容缺: may follow after acceptance.
    pub gap_allowed: bool,
    /// 告知承诺: a written pledge may stand for it.
    pub pledge: bool,
    /// Not asked when the applicant holds this certificate or the register has the fact.
    #[serde(default)]
    pub exempt_by: Option<Exemption>,
    /// The form field that takes the file.
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub remark: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Key of a certificate type.
    #[serde(default)]
    pub certificate: Option<String>,
    /// Register resource that holds the fact.
    #[serde(default)]
    pub resource: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Necessity {
    Necessary,
    NotNecessary,
    Conditional,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialKind {
    Original,
    Copy,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialForm {
    Paper,
    Electronic,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialSource {
    Applicant,
    Government,
    Other,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub key: String,
    pub question: Text,
    pub options: Vec<ScenarioOption>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioOption {
    pub key: String,
    pub label: Text,
    /// Keys of the materials that apply.
    #[serde(default)]
    pub materials: Vec<String>,
    #[serde(default)]
    pub note: Option<Text>,
}
