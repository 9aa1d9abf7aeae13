//! Events between departments: what happened in one office, told to those who may know it, in order and at least once.
//!
//! Tables: `events_type`, `events_event` and `events_stream` (the outbox), `events_subscription`, `events_delivery`,
//! `events_publisher`.
//!
//! Invariants: an event is written in the transaction that makes it true, a register's too; values of a register go
//! only where a grant gives them; of one subject no event overtakes an earlier
//! one; nothing about somebody leaves before its line for the trail is durable; push reaches the hosts of the settings
//! alone; a token is shown once and kept as a digest.
//!
//! Start at `actions::publish`, then `actions::deliver` (push) and `actions::pull`.
mod actions;
mod api;
mod govstack;
mod jobs;
mod looks;
mod model;
mod pages;
mod push;
mod store;

use std::sync::Arc;

use axum::Router;
use platform::db::{Audited, Tx};
use platform::jobs::Handlers;
use platform::routes::Routes;
use platform::{Platform, Result};
use registry::{Changed, Registry, Resource};

pub use govstack::Room;
pub use looks::{Delivered, Looks, Reader, Unnoted};
pub use model::event::{EventId, NewEvent};
pub use model::kind::{About, DataField, EventType, SubjectForm};
pub use model::rule::When;

/// What `app` joins.
pub struct Parts {
    pub platform: Platform,
    /// Names organisations.
    pub registry: Registry,
    /// Where deliveries about somebody leave their line.
    pub looks: Arc<dyn Looks>,
}

struct Inner {
    parts: Parts,
    pusher: push::Pusher,
}

/// The crate's door. Cheap to clone.
#[derive(Clone)]
pub struct Events(Arc<Inner>);

impl Events {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let settings = parts.platform.config().events.clone();
        let pusher = push::Pusher::new(settings, parts.platform.config().data.dir.clone());
        Self(Arc::new(Inner { parts, pusher }))
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.parts.platform
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.parts.registry
    }

    pub(crate) fn looks(&self) -> &dyn Looks {
        &*self.0.parts.looks
    }

    pub(crate) fn pusher(&self) -> &push::Pusher {
        &self.0.pusher
    }

    /// Registers what delivers, ends and sweeps.
    pub fn jobs(&self, handlers: &mut Handlers) {
        jobs::register(self, handlers);
    }

    #[must_use]
    pub fn routes(&self) -> Routes {
        pages::routes(self)
    }

    /// GovStack's pub/sub interface at its own paths (`/r1/…`), for a listener of its own that only the gateway reaches:
    /// whoever calls is named by the header `X-GovStack-Client`, which the gateway has checked.
    pub fn govstack_router(&self) -> Router {
        govstack::router(self)
    }
}

/// Publishes in the caller's transaction: the event exists if and only if what it tells of does.
/// `Invalid`: there is no such type, or it does not name this data.
pub fn publish(tx: &mut Tx<'_>, platform: &Platform, new: &NewEvent) -> Result<EventId> {
    actions::publish::publish(tx, platform, new)
}

/// As `publish` for producers that always run: None and nothing written where nobody has subscribed.
pub fn publish_if_wanted(tx: &mut Tx<'_>, platform: &Platform, new: &NewEvent) -> Result<Option<EventId>> {
    actions::publish::publish_if_wanted(tx, platform, new)
}

/// The events of records that changed in one register, in the transaction of the change: the types say which
/// (`EventType::when`).
pub fn of_register(
    tx: &mut Tx<'_>,
    platform: &Platform,
    (resource, changed): (&Resource, &[Changed<'_>]),
) -> Result<()> {
    actions::derive::derive(tx, platform, (resource, changed))
}

/// Stores the types of a pack over what stood there.
pub fn publish_types(tx: &mut Tx<'_>, types: &[EventType]) -> Result<Audited<usize>> {
    actions::publish::types(tx, types)
}
