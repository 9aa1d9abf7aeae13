//! The consumer's side: who asks → which service → log the request → the provider's side → check → log the answer → hand
//! it over. The request's log write runs beside the call; the answer is not told before both of its lines are durable.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};

use crate::body::{self, Broken, Outgoing};
use crate::gateway::Gateway;
use crate::log::entry::{Entry, Side};
use crate::message::{Answered, Asked};
use crate::protocol::address::Address;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::message_hash;
use crate::protocol::head::{Added, Header, ReadHead, request_head};
use crate::protocol::ids::ClientId;
use crate::provider::{self, answer_entry, request_entry};
use crate::roster::{Peer, Roster, Subsystem};
use crate::tls::Fingerprint;
use crate::traffic::{Key, Taken};
use crate::wire::accept::short;
use crate::wire::send::{self, Received};

/// A request of an information system, as it stands at the door.
pub struct Call<'a> {
    pub verb: &'a str,
    pub target: &'a str,
    /// As they came: order and case.
    pub headers: &'a [(String, Vec<u8>)],
    pub from: IpAddr,
    /// SHA-256 of the certificate that the caller showed.
    pub certificate: Option<Fingerprint>,
}

impl Call<'_> {
    /// The last header of a name, as text.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().rev().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(&found.1).ok()
    }
}

/// Carries a call out and counts it. An error is a fault of the exchange; what the application answers, with whatever
/// status, is none.
pub async fn call(gateway: &Gateway, call: &Call<'_>, incoming: Incoming) -> Result<Response<Outgoing>, Fault> {
    let begun = Instant::now();
    // What is not known by name is not listed one by one.
    let unknown = || "-".to_owned();
    let mut key = Key { side: Side::Consumer, client: unknown(), service: unknown(), outcome: String::new() };
    let mut taken = Taken::default();
    let answered = carry(gateway, (call, incoming), (&mut key, &mut taken)).await;
    key.outcome = match &answered {
        Ok(answered) => answered.status.to_string(),
        Err(fault) => fault.code.to_string(),
    };
    if answered.as_ref().is_err_and(|fault| fault.code.ends_with("unknown_service")) {
        key.service = unknown();
    }
    if let Ok(answered) = &answered {
        (taken.inner, taken.answer_bytes) = (answered.took, answered.body.size);
    }
    taken.total = begun.elapsed();
    gateway.traffic().note(key, taken);
    answered.and_then(deliver)
}

async fn carry(
    gateway: &Gateway,
    (call, incoming): (&Call<'_>, Incoming),
    (key, taken): (&mut Key, &mut Taken),
) -> Result<Answered, Fault> {
    let roster = gateway.roster();
    let client = who(&roster, call)?;
    key.client.clone_from(&client.text);
    let address = Address::parse(call.target, roster.alphabet)?;
    let peer = way(&roster, call, (&address, gateway.now()))?;
    let service = address.service.to_string();
    if peer.is_some() || roster.service(&service).is_some() {
        key.service = service;
    }
    if peer.is_none() {
        key.side = Side::Both;
    }
    let body = gateway.limits().spool.take(incoming).await.map_err(cut)?;
    taken.request_bytes = body.size;
    let asked = asked(&roster, call, &client, (address, body));
    short(&ReadHead::parse(&asked.head).ok_or_else(|| Kind::BadRequest.says("the head cannot be read"))?)?;
    match peer {
        Some(peer) => across(gateway, &peer, asked).await,
        None => within(gateway, asked).await,
    }
}

fn cut(broken: Broken) -> Fault {
    match broken {
        Broken::TooLarge { limit } => {
            Kind::TooLarge.says(format!("the body is larger than {limit} bytes, which this gateway takes"))
        }
        Broken::Stopped(why) => {
            Kind::BadRequest.says(format!("the body broke off half-way: {why}; send the request again"))
        }
        Broken::Spool(error) => {
            tracing::error!(%error, "the spool cannot be written");
            Kind::ClientIoError.says("this gateway cannot take the request now; send again later")
        }
    }
}

/// The subsystem that calls, and whether the caller may speak for it.
pub(crate) fn who(roster: &Roster, call: &Call<'_>) -> Result<Arc<Subsystem>, Fault> {
    let Some(text) = call.last("x-road-client") else {
        return Err(
            Kind::InvalidClientIdentifier.says("the header X-Road-Client is missing; name your subsystem in it")
        );
    };
    let found = match roster.subsystem(text) {
        Some(found) => found,
        None => {
            let id = ClientId::parse(text, roster.alphabet)
                .map_err(|why| Kind::InvalidClientIdentifier.says(format!("X-Road-Client cannot be read: {why}")))?;
            let unknown = || Kind::ClientUnknownMember.says(format!("{id} is not registered at this gateway"));
            roster.subsystem(&id.to_string()).ok_or_else(unknown)?
        }
    };
    let callers = &found.callers;
    let near = callers.networks.is_empty() || callers.networks.iter().any(|network| network.holds(call.from));
    let token = |token: &str| callers.tokens.contains(&seal::digest::to_hex(&seal::digest::sha256(token.as_bytes())));
    let shown = call.certificate.map(|certificate| seal::digest::to_hex(&certificate));
    let shows = callers.certificates.is_empty() || shown.is_some_and(|shown| callers.certificates.contains(&shown));
    if !near || !shows || !(callers.tokens.is_empty() || call.last("tb-token").is_some_and(token)) {
        return Err(Kind::ClientAccessDenied.says(format!(
            "the caller did not prove that it may speak for {}; call from its network, show its certificate, send its token in TB-Token",
            found.text
        )));
    }
    Ok(Arc::clone(found))
}

/// Refuses calls across gateways when the federation document has expired: nobody knows any more whom to trust.
fn is_current(roster: &Roster, now: i64) -> Result<(), Fault> {
    match roster.expires_at {
        Some(at) if at < now => Err(Kind::GlobalConfOutdated.says(
            "the federation document has expired and its source gives no newer one; calls to other gateways must wait",
        )),
        _ => Ok(()),
    }
}

/// The gateway that serves the provider; None: this one does.
fn way(roster: &Roster, call: &Call<'_>, (address, now): (&Address, i64)) -> Result<Option<Arc<Peer>>, Fault> {
    let provider = address.service.provider.to_string();
    let peer = match roster.subsystem(&provider) {
        Some(_) => None,
        None => Some(roster.peer_of(&provider).ok_or_else(|| {
            Kind::ClientUnknownService
                .says(format!("no gateway is known that serves {provider}; listClients names those that are"))
        })?),
    };
    if peer.is_some() {
        is_current(roster, now)?;
    }
    let server = peer.map_or(&roster.server, |peer| &peer.server);
    match call.last("x-road-security-server") {
        Some(pinned) if pinned != server => {
            Err(Kind::InvalidSecurityServer.says(format!("{pinned} does not serve {provider}; leave the header out")))
        }
        _ => Ok(peer.cloned()),
    }
}

fn asked(roster: &Roster, call: &Call<'_>, client: &Subsystem, (address, body): (Address, body::Taken)) -> Asked {
    let request_id = Gateway::uuid();
    let given = call.last("x-road-id").filter(|id| !id.is_empty());
    let made = given.is_none().then(|| format!("{}-{}", roster.instance, Gateway::uuid()));
    let headers = call.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("tb-token"));
    let headers = headers.map(|(name, value)| Header { name, value });
    let added = Added { request_id: &request_id, message_id: made.as_deref() };
    let head = request_head(call.verb, call.target, headers, added);
    let hash = message_hash(&head, body.digest.as_ref());
    let message_id = made.unwrap_or_else(|| given.unwrap_or_default().to_owned());
    let (verb, client) = (call.verb.to_owned(), client.text.clone());
    Asked { head, body, hash, verb, address, client, request_id, message_id }
}

