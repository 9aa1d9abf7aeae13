//! TLS on both doors and on the way out: certificates of one's own authority, shown and asked for (mutual TLS). The files may
//! be replaced while the program runs: `renewal` reads them again, and new connections are opened with what they hold then.
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

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

/// Where Linux distributions keep the authorities that the machine trusts.
const MACHINE: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// A certificate of ours with its key, and the authorities whose certificates we take. Cheap to clone; all clones change
/// together.
#[derive(Clone)]
pub struct Tls(Arc<Own>);

struct Own {
    files: [PathBuf; 3],
    now: RwLock<Arc<Ends>>,
    known: Mutex<Known>,
}

struct Ends {
    acceptor: TlsAcceptor,
    /// Takes callers who show no certificate too.
    open: TlsAcceptor,
    connector: TlsConnector,
    /// What both are made of.
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    authorities: Vec<CertificateDer<'static>>,
    shown: Shown,
}

/// What a door asks of its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A certificate that an authority of ours has signed (mutual TLS).
    Certificate,
    /// Nothing; a certificate that is shown all the same must be such a one.
    Nothing,
}

/// The certificate that is shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub fingerprint: Fingerprint,
    /// Its last moment, in seconds since 1970.
    pub until: i64,
}

/// How the files were when they were last looked at.
#[derive(Default)]
struct Known {
    stamps: Option<[Stamp; 3]>,
    trouble: Option<String>,
}

/// What tells that a file was written or replaced: when, how long, which one.
type Stamp = Option<(std::time::SystemTime, u64, u64)>;

/// What a look at the files brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Renewed {
    Same,
    /// New connections are opened with these from now on: what was, what is.
    Changed(Shown, Shown),
    /// They cannot be used, so the old ones stay in use: why.
    Broken(String),
}

/// How connections to others are opened.
#[derive(Clone, Default)]
pub struct Outbound {
    /// None: other gateways are reached without TLS, which only a test or a private line allows.
    pub tls: Option<Tls>,
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let found = CertificateDer::pem_file_iter(path).map_err(|e| at(path, &e))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|e| at(path, &e))?;
    if found.is_empty() { Err(at(path, &"no certificate in this file")) } else { Ok(found) }
}

impl Ends {
    fn read([certificate, key, authorities]: &[PathBuf; 3]) -> Result<Self, String> {
        let chain = certificates(certificate)?;
        let private = PrivateKeyDer::from_pem_file(key).map_err(|e| at(key, &e))?;
        let (mut roots, authority) = (RootCertStore::empty(), certificates(authorities)?);
        for root in &authority {
            roots.add(root.clone()).map_err(|e| at(authorities, &e))?;
        }
        let shown = Shown::of(&chain).map_err(|e| at(certificate, &e))?;
        Self::build((chain, private), (Arc::new(roots), authority), shown).map_err(|e| at(certificate, &e))
    }

    fn build(
        (chain, key): (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
        (roots, authorities): (Arc<RootCertStore>, Vec<CertificateDer<'static>>),
        shown: Shown,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let provider = Arc::new(ring::default_provider());
        let server = |asks: Asks| -> Result<TlsAcceptor, Box<dyn std::error::Error>> {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider));
            let verifier = if asks == Asks::Nothing { verifier.allow_unauthenticated() } else { verifier };
            let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()?
                .with_client_cert_verifier(verifier.build()?)
                .with_single_cert(chain.clone(), key.clone_key())?;
            Ok(Arc::new(config).into())
        };
        let (acceptor, open) = (server(Asks::Certificate)?, server(Asks::Nothing)?);
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(Arc::clone(&roots))
            .with_client_auth_cert(chain.clone(), key.clone_key())?;
        let connector = Arc::new(client).into();
        Ok(Self { acceptor, open, connector, chain, key, authorities, shown })
    }
}

impl Shown {
    fn of(chain: &[CertificateDer<'_>]) -> Result<Self, String> {
        let first = chain.first().ok_or("no certificate in this file")?;
        let (_, read) = x509_parser::parse_x509_certificate(first).map_err(|e| e.to_string())?;
        Ok(Self { fingerprint: seal::digest::sha256(first), until: read.validity().not_after.timestamp() })
    }
}

impl Tls {
    /// Reads three PEM files. The error says which one is wrong and how.
    pub fn open(certificate: &Path, key: &Path, authorities: &Path) -> Result<Self, String> {
        let files = [certificate, key, authorities].map(Path::to_owned);
        let known = Known { stamps: Some(stamps(&files)), trouble: None };
        let now = RwLock::new(Arc::new(Ends::read(&files)?));
        Ok(Self(Arc::new(Own { files, now, known: Mutex::new(known) })))
    }

