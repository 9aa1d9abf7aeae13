//! The data layer: one synchronous closure on a transaction, the same SQL on SQLite and PostgreSQL.
//!
//! SQL that both understand alike (measured; the long list is in docs/adr/0002-data-layer.md):
//! - columns TEXT, BIGINT, DOUBLE PRECISION, BYTES (written so in migrations; BLOB or BYTEA); times BIGINT microseconds
//!   UTC, money BIGINT fen, flags 0/1, JSON as TEXT; keys are TEXT, never IDENTITY or rowid;
//! - placeholders `$1`; `CAST(SUM(x) AS BIGINT)`; NULLS LAST written out; ON CONFLICT DO UPDATE; partial indexes;
//! - not: LIKE on letters (folds case on SQLite only), `lower()` beyond ASCII, `= ANY`, date functions, FOR UPDATE,
//!   IFNULL, JSON path operators on numbers without CAST, `"text"` in double quotes, ADD COLUMN IF NOT EXISTS.
//!
//! A difference that cannot be avoided lives here, in one function with both texts (`claim_sql`).
pub mod migrate;
pub mod postgres;
pub mod sqlite;
pub mod tx;
pub mod value;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::ids::IdMaker;
use crate::policy::Grant;
pub use migrate::Migration;
use postgres::PostgresDb;
use sqlite::{Answer, ReadJob, SqliteDb, WriteJob};
pub use tx::{Audited, Dialect, Tx};
use tx::{Connection, Frame};
pub use value::{Cell, Row, Value};

enum Backend {
    Sqlite(SqliteDb),
    Postgres(PostgresDb),
}

/// A database: cheap to clone, shared by everything in the process.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
    clock: Clock,
    ids: Arc<IdMaker>,
}

/// Where the data is: `postgres://…` or the path of an SQLite file.
#[derive(Debug, Clone)]
pub struct Location<'a> {
    pub url: &'a str,
    /// Reader threads (SQLite) or connections (PostgreSQL).
    pub threads: usize,
}

impl Db {
    pub fn open(location: &Location<'_>, clock: Clock, ids: Arc<IdMaker>) -> Result<Self> {
        let backend = if location.url.starts_with("postgres://") || location.url.starts_with("postgresql://") {
            Backend::Postgres(PostgresDb::open(location.url, location.threads)?)
        } else {
            let path = location.url.strip_prefix("sqlite://").unwrap_or(location.url);
            Backend::Sqlite(SqliteDb::open(Path::new(path), location.threads)?)
        };
        Ok(Self { backend: Arc::new(backend), clock, ids })
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &*self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a write and answers after it is durable. `Unavailable`: nothing was acknowledged, send again.
    pub async fn write<T: Send + 'static>(
        &self,
        grant: Grant,
        f: impl FnOnce(&mut Tx<'_>) -> Result<Audited<T>> + Send + 'static,
    ) -> Result<T> {
        self.transact(grant, move |tx| f(tx).map(Audited::into_inner)).await
    }

    /// As `write` for the platform's own book-keeping (sessions, jobs, sealing), which leaves no audit entry.
    pub(crate) async fn keep<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transact(Grant::platform(), f).await
    }

    async fn transact<T: Send + 'static>(
        &self,
        grant: Grant,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel::<Result<T>>();
        // The caller may be gone; the write stands all the same.
        self.submit(grant, f, move |done| drop(reply.send(done)))?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// As `write` for who cannot wait. `done` is called on the thread that wrote, after the write is durable or has
    /// failed, and must not wait there; it is dropped without a call when the write never began.
    pub fn begin_write<T: Send + 'static>(
        &self,
        grant: Grant,
        f: impl FnOnce(&mut Tx<'_>) -> Result<Audited<T>> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        // An error drops `done`, which tells.
        drop(self.submit(grant, move |tx| f(tx).map(Audited::into_inner), done));
    }

    fn submit<T: Send + 'static>(
        &self,
        grant: Grant,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<()> {
        let (now, ids) = (self.clock.now(), Arc::clone(&self.ids));
        let job: WriteJob = Box::new(move |conn: &mut dyn Connection| {
            let frame = Frame { grant: &grant, now, ids: &ids };
            let outcome = f(&mut Tx::new(conn, frame));
            let keep = outcome.is_ok();
            let answer: Answer = Box::new(move |committed| done(outcome.and_then(|value| committed.map(|()| value))));
            (keep, answer)
        });
        match &*self.backend {
            Backend::Sqlite(db) => db.send_write(job),
            Backend::Postgres(db) => db.send_write(job),
        }
    }

    /// Runs a read in one transaction of its own.
    pub async fn read<T: Send + 'static>(
        &self,
        grant: Grant,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel::<Result<T>>();
        let (now, ids) = (self.clock.now(), Arc::clone(&self.ids));
        let job: ReadJob = Box::new(move |conn: &mut dyn Connection| {
            let frame = Frame { grant: &grant, now, ids: &ids };
            let outcome = f(&mut Tx::new(conn, frame));
            drop(reply.send(outcome));
        });
        match &*self.backend {
            Backend::Sqlite(db) => db.send_read(job)?,
            Backend::Postgres(db) => db.send_read(job)?,
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    pub(crate) async fn peek<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.read(Grant::platform(), f).await
    }
}

fn gone() -> Error {
    Error::Unavailable("the database did not answer".into())
}

/// Claims due jobs; with several processes on PostgreSQL, rows that another one holds are skipped.
#[must_use]
pub fn claim_sql(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "UPDATE platform_job SET state = 1, claimed_until = $1, attempts = attempts + 1
             WHERE id IN (SELECT id FROM platform_job WHERE state = 0 AND run_at <= $2 ORDER BY run_at LIMIT $3)
             RETURNING id, kind, payload, attempts"
        }
        Dialect::Postgres => {
            "UPDATE platform_job SET state = 1, claimed_until = $1, attempts = attempts + 1
             WHERE id IN (SELECT id FROM platform_job WHERE state = 0 AND run_at <= $2 ORDER BY run_at LIMIT $3
                          FOR UPDATE SKIP LOCKED)
             RETURNING id, kind, payload, attempts"
        }
    }
}
