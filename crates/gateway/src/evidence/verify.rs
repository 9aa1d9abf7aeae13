//! What a bundle proves, and what in it is only the word of the log that handed it out.
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seal::keys::{Algorithm, PublicKey};
use seal::merkle::{self, Hash, TreeHead};

use super::keys::Known;
use super::{Evidence, Fault, Key, Left, Line, Signed, Whole};
use crate::log::batch::BatchSignature;
use crate::log::entry::Part;
use crate::protocol::address::Address;
use crate::protocol::hash::{message_hash, sha512};
use crate::protocol::head::Head;
use crate::protocol::ids::{Alphabet, ClientId};
use crate::stamp::token::{self, Roots};
use crate::stamp::{leaf_of, statement};
use crate::wire::sign::Covered;

/// Whom the reader trusts. Empty: the bundle's own keys count, for the reader to compare.
#[derive(Default)]
pub struct Trust {
    /// Thumbprints of keys.
    pub thumbprints: Vec<String>,
    /// Keys with their servers and times, out of a federation document that the reader trusts.
    pub known: HashMap<String, Known>,
    /// Roots of time-stamping authorities.
    pub roots: Option<Roots>,
}

impl Trust {
    fn is_empty(&self) -> bool {
        self.thumbprints.is_empty() && self.known.is_empty()
    }
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// From 1.
    pub line: usize,
    pub part: String,
    pub key: String,
    /// Seconds since 1970, as the signer says.
    pub created: i64,
    /// Whose key it is; empty: nobody said.
    pub server: String,
    /// The last second of a key that is no longer in use.
    pub ended: Option<i64>,
    /// Whether the reader trusts the key; true when the reader named none.
    pub trusted: bool,
}

/// How the names of a line (client, service, verb, status, user, issue) are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// They stand in the head, which the signed hash covers.
    Proven,
    /// Nothing but the log's own word.
    Told,
}

/// What is known of a line beside its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub names: Names,
    /// The body is in the bundle and is the one that was signed.
    pub body: bool,
    /// Second before which our signature was made, as a time-stamping authority says.
    pub stamped: Option<i64>,
}

/// What a bundle proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub signatures: Vec<Signature>,
    /// One for each line.
    pub lines: Vec<Told>,
}

impl Evidence {
    /// Checks every signature, message and time-stamp. The first thing that does not hold is named.
    pub fn verify(&self, trust: &Trust) -> Result<Proven, Fault> {
        let mut proven = Proven { signatures: Vec::new(), lines: Vec::new() };
        let times = self.stamped_at(trust)?;
        for (at, line) in self.lines.iter().enumerate() {
            let fault = |why| Fault { line: at + 1, why };
            for signed in [Some(&line.own), line.peer.as_ref()].into_iter().flatten() {
                let mut signature = self.check((line, signed), trust).map_err(fault)?;
                signature.line = at + 1;
                proven.signatures.push(signature);
            }
            let stamped = self.stamped(line, &times).map_err(fault)?;
            let (names, body) = match &line.message {
                Some(whole) => (Names::Proven, self.agrees(line, whole).map_err(fault)?),
                None => (Names::Told, false),
            };
            proven.lines.push(Told { names, body, stamped });
        }
        if proven.signatures.is_empty() {
            Err(Fault { line: 0, why: "the bundle has no line".into() })
        } else {
            Ok(proven)
        }
    }

    fn check(&self, (line, signed): (&Line, &Signed), trust: &Trust) -> Result<Signature, String> {
        let hash = hash_of(line)?;
        let said = self.keys.get(&signed.key).map(|said| known_of(&signed.key, said)).transpose()?;
        let known = trust.known.get(&signed.key).cloned().or(said);
        let known = known.ok_or_else(|| format!("the bundle lacks the key {}", signed.key))?;
        let signature = BatchSignature::read(&decode(&signed.signature, "the signature")?);
        let signature = signature.ok_or("the signature cannot be read")?;
        let (part, request_id) = (part_of(line)?, &line.request_id);
        let covered = Covered { part, request_id, hash: &hash, created: signed.created, key: &signed.key };
        if !signature.covers(covered.base().as_bytes()) {
            return Err(format!("it is not what {} signed: the hash, the number or the time was altered", signed.key));
        }
        if !signature.root.verify(&known.key) {
            return Err(format!("the signature of {} is forged", signed.key));
        }
        if let Some(why) = known.refuses(signed.created) {
            return Err(why);
        }
        let named = trust.thumbprints.contains(&signed.key) || trust.known.contains_key(&signed.key);
        Ok(Signature {
            line: 0,
            part: line.part.clone(),
            key: signed.key.clone(),
            created: signed.created,
            server: known.server,
            ended: known.to,
            trusted: trust.is_empty() || named,
        })
    }

    /// When each token of the bundle was made.
    fn stamped_at(&self, trust: &Trust) -> Result<Vec<(TreeHead, i64)>, Fault> {
        let whole = |why: String| Fault { line: 0, why: format!("a time-stamp does not hold: {why}") };
        let read = |stamp: &super::Token| {
            let head = TreeHead { size: stamp.size, root: hash32(&stamp.root)? };
            let imprint = seal::digest::sha256(statement(&head).as_bytes());
            let token = decode(&stamp.token, "the token")?;
            Ok((head, token::check(&token, &imprint, trust.roots.as_ref())?))
        };
        self.stamps.iter().map(read).collect::<Result<_, String>>().map_err(whole)
    }

