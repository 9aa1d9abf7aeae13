//! Uploaded files: bytes on disk by their SHA-256, sniffed type, one row per upload. Table: platform_file.
//!
//! Invariants: the bytes and their name are on the disk (fsync) before the row that names them is committed; bytes that
//! no row came to name are swept away after a day.
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::chance;
use crate::clock::{DAY, Timestamp};
use crate::db::{Audited, Row, Tx, Value};
use crate::error::{Error, Result};
use crate::platform::Platform;

/// A stored file as its row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub id: String,
    pub owner: String,
    pub sha256: String,
    /// As the uploader named it, cut to 200 characters and without path parts.
    pub name: String,
    /// Told by the bytes, not by the uploader.
    pub media_type: String,
    pub size: u64,
}

/// Bytes on disk that no row names yet.
#[derive(Debug, Clone)]
pub struct Kept {
    pub sha256: String,
    pub name: String,
    pub media_type: String,
    pub size: u64,
}

#[derive(Debug, Clone)]
pub struct FileStore {
    dir: PathBuf,
    max_bytes: u64,
    /// Held while a name in the store is made or removed: the sweep never takes bytes that were renewed a moment ago.
    names: Arc<Mutex<()>>,
    /// The folder that the sweep looks through next.
    turn: Arc<AtomicU8>,
}

/// A file being received: written as it comes, hashed on the way. Dropped unfinished, it leaves nothing behind.
pub struct Incoming {
    file: tokio::fs::File,
    temporary: Temporary,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
}

/// The name of a file being received. Once the file has its final name there is nothing left to remove.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "an unfinished upload could not be removed");
            }
            _ => {}
        }
    }
}

const HEAD: usize = 4096;
const INCOMING: &str = "incoming";

impl Incoming {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }
}

impl FileStore {
    pub fn open(dir: &Path, max_bytes: u64) -> Result<Self> {
        std::fs::create_dir_all(dir.join(INCOMING))?;
        sync_folder(dir)?;
        dir.parent().map_or(Ok(()), sync_folder)?;
        Ok(Self { dir: dir.to_owned(), max_bytes, names: Arc::default(), turn: Arc::default() })
    }

    pub async fn begin(&self) -> Result<Incoming> {
        let temporary = Temporary(self.dir.join(INCOMING).join(chance::token()));
        let file = tokio::fs::File::create(&temporary.0).await?;
        Ok(Incoming { file, temporary, hash: Sha256::new(), head: Vec::new(), size: 0 })
    }

    /// Adds bytes; past the limit `TooLarge` says the limit.
    pub async fn add(&self, incoming: &mut Incoming, bytes: &[u8]) -> Result<()> {
        incoming.size += bytes.len() as u64;
        if incoming.size > self.max_bytes {
            return Err(Error::TooLarge { limit: self.max_bytes });
        }
        incoming.hash.update(bytes);
        let missing = HEAD.saturating_sub(incoming.head.len());
        incoming.head.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        incoming.file.write_all(bytes).await.map_err(Error::from)
    }

    /// Makes the bytes durable under their hash.
    pub async fn finish(&self, mut incoming: Incoming, name: &str) -> Result<Kept> {
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let sha256 = hex::encode(incoming.hash.finalize());
        let (store, from, to) = (self.clone(), incoming.temporary, self.path(&sha256));
        tokio::task::spawn_blocking(move || store.name(&from, &to)).await.map_err(Error::internal)??;
        Ok(Kept { sha256, name: clean_name(name), media_type: sniff(&incoming.head), size: incoming.size })
    }

    /// Gives the file its final name, durably: the folders are written too, else a power cut could lose the name of
    /// bytes that a committed row speaks of (fsync(2): syncing a file does not sync its folder).
    fn name(&self, from: &Temporary, to: &Path) -> io::Result<()> {
        let folder = to.parent().unwrap_or(&self.dir);
        {
            let _names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            std::fs::create_dir_all(folder)?;
            std::fs::rename(&from.0, to)?;
        }
        sync_folder(folder)?;
        sync_folder(&self.dir)
    }

    /// Removes a file if it is still older than `limit`; whether it was.
    fn remove_old(&self, file: &Path, limit: Timestamp) -> bool {
        let _names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        is_older(file, limit) && std::fs::remove_file(file).is_ok()
    }

    pub async fn read(&self, file: &StoredFile) -> Result<Vec<u8>> {
        tokio::fs::read(self.path(&file.sha256)).await.map_err(Error::from)
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.dir.join(sha256.get(..2).unwrap_or("__")).join(sha256)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

fn is_older(file: &Path, limit: Timestamp) -> bool {
    let changed = std::fs::metadata(file).and_then(|about| about.modified());
    let since = changed.ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_micros()).ok()).is_some_and(|at| at < limit.0)
}

/// The files of a folder that are older than `limit`; a folder that is not there has none.
fn old_files(folder: &Path, limit: Timestamp) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.filter(|path| path.as_ref().map_or(true, |path| is_older(path, limit))).collect()
}

