//! The bare write that submissions are compared with: four rows, the same writer thread with its savepoints and its
//! group commit, the same disk; no item, no facts, no audit.
use std::path::Path;
use std::sync::Arc;

use platform::db::Value;
use platform::db::sqlite::{Answer, SqliteDb, WriteJob};
use platform::db::tx::Connection;
use tokio::sync::oneshot;

use crate::Result;

const TABLES: [&str; 4] = [
    "CREATE TABLE bench_case (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_event (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_job (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_audit (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
];
const INSERTS: [&str; 4] = [
    "INSERT INTO bench_case (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_event (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_job (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_audit (id, body) VALUES ($1, $2)",
];
/// Bytes of a row besides its key.
const BODY: usize = 160;

#[derive(Clone)]
pub struct Bare {
    db: Arc<SqliteDb>,
    body: Arc<str>,
}

impl Bare {
    pub async fn open(path: &Path) -> Result<Self> {
        let db = Arc::new(SqliteDb::open(path, 1)?);
        let bare = Self { db, body: "x".repeat(BODY).into() };
        bare.transact(|conn| TABLES.iter().try_for_each(|sql| conn.exec(sql, &[]).map(|_| ()))).await?;
        Ok(bare)
    }

    /// One durable write of four rows.
    pub async fn write(&self, number: usize) -> Result<()> {
        let body = Arc::clone(&self.body);
        self.transact(move |conn| {
            let id = format!("row_{number:026}");
            let params: [Value<'_>; 2] = [(&id).into(), (&*body).into()];
            INSERTS.iter().try_for_each(|sql| conn.exec(sql, &params).map(|_| ()))
        })
        .await
    }

    async fn transact(
        &self,
        f: impl FnOnce(&mut dyn Connection) -> platform::Result<()> + Send + 'static,
    ) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let job: WriteJob = Box::new(move |conn| {
            let outcome = f(conn);
            let keep = outcome.is_ok();
            let tell: Answer = Box::new(move |committed| drop(reply.send(outcome.and(committed))));
            (keep, tell)
        });
        self.db.send_write(job)?;
        Ok(answer.await??)
    }
}
