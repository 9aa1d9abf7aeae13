//! The bytes of an archive: segments one after the other, each naming the digest of the one before.
//!
//! Segment: `TBARCH1` and LF; length of the header (4 bytes) and of the rest (8); header (canonical JSON); then stamps (count,
//! then size 8, root 32, token) and batches (number 8, at 8, key, root 32, signature, entries as `log::pack` writes them,
//! 0 or place of the stamp from 1, and with a stamp index 8 and the proof as a text of 32 bytes each). Texts of bytes and
//! counts have 4 bytes of length before them; all numbers are big-endian.
use std::collections::BTreeMap;

use platform::clock::Timestamp;
use seal::merkle::{Hash, TreeHead};
use serde::{Deserialize, Serialize};

use crate::evidence::Key;
use crate::log::batch::Root;
use crate::log::pack;
use crate::stamp::Stamp;
use crate::store_evidence::Found;

const MAGIC: &[u8; 8] = b"TBARCH1\n";
const FORMAT: &str = "tongban-archive/1";
/// Before the header: magic and both lengths.
pub const PRELUDE: usize = 20;

/// What stands before the batches of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub format: String,
    /// From 1, without a gap over all files of a gateway.
    pub number: i64,
    /// `YYYY-MM-DD`, UTC: when its batches were stored.
    pub day: String,
    pub server: String,
    /// SHA-256 of the segment before, in hex; zeros for the first.
    pub previous: String,
    pub batches: usize,
    /// Keys that signed something in it, by thumbprint, as they were known when it was written.
    pub keys: BTreeMap<String, Key>,
}

/// A segment that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub header: Header,
    pub batches: Vec<Found>,
    pub digest: Hash,
    /// Bytes that it takes.
    pub length: usize,
}

/// Why bytes are no segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// They end before it does: it was cut off while it was written.
    Torn,
    Wrong(String),
}

impl Header {
    #[must_use]
    pub fn new(number: i64, day: &str, server: &str) -> Self {
        let (format, day, server) = (FORMAT.to_owned(), day.to_owned(), server.to_owned());
        Self { format, number, day, server, previous: String::new(), batches: 0, keys: BTreeMap::new() }
    }
}

/// The bytes of a segment. Its digest is the SHA-256 of all of them.
pub fn write(header: &Header, batches: &[Found]) -> platform::Result<Vec<u8>> {
    let header = serde_json::to_value(Header { batches: batches.len(), ..header.clone() })?;
    let head = seal::jcs::to_vec(&header).map_err(platform::Error::internal)?;
    let mut stamps: Vec<&Stamp> = Vec::new();
    let same = |a: &Stamp, b: &Stamp| a.head == b.head && a.token == b.token;
    let mut rest = Vec::new();
    for batch in batches {
        rest.extend_from_slice(&batch.number.to_be_bytes());
        rest.extend_from_slice(&batch.at.0.to_be_bytes());
        text(&mut rest, batch.key.as_bytes());
        rest.extend_from_slice(&batch.root.head.root);
        text(&mut rest, &batch.root.signature);
        text(&mut rest, &batch.packed);
        let Some(stamp) = &batch.stamp else {
            count(&mut rest, 0);
            continue;
        };
        let place = stamps.iter().position(|known| same(known, stamp)).unwrap_or_else(|| {
            stamps.push(stamp);
            stamps.len() - 1
        });
        count(&mut rest, place + 1);
        rest.extend_from_slice(&stamp.index.to_be_bytes());
        text(&mut rest, &stamp.proof.concat());
    }
    let mut before = Vec::new();
    count(&mut before, stamps.len());
    for stamp in stamps {
        before.extend_from_slice(&stamp.head.size.to_be_bytes());
        before.extend_from_slice(&stamp.head.root);
        text(&mut before, &stamp.token);
    }
    let mut out = MAGIC.to_vec();
    count(&mut out, head.len());
    out.extend_from_slice(&((before.len() + rest.len()) as u64).to_be_bytes());
    Ok([out, head, before, rest].concat())
}

fn count(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes());
}

fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    count(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Lengths of header and rest, as the first `PRELUDE` bytes of a segment say.
pub fn lengths(bytes: &[u8]) -> Result<(usize, usize), Broken> {
    let begun = bytes.get(..MAGIC.len().min(bytes.len())).unwrap_or_default();
    if !MAGIC.starts_with(begun) {
        return Err(Broken::Wrong("no segment begins here".into()));
    }
    let mut reader = Reader(bytes.get(MAGIC.len()..).ok_or(Broken::Torn)?);
    let (head, rest) = (reader.count().ok_or(Broken::Torn)?, reader.number().ok_or(Broken::Torn)?);
    Ok((head, usize::try_from(rest).map_err(|_| Broken::Wrong("no segment is so long".into()))?))
}

/// Reads the segment that the bytes begin with.
pub fn read(bytes: &[u8]) -> Result<Segment, Broken> {
    let (head, rest) = lengths(bytes)?;
    let length = PRELUDE.checked_add(head).and_then(|sum| sum.checked_add(rest));
    let length = length.ok_or_else(|| Broken::Wrong("no segment is so long".into()))?;
    let whole = bytes.get(..length).ok_or(Broken::Torn)?;
    let (head, rest) = whole[PRELUDE..].split_at(head);
    let header: Header =
        serde_json::from_slice(head).map_err(|error| Broken::Wrong(format!("its header cannot be read: {error}")))?;
    if header.format != FORMAT {
        return Err(Broken::Wrong(format!("format {:?} is not known", header.format)));
    }
    let mut reader = Reader(rest);
    let batches = reader.batches(header.batches).filter(|_| reader.0.is_empty());
    let batches = batches.ok_or_else(|| Broken::Wrong("its batches cannot be read".into()))?;
    Ok(Segment { header, batches, digest: seal::digest::sha256(whole), length })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(self.take(4)?.try_into().ok()?)).ok()
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(32)?.try_into().ok()
    }

    fn batches(&mut self, count: usize) -> Option<Vec<Found>> {
        let mut stamps = Vec::new();
        for _ in 0..self.count()? {
            let head = TreeHead { size: self.number()?, root: self.hash()? };
            stamps.push(Stamp { head, index: 0, proof: Vec::new(), token: self.text()?.to_vec() });
        }
        (0..count).map(|_| self.batch(&stamps)).collect()
    }

    fn batch(&mut self, stamps: &[Stamp]) -> Option<Found> {
        let (number, at) = (self.number()?.cast_signed(), Timestamp(self.number()?.cast_signed()));
        let key = String::from_utf8(self.text()?.to_vec()).ok()?;
        let root = self.hash()?;
        let signature = self.text()?.to_vec();
        let packed = self.text()?.to_vec();
        let head = TreeHead { size: pack::unpack(&packed)?.len() as u64, root };
        let stamp = match self.count()? {
            0 => None,
            place => Some(self.stamp(stamps.get(place - 1)?)?),
        };
        Some(Found { number, at, key, root: Root { head, signature }, packed, stamp })
    }

    fn stamp(&mut self, known: &Stamp) -> Option<Stamp> {
        let (index, (proof, rest)) = (self.number()?, self.text()?.as_chunks::<32>());
        rest.is_empty().then(|| Stamp { index, proof: proof.to_vec(), ..known.clone() })
    }
}
