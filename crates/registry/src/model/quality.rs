//! Rules of quality that a provider declares beside the types: measured on each delivery, told with counts and examples.
//! A row that breaks one is taken all the same; one that breaks a type is not (`check`).
use platform::clock::parse_iso_date;
use regex_lite::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::resource::{FieldType, Resource};

/// One rule of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// The field should be filled, though a record without it is taken.
    Required { field: String },
    /// The whole text fits the expression.
    Pattern { field: String, pattern: String },
    /// A whole number lies between, both ends included.
    Range {
        field: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// One of a set of codes that is narrower than the field's own.
    CodeSet { field: String, codes: Vec<String> },
    /// Of two dates the first is not later than the second; a record that lacks one keeps the rule.
    DateOrder { first: String, then: String },
}

impl Rule {
    /// The field that an example is told of.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Required { field } | Self::Pattern { field, .. } | Self::Range { field, .. } => field,
            Self::CodeSet { field, .. } => field,
            Self::DateOrder { first, .. } => first,
        }
    }

    /// All fields that it speaks of.
    fn fields(&self) -> Vec<&str> {
        match self {
            Self::DateOrder { first, then } => vec![first, then],
            other => vec![other.field()],
        }
    }

    /// The key of the words that say it; `args` fills them.
    #[must_use]
    pub fn text_key(&self) -> &'static str {
        match self {
            Self::Required { .. } => "registry-rule-required",
            Self::Pattern { .. } => "registry-rule-pattern",
            Self::Range { min: None, .. } => "registry-rule-range-max",
            Self::Range { max: None, .. } => "registry-rule-range-min",
            Self::Range { .. } => "registry-rule-range",
            Self::CodeSet { .. } => "registry-rule-code-set",
            Self::DateOrder { .. } => "registry-rule-date-order",
        }
    }

    /// What is wrong with the rule itself, None when it can be measured.
    #[must_use]
    pub fn flaw(&self, resource: &Resource) -> Option<String> {
        let unknown = self.fields().into_iter().find(|key| resource.field(key).is_none());
        if let Some(key) = unknown {
            return Some(format!("rules: {key} is no field of this resource"));
        }
        let is = |key: &str, kind: FieldType| resource.field(key).is_some_and(|field| field.kind == kind);
        match self {
            Self::Pattern { pattern, .. } => whole(pattern).err().map(|error| format!("rules: pattern: {error}")),
            Self::Range { field, min, max } if !is(field, FieldType::Integer) || (min.is_none() && max.is_none()) => {
                Some(format!("rules: a range of {field} needs an integer field, and min or max"))
            }
            Self::CodeSet { field, codes } if codes.is_empty() => Some(format!("rules: {field} has no codes")),
            Self::DateOrder { first, then } if !is(first, FieldType::Date) || !is(then, FieldType::Date) => {
                Some(format!("rules: {first} and {then} must both be dates"))
            }
            _ => None,
        }
    }
}

fn whole(pattern: &str) -> Result<Regex, regex_lite::Error> {
    Regex::new(&format!("^(?:{pattern})$"))
}

/// How often a rule was broken, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Its place in the document's list.
    pub rule: usize,
    pub count: u64,
    /// Lines of the delivery: no values, as they may be personal.
    pub examples: Vec<u64>,
}

const EXAMPLES: usize = 5;

/// The rules of one resource, ready to measure rows.
pub struct Meter {
    rules: Vec<(Rule, Option<Regex>)>,
    broken: Vec<Broken>,
}

impl Meter {
    #[must_use]
    pub fn new(resource: &Resource) -> Self {
        let compiled = |rule: &Rule| match rule {
            Rule::Pattern { pattern, .. } => whole(pattern).ok(),
            _ => None,
        };
        let rules: Vec<_> = resource.rules.iter().map(|rule| (rule.clone(), compiled(rule))).collect();
        let broken = (0..rules.len()).map(|rule| Broken { rule, ..Broken::default() }).collect();
        Self { rules, broken }
    }

