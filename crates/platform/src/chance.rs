//! Chance and hashes: the one place that draws random bytes.
use sha2::{Digest, Sha256};

/// Random bytes from the system. Panics when the system has none, as nothing safe can go on then.
#[must_use]
#[allow(clippy::disallowed_methods)] // the one place that draws chance
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    getrandom::fill(&mut out).expect("the system gives random bytes");
    out
}

/// A token of 256 bits as base64url, for cookies and links.
#[must_use]
pub fn token() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>())
}

#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    hex::encode(sha256(data))
}
