//! PostgreSQL: worker threads, each with its own connection, that run the same synchronous closures.
//!
//! A worker whose connection is gone answers 503 at once and connects anew before the next closure.
use std::collections::HashMap;
use std::error::Error as StdError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::{BufMut, BytesMut};
use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::runtime::{Handle, Runtime};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

use crate::db::sqlite::{ReadJob, WriteJob, end};
use crate::db::tx::{Connection, Dialect};
use crate::db::value::{Cell, Row, Value};
use crate::error::{Error, Result};

const QUEUE: usize = 8192;

enum Job {
    Read(ReadJob),
    Write(WriteJob),
}

pub struct PostgresDb {
    jobs: Option<Sender<Job>>,
    threads: Vec<std::thread::JoinHandle<()>>,
    runtime: Option<Runtime>,
}

impl PostgresDb {
    /// Connects `workers` times; fails at once with the server's own words when it cannot.
    pub fn open(url: &str, workers: usize) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("pg-io").enable_all().build()?;
        let (jobs, queue) = bounded::<Job>(QUEUE);
        // Connections are made on the workers' own threads: the caller may stand in an async runtime, which must not block.
        let (tell, told) = bounded::<Result<()>>(workers.max(1));
        let mut threads = Vec::new();
        for _ in 0..workers.max(1) {
            let mut worker = Worker { url: url.to_owned(), handle: runtime.handle().clone(), session: None };
            let (queue, tell): (Receiver<Job>, _) = (queue.clone(), tell.clone());
            let thread = std::thread::Builder::new().name("db-worker".into()).spawn(move || {
                drop(tell.send(worker.connect().map(|_| ())));
                while let Ok(job) = queue.recv() {
                    worker.run(job);
                }
            })?;
            threads.push(thread);
        }
        told.recv().map_err(|_| Error::Unavailable("PostgreSQL: no worker started".into()))??;
        Ok(Self { jobs: Some(jobs), threads, runtime: Some(runtime) })
    }

    fn send(&self, job: Job) -> Result<()> {
        let full = || Error::Unavailable("the database queue is full".into());
        self.jobs.as_ref().ok_or_else(full)?.try_send(job).map_err(|_| full())
    }

    pub fn send_write(&self, job: WriteJob) -> Result<()> {
        self.send(Job::Write(job))
    }

    pub fn send_read(&self, job: ReadJob) -> Result<()> {
        self.send(Job::Read(job))
    }
}

impl Drop for PostgresDb {
    fn drop(&mut self) {
        self.jobs = None;
        self.threads.drain(..).for_each(end);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

struct Worker {
    url: String,
    handle: Handle,
    session: Option<PgConnection>,
}

impl Worker {
    fn connect(&mut self) -> Result<&mut PgConnection> {
        if self.session.as_ref().is_none_or(|s| s.client.is_closed() || s.broken) {
            let connecting = tokio_postgres::connect(&self.url, NoTls);
            let limit = std::time::Duration::from_secs(5);
            // The timer is made inside the runtime, which this thread is not part of.
            let connected = self.handle.block_on(async { tokio::time::timeout(limit, connecting).await });
            let (client, connection) = connected
                .map_err(|_| Error::Unavailable("PostgreSQL does not answer".into()))?
                .map_err(|e| Error::Unavailable(format!("PostgreSQL: {}", words_of(&e))))?;
            self.handle.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(error = %words_of(&error), "a PostgreSQL connection ended");
                }
            });
            let handle = self.handle.clone();
            let session = PgConnection { client, handle, statements: HashMap::new(), broken: false, failed: false };
            self.session = Some(session);
        }
        self.session.as_mut().ok_or_else(|| Error::Unavailable("PostgreSQL is not connected".into()))
    }

    /// A job that cannot start is dropped: its caller sees the closed channel as `Unavailable`.
    fn run(&mut self, job: Job) {
        let conn = match self.connect() {
            Ok(conn) => conn,
            Err(error) => {
                tracing::warn!(%error, "no connection to PostgreSQL");
                return;
            }
        };
        match job {
            Job::Read(read) => run_read(conn, read),
            Job::Write(write) => run_write(conn, write),
        }
    }
}

fn run_read(conn: &mut PgConnection, read: ReadJob) {
    if conn.command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").is_err() {
        return;
    }
    if catch_unwind(AssertUnwindSafe(|| read(conn))).is_err() {
        tracing::error!("a read panicked");
    }
    if conn.command("COMMIT").is_err() {
        conn.broken = true;
    }
}

fn run_write(conn: &mut PgConnection, write: WriteJob) {
    if conn.command("BEGIN").is_err() {
        return;
    }
    conn.failed = false;
    match catch_unwind(AssertUnwindSafe(|| write(conn))) {
        // COMMIT after a failed statement rolls back and says nothing: whoever swallowed the error hears of it here.
        Ok((true, answer)) if conn.failed => {
            conn.broken |= conn.command("ROLLBACK").is_err();
            answer(Err(Error::Internal("a statement failed and its error was passed over".into())));
        }
        Ok((true, answer)) => {
            let outcome = conn.command("COMMIT");
            conn.broken |= outcome.is_err();
            answer(outcome);
        }
        Ok((false, answer)) => {
            conn.broken |= conn.command("ROLLBACK").is_err();
            answer(Ok(()));
        }
        Err(_) => {
            tracing::error!("a write panicked");
            conn.broken |= conn.command("ROLLBACK").is_err();
        }
    }
}

