//! Dead letters: what did not arrive in its time, and sending it again.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, Result, ids};

use super::{kind_names, office, readers};
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

pub async fn list(State(events): State<Events>, ctx: Ctx, query: Query) -> Result<Response> {
    let before = query.get("before").to_owned();
    let (readers, grant) = readers(&ctx, Action::EventDesk)?;
    let read = move |tx: &mut Tx<'_>| Ok((list_dead(tx, &readers, &before, ON_A_PAGE as u32 + 1)?, kind_names(tx)?));
    let (mut found, names) = ctx.db().read(grant, read).await?;
    let more = page::cut(&mut found, ON_A_PAGE).map(|last| format!("/events/dead?before={}", last.id));
    let s = Shell::new(&ctx);
    let letter = |one: &Delivery| Letter {
        id: one.id.clone(),
        event: one.event.clone(),
        kind: names.of(&ctx, &one.kind),
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
