//! A type of event: who publishes it, about whom, with which data, how long it is worth delivering.
use platform::i18n::{Lang, Text};
use platform::{Error, FieldError, Result};
use registry::Sensitivity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::rule::When;

/// The document `events/<key>.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventType {
    /// `person.moved`: noun and participle.
    pub key: String,
    pub name: Text,
    /// Key of the organisation that answers for it.
    pub publisher: String,
    pub about: About,
    #[serde(default)]
    pub subject: SubjectForm,
    /// The register that the data comes from: the trail names it.
    #[serde(default)]
    pub resource: Option<String>,
    /// Which change of the register makes the event; None: somebody publishes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    pub ttl_hours: u32,
    /// Law on which it is published; types of the API name none.
    #[serde(default)]
    pub basis: Text,
    #[serde(default)]
    pub data: Vec<DataField>,
    /// Set by the API alone: what the data must look like (the top level of a JSON Schema).
    #[serde(default)]
    pub schema: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    Person,
    Enterprise,
    /// No subject, and no order.
    Nothing,
}

/// What stands in `subject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectForm {
    /// A name that only this deployment can make: whoever must know more asks `exchange` for the fact.
    #[default]
    Pseudonym,
    Number,
    /// The number, and the pseudonym beside it in the attribute `subjectpseudonym`.
    Both,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataField {
    pub key: String,
    pub name: Text,
    pub sensitivity: Sensitivity,
    /// Of events that a register makes: its field, or `as-of`; without, the field of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl DataField {
    /// The register's field behind it, or `as-of`.
    #[must_use]
    pub fn source(&self) -> &str {
        self.from.as_deref().unwrap_or(&self.key)
    }
}

impl EventType {
    /// Reads a document. `path` names it in the error.
    pub fn parse(path: &str, yaml: &str) -> Result<Self, String> {
        let kind: Self = serde_norway::from_str(yaml).map_err(|error| format!("{path}: {error}"))?;
        kind.flaw().map_or(Ok(kind), |why| Err(format!("{path}: {why}")))
    }

    fn flaw(&self) -> Option<&'static str> {
        let word = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
        };
        let empty = |text: &Text| Lang::ALL.iter().any(|lang| text.get(*lang).trim().is_empty());
        if !word(&self.key) || !self.key.contains('.') {
            return Some("key is a noun and a participle in small letters with a point between, like person.moved");
        }
        if self.ttl_hours == 0 {
            return Some("ttl_hours is at least 1: an event without time reaches nobody");
        }
        if empty(&self.name) || self.data.iter().any(|field| empty(&field.name)) {
            return Some("a name is empty in one of the languages");
        }
        let why = "basis is empty in one of the languages: name the law on which it is published as {zh-Hans: …, zh-Hant: …, en: …}";
        empty(&self.basis).then_some(why)
    }

    /// Refuses data that the type does not name, or that its schema does not allow.
    pub fn check(&self, data: &Map<String, Value>) -> Result<()> {
        let wrong = match &self.schema {
            Some(schema) => flaws(schema, data),
            None => unknown(&self.data, data),
        };
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

fn unknown(known: &[DataField], data: &Map<String, Value>) -> Vec<FieldError> {
    let is_known = |key: &str| known.iter().any(|field| field.key == key);
    let strange = data.keys().filter(|key| !is_known(key));
    strange.map(|key| FieldError::new(format!("data.{key}"), "events-error-field")).collect()
}

/// The top level of the schema: what is required, and of which type the properties are. Deeper levels are the
/// subscribers' to check.
fn flaws(schema: &Value, data: &Map<String, Value>) -> Vec<FieldError> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing = required.filter(|key| !data.contains_key(*key));
    let missing = missing.map(|key| FieldError::new(format!("data.{key}"), "events-error-missing"));
    let wrong = data.iter().filter(|(key, value)| !is_of(&schema["properties"][key.as_str()]["type"], value));
    missing.chain(wrong.map(|(key, _)| FieldError::new(format!("data.{key}"), "events-error-kind"))).collect()
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(kind) => match kind.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "number" => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            _ => true,
        },
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, value)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_schema_holds_at_its_top_level() {
        let schema =
            json!({"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": ["integer", "null"]}}});
        let wrong = |data| flaws(&schema, &object(data)).into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(wrong(json!({"a": "x", "b": null, "c": 1})), Vec::<String>::new());
        assert_eq!(wrong(json!({"b": 1.5})), ["data.a", "data.b"]);
    }

    #[test]
    fn a_document_without_time_or_law_is_refused() {
        let yaml = "key: person.moved\nname: {zh-Hans: 迁移, zh-Hant: 遷移, en: Moved}\npublisher: public-security\n\
                    about: person\nttl_hours: 1\nbasis: {zh-Hans: 条例, zh-Hant: 條例, en: Regulation}\n";
        assert_eq!(EventType::parse("a", yaml).unwrap().subject, SubjectForm::Pseudonym);
        for (from, to, says) in [
            ("ttl_hours: 1", "ttl_hours: 0", "ttl_hours"),
            ("{zh-Hans: 条例, zh-Hant: 條例, en: Regulation}", "《户口登记条例》", "basis"),
            ("zh-Hant: 條例, en: Regulation", "zh-Hant: ' ', en: Regulation", "zh-Hant: …"),
            (", zh-Hant: 條例, en: Regulation", "", "zh-Hant"),
            ("person.moved", "Moved", "key"),
        ] {
            let wrong = EventType::parse("a", &yaml.replace(from, to)).unwrap_err();
            assert!(wrong.contains(says), "{to}: {wrong}");
        }
    }
}
