//! A body on disk: an unnamed file, and its share of the room that all bodies have together. Everything here waits for the
//! disk: called on threads that may wait, never on one that serves calls.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// The bytes that all bodies on disk may take together. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Room(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: u64,
    used: AtomicU64,
}

impl Room {
    #[must_use]
    pub fn of(limit: u64) -> Self {
        Self(Arc::new(Inner { limit, used: AtomicU64::new(0) }))
    }

    /// Bytes that lie on disk now.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.0.used.load(Ordering::Relaxed)
    }

    fn take(&self, bytes: u64) -> io::Result<()> {
        let fits = |used: u64| used.checked_add(bytes).filter(|sum| *sum <= self.0.limit);
        match self.0.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => Ok(()),
            Err(used) => Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("bodies of other calls take {used} of {} bytes ([gateway] spool_bytes)", self.0.limit),
            )),
        }
    }
}

/// A file without a name, gone when it is dropped.
#[derive(Debug)]
pub struct Spooled {
    file: File,
    size: u64,
    room: Room,
}

impl Spooled {
    pub(crate) fn new(dir: &Path, room: Room) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(dir)?, size: 0, room })
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let more = bytes.len() as u64;
        self.room.take(more)?;
        self.size += more;
        self.file.write_all(bytes)
    }

    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0)).map(|_| ())
    }

    /// So many bytes from a place on, without moving the place that is read next.
    pub(crate) async fn piece(&self, from: u64, length: usize) -> io::Result<Vec<u8>> {
        use std::os::unix::fs::FileExt;
        let file = self.file.try_clone()?;
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, from).map(|()| bytes)
        });
        read.await.map_err(io::Error::other)?
    }

    /// The next bytes; from the page cache as a rule, as they were written a moment ago.
    pub(crate) fn chunk(&mut self) -> io::Result<Bytes> {
        let mut chunk = vec![0; CHUNK];
        let read = self.file.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        chunk.truncate(read);
        Ok(chunk.into())
    }

    pub(crate) fn all(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        self.room.0.used.fetch_sub(self.size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_shared_and_given_back() {
        let (dir, room) = (tempfile::tempdir().unwrap(), Room::of(10));
        let mut first = Spooled::new(dir.path(), room.clone()).unwrap();
        first.append(b"1234567").unwrap();
        let mut second = Spooled::new(dir.path(), room.clone()).unwrap();
        assert_eq!(second.append(b"1234").unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(room.used(), 7, "what was refused takes no room");
        drop(first);
        second.append(b"1234").unwrap();
        second.rewind().unwrap();
        assert_eq!((second.chunk().unwrap().as_ref(), room.used()), (b"1234".as_slice(), 4));
        drop(second);
        assert_eq!(room.used(), 0);
    }
}
