//! `demo --two-cities`: a second city in another province, with its own data, keys and gateway, federated with the first;
//! and a fact that is fetched across.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use directory::Organisation;
use exchange::GrantSeed;
use gateway::body::Outgoing;
use gateway::federation::{self, Federation, Member, Server as Listed};
use gateway::pool::{Origin, Tcp};
use http_body_util::BodyExt;
use platform::audit::Entry;
use platform::clock::{Clock, DAY, SECOND};
use platform::config::Config;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use seal::keys::{Ed25519Key, Signer};

use super::seeding::{self, Scale};
use crate::doors::Doors;
use crate::embedded;
use crate::packs::text_of;
use crate::serve::Server;
use crate::wiring::{App, open_platform};

const RESIDENTS: u32 = 2_000;
/// The member class of the second province's organisations: 北原省 "Beiyuan Province", fictional.
const CLASS: &str = "BEI";
const CLASS_OF_FIRST: &str = "GOV";
const PURPOSE: &str = "residence-permit";
const BASIS: &str = "Agreement of the two provinces on handling matters for each other's residents (fictional)";

/// Where the federation document lies and who signs it: an authority of this start alone.
pub struct Federating {
    key: Ed25519Key,
    folder: PathBuf,
}

impl Federating {
    pub fn new(data: &Path) -> Result<Self> {
        let folder = data.join("federation");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { key: Ed25519Key::from_bytes(&platform::chance::bytes()), folder })
    }

    fn document(&self) -> PathBuf {
        self.folder.join("federation.jws")
    }

    /// The demo pack's roster with the federation's source, under another class for the second city.
    pub fn roster(&self, class: &str) -> Result<PathBuf> {
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

    pub fn first(&self) -> Result<PathBuf> {
        self.roster(CLASS_OF_FIRST)
    }

    /// Signs and publishes who takes part.
    fn publish(&self, cities: [&City<'_>; 2]) -> Result<()> {
        let now = Clock::World.now();
        let mut servers = Vec::new();
        let mut everybody = Vec::new();
        for city in cities {
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
            servers.push(Listed { server, address, keys, certificates: Vec::new(), subsystems });
        }
        let (issued_at, version) = (now.0 / SECOND, u64::try_from(now.0 / SECOND).unwrap_or(1));
        let groups = BTreeMap::from([("federation".to_owned(), everybody)]);
        let expires_at = issued_at + 30 * DAY / SECOND;
        let document = Federation { instance: "NP".into(), version, issued_at, expires_at, servers, groups };
        Ok(std::fs::write(self.document(), federation::sign(&document, &self.key)?)?)
    }
}

/// A city that is about to be served.
pub struct City<'a> {
    pub app: &'a App,
    pub doors: &'a Doors,
}

fn closed() -> Error {
    Error::Internal("a gateway is closed".into())
}

fn address_of(doors: &Doors, door: &str) -> Result<String> {
    let found = doors.addresses()?.into_iter().find(|(name, _)| *name == door);
    found.map(|(_, address)| address.to_string()).ok_or_else(closed)
}

