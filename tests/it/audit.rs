//! The audit log against a hand in the database: whatever is changed, the verification names it.
use std::path::Path;
use std::sync::Arc;

use platform::Ctx;
use platform::audit::Entry;
use platform::audit::verify::{Check, Finding, Report, verify};
use platform::clock::Clock;
use platform::db::{Db, Location};
use platform::ids::IdMaker;
use platform::policy::{Action, On};
use seal::note::VerifierKey;
use tests::TestApp;
use tests::app::Stopped;
use tests::cli::program;
use tests::givens::{self, SENIOR_CARD};

struct Log {
    stopped: Stopped,
    key: String,
    /// A sealed row and its leaf, from the middle of the log.
    row: String,
    leaf: i64,
    size: i64,
}

/// A deployment that did something, stopped; its key was taken from the site, as an auditor takes it.
async fn log() -> Log {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    givens::apply(&mut resident, &SENIOR_CARD).await;
    app.run_jobs().await;
    // Enough for tiles above the leaves, sealed in several batches.
    for _ in 0..3 {
        entries(&app, 200).await;
        app.seal().await;
    }
    let key = app.anonymous().get("/log/key").await.assert_ok().html().trim().to_owned();
    let rows = app.rows("SELECT id, leaf FROM platform_audit ORDER BY leaf").await;
    let middle = &rows[rows.len() / 2];
    let (row, leaf, size) = (middle.text(0).unwrap(), middle.int(1).unwrap(), i64::try_from(rows.len()).unwrap());
    assert!(size > 512, "the log has whole tiles and one that grows: {size}");
    drop(resident);
    Log { stopped: app.stop().await, key, row, leaf, size }
}

async fn entries(app: &TestApp, count: usize) {
    let grant = Ctx::system(app.platform(), "tests.entries").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = move |tx: &mut platform::db::Tx<'_>| {
        let object = "obj_1";
        let entry =
            |event| Entry { event, object, subject: "per_1", basis: "某法第一条", detail: "{}", document: None };
        for _ in 1..count {
            tx.audited(entry("tests.happened"), ())?.into_inner();
        }
        tx.audited(entry("tests.ended"), ())
    };
    app.platform().db().write(grant, write).await.unwrap();
}

async fn check(database: &str, key: &str, at_least: u64) -> Report {
    let ids = Arc::new(IdMaker::new([0; 16]));
    let db = Db::open(&Location { url: database, threads: 1 }, Clock::World, ids).unwrap();
    verify(&db, Check { key: VerifierKey::parse(key).unwrap(), at_least }).await.unwrap()
}

