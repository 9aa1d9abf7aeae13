//! Types of a room, publication, what became of an event.
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use platform::audit::Entry;
use platform::db::Tx;
use platform::i18n::Text;
use platform::ids::Id;
use platform::{Error, Result};
use serde_json::{Value, json};

use super::{Call, answer, object, uuid};
use crate::Events;
use crate::api::json_body;
use crate::model::event::NewEvent;
use crate::model::kind::{About, EventType, SubjectForm};
use crate::store::deliveries::withdraw as withdraw_deliveries;
use crate::store::events::{Stored, find_event};
use crate::store::types::{Named, delete_type, find_in_room, insert_type, list_room};

/// As GovStack's default for the time of an event: an hour.
const TTL_HOURS: u32 = 1;
/// Names stand in addresses.
const LONGEST: usize = 100;

pub async fn list(_: State<Events>, call: Call) -> Response {
    let room = call.room.clone();
    answer(
        async {
            let names = call.ctx.db().read(call.grant()?, move |tx| list_room(tx, &room)).await?;
            if names.is_empty() {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
            Ok(json_body(&names))
        }
        .await,
    )
}

pub async fn create(_: State<Events>, call: Call, body: Body) -> Response {
    answer(make(&call, body).await)
}

async fn make(call: &Call, body: Body) -> Result<Response> {
    let object = object(body).await?;
    let name = object.get("eventType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if name.is_empty() || name.len() > LONGEST || !name.bytes().all(plain) {
        return Err(Error::field("eventType", "events-error-type"));
    }
    let schema = object.get("schema").filter(|schema| schema.is_object()).cloned();
    let schema = schema.ok_or_else(|| Error::field("schema", "events-error-body"))?;
    let room = call.room.clone();
    let label = Text { zh_hans: name.clone(), zh_hant: name.clone(), en: name.clone() };
    let kind = EventType {
        key: format!("{room}.{name}"),
        name: label,
        publisher: room.clone(),
        about: About::Nothing,
        subject: SubjectForm::default(),
        resource: None,
        when: None,
        ttl_hours: TTL_HOURS,
        basis: Text::default(),
        data: Vec::new(),
        schema: Some(schema),
    };
    let named = Named { room, name, kind };
    let write = move |tx: &mut Tx<'_>| {
        insert_type(tx, &named)?;
        tx.audited(Entry { event: "event.type-made", object: &named.kind.key, ..Entry::default() }, ())
    };
    call.ctx.db().write(call.grant()?, write).await?;
    Ok(StatusCode::OK.into_response())
}

async fn kind_of(call: &Call) -> Result<Option<EventType>> {
    let (room, name) = (call.room.clone(), call.part("name").to_owned());
    call.ctx.db().read(call.grant()?, move |tx| find_in_room(tx, &room, &name)).await
}

pub async fn describe(_: State<Events>, call: Call) -> Response {
    let shown = |kind: EventType| {
        let schema = kind.schema.clone().unwrap_or_else(|| schema_of(&kind));
        json_body(&json!({ "eventType": call.part("name"), "schema": schema }))
    };
    answer(kind_of(&call).await.map(|kind| kind.map_or_else(|| StatusCode::NO_CONTENT.into_response(), shown)))
}

/// Of a document: the fields that it names.
fn schema_of(kind: &EventType) -> Value {
    let properties: serde_json::Map<String, Value> =
        kind.data.iter().map(|field| (field.key.clone(), json!({ "title": field.name.en }))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

pub async fn remove(_: State<Events>, call: Call) -> Response {
    let (room, name) = (call.room.clone(), call.part("name").to_owned());
    let write = move |tx: &mut Tx<'_>| {
        // What a document of the deployment says is not taken away by a call.
        if find_in_room(tx, &room, &name)?.is_some_and(|kind| kind.schema.is_none()) {
            return Err(Error::NotFound);
        }
        delete_type(tx, &room, &name)?;
        tx.audited(Entry { event: "event.type-removed", object: &name, ..Entry::default() }, ())
    };
    answer(
        async {
            call.ctx.db().write(call.grant()?, write).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        .await,
    )
}

pub async fn publish(State(events): State<Events>, call: Call, body: Body) -> Response {
    answer(send(events, &call, body).await)
}

async fn send(events: Events, call: &Call, body: Body) -> Result<Response> {
    let kind = kind_of(call).await?.ok_or(Error::NotFound)?;
    let mut object = object(body).await?;
    call.names_its_type(&object)?;
    let subject = object.get("subject").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(data)) = object.remove("event") else {
        return Err(Error::field("event", "events-error-body"));
    };
    let new = NewEvent { kind: kind.key, subject, data, at: call.ctx.now() };
    let own = events.clone();
    let write = move |tx: &mut Tx<'_>| {
        let id = crate::actions::publish::publish(tx, own.platform(), &new)?.as_str().to_owned();
        tx.audited(Entry { event: "event.received", object: &id, ..Entry::default() }, id.clone())
    };
    let id = call.ctx.db().write(call.grant()?, write).await?;
    events.platform().wake_jobs();
    Ok((StatusCode::CREATED, json_body(&json!({ "id": uuid::of(&id) }))).into_response())
}

async fn stored(call: &Call) -> Result<Stored> {
    let (id, room) = (call.event()?, call.room.clone());
    let kind = kind_of(call).await?.ok_or(Error::NotFound)?;
    let found = call.ctx.db().read(call.grant()?, move |tx| find_event(tx, &id)).await?;
    found.filter(|event| event.kind == kind.key && event.publisher == room).ok_or(Error::NotFound)
}

pub async fn status(_: State<Events>, call: Call) -> Response {
    let shown = |event: Stored| {
        let body: Value = serde_json::from_str(&event.body)?;
        Ok(json_body(&super::subscribing::item(&call, call.part("event"), event.seq, &body)))
    };
    answer(stored(&call).await.and_then(shown))
}

pub async fn withdraw(_: State<Events>, call: Call) -> Response {
    answer(
        async {
            let (id, _) = (call.event()?, stored(&call).await?);
            let write = move |tx: &mut Tx<'_>| {
                withdraw_deliveries(tx, &id)?;
                tx.audited(Entry { event: "event.withdrawn", object: &id, ..Entry::default() }, ())
            };
            call.ctx.db().write(call.grant()?, write).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        .await,
    )
}
