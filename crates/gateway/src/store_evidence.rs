//! SQL of `gateway_key`, `gateway_body`, `gateway_stamp` and `gateway_stamped`, and of what evidence reads.
use std::collections::BTreeSet;

use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use seal::merkle::{Hash, TreeHead};

use crate::evidence::keys::Known;
use crate::federation::public_key;
use crate::index::looked_up;
use crate::keep::Sealed;
use crate::log::batch::Root;
use crate::log::pack;
use crate::stamp::{Leaves, Stamp};
use crate::store_index::{each_of_part, indexed_until};

/// A batch as it lies in the database or in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub number: i64,
    pub at: Timestamp,
    pub key: String,
    pub root: Root,
    /// See `log::pack`.
    pub packed: Vec<u8>,
    pub stamp: Option<Stamp>,
}

const COLUMNS: &str = "number, at, key_id, root, signature, entries";

fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::Internal("a root has not 32 bytes".into()))
}

fn found(row: &Row) -> Result<Found> {
    let packed = row.bytes(5)?.to_vec();
    let entries = pack::unpack(&packed);
    let size = entries.ok_or_else(|| Error::Internal("a batch of the message log cannot be read".into()))?.len();
    let head = TreeHead { size: size as u64, root: hash(row.bytes(3)?)? };
    let root = Root { head, signature: row.bytes(4)?.to_vec() };
    Ok(Found { number: row.int(0)?, at: Timestamp(row.int(1)?), key: row.text(2)?, root, packed, stamp: None })
}

/// The batches that hold lines of a message and were stored within a time, oldest first, at most `limit`.
pub fn list_of_message(
    tx: &mut Tx<'_>,
    message_id: &str,
    (since, until, limit): (Timestamp, Timestamp, i64),
) -> Result<Vec<Found>> {
    let (part, read) = looked_up(message_id);
    let mut places = BTreeSet::new();
    let mut numbers = Vec::new();
    each_of_part(tx, part, |lines| numbers.extend(read(lines)))?;
    for number in numbers {
        let sql = "SELECT at FROM gateway_batch WHERE number = $1 AND at >= $2 AND at < $3";
        if let Some(row) = tx.find(sql, &[number.into(), since.into(), until.into()])? {
            places.insert((row.int(0)?, number));
        }
    }
    // What no segment has yet.
    let from = indexed_until(tx)?.max(since);
    let sql = "SELECT at, number, entries FROM gateway_batch WHERE at >= $1 AND at < $2";
    tx.each(sql, &[from.into(), until.into()], |row| {
        let entries = pack::unpack_bare(row.bytes(2)?).unwrap_or_default();
        if entries.iter().any(|entry| entry.names.message_id == message_id) {
            places.insert((row.int(0)?, row.int(1)?));
        }
        Ok(())
    })?;
    let mut batches = Vec::new();
    let limit = usize::try_from(limit).map_err(Error::internal)?;
    let sql = format!("SELECT {COLUMNS} FROM gateway_batch WHERE number = $1");
    for (_, number) in places.into_iter().take(limit) {
        batches.extend(tx.find(&sql, &[number.into()])?.map(|row| found(&row)).transpose()?);
    }
    stamped(tx, batches)
}

/// The oldest batches from before an instant that no kept message holds back, at most `limit`.
pub fn list_before(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<Found>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM gateway_batch
         WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM gateway_body WHERE gateway_body.batch = gateway_batch.number)
         ORDER BY at, number LIMIT $2"
    );
    let batches = tx.list(&sql, &[before.into(), limit.into()], found)?;
    stamped(tx, batches)
}

fn stamped(tx: &mut Tx<'_>, mut batches: Vec<Found>) -> Result<Vec<Found>> {
    let mut known: Option<(i64, Leaves)> = None;
    for batch in &mut batches {
        let sql = "SELECT stamp, place FROM gateway_stamped WHERE batch = $1";
        let Some(row) = tx.find(sql, &[batch.number.into()])? else { continue };
        let (number, place) = (row.int(0)?, row.int(1)?);
        if known.as_ref().is_none_or(|(known, _)| *known != number) {
            known = Some((number, get_leaves(tx, number)?));
        }
        let place = u64::try_from(place).map_err(Error::internal)?;
        batch.stamp = known.as_ref().map(|(_, leaves)| leaves.stamp(place)).transpose()?;
    }
    Ok(batches)
}

fn get_leaves(tx: &mut Tx<'_>, number: i64) -> Result<Leaves> {
    let row = tx.get("SELECT token, leaves FROM gateway_stamp WHERE number = $1", &[number.into()])?;
    let (leaves, _) = row.bytes(1)?.as_chunks::<32>();
    Ok(Leaves { token: row.bytes(0)?.to_vec(), leaves: leaves.to_vec() })
}

