//! Where facts come from: our own register now; databases, REST, SOAP, files and peers are further connectors.
mod entry;
mod fit;
mod source;

use std::future::Future;
use std::pin::Pin;

use platform::db::Tx;
use platform::i18n::{Lang, Text};
use platform::{Error, Result};
use registry::{Resource, SubjectKind, find_record};
use serde_json::{Map, Value};
use time::Date;

use crate::Exchange;

pub use connectors::{Elsewhere, Health};
pub use entry::check;
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
    /// Key of the organisation that stands behind the data, or the identifier of an office of another region.
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

    /// The office of another region that answers; None: the resource's own provider.
    fn elsewhere(&self) -> Option<&Elsewhere> {
        None
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

    /// Whether our own register answers for a resource: its silence is an outage of ours, not of a source.
    #[must_use]
    pub fn is_here(&self, resource: &str) -> bool {
        self.catalogue().get(resource).is_none_or(|entry| self.registry().is_here(entry))
    }

    /// Who answers for a resource, by the key that facts of it carry; None: there is no such resource.
    #[must_use]
    pub fn source_of(&self, resource: &str) -> Option<String> {
        let entry = self.catalogue().get(resource)?;
        Some(self.connector(resource).elsewhere().map_or_else(|| entry.provider.clone(), |office| office.id.clone()))
    }

    /// A source as people read it: an organisation of ours, or an office of another region with its place and the way; the
    /// key itself when nobody knows it any more.
    #[must_use]
    pub fn source_name(&self, source: &str) -> Text {
        let mut offices = self.parts().connectors.values().filter_map(|connector| connector.elsewhere());
        let Some(office) = offices.find(|office| office.id == source) else {
            return self.registry().organisations().name(source);
        };
        let texts = self.platform().texts();
        let in_lang = |lang| {
            let args = [("office", office.office.get(lang)), ("region", office.region.get(lang))];
            texts.format(lang, "exchange-source-elsewhere", &args)
        };
        Text { zh_hans: in_lang(Lang::ZhHans), zh_hant: in_lang(Lang::ZhHant), en: in_lang(Lang::En) }
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
