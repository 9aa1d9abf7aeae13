//! The two doors: one for information systems (X-Road's REST protocol), one for other gateways.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::body::Outgoing;
use crate::consumer::{self, Call};
use crate::gateway::Gateway;
use crate::meta;
use crate::pool::{MAX_HEAD, Stream};
use crate::protocol::fault::{Fault, Kind, Spelling};
use crate::tap::{Tap, Tapped};
use crate::tls::Fingerprint;
use crate::wire;

/// A caller who sends its head slower than this is cut off.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// Connections of one door at the same time.
const MAX_CONNECTIONS: usize = 8192;
/// How long calls under way may take when the program ends.
const GRACE: Duration = Duration::from_secs(30);

/// The next caller, when there is room for one more; the others wait in the kernel's queue.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, from) = listener.accept().await?;
    Ok((stream, from, place))
}

/// Which door a connection came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Systems,
    Gateways,
}

/// Serves a door until `stop` says true; then calls under way are finished.
pub async fn serve(gateway: Gateway, listener: TcpListener, door: Door, mut stop: watch::Receiver<bool>) {
    let calls = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, from, place)) => {
                let connection = connection(gateway.clone(), stream, (from, door), calls.watcher());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, calls.shutdown()).await.is_err() {
        tracing::warn!("calls were cut off at the end");
    }
}

/// Where a connection comes from and what it showed.
#[derive(Debug, Clone, Copy)]
struct Caller {
    from: SocketAddr,
    door: Door,
    certificate: Option<Fingerprint>,
}

async fn connection(gateway: Gateway, stream: TcpStream, (from, door): (SocketAddr, Door), watcher: Watcher) {
    drop(stream.set_nodelay(true));
    let Some(tls) = gateway.tls(door).cloned() else {
        return talk(gateway, stream, Caller { from, door, certificate: None }, watcher).await;
    };
    match tokio::time::timeout(HEAD_WITHIN, tls.accept(stream)).await {
        Ok(Ok((stream, certificate))) => {
            talk(gateway, stream, Caller { from, door, certificate: Some(certificate) }, watcher).await;
        }
        Ok(Err(error)) => tracing::info!(%error, "a caller could not show who it is"),
        Err(_) => tracing::info!("a caller did not finish the TLS handshake"),
    }
}

async fn talk(gateway: Gateway, stream: impl Stream + 'static, caller: Caller, watcher: Watcher) {
    let (stream, tap) = Tapped::new(stream);
    let service = service_fn(move |request: Request<Incoming>| {
        let (gateway, tap) = (gateway.clone(), tap.clone());
        async move { Ok::<_, Infallible>(answer(&gateway, &tap, (request, caller)).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    // Between gateways the head travels in base64.
    builder.max_buf_size(if caller.door == Door::Systems { MAX_HEAD / 2 } else { 2 * MAX_HEAD });
    if let Err(error) = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn answer(gateway: &Gateway, tap: &Tap, (request, caller): (Request<Incoming>, Caller)) -> Response<Outgoing> {
    let response = match caller.door {
        Door::Systems => system(gateway, tap, (request, caller)).await,
        Door::Gateways => {
            tap.resume();
            let answered = match request.uri().path() {
                wire::PATH => wire::accept::accept(gateway, request, caller.certificate).await,
                // Any gateway hands the document on: it is signed, and says itself when it expires.
                "/federation" if !gateway.roster().document.is_empty() => {
                    Ok(Response::new(Outgoing::text(gateway.roster().document.clone())))
                }
                _ => Err(Kind::BadRequest.says("other gateways are answered at /tb1 only")),
            };
            answered.unwrap_or_else(|fault| tell(&fault, "application/json", Spelling::Snake))
        }
    };
    tap.resume();
    response
}

async fn system(gateway: &Gateway, tap: &Tap, (request, caller): (Request<Incoming>, Caller)) -> Response<Outgoing> {
    let (verb, target) = (request.method().as_str().to_owned(), request.uri().to_string());
    let headers = tap.take(&verb, &target).unwrap_or_else(|| {
        request.headers().iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect()
    });
    let call = Call {
        verb: &verb,
        target: &target,
        headers: &headers,
        from: caller.from.ip(),
        certificate: caller.certificate,
    };
    let answered = match meta::list_clients(&gateway.roster(), &call) {
        Some(listed) => listed.map(document),
        None => match meta::evidence(gateway, &call).await {
            Some(evidence) => evidence.map(document),
            None => consumer::call(gateway, &call, request.into_body()).await,
        },
    };
    let accept = call.last("accept").unwrap_or("application/json");
    answered.unwrap_or_else(|fault| tell(&fault, accept, gateway.roster().spelling))
}

fn document(document: meta::Document) -> Response<Outgoing> {
    let mut response = Response::new(Outgoing::text(document.text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(document.kind));
    response
}

/// A fault as the caller reads it; the same number stands in our log.
fn tell(fault: &Fault, accept: &str, spelling: Spelling) -> Response<Outgoing> {
    let detail = Gateway::uuid();
    tracing::info!(code = %fault.code, message = fault.message, detail, "a call failed");
    let written = fault.write(accept, &detail, spelling);
    let mut response = Response::new(Outgoing::text(written.body));
    *response.status_mut() =
        hyper::StatusCode::from_u16(written.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(written.content_type));
    // The request's body may not have been read: what follows on this connection could be taken for a request.
    response.headers_mut().insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
    if let Ok(code) = HeaderValue::from_str(&written.code) {
        response.headers_mut().insert("x-road-error", code);
    }
    response
}
