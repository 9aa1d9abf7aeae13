//! A platform on a real database (SQLite in a temporary folder; PostgreSQL when TONGBAN_TEST_PG names a server), with the
//! demo city's catalogue.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses a part of it
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use platform::clock::{Clock, DAY};
use platform::config::Config;
use platform::db::{Migration, Row, Tx};
use platform::i18n::{Text, Texts};
use platform::page::Assets;
use platform::platform::Parts;
use platform::policy::{Action, Actor, ActorKind, Grant, On, Post, Role};
use platform::session::{self, Actors, Lifetime};
use platform::{Ctx, Platform, Result};
use registry::{Catalogue, Names, Registry, Resource};
use tower::ServiceExt;

/// 2026-11-21 10:00 in the zone of the deployment.
pub const NOW: i64 = 1_795_226_400_000_000;

/// Two clerks: one whose office uses facts, one whose office provides the dishonesty list.
struct Clerks;

pub fn clerk(id: &str) -> Option<Actor> {
    let office = match id {
        "off_asker" => "civil-affairs",
        "off_provider" => "development",
        _ => return None,
    };
    let posts = vec![Post { role: Role::Clerk, office: office.to_owned() }];
    let actor = Actor { kind: ActorKind::Official, posts, ..Actor::system(id) };
    Some(Actor { name: format!("Official {id}"), ..actor })
}

impl Actors for Clerks {
    fn load(&self, _: &mut Tx<'_>, _: ActorKind, id: &str, _: Option<&str>) -> Result<Option<Actor>> {
        Ok(clerk(id))
    }
}

pub struct Place {
    pub platform: Platform,
    pub registry: Registry,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

pub fn texts() -> Texts {
    let mut sources = Vec::new();
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        for file in std::fs::read_dir(root().join("locales").join(lang)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            sources.push((lang, name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    // Other crates' texts may be in the making; the ones asked for here must stand in all languages.
    let ours = |name: &str| ["registry.ftl", "codes.ftl", "shell.ftl"].contains(&name);
    Texts::load(sources.iter().filter(|(_, name, _)| ours(name)).map(|(l, n, t)| (*l, n.as_str(), t.as_str()))).unwrap()
}

pub fn resources() -> Vec<Resource> {
    let folder = root().join("packs/demo/registers");
    let mut resources = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        resources.push(Resource::parse(&path.to_string_lossy(), &std::fs::read_to_string(&path).unwrap()).unwrap());
    }
    resources
}

fn names(key: &str) -> Option<Text> {
    let text = |lang: &str| format!("{key} in {lang}");
    Some(Text { zh_hans: text("zh-Hans"), zh_hant: text("zh-Hant"), en: text("en") })
}

/// The address of a fresh database on the server of the tests; empty: SQLite.
async fn database_url() -> String {
    let Ok(server) = std::env::var("TONGBAN_TEST_PG") else { return String::new() };
    let name = format!("registry_{}", &platform::chance::sha256_hex(&platform::chance::bytes::<16>())[..16]);
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.execute(&format!("CREATE DATABASE {name}"), &[]).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

impl Place {
    pub async fn new() -> Self {
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
            actors: Box::new(Clerks),
            navigation: |_| Vec::new(),
        };
        let platform = Platform::open(parts).unwrap();
        let migrations = [
            Migration { name: "0001_platform.sql", sql: include_str!("../../../../migrations/0001_platform.sql") },
            Migration { name: "0003_registry.sql", sql: include_str!("../../../../migrations/0003_registry.sql") },
            Migration {
                name: "0008_registry_catalogue.sql",
                sql: include_str!("../../../../migrations/0008_registry_catalogue.sql"),
            },
        ];
        platform.db().migrate(&migrations).await.unwrap();
        let catalogue = Catalogue::build(resources()).unwrap();
        let registry = Registry::new(&platform, catalogue, Names::new(names));
        Self { platform, registry, clock, _folder: folder }
    }

    pub fn ctx(&self) -> Ctx {
        Ctx::system(&self.platform, "test")
    }

    pub fn grant(&self) -> Grant {
        self.ctx().allow(Action::RegistryImport, &On::PUBLIC).unwrap()
    }

    pub async fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
        self.platform.db().read(self.grant(), f).await.unwrap()
    }

    pub async fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.read(move |tx| tx.query(sql, &[])).await
    }

    pub fn later(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::SeqCst);
    }

    /// A page as a stranger sees it in English.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let router: Router = platform::http::layers(&self.platform, self.registry.routes().into_router());
        let request = Request::get(path).header("accept-language", "en").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// A form sent by one of the clerks: the status and the page.
    pub async fn post(&self, id: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let lifetime = Lifetime { idle: 1_000 * DAY, absolute: 1_000 * DAY };
        let token = session::begin(self.platform.db(), &clerk(id).unwrap(), None, lifetime).await.unwrap();
        let of = token.clone();
        let found = self.read(move |tx| session::find(tx, &of, lifetime)).await.unwrap();
        let pairs = std::iter::once(("csrf", found.csrf.as_str())).chain(fields.iter().copied());
        let body: Vec<String> =
            pairs.map(|(name, value)| format!("{name}={}", platform::page::encode(value))).collect();
        let request = Request::post(path)
            .header("cookie", format!("session={token}; lang=en"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        let router: Router = platform::http::layers(&self.platform, self.registry.routes().into_router());
        let response = router.oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}
