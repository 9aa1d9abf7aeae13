//! One end of a line to another gateway: what goes out, who waits for an answer, and which bundles wait for the other
//! side's log.
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};

use super::frame::{self, Frame, MAX_FRAME};
use super::near::UNKNOWN_END;
use crate::log::Log;
use crate::log::entry::{Entry, Part};
use crate::message::Answered;
use crate::places::Place;
use crate::protocol::fault::{Fault, Kind};
use crate::tls::Fingerprint;

/// Frames that wait to be written. A line that takes no more refuses calls instead of gathering them.
const QUEUE: usize = 1024;

/// A call of ours that waits for its answer.
pub struct Waiting {
    /// The request's line in our log.
    pub entry: Entry,
    /// When it went out on its line; before that, when it set out.
    pub begun: Instant,
    pub reply: oneshot::Sender<Result<Answered, Fault>>,
    /// The caller's at the door: who hangs up has no other one until its call has ended.
    pub(crate) _place: Option<Arc<Place>>,
}

impl Waiting {
    /// Tells that the call failed. The log gets an end line; nobody waits for it, as nothing is disclosed.
    pub fn fail(self, log: &Log, fault: Fault) {
        log.note(self.entry.failed(&fault));
        drop(self.reply.send(Err(fault))); // the caller may have gone
    }
}

struct Calls {
    open: bool,
    waiting: HashMap<String, Box<Waiting>>,
}

pub struct Lane {
    /// The gateway at the other end.
    pub server: String,
    /// The certificate that it showed, when it came to us.
    pub certificate: Option<Fingerprint>,
    log: Log,
    frames: mpsc::Sender<Bytes>,
    calls: Mutex<Calls>,
    holds: Mutex<HashMap<u64, oneshot::Sender<bool>>>,
    begun: Instant,
    /// Milliseconds after `begun` when something came last.
    heard: AtomicU64,
}

impl Lane {
    #[must_use]
    pub fn new(server: String, certificate: Option<Fingerprint>, log: Log) -> (Self, mpsc::Receiver<Bytes>) {
        let (frames, receiver) = mpsc::channel(QUEUE);
        let calls = Mutex::new(Calls { open: true, waiting: HashMap::new() });
        let (holds, begun, heard) = (Mutex::default(), Instant::now(), AtomicU64::new(0));
        (Self { server, certificate, log, frames, calls, holds, begun, heard }, receiver)
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a frame; false: the line is closed, or takes no more.
    pub fn send(&self, frame: Bytes) -> bool {
        self.frames.try_send(frame).is_ok()
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.calls().open
    }

    /// Calls that wait for an answer.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.calls().waiting.len()
    }

    /// Notes a call before its request goes out. Gives it back when the line takes no more calls.
    pub fn expect(&self, waiting: Box<Waiting>) -> Result<(), Box<Waiting>> {
        let mut calls = self.calls();
        if !calls.open {
            return Err(waiting);
        }
        calls.waiting.insert(waiting.entry.names.request_id.clone(), waiting);
        Ok(())
    }

    pub fn take(&self, request_id: &str) -> Option<Box<Waiting>> {
        self.calls().waiting.remove(request_id)
    }

    /// Ends a call that has no answer; nothing when it was answered already.
    pub fn end(&self, request_id: &str, fault: Fault) {
        if let Some(waiting) = self.take(request_id) {
            waiting.fail(&self.log, fault);
        }
    }

    /// Ends calls that have waited since before an instant.
    pub fn end_older(&self, than: Instant, fault: impl Fn() -> Fault) {
        let old = |calls: &Calls| -> Vec<String> {
            calls.waiting.iter().filter(|(_, waiting)| waiting.begun < than).map(|(id, _)| id.clone()).collect()
        };
        let old = old(&self.calls());
        old.iter().for_each(|id| self.end(id, fault()));
    }

    /// Takes no more calls; those under way are finished.
    pub fn retire(&self) {
        self.calls().open = false;
    }

