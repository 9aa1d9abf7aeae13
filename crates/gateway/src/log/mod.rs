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
use std::sync::{Arc, Mutex, PoisonError};

use platform::audit::Entry as AuditEntry;
use platform::clock::SECOND;
use platform::db::{Audited, Dialect, Tx};
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, Platform, Result};
use seal::keys::Signer;
use seal::merkle::Hash;
use tokio::sync::{Semaphore, mpsc, oneshot};

use batch::BatchSignature;
use entry::{Entry, Part, Side};

use crate::gateway::Key;
use crate::store_evidence::insert_bodies;
use crate::wire::frame::{self, Message};
use crate::wire::lane::Lane;

/// Groups of entries that are stored at once.
const AT_ONCE: usize = 256;
/// Transactions that are begun or wait: while one is on its way to the disk, the next stands ready and takes all that has
/// come until it begins.
const IN_FLIGHT: usize = 2;
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
    platform.clock().now().0.div_euclid(SECOND)
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
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        let Some(first) = receiver.recv().await else { return };
        let (back, begun) = oneshot::channel();
        let (inner, intake) = (Arc::clone(&inner), Intake { queue: Some((receiver, back)) });
        tokio::spawn(async move {
            store(&inner, first, intake).await;
            drop(slot);
        });
        match begun.await {
            Ok(again) => receiver = again,
            Err(_) => return tracing::error!("the message log has lost its queue"),
        }
    }
}

/// The queue, lent to the next transaction until it begins or is given up.
struct Intake {
    queue: Option<(mpsc::Receiver<Group>, oneshot::Sender<mpsc::Receiver<Group>>)>,
}

impl Intake {
    fn drain(mut self, groups: &mut Vec<Group>) {
        let waiting = self.queue.iter_mut().flat_map(|(receiver, _)| std::iter::from_fn(|| receiver.try_recv().ok()));
        groups.extend(waiting.take(AT_ONCE));
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        if let Some((receiver, back)) = self.queue.take() {
            drop(back.send(receiver)); // the log may have ended
        }
    }
}

/// What one transaction takes: first its groups, then, when they were signed, their batches.
#[derive(Default)]
struct Round {
    groups: Vec<Group>,
    batches: Vec<(Batch, batch::Root)>,
    stored: Vec<oneshot::Sender<Result<Taken>>>,
}

/// Entries that are signed together: all that go to one gateway, or all that go nowhere.
#[derive(Default)]
struct Batch {
    number: i64,
    lane: Option<Arc<Lane>>,
    messages: Vec<Message>,
    entries: Vec<Entry>,
}

impl Round {
    /// Signs the groups, and sends what goes to other gateways.
    fn sign(&mut self, inner: &Inner, signer: &dyn Signer) -> Result<()> {
        let (key, created) = (signer.key_id(), seconds(&inner.platform));
        let mut batches: Vec<Batch> = Vec::new();
        for group in &mut self.groups {
            let lane = group.sent.as_ref().map(|(lane, _)| lane);
            let same = |batch: &Batch| batch.lane.as_ref().map(Arc::as_ptr) == lane.map(Arc::as_ptr);
            let at = batches.iter().position(same).unwrap_or_else(|| {
                let number = number(&inner.platform);
                batches.push(Batch { number, lane: lane.cloned(), ..Batch::default() });
                batches.len() - 1
            });
            let sent = group.sent.iter_mut().flat_map(|(_, messages)| messages.drain(..));
            batches[at].messages.extend(sent);
            batches[at].entries.extend(group.entries.iter().map(|entry| Entry { created, ..entry.clone() }));
        }
        for batch in batches {
            let leaves: Vec<Hash> = batch.entries.iter().map(|entry| entry.covered(key).leaf()).collect();
            let root = batch::sign(signer, &leaves)?;
            self.batches.push((batch, root));
        }
        for (batch, root) in &self.batches {
            if let Some(lane) = &batch.lane {
                let bytes = frame::bundle(batch.number.unsigned_abs(), (key, created), root, &batch.messages);
                lane.bundle(bytes, &batch.entries);
            }
        }
        self.stored.extend(self.groups.drain(..).filter_map(|group| group.stored));
        Ok(())
    }

