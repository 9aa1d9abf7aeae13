//! An SQLite file of a department.
use std::time::{Duration, Instant};

use crate::{OTHER, PERSON, a, clock, source};

fn yaml(query: &str) -> String {
    let more = "fields: {a: {from: a}}\nsubject: n\ntimeout_ms: 300\nretries: 0\n";
    format!("resource: x\nsqlite:\n  file: ${{data}}/x.sqlite\n  query: {query}\n{more}")
}

#[tokio::test]
async fn a_row_is_read_and_the_file_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let missing = source(&yaml("SELECT a, n FROM t WHERE n = :number"), folder.path(), &clock());
    assert_eq!(a(&missing).await, Err("unavailable"));
    assert!(!folder.path().join("x.sqlite").exists(), "a reader makes no file");

    let database = rusqlite::Connection::open(folder.path().join("x.sqlite")).unwrap();
    let rows = format!("INSERT INTO t VALUES ('{PERSON}', 'yes'), ('{OTHER}', 'secret')");
    database.execute_batch(&format!("CREATE TABLE t (n TEXT, a TEXT); {rows}")).unwrap();
    let asks = |query: &str| source(&yaml(query), folder.path(), &clock());
    assert_eq!(a(&asks("SELECT a, n FROM t WHERE n = :number")).await, Ok(Some("yes".into())));
    assert_eq!(a(&missing).await, Ok(Some("yes".into())), "it is there now");
    assert_eq!(a(&asks("SELECT a, n FROM t WHERE n = :number || 'x'")).await, Ok(None));
    assert_eq!(a(&asks("SELECT a, n FROM t WHERE :number = :number")).await, Err("malformed"), "two rows");
    assert_eq!(a(&asks("SELECT a, n FROM t WHERE n <> :number")).await, Err("wrong-subject"));
    assert_eq!(a(&asks("SELECT a, n FROM missing WHERE n = :number")).await, Err("malformed"));
}

#[tokio::test]
async fn a_query_that_does_not_end_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    rusqlite::Connection::open(folder.path().join("x.sqlite"))
        .unwrap()
        .execute_batch("CREATE TABLE t (n TEXT)")
        .unwrap();
    let endless =
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) AS a, :number AS n FROM c";
    let source = source(&yaml(endless), folder.path(), &clock());
    let started = Instant::now();
    assert_eq!(a(&source).await, Err("timeout"));
    assert!(started.elapsed() < Duration::from_secs(3));
    // The runtime waits for its threads at the end of the test: it would never end if the query went on.
}
