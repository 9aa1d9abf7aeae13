//! Floor 6: everything is joined here, once. Start at `wiring` (what is joined), `cli` (commands), `demo` (the city).
pub mod cli;
mod connections;
pub mod demo;
mod doors;
mod embedded;
mod logging;
mod packs;
mod register_joints;
mod register_service;
mod serve;
mod site;
mod wiring;

pub use doors::Doors;
pub use serve::Server;
pub use wiring::{App, open_platform};
