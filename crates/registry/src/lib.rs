//! Facts: the catalogue of resources and the authoritative records. One number, one source.
//!
//! Tables: `registry_resource` (catalogue entries by version), `registry_record` (the current record of each subject),
//! `registry_record_past` (what it said before), `registry_submission` (entries on their way), `registry_dispute` (second
//! claims on a field), `registry_delivery`, `registry_alarm`, `registry_watch` (who delivers in time),
//! `registry_correction` (facts that somebody says are wrong).
//!
//! Invariants: every field of a subject has one authoritative resource; a record holds only what its catalogue entry
//! declares; a version grows only when the data differ. Personal facts leave through `exchange` alone.
//!
//! Start at `model` (documents and checks), then `actions` (publish, record, import, settle, correct).
mod actions;
mod jobs;
mod joints;
mod model;
mod pages;
mod schemas;
mod snapshots;
mod store;

use std::collections::HashSet;
use std::io::BufRead;
use std::sync::{Arc, OnceLock};

use codes::WorkCalendar;
use platform::db::{Audited, Tx};
use platform::documents;
use platform::i18n::Text;
use platform::jobs::Handlers;
use platform::policy::{Action, On};
use platform::routes::Routes;
use platform::{Ctx, Platform, Result};
use tokio::sync::watch;

use snapshots::Snapshots;

pub use actions::import::{Delivery, Refused, Report};
pub use actions::{check_pack, publish};
pub use joints::{Changed, Joints, NobodyKnown, Own, Seen, Told, User, Users, Wrong};
pub use model::catalogue::{Branch, Catalogue, Clash};
pub use model::code::ResourceCode;
pub use model::document::Flaw;
pub use model::evidence::{Evidence, EvidenceType, Proof};
pub use model::freshness::{Delivered, DeliveryKind, Late};
pub use model::quality::{Broken, Rule};
pub use model::record::{Entry, Record, Recorded, SeedRow};
pub use model::resource::{
    Base, CodeValue, Field, FieldType, Held, Opening, Resource, Sensitivity, Sharing, SharingWay, SubjectKind,
    Subjects, Update,
};
pub use model::rows::Format;
pub use schemas::{SchemaVersion, Standing};
pub use store::deliveries::count_alarms;
pub use store::find_record;
pub use store::finding::{Finding, find_subjects};

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
    catalogue: Snapshots,
    evidence: Evidence,
    organisations: Names,
    calendar: WorkCalendar,
    joints: OnceLock<Joints>,
    /// Keys of resources that a department's own system answers for in this deployment.
    elsewhere: OnceLock<HashSet<String>>,
}

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

impl Registry {
    #[must_use]
    pub fn new(platform: &Platform, catalogue: Catalogue, organisations: Names) -> Self {
        Self::with(platform, Snapshots::new(catalogue, 0), Evidence::default(), organisations)
    }

    fn with(platform: &Platform, catalogue: Snapshots, evidence: Evidence, organisations: Names) -> Self {
        let (platform, calendar) = (platform.clone(), WorkCalendar::embedded());
        Self(Arc::new(Inner {
            platform,
            catalogue,
            evidence,
            organisations,
            calendar,
            joints: OnceLock::new(),
            elsewhere: OnceLock::new(),
        }))
    }

