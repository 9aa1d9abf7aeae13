//! The harness of the HTTP tests: a whole deployment per test, callers with cookies, builders for what a test begins with.
//!
//! Start at `TestApp::new`. The clock is set, never awaited; nothing leaves the process but the database.
//! Databases: SQLite; PostgreSQL instead when `TONGBAN_TEST_PG` names an administrator's URL.
#![allow(clippy::unwrap_used)] // a harness fails like a test

pub mod app;
pub mod caller;
pub mod city;
pub mod cli;
pub mod cluster;
pub mod givens;
pub mod html;
pub mod page;
pub mod postgres;
mod template;
pub mod wire;

pub use self::app::TestApp;
pub use self::caller::{Caller, Upload};
pub use self::page::Page;
