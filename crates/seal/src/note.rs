//! Signed notes (C2SP signed-note): a text, an empty line, and signature lines that anyone can add.

mod checkpoint;
mod key;

use crate::keys::Signer;
use crate::{SealError, digest};

pub(crate) use checkpoint::read_number;
pub use checkpoint::{Checkpoint, LogPolicy};
pub use key::{NoteKeyKind, VerifierKey};

/// Signature lines that are read at most; the specification asks for 16 at least.
pub const MAX_SIGNATURES: usize = 100;

/// Longest note that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

const SIGNATURE_START: &str = "\u{2014} ";

/// A signature line: whose it says it is, and the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Key name.
    pub name: String,
    /// Key id: which of the keys of that name.
    pub key_id: u32,
    /// 64 bytes for Ed25519, 72 for a cosignature; at least 1 for kinds that we do not know.
    pub bytes: Vec<u8>,
}

/// A note whose grammar is right. Nothing in it may be believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteWitness {
    /// The trusted key.
    pub key: VerifierKey,
    /// Seconds since 1970 as the witness states it; only cosignatures carry one.
    pub time: Option<u64>,
}

impl Note {
    /// A note without signatures. `text` ends in a newline and has no other control characters.
    /// Errors: [`SealError::Malformed`].
    pub fn new(text: impl Into<String>) -> Result<Self, SealError> {
        let text = text.into();
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(malformed("its text does not end in a newline"));
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// The signed text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines, also of unknown keys.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Signs with an Ed25519 key under `name`; an earlier signature of the same key is replaced.
    /// Errors: [`SealError::Key`] for other algorithms or a bad name, the signer's errors.
    pub fn sign(&mut self, name: &str, signer: &dyn Signer) -> Result<(), SealError> {
        let key = VerifierKey::new(name, signer.public(), NoteKeyKind::Ed25519)?;
        let bytes = signer.sign(self.text.as_bytes())?;
        self.put(&key, bytes);
        Ok(())
    }

    /// Cosigns as a witness (C2SP tlog-cosignature v1) at `time`, seconds since 1970.
    /// Errors: as [`Note::sign`].
    pub fn cosign(&mut self, name: &str, signer: &dyn Signer, time: u64) -> Result<(), SealError> {
        let key = VerifierKey::new(name, signer.public(), NoteKeyKind::Cosignature)?;
        let signature = signer.sign(&key::cosigned(time, &self.text))?;
        self.put(&key, [&time.to_be_bytes(), signature.as_slice()].concat());
        Ok(())
    }

    fn put(&mut self, key: &VerifierKey, bytes: Vec<u8>) {
        self.signatures.retain(|s| s.name != key.name() || s.key_id != key.key_id());
        self.signatures.push(NoteSignature { name: key.name().to_owned(), key_id: key.key_id(), bytes });
    }

    /// Text, empty line, signature lines.
    pub fn encode(&self) -> String {
        let mut note = format!("{}\n", self.text);
        for signature in &self.signatures {
            let blob = [&signature.key_id.to_be_bytes(), signature.bytes.as_slice()].concat();
            note.push_str(&format!("{SIGNATURE_START}{} {}\n", signature.name, digest::to_base64(&blob)));
        }
        note
    }

    /// Reads a note strictly. Errors: [`SealError::Malformed`].
    pub fn parse(note: &str) -> Result<Self, SealError> {
        if note.len() > MAX_BYTES {
            return Err(malformed(format!("it is longer than {MAX_BYTES} bytes")));
        }
        check_characters(note)?;
        // The last empty line separates: the text may hold others.
        let cut = note.rfind("\n\n").ok_or_else(|| malformed("it has no empty line before its signatures"))?;
        let (text, lines) = (&note[..=cut], &note[cut + 2..]);
        let lines = lines.strip_suffix('\n').ok_or_else(|| malformed("it does not end in a signature line"))?;
        let signatures = lines.split('\n').map(read_signature).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(malformed(format!("it has more than {MAX_SIGNATURES} signatures")));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Checks every signature by a `trusted` key and gives those keys, each once, in the order of the lines.
    /// Signatures by other keys are ignored, as the specification demands.
    ///
    /// Errors: [`SealError::Untrusted`] when none is by a trusted key; [`SealError::Signature`] when one is and does not
    /// fit, even if another does; [`SealError::Key`] when two trusted keys share name and id.
    pub fn verify(&self, trusted: &[VerifierKey]) -> Result<Vec<NoteWitness>, SealError> {
        let mut verified: Vec<NoteWitness> = Vec::new();
        for signature in &self.signatures {
            let Some(key) = find(trusted, signature)? else { continue };
            let time = key.verify(&self.text, &signature.bytes)?;
            if verified.iter().all(|earlier| earlier.key != *key) {
                verified.push(NoteWitness { key: key.clone(), time });
            }
        }
        if verified.is_empty() {
            let why = format!("none of the note's {} signatures is by a trusted key", self.signatures.len());
            return Err(SealError::Untrusted { why });
        }
        Ok(verified)
    }
}

fn find<'a>(trusted: &'a [VerifierKey], signature: &NoteSignature) -> Result<Option<&'a VerifierKey>, SealError> {
    let mut fitting = trusted.iter().filter(|k| k.name() == signature.name && k.key_id() == signature.key_id);
    let first = fitting.next();
    match fitting.find(|other| Some(*other) != first) {
        Some(other) => {
            Err(SealError::key(format!("two trusted keys are called {}+{:08x}", other.name(), other.key_id())))
        }
        None => Ok(first),
    }
}

fn read_signature(line: &str) -> Result<NoteSignature, SealError> {
    let parts = line.strip_prefix(SIGNATURE_START).and_then(|rest| rest.split_once(' '));
    let (name, blob) = parts.ok_or_else(|| malformed("a line after the empty line is no signature"))?;
    key::check_name(name).map_err(|_| malformed("a signature line has a bad key name"))?;
    let blob = digest::from_base64("signed note", blob)?;
    match blob.split_first_chunk::<4>() {
        Some((id, bytes)) if !bytes.is_empty() => {
            Ok(NoteSignature { name: name.to_owned(), key_id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
        }
        _ => Err(malformed("a signature is too short")),
    }
}

fn check_characters(text: &str) -> Result<(), SealError> {
    match text.bytes().find(|byte| *byte < b' ' && *byte != b'\n') {
        Some(byte) => Err(malformed(format!("it contains the control character {byte:#04x}"))),
        None => Ok(()),
    }
}

fn malformed(why: impl Into<String>) -> SealError {
    SealError::malformed("signed note", why)
}

#[cfg(test)]
mod tests;
