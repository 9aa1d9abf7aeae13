//! The provider's end of a line: requests come in, are checked and logged, carried out once both logs have them, and
//! answered.
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::PROTOCOL;
use super::beside::Beside;
use super::bundle::{self, Came, MAX_NAME, Opened, Untrue};
use super::frame::{self, Bundle, Carried, Frame, Message};
use super::lane::{self, Lane};
use super::near::{TENDED, UNKNOWN_END};
use crate::body::{Kept, Outgoing, Taken};
use crate::gateway::Gateway;
use crate::log::entry::{Entry, Names, Part, Side};
use crate::log::store::place_of;
use crate::message::Asked;
use crate::protocol::address::Address;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::head::Head;
use crate::protocol::ids::ClientId;
use crate::provider::{self, Ours};
use crate::roster::{Peer, Roster};
use crate::serve::Door;
use crate::tls::Fingerprint;

/// Bytes that are read at once.
pub(super) const BUFFER: usize = 64 << 10;
/// Calls of one line that are carried out at the same time; the others wait on the line.
const MAX_CALLS: usize = 4096;
/// A line from which nothing comes for so long is closed: who uses it pings.
const SILENT: Duration = Duration::from_secs(90);

/// Answers a gateway that opens a line (RFC 9110 §7.8).
pub fn open(
    gateway: &Gateway,
    mut request: Request<Incoming>,
    certificate: Option<Fingerprint>,
) -> Result<Response<Outgoing>, Fault> {
    let asked = request.headers().get(UPGRADE).is_some_and(|asked| asked.as_bytes() == PROTOCOL.as_bytes());
    if !asked {
        return Err(Kind::BadRequest.says(format!("gateways speak {PROTOCOL} here: ask for it with Upgrade")));
    }
    let (gateway, upgraded) = (gateway.clone(), hyper::upgrade::on(&mut request));
    tokio::spawn(async move {
        match upgraded.await {
            Ok(stream) => {
                let (lane, frames) = Lane::new(String::new(), certificate, gateway.log().clone());
                let stop = gateway.stopping().subscribe();
                run(gateway, Arc::new(lane), (TokioIo::new(stream), frames, stop)).await;
            }
            Err(error) => tracing::debug!(%error, "a line could not be opened"),
        }
    });
    let mut response = Response::new(Outgoing::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static(PROTOCOL));
    Ok(response)
}

/// Carries a line that another gateway opened, until it ends.
pub async fn run<S: AsyncRead + AsyncWrite>(
    gateway: Gateway,
    lane: Arc<Lane>,
    (stream, frames, stop): (S, mpsc::Receiver<Bytes>, watch::Receiver<bool>),
) {
    let (from, to) = tokio::io::split(stream);
    let places = Arc::new(Semaphore::new(MAX_CALLS));
    let why = tokio::select! {
        why = read(&gateway, (&lane, &places), from) => why.to_string(),
        why = lane::write(to, frames) => why.to_string(),
        why = tend(&lane, &places, stop) => why.to_owned(),
    };
    tracing::debug!(why, "a line of another gateway ended");
    lane.close(|| Kind::InternalError.says("the line broke"));
}

/// Ends a line that is dead, or when the program ends and its calls are finished.
async fn tend(lane: &Lane, places: &Semaphore, mut stop: watch::Receiver<bool>) -> &'static str {
    loop {
        tokio::select! {
            () = tokio::time::sleep(TENDED) => {
                if lane.silent() > SILENT {
                    return "nothing comes from the other side";
                }
            }
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    lane.send(frame::closing());
    // Calls that were sent before this was read are carried out too.
    loop {
        tokio::time::sleep(TENDED / 20).await;
        if places.available_permits() == MAX_CALLS && lane.silent() > TENDED / 10 {
            return "the program ends";
        }
    }
}

async fn read(
    gateway: &Gateway,
    (lane, places): (&Arc<Lane>, &Arc<Semaphore>),
    from: impl AsyncRead + Unpin,
) -> std::io::Error {
    let mut from = BufReader::with_capacity(BUFFER, from);
    loop {
        match lane.next(&mut from).await {
            Err(error) => return error,
            Ok(Frame::Bundle(bundle)) => {
                let hold = lane.hold(bundle.number);
                let wanted = bundle.messages.len().min(MAX_CALLS) as u32;
                let Ok(place) = Arc::clone(places).acquire_many_owned(wanted).await else {
                    return std::io::Error::other("the line takes no more calls");
                };
                let (gateway, lane) = (gateway.clone(), Arc::clone(lane));
                tokio::spawn(async move { take(&gateway, &lane, (bundle, hold, place)).await });
            }
            Ok(Frame::Stored(bundle)) => lane.release(bundle, true),
            Ok(Frame::Dropped(bundle)) => lane.release(bundle, false),
            Ok(Frame::Ping) => _ = lane.send(frame::pong()),
            Ok(Frame::Refused { .. } | Frame::Pong | Frame::Closing) => {}
        }
    }
}

fn refuse<'a>(lane: &Lane, fault: &Fault, requests: impl ExactSizeIterator<Item = &'a str>) {
    tracing::info!(code = %fault.code, message = fault.message, "calls of another gateway are refused");
    lane.send(frame::refused(&fault.code, &fault.message, requests));
}

