//! The digital-registries APIs of GovStack (Data 1.3.0, Database 1.1.0) on a port of their own: the registers of this
//! program in its shapes. Reads go through `exchange` (grant, trail, audit), writes are those of the provider alone.
//! `mediator`: the information mediator's APIs, on another port; `door`: how both are listened to.
mod call;
mod data;
mod database;
mod door;
pub mod mediator;
mod schema;
mod usage;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use directory::Directory;
pub use door::{Caller, bind, serve};
use exchange::Exchange;
use platform::Ctx;
use platform::config::DoorTls;
use platform::error::Error;
use registry::Registry;

/// The largest body in bytes: one record.
const BODY: usize = 1 << 20;

/// What the door stands on.
pub struct Parts {
    pub exchange: Exchange,
    pub registry: Registry,
    pub directory: Directory,
}

pub fn router(parts: Parts) -> Router {
    Router::new()
        .route("/data/myPersonalDataUsage", get(usage::mine))
        .route("/data/{registry}/{version}", get(data::list))
        .route("/data/{registry}/{version}/create", post(write::create))
        .route("/data/{registry}/{version}/exists", post(data::exists))
        .route("/data/{registry}/{version}/read", post(data::read))
        .route("/data/{registry}/{version}/update", put(write::update))
        .route("/data/{registry}/{version}/updateEntries", put(write::update_entries))
        .route("/data/{registry}/{version}/updateOrCreate", post(write::update_or_create))
        .route("/data/{registry}/{version}/{id}/delete", delete(write::delete))
        .route("/data/{registry}/{version}/{id}/readValue/{field}", get(data::read_value))
        .route("/databases", get(database::all))
        .route("/database/modify", post(database::modify))
        .route("/database/{id}", get(database::one).delete(database::delete))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Arc::new(parts))
}

/// Where a caller reached a door, for addresses that lead back to it.
pub(crate) fn reached(headers: &HeaderMap, tls: DoorTls) -> String {
    let scheme = if tls == DoorTls::Off { "http" } else { "https" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

/// What is wrong with a question is 400 in these APIs.
pub(crate) fn problem(ctx: &Ctx, error: &Error) -> Response {
    let (status, mut body) = platform::error_page::problem_of(ctx, error);
    let status = if status == 422 { 400 } else { status };
    body["status"] = status.into();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}
