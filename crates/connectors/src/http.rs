//! The HTTP client of connectors: one configured host, no redirects, bounded bodies, addresses checked after resolution.
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::address::may_reach;
use crate::error::{Answered, SourceError};
use crate::settings::Link;
use crate::source::lock;
use crate::surroundings::Surroundings;
use crate::tls;

/// Headers of an answer take so much at most.
const HEADER_BYTES: usize = 64 << 10;
/// Connections that wait at most; a department's system has other callers.
const IDLE: usize = 4;
/// For so long; many servers close after a minute.
const WAITS: Duration = Duration::from_secs(15);

pub(crate) struct Client {
    host: String,
    port: u16,
    authority: HeaderValue,
    tls: Option<TlsConnector>,
    link: Link,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Connections that wait for another call, the latest last.
    idle: Mutex<Vec<Line>>,
}

/// A connection that requests can be sent over, one after the other.
struct Line {
    sender: http1::SendRequest<Full<Bytes>>,
    used: Instant,
    /// Whoever gives up waiting ends the connection with it.
    _ends: Ends,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    /// In small letters, with parameters.
    pub content_type: String,
    pub body: Bytes,
}

impl Client {
    /// `address`: `https://host:port`.
    pub(crate) fn open(address: &str, link: &Link, around: &Surroundings) -> Result<Self, String> {
        let address = around.fill(address).map_err(|name| format!("there is no address ${{{name}}}"))?;
        let wrong = |why: &str| format!("the address {address} {why}; write https://host:port");
        let uri: Uri = address.parse().map_err(|_| wrong("cannot be read"))?;
        let authority = uri.authority().ok_or_else(|| wrong("has no host"))?;
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong("holds more than a host and a port"));
        }
        let tls = match uri.scheme_str() {
            Some("https") => Some(tls::connector(link.authorities.as_deref(), around)?),
            Some("http") if link.internal => None,
            Some("http") => {
                return Err(wrong("is not encrypted, and not that of a host of ours (link.internal: true)"));
            }
            _ => return Err(wrong("is neither https nor http")),
        };
        Ok(Self {
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(if tls.is_some() { 443 } else { 80 }),
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong("cannot be read"))?,
            tls,
            link: link.clone(),
            headers: headers(link, around)?,
            idle: Mutex::default(),
        })
    }

    /// Sends one request to the host. The caller bounds the time.
    pub(crate) async fn send(&self, mut request: Request<Full<Bytes>>) -> Answered<Reply> {
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static("Tongban"));
        headers.extend(self.headers.iter().cloned());
        if let Some(line) = self.waiting() {
            match self.over(line, request).await {
                // The other side had closed it before anything was sent.
                Err(Failed::Unsent(unsent)) => request = *unsent,
                Err(Failed::Sent(error)) => return Err(error),
                Ok(reply) => return Ok(reply),
            }
        }
        let line = self.line().await?;
        self.over(line, request).await.map_err(|failed| match failed {
            Failed::Sent(error) => error,
            Failed::Unsent(_) => SourceError::Unavailable("HTTP: the connection was closed at once".into()),
        })
    }

    fn waiting(&self) -> Option<Line> {
        let mut idle = lock(&self.idle);
        idle.retain(|line| line.used.elapsed() < WAITS && line.sender.is_ready());
        idle.pop()
    }

    async fn over(&self, mut line: Line, request: Request<Full<Bytes>>) -> Result<Reply, Failed> {
        let response = match line.sender.try_send_request(request).await {
            Ok(response) => response,
            Err(mut failed) => {
                let fault = fault(failed.error());
                return Err(failed
                    .take_message()
                    .map_or(Failed::Sent(fault), |unsent| Failed::Unsent(Box::new(unsent))));
            }
        };
        let reply = read(response, self.link.max_bytes).await.map_err(Failed::Sent)?;
        line.used = Instant::now();
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE {
            idle.push(line);
        }
        Ok(reply)
    }

    async fn line(&self) -> Answered<Line> {
        let stream = self.connect().await?;
        match &self.tls {
            None => line_over(stream).await,
            Some(tls) => {
                let name = ServerName::try_from(self.host.clone())
                    .map_err(|_| SourceError::Refused("the host's name cannot stand in a certificate".into()))?;
                line_over(tls.connect(name, stream).await.map_err(|e| tls_fault(&e))?).await
            }
        }
    }

    /// Every address of the name must be allowed: a name that also leads inside is a trap.
    async fn connect(&self) -> Answered<TcpStream> {
        let unavailable = |what: &str, e: &std::io::Error| SourceError::Unavailable(format!("{what}: {e}"));
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|e| unavailable("its name is not known", &e))?.collect();
        let allowed = |address: &SocketAddr| may_reach(address.ip(), self.link.internal);
        if let Some(forbidden) = found.iter().find(|address| !allowed(address)) {
            return Err(forbidden_address(forbidden.ip()));
        }
        let mut last = SourceError::Unavailable("its name has no address".into());
        for address in found {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    drop(stream.set_nodelay(true)); // a wish; without it the call is slower
                    return Ok(stream);
                }
                Err(error) => last = unavailable("no connection", &error),
            }
        }
        Err(last)
    }
}

