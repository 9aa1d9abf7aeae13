//! A request and its answer on their way through the gateways.
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::body::Taken;
use crate::log::entry::{Entry, Names, Part, Side};
use crate::protocol::address::Address;
use crate::protocol::hash::Hash512;
use crate::protocol::head::Head;

/// A request: its canonical head, its body, and what was read from both.
#[derive(Debug)]
pub struct Asked {
    pub head: Head,
    pub body: Taken,
    pub hash: Hash512,
    pub address: Address,
    pub names: Arc<Names>,
}

impl Asked {
    /// The log's line about the request; `size`: bytes of its body.
    #[must_use]
    pub fn entry(&self, side: Side, size: u64) -> Entry {
        Entry {
            part: Part::Request,
            side,
            created: 0,
            names: Arc::clone(&self.names),
            hash: self.hash,
            size,
            status: None,
            fault: String::new(),
            peer: None,
            kept: None,
        }
    }
}

/// An answer as the provider's application gave it, with the exchange's own headers.
#[derive(Debug)]
pub struct Answered {
    pub head: Head,
    pub body: Taken,
    pub hash: Hash512,
    pub status: u16,
    /// When the request was sent on; None: nobody else was asked.
    pub sent: Option<Instant>,
    /// How long, from then, the application, or the other gateway, took.
    pub took: Duration,
}

impl Answered {
    /// How long it took, from an instant, until the request was sent on.
    #[must_use]
    pub fn before(&self, begun: Instant) -> Duration {
        self.sent.map_or(Duration::ZERO, |sent| sent.saturating_duration_since(begun))
    }

    /// The log's line about the answer to a request.
    #[must_use]
    pub fn entry(&self, request: Entry) -> Entry {
        Entry {
            part: Part::Answer,
            hash: self.hash,
            size: self.body.size,
            status: Some(self.status),
            peer: None,
            kept: None,
            ..request
        }
    }
}