    fn ends(&self) -> Arc<Ends> {
        Arc::clone(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    #[must_use]
    pub fn shown(&self) -> Shown {
        self.ends().shown.clone()
    }

    /// Why the files as they are now are not in use; None: they are.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).trouble.clone()
    }

    /// Reads the files again when one of them changed since the last look. Waits for the disk. `now`: seconds since 1970.
    pub fn renew(&self, now: i64) -> Renewed {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Before the files are read: one that is written meanwhile is read once more.
        let stamps = Some(stamps(&self.0.files));
        if known.stamps == stamps {
            return Renewed::Same;
        }
        known.stamps = stamps;
        let read = Ends::read(&self.0.files).and_then(|ends| match ends.shown.until {
            until if until < now => Err(at(&self.0.files[0], &"this certificate has expired already")),
            _ => Ok(ends),
        });
        match read {
            Ok(ends) => {
                let (before, after) = (self.shown(), ends.shown.clone());
                *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ends);
                known.trouble = None;
                Renewed::Changed(before, after)
            }
            Err(why) => {
                known.trouble = Some(why.clone());
                Renewed::Broken(why)
            }
        }
    }

    /// Whether both are the same files in the same hands.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Shakes hands with a caller; the fingerprint of the certificate that it showed.
    pub async fn accept(&self, stream: impl Stream + 'static) -> std::io::Result<(impl Stream + 'static, Fingerprint)> {
        let (stream, shown) = self.accept_asking(stream, Asks::Certificate).await?;
        let shown = shown.ok_or_else(|| std::io::Error::other("the caller showed no certificate"))?;
        Ok((stream, shown))
    }

    /// The same at a door that says what it asks. None: no certificate was shown, and none was asked for.
    pub async fn accept_asking<S: Stream + 'static>(
        &self,
        stream: S,
        asks: Asks,
    ) -> std::io::Result<(impl Stream + use<S>, Option<Fingerprint>)> {
        let ends = self.ends();
        let acceptor = if asks == Asks::Nothing { &ends.open } else { &ends.acceptor };
        let stream = acceptor.accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let shown = shown.map(|certificate| seal::digest::sha256(certificate));
        Ok((stream, shown))
    }
}

fn stamps(files: &[PathBuf; 3]) -> [Stamp; 3] {
    use std::os::unix::fs::MetadataExt;
    files.each_ref().map(|path| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len(), found.ino()))
    })
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

    /// Over TLS to a public server: one of our authorities, or one that the machine trusts, has signed its certificate; ours
    /// is shown to who asks for it. Waits for the disk.
    pub(crate) fn public(&self, authority: &str) -> Result<Box<dyn Dial>, String> {
        let ends = self.tls.as_ref().map(Tls::ends);
        let mut roots = RootCertStore::empty();
        let machine = MACHINE.iter().map(Path::new).find(|path| path.is_file());
        let machine = machine.map(certificates).transpose()?.unwrap_or_default();
        // A machine's list may hold one of an old form.
        roots.add_parsable_certificates(
            machine.into_iter().chain(ends.iter().flat_map(|ends| ends.authorities.clone())),
        );
        if roots.is_empty() {
            return Err(
                "there are no authorities: set [gateway.tls], or install the machine's list (ca-certificates)".into()
            );
        }
        let wanted = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots);
        let config = match &ends {
            Some(ends) => wanted.with_client_auth_cert(ends.chain.clone(), ends.key.clone_key()),
            None => Ok(wanted.with_no_client_auth()),
        };
        let connector = Arc::new(config.map_err(|error| error.to_string())?).into();
        Ok(Box::new(Public { authority: authority.to_owned(), connector }))
    }
}

fn name_of(authority: &str) -> std::io::Result<ServerName<'static>> {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(std::io::Error::other)
}

struct Public {
    authority: String,
    connector: TlsConnector,
}

impl Dial for Public {
    fn dial(&self) -> Dialling<'_> {
        Box::pin(async move {
            let stream = TcpStream::connect(&self.authority).await?;
            let stream = self.connector.connect(name_of(&self.authority)?, stream).await?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
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
            let stream = TcpStream::connect(&self.authority).await?;
            stream.set_nodelay(true)?;
            let stream = self.tls.ends().connector.connect(name_of(&self.authority)?, stream).await?;
            let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            let shown = shown.map(|certificate| seal::digest::sha256(certificate));
            if !self.pinned.is_empty() && !shown.is_some_and(|shown| self.pinned.contains(&shown)) {
                return Err(std::io::Error::other("the certificate is not one that the federation names"));
            }
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}
