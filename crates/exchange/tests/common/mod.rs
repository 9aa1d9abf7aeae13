//! A platform on a real database (SQLite in a temporary folder; PostgreSQL when TONGBAN_TEST_PG names a server): the demo
//! city's catalogue, a resident, an enterprise, officials.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses a part of it
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::Request;
use codes::WorkCalendar;
use directory::Directory;
use exchange::connector::Connector;
use exchange::{Ask, Cases, Exchange, GrantSeed, Parts as ExchangeParts, Rules, Subject, SubjectKind, Want};
use http_body_util::BodyExt;
use platform::clock::{Clock, DAY, Timestamp};
use platform::config::{Config, Silence};
use platform::db::{Migration, Row, Tx};
use platform::i18n::{Text, Texts};
use platform::page::Assets;
use platform::platform::Parts;
use platform::policy::{Action, Actor, ActorKind, Grant, On, Party, Post, Role};
use platform::session::{self, Actors, Lifetime};
use platform::{Ctx, Platform, Result};
use registry::{Catalogue, Names, Registry, Resource, SeedRow};
use time::macros::date;
use tower::ServiceExt;

/// Saturday, 21 November 2026, 10:00 in the zone of the deployment.
pub const NOW: i64 = 1_795_226_400_000_000;
pub const PERSON: &str = "11010519491231002X";
pub const OTHER: &str = "110105199003071239";
pub const CODE: &str = "91350100M000100Y43";
/// A case of the hall, and its number as people read it.
pub const CASE: &str = "case_01jd3k00000000000000000001";
pub const CASE_NUMBER: &str = "11990100010003002G4000104001000202611200001";

pub fn resident() -> Actor {
    person("per_1", "王秀兰", PERSON)
}

pub fn neighbour() -> Actor {
    person("per_2", "周明", OTHER)
}

pub fn agent() -> Actor {
    let party = Party { id: "ent_1".into(), name: "溪桥饭店".into(), subject: CODE.into() };
    Actor { acting_for: Some(party), ..neighbour() }
}

fn person(id: &str, name: &str, number: &str) -> Actor {
    let actor = Actor { kind: ActorKind::Person, ..Actor::system(id) };
    Actor { name: name.into(), subject: number.into(), ..actor }
}

pub fn official(id: &str, role: Role, office: &str) -> Actor {
    let posts = vec![Post { role, office: office.into() }];
    let actor = Actor { kind: ActorKind::Official, posts, ..Actor::system(id) };
    Actor { name: format!("Official {id}"), ..actor }
}

pub fn reviewer() -> Actor {
    official("off_1", Role::Reviewer, "civil-affairs")
}

/// Everybody of these tests, by identifier.
struct Everybody;

impl Actors for Everybody {
    fn load(&self, _: &mut Tx<'_>, _: ActorKind, id: &str, acting_for: Option<&str>) -> Result<Option<Actor>> {
        Ok(match (id, acting_for) {
            ("per_1", None) => Some(resident()),
            ("per_2", None) => Some(neighbour()),
            ("per_2", Some("ent_1")) => Some(agent()),
            ("off_1", _) => Some(reviewer()),
            ("off_2", _) => Some(official("off_2", Role::Decider, "civil-affairs")),
            ("off_3", _) => Some(official("off_3", Role::Decider, "hrss")),
            _ => None,
        })
    }
}

pub struct Place {
    pub platform: Platform,
    pub exchange: Exchange,
    pub registry: Registry,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn texts() -> Texts {
    let mut sources = Vec::new();
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        for name in ["exchange.ftl", "registry.ftl", "shell.ftl"] {
            let path = root().join("locales").join(lang).join(name);
            sources.push((lang, name, std::fs::read_to_string(path).unwrap()));
        }
    }
    Texts::load(sources.iter().map(|(lang, name, text)| (*lang, *name, text.as_str()))).unwrap()
}

fn catalogue() -> Catalogue {
    let mut resources = Vec::new();
    for file in std::fs::read_dir(root().join("packs/demo/registers")).unwrap() {
        let path = file.unwrap().path();
        resources.push(Resource::parse(&path.to_string_lossy(), &std::fs::read_to_string(&path).unwrap()).unwrap());
    }
    Catalogue::build(resources).unwrap()
}

pub fn three(words: &str) -> Text {
    let text = |lang: &str| format!("{words} [{lang}]");
    Text { zh_hans: text("zh-Hans"), zh_hant: text("zh-Hant"), en: text("en") }
}

