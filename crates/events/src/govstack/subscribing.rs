//! Subscriptions of the calling system, and the pull of what it has not confirmed.
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use platform::db::Tx;
use platform::i18n::packed;
use platform::{Error, Result};
use serde_json::{Map, Value, json};

use super::{Call, answer, given, uuid};
use crate::Events;
use crate::actions::subscribe::{Asking, ask, end};
use crate::actions::{pull as pulling, subscribe};
use crate::api::json_body;
use crate::model::kind::EventType;
use crate::model::subscription::{State as Standing, Subscription, Way};
use crate::store::subscriptions::{find_open, list_of_consumer, update_way};
use crate::store::types::{find_in_room, find_type};

/// An event as GovStack writes it. `body`: its CloudEvents form.
pub fn item(call: &Call, id: &str, seq: i64, body: &Value) -> Value {
    json!({
        "id": uuid::of(id),
        "sequence": seq,
        "publisherId": call.place(),
        "eventType": call.part("name"),
        "event": body["data"],
    })
}

/// A subscription with its type, whose time it has; the order of a subject is always kept.
fn shown((one, kind): &(Subscription, EventType), name: &str) -> Value {
    let parts: Vec<&str> = one.consumer.split('/').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    json!({
        "id": uuid::of(&one.id),
        "subscriberId": {
            "instanceId": part(0), "memberClass": part(1), "memberCode": part(2), "applicationCode": part(3),
        },
        "eventType": name,
        "delivery": one.way.name().to_ascii_uppercase(),
        "options": { "TTL": u64::from(kind.ttl_hours) * 3600, "FIFO": true },
    })
}

/// The caller's subscription to the type of the path.
async fn own(call: &Call) -> Result<(Subscription, EventType)> {
    let (room, name, client) = (call.room.clone(), call.part("name").to_owned(), call.client.clone());
    let read = move |tx: &mut Tx<'_>| {
        let kind = find_in_room(tx, &room, &name)?.ok_or(Error::NotFound)?;
        let found = find_open(tx, &client, &kind.key)?.ok_or(Error::NotFound)?;
        Ok((found, kind))
    };
    call.ctx.db().read(call.grant()?, read).await
}

pub async fn list(_: State<Events>, call: Call) -> Response {
    answer(
        async {
            let (client, room) = (call.client.clone(), call.room.clone());
            let at = room.clone();
            let read = move |tx: &mut Tx<'_>| {
                let all = list_of_consumer(tx, &client)?;
                let here = all.into_iter().filter(|one| one.publisher == at);
                let with = |one: Subscription| Ok(find_type(tx, &one.kind)?.map(|kind| (one, kind)));
                here.map(with).filter_map(Result::transpose).collect::<Result<Vec<_>>>()
            };
            let here = call.ctx.db().read(call.grant()?, read).await?;
            if here.is_empty() {
                return Err(Error::NotFound);
            }
            let name = |one: &Subscription| one.kind.strip_prefix(&format!("{room}.")).unwrap_or(&one.kind).to_owned();
            Ok(json_body(&here.iter().map(|one| shown(one, &name(&one.0))).collect::<Vec<_>>()))
        }
        .await,
    )
}

pub async fn one(_: State<Events>, call: Call) -> Response {
    answer(own(&call).await.map(|one| json_body(&shown(&one, call.part("name")))))
}

/// The way that a subscription item names; None: none, or there is no item. `options` are read and checked: the time of an
/// event is its type's, and the order of a subject is always kept, whatever they ask for.
fn way_of(call: &Call, item: Option<Map<String, Value>>) -> Result<Option<Way>> {
    let Some(item) = item else { return Ok(None) };
    call.names_its_type(&item)?;
    let wrong = |field: &str| Error::field(field, "events-error-body");
    match item.get("options") {
        None => {}
        Some(Value::Object(options)) => {
            let ttl = options.get("TTL").is_none_or(|ttl| ttl.as_u64().is_some());
            let fifo = options.get("FIFO").is_none_or(Value::is_boolean);
            if !ttl || !fifo {
                return Err(wrong("options"));
            }
        }
        Some(_) => return Err(wrong("options")),
    }
    match item.get("delivery").map(Value::as_str) {
        None => Ok(None),
        Some(Some("PUSH")) => Ok(Some(Way::Push)),
        Some(Some("PULL")) => Ok(Some(Way::Pull)),
        Some(_) => Err(Error::field("delivery", "events-error-way")),
    }
}

