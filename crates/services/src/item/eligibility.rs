//! The instant decision: an item's conditions, on a day, over register facts and answers. Pure.
//!
//! Three-valued: what is not known makes the outcome unknown, unless what is known settles it already.
use platform::clock::parse_iso_date;
use platform::i18n::Text;
use serde_json::{Map, Value};
use time::{Date, Month};

use super::Item;
use super::facts::{Facts, Reference};
use super::rule::{Day, Operand, Rule, Said, Test, TestKind};

#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub outcome: Outcome,
    /// One for each condition, in the order of the document.
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Granted,
    Refused,
    /// These facts and fields are not known. Empty: no conditions are in force on that day, so an officer decides.
    Unknown {
        missing: Vec<Reference>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The condition, or what is said when it is not met.
    pub message: Text,
    pub basis: Text,
    pub met: Truth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    Unknown,
}

impl Truth {
    fn of(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// Decides an item on a day. `answers` are submitted values ([`crate::form::Filling::submit`]) or those given so far.
#[must_use]
pub fn decide(item: &Item, facts: &Facts, answers: &Map<String, Value>, on: Date) -> Decision {
    let Some(list) = item.eligibility.iter().find(|list| list.in_force(on)) else {
        return Decision { outcome: Outcome::Unknown { missing: Vec::new() }, reasons: Vec::new() };
    };
    let mut run = Run { facts, answers, on, reasons: Vec::new(), missing: Vec::new() };
    let truth = run.rule(&list.rule);
    let outcome = match truth {
        Truth::True => Outcome::Granted,
        Truth::False => Outcome::Refused,
        Truth::Unknown => Outcome::Unknown { missing: run.missing },
    };
    Decision { outcome, reasons: run.reasons }
}

struct Run<'a> {
    facts: &'a Facts,
    answers: &'a Map<String, Value>,
    on: Date,
    reasons: Vec<Reason>,
    missing: Vec<Reference>,
}

impl Run<'_> {
    fn rule(&mut self, rule: &Rule) -> Truth {
        match rule {
            Rule::All(rules) => self.members(rules, Truth::False),
            Rule::Any(rules, None) => self.members(rules, Truth::True),
            Rule::Any(rules, Some(said)) => {
                let before = self.reasons.len();
                let truth = self.members(rules, Truth::True);
                self.reasons.truncate(before);
                self.say(said, truth)
            }
            Rule::Not(rule, said) => {
                let before = self.reasons.len();
                let truth = self.rule(rule).not();
                self.reasons.truncate(before);
                self.say(said, truth)
            }
            Rule::Test(test) => {
                let truth = self.test(test);
                self.say(&test.said, truth)
            }
        }
    }

    /// Every member is looked at, so that all reasons are told; one `settling` member settles the group.
    fn members(&mut self, rules: &[Rule], settling: Truth) -> Truth {
        let truths: Vec<Truth> = rules.iter().map(|rule| self.rule(rule)).collect();
        if truths.contains(&settling) {
            settling
        } else if truths.contains(&Truth::Unknown) {
            Truth::Unknown
        } else {
            settling.not()
        }
    }

    fn say(&mut self, said: &Said, met: Truth) -> Truth {
        let message = match (&said.if_unmet, met) {
            (Some(unmet), Truth::False) => unmet,
            _ => &said.message,
        };
        self.reasons.push(Reason { message: message.clone(), basis: said.basis.clone(), met });
        met
    }

    fn value(&self, of: &Reference) -> Option<&Value> {
        if of.is_fact() { self.facts.get(of.as_str()).map(|fact| &fact.value) } else { self.answers.get(of.as_str()) }
    }

    fn test(&mut self, test: &Test) -> Truth {
        let truth = match self.value(&test.of) {
            None => Truth::Unknown,
            Some(Value::Null) => nothing(test.kind),
            Some(value) => holds(test, value, self.on),
        };
        if truth == Truth::Unknown && !self.missing.contains(&test.of) {
            self.missing.push(test.of.clone());
        }
        truth
    }
}

