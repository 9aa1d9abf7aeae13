//! Bodies in bounded memory: small ones stay there, large ones lie in an unnamed file until they are sent on.
//! A body is hashed before it is sent on, as nothing may go before its hash is known.
//!
//! Invariant: no thread that serves calls waits for the disk; a small body touches neither disk nor another thread.
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use sha2::{Digest as _, Sha512};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use crate::protocol::hash::Hash512;
pub use crate::spooled::{Room, Spooled};

/// Bodies up to this many bytes stay in memory; larger ones are written in pieces of this size.
const IN_MEMORY: usize = 256 * 1024;

/// Where large bodies wait, and how large and how slow they may be.
#[derive(Debug, Clone)]
pub struct Spool {
    pub dir: PathBuf,
    /// Bytes of one body.
    pub limit: u64,
    /// A body of which nothing comes for so long has stopped.
    pub patience: Duration,
    /// A body that takes longer than this from its first byte to its last is cut off, however steadily it drips.
    pub within: Duration,
    /// Bytes on disk of all bodies together.
    pub room: Room,
}

impl Spool {
    /// With the limits of the settings' defaults.
    #[must_use]
    pub fn at(dir: PathBuf) -> Self {
        let (patience, within) = (Duration::from_secs(30), Duration::from_secs(600));
        Self { dir, limit: 100 << 20, patience, within, room: Room::of(10 << 30) }
    }
}

/// A body that has come whole.
#[derive(Debug)]
pub struct Taken {
    pub body: Kept,
    /// SHA-512 of its bytes; None without a body (an empty one counts as none).
    pub digest: Option<Hash512>,
    pub size: u64,
}

impl Taken {
    /// What is whole already: a text of our own, or a body that another door has read.
    #[must_use]
    pub fn text(text: impl Into<Bytes>) -> Self {
        let text = text.into();
        let (size, digest) = (text.len() as u64, (!text.is_empty()).then(|| Sha512::digest(&text).into()));
        Self { body: Kept::Memory(text), digest, size }
    }

    /// All of it, for documents that are small by their nature.
    pub async fn bytes(self) -> io::Result<Bytes> {
        match self.body {
            Kept::Memory(bytes) => Ok(bytes),
            Kept::File(mut file) => waiting(move || file.all()).await.map(Bytes::from),
        }
    }
}

#[derive(Debug)]
pub enum Kept {
    Memory(Bytes),
    File(Spooled),
}

/// Why a body did not come whole.
#[derive(Debug)]
pub enum Broken {
    TooLarge {
        limit: u64,
    },
    /// It stopped half-way, took too long, or lied about its length.
    Stopped(String),
    /// The spool cannot hold it.
    Spool(io::Error),
}

impl Spool {
    /// Reads a body to its end.
    pub async fn take<B>(&self, mut incoming: B) -> Result<Taken, Broken>
    where
        B: Body<Data = Bytes, Error: std::fmt::Display> + Unpin,
    {
        if incoming.is_end_stream() {
            return Ok(Taken { body: Kept::Memory(Bytes::new()), digest: None, size: 0 });
        }
        if incoming.size_hint().lower() > self.limit {
            return Err(Broken::TooLarge { limit: self.limit });
        }
        let mut taking = Taking::default();
        let mut now = Instant::now();
        let end = now + self.within;
        loop {
            // What is there already is taken without a timer.
            let frame = timeout_at(end.min(now + self.patience), incoming.frame()).await;
            let Some(frame) = frame.map_err(|_| self.slow(end))? else { break };
            let frame = frame.map_err(|error| Broken::Stopped(error.to_string()))?;
            if let Ok(data) = frame.into_data() {
                self.add(&mut taking, data).await?;
            }
            if incoming.is_end_stream() {
                break;
            }
            now = Instant::now();
            // A body that never makes us wait would pass the line above for ever.
            if now >= end {
                return Err(self.slow(end));
            }
        }
        taking.finish(self).await
    }

