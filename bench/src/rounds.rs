//! Sixty-four callers at once, each with one thing in hand; what a round of that took.
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Result;
use crate::machine;

pub const CALLERS: usize = 64;

/// A round that is over.
pub struct Round {
    /// Done in a second.
    pub rate: f64,
    /// CPU time of this process for one, in microseconds.
    pub cpu: f64,
    /// How long a caller waited, sorted.
    waits: Vec<Duration>,
}

impl Round {
    pub fn new(mut waits: Vec<Duration>, (wall, cpu): (Duration, Duration)) -> Self {
        waits.sort_unstable();
        let count = waits.len().max(1) as f64;
        Self { rate: count / wall.as_secs_f64(), cpu: cpu.as_secs_f64() * 1e6 / count, waits }
    }

    /// Milliseconds within which this share of the callers was answered.
    pub fn wait(&self, share: f64) -> f64 {
        let at = (self.waits.len() as f64 * share) as usize;
        self.waits.get(at.min(self.waits.len().saturating_sub(1))).map_or(0.0, |wait| wait.as_secs_f64() * 1e3)
    }
}

/// Hands the numbers of a span to the callers until none is left.
pub async fn run<W, F>(span: Range<usize>, work: W) -> Result<Round>
where
    W: Fn(usize) -> F + Clone + Send + 'static,
    F: Future<Output = Result<()>> + Send,
{
    let (next, end) = (Arc::new(AtomicUsize::new(span.start)), span.end);
    let (started, cpu) = (Instant::now(), machine::cpu());
    let callers = (0..CALLERS).map(|_| {
        let (next, work) = (Arc::clone(&next), work.clone());
        tokio::spawn(async move {
            let mut waits = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok::<_, Box<dyn std::error::Error + Send + Sync>>(waits);
                }
                let begun = Instant::now();
                work(number).await?;
                waits.push(begun.elapsed());
            }
        })
    });
    let callers: Vec<_> = callers.collect();
    let mut waits = Vec::with_capacity(span.len());
    for caller in callers {
        waits.extend(caller.await??);
    }
    Ok(Round::new(waits, (started.elapsed(), machine::cpu() - cpu)))
}

pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

/// As `1,234 5,678`: every round, so that nobody needs to trust a median.
pub fn listed(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(|value| format!("{value:.0}")).collect::<Vec<_>>().join(" ")
}

/// The runtime as the program has it: a worker for each core.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_middle_of_even_and_odd_counts() {
        assert!((super::median([3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((super::median([4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    }
}
