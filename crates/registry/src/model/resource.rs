//! A catalogue entry: the core elements of GB/T 21063.3 and of the catalogue guide of 2017, as one YAML document.
//! `document` reads and checks it.
use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

use super::code::ResourceCode;
use super::quality::Rule;

/// What a provider declares about one resource: who answers for it, what it holds, on which terms it is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Short name in addresses and grants: `population`.
    pub key: String,
    /// See `ResourceCode`.
    pub code: String,
    /// The parts of the classification, named: 类, 项, 目, 细目.
    pub class: Text,
    pub item: Text,
    pub entry: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Text>,
    pub base: Base,
    pub name: Text,
    #[serde(rename = "abstract")]
    pub summary: Text,
    /// Key of the organisation that answers for the data.
    pub provider: String,
    /// Its unified social credit code; empty until the publication fills it in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider_code: String,
    pub subject: Subjects,
    pub format: String,
    pub fields: Vec<Field>,
    pub sharing: Sharing,
    #[serde(default)]
    pub sharing_condition: Option<Text>,
    /// The law that the sharing, or its refusal, rests on.
    pub sharing_ground: Text,
    /// How it is handed over (共享方式).
    #[serde(default)]
    pub sharing_way: SharingWay,
    pub opening: Opening,
    #[serde(default)]
    pub opening_condition: Option<Text>,
    pub update: Update,
    #[serde(with = "platform::iso")]
    pub published: Date,
    #[serde(default)]
    pub keywords: Vec<String>,
    /// A rule that the provider keeps.
    pub quality: Text,
    /// After how many days a value counts as stale; 0: never.
    pub max_age_days: u32,
    /// Rules that each delivery is measured by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Keys of resources that belong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
    #[serde(default)]
    pub held: Held,
}

/// Where the records are. Only what is delivered to us can be late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// In our own register, by deliveries.
    #[default]
    Here,
    /// In the provider's system, asked there.
    Elsewhere,
}

/// 共享方式 of the catalogue guide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingWay {
    /// Asked one by one through the exchange.
    #[default]
    Call,
    /// Tables copied through the exchange.
    Table,
    File,
    /// Handed over on paper or disks.
    Media,
}

/// The base register, or the theme, that a resource belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    Population,
    LegalEntity,
    Space,
    Economy,
    Credit,
    Theme,
}

/// Whom the records of a resource are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subjects {
    Person,
    Enterprise,
    Any,
    /// Neither person nor enterprise: a place, a parcel, a policy; known by a code of its own.
    Thing,
}

/// One of the two kinds of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// Known by the resident ID number.
    Person,
    /// Known by the unified social credit code.
    Enterprise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    Unconditional,
    Conditional,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    None,
    Conditional,
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Update {
    RealTime,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub key: String,
    pub name: Text,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Characters at most; digits at most for integers.
    pub length: u32,
    pub required: bool,
    pub sensitivity: Sensitivity,
    /// Where it differs from the resource: personal fields of an open resource are not opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// The meaning of each code of a code field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<CodeValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    Text,
    Integer,
    /// `YYYY-MM-DD`.
    Date,
    /// One of `values`.
    Code,
    /// GB 11643, check character included.
    ResidentId,
    /// GB 32100, check characters included.
    Uscc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    Public,
    Internal,
    Personal,
    Sensitive,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeValue {
    pub code: String,
    pub name: Text,
}

impl Subjects {
    #[must_use]
    pub fn includes(self, kind: SubjectKind) -> bool {
        match self {
            Self::Person => kind == SubjectKind::Person,
            Self::Enterprise => kind == SubjectKind::Enterprise,
            Self::Any => true,
            Self::Thing => false,
        }
    }
}

impl Resource {
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Class, item, entry and detail as one number: where the resource stands in the classification.
    #[must_use]
    pub fn classification(&self) -> &str {
        self.code.split('/').next().unwrap_or_default()
    }

    /// The code in its parts; documents are checked, so it has them.
    #[must_use]
    pub fn parts(&self) -> Option<ResourceCode> {
        ResourceCode::parse(&self.code)
    }

    /// Whether this is the register that the subject itself is kept in (population, legal entities).
    #[must_use]
    pub fn is_own_base(&self) -> bool {
        self.code.starts_with('1') && matches!(self.base, Base::Population | Base::LegalEntity)
    }

    /// How far a field is opened: as it says itself, else as the resource, but what is personal never by default.
    #[must_use]
    pub fn opening_of(&self, field: &Field) -> Opening {
        let personal = field.sensitivity >= Sensitivity::Personal;
        field.opening.unwrap_or(if personal { Opening::None } else { self.opening })
    }
}

impl Field {
    /// What a code means; None for other types and unknown codes.
    #[must_use]
    pub fn meaning(&self, value: &Value) -> Option<&Text> {
        let code = value.as_str()?;
        self.values.iter().find(|known| known.code == code).map(|known| &known.name)
    }
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
