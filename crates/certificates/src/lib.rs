//! Certificates: issued by a decision, held by a person or an enterprise, verified by anyone, ended by their issuer.
//!
//! Tables: `certificates_certificate`, `certificates_series`. What a certificate says stands in its signed payload alone (`model::statement`);
//! the row keeps its status. Start at `Certificates::prepare` and `actions::issue`, then `pages`.
//!
//! Invariants: what a verifier sees was checked against the signature a moment before; a revocation is seen by the next
//! verification; the log holds a salted digest of each certificate and its salt stands in the certificate alone.
pub mod actions;
mod model;
mod numbers;
mod pages;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use actions::prepare::Ticket;
use directory::{Directory, Organisation};
use exchange::Exchange;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::ids::Id;
use platform::platform::Platform;
use platform::policy::Action;
use platform::routes::Routes;
use seal::note::VerifierKey;
use time::Date;

pub use actions::prepare::{Holder, Issue, Issuer, Prepared};
pub use model::CertificateId;
pub use model::document::{
    Disclosure, FieldKind, FieldRule, HolderKind, Kind, Layout, Orientation, Term, TypeDocument, Types,
};
pub use model::offline::{Check, LogPlace, OfflineVerdict, Outcome, Step, Trust, verify_offline};
pub use model::standing::{Dates, Reason, Standing, Status};
pub use model::statement::{Day, Field, Format, NumberKind, Statement, Words};
pub use platform::mask::Mask;

/// The feature: cheap to clone.
#[derive(Clone)]
pub struct Certificates {
    platform: Platform,
    directory: Directory,
    exchange: Exchange,
    types: Arc<Types>,
    trust: Arc<Trust>,
    numbers: Arc<numbers::Numbers>,
}

impl Certificates {
    /// Errors: `Internal` when the log's name cannot stand in a key.
    pub fn new(exchange: &Exchange, directory: &Directory, types: Arc<Types>) -> Result<Self> {
        let platform = exchange.platform();
        let log_key = platform::audit::log::verifier_key(platform)?;
        let log_key = VerifierKey::parse(&log_key).map_err(Error::internal)?;
        let trust = Arc::new(Trust::new(vec![platform.keys().certificates.public()], log_key));
        let (platform, directory, exchange) = (platform.clone(), directory.clone(), exchange.clone());
        Ok(Self { platform, directory, exchange, types, trust, numbers: Arc::default() })
    }

    #[must_use]
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// Takes a number and signs: about 0.2 ms, outside of any transaction. Then `actions::issue`.
    /// Errors: `Internal` when the issue does not fit the type's document.
    pub async fn prepare(&self, issue: &Issue) -> Result<Prepared> {
        let kind = self.kind(issue)?;
        let series = actions::prepare::series(kind, issue)?;
        let serial = self.numbers.take(&self.platform, &series, 1).await?;
        self.sign(issue, self.ticket(kind.number.fill(&series, serial)))
    }

    /// The same for many, in the order given, on several threads while the caller waits. Then `actions::seed`.
    pub async fn prepare_many(&self, issues: &[Issue], threads: usize) -> Result<Vec<Prepared>> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        let mut series = Vec::with_capacity(issues.len());
        for issue in issues {
            series.push(actions::prepare::series(self.kind(issue)?, issue)?);
        }
        series.iter().for_each(|series| *counts.entry(series.clone()).or_default() += 1);
        for (series, next) in &mut counts {
            *next = self.numbers.take(&self.platform, series, *next).await?;
        }
        let mut numbered = Vec::with_capacity(issues.len());
        for (issue, series) in issues.iter().zip(series) {
            let next = counts.entry(series.clone()).or_default();
            numbered.push((issue, self.ticket(self.kind(issue)?.number.fill(&series, *next))));
            *next += 1;
        }
        actions::prepare::prepare_many(numbered, threads, |(issue, ticket)| self.sign(issue, ticket))
    }

    fn kind(&self, issue: &Issue) -> Result<&Kind> {
        let kind = self.types.find(&issue.type_key);
        kind.ok_or_else(|| Error::Internal(format!("no certificate type {}", issue.type_key)))
    }

    fn ticket(&self, number: String) -> Ticket {
        let at = self.platform.clock().now();
        Ticket { id: self.platform.ids().make(at), number, at }
    }

    fn sign(&self, issue: &Issue, ticket: Ticket) -> Result<Prepared> {
        actions::prepare::prepare(&self.platform, self.kind(issue)?, issue, ticket)
    }

    /// The issuing body as it is today, for its phone and for who hears an appeal.
    fn office(&self, key: &str) -> Option<Organisation> {
        self.directory.organisations().find(key).cloned()
    }

    /// The addresses of this feature.
    #[must_use]
    pub fn routes(&self) -> Routes {
        Routes::default()
            .get("/my/certificates", Action::CertificateRead, pages::holder::list)
            .get("/my/certificates/{id}", Action::CertificateRead, pages::holder::card)
            .get("/my/certificates/{id}/file", Action::CertificateRead, pages::holder::file)
            .get("/my/certificates/{id}/proof", Action::CertificateRead, pages::holder::proof)
            .get("/verify", Action::CertificateVerify, pages::verify::search)
            .get("/verify/offline", Action::CertificateVerify, pages::offline::form)
            .post("/verify/offline", Action::CertificateVerify, pages::offline::check)
            .get("/verify/{token}", Action::CertificateVerify, pages::verify::by_token)
            .get("/verify/{token}/proof", Action::CertificateVerify, pages::verify::proof)
            .get("/.well-known/tongban/jwks.json", Action::CertificateVerify, pages::verify::keys)
            .get("/desk/certificates", Action::CertificateRead, pages::desk::list)
            .get("/desk/certificates/{id}", Action::CertificateRead, pages::desk::one)
            .post("/desk/certificates/{id}/revoke", Action::CertificateRevoke, pages::desk::revoke)
            .with_state(self.clone())
    }
}

/// A certificate as other features see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub id: CertificateId,
    pub type_key: String,
    pub number: String,
    pub issued_on: Date,
    pub dates: Dates,
    pub status: Status,
    /// The holder's page.
    pub href: String,
}

impl From<store::CertificateRow> for Held {
    fn from(row: store::CertificateRow) -> Self {
        let href = actions::href_of(&row.id);
        let store::CertificateRow { id, type_key, number, issued_on, dates, status, .. } = row;
        Self { id, type_key, number, issued_on, dates, status, href }
    }
}

/// The newest certificate of a type that an owner holds and that is valid on a day: what a material may be spared for.
pub fn held(tx: &mut Tx<'_>, owner: &str, type_key: &str, on: Date) -> Result<Option<Held>> {
    Ok(store::find_held(tx, owner, type_key, on)?.map(Held::from))
}

/// What a case has issued, for its page. The caller has been allowed to read the case.
pub fn of_case(tx: &mut Tx<'_>, case_id: &str) -> Result<Vec<Held>> {
    Ok(store::list_of_case(tx, case_id)?.into_iter().map(Held::from).collect())
}

/// Whether a text has the shape of a certificate's identifier here (`crt_…`).
#[must_use]
pub fn has_shape(text: &str) -> bool {
    platform::ids::has_shape(CertificateId::PREFIX, text)
}