    /// With the catalogue as it was published last. Fails when two resources claim one field.
    pub async fn open(platform: &Platform, organisations: Names) -> Result<Self> {
        let ctx = Ctx::system(platform, "registry");
        let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
        let read = |tx: &mut Tx<'_>| {
            Ok((store::list_resources(tx)?, store::count_versions(tx)?, documents::list(tx, "evidence/")?))
        };
        let (resources, versions, evidence) = ctx.db().read(grant, read).await?;
        let catalogue = Catalogue::build(resources).map_err(platform::Error::Internal)?;
        let evidence = evidence.iter().map(|document| (document.path.as_str(), document.text.as_str()));
        // What the catalogue no longer bears out proves nothing; it must not keep the program from starting.
        let (evidence, unsound) = Evidence::sound(evidence, &catalogue);
        unsound.iter().for_each(|why| tracing::warn!(%why, "an evidence document is left out"));
        Ok(Self::with(platform, Snapshots::new(catalogue, versions), evidence, organisations))
    }

    /// What other crates give; once, while `app` joins them.
    pub fn join(&self, joints: Joints) -> Result<()> {
        let twice = |_| platform::Error::Internal("the registry was joined twice".to_owned());
        self.0.joints.set(joints).map_err(twice)
    }

    /// Says which resources are asked in departments' own systems here, whatever their entries say; once, while `app`
    /// joins them. What our own register holds of them is nobody's source.
    pub fn answered_elsewhere(&self, resources: impl Iterator<Item = String>) -> Result<()> {
        let twice = |_| platform::Error::Internal("the sources were told twice".to_owned());
        self.0.elsewhere.set(resources.collect()).map_err(twice)
    }

    /// Whether our own register is the source of a resource.
    #[must_use]
    pub fn is_here(&self, resource: &Resource) -> bool {
        let elsewhere = self.0.elsewhere.get().is_some_and(|keys| keys.contains(&resource.key));
        resource.held == model::resource::Held::Here && !elsewhere
    }

    pub(crate) fn joints(&self) -> &Joints {
        self.0.joints.get_or_init(Joints::default)
    }

    /// Takes up what was published since, by this process or another one on the same database.
    pub async fn refresh(&self) -> Result<()> {
        let ctx = Ctx::system(self.platform(), "registry.refresh");
        let known = self.0.catalogue.versions();
        let read = move |tx: &mut Tx<'_>| {
            let versions = store::count_versions(tx)?;
            let resources = if versions == known { None } else { Some(store::list_resources(tx)?) };
            Ok((versions, resources))
        };
        let (versions, resources) = ctx.db().read(ctx.allow(Action::CatalogueRead, &On::PUBLIC)?, read).await?;
        if let Some(resources) = resources {
            let catalogue = Catalogue::build(resources).map_err(platform::Error::Internal)?;
            self.0.catalogue.push(catalogue, versions);
        }
        Ok(())
    }

    /// As `refresh`, within a transaction that publishes nothing itself: what is written keeps to the catalogue as it
    /// stands, whoever published it a moment ago.
    pub(crate) fn catch_up(&self, tx: &mut Tx<'_>) -> Result<()> {
        let versions = store::count_versions(tx)?;
        if versions != self.0.catalogue.versions() {
            let catalogue = Catalogue::build(store::list_resources(tx)?).map_err(platform::Error::Internal)?;
            self.0.catalogue.push(catalogue, versions);
        }
        Ok(())
    }

    /// Keeps up with other processes until the stop signal: a publication is in force everywhere within a second. For a
    /// program that serves.
    pub async fn follow(&self, stop: watch::Receiver<bool>) {
        jobs::follow(self, stop).await;
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        self.0.catalogue.last()
    }

    /// Which record proves what an item requires.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.0.evidence
    }

    pub(crate) fn calendar(&self) -> &WorkCalendar {
        &self.0.calendar
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

    /// Takes a record out of force; what it said stays with its older versions. `NotFound`: there is none.
    pub fn retire(&self, tx: &mut Tx<'_>, resource: &str, subject: &str) -> Result<Audited<()>> {
        actions::retire::retire(tx, self, resource, subject)
    }

    /// Inserts rows that were checked where they were made; for a store that is still empty.
    pub fn seed(&self, tx: &mut Tx<'_>, rows: &[SeedRow]) -> Result<Audited<u64>> {
        actions::seed(tx, self, rows)
    }

    /// Reads a provider's delivery in batches; memory stays bounded whatever its length.
    pub async fn import(&self, ctx: &Ctx, delivery: Delivery, from: impl BufRead + Send + 'static) -> Result<Report> {
        actions::import::import(self, ctx, delivery, Box::new(from)).await
    }

    /// Plans the daily look at who delivers in time; harmless when it is planned already. For a program that serves.
    pub async fn begin_watch(&self) -> Result<()> {
        jobs::begin(self).await
    }

    pub fn jobs(&self, handlers: &mut Handlers) {
        jobs::handlers(self, handlers);
    }

    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }
}
