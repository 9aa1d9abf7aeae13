//! SQLite: one writer thread that commits many closures together, and a few readers that cannot write.
//!
//! Invariant: a caller is answered only after the commit that holds its write has reached the disk.
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection as Sqlite, OpenFlags, PrepFlags, Statement};

use crate::db::tx::{Connection, Dialect};
use crate::db::value::{Cell, Row, Value};
use crate::error::{Error, Result};

/// How many closures one commit takes at most; measured: more gains nothing, fewer loses.
const BATCH: usize = 256;
/// How many writes may wait before we answer "try again".
const QUEUE: usize = 8192;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 512;

/// What is told to a caller after the commit.
pub type Answer = Box<dyn FnOnce(Result<()>) + Send>;
/// Runs inside its own savepoint; the flag says whether to keep what it did.
pub type WriteJob = Box<dyn FnOnce(&mut dyn Connection) -> (bool, Answer) + Send>;
pub type ReadJob = Box<dyn FnOnce(&mut dyn Connection) + Send>;

pub struct SqliteDb {
    writes: Option<Sender<WriteJob>>,
    reads: Option<Sender<ReadJob>>,
    path: PathBuf,
    threads: Vec<JoinHandle<()>>,
}

impl SqliteDb {
    /// Opens or creates the file. `readers`: threads for reading, at least 1.
    pub fn open(path: &Path, readers: usize) -> Result<Self> {
        let writer = open_connection(path, Access::Write)?;
        let (writes, jobs) = bounded::<WriteJob>(QUEUE);
        let (reads, read_jobs) = bounded::<ReadJob>(QUEUE);
        let mut threads = vec![spawn("db-writer", move || write_loop(&writer, &jobs))?];
        for _ in 0..readers.max(1) {
            let reader = open_connection(path, Access::Read)?;
            let jobs = read_jobs.clone();
            threads.push(spawn("db-reader", move || {
                let mut conn = SqliteConnection::new(&reader);
                while let Ok(job) = jobs.recv() {
                    read_one(&mut conn, job);
                }
            })?);
        }
        Ok(Self { writes: Some(writes), reads: Some(reads), path: path.to_owned(), threads })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn send_write(&self, job: WriteJob) -> Result<()> {
        let full = || Error::Unavailable("the write queue is full".into());
        self.writes.as_ref().ok_or_else(full)?.try_send(job).map_err(|_| full())
    }

    pub fn send_read(&self, job: ReadJob) -> Result<()> {
        let full = || Error::Unavailable("the read queue is full".into());
        self.reads.as_ref().ok_or_else(full)?.try_send(job).map_err(|_| full())
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(run).map_err(Error::from)
}

enum Access {
    Read,
    Write,
}

fn open_connection(path: &Path, access: Access) -> Result<Sqlite> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Sqlite::open_with_flags(path, flags).map_err(|e| at_open(path, &e))?;
    conn.busy_timeout(std::time::Duration::from_secs(10)).map_err(from_sqlite)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;",
    )
    .map_err(|e| at_open(path, &e))?;
    // Plans depend on the statement alone: otherwise SQLite prepares many of them anew for each set of parameters.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(from_sqlite)?;
    if let Access::Read = access {
        conn.execute_batch("PRAGMA query_only = ON;").map_err(from_sqlite)?;
    }
    Ok(conn)
}

fn at_open(path: &Path, error: &rusqlite::Error) -> Error {
    Error::Unavailable(format!("cannot open the database {}: {error}", path.display()))
}

fn write_loop(writer: &Sqlite, jobs: &Receiver<WriteJob>) {
    let mut conn = SqliteConnection::new(writer);
    while let Ok(first) = jobs.recv() {
        let mut answers = Vec::new();
        let outcome = commit_batch(&mut conn, first, jobs, &mut answers);
        for (kept, answer) in answers {
            // A closure that was rolled back answers with its own error, whatever the commit did.
            answer(if kept { outcome.as_ref().copied().map_err(copy_error) } else { Ok(()) });
        }
    }
}

