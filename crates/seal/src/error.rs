//! The one error of this crate: what happened, why, and what to do next.

use std::fmt;

/// Why a canonical form, a key, a signature or a proof was refused.
///
/// The text of [`fmt::Display`] is for logs and operators (English); pages translate by [`SealError::code`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// A text or blob does not follow its grammar.
    Malformed {
        /// The kind of thing, e.g. `"checkpoint"`.
        what: &'static str,
        /// The first rule that it breaks.
        why: String,
    },
    /// A JSON value has no lossless canonical form (RFC 8785 §3.2.2.3, I-JSON).
    Unrepresentable {
        /// The value and the reason.
        why: String,
    },
    /// Key material cannot be used.
    Key {
        /// The reason; never contains secret bytes.
        why: String,
    },
    /// The signature's algorithm is unknown, or known but not on the caller's list.
    Algorithm {
        /// The algorithm named by the signature.
        found: String,
        /// The algorithms that the caller accepts, joined by commas.
        allowed: String,
    },
    /// A JWS has another `typ` than expected (RFC 8725 §3.11).
    Type {
        /// The `typ` found, empty when absent.
        found: String,
        /// The `typ` that the caller expects.
        expected: String,
    },
    /// The signature does not fit these bytes and this key.
    Signature {
        /// Name or id of the key.
        key: String,
    },
    /// Not one (or too few) of the signatures is by a key that the caller trusts.
    Untrusted {
        /// What is missing.
        why: String,
    },
    /// A Merkle proof does not lead to the root.
    Proof {
        /// `"inclusion proof"` or `"consistency proof"`.
        what: &'static str,
        /// Where it fails.
        why: String,
    },
    /// A position lies outside the tree.
    Range {
        /// What was asked for.
        what: &'static str,
        /// The value given.
        value: u64,
        /// The first value that is too large.
        limit: u64,
    },
    /// Stored hashes do not give the root that was signed for them.
    Altered {
        /// Which stored hashes, and how they differ.
        why: String,
    },
    /// The caller's reader could not deliver stored hashes.
    Storage {
        /// What was to be read, and the reader's reason.
        why: String,
    },
}

impl SealError {
    /// A stable, short code for logs and problem documents.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::Unrepresentable { .. } => "unrepresentable",
            Self::Key { .. } => "key",
            Self::Algorithm { .. } => "algorithm",
            Self::Type { .. } => "type",
            Self::Signature { .. } => "signature",
            Self::Untrusted { .. } => "untrusted",
            Self::Proof { .. } => "proof",
            Self::Range { .. } => "range",
            Self::Altered { .. } => "altered",
            Self::Storage { .. } => "storage",
        }
    }

    pub(crate) fn malformed(what: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Malformed { what, why }
    }

    pub(crate) fn key(why: impl Into<String>) -> Self {
        Self::Key { why: why.into() }
    }

    pub(crate) fn proof(what: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Proof { what, why }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { what, why } => {
                write!(f, "The {what} cannot be read: {why}. Ask its sender for an unchanged copy.")
            }
            Self::Unrepresentable { why } => {
                write!(f, "The JSON value has no canonical form: {why}. Write such a number as a string.")
            }
            Self::Key { why } => write!(f, "The key cannot be used: {why}. Give a key made for this purpose."),
            Self::Algorithm { found, allowed } => write!(
                f,
                "The signature algorithm \"{found}\" is not accepted here, only {allowed}. Sign again with one of these."
            ),
            Self::Type { found, expected } => write!(
                f,
                "The signed object is of type \"{found}\", not \"{expected}\". Present it where its type belongs."
            ),
            Self::Signature { key } => write!(
                f,
                "The signature of key {key} does not fit: the content was changed or another key signed it. Fetch it again from its issuer."
            ),
            Self::Untrusted { why } => write!(
                f,
                "No trusted signature: {why}. Check the list of trusted keys, or ask the issuer which key signs now."
            ),
            Self::Proof { what, why } => {
                write!(f, "The {what} does not hold: {why}. Do not rely on the entry; ask the log for a fresh proof.")
            }
            Self::Range { what, value, limit } => write!(
                f,
                "The {what} {value} lies outside the tree: it must be below {limit}. Ask for a position that exists."
            ),
            Self::Altered { why } => {
                write!(f, "Stored hashes were altered: {why}. Stop writing to this log and compare it with a backup.")
            }
            Self::Storage { why } => {
                write!(f, "Stored hashes could not be read: {why}. Check the storage and try again.")
            }
        }
    }
}

impl std::error::Error for SealError {}
