//! TLS on both doors and on the way out: certificates of one's own authority, shown and asked for (mutual TLS).
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::pool::{Dial, Dialling, Stream, Tcp};

/// SHA-256 of a certificate in DER.
pub type Fingerprint = [u8; 32];

/// A certificate of ours with its key, and the authorities whose certificates we take.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
}

/// How connections to others are opened.
#[derive(Clone, Default)]
pub struct Outbound {
    /// None: other gateways are reached without TLS, which only a test or a private line allows.
    pub tls: Option<Tls>,
}

impl Tls {
    /// Reads three PEM files. The error says which one is wrong and how.
    pub fn open(certificate: &Path, key: &Path, authorities: &Path) -> Result<Self, String> {
        let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let read = |path: &Path| -> Result<Vec<CertificateDer<'static>>, String> {
            let found = CertificateDer::pem_file_iter(path).map_err(|e| at(path, &e))?;
            let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|e| at(path, &e))?;
            if found.is_empty() { Err(at(path, &"no certificate in this file")) } else { Ok(found) }
        };
        let chain = read(certificate)?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|e| at(key, &e))?;
        let mut roots = RootCertStore::empty();
        for root in read(authorities)? {
            roots.add(root).map_err(|e| at(authorities, &e))?;
        }
        Self::build((chain, private), Arc::new(roots)).map_err(|e| at(certificate, &e))
    }

    fn build(
        (chain, key): (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
        roots: Arc<RootCertStore>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider)).build()?;
        let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain.clone(), key.clone_key())?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)?;
        Ok(Self { acceptor: Arc::new(server).into(), connector: Arc::new(client).into() })
    }

    /// Shakes hands with a caller; the fingerprint of the certificate that it showed.
    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<(impl Stream + 'static, Fingerprint)> {
        let stream = self.acceptor.accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let shown = shown.map(|certificate| seal::digest::sha256(certificate));
        let shown = shown.ok_or_else(|| std::io::Error::other("the caller showed no certificate"))?;
        Ok((stream, shown))
    }
}

/// A fingerprint as documents write it: 64 hexadecimal digits.
pub fn fingerprint_of(text: &str) -> Result<Fingerprint, String> {
    let bytes = seal::digest::from_hex(&text.to_ascii_lowercase()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| format!("{text:?} is no SHA-256 in hexadecimal"))
}

impl Outbound {
    #[must_use]
    pub fn plain(&self, authority: &str) -> Box<dyn Dial> {
        Box::new(Tcp { authority: authority.to_owned() })
    }

    /// Over TLS to a system whose certificate an authority of ours has signed.
    pub fn secure(&self, authority: &str) -> Result<Box<dyn Dial>, String> {
        let tls = self.tls.clone().ok_or("https:// needs a certificate and authorities: set [gateway.tls]")?;
        Ok(Box::new(Secure { authority: authority.to_owned(), tls, pinned: HashSet::new() }))
    }

    /// To another gateway: over TLS wherever we have a certificate.
    #[must_use]
    pub fn to_peer(&self, authority: &str, certificates: &[String]) -> Box<dyn Dial> {
        let pinned = certificates.iter().filter_map(|text| fingerprint_of(text).ok()).collect();
        match self.tls.clone() {
            Some(tls) => Box::new(Secure { authority: authority.to_owned(), tls, pinned }),
            None => self.plain(authority),
        }
    }
}

struct Secure {
    authority: String,
    tls: Tls,
    /// Certificates that may be shown; empty: any of our authorities.
    pinned: HashSet<Fingerprint>,
}

impl Dial for Secure {
    fn dial(&self) -> Dialling<'_> {
        Box::pin(async move {
            let host = self.authority.rsplit_once(':').map_or(self.authority.as_str(), |(host, _)| host);
            let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(std::io::Error::other)?;
            let stream = TcpStream::connect(&self.authority).await?;
            stream.set_nodelay(true)?;
            let stream = self.tls.connector.connect(name, stream).await?;
            let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            let shown = shown.map(|certificate| seal::digest::sha256(certificate));
            if !self.pinned.is_empty() && !shown.is_some_and(|shown| self.pinned.contains(&shown)) {
                return Err(std::io::Error::other("the certificate is not one that the federation names"));
            }
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}
