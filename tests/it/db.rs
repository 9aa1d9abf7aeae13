//! Laws of the data layer, the same on both databases: what is kept, what is undone, what comes back.
use std::sync::mpsc;

use platform::audit::Entry;
use platform::db::{Audited, Cell, Migration, Tx, Value};
use platform::error::{Error, Result};
use platform::policy::{self, Action, Actor, Grant, On};
use tests::TestApp;

fn grant() -> Grant {
    policy::allow(&Actor::system("tests.db"), Action::PackLoad, &On::PUBLIC).unwrap()
}

fn done<T>(tx: &mut Tx<'_>, value: T) -> Result<Audited<T>> {
    tx.audited(Entry { event: "tests.written", ..Entry::default() }, value)
}

async fn write<T: Send + 'static>(
    app: &TestApp,
    f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let write = |tx: &mut Tx<'_>| {
        let value = f(tx)?;
        done(tx, value)
    };
    app.platform().db().write(grant(), write).await
}

async fn app_with(table: &'static str) -> TestApp {
    let app = TestApp::new().await;
    write(&app, move |tx| tx.exec(table, &[])).await.unwrap();
    app
}

fn insert(tx: &mut Tx<'_>, number: i64) -> Result<u64> {
    tx.exec("INSERT INTO tests_number (number) VALUES ($1)", &[number.into()])
}

async fn numbers(app: &TestApp) -> Vec<i64> {
    let rows = app.rows("SELECT number FROM tests_number ORDER BY number").await;
    rows.iter().map(|row| row.int(0).unwrap()).collect()
}

const NUMBERS: &str = "CREATE TABLE tests_number (number BIGINT NOT NULL)";

#[tokio::test]
async fn writes_that_fail_or_panic_do_not_harm_those_committed_with_them() {
    let app = app_with(NUMBERS).await;
    let before = app.count("SELECT COUNT(*) FROM platform_audit").await;
    let (go, wait) = mpsc::channel::<()>();
    // Holds the writer until all others wait, so that they are committed together.
    let first = write(&app, move |tx| {
        wait.recv().map_err(Error::internal)?;
        insert(tx, 0)
    });
    let others = (1..=60_i64).map(|number| {
        write(&app, move |tx| {
            insert(tx, number)?;
            insert(tx, number)?;
            match number % 3 {
                0 => Err(Error::Conflict("tests-undone")),
                1 => Ok(0),
                _ => panic!("a closure that panics on purpose"),
            }
        })
    });
    let others: Vec<_> = others.collect();
    let release = async {
        tokio::task::yield_now().await;
        go.send(()).unwrap();
    };
    let (first, _, answers) = tokio::join!(first, release, join_all(others));
    first.unwrap();
    for (number, answer) in (1..).zip(answers) {
        match number % 3 {
            0 => assert!(matches!(answer, Err(Error::Conflict("tests-undone"))), "{number}: {answer:?}"),
            1 => assert!(answer.is_ok(), "{number}: {answer:?}"),
            _ => assert!(matches!(answer, Err(Error::Unavailable(_))), "{number}: {answer:?}"),
        }
    }
    let kept: Vec<i64> = (1..=60).filter(|n| n % 3 == 1).flat_map(|n| [n, n]).collect();
    assert_eq!(numbers(&app).await, [vec![0], kept].concat());
    let entries = app.count("SELECT COUNT(*) FROM platform_audit").await - before;
    assert_eq!(entries, 21, "no audit entry without its write, no write without its audit entry");
    // The writer is none the worse for it.
    write(&app, |tx| insert(tx, 99)).await.unwrap();
    assert_eq!(numbers(&app).await.last(), Some(&99));
}

