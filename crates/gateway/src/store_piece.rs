//! SQL of `gateway_piece`.
use platform::Result;
use platform::clock::Timestamp;
use platform::db::Tx;

/// Puts a sealed piece of a body, at its place from 0.
pub fn insert_piece(tx: &mut Tx<'_>, (body, place): (i64, i64), (until, sealed): (Timestamp, &[u8])) -> Result<()> {
    tx.exec(
        "INSERT INTO gateway_piece (body, place, until, sealed) VALUES ($1, $2, $3, $4)",
        &[body.into(), place.into(), until.into(), sealed.into()],
    )?;
    Ok(())
}

/// The pieces of a body that are there, in their order.
pub fn list_pieces(tx: &mut Tx<'_>, body: i64) -> Result<Vec<Vec<u8>>> {
    let sql = "SELECT sealed FROM gateway_piece WHERE body = $1 ORDER BY place";
    tx.list(sql, &[body.into()], |row| Ok(row.bytes(0)?.to_vec()))
}

/// Whether the time of a piece is over.
pub fn has_ended_pieces(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let row = tx.find("SELECT body FROM gateway_piece WHERE until <= $1 LIMIT 1", &[now.into()])?;
    Ok(row.is_some())
}

/// Deletes pieces whose time is over, at most `limit`; how many.
pub fn delete_pieces(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "DELETE FROM gateway_piece WHERE (body, place) IN
         (SELECT body, place FROM gateway_piece WHERE until <= $1 ORDER BY until LIMIT $2)",
        &[now.into(), limit.into()],
    )
}
