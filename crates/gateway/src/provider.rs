//! The provider's side (the order of X-Road's server proxy): service → right → state → log the request → call the
//! application → log the answer → hand it over.
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, StatusCode};

use crate::application::Visit;
use crate::body::{self, Broken, Kept, Outgoing};
use crate::gateway::Gateway;
use crate::log::entry::{Entry, Part, Side};
use crate::log::{Signed, Stored};
use crate::looks::Look;
use crate::message::{Answered, Asked};
use crate::meta::{self, Described};
use crate::pool::{CallError, MAX_HEAD, Origin};
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::{message_hash, to_text};
use crate::protocol::head::{self, Header, ReadHead};
use crate::protocol::path::is_plain;
use crate::roster::{Backend, Roster, Service};
use crate::traffic::{Key, Taken};

/// An answer with our signature over it.
pub struct Served {
    pub answered: Answered,
    pub signed: Signed,
}

/// Serves a request. `signed`: None when this gateway is the consumer's too, whose log has the request already.
pub async fn serve(gateway: &Gateway, asked: Asked, signed: Option<Signed>) -> Result<Served, Fault> {
    if signed.is_none() {
        return serve_whole(gateway, asked, None).await; // counted once, on the consumer's side
    }
    let (begun, request_bytes) = (Instant::now(), asked.body.size);
    let (client, service) = (asked.client.clone(), asked.address.service.to_string());
    // Services that do not exist are not listed one by one.
    let service = if gateway.roster().service(&service).is_some() { service } else { "-".into() };
    let served = serve_whole(gateway, asked, signed).await;
    let answered = served.as_ref().map(|served| &served.answered);
    let outcome = answered.map_or_else(|fault| fault.code.to_string(), |answered| answered.status.to_string());
    let (inner, answer_bytes) = answered.map_or((Duration::ZERO, 0), |answered| (answered.took, answered.body.size));
    let taken = Taken { total: begun.elapsed(), inner, request_bytes, answer_bytes };
    gateway.traffic().note(Key { side: Side::Provider, client, service, outcome }, taken);
    served
}

async fn serve_whole(gateway: &Gateway, asked: Asked, signed: Option<Signed>) -> Result<Served, Fault> {
    let roster = gateway.roster();
    let target = target(&roster, &asked)?;
    let side = if signed.is_some() { Side::Provider } else { Side::Both };
    if let Some(signed) = signed {
        let mut entry = request_entry(&asked, Side::Provider);
        entry.peer = Some(signed);
        let (_, stored) = gateway.log().add(entry).await.map_err(logging)?;
        wait(stored).await?;
    }
    answer(gateway, (&roster, &target), (asked, side)).await
}

fn logging(error: platform::Error) -> Fault {
    tracing::error!(%error, "a call is denied, as it cannot be logged");
    Kind::LoggingFailed
        .says("the provider's gateway cannot write its message log now; nothing was disclosed, send again")
}

/// The application has answered, and the answer may not be told.
fn unknown_end(error: platform::Error) -> Fault {
    tracing::error!(%error, "an answer is thrown away, as it cannot be logged");
    Kind::LoggingFailed.says(
        "the provider's gateway cannot write its message log now; the call may have been carried out, ask how it stands before you repeat it",
    )
}

async fn wait(stored: Stored) -> Result<(), Fault> {
    stored.wait().await.map_err(logging)
}

/// What answers.
enum Target {
    Application(Arc<Service>),
    /// This gateway itself, about its services.
    Gateway(Described),
}

/// Finds what is called and whether the client may.
fn target(roster: &Roster, asked: &Asked) -> Result<Target, Fault> {
    let provider = asked.address.service.provider.to_string();
    if roster.subsystem(&provider).is_none() {
        return Err(Kind::UnknownMember.says(format!("{provider} is not served by this gateway")));
    }
    if let Some(wanted) = meta::wanted(asked) {
        return Ok(Target::Gateway(wanted));
    }
    let text = asked.address.service.to_string();
    let Some(service) = roster.service(&text) else {
        return Err(Kind::UnknownService.says(format!("{text} does not exist; listMethods names the services")));
    };
    if !is_plain(&asked.address.path) || !roster.allows(service, &asked.client, &asked.verb, &asked.address.path) {
        return Err(Kind::AccessDenied.says(format!("{} may not call this of {text}; ask its provider", asked.client)));
    }
    match &service.disabled {
        Some(why) => Err(Kind::ServiceDisabled.says(why.clone())),
        None => Ok(Target::Application(Arc::clone(service))),
    }
}

/// The log's line about a request.
pub(crate) fn request_entry(asked: &Asked, side: Side) -> Entry {
    let head = ReadHead::parse(&asked.head);
    let text = |name: &str| head.as_ref().and_then(|head| head.last(name)).unwrap_or_default().to_owned();
    Entry {
        part: Part::Request,
        side,
        created: 0,
        request_id: asked.request_id.clone(),
        message_id: asked.message_id.clone(),
        client: asked.client.clone(),
        service: asked.address.service.to_string(),
        verb: asked.verb.clone(),
        hash: asked.hash,
        size: asked.body.size,
        status: None,
        user: text("x-road-userid"),
        issue: text("x-road-issue"),
        represented: text("x-road-represented-party"),
        peer: None,
    }
}

/// The log's line about an answer.
pub(crate) fn answer_entry(request: &Entry, answered: &Answered, side: Side) -> Entry {
    Entry {
        part: Part::Answer,
        side,
        hash: answered.hash,
        size: answered.body.size,
        status: Some(answered.status),
        peer: None,
        ..request.clone()
    }
}

