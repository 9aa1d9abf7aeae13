//! What a gateway signs (HTTP Message Signatures, RFC 9421): the message's hash and number, and who signs when.
//!
//! The algorithm `ed25519-batch` is ours: an Ed25519 signature over the Merkle root of all messages of a moment, and the
//! way from this message up to the root. It proves what a signature of each message would, at a fraction of the cost.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seal::merkle::{self, Hash};

use crate::log::entry::Part;
use crate::protocol::hash::Hash512;

const ALGORITHM: &str = "ed25519-batch";

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
            Part::Request => ("x-road-request-hash", "tongban-request"),
            Part::Answer => ("tb-answer-hash", "tongban-answer"),
        }
    }

    /// The signature base (RFC 9421 §2.5).
    #[must_use]
    pub fn base(&self) -> String {
        let ((hash, tag), mut base) = (self.names(), String::with_capacity(420));
        for part in ["\"", hash, "\": "] {
            base.push_str(part);
        }
        STANDARD.encode_string(self.hash, &mut base);
        let created = self.created.to_string();
        for part in [
            "\n\"x-road-request-id\": ",
            self.request_id,
            "\n\"@signature-params\": (\"",
            hash,
            "\" \"x-road-request-id\");created=",
            &created,
            ";keyid=\"",
            self.key,
            "\";alg=\"",
            ALGORITHM,
            "\";tag=\"",
            tag,
            "\"",
        ] {
            base.push_str(part);
        }
        base
    }

    /// The base as a leaf of the tree that is signed.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        merkle::leaf_hash(self.base().as_bytes())
    }
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
        let params =
            r#"("tb-answer-hash" "x-road-request-id");created=7;keyid="k";alg="ed25519-batch";tag="tongban-answer""#;
        assert_eq!(lines[2], format!("\"@signature-params\": {params}"));
        assert!(!base.ends_with('\n'));
    }
}
