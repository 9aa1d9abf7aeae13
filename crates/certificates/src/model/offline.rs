//! Checking a certificate without asking anybody: form, signature, content, dates, and the place in the log.
use codes::{CertificateId, Issuer};
use seal::jws::{self, Expect};
use seal::keys::{Algorithm, PublicKey};
use seal::merkle::Hash;
use seal::note::{LogPolicy, VerifierKey};
use seal::proof::TlogProof;
use seal::{SealError, digest};
use serde_json::Value;
use time::Date;

use super::statement::{Statement, TYP};

/// The event under which a certificate enters the log.
pub const ISSUED: &str = "certificate.issued";

/// What one step looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// It is a signed certificate at all.
    Form,
    /// It is signed by a key of the issuing deployment, and no byte was changed since.
    Signature,
    /// Identifier, type and issuer fit each other and their check characters.
    Content,
    /// The day lies within its validity.
    Dates,
    /// Its issue stands in the public log, under a checkpoint that the log signed.
    Logged,
}

impl Check {
    pub const ALL: [Self; 5] = [Self::Form, Self::Signature, Self::Content, Self::Dates, Self::Logged];

    /// The word in JSON and in text keys (`certificates-check-<slug>`).
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Signature => "signature",
            Self::Content => "content",
            Self::Dates => "dates",
            Self::Logged => "logged",
        }
    }
}

/// What came of a step. The text says what is wrong, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed(String),
    /// Not looked at: an earlier step failed, or nothing was given to look at.
    Skipped,
}

impl Outcome {
    fn of<T>(result: Result<T, String>) -> (Self, Option<T>) {
        match result {
            Ok(value) => (Self::Passed, Some(value)),
            Err(why) => (Self::Failed(why), None),
        }
    }

    /// `passed`, `failed`, `skipped`.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::Skipped => "skipped",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub check: Check,
    pub outcome: Outcome,
}

/// Where the log holds the certificate, as the proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// Entries under the checkpoint.
    pub size: u64,
    /// From 0.
    pub index: u64,
    pub root: Hash,
    /// The signed note.
    pub checkpoint: String,
}

/// What was checked, in the order of [`Check::ALL`], and what the certificate says when its signature fits.
///
/// Whether it was revoked since is not among these: that only its issuer knows, at its verification address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineVerdict {
    pub statement: Option<Statement>,
    pub steps: Vec<Step>,
    pub log: Option<LogPlace>,
}

impl OfflineVerdict {
    #[must_use]
    pub fn outcome(&self, check: Check) -> &Outcome {
        self.steps.iter().find(|step| step.check == check).map_or(&Outcome::Skipped, |step| &step.outcome)
    }

    /// Issued as it stands here: form, signature and content hold, and a proof, when given, does as well.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        let passed = |check| *self.outcome(check) == Outcome::Passed;
        passed(Check::Form)
            && passed(Check::Signature)
            && passed(Check::Content)
            && !matches!(self.outcome(Check::Logged), Outcome::Failed(_))
    }

    /// Genuine, and the day lies within its validity.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.is_genuine() && *self.outcome(Check::Dates) == Outcome::Passed
    }
}

/// What a verifier trusts: the issuer's keys and the log's key.
#[derive(Debug, Clone)]
pub struct Trust {
    keys: Vec<PublicKey>,
    log: LogPolicy,
}

impl Trust {
    #[must_use]
    pub fn new(keys: Vec<PublicKey>, log_key: VerifierKey) -> Self {
        Self { keys, log: LogPolicy::of_log(log_key.name(), log_key.clone()) }
    }

    /// From the texts that a deployment publishes: `/.well-known/tongban/jwks.json` and `/log/key`.
    /// Errors: the key set has no usable key, or the log's key cannot be read.
    pub fn read(jwks: &Value, log_key: &str) -> Result<Self, SealError> {
        let listed = jwks.get("keys").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| SealError::Key { why: "the key set has no list `keys`".into() })?;
        let keys = listed.iter().map(PublicKey::from_jwk).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(keys, VerifierKey::parse(log_key.trim())?))
    }
}

/// Checks the texts that a holder hands over, against the texts that the deployment publishes. `today` is the
/// verifier's day. Errors: the published texts cannot be used; everything wrong with the certificate is in the verdict.
pub fn verify_offline(
    jws: &str,
    proof: Option<&str>,
    jwks: &Value,
    log_key: &str,
    today: Date,
) -> Result<OfflineVerdict, SealError> {
    Ok(check(jws, proof, &Trust::read(jwks, log_key)?, today))
}

