//! Evidence of a call for somebody who trusts neither side: its lines of the log, each with our signature and with what the
//! other gateway signed. Verified (`verify`) without the log, the database or the network.
pub mod asking;
pub mod keys;
mod verify;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::clock::Timestamp;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::keep::{Body, Message};
use crate::log::batch::{BatchSignature, Ways};
use crate::log::entry::{Entry, Part};
use crate::log::pack;
use crate::protocol::hash;
use crate::stamp::Stamp;
use crate::store_evidence::Found;
use keys::Known;
pub use verify::{Names, Proven, Signature, Told, Trust};

const FORMAT: &str = "tongban-evidence/3";
/// The second without why a body is left out, the first also without times of keys, heads and time-stamps.
const FORMER: [&str; 2] = ["tongban-evidence/2", "tongban-evidence/1"];

/// Batches that one bundle is made from.
pub const MAX_BATCHES: usize = 64;
/// Lines of one bundle.
pub const MAX_LINES: usize = 128;
/// Bytes of the kept messages in one bundle.
pub const MAX_BYTES: usize = 16 << 20;

/// A bundle as it is handed out (JSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub format: String,
    /// The gateway that hands it out.
    pub server: String,
    pub message_id: String,
    pub lines: Vec<Line>,
    /// Public keys by their thumbprints. Compare the thumbprints with those that the gateways publish.
    pub keys: BTreeMap<String, Key>,
    /// Time-stamp tokens (RFC 3161) that lines refer to by their place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub stamps: Vec<Token>,
}

/// A public key as the gateway that hands the bundle out knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeyForm")]
pub struct Key {
    /// Ed25519, base64.
    pub key: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub server: String,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum KeyForm {
    Bare(String),
    Timed {
        key: String,
        #[serde(default)]
        server: String,
        from: Option<i64>,
        to: Option<i64>,
    },
}

impl From<KeyForm> for Key {
    fn from(form: KeyForm) -> Self {
        match form {
            KeyForm::Bare(key) => Self { key, server: String::new(), from: None, to: None },
            KeyForm::Timed { key, server, from, to } => Self { key, server, from, to },
        }
    }
}

/// A time-stamp over the roots of many batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Leaves and root of the tree that the token stamps (`stamp::statement`); base64.
    pub size: u64,
    pub root: String,
    /// The token in DER, base64.
    pub token: String,
}

/// That the batch of a line lies below the root of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamped {
    /// Place in `Evidence::stamps`.
    pub stamp: usize,
    pub index: u64,
    /// Base64 of 32 bytes each.
    pub proof: Vec<String>,
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
    /// The code of the fault that ended the call without an answer; the hash is that of its words.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub fault: String,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub user: String,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub issue: String,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub represented: String,
    pub own: Signed,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub peer: Option<Signed>,
    /// What is kept of the message itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Whole>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stamped: Option<Stamped>,
}

/// The message itself; base64 each. The head and the body's hash give the hash that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    pub head: String,
    /// SHA-512 of the body; none: it had no body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body_hash: Option<String>,
    /// None: it had none, or only its hash is kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<String>,
    /// Why only its hash is kept, in the words of the log that handed this out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left: Option<Left>,
}

/// Why a body is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case", deny_unknown_fields)]
pub enum Left {
    /// It is larger than the policy of then kept.
    LargerThanKept {
        /// Bytes; none: it was not noted.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        limit: Option<u64>,
    },
    /// The call ended before all of it had come.
    NeverCame {},
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

/// Why there is no bundle.
#[derive(Debug)]
pub enum Refused {
    /// No line of the message concerns the party.
    Nothing,
    /// More than one bundle holds; what to do.
    TooMuch(&'static str),
    Store(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Whether kept messages are put into a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    Left,
    With,
}

/// Whose evidence is asked for: a message, and the client or provider that it concerns. Numbers of messages are given by
/// their senders, so that two clients may use the same.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub message_id: &'a str,
    pub party: &'a str,
    /// None: both.
    pub part: Option<Part>,
    /// Stored from then on, and before then.
    pub since: Timestamp,
    pub until: Timestamp,
    pub bodies: Bodies,
}

impl<'a> Wanted<'a> {
    /// Every line that is there, without the messages themselves.
    #[must_use]
    pub fn of(message_id: &'a str, party: &'a str) -> Self {
        let (since, until) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        Self { message_id, party, part: None, since, until, bodies: Bodies::Left }
    }

