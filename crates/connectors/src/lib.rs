//! Facts from departments' own systems and from other regions: databases, web services, dropped files and services behind
//! gateways, each configured by a document.
//!
//! Tables: none. Nothing of an answer is kept but in memory, within the freshness that the document declares.
//!
//! Invariants: a source is only read, with the one question of its document; a web service is reached at the configured
//! host alone; an answer about somebody else never leaves; every answer is bounded in time and size; errors name the
//! source's fault and never the subject.
//!
//! Start at `document` (what is configured), then `source` (how a question goes), then the kind of system.
mod address;
mod breaker;
mod cache;
mod document;
mod error;
mod health;
mod http;
mod mapping;
mod mysql;
mod peer;
mod postgres;
mod postgres_tls;
mod reach;
mod rest;
mod settings;
mod soap;
mod source;
mod sql;
mod sqlite;
mod surroundings;
mod systems;
mod table;
mod template;
mod tls;
mod values;
mod xml;

pub use breaker::State as Circuit;
pub use document::{Document, SystemKind, WithoutAddress, line_of};
pub use error::SourceError;
pub use health::{Failure, Figures, Health};
pub use mapping::{Answer, Asked, Matter, SubjectKind};
pub use peer::{Elsewhere, NoPeers, PeerCall, PeerCalling, PeerReply, Peers};
pub use settings::FieldMap;
pub use source::Source;
pub use surroundings::Surroundings;
