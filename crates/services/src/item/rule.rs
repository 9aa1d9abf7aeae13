//! Conditions of an item's document: a tree of all, any, not and tests on register facts and answers.
use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

use super::facts::Reference;

/// A list of conditions that was in force for a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    #[serde(with = "platform::iso")]
    pub from: Date,
    /// The last day; still in force when absent.
    #[serde(default, with = "platform::iso::option")]
    pub to: Option<Date>,
    pub rule: Rule,
}

impl Eligibility {
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RuleDocument", into = "RuleDocument")]
pub enum Rule {
    All(Vec<Rule>),
    /// One of them is enough; with `said`, one reason is given for the group instead of one for each member.
    Any(Vec<Rule>, Option<Said>),
    Not(Box<Rule>, Said),
    Test(Test),
}

/// How a condition is told to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The condition itself: "aged 60 or over".
    pub message: Text,
    /// What is said when it is not met: why, and what to do next.
    pub if_unmet: Option<Text>,
    /// The provision, in words.
    pub basis: Text,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub kind: TestKind,
    pub of: Reference,
    pub value: Operand,
    pub said: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// Full years on the day of decision; the value is a number of years.
    AgeAtLeast,
    AgeBelow,
    Equals,
    In,
    /// The register or the applicant gives any value.
    Exists,
    /// Full months since a date or month.
    MonthsSinceAtLeast,
    /// A date on or before the value, or before the day of decision when the value is `today`.
    NotAfter,
    NotBefore,
    NumberAtLeast,
    NumberAtMost,
    StartsWith,
}

/// What a test compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Nothing,
    Number(i64),
    Text(String),
    OneOf(Vec<String>),
    Day(Day),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Today,
    Fixed(Date),
}

/// The written form: exactly one of `all`, `any`, `not`, `test`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RuleDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Rule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Rule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Box<Rule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<TestKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    if_unmet: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Text>,
}

impl TryFrom<RuleDocument> for Rule {
    type Error = String;

    fn try_from(doc: RuleDocument) -> Result<Self, String> {
        let said = match (doc.message, doc.basis) {
            (Some(message), Some(basis)) => Some(Said { message, if_unmet: doc.if_unmet, basis }),
            (None, None) if doc.if_unmet.is_none() => None,
            _ => return Err("message and basis belong together; if_unmet needs both".to_owned()),
        };
        let missing = || "a test and a not need message and basis: people are told why".to_owned();
        match (doc.all, doc.any, doc.not, doc.test) {
            (Some(rules), None, None, None) if !rules.is_empty() => Ok(Self::All(rules)),
            (None, Some(rules), None, None) if !rules.is_empty() => Ok(Self::Any(rules, said)),
            (None, None, Some(rule), None) => Ok(Self::Not(rule, said.ok_or_else(missing)?)),
            (None, None, None, Some(kind)) => {
                let of = doc.of.ok_or("a test needs `of`: the fact or field that is tested")?;
                let value = operand(kind, doc.value)?;
                Ok(Self::Test(Test { kind, of, value, said: said.ok_or_else(missing)? }))
            }
            _ => Err("write exactly one of all, any, not, test, and no empty list".to_owned()),
        }
    }
}

fn operand(kind: TestKind, value: Option<Value>) -> Result<Operand, String> {
    let operand = match (kind, value) {
        (TestKind::Exists, None) => Some(Operand::Nothing),
        (TestKind::In, Some(Value::Array(list))) => {
            list.iter().map(plain_text).collect::<Option<Vec<_>>>().map(Operand::OneOf)
        }
        (TestKind::Equals | TestKind::StartsWith, Some(value)) => plain_text(&value).map(Operand::Text),
        (TestKind::NotAfter | TestKind::NotBefore, Some(Value::String(text))) => match text.as_str() {
            "today" => Some(Operand::Day(Day::Today)),
            date => platform::clock::parse_iso_date(date).map(|date| Operand::Day(Day::Fixed(date))),
        },
        (TestKind::Exists | TestKind::In | TestKind::NotAfter | TestKind::NotBefore, _) => None,
        (_, Some(value)) => value.as_i64().map(Operand::Number),
        (_, None) => None,
    };
    operand.ok_or_else(|| format!("the value does not fit the test {kind:?}"))
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl From<Rule> for RuleDocument {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::All(rules) => Self { all: Some(rules), ..Self::default() },
            Rule::Any(rules, said) => Self { any: Some(rules), ..Self::default() }.saying(said),
            Rule::Not(rule, said) => Self { not: Some(rule), ..Self::default() }.saying(Some(said)),
            Rule::Test(test) => {
                let value = match test.value {
                    Operand::Nothing => None,
                    Operand::Number(number) => Some(Value::from(number)),
                    Operand::Text(text) => Some(Value::from(text)),
                    Operand::OneOf(list) => Some(Value::from(list)),
                    Operand::Day(Day::Today) => Some(Value::from("today")),
                    Operand::Day(Day::Fixed(date)) => Some(Value::from(platform::clock::iso_date(date))),
                };
                Self { test: Some(test.kind), of: Some(test.of), value, ..Self::default() }.saying(Some(test.said))
            }
        }
    }
}

impl RuleDocument {
    fn saying(mut self, said: Option<Said>) -> Self {
        if let Some(said) = said {
            self.message = Some(said.message);
            self.if_unmet = said.if_unmet;
            self.basis = Some(said.basis);
        }
        self
    }
}

impl Rule {
    /// Every fact and field that the rule looks at.
    #[must_use]
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Self::All(rules) | Self::Any(rules, _) => rules.iter().flat_map(Self::references).collect(),
            Self::Not(rule, _) => rule.references(),
            Self::Test(test) => vec![&test.of],
        }
    }
}
