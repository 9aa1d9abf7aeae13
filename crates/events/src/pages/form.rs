//! Forms: what was typed and what is wrong with it.
use platform::page::Shell;
use platform::posted::Posted;
use platform::{FieldError, Result};

/// One line of the error summary, and what is said beside the field.
pub struct ErrorLine {
    pub target: String,
    pub text: String,
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
    pub fn sent(posted: &Posted, s: &Shell, errors: &[FieldError]) -> Self {
        let fields = posted.fields.iter().filter(|(name, _)| name != "csrf").cloned().collect();
        let line = |error: &FieldError| ErrorLine { target: error.field.clone(), text: s.error_text(error) };
        Self { fields, errors: errors.iter().map(line).collect() }
    }

    pub fn put(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.value(name) == value
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == name).map(|line| line.text.as_str())
    }
}

/// Words that must be there, not longer than a paragraph.
pub fn written(posted: &Posted, field: &str) -> Result<String, FieldError> {
    let text = posted.get(field).trim();
    match text.chars().count() {
        0 => Err(FieldError::new(field, "events-error-empty")),
        1..=1_000 => Ok(text.to_owned()),
        _ => Err(FieldError::new(field, "events-error-long")),
    }
}
