//! The one error of the program: what happened, why, and what to do next; rendered as a page or as problem+json.
use std::fmt;

/// One thing wrong with one field of a form. `field` is the path in the form (`children.2.name`), `key` a Fluent key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    #[must_use]
    pub fn new(field: impl Into<String>, key: &'static str) -> Self {
        Self { field: field.into(), key, args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Every failure that leaves a feature. Each variant has a stable code (`code()`) and a text key.
#[derive(Debug)]
pub enum Error {
    /// The input is wrong; every field that is wrong is named.
    Invalid(Vec<FieldError>),
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// The caller may not do this. The key says why and what to do next.
    Denied(&'static str),
    /// The state has moved on (already decided, already submitted). The key says what to do next.
    Conflict(&'static str),
    /// Too many attempts; seconds until the next is allowed.
    TooMany { retry_after: u32 },
    /// The body or file is larger than the limit in bytes.
    TooLarge { limit: u64 },
    /// A part that we need does not answer now; nothing was acknowledged. Safe to send again.
    Unavailable(String),
    /// Ours to mend. The text goes to the log, never to the caller.
    Internal(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// One field, one message.
    #[must_use]
    pub fn field(field: &str, key: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(field, key)])
    }

    pub fn internal(error: impl fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// HTTP status and stable code.
    #[must_use]
    pub fn code(&self) -> (u16, &'static str) {
        match self {
            Self::Invalid(_) => (422, "invalid"),
            Self::NotFound => (404, "not-found"),
            Self::Denied(_) => (403, "denied"),
            Self::Conflict(_) => (409, "conflict"),
            Self::TooMany { .. } => (429, "too-many"),
            Self::TooLarge { .. } => (413, "too-large"),
            Self::Unavailable(_) => (503, "unavailable"),
            Self::Internal(_) => (500, "internal"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, code) = self.code();
        match self {
            Self::Invalid(fields) => {
                write!(f, "{code}:")?;
                fields.iter().try_for_each(|e| write!(f, " {}={}", e.field, e.key))
            }
            Self::Denied(key) | Self::Conflict(key) => write!(f, "{code}: {key}"),
            Self::TooMany { retry_after } => write!(f, "{code}: retry after {retry_after} s"),
            Self::TooLarge { limit } => write!(f, "{code}: more than {limit} bytes"),
            Self::Unavailable(why) | Self::Internal(why) => write!(f, "{code}: {why}"),
            Self::NotFound => f.write_str(code),
        }
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("json: {error}"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(format!("file: {error}"))
    }
}
