//! Pages: the catalogue of types for everybody, subscriptions and dead letters for the two offices.
mod catalogue;
mod dead;
mod form;
mod subscribe;
mod subscription;

use platform::db::Tx;
use platform::i18n::Text;
use platform::policy::{Action, Grant, On, Role};
use platform::routes::Routes;
use platform::{Ctx, Result};

use crate::store::subscriptions::Readers;
use crate::store::types::list_types;
use crate::{Events, api};

/// A page that stands right below the front page.
pub(crate) const NO_LINKS: [(&str, &str); 0] = [];

pub fn routes(events: &Events) -> Routes {
    Routes::default()
        .get("/events", Action::EventRead, catalogue::list)
        .get("/events/subscriptions", Action::EventDesk, subscription::list)
        .get("/events/subscriptions/new", Action::EventAsk, subscribe::new)
        .post("/events/subscriptions/new", Action::EventAsk, subscribe::send)
        .get("/events/subscriptions/{id}", Action::EventDesk, subscription::one)
        .post("/events/subscriptions/{id}/approve", Action::EventDecide, subscription::approve)
        .post("/events/subscriptions/{id}/refuse", Action::EventDecide, subscription::refuse)
        .post("/events/subscriptions/{id}/end", Action::EventAsk, subscription::end)
        .post("/events/subscriptions/{id}/key", Action::EventAsk, subscription::key)
        .post("/events/publishing-key", Action::EventDecide, subscription::publishing_key)
        .get("/events/dead", Action::EventDesk, dead::list)
        .post("/events/dead/{id}/again", Action::EventResend, dead::again)
        .get("/api/events", Action::EventCall, api::take)
        .post("/api/events", Action::EventCall, api::publish)
        .with_state(events.clone())
}

/// Offices in which the official may do this.
fn offices(ctx: &Ctx, action: Action) -> Vec<String> {
    let may = |office: &&str| ctx.allow(action, &On::at(&[office])).is_ok();
    ctx.actor.offices().into_iter().filter(may).map(str::to_owned).collect()
}

/// Whose subscriptions are read: the own offices', an administrator's all.
fn readers(ctx: &Ctx, action: Action) -> Result<(Readers, Grant)> {
    let all = ctx.actor.offices();
    let grant = ctx.allow(action, &On::at(&all))?;
    if ctx.actor.roles().contains(&Role::Administrator) {
        return Ok((Readers::Everybody, grant));
    }
    Ok((Readers::Offices(offices(ctx, action)), grant))
}

/// An office in the reader's words; a system of GovStack by its identifier.
fn office(events: &Events, ctx: &Ctx, key: &str) -> String {
    ctx.text(&events.registry().organisations().name(key)).to_owned()
}

/// What the types of events are called.
struct KindNames(Vec<(String, Text)>);

impl KindNames {
    /// The key itself when no type has it any more.
    fn of(&self, ctx: &Ctx, key: &str) -> String {
        let known = self.0.iter().find(|(kind, _)| kind == key);
        known.map_or(key, |(_, name)| ctx.text(name)).to_owned()
    }
}

fn kind_names(tx: &mut Tx<'_>) -> Result<KindNames> {
    Ok(KindNames(list_types(tx)?.into_iter().map(|kind| (kind.key, kind.name)).collect()))
}
