//! The one door to facts about persons and enterprises: grants, connectors, and the trail that the subject can read.
//!
//! Tables: `exchange_grant` (who may ask for what), `exchange_request`, `exchange_grant_step` and
//! `exchange_grant_document` (how a grant came about), `exchange_trail` (every look), `exchange_question` (what a subject
//! asks about a look), `exchange_hidden` (looks that the law hides for a time).
//!
//! Invariants: no fact leaves without a grant that is valid at that moment (a subject needs none for what the provider
//! keeps about it), nor before the trail row and the audit entry
//! of the look are durable; the grants are read in the same transaction as the records; a subject sees every look,
//! and of those that the law hides how many they are until each appears by itself.
//!
//! Start at `actions::fetch`, then `connector` (where facts come from), `actions::request` and `actions::decide` (how a
//! grant comes about) and `pages`.
mod actions;
mod api;
pub mod connector;
mod jobs;
mod model;
mod pages;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

use codes::WorkCalendar;
use directory::Directory;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::i18n::Text;
use platform::jobs::Handlers;
use platform::policy::{Action, Grant, On};
use platform::routes::Routes;
use platform::{Ctx, Platform, Result};
use registry::{Names, Registry};

use connector::{Connector, RegisterConnector};

pub use actions::fetch::OWN_DATA;
pub use actions::request::Asking;
pub use actions::seed::{GrantSeed, LookSeed};
pub use api::usage::{Enquiry, MOST as MOST_USES, Part, Use, Uses};
pub use model::ask::{Ask, Fact, Facts, Noted, Subject, Want};
pub use model::document::{Flaw, GrantDocument, key_in as grant_key_in, verify as verify_grant};
pub use model::hiding::Hiding;
pub use model::look::basis_text;
pub use model::request::{Ground, Reason, Rules};
pub use model::terms::Terms;
pub use model::used::Used;
pub use registry::{FieldType, Proof, SubjectKind};
pub use store::trail::explain_uses;

/// What `app` joins.
pub struct Parts {
    pub platform: Platform,
    pub registry: Registry,
    /// Who the organisations are and who decides there.
    pub directory: Directory,
    /// Settings of grants.
    pub grants: Rules,
    /// Names of items by key, for the trail.
    pub items: Names,
    /// Keys and names of all items, for who chooses a purpose.
    pub listed: Arc<ListItems>,
    pub cases: Cases,
    /// Working days within which an office answers a question about a look.
    pub question_days: u32,
    pub calendar: Arc<WorkCalendar>,
    /// Resources that are not kept in our own register, each with what reaches them.
    pub connectors: HashMap<String, Arc<dyn Connector>>,
}

pub type ListItems = dyn Fn() -> Vec<(String, Text)> + Send + Sync;

