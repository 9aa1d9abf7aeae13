//! What a bundle that came in says, and whether it is what its gateway signed.
use seal::keys::PublicKey;
use seal::merkle::{self, Hash};

use super::frame::{Bundle, Carried};
use super::sign::Covered;
use crate::gateway::Gateway;
use crate::log::Signed;
use crate::log::batch::{self, BatchSignature};
use crate::log::entry::Part;
use crate::protocol::hash::{Hash512, message_hash, sha512};
use crate::protocol::head::Head;

/// Bytes of a number or name that goes into the log.
pub const MAX_NAME: usize = 255;

/// A message of a bundle.
pub struct Came {
    pub request_id: String,
    pub head: Head,
    pub body: Carried,
    /// Of its body; None without one.
    pub digest: Option<Hash512>,
    pub hash: Hash512,
}

/// A bundle whose messages can be read.
pub struct Opened {
    pub messages: Vec<Came>,
    leaves: Vec<Hash>,
}

/// Why a bundle is not taken.
pub enum Untrue {
    /// Its bytes are not those that were signed.
    Altered,
    /// Its root was not signed by the key.
    Forged,
    /// It was signed too many seconds from now.
    Untimely(u64),
}

/// None: a message has no head that a gateway writes.
pub fn open(bundle: &Bundle, part: Part) -> Option<Opened> {
    let mut messages = Vec::with_capacity(bundle.messages.len());
    let mut leaves = Vec::with_capacity(bundle.messages.len());
    for message in &bundle.messages {
        let head = Head::read(message.head.clone()).filter(Head::is_clean)?;
        let request_id = head.last("x-road-request-id").filter(|id| id.len() <= MAX_NAME)?;
        let digest = match &message.body {
            Carried::Here(body) => (!body.is_empty()).then(|| sha512(body)),
            Carried::Beside { digest, .. } => Some(*digest),
        };
        let hash = message_hash(&message.head, digest.as_ref());
        let (created, key) = (bundle.created, bundle.key.as_str());
        leaves.push(Covered { part, request_id, hash: &hash, created, key }.leaf());
        let (request_id, body) = (request_id.to_owned(), message.body.clone());
        messages.push(Came { request_id, head, body, digest, hash });
    }
    Some(Opened { messages, leaves })
}

impl Opened {
    /// Whether these messages are what the key has signed, a moment ago.
    pub fn check(&self, gateway: &Gateway, bundle: &Bundle, key: &PublicKey) -> Result<(), Untrue> {
        let away = gateway.now().abs_diff(bundle.created);
        if away > gateway.limits().skew_seconds.unsigned_abs() {
            return Err(Untrue::Untimely(away));
        }
        if merkle::root_of(&self.leaves) != bundle.root.head.root {
            return Err(Untrue::Altered);
        }
        if gateway.trusts(&bundle.root, key, &bundle.key) { Ok(()) } else { Err(Untrue::Forged) }
    }

    /// What the other gateway signed of each message of `kept` (places in the bundle, rising), as the log keeps it. When
    /// all are kept the way up to the root is left out: it follows from the others.
    pub fn signed(&self, bundle: &Bundle, kept: &[usize]) -> platform::Result<Vec<Signed>> {
        let key: std::sync::Arc<str> = bundle.key.as_str().into();
        let whole = kept.len() == self.leaves.len();
        let mut ways = if whole { None } else { Some(batch::Ways::over(self.leaves.clone())) };
        let each = |index: &usize| {
            let index = *index as u64;
            let proof = ways.as_mut().map_or(Ok(Vec::new()), |ways| ways.of(index))?;
            let signature = BatchSignature { root: bundle.root.clone(), index, proof };
            Ok(Signed { key: std::sync::Arc::clone(&key), created: bundle.created, signature })
        };
        kept.iter().map(each).collect()
    }
}
