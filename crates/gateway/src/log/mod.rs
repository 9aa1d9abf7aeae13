//! The message log: log or deny. What waits while a batch is being stored is signed and stored together next.
//!
//! Messages for another gateway are signed and sent together while they are being stored; the other side hears when they
//! are (`Lane::stored`) and acts on none before.
//!
//! Invariant: an entry is durable, with its batch's signature and an audit row that seals the batch, before `Stored` or the
//! lane tells so.
pub mod batch;
pub mod entry;
pub mod pack;
pub mod store;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use platform::audit::Entry as AuditEntry;
use platform::db::Dialect;
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, Platform, Result};
use seal::merkle::Hash;
use tokio::sync::{Semaphore, mpsc, oneshot};

use batch::BatchSignature;
use entry::{Entry, Part, Side};

use crate::gateway::Key;
use crate::store_evidence::insert_bodies;
use crate::wire::frame::{self, Message};
use crate::wire::lane::Lane;

/// Groups of entries that are stored at once.
const AT_ONCE: usize = 64;
/// What is stored at the same moment: the next gathers while it is on its way to the disk.
const IN_FLIGHT: usize = 1;
const QUEUE: usize = 4096;

/// Entries that stay together.
struct Group {
    entries: Vec<Entry>,
    /// The messages of the entries, and where they are sent once they are signed.
    sent: Option<(Arc<Lane>, Vec<Message>)>,
    stored: Option<oneshot::Sender<Result<Taken>>>,
}

/// Requests of a group that another process on the same database had taken before.
type Taken = Arc<HashSet<i64>>;

/// Cheap to clone.
#[derive(Clone)]
pub struct Log(mpsc::Sender<Group>);

/// What a gateway signed of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub key: Arc<str>,
    /// Seconds since 1970.
    pub created: i64,
    pub signature: BatchSignature,
}

/// The answer of the log, still to come.
pub struct Stored(oneshot::Receiver<Result<Taken>>);

impl Stored {
    /// Waits until the entries are durable. An error: they are not, and nothing may be told.
    pub async fn wait(self) -> Result<()> {
        self.taken().await.map(|_| ())
    }

    /// As `wait`; tells which requests (`store::place_of` their numbers) were here before, at another process.
    pub async fn taken(self) -> Result<Arc<HashSet<i64>>> {
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

    /// Begins to store entries. The time of signing is put into them.
    pub async fn add(&self, entries: Vec<Entry>) -> Result<Stored> {
        let (stored, durable) = oneshot::channel();
        self.0.send(Group { entries, sent: None, stored: Some(stored) }).await.map_err(|_| ended())?;
        Ok(Stored(durable))
    }

    /// Signs a message, sends it, and begins to store its entry; the lane is told what came of it.
    pub async fn post(&self, entry: Entry, (lane, message): (Arc<Lane>, Message)) -> Result<()> {
        let group = Group { entries: vec![entry], sent: Some((lane, vec![message])), stored: None };
        self.0.send(group).await.map_err(|_| ended())
    }

    /// Stores an entry that nothing hangs on: the end of a call that failed.
    pub fn note(&self, entry: Entry) {
        if self.0.try_send(Group { entries: vec![entry], sent: None, stored: None }).is_err() {
            tracing::warn!("the end of a call that failed is not in the message log: it takes no more now");
        }
    }
}

async fn work(inner: Arc<Inner>, mut receiver: mpsc::Receiver<Group>) {
    let slots = Arc::new(Semaphore::new(IN_FLIGHT));
    let mut waiting = Vec::with_capacity(AT_ONCE);
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        if receiver.recv_many(&mut waiting, AT_ONCE).await == 0 {
            return;
        }
        match sign(&inner, waiting.drain(..)) {
            Ok(signed) => {
                let inner = Arc::clone(&inner);
                tokio::spawn(async move {
                    store(&inner, signed).await;
                    drop(slot);
                });
            }
            Err(error) => tracing::error!(%error, "a batch of the message log could not be signed"),
        }
    }
}

/// Entries that are signed together: all that go to one gateway, or all that go nowhere.
#[derive(Default)]
struct Batch {
    number: i64,
    lane: Option<Arc<Lane>>,
    messages: Vec<Message>,
    entries: Vec<Entry>,
}

