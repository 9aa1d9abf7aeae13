//! Pure: types of events, the form in which they travel, states and times of subscriptions and deliveries.
pub mod address;
pub mod event;
pub mod kind;
pub mod rule;
pub mod schedule;
pub mod signature;
pub mod subscription;
