//! Uploaded files: bytes on disk by their SHA-256, sniffed type, one row per upload. Table: platform_file.
//!
//! Invariant: the bytes are on the disk (fsync) before the row that names them is committed.
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::chance;
use crate::db::{Audited, Row, Tx, Value};
use crate::error::{Error, Result};

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
}

/// A file being received: written as it comes, hashed on the way.
pub struct Incoming {
    file: tokio::fs::File,
    temporary: PathBuf,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
}

const HEAD: usize = 4096;

impl Incoming {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }
}

impl FileStore {
    pub fn open(dir: &Path, max_bytes: u64) -> Result<Self> {
        std::fs::create_dir_all(dir.join("incoming"))?;
        Ok(Self { dir: dir.to_owned(), max_bytes })
    }

    pub async fn begin(&self) -> Result<Incoming> {
        let temporary = self.dir.join("incoming").join(chance::token());
        let file = tokio::fs::File::create(&temporary).await?;
        Ok(Incoming { file, temporary, hash: Sha256::new(), head: Vec::new(), size: 0 })
    }

    /// Adds bytes; past the limit the file is removed and `TooLarge` says the limit.
    pub async fn add(&self, incoming: &mut Incoming, bytes: &[u8]) -> Result<()> {
        incoming.size += bytes.len() as u64;
        if incoming.size > self.max_bytes {
            self.discard(incoming).await;
            return Err(Error::TooLarge { limit: self.max_bytes });
        }
        incoming.hash.update(bytes);
        let missing = HEAD.saturating_sub(incoming.head.len());
        incoming.head.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        incoming.file.write_all(bytes).await.map_err(Error::from)
    }

    pub async fn discard(&self, incoming: &Incoming) {
        if let Err(error) = tokio::fs::remove_file(&incoming.temporary).await {
            tracing::warn!(%error, "a discarded upload could not be removed");
        }
    }

    /// Makes the bytes durable under their hash.
    pub async fn finish(&self, mut incoming: Incoming, name: &str) -> Result<Kept> {
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let sha256 = hex::encode(incoming.hash.finalize());
        let target = self.path(&sha256);
        if let Some(parent) = target.parent() {
            tokio::fs::create_dir_all(parent).await?;
        }
        tokio::fs::rename(&incoming.temporary, &target).await?;
        Ok(Kept { sha256, name: clean_name(name), media_type: sniff(&incoming.head), size: incoming.size })
    }

    pub async fn read(&self, file: &StoredFile) -> Result<Vec<u8>> {
        tokio::fs::read(self.path(&file.sha256)).await.map_err(Error::from)
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.dir.join(sha256.get(..2).unwrap_or("__")).join(sha256)
    }
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
