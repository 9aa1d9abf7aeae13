//! Where facts come from: our own register now; databases, REST, SOAP, files and peers are further connectors.
mod fit;
mod source;

use std::future::Future;
use std::pin::Pin;

use platform::db::Tx;
use platform::{Error, Result};
use registry::{Resource, SubjectKind, find_record};
use serde_json::{Map, Value};
use time::Date;

use crate::Exchange;

pub use connectors::Health;
pub use fit::fit;
pub use source::SourceConnector;

/// What a source is asked. The grant was checked before.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    pub resource: &'a Resource,
    pub kind: SubjectKind,
    /// Resident ID number or unified social credit code.
    pub number: &'a str,
    pub fields: &'a [String],
    pub purpose: &'a str,
    pub basis: &'a str,
    pub case: Option<&'a str>,
}

/// What a source holds about the subject; it may hold more fields than were asked for, they go no further.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The day that the data speak of.
    pub as_of: Date,
    /// Key of the organisation that stands behind the data.
    pub source: String,
    pub data: Map<String, Value>,
}

/// The answer of a source within our own database.
#[derive(Debug)]
pub enum Reading {
    /// The source is reached over the network: `call` it.
    Elsewhere,
    /// None: it holds nothing about the subject.
    Here(Option<Found>),
}

/// The answer of a source that is called. None: it holds nothing about the subject. A source that cannot be reached in
/// its time is `Unavailable`.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Option<Found>>> + Send + 'a>>;

/// A connector implements one of the two.
pub trait Connector: Send + Sync {
    /// Answers inside the transaction that checks the grant; for data that lie in our own database.
    fn read(&self, _tx: &mut Tx<'_>, _query: &Query<'_>) -> Result<Reading> {
        Ok(Reading::Elsewhere)
    }

    /// Answers over the network; never called inside a transaction. Its time limit is its own.
    fn call<'a>(&'a self, query: Query<'a>) -> Calling<'a> {
        let why = format!("the connector of {} can neither read nor call", query.resource.key);
        Box::pin(std::future::ready(Err(Error::Internal(why))))
    }

    /// How it has been doing since the start; None where there is nothing to fail but our own database.
    fn health(&self) -> Option<Health> {
        None
    }
}

impl Exchange {
    /// How every source outside our own database has been doing, by resource.
    #[must_use]
    pub fn health(&self) -> Vec<Health> {
        let mut all: Vec<Health> =
            self.parts().connectors.values().filter_map(|connector| connector.health()).collect();
        all.sort_by(|a, b| a.resource.cmp(&b.resource));
        all
    }
}

/// The built-in register.
#[derive(Debug, Clone, Copy)]
pub struct RegisterConnector;

impl Connector for RegisterConnector {
    fn read(&self, tx: &mut Tx<'_>, query: &Query<'_>) -> Result<Reading> {
        let Some(record) = find_record(tx, &query.resource.key, query.number)? else {
            return Ok(Reading::Here(None));
        };
        let data = record.fields()?;
        Ok(Reading::Here(Some(Found { as_of: record.as_of, source: record.source, data })))
    }
}
