//! Keys of signed notes: a name, a kind, a 32-bit id, and the text form `name+id+base64` (a "vkey").

use std::fmt;

use crate::keys::{Algorithm, PublicKey};
use crate::{SealError, digest};

/// What a note key signs. The byte is the C2SP signature type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteKeyKind {
    /// `0x01`: Ed25519 over the text.
    Ed25519,
    /// `0x04`: Ed25519 over the time and the text, by a witness.
    Cosignature,
}

impl NoteKeyKind {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }
}

/// The public key that a verifier trusts under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: NoteKeyKind,
    key_id: u32,
    key: PublicKey,
}

impl VerifierKey {
    /// Names an Ed25519 key; a log's key is best named like its origin.
    /// Errors: [`SealError::Key`] for other algorithms, and names that are empty or hold spaces, `+` or control characters.
    pub fn new(name: &str, key: PublicKey, kind: NoteKeyKind) -> Result<Self, SealError> {
        check_name(name)?;
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(SealError::key(format!("notes are signed with Ed25519, not {}", key.algorithm())));
        }
        let key_id = key_id(name, kind, &key);
        Ok(Self { name: name.to_owned(), kind, key_id, key })
    }

    /// Reads `name+id+base64`. Errors: [`SealError::Key`] for unknown kinds or an id that does not fit,
    /// [`SealError::Malformed`].
    pub fn parse(vkey: &str) -> Result<Self, SealError> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(blob)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SealError::malformed("note key", "it is not name+id+key"));
        };
        let blob = digest::from_base64("note key", blob)?;
        let (kind, point) = match blob.split_first() {
            Some((1, point)) => (NoteKeyKind::Ed25519, point),
            Some((4, point)) => (NoteKeyKind::Cosignature, point),
            _ => return Err(SealError::key("only the kinds 1 (Ed25519) and 4 (Ed25519 cosignature) are known")),
        };
        let key = Self::new(name, PublicKey::from_bytes(Algorithm::Ed25519, point)?, kind)?;
        if id != format!("{:08x}", key.key_id) {
            return Err(SealError::key(format!("its id is {:08x}, but {id} is written", key.key_id)));
        }
        Ok(key)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> NoteKeyKind {
        self.kind
    }

    /// The first four bytes of SHA-256(name || newline || kind || public key), big-endian. Tells keys apart; proves nothing.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.key
    }

    /// Checks the bytes of a signature line over `text`; gives the time that a cosignature states.
    pub(super) fn verify(&self, text: &str, bytes: &[u8]) -> Result<Option<u64>, SealError> {
        let fail = || SealError::Signature { key: format!("{}+{:08x}", self.name, self.key_id) };
        match self.kind {
            NoteKeyKind::Ed25519 => self.key.verify(text.as_bytes(), bytes).map(|()| None).map_err(|_| fail()),
            NoteKeyKind::Cosignature => {
                let (time, signature) = bytes.split_first_chunk::<8>().ok_or_else(fail)?;
                let time = u64::from_be_bytes(*time);
                self.key.verify(&cosigned(time, text), signature).map_err(|_| fail())?;
                Ok(Some(time))
            }
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[self.kind.byte()], self.key.to_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.key_id, digest::to_base64(&blob))
    }
}

/// What a witness signs (C2SP tlog-cosignature).
pub(super) fn cosigned(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

fn key_id(name: &str, kind: NoteKeyKind, key: &PublicKey) -> u32 {
    let named = [name.as_bytes(), b"\n", &[kind.byte()], &key.to_bytes()].concat();
    let [a, b, c, d, ..] = digest::sha256(&named);
    u32::from_be_bytes([a, b, c, d])
}

/// Key names are not empty and hold no Unicode spaces, no `+`, no control characters.
pub(super) fn check_name(name: &str) -> Result<(), SealError> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(SealError::key(format!("{name:?} is no name of a note key")));
    }
    Ok(())
}
