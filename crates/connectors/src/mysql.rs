//! A department's MySQL or MariaDB: read-only sessions with the one statement.
use std::time::Duration;

use mysql_async::consts::ColumnType;
use mysql_async::prelude::Queryable;
use mysql_async::{Error, Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, Row, Value as Cell};
use serde_json::{Map, Value};

use crate::error::{Answered, SourceError};
use crate::reach::{Asking, Reach};
use crate::settings::{MySql, Tls};
use crate::sql::{Marks, Statement};
use crate::surroundings::Surroundings;

pub(crate) struct MySqlReach {
    pool: Pool,
    text: String,
    uses: usize,
}

/// Connections at most; a department's system has other work.
const CONNECTIONS: usize = 4;

impl MySqlReach {
    pub(crate) fn open(settings: &MySql, around: &Surroundings, timeout: Duration) -> Result<Self, String> {
        let address = around.fill(&settings.address).map_err(|name| format!("there is no address ${{{name}}}"))?;
        let opts = Opts::from_url(&address).map_err(|e| format!("the address cannot be read: {e}"))?;
        let is_here = matches!(opts.ip_or_hostname(), "127.0.0.1" | "::1" | "localhost") || opts.socket().is_some();
        if !is_here && settings.tls == Tls::Required {
            return Err("MySQL over a network is reached in plain text only; let a local proxy encrypt and give its \
                        address, or write tls: none if the line itself is protected"
                .into());
        }
        let password = settings.credentials.password.as_ref().map(|secret| around.secret(secret)).transpose()?;
        let bounds = PoolConstraints::new(0, CONNECTIONS).ok_or("no pool")?;
        let mut builder =
            OptsBuilder::from_opts(opts).pool_opts(PoolOpts::default().with_constraints(bounds)).setup(setup(timeout));
        if password.is_some() {
            builder = builder.pass(password);
        }
        let statement = Statement::read(&settings.query)?;
        Ok(Self { pool: Pool::new(builder), text: statement.text(Marks::Each), uses: statement.uses() })
    }
}

fn setup(timeout: Duration) -> Vec<String> {
    let mut all = vec!["SET SESSION TRANSACTION READ ONLY".to_owned(), "SET NAMES utf8mb4".to_owned()];
    all.extend(limits(timeout));
    all
}

/// MySQL counts milliseconds, MariaDB seconds; each passes over the comment that is meant for the other.
fn limits(timeout: Duration) -> [String; 2] {
    [
        format!("SET @tongban_limit = 0 /*M!100101 , SESSION max_statement_time = {} */", timeout.as_secs_f64()),
        format!("SET @tongban_limit = 0 /*!50708 , SESSION max_execution_time = {} */", timeout.as_millis()),
    ]
}

impl Reach for MySqlReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let mut connection = self.pool.get_conn().await.map_err(|e| fault(&e))?;
            let parameters: Vec<Cell> = (0..self.uses).map(|_| Cell::from(number)).collect();
            let rows: Vec<Row> = connection.exec(self.text.as_str(), parameters).await.map_err(|e| fault(&e))?;
            let mut rows = rows.into_iter();
            let Some(row) = rows.next() else { return Ok(None) };
            if rows.next().is_some() {
                return Err(crate::reach::second_row());
            }
            record(row).map(Some)
        })
    }
}

fn record(row: Row) -> Answered<Value> {
    let columns = row.columns();
    let mut record = Map::new();
    for (column, cell) in columns.iter().zip(row.unwrap()) {
        let name = column.name_str().into_owned();
        let wrong =
            || SourceError::Malformed(format!("column {name} is no text, number or day; turn it to text in the query"));
        let value = match cell {
            Cell::NULL => Value::Null,
            Cell::Bytes(bytes) => Value::from(String::from_utf8(bytes).map_err(|_| wrong())?),
            Cell::Int(number) => number.into(),
            Cell::UInt(number) => number.into(),
            Cell::Float(number) => f64::from(number).into(),
            Cell::Double(number) => number.into(),
            Cell::Date(year, month, day, ..) => Value::from(format!("{year:04}-{month:02}-{day:02}")),
            Cell::Time(..) => return Err(wrong()),
        };
        if column.column_type() == ColumnType::MYSQL_TYPE_GEOMETRY {
            return Err(wrong());
        }
        record.insert(name, value);
    }
    Ok(Value::Object(record))
}

/// What the numbers that a new document meets mean, and what to do.
fn meaning(code: u16) -> &'static str {
    match code {
        1044 | 1049 => " (there is no such database, or the account may not open it; compare the address)",
        1045 => " (the account or its password is not accepted; compare credentials)",
        1054 => " (a column of the query does not exist)",
        1064 => " (the query is no SQL)",
        1142 | 1143 => " (the account may not read what the query names; ask for the right to this view)",
        1146 => " (a table of the query does not exist)",
        1267 => " (collations do not go together; write COLLATE behind the column)",
        1969 | 3024 => " (it took longer than timeout_ms; an index on the column is missing?)",
        _ => "",
    }
}

/// The server's text may quote values, so only its number is kept.
fn fault(error: &Error) -> SourceError {
    match error {
        Error::Server(server) => {
            let text = format!("MySQL: error {}{}", server.code, meaning(server.code));
            match server.code {
                // Access denied to user, database, table, column; read-only transaction.
                1044 | 1045 | 1142 | 1143 | 1792 => SourceError::Refused(text),
                // Too many connections, shutdown, lock wait, deadlock, statement time, killed.
                1040 | 1053 | 1205 | 1213 | 1317 | 1969 | 3024 | 1226 => SourceError::Unavailable(text),
                _ => SourceError::Malformed(text),
            }
        }
        // The driver speaks of connection and protocol, never of values.
        Error::Io(_) | Error::Driver(_) => SourceError::Unavailable(format!("MySQL: {error}")),
        Error::Url(_) | Error::Other(_) => SourceError::Refused("MySQL: the call could not be made".into()),
    }
}
