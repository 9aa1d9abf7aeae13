//! The consumer's side: who asks → which service → log the request → the provider's side → check → log the answer → hand
//! it over. The provider's side acts on no request before our log has it, and no answer is told before both logs have it.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use hyper::Response;
use tokio::sync::oneshot;

use crate::arriving::Arriving;
use crate::body::{self, Broken, Outgoing};
use crate::gateway::Gateway;
use crate::log::entry::{Names, Side};
use crate::message::{Answered, Asked};
use crate::places::Place;
use crate::protocol::address::Address;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::message_hash;
use crate::protocol::head::{Added, Header, request_head};
use crate::protocol::ids::ClientId;
use crate::provider;
use crate::roster::{Peer, Roster, Subsystem};
use crate::tls::Fingerprint;
use crate::traffic::{Key, Taken};
use crate::wire::beside;
use crate::wire::far::short;
use crate::wire::frame::{Carried, Message};
use crate::wire::lane::Waiting;

/// A request of an information system, as it stands at the door.
pub struct Call<'a> {
    pub verb: &'a str,
    pub target: &'a str,
    /// As they came: order and case.
    pub headers: &'a [(&'a str, &'a [u8])],
    pub from: IpAddr,
    /// SHA-256 of the certificate that the caller showed.
    pub certificate: Option<Fingerprint>,
    /// At the door; None: it came by none.
    pub(crate) place: Option<Arc<Place>>,
}

impl Call<'_> {
    /// The last header of a name, as text.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().rev().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.1).ok()
    }
}

/// Carries a call out and counts it. An error is a fault of the exchange; what the application answers, with whatever
/// status, is none. `incoming`: None: the request has no body.
pub async fn call(
    gateway: &Gateway,
    call: &Call<'_>,
    incoming: Option<&mut Arriving>,
) -> Result<Response<Outgoing>, Fault> {
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
        (taken.before, taken.inner, taken.answer_bytes) = (answered.before(begun), answered.took, answered.body.size);
    }
    taken.total = begun.elapsed();
    gateway.traffic().note(key, taken);
    answered.and_then(deliver)
}

