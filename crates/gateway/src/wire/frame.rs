//! The bytes on a line. A frame is its length (4 bytes, big-endian, of what follows), its kind (1 byte) and the rest;
//! all numbers are big-endian.
//!
//! | kind | rest |
//! |---|---|
//! | 1 bundle | number (8); key (length 1, text); created (8); root (32); signature (64); count (2); messages |
//! | 2 stored, 3 dropped | number of a bundle (8): the sender's log has it, or could not take it |
//! | 4 refused | code (length 1), words (length 2), count (2), numbers of requests (length 1 each) |
//! | 5 ping, 6 pong, 7 closing | nothing |
//!
//! A message is its head (length 4) and either 0 and its body (length 4), or 1 and the size (8) and SHA-512 (64) of a body
//! that travels beside the line.
use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::body::Taken;
use crate::log::batch::Root;
use crate::protocol::hash::Hash512;
use seal::merkle::TreeHead;

/// A longer frame is not read: no gateway makes one.
pub const MAX_FRAME: usize = 16 << 20;
/// Bytes of a body that travels on the line.
pub const MAX_INLINE: usize = 32 << 10;
/// Characters of another gateway's words that are told on.
pub const TOLD: usize = 500;

/// A message as it is sent.
#[derive(Debug, Clone)]
pub struct Message {
    pub head: Bytes,
    pub body: Carried,
}

/// Where its body is.
#[derive(Debug, Clone)]
pub enum Carried {
    Here(Bytes),
    Beside { size: u64, digest: Hash512 },
}

impl Carried {
    /// What travels on the line of a body that has come whole.
    #[must_use]
    pub fn of(body: &Taken) -> Self {
        match (&body.body, body.digest) {
            (crate::body::Kept::Memory(bytes), _) if bytes.len() <= MAX_INLINE => Self::Here(bytes.clone()),
            (_, digest) => Self::Beside { size: body.size, digest: digest.unwrap_or([0; 64]) },
        }
    }
}

/// Messages that were signed together, in the order of their leaves.
#[derive(Debug)]
pub struct Bundle {
    pub number: u64,
    pub key: String,
    /// Seconds since 1970.
    pub created: i64,
    pub root: Root,
    pub messages: Vec<Message>,
}

#[derive(Debug)]
pub enum Frame {
    Bundle(Bundle),
    Stored(u64),
    Dropped(u64),
    Refused { code: String, words: String, requests: Vec<String> },
    Ping,
    Pong,
    Closing,
}

/// A frame whose rest is written by `write`.
fn framed(kind: u8, room: usize, write: impl FnOnce(&mut BytesMut)) -> Bytes {
    let mut out = BytesMut::with_capacity(room + 5);
    out.put_u32(0);
    out.put_u8(kind);
    write(&mut out);
    let length = (out.len() - 4) as u32;
    out[..4].copy_from_slice(&length.to_be_bytes());
    out.freeze()
}

#[must_use]
pub fn bundle(number: u64, (key, created): (&str, i64), root: &Root, messages: &[Message]) -> Bytes {
    let size = |message: &Message| match &message.body {
        Carried::Here(body) => message.head.len() + body.len() + 9,
        Carried::Beside { .. } => message.head.len() + 77,
    };
    framed(1, 180 + key.len() + messages.iter().map(size).sum::<usize>(), |out| {
        out.put_u64(number);
        out.put_u8(key.len() as u8);
        out.put_slice(key.as_bytes());
        out.put_i64(created);
        out.put_slice(&root.head.root);
        out.put_slice(&root.signature);
        out.put_u16(messages.len() as u16);
        for message in messages {
            out.put_u32(message.head.len() as u32);
            out.put_slice(&message.head);
            match &message.body {
                Carried::Here(body) => {
                    out.put_u8(0);
                    out.put_u32(body.len() as u32);
                    out.put_slice(body);
                }
                Carried::Beside { size, digest } => {
                    out.put_u8(1);
                    out.put_u64(*size);
                    out.put_slice(digest);
                }
            }
        }
    })
}

#[must_use]
pub fn stored(number: u64) -> Bytes {
    framed(2, 8, |out| out.put_u64(number))
}

#[must_use]
pub fn dropped(number: u64) -> Bytes {
    framed(3, 8, |out| out.put_u64(number))
}

/// `requests`: numbers of at most 255 bytes; longer ones were refused before.
#[must_use]
pub fn refused<'a>(code: &str, words: &str, requests: impl ExactSizeIterator<Item = &'a str>) -> Bytes {
    let words: String = words.chars().take(TOLD).collect();
    framed(4, 64 + words.len() + requests.len() * 40, |out| {
        out.put_u8(code.len() as u8);
        out.put_slice(code.as_bytes());
        out.put_u16(words.len() as u16);
        out.put_slice(words.as_bytes());
        out.put_u16(requests.len() as u16);
        for request in requests {
            out.put_u8(request.len() as u8);
            out.put_slice(request.as_bytes());
        }
    })
}

