//! The vectors of `tests/conformance/xroad`, made with another implementation from the protocol's text.
#![allow(clippy::unwrap_used)] // helpers of tests
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::protocol::fault::{Fault, Spelling, same_code};
use gateway::protocol::hash::{message_hash, sha512, to_text};
use gateway::protocol::head::{Added, Header, request_head};
use gateway::protocol::ids::{Alphabet, ClientId};
use gateway::protocol::path::{covers, is_plain};
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/conformance/xroad/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let read: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let list = read.as_array().cloned().unwrap_or_else(|| vec![read]);
    assert!(!list.is_empty());
    list
}

#[test]
fn request_heads_and_hashes() {
    for vector in vectors("request-hash") {
        let text = |key: &str| vector[key].as_str().unwrap();
        let headers = vector["headers"].as_array().unwrap().iter();
        let headers =
            headers.map(|h| Header { name: h[0].as_str().unwrap(), value: h[1].as_str().unwrap().as_bytes() });
        let added = Added { request_id: text("request_id"), message_id: vector["message_id"].as_str() };
        let head = request_head(text("verb"), text("target"), headers, added);
        assert_eq!(String::from_utf8_lossy(&head), text("head"), "{}", text("name"));
        let body = STANDARD.decode(text("body")).unwrap();
        let digest = (!body.is_empty()).then(|| sha512(&body));
        assert_eq!(to_text(&message_hash(&head, digest.as_ref())), text("hash"), "{}", text("name"));
    }
}

#[test]
fn access_patterns_and_traps() {
    for vector in vectors("path-globs") {
        let (pattern, path) = (vector["pattern"].as_str().unwrap(), vector["path"].as_str().unwrap());
        assert_eq!(covers(pattern, path), vector["covers"].as_bool().unwrap(), "{pattern} {path}");
    }
    let paths = &vectors("paths")[0];
    for (key, wanted) in [("plain", true), ("traps", false)] {
        for path in paths[key].as_array().unwrap() {
            assert_eq!(is_plain(path.as_str().unwrap()), wanted, "{path}");
        }
    }
}

#[test]
fn identifiers() {
    for vector in vectors("identifiers") {
        let text = vector["text"].as_str().unwrap();
        for (key, alphabet) in [("strict", Alphabet::Strict), ("relaxed", Alphabet::Relaxed)] {
            let read = ClientId::parse(text, alphabet);
            assert_eq!(read.is_ok(), vector[key].as_bool().unwrap(), "{text} {key}");
        }
    }
}

#[test]
fn fault_codes_in_both_spellings() {
    for vector in vectors("faults") {
        let (snake, camel) = (vector["snake"].as_str().unwrap().to_owned(), vector["camel"].as_str().unwrap());
        let fault = Fault { code: snake.clone().into(), message: "m".into() };
        assert_eq!(u64::from(fault.status()), vector["status"].as_u64().unwrap());
        assert_eq!(fault.write("", "d", Spelling::Snake).code, snake);
        assert_eq!(fault.write("", "d", Spelling::Camel).code, camel);
        assert!(same_code(&snake, camel));
    }
}
