//! `demo --two-cities`: a second city in another province, with its own data, keys and gateway, federated with the first;
//! and a fact that the first one's hall fetches across.
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use directory::Organisation;
use exchange::GrantSeed;
use gateway::authority::{self, Pair};
use gateway::federation::{self, Federation, Member, Server as Listed};
use platform::audit::Entry;
use platform::clock::{Clock, DAY, SECOND};
use platform::config::Config;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use seal::keys::{Ed25519Key, Signer};

use super::across;
use super::seeding::{self, Scale};
use crate::doors::Doors;
use crate::embedded;
use crate::packs::text_of;
use crate::serve::Server;
use crate::wiring::{App, open_platform};

/// The second city is never larger than this, nor than the first.
pub const RESIDENTS: u32 = 2_000;
/// How long the gateways' certificates are good for: a demo that runs on.
const DAYS: i64 = 90;
const AUTHORITY: &str = "root.pem";
/// Loopback, any free port.
const ANY: &str = "127.0.0.1:0";
/// The member class of the second province's organisations: 北原省 "Beiyuan Province", fictional.
const CLASS: &str = "BEI";
const CLASS_OF_FIRST: &str = "GOV";
const BASIS: &str = "Agreement of the two provinces on handling matters for each other's residents (fictional)";

/// Where the federation document lies and who signs it, and who signs the gateways' certificates: authorities of this
/// start alone.
pub struct Federating {
    key: Ed25519Key,
    folder: PathBuf,
    /// None: the settings name certificates of their own.
    root: Option<Pair>,
}

impl Federating {
    pub fn new(config: &Config) -> Result<Self> {
        let folder = std::path::absolute(config.data.dir.join("federation"))?;
        std::fs::create_dir_all(&folder)?;
        let is_ours = config.gateway.tls.certificate.as_os_str().is_empty();
        let root = is_ours.then(|| authority::root("Federation of the demo", today())).transpose();
        let root = root.map_err(Error::Internal)?;
        root.iter().try_for_each(|root| write_closed(&folder.join(AUTHORITY), &root.certificate))?;
        Ok(Self { key: Ed25519Key::from_bytes(&platform::chance::bytes()), folder, root })
    }

    /// What the gateway of a city needs: roster, and certificates for mutual TLS with the other one.
    pub fn prepare(&self, gateway: &mut platform::config::Gateway, class: &str) -> Result<()> {
        gateway.roster = self.roster(class)?;
        let Some(root) = &self.root else { return Ok(()) };
        let own = authority::issue(root, &["127.0.0.1".into()], (today(), DAYS)).map_err(Error::Internal)?;
        let (folder, tls) = (&self.folder, &mut gateway.tls);
        (tls.certificate, tls.key) = (folder.join(format!("{class}.pem")), folder.join(format!("{class}.key")));
        tls.authorities = folder.join(AUTHORITY);
        write_closed(&tls.certificate, &own.certificate)?;
        write_closed(&tls.key, &own.key)
    }

    pub fn prepare_first(&self, gateway: &mut platform::config::Gateway) -> Result<()> {
        self.prepare(gateway, CLASS_OF_FIRST)
    }

    /// The certificate that the other city may be shown; empty: any of the settings' authorities.
    fn certificates(&self, city: &City<'_>) -> Result<Vec<String>> {
        if self.root.is_none() {
            return Ok(Vec::new());
        }
        let path = &city.app.platform.config().gateway.tls.certificate;
        let shown = Pair { certificate: std::fs::read_to_string(path)?, key: String::new() };
        Ok(vec![shown.fingerprint().map_err(Error::Internal)?])
    }

    fn document(&self) -> PathBuf {
        self.folder.join("federation.jws")
    }

    /// The demo pack's roster with the federation's source, under another class for the second city.
    fn roster(&self, class: &str) -> Result<PathBuf> {
        let documents = embedded::demo_documents();
        let authority = STANDARD.encode(self.key.public().to_bytes());
        let source = format!(
            "federation: {{ from: \"{}\", authority: [\"{authority}\"], refresh_seconds: 1 }}\n",
            self.document().display()
        );
        let text = text_of(&documents, "gateway/roster.yaml")?;
        let text = text.replace("GOV/", &format!("{class}/")).replace("class: GOV", &format!("class: {class}"));
        // Departments of the other province may call too, each under the grants that it has.
        let everyone = text.replace("{ group: city-departments, method: GET", "{ group: federation, method: GET");
        let path = self.folder.join(format!("{class}.yaml"));
        std::fs::write(&path, source + &everyone)?;
        Ok(path)
    }

