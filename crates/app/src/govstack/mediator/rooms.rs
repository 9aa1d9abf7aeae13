//! The way into a room of pub/sub: who calls, whether the room is one of ours, and whether the caller runs it.
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts as Head;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use events::Room;
use gateway::aside;
use gateway::protocol::ids::{ClientId, ServiceId, decode};
use gateway::roster::Subsystem;
use platform::error::{Error, Result};

use super::caller::{call, ctx_of, failed, headers, told};
use super::{BODY, Parts};

/// `/r1/{instance}/{class}/{member}/{room}/{service}/…`, in plain text.
struct Asked {
    room: ClientId,
    /// `api`, `pub` or `pull`.
    service: String,
    /// What follows, with its slash.
    rest: String,
}

impl Asked {
    fn read(path: &str) -> Option<Self> {
        let mut parts = path.split('/').map(decode);
        let (_, _) = (parts.next()??, parts.next()??);
        let mut next = || parts.next().flatten().filter(|part| !part.is_empty());
        let (instance, class, member, room, service) = (next()?, next()?, next()?, next()?, next()?);
        let rest: Vec<String> = parts.collect::<Option<_>>()?;
        let room = ClientId { instance, class, member, subsystem: Some(room) };
        Some(Self { room, service, rest: format!("/{}", rest.join("/")) })
    }

    /// Types are kept, and events published and withdrawn, by who runs the room.
    fn is_of_the_room(&self, method: &Method) -> bool {
        self.service == "pub" || self.rest.starts_with("/v1/eventType") && method != Method::GET
    }
}

/// Carries a call of pub/sub out as the gateway's other calls: what is answered here, a refusal too, stands in its log.
pub async fn enter(State(parts): State<Arc<Parts>>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let ctx = ctx_of(&parts, "govstack-mediator");
    let Ok(body) = to_bytes(body, BODY).await else {
        return told(&ctx, &Error::field("body", "site-mediator-body"));
    };
    let (own, room, sent) = (Arc::clone(&parts), head.clone(), body.clone());
    let answer = async move |caller: Arc<Subsystem>| match admitted(&own, &caller, room) {
        Ok(head) => whole(next.run(Request::from_parts(head, sent.into())).await).await,
        Err(error) => whole(told(&ctx_of(&own, "govstack-mediator"), &error)).await,
    };
    let headers = headers(&head);
    let answered = aside::call(&parts.gateway, (&call(&head, &headers), body), answer).await;
    answered.map_or_else(|fault| failed(&ctx, &fault), |response| response.map(Body::from))
}

/// These answers are made in memory.
async fn whole(response: Response) -> axum::http::Response<Bytes> {
    let (head, body) = response.into_parts();
    axum::http::Response::from_parts(head, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

/// `NotFound`: the room is nobody's. `Denied`: the caller does not run it.
fn admitted(parts: &Parts, caller: &Subsystem, mut head: Head) -> Result<Head> {
    let asked = Asked::read(head.uri.path()).ok_or(Error::NotFound)?;
    let room = parts.gateway.roster().subsystem(&asked.room.to_string()).cloned().ok_or(Error::NotFound)?;
    if asked.is_of_the_room(&head.method) && !runs(parts, (caller, &room), (&asked, head.method.as_str())) {
        return Err(Error::Denied("site-mediator-room"));
    }
    // As the roster writes it: one application has one name among the subscribers.
    let name = HeaderValue::from_str(&caller.text).map_err(Error::internal)?;
    head.headers.insert("x-govstack-client", name);
    head.extensions.insert(Room(room.organisation.clone().unwrap_or_else(|| room.text.clone())));
    Ok(head)
}

/// The room's own member, or who has a right of the roster to the room's service.
fn runs(parts: &Parts, (caller, room): (&Subsystem, &Subsystem), (asked, method): (&Asked, &str)) -> bool {
    let member = |id: &ClientId| (id.instance.clone(), id.class.clone(), id.member.clone());
    let roster = parts.gateway.roster();
    let id = ServiceId { provider: room.id.clone(), code: asked.service.clone() };
    let service = roster.service(&id.to_string());
    member(&caller.id) == member(&room.id)
        || service.is_some_and(|service| roster.allows(service, &caller.text, method, &asked.rest))
}