    fn stamped(&self, line: &Line, times: &[(TreeHead, i64)]) -> Result<Option<i64>, String> {
        let Some(stamped) = &line.stamped else { return Ok(None) };
        let (head, at) = times.get(stamped.stamp).ok_or("it names a time-stamp that the bundle lacks")?;
        let own = BatchSignature::read(&decode(&line.own.signature, "the signature")?);
        let own = own.ok_or("the signature cannot be read")?;
        let proof: Vec<Hash> = stamped.proof.iter().map(|text| hash32(text)).collect::<Result<_, _>>()?;
        let below = merkle::verify_inclusion(&leaf_of(&own.root.head.root), stamped.index, &proof, head);
        below.map_err(|_| "its batch is not below the time-stamp that it names".to_owned())?;
        // Clocks of an authority and a gateway differ a little; more would be a signature from the future.
        if line.own.created > at + SKEW {
            return Err(format!("it says that it was signed at {}, after its time-stamp of {at}", line.own.created));
        }
        Ok(Some(*at))
    }

    /// Whether the message is the one that was signed, and says what the line says. True: with its body.
    fn agrees(&self, line: &Line, whole: &Whole) -> Result<bool, String> {
        let head = decode(&whole.head, "the head")?;
        let body_hash = whole.body_hash.as_ref().map(|text| decode(text, "the body's hash")).transpose()?;
        let body_hash =
            body_hash.map(<[u8; 64]>::try_from).transpose().map_err(|_| "the body's hash has not 64 bytes")?;
        if message_hash(&head, body_hash.as_ref()) != hash_of(line)? {
            return Err("the message is not the one that was signed".into());
        }
        let body = whole.body.as_ref().map(|text| decode(text, "the body")).transpose()?;
        if let Some(body) = &body
            && (body_hash != Some(sha512(body)) || body.len() as u64 != line.size)
        {
            return Err("the body is not the one that was signed".into());
        }
        match &whole.left {
            Some(_) if body.is_some() || body_hash.is_none() => {
                return Err("it says that the body is left out, which it is not".into());
            }
            Some(Left::LargerThanKept { limit: Some(limit) }) if line.size <= *limit => {
                return Err("it says that the body was too large to be kept, which its size denies".into());
            }
            _ => {}
        }
        let read = Head::read(head.into()).ok_or("the head cannot be read")?;
        match self.differs(line, &read) {
            Some(what) => Err(format!("{what} of the line is not that of the signed head")),
            None => Ok(body.is_some() || body_hash.is_none()),
        }
    }

    /// The name of the first statement of a line that its signed head contradicts.
    fn differs(&self, line: &Line, head: &Head) -> Option<&'static str> {
        let id = |text: &str| ClientId::parse(text, Alphabet::Relaxed).ok();
        let last = |name: &str| head.last(name).unwrap_or_default();
        let client = id(last("x-road-client")).is_some_and(|said| Some(said) == id(&line.client));
        let mut all = vec![
            ("the message's number", last("x-road-id") == self.message_id),
            ("the request's number", last("x-road-request-id") == line.request_id),
            ("the client", client),
        ];
        if line.part == "request" {
            let service = Address::parse(head.second(), Alphabet::Relaxed).map(|address| address.text);
            all.extend([
                ("the verb", head.first() == line.verb),
                ("the service", service.is_ok_and(|service| service == line.service)),
                ("the user", last("x-road-userid") == line.user),
                ("the issue", last("x-road-issue") == line.issue),
                ("the represented party", last("x-road-represented-party") == line.represented),
            ]);
        } else {
            all.extend([
                ("the status", head.first().parse().ok() == line.status),
                ("the service", last("x-road-service") == line.service),
            ]);
        }
        all.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
    }
}

/// Seconds that clocks may differ.
const SKEW: i64 = 300;

fn decode(text: &str, what: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|_| format!("{what} is not base64"))
}

fn hash32(text: &str) -> Result<Hash, String> {
    decode(text, "a hash")?.try_into().map_err(|_| "a hash has not 32 bytes".to_owned())
}

fn hash_of(line: &Line) -> Result<[u8; 64], String> {
    decode(&line.hash, "the hash")?.try_into().map_err(|_| "the hash has not 64 bytes".to_owned())
}

fn part_of(line: &Line) -> Result<Part, String> {
    match line.part.as_str() {
        "request" => Ok(Part::Request),
        "answer" => Ok(Part::Answer),
        other => Err(format!("a message has no part {other:?}")),
    }
}

fn known_of(id: &str, said: &Key) -> Result<Known, String> {
    let key = PublicKey::from_bytes(Algorithm::Ed25519, &decode(&said.key, "the key")?).map_err(|e| e.to_string())?;
    if key.key_id() == id {
        Ok(Known { server: said.server.clone(), key, from: said.from, to: said.to })
    } else {
        Err(format!("the key given for {id} is another key"))
    }
}
