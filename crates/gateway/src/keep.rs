//! Messages kept whole where policy says so: the canonical head and the body, sealed before they are stored.
//!
//! A sealed message is byte 1, 16 bytes of salt, and AES-256-GCM (NIST SP 800-38D) with a nonce of zeros under a key of its
//! own: HMAC-SHA256 of the label and the salt with the current key. Bound to it: part, request number and hash of the line.
//! Large bodies lie apart, in pieces (`pieces`).
pub mod pieces;

use std::collections::HashMap;
use std::path::Path;

use bytes::Bytes;
use platform::clock::{DAY, Timestamp};
use platform::{Error, Result};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::Deserialize;

use crate::body::{Kept, Taken};
use crate::log::entry::{Entry, Part};
use crate::protocol::hash::Hash512;
use pieces::{Apart, PIECE};

const LABEL: &[u8] = b"tongban/kept-message/v1";
const VERSION: u8 = 1;
/// Bytes of a body that policy may keep at most: what fits into a bundle of evidence.
pub const MOST: u64 = 15 << 20;
const SALT: usize = 16;
/// The key that seals now; files of other names open what was sealed before.
const CURRENT: &str = "current";

/// Which messages of a service, or of a subsystem that calls, are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    Request,
    Answer,
    Both,
}

/// What is kept, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub which: Which,
    pub days: u32,
    /// Bytes of a body: of a larger one only the head and the hash are kept.
    pub limit: u64,
}

impl Policy {
    /// What `keep`, `keep_days` and `keep_limit_bytes` of a roster say.
    pub fn of((which, days, limit): (Option<Which>, Option<u32>, u64)) -> std::result::Result<Option<Self>, String> {
        match (which, days) {
            (Some(_), _) if limit > MOST => Err(format!("keep_limit_bytes may be {MOST} at most")),
            (None, None) => Ok(None),
            (Some(which), Some(days)) if days > 0 => Ok(Some(Self { which, days, limit })),
            _ => {
                Err("`keep` says which messages are kept and `keep_days` how long, at least 1: name both or neither"
                    .into())
            }
        }
    }

    /// What both ask for of one message.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let which = if self.which == other.which { self.which } else { Which::Both };
        Self { which, days: self.days.max(other.days), limit: self.limit.max(other.limit) }
    }

    #[must_use]
    pub fn keeps(&self, part: Part) -> bool {
        matches!((self.which, part), (Which::Both, _) | (Which::Request, Part::Request) | (Which::Answer, Part::Answer))
    }
}

/// What is kept of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// There was none.
    None,
    Whole(Vec<u8>),
    /// In pieces beside the message.
    Apart(Apart),
    /// Its hash alone: it is larger than so many bytes. None: how many was not noted then.
    Larger(Option<u64>),
    /// Its hash alone: the call ended before the body had come.
    NeverCame,
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub head: Vec<u8>,
    /// SHA-512 of the body; None: there was none.
    pub body_digest: Option<Hash512>,
    pub body: Body,
}

/// A message that nobody reads without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// When it is to be deleted.
    pub until: Timestamp,
    /// Which key opens it.
    pub key: String,
    pub bytes: Bytes,
    /// Where the body goes once it has come (`Gateway::keep_late`).
    pub late: Option<Apart>,
}

impl Message {
    /// What a policy with this limit keeps. The body itself stays where it is read next.
    #[must_use]
    pub fn of(head: &[u8], body: &Taken, limit: u64) -> Self {
        let kept = match &body.body {
            _ if body.size == 0 => Body::None,
            _ if body.size > limit => Body::Larger(Some(limit)),
            Kept::Memory(bytes) if bytes.len() as u64 == body.size && bytes.len() <= PIECE => {
                Body::Whole(bytes.to_vec())
            }
            _ => Body::Apart(Apart::new()),
        };
        Self { head: head.to_vec(), body_digest: body.digest, body: kept }
    }

