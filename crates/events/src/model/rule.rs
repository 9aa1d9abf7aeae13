//! Which change of a register makes an event, and which of the register's fields each part of its data tells.
use platform::clock::{iso_date, parse_iso_date};
use platform::{Error, Result};
use registry::{Changed, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::kind::{DataField, EventType};

/// In place of a field: the day that the record speaks of.
pub const AS_OF: &str = "as-of";

/// What must happen to a record of the type's resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case", deny_unknown_fields)]
pub enum When {
    /// The subject's first record, whose `date` lies at most so many days before the day that the record speaks of: an
    /// old stock that is delivered for the first time is no news.
    New { date: String, within_days: u16 },
    /// One of these fields says something else than before; one of `to`, where that is not empty.
    Changed {
        fields: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<String>,
    },
}

impl When {
    /// The fields whose change the event tells of.
    pub fn fields(&self) -> &[String] {
        match self {
            Self::New { date, .. } => std::slice::from_ref(date),
            Self::Changed { fields, .. } => fields,
        }
    }
}

/// A change with its data read, once for all types that look at it.
pub struct Seen<'a> {
    pub changed: &'a Changed<'a>,
    before: Option<Map<String, Value>>,
    after: Map<String, Value>,
}

impl<'a> Seen<'a> {
    pub fn read(changed: &'a Changed<'a>) -> Result<Self> {
        let object = |text: &str| {
            serde_json::from_str(text).map_err(|e| Error::Internal(format!("a record that is no JSON object: {e}")))
        };
        Ok(Self { changed, before: changed.before.map(object).transpose()?, after: object(changed.after)? })
    }

    pub fn is(&self, when: &When) -> bool {
        match (when, &self.before) {
            (When::New { date, within_days }, None) => {
                let day = self.after.get(date).and_then(Value::as_str).and_then(parse_iso_date);
                day.is_some_and(|day| (self.changed.as_of - day).whole_days() <= i64::from(*within_days))
            }
            (When::Changed { fields, to }, Some(before)) => fields.iter().any(|field| {
                let now = self.after.get(field);
                before.get(field) != now && (to.is_empty() || now.is_some_and(|now| to.contains(&plain(now))))
            }),
            _ => false,
        }
    }

    /// The event's data; a field that the record leaves out is left out.
    pub fn data(&self, kind: &EventType) -> Map<String, Value> {
        let value = |field: &DataField| match field.source() {
            AS_OF => Some(Value::String(iso_date(self.changed.as_of))),
            from => self.after.get(from).cloned(),
        };
        kind.data.iter().filter_map(|field| Some((field.key.clone(), value(field)?))).collect()
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl EventType {
    /// Whether what the type says of its register holds; the error names what does not. Types that no register makes
    /// are always sound.
    pub fn check_register<'r>(&self, find: impl Fn(&str) -> Option<&'r Resource>) -> Result<(), String> {
        let Some(when) = &self.when else { return Ok(()) };
        let key = &self.key;
        let resource = self.resource.as_deref().unwrap_or_default();
        let found = find(resource).ok_or_else(|| {
            format!("{key}: `when` needs the register that changes; name a resource of the catalogue in `resource`")
        })?;
        // One number, one source: who answers for the record answers for the news.
        if found.provider != self.publisher {
            return Err(format!("{key}: {resource} is of {}, which must be the publisher", found.provider));
        }
        let told = self.data.iter().map(DataField::source).filter(|from| *from != AS_OF);
        let mut named = when.fields().iter().map(String::as_str).chain(told);
        match named.find(|field| found.field(field).is_none()) {
            Some(unknown) => Err(format!("{key}: {resource} has no field {unknown}; use the names of the entry")),
            None => Ok(()),
        }
    }

    /// The register's fields that a part of the data tells something about; of the day of the record: those whose
    /// change it dates.
    pub fn told_by<'k>(&'k self, field: &'k DataField) -> Vec<&'k str> {
        match (field.source(), &self.when) {
            (AS_OF, Some(when)) => when.fields().iter().map(String::as_str).collect(),
            (from, _) => vec![from],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::date;

    use super::*;

    fn is(when: &Value, (before, after): (Option<Value>, Value)) -> bool {
        let when: When = serde_json::from_value(when.clone()).unwrap();
        let (before, after) = (before.map(|v| v.to_string()), after.to_string());
        let changed = Changed { subject: "x", as_of: date!(2026 - 11 - 20), before: before.as_deref(), after: &after };
        Seen::read(&changed).unwrap().is(&when)
    }

    #[test]
    fn a_change_counts_where_the_field_differs() {
        let died = json!({"change": "changed", "fields": ["life"], "to": ["deceased"]});
        let pair = |before: &str, after: &str| (Some(json!({"life": before, "a": 1})), json!({"life": after, "a": 2}));
        assert!(is(&died, pair("alive", "deceased")));
        assert!(!is(&died, pair("deceased", "deceased")), "another field changed");
        assert!(!is(&died, pair("deceased", "alive")), "taken back");
        assert!(!is(&died, (None, json!({"life": "deceased"}))), "nothing was known before");
        let any = json!({"change": "changed", "fields": ["a", "b"]});
        assert!(is(&any, (Some(json!({"a": 1})), json!({"a": 1, "b": 2}))), "a field that was not there");
        assert!(!is(&any, (Some(json!({"a": 1})), json!({"a": 1, "c": 2}))));
    }

    #[test]
    fn a_first_record_counts_while_it_is_news() {
        let born = json!({"change": "new", "date": "born", "within_days": 30});
        assert!(is(&born, (None, json!({"born": "2026-10-21"}))));
        assert!(!is(&born, (None, json!({"born": "2026-10-20"}))), "too long ago");
        assert!(!is(&born, (None, json!({}))));
        assert!(!is(&born, (Some(json!({"born": "2026-11-19"})), json!({"born": "2026-11-20"}))), "not the first");
    }
}
