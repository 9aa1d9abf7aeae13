//! PostgreSQL, when `TONGBAN_TEST_PG` names an administrator's URL.
use std::path::Path;

use tokio_postgres::NoTls;

use crate::{PERSON, a, clock, source};

/// The URL without its password, which goes to a file as a deployment's does.
fn address(admin: &str, folder: &Path) -> String {
    let (scheme, rest) = admin.split_once("://").unwrap();
    let (user, host) = rest.split_once('@').unwrap();
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    std::fs::write(folder.join("password"), format!("{password}\n")).unwrap();
    format!("{scheme}://{user}@{host}")
}

fn yaml(address: &str, query: &str) -> String {
    format!(
        "resource: x\npostgres:\n  address: {address}\n  credentials: {{password: {{file: password}}}}\n  \
         query: {query}\nsubject: n\nas_of: {{from: d, date: YYYY-MM-DD}}\nfields: {{a: {{from: a}}, b: {{from: b, unit: yuan-to-fen}}}}\n\
         timeout_ms: 800\nretries: 0\n"
    )
}

#[tokio::test]
async fn one_statement_in_a_session_that_cannot_write() {
    let Ok(admin) = std::env::var("TONGBAN_TEST_PG") else { return };
    let folder = tempfile::tempdir().unwrap();
    let address = address(&admin, folder.path());
    let (client, connection) = tokio_postgres::connect(&admin, NoTls).await.unwrap();
    tokio::spawn(connection);
    let schema = format!("connector_{}", std::process::id());
    client
        .batch_execute(&format!(
            "CREATE SCHEMA {schema}; CREATE TABLE {schema}.t (n char(20), a varchar(9), b numeric(12, 2), d timestamp);
             INSERT INTO {schema}.t VALUES ('{PERSON}', 'yes', 12.5, '2026-11-19 23:59:59');
             CREATE FUNCTION {schema}.w() RETURNS text LANGUAGE sql AS 'DELETE FROM {schema}.t RETURNING a';
             CREATE FUNCTION {schema}.s() RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(5)::text'"
        ))
        .await
        .unwrap();
    let asks = |select: &str| {
        let query = format!("SELECT {select}, n, b, d FROM {schema}.t WHERE n = :number");
        source(&yaml(&address, &query), folder.path(), &clock())
    };
    let good = asks("a");
    let answer = good.ask(&crate::ASKED).await.unwrap().unwrap();
    assert_eq!((answer.data["a"].as_str(), answer.data["b"].as_i64()), (Some("yes"), Some(1250)));
    assert_eq!(answer.as_of, time::macros::date!(2026 - 11 - 19));
    assert_eq!(a(&asks(&format!("{schema}.w() AS a"))).await, Err("refused"), "the session is read-only");
    assert_eq!(a(&asks(&format!("{schema}.s() AS a"))).await, Err("timeout"));
    assert_eq!(a(&asks("missing AS a")).await, Err("malformed"));
    let ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tongban'";
    client.execute(ended, &[]).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(a(&good).await, Ok(Some("yes".into())), "it connects again");
    client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
}