/// Asked, and there is nothing. Nothing equals no value; but nobody is refused for an age or a date that no register
/// holds: that stays unknown, so that an officer or the applicant is asked.
fn nothing(kind: TestKind) -> Truth {
    match kind {
        TestKind::Exists | TestKind::Equals | TestKind::In | TestKind::StartsWith => Truth::False,
        _ => Truth::Unknown,
    }
}

fn holds(test: &Test, value: &Value, on: Date) -> Truth {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let known = match (test.kind, &test.value) {
        (TestKind::Exists, _) => Some(!text.is_empty()),
        (TestKind::Equals, Operand::Text(wanted)) => Some(text == *wanted),
        (TestKind::StartsWith, Operand::Text(start)) => Some(text.starts_with(start.as_str())),
        (TestKind::In, Operand::OneOf(list)) => Some(list.contains(&text)),
        (TestKind::NotAfter, Operand::Day(day)) => day_of(&text).map(|date| date <= fixed(*day, on)),
        (TestKind::NotBefore, Operand::Day(day)) => day_of(&text).map(|date| date >= fixed(*day, on)),
        (kind, Operand::Number(number)) => counted(kind, &text, on).map(|found| match kind {
            TestKind::AgeBelow => found < *number,
            TestKind::NumberAtMost => found <= *number,
            _ => found >= *number,
        }),
        _ => None,
    };
    known.map_or(Truth::Unknown, Truth::of)
}

/// The whole years, whole months or number that a test compares; None when the value is none.
fn counted(kind: TestKind, text: &str, on: Date) -> Option<i64> {
    match kind {
        TestKind::AgeAtLeast | TestKind::AgeBelow => day_of(text).map(|born| full_months(born, on).div_euclid(12)),
        TestKind::MonthsSinceAtLeast => day_of(text).map(|since| full_months(since, on)),
        _ => text.parse().ok().or_else(|| whole_part(text)),
    }
}

/// Comparisons of "at least" and "at most" with whole limits need the floor of a decimal number.
fn whole_part(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    let number: i64 = whole.parse().ok()?;
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let exact = fraction.bytes().all(|b| b == b'0');
    Some(if whole.starts_with('-') && !exact { number - 1 } else { number })
}

fn fixed(day: Day, on: Date) -> Date {
    match day {
        Day::Today => on,
        Day::Fixed(date) => date,
    }
}

/// `YYYY-MM-DD`, or `YYYY-MM` as the first day of the month.
fn day_of(text: &str) -> Option<Date> {
    parse_iso_date(text).or_else(|| parse_iso_date(&format!("{text}-01")))
}

/// Whole months from one day to another. Who is born on 29 February completes a year on 1 March of other years.
fn full_months(from: Date, to: Date) -> i64 {
    let months =
        |date: Date| i64::from(date.year()) * 12 + i64::from(u8::from(date.month()) - u8::from(Month::January));
    months(to) - months(from) - i64::from(to.day() < from.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn years_and_months_complete_on_the_day() {
        assert_eq!(full_months(date!(1966 - 11 - 21), date!(2026 - 11 - 21)), 720);
        assert_eq!(full_months(date!(1966 - 11 - 22), date!(2026 - 11 - 21)), 719);
        assert_eq!(full_months(date!(2024 - 02 - 29), date!(2025 - 02 - 28)), 11);
        assert_eq!(full_months(date!(2024 - 02 - 29), date!(2025 - 03 - 01)), 12);
        assert_eq!(full_months(date!(2026 - 05 - 21), date!(2026 - 11 - 20)), 5);
    }

    #[test]
    fn decimals_are_floored() {
        assert_eq!(whole_part("59.9"), Some(59));
        assert_eq!(whole_part("-1.5"), Some(-2));
        assert_eq!(whole_part("-0.5"), Some(-1));
        assert_eq!(whole_part("x.1"), None);
    }
}

#[cfg(test)]
#[path = "eligibility_tests.rs"]
mod law;
