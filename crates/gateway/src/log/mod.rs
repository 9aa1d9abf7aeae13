//! The message log: log or deny. What waits while a batch is being stored is signed and stored together next.
//!
//! Invariant: an entry is durable, with its batch's signature and an audit row that seals the batch, before `Stored`
//! answers; who needs the log's word waits for it.
pub mod batch;
pub mod entry;
pub mod store;

use std::sync::Arc;

use platform::audit::Entry as AuditEntry;
use platform::ids::Id;
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, Platform, Result};
use seal::keys::Signer;
use tokio::sync::{Semaphore, mpsc, oneshot};

use batch::BatchSignature;
use entry::Entry;

/// Entries of one batch.
const MAX_BATCH: usize = 256;
/// Batches that are stored at the same moment: the next gathers while they are on their way to the disk.
const IN_FLIGHT: usize = 2;
const QUEUE: usize = 4096;

/// A batch's identifier.
#[derive(Debug, Clone)]
pub struct BatchId(String);

impl Id for BatchId {
    const PREFIX: &'static str = "bat";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

struct Pending {
    /// What the signature covers (`wire::sign`).
    message: Vec<u8>,
    entry: Vec<u8>,
    signed: oneshot::Sender<BatchSignature>,
    stored: oneshot::Sender<Result<()>>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Log(mpsc::Sender<Pending>);

/// The answer of the log, still to come.
pub struct Stored(oneshot::Receiver<Result<()>>);

impl Stored {
    /// Waits until the entry is durable. An error: it is not, and nothing may be told.
    pub async fn wait(self) -> Result<()> {
        self.0.await.unwrap_or_else(|_| Err(ended()))
    }
}

fn ended() -> Error {
    Error::Unavailable("the message log has ended".into())
}

struct Inner {
    platform: Platform,
    signer: Arc<dyn Signer>,
    grant: Grant,
}

impl Log {
    /// Begins to work; ends when the last clone is dropped.
    pub fn open(platform: &Platform, signer: Arc<dyn Signer>) -> Result<Self> {
        let grant = Ctx::system(platform, "gateway.log").allow(Action::MessageLog, &On::PUBLIC)?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(work(Arc::new(Inner { platform: platform.clone(), signer, grant }), receiver));
        Ok(Self(sender))
    }

    /// Signs `message` and begins to store the entry. The signature comes at once, durability when `Stored` says so.
    pub async fn add(&self, message: Vec<u8>, entry: &Entry) -> Result<(BatchSignature, Stored)> {
        let ((signed, signature), (stored, durable)) = (oneshot::channel(), oneshot::channel());
        let pending = Pending { message, entry: entry.write(), signed, stored };
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
            Ok(signed) => {
                tokio::spawn(async move {
                    store(&inner, signed).await;
                    drop(slot);
                });
            }
            Err(error) => tracing::error!(%error, "a batch of the message log could not be signed"),
        }
    }
}

struct Signed {
    root: batch::Root,
    entries: Vec<Vec<u8>>,
    stored: Vec<oneshot::Sender<Result<()>>>,
}

fn sign(inner: &Inner, batch: Vec<Pending>) -> Result<Signed> {
    let mut messages = Vec::with_capacity(batch.len());
    let (mut entries, mut stored, mut signed) = (Vec::new(), Vec::new(), Vec::new());
    for pending in batch {
        messages.push(pending.message);
        entries.push(pending.entry);
        stored.push(pending.stored);
        signed.push(pending.signed);
    }
    let signatures = batch::sign(&*inner.signer, &messages)?;
    let root = signatures.first().map(|first| first.root.clone()).ok_or_else(ended)?;
    for (caller, signature) in signed.into_iter().zip(signatures) {
        drop(caller.send(signature)); // a caller that went away is logged all the same
    }
    Ok(Signed { root, entries, stored })
}

async fn store(inner: &Inner, signed: Signed) {
    let Signed { root, entries, stored } = signed;
    let key = inner.signer.key_id().to_owned();
    let written = inner
        .platform
        .db()
        .write(inner.grant.clone(), move |tx| {
            let id: BatchId = tx.new_id();
            store::insert_batch(tx, &store::NewBatch { id: &id, root: &root, key: &key, entries: &entries })?;
            let detail = serde_json::json!({ "size": entries.len() }).to_string();
            let entry = AuditEntry {
                event: "message.logged",
                object: id.as_str(),
                detail: &detail,
                document: Some(&root.head.root),
                ..AuditEntry::default()
            };
            tx.audited(entry, ())
        })
        .await;
    if let Err(error) = &written {
        tracing::error!(%error, "the message log could not be written: calls are denied");
    }
    for caller in stored {
        let answer = written.as_ref().map(|()| ()).map_err(|_| Error::Unavailable("the message log".into()));
        drop(caller.send(answer));
    }
}
