//! The provider's side (the order of X-Road's server proxy): service → right → state → application. The log has the
//! request before, and the answer before it is handed over.
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::header::HeaderValue;
use hyper::{Request, StatusCode};

use crate::application::Visit;
use crate::body::{self, Broken, Kept, Outgoing};
use crate::gateway::Gateway;
use crate::log::entry::{Entry, Names, Side};
use crate::looks::Look;
use crate::message::{Answered, Asked};
use crate::meta::{self, Described};
use crate::pool::{CallError, MAX_HEAD, Origin};
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::{message_hash, to_text};
use crate::protocol::head::{self, Header};
use crate::protocol::path::is_plain;
use crate::roster::{Backend, Roster, Service};
use crate::traffic::{Key, Taken};
use crate::wire::near::UNKNOWN_END;

/// Serves a request whose consumer is ours too: one log has both sides, and has the request already.
pub async fn serve_own(gateway: &Gateway, asked: Asked, entry: Entry) -> Result<Answered, Fault> {
    let target = target(&gateway.roster(), &asked);
    let served = match target {
        Ok(target) => answer(gateway, &target, asked).await,
        Err(fault) => Err(fault),
    };
    let mut line = match &served {
        Ok(answered) => answered.entry(entry),
        Err(fault) => entry.failed(fault),
    };
    let logged = async {
        if let Ok(answered) = &served {
            line.kept = gateway.keep(&line, (answered.head.bytes(), &answered.body)).await?;
        }
        gateway.log().add(vec![line.clone()]).await?.wait().await
    };
    if let Err(error) = logged.await {
        let fault = unknown_end(error);
        gateway.log().note(line.failed(&fault));
        return Err(fault);
    }
    served
}

/// Counts a call that another gateway sent; `begun`: when it came in.
pub fn note(
    gateway: &Gateway,
    (entry, side): (&Entry, Side),
    (served, begun, request_bytes): (&Result<Answered, Fault>, Instant, u64),
) {
    // Services that do not exist are not listed one by one.
    let names = &entry.names;
    let known = gateway.roster().service(&names.service).is_some();
    let service = if known { names.service.clone() } else { "-".into() };
    let mut taken = Taken { total: begun.elapsed(), request_bytes, ..Taken::default() };
    let outcome = match served {
        Ok(answered) => {
            (taken.before, taken.inner, taken.answer_bytes) =
                (answered.before(begun), answered.took, answered.body.size);
            answered.status.to_string()
        }
        Err(fault) => fault.code.to_string(),
    };
    gateway.traffic().note(Key { side, client: names.client.clone(), service, outcome }, taken);
}

pub fn denied(error: &platform::Error) -> Fault {
    tracing::error!(%error, "a call is denied, as it cannot be logged");
    Kind::LoggingFailed
        .says("the provider's gateway cannot write its message log now; nothing was disclosed, send again")
}

/// The application has answered, and the answer may not be told.
fn unknown_end(error: platform::Error) -> Fault {
    tracing::error!(%error, "an answer is thrown away, as it cannot be logged");
    Kind::LoggingFailed.says(UNKNOWN_END)
}

/// What answers.
pub enum Target {
    Application(Arc<Service>),
    /// This gateway itself, about its services.
    Gateway(Described),
}

/// Finds what is called and whether the client may.
pub fn target(roster: &Roster, asked: &Asked) -> Result<Target, Fault> {
    let (provider, text) = (asked.address.provider(), &asked.address.text);
    if roster.subsystem(provider).is_none() {
        return Err(Kind::UnknownMember.says(format!("{provider} is not served by this gateway")));
    }
    if let Some(wanted) = meta::wanted(asked) {
        return Ok(Target::Gateway(wanted));
    }
    let Some(service) = roster.service(text) else {
        return Err(Kind::UnknownService.says(format!("{text} does not exist; listMethods names the services")));
    };
    if !is_plain(&asked.address.path) {
        let why = "the path can be read in two ways (dot segments, empty segments, encoded / \\ or %)";
        return Err(Kind::AccessDenied.says(format!("{why}: {text} is called by plain paths only")));
    }
    let Names { client, verb, .. } = &*asked.names;
    if !roster.allows(service, client, verb, &asked.address.path) {
        return Err(Kind::AccessDenied.says(format!("{client} may not call this of {text}; ask its provider")));
    }
    match &service.disabled {
        Some(why) => Err(Kind::ServiceDisabled.says(why.clone())),
        None => Ok(Target::Application(Arc::clone(service))),
    }
}

