//! Whether data keep to their catalogue entry: known fields, right types, lengths, codes and check digits.
use codes::{CodeError, ResidentId, Uscc};
use platform::clock::parse_iso_date;
use platform::{Error, FieldError, Result};
use serde_json::{Map, Value};
use time::Date;

use super::resource::{Field, FieldType, Resource, SubjectKind, Subjects};

/// Characters of a thing's code at most.
const THING: usize = 64;

type Checked<T> = std::result::Result<T, FieldError>;

/// The data without nulls and with codes in their normal form; else every field that is wrong.
/// `today` bounds birth dates in resident ID numbers.
pub fn clean(resource: &Resource, data: Map<String, Value>, today: Date) -> Result<Map<String, Value>> {
    let (mut clean, mut errors) = (Map::new(), Vec::new());
    for (key, value) in data.into_iter().filter(|(_, value)| !value.is_null()) {
        let checked = match resource.field(&key) {
            Some(field) => value_of(field, value, today),
            None => Err(FieldError::new(&key, "registry-field-unknown").with("resource", &resource.key)),
        };
        match checked {
            Ok(value) => drop(clean.insert(key, value)),
            Err(error) => errors.push(error.with("field", &key)),
        }
    }
    let given = |field: &&Field| clean.contains_key(&field.key) || errors.iter().any(|e| e.field == field.key);
    let missing: Vec<&Field> = resource.fields.iter().filter(|f| f.required && !given(f)).collect();
    let missing = missing.into_iter().map(|f| FieldError::new(&f.key, "registry-field-missing").with("field", &f.key));
    errors.extend(missing);
    if errors.is_empty() { Ok(clean) } else { Err(Error::Invalid(errors)) }
}

fn value_of(field: &Field, value: Value, today: Date) -> Checked<Value> {
    let wrong = |key| FieldError::new(&field.key, key);
    if field.kind == FieldType::Integer {
        let number = value.as_i64().ok_or_else(|| wrong("registry-field-integer"))?;
        let digits = number.unsigned_abs().to_string().len();
        return if digits <= field.length as usize { Ok(value) } else { Err(too_long(field, digits)) };
    }
    let Value::String(text) = value else { return Err(wrong("registry-field-text")) };
    let length = text.chars().count();
    if length > field.length as usize && !matches!(field.kind, FieldType::ResidentId | FieldType::Uscc) {
        return Err(too_long(field, length));
    }
    let text = match field.kind {
        FieldType::Text if text.chars().any(|c| c.is_control() && c != '\n') => {
            return Err(wrong("registry-field-control"));
        }
        FieldType::Date if parse_iso_date(&text).is_none() => {
            return Err(wrong("registry-field-date").with("found", text));
        }
        FieldType::Code if !field.values.iter().any(|known| known.code == text) => {
            return Err(wrong("registry-field-code").with("found", &text).with("expected", codes_of(field)));
        }
        FieldType::ResidentId => {
            ResidentId::parse(&text, today).map_err(|e| of_code(&field.key, &e))?.as_str().to_owned()
        }
        FieldType::Uscc => Uscc::parse(&text).map_err(|e| of_code(&field.key, &e))?.as_str().to_owned(),
        _ => text,
    };
    Ok(Value::String(text))
}

fn too_long(field: &Field, found: usize) -> FieldError {
    FieldError::new(&field.key, "registry-field-length").with("max", field.length).with("found", found)
}

fn codes_of(field: &Field) -> String {
    field.values.iter().map(|known| known.code.as_str()).collect::<Vec<_>>().join(", ")
}

/// The message of the code itself says which digit is wrong.
fn of_code(field: &str, error: &CodeError) -> FieldError {
    let key = error.key();
    let key = codes::KEYS.iter().find(|known| **known == key).copied().unwrap_or("registry-field-text");
    FieldError { field: field.to_owned(), key, args: error.args() }
}

/// The number of a subject in its normal form.
pub fn subject(subjects: Subjects, text: &str, today: Date) -> Checked<String> {
    let person = || ResidentId::parse(text, today).map(|id| id.as_str().to_owned());
    let enterprise = || Uscc::parse(text).map(|code| code.as_str().to_owned());
    let number = match subjects {
        Subjects::Person => person(),
        Subjects::Enterprise => enterprise(),
        Subjects::Thing => return thing(text),
        Subjects::Any => match looks_like(text) {
            SubjectKind::Person => person().or_else(|error| enterprise().map_err(|_| error)),
            SubjectKind::Enterprise => enterprise(),
        },
    };
    number.map_err(|error| of_code("subject", &error))
}

/// The code of a place or another thing: as its register writes it.
fn thing(text: &str) -> Checked<String> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    let fits = plain && (1..=THING).contains(&text.chars().count());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(FieldError::new("subject", "registry-subject-wrong").with("max", THING))
    }
}

/// What somebody typed for a field, as the field keeps it; `clean` then says whether it fits.
pub fn typed(field: &Field, text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) if field.kind == FieldType::Integer => number.into(),
        _ => Value::String(text.to_owned()),
    }
}

/// Digits alone, the last perhaps an X, are meant as a person's number.
fn looks_like(text: &str) -> SubjectKind {
    let text = text.trim();
    let body = text.strip_suffix(['X', 'x']).unwrap_or(text);
    if body.chars().any(char::is_alphabetic) { SubjectKind::Enterprise } else { SubjectKind::Person }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
