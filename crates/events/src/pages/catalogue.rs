//! The types of events, for everybody: what is published, by whom, on which law, with which data.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::{Ctx, Result};
use registry::Sensitivity;

use super::{office, offices};
use crate::Events;
use crate::model::kind::{DataField, EventType, SubjectForm};
use crate::store::types::list_types;

struct KindView {
    key: String,
    name: String,
    publisher: String,
    basis: String,
    subject: &'static str,
    time: String,
    fields: Vec<(String, &'static str)>,
    /// Which register makes it; empty: somebody publishes it.
    made: String,
    ask: String,
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    s: Shell,
    kinds: Vec<KindView>,
    is_desk: bool,
    public_key: String,
}

pub async fn list(State(events): State<Events>, ctx: Ctx) -> Result<Response> {
    let grant = ctx.allow(Action::EventRead, &On::PUBLIC)?;
    let kinds = ctx.db().read(grant, list_types).await?;
    let may_ask = !offices(&ctx, Action::EventAsk).is_empty();
    let is_desk = ctx.allow(Action::EventDesk, &On::at(&ctx.actor.offices())).is_ok();
    let kinds = kinds.iter().map(|kind| view(&events, &ctx, kind, may_ask)).collect();
    let public_key = crate::model::signature::public_text(events.platform().keys());
    page::html(&EventsPage { s: Shell::new(&ctx), kinds, is_desk, public_key })
}

fn view(events: &Events, ctx: &Ctx, kind: &EventType, may_ask: bool) -> KindView {
    let field = |field: &DataField| (ctx.text(&field.name).to_owned(), sensitivity(field.sensitivity));
    KindView {
        key: kind.key.clone(),
        name: ctx.text(&kind.name).to_owned(),
        publisher: office(events, ctx, &kind.publisher),
        basis: ctx.text(&kind.basis).to_owned(),
        subject: match (kind.about, kind.subject) {
            (crate::About::Nothing, _) => "events-subject-nobody",
            (_, SubjectForm::Pseudonym) => "events-subject-pseudonym",
            (_, SubjectForm::Number) => "events-subject-number",
            (_, SubjectForm::Both) => "events-subject-both",
        },
        time: ctx.tf("events-hours", &[("hours", &kind.ttl_hours.to_string())]),
        fields: kind.data.iter().map(field).collect(),
        made: made(events, ctx, kind),
        ask: if may_ask {
            format!("/events/subscriptions/new?type={}", page::encode(&kind.key))
        } else {
            String::new()
        },
    }
}

fn made(events: &Events, ctx: &Ctx, kind: &EventType) -> String {
    let register = kind.resource.as_deref().filter(|_| kind.when.is_some());
    let register = register.and_then(|key| events.registry().catalogue().get(key));
    register.map_or_else(String::new, |entry| ctx.tf("events-made", &[("register", ctx.text(&entry.name))]))
}

fn sensitivity(of: Sensitivity) -> &'static str {
    match of {
        Sensitivity::Public => "events-sensitivity-public",
        Sensitivity::Internal => "events-sensitivity-internal",
        Sensitivity::Personal => "events-sensitivity-personal",
        Sensitivity::Sensitive => "events-sensitivity-sensitive",
    }
}
