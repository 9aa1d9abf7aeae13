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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platform::audit::Entry as AuditEntry;
use platform::clock::SECOND;
use platform::db::{Audited, Dialect, Tx};
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, Platform, Result};
use seal::keys::Signer;
use seal::merkle::Hash;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use batch::BatchSignature;
use entry::{Entry, Part, Side};

use crate::gateway::Key;
use crate::store_evidence::insert_bodies;
use crate::wire::frame::{self, Message};
use crate::wire::lane::Lane;

/// Groups of entries that are stored at once.
const AT_ONCE: usize = 256;
/// Transactions under way: the next gathers while one is on its way to the disk. Two make the batches smaller, and a line
/// of the log larger (measured: 417 bytes a call against 370).
const IN_FLIGHT: usize = 1;
const QUEUE: usize = 1024;
/// After so long the ends of failed calls that could not be stored are tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Entries that stay together.
struct Group {
    entries: Vec<Entry>,
    /// The messages of the entries, and where they are sent once they are signed.
    sent: Option<(Arc<Lane>, Vec<Message>)>,
    stored: Option<oneshot::Sender<Result<Taken>>>,
    /// Its place in the queue.
    _room: Option<OwnedSemaphorePermit>,
}

impl Group {
    /// Nobody waits for it and nothing is sent: the ends of calls that failed.
    fn is_note(&self) -> bool {
        self.sent.is_none() && self.stored.is_none()
    }
}

/// Requests of a group that another process on the same database had taken before.
type Taken = Arc<HashSet<i64>>;

/// Cheap to clone.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

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
    queue: Mutex<Queue>,
    /// Groups that may still come into the queue.
    room: Arc<Semaphore>,
    runtime: Handle,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Group>,
    /// A transaction stands ready that has not begun: it takes what waits.
    ready: bool,
    /// Transactions that stand ready or were begun.
    under_way: usize,
    /// Notes that could not be stored: they are tried again. Not empty: a timer runs.
    late: Vec<Group>,
}

impl Log {
    /// Ends when the last clone is dropped and what waits is stored.
    pub fn open(platform: &Platform, key: Key) -> Result<Self> {
        let grant = Ctx::system(platform, "gateway.log").allow(Action::MessageLog, &On::PUBLIC)?;
        let (queue, room, runtime) = (Mutex::default(), Arc::new(Semaphore::new(QUEUE)), Handle::current());
        Ok(Self(Arc::new(Inner { platform: platform.clone(), key, grant, queue, room, runtime })))
    }

    /// Begins to store entries. The time of signing is put into them.
    pub async fn add(&self, entries: Vec<Entry>) -> Result<Stored> {
        let (stored, durable) = oneshot::channel();
        self.push(Group { entries, sent: None, stored: Some(stored), _room: None }).await?;
        Ok(Stored(durable))
    }

    /// Signs a message, sends it, and begins to store its entry; the lane is told what came of it.
    pub async fn post(&self, entry: Entry, (lane, message): (Arc<Lane>, Message)) -> Result<()> {
        self.push(Group { entries: vec![entry], sent: Some((lane, vec![message])), stored: None, _room: None }).await
    }

    /// Stores an entry that nothing hangs on: the end of a call that failed. While the log cannot be written it is tried
    /// again and again.
    pub fn note(&self, entry: Entry) {
        match Arc::clone(&self.0.room).try_acquire_owned() {
            Ok(room) => self.0.take_in(Group { entries: vec![entry], sent: None, stored: None, _room: Some(room) }),
            Err(_) => {
                tracing::warn!("the end of a call that failed is not in the message log: it takes no more now");
            }
        }
    }

    async fn push(&self, group: Group) -> Result<()> {
        let room = Arc::clone(&self.0.room).acquire_owned().await.map_err(|_| ended())?;
        self.0.take_in(Group { _room: Some(room), ..group });
        Ok(())
    }
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_in(self: &Arc<Self>, group: Group) {
        self.queue().waiting.push(group);
        self.set_out();
    }

