//! The HTTP client of push: listed hosts alone, no redirects, addresses checked after resolution, bounded time and size.
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{Request, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use platform::config::Events as Settings;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::model::address::{Target, may_reach};

/// Where Linux distributions keep the authorities that the machine trusts.
const MACHINE: &[&str] =
    &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
/// Headers of an answer take so much at most; its body is not read.
const HEADER_BYTES: usize = 16 << 10;

/// One attempt.
pub struct Parcel<'a> {
    pub address: &'a str,
    pub id: &'a str,
    /// Seconds since 1970.
    pub at: i64,
    pub signature: String,
    pub body: &'a str,
}

/// What came of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    Arrived,
    /// 410: the receiver wants nothing any more.
    Gone,
    /// In words for the operator; never what the receiver wrote.
    Failed(String),
}

pub struct Pusher {
    settings: Settings,
    data: PathBuf,
    tls: OnceLock<Result<TlsConnector, String>>,
}

impl Pusher {
    pub fn new(settings: Settings, data: PathBuf) -> Self {
        Self { settings, data, tls: OnceLock::new() }
    }

    pub async fn send(&self, parcel: Parcel<'_>) -> Sent {
        let limit = Duration::from_secs(u64::from(self.settings.timeout_seconds));
        match tokio::time::timeout(limit, self.attempt(parcel)).await {
            Ok(Ok(200..=299)) => Sent::Arrived,
            Ok(Ok(410)) => Sent::Gone,
            Ok(Ok(status)) => Sent::Failed(format!("status {status}")),
            Ok(Err(why)) => Sent::Failed(why),
            Err(_) => Sent::Failed(format!("no answer within {} s", limit.as_secs())),
        }
    }

    /// The settings count at each attempt: a host that was struck off gets nothing more.
    async fn attempt(&self, parcel: Parcel<'_>) -> Result<u16, String> {
        let target = Target::read(parcel.address, &self.settings).map_err(|_| "the host is not listed".to_owned())?;
        let request = request(&target, parcel)?;
        let stream = connect(&target).await?;
        if !target.encrypted {
            return over(stream, request).await;
        }
        let tls = self.tls.get_or_init(|| self.connector()).clone()?;
        let name = ServerName::try_from(target.host).map_err(|_| "the host's name cannot stand in a certificate")?;
        let stream = tls.connect(name, stream).await.map_err(|e| format!("no encrypted connection: {e}"))?;
        over(stream, request).await
    }

    fn connector(&self) -> Result<TlsConnector, String> {
        let own = Some(&self.settings.authorities).filter(|file| !file.is_empty()).map(|file| self.data.join(file));
        let path = own.or_else(|| MACHINE.iter().map(PathBuf::from).find(|path| path.is_file()));
        let path = path.ok_or("the machine has no list of authorities; name a file in events.authorities")?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(&path).map_err(|e| format!("{}: {e}", path.display()))? {
            // A machine's list may hold one of an old form.
            drop(roots.add(certificate.map_err(|e| format!("{}: {e}", path.display()))?));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| format!("no encryption: {e}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

fn request(target: &Target, parcel: Parcel<'_>) -> Result<Request<Full<Bytes>>, String> {
    Request::post(&target.path)
        .header(header::HOST, &target.authority)
        .header(header::USER_AGENT, "Tongban")
        .header(header::CONTENT_TYPE, "application/cloudevents+json")
        .header("webhook-id", parcel.id)
        .header("webhook-timestamp", parcel.at.to_string())
        .header("webhook-signature", parcel.signature)
        .body(Full::new(Bytes::copy_from_slice(parcel.body.as_bytes())))
        .map_err(|e| e.to_string())
}

/// Every address of the name must be allowed: a name that also leads inside is a trap.
async fn connect(target: &Target) -> Result<TcpStream, String> {
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let found: Vec<_> = found.map_err(|e| format!("its name is not known: {e}"))?.collect();
    if let Some(forbidden) = found.iter().find(|address| !may_reach(address.ip(), target.internal)) {
        return Err(format!("its name leads to {}, an address within a network", forbidden.ip()));
    }
    let mut last = "its name has no address".to_owned();
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = format!("no connection: {error}"),
        }
    }
    Err(last)
}

async fn over<S>(stream: S, request: Request<Full<Bytes>>) -> Result<u16, String>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADER_BYTES);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|e| format!("HTTP: {e}"))?;
    let driving = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(|e| format!("HTTP: {e}"));
    driving.abort();
    Ok(answer?.status().as_u16())
}