async fn carry(
    gateway: &Gateway,
    (call, incoming): (&Call<'_>, Option<&mut Arriving>),
    (key, taken): (&mut Key, &mut Taken),
) -> Result<Answered, Fault> {
    let roster = gateway.roster();
    let client = who(&roster, call)?;
    key.client.clone_from(&client.text);
    let address = Address::parse(call.target, roster.alphabet)?;
    let peer = way(&roster, call, (&address, gateway.now()))?;
    if peer.is_some() || roster.service(&address.text).is_some() {
        key.service.clone_from(&address.text);
    }
    if peer.is_none() {
        key.side = Side::Both;
    }
    let body = match incoming {
        Some(incoming) => gateway.limits().spool.take(incoming).await.map_err(cut)?,
        None => body::Taken::text(String::new()),
    };
    taken.request_bytes = body.size;
    let asked = asked(&roster, call, &client, (address, body));
    short(&asked.head)?;
    match peer {
        Some(peer) => across(gateway, peer, (asked, call.place.clone())).await,
        None => within(gateway, (asked, call.place.clone())).await,
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
    let provider = address.provider();
    let peer = match roster.subsystem(provider) {
        Some(_) => None,
        None => Some(roster.peer_of(provider).ok_or_else(|| {
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

/// The request as it goes into the log and to its provider.
pub(crate) fn asked(
    roster: &Roster,
    call: &Call<'_>,
    client: &Subsystem,
    (address, body): (Address, body::Taken),
) -> Asked {
    let request_id = Gateway::uuid();
    let given = call.last("x-road-id").filter(|id| !id.is_empty());
    let made = given.is_none().then(|| format!("{}-{}", roster.instance, Gateway::uuid()));
    let headers = call.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("tb-token"));
    let headers = headers.map(|&(name, value)| Header { name, value });
    let added = Added { request_id: &request_id, message_id: made.as_deref() };
    let head = request_head(call.verb, call.target, headers, added);
    let hash = message_hash(head.bytes(), body.digest.as_ref());
    let message_id = made.unwrap_or_else(|| given.unwrap_or_default().to_owned());
    let names = Names::of(&head, (client.text.clone(), address.text.clone()), (request_id, message_id));
    Asked { head, body, hash, address, names }
}

fn logging(error: platform::Error) -> Fault {
    tracing::error!(%error, "a call is denied, as it cannot be logged");
    Kind::ClientLoggingFailed.says("this gateway cannot write its message log now; nothing was disclosed, send again")
}

/// Consumer and provider are served by this gateway: one log has both sides. The call goes to its end even when the caller
/// goes away.
async fn within(gateway: &Gateway, (asked, place): (Asked, Option<Arc<Place>>)) -> Result<Answered, Fault> {
    let gateway = gateway.clone();
    let served = tokio::spawn(async move {
        let mut entry = asked.entry(Side::Both, asked.body.size);
        let logged = async {
            entry.kept = gateway.keep(&entry, (asked.head.bytes(), &asked.body)).await?;
            gateway.log().add(vec![entry.clone()]).await?.wait().await
        };
        if let Err(error) = logged.await {
            let fault = logging(error);
            gateway.log().note(entry.failed(&fault));
            return Err(fault);
        }
        let served = provider::serve_own(&gateway, asked, entry).await;
        drop(place);
        served
    });
    served.await.unwrap_or_else(|_| Err(Kind::InternalError.says("this gateway failed; ask how the call stands")))
}

/// The call goes to its end also when the caller goes away: first by itself, then on the line.
async fn across(
    gateway: &Gateway,
    peer: Arc<Peer>,
    (asked, place): (Asked, Option<Arc<Place>>),
) -> Result<Answered, Fault> {
    let (entry, (reply, answer)) = (asked.entry(Side::Consumer, asked.body.size), oneshot::channel());
    let waiting = Box::new(Waiting { entry, begun: Instant::now(), reply, _place: place });
    let gateway = gateway.clone();
    tokio::spawn(async move { set_out(&gateway, &peer, (asked, waiting)).await });
    answer.await.unwrap_or_else(|_| Err(Kind::ClientIoError.says("the line to the provider's gateway broke")))
}

/// Brings a call on its line. What comes of it there, or that it came on none, the log and `waiting` are told.
async fn set_out(gateway: &Gateway, peer: &Peer, (asked, mut waiting): (Asked, Box<Waiting>)) {
    match gateway.keep(&waiting.entry, (asked.head.bytes(), &asked.body)).await {
        Ok(kept) => waiting.entry.kept = kept,
        Err(error) => return stay(gateway, *waiting, logging(error)).await,
    }
    let entry = waiting.entry.clone();
    // A line may be closing at this moment: then another is opened.
    let lane = loop {
        let lane = match peer.line.lane(gateway, (&peer.server, &peer.origin)).await {
            Ok(lane) => lane,
            Err(fault) => return stay(gateway, *waiting, fault).await,
        };
        match lane.expect(waiting) {
            Ok(()) => break lane,
            Err(back) => waiting = back,
        }
    };
    let message = Message { head: asked.head.bytes().clone(), body: Carried::of(&asked.body) };
    let beside = matches!(message.body, Carried::Beside { .. });
    if let Err(error) = gateway.log().post(entry, (Arc::clone(&lane), message)).await {
        return lane.end(&asked.names.request_id, logging(error));
    }
    if beside {
        let (origin, names, body) = (Arc::clone(&peer.origin), asked.names, asked.body);
        tokio::spawn(async move {
            if let Err(why) = beside::put(&origin, &names.request_id, body).await {
                tracing::warn!(peer = lane.server, why, "the body of a request could not be sent");
                let lost = "the body could not be sent to the provider's gateway; nothing was carried out, send again";
                lane.end(&names.request_id, Kind::ClientNetworkError.says(lost));
            }
        });
    }
}

/// Ends a call for which there is no line. The log has that it was made, and how it ended.
async fn stay(gateway: &Gateway, waiting: Waiting, fault: Fault) {
    let lines = vec![waiting.entry.clone(), waiting.entry.failed(&fault)];
    if let Err(error) = gateway.log().add(lines).await {
        tracing::warn!(%error, "a call that failed is not in the message log");
    }
    drop(waiting.reply.send(Err(fault))); // the caller may have gone
}

fn deliver(answered: Answered) -> Result<Response<Outgoing>, Fault> {
    let broken = || Kind::InconsistentResponse.says("the answer's head cannot be read");
    let mut builder = Response::builder().status(answered.status);
    if let Some(headers) = builder.headers_mut() {
        answered.head.put(headers, |_, _| true).ok_or_else(broken)?;
    }
    builder.body(answered.body.into()).map_err(|_| broken())
}