    /// Whether a line is asked for.
    #[must_use]
    pub fn is(&self, entry: &Entry) -> bool {
        let provider = entry.names.service.rsplit_once('/').map(|(provider, _)| provider);
        let concerns = entry.names.client == self.party || provider == Some(self.party);
        entry.names.message_id == self.message_id && concerns && self.part.is_none_or(|part| part == entry.part)
    }
}

/// Messages that are kept, by batch and place in it.
pub type Messages = HashMap<(i64, usize), Message>;

/// The lines of one message out of its batches. `known`: keys of the gateways concerned, by thumbprint.
pub fn collect(
    server: &str,
    wanted: Wanted<'_>,
    (batches, messages): (&[Found], &Messages),
    known: &HashMap<String, Known>,
) -> std::result::Result<Evidence, Refused> {
    let (mut lines, mut stamps) = (Vec::new(), Vec::new());
    for batch in batches {
        let entries = entries_of(batch)?;
        let mut ways = Ways::over(entries.iter().map(|entry| entry.covered(&batch.key).leaf()).collect());
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| wanted.is(entry)) {
            let proof = ways.of(index as u64)?;
            let own = BatchSignature { root: batch.root.clone(), index: index as u64, proof };
            let mut line = line(entry, signed(&batch.key, entry.created, &own));
            line.message = messages.get(&(batch.number, index)).map(whole);
            line.stamped = batch.stamp.as_ref().map(|stamp| stamped(&mut stamps, stamp));
            lines.push(line);
        }
    }
    match lines.len() {
        0 => return Err(Refused::Nothing),
        1..=MAX_LINES => lines.sort_by_key(|line| line.part == "answer"),
        _ => return Err(Refused::TooMuch("so many lines have this number; name a time with since and until")),
    }
    let mut keys = BTreeMap::new();
    for id in lines.iter().flat_map(|line| [Some(&line.own), line.peer.as_ref()]).flatten().map(|signed| &signed.key) {
        if let Some(known) = known.get(id) {
            let (server, key) = (known.server.clone(), STANDARD.encode(known.key.to_bytes()));
            keys.insert(id.clone(), Key { key, server, from: known.from, to: known.to });
        }
    }
    Ok(Evidence {
        format: FORMAT.into(),
        server: server.into(),
        message_id: wanted.message_id.into(),
        lines,
        keys,
        stamps,
    })
}

/// The entries of a batch.
pub fn entries_of(batch: &Found) -> Result<Vec<Entry>> {
    let entries = pack::unpack(&batch.packed);
    entries.ok_or_else(|| Error::Internal(format!("batch {} of the message log cannot be read", batch.number)))
}

fn signed(key: &str, created: i64, signature: &BatchSignature) -> Signed {
    Signed { key: key.to_owned(), created, signature: STANDARD.encode(signature.write()) }
}

fn whole(message: &Message) -> Whole {
    Whole {
        head: STANDARD.encode(&message.head),
        body_hash: message.body_digest.map(|digest| STANDARD.encode(digest)),
        body: if let Body::Whole(body) = &message.body { Some(STANDARD.encode(body)) } else { None },
        left: match &message.body {
            Body::Larger(limit) => Some(Left::LargerThanKept { limit: *limit }),
            Body::NeverCame | Body::Apart(_) => Some(Left::NeverCame {}),
            Body::None | Body::Whole(_) => None,
        },
    }
}

/// Puts the token among those of the bundle, once.
fn stamped(stamps: &mut Vec<Token>, stamp: &Stamp) -> Stamped {
    let (size, root) = (stamp.head.size, STANDARD.encode(stamp.head.root));
    let token = Token { size, root, token: STANDARD.encode(&stamp.token) };
    let place = stamps.iter().position(|known| *known == token).unwrap_or_else(|| {
        stamps.push(token);
        stamps.len() - 1
    });
    let proof = stamp.proof.iter().map(|hash| STANDARD.encode(hash)).collect();
    Stamped { stamp: place, index: stamp.index, proof }
}

fn line(entry: &Entry, own: Signed) -> Line {
    Line {
        part: if entry.part == Part::Request { "request" } else { "answer" }.into(),
        side: entry.side.name().into(),
        request_id: entry.names.request_id.clone(),
        client: entry.names.client.clone(),
        service: entry.names.service.clone(),
        verb: entry.names.verb.clone(),
        hash: STANDARD.encode(entry.hash),
        size: entry.size,
        status: entry.status,
        fault: entry.fault.clone(),
        user: entry.names.user.clone(),
        issue: entry.names.issue.clone(),
        represented: entry.names.represented.clone(),
        own,
        peer: entry.peer.as_ref().map(|peer| signed(&peer.key, peer.created, &peer.signature)),
        message: None,
        stamped: None,
    }
}

impl Evidence {
    /// Reads a bundle, also one of the former format.
    pub fn parse(json: &str) -> std::result::Result<Self, Fault> {
        let whole = |why: String| Fault { line: 0, why };
        let bundle: Self = serde_json::from_str(json).map_err(|e| whole(format!("this is no evidence bundle: {e}")))?;
        if bundle.format == FORMAT || FORMER.contains(&bundle.format.as_str()) {
            Ok(bundle)
        } else {
            Err(whole(format!("format {:?} is not known", bundle.format)))
        }
    }

    /// Puts a message that somebody kept to the line that speaks of it. `head`: as it is hashed.
    pub fn add_message(&mut self, head: &[u8], body: Option<&[u8]>) -> std::result::Result<(), Fault> {
        let body = body.filter(|body| !body.is_empty());
        let body_digest = body.map(hash::sha512);
        let known = hash::to_text(&hash::message_hash(head, body_digest.as_ref()));
        let Some(line) = self.lines.iter_mut().find(|line| line.hash == known) else {
            let why = "no line of the bundle has the hash of this message; give its head with CR LF, byte by byte";
            return Err(Fault { line: 0, why: why.into() });
        };
        let body = body.map_or(Body::None, |body| Body::Whole(body.to_vec()));
        line.message = Some(whole(&Message { head: head.to_vec(), body_digest, body }));
        Ok(())
    }
}
