//! Why a source gave no answer. Texts are for the operator's log: they name the source's fault, never the subject.
use std::fmt;

/// What keeps a source from answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceError {
    /// Not reached, broken off, or busy: it may come back.
    Unavailable(String),
    /// No answer within the document's time, in milliseconds.
    Timeout(u64),
    /// Not asked, as it failed too often just now; seconds until it is tried again.
    Resting(u64),
    /// It answers, but not this call: credentials, address, a redirect, a forbidden address.
    Refused(String),
    /// It answers with something that the document does not describe.
    Malformed(String),
    /// The answer is about somebody else.
    WrongSubject,
    /// The answer is larger than the document allows, in bytes.
    TooLarge(u64),
}

impl SourceError {
    /// Whether asking again may help; such failures open the circuit.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Timeout(_) | Self::Resting(_))
    }

    /// Stable word for figures and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Timeout(_) => "timeout",
            Self::Resting(_) => "resting",
            Self::Refused(_) => "refused",
            Self::Malformed(_) => "malformed",
            Self::WrongSubject => "wrong-subject",
            Self::TooLarge(_) => "too-large",
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => {
                write!(f, "the source does not answer: {why}; it is asked again with the next case")
            }
            Self::Timeout(ms) => {
                write!(f, "the source did not answer within {ms} ms; ask its owner, or raise timeout_ms")
            }
            Self::Resting(seconds) => {
                write!(f, "the source failed too often and is left alone; it is tried again in {seconds} s")
            }
            Self::Refused(why) => write!(f, "the source refuses the call: {why}; compare the document with its owner"),
            Self::Malformed(why) => {
                write!(f, "the answer is not what the document describes: {why}; compare the document with its owner")
            }
            Self::WrongSubject => {
                f.write_str("the answer is about another subject; it was thrown away, tell the source's owner")
            }
            Self::TooLarge(limit) => {
                write!(f, "the answer is larger than {limit} bytes; it was not read, tell the source's owner")
            }
        }
    }
}

impl std::error::Error for SourceError {}

pub type Answered<T> = Result<T, SourceError>;
