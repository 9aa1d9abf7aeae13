//! What is wrong with a form's document: found when it is read, so that filling it in can rely on its shape.
use std::collections::BTreeSet;

use super::condition::Condition;
use super::limits::{MAX_FILES, MAX_ROWS, MAX_TEXT_CHARS};
use super::model::{Choice, Field, Form, Input};

impl Form {
    /// (path, what is wrong), for the console of those who write documents; empty when the form can be used.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut found = Found { problems: Vec::new(), pages: BTreeSet::new(), earlier: BTreeSet::new() };
        for (p, page) in self.pages.iter().enumerate() {
            let path = format!("pages[{p}]");
            let new = is_key(&page.key) && found.pages.insert(page.key.clone());
            found.unless(new, &path, "the key is doubled or no slug");
            found.unless(!page.fields.is_empty(), &path, "a page asks something");
            found.condition(page.when.as_ref(), &path, &BTreeSet::new());
            for (f, field) in page.fields.iter().enumerate() {
                found.top_field(field, &format!("{path}.fields[{f}]"));
            }
        }
        found.problems
    }
}

struct Found {
    problems: Vec<(String, String)>,
    pages: BTreeSet<String>,
    /// Top-level fields that stand before the one that is looked at.
    earlier: BTreeSet<String>,
}

impl Found {
    fn add(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push((path.to_owned(), message.into()));
    }

    fn unless(&mut self, holds: bool, path: &str, message: &str) {
        if !holds {
            self.add(path, message);
        }
    }

    fn top_field(&mut self, field: &Field, path: &str) {
        self.condition(field.when.as_ref(), path, &BTreeSet::new());
        self.unless(is_key(&field.key), path, "the key is no slug");
        if !self.earlier.insert(field.key.clone()) {
            self.add(path, format!("the key {:?} is used twice", field.key));
        }
        match &field.input {
            Input::Repeat { min, max, fields } => self.repeat((*min, *max), fields, path),
            input => self.input(input, path),
        }
        let fillable = !matches!(
            field.input,
            Input::Repeat { .. } | Input::File { .. } | Input::Declaration {} | Input::Checkboxes { .. }
        );
        self.unless(field.prefill.is_none() || fillable, path, "this type of field cannot be prefilled");
    }

    fn repeat(&mut self, (min, max): (u16, u16), fields: &[Field], path: &str) {
        self.unless(
            min <= max && max > 0 && usize::from(max) <= MAX_ROWS,
            path,
            "min above max, or max not within 1 to 200",
        );
        self.unless(!fields.is_empty(), path, "a repeat has fields");
        let mut siblings = BTreeSet::new();
        for (i, field) in fields.iter().enumerate() {
            let path = format!("{path}.fields[{i}]");
            self.condition(field.when.as_ref(), &path, &siblings);
            self.unless(
                is_key(&field.key) && siblings.insert(field.key.clone()),
                &path,
                "the key is doubled or no slug",
            );
            self.unless(field.prefill.is_none(), &path, "fields of repeats cannot be prefilled");
            match &field.input {
                Input::Repeat { .. } => self.add(&path, "a repeat cannot stand in a repeat"),
                input => self.input(input, &path),
            }
        }
    }

    fn input(&mut self, input: &Input, path: &str) {
        match input {
            Input::Text { min, max, .. } | Input::LongText { min, max } => {
                self.unless(min <= max && *max > 0 && *max <= MAX_TEXT_CHARS, path, "min above max, or max too large");
            }
            Input::Number { min: Some(min), max: Some(max), .. } => self.unless(min <= max, path, "min above max"),
            Input::Number { decimals, .. } => self.unless(*decimals <= 6, path, "at most 6 decimals"),
            Input::Money { min, max } => self.unless(max.is_none_or(|max| *min <= max), path, "min above max"),
            Input::Select { options } | Input::Radios { options } | Input::Checkboxes { options, .. } => {
                self.choices(options, path);
            }
            Input::Division { level, within } => {
                let above = within.len() < level.digits() || (within.len() == level.digits() && within.ends_with("00"));
                let fits = above && within.len() >= 6 && within.bytes().all(|b| b.is_ascii_digit());
                self.unless(fits, path, "`within` is no division above this level");
            }
            Input::File { accept, max_count, max_bytes } => {
                let counts = (1..=MAX_FILES).contains(max_count) && *max_bytes > 0;
                self.unless(
                    !accept.is_empty() && counts,
                    path,
                    "a file field takes 1 to 50 files of some type and size",
                );
            }
            _ => {}
        }
    }

    fn choices(&mut self, options: &[Choice], path: &str) {
        let mut values = BTreeSet::new();
        self.unless(!options.is_empty(), path, "there is nothing to choose from");
        for option in options {
            let new = !option.value.trim().is_empty() && values.insert(option.value.as_str());
            self.unless(new, path, "an option's value is empty or doubled");
        }
    }

    /// Conditions look back only, so that what is shown never depends on itself.
    fn condition(&mut self, condition: Option<&Condition>, path: &str, siblings: &BTreeSet<String>) {
        for field in condition.map(Condition::fields).unwrap_or_default() {
            if !siblings.contains(field) && !self.earlier.contains(field) {
                self.add(path, format!("the condition looks at {field:?}, which does not stand before it"));
            }
        }
    }
}

/// Like the keys of items, but without dots and leading underscores, which posted names use for themselves.
fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.len() <= 64
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}
