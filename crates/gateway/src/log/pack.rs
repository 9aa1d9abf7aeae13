//! The entries of a batch in few bytes: texts and hashes that occur more than once stand in tables.
//!
//! Bytes: version 2 (1: answers without the code of a fault); texts (count, then length and bytes each); hashes (count, then 32 bytes each); roots (count, then
//! size, hash, 64 bytes of signature each); entries. Numbers are LEB128; a text, a hash, a root is named by its place. What
//! another gateway signed of several messages and no way up to its root: all of them stand here, in their order, so that
//! the ways follow from them.
use std::borrow::Borrow;
use std::sync::Arc;

use seal::merkle::{Hash, TreeHead};

use super::Signed;
use super::batch::{BatchSignature, Root, Ways};
use super::entry::{Entry, Names, Part, Side};
use crate::wire::sign::Covered;

const VERSION: u8 = 2;
/// Flags of an entry's first byte, above the side's two bits.
const ANSWER: u8 = 4;
const SIGNED: u8 = 8;
const UUID: u8 = 16;

/// Seconds of the batch are counted from here: 2020-01-01, so that they take four bytes.
pub(super) const EPOCH: i64 = 1_577_836_800;

#[derive(Default)]
struct Tables {
    /// Of what is read.
    version: u8,
    texts: Vec<String>,
    hashes: Vec<Hash>,
    roots: Vec<Root>,
}

fn place<T: Borrow<U>, U: ToOwned<Owned = T> + PartialEq + ?Sized>(table: &mut Vec<T>, value: &U) -> u64 {
    // What was named last is named again.
    let found = table.iter().rposition(|known| known.borrow() == value);
    found.unwrap_or_else(|| {
        table.push(value.to_owned());
        table.len() - 1
    }) as u64
}

