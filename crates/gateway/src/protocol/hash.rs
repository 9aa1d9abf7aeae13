//! The request hash that binds an answer to its question (PR-REST §4.3).
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha512};

/// A SHA-512 hash: 64 bytes.
pub type Hash512 = [u8; 64];

/// SHA-512 of the head; with a body, SHA-512 of that hash followed by the hash of the body.
#[must_use]
pub fn message_hash(head: &[u8], body: Option<&Hash512>) -> Hash512 {
    let first: Hash512 = Sha512::digest(head).into();
    match body {
        None => first,
        Some(body) => Sha512::new().chain_update(first).chain_update(body).finalize().into(),
    }
}

#[must_use]
pub fn sha512(bytes: &[u8]) -> Hash512 {
    Sha512::digest(bytes).into()
}

/// As it stands in `x-road-request-hash`: padded base64.
#[must_use]
pub fn to_text(hash: &Hash512) -> String {
    STANDARD.encode(hash)
}

/// None: not the base64 of 64 bytes.
#[must_use]
pub fn from_text(text: &str) -> Option<Hash512> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
