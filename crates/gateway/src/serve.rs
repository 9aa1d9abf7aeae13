//! The two doors: one for information systems (X-Road's REST protocol), one for other gateways.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body::Body as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::arriving::Arriving;
use crate::body::Outgoing;
use crate::consumer::{self, Call};
use crate::gateway::Gateway;
use crate::meta;
use crate::patience::Patient;
use crate::places::{Place, Places};
use crate::pool::{MAX_HEAD, Stream};
use crate::protocol::fault::{Fault, Kind, Spelling};
use crate::tap::{self, Tap, Tapped};
use crate::tls::Fingerprint;
use crate::wire;

/// A caller who sends its head slower than this is cut off.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// How long calls under way may take when the program ends.
const GRACE: Duration = Duration::from_secs(30);

/// Which door a connection came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Systems,
    Gateways,
}

/// Serves a door until `stop` says true; then calls under way are finished.
pub async fn serve(gateway: Gateway, listener: TcpListener, door: Door, mut stop: watch::Receiver<bool>) {
    let places = Places::new(&gateway.limits().doors);
    // Every connection holds the sender until it ends.
    let (alive, mut connections) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = places.next(&listener) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, from, place)) => {
                let connection = connection(gateway.clone(), (stream, place), (from, door), stop.clone());
                let alive = alive.clone();
                tokio::spawn(async move {
                    connection.await;
                    drop(alive);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let ended = async {
        drop(alive);
        while connections.recv().await.is_some() {}
        if door == Door::Gateways {
            gateway.stopping().send_replace(true);
            gateway.stopping().closed().await;
        }
    };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!("calls were cut off at the end");
    }
}

/// Where a connection comes from and what it showed.
#[derive(Clone)]
struct Caller {
    from: SocketAddr,
    door: Door,
    certificate: Option<Fingerprint>,
    place: Arc<Place>,
}

async fn connection(
    gateway: Gateway,
    (stream, place): (TcpStream, Place),
    (from, door): (SocketAddr, Door),
    stop: watch::Receiver<bool>,
) {
    drop(stream.set_nodelay(true));
    let place = Arc::new(place);
    // Under TLS, so that what the other end takes is seen as it is.
    let stream = Patient::new(stream, gateway.limits().doors.write_within).at(&place);
    let Some(tls) = gateway.tls(door).cloned() else {
        return talk(gateway, stream, Caller { from, door, certificate: None, place }, stop).await;
    };
    match tokio::time::timeout(HEAD_WITHIN, tls.accept(stream)).await {
        Ok(Ok((stream, certificate))) => {
            talk(gateway, stream, Caller { from, door, certificate: Some(certificate), place }, stop).await;
        }
        Ok(Err(error)) => tracing::info!(%error, "a caller could not show who it is"),
        Err(_) => tracing::info!("a caller did not finish the TLS handshake"),
    }
}

async fn talk(gateway: Gateway, stream: impl Stream + 'static, caller: Caller, mut stop: watch::Receiver<bool>) {
    let (stream, tap) = Tapped::new(stream);
    let service = service_fn(move |request: Request<Incoming>| {
        let (gateway, tap, caller) = (gateway.clone(), tap.clone(), caller.clone());
        async move { Ok::<_, Infallible>(answer(&gateway, &tap, (request, caller)).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    builder.max_buf_size(MAX_HEAD / 2);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Comes back when the program ends.
async fn told(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

async fn answer(gateway: &Gateway, tap: &Tap, (request, caller): (Request<Incoming>, Caller)) -> Response<Outgoing> {
    match caller.door {
        Door::Systems => {
            let response = system(gateway, tap, (request, caller)).await;
            tap.resume();
            response
        }
        Door::Gateways => {
            drop(tap.take()); // the form of a head between gateways is not of interest
            let rest = Rest::after(request.method().as_str(), request.body().is_end_stream());
            let answered = match request.uri().path() {
                wire::PATH => wire::far::open(gateway, request, caller.certificate),
                path if path.starts_with(wire::BODY_PATH) => {
                    wire::beside::serve(gateway, request, caller.certificate).await
                }
                // Any gateway hands the document on: it is signed, and says itself when it expires.
                "/federation" if !gateway.roster().document.is_empty() => {
                    Ok(Response::new(Outgoing::text(gateway.roster().document.clone())))
                }
                _ => Err(Kind::BadRequest.says("other gateways are answered at /tb1 only")),
            };
            answered.unwrap_or_else(|fault| tell(&fault, ("application/json", Spelling::Snake), rest))
        }
    }
}

async fn system(gateway: &Gateway, tap: &Tap, (request, caller): (Request<Incoming>, Caller)) -> Response<Outgoing> {
    let (read, body) = request.into_parts();
    let mut body = Arriving::from(body);
    let (verb, target, bytes) = (read.method.as_str(), read.uri.to_string(), tap.take());
    let as_read = || read.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let headers = tap::headers(&bytes, verb, &target).unwrap_or_else(as_read);
    if framed_twice(&headers) {
        let why =
            "the request names both a length and chunks, which two programs may read as two requests; send one of them";
        return tell(&Kind::BadRequest.says(why), ("application/json", gateway.roster().spelling), Rest::Unread);
    }
    let call = Call {
        verb,
        target: &target,
        headers: &headers,
        from: caller.from.ip(),
        certificate: caller.certificate,
        place: Some(caller.place),
    };
    let answered = match meta::list_clients(&gateway.roster(), &call) {
        Some(listed) => listed.map(document),
        None => match meta::evidence(gateway, &call).await {
            Some(evidence) => evidence.map(document),
            None => consumer::call(gateway, &call, Some(&mut body)).await,
        },
    };
    let accept = call.last("accept").unwrap_or("application/json");
    answered
        .unwrap_or_else(|fault| tell(&fault, (accept, gateway.roster().spelling), Rest::after(verb, body.is_read())))
}

/// RFC 9112 §6.3 lets a server refuse what may be an attempt at request smuggling.
fn framed_twice(headers: &[(&str, &[u8])]) -> bool {
    let has = |name: &str| headers.iter().any(|(named, _)| named.eq_ignore_ascii_case(name));
    has("content-length") && has("transfer-encoding")
}

fn document(document: meta::Document) -> Response<Outgoing> {
    let mut response = Response::new(Outgoing::text(document.text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(document.kind));
    response
}

/// What is left of a request that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    None,
    /// What follows on this connection could be taken for a request.
    Unread,
}

impl Rest {
    /// What follows a CONNECT is no request, but what was meant for the tunnel (RFC 9110 §9.3.6).
    fn after(verb: &str, is_read: bool) -> Self {
        if is_read && verb != "CONNECT" { Self::None } else { Self::Unread }
    }
}

/// A fault as the caller reads it; the same number stands in our log.
fn tell(fault: &Fault, (accept, spelling): (&str, Spelling), rest: Rest) -> Response<Outgoing> {
    let detail = Gateway::uuid();
    tracing::info!(code = %fault.code, message = fault.message, detail, "a call failed");
    let written = fault.write(accept, &detail, spelling);
    let mut response = Response::new(Outgoing::text(written.body));
    *response.status_mut() =
        hyper::StatusCode::from_u16(written.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(written.content_type));
    if rest == Rest::Unread {
        response.headers_mut().insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(code) = HeaderValue::from_str(&written.code) {
        response.headers_mut().insert("x-road-error", code);
    }
    response
}