/// The gateway that signed a bundle of requests.
fn check(
    gateway: &Gateway,
    roster: &Roster,
    (lane, bundle, opened): (&Lane, &Bundle, &Opened),
) -> Result<Arc<Peer>, Fault> {
    let bad = |why: &str| Kind::SignatureVerification.says(format!("the request is not signed rightly: {why}"));
    if roster.expires_at.is_some_and(|at| at < gateway.now()) {
        return Err(Kind::ProviderConfOutdated.says("the provider's federation document has expired; send again later"));
    }
    let peer = roster.peer_with(&bundle.key);
    let peer = peer.ok_or_else(|| Kind::SslAuthenticationFailed.says("no known gateway has this key"))?;
    let pinned = gateway.tls(Door::Gateways).is_some() && !peer.certificates.is_empty();
    if pinned && !lane.certificate.is_some_and(|shown| peer.certificates.contains(&shown)) {
        let why = format!("the connection's certificate is not one of {}", peer.server);
        return Err(Kind::SslAuthenticationFailed.says(why));
    }
    let key = peer.keys.get(&bundle.key).ok_or_else(|| bad("its key is unknown"))?;
    opened.check(gateway, bundle, key).map_err(|untrue| match untrue {
        Untrue::Altered => bad("its bytes are not those that were signed"),
        Untrue::Forged => bad("the signature is forged"),
        Untrue::Untimely(away) => Kind::SignatureVerification.says(format!(
            "the message was signed {away} s away from our clock, {} s are allowed; set the clocks and send again",
            gateway.limits().skew_seconds
        )),
    })?;
    Ok(Arc::clone(peer))
}

/// A request that goes on to its service.
struct Ready {
    asked: Asked,
    entry: Entry,
    /// The gateway that asks.
    peer: Arc<Peer>,
    arrived: Instant,
    /// The body travels beside the line.
    beside: bool,
}

async fn take(
    gateway: &Gateway,
    lane: &Arc<Lane>,
    (bundle, hold, mut place): (Bundle, oneshot::Receiver<bool>, OwnedSemaphorePermit),
) {
    let arrived = Instant::now();
    let Some(opened) = bundle::open(&bundle, Part::Request) else {
        return lane.close(|| Kind::SignatureVerification.says("the head of a request cannot be read"));
    };
    let roster = gateway.roster();
    let peer = match check(gateway, &roster, (lane, &bundle, &opened)) {
        Ok(peer) => peer,
        Err(fault) => return refuse(lane, &fault, opened.messages.iter().map(|came| came.request_id.as_str())),
    };
    let (mut ready, mut kept) = (Vec::with_capacity(opened.messages.len()), Vec::new());
    for (index, came) in opened.messages.iter().enumerate() {
        let fresh = || gateway.is_fresh(&came.request_id, bundle.created);
        match asked(&roster, &peer, came).and_then(|asked| fresh().map(|()| asked)) {
            Ok(asked) => {
                let (entry, beside) =
                    (asked.entry(Side::Provider, asked.body.size), matches!(came.body, Carried::Beside { .. }));
                ready.push(Ready { asked, entry, peer: Arc::clone(&peer), arrived, beside });
                kept.push(index);
            }
            Err(fault) => refuse(lane, &fault, [came.request_id.as_str()].into_iter()),
        }
    }
    let logged = async {
        for Ready { asked, entry, .. } in &mut ready {
            entry.kept = gateway.keep(entry, (asked.head.bytes(), &asked.body)).await?;
        }
        let signed = opened.signed(&bundle, &kept)?;
        let line = |(ready, signed): (&Ready, _)| Entry { peer: Some(signed), ..ready.entry.clone() };
        gateway.log().add(ready.iter().zip(signed).map(line).collect()).await?.taken().await
    };
    let (logged, stored) = tokio::join!(logged, hold);
    let taken = match (logged, stored) {
        (Ok(taken), Ok(true)) => taken,
        // Its gateway has denied the calls: its own log could not take them, or the line broke before it could tell.
        (Ok(_), _) => {
            let fault =
                Kind::LoggingFailed.says("the consumer's gateway did not confirm its own log; nothing was carried out");
            return ready.into_iter().for_each(|ready| gateway.log().note(ready.entry.failed(&fault)));
        }
        (Err(error), _) => {
            let fault = provider::denied(&error);
            return refuse(lane, &fault, ready.iter().map(|ready| ready.entry.names.request_id.as_str()));
        }
    };
    for ready in ready {
        if taken.contains(&place_of(&ready.entry.names.request_id)) {
            let fault = crate::gateway::replayed();
            refuse(lane, &fault, [ready.entry.names.request_id.as_str()].into_iter());
            gateway.log().note(ready.entry.failed(&fault));
            continue;
        }
        let (gateway, lane, place) = (gateway.clone(), Arc::clone(lane), place.split(1));
        tokio::spawn(async move {
            carry_out(&gateway, &lane, ready).await;
            drop(place);
        });
    }
}