fn logging(error: platform::Error) -> Fault {
    tracing::error!(%error, "a call is denied, as it cannot be logged");
    Kind::ClientLoggingFailed.says("this gateway cannot write its message log now; nothing was disclosed, send again")
}

/// Consumer and provider are served by this gateway: one log has both sides.
async fn within(gateway: &Gateway, asked: Asked) -> Result<Answered, Fault> {
    let entry = request_entry(&asked, Side::Both);
    let (_, stored) = gateway.log().add(entry).await.map_err(logging)?;
    stored.wait().await.map_err(logging)?;
    Ok(provider::serve(gateway, asked, None).await?.answered)
}

async fn across(gateway: &Gateway, peer: &Peer, asked: Asked) -> Result<Answered, Fault> {
    let entry = request_entry(&asked, Side::Consumer);
    let (signed, stored) = gateway.log().add(entry.clone()).await.map_err(logging)?;
    // What only reads may be on its way while the line is stored: without the line its answer is thrown away. What may
    // change something waits, so that nothing is carried out that the log does not know.
    let received = if ["GET", "HEAD", "OPTIONS"].contains(&asked.verb.as_str()) {
        let (received, logged) = tokio::join!(send::send(gateway, peer, asked, &signed), stored.wait());
        logged.map_err(logging)?;
        received?
    } else {
        stored.wait().await.map_err(logging)?;
        send::send(gateway, peer, asked, &signed).await?
    };
    note(gateway, &entry, &received).await?;
    Ok(received.answered)
}

/// The answer's line, with the provider's signature in it.
async fn note(gateway: &Gateway, request: &Entry, received: &Received) -> Result<(), Fault> {
    let mut entry = answer_entry(request, &received.answered, Side::Consumer);
    entry.peer = Some(received.signed.clone());
    let (_, stored) = gateway.log().add(entry).await.map_err(unknown_end)?;
    stored.wait().await.map_err(unknown_end)
}

/// The provider has answered, and the answer may not be told.
fn unknown_end(error: platform::Error) -> Fault {
    tracing::error!(%error, "an answer is thrown away, as it cannot be logged");
    Kind::ClientLoggingFailed.says(
        "this gateway cannot write its message log now; the call may have been carried out, ask how it stands before you repeat it",
    )
}

fn deliver(answered: Answered) -> Result<Response<Outgoing>, Fault> {
    let broken = || Kind::InconsistentResponse.says("the answer's head cannot be read");
    let read = ReadHead::parse(&answered.head).ok_or_else(broken)?;
    let mut builder = Response::builder().status(answered.status);
    if let Some(headers) = builder.headers_mut() {
        for header in &read.headers {
            let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| broken())?;
            headers.append(name, HeaderValue::from_bytes(header.value).map_err(|_| broken())?);
        }
    }
    builder.body(answered.body.into()).map_err(|_| broken())
}