    /// Puts a transaction in line when something waits and none stands ready.
    fn set_out(self: &Arc<Self>) {
        {
            let mut queue = self.queue();
            if queue.ready || queue.waiting.is_empty() || queue.under_way == IN_FLIGHT {
                return;
            }
            (queue.ready, queue.under_way) = (true, queue.under_way + 1);
        }
        let round = Arc::new(Mutex::new(Round::default()));
        let ending = Ending { log: Arc::clone(self), round: Arc::clone(&round), taken: None };
        let log = Arc::clone(self);
        let begun = move |tx: &mut Tx<'_>| {
            let mut round = round.lock().unwrap_or_else(PoisonError::into_inner);
            round.groups = log.take_out();
            let signer = log.key.now();
            round.sign(&log, &*signer)?;
            insert(tx, &round.batches, &signer.key_id().into())
        };
        self.platform.db().begin_write(self.grant.clone(), begun, move |written| ending.hear(written));
    }

    /// What the transaction that stood ready takes as it begins; the next may stand ready now.
    fn take_out(self: &Arc<Self>) -> Vec<Group> {
        let groups = {
            let mut queue = self.queue();
            queue.ready = false;
            let count = queue.waiting.len().min(AT_ONCE);
            queue.waiting.drain(..count).map(|group| Group { _room: None, ..group }).collect()
        };
        self.set_out();
        groups
    }

    /// Keeps notes that could not be stored until the log may be written again.
    fn keep_late(self: &Arc<Self>, notes: Vec<Group>) {
        if notes.is_empty() {
            return;
        }
        let mut queue = self.queue();
        let is_first = queue.late.is_empty();
        queue.late.extend(notes);
        if queue.late.len() > QUEUE {
            tracing::warn!("ends of calls that failed are not in the message log: it takes none for too long");
            queue.late.truncate(QUEUE);
        }
        if is_first {
            let log = Arc::clone(self);
            self.runtime.spawn(async move {
                tokio::time::sleep(AGAIN).await;
                {
                    let queue = &mut *log.queue();
                    queue.waiting.append(&mut queue.late);
                }
                log.set_out();
            });
        }
    }
}

/// Tells what came of a transaction, also of one that was given up before it began.
struct Ending {
    log: Arc<Inner>,
    round: Arc<Mutex<Round>>,
    taken: Option<Taken>,
}

impl Ending {
    fn hear(mut self, written: Result<HashSet<i64>>) {
        match written {
            Ok(taken) => self.taken = Some(Arc::new(taken)),
            Err(error) => tracing::error!(%error, "the message log could not be written: calls are denied"),
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let mut round = std::mem::take(&mut *self.round.lock().unwrap_or_else(PoisonError::into_inner));
        if round.is_empty() {
            tracing::error!("the database takes no more now: calls are denied");
            round.groups = self.log.take_out();
        }
        self.log.queue().under_way -= 1;
        let late = round.tell(self.taken.take());
        self.log.keep_late(late);
        self.log.set_out();
    }
}

/// What one transaction takes: first its groups, then, when they were signed, their batches. Empty: it never began.
#[derive(Default)]
struct Round {
    groups: Vec<Group>,
    batches: Vec<(Batch, batch::Root)>,
    stored: Vec<oneshot::Sender<Result<Taken>>>,
    notes: Vec<Group>,
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
    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.batches.is_empty()
    }

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
        for group in self.groups.drain(..) {
            if group.is_note() {
                self.notes.push(group);
            } else {
                self.stored.extend(group.stored);
            }
        }
        Ok(())
    }

    /// Tells everybody what came of it; None: it was not stored. Notes that are to be tried again come back.
    fn tell(self, taken: Option<Taken>) -> Vec<Group> {
        for (batch, _) in &self.batches {
            if let Some(lane) = &batch.lane {
                lane.stored(batch.number.unsigned_abs(), taken.is_some(), &batch.entries);
            }
        }
        let (mut notes, mut stored) = (self.notes, self.stored);
        for group in self.groups {
            if let Some((lane, _)) = &group.sent {
                lane.deny(&group.entries);
            }
            if group.is_note() {
                notes.push(group);
            } else {
                stored.extend(group.stored);
            }
        }
        for caller in stored {
            drop(caller.send(taken.clone().ok_or_else(|| Error::Unavailable("the message log".into()))));
        }
        if taken.is_some() { Vec::new() } else { notes }
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
