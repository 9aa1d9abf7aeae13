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
    /// When the first and the last of its batches were stored; None: it was written before that was noted.
    pub span: Option<(Timestamp, Timestamp)>,
}

/// What a look at the bytes of a segment showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked yet.
    Unchecked,
    Whole,
    /// Its bytes have another digest.
    Altered,
    /// Its file is not there or ends before it.
    Missing,
}

impl State {
    const ALL: [Self; 4] = [Self::Unchecked, Self::Whole, Self::Altered, Self::Missing];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchecked => "",
            Self::Whole => "whole",
            Self::Altered => "altered",
            Self::Missing => "missing",
        }
    }
}

/// A segment as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub row: Row,
    /// When it was written.
    pub at: Timestamp,
    pub state: State,
    pub checked_at: Option<Timestamp>,
}

/// The archive in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub segments: i64,
    pub batches: i64,
    pub bytes: i64,
    /// Segments whose bytes are not there or are others.
    pub broken: i64,
    /// When the newest was written.
    pub newest: Option<Timestamp>,
    /// Batches that are old enough and not archived yet.
    pub waiting: i64,
    /// Batches that are old enough and stay for the messages that are kept of them.
    pub held: i64,
}

const COLUMNS: &str = "number, file, begins, ends, digest, batches, first_at, last_at";

fn row_of(row: &platform::db::Row) -> Result<Row> {
    let digest = row.bytes(4)?.try_into().map_err(|_| Error::Internal("a digest has not 32 bytes".into()))?;
    let (number, file, batches) = (row.int(0)?, row.text(1)?, row.int(5)?);
    let span = row.opt_time(6)?.zip(row.opt_time(7)?);
    Ok(Row { number, file, begins: row.int(2)?, ends: row.int(3)?, digest, batches, span })
}

/// The newest segments whose numbers are smaller than `before`.
pub fn list_segments(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<Vec<Listed>> {
    let sql = format!(
        "SELECT {COLUMNS}, at, state, checked_at FROM gateway_archive WHERE number < $1 ORDER BY number DESC LIMIT $2"
    );
    tx.list(&sql, &[before.into(), limit.into()], |row| {
        let state = row.str(9)?;
        let state = State::ALL.into_iter().find(|known| known.name() == state);
        let state = state.ok_or_else(|| Error::Internal("a segment has a state that is none".into()))?;
        Ok(Listed { row: row_of(row)?, at: row.time(8)?, state, checked_at: row.opt_time(10)? })
    })
}

/// Segments that nobody has looked at since an instant, the longest forgotten first.
pub fn list_due(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<Row>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM gateway_archive WHERE checked_at IS NULL OR checked_at < $1
         ORDER BY COALESCE(checked_at, 0), number LIMIT $2"
    );
    tx.list(&sql, &[before.into(), limit.into()], row_of)
}

/// Notes what a look at a segment showed.
pub fn put_state(tx: &mut Tx<'_>, number: i64, state: State) -> Result<()> {
    let now = tx.now();
    let sql = "UPDATE gateway_archive SET state = $1, checked_at = $2 WHERE number = $3";
    tx.exec(sql, &[state.name().into(), now.into(), number.into()]).map(|_| ())
}

/// `before`: batches stored earlier are to be archived.
pub fn get_figures(tx: &mut Tx<'_>, before: Timestamp) -> Result<Figures> {
    let sql = "SELECT COUNT(*) AS segments, CAST(COALESCE(SUM(batches), 0) AS BIGINT) AS batches,
               CAST(COALESCE(SUM(ends - begins), 0) AS BIGINT) AS bytes, MAX(at) AS newest,
               CAST(COALESCE(SUM(CASE WHEN state IN ('altered', 'missing') THEN 1 ELSE 0 END), 0) AS BIGINT) AS broken
               FROM gateway_archive";
    let row = tx.get(sql, &[])?;
    let (segments, batches, bytes) = (row.int(0)?, row.int(1)?, row.int(2)?);
    let (newest, broken) = (row.opt_time(3)?, row.int(4)?);
    let old = "SELECT COUNT(*) AS old FROM gateway_batch WHERE at < $1";
    let old = tx.get(old, &[before.into()])?.int(0)?;
    let held = "SELECT COUNT(*) AS held FROM gateway_batch WHERE at < $1
                AND EXISTS (SELECT 1 FROM gateway_body WHERE gateway_body.batch = gateway_batch.number)";
    let held = tx.get(held, &[before.into()])?.int(0)?;
    Ok(Figures { segments, batches, bytes, broken, newest, waiting: old - held, held })
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
    let time = |at: Option<Timestamp>| at.map_or(Value::Null, Value::from);
    let params: [Value<'_>; 9] = [
        row.number.into(),
        (&row.file).into(),
        row.begins.into(),
        row.ends.into(),
        row.digest.as_slice().into(),
        row.batches.into(),
        at.into(),
        time(row.span.map(|(first, _)| first)),
        time(row.span.map(|(_, last)| last)),
    ];
    tx.exec(
        "INSERT INTO gateway_archive (number, file, begins, ends, digest, batches, at, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
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
