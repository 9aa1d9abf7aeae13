//! The provider's gateway hears the consumer's: who signed, whether it is fresh, whether the bytes are those that were signed.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use hyper::{Request, Response};

use super::sign::{self, Covered};
use super::{ANSWER_HASH, HEAD, REQUEST_HASH, SIGNATURE, SIGNATURE_INPUT, text};
use crate::body::{self, Broken, Outgoing};
use crate::gateway::Gateway;
use crate::log::Signed;
use crate::log::entry::Part;
use crate::message::Asked;
use crate::protocol::address::Address;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::{self, message_hash};
use crate::protocol::head::ReadHead;
use crate::protocol::ids::ClientId;
use crate::provider::{self, Served};
use crate::serve::Door;
use crate::tls::Fingerprint;

/// Bytes of a number or name that goes into the log.
const MAX_NAME: usize = 255;

/// Answers another gateway.
pub async fn accept(
    gateway: &Gateway,
    request: Request<Incoming>,
    certificate: Option<Fingerprint>,
) -> Result<Response<Outgoing>, Fault> {
    let (parts, incoming) = request.into_parts();
    let bad = |why: &str| Kind::SignatureVerification.says(format!("the request is not signed rightly: {why}"));
    let head = text(&parts.headers, HEAD).and_then(|text| STANDARD.decode(text).ok());
    let head = head.ok_or_else(|| bad("it has no head"))?;
    let hash = text(&parts.headers, REQUEST_HASH).and_then(hash::from_text).ok_or_else(|| bad("it has no hash"))?;
    // Who sends is known before one byte of the body is taken; then the bytes must be those that were signed.
    let mut asked = read(gateway, head, body::Taken::text(String::new()), hash)?;
    let signed = verify(gateway, &parts.headers, (&asked, certificate))?;
    asked.body = gateway.limits().spool.take(incoming).await.map_err(cut)?;
    if message_hash(&asked.head, asked.body.digest.as_ref()) != hash {
        return Err(bad("its bytes are not those that were hashed"));
    }
    let request_id = asked.request_id.clone();
    let served = provider::serve(gateway, asked, Some(signed)).await?;
    respond(served, &request_id)
}

fn cut(broken: Broken) -> Fault {
    match broken {
        Broken::TooLarge { limit } => {
            Kind::AccessDenied.says(format!("the request is larger than {limit} bytes, which this gateway takes"))
        }
        Broken::Stopped(why) => Kind::SignatureVerification.says(format!("the request broke off half-way: {why}")),
        Broken::Spool(error) => {
            tracing::error!(%error, "the spool cannot be written");
            Kind::InternalError.says("the provider's gateway cannot take the request now; send again later")
        }
    }
}

fn read(gateway: &Gateway, head: Vec<u8>, body: body::Taken, hash: hash::Hash512) -> Result<Asked, Fault> {
    let broken = || Kind::SignatureVerification.says("the head of the request cannot be read");
    let alphabet = gateway.roster().alphabet;
    let read = ReadHead::parse(&head).filter(ReadHead::is_clean).ok_or_else(broken)?;
    short(&read)?;
    let client = read.last("x-road-client").ok_or_else(broken)?;
    let client = ClientId::parse(client, alphabet).map_err(|_| broken())?.to_string();
    let (request_id, message_id) = (read.last("x-road-request-id"), read.last("x-road-id"));
    let (request_id, message_id) =
        (request_id.ok_or_else(broken)?.to_owned(), message_id.ok_or_else(broken)?.to_owned());
    let (verb, address) = (read.first.to_owned(), Address::parse(read.second, alphabet)?);
    Ok(Asked { head, body, hash, verb, address, client, request_id, message_id })
}

/// Numbers and names of a call go into the log: they are short.
pub(crate) fn short(head: &ReadHead<'_>) -> Result<(), Fault> {
    let named = ["x-road-id", "x-road-userid", "x-road-issue", "x-road-represented-party"];
    let long = named.into_iter().find(|name| {
        let own = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        own.into_iter().any(|header| header.value.len() > MAX_NAME || std::str::from_utf8(header.value).is_err())
    });
    match long {
        Some(name) => Err(Kind::InvalidRequest.says(format!("{name} must be UTF-8 of at most {MAX_NAME} bytes"))),
        None => Ok(()),
    }
}

/// The gateway that signed must be the one that serves the client.
fn verify(
    gateway: &Gateway,
    headers: &hyper::HeaderMap,
    (asked, certificate): (&Asked, Option<Fingerprint>),
) -> Result<Signed, Fault> {
    let bad = |why: &str| Kind::SignatureVerification.says(format!("the request is not signed rightly: {why}"));
    let input = text(headers, SIGNATURE_INPUT).ok_or_else(|| bad("no signature"))?;
    let (created, key) = sign::read_input(input).ok_or_else(|| bad("it cannot be read"))?;
    let signature = text(headers, SIGNATURE).and_then(sign::read_signature).ok_or_else(|| bad("it cannot be read"))?;
    let roster = gateway.roster();
    if roster.expires_at.is_some_and(|at| at < gateway.now()) {
        return Err(Kind::ProviderConfOutdated.says("the provider's federation document has expired; send again later"));
    }
    let peer = roster.peer_with(key);
    let peer = peer.ok_or_else(|| Kind::SslAuthenticationFailed.says("no known gateway has this key"))?;
    let pinned = gateway.tls(Door::Gateways).is_some() && !peer.certificates.is_empty();
    if pinned && !certificate.is_some_and(|shown| peer.certificates.contains(&shown)) {
        let why = format!("the connection's certificate is not one of {}", peer.server);
        return Err(Kind::SslAuthenticationFailed.says(why));
    }
    let public = peer.keys.get(key).ok_or_else(|| bad("its key is unknown"))?;
    if !peer.subsystems.contains(&asked.client) {
        return Err(Kind::UnknownMember.says(format!("{} is not a client of {}", asked.client, peer.server)));
    }
    let covered = Covered { part: Part::Request, request_id: &asked.request_id, hash: &asked.hash, created, key };
    if covered.input_header() != input || !signature.covers(covered.base().as_bytes()) {
        return Err(bad("it covers something else"));
    }
    if !gateway.trusts(&signature.root, public, key) {
        return Err(bad("the signature is forged"));
    }
    gateway.is_fresh(&asked.request_id, created)?;
    Ok(Signed { key: key.into(), created, signature })
}

fn respond(served: Served, request_id: &str) -> Result<Response<Outgoing>, Fault> {
    let Served { answered, signed } = served;
    let (part, created, key) = (Part::Answer, signed.created, &*signed.key);
    let covered = Covered { part, request_id, hash: &answered.hash, created, key };
    Response::builder()
        .header(HEAD, STANDARD.encode(&answered.head))
        .header(ANSWER_HASH, hash::to_text(&answered.hash))
        .header(SIGNATURE_INPUT, covered.input_header())
        .header(SIGNATURE, sign::signature_header(&signed.signature))
        .body(answered.body.into())
        .map_err(|_| Kind::InternalError.says("the answer's head cannot be sent"))
}
