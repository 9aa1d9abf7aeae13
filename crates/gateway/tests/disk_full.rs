//! The disk of the message log is full: nothing is disclosed, nothing that was acknowledged is lost, and when there is room
//! again calls go on. The disk is a real one: a small tmpfs in a mount namespace of its own where the machine permits that,
//! and in any case a process that may not write larger files (RLIMIT_FSIZE).
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{CLIENT, Node, Pair, SERVICE};
use gateway::log::entry::Part;

const ROOM: &str = "TONGBAN_TEST_SMALL_ROOM";
const NEAR: &str = "server.clientproxy.logging_failed";
const FAR: &str = "server.serverproxy.logging_failed";

/// Runs one of the ignored tests below in a child under a shell script that has folder, program and test as arguments.
fn child(shell: &[&str], script: &str, test: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(script).arg("sh").arg(folder.path()).arg(program).env(ROOM, folder.path());
    command.args(["--exact", test, "--ignored", "--nocapture"]).output().unwrap()
}

/// The way to a mount namespace: as root, or as root of a namespace of users. None: the machine permits neither.
fn namespace() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "-m", "sh", "-c"], vec!["unshare", "-Urm", "sh", "-c"]];
    let folder = tempfile::tempdir().unwrap();
    let works = |way: &Vec<&str>| {
        let mut mounting = Command::new(way[0]);
        mounting.args(&way[1..]).arg("mount -t tmpfs -o size=1m none \"$0\"").arg(folder.path());
        mounting.output().is_ok_and(|output| output.status.success())
    };
    ways.into_iter().find(works)
}

fn succeeded(output: &Output, test: &str) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{test}: {text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_full_disk_denies_loses_nothing_and_goes_on_when_there_is_room() {
    let Some(way) = namespace() else {
        eprintln!("no mount namespace on this machine: only the limit on file sizes is tested");
        return;
    };
    let script = "mount -t tmpfs -o size=16m none \"$1\" && shift && exec \"$@\"";
    succeeded(&child(&way, script, "on_a_small_disk"), "on_a_small_disk");
}

#[test]
fn a_limit_on_files_denies_and_loses_nothing() {
    // 1.5 MiB in blocks of 512 bytes; the signal that would kill is ignored, so that writing fails instead.
    let script = "trap '' XFSZ; shift; ulimit -f 3072 && exec \"$@\"";
    succeeded(&child(&["sh", "-c"], script, "under_a_limit_on_files"), "under_a_limit_on_files");
}

fn room() -> PathBuf {
    std::env::var_os(ROOM).expect("run by the tests above").into()
}

/// Calls until so many were denied; the numbers of those that were answered.
async fn call_until_denied(pair: &Pair, denials: usize) -> Vec<String> {
    let (mut answered, mut denied) = (Vec::new(), 0);
    for n in 0..20_000 {
        let number = format!("call-{n}");
        let before = pair.application.count();
        let header = format!("X-Road-Id: {number}");
        let answer = pair.call(&format!("POST {SERVICE}/pay"), &[&header], b"one yuan").await;
        if answer.status == 200 {
            answered.push(number);
            continue;
        }
        assert!([NEAR, FAR].contains(&answer.error()), "{} {}", answer.status, answer.error());
        assert!(!answer.body.windows(8).any(|told| told == b"one yuan"), "nothing of the answer is told");
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        let asked = pair.application.count() > before;
        assert_eq!(asked, told.contains("may have been carried out"), "{told}");
        denied += 1;
        if denied == denials {
            return answered;
        }
    }
    panic!("20,000 calls, and the disk is not full");
}

/// Every call that was answered has its request and its answer in the log.
async fn has_all(node: &Node, answered: &[String]) {
    let entries = node.entries().await;
    for part in [Part::Request, Part::Answer] {
        let lines = entries.iter().filter(|line| line.part == part && line.names.client == CLIENT);
        let logged: HashSet<&str> = lines.map(|line| line.names.message_id.as_str()).collect();
        let lost: Vec<&String> = answered.iter().filter(|number| !logged.contains(number.as_str())).collect();
        assert!(lost.is_empty(), "{part:?} of {lost:?}");
    }
}

fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for piece in [1 << 16, 1 << 12, 1] {
        while file.write_all(&vec![1; piece]).is_ok() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run in a child by a_full_disk_denies_loses_nothing_and_goes_on_when_there_is_room"]
async fn on_a_small_disk() {
    let folder = tempfile::Builder::new().tempdir_in(room()).unwrap();
    // The data lies on the small disk, everything else elsewhere.
    let pair = Pair::start_limited(folder, |_| ()).await;
    assert_eq!(pair.get("/1").await.status, 200);
    let ballast = room().join("ballast");
    fill(&ballast);
    let mut answered = call_until_denied(&pair, 20).await;
    // Large bodies find no room in the spool either.
    let large = pair.call(&format!("PUT {SERVICE}/large"), &[], &vec![7; 1 << 20]).await;
    assert!(large.status == 500 && large.body.len() < 1 << 10, "{} {}", large.status, large.error());
    has_all(&pair.provider, &answered).await;
    std::fs::remove_file(ballast).unwrap();
    let mut again = 0;
    for n in 0..100 {
        let (number, header) = (format!("again-{n}"), format!("X-Road-Id: again-{n}"));
        if pair.call(&format!("POST {SERVICE}/pay"), &[&header], b"one yuan").await.status == 200 {
            answered.push(number);
            again += 1;
        }
    }
    assert!(again >= 95, "only {again} of 100 calls after there was room again");
    has_all(&pair.provider, &answered).await;
    has_all(&pair.consumer, &answered).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run in a child by a_limit_on_files_denies_and_loses_nothing"]
async fn under_a_limit_on_files() {
    let folder = tempfile::Builder::new().tempdir_in(room()).unwrap();
    let pair = Pair::start_limited(folder, |_| ()).await;
    let answered = call_until_denied(&pair, 20).await;
    assert!(!answered.is_empty());
    for node in [&pair.provider, &pair.consumer] {
        has_all(node, &answered).await;
    }
}
