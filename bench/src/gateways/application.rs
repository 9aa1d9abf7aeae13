//! The provider's application and the plain reverse proxy, both with the HTTP library that the gateway uses.
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use gateway::pool::{Origin, Tcp};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Result;

/// Reads a body to its end and answers with one KiB.
pub async fn application() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = Bytes::from(vec![b'x'; 1024]);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream.set_nodelay(true));
            let answer = answer.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = answer.clone();
                async move {
                    let mut body = request.into_body();
                    while let Some(Ok(_)) = body.frame().await {}
                    Ok::<_, Infallible>(Response::new(Full::new(answer)))
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

/// Passes everything on and checks nothing; its connections to the application are kept, as the gateway's are.
pub async fn proxy(to: SocketAddr) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let dial = Tcp { authority: to.to_string() };
    let origin = Origin::new(&to.to_string(), Box::new(dial), Duration::from_secs(5));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream.set_nodelay(true));
            let origin = Arc::clone(&origin);
            let service = service_fn(move |request| pass_on(Arc::clone(&origin), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

async fn pass_on(origin: Arc<Origin>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut outgoing = Request::new(gateway::body::Outgoing::text(body));
    (*outgoing.method_mut(), *outgoing.uri_mut(), *outgoing.headers_mut()) = (parts.method, parts.uri, parts.headers);
    let answering = origin.send(outgoing).await.map_err(|error| format!("{error:?}"))?;
    let (response, connection) = answering.split();
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    origin.done(connection);
    Ok(Response::from_parts(parts, Full::new(body)))
}