/// The findings after a hand changed a copy of the SQLite file.
async fn after(log: &Log, sql: &str) -> Vec<Finding> {
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("copy.sqlite");
    std::fs::copy(&log.stopped.database, &file).unwrap();
    let changed = rusqlite::Connection::open(&file).unwrap();
    changed.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(changed.total_changes() > 0, "changed nothing: {sql}");
    drop(changed);
    check(&text(&file), &log.key, 0).await.findings
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn names_row(findings: &[Finding], row: &str) -> bool {
    findings.iter().any(|finding| match finding {
        Finding::RowAltered { id, .. } | Finding::LeafMisplaced { id, .. } | Finding::RowNotSealed { id } => id == row,
        _ => false,
    })
}

#[tokio::test]
async fn an_intact_log_has_no_findings() {
    let log = log().await;
    let report = check(&log.stopped.database, &log.key, 0).await;
    assert_eq!(report.findings, []);
    assert_eq!((report.sealed, report.unsealed), (u64::try_from(log.size).unwrap(), 0));
    let kept = check(&log.stopped.database, &log.key, report.sealed).await;
    assert_eq!(kept.findings, []);
}

#[tokio::test]
async fn any_single_column_changed_by_hand_names_the_row() {
    let log = log().await;
    if !log.stopped.is_sqlite() {
        return; // the columns are the same; on PostgreSQL one change is tried below
    }
    let at = format!("WHERE id = '{}'", log.row);
    let texts = ["event", "grant_action", "actor_kind", "actor", "object", "subject", "basis", "detail"];
    let mut changes: Vec<(String, &str)> =
        texts.iter().map(|column| (format!("{column} = {column} || ' '"), log.row.as_str())).collect();
    for (change, row) in [
        ("at = at + 1", log.row.as_str()),
        ("on_behalf = COALESCE(on_behalf, '') || 'x'", &log.row),
        ("office = COALESCE(office, '') || 'x'", &log.row),
        ("on_behalf = ''", &log.row), // nothing and an empty text are not the same
        ("document = x'00'", &log.row),
        ("salt = zeroblob(16)", &log.row),
        ("salt = x'00'", &log.row),
        ("leaf = leaf + 1", &log.row),
        ("leaf = -1", &log.row),
        ("leaf = 4000000000", &log.row),
        ("leaf = 'x'", &log.row),
        ("id = 'aud_another'", "aud_another"),
        ("event = 1", &log.row),
    ] {
        changes.push((change.to_owned(), row));
    }
    for (change, row) in changes {
        let findings = after(&log, &format!("UPDATE platform_audit SET {change} {at}")).await;
        assert!(names_row(&findings, row), "{change}: {findings:?}");
    }
}

#[tokio::test]
async fn rows_removed_swapped_cut_loose_or_put_in_are_found() {
    let log = log().await;
    if !log.stopped.is_sqlite() {
        return;
    }
    let (row, leaf) = (log.row.as_str(), u64::try_from(log.leaf).unwrap());
    let removed = after(&log, &format!("DELETE FROM platform_audit WHERE id = '{row}'")).await;
    assert_eq!(removed, [Finding::RowMissing { leaf }]);
    let last = u64::try_from(log.size - 1).unwrap();
    let removed = after(&log, &format!("DELETE FROM platform_audit WHERE leaf = {last}")).await;
    assert_eq!(removed, [Finding::RowMissing { leaf: last }]);
    let swapped = format!(
        "UPDATE platform_audit SET leaf = CASE leaf WHEN {leaf} THEN {leaf} + 1 ELSE {leaf} END
         WHERE leaf IN ({leaf}, {leaf} + 1)"
    );
    let swapped = after(&log, &swapped).await;
    assert!(names_row(&swapped, row) && swapped.len() == 2, "{swapped:?}");
    let loose = after(&log, &format!("UPDATE platform_audit SET leaf = NULL WHERE leaf = {leaf}")).await;
    assert!(loose.contains(&Finding::RowMissing { leaf }), "{loose:?}");
    let columns =
        "at, event, grant_action, actor_kind, actor, on_behalf, office, object, subject, basis, detail, document, salt";
    for (leaf, at) in [("NULL", "0"), ("99999999", "at"), ("0", "at")] {
        let rest = columns.strip_prefix("at").unwrap();
        let put_in = format!(
            "INSERT INTO platform_audit (id, leaf, {columns}) SELECT 'aud_put_in', {leaf}, {at}{rest} FROM platform_audit
             WHERE id = '{row}'"
        );
        let found = after(&log, &put_in).await;
        // Two rows that claim one leaf: one of them is named, by the order of their identifiers.
        assert!(!found.is_empty() && (leaf == "0" || names_row(&found, "aud_put_in")), "{leaf}: {found:?}");
    }
}

#[tokio::test]
async fn tiles_and_checkpoints_changed_by_hand_are_found() {
    let log = log().await;
    if !log.stopped.is_sqlite() {
        return;
    }
    let flipped = "hashes = substr(hashes, 1, 40) || x'ff' || substr(hashes, 42)";
    for position in [0, 1] {
        let sql = format!("UPDATE platform_log_tile SET {flipped} WHERE level = 0 AND position = {position}");
        let found = after(&log, &cast(&sql)).await;
        assert!(found.iter().any(|f| matches!(f, Finding::HashesAltered { .. })), "{found:?}");
    }
    let upper = cast("UPDATE platform_log_tile SET hashes = x'ff' || substr(hashes, 2) WHERE level = 1");
    assert_eq!(after(&log, &upper).await, [Finding::TileAltered { level: 1, position: 0 }]);
    let size = log.size;
    let shorter = after(&log, "DELETE FROM platform_log_tile WHERE level = 0 AND position = 1").await;
    assert!(!shorter.is_empty());
    for change in [
        "note = replace(note, substr(note, instr(note, char(10)) + 1, 3), '999')",
        "note = substr(note, 1, length(note) - 6) || 'AAAA' || char(10)",
        "note = ''",
        "size = size + 1",
    ] {
        let found = after(&log, &format!("UPDATE platform_log_checkpoint SET {change} WHERE size = {size}")).await;
        assert!(found.iter().any(|f| matches!(f, Finding::CheckpointForged { .. })), "{change}: {found:?}");
    }
    let removed = after(&log, &format!("DELETE FROM platform_log_checkpoint WHERE size = {size}")).await;
    assert!(removed.iter().any(|f| matches!(f, Finding::HashesAltered { .. })), "{removed:?}");
}

/// `||` makes text of blobs on SQLite.
fn cast(sql: &str) -> String {
    let (head, tail) = sql.split_once("hashes = ").unwrap();
    let (value, condition) = tail.split_once(" WHERE ").unwrap();
    format!("{head}hashes = CAST({value} AS BLOB) WHERE {condition}")
}

#[tokio::test]
async fn a_log_cut_back_is_found_by_a_checkpoint_kept_elsewhere() {
    let log = log().await;
    let kept = u64::try_from(log.size).unwrap() + 1;
    let report = check(&log.stopped.database, &log.key, kept).await;
    assert_eq!(report.findings, [Finding::CutBack { size: kept - 1, kept }]);
    // Another deployment's key vouches for nothing here.
    let other = seal::keys::Ed25519Key::from_bytes(&[7; 32]);
    let public = seal::keys::Signer::public(&other);
    let other = VerifierKey::new("tongban.example/log", public, seal::note::NoteKeyKind::Ed25519).unwrap();
    let report = check(&log.stopped.database, &other.to_string(), 0).await;
    assert!(report.findings.iter().all(|f| !matches!(f, Finding::RowAltered { .. })), "rows are not to blame");
    assert!(report.findings.iter().any(|f| matches!(f, Finding::CheckpointForged { .. })), "{:?}", report.findings);
}

#[tokio::test]
async fn the_program_tells_an_intact_log_from_an_altered_one() {
    let log = log().await;
    let database = log.stopped.database.as_str();
    let run = |key: &str| {
        let output = program(&["audit", "verify", "--database", database, "--key", key]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = run(&log.key);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("intact") && said.contains(&format!("{} sealed rows", log.size)), "{said}");
    log.stopped.change(&format!("UPDATE platform_audit SET detail = '{{}} ' WHERE id = '{}'", log.row)).await;
    let (code, said) = run(&log.key);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&format!("ALTERED: row {} (leaf {})", log.row, log.leaf)), "{said}");
    let (code, _) = run("no key");
    assert_eq!(code, Some(2));
    let missing = program(&["audit", "verify", "--database", "no/such/file", "--key", &log.key]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2), "a file that is not there is not made");
}
