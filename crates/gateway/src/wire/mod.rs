//! Between two gateways: one line (an upgraded HTTP/1.1 connection, TLS beneath) that carries the messages of many calls.
//!
//! What the log signs together travels together: a bundle has one signature for all of its messages. `frame` has the bytes,
//! `bundle` the check of what was signed, `lane` one end of a line, `near` and `far` what the consumer's and the
//! provider's gateway do with what comes in, `line` how a line is opened, `beside` the bodies that are too large for it.
pub mod beside;
pub mod bundle;
pub mod far;
pub mod frame;
pub mod lane;
pub mod line;
pub mod near;
pub mod sign;

/// Where a gateway takes lines of other gateways.
pub const PATH: &str = "/tb1";
/// What a connection is upgraded to.
pub const PROTOCOL: &str = "tongban-line/1";
/// Where bodies travel that are too large for a line; the request's number follows.
pub const BODY_PATH: &str = "/tb1/body/";
