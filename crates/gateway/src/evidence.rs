//! Evidence of a call for somebody who trusts neither side: its lines of the log, each with our signature and with what the
//! other gateway signed. Verified without the log, the database or the network.
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::{Error, Result};
use seal::keys::{Algorithm, PublicKey};
use serde::{Deserialize, Serialize};

use crate::log::batch::{self, BatchSignature};
use crate::log::entry::{Entry, Part};
use crate::log::store::Batch;
use crate::wire::sign::Covered;

const FORMAT: &str = "tongban-evidence/1";

/// A bundle as it is handed out (JSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub format: String,
    /// The gateway that hands it out.
    pub server: String,
    pub message_id: String,
    pub lines: Vec<Line>,
    /// Public keys (Ed25519, base64) by their thumbprints. Compare the thumbprints with those that the gateways publish.
    pub keys: BTreeMap<String, String>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub part: String,
    pub side: String,
    pub request_id: String,
    pub client: String,
    pub service: String,
    pub verb: String,
    /// SHA-512, base64.
    pub hash: String,
    pub size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub user: String,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub issue: String,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub represented: String,
    pub own: Signed,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub peer: Option<Signed>,
}

/// Who signed a line and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub key: String,
    /// Seconds since 1970.
    pub created: i64,
    /// `BatchSignature::write`, base64.
    pub signature: String,
}

/// What is wrong with a bundle, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1; 0: the bundle as a whole.
    pub line: usize,
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.why),
            line => write!(f, "line {line}: {}", self.why),
        }
    }
}

/// What a bundle proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Signatures that hold: who, when, over which part.
    pub signatures: Vec<(String, i64, String)>,
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Request => "request",
        Part::Answer => "answer",
    }
}

/// Whose evidence is asked for: a message, and the client or provider that it concerns. Numbers of messages are given by
/// their senders, so that two clients may use the same.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub message_id: &'a str,
    pub party: &'a str,
}

impl Wanted<'_> {
    fn is(&self, entry: &Entry) -> bool {
        let provider = entry.service.rsplit_once('/').map(|(provider, _)| provider);
        entry.message_id == self.message_id && (entry.client == self.party || provider == Some(self.party))
    }
}

/// The lines of one message out of its batches. `keys`: public keys of the gateways concerned.
pub fn collect(server: &str, wanted: Wanted<'_>, batches: &[Batch], keys: &[PublicKey]) -> Result<Evidence> {
    let mut lines = Vec::new();
    for batch in batches {
        let messages: Vec<Vec<u8>> =
            batch.entries.iter().map(|entry| entry.covered(&batch.key).base().into_bytes()).collect();
        for (index, entry) in batch.entries.iter().enumerate().filter(|(_, entry)| wanted.is(entry)) {
            let proof = batch::proof(&messages, index as u64)?;
            let own = BatchSignature { root: batch.root.clone(), index: index as u64, proof };
            lines.push(line(entry, signed(&batch.key, entry.created, &own)));
        }
    }
    if lines.is_empty() {
        return Err(Error::NotFound);
    }
    lines.sort_by_key(|line| line.part == "answer");
    let named = |id: &str| lines.iter().flat_map(|l| [Some(&l.own), l.peer.as_ref()]).flatten().any(|s| s.key == id);
    let keys =
        keys.iter().map(|key| (key.key_id(), STANDARD.encode(key.to_bytes()))).filter(|(id, _)| named(id)).collect();
    Ok(Evidence { format: FORMAT.into(), server: server.into(), message_id: wanted.message_id.into(), lines, keys })
}

fn signed(key: &str, created: i64, signature: &BatchSignature) -> Signed {
    Signed { key: key.to_owned(), created, signature: STANDARD.encode(signature.write()) }
}

fn line(entry: &Entry, own: Signed) -> Line {
    Line {
        part: part_name(entry.part).into(),
        side: entry.side.name().into(),
        request_id: entry.request_id.clone(),
        client: entry.client.clone(),
        service: entry.service.clone(),
        verb: entry.verb.clone(),
        hash: STANDARD.encode(entry.hash),
        size: entry.size,
        status: entry.status,
        user: entry.user.clone(),
        issue: entry.issue.clone(),
        represented: entry.represented.clone(),
        own,
        peer: entry.peer.as_ref().map(|peer| signed(&peer.key, peer.created, &peer.signature)),
    }
}

impl Evidence {
    /// Reads a bundle.
    pub fn parse(json: &str) -> std::result::Result<Self, Fault> {
        let whole = |why: String| Fault { line: 0, why };
        let bundle: Self = serde_json::from_str(json).map_err(|e| whole(format!("this is no evidence bundle: {e}")))?;
        if bundle.format == FORMAT {
            Ok(bundle)
        } else {
            Err(whole(format!("format {:?} is not known", bundle.format)))
        }
    }

    /// Checks every signature of every line. The first that does not hold is named.
    pub fn verify(&self) -> std::result::Result<Proven, Fault> {
        let mut signatures = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            for signed in [Some(&line.own), line.peer.as_ref()].into_iter().flatten() {
                self.check(line, signed).map_err(|why| Fault { line: at + 1, why })?;
                signatures.push((signed.key.clone(), signed.created, line.part.clone()));
            }
        }
        if signatures.is_empty() {
            Err(Fault { line: 0, why: "the bundle has no line".into() })
        } else {
            Ok(Proven { signatures })
        }
    }

    fn check(&self, line: &Line, signed: &Signed) -> std::result::Result<(), String> {
        let decode = |text: &str, what: &str| STANDARD.decode(text).map_err(|_| format!("{what} is not base64"));
        let part = match line.part.as_str() {
            "request" => Part::Request,
            "answer" => Part::Answer,
            other => return Err(format!("a message has no part {other:?}")),
        };
        let hash = decode(&line.hash, "the hash")?.try_into().map_err(|_| "the hash has not 64 bytes".to_owned())?;
        let key = self.keys.get(&signed.key).ok_or_else(|| format!("the bundle lacks the key {}", signed.key))?;
        let key = PublicKey::from_bytes(Algorithm::Ed25519, &decode(key, "the key")?).map_err(|e| e.to_string())?;
        if key.key_id() != signed.key {
            return Err(format!("the key given for {} is another key", signed.key));
        }
        let signature = BatchSignature::read(&decode(&signed.signature, "the signature")?);
        let signature = signature.ok_or("the signature cannot be read")?;
        let covered =
            Covered { part, request_id: &line.request_id, hash: &hash, created: signed.created, key: &signed.key };
        if !signature.covers(covered.base().as_bytes()) {
            return Err(format!("it is not what {} signed: the hash, the number or the time was altered", signed.key));
        }
        if signature.root.verify(&key) { Ok(()) } else { Err(format!("the signature of {} is forged", signed.key)) }
    }
}
