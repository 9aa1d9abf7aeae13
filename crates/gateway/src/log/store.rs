//! SQL of `gateway_batch` and `gateway_call`.
use platform::Result;
use platform::db::{Tx, Value};
use seal::merkle;

use super::BatchId;
use super::batch::Root;

/// A batch as it goes in.
pub struct NewBatch<'a> {
    pub id: &'a BatchId,
    pub root: &'a Root,
    pub key: &'a str,
    pub entries: &'a [Vec<u8>],
}

/// Entries in a row, each preceded by its length (C2SP tlog-tiles, entry bundles).
pub fn insert_batch(tx: &mut Tx<'_>, batch: &NewBatch<'_>) -> Result<()> {
    let bundle = merkle::write_entries(batch.entries.iter().map(Vec::as_slice)).map_err(platform::Error::internal)?;
    let (at, size) = (tx.now(), i64::try_from(batch.root.head.size).unwrap_or(i64::MAX));
    let params: [Value<'_>; 7] = [
        batch.id.into(),
        at.into(),
        size.into(),
        batch.root.head.root.as_slice().into(),
        batch.key.into(),
        (&batch.root.signature).into(),
        (&bundle).into(),
    ];
    tx.exec(
        "INSERT INTO gateway_batch (id, at, size, root, key_id, signature, entries) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params,
    )?;
    Ok(())
}
