//! A department's PostgreSQL: one connection, read-only, with the one statement prepared.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Config, Connection, NoTls, Statement as Prepared};

use crate::error::{Answered, SourceError};
use crate::postgres_tls::Rustls;
use crate::reach::{Asking, Reach};
use crate::settings::{Postgres, Tls};
use crate::sql::{Marks, Statement};
use crate::surroundings::Surroundings;
use crate::tls;

pub(crate) struct PostgresReach {
    config: Config,
    tls: Option<Rustls>,
    text: String,
    timeout: Duration,
    session: Mutex<Option<Arc<Session>>>,
}

struct Session {
    client: Client,
    prepared: Prepared,
}

impl PostgresReach {
    pub(crate) fn open(settings: &Postgres, around: &Surroundings, timeout: Duration) -> Result<Self, String> {
        let address = around.fill(&settings.address).map_err(|name| format!("there is no address ${{{name}}}"))?;
        let mut config: Config = address.parse().map_err(|e| format!("the address cannot be read: {e}"))?;
        if let Some(secret) = &settings.credentials.password {
            config.password(around.secret(secret)?);
        }
        let tls = match settings.tls {
            Tls::Required if !config.get_hosts().iter().all(is_here) => {
                config.ssl_mode(SslMode::Require);
                Some(Rustls(tls::connector(settings.authorities.as_deref(), around)?))
            }
            Tls::Required | Tls::None => None,
        };
        config.application_name("tongban").connect_timeout(timeout);
        let text = Statement::read(&settings.query)?.text(Marks::Dollar);
        Ok(Self { config, tls, text, timeout, session: Mutex::default() })
    }

    async fn session(&self) -> Answered<Arc<Session>> {
        let mut kept = self.session.lock().await;
        if let Some(session) = kept.as_ref().filter(|session| !session.client.is_closed()) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(self.connect().await?);
        *kept = Some(Arc::clone(&session));
        Ok(session)
    }

    async fn connect(&self) -> Answered<Session> {
        let client = match &self.tls {
            Some(tls) => driven(self.config.connect(tls.clone()).await.map_err(|e| fault(&e))?),
            None => driven(self.config.connect(NoTls).await.map_err(|e| fault(&e))?),
        };
        // The server itself forbids what the gate may have overlooked.
        let limits = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = {0}; SET lock_timeout = {0}",
            self.timeout.as_millis()
        );
        client.batch_execute(&limits).await.map_err(|e| fault(&e))?;
        let prepared = client.prepare(&self.text).await.map_err(|e| fault(&e))?;
        if prepared.params().len() != 1 {
            return Err(SourceError::Refused("the statement has not exactly one parameter".into()));
        }
        if let Some(kind) = prepared.params().iter().find(|kind| !is_text(kind)) {
            return Err(SourceError::Refused(format!(
                "PostgreSQL compares :number with a column of the type {kind}; turn the column to text in the query"
            )));
        }
        Ok(Session { client, prepared })
    }
}

/// The connection on a task of its own, which ends with the client.
fn driven<S, T>((client, connection): (Client, Connection<S, T>)) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        // Whoever waits for an answer sees the error.
        drop(connection.await);
    });
    client
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
    }
}

impl Reach for PostgresReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        Box::pin(async move {
            let session = self.session().await?;
            let rows = session.client.query(&session.prepared, &[&number]).await.map_err(|e| fault(&e))?;
            let Some(row) = rows.first() else { return Ok(None) };
            if rows.len() > 1 {
                return Err(crate::reach::second_row());
            }
            let mut record = Map::new();
            for (at, column) in row.columns().iter().enumerate() {
                let cell: Cell = row.try_get(at).map_err(|_| unknown_type(column.name(), column.type_()))?;
                record.insert(column.name().to_owned(), cell.0);
            }
            Ok(Some(Value::Object(record)))
        })
    }
}

/// Types that a number is sent as; others have no room for a check digit X.
fn is_text(kind: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN].contains(kind)
}

fn unknown_type(column: &str, kind: &Type) -> SourceError {
    // A moment has a day only in some zone, and as a text it would be no day at all.
    let write = match *kind {
        Type::TIMESTAMPTZ => format!("({column} AT TIME ZONE 'Asia/Shanghai')::date AS {column}"),
        _ => format!("{column}::text"),
    };
    SourceError::Malformed(format!("column {column} has the type {kind}; write {write} in the query"))
}

/// A value of one of the plain types, read from the wire.
struct Cell(Value);

type Wire<T> = Result<T, Box<dyn std::error::Error + Sync + Send>>;

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Wire<Self> {
        let value = match *kind {
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => Value::from(String::from_sql(kind, raw)?),
            Type::INT2 => Value::from(i16::from_sql(kind, raw)?),
            Type::INT4 => Value::from(i32::from_sql(kind, raw)?),
            Type::INT8 => Value::from(i64::from_sql(kind, raw)?),
            Type::BOOL => Value::from(bool::from_sql(kind, raw)?),
            Type::DATE => Value::from(day(i32::from_be_bytes(raw.try_into()?))?),
            Type::TIMESTAMP => {
                let days = i64::from_be_bytes(raw.try_into()?).div_euclid(86_400_000_000);
                Value::from(day(i32::try_from(days)?)?)
            }
            Type::NUMERIC => Value::from(numeric(raw).ok_or("no number")?),
            Type::JSON => serde_json::from_slice(raw)?,
            Type::JSONB => serde_json::from_slice(raw.get(1..).unwrap_or_default())?,
            _ => return Err("type".into()),
        };
        Ok(Self(value))
    }

    fn from_sql_null(_: &Type) -> Wire<Self> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Days since 2000-01-01 as `YYYY-MM-DD`; infinity is no day.
