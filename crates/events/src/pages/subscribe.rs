//! The form with which an office asks for events.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::{Choice, Form};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, once};

use super::form::written;
use super::{office, offices};
use crate::Events;
use crate::actions::subscribe::{Asking, ask};
use crate::model::address::Target;
use crate::model::kind::EventType;
use crate::model::subscription::{State as Standing, Way};
use crate::store::types::list_types;

#[derive(Template)]
#[template(path = "subscribe.html")]
struct SubscribePage {
    s: Shell,
    form: Form,
    kinds: Vec<Choice>,
    offices: Vec<Choice>,
    ways: Vec<Choice>,
}

async fn kinds(ctx: &Ctx) -> Result<Vec<EventType>> {
    ctx.db().read(ctx.allow(Action::EventRead, &On::PUBLIC)?, list_types).await
}

async fn show(events: &Events, ctx: &Ctx, form: Form) -> Result<SubscribePage> {
    let kind = |kind: &EventType| Choice { value: kind.key.clone(), label: ctx.text(&kind.name).to_owned() };
    let own = |key: String| Choice { label: office(events, ctx, &key), value: key };
    let way = |way: Way| Choice {
        value: way.name().to_owned(),
        label: ctx.t(&format!("events-way-{}", way.name())).to_owned(), // keys: events-way-*
    };
    Ok(SubscribePage {
        kinds: kinds(ctx).await?.iter().map(kind).collect(),
        offices: offices(ctx, Action::EventAsk).into_iter().map(own).collect(),
        ways: [Way::Pull, Way::Push].map(way).into(),
        form,
        s: Shell::new(ctx),
    })
}

pub async fn new(State(events): State<Events>, ctx: Ctx, query: Query) -> Result<Response> {
    let mut form = Form::default();
    form.put("type", query.get("type"));
    if let [only] = offices(&ctx, Action::EventAsk).as_slice() {
        form.put("office", only);
    }
    form.put("way", Way::Pull.name());
    page::html(&show(&events, &ctx, form).await?)
}

fn read(events: &Events, ctx: &Ctx, posted: &Posted, known: &[EventType]) -> Result<Asking, Vec<FieldError>> {
    let mut errors = Vec::new();
    let kind = posted.get("type").to_owned();
    if !known.iter().any(|one| one.key == kind) {
        errors.push(FieldError::new("type", "events-error-type"));
    }
    let consumer = posted.get("office").to_owned();
    if !offices(ctx, Action::EventAsk).contains(&consumer) {
        errors.push(FieldError::new("office", "events-error-choose"));
    }
    let mut words = |field: &str| written(posted, field).map_err(|error| errors.push(error)).unwrap_or_default();
    let (purpose, basis) = (words("purpose"), words("basis"));
    let way = Way::from_name(posted.get("way"));
    if way.is_none() {
        errors.push(FieldError::new("way", "events-error-choose"));
    }
    let way = way.unwrap_or(Way::Pull);
    let address = if way == Way::Push { posted.get("address").trim().to_owned() } else { String::new() };
    if way == Way::Push
        && let Err(key) = Target::read(&address, &events.platform().config().events)
    {
        errors.push(FieldError::new("address", key));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let once = posted.get("once").to_owned();
    Ok(Asking { kind, consumer, purpose, basis, way, address, state: Standing::Asked, once })
}

pub async fn send(State(events): State<Events>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let asking = match read(&events, &ctx, &posted, &kinds(&ctx).await?) {
        Ok(asking) => asking,
        Err(errors) => {
            let form = Form::sent(&posted, &Shell::new(&ctx), &errors);
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &show(&events, &ctx, form).await?);
        }
    };
    if asking.once.is_empty() {
        return Err(Error::Conflict("error-conflict-once"));
    }
    let grant = ctx.allow(Action::EventAsk, &On::at(&[&asking.consumer]))?;
    let write = || {
        let (events, own, asking) = (events.clone(), ctx.clone(), asking.clone());
        ctx.db().write(grant.clone(), move |tx| ask(tx, &events, &own, &asking))
    };
    let id = once::settle(write).await?;
    page::see_other(&format!("/events/subscriptions/{id}"))
}
