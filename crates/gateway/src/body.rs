//! Bodies in bounded memory: small ones stay there, large ones lie in an unnamed file until they are sent on.
//! A body is hashed while it comes in, as nothing may be sent on before its hash is known.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use sha2::{Digest as _, Sha512};

use crate::protocol::hash::Hash512;

/// Bodies up to this many bytes stay in memory.
const IN_MEMORY: usize = 256 * 1024;
const CHUNK: usize = 64 * 1024;

/// Where large bodies wait, and how large they may be.
#[derive(Debug, Clone)]
pub struct Spool {
    pub dir: PathBuf,
    /// Bytes of one body.
    pub limit: u64,
    /// A body of which nothing comes for so long has stopped.
    pub patience: Duration,
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
    /// A text of our own.
    #[must_use]
    pub fn text(text: String) -> Self {
        let (size, digest) = (text.len() as u64, (!text.is_empty()).then(|| Sha512::digest(&text).into()));
        Self { body: Kept::Memory(text.into()), digest, size }
    }
}

#[derive(Debug)]
pub enum Kept {
    Memory(Bytes),
    File(File),
}

/// Why a body did not come whole.
#[derive(Debug)]
pub enum Broken {
    TooLarge {
        limit: u64,
    },
    /// It stopped half-way, or lied about its length.
    Stopped(String),
    /// The spool cannot hold it.
    Spool(io::Error),
}

impl Spool {
    /// Reads a body to its end.
    pub async fn take(&self, mut incoming: Incoming) -> Result<Taken, Broken> {
        if incoming.is_end_stream() {
            return Ok(Taken { body: Kept::Memory(Bytes::new()), digest: None, size: 0 });
        }
        if incoming.size_hint().lower() > self.limit {
            return Err(Broken::TooLarge { limit: self.limit });
        }
        let mut taking = Taking { hash: Sha512::new(), memory: BytesMut::new(), file: None, size: 0 };
        loop {
            let frame = tokio::time::timeout(self.patience, incoming.frame()).await;
            let frame =
                frame.map_err(|_| Broken::Stopped(format!("nothing came for {} s", self.patience.as_secs())))?;
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|error| Broken::Stopped(error.to_string()))?;
            if let Ok(data) = frame.into_data() {
                self.add(&mut taking, data)?;
            }
        }
        taking.finish()
    }

    fn add(&self, taking: &mut Taking, data: Bytes) -> Result<(), Broken> {
        taking.size += data.len() as u64;
        if taking.size > self.limit {
            return Err(Broken::TooLarge { limit: self.limit });
        }
        taking.hash.update(&data);
        if taking.file.is_none() && taking.memory.len() + data.len() > IN_MEMORY {
            let mut file = tempfile::tempfile_in(&self.dir).map_err(Broken::Spool)?;
            file.write_all(&taking.memory).map_err(Broken::Spool)?;
            taking.memory = BytesMut::new();
            taking.file = Some(file);
        }
        match &mut taking.file {
            Some(file) => file.write_all(&data).map_err(Broken::Spool),
            None => {
                taking.memory.extend_from_slice(&data);
                Ok(())
            }
        }
    }
}

struct Taking {
    hash: Sha512,
    memory: BytesMut,
    file: Option<File>,
    size: u64,
}

impl Taking {
    fn finish(self) -> Result<Taken, Broken> {
        let digest = (self.size > 0).then(|| self.hash.finalize().into());
        let body = match self.file {
            None => Kept::Memory(self.memory.freeze()),
            Some(mut file) => {
                file.seek(SeekFrom::Start(0)).map_err(Broken::Spool)?;
                Kept::File(file)
            }
        };
        Ok(Taken { body, digest, size: self.size })
    }
}

/// A body on its way out; its length is known.
#[derive(Debug)]
pub struct Outgoing {
    body: Kept,
    left: u64,
}

impl Outgoing {
    #[must_use]
    pub fn text(text: impl Into<Bytes>) -> Self {
        let text = text.into();
        Self { left: text.len() as u64, body: Kept::Memory(text) }
    }

    #[must_use]
    pub fn empty() -> Self {
        Self::text(Bytes::new())
    }
}

impl From<Taken> for Outgoing {
    fn from(taken: Taken) -> Self {
        Self { body: taken.body, left: taken.size }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let chunk = match &mut self.body {
            Kept::Memory(bytes) => Ok(std::mem::take(bytes)),
            // From the page cache: written a moment ago.
            Kept::File(file) => next_chunk(file),
        };
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

fn next_chunk(file: &mut File) -> io::Result<Bytes> {
    let mut chunk = vec![0; CHUNK];
    let read = file.read(&mut chunk)?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    chunk.truncate(read);
    Ok(chunk.into())
}