/// Batches on their way to the disk.
struct Signing {
    key: Arc<str>,
    batches: Vec<(Batch, batch::Root)>,
    stored: Vec<oneshot::Sender<Result<Taken>>>,
}

fn sign(inner: &Inner, groups: impl Iterator<Item = Group>) -> Result<Signing> {
    let signer = inner.key.now();
    let (key, created): (Arc<str>, i64) = (signer.key_id().into(), seconds(&inner.platform));
    let (mut batches, mut stored): (Vec<Batch>, _) = (Vec::new(), Vec::new());
    for group in groups {
        let (lane, messages) = group.sent.map_or((None, Vec::new()), |(lane, messages)| (Some(lane), messages));
        let same = |batch: &Batch| batch.lane.as_ref().map(Arc::as_ptr) == lane.as_ref().map(Arc::as_ptr);
        let at = batches.iter().position(same).unwrap_or_else(|| {
            let number = number(&inner.platform);
            batches.push(Batch { number, lane, ..Batch::default() });
            batches.len() - 1
        });
        let batch = &mut batches[at];
        batch.messages.extend(messages);
        batch.entries.extend(group.entries.into_iter().map(|entry| Entry { created, ..entry }));
        stored.extend(group.stored);
    }
    let each = |batch: Batch| {
        let leaves: Vec<Hash> = batch.entries.iter().map(|entry| entry.covered(&key).leaf()).collect();
        let root = batch::sign(&*signer, &leaves)?;
        if let Some(lane) = &batch.lane {
            let bytes = frame::bundle(batch.number.unsigned_abs(), (&key, created), &root, &batch.messages);
            lane.bundle(bytes, &batch.entries);
        }
        Ok((batch, root))
    };
    let batches = batches.into_iter().map(each).collect::<Result<_>>()?;
    Ok(Signing { key, batches, stored })
}

/// A new batch's number: seconds since 2020 above 33 bits of chance, so that batches lie in the order of their time.
fn number(platform: &Platform) -> i64 {
    (seconds(platform) - pack::EPOCH).clamp(0, 0x3fff_ffff) << 33
        | i64::from_be_bytes(platform::chance::bytes()) & 0x1_ffff_ffff
}

async fn store(inner: &Inner, signing: Signing) {
    let Signing { key, batches, stored } = signing;
    // One process remembers by itself (`replay`); several share a database that is PostgreSQL.
    let shared = inner.platform.db().dialect() == Dialect::Postgres;
    let came = |entry: &&Entry| shared && entry.part == Part::Request && entry.side == Side::Provider;
    let came = batches.iter().flat_map(|(batch, _)| &batch.entries).filter(came);
    let came: BTreeSet<i64> = came.map(|entry| store::place_of(&entry.request_id)).collect();
    let new: Vec<store::NewBatch> = batches.iter().map(|(batch, root)| new_batch(batch, root, &key)).collect();
    let written = inner.platform.db().write(inner.grant.clone(), move |tx| {
        let taken = store::take_requests(tx, &came)?;
        let mut last = None;
        for batch in &new {
            store::insert_batch(tx, batch)?;
            insert_bodies(tx, batch.number, &batch.kept)?;
            let object = format!("batch {}", batch.number);
            let digest = seal::digest::sha256(&batch.packed);
            let entry = AuditEntry {
                event: "message.logged",
                object: &object,
                document: Some(&digest),
                ..AuditEntry::default()
            };
            last = Some(tx.audited(entry, taken.clone())?);
        }
        last.ok_or_else(ended)
    });
    let written = written.await;
    if let Err(error) = &written {
        tracing::error!(%error, "the message log could not be written: calls are denied");
    }
    for (batch, _) in &batches {
        if let Some(lane) = &batch.lane {
            lane.stored(batch.number.unsigned_abs(), written.is_ok(), &batch.entries);
        }
    }
    let taken = written.ok().map(Arc::new);
    for caller in stored {
        drop(caller.send(taken.clone().ok_or_else(|| Error::Unavailable("the message log".into()))));
    }
}

fn new_batch(batch: &Batch, root: &batch::Root, key: &Arc<str>) -> store::NewBatch {
    let (root, key, packed) = (root.clone(), Arc::clone(key), pack::pack(&batch.entries));
    let kept = batch.entries.iter().zip(0..).filter_map(|(entry, place)| Some((place, entry.kept.clone()?)));
    store::NewBatch { number: batch.number, root, key, packed, kept: kept.collect() }
}
