//! SQL of `gateway_batch` and `gateway_seen`.
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Tx, Value};

use super::batch::Root;
use super::entry::{Entry, Part, Side};
use super::pack;
use crate::keep::Sealed;

/// A batch as it goes in.
pub struct NewBatch {
    pub number: i64,
    pub root: Root,
    pub key: Arc<str>,
    pub packed: Vec<u8>,
    /// What is kept of its lines, by their places.
    pub kept: Vec<(i64, Sealed)>,
}

/// Where a message is found by its number.
#[must_use]
pub fn place_of(message_id: &str) -> i64 {
    let digest = seal::digest::sha256(message_id.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

pub fn insert_batch(tx: &mut Tx<'_>, batch: &NewBatch) -> Result<()> {
    let at = tx.now();
    let params: [Value<'_>; 6] = [
        batch.number.into(),
        at.into(),
        batch.root.head.root.as_slice().into(),
        (&*batch.key).into(),
        (&batch.root.signature).into(),
        (&batch.packed).into(),
    ];
    tx.exec(
        "INSERT INTO gateway_batch (number, at, root, key_id, signature, entries) VALUES ($1, $2, $3, $4, $5, $6)",
        &params,
    )?;
    Ok(())
}

/// Takes requests (`place_of` their numbers, in one order everywhere) for this process. Those that were taken before come
/// back.
pub fn take_requests(tx: &mut Tx<'_>, requests: &BTreeSet<i64>) -> Result<HashSet<i64>> {
    let (at, taker) = (tx.now(), i64::from_be_bytes(platform::chance::bytes()));
    let rows: Vec<Value<'_>> =
        requests.iter().flat_map(|request| [(*request).into(), at.into(), taker.into()]).collect();
    let head = "INSERT INTO gateway_seen (request, at, taker) VALUES";
    let mut before: HashSet<i64> = requests.iter().copied().collect();
    if tx.insert_many_or(head, 3, &rows, "ON CONFLICT DO NOTHING")? == requests.len() as u64 {
        before.clear();
        return Ok(before);
    }
    tx.each("SELECT request FROM gateway_seen WHERE at = $1 AND taker = $2", &[at.into(), taker.into()], |row| {
        before.remove(&row.int(0)?);
        Ok(())
    })?;
    Ok(before)
}

/// Forgets requests that are too old to come again.
pub fn forget_requests(tx: &mut Tx<'_>, before: Timestamp) -> Result<()> {
    tx.exec("DELETE FROM gateway_seen WHERE at < $1", &[before.into()]).map(|_| ())
}

/// Numbers of the requests of other gateways that were logged since an instant.
pub fn list_requests_since(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<String>> {
    let mut requests = Vec::new();
    tx.each("SELECT entries FROM gateway_batch WHERE at >= $1", &[since.into()], |row| {
        let entries = pack::unpack_bare(row.bytes(0)?).unwrap_or_default();
        let theirs = |entry: &Entry| entry.part == Part::Request && entry.side == Side::Provider;
        requests.extend(entries.into_iter().filter(theirs).map(|entry| entry.names.request_id.clone()));
        Ok(())
    })?;
    Ok(requests)
}