/// Where the settings say that the caller is reached; empty: it pulls, whatever it asked for.
fn address(events: &Events, call: &Call) -> String {
    events.platform().config().events.govstack_addresses.get(&call.client).cloned().unwrap_or_default()
}

pub async fn add(State(events): State<Events>, call: Call, body: Body) -> Response {
    answer(subscribe_to(events, &call, body).await)
}

async fn subscribe_to(events: Events, call: &Call, body: Body) -> Result<Response> {
    let way = way_of(call, given(body).await?)?.unwrap_or(Way::Push);
    let (room, name) = (call.room.clone(), call.part("name").to_owned());
    let kind = call.ctx.db().read(call.grant()?, move |tx| find_in_room(tx, &room, &name)).await?;
    let kind = kind.ok_or_else(|| Error::field("eventType", "events-error-type"))?;
    let asking = Asking {
        state: if kind.schema.is_some() { Standing::Active } else { Standing::Asked },
        kind: kind.key,
        consumer: call.client.clone(),
        purpose: "govstack".into(),
        basis: packed(&kind.basis),
        way,
        address: if way == Way::Push { address(&events, call) } else { String::new() },
        once: String::new(),
    };
    let ctx = call.ctx.clone();
    let write = move |tx: &mut Tx<'_>| {
        let asked = ask(tx, &events, &ctx, &asking)?.into_inner();
        let made = find_open(tx, &asking.consumer, &asking.kind)?.filter(|one| one.state == Standing::Active);
        // The gateway knows both sides, so no key has to be handed over.
        if let Some(one) = made.filter(|one| one.way == Way::Push) {
            subscribe::make_key(tx, &events, &one)?.into_inner();
        }
        let entry = platform::audit::Entry { event: "subscription.called", object: &asked, ..Default::default() };
        tx.audited(entry, ())
    };
    call.ctx.db().write(call.grant()?, write).await?;
    Ok(StatusCode::OK.into_response())
}

pub async fn change(State(events): State<Events>, call: Call, body: Body) -> Response {
    answer(
        async {
            let way = way_of(&call, given(body).await?)?;
            let (found, _) = own(&call).await?;
            let way = way.unwrap_or(found.way);
            let address = if way == Way::Push { address(&events, &call) } else { String::new() };
            let write = move |tx: &mut Tx<'_>| {
                update_way(tx, &found.id, way, &address)?;
                let entry =
                    platform::audit::Entry { event: "subscription.changed", object: &found.id, ..Default::default() };
                tx.audited(entry, ())
            };
            call.ctx.db().write(call.grant()?, write).await?;
            Ok(StatusCode::CREATED.into_response())
        }
        .await,
    )
}

pub async fn cancel(_: State<Events>, call: Call) -> Response {
    answer(
        async {
            let ((found, _), ctx) = (own(&call).await?, call.ctx.clone());
            call.ctx.db().write(call.grant()?, move |tx| end(tx, &ctx, &found)).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        .await,
    )
}

/// The caller's subscription. `Conflict`: its events are pushed, or the publisher has not approved it yet.
async fn open(call: &Call) -> Result<Subscription> {
    let (found, _) = own(call).await?;
    let pushed = found.way == Way::Push && !found.address.is_empty();
    if found.state != Standing::Active || pushed {
        return Err(Error::Conflict("events-conflict-state"));
    }
    Ok(found)
}

pub async fn pull(State(events): State<Events>, call: Call) -> Response {
    answer(
        async {
            let found = open(&call).await?;
            let first = pulling::first(&events, &call.ctx, &found).await?.ok_or(Error::NotFound)?;
            let body: Value = serde_json::from_str(&first.body)?;
            Ok(json_body(&item(&call, &first.event, first.seq, &body)))
        }
        .await,
    )
}

pub async fn confirm(_: State<Events>, call: Call) -> Response {
    answer(
        async {
            // What is no identifier of an event is an invalid request, told apart from one that is not open any more.
            let event = call.event().map_err(|_| Error::Conflict("events-error-body"))?;
            if pulling::arrived(&call.ctx, &open(&call).await?, &event).await? {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
            Err(Error::NotFound)
        }
        .await,
    )
}