/// Batches stored since an instant that no time-stamp covers: their numbers and roots, oldest first.
pub fn list_unstamped(tx: &mut Tx<'_>, since: Timestamp, limit: i64) -> Result<Vec<(i64, Hash)>> {
    tx.list(
        "SELECT number, root FROM gateway_batch
         WHERE at >= $1 AND NOT EXISTS (SELECT 1 FROM gateway_stamped WHERE gateway_stamped.batch = gateway_batch.number)
         ORDER BY at, number LIMIT $2",
        &[since.into(), limit.into()],
        |row| Ok((row.int(0)?, hash(row.bytes(1)?)?)),
    )
}

/// Puts a time-stamp beside the batches whose roots are its leaves, in their order.
pub fn insert_stamp(tx: &mut Tx<'_>, (number, root): (i64, &Hash), (stamp, batches): (&Leaves, &[i64])) -> Result<()> {
    let at = tx.now();
    let leaves = stamp.leaves.concat();
    tx.exec(
        "INSERT INTO gateway_stamp (number, at, root, token, leaves) VALUES ($1, $2, $3, $4, $5)",
        &[number.into(), at.into(), root.as_slice().into(), (&stamp.token).into(), (&leaves).into()],
    )?;
    let places = batches.iter().zip(0_i64..);
    let rows: Vec<Value<'_>> = places.flat_map(|(batch, at)| [(*batch).into(), number.into(), at.into()]).collect();
    tx.insert_many("INSERT INTO gateway_stamped (batch, stamp, place) VALUES", 3, &rows)?;
    Ok(())
}

/// Puts sealed messages beside the batch that has their lines. To be called in the transaction that inserts the batch.
/// `kept`: places of lines in the batch, from 0, with what is kept of each.
pub fn insert_bodies(tx: &mut Tx<'_>, batch: i64, kept: &[(i64, Sealed)]) -> Result<()> {
    let rows: Vec<Value<'_>> = kept
        .iter()
        .flat_map(|(place, sealed)| {
            [batch.into(), (*place).into(), sealed.until.into(), (&sealed.key).into(), sealed.bytes.as_ref().into()]
        })
        .collect();
    tx.insert_many("INSERT INTO gateway_body (batch, place, until, key_id, sealed) VALUES", 5, &rows)?;
    Ok(())
}

/// What is kept of the lines of a batch, by place.
pub fn list_bodies(tx: &mut Tx<'_>, batch: i64) -> Result<Vec<(i64, Sealed)>> {
    let sql = "SELECT place, until, key_id, sealed FROM gateway_body WHERE batch = $1 ORDER BY place";
    tx.list(sql, &[batch.into()], |row| {
        let (until, bytes) = (Timestamp(row.int(1)?), row.bytes(3)?.to_vec().into());
        let sealed = Sealed { until, key: row.text(2)?, bytes, late: None };
        Ok((row.int(0)?, sealed))
    })
}

/// Whether the time of a kept message is over.
pub fn has_ended_bodies(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let row = tx.find("SELECT batch FROM gateway_body WHERE until <= $1 LIMIT 1", &[now.into()])?;
    Ok(row.is_some())
}

/// Deletes kept messages whose time is over, at most `limit`; how many.
pub fn delete_bodies(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "DELETE FROM gateway_body WHERE (batch, place) IN
         (SELECT batch, place FROM gateway_body WHERE until <= $1 ORDER BY until LIMIT $2)",
        &[now.into(), limit.into()],
    )
}

/// Every public key that was ever known.
pub fn list_keys(tx: &mut Tx<'_>) -> Result<Vec<Known>> {
    tx.list("SELECT server, public_key, valid_from, valid_to FROM gateway_key ORDER BY server, key_id", &[], |row| {
        let key = public_key(row.bytes(1)?).map_err(Error::Internal)?;
        Ok(Known { server: row.text(0)?, key, from: row.opt_int(2)?, to: row.opt_int(3)? })
    })
}

/// Notes a key or changes the times of one that is known.
pub fn put_key(tx: &mut Tx<'_>, known: &Known) -> Result<()> {
    let (id, bytes) = (known.key.key_id(), known.key.to_bytes());
    let time = |at: Option<i64>| at.map_or(Value::Null, Value::Int);
    tx.exec(
        "INSERT INTO gateway_key (server, key_id, public_key, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (server, key_id) DO UPDATE SET valid_from = $4, valid_to = $5",
        &[(&known.server).into(), (&id).into(), (&bytes).into(), time(known.from), time(known.to)],
    )?;
    Ok(())
}