    /// Tells everybody what came of it; None: it was not stored.
    fn tell(self, taken: Option<Taken>) {
        for (batch, _) in &self.batches {
            if let Some(lane) = &batch.lane {
                lane.stored(batch.number.unsigned_abs(), taken.is_some(), &batch.entries);
            }
        }
        for group in &self.groups {
            if let Some((lane, _)) = &group.sent {
                lane.deny(&group.entries);
            }
        }
        let unsigned = self.groups.into_iter().filter_map(|group| group.stored);
        for caller in self.stored.into_iter().chain(unsigned) {
            drop(caller.send(taken.clone().ok_or_else(|| Error::Unavailable("the message log".into()))));
        }
    }
}

/// A new batch's number: seconds since 2020 above 33 bits, of which the upper 10 are the second's fraction and the others
/// chance. So batches lie in the order of their time, and a new one stands at the index's end.
fn number(platform: &Platform) -> i64 {
    let now = platform.clock().now().0;
    let (second, fraction) = (now.div_euclid(SECOND) - pack::EPOCH, now.rem_euclid(SECOND) * 1024 / SECOND);
    let chance = i64::from_be_bytes(platform::chance::bytes()) & 0x7f_ffff;
    second.clamp(0, 0x3fff_ffff) << 33 | fraction << 23 | chance
}

async fn store(inner: &Arc<Inner>, first: Group, intake: Intake) {
    let round = Arc::new(Mutex::new(Round { groups: vec![first], ..Round::default() }));
    let (own, within) = (Arc::clone(&round), Arc::clone(inner));
    let written = inner.platform.db().write(inner.grant.clone(), move |tx| {
        let mut round = own.lock().unwrap_or_else(PoisonError::into_inner);
        intake.drain(&mut round.groups);
        let signer = within.key.now();
        round.sign(&within, &*signer)?;
        insert(tx, &round.batches, &signer.key_id().into())
    });
    let written = written.await;
    if let Err(error) = &written {
        tracing::error!(%error, "the message log could not be written: calls are denied");
    }
    let round = std::mem::take(&mut *round.lock().unwrap_or_else(PoisonError::into_inner));
    round.tell(written.ok().map(Arc::new));
}

/// Inserts batches; requests that another process on this database has taken before come back.
fn insert(tx: &mut Tx<'_>, batches: &[(Batch, batch::Root)], key: &Arc<str>) -> Result<Audited<HashSet<i64>>> {
    // One process remembers by itself (`replay`); several share a database that is PostgreSQL.
    let shared = tx.dialect() == Dialect::Postgres;
    let came = |entry: &&Entry| shared && entry.part == Part::Request && entry.side == Side::Provider;
    let came = batches.iter().flat_map(|(batch, _)| &batch.entries).filter(came);
    let came: BTreeSet<i64> = came.map(|entry| store::place_of(&entry.names.request_id)).collect();
    let taken = store::take_requests(tx, &came)?;
    let mut last = None;
    for (batch, root) in batches {
        let new = new_batch(batch, root, key);
        store::insert_batch(tx, &new)?;
        insert_bodies(tx, new.number, &new.kept)?;
        let object = format!("batch {}", new.number);
        let digest = seal::digest::sha256(&new.packed);
        let entry =
            AuditEntry { event: "message.logged", object: &object, document: Some(&digest), ..AuditEntry::default() };
        last = Some(tx.audited(entry, taken.clone())?);
    }
    last.ok_or_else(ended)
}

fn new_batch(batch: &Batch, root: &batch::Root, key: &Arc<str>) -> store::NewBatch {
    let (root, key, packed) = (root.clone(), Arc::clone(key), pack::pack(&batch.entries));
    let kept = batch.entries.iter().zip(0..).filter_map(|(entry, place)| Some((place, entry.kept.clone()?)));
    store::NewBatch { number: batch.number, root, key, packed, kept: kept.collect() }
}
