//! A deployment from its own packs: documents loaded, an official added, keys guarded.
use std::io::Write;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use tests::cli::program;

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/demo");

fn data(dir: &TempDir) -> &str {
    dir.path().to_str().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn with_input(mut command: Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn packs_are_loaded_and_loaded_again() {
    let dir = TempDir::new().unwrap();
    for _ in 0..2 {
        let output = program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains("14 items offered"), "{}", said(&output));
    }
}

#[test]
fn a_proxy_whose_visitors_are_not_told_apart_is_warned_of() {
    let check = |header: &str| {
        let mut command = program(&["config", "check"]);
        command.env("TONGBAN_HTTP__PUBLIC_ADDRESS", "https://services.example");
        command.env("TONGBAN_HTTP__ADDRESS_HEADER", header).output().unwrap()
    };
    let output = check("");
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("settings: ok") && said(&output).contains("http.address_header"),
        "{}",
        said(&output)
    );
    assert!(!said(&check("x-forwarded-for")).contains("http.address_header"));
}

#[test]
fn an_official_needs_an_office_that_exists_a_long_password_and_a_free_login() {
    let dir = TempDir::new().unwrap();
    assert!(program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap().status.success());
    let add = |post: &str, password: &str| {
        let arguments =
            ["official", "add", "--login", "an.li", "--name", "An Li", "--post", post, "--data", data(&dir)];
        with_input(program(&arguments), password)
    };
    assert!(said(&add("clerk@nowhere", "a long password\n")).contains("no such organisation"));
    assert!(said(&add("clerk@civil-affairs", "short\n")).contains("12 characters"));
    let added = add("clerk@civil-affairs", "a long password\n");
    assert!(added.status.success(), "{}", said(&added));
    let again = add("clerk@civil-affairs", "a long password\n");
    assert!(said(&again).contains("exists already"), "{}", said(&again));
}

#[test]
fn a_database_refuses_the_keys_of_another() {
    let dir = TempDir::new().unwrap();
    assert!(program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap().status.success());
    for key in ["secret", "log.ed25519", "certificates.p256"] {
        let path = dir.path().join("keys").join(key);
        let own = std::fs::read(&path).unwrap();
        std::fs::write(&path, "17".repeat(32)).unwrap();
        let output = program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap();
        assert!(!output.status.success() && said(&output).contains("is not the key of this database"), "{key}");
        std::fs::write(&path, own).unwrap();
    }
}

#[test]
fn a_city_that_was_broken_off_is_made_anew() {
    let dir = TempDir::new().unwrap();
    assert!(program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap().status.success());
    let arguments = ["demo", "--data", data(&dir), "--listen", "127.0.0.1:0", "--residents", "100", "--seed-only"];
    let first = program(&arguments).output().unwrap();
    assert!(first.status.success() && said(&first).contains("made anew"), "{}", said(&first));
    let second = program(&arguments).output().unwrap();
    assert!(second.status.success() && said(&second).contains("is used again"), "{}", said(&second));
}
