//! Encryption of calls: rustls with the machine's authorities, or those that the document names.
use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::surroundings::Surroundings;

/// Where Linux distributions keep the authorities that the machine trusts.
const MACHINE: &[&str] =
    &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// `authorities`: a PEM file, relative to the data folder.
pub(crate) fn connector(authorities: Option<&str>, around: &Surroundings) -> Result<TlsConnector, String> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| format!("no encryption: {e}"))?
        .with_root_certificates(roots(authorities, around)?)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn roots(authorities: Option<&str>, around: &Surroundings) -> Result<RootCertStore, String> {
    let path = match authorities {
        Some(file) => around.data.join(file),
        None => MACHINE.iter().map(PathBuf::from).find(|path| path.is_file()).ok_or(
            "the machine has no list of authorities; install ca-certificates, or name a file in link.authorities",
        )?,
    };
    let wrong = |why: &str| format!("the authorities in {} {why}; give a PEM file with certificates", path.display());
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&path).map_err(|_| wrong("cannot be read"))? {
        let certificate = certificate.map_err(|_| wrong("cannot be read"))?;
        // A machine's list may hold one of an old form; a list that the document names must be right.
        if store.add(certificate).is_err() && authorities.is_some() {
            return Err(wrong("hold something that is no certificate"));
        }
    }
    if store.is_empty() { Err(wrong("hold no certificate")) } else { Ok(store) }
}
