//! The message log: log or deny. What waits while a batch is being stored is signed and stored together next.
//!
//! Invariant: an entry is durable, with its batch's signature and an audit row that seals the batch, before `Stored`
//! answers; who needs the log's word waits for it.
pub mod batch;
pub mod entry;
pub mod pack;
pub mod store;

use std::sync::Arc;

use platform::audit::Entry as AuditEntry;
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, Platform, Result};
use tokio::sync::{Semaphore, mpsc, oneshot};

use batch::BatchSignature;
use entry::Entry;

use crate::gateway::Key;

/// Entries of one batch: more make the proofs longer and save nothing.
const MAX_BATCH: usize = 64;
/// Batches that are stored at the same moment: the next gathers while they are on their way to the disk.
const IN_FLIGHT: usize = 2;
const QUEUE: usize = 4096;

struct Pending {
    entry: Entry,
    signed: oneshot::Sender<Signed>,
    stored: oneshot::Sender<Result<()>>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Log(mpsc::Sender<Pending>);

/// Our signature over a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub key: Arc<str>,
    /// Seconds since 1970.
    pub created: i64,
    pub signature: BatchSignature,
}

/// The answer of the log, still to come.
pub struct Stored(oneshot::Receiver<Result<()>>);

impl Stored {
    /// Waits until the entry is durable. An error: it is not, and nothing may be told.
    pub async fn wait(self) -> Result<()> {
        self.0.await.unwrap_or_else(|_| Err(ended()))
    }
}

fn seconds(platform: &Platform) -> i64 {
    platform.clock().now().0.div_euclid(1_000_000)
}

fn ended() -> Error {
    Error::Unavailable("the message log has ended".into())
}

struct Inner {
    platform: Platform,
    key: Key,
    grant: Grant,
}

impl Log {
    /// Begins to work; ends when the last clone is dropped.
    pub fn open(platform: &Platform, key: Key) -> Result<Self> {
        let grant = Ctx::system(platform, "gateway.log").allow(Action::MessageLog, &On::PUBLIC)?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(work(Arc::new(Inner { platform: platform.clone(), key, grant }), receiver));
        Ok(Self(sender))
    }

    /// Signs what the entry speaks of and begins to store it. The signature comes at once, durability when `Stored` says
    /// so. The time of signing is put into the entry.
    pub async fn add(&self, entry: Entry) -> Result<(Signed, Stored)> {
        let ((signed, signature), (stored, durable)) = (oneshot::channel(), oneshot::channel());
        let pending = Pending { entry, signed, stored };
        self.0.send(pending).await.map_err(|_| ended())?;
        match signature.await {
            Ok(signature) => Ok((signature, Stored(durable))),
            Err(_) => Err(Stored(durable).wait().await.err().unwrap_or_else(ended)),
        }
    }
}

async fn work(inner: Arc<Inner>, mut receiver: mpsc::Receiver<Pending>) {
    let slots = Arc::new(Semaphore::new(IN_FLIGHT));
    let mut waiting = Vec::with_capacity(MAX_BATCH);
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        if receiver.recv_many(&mut waiting, MAX_BATCH).await == 0 {
            return;
        }
        let batch = std::mem::take(&mut waiting);
        let inner = Arc::clone(&inner);
        match sign(&inner, batch) {
            Ok(sealed) => {
                tokio::spawn(async move {
                    store(&inner, sealed).await;
                    drop(slot);
                });
            }
            Err(error) => tracing::error!(%error, "a batch of the message log could not be signed"),
        }
    }
}

/// A batch on its way to the disk.
struct Sealed {
    key: Arc<str>,
    root: batch::Root,
    entries: Vec<Entry>,
    stored: Vec<oneshot::Sender<Result<()>>>,
}

fn sign(inner: &Inner, batch: Vec<Pending>) -> Result<Sealed> {
    let signer = inner.key.now();
    let (key, created): (Arc<str>, i64) = (signer.key_id().into(), seconds(&inner.platform));
    let mut messages = Vec::with_capacity(batch.len());
    let (mut entries, mut stored, mut signed) = (Vec::new(), Vec::new(), Vec::new());
    for mut pending in batch {
        pending.entry.created = created;
        messages.push(pending.entry.covered(&key).base().into_bytes());
        entries.push(pending.entry);
        stored.push(pending.stored);
        signed.push(pending.signed);
    }
    let signatures = batch::sign(&*signer, &messages)?;
    let root = signatures.first().map(|first| first.root.clone()).ok_or_else(ended)?;
    for (caller, signature) in signed.into_iter().zip(signatures) {
        let signature = Signed { key: Arc::clone(&key), created, signature };
        drop(caller.send(signature)); // a caller that went away is logged all the same
    }
    Ok(Sealed { key, root, entries, stored })
}

async fn store(inner: &Inner, sealed: Sealed) {
    let Sealed { key, root, entries, stored } = sealed;
    let packed = pack::pack(&entries);
    let digest = seal::digest::sha256(&packed);
    let number = i64::from_be_bytes(platform::chance::bytes()) & i64::MAX;
    let object = format!("batch {number}");
    let mut messages: Vec<i64> = entries.iter().map(|entry| store::place_of(&entry.message_id)).collect();
    messages.sort_unstable();
    messages.dedup();
    let written = inner
        .platform
        .db()
        .write(inner.grant.clone(), move |tx| {
            store::insert_batch(
                tx,
                &store::NewBatch { number, root: &root, key: &key, packed: &packed, messages: &messages },
            )?;
            let entry = AuditEntry {
                event: "message.logged",
                object: &object,
                document: Some(&digest),
                ..AuditEntry::default()
            };
            tx.audited(entry, ())
        })
        .await;
    if let Err(error) = &written {
        tracing::error!(%error, "the message log could not be written: calls are denied");
    }
    for caller in stored {
        let answer = if written.is_ok() { Ok(()) } else { Err(Error::Unavailable("the message log".into())) };
        drop(caller.send(answer));
    }
}
