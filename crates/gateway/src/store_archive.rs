//! SQL of `gateway_archive`, and the deletion of what has been archived.
use platform::clock::Timestamp;
use platform::db::{Tx, Value};
use platform::{Error, Result};
use seal::merkle::Hash;

use crate::store_evidence::Found;
use crate::store_index::delete_segments;

/// A segment as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: i64,
    pub file: String,
    /// Bytes in the file.
    pub begins: i64,
    pub ends: i64,
    /// SHA-256 of the segment.
    pub digest: Hash,
    pub batches: i64,
}

const COLUMNS: &str = "number, file, begins, ends, digest, batches";

fn row_of(row: &platform::db::Row) -> Result<Row> {
    let digest = row.bytes(4)?.try_into().map_err(|_| Error::Internal("a digest has not 32 bytes".into()))?;
    let (number, file, batches) = (row.int(0)?, row.text(1)?, row.int(5)?);
    Ok(Row { number, file, begins: row.int(2)?, ends: row.int(3)?, digest, batches })
}

/// The newest segment.
pub fn find_last(tx: &mut Tx<'_>) -> Result<Option<Row>> {
    let sql = format!("SELECT {COLUMNS} FROM gateway_archive ORDER BY number DESC LIMIT 1");
    tx.find(&sql, &[])?.map(|row| row_of(&row)).transpose()
}

/// Where a file ends as far as the database knows; 0: it does not know it.
pub fn get_end(tx: &mut Tx<'_>, file: &str) -> Result<i64> {
    let sql = "SELECT COALESCE(MAX(ends), 0) AS ends FROM gateway_archive WHERE file = $1";
    tx.get(sql, &[file.into()])?.int(0)
}

/// Notes a segment. Of two processes that archive at once, the second fails here.
pub fn insert_segment(tx: &mut Tx<'_>, row: &Row) -> Result<()> {
    let at: Timestamp = tx.now();
    let params: [Value<'_>; 7] = [
        row.number.into(),
        (&row.file).into(),
        row.begins.into(),
        row.ends.into(),
        row.digest.as_slice().into(),
        row.batches.into(),
        at.into(),
    ];
    tx.exec(
        "INSERT INTO gateway_archive (number, file, begins, ends, digest, batches, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params,
    )?;
    Ok(())
}

/// Whether the database has a batch byte for byte.
pub fn holds(tx: &mut Tx<'_>, batch: &Found) -> Result<bool> {
    let sql = "SELECT at, key_id, root, signature, entries FROM gateway_batch WHERE number = $1";
    let Some(row) = tx.find(sql, &[batch.number.into()])? else { return Ok(false) };
    Ok(row.int(0)? == batch.at.0
        && row.str(1)? == batch.key
        && row.bytes(2)? == batch.root.head.root
        && row.bytes(3)? == batch.root.signature
        && row.bytes(4)? == batch.packed)
}

/// Deletes batches with all that lies beside them. An error when one is gone already: then nothing is deleted.
pub fn delete_batches(tx: &mut Tx<'_>, batches: &[Found]) -> Result<()> {
    for batch in batches {
        if tx.exec("DELETE FROM gateway_batch WHERE number = $1", &[batch.number.into()])? != 1 {
            return Err(Error::Unavailable(format!("batch {} was archived by another process", batch.number)));
        }
        tx.exec("DELETE FROM gateway_stamped WHERE batch = $1", &[batch.number.into()])?;
    }
    tx.exec(
        "DELETE FROM gateway_stamp WHERE number NOT IN (SELECT stamp FROM gateway_stamped)
         AND at < $1",
        &[tx.now().plus(-platform::clock::DAY).into()],
    )?;
    delete_segments(tx)
}
