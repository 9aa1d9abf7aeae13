//! One source: memory, circuit breaker, time limit, repetition, the call, and the answer in our words.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use platform::clock::Clock;
use serde_json::Value;

use crate::breaker::Breaker;
use crate::cache::Cache;
use crate::document::{Document, SystemKind};
use crate::error::{Answered, SourceError};
use crate::health::{Failure, Health, Record};
use crate::mapping::{Answer, Asked, Mapping, Matter, normal};
use crate::peer::{Elsewhere, NoPeers, Peers};
use crate::reach::Reach;
use crate::surroundings::Surroundings;
use crate::systems;

/// Opened from a document; asked from many tasks at once.
pub struct Source {
    resource: String,
    kind: SystemKind,
    elsewhere: Option<Elsewhere>,
    clock: Clock,
    reach: Box<dyn Reach>,
    mapping: Mapping,
    patience: Patience,
    breaker: Mutex<Breaker>,
    cache: Mutex<Cache>,
    record: Mutex<Record>,
}

#[derive(Debug, Clone, Copy)]
struct Patience {
    timeout: Duration,
    retries: u32,
    delay: Duration,
}

impl Source {
    /// Makes it ready; no system is called yet.
    ///
    /// # Errors
    /// A sentence that names the resource: a secret or address is missing, a certificate cannot be read.
    pub fn open(document: &Document, around: &Surroundings, clock: Clock) -> Result<Self, String> {
        Self::open_among(document, (around, Arc::new(NoPeers)), clock)
    }

    /// As `open`, with a way to other regions.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_among(
        document: &Document,
        (around, peers): (&Surroundings, Arc<dyn Peers>),
        clock: Clock,
    ) -> Result<Self, String> {
        let named = |why: String| format!("connector of {}: {why}", document.resource);
        let patience = Patience {
            timeout: Duration::from_millis(document.timeout_ms),
            retries: document.retries,
            delay: Duration::from_millis(document.retry_delay_ms),
        };
        Ok(Self {
            resource: document.resource.clone(),
            kind: document.kind(),
            elsewhere: document.peer.as_ref().and_then(|peer| Elsewhere::of(peer, around)),
            reach: systems::open(document, (around, peers), &clock).map_err(named)?,
            mapping: Mapping::of(document).map_err(named)?,
            patience,
            breaker: Mutex::new(Breaker::new(document.breaker)),
            cache: Mutex::new(Cache::new(document.cache)),
            record: Mutex::default(),
            clock,
        })
    }

    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The office of another region that answers; None: the resource's own provider.
    #[must_use]
    pub fn elsewhere(&self) -> Option<&Elsewhere> {
        self.elsewhere.as_ref()
    }

    /// Asks about one subject. None: the source holds nothing about it.
    pub async fn ask(&self, asked: &Asked<'_>) -> Answered<Option<Answer>> {
        self.ask_in(asked, &Matter::NONE).await
    }

    /// As `ask`, and says what for to systems that want to know.
    pub async fn ask_in(&self, asked: &Asked<'_>, matter: &Matter<'_>) -> Answered<Option<Answer>> {
        lock(&self.record).figures.questions += 1;
        // The number goes into questions to others: only a true one does.
        if normal(asked.kind, asked.number, asked.today).as_deref() != Some(asked.number) {
            return Err(SourceError::Refused("the number asked for is none of its kind".into()));
        }
        let now = self.clock.now();
        let name = self.reach.memory(asked.number, matter);
        if let Some(known) = lock(&self.cache).get(&name, now) {
            lock(&self.record).figures.from_memory += 1;
            return Ok(known);
        }
        let answered = self.insist(asked, matter).await;
        match &answered {
            Ok(answer) => {
                lock(&self.record).succeeded(self.clock.now());
                lock(&self.cache).put(&name, answer.clone(), now);
            }
            Err(error) => {
                let failure = Failure { at: self.clock.now(), code: error.code(), text: error.to_string() };
                lock(&self.record).failed(failure);
            }
        }
        answered
    }

    /// Calls again while that may help, with growing delay.
    async fn insist(&self, asked: &Asked<'_>, matter: &Matter<'_>) -> Answered<Option<Answer>> {
        let retries = if self.reach.is_repeatable() { self.patience.retries } else { 0 };
        let mut delay = self.patience.delay;
        for _ in 0..retries {
            match self.attempt(asked, matter).await {
                Err(error) if error.is_passing() && !matches!(error, SourceError::Resting(_)) => {
                    tracing::debug!(source = self.resource, %error, "asked again");
                }
                answered => return answered,
            }
            tokio::time::sleep(delay).await;
            delay = delay.saturating_mul(2);
        }
        self.attempt(asked, matter).await
    }

    async fn attempt(&self, asked: &Asked<'_>, matter: &Matter<'_>) -> Answered<Option<Answer>> {
        lock(&self.breaker).admit(self.clock.now()).map_err(SourceError::Resting)?;
        let started = Instant::now();
        let limit = self.patience.timeout;
        let late = |_| Err(SourceError::Timeout(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX)));
        let found = tokio::time::timeout(limit, self.reach.ask_in(asked.number, matter)).await.unwrap_or_else(late);
        lock(&self.record).took(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
        match &found {
            Err(error) if error.is_passing() => lock(&self.breaker).failed(self.clock.now()),
            // A source that answers wrongly is reached all the same.
            _ => lock(&self.breaker).succeeded(),
        }
        found?.as_ref().map(|record: &Value| self.mapping.apply(asked, record)).transpose()
    }

    #[must_use]
    pub fn health(&self) -> Health {
        let record = lock(&self.record);
        Health {
            resource: self.resource.clone(),
            kind: self.kind,
            circuit: lock(&self.breaker).state(),
            last_ok: record.last_ok,
            last_failure: record.last_failure.clone(),
            consecutive_failures: record.consecutive,
            figures: record.figures,
            remark: self.reach.remark(),
        }
    }
}

/// What the locks guard is whole after each statement, so a panic elsewhere leaves nothing half-done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
