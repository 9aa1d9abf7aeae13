//! One line of the message log: who asked whom for what and when, and the hash that binds it to the message.
//! Without the message itself: that is kept only where policy says.
use std::sync::Arc;

use super::Signed;
use crate::keep::Sealed;
use crate::protocol::fault::Fault;
use crate::protocol::hash::sha512;
use crate::protocol::head::Head;
use crate::wire::sign::Covered;

/// Which part of a call an entry speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Request,
    Answer,
}

/// On which side of the exchange it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Consumer,
    Provider,
    /// One gateway serves both.
    Both,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Consumer, Self::Provider, Self::Both];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Provider => "provider",
            Self::Both => "both",
        }
    }
}

/// Who asks whom for what: every line about a call says the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// A UUID.
    pub request_id: String,
    pub message_id: String,
    /// As our roster writes it.
    pub client: String,
    pub service: String,
    pub verb: String,
    /// `X-Road-UserId`, `X-Road-Issue`, `X-Road-Represented-Party`; empty when not given.
    pub user: String,
    pub issue: String,
    pub represented: String,
}

impl Names {
    /// Of a request with this head. `client`, `service`: as our roster writes them; `id`: the request's number and the
    /// message's.
    #[must_use]
    pub fn of(
        head: &Head,
        (client, service): (String, String),
        (request_id, message_id): (String, String),
    ) -> Arc<Self> {
        let text = |name: &str| head.last(name).unwrap_or_default().to_owned();
        Arc::new(Self {
            request_id,
            message_id,
            client,
            service,
            verb: head.first().to_owned(),
            user: text("x-road-userid"),
            issue: text("x-road-issue"),
            represented: text("x-road-represented-party"),
        })
    }
}

/// Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub part: Part,
    pub side: Side,
    /// Seconds since 1970, as our own signature says; set by the log.
    pub created: i64,
    pub names: Arc<Names>,
    /// SHA-512 (see `protocol::hash`).
    pub hash: [u8; 64],
    /// Bytes of the body.
    pub size: u64,
    /// Of an answer.
    pub status: Option<u16>,
    /// The code of the fault that ended the call; empty when the application answered.
    pub fault: String,
    /// What the other gateway signed of this part.
    pub peer: Option<Signed>,
    /// The message itself, sealed, where policy keeps it; never part of the batch.
    pub kept: Option<Sealed>,
}

impl Entry {
    /// The line that ends a call without an answer; the hash is that of the fault's words.
    #[must_use]
    pub fn failed(self, fault: &Fault) -> Self {
        let hash = sha512(fault.message.as_bytes());
        Self {
            part: Part::Answer,
            hash,
            size: 0,
            status: None,
            fault: fault.code.to_string(),
            peer: None,
            kept: None,
            ..self
        }
    }

    /// What our signature over the entry's part of the call covers.
    #[must_use]
    pub fn covered<'a>(&'a self, key: &'a str) -> Covered<'a> {
        Covered { part: self.part, request_id: &self.names.request_id, hash: &self.hash, created: self.created, key }
    }
}