fn commit_batch(
    conn: &mut SqliteConnection<'_>,
    first: WriteJob,
    jobs: &Receiver<WriteJob>,
    answers: &mut Vec<(bool, Answer)>,
) -> Result<()> {
    if let Err(error) = conn.command("BEGIN IMMEDIATE") {
        answers.push((true, refuse(first)));
        return Err(error);
    }
    run_in_savepoint(conn, first, answers);
    while answers.len() < BATCH {
        match jobs.try_recv() {
            Ok(job) => run_in_savepoint(conn, job, answers),
            Err(_) => break,
        }
    }
    conn.command("COMMIT").inspect_err(|_| {
        if conn.command("ROLLBACK").is_err() {
            tracing::error!("rollback after a failed commit failed");
        }
    })
}

/// The answer of a job that never ran: its closure is dropped, its caller hears the error of the batch.
fn refuse(job: WriteJob) -> Answer {
    drop(job);
    Box::new(|_| ())
}

fn run_in_savepoint(conn: &mut SqliteConnection<'_>, job: WriteJob, answers: &mut Vec<(bool, Answer)>) {
    if conn.command("SAVEPOINT one").is_err() {
        answers.push((false, refuse(job)));
        return;
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| job(conn)));
    let (mut keep, answer) = outcome.unwrap_or_else(|_| (false, Box::new(|_| ()) as Answer));
    let end = if keep { "RELEASE one" } else { "ROLLBACK TO one" };
    if conn.command(end).is_err() {
        keep = true; // the caller then hears the outcome of the commit, which cannot succeed either
    } else if !keep && conn.command("RELEASE one").is_err() {
        tracing::error!("a savepoint could not be released");
    }
    answers.push((keep, answer));
}

fn read_one(conn: &mut SqliteConnection<'_>, job: ReadJob) {
    // A read transaction, so that one closure sees one state.
    if conn.command("BEGIN").is_err() {
        tracing::error!("a read transaction could not begin");
        return;
    }
    if catch_unwind(AssertUnwindSafe(|| job(conn))).is_err() {
        tracing::error!("a read panicked");
    }
    if conn.command("COMMIT").is_err() {
        tracing::error!("a read transaction could not end");
    }
}

fn copy_error(error: &Error) -> Error {
    Error::Unavailable(error.to_string())
}

/// A connection with its prepared statements, found by one look at their text: rusqlite's own cache takes three, and a
/// copy of it, for each run.
struct SqliteConnection<'c> {
    conn: &'c Sqlite,
    prepared: Vec<Prepared<'c>>,
    places: HashMap<String, usize>,
}

/// A statement, and the names of its columns once it was run.
struct Prepared<'c> {
    statement: Statement<'c>,
    names: Option<Arc<[String]>>,
}

impl<'c> SqliteConnection<'c> {
    fn new(conn: &'c Sqlite) -> Self {
        Self { conn, prepared: Vec::new(), places: HashMap::new() }
    }

    fn command(&mut self, sql: &str) -> Result<()> {
        self.prepared(sql)?.statement.raw_execute().map(|_| ()).map_err(from_sqlite)
    }

    fn prepared(&mut self, sql: &str) -> Result<&mut Prepared<'c>> {
        let at = match self.places.get(sql) {
            Some(at) => *at,
            None => self.prepare(sql)?,
        };
        Ok(&mut self.prepared[at])
    }

    fn prepare(&mut self, sql: &str) -> Result<usize> {
        if self.prepared.len() == STATEMENTS {
            self.places.clear();
            self.prepared.clear();
        }
        let statement = self.conn.prepare_with_flags(&numbered(sql), PrepFlags::SQLITE_PREPARE_PERSISTENT);
        let statement = statement.map_err(|e| in_statement(sql, &e))?;
        let at = self.prepared.len();
        self.prepared.push(Prepared { statement, names: None });
        self.places.insert(sql.to_owned(), at);
        Ok(at)
    }
}

