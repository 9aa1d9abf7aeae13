//! How a source has been doing since the program started: what a page or an alarm shows.
use platform::clock::Timestamp;

use crate::breaker::State;
use crate::document::SystemKind;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Key of the resource.
    pub resource: String,
    pub kind: SystemKind,
    pub circuit: State,
    pub last_ok: Option<Timestamp>,
    pub last_failure: Option<Failure>,
    pub consecutive_failures: u64,
    pub figures: Figures,
    /// A file that was left aside, and why.
    pub remark: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub at: Timestamp,
    /// `SourceError::code`.
    pub code: &'static str,
    /// For operators, without anything about a subject.
    pub text: String,
}

/// Counts since the start. Times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Questions, whether the source, the memory or the open circuit answered.
    pub questions: u64,
    pub from_memory: u64,
    /// Attempts at the source, repetitions included.
    pub calls: u64,
    pub failures: u64,
    pub last_micros: u64,
    pub longest_micros: u64,
    pub total_micros: u64,
}

/// What changes; the rest is known from the document.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub last_ok: Option<Timestamp>,
    pub last_failure: Option<Failure>,
    pub consecutive: u64,
    pub figures: Figures,
}

impl Record {
    pub(crate) fn took(&mut self, micros: u64) {
        self.figures.calls += 1;
        self.figures.last_micros = micros;
        self.figures.longest_micros = self.figures.longest_micros.max(micros);
        self.figures.total_micros += micros;
    }

    pub(crate) fn succeeded(&mut self, at: Timestamp) {
        self.last_ok = Some(at);
        self.consecutive = 0;
    }

    pub(crate) fn failed(&mut self, failure: Failure) {
        self.last_failure = Some(failure);
        self.consecutive += 1;
        self.figures.failures += 1;
    }
}
