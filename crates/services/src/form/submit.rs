//! Checking answers, and the values that a form says in the end.
use platform::error::FieldError;
use serde_json::{Map, Value};

use super::answers::FileRef;
use super::condition::is_answered;
use super::model::{Input, Page};
use super::value::{Around, missing_key, read};
use super::walk::{Placed, Shown, walk};
use super::{Filling, limits};

/// What a form says when it is complete and right.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// By field; the shapes stand at the top of `value.rs`. Answers to what is not shown are not here.
    pub values: Map<String, Value>,
    /// Register values that the applicant changed.
    pub changed: Vec<String>,
    pub files: Vec<FileRef>,
}

impl Filling<'_> {
    /// What is wrong on one page; empty when it is right or not shown.
    #[must_use]
    pub fn validate_page(&self, page: &Page) -> Vec<FieldError> {
        let shown = walk(self.form, self.answers);
        shown.iter().filter(|shown| shown.page.key == page.key).flat_map(|shown| self.page_errors(shown)).collect()
    }

    #[must_use]
    pub fn validate_all(&self) -> Vec<FieldError> {
        walk(self.form, self.answers).iter().flat_map(|shown| self.page_errors(shown)).collect()
    }

    /// The values of a complete form.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the pages.
    pub fn submit(&self) -> Result<Submission, Vec<FieldError>> {
        let errors = self.validate_all();
        if !errors.is_empty() {
            return Err(errors);
        }
        let shown = walk(self.form, self.answers);
        let fields = || shown.iter().flat_map(|shown| &shown.fields);
        let changed =
            fields().filter(|placed| self.is_changed(&placed.path)).map(|placed| placed.path.clone()).collect();
        let files = fields()
            .filter(|placed| matches!(placed.field.input, Input::File { .. }))
            .flat_map(|placed| self.answers.files(&placed.path))
            .collect();
        Ok(Submission { values: self.values_so_far(), changed, files })
    }

    /// The values that are given and right, for early checks of conditions.
    #[must_use]
    pub fn values_so_far(&self) -> Map<String, Value> {
        let mut values = Map::new();
        for placed in walk(self.form, self.answers).iter().flat_map(|shown| &shown.fields) {
            if placed.spare {
                continue;
            }
            match (&placed.field.input, placed.row, self.value(placed)) {
                (Input::Repeat { .. }, _, _) => {
                    values.insert(placed.path.clone(), Value::Array(Vec::new()));
                }
                (_, None, Some(value)) => {
                    values.insert(placed.path.clone(), value);
                }
                (_, Some((group, index)), Some(value)) => into_row(&mut values, (group, index), placed, value),
                (_, _, None) => {}
            }
        }
        values.retain(|_, value| tidy_rows(value));
        values
    }

    /// Whether the applicant changed what a register gave.
    pub(super) fn is_changed(&self, path: &str) -> bool {
        self.prefills.get(path).is_some_and(|given| given.editable && self.answers.get(path) != Some(&given.value))
    }

    pub(super) fn around(&self) -> Around<'_> {
        Around { since: self.since, today: self.today, divisions: self.divisions }
    }

    pub(super) fn page_errors(&self, shown: &Shown<'_>) -> Vec<FieldError> {
        shown.fields.iter().filter_map(|placed| self.error(placed)).collect()
    }

    fn error(&self, placed: &Placed<'_>) -> Option<FieldError> {
        let Placed { path, field, .. } = placed;
        // A register's own value is not the applicant's to mend, and what it proves needs no paper.
        if placed.spare || self.prefills.is_locked(path) || self.evidence.is_proved(path) {
            return None;
        }
        if let Input::Repeat { max, .. } = &field.input {
            let rows = self.answers.rows(path);
            let most = usize::from(*max).min(limits::MAX_ROWS);
            return (rows > most).then(|| FieldError::new(path.as_str(), "form-error-repeat-max").with("max", most));
        }
        let given = self.answers.get(path).unwrap_or(&Value::Null);
        match read(path, &field.input, given, self.around()) {
            Err(error) => Some(error),
            Ok(None) if field.required => Some(FieldError::new(path.as_str(), missing_key(&field.input))),
            Ok(_) => None,
        }
    }

    fn value(&self, placed: &Placed<'_>) -> Option<Value> {
        let given = self.answers.get(&placed.path)?;
        match read(&placed.path, &placed.field.input, given, self.around()) {
            Ok(value) => value,
            Err(_) if self.prefills.is_locked(&placed.path) => Some(given.clone()),
            Err(_) => None,
        }
    }
}

fn into_row(values: &mut Map<String, Value>, (group, index): (&str, usize), placed: &Placed<'_>, value: Value) {
    let Some(rows) = values.get_mut(group).and_then(Value::as_array_mut) else {
        return;
    };
    while rows.len() <= index {
        rows.push(Value::Object(Map::new()));
    }
    if let Some(row) = rows.get_mut(index).and_then(Value::as_object_mut) {
        row.insert(placed.field.key.clone(), value);
    }
}

/// Drops rows without any value; keeps everything else.
fn tidy_rows(value: &mut Value) -> bool {
    if let Value::Array(rows) = value
        && rows.iter().any(Value::is_object)
    {
        rows.retain(|row| !row.is_object() || is_answered(row));
    }
    true
}
