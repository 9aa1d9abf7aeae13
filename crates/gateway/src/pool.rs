//! Connections to one other system, kept open between calls.
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::body::Outgoing;

/// Idle connections that are kept for one system.
const MAX_IDLE: usize = 256;
/// A connection that was not used for so long may have been forgotten by the other end, or by a wall between.
const IDLE: Duration = Duration::from_secs(55);
/// A head larger than this is no answer that we take.
pub const MAX_HEAD: usize = 64 * 1024;

/// A stream to another system: TCP, or TLS on it.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A stream to come.
pub type Dialling<'a> = Pin<Box<dyn Future<Output = std::io::Result<Box<dyn Stream>>> + Send + 'a>>;

/// Opens streams to one system.
pub trait Dial: Send + Sync {
    fn dial(&self) -> Dialling<'_>;
}

/// Plain TCP.
#[derive(Debug)]
pub struct Tcp {
    /// `host:port`.
    pub authority: String,
}

impl Dial for Tcp {
    fn dial(&self) -> Dialling<'_> {
        Box::pin(async move {
            let stream = TcpStream::connect(&self.authority).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}

/// Why a call brought no answer.
#[derive(Debug)]
pub enum CallError {
    /// No connection: nothing was sent.
    Connect(String),
    /// The connection broke while it was used.
    Io(String),
}

/// One other system.
pub struct Origin {
    /// What stands in Host.
    pub authority: String,
    dial: Box<dyn Dial>,
    connect_within: Duration,
    /// With the moment from which each was not used; the youngest last.
    idle: Mutex<Vec<(Instant, SendRequest<Outgoing>)>>,
}

/// An answer whose body is still to be read; hand it back with `done` when it was read to its end.
pub struct Answering {
    pub response: Response<Incoming>,
    sender: SendRequest<Outgoing>,
}

impl Origin {
    #[must_use]
    pub fn new(authority: &str, dial: Box<dyn Dial>, connect_within: Duration) -> Arc<Self> {
        Arc::new(Self { authority: authority.to_owned(), dial, connect_within, idle: Mutex::default() })
    }

    /// Sends. A kept connection that turns out closed before anything was sent is replaced by a new one.
    pub async fn send(&self, request: Request<Outgoing>) -> Result<Answering, CallError> {
        let mut request = request;
        while let Some(mut sender) = self.idle() {
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(Answering { response, sender }),
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(CallError::Io(failed.into_error().to_string())),
                },
            }
        }
        let mut sender = self.connect().await?;
        let response = sender.send_request(request).await.map_err(|error| CallError::Io(error.to_string()))?;
        Ok(Answering { response, sender })
    }

    /// Opens a connection that goes over to another protocol (RFC 9110 §7.8).
    pub async fn upgrade(
        &self,
        path: &str,
        protocol: &'static str,
    ) -> Result<impl AsyncRead + AsyncWrite + Send + use<>, CallError> {
        let refused = |error: &dyn std::fmt::Display| CallError::Io(format!("it speaks no {protocol}: {error}"));
        let mut sender = self.connect().await?;
        let request = Request::get(path).header(hyper::header::HOST, &self.authority);
        let request = request.header(hyper::header::CONNECTION, "upgrade").header(hyper::header::UPGRADE, protocol);
        let request = request.body(Outgoing::empty()).map_err(|error| refused(&error))?;
        let asked = async {
            let response = sender.send_request(request).await.map_err(|error| refused(&error))?;
            if response.status() != hyper::StatusCode::SWITCHING_PROTOCOLS {
                return Err(refused(&response.status()));
            }
            hyper::upgrade::on(response).await.map(TokioIo::new).map_err(|error| refused(&error))
        };
        let asked = tokio::time::timeout(self.connect_within, asked).await;
        asked.unwrap_or_else(|_| Err(CallError::Connect("it did not answer in time".into())))
    }

    fn idle(&self) -> Option<SendRequest<Outgoing>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, sender) = idle.pop()?;
        if since.elapsed() < IDLE && !sender.is_closed() {
            return Some(sender);
        }
        idle.retain(|(since, sender)| since.elapsed() < IDLE && !sender.is_closed());
        idle.pop().map(|(_, sender)| sender)
    }

    async fn connect(&self) -> Result<SendRequest<Outgoing>, CallError> {
        let dialled = tokio::time::timeout(self.connect_within, self.dial.dial()).await;
        let stream = match dialled {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(CallError::Connect(error.to_string())),
            Err(_) => return Err(CallError::Connect("it did not accept a connection in time".into())),
        };
        let mut builder = hyper::client::conn::http1::Builder::new();
        let (sender, connection) = builder
            .max_buf_size(2 * MAX_HEAD)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| CallError::Connect(error.to_string()))?;
        tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to another system ended");
            }
        });
        Ok(sender)
    }

    /// The answer was read to its end: the connection may be used again.
    pub fn done(&self, sender: Reusable) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE && !sender.0.is_closed() {
            idle.push((Instant::now(), sender.0));
        }
    }
}

/// A connection whose answer was read.
pub struct Reusable(SendRequest<Outgoing>);

impl Answering {
    #[must_use]
    pub fn split(self) -> (Response<Incoming>, Reusable) {
        (self.response, Reusable(self.sender))
    }
}