/// Polls all at once; the answers in their order.
async fn join_all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut answers: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (future, answer) in waiting.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *answer = Some(value);
            }
        }
        let all = answers.iter().all(Option::is_some);
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[tokio::test]
async fn values_of_every_type_come_back_as_they_went_in() {
    let bytes = match TestApp::new().await.platform().db().dialect() {
        platform::db::Dialect::Sqlite => "CREATE TABLE tests_value (i BIGINT, r DOUBLE PRECISION, t TEXT, b BLOB)",
        platform::db::Dialect::Postgres => "CREATE TABLE tests_value (i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)",
    };
    let app = app_with(bytes).await;
    let texts = ["", "苏云岭 🦄 \u{10FFFF}", "'; DROP TABLE tests_value; --", "$1 ? :a @b", "a\nb\r\n\t", " "];
    let ints = [0, 1, -1, i64::MAX, i64::MIN, 1_795_140_000_000_000];
    let reals = [0.0, -1.5, f64::MAX, f64::MIN_POSITIVE, 1.0 / 3.0, 1e-300];
    let all: Vec<u8> = (0..=255).collect();
    for at in 0..texts.len() {
        let (i, r, t, b) = (ints[at], reals[at], texts[at], all[..at * 50].to_vec());
        let sent = b.clone();
        let insert = move |tx: &mut Tx<'_>| {
            let values: [Value<'_>; 4] = [i.into(), r.into(), t.into(), (&sent).into()];
            tx.exec("INSERT INTO tests_value (i, r, t, b) VALUES ($1, $2, $3, $4)", &values)
        };
        assert_eq!(write(&app, insert).await.unwrap(), 1);
        let row = app.rows("SELECT i, r, t, b FROM tests_value").await.pop().unwrap();
        assert_eq!(row.cells(), [Cell::Int(i), Cell::Real(r), Cell::Text(t.into()), Cell::Bytes(b.clone())]);
        let found = write(&app, move |tx| {
            let values: [Value<'_>; 4] = [i.into(), r.into(), t.into(), (&b).into()];
            tx.exec("DELETE FROM tests_value WHERE i = $1 AND r = $2 AND t = $3 AND b = $4", &values)
        });
        assert_eq!(found.await.unwrap(), 1, "found again by what was put in: {t:?}");
    }
    write(&app, |tx| {
        let nothing = [Value::Null; 4];
        tx.exec("INSERT INTO tests_value (i, r, t, b) VALUES ($1, $2, $3, $4)", &nothing)
    })
    .await
    .unwrap();
    let row = app.rows("SELECT i, r, t, b FROM tests_value").await.pop().unwrap();
    assert_eq!(row.cells(), [Cell::Null, Cell::Null, Cell::Null, Cell::Null]);
}

#[tokio::test]
async fn parameters_are_bound_by_their_number_not_by_their_place() {
    let app = TestApp::new().await;
    let row = write(&app, |tx| {
        let values: [Value<'_>; 2] = ["one".into(), "two".into()];
        tx.get("SELECT CAST($2 AS TEXT) AS a, CAST($1 AS TEXT) AS b, CAST($2 AS TEXT) AS c", &values)
    });
    let row = row.await.unwrap();
    assert_eq!([row.str(0).unwrap(), row.str(1).unwrap(), row.str(2).unwrap()], ["two", "one", "two"]);
}

#[tokio::test]
async fn many_rows_go_in_with_few_statements() {
    let app = app_with("CREATE TABLE tests_pair (a BIGINT NOT NULL, b TEXT NOT NULL, c BIGINT, PRIMARY KEY (a))").await;
    let count = write(&app, |tx| {
        let texts: Vec<String> = (0..2_500).map(|n| format!("第{n}行")).collect();
        let values: Vec<Value<'_>> =
            (0..2_500_i64).zip(&texts).flat_map(|(n, t)| [n.into(), t.into(), Value::Null]).collect();
        tx.insert_many("INSERT INTO tests_pair (a, b, c) VALUES", 3, &values)
    });
    assert_eq!(count.await.unwrap(), 2_500);
    let sum = app.rows("SELECT COUNT(*), CAST(SUM(a) AS BIGINT), MAX(b) FROM tests_pair WHERE c IS NULL").await;
    assert_eq!((sum[0].int(0).unwrap(), sum[0].int(1).unwrap()), (2_500, 2_499 * 1_250));
    let none = write(&app, |tx| tx.insert_many("INSERT INTO tests_pair (a, b, c) VALUES", 3, &[])).await;
    assert_eq!(none.unwrap(), 0);
    let again = write(&app, |tx| {
        let values: [Value<'_>; 6] =
            [Value::Int(7), "x".into(), Value::Null, Value::Int(9_999), "y".into(), Value::Null];
        tx.insert_many_or("INSERT INTO tests_pair (a, b, c) VALUES", 3, &values, "ON CONFLICT DO NOTHING")
    });
    assert_eq!(again.await.unwrap(), 1);
}

#[tokio::test]
async fn a_key_twice_is_a_conflict_and_undoes_the_whole_write() {
    let app = app_with("CREATE TABLE tests_key (k TEXT PRIMARY KEY)").await;
    let put = |tx: &mut Tx<'_>, key: &str| tx.exec("INSERT INTO tests_key (k) VALUES ($1)", &[key.into()]);
    write(&app, move |tx| put(tx, "a")).await.unwrap();
    let twice = write(&app, move |tx| {
        put(tx, "b")?;
        put(tx, "a")
    });
    assert!(matches!(twice.await, Err(Error::Conflict(_))));
    assert_eq!(app.count("SELECT COUNT(*) FROM tests_key").await, 1);
}

#[tokio::test]
async fn a_text_with_a_nul_is_refused_alike() {
    let app = app_with("CREATE TABLE tests_text (t TEXT)").await;
    let put = |tx: &mut Tx<'_>| tx.exec("INSERT INTO tests_text (t) VALUES ($1)", &["a\u{0}b".into()]);
    assert!(matches!(write(&app, put).await, Err(Error::Invalid(_))));
    let asked = |tx: &mut Tx<'_>| tx.query("SELECT t FROM tests_text WHERE t = $1", &["\u{0}".into()]);
    assert!(matches!(app.platform().db().read(grant(), asked).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_read_cannot_write() {
    let app = app_with(NUMBERS).await;
    let sneaky = app.platform().db().read(grant(), |tx| insert(tx, 1)).await;
    assert!(sneaky.is_err());
    assert_eq!(numbers(&app).await, [0_i64; 0]);
}

#[tokio::test]
async fn a_write_is_read_by_whoever_reads_after_its_answer() {
    let app = app_with(NUMBERS).await;
    for number in 1..=50 {
        write(&app, move |tx| insert(tx, number)).await.unwrap();
        assert_eq!(numbers(&app).await.last(), Some(&number));
    }
}

#[tokio::test]
async fn a_migration_is_applied_once_and_a_changed_one_is_refused() {
    let app = TestApp::new().await;
    let db = app.platform().db();
    let one = Migration { name: "9001_tests.sql", sql: "CREATE TABLE tests_one (a BIGINT, b BYTES);\n" };
    db.migrate(&[one]).await.unwrap();
    db.migrate(&[one]).await.unwrap();
    let changed = Migration { sql: "CREATE TABLE tests_one (a TEXT);\n", ..one };
    let refused = db.migrate(&[changed]).await.unwrap_err().to_string();
    assert!(refused.contains("9001_tests.sql") && refused.contains("changed"), "{refused}");
    // A file that fails leaves nothing of itself behind.
    let broken =
        Migration { name: "9002_tests.sql", sql: "CREATE TABLE tests_two (a BIGINT);\nCREATE TABLE oops oops;\n" };
    assert!(db.migrate(&[one, broken]).await.is_err());
    let mended = Migration { sql: "CREATE TABLE tests_two (a BIGINT);\n", ..broken };
    db.migrate(&[mended, one]).await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM tests_two").await, 0);
}

#[tokio::test]
async fn a_failing_statement_says_which_and_the_next_write_works() {
    let app = app_with(NUMBERS).await;
    let wrong = write(&app, |tx| tx.exec("INSERT INTO tests_nothing (x) VALUES ($1)", &[Value::Int(1)])).await;
    let said = wrong.unwrap_err().to_string();
    assert!(said.starts_with("internal") && said.contains("tests_nothing"), "{said}");
    write(&app, |tx| insert(tx, 5)).await.unwrap();
    assert_eq!(numbers(&app).await, [5]);
}