/// Makes the second city (once), serves it, publishes the federation, and when both have taken it up fetches a fact of one
/// of its residents for the first city's public security.
pub async fn begin(federating: Federating, first: City<'_>, config: &Config) -> Result<()> {
    let mut config = config.clone();
    config.data.dir = config.data.dir.join("second-city");
    config.database.url.clear();
    config.gateway.roster = federating.roster(CLASS)?;
    for name in [&mut config.site.name.zh_hans, &mut config.site.name.zh_hant, &mut config.site.name.en] {
        name.push_str(" · 2");
    }
    let server = Server::bind("127.0.0.1:0").await?;
    config.http.public_address = format!("http://{}", server.address);
    let platform = open_platform(config, Clock::World).await?;
    let number = resident(&platform).await?;
    let number = match number {
        Some(number) => number,
        None => {
            seeding::make(&platform, Scale::of(RESIDENTS, 2), &mut |_| ()).await?;
            resident(&platform).await?.ok_or_else(|| Error::Internal("the second city has no residents".into()))?
        }
    };
    let app = App::open(&platform).await?;
    let doors = Doors::bind(&platform).await?;
    let consumer = subsystem(first.app, "public-security")?;
    permit(&app, (first.app, &consumer)).await?;
    federating.publish([&first, &City { app: &app, doors: &doors }])?;
    println!("  the second city: http://{}", server.address);
    let provider = subsystem(&app, "public-security")?;
    let path =
        format!("/r1/{provider}/population/{number}?fields=name,residence_division&purpose={PURPOSE}&basis=agreement");
    tokio::spawn(show(address_of(first.doors, "information systems")?, (path, consumer)));
    tokio::spawn(async move {
        if let Err(error) = server.run(app, doors).await {
            eprintln!("the second city ended: {error}");
        }
    });
    Ok(())
}

fn subsystem(app: &App, code: &str) -> Result<String> {
    let roster = app.gateway.as_ref().map(|gateway| gateway.roster()).ok_or_else(closed)?;
    let found = roster.listed.iter().find(|listed| listed.id.subsystem.as_deref() == Some(code));
    found.map(|listed| listed.id.to_string()).ok_or_else(closed)
}

/// Somebody of the second city.
async fn resident(platform: &Platform) -> Result<Option<String>> {
    let grant = Ctx::system(platform, "demo").allow(Action::HallRead, &On::PUBLIC)?;
    platform.db().read(grant, directory::seed::some_person).await
}

/// The first city's public security as the second city's directory knows it: by its name in the federation.
fn guest(first: &App, consumer: &str) -> Result<Organisation> {
    let organisations = first.directory.organisations();
    let mut guest = organisations.find("public-security").cloned().ok_or_else(closed)?;
    let division = codes::DivisionCode::parse(&guest.division).map_err(Error::internal)?;
    // Both fictional cities have the organisations of one pack; a guest needs a code of its own.
    guest.uscc = codes::Uscc::compose('1', '1', division, "90010002").map_err(Error::internal)?.as_str().to_owned();
    (guest.key, guest.parent) = (consumer.to_owned(), None);
    Ok(guest)
}

/// What the second province's public security gave the first's to see.
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
    let fields = ["name", "residence_division"].map(str::to_owned).to_vec();
    let (valid_from, valid_to) = (ctx.now(), Some(ctx.now().plus(365 * DAY)));
    let (consumer, purpose, basis) = (consumer.to_owned(), PURPOSE.into(), BASIS.into());
    let seed = GrantSeed { consumer, purpose, resource: "population".into(), fields, basis, valid_from, valid_to };
    let (exchange, grant) = (app.exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC)?);
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &[seed])).await.map(|_| ())
}

/// Asks until the federation stands, then prints the answer.
async fn show(gateway: String, (path, client): (String, String)) {
    let mut last = String::new();
    for _ in 0..30 {
        match ask(&gateway, (&path, &client)).await {
            Ok((200, body)) => {
                println!("  fetched across provinces: GET {path}\n    {body}");
                return;
            }
            Ok((status, body)) => last = format!("{status} {body}"),
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    eprintln!("nothing could be fetched across provinces: {last}");
}

async fn ask(gateway: &str, (path, client): (&str, &str)) -> Result<(u16, String)> {
    let origin = Origin::new(gateway, Box::new(Tcp { authority: gateway.to_owned() }), Duration::from_secs(5));
    let request = axum::http::Request::get(path)
        .header("host", gateway)
        .header("x-road-client", client)
        .body(Outgoing::empty())
        .map_err(Error::internal)?;
    let answering = origin.send(request).await.map_err(|error| Error::Unavailable(format!("{error:?}")))?;
    let status = answering.response.status().as_u16();
    let body = answering.split().0.into_body().collect().await.map_err(Error::internal)?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}
