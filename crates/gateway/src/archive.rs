//! The archive: batches of the log that are older than a setting go into files, one for each day, and then out of the
//! database.
//!
//! Invariant: nothing is deleted before its segment is on the disk and its digest stands in the audit log, in the
//! transaction that deletes. What a crash leaves behind in a file is taken up, never written twice, and what the database
//! does not know is never overwritten.
pub mod check;
pub mod look;
pub mod segment;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::audit::Entry as AuditEntry;
use platform::clock::{DAY, iso_date};
use platform::policy::{Action, On};
use platform::{Ctx, Error, Platform, Result};
use time::UtcOffset;

use crate::evidence::keys::{Known, by_id};
use crate::evidence::{Key, entries_of};
use crate::gateway::Gateway;
use crate::store_archive::{Row, delete_batches, find_last, get_end, holds, insert_segment};
use crate::store_evidence::{Found, list_before};
use segment::{Broken, Header, Segment};

/// Batches of one segment: their deletion holds the database for a moment.
const MOST: i64 = 256;
/// Bytes of one segment, about.
const BYTES: usize = 8 << 20;

/// The folder of the archive files.
#[must_use]
pub fn folder(platform: &Platform) -> PathBuf {
    let config = platform.config();
    let named = &config.gateway.archive;
    if named.as_os_str().is_empty() { config.data.dir.join("archive") } else { named.clone() }
}

/// Archives everything that is old enough; how many batches.
pub async fn run(gateway: &Gateway) -> Result<usize> {
    let platform = gateway.platform();
    if platform.config().gateway.log_days == 0 {
        return Ok(0);
    }
    let folder = folder(platform);
    std::fs::create_dir_all(&folder)?;
    // One process at a time; held until the last transaction has ended.
    let lock = File::options().write(true).create(true).truncate(false).open(folder.join("lock"))?;
    if lock.try_lock().is_err() {
        return Ok(0);
    }
    let mut archived = 0;
    loop {
        match step(gateway, &folder).await? {
            0 => return Ok(archived),
            count => archived += count,
        }
    }
}

/// What the database knows before a step.
struct State {
    last: Option<Row>,
    file: String,
    end: u64,
    day: String,
    batches: Vec<Found>,
}

/// Writes and confirms one segment; how many batches.
async fn step(gateway: &Gateway, folder: &Path) -> Result<usize> {
    let ctx = Ctx::system(gateway.platform(), "gateway.archive");
    let before = ctx.now().plus(-i64::from(gateway.platform().config().gateway.log_days) * DAY);
    let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
    let state = ctx.db().read(read, move |tx| state(tx, before)).await?;
    let Some(state) = state else { return Ok(0) };
    let known = gateway.known_keys().await?;
    let header = header(gateway, &state, &known)?;
    let (path, end) = (folder.join(&state.file), state.end);
    let written = tokio::task::spawn_blocking(move || put((&path, end), &header, &state.batches)).await;
    let segment = match written.map_err(Error::internal)?? {
        Put::Whole(segment) => segment,
        Put::Other(segment) => return clear(&ctx, (folder.join(&state.file), end), segment).await,
    };
    confirm(&ctx, (state.file, end), segment).await
}

/// Takes away a segment that an interrupted run left and that no longer fits, when the database has all of it.
async fn clear(ctx: &Ctx, (path, end): (PathBuf, u64), segment: Segment) -> Result<usize> {
    let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
    let held = ctx.db().read(read, move |tx| {
        let mut held = true;
        for batch in &segment.batches {
            held &= holds(tx, batch)?;
        }
        Ok(held)
    });
    if !held.await? {
        return Err(foreign(&path));
    }
    let file = File::options().write(true).open(&path)?;
    file.set_len(end)?;
    file.sync_all()?;
    Err(Error::Unavailable(format!("{}: what an interrupted run left was taken away", path.display())))
}

fn foreign(path: &Path) -> Error {
    Error::Internal(format!(
        "{}: it holds what the database does not know; if the database was put back from a backup, move this file away, \
         keep it, and put back the one that belongs to that backup",
        path.display()
    ))
}

fn state(tx: &mut platform::db::Tx<'_>, before: platform::clock::Timestamp) -> Result<Option<State>> {
    let mut batches = list_before(tx, before, MOST)?;
    let day_of = |batch: &Found| iso_date(batch.at.date(UtcOffset::UTC));
    let Some(day) = batches.first().map(day_of) else { return Ok(None) };
    let mut bytes = 0;
    let fits = batches.iter().take_while(|batch| {
        bytes += batch.packed.len();
        day_of(batch) == day && (bytes <= BYTES || bytes == batch.packed.len())
    });
    let fits = fits.count();
    batches.truncate(fits);
    let file = format!("messages-{day}.tba");
    let end = u64::try_from(get_end(tx, &file)?).map_err(Error::internal)?;
    Ok(Some(State { last: find_last(tx)?, file, end, day, batches }))
}

