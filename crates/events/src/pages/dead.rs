//! Dead letters: what did not arrive in its time, and sending it again.
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, parse_urlencoded};
use platform::{Ctx, Error, Result, ids};

use super::{office, readers};
use crate::Events;
use crate::actions::dead;
use crate::model::subscription::Delivery;
use crate::store::deliveries::list_dead;

const ON_A_PAGE: usize = 50;

struct Letter {
    id: String,
    event: String,
    kind: String,
    subscription: String,
    consumer: String,
    published: String,
    ended: String,
    attempts: i64,
    error: String,
}

#[derive(Template)]
#[template(path = "dead.html")]
struct DeadPage {
    s: Shell,
    letters: Vec<Letter>,
    may_send: bool,
    more: String,
}

pub async fn list(State(events): State<Events>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let query = parse_urlencoded(&query.unwrap_or_default());
    let before = query.into_iter().find(|(name, _)| name == "before").map(|(_, value)| value).unwrap_or_default();
    let (readers, grant) = readers(&ctx, Action::EventDesk)?;
    let read = move |tx: &mut Tx<'_>| list_dead(tx, &readers, &before, ON_A_PAGE as u32 + 1);
    let mut found = ctx.db().read(grant, read).await?;
    let is_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let more = found.last().filter(|_| is_more).map(|last| format!("/events/dead?before={}", last.id));
    let s = Shell::new(&ctx);
    let letter = |one: &Delivery| Letter {
        id: one.id.clone(),
        event: one.event.clone(),
        kind: one.kind.clone(),
        subscription: format!("/events/subscriptions/{}", one.subscription),
        consumer: office(&events, &ctx, &one.consumer),
        published: s.moment(&one.queued_at),
        ended: s.moment(&one.expires_at),
        attempts: one.attempts,
        error: one.error.clone(),
    };
    let letters = found.iter().map(letter).collect();
    let may_send = ctx.allow(Action::EventResend, &On::at(&ctx.actor.offices())).is_ok();
    page::html(&DeadPage { letters, may_send, more: more.unwrap_or_default(), s })
}

pub async fn again(State(events): State<Events>, ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    if !ids::has_shape("edl", &id) {
        return Err(Error::NotFound);
    }
    let (readers, grant) = readers(&ctx, Action::EventResend)?;
    ctx.db().write(grant, move |tx| dead::again(tx, &readers, &id)).await?;
    events.platform().wake_jobs();
    page::see_other("/events/dead")
}