fn rows() -> Vec<SeedRow> {
    let row = |resource: &str, subject: &str, data: &str| SeedRow {
        resource: resource.into(),
        subject: subject.into(),
        as_of: date!(2026 - 11 - 01),
        data: data.into(),
    };
    vec![
        row(
            "population",
            PERSON,
            r#"{"name":"王秀兰","sex":"2","birth_date":"1949-12-31","marital_status":"widowed"}"#,
        ),
        row("population", OTHER, r#"{"name":"周明","sex":"1","birth_date":"1990-03-07"}"#),
        row("education", PERSON, r#"{"level":"primary","school":"青溪小学"}"#),
        row(
            "enterprise",
            CODE,
            r#"{"name":"溪桥饭店","status":"active","legal_representative_id":"110105199003071239"}"#,
        ),
    ]
}

/// The address of a fresh database on the server of the tests; empty: SQLite.
async fn database_url() -> String {
    let Ok(server) = std::env::var("TONGBAN_TEST_PG") else { return String::new() };
    let name = format!("exchange_{}", &platform::chance::sha256_hex(&platform::chance::bytes::<16>())[..16]);
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.execute(&format!("CREATE DATABASE {name}"), &[]).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// All of them, in order: what a feature stands on may need more than its own.
fn migrations() -> Vec<(String, String)> {
    let files = std::fs::read_dir(root().join("migrations")).unwrap().map(|file| file.unwrap().path());
    let read = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
    };
    let mut all: Vec<(String, String)> = files.map(read).collect();
    all.sort();
    all
}

/// The organisations of the demo city: both sides of a grant have a credit code there.
async fn organisations(platform: &Platform) -> Directory {
    let path = root().join("packs/demo/organisations/organisations.yaml");
    let all = directory::Organisations::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let grant = Ctx::system(platform, "test").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = move |tx: &mut Tx<'_>| {
        directory::seed::insert_organisations(tx, &all)?;
        tx.audited(platform::audit::Entry { event: "test.organisations", ..Default::default() }, ())
    };
    platform.db().write(grant, write).await.unwrap();
    let directory = Directory::new(platform.clone());
    directory.reload().await.unwrap();
    directory
}

fn rules() -> Rules {
    Rules {
        days: 10,
        extension_days: 10,
        remind_days: 3,
        warn_days: 30,
        longest_days: 1_096,
        silence: Silence::Escalate,
        overseer: "gov-office".into(),
    }
}

impl Place {
    pub async fn new() -> Self {
        Self::with(HashMap::new()).await
    }

    pub async fn with(connectors: HashMap<String, Arc<dyn Connector>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = folder.path().to_owned();
        config.database.url = database_url().await;
        config.database.connections = 2;
        let clock = Arc::new(AtomicI64::new(NOW));
        let parts = Parts {
            config,
            clock: Clock::Set(Arc::clone(&clock)),
            texts: texts(),
            assets: Assets::default(),
            actors: Box::new(Everybody),
            navigation: |_| Vec::new(),
        };
        let platform = Platform::open(parts).unwrap();
        let files = migrations();
        let migrations: Vec<Migration<'_>> = files.iter().map(|(name, sql)| Migration { name, sql }).collect();
        platform.db().migrate(&migrations).await.unwrap();
        let registry = Registry::new(&platform, catalogue(), Names::new(|key| Some(three(key))));
        let directory = organisations(&platform).await;
        let exchange = Exchange::new(ExchangeParts {
            platform: platform.clone(),
            registry: registry.clone(),
            directory,
            grants: rules(),
            items: Names::new(|key| (key == "senior-card").then(|| three("Senior card"))),
            listed: Arc::new(|| vec![("senior-card".to_owned(), three("Senior card"))]),
            cases: Cases {
                href: |case| format!("/cases/{case}"),
                id_of: |_, number| Ok((number == CASE_NUMBER).then(|| CASE.to_owned())),
                number_of: |_, id| Ok((id == CASE).then(|| CASE_NUMBER.to_owned())),
            },
            question_days: 10,
            calendar: Arc::new(WorkCalendar::embedded()),
            connectors,
        });
        let place = Self { platform, exchange, registry: registry.clone(), clock, _folder: folder };
        place.platform.db().write(place.grant(), move |tx| registry.seed(tx, &rows())).await.unwrap();
        place
    }

    /// A grant of the policy for the program itself.
    pub fn grant(&self) -> Grant {
        Ctx::system(&self.platform, "test").allow(Action::PackLoad, &On::PUBLIC).unwrap()
    }

    pub async fn give(&self, grants: Vec<GrantSeed>) -> u64 {
        let exchange = self.exchange.clone();
        self.platform.db().write(self.grant(), move |tx| exchange.seed_grants(tx, &grants)).await.unwrap()
    }

    /// The grant that most tests need: names and birth dates for the senior card.
    pub async fn give_senior_card(&self) {
        self.give(vec![granted("population", &["name", "birth_date"]), granted("education", &["level"])]).await;
    }

    /// A statement that stands outside the program: somebody's hand, a fault.
    pub async fn by_hand(&self, sql: &'static str) {
        let write = move |tx: &mut Tx<'_>| {
            tx.exec(sql, &[])?;
            tx.audited(platform::audit::Entry { event: "test.hand", ..Default::default() }, ())
        };
        self.platform.db().write(self.grant(), write).await.unwrap();
    }

    pub async fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.platform.db().read(self.grant(), move |tx| tx.query(sql, &[])).await.unwrap()
    }

    pub fn ctx(&self, actor: Actor) -> Ctx {
        Ctx::new(&self.platform, actor)
    }

    pub fn later(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::SeqCst);
    }

    /// The session's cookie and form token of somebody who has signed in.
    pub async fn sign_in(&self, actor: &Actor) -> Signed {
        let lifetime = Lifetime { idle: 1_000 * DAY, absolute: 1_000 * DAY };
        let token = session::begin(self.platform.db(), actor, None, lifetime).await.unwrap();
        let find = {
            let token = token.clone();
            move |tx: &mut Tx<'_>| session::find(tx, &token, lifetime)
        };
        let found = self.platform.db().read(self.grant(), find).await.unwrap().unwrap();
        Signed { token, csrf: found.csrf }
    }

    pub async fn get(&self, who: &Signed, path: &str) -> Page {
        let request = Request::get(path).header("cookie", format!("session={}; lang=en", who.token));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, who: &Signed, path: &str, words: &str) -> Page {
        let body = format!("csrf={}&words={}", who.csrf, platform::page::encode(words));
        let request = Request::post(path)
            .header("cookie", format!("session={}; lang=en", who.token))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Page {
        let router = platform::http::layers(&self.platform, self.exchange.routes().into_router());
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get("location").map(|v| v.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Page { status, location: location.unwrap_or_default(), body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

pub struct Signed {
    pub token: String,
    pub csrf: String,
}

pub struct Page {
    pub status: u16,
    pub location: String,
    pub body: String,
}

impl Page {
    #[track_caller]
    pub fn has(&self, words: &[&str]) {
        for there in words {
            assert!(self.body.contains(there), "{there:?} is not in {}", self.body);
        }
    }

    #[track_caller]
    pub fn lacks(&self, words: &[&str]) {
        for gone in words {
            assert!(!self.body.contains(gone), "{gone:?} is in {}", self.body);
        }
    }
}

pub fn granted(resource: &str, fields: &[&str]) -> GrantSeed {
    GrantSeed {
        consumer: "civil-affairs".into(),
        purpose: "senior-card".into(),
        resource: resource.into(),
        fields: fields.iter().map(|f| (*f).to_owned()).collect(),
        basis: "Measures, article 6".into(),
        valid_from: Timestamp(NOW - DAY),
        valid_to: Some(Timestamp(NOW + 30 * DAY)),
    }
}

pub fn want(resource: &str, fields: &[&str]) -> Want {
    Want { resource: resource.into(), fields: fields.iter().map(|f| (*f).to_owned()).collect() }
}

pub fn ask(wants: Vec<Want>) -> Ask {
    Ask {
        purpose: "senior-card".into(),
        basis: exchange::basis_text(&three("Measures, article 6")),
        item: Some("senior-card".into()),
        case: Some(CASE.into()),
        consumer: "civil-affairs".into(),
        subject: Subject { kind: SubjectKind::Person, number: PERSON.into(), owner: "per_1".into() },
        wants,
        offices: vec!["civil-affairs".into()],
    }
}

pub fn about_enterprise(wants: Vec<Want>) -> Ask {
    let subject = Subject { kind: SubjectKind::Enterprise, number: CODE.into(), owner: "ent_1".into() };
    Ask { subject, ..ask(wants) }
}
