//! What is done with events: the only place that begins a write.
pub mod dead;
pub mod deliver;
pub mod derive;
pub mod publish;
pub mod pull;
pub mod reading;
pub mod subscribe;