/// Asks what was found. A right must hold until the application has answered.
pub async fn answer(gateway: &Gateway, target: &Target, asked: Asked) -> Result<Answered, Fault> {
    match target {
        Target::Application(service) => {
            let (names, path) = (Arc::clone(&asked.names), asked.address.path.clone());
            let answered = timely(gateway, service, asked).await?;
            let roster = gateway.roster();
            let now = roster.service(&service.text);
            if now.is_some_and(|service| roster.allows(service, &names.client, &names.verb, &path)) {
                return Ok(answered);
            }
            let (text, client) = (&service.text, &names.client);
            Err(Kind::AccessDenied.says(format!(
                "{client} lost the right to call this of {text} while it was being called; the answer was thrown away, the call may have been carried out"
            )))
        }
        Target::Gateway(wanted) => describe(gateway, asked, *wanted),
    }
}

/// Writes the look for the person whose number the call has, before anything is told about them.
async fn note_look(gateway: &Gateway, service: &Service, asked: &Asked) -> Result<(), Fault> {
    let Some(subject) = &service.subject else { return Ok(()) };
    let number = subject.at.number(asked).map_err(|why| Kind::InvalidRequest.says(why))?;
    let Names { client, user, issue, .. } = (*asked.names).clone();
    let organisation = gateway.roster().subsystem(&client).and_then(|subsystem| subsystem.organisation.clone());
    let (service, subject) = (service.id.code.clone(), subject.clone());
    gateway
        .looks()
        .note(Look { number, client, organisation, user, issue, service, subject })
        .await
        .map_err(|error| denied(&error))
}

async fn timely(gateway: &Gateway, service: &Service, asked: Asked) -> Result<Answered, Fault> {
    note_look(gateway, service, &asked).await?;
    let begun = Instant::now();
    match tokio::time::timeout(service.timeout, call(gateway, service, asked)).await {
        Ok(answered) => answered.map(|answered| Answered { sent: Some(begun), took: begun.elapsed(), ..answered }),
        Err(_) => {
            let seconds = service.timeout.as_secs();
            Err(Kind::ServiceTimeout.says(format!("{} did not answer within {seconds} s", service.text)))
        }
    }
}

fn describe(gateway: &Gateway, asked: Asked, wanted: Described) -> Result<Answered, Fault> {
    let document = meta::answer(gateway, &asked, wanted)?;
    let own = [Header { name: "content-type", value: document.kind.as_bytes() }];
    let ours = Ours::of(&asked);
    Ok(answered(StatusCode::OK, own.into_iter(), (&ours, body::Taken::text(document.text))))
}

/// A fault as an answer to another gateway: signed and logged as any, so that nobody can deny in our name.
pub fn as_answer(fault: &Fault, ours: &Ours) -> Answered {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let own = [Header { name: "content-type", value: b"application/json;charset=utf-8" }];
    let body = serde_json::json!({"type": fault.code, "message": fault.message}).to_string();
    let ours = Ours { fault: Some(fault.code.to_string()), ..ours.clone() };
    answered(status, own.into_iter(), (&ours, body::Taken::text(body)))
}

/// What the exchange's own headers of an answer say.
#[derive(Debug, Clone)]
pub struct Ours {
    names: Arc<Names>,
    request_hash: String,
    fault: Option<String>,
}

impl Ours {
    #[must_use]
    pub fn of(asked: &Asked) -> Self {
        Self { names: Arc::clone(&asked.names), request_hash: to_text(&asked.hash), fault: None }
    }

    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("x-road-id", Some(&self.names.message_id)),
            ("x-road-client", Some(&self.names.client)),
            ("x-road-service", Some(&self.names.service)),
            ("x-road-request-id", Some(&self.names.request_id)),
            ("x-road-request-hash", Some(&self.request_hash)),
            ("x-road-error", self.fault.as_ref()),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())))
    }
}

/// An answer's head: the application's own headers, then the exchange's.
fn answered<'a>(
    status: StatusCode,
    own: impl Iterator<Item = Header<'a>>,
    (ours, body): (&'a Ours, body::Taken),
) -> Answered {
    let kept = own.filter(|header| !head::is_skipped(header.name) && !is_exchanges(header.name));
    let added = ours.headers().map(|(name, value)| Header { name, value: value.as_bytes() });
    let reason = status.canonical_reason().unwrap_or_default();
    let head = head::answer_head(status.as_u16(), reason, kept.chain(added));
    let hash = message_hash(head.bytes(), body.digest.as_ref());
    Answered { head, body, hash, status: status.as_u16(), sent: None, took: Duration::ZERO }
}

async fn call(gateway: &Gateway, service: &Service, asked: Asked) -> Result<Answered, Fault> {
    match &service.backend {
        Backend::System { origin, base } => over_socket(gateway, service, (origin, base, asked)).await,
        Backend::Application(name) => inside(gateway, (service, name), asked).await,
    }
}