async fn answer(
    gateway: &Gateway,
    (roster, target): (&Roster, &Target),
    (asked, side): (Asked, Side),
) -> Result<Served, Fault> {
    let entry = request_entry(&asked, side);
    let answered = match target {
        Target::Application(service) => timely(gateway, service, asked).await?,
        Target::Gateway(wanted) => describe(roster, asked, *wanted)?,
    };
    let line = answer_entry(&entry, &answered, side);
    let (signed, stored) = gateway.log().add(line).await.map_err(unknown_end)?;
    stored.wait().await.map_err(unknown_end)?;
    Ok(Served { answered, signed })
}

/// Writes the look for the person whose number the call has, before anything is told about them.
async fn note_look(gateway: &Gateway, service: &Service, asked: &Asked) -> Result<(), Fault> {
    let Some(subject) = &service.subject else { return Ok(()) };
    let number = subject.at.number(asked).map_err(|why| Kind::InvalidRequest.says(why))?;
    let client = asked.client.clone();
    let organisation = gateway.roster().subsystem(&client).and_then(|subsystem| subsystem.organisation.clone());
    let (user, issue) = (asked.header("x-road-userid"), asked.header("x-road-issue"));
    let (service, subject) = (service.id.code.clone(), subject.clone());
    gateway.looks().note(Look { number, client, organisation, user, issue, service, subject }).await.map_err(logging)
}

async fn timely(gateway: &Gateway, service: &Service, asked: Asked) -> Result<Answered, Fault> {
    note_look(gateway, service, &asked).await?;
    let begun = Instant::now();
    match tokio::time::timeout(service.timeout, call(gateway, service, asked)).await {
        Ok(answered) => answered.map(|answered| Answered { took: begun.elapsed(), ..answered }),
        Err(_) => {
            let seconds = service.timeout.as_secs();
            Err(Kind::ServiceTimeout.says(format!("{} did not answer within {seconds} s", service.text)))
        }
    }
}

fn describe(roster: &Roster, asked: Asked, wanted: Described) -> Result<Answered, Fault> {
    let document = meta::answer(roster, &asked, wanted)?;
    let own = [Header { name: "content-type", value: document.kind.as_bytes() }];
    Ok(answered(StatusCode::OK, own.into_iter(), (&exchanges(&asked), body::Taken::text(document.text))))
}

/// The exchange's own headers of the answer to a request.
fn exchanges(asked: &Asked) -> [(&'static str, String); 5] {
    [
        ("x-road-id", asked.message_id.clone()),
        ("x-road-client", asked.client.clone()),
        ("x-road-service", asked.address.service.to_string()),
        ("x-road-request-id", asked.request_id.clone()),
        ("x-road-request-hash", to_text(&asked.hash)),
    ]
}

/// An answer's head: the application's own headers, then the exchange's.
fn answered<'a>(
    status: StatusCode,
    own: impl Iterator<Item = Header<'a>>,
    (exchanges, body): (&'a [(&'static str, String)], body::Taken),
) -> Answered {
    let kept = own.filter(|header| !head::is_skipped(header.name) && !is_exchanges(header.name));
    let added = exchanges.iter().map(|(name, value)| Header { name, value: value.as_bytes() });
    let reason = status.canonical_reason().unwrap_or_default();
    let head = head::answer_head(status.as_u16(), reason, kept.chain(added));
    let hash = message_hash(&head, body.digest.as_ref());
    Answered { head, body, hash, status: status.as_u16(), took: Duration::ZERO }
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
    let ours = exchanges(&asked);
    let request = outgoing((&origin.authority, base), asked)?;
    let answering = origin.send(request).await.map_err(|error| failed(service, error))?;
    let (response, connection) = answering.split();
    let (parts, incoming) = response.into_parts();
    let body = gateway.limits().spool.take(incoming).await.map_err(|broken| cut(service, broken))?;
    origin.done(connection);
    let own = parts.headers.iter().map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() });
    let answered = answered(parts.status, own, (&ours, body));
    if parts.status.is_informational() || answered.head.len() > MAX_HEAD {
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
    let ours = exchanges(&asked);
    let (user, issue) = (asked.header("x-road-userid"), asked.header("x-road-issue"));
    let Kept::Memory(body) = asked.body.body else {
        return Err(Kind::ServiceIoError.says(format!("{} takes no body of this size", service.text)));
    };
    let (path, query) = (asked.address.path, asked.address.query.unwrap_or_default());
    let (verb, client, request_id) = (asked.verb, asked.client, asked.request_id);
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
    let read = ReadHead::parse(&asked.head).ok_or_else(unreadable)?;
    let path = format!("{base}{}", asked.address.path);
    let path = if path.is_empty() { "/" } else { &path };
    let target = asked.address.query.as_ref().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut builder = Request::builder().method(asked.verb.as_str()).uri(target);
    if let Some(headers) = builder.headers_mut() {
        headers.insert(hyper::header::HOST, HeaderValue::from_str(authority).map_err(|_| unreadable())?);
        for (at, header) in read.headers.iter().enumerate() {
            // Of the exchange's own headers the last counts, for the application too.
            let again = read.headers[at + 1..].iter().any(|later| later.name.eq_ignore_ascii_case(header.name));
            if again && header.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("x-road-")) {
                continue;
            }
            let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| unreadable())?;
            headers.append(name, HeaderValue::from_bytes(header.value).map_err(|_| unreadable())?);
        }
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
