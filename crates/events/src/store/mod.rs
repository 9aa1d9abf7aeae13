//! SQL of the events. What is one office's own is read with that office, never by a bare identifier.
pub mod deliveries;
pub mod events;
pub mod pull;
pub mod subscriptions;
pub mod types;

use platform::Error;

pub(super) fn unknown(column: &str, value: &str) -> Error {
    Error::Internal(format!("events: {column} is {value}"))
}