    /// Ends every call and takes no more.
    pub fn close(&self, fault: impl Fn() -> Fault) {
        let waiting = {
            let mut calls = self.calls();
            calls.open = false;
            std::mem::take(&mut calls.waiting)
        };
        waiting.into_values().for_each(|waiting| waiting.fail(&self.log, fault()));
        self.holds.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Hears of a bundle that came in whether the other side's log has it.
    pub fn hold(&self, bundle: u64) -> oneshot::Receiver<bool> {
        let (sender, receiver) = oneshot::channel();
        self.holds.lock().unwrap_or_else(PoisonError::into_inner).insert(bundle, sender);
        receiver
    }

    pub fn release(&self, bundle: u64, stored: bool) {
        let hold = self.holds.lock().unwrap_or_else(PoisonError::into_inner).remove(&bundle);
        _ = hold.map(|hold| hold.send(stored)); // nobody may wait any more
    }

    /// Sends a bundle that the log has signed. What cannot go out has failed.
    pub(crate) fn bundle(&self, bytes: Bytes, entries: &[Entry]) {
        let (now, mut calls) = (Instant::now(), self.calls());
        for entry in entries.iter().filter(|entry| entry.part == Part::Request) {
            if let Some(waiting) = calls.waiting.get_mut(&entry.names.request_id) {
                waiting.begun = now;
            }
        }
        drop(calls);
        if !self.send(bytes) {
            let busy = || {
                Kind::ClientNetworkError.says(format!(
                    "the line to the gateway {} is closed or takes no more calls now; send again later",
                    self.server
                ))
            };
            entries.iter().for_each(|entry| self.end(&entry.names.request_id, busy()));
        }
    }

    /// Tells the other side whether our log has a bundle that it was sent.
    pub(crate) fn stored(&self, bundle: u64, stored: bool, entries: &[Entry]) {
        self.send(if stored { frame::stored(bundle) } else { frame::dropped(bundle) });
        if !stored {
            self.deny(entries);
        }
    }

    /// Ends calls whose lines our log could not take.
    pub(crate) fn deny(&self, entries: &[Entry]) {
        let denied = || {
            Kind::ClientLoggingFailed
                .says("this gateway cannot write its message log now; nothing was disclosed, send again")
        };
        entries.iter().for_each(|entry| match entry.part {
            Part::Request => self.end(&entry.names.request_id, denied()),
            // Thrown away at both ends; the log is told once it can be written again.
            Part::Answer => {
                let fault = Kind::LoggingFailed.says(UNKNOWN_END);
                let request = entry.names.request_id.as_str();
                self.send(frame::refused(&fault.code, &fault.message, [request].into_iter()));
                self.log.note(entry.clone().failed(&fault));
            }
        });
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// For how long nothing has come.
    #[must_use]
    pub fn silent(&self) -> Duration {
        Duration::from_millis(self.milliseconds().saturating_sub(self.heard.load(Ordering::Relaxed)))
    }

    /// The next frame that comes in.
    pub async fn next(&self, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Frame> {
        let length = from.read_u32().await? as usize;
        if length > MAX_FRAME {
            return Err(io::Error::other(format!("a frame of {length} bytes; {MAX_FRAME} are allowed")));
        }
        let mut bytes = BytesMut::zeroed(length);
        from.read_exact(&mut bytes).await?;
        self.heard.store(self.milliseconds(), Ordering::Relaxed);
        frame::read(bytes.freeze()).ok_or_else(|| io::Error::other("a frame that no gateway writes"))
    }
}

/// Frames that are written with one call.
const AT_ONCE: usize = 64;

/// Writes what is queued, until the line breaks.
pub async fn write(mut to: impl AsyncWrite + Unpin, mut frames: mpsc::Receiver<Bytes>) -> io::Error {
    let (mut queued, mut bytes) = (Vec::new(), Vec::new());
    loop {
        if frames.recv_many(&mut queued, AT_ONCE).await == 0 {
            return io::Error::other("nobody speaks on it any more");
        }
        bytes.clear();
        queued.drain(..).for_each(|frame| bytes.extend_from_slice(&frame));
        let written = async {
            to.write_all(&bytes).await?;
            to.flush().await
        };
        if let Err(error) = written.await {
            return error;
        }
        bytes.shrink_to(MAX_FRAME / 16);
    }
}
