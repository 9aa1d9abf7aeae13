//! The gateway: signed and logged calls between information systems, in X-Road's REST protocol on both sides.
//!
//! Tables: `gateway_batch` (the message log, as it was signed), `gateway_line` (which batches hold the
//! lines of a message),
//! `gateway_federation` (the last good federation document), `gateway_traffic` (figures of operation).
//!
//! Invariants: no answer is told before its lines in the log are durable; no path has a second form; nothing that is not
//! granted is called; a body never lies in memory whole when it is large.
//!
//! Start at `serve`, then `consumer`, `wire` and `provider`: the way of a call. `protocol` is pure.
pub mod application;
pub mod authority;
pub mod body;
pub mod consumer;
pub mod evidence;
pub mod federation;
mod gateway;
pub mod log;
pub mod looks;
mod message;
mod meta;
pub mod pool;
pub mod protocol;
mod provider;
pub mod roster;
mod serve;
pub mod store;
mod tap;
pub mod tls;
pub mod traffic;
pub mod wire;

pub use gateway::{Gateway, Limits, Parts};
pub use roster::Roster;
pub use serve::{Door, serve};
