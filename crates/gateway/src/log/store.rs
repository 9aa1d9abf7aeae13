//! SQL of `gateway_batch` and `gateway_line`.
use platform::clock::Timestamp;
use platform::db::{Tx, Value};
use platform::{Error, Result};
use seal::merkle::TreeHead;

use super::batch::Root;
use super::entry::{Entry, Part, Side};
use super::pack;

/// A batch as it goes in.
pub struct NewBatch<'a> {
    pub number: i64,
    pub root: &'a Root,
    pub key: &'a str,
    pub packed: &'a [u8],
    /// Places of its messages, each once (`place_of`).
    pub messages: &'a [i64],
}

/// Where a message is found by its number.
#[must_use]
pub fn place_of(message_id: &str) -> i64 {
    let digest = seal::digest::sha256(message_id.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

pub fn insert_batch(tx: &mut Tx<'_>, batch: &NewBatch<'_>) -> Result<()> {
    let at = tx.now();
    let params: [Value<'_>; 6] = [
        batch.number.into(),
        at.into(),
        batch.root.head.root.as_slice().into(),
        batch.key.into(),
        (&batch.root.signature).into(),
        batch.packed.into(),
    ];
    tx.exec(
        "INSERT INTO gateway_batch (number, at, root, key_id, signature, entries) VALUES ($1, $2, $3, $4, $5, $6)",
        &params,
    )?;
    let rows: Vec<Value<'_>> = batch.messages.iter().flat_map(|place| [(*place).into(), batch.number.into()]).collect();
    tx.insert_many("INSERT INTO gateway_line (message, batch) VALUES", 2, &rows)?;
    Ok(())
}

/// Numbers of the requests of other gateways that were logged since an instant.
pub fn list_requests_since(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<String>> {
    let mut requests = Vec::new();
    tx.each("SELECT entries FROM gateway_batch WHERE at >= $1", &[since.into()], |row| {
        let entries = pack::unpack(row.bytes(0)?).unwrap_or_default();
        let theirs = |entry: &Entry| entry.part == Part::Request && entry.side == Side::Provider;
        requests.extend(entries.into_iter().filter(theirs).map(|entry| entry.request_id));
        Ok(())
    })?;
    Ok(requests)
}

/// A batch that was read back.
pub struct Batch {
    pub key: String,
    pub root: Root,
    pub entries: Vec<Entry>,
}

/// The batches that hold lines of a message, oldest first. Another message may share the place: look at the lines.
pub fn list_batches(tx: &mut Tx<'_>, message_id: &str) -> Result<Vec<Batch>> {
    tx.list(
        "SELECT key_id, root, signature, entries FROM gateway_batch
         WHERE number IN (SELECT batch FROM gateway_line WHERE message = $1) ORDER BY at, number",
        &[place_of(message_id).into()],
        |row| {
            let entries = pack::unpack(row.bytes(3)?);
            let entries = entries.ok_or_else(|| Error::Internal("a batch of the message log cannot be read".into()))?;
            let root = row.bytes(1)?.try_into().map_err(|_| Error::Internal("a root has not 32 bytes".into()))?;
            let head = TreeHead { size: entries.len() as u64, root };
            Ok(Batch { key: row.text(0)?, root: Root { head, signature: row.bytes(2)?.to_vec() }, entries })
        },
    )
}