fn day(days: i32) -> Wire<String> {
    const START: time::Date = time::macros::date!(2000 - 01 - 01);
    let span = time::Duration::seconds(i64::from(days) * 86_400);
    START.checked_add(span).map(platform::clock::iso_date).ok_or_else(|| "no day".into())
}

/// PostgreSQL's binary form: groups of four decimal digits, weight of the first, sign, digits after the point.
fn numeric(raw: &[u8]) -> Option<String> {
    let at = |index: usize| Some(i16::from_be_bytes(raw.get(index * 2..index * 2 + 2)?.try_into().ok()?));
    let (groups, weight, sign, scale) =
        (usize::try_from(at(0)?).ok()?, i32::from(at(1)?), at(2)?, usize::try_from(at(3)?).ok()?);
    let is_negative = match sign {
        0 => false,
        0x4000 => true,
        _ => return None,
    };
    let group = |place: i32| {
        let index = usize::try_from(weight - place).ok().filter(|index| *index < groups);
        index.map_or(Some(0), |index| at(4 + index))
    };
    if weight > 100 || scale > 400 {
        return None;
    }
    let mut whole = String::new();
    for place in (0..=weight.max(0)).rev() {
        whole.push_str(&format!("{:04}", group(place)?));
    }
    let mut decimals = String::new();
    for place in 1..=i32::try_from(scale.div_ceil(4)).ok()? {
        decimals.push_str(&format!("{:04}", group(-place)?));
    }
    decimals.truncate(scale);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let (minus, point) = (if is_negative { "-" } else { "" }, if scale > 0 { "." } else { "" });
    Some(format!("{minus}{whole}{point}{decimals}"))
}

/// The server's text may quote values, so only its code is kept.
fn fault(error: &tokio_postgres::Error) -> SourceError {
    let Some(code) = error.code() else {
        // Without a code it is the driver that speaks: of connection, encryption and settings, never of values.
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let text = format!("PostgreSQL: {error}{cause}");
        let is_refused = ["invalid configuration", "does not support TLS", "invalid peer certificate"];
        let is_refused = is_refused.iter().any(|words| text.contains(words));
        return if is_refused { SourceError::Refused(text) } else { SourceError::Unavailable(text) };
    };
    let text = format!("PostgreSQL: SQLSTATE {}{}", code.code(), meaning(code.code()));
    match code.code().get(..2).unwrap_or_default() {
        // Connection, resources, operator's intervention, cancelled statement, lock, system.
        "08" | "53" | "57" | "55" | "40" | "58" => SourceError::Unavailable(text),
        // Read-only transaction, credentials, privileges.
        "25" | "28" => SourceError::Refused(text),
        "42" if code.code() == "42501" => SourceError::Refused(text),
        _ => SourceError::Malformed(text),
    }
}

/// What the codes that a new document meets mean, and what to do.
fn meaning(code: &str) -> &'static str {
    match code {
        "28P01" | "28000" => " (the account or its password is not accepted; compare credentials)",
        "3D000" => " (there is no such database; compare the address)",
        "42501" => " (the account may not read what the query names; ask for the right to this view)",
        "42601" => " (the query is no SQL)",
        "42703" => " (a column of the query does not exist; write names with capitals in double quotes)",
        "42P01" => " (a table of the query does not exist or lies in another schema; write schema.table)",
        "42P08" => " (:number would have two types; write :number::text)",
        "42883" => " (types of the query do not go together; write ::text behind the column)",
        "57014" => " (it took longer than timeout_ms; an index on the column is missing?)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(groups: &[i16], weight: i16, sign: i16, scale: i16) -> Option<String> {
        let length = i16::try_from(groups.len()).unwrap();
        let all = [length, weight, sign, scale];
        let raw: Vec<u8> = all.iter().chain(groups).flat_map(|number| number.to_be_bytes()).collect();
        numeric(&raw)
    }

    #[test]
    fn decimal_numbers_keep_every_digit() {
        assert_eq!(wire(&[89, 5000], 0, 0, 2).as_deref(), Some("89.50"));
        assert_eq!(wire(&[1, 2345], 1, 0x4000, 0).as_deref(), Some("-12345"));
        assert_eq!(wire(&[5], 1, 0, 0).as_deref(), Some("50000"));
        assert_eq!(wire(&[12], -1, 0, 4).as_deref(), Some("0.0012"));
        assert_eq!(wire(&[1200], -2, 0, 6).as_deref(), Some("0.000012"));
        assert_eq!(wire(&[], 0, 0, 2).as_deref(), Some("0.00"));
        assert_eq!(wire(&[], 0, i16::from_be_bytes([0xc0, 0]), 0), None, "NaN");
        assert_eq!(numeric(&[0, 9]), None);
    }

    #[test]
    fn a_type_that_is_not_read_is_told_with_what_to_write() {
        let said = |kind: &Type| unknown_type("gxsj", kind).to_string();
        assert!(said(&Type::TIMESTAMPTZ).contains("(gxsj AT TIME ZONE 'Asia/Shanghai')::date AS gxsj"));
        assert!(said(&Type::UUID).contains("gxsj::text"));
    }

    #[test]
    fn days_count_from_2000() {
        assert_eq!(day(0).unwrap(), "2000-01-01");
        assert_eq!(day(-1).unwrap(), "1999-12-31");
        assert!(day(i32::MAX).is_err());
    }
}