fn header(gateway: &Gateway, state: &State, known: &HashMap<String, Known>) -> Result<Header> {
    let (number, previous) = state.last.as_ref().map_or((1, [0; 32]), |last| (last.number + 1, last.digest));
    let mut keys = BTreeMap::new();
    for batch in &state.batches {
        let peers = entries_of(batch)?.into_iter().filter_map(|entry| Some(entry.peer?.key.to_string()));
        for id in peers.chain([batch.key.clone()]) {
            if let Some(known) = known.get(&id) {
                let (server, key) = (known.server.clone(), STANDARD.encode(known.key.to_bytes()));
                keys.insert(id, Key { key, server, from: known.from, to: known.to });
            }
        }
    }
    let header = Header::new(number, &state.day, &gateway.roster().server);
    Ok(Header { previous: seal::digest::to_hex(&previous), keys, ..header })
}

/// What lies at the end of a file.
enum Put {
    /// The segment that was wanted, on the disk.
    Whole(Segment),
    /// Another one, which the database does not know.
    Other(Segment),
}

/// Appends a segment to its file, or finds there the one that an interrupted run left; either way it is on the disk then.
fn put((path, end): (&Path, u64), header: &Header, batches: &[Found]) -> Result<Put> {
    let said = |why: &str| Error::Internal(format!("{}: {why}", path.display()));
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    if file.metadata()?.len() < end {
        return Err(said(
            "the file is shorter than the database says: put it back from its backup, or share the folder",
        ));
    }
    file.seek(SeekFrom::Start(end))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    let segment = match segment::read(&rest) {
        Ok(found) if found.header.number == header.number && found.header.previous == header.previous => found,
        Err(Broken::Torn) => {
            let bytes = segment::write(header, batches)?;
            file.set_len(end)?;
            file.seek(SeekFrom::Start(end))?;
            file.write_all(&bytes)?;
            segment::read(&bytes).map_err(|broken| said(&format!("it was written wrongly: {broken:?}")))?
        }
        Ok(other) if other.length == rest.len() => return Ok(Put::Other(other)),
        _ => return Err(foreign(path)),
    };
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(Put::Whole(segment))
}

/// The digest into the audit log and the batches out of the database, in one transaction.
async fn confirm(ctx: &Ctx, (file, begins): (String, u64), segment: Segment) -> Result<usize> {
    let count = segment.batches.len();
    let write = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
    let whole = |value: usize| i64::try_from(value).map_err(Error::internal);
    let begins = i64::try_from(begins).map_err(Error::internal)?;
    let (digest, number) = (segment.digest, segment.header.number);
    let times = || segment.batches.iter().map(|batch| batch.at);
    let span = times().min().zip(times().max());
    let ends = begins + whole(segment.length)?;
    let row = Row { number, file, begins, ends, digest, batches: whole(count)?, span };
    let confirmed = ctx.db().write(write, move |tx| {
        for batch in &segment.batches {
            if !holds(tx, batch)? {
                return Err(Error::Internal(format!(
                    "{}: batch {} is not as the database has it; move the file away and keep it",
                    row.file, batch.number
                )));
            }
        }
        insert_segment(tx, &row)?;
        delete_batches(tx, &segment.batches)?;
        let detail = serde_json::json!({
            "number": row.number, "previous": segment.header.previous, "batches": row.batches,
            "begins": row.begins, "ends": row.ends,
        });
        let (object, detail) = (format!("archive {}", row.file), detail.to_string());
        let entry = AuditEntry { event: "message.archived", object: &object, detail: &detail, ..AuditEntry::default() };
        tx.audited(AuditEntry { document: Some(&row.digest), ..entry }, ())
    });
    confirmed.await.map(|()| count)
}

/// Keys of a segment, as its header has them, below those that the reader knows better.
fn keys_of(header: &Header, trusted: &HashMap<String, Known>) -> Result<HashMap<String, Known>, String> {
    let mut known = Vec::new();
    for (id, said) in &header.keys {
        let key = crate::federation::key_of(&said.key)?;
        if key.key_id() != *id {
            return Err(format!("the key given for {id} is another key"));
        }
        known.push(Known { server: said.server.clone(), key, from: said.from, to: said.to });
    }
    Ok(by_id(known.into_iter().chain(trusted.values().cloned())))
}