/// Removes uploads that broke off and stored bytes that no row names, both older than a day; how many.
///
/// Looks through one of the 256 folders of the store at a time, so that a large store is not read at once.
pub async fn sweep(platform: &Platform) -> Result<u64> {
    let store = platform.files().clone();
    let limit = platform.clock().now().plus(-DAY);
    let prefix = format!("{:02x}", store.turn.fetch_add(1, Ordering::Relaxed));
    let (incoming, folder) = (store.dir.join(INCOMING), store.dir.join(&prefix));
    let list = move || Ok::<_, io::Error>((old_files(&incoming, limit)?, old_files(&folder, limit)?));
    let (mut gone, stored) = tokio::task::spawn_blocking(list).await.map_err(Error::internal)??;
    if !stored.is_empty() {
        let named = platform.db().keep(move |tx| named(tx, &prefix)).await?;
        let is_named =
            |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|n| named.contains(n));
        gone.extend(stored.into_iter().filter(|path| !is_named(path)));
    }
    let remove = move || gone.iter().filter(|path| store.remove_old(path, limit)).count();
    Ok(tokio::task::spawn_blocking(remove).await.map_err(Error::internal)? as u64)
}

/// The hashes with this beginning that rows name.
fn named(tx: &mut Tx<'_>, prefix: &str) -> Result<HashSet<String>> {
    let past = format!("{prefix}g"); // after every hexadecimal digit
    let sql = "SELECT sha256 FROM platform_file WHERE sha256 >= $1 AND sha256 < $2";
    let rows = tx.list(sql, &[prefix.into(), (&past).into()], |row| row.text(0))?;
    Ok(rows.into_iter().collect())
}

/// The type that the bytes tell; text when they are UTF-8 without control characters.
fn sniff(head: &[u8]) -> String {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type().to_owned();
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.valid_up_to() + 4 > head.len() => std::str::from_utf8(&head[..error.valid_up_to()]).ok(),
        Err(_) => None,
    };
    let plain = text.is_some_and(|t| !t.is_empty() && !t.chars().any(|c| c.is_control() && !"\n\r\t".contains(c)));
    if plain { "text/plain".into() } else { "application/octet-stream".into() }
}

fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && *c != '"').take(200).collect();
    if clean.is_empty() { "file".into() } else { clean }
}

/// Writes the row, in the transaction of the action that needs the file.
pub fn insert(tx: &mut Tx<'_>, owner: &str, kept: &Kept) -> Result<StoredFile> {
    let id = tx.new_id_text("file");
    let (now, size) = (tx.now(), i64::try_from(kept.size).unwrap_or(i64::MAX));
    let params: [Value<'_>; 7] = [
        (&id).into(),
        owner.into(),
        (&kept.sha256).into(),
        (&kept.name).into(),
        (&kept.media_type).into(),
        size.into(),
        now.into(),
    ];
    tx.exec(
        "INSERT INTO platform_file (id, owner, sha256, name, media_type, size, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params,
    )?;
    Ok(StoredFile {
        id,
        owner: owner.to_owned(),
        sha256: kept.sha256.clone(),
        name: kept.name.clone(),
        media_type: kept.media_type.clone(),
        size: kept.size,
    })
}

/// The row of a file, scoped to its owner: a foreign file is not found.
pub fn get(tx: &mut Tx<'_>, owner: &str, id: &str) -> Result<StoredFile> {
    let row = tx.get(
        "SELECT id, owner, sha256, name, media_type, size FROM platform_file WHERE id = $1 AND owner = $2",
        &[id.into(), owner.into()],
    )?;
    file_of(&row)
}

fn file_of(row: &Row) -> Result<StoredFile> {
    Ok(StoredFile {
        id: row.text(0)?,
        owner: row.text(1)?,
        sha256: row.text(2)?,
        name: row.text(3)?,
        media_type: row.text(4)?,
        size: u64::try_from(row.int(5)?).unwrap_or(0),
    })
}

/// Stores the row with its audit entry.
pub fn keep(tx: &mut Tx<'_>, owner: &str, kept: &Kept) -> Result<Audited<StoredFile>> {
    let file = insert(tx, owner, kept)?;
    let entry = crate::audit::Entry {
        event: "file.stored",
        object: &file.id,
        subject: owner,
        ..crate::audit::Entry::default()
    };
    tx.audited(entry, file.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_tell_the_type() {
        assert_eq!(sniff(b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(sniff("房屋租赁合同".as_bytes()), "text/plain");
        assert_eq!(sniff(&"房".as_bytes()[..2]), "application/octet-stream");
        assert_eq!(sniff(b"\x00\x01\x02"), "application/octet-stream");
    }

    #[test]
    fn names_lose_their_paths() {
        assert_eq!(clean_name("..\\..\\etc/pass\"wd"), "passwd");
        assert_eq!(clean_name(""), "file");
    }
}