async fn over_socket(
    gateway: &Gateway,
    service: &Service,
    (origin, base, asked): (&Origin, &str, Asked),
) -> Result<Answered, Fault> {
    let ours = Ours::of(&asked);
    let request = outgoing((&origin.authority, base), asked)?;
    let answering = origin.send(request).await.map_err(|error| failed(service, error))?;
    let (response, connection) = answering.split();
    let (parts, incoming) = response.into_parts();
    let body = gateway.limits().spool.take(incoming).await.map_err(|broken| cut(service, broken))?;
    origin.done(connection);
    let own = parts.headers.iter().map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() });
    let answered = answered(parts.status, own, (&ours, body));
    if parts.status.is_informational() || answered.head.bytes().len() > MAX_HEAD {
        return Err(
            Kind::ServiceIoError.says(format!("the head of the answer of {} cannot be passed on", service.text))
        );
    }
    Ok(answered)
}

/// Calls an application of this program; its bodies are small.
async fn inside(gateway: &Gateway, (service, name): (&Service, &str), asked: Asked) -> Result<Answered, Fault> {
    let missing = || Kind::NetworkError.says(format!("{} is not joined to this gateway", service.text));
    let application = gateway.application(name).ok_or_else(missing)?;
    let ours = Ours::of(&asked);
    let Kept::Memory(body) = asked.body.body else {
        return Err(Kind::ServiceIoError.says(format!("{} takes no body of this size", service.text)));
    };
    let (path, query) = (asked.address.path, asked.address.query.unwrap_or_default());
    let Names { verb, client, request_id, user, issue, .. } = (*asked.names).clone();
    let organisation = gateway.roster().subsystem(&client).and_then(|subsystem| subsystem.organisation.clone());
    let service = service.id.code.clone();
    let visit = Visit { verb, service, path, query, client, organisation, request_id, user, issue, body };
    let reply = application.answer(visit).await;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let own = [Header { name: "content-type", value: reply.kind.as_bytes() }];
    Ok(answered(status, own.into_iter(), (&ours, body::Taken::text(reply.text))))
}

/// Headers that only the exchange may set: an application's copies are overwritten.
fn is_exchanges(name: &str) -> bool {
    ["x-road-id", "x-road-client", "x-road-service", "x-road-request-id", "x-road-request-hash", "x-road-error"]
        .iter()
        .any(|ours| name.eq_ignore_ascii_case(ours))
}

fn outgoing((authority, base): (&str, &str), asked: Asked) -> Result<Request<Outgoing>, Fault> {
    let unreadable = || Kind::BadRequest.says("the request cannot be passed on: its head is broken");
    let path = format!("{base}{}", asked.address.path);
    let path = if path.is_empty() { "/" } else { &path };
    let target = asked.address.query.as_ref().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut builder = Request::builder().method(asked.names.verb.as_str()).uri(target);
    if let Some(headers) = builder.headers_mut() {
        headers.insert(hyper::header::HOST, HeaderValue::from_str(authority).map_err(|_| unreadable())?);
        // Of the exchange's own headers the last counts, for the application too.
        let passes = |at: usize, name: &str| {
            let ours = name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("x-road-"));
            !(ours && asked.head.headers().skip(at + 1).any(|later| later.name.eq_ignore_ascii_case(name)))
        };
        asked.head.put(headers, passes).ok_or_else(unreadable)?;
    }
    builder.body(asked.body.into()).map_err(|_| unreadable())
}

fn failed(service: &Service, error: CallError) -> Fault {
    match error {
        CallError::Connect(why) => {
            tracing::warn!(service = service.text, why, "a service cannot be reached");
            Kind::NetworkError.says(format!("{} cannot be reached now; send again later", service.text))
        }
        CallError::Io(why) => {
            tracing::warn!(service = service.text, why, "a service broke off");
            Kind::ServiceIoError.says(format!("{} broke off before it had answered", service.text))
        }
    }
}

fn cut(service: &Service, broken: Broken) -> Fault {
    match broken {
        Broken::TooLarge { limit } => Kind::ServiceIoError
            .says(format!("{} answered more than {limit} bytes, which this gateway takes", service.text)),
        Broken::Stopped(why) => {
            tracing::warn!(service = service.text, why, "an answer broke off");
            Kind::ServiceIoError.says(format!("the answer of {} broke off half-way", service.text))
        }
        Broken::Spool(error) => {
            tracing::error!(%error, "the spool cannot be written");
            Kind::InternalError.says("the provider's gateway cannot take the answer now; send again later")
        }
    }
}
