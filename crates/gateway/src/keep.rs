//! Messages kept whole where policy says so: the canonical head and the body, sealed before they are stored.
//!
//! A sealed message is byte 1, 16 bytes of salt, and AES-256-GCM (NIST SP 800-38D) with a nonce of zeros under a key of its
//! own: HMAC-SHA256 of the label and the salt with the current key. Bound to it: part, request number and hash of the line.
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

const LABEL: &[u8] = b"tongban/kept-message/v1";
const VERSION: u8 = 1;
const SALT: usize = 16;
/// The key that seals now; files of other names open what was sealed before.
const CURRENT: &str = "current";

/// Which messages of a service are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    Request,
    Answer,
    Both,
}

/// What is kept of a service, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub which: Which,
    pub days: u32,
    /// Bytes of a body: of a larger one only the head and the hash are kept.
    pub limit: u64,
}

impl Policy {
    #[must_use]
    pub fn keeps(&self, part: Part) -> bool {
        matches!((self.which, part), (Which::Both, _) | (Which::Request, Part::Request) | (Which::Answer, Part::Answer))
    }
}

/// A message as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub head: Vec<u8>,
    /// SHA-512 of the body; None: there was none.
    pub body_digest: Option<Hash512>,
    /// None: there was none, or it was larger than policy keeps.
    pub body: Option<Vec<u8>>,
}

/// A message that nobody reads without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// When it is to be deleted.
    pub until: Timestamp,
    /// Which key opens it.
    pub key: String,
    pub bytes: Bytes,
}

impl Message {
    /// Takes a copy of what a policy keeps. The body itself stays where it is read next.
    pub async fn of(head: &[u8], body: &Taken, limit: u64) -> Result<Self> {
        let copied = match &body.body {
            _ if body.size == 0 || body.size > limit => None,
            // A body that is still on its way has a size and no bytes: it is kept as one that is too large.
            Kept::Memory(bytes) => (bytes.len() as u64 == body.size).then(|| bytes.to_vec()),
            Kept::File(file) => Some(file.copy().await?),
        };
        Ok(Self { head: head.to_vec(), body_digest: body.digest, body: copied })
    }

    /// Length of the head (4 bytes, big-endian), head, then 0: no body; 1 and its hash: only that; 2, its hash, the body.
    fn write(&self) -> Vec<u8> {
        let body = self.body.as_deref().unwrap_or_default();
        let mut out = Vec::with_capacity(self.head.len() + body.len() + 96);
        out.extend_from_slice(&u32::try_from(self.head.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(&self.head);
        match (&self.body_digest, &self.body) {
            (None, _) => out.push(0),
            (Some(digest), body) => {
                out.push(if body.is_some() { 2 } else { 1 });
                out.extend_from_slice(digest);
            }
        }
        out.extend_from_slice(body);
        out
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (head, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let (&[kind], rest) = rest.split_first_chunk::<1>()?;
        let head = head.to_vec();
        if kind == 0 {
            return rest.is_empty().then_some(Self { head, body_digest: None, body: None });
        }
        let (digest, body) = rest.split_first_chunk::<64>()?;
        let body = match kind {
            1 if body.is_empty() => None,
            2 => Some(body.to_vec()),
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
        let (key, nonce) = self.own(&self.current, &salt)?;
        let sealing = key.seal_in_place_append_tag(nonce, Aad::from(bound(line)), &mut bytes);
        sealing.map_err(|_| Error::Internal("a message could not be sealed".into()))?;
        let bytes = [[VERSION].as_slice(), &salt, &bytes].concat().into();
        Ok(Sealed { until: now.plus(i64::from(policy.days) * DAY), key: self.current.clone(), bytes })
    }

    /// Opens what was sealed for this line. The error says why it cannot be read.
    pub fn unseal(&self, sealed: &Sealed, line: &Entry) -> Result<Message> {
        let broken = || Error::Internal(format!("what is kept of {} was altered", line.message_id));
        let (&[version], rest) = sealed.bytes.split_first_chunk::<1>().ok_or_else(broken)?;
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or_else(broken)?;
        let mut bytes = rest.to_vec();
        let (key, nonce) = self.own(&sealed.key, salt)?;
        let opened = key.open_in_place(nonce, Aad::from(bound(line)), &mut bytes).map_err(|_| broken())?;
        Message::read(opened).filter(|_| version == VERSION).ok_or_else(broken)
    }

    /// A key that seals one message only, so that its nonce may be zero.
    fn own(&self, name: &str, salt: &[u8; SALT]) -> Result<(LessSafeKey, Nonce)> {
        let gone = || Error::Internal(format!("the key {name} of kept messages is not in its folder"));
        let key = seal::digest::keyed(self.all.get(name).ok_or_else(gone)?, &[LABEL, salt].concat());
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| Error::Internal("a key of 32 bytes".into()))?;
        Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key([0; NONCE_LEN])))
    }
}

fn bound(line: &Entry) -> Vec<u8> {
    let part = if line.part == Part::Request { 0 } else { 1 };
    [[VERSION, part].as_slice(), &line.hash, line.request_id.as_bytes()].concat()
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
    use crate::log::entry::Side;
    use crate::message::Asked;
    use crate::protocol::address::Address;
    use crate::protocol::ids::Alphabet;
    use crate::spooled::{Room, Spooled};

    const POLICY: Policy = Policy { which: Which::Request, days: 2, limit: 4 };

    fn line() -> Entry {
        let address = Address::parse("/r1/NP/GOV/1/a/s", Alphabet::Strict).unwrap();
        let (verb, client, request_id) = ("GET".to_owned(), "NP/GOV/1/b".to_owned(), "id".to_owned());
        let (head, body, hash, message_id) = (Bytes::new(), Taken::text(String::new()), [7; 64], "m".to_owned());
        Asked { head, body, hash, verb, address, client, request_id, message_id }.entry(Side::Both, 0)
    }

    #[tokio::test]
    async fn what_is_sealed_is_opened_for_its_line_alone_and_after_a_change_of_keys() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let now = Timestamp(5);
        for text in ["", "four", "more than four"] {
            let message = Message::of(b"head", &Taken::text(text.into()), POLICY.limit).await.unwrap();
            assert_eq!(message.body.as_deref(), (text == "four").then_some(b"four".as_slice()));
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
        let message = Message { head: b"head".to_vec(), body_digest: None, body: None };
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

    #[tokio::test]
    async fn a_body_in_a_file_is_copied_and_still_read_from_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = Spooled::new(folder.path(), Room::of(9)).unwrap();
        file.append(b"body").unwrap();
        file.rewind().unwrap();
        let taken = Taken { body: Kept::File(file), digest: Some([1; 64]), size: 4 };
        assert_eq!(Message::of(b"", &taken, 4).await.unwrap().body.as_deref(), Some(b"body".as_slice()));
        let Kept::File(mut file) = taken.body else { unreachable!() };
        assert_eq!(file.chunk().unwrap(), "body");
        let coming = Taken { body: Kept::Memory(Bytes::new()), digest: Some([1; 64]), size: 4 };
        assert_eq!(Message::of(b"", &coming, 4).await.unwrap().body, None);
    }

    #[test]
    fn policy_names_the_parts() {
        let keeps = |which| [Part::Request, Part::Answer].map(|part| Policy { which, ..POLICY }.keeps(part));
        assert_eq!(keeps(Which::Request), [true, false]);
        assert_eq!(keeps(Which::Answer), [false, true]);
        assert_eq!(keeps(Which::Both), [true, true]);
    }
}