    /// Length of the head (4 bytes, big-endian), head, then 0: no body; else a number, the body's hash, and 1: nothing; 2: the
    /// body; 3: the limit (8); 4: number (8) and salt (16) of its pieces.
    fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.head.len() + 96);
        out.extend_from_slice(&u32::try_from(self.head.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(&self.head);
        let Some(digest) = &self.body_digest else {
            out.push(0);
            return out;
        };
        let mut put = |kind: u8, parts: [&[u8]; 2]| {
            out.push(kind);
            out.extend_from_slice(digest);
            parts.iter().for_each(|part| out.extend_from_slice(part));
        };
        match &self.body {
            Body::Whole(body) => put(2, [body, &[]]),
            Body::Larger(Some(limit)) => put(3, [&limit.to_be_bytes(), &[]]),
            Body::Apart(Apart { number, salt }) => put(4, [&number.to_be_bytes(), salt]),
            Body::None | Body::Larger(None) | Body::NeverCame => put(1, [&[], &[]]),
        }
        out
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (head, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let (&[kind], rest) = rest.split_first_chunk::<1>()?;
        let head = head.to_vec();
        if kind == 0 {
            return rest.is_empty().then_some(Self { head, body_digest: None, body: Body::None });
        }
        let (digest, rest) = rest.split_first_chunk::<64>()?;
        let body = match kind {
            1 if rest.is_empty() => Body::Larger(None),
            2 => Body::Whole(rest.to_vec()),
            3 => Body::Larger(Some(u64::from_be_bytes(rest.try_into().ok()?))),
            4 => {
                let (number, salt) = rest.split_first_chunk::<8>()?;
                Body::Apart(Apart { number: i64::from_be_bytes(*number), salt: salt.try_into().ok()? })
            }
            _ => return None,
        };
        Some(Self { head, body_digest: Some(*digest), body })
    }
}

/// The keys that seal and open, by their names; files of 64 hexadecimal digits in one folder.
pub struct Keys {
    current: String,
    all: HashMap<String, [u8; 32]>,
}

/// A key's name: it tells nothing of the key.
fn name_of(key: &[u8; 32]) -> String {
    let mut name = seal::digest::to_hex(&seal::digest::keyed(key, b"tongban/kept-message/name"));
    name.truncate(16);
    name
}

impl Keys {
    /// Reads the folder; makes it and the current key when they are not there. To change the key, rename the file
    /// `current` and start anew; to make what an old key sealed unreadable for ever, delete its file.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(CURRENT);
        if !path.exists() {
            make(&path)?;
        }
        let mut keys = Self { current: String::new(), all: HashMap::new() };
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|end| end == "new") {
                continue;
            }
            let text = std::fs::read_to_string(&path)?;
            let key = seal::digest::from_hex(text.trim()).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
            let key = key.ok_or_else(|| Error::Internal(format!("{}: want 64 hexadecimal digits", path.display())))?;
            if path.file_name().is_some_and(|name| name == CURRENT) {
                keys.current = name_of(&key);
            }
            keys.all.insert(name_of(&key), key);
        }
        Ok(keys)
    }

    /// Seals a message of a line. `now`: when its time begins.
    pub fn seal(&self, message: &Message, line: &Entry, (policy, now): (&Policy, Timestamp)) -> Result<Sealed> {
        let salt = platform::chance::bytes::<SALT>();
        let mut bytes = message.write();
        let key = self.own(&self.current, &[LABEL, &salt].concat())?;
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let sealing = key.seal_in_place_append_tag(nonce, Aad::from(bound(line)), &mut bytes);
        sealing.map_err(|_| Error::Internal("a message could not be sealed".into()))?;
        let bytes = [[VERSION].as_slice(), &salt, &bytes].concat().into();
        let late = if let Body::Apart(apart) = &message.body { Some(apart.clone()) } else { None };
        Ok(Sealed { until: now.plus(i64::from(policy.days) * DAY), key: self.current.clone(), bytes, late })
    }

    /// Opens what was sealed for this line. The error says why it cannot be read.
    pub fn unseal(&self, sealed: &Sealed, line: &Entry) -> Result<Message> {
        let broken = || Error::Internal(format!("what is kept of {} was altered", line.names.message_id));
        let (&[version], rest) = sealed.bytes.split_first_chunk::<1>().ok_or_else(broken)?;
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or_else(broken)?;
        let mut bytes = rest.to_vec();
        let key = self.own(&sealed.key, &[LABEL, salt].concat())?;
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let opened = key.open_in_place(nonce, Aad::from(bound(line)), &mut bytes).map_err(|_| broken())?;
        Message::read(opened).filter(|_| version == VERSION).ok_or_else(broken)
    }

    /// A key made from one of ours and a salt, for one message or body only, so that its nonces may be counted.
    fn own(&self, name: &str, salt: &[u8]) -> Result<LessSafeKey> {
        let gone = || Error::Internal(format!("the key {name} of kept messages is not in its folder"));
        let key = seal::digest::keyed(self.all.get(name).ok_or_else(gone)?, salt);
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| Error::Internal("a key of 32 bytes".into()))?;
        Ok(LessSafeKey::new(key))
    }
}

fn bound(line: &Entry) -> Vec<u8> {
    let part = if line.part == Part::Request { 0 } else { 1 };
    [[VERSION, part].as_slice(), &line.hash, line.names.request_id.as_bytes()].concat()
}