    fn slow(&self, end: Instant) -> Broken {
        Broken::Stopped(if Instant::now() >= end {
            format!("it did not come whole within {} s", self.within.as_secs())
        } else {
            format!("nothing came for {} s", self.patience.as_secs())
        })
    }

    async fn add(&self, taking: &mut Taking, data: Bytes) -> Result<(), Broken> {
        taking.size += data.len() as u64;
        if taking.size > self.limit {
            return Err(Broken::TooLarge { limit: self.limit });
        }
        if taking.memory.len() + data.len() > IN_MEMORY {
            taking.spill(self).await?;
        }
        taking.memory.extend_from_slice(&data);
        Ok(())
    }
}

#[derive(Default)]
struct Taking {
    /// What came last; all of a small body.
    memory: BytesMut,
    /// What came before it.
    large: Option<Box<Large>>,
    size: u64,
}

struct Large {
    hash: Sha512,
    file: Spooled,
}

impl Taking {
    /// Moves what is in memory into the file, on a thread that may wait.
    async fn spill(&mut self, spool: &Spool) -> Result<(), Broken> {
        let (mut memory, large) = (std::mem::take(&mut self.memory), self.large.take());
        let (dir, room) = (spool.dir.clone(), spool.room.clone());
        let spilt = waiting(move || {
            let mut large = match large {
                Some(large) => large,
                None => Box::new(Large { hash: Sha512::new(), file: Spooled::new(&dir, room)? }),
            };
            large.hash.update(&memory);
            large.file.append(&memory)?;
            memory.clear();
            Ok((memory, large))
        });
        let (memory, large) = spilt.await.map_err(Broken::Spool)?;
        (self.memory, self.large) = (memory, Some(large));
        Ok(())
    }

    async fn finish(mut self, spool: &Spool) -> Result<Taken, Broken> {
        let size = self.size;
        if self.large.is_some() {
            self.spill(spool).await?;
        }
        let (digest, body) = match self.large {
            None => ((size > 0).then(|| Sha512::digest(&self.memory).into()), Kept::Memory(self.memory.freeze())),
            Some(large) => {
                let Large { hash, mut file } = *large;
                file.rewind().map_err(Broken::Spool)?;
                (Some(hash.finalize().into()), Kept::File(file))
            }
        };
        Ok(Taken { body, digest, size })
    }
}

/// Runs what waits for the disk on a thread for such work.
async fn waiting<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A body on its way out; its length is known.
#[derive(Debug)]
pub struct Outgoing {
    source: Source,
    left: u64,
}

#[derive(Debug)]
enum Source {
    Memory(Bytes),
    File(Spooled),
    Reading(JoinHandle<io::Result<(Spooled, Bytes)>>),
    Broken,
}

impl Outgoing {
    #[must_use]
    pub fn text(text: impl Into<Bytes>) -> Self {
        let text = text.into();
        Self { left: text.len() as u64, source: Source::Memory(text) }
    }

    #[must_use]
    pub fn empty() -> Self {
        Self::text(Bytes::new())
    }
}

impl From<Taken> for Outgoing {
    fn from(taken: Taken) -> Self {
        let source = match taken.body {
            Kept::Memory(bytes) => Source::Memory(bytes),
            Kept::File(file) => Source::File(file),
        };
        Self { source, left: taken.size }
    }
}

impl Source {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        loop {
            match std::mem::replace(self, Self::Broken) {
                Self::Memory(bytes) => return Poll::Ready(Ok(bytes)),
                Self::Broken => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Self::File(mut file) => {
                    *self = Self::Reading(spawn_blocking(move || {
                        let chunk = file.chunk()?;
                        Ok((file, chunk))
                    }));
                }
                Self::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
                        *self = Self::Reading(reading);
                        return Poll::Pending;
                    };
                    let (file, chunk) = read.map_err(io::Error::other)??;
                    *self = Self::File(file);
                    return Poll::Ready(Ok(chunk));
                }
            }
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let chunk = ready!(self.source.poll_next(cx));
        Poll::Ready(Some(chunk.map(|chunk| {
            self.left = self.left.saturating_sub(chunk.len() as u64);
            Frame::data(chunk)
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