    /// Settings with which a program of its own serves a city later, at the addresses that it has now. Without the doors
    /// whose tokens are of this start alone, and without the departments' systems, which end with it.
    fn keep_settings(&self, city: &City<'_>, name: &str) -> Result<PathBuf> {
        let mut config = city.app.platform.config().clone();
        config.data.dir = std::path::absolute(&config.data.dir)?;
        config.http.listen = city.hall.to_string();
        config.gateway.listen = address_of(city.doors, "information systems")?;
        config.gateway.peers_listen = address_of(city.doors, "other gateways")?;
        config.govstack = platform::config::Govstack::default();
        config.connectors.addresses.retain(|name, _| name == across::ADDRESS);
        let path = self.folder.join(format!("{name}.toml"));
        write_closed(&path, &toml::to_string(&config).map_err(Error::internal)?)?;
        Ok(path)
    }

    /// Signs and publishes who takes part.
    fn publish(&self, cities: [&City<'_>; 2]) -> Result<()> {
        let now = Clock::World.now();
        let mut servers = Vec::new();
        let mut everybody = Vec::new();
        for city in &cities {
            let roster = city.app.gateway.as_ref().map(|gateway| gateway.roster()).ok_or_else(closed)?;
            let own = |listed: &&gateway::roster::Listed| roster.subsystem(&listed.id.to_string()).is_some();
            let subsystems = roster.listed.iter().filter(own).map(|listed| Member {
                id: listed.id.to_string(),
                name: listed.name.clone(),
                member_name: listed.member_name.clone(),
            });
            let subsystems: Vec<Member> = subsystems.collect();
            everybody.extend(subsystems.iter().map(|member| member.id.clone()));
            let keys = vec![STANDARD.encode(city.app.platform.keys().gateway.public().to_bytes())];
            let (server, address) = (roster.server.clone(), address_of(city.doors, "other gateways")?);
            let certificates = self.certificates(city)?;
            servers.push(Listed { server, address, keys, keys_before: Vec::new(), certificates, subsystems });
        }
        let (issued_at, version) = (now.0 / SECOND, u64::try_from(now.0 / SECOND).unwrap_or(1));
        let groups = BTreeMap::from([("federation".to_owned(), everybody)]);
        let expires_at = issued_at + 30 * DAY / SECOND;
        let document = Federation { instance: "NP".into(), version, issued_at, expires_at, servers, groups };
        Ok(std::fs::write(self.document(), federation::sign(&document, &self.key)?)?)
    }
}

fn today() -> time::OffsetDateTime {
    Clock::World.now().at(time::UtcOffset::UTC)
}

/// Over what an earlier start left; only the owner may read it.
fn write_closed(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    Ok(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())?)
}

/// A city that is about to be served.
pub struct City<'a> {
    pub app: &'a App,
    pub doors: &'a Doors,
    /// Where its pages are.
    pub hall: SocketAddr,
}

fn closed() -> Error {
    Error::Internal("a gateway is closed".into())
}

fn address_of(doors: &Doors, door: &str) -> Result<String> {
    let found = doors.addresses()?.into_iter().find(|(name, _)| *name == door);
    found.map(|(_, address)| address.to_string()).ok_or_else(closed)
}

