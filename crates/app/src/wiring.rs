//! Everything is joined here, once: features to each other, their routes, their jobs.
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::middleware::from_fn;
use certificates::{Certificates, Types};
use directory::{Directory, DirectoryActors};
use events::Events;
use exchange::Exchange;
use gateway::Gateway;
use platform::clock::Clock;
use platform::config::Config;
use platform::documents::{self, Document};
use platform::error::{Error, Result};
use platform::jobs::Handlers;
use platform::platform::Parts;
use platform::policy::{Action, Actor, ActorKind, On, Role};
use platform::routes::{RouteInfo, Routes};
use platform::{Ctx, Platform, http, pages};
use registry::{Names, Registry};
use services::{Hall, WeakHall};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::archives;
use crate::connections;
use crate::doors;
use crate::embedded;
use crate::event_looks::InTrail;
use crate::govstack;
use crate::operations;
use crate::peer_source::ThroughGateway;
use crate::register_joints;
use crate::site;
use crate::source_figures;

/// Weak, as the hall holds the exchange that holds this.
type ItemNames = Arc<OnceLock<WeakHall>>;

/// The whole program, without a socket.
pub struct App {
    pub platform: Platform,
    pub directory: Directory,
    pub registry: Registry,
    pub exchange: Exchange,
    pub certificates: Certificates,
    pub hall: Hall,
    pub events: Events,
    /// None: both of its doors are closed.
    pub gateway: Option<Gateway>,
    pub handlers: Handlers,
    /// Kept for the registry, which knows it weakly.
    _trail: Arc<Exchange>,
    /// Kept for the sources of other regions, which know it weakly.
    _way: Option<Arc<Gateway>>,
}

/// The platform with an up-to-date schema; features are opened by `App::open`.
pub async fn open_platform(config: Config, clock: Clock) -> Result<Platform> {
    let platform = Platform::open(Parts {
        config,
        clock,
        texts: embedded::texts()?,
        assets: embedded::assets(),
        actors: Box::new(DirectoryActors),
        navigation,
    })?;
    platform.db().migrate(&embedded::migrations()).await?;
    platform.check_keys().await?;
    Ok(platform)
}

impl App {
    pub async fn open(platform: &Platform) -> Result<Self> {
        let directory = Directory::new(platform.clone());
        directory.reload().await?;
        let of = directory.clone();
        let names = Names::new(move |key| of.organisations().find(key).map(|org| org.name.clone()));
        let registry = Registry::open(platform, names).await?;
        let peers = Arc::new(ThroughGateway::default());
        // The trail names items, which the floor above knows; the names are put in when the hall stands.
        let titles: ItemNames = Arc::default();
        let (known, listed) = (Arc::clone(&titles), Arc::clone(&titles));
        let connectors = connections::open(platform, &registry, &peers).await?;
        registry.answered_elsewhere(connectors.keys().cloned())?;
        let exchange = Exchange::new(exchange::Parts {
            platform: platform.clone(),
            registry: registry.clone(),
            directory: directory.clone(),
            grants: grant_rules(&platform.config().exchange),
            items: Names::new(move |key| known.get().and_then(|hall| hall.item_name(key))),
            listed: Arc::new(move || listed.get().map(|hall| hall.item_names()).unwrap_or_default()),
            cases: exchange::Cases {
                href: |case| format!("/my/cases/{case}"),
                id_of: services::case_of_number,
                number_of: services::number_of_case,
            },
            question_days: u32::from(platform.config().exchange.question_days),
            calendar: Arc::new(codes::WorkCalendar::embedded()),
            connectors,
        });
        let trail = Arc::new(exchange.clone());
        source_figures::tell(platform, &trail)?;
        registry.join(register_joints::joints(&directory, &trail))?;
        let types = Types::load(certificate_types(platform).await?.iter().map(|d| (d.path.as_str(), d.text.as_str())))
            .map_err(Error::Internal)?;
        let certificates = Certificates::new(&exchange, &directory, Arc::new(types))?;
        let hall = Hall::open(platform, &directory, &exchange, &certificates).await?;
        titles.set(hall.downgrade()).map_err(|_| Error::Internal("the hall was joined twice".into()))?;
        let gateway = doors::open(platform, &exchange).await?;
        let way = gateway.clone().map(Arc::new);
        way.iter().for_each(|way| peers.join(way));
        let events = Events::new(events::Parts {
            platform: platform.clone(),
            registry: registry.clone(),
            looks: Arc::new(InTrail(exchange.clone())),
        });
        let mut handlers = Handlers::default();
        events.jobs(&mut handlers);
        hall.jobs(&mut handlers);
        exchange.jobs(&mut handlers);
        registry.jobs(&mut handlers);
        Ok(Self {
            platform: platform.clone(),
            directory,
            registry,
            exchange,
            certificates,
            hall,
            events,
            gateway,
            handlers,
            _trail: trail,
            _way: way,
        })
    }

