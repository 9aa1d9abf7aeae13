//! The information mediator of GovStack on a port of its own: directory services, configuration management and pub/sub,
//! all from the roster of the gateway and the outbox of events.
//!
//! What goes to a provider or into a room (`/r1/…`) is a call: the gateway proves the application, logs and signs it as one
//! at its own door. `/listClients` is told from the roster. The configuration API asks for a bearer token with GovStack's
//! scopes; what it changes is the roster.
mod access;
mod caller;
mod configuration;
mod directory;
mod members;
mod rights;
mod rooms;
pub mod roster;

use std::sync::Arc;

use ::directory::Directory;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, patch};
use gateway::Gateway;
use platform::Platform;

/// The largest configuration in bytes: some thousand applications.
const BODY: usize = 4 << 20;
const PROVIDER: &str = "/r1/{instance}/{class}/{member}/{room}";

/// What the door stands on.
#[derive(Clone)]
pub struct Parts {
    pub platform: Platform,
    pub gateway: Gateway,
    pub directory: Directory,
    /// How the roster's services are reached.
    pub outbound: gateway::tls::Outbound,
}

/// `rooms`: the pub/sub interface of events.
pub fn router(parts: Parts, rooms: Router) -> Router {
    let parts = Arc::new(parts);
    let at = |path: &str| format!("{PROVIDER}{path}");
    let rooms = rooms.route_layer(from_fn_with_state(Arc::clone(&parts), rooms::enter));
    Router::new()
        .route("/listClients", get(directory::clients))
        .route(&at("/listMethods"), get(directory::methods))
        .route(&at("/allowedMethods"), get(directory::methods))
        .route(&at("/getOpenAPI"), get(directory::description))
        .route(
            "/api/v1/config",
            get(configuration::list)
                .post(configuration::create)
                .patch(configuration::update)
                .put(configuration::replace),
        )
        .route("/api/v1/status", get(configuration::status))
        .route("/api/v1/rights/allow", get(rights::list).patch(rights::allow))
        .route("/api/v1/rights/deny", patch(rights::deny))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(parts)
        .merge(rooms)
}
