//! Floor 6: everything is joined here, once. Start at `wiring` (what is joined), `cli` (commands), `demo` (the city).
mod archives;
pub mod cli;
mod connections;
pub mod demo;
mod doors;
mod embedded;
mod event_looks;
pub mod gateway_looks;
mod govstack;
mod logging;
pub mod openapi;
mod operations;
mod packs;
mod peer_source;
mod register_joints;
mod register_openapi;
mod register_service;
mod serve;
mod site;
mod source_figures;
mod usage_service;
mod wiring;

pub use doors::Doors;
pub use govstack::Caller as DoorCaller;
pub use serve::Server;
pub use wiring::{App, open_platform};
