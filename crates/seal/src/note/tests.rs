//! Tests of notes and checkpoints: the published note of golang.org/x/mod/sumdb/note, and each way to break one.

use super::*;
use crate::keys::{Ed25519Key, Es256Key};
use crate::merkle::TreeHead;

/// From the documentation and tests of golang.org/x/mod/sumdb/note.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn keys(vkeys: &[&str]) -> Vec<VerifierKey> {
    vkeys.iter().map(|vkey| VerifierKey::parse(vkey).unwrap()).collect()
}

fn names(note: &str, trusted: &[&str]) -> Result<Vec<String>, SealError> {
    let verified = Note::parse(note)?.verify(&keys(trusted))?;
    Ok(verified.into_iter().map(|v| v.key.name().to_owned()).collect())
}

fn peter() -> Ed25519Key {
    let blob = digest::from_base64("key", PETER_SECRET).unwrap();
    Ed25519Key::from_bytes(&blob[1..].try_into().unwrap())
}

#[test]
fn the_published_note_is_reproduced_and_verifies() {
    let mut note = Note::new(TEXT).unwrap();
    note.sign("PeterNeumann", &peter()).unwrap();
    assert_eq!(note.encode(), format!("{TEXT}\n{PETER_LINE}"));
    note.sign("PeterNeumann", &peter()).unwrap();
    assert_eq!(note.signatures().len(), 1, "a second signature replaces the first");
    assert_eq!(Note::parse(&note.encode()).unwrap(), note);
    assert_eq!(names(&note.encode(), &[PETER]).unwrap(), ["PeterNeumann"]);
    assert_eq!(VerifierKey::new("PeterNeumann", peter().public(), NoteKeyKind::Ed25519).unwrap().to_string(), PETER);
}

#[test]
fn unknown_signatures_are_ignored_and_one_known_is_needed() {
    let note = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    assert_eq!(names(&note, &[PETER]).unwrap(), ["PeterNeumann"]);
    assert_eq!(names(&note, &[ENOCH, PETER]).unwrap(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(names(&note, &[]).unwrap_err().code(), "untrusted");
    let twice = format!("{TEXT}\n{PETER_LINE}{PETER_LINE}");
    assert_eq!(names(&twice, &[PETER, PETER]).unwrap(), ["PeterNeumann"]);
}

#[test]
fn one_bad_signature_of_a_known_key_refuses_the_note() {
    let bad = ENOCH_LINE.replace("2tiOHp", "ABCDHp");
    assert_eq!(names(&format!("{TEXT}\n{PETER_LINE}{bad}"), &[PETER]).unwrap(), ["PeterNeumann"]);
    assert_eq!(names(&format!("{TEXT}\n{PETER_LINE}{bad}"), &[PETER, ENOCH]).unwrap_err().code(), "signature");
    let other = TEXT.replace("answer", "Answer");
    assert_eq!(names(&format!("{other}\n{PETER_LINE}"), &[PETER]).unwrap_err().code(), "signature");
}

#[test]
fn the_text_may_hold_empty_lines() {
    let mut note = Note::new("a\n\n\nb\n\n").unwrap();
    note.sign("log", &peter()).unwrap();
    assert_eq!(Note::parse(&note.encode()).unwrap(), note);
}

#[test]
fn malformed_notes_are_refused() {
    let bad = [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{}", PETER_LINE.trim_end()),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{TEXT}\r\n{PETER_LINE}"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad\u{3000}Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "")),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{PETER_LINE}\n"),
        format!("{TEXT}{PETER_LINE}"),
        format!("{TEXT}\n— PeterNeumann x08gow==\n"),
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAN=")),
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAM")),
        format!("{TEXT}\n{}", PETER_LINE.repeat(MAX_SIGNATURES + 1)),
    ];
    for note in bad {
        assert_eq!(Note::parse(&note).unwrap_err().code(), "malformed", "{note}");
    }
    for text in ["", "no newline", "tab\t\n"] {
        assert!(Note::new(text).is_err(), "{text:?}");
    }
}

