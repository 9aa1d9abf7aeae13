//! MySQL or MariaDB: the one whose administrator's URL `TONGBAN_TEST_MYSQL` gives (`mysql://user:password@host:port/database`),
//! else a private MariaDB where its programs are installed.
use mysql_async::prelude::Queryable;

use crate::mariadb::MariaDb;
use crate::{PERSON, a, clock, source};

fn yaml(address: &str, query: &str) -> String {
    format!(
        "resource: x\nmysql:\n  address: {address}\n  credentials: {{password: {{file: password}}}}\n  query: {query}\nsubject: n\n\
         as_of: {{from: d, date: YYYY-MM-DD}}\nfields: {{a: {{from: a}}, b: {{from: b, unit: yuan-to-fen}}}}\ntimeout_ms: 800\nretries: 0\n"
    )
}

#[tokio::test]
async fn one_statement_in_a_session_that_cannot_write() {
    let given = std::env::var("TONGBAN_TEST_MYSQL").ok().filter(|url| !url.is_empty());
    let own = if given.is_none() { MariaDb::start() } else { None };
    let Some(admin) = given.or_else(|| own.as_ref().map(|own| own.url.clone())) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (user, host) = admin.strip_prefix("mysql://").unwrap().split_once('@').unwrap();
    let (user, password) = user.split_once(':').unwrap();
    std::fs::write(folder.path().join("password"), password).unwrap();
    let address = format!("mysql://{user}@{host}");
    let mut connection = mysql_async::Conn::from_url(&admin).await.unwrap();
    let table = format!("connector_{}", std::process::id());
    for statement in [
        format!(
            "CREATE TABLE {table} (n CHAR(18) PRIMARY KEY, a VARCHAR(9), b DECIMAL(12, 2), d DATETIME) CHARACTER SET utf8mb4"
        ),
        format!("INSERT INTO {table} VALUES ('{PERSON}', '是', 12.50, '2026-11-19 23:59:59')"),
        format!(
            "CREATE FUNCTION {table}_w() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM {table}; RETURN 1; END"
        ),
        format!("CREATE FUNCTION {table}_s() RETURNS INT NOT DETERMINISTIC NO SQL BEGIN DO SLEEP(5); RETURN 1; END"),
    ] {
        connection.query_drop(statement).await.unwrap();
    }
    let asks = |select: &str| {
        let query = format!("SELECT {select}, n, b, d FROM {table} WHERE n = :number");
        source(&yaml(&address, &query), folder.path(), &clock())
    };
    let answer = asks("a").ask(&crate::ASKED).await.unwrap().unwrap();
    assert_eq!((answer.data["a"].as_str(), answer.data["b"].as_i64()), (Some("是"), Some(1250)));
    assert_eq!(answer.as_of, time::macros::date!(2026 - 11 - 19));
    assert_eq!(a(&asks(&format!("{table}_w() AS a"))).await, Err("refused"), "the session is read-only");
    let slow = a(&asks(&format!("{table}_s() AS a"))).await;
    assert!(matches!(slow, Err("timeout" | "unavailable")), "{slow:?}");
    assert_eq!(a(&asks("missing AS a")).await, Err("malformed"));
    for statement in
        [format!("DROP FUNCTION {table}_w"), format!("DROP FUNCTION {table}_s"), format!("DROP TABLE {table}")]
    {
        connection.query_drop(statement).await.unwrap();
    }
    connection.disconnect().await.unwrap();
}