struct PgConnection {
    client: Client,
    handle: Handle,
    statements: HashMap<String, (Statement, Arc<[String]>)>,
    broken: bool,
    /// A statement of the running transaction failed: it cannot commit any more.
    failed: bool,
}

impl PgConnection {
    fn command(&mut self, sql: &str) -> Result<()> {
        self.handle.block_on(self.client.batch_execute(sql)).map_err(|e| from_postgres(sql, &e))
    }

    fn statement(&mut self, sql: &str) -> Result<(Statement, Arc<[String]>)> {
        if let Some((statement, names)) = self.statements.get(sql) {
            return Ok((statement.clone(), Arc::clone(names)));
        }
        let prepared = self.handle.block_on(self.client.prepare(sql));
        self.failed |= prepared.is_err();
        let statement = prepared.map_err(|e| from_postgres(sql, &e))?;
        let names: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        self.statements.insert(sql.to_owned(), (statement.clone(), Arc::clone(&names)));
        Ok((statement, names))
    }
}

fn as_params<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

impl Connection for PgConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn exec(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        let (statement, _) = self.statement(sql)?;
        self.handle.block_on(self.client.execute(&statement, &as_params(params))).map_err(|e| from_postgres(sql, &e))
    }

    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        let (statement, names) = self.statement(sql)?;
        let rows = self.handle.block_on(self.client.query(&statement, &as_params(params)));
        self.failed |= rows.is_err();
        let rows = rows.map_err(|e| from_postgres(sql, &e))?;
        for row in rows {
            let mut cells = Vec::with_capacity(names.len());
            for i in 0..names.len() {
                cells.push(cell(&row, i)?);
            }
            each(Row { cells, names: Arc::clone(&names) })?;
        }
        Ok(())
    }
}

/// Encoded by the type that the server declares for the parameter.
impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (*self, ty) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Int(v), &Type::INT8) => out.put_i64(v),
            (Value::Int(v), &Type::INT4) => out.put_i32(i32::try_from(v)?),
            (Value::Int(v), &Type::INT2) => out.put_i16(i16::try_from(v)?),
            (Value::Int(v), &Type::BOOL) => out.put_u8(u8::from(v != 0)),
            (Value::Int(v), &Type::TEXT | &Type::VARCHAR) => out.put_slice(v.to_string().as_bytes()),
            (Value::Real(v), &Type::FLOAT8) => out.put_f64(v),
            (Value::Text(v), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN) => {
                out.put_slice(v.as_bytes());
            }
            (Value::Bytes(v), &Type::BYTEA) => out.put_slice(v),
            (_, ty) => return Err(format!("cannot send a value of another type as {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn cell(row: &tokio_postgres::Row, i: usize) -> Result<Cell> {
    let ty = row.columns()[i].type_().clone();
    let wrong = |e: tokio_postgres::Error| Error::Internal(format!("column {i}: {e}"));
    Ok(match ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(i).map_err(wrong)?.map_or(Cell::Null, Cell::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(i).map_err(wrong)?.map_or(Cell::Null, |v| Cell::Int(v.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(i).map_err(wrong)?.map_or(Cell::Null, |v| Cell::Int(v.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(i).map_err(wrong)?.map_or(Cell::Null, Cell::Real),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i).map_err(wrong)?.map_or(Cell::Null, Cell::Bytes),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<String>>(i).map_err(wrong)?.map_or(Cell::Null, Cell::Text)
        }
        other => return Err(Error::Internal(format!("column {i}: type {other} is not one of ours: CAST it"))),
    })
}

/// The server's code and, where it speaks of the server itself, its words: others may quote what somebody typed.
fn words_of(error: &tokio_postgres::Error) -> String {
    let Some(db) = error.as_db_error() else { return error.to_string() };
    let class = db.code().code().get(..2).unwrap_or_default();
    let quotes = matches!(class, "21" | "22" | "23");
    if quotes { db.code().code().to_owned() } else { format!("{}: {}", db.code().code(), db.message()) }
}

fn from_postgres(sql: &str, error: &tokio_postgres::Error) -> Error {
    let Some(code) = error.code() else {
        return if error.is_closed() || StdError::source(error).is_some_and(|s| s.is::<std::io::Error>()) {
            Error::Unavailable(format!("PostgreSQL: {error}"))
        } else {
            Error::Internal(format!("PostgreSQL: {error} in: {sql}"))
        };
    };
    let passing = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::DISK_FULL,
    ];
    if *code == SqlState::UNIQUE_VIOLATION {
        Error::Conflict("error-conflict-exists")
    } else if passing.contains(code) {
        Error::Unavailable(format!("PostgreSQL: {}", words_of(error)))
    } else {
        Error::Internal(format!("PostgreSQL: {} in: {sql}", words_of(error)))
    }
}