fn asked(roster: &Roster, peer: &Peer, came: &Came) -> Result<Asked, Fault> {
    let broken = || Kind::SignatureVerification.says("the head of the request cannot be read");
    short(&came.head)?;
    let client = came.head.last("x-road-client").ok_or_else(broken)?;
    let client = ClientId::parse(client, roster.alphabet).map_err(|_| broken())?.to_string();
    if !peer.subsystems.contains(&client) {
        return Err(Kind::UnknownMember.says(format!("{client} is not a client of {}", peer.server)));
    }
    let message_id = came.head.last("x-road-id").ok_or_else(broken)?.to_owned();
    let address = Address::parse(came.head.second(), roster.alphabet)?;
    let (body, size) = match &came.body {
        Carried::Here(body) => (body.clone(), body.len() as u64),
        Carried::Beside { size, .. } => (Bytes::new(), *size),
    };
    let body = Taken { body: Kept::Memory(body), digest: came.digest, size };
    let (head, ids) = (came.head.clone(), (came.request_id.clone(), message_id));
    let names = Names::of(&head, (client, address.text.clone()), ids);
    Ok(Asked { head, body, hash: came.hash, address, names })
}

/// Numbers and names of a call go into the log: they are short.
pub(crate) fn short(head: &Head) -> Result<(), Fault> {
    let named = ["x-road-id", "x-road-userid", "x-road-issue", "x-road-represented-party"];
    let long = named.into_iter().find(|name| {
        let mut own = head.headers().filter(|header| header.name.eq_ignore_ascii_case(name));
        own.any(|header| header.value.len() > MAX_NAME || std::str::from_utf8(header.value).is_err())
    });
    match long {
        Some(name) => Err(Kind::InvalidRequest.says(format!("{name} must be UTF-8 of at most {MAX_NAME} bytes"))),
        None => Ok(()),
    }
}

/// How long a body beside the line may take until it is here.
const BODY_WITHIN: Duration = Duration::from_secs(600);

/// The body that travels beside the line, when it is the one that was signed.
async fn whole(gateway: &Gateway, peer: &Peer, asked: &mut Asked) -> Result<(), Fault> {
    let coming = gateway.beside().want(&peer.server, &asked.names.request_id);
    let came = tokio::time::timeout(BODY_WITHIN, coming).await;
    gateway.beside().forget(&asked.names.request_id);
    let Ok(Ok(body)) = came else {
        return Err(Kind::SignatureVerification.says("the request's body did not come"));
    };
    if body.digest != asked.body.digest || body.size != asked.body.size {
        return Err(Kind::SignatureVerification.says("the request's body is not the one that was signed"));
    }
    asked.body = body;
    Ok(())
}

async fn carry_out(gateway: &Gateway, lane: &Arc<Lane>, ready: Ready) {
    let Ready { mut asked, entry, peer, arrived, beside } = ready;
    let (ours, request_bytes) = (Ours::of(&asked), asked.body.size);
    let served = async {
        // Whether the client may is known before one byte of a large body is taken.
        let target = provider::target(&gateway.roster(), &asked)?;
        if beside {
            whole(gateway, &peer, &mut asked).await?;
            gateway.keep_late(entry.kept.as_ref(), &asked.body).await.map_err(|error| provider::denied(&error))?;
            provider::target(&gateway.roster(), &asked)?; // a large body takes its time
        }
        provider::answer(gateway, &target, asked).await
    };
    let served = served.await;
    provider::note(gateway, (&entry, Side::Provider), (&served, arrived, request_bytes));
    let (answered, fault) = match served {
        Ok(answered) => (answered, String::new()),
        Err(fault) => (provider::as_answer(&fault, &ours), fault.code.into_owned()),
    };
    let mut line = Entry { fault, ..answered.entry(entry) };
    match gateway.keep(&line, (answered.head.bytes(), &answered.body)).await {
        Ok(kept) => line.kept = kept,
        Err(error) => {
            tracing::error!(%error, "an answer is thrown away, as it cannot be kept");
            let fault = Kind::LoggingFailed.says(UNKNOWN_END);
            refuse(lane, &fault, [line.names.request_id.as_str()].into_iter());
            return gateway.log().note(line.failed(&fault));
        }
    }
    let message = Message { head: answered.head.bytes().clone(), body: Carried::of(&answered.body) };
    if matches!(message.body, Carried::Beside { .. }) {
        Beside::offer(gateway, &peer.server, (&line.names.request_id, answered.body));
    }
    if let Err(error) = gateway.log().post(line, (Arc::clone(lane), message)).await {
        tracing::error!(%error, "an answer is thrown away, as it cannot be logged");
    }
}
