//! A form of single fields as a page shows it: what was typed, what is wrong with it, and what can be chosen.
use time::Date;

use crate::error::FieldError;
use crate::page::Shell;
use crate::posted::Posted;

/// One line of the error summary, and what is said beside the field.
pub struct ErrorLine {
    /// The field's element.
    pub target: String,
    pub text: String,
}

impl ErrorLine {
    #[must_use]
    pub fn new(s: &Shell, error: &FieldError) -> Self {
        Self { target: error.field.clone(), text: s.error_text(error) }
    }

    #[must_use]
    pub fn all(s: &Shell, errors: &[FieldError]) -> Vec<Self> {
        errors.iter().map(|error| Self::new(s, error)).collect()
    }
}

/// A box or choice of a form.
pub struct Choice {
    pub value: String,
    pub label: String,
}

#[derive(Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    pub errors: Vec<ErrorLine>,
}

impl Form {
    /// As it was sent, with what is wrong.
    #[must_use]
    pub fn sent(posted: &Posted, s: &Shell, errors: &[FieldError]) -> Self {
        let fields = posted.fields.iter().filter(|(name, _)| name != "csrf").cloned().collect();
        Self { fields, errors: ErrorLine::all(s, errors) }
    }

    /// Puts in what stands in a field at first.
    pub fn put(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    pub fn put_day(&mut self, name: &str, day: Date) {
        let parts =
            [("y", day.year().to_string()), ("m", u8::from(day.month()).to_string()), ("d", day.day().to_string())];
        parts.iter().for_each(|(part, value)| self.put(&format!("{name}.{part}"), value));
    }

    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// A part of a date: `y`, `m` or `d`.
    #[must_use]
    pub fn part(&self, name: &str, part: &str) -> &str {
        let is_part = |n: &str| n.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) == Some(part);
        self.fields.iter().find(|(n, _)| is_part(n)).map_or("", |(_, value)| value)
    }

    /// Whether a choice is taken; a field may be ticked more than once.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(n, v)| n == name && v == value)
    }

    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == name).map(|line| line.text.as_str())
    }

    /// Whether something is wrong in the fields under a prefix: their form stands open.
    #[must_use]
    pub fn wrong(&self, prefix: &str) -> bool {
        self.errors.iter().any(|line| line.target.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_field_is_found_again() {
        let mut form = Form::default();
        form.put("fields", "a");
        form.put("fields", "b");
        form.put_day("to", time::macros::date!(2026 - 03 - 09));
        assert!(form.has("fields", "a") && form.has("fields", "b") && !form.has("fields", "c"));
        assert_eq!((form.value("fields"), form.value("none")), ("a", ""));
        assert_eq!(["y", "m", "d"].map(|part| form.part("to", part)), ["2026", "3", "9"]);
        form.errors.push(ErrorLine { target: "g-fields".into(), text: "choose".into() });
        assert_eq!((form.error("g-fields"), form.error("fields")), (Some("choose"), None));
        assert!(form.wrong("g-") && !form.wrong("h-"));
    }
}
