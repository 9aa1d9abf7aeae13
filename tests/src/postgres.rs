//! Databases on the PostgreSQL that `TONGBAN_TEST_PG` names: made from a template, dropped after the test.
use tokio_postgres::{Client, NoTls};

/// The administrator's URL, None: the tests run on SQLite.
#[must_use]
pub fn admin_url() -> Option<String> {
    std::env::var("TONGBAN_TEST_PG").ok().filter(|url| !url.is_empty())
}

/// The same server, another database.
#[must_use]
pub fn url_of(admin: &str, database: &str) -> String {
    let (address, options) = admin.split_once('?').map_or((admin, ""), |(address, options)| (address, options));
    let (server, _) = address.rsplit_once('/').expect("postgres://user@host/database");
    let mark = if options.is_empty() { "" } else { "?" };
    format!("{server}/{database}{mark}{options}")
}

/// A database of one test. Dropped at its end, with whoever is still connected.
pub struct OwnDatabase {
    admin: String,
    pub name: String,
    pub url: String,
}

impl OwnDatabase {
    /// `template`: copied; None: empty.
    pub async fn make(admin: &str, template: Option<&str>) -> Self {
        let name = format!("tongban_t_{}", hex_of(&platform::chance::bytes::<8>()));
        let copy = template.map_or_else(String::new, |template| format!(" TEMPLATE {template}"));
        command(admin, &format!("CREATE DATABASE {name}{copy}")).await;
        Self { admin: admin.to_owned(), url: url_of(admin, &name), name }
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let (admin, sql) = (self.admin.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let dropping = std::thread::spawn(move || blocking(async move { command(&admin, &sql).await }));
        if dropping.join().is_err() {
            eprintln!("the test's database {} could not be dropped", self.name);
        }
    }
}

#[must_use]
pub fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs a future on a runtime of its own; from a thread that has none.
pub fn blocking<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// One statement as the administrator.
pub async fn command(url: &str, sql: &str) {
    connect(url).await.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// Whether a database exists.
pub async fn exists(admin: &str, name: &str) -> bool {
    let rows = connect(admin).await.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await;
    !rows.unwrap().is_empty()
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap_or_else(|error| panic!("{error:?}"));
    tokio::spawn(async move {
        // An error is seen by whoever waits for an answer.
        drop(connection.await);
    });
    client
}
