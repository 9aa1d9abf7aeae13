//! How much a form takes, and which files; what is above is refused with a message, never cut off silently.
use platform::error::FieldError;

use super::answers::FileRef;
use super::day::clip;
use super::model::{Field, Input};

/// Bytes of text in one posted page. The longest text field takes 20,000 characters, a page of a repeat some hundred rows.
pub const MAX_POSTED_BYTES: usize = 256 * 1024;
/// Inputs in one posted page.
pub const MAX_POSTED_INPUTS: usize = 2_000;
/// Rows of any repeat.
pub const MAX_ROWS: usize = 200;
/// Characters of any text field.
pub const MAX_TEXT_CHARS: u32 = 20_000;
/// Files of one file field.
pub const MAX_FILES: u16 = 50;

/// Whether a posted page is small enough to be read at all.
pub(super) fn check_posted(pairs: &[(String, String)]) -> Result<(), FieldError> {
    if pairs.len() > MAX_POSTED_INPUTS {
        return Err(FieldError::new("", "form-error-too-many-inputs").with("max", MAX_POSTED_INPUTS));
    }
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > MAX_POSTED_BYTES {
        return Err(FieldError::new("", "form-error-too-much-text")
            .with("found", bytes.div_ceil(1024))
            .with("max", MAX_POSTED_BYTES / 1024));
    }
    Ok(())
}

/// Whether one more file fits a field that holds `standing` files.
///
/// # Errors
/// Too many, empty, too large, a type that is not taken.
pub fn check_file(path: &str, field: &Field, file: &FileRef, standing: usize) -> Result<(), FieldError> {
    let Input::File { accept, max_count, max_bytes } = &field.input else {
        return Err(FieldError::new(path, "form-error-file-unexpected"));
    };
    let error = |key| FieldError::new(path, key).with("name", clip(&file.name));
    if standing >= usize::from(*max_count) {
        return Err(error("form-error-file-too-many").with("max", max_count));
    }
    if file.size == 0 {
        return Err(error("form-error-file-empty"));
    }
    if file.size > *max_bytes {
        let megabytes = |bytes: u64| format!("{}.{}", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576);
        return Err(error("form-error-file-too-large")
            .with("found", megabytes(file.size))
            .with("max", megabytes(*max_bytes)));
    }
    if !accept.iter().any(|kind| kind.media_type() == file.media_type) {
        let allowed: Vec<&str> = accept.iter().map(|kind| kind.short()).collect();
        return Err(error("form-error-file-type").with("allowed", allowed.join(", ")));
    }
    Ok(())
}

/// Whether a batch of uploads may be taken at all, before any of them is stored.
///
/// # Errors
/// More files than the field can still take.
pub fn check_file_count(path: &str, field: &Field, standing: usize, coming: usize) -> Result<(), FieldError> {
    match &field.input {
        Input::File { max_count, .. } if standing + coming > usize::from(*max_count) => {
            Err(FieldError::new(path, "form-error-files-too-many")
                .with("found", standing + coming)
                .with("max", max_count))
        }
        Input::File { .. } => Ok(()),
        _ => Err(FieldError::new(path, "form-error-file-unexpected")),
    }
}
