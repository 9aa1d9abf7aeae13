//! A department's SQLite file: opened to read only, asked on a thread of its own.
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, InterruptHandle, OpenFlags};
use serde_json::{Map, Value};

use crate::error::{Answered, SourceError};
use crate::reach::{Asking, Reach};
use crate::sql::{Marks, Statement};

pub(crate) struct SqliteReach {
    shared: Arc<Shared>,
    timeout: Duration,
}

struct Shared {
    file: PathBuf,
    text: String,
    /// Open connections that nobody uses now.
    idle: Mutex<Vec<Connection>>,
}

/// More are closed when their call has ended.
const IDLE: usize = 4;

impl SqliteReach {
    pub(crate) fn new(file: &str, statement: &Statement, timeout: Duration) -> Self {
        let shared = Shared { file: file.into(), text: statement.text(Marks::Numbered), idle: Mutex::default() };
        Self { shared: Arc::new(shared), timeout }
    }
}

impl Reach for SqliteReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let connection = self.connection().await?;
            let mut stop = Stop { handle: connection.get_interrupt_handle(), is_over: false };
            let (shared, number) = (Arc::clone(&self.shared), number.to_owned());
            let asking = tokio::task::spawn_blocking(move || {
                let found = row(&connection, &shared.text, &number)?;
                Ok((connection, found))
            });
            let asked = asking.await;
            stop.is_over = true;
            let (connection, found) = asked.map_err(ended)??;
            self.shared.give_back(connection);
            Ok(found)
        })
    }
}

impl SqliteReach {
    async fn connection(&self) -> Answered<Connection> {
        if let Some(connection) = self.shared.take() {
            return Ok(connection);
        }
        let (shared, timeout) = (Arc::clone(&self.shared), self.timeout);
        tokio::task::spawn_blocking(move || open(&shared.file, timeout)).await.map_err(ended)?
    }
}

fn ended(_: tokio::task::JoinError) -> SourceError {
    SourceError::Unavailable("the reader ended badly".into())
}

/// Whoever gives up waiting stops the query with it: the thread must not go on for nobody.
struct Stop {
    handle: InterruptHandle,
    is_over: bool,
}

impl Drop for Stop {
    fn drop(&mut self) {
        if !self.is_over {
            self.handle.interrupt();
        }
    }
}

impl Shared {
    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }
}

fn open(file: &Path, timeout: Duration) -> Answered<Connection> {
    // Not SQLITE_OPEN_URI: the path is a path, without options.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|e| fault(&e))?;
    connection.busy_timeout(timeout).map_err(|e| fault(&e))?;
    // Functions and virtual tables that the file itself defines are not trusted.
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF").map_err(|e| fault(&e))?;
    Ok(connection)
}

/// The single row as an object; None: no row.
fn row(connection: &Connection, text: &str, number: &str) -> Answered<Option<Value>> {
    let mut statement = connection.prepare_cached(text).map_err(|e| fault(&e))?;
    if !statement.readonly() || statement.parameter_count() != 1 {
        return Err(SourceError::Refused("the statement does more than read".into()));
    }
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([number]).map_err(|e| fault(&e))?;
    let Some(first) = rows.next().map_err(|e| fault(&e))? else { return Ok(None) };
    let mut record = Map::new();
    for (at, name) in names.into_iter().enumerate() {
        record.insert(name, value(first.get_ref(at).map_err(|e| fault(&e))?)?);
    }
    if rows.next().map_err(|e| fault(&e))?.is_some() {
        return Err(crate::reach::second_row());
    }
    Ok(Some(Value::Object(record)))
}

fn value(found: ValueRef<'_>) -> Answered<Value> {
    let malformed = |why: &str| SourceError::Malformed(why.into());
    match found {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(number.into()),
        ValueRef::Real(number) => Ok(number.into()),
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map(Value::from).map_err(|_| malformed("a text column is not UTF-8"))
        }
        ValueRef::Blob(_) => Err(malformed("a column holds bytes; turn them to text in the query")),
    }
}

/// SQLite's words may quote the statement but never values.
fn fault(error: &rusqlite::Error) -> SourceError {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::OperationInterrupted) => SourceError::Unavailable("the query was stopped".into()),
        Some(
            Code::DatabaseBusy | Code::DatabaseLocked | Code::CannotOpen | Code::SystemIoFailure | Code::SchemaChanged,
        ) => SourceError::Unavailable(format!("SQLite: {error}")),
        Some(Code::ReadOnly | Code::PermissionDenied | Code::AuthorizationForStatementDenied) => {
            SourceError::Refused(format!("SQLite: {error}"))
        }
        _ => SourceError::Malformed(format!("SQLite: {error}")),
    }
}
