//! The consumer's gateway asks the provider's.
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::{Method, Request, Response};

use super::sign::{self, Covered};
use super::{ANSWER_HASH, HEAD, PATH, REQUEST_HASH, SIGNATURE, SIGNATURE_INPUT, text};
use crate::body::{Broken, Outgoing};
use crate::gateway::Gateway;
use crate::log::Signed;
use crate::log::entry::Part;
use crate::message::{Answered, Asked};
use crate::pool::CallError;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::{self, message_hash};
use crate::protocol::head::ReadHead;
use crate::roster::Peer;

/// A gateway that says nothing for so long is cut off from us. Longer than any service may take.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(150);
/// Faults of a request that the provider's gateway finds.
const CLIENTS: [&str; 3] = ["client.bad_request", "client.invalid_request", "client.invalid_protocol_version"];
/// Characters of another gateway's words that are told on.
const TOLD: usize = 500;

/// An answer whose signature holds.
pub struct Received {
    pub answered: Answered,
    pub signed: Signed,
}

/// What is asked of the answer, kept while the request travels.
struct Expected {
    request_id: String,
    message_id: String,
    client: String,
    service: String,
    hash: hash::Hash512,
}

/// Sends a signed request and checks the answer. Nothing that fails a check goes further.
pub async fn send(gateway: &Gateway, peer: &Peer, asked: Asked, signed: &Signed) -> Result<Received, Fault> {
    let expected = Expected {
        request_id: asked.request_id.clone(),
        message_id: asked.message_id.clone(),
        client: asked.client.clone(),
        service: asked.address.service.to_string(),
        hash: asked.hash,
    };
    let request = build(peer, asked, signed)?;
    let begun = Instant::now();
    let sent = tokio::time::timeout(ANSWER_WITHIN, peer.origin.send(request)).await;
    let sent = sent.unwrap_or_else(|_| Err(CallError::Io("no answer came in time".into())));
    let answering = sent.map_err(|error| unreachable(peer, &error))?;
    let (response, connection) = answering.split();
    let failed = response.headers().contains_key("x-road-error");
    let (parts, incoming) = response.into_parts();
    let body = gateway.limits().spool.take(incoming).await.map_err(|broken| cut(peer, broken))?;
    peer.origin.done(connection);
    if failed {
        return Err(fault_of(peer, &parts.headers, body));
    }
    let mut received = check(gateway, peer, (&Response::from_parts(parts, ()), body), &expected)?;
    received.answered.took = begun.elapsed();
    Ok(received)
}

fn build(peer: &Peer, asked: Asked, signed: &Signed) -> Result<Request<Outgoing>, Fault> {
    let (part, request_id) = (Part::Request, asked.request_id.as_str());
    let covered = Covered { part, request_id, hash: &asked.hash, created: signed.created, key: &signed.key };
    Request::builder()
        .method(Method::POST)
        .uri(PATH)
        .header(hyper::header::HOST, &peer.origin.authority)
        .header(HEAD, STANDARD.encode(&asked.head))
        .header(REQUEST_HASH, hash::to_text(&asked.hash))
        .header(SIGNATURE_INPUT, covered.input_header())
        .header(SIGNATURE, sign::signature_header(&signed.signature))
        .body(asked.body.into())
        .map_err(|_| Kind::BadRequest.says("the request cannot be passed on: its head is broken"))
}

fn unreachable(peer: &Peer, error: &CallError) -> Fault {
    let (CallError::Connect(why) | CallError::Io(why)) = error;
    tracing::warn!(peer = peer.server, why, "another gateway cannot be reached");
    Kind::ClientNetworkError.says(format!("the gateway {} cannot be reached now; send again later", peer.server))
}

fn cut(peer: &Peer, broken: Broken) -> Fault {
    match broken {
        Broken::TooLarge { limit } => {
            Kind::ClientIoError.says(format!("the answer is larger than {limit} bytes, which this gateway takes"))
        }
        Broken::Stopped(why) => {
            tracing::warn!(peer = peer.server, why, "an answer broke off");
            Kind::ClientIoError.says(format!("the answer of {} broke off half-way; send again", peer.server))
        }
        Broken::Spool(error) => {
            tracing::error!(%error, "the spool cannot be written");
            Kind::ClientIoError.says("this gateway cannot take the answer now; send again later")
        }
    }
}

