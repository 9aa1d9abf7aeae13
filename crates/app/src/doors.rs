//! The gateway of this deployment: its roster from the loaded packs, its doors, and the registers as services behind it.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use exchange::Exchange;
use gateway::body::Spool;
use gateway::{Door, Gateway, Limits, Roster};
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform, documents};
use seal::keys::Ed25519Key;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::register_service::RegisterService;

/// Where a pack keeps the roster.
const ROSTER: &str = "gateway/roster.yaml";
/// What the roster calls the registers: `application:register`.
const REGISTER: &str = "register";

/// The gateway, when the loaded packs have a roster and a door is open.
pub async fn open(platform: &Platform, exchange: &Exchange) -> Result<Option<Gateway>> {
    let settings = &platform.config().gateway;
    if settings.listen.is_empty() && settings.peers_listen.is_empty() {
        return Ok(None);
    }
    let grant = Ctx::system(platform, "gateway").allow(Action::HallRead, &On::PUBLIC)?;
    let found = platform.db().read(grant, |tx| documents::list(tx, ROSTER)).await?;
    let document = found.first().ok_or_else(|| {
        Error::Internal(format!(
            "a door of the gateway is open, but no loaded pack has {ROSTER}; load one or close the door"
        ))
    })?;
    let roster = Roster::parse(ROSTER, &document.text).map_err(Error::Internal)?;
    let dir = platform.config().data.dir.join("spool");
    std::fs::create_dir_all(&dir)?;
    let patience = Duration::from_secs(settings.patience_seconds.into());
    let spool = Spool { dir, limit: settings.body_limit_bytes, patience };
    let limits = Limits { spool, skew_seconds: settings.skew_seconds.into() };
    let register: Arc<dyn gateway::application::Application> = Arc::new(RegisterService::new(exchange));
    let applications = HashMap::from([(REGISTER.to_owned(), register)]);
    let key = Ed25519Key::from_bytes(&platform.keys().gateway.to_bytes());
    Gateway::open(platform, gateway::Parts { roster, key, limits, applications }).map(Some)
}

/// The gateway's sockets, bound before anything is served.
pub struct Doors {
    listeners: Vec<(TcpListener, Door)>,
}

impl Doors {
    pub async fn bind(platform: &Platform) -> Result<Self> {
        let settings = &platform.config().gateway;
        let mut listeners = Vec::new();
        for (listen, door) in [(&settings.listen, Door::Systems), (&settings.peers_listen, Door::Gateways)] {
            if listen.is_empty() {
                continue;
            }
            let listener = TcpListener::bind(listen).await.map_err(|error| {
                Error::Unavailable(format!("the gateway cannot listen on {listen}: {error}; choose another address"))
            })?;
            listeners.push((listener, door));
        }
        Ok(Self { listeners })
    }

    /// Addresses for people: which door, where.
    pub fn addresses(&self) -> Result<Vec<(&'static str, std::net::SocketAddr)>> {
        let name = |door: &Door| if *door == Door::Systems { "information systems" } else { "other gateways" };
        self.listeners.iter().map(|(listener, door)| Ok((name(door), listener.local_addr()?))).collect()
    }

    /// Serves until `stop` says true; calls under way are finished.
    pub fn serve(self, gateway: &Gateway, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let key = gateway.key();
        tracing::info!(key = key.key_id(), "the gateway signs with this key");
        let doors = self
            .listeners
            .into_iter()
            .map(|(listener, door)| tokio::spawn(gateway::serve(gateway.clone(), listener, door, stop.clone())));
        let mut tasks: Vec<JoinHandle<()>> = doors.collect();
        tasks.push(tokio::spawn(gateway::federation::keep(gateway.clone(), stop.clone())));
        tasks
    }
}