/// Makes the second city (once), serves it, publishes the federation; when both have taken it up, the first city's hall can
/// fetch what the second city's office holds about somebody who moved.
pub async fn begin(federating: Federating, first: City<'_>, (config, scale): (&Config, Scale)) -> Result<()> {
    let server = Server::bind(ANY).await?;
    let config = second_config(&federating, config, server.address)?;
    let platform = open_platform(config, Clock::World).await?;
    if !is_made(&platform).await? {
        seeding::make(&platform, scale, &mut |_| ()).await?;
    }
    let app = App::open(&platform).await?;
    let doors = Doors::bind(&platform).await?;
    let consumer = subsystem(first.app, across::OFFICE)?;
    permit(&app, (first.app, &consumer)).await?;
    let insured = across::insure(first.app, &app).await?;
    let second = City { app: &app, doors: &doors, hall: server.address };
    federating.publish([&first, &second])?;
    println!("  the second city: http://{}", server.address);
    println!("  both gateways show each other certificates of {}", federating.folder.display());
    println!("  later, each city by itself (the first one without its departments' systems):");
    for (city, name) in [(&first, "first"), (&second, "second")] {
        println!("    tongban serve --config {}", federating.keep_settings(city, name)?.display());
    }
    let provider = subsystem(&app, across::OFFICE)?;
    let gateway = first.app.gateway.clone().ok_or_else(closed)?;
    tokio::spawn(across::show(first.app.exchange.clone(), (gateway, provider), insured));
    tokio::spawn(async move {
        if let Err(error) = server.run(app, doors).await {
            eprintln!("the second city ended: {error}");
        }
    });
    Ok(())
}

/// The first city's settings with a folder, a database, a name and doors of the second one's own.
fn second_config(federating: &Federating, first: &Config, hall: SocketAddr) -> Result<Config> {
    let mut config = first.clone();
    config.data.dir = config.data.dir.join("second-city");
    config.database.url.clear();
    // Its departments have no systems of their own: the built-in registers answer, and nobody is asked across.
    config.connectors.addresses.clear();
    // What the settings name is where the first city listens.
    let (gateway, govstack) = (&mut config.gateway, &mut config.govstack);
    for door in [&mut gateway.listen, &mut gateway.peers_listen, &mut govstack.listen, &mut govstack.mediator.listen] {
        *door = ANY.into();
    }
    federating.prepare(&mut config.gateway, CLASS)?;
    for name in [&mut config.site.name.zh_hans, &mut config.site.name.zh_hant, &mut config.site.name.en] {
        name.push_str(" · 2");
    }
    config.http.public_address = format!("http://{hall}");
    Ok(config)
}

fn subsystem(app: &App, code: &str) -> Result<String> {
    let roster = app.gateway.as_ref().map(|gateway| gateway.roster()).ok_or_else(closed)?;
    let found = roster.listed.iter().find(|listed| listed.id.subsystem.as_deref() == Some(code));
    found.map(|listed| listed.id.to_string()).ok_or_else(closed)
}

/// Whether the second city has residents.
async fn is_made(platform: &Platform) -> Result<bool> {
    let grant = Ctx::system(platform, "demo").allow(Action::HallRead, &On::PUBLIC)?;
    Ok(platform.db().read(grant, directory::seed::some_person).await?.is_some())
}

/// The first city's office as the second city's directory knows it: by its name in the federation.
fn guest(first: &App, consumer: &str) -> Result<Organisation> {
    let organisations = first.directory.organisations();
    let mut guest = organisations.find(across::OFFICE).cloned().ok_or_else(closed)?;
    let division = codes::DivisionCode::parse(&guest.division).map_err(Error::internal)?;
    // Both fictional cities have the organisations of one pack; a guest needs a code of its own.
    guest.uscc = codes::Uscc::compose('1', '1', division, "90010002").map_err(Error::internal)?.as_str().to_owned();
    (guest.key, guest.parent) = (consumer.to_owned(), None);
    Ok(guest)
}

/// What the second province's office gave the first's to see.
async fn permit(app: &App, (first, consumer): (&App, &str)) -> Result<()> {
    let ctx = Ctx::system(&app.platform, "demo.two-cities");
    let guest = guest(first, consumer)?;
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC)?;
    let known = consumer.to_owned();
    ctx.db()
        .write(grant, move |tx| {
            directory::seed::insert_organisations(tx, &[guest])?;
            tx.audited(Entry { event: "organisation.known", object: &known, ..Entry::default() }, ())
        })
        .await?;
    app.directory.reload().await?;
    let fields = across::FIELDS.map(str::to_owned).to_vec();
    let (valid_from, valid_to) = (ctx.now(), Some(ctx.now().plus(365 * DAY)));
    let (consumer, purpose, basis) = (consumer.to_owned(), across::ITEM.into(), BASIS.into());
    let seed = GrantSeed { consumer, purpose, resource: across::REGISTER.into(), fields, basis, valid_from, valid_to };
    let (exchange, grant) = (app.exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC)?);
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &[seed])).await.map(|_| ())
}
