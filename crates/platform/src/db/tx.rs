//! The transaction that actions and stores work on. No grant, no transaction; no audit entry, no commit.
use crate::audit::{self, Entry};
use crate::clock::Timestamp;
use crate::db::value::{Row, Value};
use crate::error::{Error, Result};
use crate::ids::{Id, IdMaker};
use crate::policy::Grant;

/// Which SQL a difference that cannot be avoided is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A connection that stands in a transaction. Two kinds exist: SQLite and PostgreSQL.
pub trait Connection {
    fn dialect(&self) -> Dialect;
    fn exec(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64>;
    /// Calls `each` for every row.
    fn query(&mut self, sql: &str, params: &[Value<'_>], each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()>;
}

/// What a write needs besides the connection: who was allowed what, when, and the maker of identifiers.
pub struct Frame<'t> {
    pub grant: &'t Grant,
    pub now: Timestamp,
    pub ids: &'t IdMaker,
}

/// A transaction: reads always, writes when it was begun as a write.
pub struct Tx<'t> {
    conn: &'t mut dyn Connection,
    frame: Frame<'t>,
}

/// Proof that a write left its audit entry. Only `Tx::audited` makes one, and `Db::write` accepts nothing else.
#[must_use]
pub struct Audited<T>(T);

impl<T> Audited<T> {
    pub fn into_inner(self) -> T {
        self.0
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Audited<U> {
        Audited(f(self.0))
    }
}

impl<'t> Tx<'t> {
    pub(crate) fn new(conn: &'t mut dyn Connection, frame: Frame<'t>) -> Self {
        Self { conn, frame }
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.conn.dialect()
    }

    /// The instant of this transaction.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.frame.now
    }

    #[must_use]
    pub fn grant(&self) -> &'t Grant {
        self.frame.grant
    }

    pub fn new_id<T: Id>(&self) -> T {
        self.frame.ids.make(self.frame.now)
    }

    pub(crate) fn new_id_text(&self, prefix: &str) -> String {
        self.frame.ids.text(prefix, self.frame.now)
    }

    /// Runs a statement; the number of rows that it touched.
    pub fn exec(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        storable(params)?;
        self.conn.exec(sql, params)
    }

    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        storable(params)?;
        self.conn.query(sql, params, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Rows mapped as they come.
    pub fn list<T>(&mut self, sql: &str, params: &[Value<'_>], map: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        let mut out = Vec::new();
        storable(params)?;
        self.conn.query(sql, params, &mut |row| {
            out.push(map(&row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// The first row or None.
    pub fn find(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The first row or `NotFound`.
    pub fn get(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Row> {
        self.find(sql, params)?.ok_or(Error::NotFound)
    }

    /// Rows without keeping them, for large results (verification, export).
    pub fn each(&mut self, sql: &str, params: &[Value<'_>], mut f: impl FnMut(Row) -> Result<()>) -> Result<()> {
        storable(params)?;
        self.conn.query(sql, params, &mut f)
    }

    /// Inserts many rows of one width with few statements. `head` is `INSERT INTO t (a, b) VALUES`.
    pub fn insert_many(&mut self, head: &str, width: usize, values: &[Value<'_>]) -> Result<u64> {
        self.insert_many_or(head, width, values, "")
    }

    /// As `insert_many`, with what stands after the rows: `ON CONFLICT DO NOTHING`.
    pub fn insert_many_or(&mut self, head: &str, width: usize, values: &[Value<'_>], tail: &str) -> Result<u64> {
        const PARAMS: usize = 900;
        let rows_at_once = (PARAMS / width.max(1)).max(1);
        let mut count = 0;
        for chunk in values.chunks(rows_at_once * width) {
            count += self.exec(&(many_rows(head, width, chunk.len() / width) + " " + tail), chunk)?;
        }
        Ok(count)
    }

    /// Writes the audit entry of this write and hands back the proof that `Db::write` asks for.
    pub fn audited<T>(&mut self, entry: Entry<'_>, value: T) -> Result<Audited<T>> {
        audit::insert(self, &entry)?;
        Ok(Audited(value))
    }

    /// As `audited`, and tells the audit row's identifier (to find its proof in the log later).
    pub fn audited_as<T>(&mut self, entry: Entry<'_>, value: impl FnOnce(String) -> T) -> Result<Audited<T>> {
        let id = audit::insert(self, &entry)?;
        Ok(Audited(value(id)))
    }
}

/// PostgreSQL keeps no NUL in a text, SQLite would: neither gets one. Whoever sent it hears that it cannot be read.
fn storable(params: &[Value<'_>]) -> Result<()> {
    let broken = params.iter().any(|value| matches!(value, Value::Text(text) if text.as_bytes().contains(&0)));
    if broken { Err(Error::field("form", "error-form-unreadable")) } else { Ok(()) }
}

fn many_rows(head: &str, width: usize, rows: usize) -> String {
    use std::fmt::Write;
    let mut sql = String::with_capacity(head.len() + rows * width * 6);
    sql.push_str(head);
    for row in 0..rows {
        sql.push_str(if row == 0 { " (" } else { ", (" });
        for column in 0..width {
            let comma = if column == 0 { "" } else { ", " };
            write!(sql, "{comma}${}", row * width + column + 1).expect("writing to a String cannot fail");
        }
        sql.push(')');
    }
    sql
}