fn headers(link: &Link, around: &Surroundings) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let read = |header: &crate::settings::Header| {
        let wrong = |_| format!("the header {} has a sign that no header may have", header.name);
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| wrong(()))?;
        let text = format!("{}{}", header.prefix, around.secret(&header.value)?);
        let mut value = HeaderValue::from_str(&text).map_err(|_| wrong(()))?;
        value.set_sensitive(true);
        Ok((name, value))
    };
    link.headers.iter().map(read).collect()
}

fn forbidden_address(ip: IpAddr) -> SourceError {
    SourceError::Refused(format!(
        "its name leads to {ip}, an address within a network; set link.internal if the host is one of ours"
    ))
}

fn tls_fault(error: &std::io::Error) -> SourceError {
    match error.kind() {
        std::io::ErrorKind::InvalidData => SourceError::Refused(format!("its certificate is not accepted: {error}")),
        _ => SourceError::Unavailable(format!("no encrypted connection: {error}")),
    }
}

/// What became of a request.
enum Failed {
    Unsent(Box<Request<Full<Bytes>>>),
    Sent(SourceError),
}

async fn line_over<S>(stream: S) -> Answered<Line>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADER_BYTES);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|e| fault(&e))?;
    let driving = tokio::spawn(connection);
    Ok(Line { sender, used: Instant::now(), _ends: Ends(driving.abort_handle()) })
}

struct Ends(tokio::task::AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read<B>(response: Response<B>, limit: u64) -> Answered<Reply>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    let status = response.status();
    if status.is_redirection() {
        return Err(SourceError::Refused(format!("it redirects ({status}), and redirects are not followed")));
    }
    let text =
        |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let content_type = text(CONTENT_TYPE);
    if text(CONTENT_LENGTH).parse().is_ok_and(|length: u64| length > limit) {
        return Err(SourceError::TooLarge(limit));
    }
    let mut body = response.into_body();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| fault(&e))?;
        let Some(data) = frame.data_ref() else { continue };
        if (whole.len() + data.len()) as u64 > limit {
            return Err(SourceError::TooLarge(limit));
        }
        whole.extend_from_slice(data);
    }
    Ok(Reply { status: status.as_u16(), content_type, body: whole.freeze() })
}

/// hyper's words never hold headers or bodies.
fn fault(error: &hyper::Error) -> SourceError {
    if error.is_parse() || error.is_parse_too_large() {
        return SourceError::Malformed(format!("HTTP: {error}"));
    }
    SourceError::Unavailable(format!("HTTP: {error}"))
}

/// What a status says, when it is neither an answer nor "nothing is held".
pub(crate) fn status_fault(status: u16) -> SourceError {
    match status {
        408 | 425 | 429 | 500..=599 => SourceError::Unavailable(format!("it answers with status {status}")),
        _ => SourceError::Refused(format!("it answers with status {status}")),
    }
}