    /// Counts what the row of this line breaks.
    pub fn row(&mut self, line: u64, data: &Map<String, Value>) {
        for ((rule, regex), broken) in self.rules.iter().zip(&mut self.broken) {
            if !keeps(rule, regex.as_ref(), data) {
                broken.count += 1;
                if broken.examples.len() < EXAMPLES {
                    broken.examples.push(line);
                }
            }
        }
    }

    /// The rules that were broken, in the order of the document.
    #[must_use]
    pub fn end(self) -> Vec<Broken> {
        self.broken.into_iter().filter(|broken| broken.count > 0).collect()
    }
}

fn keeps(rule: &Rule, regex: Option<&Regex>, data: &Map<String, Value>) -> bool {
    let text = |key: &str| data.get(key).and_then(Value::as_str);
    match rule {
        Rule::Required { field } => data.get(field).is_some_and(|value| value.as_str() != Some("")),
        Rule::Pattern { field, .. } => text(field).is_none_or(|text| regex.is_none_or(|regex| regex.is_match(text))),
        Rule::Range { field, min, max } => data
            .get(field)
            .and_then(Value::as_i64)
            .is_none_or(|number| min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)),
        Rule::CodeSet { field, codes } => text(field).is_none_or(|code| codes.iter().any(|known| known == code)),
        Rule::DateOrder { first, then } => {
            let day = |key| text(key).and_then(parse_iso_date);
            day(first).zip(day(then)).is_none_or(|(first, then)| first <= then)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOOD: &str = include_str!("../../../../packs/demo/registers/food-staff.yaml");

    fn resource(rules: &str) -> Result<Resource, String> {
        let kept = FOOD.lines().take_while(|line| !line.starts_with("rules:")).collect::<Vec<_>>().join("\n");
        Resource::parse("food-staff.yaml", &format!("{kept}\nrules:\n{rules}"))
    }

    fn row(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn broken_rules_are_counted_with_examples_by_line() {
        let rules =
            "- {rule: pattern, field: certificate_no, pattern: 'JK[0-9]{4}'}\n- {rule: required, field: valid_to}\n";
        let mut meter = Meter::new(&resource(rules).unwrap());
        meter.row(2, &row(r#"{"certificate_no": "JK0001", "valid_to": "2027-01-01"}"#));
        for line in 3..20 {
            meter.row(line, &row(r#"{"certificate_no": "xJK0001", "valid_to": "2027-01-01"}"#));
        }
        meter.row(20, &row(r#"{"certificate_no": "JK0001"}"#));
        let broken = meter.end();
        assert_eq!(broken.len(), 2);
        assert_eq!((broken[0].rule, broken[0].count, &broken[0].examples[..]), (0, 17, &[3, 4, 5, 6, 7][..]));
        assert_eq!((broken[1].count, &broken[1].examples[..]), (1, &[20][..]));
    }

    #[test]
    fn numbers_codes_and_dates_are_measured() {
        let data = row(r#"{"n": 7, "c": "x", "a": "2026-02-01", "b": "2026-01-31"}"#);
        let text = |text: &str| text.to_owned();
        let range = |min, max| Rule::Range { field: text("n"), min, max };
        assert!(keeps(&range(Some(7), Some(7)), None, &data) && !keeps(&range(Some(8), None), None, &data));
        assert!(!keeps(&range(None, Some(6)), None, &data));
        assert!(!keeps(&Rule::CodeSet { field: text("c"), codes: vec![text("y")] }, None, &data));
        assert!(!keeps(&Rule::DateOrder { first: text("a"), then: text("b") }, None, &data));
        assert!(keeps(&Rule::DateOrder { first: text("b"), then: text("a") }, None, &data));
        assert!(keeps(&Rule::DateOrder { first: text("b"), then: text("none") }, None, &data));
    }

    #[test]
    fn a_rule_that_cannot_be_measured_is_refused() {
        for (rule, why) in [
            ("- {rule: required, field: colour}", "no field"),
            ("- {rule: pattern, field: certificate_no, pattern: '['}", "pattern"),
            ("- {rule: range, field: certificate_no, min: 1}", "integer"),
            ("- {rule: date-order, first: certificate_no, then: valid_to}", "dates"),
        ] {
            assert!(resource(rule).unwrap_err().contains(why), "{rule}");
        }
    }
}
