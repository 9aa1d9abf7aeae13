//! Facts: the catalogue of resources and the authoritative records. One number, one source.
//!
//! Tables: `registry_resource` (catalogue entries by version), `registry_record` (the current record of each subject),
//! `registry_record_past` (what it said before).
//!
//! Invariants: every field of a subject has one authoritative resource; a record holds only what its catalogue entry
//! declares; a version grows only when the data differ. Personal facts leave through `exchange` alone.
//!
//! Start at `model` (documents and checks), then `actions` (publish, record, import).
mod actions;
mod model;
mod pages;
mod store;

use std::io::BufRead;
use std::sync::Arc;

use platform::db::{Audited, Tx};
use platform::i18n::Text;
use platform::policy::{Action, On};
use platform::routes::Routes;
use platform::{Ctx, Platform, Result};

pub use actions::import::{Delivery, Refused, Report};
pub use actions::publish;
pub use model::catalogue::Catalogue;
pub use model::record::{Entry, Record, Recorded, SeedRow};
pub use model::resource::{
    Base, CodeValue, Field, FieldType, Opening, Resource, Sensitivity, Sharing, SubjectKind, Subjects, Update,
};
pub use model::rows::Format;
pub use store::find_record;

type FindName = dyn Fn(&str) -> Option<Text> + Send + Sync;

/// Names by key of things that another crate knows (organisations, items); given by `app`, which joins the crates.
#[derive(Clone)]
pub struct Names(Arc<FindName>);

impl Names {
    pub fn new(find: impl Fn(&str) -> Option<Text> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    #[must_use]
    pub fn find(&self, key: &str) -> Option<Text> {
        (self.0)(key)
    }

    /// The name; the key itself when nobody knows a name for it.
    #[must_use]
    pub fn name(&self, key: &str) -> Text {
        let plain = || Text { zh_hans: key.to_owned(), zh_hant: key.to_owned(), en: key.to_owned() };
        self.find(key).unwrap_or_else(plain)
    }
}

struct Inner {
    platform: Platform,
    catalogue: Catalogue,
    organisations: Names,
}

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

impl Registry {
    #[must_use]
    pub fn new(platform: &Platform, catalogue: Catalogue, organisations: Names) -> Self {
        Self(Arc::new(Inner { platform: platform.clone(), catalogue, organisations }))
    }

    /// With the catalogue as it was published last. Fails when two resources claim one field.
    pub async fn open(platform: &Platform, organisations: Names) -> Result<Self> {
        let ctx = Ctx::system(platform, "registry");
        let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
        let resources = ctx.db().read(grant, store::list_resources).await?;
        let catalogue = Catalogue::build(resources).map_err(platform::Error::Internal)?;
        Ok(Self::new(platform, catalogue, organisations))
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    #[must_use]
    pub fn organisations(&self) -> &Names {
        &self.0.organisations
    }

    /// A stable name of a subject that only this deployment can make: what the trail and the audit log hold instead of
    /// the number. HMAC-SHA256, 43 characters of base64url.
    #[must_use]
    pub fn pseudonym(&self, number: &str) -> String {
        let mac = seal::digest::keyed(&self.platform().keys().secret, format!("subject {number}").as_bytes());
        seal::digest::to_base64url(&mac)
    }

    /// Records what a register says about one subject, checked against the catalogue.
    pub fn record(&self, tx: &mut Tx<'_>, entry: &Entry) -> Result<Audited<Recorded>> {
        actions::record(tx, self, entry)
    }

    /// Inserts rows that were checked where they were made; for a store that is still empty.
    pub fn seed(&self, tx: &mut Tx<'_>, rows: &[SeedRow]) -> Result<Audited<u64>> {
        actions::seed(tx, self, rows)
    }

    /// Reads a provider's delivery in batches; memory stays bounded whatever its length.
    pub async fn import(&self, ctx: &Ctx, delivery: Delivery, from: impl BufRead + Send + 'static) -> Result<Report> {
        actions::import::import(self, ctx, delivery, Box::new(from)).await
    }

    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }
}
