//! The hall: items and their guides, drafts and forms, cases from submission to their end, the officers' desk.
//!
//! Tables: `services_*`. Invariants: a case keeps the item version that it began with; a form's fixed values come from
//! the registers through `exchange`, never from a posted page; a decision stands in one transaction with its event,
//! audit entry, notice and certificate.
//!
//! Start at `model` (states and moves), then `actions` (verbs), `pages` (what people see), `form` and `item` (documents).
mod actions;
mod asking;
mod catalogue;
mod deciding;
mod evidence;
pub mod form;
mod issuing;
pub mod item;
mod model;
mod numbers;
mod pages;
pub mod search;
mod seed;
mod sources;
mod store;
mod table;

use std::sync::{Arc, RwLock, Weak};

use certificates::Certificates;
use codes::WorkCalendar;
use directory::{Directory, Organisations};
use exchange::Exchange;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::jobs::Handlers;
use platform::policy::{Action, On};
use platform::routes::Routes;
use platform::{Ctx, Platform};

pub use catalogue::{Items, LoadedItem};
pub use issuing::Granted;
use item::{Item, Limit, OrgPattern};
pub use model::ClockKind;
pub use model::{Case, CaseId, CaseState, Deadlines, DraftId, EventKind, TaskKind};
pub use seed::{PastCase, PastClock, PastEvent, PastSupplement, PastTask, insert_past};
pub use store::cases::{case_of_number, number_of_case};

struct Inner {
    platform: Platform,
    directory: Directory,
    exchange: Exchange,
    certificates: Certificates,
    calendar: WorkCalendar,
    items: RwLock<Arc<Items>>,
    numbers: numbers::Numbers,
}

/// The crate's door. Cheap to clone.
#[derive(Clone)]
pub struct Hall(Arc<Inner>);

impl Hall {
    /// With the items that the database holds.
    pub async fn open(
        platform: &Platform,
        directory: &Directory,
        exchange: &Exchange,
        certificates: &Certificates,
    ) -> Result<Self> {
        let hall = Self(Arc::new(Inner {
            platform: platform.clone(),
            directory: directory.clone(),
            exchange: exchange.clone(),
            certificates: certificates.clone(),
            calendar: WorkCalendar::embedded(),
            items: RwLock::default(),
            numbers: numbers::Numbers::default(),
        }));
        hall.reload().await?;
        Ok(hall)
    }

    /// Reads the items again, after documents were loaded.
    pub async fn reload(&self) -> Result<()> {
        let ctx = Ctx::system(self.platform(), "services.items");
        let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
        let since = platform::clock::iso_date(
            ctx.today().saturating_sub(time::Duration::days(i64::from(self.platform().config().hall.demand_days))),
        );
        let read = move |tx: &mut Tx<'_>| Ok((store::items::list_items(tx)?, store::items::list_demand(tx, &since)?));
        let (rows, demand) = ctx.db().read(grant, read).await?;
        let organisations = self.organisations();
        let uscc_of = |key: &str| organisations.find(key).map(|org| org.uscc.clone());
        let proven = |item: &Item| evidence::proven(self.exchange(), item, ctx.today());
        let items = Items::load(rows, &demand, uscc_of, proven)?;
        *self.0.items.write().map_err(Error::internal)? = Arc::new(items);
        Ok(())
    }

    #[must_use]
    pub fn downgrade(&self) -> WeakHall {
        WeakHall(Arc::downgrade(&self.0))
    }

    /// The name of an item, for pages of other crates.
    #[must_use]
    pub fn item_name(&self, key: &str) -> Option<platform::i18n::Text> {
        self.items().find(key).map(|loaded| loaded.item.shown_name().clone())
    }

    /// Keys and names of the items that are offered now.
    #[must_use]
    pub fn item_names(&self) -> Vec<(String, platform::i18n::Text)> {
        let items = self.items();
        items.current().iter().map(|loaded| (loaded.item.key.clone(), loaded.item.shown_name().clone())).collect()
    }

    /// Publishes documents: (file name, YAML). A version that stands may only be given again unchanged.
    pub fn publish(tx: &mut Tx<'_>, documents: &[(String, String)]) -> Result<platform::db::Audited<usize>> {
        seed::publish(tx, documents)
    }

