//! Sealing: audit rows become leaves of a Merkle log (RFC 6962), each batch ends with a signed checkpoint.
//! Tables: platform_log_tile, platform_log_checkpoint, platform_log_state.
use seal::keys::Signer;
use seal::merkle::{Hash, LogAppender, TileCoord, TileHashes, TreeHead, inclusion_proof, leaf_hash};
use seal::note::{Checkpoint, Note, NoteKeyKind, VerifierKey};
use seal::proof::TlogProof;
use seal::{SealError, digest, jcs};

use crate::audit::{COLUMNS, canonical};
use crate::db::{Row, Tx, Value};
use crate::error::{Error, Result};
use crate::platform::Platform;

/// Rows sealed in one transaction: bounds how long the writer is held.
const BATCH: i64 = 2_000;

fn sealing(error: SealError) -> Error {
    Error::Internal(format!("log: {error}"))
}

/// The entry that a row puts into the log: what happened and when in the clear, the row itself as a salted digest.
pub(crate) fn leaf_entry(row: &Row) -> Result<Vec<u8>> {
    let salt: [u8; 16] = row.bytes(13)?.try_into().map_err(|_| Error::Internal("a salt is 16 bytes".into()))?;
    let digest = digest::salted(&salt, &canonical(row));
    let mut entry = serde_json::json!({
        "at": row.int(1)?, "event": row.str(2)?, "digest": digest::to_base64url(&digest),
    });
    if let crate::db::Cell::Bytes(document) = &row.cells()[12] {
        entry["document"] = digest::to_base64url(document).into();
    }
    jcs::to_vec(&entry).map_err(sealing)
}

/// Seals everything that no checkpoint covers yet; the number of rows sealed.
pub async fn seal_all(platform: &Platform) -> Result<u64> {
    let mut total = 0;
    loop {
        let batch = platform.db().peek(read_batch).await?;
        let rows = batch.ids.len() as u64;
        let inner = platform.clone();
        let is_sealed = rows == 0 || platform.db().keep(move |tx| seal_batch(tx, &inner, &batch)).await?;
        if !is_sealed {
            continue;
        }
        total += rows;
        if rows < BATCH as u64 {
            return Ok(total);
        }
    }
}

/// Rows that become leaves after this head. Read and hashed outside of the write, for which all others wait.
struct Batch {
    head: TreeHead,
    ids: Vec<String>,
    leaves: Vec<Hash>,
}

fn read_batch(tx: &mut Tx<'_>) -> Result<Batch> {
    let mut batch = Batch { head: head(tx)?, ids: Vec::new(), leaves: Vec::new() };
    let sql = format!("SELECT {COLUMNS} FROM platform_audit WHERE leaf IS NULL ORDER BY id LIMIT $1");
    tx.each(&sql, &[BATCH.into()], |row| {
        batch.leaves.push(leaf_hash(&leaf_entry(&row)?));
        batch.ids.push(row.text(0)?);
        Ok(())
    })?;
    Ok(batch)
}

