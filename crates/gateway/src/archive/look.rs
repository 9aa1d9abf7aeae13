//! What operators see of the archive: its segments, what waits, and whether the files still hold what was written.
//!
//! Each segment is compared with its digest once a day, as long as there are not more than that allows. It says that a file
//! is as it was, not that what stands in it is true: that `check` says, from the files alone.
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use platform::audit::Entry as AuditEntry;
use platform::clock::{DAY, Timestamp};
use platform::db::Tx;
use platform::policy::{Action, On};
use platform::{Ctx, Platform, Result};
use sha2::{Digest as _, Sha256};

use super::folder;
use crate::gateway::Gateway;
use crate::store_archive::{Figures, Row, State, get_figures, list_due, put_state};

/// Segments of one look, of some 8 MiB each.
const MOST: i64 = 64;
const CHUNK: usize = 256 << 10;

/// What is archived and what waits to be, now. `days`: `[gateway] log_days`; 0: nothing is archived, so nothing waits.
pub fn figures(tx: &mut Tx<'_>, days: u32) -> Result<Figures> {
    let before = if days == 0 { Timestamp(i64::MIN) } else { tx.now().plus(-i64::from(days) * DAY) };
    get_figures(tx, before)
}

/// Looks at the segments that nobody looked at for a day; how many are not as they were written.
pub async fn run(gateway: &Gateway) -> Result<usize> {
    let platform = gateway.platform();
    let ctx = Ctx::system(platform, "gateway.archive");
    let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
    let before = ctx.now().plus(-DAY);
    let due = ctx.db().read(read, move |tx| list_due(tx, before, MOST)).await?;
    let mut states = Vec::new();
    for row in due {
        let state = look(platform, row.clone()).await?;
        if state != State::Whole {
            let (file, segment) = (row.file.as_str(), row.number);
            tracing::error!(
                file,
                segment,
                state = state.name(),
                "the archive is not as it was written: put its file back"
            );
        }
        states.push((row.number, state));
    }
    if states.is_empty() {
        return Ok(0);
    }
    let broken = states.iter().filter(|(_, state)| *state != State::Whole).count();
    let write = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
    let noted = ctx.db().write(write, move |tx| {
        states.iter().try_for_each(|(number, state)| put_state(tx, *number, *state))?;
        let detail = serde_json::json!({ "segments": states.len(), "broken": broken }).to_string();
        let entry = AuditEntry { event: "message.archive-checked", object: "gateway", ..AuditEntry::default() };
        tx.audited(AuditEntry { detail: &detail, ..entry }, broken)
    });
    noted.await
}

async fn look(platform: &Platform, row: Row) -> Result<State> {
    let path = folder(platform).join(&row.file);
    let looked = tokio::task::spawn_blocking(move || digest(&path, &row));
    let digest = looked.await.map_err(platform::Error::internal)?;
    match digest {
        Ok(same) => Ok(if same { State::Whole } else { State::Altered }),
        Err(error) if [ErrorKind::NotFound, ErrorKind::UnexpectedEof].contains(&error.kind()) => Ok(State::Missing),
        Err(error) => Err(error.into()),
    }
}

/// Whether the bytes of a segment have its digest.
fn digest(path: &Path, row: &Row) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(row.begins.unsigned_abs()))?;
    let (mut left, mut hash) = (row.ends.abs_diff(row.begins), Sha256::new());
    let mut chunk = vec![0; CHUNK];
    while left > 0 {
        let length = left.min(CHUNK as u64) as usize;
        file.read_exact(&mut chunk[..length])?;
        hash.update(&chunk[..length]);
        left -= length as u64;
    }
    Ok(<[u8; 32]>::from(hash.finalize()) == row.digest)
}
