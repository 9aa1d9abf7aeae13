//! Archive files checked without the database: the chain from segment to segment, every root, every signature.
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use seal::merkle::{self, Hash};

use super::keys_of;
use super::segment::{self, Broken, PRELUDE, Segment};
use crate::evidence::keys::Known;
use crate::evidence::{Evidence, MAX_BATCHES, Messages, Refused, Trust, Wanted, collect};
use crate::log::batch::BatchSignature;
use crate::log::entry::Entry as Line;
use crate::log::{Signed, pack};
use crate::stamp::{leaf_of, statement, token};
use crate::store_evidence::Found;
use crate::wire::sign::Covered;

/// A segment longer than this is none: memory is not given away for a forged length.
const LONGEST: usize = 256 << 20;

/// What a chain of files holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Chain {
    /// First and last number, and the day of each.
    pub first: Option<(i64, String)>,
    pub last: Option<(i64, String)>,
    /// What the first names as its predecessor, in hex.
    pub previous: String,
    /// Of the last segment, in hex: to be compared with the audit log.
    pub digest: String,
    pub batches: usize,
    pub lines: usize,
    /// Batches below a time-stamp.
    pub stamped: usize,
    /// Keys that signed and that the reader did not name, by thumbprint, with how many batches or lines.
    pub unnamed: HashMap<String, usize>,
}

/// Segments of one file, one after the other.
struct Segments(File);

impl Segments {
    fn next(&mut self) -> Result<Option<Segment>, String> {
        let mut bytes = Vec::new();
        self.fill(&mut bytes, PRELUDE)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let (head, rest) = segment::lengths(&bytes).map_err(said)?;
        let length = PRELUDE.saturating_add(head).saturating_add(rest);
        if length > LONGEST {
            return Err(format!("a segment says that it has {length} bytes"));
        }
        self.fill(&mut bytes, length - PRELUDE)?;
        segment::read(&bytes).map(Some).map_err(said)
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, more: usize) -> Result<(), String> {
        let limit = u64::try_from(more).unwrap_or(u64::MAX);
        (&mut self.0).take(limit).read_to_end(bytes).map(|_| ()).map_err(|error| error.to_string())
    }
}

fn said(broken: Broken) -> String {
    match broken {
        Broken::Torn => "it ends in the middle of a segment".into(),
        Broken::Wrong(why) => why,
    }
}

/// Calls `each` for every segment of the files.
fn walk(files: &[PathBuf], mut each: impl FnMut(Segment) -> Result<(), String>) -> Result<(), String> {
    for path in files {
        let at = |why: String| format!("{}: {why}", path.display());
        let mut segments = Segments(open(path).map_err(at)?);
        while let Some(segment) = segments.next().map_err(at)? {
            let number = segment.header.number;
            each(segment).map_err(|why| at(format!("segment {number}: {why}")))?;
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| error.to_string())
}

/// Checks files in whatever order. The error names file, segment and what does not hold.
pub fn verify(files: &[PathBuf], trust: &Trust) -> Result<Chain, String> {
    let mut chain = Chain::default();
    let mut links: Vec<(i64, String, String, Hash)> = Vec::new();
    walk(files, |segment| {
        check(&segment, trust, &mut chain)?;
        let header = segment.header;
        links.push((header.number, header.day, header.previous, segment.digest));
        Ok(())
    })?;
    links.sort();
    for pair in links.windows(2) {
        let [(before, _, _, digest), (number, _, previous, _)] = pair else { continue };
        if *number != before + 1 {
            return Err(format!("the chain has a gap: segment {number} follows {before}"));
        }
        if *previous != seal::digest::to_hex(digest) {
            return Err(format!("segment {number} does not follow segment {before}: one of them was replaced"));
        }
    }
    let (Some(first), Some(last)) = (links.first(), links.last()) else {
        return Err("the files hold no segment".into());
    };
    (chain.first, chain.last) = (Some((first.0, first.1.clone())), Some((last.0, last.1.clone())));
    (chain.previous, chain.digest) = (first.2.clone(), seal::digest::to_hex(&last.3));
    Ok(chain)
}

fn check(segment: &Segment, trust: &Trust, chain: &mut Chain) -> Result<(), String> {
    let known = keys_of(&segment.header, &trust.known)?;
    let mut note = |key: &str| {
        if !trust.thumbprints.iter().any(|named| named == key) && !trust.known.contains_key(key) {
            *chain.unnamed.entry(key.to_owned()).or_default() += 1;
        }
    };
    let (mut lines, mut stamped) = (0, 0);
    let mut tokens = HashMap::new();
    for batch in &segment.batches {
        let at = |why: String| format!("batch {}: {why}", batch.number);
        let entries = pack::unpack(&batch.packed).ok_or_else(|| at("its entries cannot be read".into()))?;
        root(batch, &entries, &known).map_err(at)?;
        note(&batch.key);
        for entry in &entries {
            if let Some(peer) = &entry.peer {
                theirs(entry, peer, &known).map_err(|why| at(format!("message {}: {why}", entry.names.message_id)))?;
                note(&peer.key);
            }
        }
        lines += entries.len();
        stamped += usize::from(stamp(batch, trust, &mut tokens).map_err(at)?);
    }
    chain.batches += segment.batches.len();
    (chain.lines, chain.stamped) = (chain.lines + lines, chain.stamped + stamped);
    Ok(())
}

fn named<'k>(known: &'k HashMap<String, Known>, id: &str) -> Result<&'k Known, String> {
    known.get(id).ok_or_else(|| format!("the key {id} is not known"))
}

