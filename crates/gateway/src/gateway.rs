//! The gateway's parts, joined once; cheap to clone.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use platform::clock::{SECOND, Timestamp};
use platform::policy::{Action, On};
use platform::{Ctx, Platform, Result};
use seal::keys::{Ed25519Key, PublicKey, Signer};
use tokio::sync::watch;

use crate::application::Application;
use crate::body::Spool;
use crate::evidence::asking::Keeping;
use crate::federation;
use crate::log::Log;
use crate::log::batch::Root;
use crate::log::store;
use crate::looks::Looks;
use crate::places::DoorLimits;
use crate::protocol::fault::{Fault, Kind};
use crate::replay::{Seen, Stale};
use crate::roster::Roster;
use crate::serve::Door;
use crate::tls::Tls;
use crate::traffic::Traffic;
use crate::wire::beside::Beside;

/// How the gateway behaves, beside its roster.
#[derive(Debug, Clone)]
pub struct Limits {
    pub spool: Spool,
    /// A message may be older or younger than our clock by so many seconds.
    pub skew_seconds: i64,
    pub doors: DoorLimits,
}

/// The key that signs now; it may change while calls are under way.
#[derive(Clone)]
pub struct Key(Arc<RwLock<Arc<dyn Signer>>>);

impl Key {
    #[must_use]
    pub fn new(key: Ed25519Key) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(key))))
    }

    #[must_use]
    pub fn now(&self) -> Arc<dyn Signer> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, key: Ed25519Key) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }
}

/// What a gateway is made of.
pub struct Parts {
    pub roster: Roster,
    /// The key that this gateway signs with.
    pub key: Ed25519Key,
    pub limits: Limits,
    /// What this gateway shows to callers of a door and asks of them; a door that is not named is open without TLS.
    pub tls: HashMap<Door, Tls>,
    /// Applications of this program, by the names that the roster uses.
    pub applications: HashMap<String, Arc<dyn Application>>,
    /// Where looks at persons are written.
    pub looks: Arc<dyn Looks>,
}

struct Inner {
    platform: Platform,
    applications: HashMap<String, Arc<dyn Application>>,
    tls: HashMap<Door, Tls>,
    roster: RwLock<Arc<Roster>>,
    log: Log,
    key: Key,
    limits: Limits,
    traffic: Traffic,
    looks: Arc<dyn Looks>,
    keeping: Keeping,
    beside: Beside,
    /// True: the program ends. Lines of other gateways hold receivers until their calls are finished.
    stopping: watch::Sender<bool>,
    seen: Mutex<Seen>,
    roots: Mutex<HashMap<[u8; 32], (String, Root)>>,
}

#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

/// Roots whose signatures were checked; forgotten all at once when there are so many.
const ROOTS: usize = 4096;

impl Gateway {
    /// Begins to work. Requests that the log has from the last moments are remembered, so that a restart opens no door for
    /// a repetition.
    pub async fn open(platform: &Platform, parts: Parts) -> Result<Self> {
        let gateway = Self::new(platform, parts)?;
        let (now, skew) = (gateway.now(), gateway.0.limits.skew_seconds);
        let since = now - 2 * skew - 1;
        let grant = Ctx::system(platform, "gateway.seen").allow(Action::MessageRead, &On::PUBLIC)?;
        let requests =
            platform.db().read(grant, move |tx| store::list_requests_since(tx, Timestamp(since * SECOND))).await?;
        gateway.begin_keeping().await?;
        federation::recall(&gateway).await;
        let mut seen = gateway.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.recall((now, skew, since), &requests);
        drop(seen);
        Ok(gateway)
    }

