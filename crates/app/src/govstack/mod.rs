//! The digital-registries APIs of GovStack (Data 1.3.0, Database 1.1.0) on a port of their own: the registers of this
//! program in its shapes. Reads go through `exchange` (grant, trail, audit), writes are those of the provider alone.
//! `mediator`: the information mediator's APIs, on another port.
mod call;
mod data;
mod database;
pub mod mediator;
mod schema;
mod usage;
mod write;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use directory::Directory;
use exchange::Exchange;
use platform::Ctx;
use platform::error::{Error, Result};
use registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

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

/// A door's socket, bound before anything is served. `setting` says where; None: the door is closed.
pub async fn bind(setting: &str, listen: &str) -> Result<Option<TcpListener>> {
    if listen.is_empty() {
        return Ok(None);
    }
    let bound = TcpListener::bind(listen).await;
    let failed = |error| Error::Unavailable(format!("cannot listen on {listen}: {error}; choose another {setting}"));
    bound.map(Some).map_err(failed)
}

/// Serves until `stop` says true; requests under way are finished.
pub fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let until = async move { drop(stop.wait_for(|stop| *stop).await) };
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until).await {
            tracing::error!(%error, "a door of GovStack ended");
        }
    })
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
