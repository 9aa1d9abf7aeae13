//! What every feature stands on; knows no feature.
//!
//! Tables: `platform_*`. Start at `ctx` (who asks), `policy` (who may), `db` (how data is read and written),
//! `routes` and `http` (the way of a request), `page` (how an answer looks).
pub mod audit;
pub mod blocks;
pub mod chance;
pub mod clock;
pub mod config;
pub mod ctx;
pub mod db;
pub mod documents;
mod drain;
pub mod error;
pub mod error_page;
pub mod files;
pub mod form;
pub mod http;
pub mod i18n;
pub mod ids;
pub mod iso;
pub mod jobs;
pub mod mask;
pub mod metrics;
pub mod notice;
pub mod once;
pub mod page;
pub mod pages;
pub mod platform;
pub mod policy;
pub mod posted;
pub mod routes;
pub mod session;
pub mod stash;
pub mod throttle;
pub mod upkeep;

pub use ctx::Ctx;
pub use error::{Error, FieldError, Result};
pub use platform::Platform;
