//! A request and its answer on their way through the gateways.
use std::time::Duration;

use crate::body::Taken;
use crate::protocol::address::Address;
use crate::protocol::hash::Hash512;
use crate::protocol::head::ReadHead;

/// A request that came whole: its canonical head, its body, and what was read from both.
#[derive(Debug)]
pub struct Asked {
    pub head: Vec<u8>,
    pub body: Taken,
    pub hash: Hash512,
    pub verb: String,
    pub address: Address,
    /// The client's identifier as our roster writes it.
    pub client: String,
    pub request_id: String,
    pub message_id: String,
}

impl Asked {
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let read = ReadHead::parse(&self.head);
        read.and_then(|head| head.last(name).map(str::to_owned)).unwrap_or_default()
    }
}

/// An answer as the provider's application gave it, with the exchange's own headers.
#[derive(Debug)]
pub struct Answered {
    pub head: Vec<u8>,
    pub body: Taken,
    pub hash: Hash512,
    pub status: u16,
    /// How long the application, or the other gateway, took.
    pub took: Duration,
}
