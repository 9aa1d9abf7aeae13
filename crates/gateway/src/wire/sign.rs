//! What a gateway signs (HTTP Message Signatures, RFC 9421): the message's hash and number, and who signs when.
//!
//! The algorithm `ed25519-batch` is ours: an Ed25519 signature over the Merkle root of all messages of a moment, and the
//! way from this message up to the root. It proves what a signature of each message would, at a fraction of the cost.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::log::batch::BatchSignature;
use crate::log::entry::Part;
use crate::protocol::hash::{self, Hash512};

const ALGORITHM: &str = "ed25519-batch";
const LABEL: &str = "tb";

/// The message of one direction as its signature covers it. An answer's hash covers the request's, which stands in its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered<'a> {
    pub part: Part,
    pub request_id: &'a str,
    pub hash: &'a Hash512,
    /// Seconds since 1970.
    pub created: i64,
    pub key: &'a str,
}

impl Covered<'_> {
    fn names(&self) -> (&'static str, &'static str) {
        match self.part {
            Part::Request => (super::REQUEST_HASH, "tongban-request"),
            Part::Answer => (super::ANSWER_HASH, "tongban-answer"),
        }
    }

    /// The signature parameters (RFC 9421 §2.3): the value of `Signature-Input` after the label.
    fn params(&self) -> String {
        let (hash, tag) = self.names();
        let (created, key) = (self.created, self.key);
        format!(r#"("{hash}" "x-road-request-id");created={created};keyid="{key}";alg="{ALGORITHM}";tag="{tag}""#)
    }

    /// The signature base (RFC 9421 §2.5).
    #[must_use]
    pub fn base(&self) -> String {
        let (hash, id) = (hash::to_text(self.hash), self.request_id);
        format!("\"{}\": {hash}\n\"x-road-request-id\": {id}\n\"@signature-params\": {}", self.names().0, self.params())
    }

    #[must_use]
    pub fn input_header(&self) -> String {
        format!("{LABEL}={}", self.params())
    }
}

#[must_use]
pub fn signature_header(signature: &BatchSignature) -> String {
    format!("{LABEL}=:{}:", STANDARD.encode(signature.write()))
}

/// None: not a signature of ours.
#[must_use]
pub fn read_signature(header: &str) -> Option<BatchSignature> {
    let text = header.strip_prefix(LABEL)?.strip_prefix("=:")?.strip_suffix(':')?;
    BatchSignature::read(&STANDARD.decode(text).ok()?)
}

/// `created` and `keyid` of a `Signature-Input`; whether the rest is as it must be is told by the base.
#[must_use]
pub fn read_input(header: &str) -> Option<(i64, &str)> {
    let value = |name: &str| {
        let rest = header.split_once(&format!(";{name}="))?.1;
        Some(rest.split(';').next().unwrap_or(rest).trim_matches('"'))
    };
    Some((value("created")?.parse().ok()?, value("keyid")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_has_the_form_of_rfc_9421() {
        let covered = Covered { part: Part::Answer, request_id: "id", hash: &[1; 64], created: 7, key: "k" };
        let base = covered.base();
        let lines: Vec<&str> = base.split('\n').collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("\"tb-answer-hash\": AQEB"));
        assert_eq!(lines[1], "\"x-road-request-id\": id");
        assert!(lines[2].ends_with(r#";created=7;keyid="k";alg="ed25519-batch";tag="tongban-answer""#));
        assert_eq!(read_input(&covered.input_header()), Some((7, "k")));
        assert!(!base.ends_with('\n'));
    }
}