/// The hall's cases, which people know by their numbers; grants and looks keep identifiers.
#[derive(Debug, Clone, Copy)]
pub struct Cases {
    /// Where the subject reads a case, by its identifier.
    pub href: fn(&str) -> String,
    /// The identifier by the number; None: there is no such case.
    pub id_of: fn(&mut Tx<'_>, &str) -> Result<Option<String>>,
    /// The number by the identifier.
    pub number_of: fn(&mut Tx<'_>, &str) -> Result<Option<String>>,
}

impl Parts {
    /// Looks taken by this moment are shown, whatever hid them.
    pub(crate) fn shown_from(&self, now: Timestamp) -> Timestamp {
        model::hiding::shown_from(now, self.platform.config().exchange.hidden_longest_days)
    }
}

struct Inner {
    parts: Parts,
    own: RegisterConnector,
}

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Exchange(Arc<Inner>);

impl Exchange {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, own: RegisterConnector }))
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.parts.platform
    }

    /// What the registers hold, without anything about anybody.
    #[must_use]
    pub fn catalogue(&self) -> &registry::Catalogue {
        self.registry().catalogue()
    }

    /// Which record proves a requirement, `<item>.<material or condition>`, for a kind of subject; None: no register can.
    #[must_use]
    pub fn proof_of(&self, requirement: &str, kind: SubjectKind) -> Option<&Proof> {
        self.registry().evidence().proof_of(requirement, kind)
    }

    #[must_use]
    pub(crate) fn registry(&self) -> &Registry {
        &self.0.parts.registry
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// What reaches a resource: its own connector, else the built-in register.
    pub(crate) fn connector(&self, resource: &str) -> &dyn Connector {
        self.0.parts.connectors.get(resource).map_or(&self.0.own as &dyn Connector, |connector| &**connector)
    }

    /// Asks for facts about one subject. `Denied`: who asks may not, or no grant covers it; nothing was disclosed.
    pub async fn fetch(&self, ctx: &Ctx, ask: Ask) -> Result<Facts> {
        actions::fetch::fetch(self, ctx, ask, None).await
    }

    /// As `fetch`, by a look that the subject may not see before a day, by law. The subject sees that there is one more
    /// such look; auditors see how many each office hides. Only purposes that the settings list, no longer than they allow.
    pub async fn fetch_hidden(&self, ctx: &Ctx, ask: Ask, hiding: Hiding) -> Result<Facts> {
        actions::fetch::fetch(self, ctx, ask, Some(hiding)).await
    }

    /// Writes that an office looks at what the program keeps about a subject. `grant` is the one that allowed the look.
    /// Log or deny: show the thing after this has returned `Ok`. Owners who see their own leave no line.
    pub async fn note_look(&self, ctx: &Ctx, grant: Grant, noted: Noted) -> Result<()> {
        actions::note::note(self, ctx, grant, noted).await
    }

    /// Who was given a field of a subject's record (a pseudonym, see `Registry::pseudonym`) since a moment: each office,
    /// official and case once, the first use first. The subject's own looks are no use by others.
    pub fn used_since(
        &self,
        tx: &mut Tx<'_>,
        pseudonym: &str,
        (resource, field): (&str, &str),
        since: Timestamp,
    ) -> Result<Vec<Used>> {
        let floor = self.parts().shown_from(tx.now());
        store::used::list_used(tx, pseudonym, (resource, field), (since, floor)).map(model::used::each_once)
    }

    /// Those of a resource's fields that grants give a consumer for a purpose at this moment, outside any item and case:
    /// for facts that leave by another way than `fetch`, whose looks the caller writes.
    pub fn granted(
        &self,
        tx: &mut Tx<'_>,
        whom: (&str, &str),
        (resource, fields): (&str, &[&str]),
    ) -> Result<Vec<String>> {
        match self.catalogue().get(resource) {
            Some(resource) => actions::covered::covered(tx, whom, (resource, fields)),
            None => Ok(Vec::new()),
        }
    }

    /// Records grants that providers have given outside; one that stands already is left as it is. How many were new.
    pub fn seed_grants(&self, tx: &mut Tx<'_>, grants: &[GrantSeed]) -> Result<Audited<u64>> {
        actions::seed::grants(tx, self, grants)
    }

    /// Records looks of the past.
    pub fn seed_trail(&self, tx: &mut Tx<'_>, looks: &[LookSeed]) -> Result<Audited<u64>> {
        actions::seed::trail(tx, self, looks)
    }

    /// As an official, asks for data on behalf of an office. The request's identifier; it is answered already when the
    /// catalogue decides.
    pub async fn request(&self, ctx: &Ctx, asking: Asking) -> Result<String> {
        let grant = ctx.allow(Action::GrantAsk, &On::at(&[&asking.consumer]))?;
        let acting = actions::record::Acting { exchange: self.clone(), ctx: ctx.clone() };
        ctx.db().write(grant, move |tx| actions::request::ask(tx, &acting, &asking)).await
    }

    /// As a decider of the provider, grants a request on terms that are no wider than asked.
    pub async fn grant(&self, ctx: &Ctx, request: &str, terms: Terms) -> Result<()> {
        let (found, readers) = pages::readers::request(self, ctx, request).await?;
        let grant = ctx.allow(Action::GrantDecide, &On::at(&[&found.provider]))?;
        let acting = actions::record::Acting { exchange: self.clone(), ctx: ctx.clone() };
        let giving = (terms, String::new());
        ctx.db().write(grant, move |tx| actions::decide::grant(tx, &acting, &readers, &found.id, giving)).await
    }

    /// Registers what the days of requests and grants bring.
    pub fn jobs(&self, handlers: &mut Handlers) {
        jobs::register(self, handlers);
    }

    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }
}
