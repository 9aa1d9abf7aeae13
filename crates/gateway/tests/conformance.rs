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
        assert_eq!(String::from_utf8_lossy(head.bytes()), text("head"), "{}", text("name"));
        let body = STANDARD.decode(text("body")).unwrap();
        let digest = (!body.is_empty()).then(|| sha512(&body));
        assert_eq!(to_text(&message_hash(head.bytes(), digest.as_ref())), text("hash"), "{}", text("name"));
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

/// A file of the repository.
fn file(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).ok()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The cells of each row of the tables of a section; what follows its heading up to the next one.
fn rows<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let section = document.split_once(heading).unwrap().1;
    let section = section.split("\n#").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    lines.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// The source of the file in which a test stands; the function is there and is run by itself.
fn source_of(test: &str) -> String {
    let (path, function) = test.split_once("::").unwrap_or_else(|| panic!("{test} names no function"));
    let source = file(&format!("crates/{path}.rs")).or_else(|| file(&format!("tests/{path}.rs")));
    let source = source.unwrap_or_else(|| panic!("{test}: there is no such file"));
    let at = source.find(&format!("fn {function}()")).unwrap_or_else(|| panic!("{test}: there is no such function"));
    let attributes = source[..at].rsplit("\n\n").next().unwrap();
    assert!(attributes.contains("test") && attributes.contains("#["), "{test} is no test: {attributes}");
    assert!(!attributes.contains("#[ignore"), "{test} is not run");
    source
}

#[test]
fn every_fault_of_the_document_has_its_test() {
    let document = file("docs/protocols/exchange.md").unwrap();
    let tables = rows(&document, "\n## 5. What is tested\n");
    let mut tested = Vec::new();
    for row in &tables {
        let tests = quoted(row[row.len() - 1]);
        assert_eq!(row.len(), 3, "{row:?}");
        let sources: String = tests.iter().map(|test| source_of(test)).collect();
        assert!(!tests.is_empty(), "{row:?}");
        for code in quoted(row[1]).into_iter().filter(|code| code.starts_with("client.") || code.starts_with("server."))
        {
            assert!(sources.contains(code), "{code}: not in {tests:?}");
            tested.push(code);
        }
    }
    assert!(tables.len() > 40);
    // In the list of codes a code that begins with a dot has the sides of the one before it.
    let mut told = Vec::new();
    for row in rows(&document, "\n### Faults\n") {
        let mut sides = String::new();
        for code in quoted(row[0]) {
            let whole = if code.starts_with('.') { format!("{sides}{code}") } else { code.to_owned() };
            sides = whole.split('.').take(2).collect::<Vec<_>>().join(".");
            told.push(whole);
        }
    }
    let kinds = include_str!("../src/protocol/fault.rs")
        .lines()
        .filter(|line| line.contains(" => \"") && line.contains("Self::"));
    let kinds: Vec<&str> = kinds.filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(kinds.len(), 29);
    for code in kinds {
        assert!(told.iter().any(|told| told == code), "{code} is not in the list of codes");
        assert!(tested.contains(&code), "{code} has no test");
    }
}