#[test]
fn every_mangled_key_is_refused() {
    for start in 0..=PETER.len() {
        for end in start..=PETER.len() {
            let part = &PETER[start..end];
            assert_eq!(VerifierKey::parse(part).is_ok(), part == PETER, "{part}");
        }
        let mut bytes = PETER.as_bytes().to_vec();
        if let Some(byte) = bytes.get_mut(start) {
            *byte += 1;
            assert!(VerifierKey::parse(std::str::from_utf8(&bytes).unwrap()).is_err(), "byte {start}");
        }
    }
    // Wrong length and unknown kind, each with the id that fits.
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(VerifierKey::parse(bad).is_err(), "{bad}");
    }
    let es256 = Es256Key::from_bytes(&[1; 32]).unwrap();
    assert_eq!(Note::new(TEXT).unwrap().sign("log", &es256).unwrap_err().code(), "key");
    for name in ["", "a b", "a+b", "a\nb", "a\u{7f}"] {
        assert!(VerifierKey::new(name, peter().public(), NoteKeyKind::Ed25519).is_err(), "{name:?}");
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("log.yunling.example/audit", TreeHead { size: 20_852_163, root: [7; 32] })
}

#[test]
fn checkpoints_have_one_spelling() {
    let root = digest::to_base64(&[7; 32]);
    let text = checkpoint().encode().unwrap();
    assert_eq!(text, format!("log.yunling.example/audit\n20852163\n{root}\n"));
    assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint());
    let mut extended = checkpoint();
    extended.extensions.push("kept until 2056".to_owned());
    assert_eq!(Checkpoint::parse(&extended.encode().unwrap()).unwrap(), extended);
    for bad in [
        format!("log\n1\n{root}"),
        format!("log\n01\n{root}\n"),
        format!("log\n+1\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("\n1\n{root}\n"),
        format!("log\n1\n{root}\n\n"),
        format!("log\n1\n{}\n", digest::to_base64(&[7; 31])),
        "log\n1\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(Checkpoint::parse(&bad).unwrap_err().code(), "malformed", "{bad:?}");
    }
    for origin in ["", "two\nlines"] {
        assert!(Checkpoint { origin: origin.to_owned(), ..checkpoint() }.encode().is_err());
    }
}

#[test]
fn a_checkpoint_needs_the_log_and_its_witnesses() {
    let (log, witness) = (peter(), Ed25519Key::from_bytes(&[9; 32]));
    let origin = checkpoint().origin;
    let log_key = VerifierKey::new(&origin, log.public(), NoteKeyKind::Ed25519).unwrap();
    let witness_key = VerifierKey::new("witness.example", witness.public(), NoteKeyKind::Cosignature).unwrap();
    assert_eq!(VerifierKey::parse(&witness_key.to_string()).unwrap(), witness_key);
    let alone = LogPolicy::of_log(&origin, log_key);
    let both = LogPolicy { witnesses: vec![witness_key], quorum: 1, ..alone.clone() };

    let signed = checkpoint().sign(&origin, &log).unwrap();
    assert_eq!(Checkpoint::open(&signed, &alone).unwrap().0, checkpoint());
    assert_eq!(Checkpoint::open(&signed, &both).unwrap_err().code(), "untrusted");
    let mut note = Note::parse(&signed).unwrap();
    note.cosign("witness.example", &witness, 1_790_000_000).unwrap();
    let (_, verified) = Checkpoint::open(&note.encode(), &both).unwrap();
    assert_eq!(verified[1].time, Some(1_790_000_000));

    let mut only_witness = Note::new(checkpoint().encode().unwrap()).unwrap();
    only_witness.cosign("witness.example", &witness, 1).unwrap();
    assert_eq!(Checkpoint::open(&only_witness.encode(), &both).unwrap_err().code(), "untrusted");
    let elsewhere = LogPolicy { origin: "log.other.example".to_owned(), ..alone };
    assert_eq!(Checkpoint::open(&signed, &elsewhere).unwrap_err().code(), "untrusted");
    // The stated time is signed as well.
    let moved = note.signatures()[1].bytes.clone();
    let later =
        digest::to_base64(&[&note.signatures()[1].key_id.to_be_bytes(), &moved[..7], &[1], &moved[8..]].concat());
    let (kept, _) = note.encode().trim_end().rsplit_once(' ').map(|(a, b)| (a.to_owned(), b.len())).unwrap();
    assert_eq!(Checkpoint::open(&format!("{kept} {later}\n"), &both).unwrap_err().code(), "signature");
}
