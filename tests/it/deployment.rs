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

/// A copy of the pack in which one connector's line says something else.
fn pack_with(dir: &TempDir, (from, to): (&str, &str)) -> String {
    let copy = dir.path().join("pack");
    let copied = Command::new("cp").args(["-r", PACK]).arg(&copy).status().unwrap();
    let document = copy.join("connectors/social-insurance.yaml");
    let text = std::fs::read_to_string(&document).unwrap();
    assert!(copied.success() && text.contains(from), "{from}");
    std::fs::write(&document, text.replace(from, to)).unwrap();
    copy.to_str().unwrap().to_owned()
}

/// Both commands and the start of the program say file, line, field, register and what to write, before anybody is asked.
#[test]
fn a_connector_that_does_not_fit_its_register_is_refused_when_it_is_loaded() {
    for (from, to, says) in [
        ("aae201}", "aae201, date: YYYYMM}", ["social-insurance.yaml:18: field months_paid", "write codes"]),
        ("\"1\": paying", "\"1\": payed", ["social-insurance.yaml:13: field status", "one of paying, paused, retired"]),
        ("{from: aab998}", "{from: aab997}", ["social-insurance.yaml:15: field employer_uscc", "no column aab997"]),
    ] {
        let dir = TempDir::new().unwrap();
        let wrong = pack_with(&dir, (from, to));
        for command in [["pack", "load"], ["connector", "check"]] {
            let output = program(&[&command[..], &[&wrong, "--data", data(&dir)]].concat()).output().unwrap();
            let all = said(&output);
            assert!(!output.status.success() && says.iter().all(|part| all.contains(part)), "{command:?}: {all}");
        }
        assert!(program(&["pack", "load", PACK, "--data", data(&dir)]).output().unwrap().status.success());
        let database = rusqlite::Connection::open(dir.path().join("tongban.sqlite")).unwrap();
        let sql =
            "UPDATE platform_document SET text = REPLACE(text, ?1, ?2) WHERE path = 'connectors/social-insurance.yaml'";
        assert_eq!(database.execute(sql, [from, to]).unwrap(), 1);
        drop(database);
        let mut serving = program(&["serve", "--data", data(&dir), "--listen", "127.0.0.1:0"]);
        let mut serving = serving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // One that starts all the same would never end.
        let ended = (0..600).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            serving.try_wait().unwrap().is_some()
        });
        drop(serving.kill());
        let output = serving.wait_with_output().unwrap();
        let all = said(&output);
        assert!(ended, "it serves: {all}");
        assert!(!output.status.success() && says.iter().all(|part| all.contains(part)), "serve: {all}");
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
