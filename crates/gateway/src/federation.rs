//! Who takes part across regions: one signed document, pulled, with its last good form kept for when its source is away.
//!
//! Invariants: only a document signed by an authority of the roster counts; its version never goes back; one that has
//! expired carries no call.
use std::collections::BTreeMap;
use std::time::Duration;

use platform::audit::Entry as AuditEntry;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Platform, Result};
use seal::jws::{self, Expect, Header};
use seal::keys::{Algorithm, PublicKey, Signer};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::evidence::keys::FormerKey;
use crate::fetch::fetch;
use crate::gateway::Gateway;
use crate::store::{find_document, put_document};

const TYPE: &str = "tongban-federation+jws";

/// The document as it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Federation {
    pub instance: String,
    /// Grows with each document.
    pub version: u64,
    /// Seconds since 1970.
    pub issued_at: i64,
    pub expires_at: i64,
    pub servers: Vec<Server>,
    /// Members of each group of the whole federation.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
}

/// A gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `INSTANCE/CLASS/MEMBER/CODE`.
    pub server: String,
    /// `host:port`.
    pub address: String,
    /// Ed25519 public keys, base64 of 32 bytes; more than one while keys change.
    pub keys: Vec<String>,
    /// Keys that it signed with before: what they signed in their time stays proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys_before: Vec<FormerKey>,
    /// SHA-256 of its certificates, in hex; empty: any that an authority known to the reader has signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    pub subsystems: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// `INSTANCE/CLASS/MEMBER/SUBSYSTEM`.
    pub id: String,
    pub name: String,
    pub member_name: String,
}

/// Where the document comes from and who may sign it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `https://host/path`, `http://host:port/path`, or the path of a file.
    pub from: String,
    /// Ed25519 public keys of the authority, base64.
    pub authority: Vec<String>,
    #[serde(default = "a_minute")]
    pub refresh_seconds: u64,
}

fn a_minute() -> u64 {
    60
}

/// Signs a document for distribution.
pub fn sign(federation: &Federation, signer: &dyn Signer) -> Result<String> {
    let payload = serde_json::to_vec(federation)?;
    jws::sign(signer, Header::new(TYPE), &payload).map_err(Error::internal)
}

/// Reads a signed document. The error says why it does not count.
pub fn open(compact: &str, authority: &[String]) -> Result<Federation, String> {
    let compact = compact.trim();
    let mut last = "the roster names no authority".to_owned();
    for text in authority {
        let key = key_of(text)?;
        let expect = Expect { typ: Some(TYPE), algorithms: &[Algorithm::Ed25519] };
        match jws::verify(compact, &key, &expect) {
            Ok(verified) => {
                return serde_json::from_slice(&verified.payload)
                    .map_err(|e| format!("the document cannot be read: {e}"));
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

/// An Ed25519 public key from base64.
pub fn key_of(text: &str) -> Result<PublicKey, String> {
    use base64::Engine as _;
    let bytes =
        base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| format!("{text:?} is not base64"))?;
    public_key(&bytes)
}

/// An Ed25519 public key from its 32 bytes.
pub fn public_key(bytes: &[u8]) -> Result<PublicKey, String> {
    PublicKey::from_bytes(Algorithm::Ed25519, bytes).map_err(|error| error.to_string())
}

/// Asks the document's source again and again until `stop` says true.
pub async fn keep(gateway: Gateway, mut stop: watch::Receiver<bool>) {
    let Some(source) = gateway.roster().federation.clone() else { return };
    while !*stop.borrow() {
        if let Err(why) = refresh(&gateway, &source).await {
            tracing::warn!(why, "the federation document could not be refreshed; the last one counts until it expires");
        }
        tokio::select! {
            ended = stop.wait_for(|stop| *stop) => if ended.is_err() { return },
            () = tokio::time::sleep(Duration::from_secs(source.refresh_seconds.max(1))) => {}
        }
    }
}

/// Pulls the document once. Ok(true): a newer one counts now.
pub async fn refresh(gateway: &Gateway, source: &Source) -> Result<bool, String> {
    let text = fetch(&source.from, gateway.roster().outbound(), &gateway.limits().spool).await?;
    let federation = open(&text, &source.authority)?;
    let known = gateway.roster().version;
    if federation.version < known {
        return Err(format!("version {} is older than {known}, which counts", federation.version));
    }
    if federation.version == known {
        return Ok(false);
    }
    if federation.expires_at < gateway.now() {
        return Err(format!("version {} has expired already", federation.version));
    }
    // Checked, then kept, then counted on: after a restart none that is older can come back.
    let roster = gateway.roster().joined(&federation, &text)?;
    store(gateway.platform(), &federation, text).await.map_err(|error| error.to_string())?;
    gateway.set_roster(roster);
    gateway.note_keys().await.map_err(|error| format!("the keys could not be noted: {error}"))?;
    Ok(true)
}

async fn store(platform: &Platform, federation: &Federation, text: String) -> Result<()> {
    let grant = Ctx::system(platform, "gateway.federation").allow(Action::MessageLog, &On::PUBLIC)?;
    let (instance, version) = (federation.instance.clone(), federation.version);
    platform
        .db()
        .write(grant, move |tx| {
            put_document(tx, (&instance, version), &text)?;
            tx.audited(AuditEntry { event: "federation.taken-up", object: &instance, ..AuditEntry::default() }, ())
        })
        .await
}

/// Takes up the last good document, before a door opens: whoever calls at that moment is known already.
pub(crate) async fn recall(gateway: &Gateway) {
    let Some(source) = gateway.roster().federation.clone() else { return };
    if let Err(error) = take_last(gateway, &source).await {
        tracing::warn!(%error, "the last federation document could not be taken up");
    }
}

async fn take_last(gateway: &Gateway, source: &Source) -> Result<()> {
    let platform = gateway.platform();
    let grant = Ctx::system(platform, "gateway.federation").allow(Action::MessageRead, &On::PUBLIC)?;
    let instance = gateway.roster().instance.clone();
    let Some(text) = platform.db().read(grant, move |tx| find_document(tx, &instance)).await? else { return Ok(()) };
    let federation = open(&text, &source.authority).map_err(Error::Internal)?;
    gateway.set_roster(gateway.roster().joined(&federation, &text).map_err(Error::Internal)?);
    gateway.note_keys().await
}