#[must_use]
pub fn pack(entries: &[Entry]) -> Vec<u8> {
    let mut tables = Tables::default();
    let mut lines = Vec::with_capacity(entries.len() * 160);
    entries.iter().for_each(|entry| write(&mut lines, &mut tables, entry));
    let mut out = vec![VERSION];
    number(&mut out, tables.texts.len() as u64);
    tables.texts.iter().for_each(|text| bytes(&mut out, text.as_bytes()));
    number(&mut out, tables.hashes.len() as u64);
    tables.hashes.iter().for_each(|hash| out.extend_from_slice(hash));
    number(&mut out, tables.roots.len() as u64);
    for root in &tables.roots {
        number(&mut out, root.head.size);
        out.extend_from_slice(&root.head.root);
        bytes(&mut out, &root.signature);
    }
    number(&mut out, entries.len() as u64);
    out.extend_from_slice(&lines);
    out
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    number(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let (mut id, mut digits) = ([0; 16], 0);
    for (at, byte) in text.iter().enumerate() {
        let digit = match byte {
            b'-' if matches!(at, 8 | 13 | 18 | 23) => continue,
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        id[digits / 2] = id[digits / 2] << 4 | digit;
        digits += 1;
    }
    (digits == 32).then_some(id)
}

fn uuid_text(bytes: &[u8]) -> String {
    let hex = seal::digest::to_hex(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn write(out: &mut Vec<u8>, tables: &mut Tables, entry: &Entry) {
    let names = &*entry.names;
    let id = uuid(&names.request_id);
    let flag = |flag: u8, set: bool| if set { flag } else { 0 };
    out.push(
        entry.side as u8
            | flag(ANSWER, entry.part == Part::Answer)
            | flag(SIGNED, entry.peer.is_some())
            | flag(UUID, id.is_some()),
    );
    number(out, (entry.created - EPOCH).max(0) as u64);
    match id {
        Some(id) => out.extend_from_slice(&id),
        None => bytes(out, names.request_id.as_bytes()),
    }
    // A message number made by a gateway is its instance and a UUID.
    let made = names.message_id.len().checked_sub(36).filter(|at| names.message_id.is_char_boundary(*at));
    let made = made.and_then(|at| Some((&names.message_id[..at], uuid(&names.message_id[at..])?)));
    let (text, tail) = made.map_or((names.message_id.as_str(), None), |(text, id)| (text, Some(id)));
    number(out, place(&mut tables.texts, text) << 1 | u64::from(tail.is_some()));
    out.extend_from_slice(tail.as_ref().map_or(&[], <[u8; 16]>::as_slice));
    for text in [&names.client, &names.service, &names.verb, &names.user, &names.issue, &names.represented] {
        number(out, place(&mut tables.texts, text.as_str()));
    }
    out.extend_from_slice(&entry.hash);
    number(out, entry.size);
    if entry.part == Part::Answer {
        number(out, entry.status.unwrap_or(0).into());
        number(out, place(&mut tables.texts, entry.fault.as_str()));
    }
    if let Some(peer) = &entry.peer {
        number(out, place(&mut tables.texts, &*peer.key));
        number(out, (peer.created - EPOCH).max(0) as u64);
        number(out, place(&mut tables.roots, &peer.signature.root));
        number(out, peer.signature.index);
        number(out, peer.signature.proof.len() as u64);
        peer.signature.proof.iter().for_each(|hash| number(out, place(&mut tables.hashes, hash)));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(32)?.try_into().ok()
    }

    fn at<T: Clone>(&mut self, table: &[T]) -> Option<T> {
        table.get(usize::try_from(self.number()?).ok()?).cloned()
    }

    fn second(&mut self) -> Option<i64> {
        i64::try_from(self.number()?).ok()?.checked_add(EPOCH)
    }
}

/// None: not a batch of this version.
#[must_use]
pub fn unpack(packed: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = unpack_bare(packed)?;
    complete(&mut entries)?;
    Some(entries)
}

/// The entries without the ways that were left out.
#[must_use]
pub fn unpack_bare(packed: &[u8]) -> Option<Vec<Entry>> {
    let mut reader = Reader(packed);
    let version = reader.take(1)?[0];
    if !(1..=VERSION).contains(&version) {
        return None;
    }
    let mut tables = Tables { version, ..Tables::default() };
    for _ in 0..reader.count()? {
        tables.texts.push(reader.text()?);
    }
    for _ in 0..reader.count()? {
        tables.hashes.push(reader.hash()?);
    }
    for _ in 0..reader.count()? {
        let head = TreeHead { size: reader.number()?, root: reader.hash()? };
        tables.roots.push(Root { head, signature: reader.bytes()?.to_vec() });
    }
    let count = reader.count()?;
    let entries: Option<Vec<Entry>> = (0..count).map(|_| read(&mut reader, &tables)).collect();
    entries.filter(|_| reader.0.is_empty())
}

fn read(reader: &mut Reader<'_>, tables: &Tables) -> Option<Entry> {
    let flags = reader.take(1)?[0];
    let side = Side::ALL.into_iter().find(|side| *side as u8 == flags & 3)?;
    let part = if flags & ANSWER == 0 { Part::Request } else { Part::Answer };
    let created = reader.second()?;
    let request_id = if flags & UUID == 0 { reader.text()? } else { uuid_text(reader.take(16)?) };
    let named = reader.number()?;
    let mut message_id = tables.texts.get(usize::try_from(named >> 1).ok()?)?.clone();
    if named & 1 == 1 {
        message_id.push_str(&uuid_text(reader.take(16)?));
    }
    let mut text = || reader.at(&tables.texts);
    let (client, service, verb, user, issue, represented) = (text()?, text()?, text()?, text()?, text()?, text()?);
    let hash = reader.take(64)?.try_into().ok()?;
    let size = reader.number()?;
    let (mut status, mut fault) = (None, String::new());
    if part == Part::Answer {
        status = Some(u16::try_from(reader.number()?).ok()?).filter(|status| *status != 0);
        if tables.version > 1 {
            fault = reader.at(&tables.texts)?;
        }
    }
    let peer = if flags & SIGNED == 0 { None } else { Some(signed(reader, tables)?) };
    let names = Arc::new(Names { request_id, message_id, client, service, verb, user, issue, represented });
    Some(Entry { part, side, created, names, hash, size, status, fault, peer, kept: None })
}

/// Finds the ways that were left out. None: not all messages of such a root are here.
fn complete(entries: &mut [Entry]) -> Option<()> {
    let bare = |signed: &Signed| signed.signature.proof.is_empty() && signed.signature.root.head.size > 1;
    let mut at = 0;
    while at < entries.len() {
        let Some(first) = entries[at].peer.clone().filter(bare) else {
            at += 1;
            continue;
        };
        let end = at.checked_add(usize::try_from(first.signature.root.head.size).ok()?)?;
        let those = entries.get_mut(at..end)?;
        let mut leaves = Vec::with_capacity(those.len());
        for (index, entry) in those.iter().enumerate() {
            let signed = entry.peer.as_ref()?;
            let same = signed.signature.root == first.signature.root && signed.signature.index == index as u64;
            let covered = Covered { created: signed.created, key: &signed.key, ..entry.covered("") };
            leaves.push(same.then(|| covered.leaf())?);
        }
        let mut ways = Ways::over(leaves);
        for signature in those.iter_mut().filter_map(|entry| Some(&mut entry.peer.as_mut()?.signature)) {
            signature.proof = ways.of(signature.index).ok()?;
        }
        at = end;
    }
    Some(())
}

fn signed(reader: &mut Reader<'_>, tables: &Tables) -> Option<Signed> {
    let key = reader.at(&tables.texts)?;
    let created = reader.second()?;
    let root = reader.at(&tables.roots)?;
    let index = reader.number()?;
    let count = reader.count()?;
    let proof: Option<Vec<Hash>> = (0..count).map(|_| reader.at(&tables.hashes)).collect();
    Some(Signed { key: key.into(), created, signature: BatchSignature { root, index, proof: proof? } })
}

#[cfg(test)]
mod tests {
    use seal::keys::Ed25519Key;

    use super::*;
    use crate::log::batch;

    fn call(number: u8, peer: Option<Signed>) -> [Entry; 2] {
        let id = |first: u8| format!("{first:02x}2591a3-6bf0-49b1-987b-0dd78c034cc3");
        let names = Names {
            request_id: id(number),
            message_id: format!("NP-{}", id(number)),
            client: "NP/GOV/11990100MB000001X/hall".into(),
            service: "NP/GOV/11990100MB000002X/population/persons".into(),
            verb: "GET".into(),
            user: "EE12345678901".into(),
            issue: "案件 1".into(),
            represented: String::new(),
        };
        let own = Names { message_id: "own".into(), ..names.clone() };
        let request = Entry {
            part: Part::Request,
            side: Side::Provider,
            created: 1_795_000_000,
            names: names.into(),
            hash: [number; 64],
            size: 1024,
            status: None,
            fault: String::new(),
            peer,
            kept: None,
        };
        let answer = Entry { part: Part::Answer, status: Some(200), peer: None, names: own.into(), ..request.clone() };
        [request, answer]
    }

    /// Calls whose requests another gateway has signed together; `whole`: without the ways up to its root.
    fn batch_of(count: u8, whole: bool) -> Vec<Entry> {
        let key: std::sync::Arc<str> = "kid".into();
        let mut entries: Vec<Entry> = (0..count).map(|n| call(n, None)[0].clone()).collect();
        let covered = |entry: &Entry| Covered { created: 7 + EPOCH, key: "kid", ..entry.covered("") }.leaf();
        let leaves: Vec<Hash> = entries.iter().map(covered).collect();
        let root = batch::sign(&Ed25519Key::from_bytes(&[1; 32]), &leaves).unwrap();
        let mut ways = Ways::over(leaves);
        for (index, entry) in entries.iter_mut().enumerate() {
            let index = index as u64;
            let proof = if whole { Vec::new() } else { ways.of(index).unwrap() };
            let signature = BatchSignature { root: root.clone(), index, proof };
            entry.peer = Some(Signed { key: key.clone(), created: 7 + EPOCH, signature });
        }
        entries.extend((0..count).map(|n| call(n, None)[1].clone()));
        entries
    }

    #[test]
    fn what_is_packed_is_read_back_and_every_cut_is_refused() {
        let entries = batch_of(7, false);
        let packed = pack(&entries);
        assert_eq!(unpack(&packed).as_ref(), Some(&entries));
        assert!((0..packed.len()).all(|at| unpack(&packed[..at]).is_none()));
        assert_eq!(unpack(&[packed.as_slice(), &[0]].concat()), None);
        // Version 1 had no faults: their place, one byte of an empty text, was not there.
        let old: Vec<Entry> = entries[7..8].to_vec();
        let mut first = pack(&old);
        (first[0], _) = (1, first.pop());
        assert_eq!(unpack(&first), Some(old));
        // The ways that were left out are found again, and only when every message is there.
        let whole = batch_of(7, true);
        assert_eq!(unpack(&pack(&whole)), Some(entries));
        assert_eq!(unpack(&pack(&whole[1..])), None);
        assert_eq!(unpack(&pack(&whole[..6])), None);
    }

    #[test]
    fn a_call_takes_less_than_two_hundred_and_fifty_bytes() {
        let entries = batch_of(32, true);
        let each = pack(&entries).len() / 32;
        assert!(each < 250, "{each} bytes");
    }
}