/// The other gateway's fault, as it told it.
fn fault_of(peer: &Peer, headers: &hyper::HeaderMap, body: crate::body::Taken) -> Fault {
    let known = |code: &&str| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        code.len() <= 80
            && code.bytes().all(plain)
            && (code.starts_with("server.serverproxy.") || CLIENTS.contains(code))
    };
    let code = text(headers, "x-road-error").filter(known).unwrap_or("server.serverproxy.internal_error").to_owned();
    let told = match body.body {
        crate::body::Kept::Memory(bytes) => serde_json::from_slice::<serde_json::Value>(&bytes).ok(),
        crate::body::Kept::File(_) => None,
    };
    let message = told.as_ref().and_then(|told| told["message"].as_str()).unwrap_or("it gave no reason");
    let message: String = message.chars().filter(|c| !c.is_control()).take(TOLD).collect();
    Fault { code: code.into(), message: format!("{}: {message}", peer.server) }
}

fn inconsistent(what: &str) -> Fault {
    Kind::InconsistentResponse.says(format!("the answer does not belong to the request: {what}; it was thrown away"))
}

/// The signature, the hash, and that the answer is the one to this request.
fn check(
    gateway: &Gateway,
    peer: &Peer,
    (response, body): (&Response<()>, crate::body::Taken),
    expected: &Expected,
) -> Result<Received, Fault> {
    let headers = response.headers();
    let head = text(headers, HEAD).and_then(|text| STANDARD.decode(text).ok());
    let head = head.ok_or_else(|| inconsistent("it has no head"))?;
    let hash = message_hash(&head, body.digest.as_ref());
    if text(headers, ANSWER_HASH).and_then(hash::from_text) != Some(hash) {
        return Err(inconsistent("its bytes are not those that were hashed"));
    }
    let signed = signed(gateway, peer, headers, (expected, &hash))?;
    let read = ReadHead::parse(&head).filter(ReadHead::is_clean);
    let read = read.ok_or_else(|| inconsistent("its head cannot be passed on"))?;
    for (name, wanted) in [
        ("x-road-request-id", &expected.request_id),
        ("x-road-id", &expected.message_id),
        ("x-road-client", &expected.client),
        ("x-road-service", &expected.service),
        ("x-road-request-hash", &hash::to_text(&expected.hash)),
    ] {
        if read.last(name) != Some(wanted) {
            return Err(inconsistent(&format!("{name} is another")));
        }
    }
    let status = read.first.parse().ok().filter(|status| (200..600).contains(status));
    let status = status.ok_or_else(|| inconsistent("it has no status"))?;
    Ok(Received { answered: Answered { head, body, hash, status, took: Duration::ZERO }, signed })
}

fn signed(
    gateway: &Gateway,
    peer: &Peer,
    headers: &hyper::HeaderMap,
    (expected, hash): (&Expected, &hash::Hash512),
) -> Result<Signed, Fault> {
    let bad =
        |why: &str| Kind::InvalidSignature.says(format!("the answer of {} is not signed rightly: {why}", peer.server));
    let input = text(headers, SIGNATURE_INPUT).ok_or_else(|| bad("no signature"))?;
    let (created, key) = sign::read_input(input).ok_or_else(|| bad("it cannot be read"))?;
    let signature = text(headers, SIGNATURE).and_then(sign::read_signature).ok_or_else(|| bad("it cannot be read"))?;
    let public = peer.keys.get(key).ok_or_else(|| bad("its key is not one of that gateway"))?;
    let covered = Covered { part: Part::Answer, request_id: &expected.request_id, hash, created, key };
    if gateway.now().abs_diff(created) > gateway.limits().skew_seconds.unsigned_abs() {
        return Err(bad("it was signed at another time; the clocks differ"));
    }
    if covered.input_header() != input || !signature.covers(covered.base().as_bytes()) {
        return Err(bad("it covers something else"));
    }
    if !gateway.trusts(&signature.root, public, key) {
        return Err(bad("the signature is forged"));
    }
    Ok(Signed { key: key.into(), created, signature })
}