    fn new(platform: &Platform, parts: Parts) -> Result<Self> {
        let key = Key::new(parts.key);
        Ok(Self(Arc::new(Inner {
            log: Log::open(platform, key.clone())?,
            platform: platform.clone(),
            roster: RwLock::new(Arc::new(parts.roster)),
            applications: parts.applications,
            tls: parts.tls,
            key,
            limits: parts.limits,
            traffic: Traffic::default(),
            looks: parts.looks,
            keeping: Keeping::default(),
            beside: Beside::default(),
            stopping: watch::Sender::new(false),
            seen: Mutex::default(),
            roots: Mutex::default(),
        })))
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    #[must_use]
    pub fn roster(&self) -> Arc<Roster> {
        Arc::clone(&self.0.roster.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another roster in place; calls under way end with the one they began with.
    pub fn set_roster(&self, roster: Roster) {
        *self.0.roster.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(roster);
    }

    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn looks(&self) -> &dyn Looks {
        &*self.0.looks
    }

    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.0.traffic
    }

    pub(crate) fn keeping(&self) -> &Keeping {
        &self.0.keeping
    }

    pub(crate) fn stopping(&self) -> &watch::Sender<bool> {
        &self.0.stopping
    }

    pub(crate) fn beside(&self) -> &Beside {
        &self.0.beside
    }

    pub(crate) fn log(&self) -> &Log {
        &self.0.log
    }

    /// The key that this gateway signs with now.
    #[must_use]
    pub fn key(&self) -> Arc<dyn Signer> {
        self.0.key.now()
    }

    /// Signs with another key from now on; `note_keys` ends the former one. The new public key must stand in the federation
    /// document before.
    pub fn set_key(&self, key: Ed25519Key) {
        self.0.key.set(key);
    }

    pub(crate) fn tls(&self, door: Door) -> Option<&Tls> {
        self.0.tls.get(&door)
    }

    /// Whether a certificate of ours is shown anywhere.
    #[must_use]
    pub fn has_certificates(&self) -> bool {
        !self.certificates().is_empty()
    }

    /// Every certificate of ours that is shown somewhere, once.
    pub(crate) fn certificates(&self) -> Vec<Tls> {
        let roster = self.roster();
        let mut all: Vec<Tls> = Vec::new();
        for tls in self.0.tls.values().chain(&roster.outbound().tls) {
            if !all.iter().any(|known| known.is(tls)) {
                all.push(tls.clone());
            }
        }
        all
    }

    pub(crate) fn application(&self, name: &str) -> Option<&Arc<dyn Application>> {
        self.0.applications.get(name)
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.0.platform.clock().now().0.div_euclid(1_000_000)
    }

    /// A new identifier in the form of a version 4 UUID (RFC 9562 §5.4).
    pub(crate) fn uuid() -> String {
        let mut bytes = platform::chance::bytes::<16>();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = seal::digest::to_hex(&bytes);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// Refuses a message that is too old, too young, or was here before.
    pub(crate) fn is_fresh(&self, request_id: &str, created: i64) -> std::result::Result<(), Fault> {
        let (now, skew) = (self.now(), self.0.limits.skew_seconds);
        let taken = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner).take(request_id, (created, now, skew));
        taken.map_err(|stale| match stale {
            Stale::Skewed(away) => Kind::SignatureVerification.says(format!(
                "the message was signed {away} s away from our clock, {skew} s are allowed; set the clocks and send again"
            )),
            Stale::Again => replayed(),
            Stale::Forgotten => Kind::Replayed.says(
                "the provider's clock was set back, so that it cannot tell whether this message was here before; \
                 send again later",
            ),
        })
    }

    /// Whether the key signed the root; asked once for each root.
    pub(crate) fn trusts(&self, root: &Root, key: &PublicKey, key_id: &str) -> bool {
        let roots = || self.0.roots.lock().unwrap_or_else(PoisonError::into_inner);
        if roots().get(&root.head.root).is_some_and(|(by, known)| by == key_id && known == root) {
            return true;
        }
        let good = root.verify(key);
        if good {
            let mut roots = roots();
            if roots.len() >= ROOTS {
                roots.clear();
            }
            roots.insert(root.head.root, (key_id.to_owned(), root.clone()));
        }
        good
    }
}

/// The fault of a message that was here before.
pub(crate) fn replayed() -> Fault {
    Kind::Replayed.says("this message was here before; a repetition needs a new request number")
}
