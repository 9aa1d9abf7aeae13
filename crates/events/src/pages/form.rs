//! Words of the forms of events.
use platform::posted::Posted;
use platform::{FieldError, Result};

/// Words that must be there, not longer than a paragraph.
pub fn written(posted: &Posted, field: &str) -> Result<String, FieldError> {
    let text = posted.get(field).trim();
    match text.chars().count() {
        0 => Err(FieldError::new(field, "events-error-empty")),
        1..=1_000 => Ok(text.to_owned()),
        _ => Err(FieldError::new(field, "events-error-long")),
    }
}
