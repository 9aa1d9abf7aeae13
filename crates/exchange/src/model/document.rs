//! A grant as a signed document: canonical JSON (RFC 8785), its hash, and one detached JWS (RFC 7515) of each side.
//!
//! What it proves: that this deployment, which keeps the keys of its organisations, recorded these terms between these
//! two, and that nobody has changed them since. That a person with the right role acted is proven by the audit log. An
//! organisation that holds its key elsewhere signs there; the document stays the same.
use std::fmt;

use platform::{Error, Result};
use seal::keys::{Algorithm, Ed25519Key, PublicKey, Signer};
use seal::{digest, jcs, jws};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `typ` of the signatures' headers.
const SIGNATURE: &str = "tongban-grant+jws";
/// `typ` of the document.
const DOCUMENT: &str = "tongban-grant/1";

/// An organisation by key and unified social credit code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub org: String,
    pub uscc: String,
}

/// A resource by key and by the code of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub key: String,
    pub code: String,
}

/// What both sides sign. Instants are RFC 3339 in the deployment's zone; `valid_until` is the first at which it no
/// longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantDocument {
    #[serde(rename = "type")]
    pub kind: String,
    pub grant: String,
    pub version: i64,
    pub provider: Party,
    pub consumer: Party,
    /// The organisation that delegated; null when the consumer asks for itself.
    pub on_behalf_of: Option<Party>,
    pub resource: Named,
    pub fields: Vec<String>,
    pub purpose: String,
    pub basis: String,
    /// Keys of items and identifiers of cases; empty: everything that the purpose covers.
    pub matters: Vec<String>,
    pub valid_from: String,
    pub valid_until: Option<String>,
    /// Hash of the document that a delegation rests on.
    pub parent: Option<String>,
    /// Hash of the version before.
    pub previous: Option<String>,
}

impl GrantDocument {
    #[must_use]
    pub fn type_name() -> String {
        DOCUMENT.to_owned()
    }
}

/// A document with its hash (SHA-256, hexadecimal) and signatures, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Canonical JSON.
    pub text: String,
    pub hash: String,
    pub provider_jws: String,
    pub consumer_jws: String,
}

/// As it is handed out. The document is an object here, so that people can read it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    document: Value,
    hash: String,
    provider_signature: String,
    consumer_signature: String,
}

/// The key with which this deployment signs for an organisation: Ed25519, derived from the deployment's secret and the
/// credit code, so that it needs no store of its own and is the same in every process.
#[must_use]
pub fn organisation_key(secret: &[u8; 32], uscc: &str) -> Ed25519Key {
    Ed25519Key::from_bytes(&digest::keyed(secret, format!("grant key {uscc}").as_bytes()))
}

/// `kid`: the credit code, `#`, the thumbprint of the key (RFC 7638).
#[must_use]
pub fn key_id(uscc: &str, key: &PublicKey) -> String {
    format!("{uscc}#{}", key.key_id())
}

/// Signs for both sides.
pub fn seal(document: &GrantDocument, secret: &[u8; 32]) -> Result<Sealed> {
    let text = jcs::of(document).map_err(Error::internal)?;
    let sign = |party: &Party| -> Result<String> {
        let key = organisation_key(secret, &party.uscc);
        let header = jws::Header::new(SIGNATURE).with("kid", key_id(&party.uscc, &key.public()));
        jws::sign_detached(&key, header, &text).map_err(Error::internal)
    };
    let (provider_jws, consumer_jws) = (sign(&document.provider)?, sign(&document.consumer)?);
    let hash = digest::to_hex(&digest::sha256(&text));
    Ok(Sealed { text: String::from_utf8(text).map_err(Error::internal)?, hash, provider_jws, consumer_jws })
}

impl Sealed {
    /// The file that both sides keep.
    pub fn envelope(&self) -> Result<String> {
        let envelope = Envelope {
            document: serde_json::from_str(&self.text)?,
            hash: self.hash.clone(),
            provider_signature: self.provider_jws.clone(),
            consumer_signature: self.consumer_jws.clone(),
        };
        Ok(serde_json::to_string_pretty(&envelope)?)
    }
}

/// What is wrong with a document that somebody shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// No document of a grant.
    Unreadable,
    /// The hash is that of other terms.
    Hash,
    /// Nobody vouches for a key of this organisation (its credit code).
    UnknownKey(String),
    /// The signature of this organisation (its credit code) does not fit.
    Signature(String),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("it is no document of a grant"),
            Self::Hash => f.write_str("the hash does not fit the document"),
            Self::UnknownKey(uscc) => write!(f, "no key of {uscc} is known"),
            Self::Signature(uscc) => write!(f, "the signature of {uscc} does not fit"),
        }
    }
}

