//! Tests of JWS: the RFC's vectors, and each way to cheat.

use serde_json::json;

use super::*;
use crate::keys::{Ed25519Key, Es256Key};

const ES256: Expect<'_> = Expect { algorithms: &[Algorithm::Es256], typ: None };
const BOTH: Expect<'_> = Expect { algorithms: &[Algorithm::Es256, Algorithm::Ed25519], typ: None };

/// RFC 7515 §A.3.1.
const A3: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

fn a3_key() -> PublicKey {
    PublicKey::from_jwk(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    }))
    .unwrap()
}

fn key() -> Es256Key {
    Es256Key::from_bytes(&[5; 32]).unwrap()
}

/// Signs any header text as it stands.
fn forge(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", digest::to_base64url(header.as_bytes()), digest::to_base64url(payload.as_bytes()));
    let signature = key().sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", digest::to_base64url(&signature))
}

#[test]
fn the_es256_example_of_rfc_7515_verifies() {
    let verified = verify(A3, &a3_key(), &ES256).unwrap();
    assert_eq!(verified.header.algorithm(), "ES256");
    assert_eq!(verified.payload, b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

/// RFC 8037 §A.4 and §A.5: Ed25519 is deterministic, so our signer must give the same signature.
#[test]
fn the_ed25519_example_of_rfc_8037_verifies_and_is_reproduced() {
    let secret = digest::from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = Ed25519Key::from_bytes(&secret.try_into().unwrap());
    let compact = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(verify(compact, &key.public(), &BOTH).unwrap().payload, b"Example of Ed25519 signing");
    let (signed, signature) = compact.rsplit_once('.').unwrap();
    assert_eq!(digest::to_base64url(&key.sign(signed.as_bytes()).unwrap()), signature);
}

#[test]
fn what_we_sign_verifies_attached_and_detached() {
    let key = key();
    let header = Header::new("dc+sd-jwt").with("x5c", json!(["AA"]));
    let expect = Expect { typ: Some("dc+sd-jwt"), ..ES256 };
    let compact = sign(&key, header.clone(), b"payload").unwrap();
    let verified = verify(&compact, &key.public(), &expect).unwrap();
    assert_eq!(verified.payload, b"payload");
    assert_eq!(verified.header.key_id(), key.key_id());
    assert_eq!(verified.header.get("x5c"), Some(&json!(["AA"])));
    assert_eq!(peek(&compact).unwrap(), verified.header);

    let detached = sign_detached(&key, header, b"payload").unwrap();
    verify_detached(&detached, b"payload", &key.public(), &expect).unwrap();
    assert_eq!(verify_detached(&detached, b"payloae", &key.public(), &expect).unwrap_err().code(), "signature");
    assert!(verify(&detached, &key.public(), &expect).is_err());
    assert_eq!(verify_detached(&compact, b"payload", &key.public(), &expect).unwrap_err().code(), "malformed");
}

#[test]
fn every_changed_character_is_noticed() {
    for at in 0..A3.len() {
        let mut bytes = A3.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verify(&changed, &a3_key(), &ES256).is_err(), "character {at}");
    }
}

#[test]
fn only_listed_algorithms_of_the_key_itself_pass() {
    let public = key().public();
    let good = forge(r#"{"alg":"ES256"}"#, "x");
    verify(&good, &public, &ES256).unwrap();
    for expect in [Expect { algorithms: &[Algorithm::Ed25519], typ: None }, Expect { algorithms: &[], typ: None }] {
        assert_eq!(verify(&good, &public, &expect).unwrap_err().code(), "algorithm");
    }
    for alg in ["none", "HS256", "EdDSA", "es256", "ES256K"] {
        let forged = forge(&format!(r#"{{"alg":"{alg}"}}"#), "x");
        assert_eq!(verify(&forged, &public, &BOTH).unwrap_err().code(), "algorithm", "{alg}");
    }
    let unsigned = format!("{}.{}.", digest::to_base64url(br#"{"alg":"none"}"#), digest::to_base64url(b"x"));
    assert_eq!(verify(&unsigned, &public, &BOTH).unwrap_err().code(), "algorithm");
}

#[test]
fn the_type_must_be_the_expected_one() {
    let public = key().public();
    let expect = Expect { typ: Some("statuslist+jwt"), ..ES256 };
    for typ in ["statuslist+jwt", "StatusList+JWT", "application/statuslist+jwt"] {
        verify(&forge(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#), "x"), &public, &expect).unwrap();
    }
    for header in [r#"{"alg":"ES256"}"#, r#"{"alg":"ES256","typ":"JWT"}"#, r#"{"alg":"ES256","typ":7}"#] {
        assert_eq!(verify(&forge(header, "x"), &public, &expect).unwrap_err().code(), "type", "{header}");
    }
}

#[test]
fn sloppy_or_tricky_forms_are_refused() {
    let public = key().public();
    let headers = [
        r#"{"alg":"ES256","crit":["exp"]}"#,
        r#"{"alg":"ES256","b64":false}"#,
        r#"{"alg":"none","alg":"ES256"}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":7}"#,
        r#"["ES256"]"#,
        "{",
        "",
    ];
    for header in headers {
        assert_eq!(verify(&forge(header, "x"), &public, &ES256).unwrap_err().code(), "malformed", "{header}");
    }
    let good = forge(r#"{"alg":"ES256"}"#, "x");
    for bad in
        [format!("{good}="), format!("{good}.x"), format!(" {good}"), format!("{good}\n"), "..".into(), "".into()]
    {
        assert!(verify(&bad, &public, &ES256).is_err(), "{bad:?}");
    }
    // 'x' is 0x78: "eA"; "eB" decodes to the same byte if trailing bits are ignored.
    assert!(verify(&good.replace(".eA.", ".eB."), &public, &ES256).is_err());
    assert!(verify(&"a".repeat(MAX_BYTES + 1), &public, &ES256).is_err());
    assert!(sign(&key(), Header::default().with("crit", json!(["x"])), b"x").is_err());
}
