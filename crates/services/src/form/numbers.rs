//! Identification numbers in forms: the crate `codes` reads them, its errors become errors of fields.
use codes::{CodeError, KEYS, ResidentId, Uscc};
use platform::error::FieldError;
use time::Date;

pub(super) fn resident_id(path: &str, text: &str, today: Date) -> Result<String, FieldError> {
    ResidentId::parse(text, today).map(|id| id.as_str().to_owned()).map_err(|error| field_error(path, &error))
}

pub(super) fn uscc(path: &str, text: &str) -> Result<String, FieldError> {
    Uscc::parse(text).map(|code| code.as_str().to_owned()).map_err(|error| field_error(path, &error))
}

fn field_error(path: &str, error: &CodeError) -> FieldError {
    let key = error.key();
    let key = KEYS.iter().copied().find(|known| *known == key).unwrap_or("form-error-pattern-code");
    FieldError { field: path.to_owned(), key, args: error.args() }
}
