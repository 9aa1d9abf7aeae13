//! A catalogue entry: the core elements of GB/T 21063.3 and of the catalogue guide of 2017, as one YAML document.
use platform::i18n::{Lang, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

/// What a provider declares about one resource: who answers for it, what it holds, on which terms it is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Short name in addresses and grants: `population`.
    pub key: String,
    /// Classification and serial: class 1 digit, item 2, entry 3, `/`, serial 6 (GB/T 21063.5).
    pub code: String,
    pub class: Text,
    pub item: Text,
    pub entry: Text,
    pub base: Base,
    pub name: Text,
    #[serde(rename = "abstract")]
    pub summary: Text,
    /// Key of the organisation that answers for the data.
    pub provider: String,
    pub subject: Subjects,
    pub format: String,
    pub fields: Vec<Field>,
    pub sharing: Sharing,
    #[serde(default)]
    pub sharing_condition: Option<Text>,
    /// The law that the sharing, or its refusal, rests on.
    pub sharing_ground: Text,
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
}

/// The base register, or the theme, that a resource belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    Population,
    LegalEntity,
    Space,
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
        }
    }
}

impl Resource {
    /// Reads a document. `path` names it in the error, which begins with `path:line:`.
    pub fn parse(path: &str, yaml: &str) -> Result<Self, String> {
        let resource: Self = serde_norway::from_str(yaml).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            format!("{path}:{line}: {error}")
        })?;
        resource.check().map_err(|(near, why)| format!("{path}:{}: {why}", line_of(yaml, &near)))?;
        Ok(resource)
    }

    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Class, item and entry as one number: where the resource stands in the classification.
    #[must_use]
    pub fn classification(&self) -> &str {
        self.code.split('/').next().unwrap_or_default()
    }

    /// Whether this is the register that the subject itself is kept in (population, legal entities).
    #[must_use]
    pub fn is_own_base(&self) -> bool {
        self.code.starts_with('1') && matches!(self.base, Base::Population | Base::LegalEntity)
    }

    /// The error and the text near which it stands.
    fn check(&self) -> Result<(), (String, String)> {
        let at_key = |name: &str| format!("{name}:");
        ensure(is_slug(&self.key, '-'), at_key("key"), || {
            format!("key {:?}: small letters, digits and hyphens", self.key)
        })?;
        ensure(is_code(&self.code), at_key("code"), || {
            format!("code {:?}: six digits of the classification, a slash, six digits of the serial", self.code)
        })?;
        ensure(!self.provider.is_empty(), at_key("provider"), || "provider: name the organisation's key".to_owned())?;
        ensure(self.sharing != Sharing::Conditional || self.sharing_condition.is_some(), at_key("sharing"), || {
            "sharing is conditional: say when, in sharing_condition".to_owned()
        })?;
        ensure(!self.fields.is_empty(), at_key("fields"), || "fields: at least one".to_owned())?;
        ensure(is_written(&self.name), at_key("name"), || "name: write it in all three languages".to_owned())?;
        self.fields.iter().enumerate().try_for_each(|(at, field)| self.check_field(at, field))
    }

    fn check_field(&self, at: usize, field: &Field) -> Result<(), (String, String)> {
        let (near, key) = (format!("key: {}", field.key), &field.key);
        let twice = self.fields[..at].iter().any(|other| other.key == *key);
        let reserved = ["subject", "as_of"].contains(&key.as_str());
        ensure(is_slug(key, '_'), near.clone(), || format!("field {key:?}: small letters, digits and underscores"))?;
        ensure(!twice, near.clone(), || format!("field {key} stands twice"))?;
        ensure(!reserved, near.clone(), || format!("field {key}: this name is taken by deliveries, choose another"))?;
        ensure(is_written(&field.name), near.clone(), || format!("field {key}: name it in all three languages"))?;
        ensure(field.length > 0, near.clone(), || format!("field {key}: length is at least 1"))?;
        let coded = field.kind == FieldType::Code;
        ensure(coded != field.values.is_empty(), near.clone(), || {
            format!("field {key}: values stand with the type code, and only there")
        })?;
        let mut codes: Vec<&str> = field.values.iter().map(|value| value.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        ensure(codes.len() == field.values.len(), near, || format!("field {key}: a code stands twice"))
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

fn ensure(holds: bool, near: String, why: impl FnOnce() -> String) -> Result<(), (String, String)> {
    if holds { Ok(()) } else { Err((near, why())) }
}

fn is_slug(text: &str, joint: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

fn is_code(text: &str) -> bool {
    let digits = |part: &str| part.len() == 6 && part.bytes().all(|b| b.is_ascii_digit());
    text.starts_with(['1', '2', '3'])
        && text.split_once('/').is_some_and(|(class, serial)| digits(class) && digits(serial))
}

fn is_written(text: &Text) -> bool {
    Lang::ALL.iter().all(|lang| !text.get(*lang).trim().is_empty())
}

/// The line of a key of the document (`name:`, not indented) or of a field (`key: mobile`), from 1; of two fields of one
/// name the second is the wrong one.
fn line_of(yaml: &str, near: &str) -> usize {
    let of_document = near.ends_with(':');
    let stands = |line: &str| match of_document {
        true => line.starts_with(near),
        false => line.trim_start_matches(['-', ' ']).trim_end() == near,
    };
    yaml.lines().enumerate().filter(|(_, line)| stands(line)).last().map_or(1, |(at, _)| at + 1)
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