    /// Numbers that were given outside: (implementation code, day YYYY-MM-DD, how many).
    pub fn numbers_taken(tx: &mut Tx<'_>, taken: &[(String, String, i64)]) -> Result<platform::db::Audited<()>> {
        store::items::insert_numbers(tx, taken)?;
        tx.audited(platform::audit::Entry { event: "numbers.taken", ..platform::audit::Entry::default() }, ())
    }

    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }

    /// What this crate's jobs do.
    pub fn jobs(&self, handlers: &mut Handlers) {
        deciding::jobs(self, handlers);
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    #[must_use]
    pub fn items(&self) -> Arc<Items> {
        self.0.items.read().map(|items| Arc::clone(&items)).unwrap_or_default()
    }

    #[must_use]
    pub fn organisations(&self) -> Arc<Organisations> {
        self.0.directory.organisations()
    }

    fn directory(&self) -> &Directory {
        &self.0.directory
    }

    fn exchange(&self) -> &Exchange {
        &self.0.exchange
    }

    fn certificates(&self) -> &Certificates {
        &self.0.certificates
    }

    #[must_use]
    pub fn deadlines(&self) -> Deadlines<'_> {
        Deadlines { calendar: &self.0.calendar, zone: self.platform().config().site.zone() }
    }

    fn acceptance_limit(&self) -> Limit {
        Limit::working_days(self.platform().config().hall.acceptance_days)
    }

    /// The document that a case began with.
    fn frozen(&self, case: &Case) -> Result<Arc<LoadedItem>> {
        self.items().frozen(&case.item_key, case.item_version)
    }

    /// The office that a pattern of the document means for a case: the county's branch, or the city's office where the
    /// county has none.
    fn office_for(&self, pattern: &OrgPattern, case: &Case) -> Result<String> {
        sources::office(self, pattern, (&case.answers, &sources::read_facts(self, &case.facts)?))
    }

    /// Answers with what the registers fill in, as a case keeps them.
    pub fn laid(&self, loaded: &Arc<LoadedItem>, answers: form::Answers, facts: &str) -> Result<form::Answers> {
        Ok(table::Table::lay(self, Arc::clone(loaded), answers, facts)?.answers)
    }

    /// The offices that an application would lie with.
    pub fn offices(&self, item: &Item, answers: &form::Answers, facts: &str) -> Result<Offices> {
        let facts = sources::read_facts(self, facts)?;
        let office = |pattern: &OrgPattern| sources::office(self, pattern, (answers, &facts));
        let review = |review: &item::Review| Ok((review.key.clone(), office(&review.org)?));
        Ok(Offices {
            accepting: office(&item.handling.accepting)?,
            reviews: item.handling.reviews.iter().map(review).collect::<Result<_>>()?,
            deciding: office(&item.handling.deciding.org)?,
        })
    }

    /// What the certificate of a granted case says; None for items that give none.
    pub fn certificate(&self, granted: &Granted<'_>) -> Result<Option<certificates::Issue>> {
        issuing::issue(self, granted)
    }

    /// Submits a checked draft in process; the pages do the same. For the benchmark.
    pub async fn submit(&self, ctx: &Ctx, draft: &DraftId) -> Result<CaseId> {
        deciding::submit(self, ctx, draft).await
    }

    /// Begins a draft with what the registers know; the pages do the same.
    pub async fn begin(&self, ctx: &Ctx, item: &str, once: &str) -> Result<DraftId> {
        deciding::begin(self, ctx, item, once).await
    }

    /// Where officials of an office find a case again: their task in it, else the certificate that it ended with.
    /// None: the office has no page of it.
    pub fn desk_href(tx: &mut Tx<'_>, office: &str, case: &str) -> Result<Option<String>> {
        let case = CaseId::from_text(case.to_owned());
        if let Some(task) = store::tasks::find_last(tx, office, &case)? {
            return Ok(Some(format!("/inbox/tasks/{}", task.as_str())));
        }
        let certificate = store::cases::find_certificate(tx, office, &case)?;
        Ok(certificate.map(|id| format!("/desk/certificates/{id}")))
    }

    /// How many papers registers spared applicants since a moment, by item.
    pub async fn papers_waived(&self, ctx: &Ctx, since: platform::clock::Timestamp) -> Result<Vec<(String, i64)>> {
        let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
        ctx.db().read(grant, move |tx| store::cases::count_papers_waived(tx, since)).await
    }

    fn current(&self, key: &str) -> Result<Arc<LoadedItem>> {
        self.items().find(key).cloned().ok_or(Error::NotFound)
    }
}

/// The hall as something below it may hold it: without keeping it, and its database, open.
#[derive(Clone)]
pub struct WeakHall(Weak<Inner>);

impl WeakHall {
    /// The name of an item; None when there is none, or the hall is gone.
    #[must_use]
    pub fn item_name(&self, key: &str) -> Option<platform::i18n::Text> {
        Hall(self.0.upgrade()?).item_name(key)
    }

    /// See `Hall::item_names`; empty when the hall is gone.
    #[must_use]
    pub fn item_names(&self) -> Vec<(String, platform::i18n::Text)> {
        self.0.upgrade().map(|inner| Hall(inner).item_names()).unwrap_or_default()
    }
}

/// Keys of the offices of one application; reviews by their key.
pub struct Offices {
    pub accepting: String,
    pub reviews: Vec<(String, String)>,
    pub deciding: String,
}

/// For tests and tools: whether an item's document can be used here.
#[must_use]
pub fn is_item(document: &str) -> bool {
    Item::parse(document).is_ok()
}
