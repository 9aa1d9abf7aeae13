//! GovStack's information mediator, pub/sub 2.0: types, publication, subscriptions and pull, on the same outbox.
//!
//! The room `{applicationCode}` is the publisher. A type made here is open: whoever the gateway lets in may subscribe.
//! Types of documents keep their workflow, so a subscription to one waits for the publisher's approval.
use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use platform::policy::{Action, Actor, Grant, On};
use platform::{Ctx, Error, Result};
use serde_json::{Map, Value, json};

use crate::Events;
use crate::api::json_body;

mod publishing;
mod subscribing;
mod uuid;

const LARGEST: usize = 256 << 10;
const ROOM: &str = "/r1/{instance}/{class}/{member}/{room}";

pub fn router(events: &Events) -> Router {
    let at = |path: &str| format!("{ROOM}{path}");
    Router::new()
        .route(&at("/api/v1/eventType"), get(publishing::list).post(publishing::create))
        .route(&at("/api/v1/eventType/{name}"), get(publishing::describe).delete(publishing::remove))
        .route(&at("/pub/v1/{name}"), post(publishing::publish))
        .route(&at("/pub/v1/{name}/{event}"), get(publishing::status).delete(publishing::withdraw))
        .route(&at("/api/v1/subs"), get(subscribing::list))
        .route(
            &at("/api/v1/subs/{name}"),
            get(subscribing::one).post(subscribing::add).patch(subscribing::change).delete(subscribing::cancel),
        )
        .route(&at("/pull/v1/{name}"), get(subscribing::pull))
        .route(&at("/pull/v1/{name}/{event}"), delete(subscribing::confirm))
        .with_state(events.clone())
}

/// The publisher that a room is: an extension of the request, set by who guards the listener and knows the rooms. Without
/// it the room is the last part of its address.
#[derive(Debug, Clone)]
pub struct Room(pub String);

/// Who calls, and in which room.
struct Call {
    ctx: Ctx,
    client: String,
    /// Key of the publisher.
    room: String,
    at: HashMap<String, String>,
}

impl FromRequestParts<Events> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, events: &Events) -> Result<Self, Response> {
        let client = parts.headers.get("x-govstack-client").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let client = client.trim_matches('/').to_owned();
        // Four parts: instance, class, member, application.
        if client.split('/').count() != 4 || client.split('/').any(str::is_empty) || client.len() > 200 {
            return Err(refused(StatusCode::BAD_REQUEST, "X-GovStack-Client names instance/class/member/application"));
        }
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, events).await;
        let Path(at) = path.map_err(|_| refused(StatusCode::BAD_REQUEST, "the path cannot be read"))?;
        let ctx = Ctx::new(events.platform(), Actor::system(&format!("govstack:{client}")));
        let named = || at.get("room").cloned().unwrap_or_default();
        let room = parts.extensions.get::<Room>().map_or_else(named, |room| room.0.clone());
        Ok(Self { ctx, client, room, at })
    }
}

impl Call {
    fn part(&self, name: &str) -> &str {
        self.at.get(name).map_or("", String::as_str)
    }

    /// The event of the path. `NotFound`: it is no identifier of this interface.
    fn event(&self) -> Result<String> {
        uuid::identifier("evt", self.part("event")).ok_or(Error::NotFound)
    }

    /// `eventType` is required in what is published and subscribed to, and says what the path says.
    fn names_its_type(&self, object: &Map<String, Value>) -> Result<()> {
        let named = object.get("eventType").and_then(Value::as_str);
        if named == Some(self.part("name")) { Ok(()) } else { Err(Error::field("eventType", "events-error-type")) }
    }

    fn grant(&self) -> Result<Grant> {
        self.ctx.allow(Action::EventKeep, &On::PUBLIC)
    }

    /// The place of the publisher as GovStack writes it.
    fn place(&self) -> Value {
        json!({
            "instanceId": self.part("instance"),
            "memberClass": self.part("class"),
            "memberCode": self.part("member"),
            "applicationCode": self.part("room"),
        })
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, json_body(&json!({ "error": why }))).into_response()
}

/// The statuses that the interface knows.
fn failed(error: &Error) -> Response {
    match error {
        Error::Invalid(_) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        Error::NotFound => refused(StatusCode::NOT_FOUND, "not found"),
        Error::Conflict(_) => refused(StatusCode::CONFLICT, &error.to_string()),
        Error::TooLarge { .. } => refused(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string()),
        Error::Unavailable(_) => refused(StatusCode::SERVICE_UNAVAILABLE, "not available now; send again"),
        Error::Denied(_) | Error::TooMany { .. } | Error::Internal(_) => {
            tracing::error!(%error, "a call of GovStack's interface failed");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
        }
    }
}

fn answer(outcome: Result<Response>) -> Response {
    outcome.unwrap_or_else(|error| failed(&error))
}

async fn object(body: Body) -> Result<Map<String, Value>> {
    given(body).await?.ok_or_else(|| Error::field("body", "events-error-body"))
}

/// The object that a body is; None: there is no body.
async fn given(body: Body) -> Result<Option<Map<String, Value>>> {
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Error::TooLarge { limit: LARGEST as u64 })?;
    if bytes.is_empty() {
        return Ok(None);
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        _ => Err(Error::field("body", "events-error-body")),
    }
}