    fn routes(&self) -> Routes {
        pages::routes(&self.platform)
            .merge(site::routes())
            .merge(operations::routes(&self.exchange, &self.directory))
            .merge(archives::routes())
            .merge(self.directory.routes())
            .merge(self.registry.routes())
            .merge(self.exchange.routes())
            .merge(self.certificates.routes())
            .merge(self.hall.routes())
            .merge(self.events.routes())
    }

    /// Every address with the action that it needs: what the authorisation test goes through.
    #[must_use]
    pub fn route_list(&self) -> Vec<RouteInfo> {
        self.routes().list().to_vec()
    }

    pub fn router(&self) -> Router {
        let router = self.routes().into_router().route_layer(from_fn(http::mark_route));
        http::layers(&self.platform, router)
    }
}

impl App {
    /// The door that speaks the digital-registries API of GovStack.
    pub fn govstack(&self) -> Router {
        let (exchange, registry, directory) = (self.exchange.clone(), self.registry.clone(), self.directory.clone());
        govstack::router(govstack::Parts { exchange, registry, directory })
    }

    /// The door that speaks the information-mediator APIs of GovStack. None: there is no gateway whose roster it shows.
    #[must_use]
    pub fn mediator(&self) -> Option<Router> {
        let (platform, directory) = (self.platform.clone(), self.directory.clone());
        let gateway = self.gateway.clone()?;
        let outbound = gateway.roster().outbound().clone();
        let parts = govstack::mediator::Parts { platform, gateway, directory, outbound };
        Some(govstack::mediator::router(parts, self.events.govstack_router()))
    }

    /// Takes up, in a task, what other processes and loads of packs put into the gateway's roster.
    pub(crate) fn keep_roster(&self, stop: &watch::Receiver<bool>) -> Option<JoinHandle<()>> {
        let gateway = self.gateway.clone()?;
        let outbound = gateway.roster().outbound().clone();
        let keep = govstack::mediator::roster::keep(self.platform.clone(), (gateway, outbound), stop.clone());
        Some(tokio::spawn(keep))
    }
}

fn grant_rules(settings: &platform::config::Exchange) -> exchange::Rules {
    exchange::Rules {
        days: u32::from(settings.grant_days),
        extension_days: u32::from(settings.grant_extension_days),
        remind_days: u32::from(settings.grant_remind_days),
        warn_days: u32::from(settings.grant_warn_days),
        longest_days: u32::from(settings.grant_longest_days),
        silence: settings.grant_silence,
        overseer: settings.grant_overseer.clone(),
    }
}

async fn certificate_types(platform: &Platform) -> Result<Vec<Document>> {
    let ctx = Ctx::system(platform, "certificates.types");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    platform.db().read(grant, |tx| documents::list(tx, "certificates/")).await
}

/// What each kind of caller finds in the main navigation.
fn navigation(actor: &Actor) -> Vec<(&'static str, &'static str)> {
    let mut items = vec![("/", "nav-hall"), ("/items", "nav-items")];
    match actor.kind {
        ActorKind::Person => {
            items.extend([("/my", "nav-my"), ("/my/certificates", "nav-certificates"), ("/my/trail", "nav-trail")]);
            items.push(("/my/corrections", "nav-my-corrections"));
        }
        ActorKind::Official => {
            let roles = actor.roles();
            if roles.iter().any(|role| Action::InboxRead.open_to(*role)) {
                items.extend([("/inbox", "nav-inbox"), ("/inbox/questions", "nav-questions")]);
                items.push(("/desk/certificates", "nav-desk-certificates"));
            }
            if roles.iter().any(|role| Action::CorrectionAnswer.open_to(*role)) {
                items.push(("/inbox/corrections", "nav-corrections"));
            }
            if roles.iter().any(|role| Action::GrantRead.open_to(*role)) {
                items.push(("/exchange/requests", "nav-requests"));
            }
            if roles.iter().any(|role| Action::EventDesk.open_to(*role)) {
                items.push(("/events", "events-title"));
            }
            if roles.iter().any(|role| Action::CatalogueDesk.open_to(*role)) {
                items.push(("/desk/catalogue", "nav-desk-catalogue"));
            }
            if roles.contains(&Role::Administrator) {
                items.push(("/admin/jobs", "nav-jobs"));
                items.push(("/admin/exchange", "nav-operations"));
            }
            if roles.contains(&Role::Auditor) {
                items.push(("/audit", "nav-audit"));
            }
        }
        ActorKind::Anonymous | ActorKind::System => {}
    }
    items.push(("/verify", "nav-verify"));
    items.push(("/catalogue", "nav-catalogue"));
    items.push(("/grants", "nav-who-may"));
    items
}
