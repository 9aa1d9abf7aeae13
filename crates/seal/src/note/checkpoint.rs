//! Checkpoints (C2SP tlog-checkpoint): the signed head of a log.

use super::{Note, NoteKeyKind, NoteWitness, VerifierKey};
use crate::keys::Signer;
use crate::merkle::TreeHead;
use crate::{SealError, digest};

/// What a verifier must know beforehand about a log.
#[derive(Debug, Clone)]
pub struct LogPolicy {
    /// The log's name, the first line of its checkpoints.
    pub origin: String,
    /// Keys of the log itself; one of them must have signed.
    pub log_keys: Vec<VerifierKey>,
    /// Keys of witnesses that may cosign.
    pub witnesses: Vec<VerifierKey>,
    /// How many of the witnesses must have cosigned; 0 when the log alone is trusted.
    pub quorum: usize,
}

/// The head of a log as its checkpoint states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, best a URL without scheme; one line, not empty.
    pub origin: String,
    /// Size and root.
    pub head: TreeHead,
    /// Further lines, each not empty; best none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, head: TreeHead) -> Self {
        Self { origin: origin.to_owned(), head, extensions: Vec::new() }
    }

    /// The note text: origin, size, base64 root, extensions, a line each.
    /// Errors: [`SealError::Malformed`] when a line is empty or holds a line break or control character.
    pub fn encode(&self) -> Result<String, SealError> {
        for line in std::iter::once(&self.origin).chain(&self.extensions) {
            if line.is_empty() || line.bytes().any(|byte| byte < b' ') {
                return Err(malformed(format!("{line:?} is no line of a checkpoint")));
            }
        }
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.head.size, digest::to_base64(&self.head.root));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads a note text strictly: no leading zeros, a root of 32 bytes, no empty lines. Errors: [`SealError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let lines = text.strip_suffix('\n').ok_or_else(|| malformed("its last line has no end"))?;
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(malformed("it has fewer than three lines"));
        };
        let head =
            TreeHead { size: read_number("checkpoint", size)?, root: digest::hash_from_base64("checkpoint", root)? };
        let checkpoint = Self { origin: origin.to_owned(), head, extensions: lines.map(str::to_owned).collect() };
        checkpoint.encode()?;
        Ok(checkpoint)
    }

    /// The signed note under the log's key; `name` is best the origin.
    /// Errors: as [`Checkpoint::encode`] and [`Note::sign`].
    pub fn sign(&self, name: &str, signer: &dyn Signer) -> Result<String, SealError> {
        let mut note = Note::new(self.encode()?)?;
        note.sign(name, signer)?;
        Ok(note.encode())
    }

    /// Reads a signed checkpoint and checks it against `policy`: origin, a signature by the log, enough witnesses.
    /// Also gives the signatures that were checked (the witnesses' with their times).
    ///
    /// Errors: [`SealError::Malformed`], [`SealError::Signature`], [`SealError::Untrusted`], [`SealError::Key`].
    pub fn open(note: &str, policy: &LogPolicy) -> Result<(Self, Vec<NoteWitness>), SealError> {
        let note = Note::parse(note)?;
        let trusted = [policy.log_keys.as_slice(), &policy.witnesses].concat();
        let verified = note.verify(&trusted)?;
        policy.check(&verified)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != policy.origin {
            let why = format!("the checkpoint is of the log {:?}, not {:?}", checkpoint.origin, policy.origin);
            return Err(SealError::Untrusted { why });
        }
        Ok((checkpoint, verified))
    }
}

impl LogPolicy {
    /// Trusts the log itself, without witnesses.
    pub fn of_log(origin: &str, log_key: VerifierKey) -> Self {
        Self { origin: origin.to_owned(), log_keys: vec![log_key], witnesses: Vec::new(), quorum: 0 }
    }

    fn check(&self, verified: &[NoteWitness]) -> Result<(), SealError> {
        // A cosignature says "I saw it", not "I issued it": it never stands for the log's own signature.
        let is_log = |v: &&NoteWitness| v.key.kind() == NoteKeyKind::Ed25519 && self.log_keys.contains(&v.key);
        if verified.iter().find(is_log).is_none() {
            return Err(SealError::Untrusted { why: format!("the log {:?} itself did not sign", self.origin) });
        }
        let seen = verified.iter().filter(|v| self.witnesses.contains(&v.key)).count();
        if seen < self.quorum {
            return Err(SealError::Untrusted { why: format!("{seen} witnesses signed, {} are required", self.quorum) });
        }
        Ok(())
    }
}

/// An ASCII decimal without sign or leading zeros.
pub(crate) fn read_number(what: &'static str, text: &str) -> Result<u64, SealError> {
    let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text);
    number.ok_or_else(|| SealError::malformed(what, format!("{text:?} is no number without sign and leading zeros")))
}

fn malformed(why: impl Into<String>) -> SealError {
    SealError::malformed("checkpoint", why)
}