/// Verifies a file that was handed out. `key_of`: the public key of an organisation by its credit code, from a source
/// that the verifier trusts (`/grants/keys.json`). It does not say that the grant still stands.
pub fn verify(file: &str, key_of: impl Fn(&str) -> Option<PublicKey>) -> Result<GrantDocument, Flaw> {
    let envelope: Envelope = serde_json::from_str(file).map_err(|_| Flaw::Unreadable)?;
    let text = jcs::to_vec(&envelope.document).map_err(|_| Flaw::Unreadable)?;
    let document: GrantDocument = serde_json::from_value(envelope.document).map_err(|_| Flaw::Unreadable)?;
    if document.kind != DOCUMENT {
        return Err(Flaw::Unreadable);
    }
    if envelope.hash != digest::to_hex(&digest::sha256(&text)) {
        return Err(Flaw::Hash);
    }
    let signatures =
        [(&document.provider, &envelope.provider_signature), (&document.consumer, &envelope.consumer_signature)];
    for (party, signature) in signatures {
        let key = key_of(&party.uscc).ok_or_else(|| Flaw::UnknownKey(party.uscc.clone()))?;
        let expect = jws::Expect { algorithms: &[Algorithm::Ed25519], typ: Some(SIGNATURE) };
        let header = jws::verify_detached(signature, &text, &key, &expect);
        let named = header.is_ok_and(|header| header.key_id() == key_id(&party.uscc, &key));
        if !named {
            return Err(Flaw::Signature(party.uscc.clone()));
        }
    }
    Ok(document)
}

/// An organisation's key in a set as `/grants/keys.json` serves it (RFC 7517).
#[must_use]
pub fn key_in(keys: &Value, uscc: &str) -> Option<PublicKey> {
    let of =
        |jwk: &&Value| jwk["kid"].as_str().and_then(|kid| kid.split_once('#')).is_some_and(|(code, _)| code == uscc);
    PublicKey::from_jwk(keys["keys"].as_array()?.iter().find(of)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [u8; 32] = [7; 32];

    fn party(org: &str, uscc: &str) -> Party {
        Party { org: org.into(), uscc: uscc.into() }
    }

    fn document() -> GrantDocument {
        GrantDocument {
            kind: GrantDocument::type_name(),
            grant: "xgr_1".into(),
            version: 2,
            provider: party("public-security", "1199010001000200XW"),
            consumer: party("civil-affairs", "11990100010003008E"),
            on_behalf_of: None,
            resource: Named { key: "population".into(), code: "101001/000001".into() },
            fields: vec!["name".into(), "birth_date".into()],
            purpose: "senior-card".into(),
            basis: "《老年人权益保障法》第五十二条".into(),
            matters: vec!["senior-card".into()],
            valid_from: "2026-11-20T00:00:00+08:00".into(),
            valid_until: Some("2027-11-20T00:00:00+08:00".into()),
            parent: None,
            previous: Some("00".repeat(32)),
        }
    }

    fn key_of(uscc: &str) -> Option<PublicKey> {
        Some(organisation_key(&SECRET, uscc).public())
    }

    #[test]
    fn what_both_signed_is_read_back() {
        let file = seal(&document(), &SECRET).unwrap().envelope().unwrap();
        assert_eq!(verify(&file, key_of).unwrap(), document());
        // Other white space and another order of members are the same document.
        let value: Value = serde_json::from_str(&file).unwrap();
        assert_eq!(verify(&value.to_string(), key_of).unwrap(), document());
    }

    #[test]
    fn each_altered_member_is_found() {
        let sealed = seal(&document(), &SECRET).unwrap();
        let file: Value = serde_json::from_str(&sealed.envelope().unwrap()).unwrap();
        let names: Vec<String> = file["document"].as_object().unwrap().keys().cloned().collect();
        for name in names {
            let mut altered = file.clone();
            let member = &mut altered["document"][&name];
            *member = match &*member {
                Value::Number(number) => (number.as_i64().unwrap() + 1).into(),
                Value::String(text) => format!("{text}1").into(),
                Value::Array(list) => list.iter().chain([&Value::from("mobile")]).cloned().collect(),
                Value::Object(_) => serde_json::json!({"org": "health", "uscc": "X", "key": "credit"}),
                _ => "text".into(),
            };
            assert!(verify(&altered.to_string(), key_of).is_err(), "{name}");
        }
    }

    #[test]
    fn a_forged_hash_does_not_help() {
        let forged = GrantDocument { fields: vec!["name".into(), "mobile".into()], ..document() };
        let honest = seal(&document(), &SECRET).unwrap();
        // New terms and hash under the old signatures.
        let text = String::from_utf8(jcs::of(&forged).unwrap()).unwrap();
        let hash = digest::to_hex(&digest::sha256(text.as_bytes()));
        let mixed = Sealed { text, hash, ..honest.clone() };
        let provider = document().provider.uscc;
        assert_eq!(verify(&mixed.envelope().unwrap(), key_of), Err(Flaw::Signature(provider.clone())));
        // Signed with a key of the forger's own.
        let own = seal(&forged, &[8; 32]).unwrap().envelope().unwrap();
        assert_eq!(verify(&own, key_of), Err(Flaw::Signature(provider.clone())));
        // One side's signature in the place of the other's.
        let swapped = Sealed { provider_jws: honest.consumer_jws.clone(), ..honest.clone() };
        assert_eq!(verify(&swapped.envelope().unwrap(), key_of), Err(Flaw::Signature(provider.clone())));
        let alone = Sealed { consumer_jws: String::new(), ..honest.clone() };
        assert_eq!(verify(&alone.envelope().unwrap(), key_of), Err(Flaw::Signature(document().consumer.uscc)));
        assert_eq!(verify(&honest.envelope().unwrap(), |_| None), Err(Flaw::UnknownKey(provider)));
        for junk in ["", "{}", "[]", r#"{"document":{},"hash":"","provider_signature":"","consumer_signature":""}"#] {
            assert_eq!(verify(junk, key_of), Err(Flaw::Unreadable), "{junk}");
        }
    }
}
