//! JSON Web Keys (RFC 7517, RFC 7518 §6.2, RFC 8037 §2) and their thumbprints (RFC 7638).

use serde_json::{Map, Value, json};

use super::public::{Point, PublicKey};
use super::{Algorithm, Signer};
use crate::{SealError, digest, jcs};

/// The members that RFC 7638 §3.2 hashes.
fn required(key: &PublicKey) -> Value {
    let bytes = key.to_bytes();
    let text = |part: &[u8]| digest::to_base64url(part);
    match &key.0 {
        Point::Es256(_) => json!({"crv": "P-256", "kty": "EC", "x": text(&bytes[1..33]), "y": text(&bytes[33..])}),
        Point::Ed25519(_) => json!({"crv": "Ed25519", "kty": "OKP", "x": text(&bytes)}),
    }
}

pub(super) fn thumbprint(key: &PublicKey) -> [u8; 32] {
    // RFC 7638 §3.3 asks for what RFC 8785 gives: sorted names, no white space.
    let members = jcs::to_vec(&required(key)).expect("a JWK of strings has a canonical form");
    digest::sha256(&members)
}

pub(super) fn write(key: &PublicKey) -> Value {
    let mut jwk = required(key);
    jwk["alg"] = json!(key.algorithm().name());
    jwk["kid"] = json!(key.key_id());
    jwk["use"] = json!("sig");
    jwk
}

pub(super) fn read(value: &Value) -> Result<PublicKey, SealError> {
    let members = value.as_object().ok_or_else(|| SealError::key("a JWK is a JSON object"))?;
    if members.contains_key("d") {
        return Err(SealError::key("the JWK holds a private key (member d); publish only the public part"));
    }
    let key = match (text(members, "kty")?, text(members, "crv")?) {
        ("EC", "P-256") => {
            let point = [vec![4], coordinate(members, "x")?, coordinate(members, "y")?].concat();
            PublicKey::from_bytes(Algorithm::Es256, &point)?
        }
        ("OKP", "Ed25519") => PublicKey::from_bytes(Algorithm::Ed25519, &coordinate(members, "x")?)?,
        (kty, crv) => return Err(SealError::key(format!("keys of type {kty} on curve {crv} are not known here"))),
    };
    check_purpose(members, key.algorithm())?;
    Ok(key)
}

/// RFC 7517 §4.2, §4.4: what a JWK says of its use must fit.
fn check_purpose(members: &Map<String, Value>, algorithm: Algorithm) -> Result<(), SealError> {
    if members.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err(SealError::key("the JWK is not for signatures (member use)"));
    }
    let named = members.get("alg").map(|alg| alg.as_str().and_then(Algorithm::from_name));
    if named.is_some_and(|named| named != Some(algorithm)) {
        return Err(SealError::key(format!("the JWK's alg does not fit its curve, which is for {algorithm}")));
    }
    Ok(())
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, SealError> {
    let value = members.get(name).and_then(Value::as_str);
    value.ok_or_else(|| SealError::key(format!("the JWK lacks the text member {name}")))
}

fn coordinate(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, SealError> {
    let bytes = digest::from_base64url(text(members, name)?)?;
    if bytes.len() != 32 {
        return Err(SealError::key(format!("the JWK's {name} has {} bytes instead of 32", bytes.len())));
    }
    Ok(bytes)
}

/// The JWK Set (RFC 7517 §5) of some signers' public keys, as a `jwks_uri` serves it.
pub fn set_of(signers: &[&dyn Signer]) -> Value {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.public().to_jwk()).collect();
    json!({ "keys": keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dpop_key() -> Value {
        json!({
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
        })
    }

    /// RFC 9449 §6.1: the key of §4.1 has this `jkt`.
    #[test]
    fn the_thumbprint_of_a_p256_key_is_that_of_rfc_9449() {
        let key = PublicKey::from_jwk(&dpop_key()).unwrap();
        assert_eq!(key.key_id(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    #[test]
    fn a_jwk_that_says_something_else_is_refused() {
        let changes = [
            ("kty", json!("RSA")),
            ("crv", json!("P-384")),
            ("x", json!("AA")),
            ("x", json!("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs=")),
            ("y", json!("8VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")),
            ("y", json!(5)),
            ("use", json!("enc")),
            ("alg", json!("EdDSA")),
            ("alg", json!("none")),
            ("d", json!("AA")),
        ];
        for (name, value) in changes {
            let mut jwk = dpop_key();
            jwk[name] = value;
            assert!(PublicKey::from_jwk(&jwk).is_err(), "{jwk}");
        }
        assert!(PublicKey::from_jwk(&json!([])).is_err());
        // The point of order one: every message has a "signature" under it.
        let weak =
            json!({"kty": "OKP", "crv": "Ed25519", "x": digest::to_base64url(&{ let mut p = [0; 32]; p[0] = 1; p })});
        assert!(PublicKey::from_jwk(&weak).is_err());
    }

    #[test]
    fn a_key_set_lists_public_members_only() {
        let key = super::super::Ed25519Key::from_bytes(&[1; 32]);
        let set = set_of(&[&key]);
        assert_eq!(set["keys"][0]["kid"], key.key_id());
        assert!(set["keys"][0].get("d").is_none());
    }
}
