//! Figures for Prometheus: requests by route, jobs by kind, size of the audit log.
pub use prometheus::IntGauge;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::error::{Error, Result};

pub struct Metrics {
    registry: Registry,
    pub requests: IntCounterVec,
    pub seconds: HistogramVec,
    pub jobs: IntCounterVec,
    pub log_size: IntGauge,
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
        Ok(Self { registry, requests, seconds, jobs, log_size })
    }

    /// A figure of a feature.
    pub fn gauge(&self, name: &str, help: &str) -> Result<IntGauge> {
        let make = |e: prometheus::Error| Error::Internal(format!("metrics: {e}"));
        let gauge = IntGauge::new(name, help).map_err(make)?;
        self.registry.register(Box::new(gauge.clone())).map_err(make)?;
        Ok(gauge)
    }

    /// The text format of Prometheus.
    pub fn render(&self) -> Result<String> {
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out).map_err(Error::internal)?;
        String::from_utf8(out).map_err(Error::internal)
    }
}
