//! JSON Web Signatures in compact form (RFC 7515), attached and detached (appendix F).
//!
//! Follows RFC 8725: the caller names the algorithms and the type that it accepts; `none`, unknown algorithms, `crit`,
//! doubled header members, padded or sloppy base64url are refused. Claims (`exp`, `aud` …) are the caller's to judge.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::keys::{Algorithm, PublicKey, Signer};
use crate::{SealError, digest, jcs};

/// Longest compact form that is read, in bytes: far above any certificate, far below what would hurt.
pub const MAX_BYTES: usize = 1 << 20;

/// The members of a protected header.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header(Map<String, Value>);

impl Header {
    /// A header of type `typ`, e.g. `dc+sd-jwt`; [`sign`] adds `alg` and `kid`.
    pub fn new(typ: &str) -> Self {
        Self::default().with("typ", typ)
    }

    /// Adds a member, e.g. `x5c`. A `kid` given here stands instead of the thumbprint; `alg` is always the signer's.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Any member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// `alg` as it is written.
    pub fn algorithm(&self) -> &str {
        self.text("alg")
    }

    /// `typ`, empty when absent.
    pub fn typ(&self) -> &str {
        self.text("typ")
    }

    /// `kid`: which key the signer says it used, empty when absent. A hint, never a proof.
    pub fn key_id(&self) -> &str {
        self.text("kid")
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What the caller accepts.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// The allowed algorithms; an empty list refuses everything.
    pub algorithms: &'a [Algorithm],
    /// The required `typ`; `None` only for objects whose definition has none.
    pub typ: Option<&'a str>,
}

/// A JWS whose signature fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The protected header.
    pub header: Header,
    /// The payload's bytes.
    pub payload: Vec<u8>,
}

/// Signs `payload`: `header.payload.signature`, each base64url. The header is written in canonical form.
///
/// Errors: [`SealError::Malformed`] when `header` holds `crit` or `b64` (no extension is supported), the signer's errors.
pub fn sign(signer: &dyn Signer, header: Header, payload: &[u8]) -> Result<String, SealError> {
    let mut signed = format!("{}.{}", header_text(signer, header)?, digest::to_base64url(payload));
    let signature = signer.sign(signed.as_bytes())?;
    signed.push('.');
    signed.push_str(&digest::to_base64url(&signature));
    Ok(signed)
}

/// Signs `payload` and leaves it out: `header..signature` (RFC 7515 appendix F). Errors: as [`sign`].
pub fn sign_detached(signer: &dyn Signer, header: Header, payload: &[u8]) -> Result<String, SealError> {
    let compact = sign(signer, header, payload)?;
    let parts = Parts::split(&compact)?;
    Ok(format!("{}..{}", parts.header, parts.signature))
}

/// Reads the header without any check of the signature: only to find the key. Errors: [`SealError::Malformed`].
pub fn peek(compact: &str) -> Result<Header, SealError> {
    read_header(Parts::split(compact)?.header)
}

/// Verifies a compact JWS.
///
/// Errors: [`SealError::Malformed`], [`SealError::Algorithm`], [`SealError::Type`], [`SealError::Signature`].
pub fn verify(compact: &str, key: &PublicKey, expect: &Expect<'_>) -> Result<Verified, SealError> {
    let parts = Parts::split(compact)?;
    let payload = digest::from_base64url(parts.payload)?;
    let signed_length = parts.header.len() + 1 + parts.payload.len();
    let header = check(&parts, &compact.as_bytes()[..signed_length], key, expect)?;
    Ok(Verified { header, payload })
}

/// Verifies a detached JWS over `payload` and returns its header.
///
/// Errors: as [`verify`], and [`SealError::Malformed`] when a payload is inside after all.
pub fn verify_detached(
    compact: &str,
    payload: &[u8],
    key: &PublicKey,
    expect: &Expect<'_>,
) -> Result<Header, SealError> {
    let parts = Parts::split(compact)?;
    if !parts.payload.is_empty() {
        return Err(malformed("it carries a payload although it should be detached"));
    }
    let signed = format!("{}.{}", parts.header, digest::to_base64url(payload));
    check(&parts, signed.as_bytes(), key, expect)
}

