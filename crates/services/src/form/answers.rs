//! Answers as they were typed: verbatim, valid or not, so that they can be shown again.
use std::collections::BTreeSet;

use platform::error::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::condition::is_answered;
use super::limits;
use super::model::{Field, Input};

/// The answers of one draft. Shapes by type: text of any kind is a string as typed; a date is `{"y","m","d"}`, a month
/// `{"y","m"}`; ticked boxes are a list of strings; a declaration is `"yes"`; files are a list of [`FileRef`]; a repeat
/// is a list of maps of its fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    pub values: Map<String, Value>,
    /// Keys of the pages that were sent at least once.
    #[serde(default)]
    pub seen: BTreeSet<String>,
}

/// A stored file. Made by the program when it has stored the bytes, never by a posted form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    pub id: String,
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type, as sniffed.
    #[serde(rename = "type")]
    pub media_type: String,
}

impl Answers {
    /// The answer at a path: `mobile`, `birth.y`, `staff.2.name`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let mut at = self.values.get(parts.next()?)?;
        for part in parts {
            at = match at {
                Value::Object(map) => map.get(part)?,
                Value::Array(list) => list.get(part.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(at)
    }

    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    #[must_use]
    pub fn is_answered(&self, path: &str) -> bool {
        self.get(path).is_some_and(is_answered)
    }

    /// Puts an answer at a path; rows of a repeat are made as needed, up to what a form may hold.
    pub fn set(&mut self, path: &str, value: Value) {
        let mut parts = path.split('.');
        let Some(first) = parts.next() else {
            return;
        };
        let mut at = self.values.entry(first.to_owned()).or_insert(Value::Null);
        for part in parts {
            let Some(below) = child(at, part) else {
                return;
            };
            at = below;
        }
        *at = value;
    }

    /// Lays posted answers over those that stand: row by row for repeats, part by part for dates, else in place.
    pub fn apply(&mut self, patch: Map<String, Value>) {
        for (key, value) in patch {
            match self.values.get_mut(&key) {
                Some(standing) => merge(standing, value),
                None => {
                    self.values.insert(key, value);
                }
            }
        }
    }

    pub fn mark_seen(&mut self, page: &str) {
        self.seen.insert(page.to_owned());
    }

    #[must_use]
    pub fn rows(&self, group: &str) -> usize {
        self.get(group).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Whether a repeat has as many rows as a page showed; a page shows at least `min`.
    #[must_use]
    pub fn has_rows(&self, field: &Field, shown: usize) -> bool {
        let least = if let Input::Repeat { min, .. } = &field.input { usize::from(*min) } else { 0 };
        self.rows(&field.key).max(least) == shown
    }

    /// One more row for a repeat; nothing happens when it is full.
    pub fn add_row(&mut self, field: &Field) {
        let Input::Repeat { min, max, .. } = &field.input else {
            return;
        };
        let rows = self.rows(&field.key).max(usize::from(*min));
        if rows < usize::from(*max) {
            self.set(&format!("{}.{rows}", field.key), Value::Object(Map::new()));
        }
    }

    pub fn remove_row(&mut self, group: &str, index: usize) {
        if let Some(Value::Array(rows)) = self.values.get_mut(group)
            && index < rows.len()
        {
            rows.remove(index);
        }
    }

    #[must_use]
    pub fn files(&self, path: &str) -> Vec<FileRef> {
        let list = self.get(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|file| serde_json::from_value(file.clone()).ok()).collect()
    }

    /// Adds a stored file to a file field.
    ///
    /// # Errors
    /// Too many files, too large, empty, or a type that the field does not take. The field keeps what it had.
    pub fn attach(&mut self, path: &str, field: &Field, file: &FileRef) -> Result<(), FieldError> {
        let standing = self.files(path);
        limits::check_file(path, field, file, standing.len())?;
        let all: Vec<FileRef> = standing.into_iter().chain([file.clone()]).collect();
        let value = serde_json::to_value(all).unwrap_or(Value::Null);
        self.set(path, value);
        Ok(())
    }

    pub fn detach(&mut self, path: &str, id: &str) {
        let rest: Vec<FileRef> = self.files(path).into_iter().filter(|file| file.id != id).collect();
        self.set(path, serde_json::to_value(rest).unwrap_or(Value::Null));
    }
}

fn child<'a>(at: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    if let Ok(index) = part.parse::<usize>() {
        if !at.is_array() {
            *at = Value::Array(Vec::new());
        }
        let rows = at.as_array_mut()?;
        if index >= limits::MAX_ROWS {
            return None;
        }
        while rows.len() <= index {
            rows.push(Value::Object(Map::new()));
        }
        return rows.get_mut(index);
    }
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    Some(at.as_object_mut()?.entry(part.to_owned()).or_insert(Value::Null))
}

fn merge(standing: &mut Value, value: Value) {
    match (standing, value) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                merge(old.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(old), Value::Array(new)) if new.iter().any(Value::is_object) => {
            for (index, value) in new.into_iter().enumerate() {
                match old.get_mut(index) {
                    Some(row) => merge(row, value),
                    None => old.push(value),
                }
            }
        }
        (standing, value) => *standing = value,
    }
}