/// `$2` → `?2`. SQLite gives `$n` numbers by first appearance, so `$2, $1` bound by position would swap silently;
/// `?n` keeps its number.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        let is_place = c == '$' && rest.peek().is_some_and(char::is_ascii_digit);
        out.push(if is_place { '?' } else { c });
    }
    out
}

fn bind(statement: &mut Statement<'_>, params: &[Value<'_>]) -> Result<()> {
    if statement.parameter_count() > params.len() {
        return Err(Error::Internal(format!("{} of {} parameters given", params.len(), statement.parameter_count())));
    }
    for (i, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, value).map_err(from_sqlite)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(v) => ValueRef::Integer(v),
            Value::Real(v) => ValueRef::Real(v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

impl Connection for SqliteConnection<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn exec(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        let statement = &mut self.prepared(sql)?.statement;
        bind(statement, params)?;
        let count = statement.raw_execute();
        statement.clear_bindings();
        count.map(|count| count as u64).map_err(|e| in_statement(sql, &e))
    }

    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        let Prepared { statement, names } = self.prepared(sql)?;
        let names = names.get_or_insert_with(|| statement.column_names().map(str::to_owned).collect());
        bind(statement, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| in_statement(sql, &e))? {
            let mut cells = Vec::with_capacity(names.len());
            for i in 0..names.len() {
                cells.push(cell(row.get_ref(i).map_err(from_sqlite)?)?);
            }
            each(Row { cells, names: Arc::clone(names) })?;
        }
        Ok(())
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(v) => Cell::Int(v),
        ValueRef::Real(v) => Cell::Real(v),
        // Bytes that a hand put into a text column stay visible to the audit check.
        ValueRef::Text(v) => String::from_utf8(v.to_vec()).map_or_else(|e| Cell::Bytes(e.into_bytes()), Cell::Text),
        ValueRef::Blob(v) => Cell::Bytes(v.to_vec()),
    })
}

fn in_statement(sql: &str, error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) if error.to_string().contains("UNIQUE") => {
            Error::Conflict("error-conflict-exists")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull) => {
            Error::Unavailable(error.to_string())
        }
        _ => Error::Internal(format!("{error} in: {sql}")),
    }
}

fn from_sqlite(error: rusqlite::Error) -> Error {
    Error::Internal(format!("sqlite: {error}"))
}

impl Drop for SqliteDb {
    /// Ends the threads after their last job. The writer goes last and alone: the last connection to close folds the WAL
    /// into the file, and two that close at once leave it to each other.
    fn drop(&mut self) {
        self.reads = None;
        let readers = self.threads.split_off(1.min(self.threads.len()));
        readers.into_iter().for_each(end);
        self.writes = None;
        self.threads.drain(..).for_each(end);
    }
}

/// Waits for a thread, unless it is the one that drops the last handle: that one ends by itself.
pub(super) fn end(thread: JoinHandle<()>) {
    if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
        tracing::error!("a database thread panicked");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_last_handle_may_be_dropped_on_the_writers_thread() {
        let db = Arc::new(SqliteDb::open(Path::new(":memory:"), 1).unwrap());
        let (own, (go, wait), (tell, told)) = (Arc::clone(&db), mpsc::channel::<()>(), mpsc::channel());
        let job: WriteJob = Box::new(move |_| {
            wait.recv().unwrap();
            let answer: Answer = Box::new(move |committed| {
                drop(own);
                tell.send(committed.is_ok()).unwrap();
            });
            (true, answer)
        });
        db.send_write(job).unwrap();
        drop(db);
        go.send(()).unwrap();
        assert!(told.recv_timeout(Duration::from_secs(30)).unwrap());
    }
}
