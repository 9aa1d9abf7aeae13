//! Floor 6: everything is joined here, once. Start at `wiring` (what is joined), `cli` (commands), `demo` (the city).
pub mod cli;
pub mod demo;
mod embedded;
mod logging;
mod packs;
mod serve;
mod site;
mod wiring;

pub use serve::Server;
pub use wiring::{App, open_platform};
