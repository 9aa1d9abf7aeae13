//! The gateway of this deployment: its roster from the loaded packs, its doors, and the registers as services behind it.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use exchange::Exchange;
use gateway::body::{Room, Spool};
use gateway::looks::Looks;
use gateway::tls::{Asks, Outbound, Tls};
use gateway::{Door, DoorLimits, Gateway, Limits, Roster};
use platform::config::{DoorTls, GatewayTls};
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform, documents};
use seal::keys::Ed25519Key;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::gateway_looks::TrailLooks;
use crate::govstack;
use crate::register_service::RegisterService;
use crate::usage_service::UsageService;
use crate::wiring::App;

/// Where a pack keeps the roster.
pub(crate) const ROSTER: &str = "gateway/roster.yaml";
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
    for line in roster.warnings() {
        tracing::warn!(roster = path, "{line}");
    }
    let limits = limits(settings, dir);
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

fn limits(settings: &platform::config::Gateway, dir: PathBuf) -> Limits {
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let (patience, within) = (seconds(settings.patience_seconds), seconds(settings.body_seconds));
    let (limit, room) = (settings.body_limit_bytes, Room::of(settings.spool_bytes));
    let spool = Spool { dir, limit, patience, within, room };
    Limits { spool, skew_seconds: settings.skew_seconds.into(), doors: door_limits(settings) }
}

fn door_limits(settings: &platform::config::Gateway) -> DoorLimits {
    DoorLimits {
        connections: settings.connections as usize,
        per_address: settings.connections_per_address as usize,
        write_within: Duration::from_secs(settings.write_seconds.into()),
    }
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
    mediator: Option<TcpListener>,
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
        let doors = &platform.config().govstack;
        let registries = govstack::bind("govstack.listen", &doors.listen).await?;
        let mediator = govstack::bind("govstack.mediator.listen", &doors.mediator.listen).await?;
        Ok(Self { listeners, govstack: registries, mediator })
    }

    /// Addresses for people: which door, where.
    pub fn addresses(&self) -> Result<Vec<(&'static str, std::net::SocketAddr)>> {
        let name = |door: &Door| if *door == Door::Systems { "information systems" } else { "other gateways" };
        let doors = self.listeners.iter().map(|(listener, door)| Ok((name(door), listener.local_addr()?)));
        let govstack =
            [("digital registries (GovStack)", &self.govstack), ("information mediator (GovStack)", &self.mediator)];
        let open = govstack.into_iter().filter_map(|(name, listener)| Some((name, listener.as_ref()?)));
        doors.chain(open.map(|(name, listener)| Ok((name, listener.local_addr()?)))).collect()
    }

    /// Serves until `stop` says true; calls under way are finished.
    pub fn serve(self, app: &App, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let mut tasks: Vec<JoinHandle<()>> = Vec::new();
        let settings = &app.platform.config().govstack;
        for (listener, tls, router) in [
            (self.govstack, settings.tls, Some(app.govstack())),
            (self.mediator, settings.mediator.tls, app.mediator()),
        ] {
            let open = listener.zip(router).zip(heard(app, tls));
            tasks
                .extend(open.map(|((listener, router), heard)| govstack::serve(listener, heard, router, stop.clone())));
        }
        let Some(gateway) = &app.gateway else { return tasks };
        tasks.extend(app.keep_roster(stop));
        let key = gateway.key();
        tracing::info!(key = key.key_id(), "the gateway signs with this key");
        let doors = self
            .listeners
            .into_iter()
            .map(|(listener, door)| tokio::spawn(gateway::serve(gateway.clone(), listener, door, stop.clone())));
        tasks.extend(doors);
        tasks.push(tokio::spawn(gateway::federation::keep(gateway.clone(), stop.clone())));
        tasks.push(tokio::spawn(gateway::traffic::keep(gateway.clone(), stop.clone())));
        tasks.push(tokio::spawn(gateway::upkeep::keep(gateway.clone(), stop.clone())));
        if gateway.has_certificates() {
            tasks.push(tokio::spawn(renew(gateway.clone(), stop.clone())));
        }
        tasks
    }
}

/// How a door of GovStack's interfaces is heard, with the certificate that `renewal` looks after. None: the setting asks for
/// TLS and there is no certificate, so it is not heard at all.
fn heard(app: &App, tls: DoorTls) -> Option<(Option<(Tls, Asks)>, DoorLimits)> {
    let limits = door_limits(&app.platform.config().gateway);
    let asks = match tls {
        DoorTls::Off => return Some((None, limits)),
        DoorTls::On => Asks::Nothing,
        DoorTls::Mutual => Asks::Certificate,
    };
    let own = app.gateway.as_ref().and_then(|gateway| gateway.roster().outbound().tls.clone());
    if own.is_none() {
        tracing::error!(
            "a door of GovStack stays closed: it is to be heard over TLS, and [gateway.tls] names no certificate"
        );
    }
    Some((Some((own?, asks)), limits))
}

/// Looks after the certificates' files; SIGHUP, as administrators send it after they put new ones in place, looks at once.
async fn renew(gateway: Gateway, stop: watch::Receiver<bool>) {
    let knock = Arc::new(Notify::new());
    let knocking = Arc::clone(&knock);
    let hearing = tokio::spawn(async move {
        match signal(SignalKind::hangup()) {
            Ok(mut hangup) => {
                while hangup.recv().await.is_some() {
                    knocking.notify_one();
                }
            }
            Err(error) => tracing::warn!(%error, "SIGHUP is not heard; certificates are looked at each minute"),
        }
    });
    if let Err(error) = gateway::renewal::keep(gateway, knock, stop).await {
        tracing::error!(%error, "nobody looks after the gateway's certificates; start the program again after a renewal");
    }
    hearing.abort();
}
