//! Issue, revoke, and the door for seeding. Signing happens before the transaction, in `prepare`.
pub mod prepare;

use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::error::{Error, FieldError, Result};
use platform::ids::Id;
use platform::notice;

use crate::model::CertificateId;
use crate::model::offline::ISSUED;
use crate::model::standing::{Reason, Status};
use crate::model::statement::Statement;
use crate::store;
use prepare::Prepared;

/// What the one who issues is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub id: CertificateId,
    pub number: String,
    pub identifier: String,
    /// The holder's page of the certificate.
    pub href: String,
}

/// Issues a prepared certificate within the transaction that decides the case.
///
/// Audit: `certificate.issued` with the salted digest of the signed certificate, so that its place in the log can be
/// proved. Errors: `Conflict` when the number drawn is taken already; prepare anew.
pub fn issue(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<Audited<Issued>> {
    let issued = issued(prepared);
    let (audit_id, audited) = entered(tx, prepared)?;
    store::insert(tx, &[(prepared, audit_id)])?;
    Ok(audited.map(|()| issued))
}

/// Puts many prepared certificates in at once, each with its own audit entry. For a deployment's first filling; a few
/// thousand at a time, as the writer is held meanwhile. The number of certificates.
pub fn seed(tx: &mut Tx<'_>, prepared: &[Prepared]) -> Result<Audited<usize>> {
    let mut rows = Vec::with_capacity(prepared.len());
    for one in prepared {
        let (audit_id, audited) = entered(tx, one)?;
        audited.into_inner();
        rows.push((one, audit_id));
    }
    store::insert(tx, &rows)?;
    let detail = format!("{{\"count\":{}}}", rows.len());
    let entry = Entry { event: "certificate.seeded", detail: &detail, ..Entry::default() };
    tx.audited(entry, rows.len())
}

fn issued(prepared: &Prepared) -> Issued {
    let (number, identifier) = (prepared.number.clone(), prepared.identifier.clone());
    Issued { id: prepared.id.clone(), number, identifier, href: href_of(&prepared.id) }
}

/// The holder's page of a certificate.
pub(crate) fn href_of(id: &CertificateId) -> String {
    format!("/my/certificates/{}", id.as_str())
}

/// Writes the audit entry of an issue; its identifier leads to the proof later.
fn entered(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<(String, Audited<()>)> {
    let entry = Entry {
        event: ISSUED,
        object: prepared.id.as_str(),
        subject: &prepared.owner,
        basis: "",
        detail: &prepared.detail,
        document: Some(&prepared.log_digest),
    };
    let mut audit_id = String::new();
    let audited = tx.audited_as(entry, |id| audit_id = id)?;
    Ok((audit_id, audited))
}

/// Why the issuing office ends a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub id: CertificateId,
    /// Public.
    pub reason: Reason,
    /// What happened, in the officer's words; told to the holder alone.
    pub grounds: String,
    /// Law and article; told to the holder.
    pub basis: String,
}

/// Longest grounds and basis, in characters.
pub const LONGEST: usize = 1_000;

impl Revocation {
    /// Reads what an officer sent: reason, grounds, basis. Errors name every field that is wrong.
    pub fn read(id: CertificateId, [reason, grounds, basis]: [&str; 3]) -> Result<Self> {
        let mut wrong = Vec::new();
        let chosen = Reason::from_name(reason);
        if chosen.is_none() {
            wrong.push(FieldError::new("reason", "certificates-error-reason"));
        }
        let words = [("grounds", grounds, "certificates-error-grounds"), ("basis", basis, "certificates-error-basis")];
        for (field, text, missing) in words {
            match text.trim().chars().count() {
                0 => wrong.push(FieldError::new(field, missing)),
                1..=LONGEST => {}
                found => wrong
                    .push(FieldError::new(field, "certificates-error-long").with("max", LONGEST).with("found", found)),
            }
        }
        match chosen {
            Some(reason) if wrong.is_empty() => {
                Ok(Self { id, reason, grounds: grounds.trim().to_owned(), basis: basis.trim().to_owned() })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// Ends a certificate; from the commit on, every verification says so. The grant must be one at the issuing office.
///
/// Audit: `certificate.revoked` with the same document digest as its issue. Tells the holder. Errors: `NotFound` when
/// the office issued no such certificate, `Conflict` when it has ended already.
pub fn revoke(tx: &mut Tx<'_>, revocation: &Revocation) -> Result<Audited<()>> {
    let office = tx.grant().office().map(str::to_owned).ok_or(Error::Denied("error-denied-role"))?;
    let row = store::get_at(tx, &[&office], &revocation.id)?;
    if !matches!(row.status, Status::Valid | Status::Withheld) || !store::end(tx, &office, revocation)? {
        return Err(Error::Conflict("certificates-conflict-ended"));
    }
    let statement = Statement::peek(&row.jws).map_err(Error::internal)?;
    let digest = statement.log_digest(&row.jws).map_err(Error::internal)?;
    let (name, issuer) = (&statement.kind.name, &statement.issuer.name);
    let number = row.number.as_str();
    let words = [
        ("name", [name.zh_hans.as_str(), &name.zh_hant, &name.en]),
        ("issuer", [issuer.zh_hans.as_str(), &issuer.zh_hant, &issuer.en]),
        ("number", [number; 3]),
    ];
    notice::tell(tx, &row.owner, "certificates-notice-revoked", &words, &href_of(&row.id))?;
    let (status, reason) = (revocation.reason.status().code(), revocation.reason.name());
    let detail = serde_json::json!({ "status": status, "reason": reason }).to_string();
    let entry = Entry {
        event: "certificate.revoked",
        object: row.id.as_str(),
        subject: &row.owner,
        basis: &revocation.basis,
        detail: &detail,
        document: Some(&digest),
    };
    tx.audited(entry, ())
}