/// False: another process sealed since the batch was read.
fn seal_batch(tx: &mut Tx<'_>, platform: &Platform, batch: &Batch) -> Result<bool> {
    let head = &batch.head;
    if self::head(tx)?.size != head.size {
        return Ok(false);
    }
    let mut log = LogAppender::load(head, &mut |tile: TileCoord| read_tile(tx, tile)).map_err(sealing)?;
    for tile in log.append(&batch.leaves) {
        write_tile(tx, tile.coord, tile.as_bytes())?;
    }
    for (id, leaf) in batch.ids.iter().zip(head.size..) {
        let params: [Value<'_>; 2] = [index(leaf)?.into(), id.into()];
        tx.exec("UPDATE platform_audit SET leaf = $1 WHERE id = $2", &params)?;
    }
    checkpoint(tx, platform, head.size, log.head()).map(|()| true)
}

fn index(size: u64) -> Result<i64> {
    i64::try_from(size).map_err(Error::internal)
}

fn checkpoint(tx: &mut Tx<'_>, platform: &Platform, old: u64, head: TreeHead) -> Result<()> {
    let origin = &platform.config().log.origin;
    let note = Checkpoint::new(origin, head).sign(origin, &platform.keys().log).map_err(sealing)?;
    let (size, now) = (index(head.size)?, tx.now());
    tx.exec(
        "INSERT INTO platform_log_checkpoint (size, at, note) VALUES ($1, $2, $3)",
        &[size.into(), now.into(), (&note).into()],
    )?;
    // Two that seal at once: the second finds that the size is no longer the one it read, and rolls back.
    let moved = tx.exec(
        "UPDATE platform_log_state SET size = $1 WHERE name = 'log' AND size = $2",
        &[size.into(), index(old)?.into()],
    )?;
    platform.metrics().log_size.set(size);
    if moved == 1 { Ok(()) } else { Err(Error::Unavailable("another process sealed the log".into())) }
}

/// Size and root as the newest checkpoint says.
pub fn head(tx: &mut Tx<'_>) -> Result<TreeHead> {
    match newest_note(tx)? {
        Some(note) => {
            let note = Note::parse(&note).map_err(sealing)?;
            Ok(Checkpoint::parse(note.text()).map_err(sealing)?.head)
        }
        None => Ok(TreeHead::empty()),
    }
}

/// The newest signed checkpoint, None before the first.
pub fn newest_note(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let row = tx.find("SELECT note FROM platform_log_checkpoint ORDER BY size DESC LIMIT 1", &[])?;
    row.map(|row| row.text(0)).transpose()
}

fn read_tile(tx: &mut Tx<'_>, tile: TileCoord) -> std::result::Result<Vec<u8>, SealError> {
    let storage = |e: Error| SealError::Storage { why: e.to_string() };
    let position = index(tile.index).map_err(storage)?;
    let row = tx
        .get(
            "SELECT hashes FROM platform_log_tile WHERE level = $1 AND position = $2",
            &[i64::from(tile.level).into(), position.into()],
        )
        .map_err(storage)?;
    row.bytes(0).map(<[u8]>::to_vec).map_err(storage)
}

fn write_tile(tx: &mut Tx<'_>, tile: TileCoord, hashes: &[u8]) -> Result<()> {
    let params: [Value<'_>; 3] = [i64::from(tile.level).into(), index(tile.index)?.into(), hashes.into()];
    tx.exec(
        "INSERT INTO platform_log_tile (level, position, hashes) VALUES ($1, $2, $3)
         ON CONFLICT (level, position) DO UPDATE SET hashes = excluded.hashes",
        &params,
    )
    .map(|_| ())
}

/// The hashes of a tile as they are served, for mirrors and monitors (C2SP tlog-tiles).
pub fn tile(tx: &mut Tx<'_>, coord: TileCoord) -> Result<Vec<u8>> {
    let mut bytes = read_tile(tx, coord).map_err(|_| Error::NotFound)?;
    let width = usize::from(coord.width) * 32;
    if bytes.len() < width {
        return Err(Error::NotFound);
    }
    bytes.truncate(width);
    Ok(bytes)
}

/// The proof that an audit row stands in the log: a c2sp tlog-proof with the row's entry as its extra data.
/// None while the row waits to be sealed (a second at most).
pub fn proof(tx: &mut Tx<'_>, audit_id: &str) -> Result<Option<TlogProof>> {
    let row = tx.get(&format!("SELECT {COLUMNS} FROM platform_audit WHERE id = $1"), &[audit_id.into()])?;
    let (Some(leaf), Some(checkpoint)) = (row.opt_int(14)?, newest_note(tx)?) else { return Ok(None) };
    let (leaf, size) = (u64::try_from(leaf).map_err(Error::internal)?, head(tx)?.size);
    let mut reader = TileHashes::new(size, |tile: TileCoord| read_tile(tx, tile));
    let hashes = inclusion_proof(leaf, size, &mut reader).map_err(sealing)?;
    Ok(Some(TlogProof { extra: Some(leaf_entry(&row)?), index: leaf, hashes, checkpoint }))
}

/// The key that verifies checkpoints, as a C2SP verifier key text.
pub fn verifier_key(platform: &Platform) -> Result<String> {
    let public = platform.keys().log.public();
    let key = VerifierKey::new(&platform.config().log.origin, public, NoteKeyKind::Ed25519).map_err(sealing)?;
    Ok(key.to_string())
}
