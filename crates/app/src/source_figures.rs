//! Health of the departments' systems for Prometheus, looked up each time that the figures are read.
use std::sync::Arc;

use connectors::{Circuit, Health};
use exchange::Exchange;
use platform::Platform;
use platform::clock::SECOND;
use platform::error::Result;
use platform::metrics::{IntCounterVec, IntGaugeVec};

struct Figures {
    open: IntGaugeVec,
    in_a_row: IntGaugeVec,
    last_ok: IntGaugeVec,
    calls: IntCounterVec,
    failures: IntCounterVec,
}

/// Has `/metrics` tell the health of every source, as long as somebody holds the exchange.
pub fn tell(platform: &Platform, exchange: &Arc<Exchange>) -> Result<()> {
    let figures = Figures::new(platform)?;
    let exchange = Arc::downgrade(exchange);
    platform.metrics().look(move || {
        let sources = exchange.upgrade().map(|exchange| exchange.health()).unwrap_or_default();
        sources.iter().for_each(|health| figures.tell(health));
    });
    Ok(())
}

impl Figures {
    fn new(platform: &Platform) -> Result<Self> {
        let (metrics, labels) = (platform.metrics(), ["resource", "kind"].as_slice());
        let gauges = |name: &str, help: &str| metrics.gauges(&format!("tongban_connector_{name}"), help, labels);
        let counters = |name: &str, help: &str| metrics.counters(&format!("tongban_connector_{name}"), help, labels);
        Ok(Self {
            open: gauges("circuit_open", "1: the department's system is left in peace, or tried again with one call")?,
            in_a_row: gauges("failures_in_a_row", "Failures since its last answer")?,
            last_ok: gauges("last_ok_timestamp_seconds", "Its last answer since the start; 0: none")?,
            calls: counters("calls_total", "Attempts at it, repetitions included")?,
            failures: counters("failures_total", "Attempts that brought no answer that can be used")?,
        })
    }

    fn tell(&self, health: &Health) {
        let labels = [health.resource.as_str(), health.kind.name()];
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let last = health.last_ok.map_or(0, |at| at.0.div_euclid(SECOND));
        self.open.with_label_values(&labels).set((health.circuit != Circuit::Closed).into());
        self.in_a_row.with_label_values(&labels).set(whole(health.consecutive_failures));
        self.last_ok.with_label_values(&labels).set(last);
        for (family, count) in [(&self.calls, health.figures.calls), (&self.failures, health.figures.failures)] {
            let counter = family.with_label_values(&labels);
            counter.inc_by(count.saturating_sub(counter.get()));
        }
    }
}
