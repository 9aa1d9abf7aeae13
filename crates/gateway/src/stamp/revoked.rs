//! Revocation lists of time-stamping authorities (RFC 5280 §5), by file: signed by who issued the certificate, and not older
//! than the token that is checked.
use std::path::Path;

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateRevocationListDer, UnixTime};
use webpki::RevocationReason::{AffiliationChanged, CessationOfOperation, Superseded, Unspecified};
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, OwnedCertRevocationList, RevocationOptionsBuilder,
    VerifiedPath,
};

/// Every certificate of a chain below its root must be in the scope of one of them.
#[derive(Debug)]
pub struct Lists(Vec<CertRevocationList<'static>>);

impl Lists {
    /// Reads a file: lists in PEM, or one in DER. The error names it.
    pub fn open(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&bytes).map_err(|why| format!("{}: {why}", path.display()))
    }

    /// Reads what such a file holds.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let all = if bytes.first() == Some(&0x30) {
            vec![bytes.to_vec().into()]
        } else {
            let all: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(bytes).collect();
            all.map_err(|error| error.to_string())?
        };
        if all.is_empty() {
            return Err("no revocation list in this file".into());
        }
        let read = |list: &CertificateRevocationListDer<'_>| OwnedCertRevocationList::from_der(list).map(Into::into);
        let lists: Result<Vec<_>, _> = all.iter().map(read).collect();
        lists.map(Self).map_err(|error| format!("a revocation list cannot be read: {error}"))
    }

    /// Checks a chain against the lists. `chain`: verifies it, against these if any.
    pub(super) fn check<'p>(
        &self,
        (end, time): (&EndEntityCert<'_>, UnixTime),
        chain: impl Fn(Option<webpki::RevocationOptions<'_>>) -> Result<VerifiedPath<'p>, Error>,
    ) -> Result<(), String> {
        let lists: Vec<&CertRevocationList<'_>> = self.0.iter().collect();
        let options = RevocationOptionsBuilder::new(&lists).map_err(|_| "no revocation list")?;
        let options = options.with_expiration_policy(ExpirationPolicy::Enforce).build();
        let known = match chain(Some(options)) {
            // The list was authentic and not too old, or this would be another error.
            Err(Error::CertRevoked) if self.retired(end, time) => chain(None).and_then(|path| {
                // Nobody has asked for those between.
                path.intermediate_certificates().next().map_or(Ok(()), |_| Err(Error::CertRevoked))
            }),
            other => other.map(|_| ()),
        };
        known.map_err(told)
    }

    /// Whether the certificate was good at that time and was taken out of use later for a reason that leaves what it signed
    /// before valid (RFC 3161 §4, point 1). Without a reason nothing is left valid.
    fn retired(&self, end: &EndEntityCert<'_>, time: UnixTime) -> bool {
        self.0.iter().filter(|list| list.issuer() == end.issuer()).any(|list| {
            let found = list.find_serial(end.serial()).ok().flatten();
            found.is_some_and(|found| {
                let harmless = [Unspecified, AffiliationChanged, Superseded, CessationOfOperation];
                let invalid = found.invalidity_date.unwrap_or(found.revocation_date).min(found.revocation_date);
                found.reason_code.is_some_and(|reason| harmless.contains(&reason)) && time < invalid
            })
        })
    }
}

fn told(error: Error) -> String {
    match error {
        Error::CertRevoked => "the authority's certificate, or one above it, is revoked".into(),
        Error::UnknownRevocationStatus => {
            "no revocation list speaks of the authority's certificate or of one above it".into()
        }
        Error::CrlExpired { next_update, .. } => format!(
            "the revocation list is older than the time-stamp: it was good until {} s after 1970; fetch the newest one",
            next_update.as_secs()
        ),
        error => super::token::leads_nowhere(&error),
    }
}
