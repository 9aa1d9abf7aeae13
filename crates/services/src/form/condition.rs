//! When a page or field is shown: conditions on earlier answers.
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ConditionDocument", into = "ConditionDocument")]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Field { field: String, is: Is },
}

/// What is asked of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    Equals(String),
    In(Vec<String>),
    Answered(bool),
}

/// The written form: exactly one of `all`, `any`, `not`, or `field` with `equals`, `in` or `answered`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConditionDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Box<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    equals: Option<String>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    one_of: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<bool>,
}

impl TryFrom<ConditionDocument> for Condition {
    type Error = String;

    fn try_from(doc: ConditionDocument) -> Result<Self, String> {
        let is = match (doc.equals, doc.one_of, doc.answered) {
            (Some(value), None, None) => Some(Is::Equals(value)),
            (None, Some(values), None) => Some(Is::In(values)),
            (None, None, Some(answered)) => Some(Is::Answered(answered)),
            (None, None, None) => None,
            _ => return Err("write only one of equals, in, answered".to_owned()),
        };
        match (doc.all, doc.any, doc.not, doc.field, is) {
            (Some(list), None, None, None, None) => Ok(Self::All(list)),
            (None, Some(list), None, None, None) => Ok(Self::Any(list)),
            (None, None, Some(inner), None, None) => Ok(Self::Not(inner)),
            (None, None, None, Some(field), Some(is)) => Ok(Self::Field { field, is }),
            _ => Err("write all, any, not, or field with equals, in or answered".to_owned()),
        }
    }
}

impl From<Condition> for ConditionDocument {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::All(list) => Self { all: Some(list), ..Self::default() },
            Condition::Any(list) => Self { any: Some(list), ..Self::default() },
            Condition::Not(inner) => Self { not: Some(inner), ..Self::default() },
            Condition::Field { field, is } => {
                let doc = Self { field: Some(field), ..Self::default() };
                match is {
                    Is::Equals(value) => Self { equals: Some(value), ..doc },
                    Is::In(values) => Self { one_of: Some(values), ..doc },
                    Is::Answered(answered) => Self { answered: Some(answered), ..doc },
                }
            }
        }
    }
}

impl Condition {
    /// `answer` gives the answer to a field as far as the field is shown itself.
    #[must_use]
    pub fn holds<'a>(&self, answer: &impl Fn(&str) -> Option<&'a Value>) -> bool {
        match self {
            Self::All(list) => list.iter().all(|condition| condition.holds(answer)),
            Self::Any(list) => list.iter().any(|condition| condition.holds(answer)),
            Self::Not(inner) => !inner.holds(answer),
            Self::Field { field, is } => {
                let given = answer(field);
                match is {
                    Is::Equals(value) => given.is_some_and(|given| says(given, value)),
                    Is::In(values) => given.is_some_and(|given| values.iter().any(|value| says(given, value))),
                    Is::Answered(wanted) => given.is_some_and(is_answered) == *wanted,
                }
            }
        }
    }

    /// The fields that it looks at.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::Field { field, .. } => vec![field],
        }
    }
}

/// A list of ticked boxes says each of its members.
fn says(given: &Value, value: &str) -> bool {
    match given {
        Value::String(text) => text.trim() == value,
        Value::Array(list) => list.iter().any(|member| member.as_str() == Some(value)),
        _ => false,
    }
}

/// Whether anything was typed, ticked or attached.
pub(super) fn is_answered(given: &Value) -> bool {
    match given {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => list.iter().any(is_answered),
        Value::Object(map) => map.values().any(is_answered),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