fn check(parts: &Parts<'_>, signed: &[u8], key: &PublicKey, expect: &Expect<'_>) -> Result<Header, SealError> {
    let header = read_header(parts.header)?;
    check_algorithm(header.algorithm(), key, expect)?;
    if let Some(expected) = expect.typ.filter(|expected| media_type(expected) != media_type(header.typ())) {
        return Err(SealError::Type { found: header.typ().to_owned(), expected: expected.to_owned() });
    }
    key.verify(signed, &digest::from_base64url(parts.signature)?)?;
    Ok(header)
}

/// The header's algorithm must be on the list and be the key's own (RFC 8725 §3.1).
fn check_algorithm(found: &str, key: &PublicKey, expect: &Expect<'_>) -> Result<(), SealError> {
    let named = Algorithm::from_name(found);
    if named.is_some_and(|a| a == key.algorithm() && expect.algorithms.contains(&a)) {
        return Ok(());
    }
    let allowed = expect.algorithms.iter().filter(|a| **a == key.algorithm()).map(|a| a.name()).collect::<Vec<_>>();
    let allowed = if allowed.is_empty() { "none for this key".to_owned() } else { allowed.join(", ") };
    Err(SealError::Algorithm { found: found.to_owned(), allowed })
}

/// RFC 7515 §4.1.9: `application/` may be left out; media types do not distinguish case.
fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    lower.strip_prefix("application/").map(str::to_owned).unwrap_or(lower)
}

fn header_text(signer: &dyn Signer, mut header: Header) -> Result<String, SealError> {
    refuse_extensions(&header)?;
    header.0.insert("alg".to_owned(), signer.algorithm().name().into());
    header.0.entry("kid").or_insert_with(|| signer.key_id().into());
    Ok(digest::to_base64url(&jcs::to_vec(&Value::Object(header.0))?))
}

fn read_header(text: &str) -> Result<Header, SealError> {
    let bytes = digest::from_base64url(text)?;
    let UniqueMembers(members) = serde_json::from_slice(&bytes).map_err(|e| malformed(e.to_string()))?;
    let header = Header(members);
    if header.algorithm().is_empty() {
        return Err(malformed("its header names no algorithm"));
    }
    refuse_extensions(&header)?;
    Ok(header)
}

/// RFC 7515 §4.1.11: who does not understand a critical extension must refuse; we understand none (nor RFC 7797).
fn refuse_extensions(header: &Header) -> Result<(), SealError> {
    match ["crit", "b64"].into_iter().find(|name| header.0.contains_key(*name)) {
        Some(name) => Err(malformed(format!("its header asks for extensions ({name}) that are not supported"))),
        None => Ok(()),
    }
}

fn malformed(why: impl Into<String>) -> SealError {
    SealError::malformed("JWS", why)
}

struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    fn split(compact: &'a str) -> Result<Self, SealError> {
        if compact.len() > MAX_BYTES {
            return Err(malformed(format!("it is longer than {MAX_BYTES} bytes")));
        }
        let mut parts = compact.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(payload), Some(signature), None) => Ok(Self { header, payload, signature }),
            _ => Err(malformed("it does not have three parts between two dots")),
        }
    }
}

/// A JSON object in which no name stands twice (RFC 7515 §4 lets us refuse those).
struct UniqueMembers(Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueMembersVisitor)
    }
}

struct UniqueMembersVisitor;

impl<'de> Visitor<'de> for UniqueMembersVisitor {
    type Value = UniqueMembers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let (mut seen, mut members) = (BTreeSet::new(), Map::new());
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format!("the member {name} stands twice")));
            }
            members.insert(name, value);
        }
        Ok(UniqueMembers(members))
    }
}

#[cfg(test)]
mod tests;
