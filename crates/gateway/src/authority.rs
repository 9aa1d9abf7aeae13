//! A small certificate authority for gateways and the systems behind them, for whoever has none: its root signs one
//! certificate for each server, good for TLS on either end.
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// A certificate and its key, both PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

impl Pair {
    /// SHA-256 of the certificate in hex, as rosters and federation documents name it.
    ///
    /// # Errors
    /// The text is no PEM.
    pub fn fingerprint(&self) -> Result<String, String> {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).map_err(|e| e.to_string())?;
        Ok(seal::digest::to_hex(&seal::digest::sha256(&certificate)))
    }
}

const ROOT_YEARS: i64 = 10;
/// Clocks may differ.
const EARLIER: Duration = Duration::hours(1);

fn text(error: rcgen::Error) -> String {
    error.to_string()
}

/// A new root. `name`: whose authority it is.
pub fn root(name: &str, now: OffsetDateTime) -> Result<Pair, String> {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = (now - EARLIER, now + Duration::days(ROOT_YEARS * 365));
    let key = KeyPair::generate().map_err(text)?;
    let root = CertifiedIssuer::self_signed(params, key).map_err(text)?;
    Ok(Pair { certificate: root.pem(), key: root.key().serialize_pem() })
}

/// A certificate for a server that is reached under these names (host names or addresses), good for `days`.
pub fn issue(root: &Pair, names: &[String], (now, days): (OffsetDateTime, i64)) -> Result<Pair, String> {
    let issuer = KeyPair::from_pem(&root.key).map_err(text)?;
    let issuer = Issuer::from_ca_cert_pem(&root.certificate, issuer).map_err(text)?;
    let mut params = CertificateParams::new(names.to_vec()).map_err(text)?;
    params.distinguished_name = named(names.first().map_or("", String::as_str));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    (params.not_before, params.not_after) = (now - EARLIER, now + Duration::days(days));
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(text)?;
    let certificate = params.signed_by(&key, &issuer).map_err(text)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}
