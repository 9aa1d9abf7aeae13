//! Figures for Prometheus: requests by route, jobs by kind, size of the audit log, and those of the features.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use prometheus::core::Collector;
use prometheus::{Encoder, HistogramOpts, HistogramVec, Opts, Registry, TextEncoder};
pub use prometheus::{IntCounterVec, IntGauge, IntGaugeVec};

use crate::error::{Error, Result};

pub struct Metrics {
    registry: Registry,
    pub requests: IntCounterVec,
    pub seconds: HistogramVec,
    pub jobs: IntCounterVec,
    pub log_size: IntGauge,
    /// Of features, by name.
    counters: Mutex<HashMap<String, IntCounterVec>>,
    gauges: Mutex<HashMap<String, IntGaugeVec>>,
    looks: Mutex<Vec<Box<dyn Fn() + Send>>>,
}

impl Metrics {
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let make = |e: prometheus::Error| Error::Internal(format!("metrics: {e}"));
        let requests = Opts::new("tongban_requests_total", "Requests answered, by route, method and status");
        let requests = IntCounterVec::new(requests, &["route", "method", "status"]).map_err(make)?;
        let seconds = HistogramOpts::new("tongban_request_seconds", "Seconds until the answer, by route")
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]);
        let seconds = HistogramVec::new(seconds, &["route"]).map_err(make)?;
        let jobs = Opts::new("tongban_jobs_total", "Jobs run, by kind and outcome");
        let jobs = IntCounterVec::new(jobs, &["kind", "outcome"]).map_err(make)?;
        let log_size = IntGauge::new("tongban_audit_log_size", "Sealed rows of the audit log").map_err(make)?;
        registry.register(Box::new(requests.clone())).map_err(make)?;
        registry.register(Box::new(seconds.clone())).map_err(make)?;
        registry.register(Box::new(jobs.clone())).map_err(make)?;
        registry.register(Box::new(log_size.clone())).map_err(make)?;
        let (counters, gauges, looks) = (Mutex::default(), Mutex::default(), Mutex::default());
        Ok(Self { registry, requests, seconds, jobs, log_size, counters, gauges, looks })
    }

    /// A figure of a feature.
    pub fn gauge(&self, name: &str, help: &str) -> Result<IntGauge> {
        let make = |e: prometheus::Error| Error::Internal(format!("metrics: {e}"));
        let gauge = IntGauge::new(name, help).map_err(make)?;
        self.registry.register(Box::new(gauge.clone())).map_err(make)?;
        Ok(gauge)
    }

    /// A figure of a feature that only grows, one for each set of labels. Whoever asks for the same name gets the same one.
    pub fn counters(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec> {
        let made = IntCounterVec::new(Opts::new(name, help), labels);
        self.once(&self.counters, (name, made))
    }

    /// A figure of a feature that rises and falls, one for each set of labels; as `counters`.
    pub fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec> {
        let made = IntGaugeVec::new(Opts::new(name, help), labels);
        self.once(&self.gauges, (name, made))
    }

    fn once<T: Collector + Clone + 'static>(
        &self,
        known: &Mutex<HashMap<String, T>>,
        (name, made): (&str, prometheus::Result<T>),
    ) -> Result<T> {
        let make = |e: prometheus::Error| Error::Internal(format!("metrics: {e}"));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(name) {
            return Ok(known.clone());
        }
        let made = made.map_err(make)?;
        self.registry.register(Box::new(made.clone())).map_err(make)?;
        known.insert(name.to_owned(), made.clone());
        Ok(made)
    }

    /// Is done each time before the figures are read: for those that somebody else keeps. It must be quick.
    pub fn look(&self, look: impl Fn() + Send + 'static) {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(look));
    }

    /// The text format of Prometheus.
    pub fn render(&self) -> Result<String> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|look| look());
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out).map_err(Error::internal)?;
        String::from_utf8(out).map_err(Error::internal)
    }
}
