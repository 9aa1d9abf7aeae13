//! Programs: `POST /api/events` publishes, `GET /api/events` pulls; each with a token of its own in `Authorization`.
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::policy::{Action, Actor, Grant, On};
use platform::posted::parse_urlencoded;
use platform::{Ctx, Error, Result, once};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::Events;
use crate::actions::pull::{self, Pulled};
use crate::actions::subscribe::digest;
use crate::model::event::NewEvent;
use crate::model::subscription::{State as Standing, Way};
use crate::store::subscriptions::find_by_token;
use crate::store::types::{find_publisher, find_type};

/// An event is news, not a file.
const LARGEST: usize = 64 << 10;
const MOST: u32 = 500;

/// A value as the body of an answer.
pub fn json_body(value: &impl serde::Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}

/// The digest of the token that came along. `Denied` when there is none.
fn token(headers: &HeaderMap) -> Result<String> {
    let line = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = line.strip_prefix("Bearer ").map(str::trim).filter(|token| token.len() < 200);
    token.map(digest).ok_or(Error::Denied("events-denied-token"))
}

/// A program that acts for an office.
fn acting(events: &Events, ctx: &Ctx, name: &str) -> Result<(Ctx, Grant)> {
    let mut own = Ctx::new(events.platform(), Actor::system(name));
    own.look = ctx.look;
    own.request_id = ctx.request_id.clone();
    let grant = own.allow(Action::EventKeep, &On::PUBLIC)?;
    Ok((own, grant))
}

async fn body(body: Body) -> Result<Map<String, Value>> {
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Error::TooLarge { limit: LARGEST as u64 })?;
    let wrong = || Error::field("body", "events-error-body");
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(wrong()),
    }
}

/// RFC 3339; None where nothing was said.
pub fn moment(value: Option<&Value>) -> Result<Option<Timestamp>> {
    let wrong = || Error::field("time", "events-error-time");
    let Some(value) = value else { return Ok(None) };
    let read = OffsetDateTime::parse(value.as_str().ok_or_else(wrong)?, &Rfc3339).map_err(|_| wrong())?;
    let micros = i64::try_from(read.unix_timestamp_nanos() / 1000).map_err(|_| wrong())?;
    Ok(Some(Timestamp(micros)))
}

/// Takes `{type, subject, time, data}`; with a header `Idempotency-Key` a repeat hears the first one's identifier.
pub async fn publish(State(events): State<Events>, ctx: Ctx, headers: HeaderMap, sent: Body) -> Result<Response> {
    let digest = token(&headers)?;
    let (_, grant) = acting(&events, &ctx, "events.api")?;
    let found = ctx.db().read(grant, move |tx| find_publisher(tx, &digest)).await?;
    let office = found.ok_or(Error::Denied("events-denied-token"))?;
    let object = body(sent).await?;
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let data = object.get("data").and_then(Value::as_object).cloned();
    let new = NewEvent {
        kind: text("type"),
        subject: text("subject"),
        data: data.ok_or_else(|| Error::field("data", "events-error-body"))?,
        at: moment(object.get("time"))?.unwrap_or(ctx.now()),
    };
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if !key.is_empty() && !once::LENGTHS.contains(&key.len()) {
        return Err(Error::field("Idempotency-Key", "events-error-key"));
    }
    let (_, grant) = acting(&events, &ctx, &format!("publisher:{office}"))?;
    let one = || async {
        let (events, new, office, key) = (events.clone(), new.clone(), office.clone(), key.clone());
        ctx.db().write(grant.clone(), move |tx| write(tx, &events, &new, (&office, &key))).await
    };
    let id = once::settle(one).await?;
    events.platform().wake_jobs();
    Ok((StatusCode::CREATED, json_body(&json!({ "id": id }))).into_response())
}

fn write(
    tx: &mut Tx<'_>,
    events: &Events,
    new: &NewEvent,
    (office, key): (&str, &str),
) -> Result<platform::db::Audited<String>> {
    let entry = platform::audit::Entry { event: "event.received", object: office, ..Default::default() };
    let owner = format!("events:{office}");
    if !key.is_empty()
        && let Some(before) = once::begin(tx, &owner, key)?
    {
        return tx.audited(entry, before);
    }
    let kind = find_type(tx, &new.kind)?.ok_or_else(|| Error::field("type", "events-error-type"))?;
    if kind.publisher != office {
        return Err(Error::Denied("events-denied-publisher"));
    }
    let id = platform::ids::Id::as_str(&crate::actions::publish::publish(tx, events.platform(), new)?).to_owned();
    if !key.is_empty() {
        once::done(tx, &owner, key, &id)?;
    }
    tx.audited(entry, id)
}

/// `?after=CURSOR&limit=`: what came after, and the next cursor. Asking with a cursor confirms what stands before it.
pub async fn take(
    State(events): State<Events>,
    ctx: Ctx,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let digest = token(&headers)?;
    let (_, grant) = acting(&events, &ctx, "events.api")?;
    let found = ctx.db().read(grant, move |tx| find_by_token(tx, &digest)).await?;
    let open = found.filter(|one| one.way == Way::Pull && one.state == Standing::Active);
    let subscription = open.ok_or(Error::Denied("events-denied-token"))?;
    let (cursor, limit) = window(&query.unwrap_or_default())?;
    let (own, _) = acting(&events, &ctx, &format!("subscriber:{}", subscription.consumer))?;
    let Pulled { given, more } = pull::after(&events, &own, &subscription, (cursor, limit)).await?;
    let next = given.last().map_or(cursor, |last| last.position);
    let read = |text: &str| serde_json::from_str::<Value>(text).map_err(Error::from);
    let list = given.iter().map(|one| read(&one.body)).collect::<Result<Vec<_>>>()?;
    Ok(json_body(&json!({ "events": list, "next": next.to_string(), "more": more })))
}

fn window(query: &str) -> Result<(i64, u32)> {
    let query = parse_urlencoded(query);
    let value = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let number = |name: &str, default: i64| match value(name) {
        "" => Ok(default),
        text => text.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(|| Error::field(name, "events-error-number")),
    };
    let limit = number("limit", 100)?.clamp(1, i64::from(MOST));
    Ok((number("after", 0)?, u32::try_from(limit).unwrap_or(MOST)))
}