#[must_use]
pub fn ping() -> Bytes {
    framed(5, 0, |_| ())
}

#[must_use]
pub fn pong() -> Bytes {
    framed(6, 0, |_| ())
}

#[must_use]
pub fn closing() -> Bytes {
    framed(7, 0, |_| ())
}

/// A frame without its length. None: no frame that a gateway writes.
#[must_use]
pub fn read(mut bytes: Bytes) -> Option<Frame> {
    let from = &mut bytes;
    let kind = from.try_get_u8().ok()?;
    let frame = match kind {
        1 => Frame::Bundle(read_bundle(from)?),
        2 => Frame::Stored(from.try_get_u64().ok()?),
        3 => Frame::Dropped(from.try_get_u64().ok()?),
        4 => read_refused(from)?,
        5 => Frame::Ping,
        6 => Frame::Pong,
        7 => Frame::Closing,
        _ => return None,
    };
    from.is_empty().then_some(frame)
}

fn take(from: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= from.len()).then(|| from.split_to(length))
}

fn text(from: &mut Bytes, length: usize) -> Option<String> {
    String::from_utf8(take(from, length)?.to_vec()).ok()
}

fn array<const N: usize>(from: &mut Bytes) -> Option<[u8; N]> {
    take(from, N)?.as_ref().try_into().ok()
}

fn read_bundle(from: &mut Bytes) -> Option<Bundle> {
    let number = from.try_get_u64().ok()?;
    let length = from.try_get_u8().ok()?;
    let key = text(from, length.into())?;
    let created = from.try_get_i64().ok()?;
    let (root, signature) = (array(from)?, take(from, 64)?.to_vec());
    let count = from.try_get_u16().ok()?;
    let messages = (0..count).map(|_| read_message(from)).collect::<Option<Vec<_>>>()?;
    let root = Root { head: TreeHead { size: count.into(), root }, signature };
    Some(Bundle { number, key, created, root, messages })
}

fn read_message(from: &mut Bytes) -> Option<Message> {
    let length = from.try_get_u32().ok()?;
    let head = take(from, length as usize)?;
    let body = match from.try_get_u8().ok()? {
        0 => {
            let length = from.try_get_u32().ok()?;
            Carried::Here(take(from, length as usize)?)
        }
        1 => Carried::Beside { size: from.try_get_u64().ok()?, digest: array(from)? },
        _ => return None,
    };
    Some(Message { head, body })
}

fn read_refused(from: &mut Bytes) -> Option<Frame> {
    let length = from.try_get_u8().ok()?;
    let code = text(from, length.into())?;
    let length = from.try_get_u16().ok()?;
    let words = text(from, length.into())?;
    let count = from.try_get_u16().ok()?;
    let request = |_| {
        let length = from.try_get_u8().ok()?;
        text(from, length.into())
    };
    let requests = (0..count).map(request).collect::<Option<Vec<_>>>()?;
    Some(Frame::Refused { code, words, requests })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Bytes {
        let root = Root { head: TreeHead { size: 2, root: [7; 32] }, signature: vec![8; 64] };
        let here =
            Message { head: Bytes::from_static(b"GET\r\n/\r\n"), body: Carried::Here(Bytes::from_static(b"hi")) };
        let beside =
            Message { head: Bytes::from_static(b"PUT\r\n/\r\n"), body: Carried::Beside { size: 9, digest: [1; 64] } };
        bundle(5, ("key", -1), &root, &[here, beside])
    }

    #[test]
    fn a_bundle_is_read_back_and_every_cut_is_refused() {
        let bytes = two();
        assert_eq!(u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize, bytes.len() - 4);
        let Some(Frame::Bundle(read_back)) = read(bytes.slice(4..)) else { panic!("no bundle") };
        assert_eq!((read_back.number, read_back.key.as_str(), read_back.created), (5, "key", -1));
        assert_eq!(read_back.root.head, TreeHead { size: 2, root: [7; 32] });
        assert!(matches!(&read_back.messages[0].body, Carried::Here(body) if body == "hi"));
        assert!(matches!(read_back.messages[1].body, Carried::Beside { size: 9, digest: [1, ..] }));
        assert!((4..bytes.len()).all(|end| read(bytes.slice(4..end)).is_none()));
        assert!(read([&bytes[4..], b"x"].concat().into()).is_none());
    }

    #[test]
    fn a_refusal_names_its_requests() {
        let bytes = refused("code", "原因", ["a", "b"].into_iter());
        let Some(Frame::Refused { code, words, requests }) = read(bytes.slice(4..)) else { panic!("no refusal") };
        assert_eq!((code.as_str(), words.as_str(), requests), ("code", "原因", vec!["a".into(), "b".into()]));
    }
}
