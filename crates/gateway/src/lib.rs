//! The gateway: signed and logged calls between information systems, in X-Road's REST protocol on both sides.
//!
//! Tables: `gateway_batch` (the message log, as it was signed), `gateway_segment` and `gateway_index`
//! (which batches hold the lines of a message),
//! `gateway_federation` (the last good federation document), `gateway_traffic` (figures of operation), `gateway_key` (public
//! keys with their times), `gateway_body` and `gateway_piece` (messages kept whole), `gateway_archive` (segments of the archive files),
//! `gateway_stamp` and `gateway_stamped` (time-stamps of the log), `gateway_seen` (requests of the last minutes, when several
//! processes share a database).
//!
//! Invariants: no answer is told before its lines in the log are durable; no path has a second form; nothing that is not
//! granted is called; a body never lies in memory whole when it is large.
//!
//! Start at `serve`, then `consumer`, `wire` and `provider`: the way of a call. `protocol` is pure.
pub mod application;
pub mod archive;
pub mod arrivals;
mod arriving;
pub mod aside;
pub mod authority;
pub mod body;
pub mod consumer;
pub mod evidence;
pub mod federation;
mod fetch;
mod figures;
mod gateway;
pub mod index;
pub mod inside;
pub mod keep;
pub mod log;
pub mod looks;
mod message;
mod meta;
mod patience;
mod places;
pub mod pool;
pub mod protocol;
mod provider;
pub mod renewal;
mod replay;
pub mod roster;
mod serve;
mod spooled;
pub mod stamp;
pub mod store;
pub mod store_archive;
pub mod store_evidence;
mod store_index;
pub mod store_piece;
mod tap;
pub mod tls;
pub mod traffic;
pub mod upkeep;
pub mod wire;

pub use gateway::{Gateway, Limits, Parts};
pub use places::DoorLimits;
pub use roster::Roster;
pub use serve::{Door, serve};
