//! Bodies that are too large for a line travel beside it, over connections of their own: `PUT` and `GET /tb1/body/REQUEST`.
//! Which bytes they must be was signed with the message; what is not expected, or by somebody else, is not taken.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use tokio::sync::oneshot;

use super::BODY_PATH;
use crate::body::{Broken, Outgoing, Taken};
use crate::gateway::Gateway;
use crate::pool::{CallError, Origin};
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::hash::Hash512;
use crate::roster::Peer;
use crate::serve::Door;
use crate::tls::Fingerprint;

/// A body may come before its message has been read: it waits so many times so long.
const LOOKS: usize = 50;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// A body that nobody fetches is thrown away.
const KEPT: Duration = Duration::from_secs(60);
/// A body must begin and end within this time.
const WITHIN: Duration = Duration::from_secs(600);

/// Bodies on their way, by the numbers of their requests.
#[derive(Default)]
pub struct Beside {
    /// Each with the gateway that brings it.
    wanted: Mutex<HashMap<String, (String, oneshot::Sender<Taken>)>>,
    /// Each with the gateway that may fetch it.
    offered: Mutex<HashMap<String, (String, Taken)>>,
}

impl Beside {
    /// A body that the gateway `server` is going to send.
    pub fn want(&self, server: &str, request_id: &str) -> oneshot::Receiver<Taken> {
        let (sender, receiver) = oneshot::channel();
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.insert(request_id.to_owned(), (server.to_owned(), sender));
        receiver
    }

    /// The body is not waited for any more.
    pub fn forget(&self, request_id: &str) {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).remove(request_id);
    }

    fn wanted(&self, request_id: &str, may: impl Fn(&str) -> bool) -> Option<oneshot::Sender<Taken>> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.get(request_id).filter(|(from, _)| may(from))?;
        wanted.remove(request_id).map(|(_, sender)| sender)
    }

    /// Keeps a body until the gateway `server` fetches it.
    pub fn offer(gateway: &Gateway, server: &str, (request_id, body): (&str, Taken)) {
        let offered = || gateway.beside().offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered().insert(request_id.to_owned(), (server.to_owned(), body));
        let (gateway, request_id) = (gateway.clone(), request_id.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            gateway.beside().offered.lock().unwrap_or_else(PoisonError::into_inner).remove(&request_id);
        });
    }

    fn offered(&self, request_id: &str, may: impl Fn(&str) -> bool) -> Option<Taken> {
        let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
        offered.get(request_id).filter(|(to, _)| may(to))?;
        offered.remove(request_id).map(|(_, body)| body)
    }
}

/// Answers another gateway that brings or fetches a body.
pub async fn serve(
    gateway: &Gateway,
    request: Request<Incoming>,
    certificate: Option<Fingerprint>,
) -> Result<Response<Outgoing>, Fault> {
    let request_id = request.uri().path().strip_prefix(BODY_PATH).unwrap_or_default().to_owned();
    let unknown = || Kind::SignatureVerification.says("no message with this body was signed by who sends or asks");
    // By name, not by the line's certificate: one of the two may have been renewed.
    let may = |server: &str| {
        let roster = gateway.roster();
        let shows = |peer: &Peer| {
            peer.certificates.is_empty() || certificate.is_some_and(|shown| peer.certificates.contains(&shown))
        };
        roster.peer_named(server).is_some_and(|peer| gateway.tls(Door::Gateways).is_none() || shows(peer))
    };
    match *request.method() {
        Method::PUT => {
            let mut looked = 0;
            let taker = loop {
                match gateway.beside().wanted(&request_id, may) {
                    Some(taker) => break taker,
                    None if looked == LOOKS => return Err(unknown()),
                    None => tokio::time::sleep(BETWEEN_LOOKS).await,
                }
                looked += 1;
            };
            let body = gateway.limits().spool.take(request.into_body()).await.map_err(cut)?;
            drop(taker.send(body)); // the call may have ended
            Ok(Response::new(Outgoing::empty()))
        }
        Method::GET => match gateway.beside().offered(&request_id, may) {
            Some(body) => Ok(Response::new(body.into())),
            None => Err(unknown()),
        },
        _ => Err(Kind::BadRequest.says("a body is brought with PUT and fetched with GET")),
    }
}

fn cut(broken: Broken) -> Fault {
    match broken {
        Broken::TooLarge { limit } => {
            Kind::AccessDenied.says(format!("the body is larger than {limit} bytes, which this gateway takes"))
        }
        Broken::Stopped(why) => Kind::SignatureVerification.says(format!("the body broke off half-way: {why}")),
        Broken::Spool(error) => {
            tracing::error!(%error, "the spool cannot be written");
            Kind::InternalError.says("the provider's gateway cannot take the body now; send again later")
        }
    }
}

fn to(origin: &Origin, (method, request_id): (Method, &str), body: Outgoing) -> Result<Request<Outgoing>, String> {
    let request = Request::builder().method(method).uri(format!("{BODY_PATH}{request_id}"));
    request.header(hyper::header::HOST, &origin.authority).body(body).map_err(|error| error.to_string())
}

fn told(error: CallError) -> String {
    let (CallError::Connect(why) | CallError::Io(why)) = error;
    why
}

/// Brings a body to the provider's gateway. The error says what happened, for the log.
pub async fn put(origin: &Origin, request_id: &str, body: Taken) -> Result<(), String> {
    let sent = tokio::time::timeout(WITHIN, origin.send(to(origin, (Method::PUT, request_id), body.into())?)).await;
    let answering = sent.map_err(|_| "it was not taken in time".to_owned())?.map_err(told)?;
    let status = answering.response.status();
    if status.is_success() { Ok(()) } else { Err(format!("it was answered with {status}")) }
}

/// Fetches a body from the provider's gateway and checks that it is the one that was signed.
pub async fn get(
    gateway: &Gateway,
    origin: &Arc<Origin>,
    (request_id, digest): (&str, Hash512),
) -> Result<Taken, Fault> {
    let failed = |why: String| {
        tracing::warn!(peer = origin.authority, why, "the body of an answer could not be fetched");
        Kind::ClientIoError.says("the answer's body could not be fetched from the provider's gateway; send again")
    };
    let request = to(origin, (Method::GET, request_id), Outgoing::empty()).map_err(failed)?;
    let sent = tokio::time::timeout(WITHIN, origin.send(request)).await;
    let answering = sent.map_err(|_| failed("it did not come in time".into()))?.map_err(|error| failed(told(error)))?;
    let (response, connection) = answering.split();
    if !response.status().is_success() {
        return Err(failed(format!("it was answered with {}", response.status())));
    }
    let body = gateway.limits().spool.take(response.into_body()).await.map_err(|broken| match broken {
        Broken::TooLarge { limit } => {
            Kind::ClientIoError.says(format!("the answer is larger than {limit} bytes, which this gateway takes"))
        }
        Broken::Stopped(why) => failed(why),
        Broken::Spool(error) => failed(format!("the spool cannot be written: {error}")),
    })?;
    origin.done(connection);
    if body.digest == Some(digest) {
        Ok(body)
    } else {
        Err(Kind::InconsistentResponse.says("the answer's body is not the one that was signed; it was thrown away"))
    }
}
