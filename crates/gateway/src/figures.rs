//! Figures of operation for Prometheus: calls, times and bytes by side, client, service and outcome, since this process
//! began. They are told when they are written down, never while a call is under way.
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use platform::Result;
use platform::metrics::{IntCounterVec, Metrics};

use crate::traffic::{Counts, Key};

/// Keys that are told apart. Services that nobody could be asked about, as their gateway is away, and codes that another
/// gateway invents have no other bound; what comes after is counted together.
const KEYS: usize = 10_000;

pub(crate) struct Figures {
    calls: IntCounterVec,
    microseconds: IntCounterVec,
    bytes: IntCounterVec,
    known: Mutex<HashSet<Key>>,
}

impl Figures {
    pub fn new(metrics: &Metrics) -> Result<Self> {
        let family = |name: &str, help: &str, more: &[&str]| {
            let labels = ["side", "client", "service", "outcome"];
            metrics.counters(&format!("tongban_gateway_{name}_total"), help, &[&labels, more].concat())
        };
        Ok(Self {
            calls: family("calls", "Calls through the gateway; outcome: HTTP status, or code of the fault", &[])?,
            microseconds: family(
                "microseconds",
                "Of them; part: total, before (until sent on), inner (at the other gateway or in the application)",
                &["part"],
            )?,
            bytes: family("bytes", "Of their bodies; body: request, answer", &["body"])?,
            known: Mutex::default(),
        })
    }

    pub fn add(&self, counts: &HashMap<Key, Counts>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, counts) in counts {
            let told = known.contains(key) || known.len() < KEYS && known.insert(key.clone());
            let [client, service, outcome] =
                [&key.client, &key.service, &key.outcome].map(|name| if told { name.as_str() } else { "-" });
            let labels = [key.side.name(), client, service, outcome];
            let of = |family: &IntCounterVec, more: &[&str], count: u64| {
                family.with_label_values(&[&labels, more].concat()).inc_by(count);
            };
            of(&self.calls, &[], counts.calls);
            of(&self.microseconds, &["total"], counts.total);
            of(&self.microseconds, &["before"], counts.before);
            of(&self.microseconds, &["inner"], counts.inner);
            of(&self.bytes, &["request"], counts.request_bytes);
            of(&self.bytes, &["answer"], counts.answer_bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::entry::Side;

    #[test]
    fn names_are_bounded_and_every_call_is_counted() {
        let metrics = Metrics::new().unwrap();
        let figures = Figures::new(&metrics).unwrap();
        let key = |n: usize| Key {
            side: Side::Consumer,
            client: "NP/GOV/1/a".into(),
            service: format!("NP/GOV/2/b/{n}"),
            outcome: "200".into(),
        };
        let one = Counts { calls: 1, ..Counts::default() };
        for n in 0..KEYS + 2 {
            figures.add(&HashMap::from([(key(n), one.clone())]));
        }
        figures.add(&HashMap::from([(key(0), one)]));
        let told = metrics.render().unwrap();
        let calls: Vec<&str> = told.lines().filter(|line| line.starts_with("tongban_gateway_calls_total{")).collect();
        assert_eq!(calls.len(), KEYS + 1);
        let has = |words: &str, end: &str| calls.iter().any(|line| line.contains(words) && line.ends_with(end));
        assert!(has("service=\"NP/GOV/2/b/0\"", "} 2"));
        assert!(has("client=\"-\",outcome=\"-\",service=\"-\"", "} 2"));
        // A second gateway of one process counts on.
        Figures::new(&metrics).unwrap().add(&HashMap::from([(key(1), Counts { calls: 5, ..Counts::default() })]));
        assert!(metrics.render().unwrap().lines().any(|line| line.contains("/b/1\"") && line.ends_with("} 6")));
    }
}