/// Our signature over the whole batch.
fn root(batch: &Found, entries: &[Line], known: &HashMap<String, Known>) -> Result<(), String> {
    let leaf = |entry: &Line| merkle::leaf_hash(entry.covered(&batch.key).base().as_bytes());
    let leaves: Vec<Hash> = entries.iter().map(leaf).collect();
    let key = named(known, &batch.key)?;
    if merkle::root_of(&leaves) != batch.root.head.root || !batch.root.verify(&key.key) {
        return Err("its entries are not those that were signed".into());
    }
    entries.iter().find_map(|entry| key.refuses(entry.created)).map_or(Ok(()), Err)
}

/// What the other gateway signed.
fn theirs(entry: &Line, peer: &Signed, known: &HashMap<String, Known>) -> Result<(), String> {
    let (part, request_id, hash) = (entry.part, entry.names.request_id.as_str(), &entry.hash);
    let covered = Covered { part, request_id, hash, created: peer.created, key: &peer.key };
    let signature: &BatchSignature = &peer.signature;
    let key = named(known, &peer.key)?;
    if !signature.covers(covered.base().as_bytes()) || !signature.root.verify(&key.key) {
        return Err(format!("the signature of {} does not hold", peer.key));
    }
    key.refuses(peer.created).map_or(Ok(()), Err)
}

/// Whether a time-stamp covers the batch. Each token is checked once.
fn stamp(batch: &Found, trust: &Trust, tokens: &mut HashMap<Hash, i64>) -> Result<bool, String> {
    let Some(stamp) = &batch.stamp else { return Ok(false) };
    let imprint = seal::digest::sha256(statement(&stamp.head).as_bytes());
    if let Entry::Vacant(place) = tokens.entry(imprint) {
        place.insert(token::check(&stamp.token, &imprint, trust.roots.as_ref())?);
    }
    let below = merkle::verify_inclusion(&leaf_of(&batch.root.head.root), stamp.index, &stamp.proof, &stamp.head);
    below.map(|()| true).map_err(|_| "it is not below its time-stamp".into())
}

/// Evidence of a message out of archive files. The error says what is wrong with a file or the question.
pub fn extract(files: &[PathBuf], wanted: Wanted<'_>) -> Result<Evidence, String> {
    let (mut server, mut found, mut known) = (String::new(), Vec::new(), HashMap::new());
    walk(files, |segment| {
        let concerns = |batch: &Found| pack::unpack(&batch.packed).is_some_and(|all| all.iter().any(|e| wanted.is(e)));
        let matching: Vec<Found> = segment.batches.iter().filter(|batch| concerns(batch)).cloned().collect();
        if !matching.is_empty() {
            known.extend(keys_of(&segment.header, &HashMap::new())?);
            server = segment.header.server;
            found.extend(matching);
        }
        if found.len() > MAX_BATCHES {
            Err("more batches have this number than one bundle holds".into())
        } else {
            Ok(())
        }
    })?;
    collect(&server, wanted, (&found, &Messages::new()), &known).map_err(|refused| match refused {
        Refused::Nothing => format!("these files have no message {} of {}", wanted.message_id, wanted.party),
        Refused::TooMuch(why) => why.to_owned(),
        Refused::Store(error) => error.to_string(),
    })
}
