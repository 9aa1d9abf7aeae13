//! Two gateways as programs of their own, each with its data: the line between them cut under load, one of them killed,
//! large bodies, two processes on one database.
#![allow(clippy::unwrap_used)]
mod application;
mod callers;
mod cities;
mod events;
mod killed;
mod lab;
mod line;
mod memory;
mod messages;
mod node;
mod partition;
mod twins;

/// Stands in for the program (`tests::cli`); does nothing by itself.
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}
