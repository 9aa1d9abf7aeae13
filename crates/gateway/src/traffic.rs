//! Figures of operation (the fields of X-Road's operational monitoring that a person reads): calls, outcomes, times, bytes,
//! by hour, side, client, service and outcome. Counted in memory, added to the table every minute.
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use platform::audit::Entry as AuditEntry;
use platform::clock::{HOUR, SECOND, Timestamp};
use platform::policy::{Action, On};
use platform::{Ctx, Platform, Result};
use tokio::sync::watch;

use crate::figures::Figures;
use crate::gateway::Gateway;
use crate::log::entry::Side;
use crate::log::store::forget_requests;
use crate::store;

const FLUSH: Duration = Duration::from_secs(60);
/// Upper ends of the ranges of time that calls are counted in, in microseconds; the last range has no end.
pub const RANGES: [u64; 7] = [1_000, 2_000, 5_000, 20_000, 100_000, 1_000_000, 10_000_000];

/// What calls are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub side: Side,
    /// `-`: no registered client.
    pub client: String,
    /// `-`: no service was named.
    pub service: String,
    /// HTTP status of the application, or code of the fault.
    pub outcome: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub calls: u64,
    /// Microseconds from the request's arrival to the answer's departure, together.
    pub total: u64,
    /// Of these, until it was sent on to the other gateway or to the application; 0: it was not, or no answer came.
    pub before: u64,
    /// Then, at the other gateway or in the application; the rest is ours.
    pub inner: u64,
    pub longest: u64,
    pub request_bytes: u64,
    pub answer_bytes: u64,
    pub ranges: [u64; RANGES.len() + 1],
}

/// One call that is over.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taken {
    pub total: Duration,
    /// Until it was sent on.
    pub before: Duration,
    pub inner: Duration,
    pub request_bytes: u64,
    pub answer_bytes: u64,
}

impl Counts {
    fn add(&mut self, taken: Taken) {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let total = micros(taken.total);
        self.calls += 1;
        self.total += total;
        self.before += micros(taken.before);
        self.inner += micros(taken.inner);
        self.longest = self.longest.max(total);
        self.request_bytes += taken.request_bytes;
        self.answer_bytes += taken.answer_bytes;
        self.ranges[RANGES.partition_point(|end| *end < total)] += 1;
    }

    /// The end of the range of time within which this share of the calls was answered, in microseconds; None: the last
    /// range, or no call.
    #[must_use]
    pub fn within(&self, share: f64) -> Option<u64> {
        let wanted = (self.calls as f64 * share).ceil() as u64;
        let mut seen = 0;
        let at = self.ranges.iter().position(|count| {
            seen += count;
            seen >= wanted && seen > 0
        });
        at.and_then(|at| RANGES.get(at)).copied()
    }

    pub fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.total += other.total;
        self.before += other.before;
        self.inner += other.inner;
        self.longest = self.longest.max(other.longest);
        self.request_bytes += other.request_bytes;
        self.answer_bytes += other.answer_bytes;
        self.ranges.iter_mut().zip(other.ranges).for_each(|(own, more)| *own += more);
    }
}

/// Counts since they were last written down.
#[derive(Default)]
pub struct Traffic {
    counts: Mutex<HashMap<Key, Counts>>,
    /// None: there are none for Prometheus; the log says why.
    figures: OnceLock<Option<Figures>>,
}

impl Traffic {
    pub fn note(&self, key: Key, taken: Taken) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().add(taken);
    }

    fn take(&self) -> HashMap<Key, Counts> {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, counts: &HashMap<Key, Counts>) {
        let mut own = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().for_each(|(key, counts)| own.entry(key.clone()).or_default().merge(counts));
    }

    fn tell(&self, platform: &Platform, counts: &HashMap<Key, Counts>) {
        let figures = self.figures.get_or_init(|| {
            let made = Figures::new(platform.metrics());
            made.map_err(|error| tracing::error!(%error, "the gateway has no figures for Prometheus")).ok()
        });
        if let Some(figures) = figures {
            figures.add(counts);
        }
    }
}

/// Writes the counts down every minute and once more at the end.
pub async fn keep(gateway: Gateway, mut stop: watch::Receiver<bool>) {
    loop {
        let ended = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(FLUSH) => false,
        };
        if let Err(error) = flush(&gateway).await {
            tracing::warn!(%error, "the gateway's figures could not be written down now");
        }
        if ended {
            return;
        }
    }
}

/// Adds what was counted to the table; what cannot be written is counted on.
pub async fn flush(gateway: &Gateway) -> Result<()> {
    let counts = gateway.traffic().take();
    if counts.is_empty() {
        return Ok(());
    }
    let old = Timestamp((gateway.now() - 4 * gateway.limits().skew_seconds - 2) * SECOND);
    let written = write(gateway.platform(), (counts.clone(), old)).await;
    match &written {
        Ok(()) => gateway.traffic().tell(gateway.platform(), &counts),
        Err(_) => gateway.traffic().put_back(&counts),
    }
    written
}

/// `old`: requests of before cannot come again.
async fn write(platform: &Platform, (counts, old): (HashMap<Key, Counts>, Timestamp)) -> Result<()> {
    let grant = Ctx::system(platform, "gateway.traffic").allow(Action::MessageLog, &On::PUBLIC)?;
    platform
        .db()
        .write(grant, move |tx| {
            let hour = tx.now().0.div_euclid(HOUR) * HOUR;
            for (key, counts) in &counts {
                store::add_traffic(tx, hour, (key, counts))?;
            }
            forget_requests(tx, old)?;
            tx.audited(AuditEntry { event: "traffic.counted", object: "gateway", ..AuditEntry::default() }, ())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_know_their_ranges() {
        let mut counts = Counts::default();
        for millis in [0, 1, 3, 3, 3, 30, 20_000] {
            counts.add(Taken { total: Duration::from_millis(millis), ..Taken::default() });
        }
        assert_eq!((counts.calls, counts.longest), (7, 20_000_000));
        assert_eq!(counts.ranges, [2, 0, 3, 0, 1, 0, 0, 1]);
        assert_eq!((counts.within(0.5), counts.within(0.8), counts.within(1.0)), (Some(5_000), Some(100_000), None));
        let mut twice = counts.clone();
        twice.merge(&counts);
        assert_eq!((twice.calls, twice.ranges[2], twice.longest), (14, 6, 20_000_000));
        assert_eq!(Counts::default().within(0.5), None);
    }
}
