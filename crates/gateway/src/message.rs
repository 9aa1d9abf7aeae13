//! A request and its answer on their way through the gateways.
use std::time::Duration;

use bytes::Bytes;

use crate::body::Taken;
use crate::log::entry::{Entry, Part, Side};
use crate::protocol::address::Address;
use crate::protocol::hash::Hash512;
use crate::protocol::head::ReadHead;

/// A request: its canonical head, its body, and what was read from both.
#[derive(Debug)]
pub struct Asked {
    pub head: Bytes,
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

    /// The log's line about the request; `size`: bytes of its body.
    #[must_use]
    pub fn entry(&self, side: Side, size: u64) -> Entry {
        let head = ReadHead::parse(&self.head);
        let text = |name: &str| head.as_ref().and_then(|head| head.last(name)).unwrap_or_default().to_owned();
        Entry {
            part: Part::Request,
            side,
            created: 0,
            request_id: self.request_id.clone(),
            message_id: self.message_id.clone(),
            client: self.client.clone(),
            service: self.address.service.to_string(),
            verb: self.verb.clone(),
            hash: self.hash,
            size,
            status: None,
            fault: String::new(),
            user: text("x-road-userid"),
            issue: text("x-road-issue"),
            represented: text("x-road-represented-party"),
            peer: None,
            kept: None,
        }
    }
}

/// An answer as the provider's application gave it, with the exchange's own headers.
#[derive(Debug)]
pub struct Answered {
    pub head: Bytes,
    pub body: Taken,
    pub hash: Hash512,
    pub status: u16,
    /// How long the application, or the other gateway, took.
    pub took: Duration,
}

impl Answered {
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