fn make(path: &Path) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let own = seal::digest::to_hex(&platform::chance::bytes::<8>());
    let temporary = path.with_extension(format!("{own}.new"));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(seal::digest::to_hex(&platform::chance::bytes::<32>()).as_bytes())?;
    file.sync_all()?;
    // Linked, not renamed: of two processes that make it at once, one wins and both read the same.
    match std::fs::hard_link(&temporary, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => std::fs::remove_file(&temporary)?,
    }
    match path.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all().map_err(Error::from),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::entry::{Names, Side};
    use crate::message::Asked;
    use crate::protocol::address::Address;
    use crate::protocol::head::Head;
    use crate::protocol::ids::Alphabet;
    use crate::spooled::{Room, Spooled};

    fn whole(text: &str) -> Body {
        Body::Whole(text.as_bytes().to_vec())
    }

    const POLICY: Policy = Policy { which: Which::Request, days: 2, limit: 4 };

    fn line() -> Entry {
        let address = Address::parse("/r1/NP/GOV/1/a/s", Alphabet::Strict).unwrap();
        let head = Head::read(Bytes::from_static(b"GET\r\n/\r\n")).unwrap();
        let names = Names::of(&head, ("NP/GOV/1/b".into(), address.text.clone()), ("id".into(), "m".into()));
        Asked { head, body: Taken::text(String::new()), hash: [7; 64], address, names }.entry(Side::Both, 0)
    }

    #[test]
    fn what_is_sealed_is_opened_for_its_line_alone_and_after_a_change_of_keys() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let now = Timestamp(5);
        for text in ["", "four", "more than four"] {
            let message = Message::of(b"head", &Taken::text(text), POLICY.limit);
            let wanted = match text.len() {
                0 => Body::None,
                4 => whole("four"),
                _ => Body::Larger(Some(4)),
            };
            assert_eq!(message.body, wanted);
            assert_eq!(message.body_digest.is_some(), !text.is_empty());
            let sealed = keys.seal(&message, &line(), (&POLICY, now)).unwrap();
            assert_eq!(sealed.until, Timestamp(5 + 2 * DAY));
            assert_eq!(keys.unseal(&sealed, &line()).unwrap(), message);
            assert_ne!(keys.seal(&message, &line(), (&POLICY, now)).unwrap().bytes, sealed.bytes);
            assert!(keys.unseal(&sealed, &Entry { part: Part::Answer, ..line() }).is_err());
            assert!(keys.unseal(&sealed, &Entry { hash: [8; 64], ..line() }).is_err());
            for at in 0..sealed.bytes.len() {
                let mut altered = sealed.clone();
                let mut bytes = altered.bytes.to_vec();
                bytes[at] ^= 1;
                altered.bytes = bytes.into();
                assert!(keys.unseal(&altered, &line()).is_err(), "byte {at}");
            }
        }
        let message = Message { head: b"head".to_vec(), body_digest: None, body: Body::None };
        let before = keys.seal(&message, &line(), (&POLICY, now)).unwrap();
        std::fs::rename(folder.path().join(CURRENT), folder.path().join("2026")).unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let after = keys.seal(&message, &line(), (&POLICY, now)).unwrap();
        assert_ne!(before.key, after.key);
        assert_eq!(keys.unseal(&before, &line()).unwrap(), keys.unseal(&after, &line()).unwrap());
        std::fs::remove_file(folder.path().join("2026")).unwrap();
        let error = Keys::open(folder.path()).unwrap().unseal(&before, &line()).unwrap_err();
        assert!(error.to_string().contains(&before.key), "{error}");
    }

    #[test]
    fn a_body_in_a_file_or_on_its_way_goes_apart_and_a_former_message_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = Spooled::new(folder.path(), Room::of(9)).unwrap();
        file.append(b"body").unwrap();
        file.rewind().unwrap();
        let digest = Some([1; 64]);
        let keys = Keys::open(folder.path().join("keys").as_path()).unwrap();
        let coming = Kept::Memory(Bytes::new());
        for body in [Kept::File(file), coming] {
            let taken = Taken { body, digest, size: 4 };
            let message = Message::of(b"", &taken, 4);
            let Body::Apart(apart) = &message.body else { panic!("{message:?}") };
            let sealed = keys.seal(&message, &line(), (&POLICY, Timestamp(0))).unwrap();
            assert_eq!(sealed.late.as_ref(), Some(apart));
            assert_eq!(keys.unseal(&sealed, &line()).unwrap(), message);
            assert_eq!(Message::of(b"", &taken, 3).body, Body::Larger(Some(3)));
        }
        let former = [[0, 0, 0, 1, b'h', 1].as_slice(), &[1; 64]].concat();
        let message = Message { head: b"h".to_vec(), body_digest: digest, body: Body::Larger(None) };
        assert_eq!((Message::read(&former).as_ref(), message.write()), (Some(&message), former));
    }

    #[test]
    fn policy_names_the_parts() {
        let keeps = |which| [Part::Request, Part::Answer].map(|part| Policy { which, ..POLICY }.keeps(part));
        assert_eq!(keeps(Which::Request), [true, false]);
        assert_eq!(keeps(Which::Answer), [false, true]);
        assert_eq!(keeps(Which::Both), [true, true]);
        let longer = Policy { which: Which::Answer, days: 9, limit: 1 };
        assert_eq!(POLICY.with(longer), Policy { which: Which::Both, days: 9, limit: 4 });
        assert_eq!(Policy::of((Some(Which::Both), Some(1), MOST)).unwrap().unwrap().limit, MOST);
        assert!(Policy::of((Some(Which::Both), Some(1), MOST + 1)).unwrap_err().contains("at most"));
    }
}