/// The same with keys that were read before.
#[must_use]
pub fn check(jws: &str, proof: Option<&str>, trust: &Trust, today: Date) -> OfflineVerdict {
    let jws = jws.trim();
    let mut verdict = OfflineVerdict { statement: None, steps: Vec::new(), log: None };
    let mut note = |check, outcome| verdict.steps.push(Step { check, outcome });
    let (outcome, key) = Outcome::of(form(jws, trust));
    note(Check::Form, outcome);
    let (outcome, payload) = key.map_or((Outcome::Skipped, None), |key| Outcome::of(signature(jws, key)));
    note(Check::Signature, outcome);
    let (outcome, statement) = payload.map_or((Outcome::Skipped, None), |bytes| Outcome::of(content(&bytes)));
    note(Check::Content, outcome);
    note(Check::Dates, statement.as_ref().map_or(Outcome::Skipped, |statement| dates(statement, today)));
    let given = statement.as_ref().zip(proof);
    let (outcome, log) =
        given.map_or((Outcome::Skipped, None), |(said, proof)| Outcome::of(logged(jws, said, proof, trust)));
    note(Check::Logged, outcome);
    OfflineVerdict { statement, log, ..verdict }
}

/// The key that the header names, or the only one.
fn form<'t>(jws: &str, trust: &'t Trust) -> Result<Option<&'t PublicKey>, String> {
    let header = jws::peek(jws).map_err(|error| error.to_string())?;
    if header.typ() != TYP {
        return Err(format!("its type is {:?}, not {TYP}", header.typ()));
    }
    Ok(trust.keys.iter().find(|key| key.key_id() == header.key_id()))
}

fn signature(jws: &str, key: Option<&PublicKey>) -> Result<Vec<u8>, String> {
    let key = key.ok_or("it is signed by a key that is not among those of the issuer")?;
    let expect = Expect { algorithms: &[Algorithm::Es256], typ: Some(TYP) };
    jws::verify(jws, key, &expect).map(|verified| verified.payload).map_err(|error| error.to_string())
}

fn content(payload: &[u8]) -> Result<Statement, String> {
    let statement = Statement::read(payload).map_err(|error| error.to_string())?;
    let identifier = CertificateId::parse(&statement.identifier).map_err(|error| error.to_string())?;
    let is_issuer = matches!(identifier.issuer(), Issuer::Body(uscc) if uscc.as_str() == statement.issuer.uscc);
    if !is_issuer || identifier.certificate_type().to_string() != statement.kind.code {
        return Err("its identifier is not one of its type and issuer".into());
    }
    Ok(statement)
}

fn dates(statement: &Statement, today: Date) -> Outcome {
    let dates = statement.dates();
    if today < dates.from {
        return Outcome::Failed(format!("it is valid from {}", dates.from));
    }
    match dates.to.filter(|to| *to < today) {
        Some(to) => Outcome::Failed(format!("it was valid until {to}")),
        None => Outcome::Passed,
    }
}

/// The proof leads from an entry to a signed checkpoint; the entry names this very certificate.
fn logged(jws: &str, statement: &Statement, proof: &str, trust: &Trust) -> Result<LogPlace, String> {
    let words = |error: SealError| error.to_string();
    let proof = TlogProof::parse(&with_last_newline(proof)).map_err(words)?;
    let entry = proof.extra.as_deref().ok_or("the proof does not carry its log entry")?;
    let checkpoint = proof.verify(entry, &trust.log).map_err(words)?;
    let entry: Value = serde_json::from_slice(entry).map_err(|error| error.to_string())?;
    let digest = digest::to_base64url(&statement.log_digest(jws).map_err(words)?);
    if entry["event"] != ISSUED || entry["document"] != digest.as_str() {
        return Err("the log entry is of another certificate".into());
    }
    let place = LogPlace {
        size: checkpoint.head.size,
        index: proof.index,
        root: checkpoint.head.root,
        checkpoint: proof.checkpoint,
    };
    Ok(place)
}

/// Pasting loses the last newline and may add carriage returns; neither changes what is proved.
fn with_last_newline(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned() + "\n"
}
