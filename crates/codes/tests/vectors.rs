//! Check characters against an independent implementation, and the published vectors.

#![allow(clippy::unwrap_used, reason = "the helpers of these tests stand outside test functions")]

use codes::{CertificateId, CodeError, Fault, ImplementationCode, ResidentId, Uscc};
use time::macros::date;

const VECTORS: &str = include_str!("data/check_digits.tsv");

fn vectors() -> impl Iterator<Item = (&'static str, &'static str, char)> {
    VECTORS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap();
        (next(), next(), next().chars().next().unwrap())
    })
}

fn read(kind: &str, text: &str) -> Result<String, CodeError> {
    match kind {
        "resident-id" => ResidentId::parse(text, date!(2026 - 11 - 21)).map(|id| id.as_str().to_owned()),
        "uscc" => Uscc::parse(text).map(|code| code.as_str().to_owned()),
        "certificate-id" => CertificateId::parse(text).map(|id| id.as_str().to_owned()),
        other => panic!("no such kind: {other}"),
    }
}

fn joined(kind: &str, body: &str, check: char) -> String {
    if kind == "certificate-id" { format!("{body}.{check}") } else { format!("{body}{check}") }
}

#[test]
fn right_check_characters_pass() {
    for (kind, body, check) in vectors() {
        let text = joined(kind, body, check);
        assert_eq!(read(kind, &text), Ok(text));
    }
    assert!(vectors().count() > 400);
}

#[test]
fn every_other_check_character_is_refused_and_the_right_one_named() {
    for (kind, body, check) in vectors() {
        for wrong in "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().filter(|c| *c != check) {
            let text = joined(kind, body, wrong);
            match read(kind, &text).unwrap_err().fault {
                Fault::Check { position, found, expected } => {
                    assert_eq!((position, found, expected), (text.len(), wrong, check), "{text}");
                }
                // A resident number ends with a digit or X: other letters are no check characters at all.
                Fault::Character { position, .. } => assert_eq!((kind, position), ("resident-id", 18)),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}

#[test]
fn real_implementation_codes_are_read() {
    for text in ["11650000010183859F2650116013001", "12441500196720244T3442199806003"] {
        let code = ImplementationCode::parse(text).unwrap();
        assert_eq!((code.as_str(), code.region_warning()), (text, None));
    }
}
