//! The gateway of this deployment: its roster from the loaded packs, its doors, and the registers as services behind it.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use exchange::Exchange;
use gateway::body::Spool;
use gateway::looks::Looks;
use gateway::tls::{Outbound, Tls};
use gateway::{Door, Gateway, Limits, Roster};
use platform::config::GatewayTls;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform, documents};
use seal::keys::Ed25519Key;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::gateway_looks::TrailLooks;
use crate::govstack;
use crate::register_service::RegisterService;
use crate::usage_service::UsageService;
use crate::wiring::App;

/// Where a pack keeps the roster.
const ROSTER: &str = "gateway/roster.yaml";
/// What the roster calls the registers: `application:register`.
const REGISTER: &str = "register";
/// And who used whose data: `application:find-usage`.
const FIND_USAGE: &str = "find-usage";

/// The gateway, when the loaded packs have a roster and a door is open.
pub async fn open(platform: &Platform, exchange: &Exchange) -> Result<Option<Gateway>> {
    let settings = &platform.config().gateway;
    if settings.listen.is_empty() && settings.peers_listen.is_empty() {
        return Ok(None);
    }
    let (path, text) = roster(platform).await?;
    let outbound = outbound(&settings.tls)?;
    let roster = Roster::parse(&path, &text, &outbound).map_err(Error::Internal)?;
    let dir = platform.config().data.dir.join("spool");
    std::fs::create_dir_all(&dir)?;
    let patience = Duration::from_secs(settings.patience_seconds.into());
    let spool = Spool { dir, limit: settings.body_limit_bytes, patience };
    let limits = Limits { spool, skew_seconds: settings.skew_seconds.into() };
    let register: Arc<dyn gateway::application::Application> = Arc::new(RegisterService::new(exchange));
    let usage: Arc<dyn gateway::application::Application> = Arc::new(UsageService::new(exchange));
    let looks: Arc<dyn Looks> = Arc::new(TrailLooks { exchange: exchange.clone() });
    let applications = HashMap::from([(REGISTER.to_owned(), register), (FIND_USAGE.to_owned(), usage)]);
    let key = Ed25519Key::from_bytes(&platform.keys().gateway.to_bytes());
    Gateway::open(
        platform,
        gateway::Parts { roster, key, limits, tls: shown(&settings.tls, outbound), applications, looks },
    )
    .await
    .map(Some)
}

/// The roster and where it stands: the file that the settings name, or the loaded packs' document.
async fn roster(platform: &Platform) -> Result<(String, String)> {
    let file = &platform.config().gateway.roster;
    if !file.as_os_str().is_empty() {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| Error::Internal(format!("{path}: {error}")))?;
        return Ok((path, text));
    }
    let grant = Ctx::system(platform, "gateway").allow(Action::HallRead, &On::PUBLIC)?;
    let found = platform.db().read(grant, |tx| documents::list(tx, ROSTER)).await?;
    let document = found.into_iter().next().ok_or_else(|| {
        Error::Internal(format!(
            "a door of the gateway is open, but no loaded pack has {ROSTER}; load one or close the door"
        ))
    })?;
    Ok((ROSTER.to_owned(), document.text))
}

fn outbound(settings: &GatewayTls) -> Result<Outbound> {
    let files = [&settings.certificate, &settings.key, &settings.authorities];
    match files.iter().filter(|file| file.as_os_str().is_empty()).count() {
        0 => {}
        3 => return Ok(Outbound::default()),
        _ => {
            return Err(Error::Internal("[gateway.tls] name certificate, key and authorities, or none of them".into()));
        }
    }
    let tls = Tls::open(&settings.certificate, &settings.key, &settings.authorities);
    tls.map(|tls| Outbound { tls: Some(tls) }).map_err(|why| Error::Internal(format!("[gateway.tls] {why}")))
}

/// Other gateways always show a certificate where we have one; information systems when the setting says so.
fn shown(settings: &GatewayTls, outbound: Outbound) -> HashMap<Door, Tls> {
    let doors = [Door::Gateways, Door::Systems].into_iter().filter(|door| settings.systems || *door == Door::Gateways);
    outbound.tls.into_iter().flat_map(|tls| doors.clone().map(move |door| (door, tls.clone()))).collect()
}

/// The sockets of doors for programs, bound before anything is served.
pub struct Doors {
    listeners: Vec<(TcpListener, Door)>,
    govstack: Option<TcpListener>,
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
            let open = settings.tls.certificate.as_os_str().is_empty() && !listener.local_addr()?.ip().is_loopback();
            if open && door == Door::Gateways {
                let words = "other gateways are heard over TLS only, except on loopback: set [gateway.tls]";
                return Err(Error::Internal(words.into()));
            }
            listeners.push((listener, door));
        }
        Ok(Self { listeners, govstack: govstack::bind(platform).await? })
    }

    /// Addresses for people: which door, where.
    pub fn addresses(&self) -> Result<Vec<(&'static str, std::net::SocketAddr)>> {
        let name = |door: &Door| if *door == Door::Systems { "information systems" } else { "other gateways" };
        let doors = self.listeners.iter().map(|(listener, door)| Ok((name(door), listener.local_addr()?)));
        let govstack =
            self.govstack.iter().map(|listener| Ok(("digital registries (GovStack)", listener.local_addr()?)));
        doors.chain(govstack).collect()
    }

    /// Serves until `stop` says true; calls under way are finished.
    pub fn serve(self, app: &App, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let mut tasks: Vec<JoinHandle<()>> = Vec::new();
        tasks.extend(self.govstack.map(|listener| govstack::serve(listener, app.govstack(), stop.clone())));
        let Some(gateway) = &app.gateway else { return tasks };
        let key = gateway.key();
        tracing::info!(key = key.key_id(), "the gateway signs with this key");
        let doors = self
            .listeners
            .into_iter()
            .map(|(listener, door)| tokio::spawn(gateway::serve(gateway.clone(), listener, door, stop.clone())));
        tasks.extend(doors);
        tasks.push(tokio::spawn(gateway::federation::keep(gateway.clone(), stop.clone())));
        tasks.push(tokio::spawn(gateway::traffic::keep(gateway.clone(), stop.clone())));
        tasks
    }
}
