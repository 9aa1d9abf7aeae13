//! A deployment in a temporary folder: a real database, real keys, the demo city's types, and people who sign in.
//! SQLite; PostgreSQL when TONGBAN_TEST_PG names an administrator's URL, with a database of its own for each test.
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use certificates::{Certificates, Holder, Issue, Issuer, Prepared, Types, actions};
use directory::Directory;
use exchange::Exchange;
use http_body_util::BodyExt;
use platform::clock::{Clock, Timestamp};
use platform::config::Config;
use platform::db::{Migration, Tx};
use platform::i18n::{Text, Texts};
use platform::platform::{Parts, Platform};
use platform::policy::{Action, Actor, ActorKind, On, Post, Role};
use platform::routes::Routes;
use platform::session::{self, Actors, Lifetime};
use platform::{Ctx, Result};
use registry::{Catalogue, Names, Registry};
use serde_json::json;
use time::Date;
use time::macros::date;
use tower::ServiceExt;

pub const TODAY: Date = date!(2026 - 11 - 21);
pub const OWNER: &str = "per_0000000000000000000000001a";
pub const STRANGER: &str = "per_0000000000000000000000002b";
pub const DECIDER: &str = "off_0000000000000000000000003c";
pub const CLERK: &str = "off_0000000000000000000000004d";
pub const ID_NUMBER: &str = "990102195803141222";

pub struct TestCity {
    pub platform: Platform,
    pub certificates: Certificates,
    pub clock: Clock,
    router: Router,
    _dir: tempfile::TempDir,
}

/// Whoever the session names: persons by their identifier, officials with a post at civil affairs.
struct Everybody;

impl Actors for Everybody {
    fn load(&self, _: &mut Tx<'_>, kind: ActorKind, id: &str, _: Option<&str>) -> Result<Option<Actor>> {
        Ok(Some(actor(kind, id)))
    }
}

fn actor(kind: ActorKind, id: &str) -> Actor {
    let role = if id == CLERK { Role::Clerk } else { Role::Decider };
    let post = Post { role, office: "civil-affairs".into() };
    let posts = if kind == ActorKind::Official { vec![post] } else { Vec::new() };
    let subject = if id == OWNER { ID_NUMBER.to_owned() } else { String::new() };
    Actor { kind, id: id.to_owned(), name: "王秀兰".into(), subject, posts, ..Actor::anonymous() }
}

fn folder(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn texts() -> Texts {
    let mut sources = Vec::new();
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        for file in ["certificates.ftl", "codes.ftl", "exchange.ftl", "shell.ftl"] {
            let text = std::fs::read_to_string(folder("locales").join(lang).join(file)).unwrap();
            sources.push((lang, file, text));
        }
    }
    Texts::load(sources.iter().map(|(lang, file, text)| (*lang, *file, text.as_str()))).unwrap()
}

fn types() -> Types {
    let files = std::fs::read_dir(folder("packs/demo/certificates")).unwrap().map(|entry| entry.unwrap().path());
    let texts: Vec<(String, String)> =
        files.map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect();
    Types::load(texts.iter().map(|(file, text)| (file.as_str(), text.as_str()))).unwrap()
}

/// The feature with what it stands on, and the pages of both it and the trail.
fn features(platform: &Platform) -> (Certificates, Routes) {
    let names = || Names::new(|key| Some(Text { zh_hans: key.into(), zh_hant: key.into(), en: key.into() }));
    let exchange = Exchange::new(exchange::Parts {
        platform: platform.clone(),
        registry: Registry::new(platform, Catalogue::default(), names()),
        directory: Directory::new(platform.clone()),
        grants: exchange::Rules {
            days: 10,
            extension_days: 10,
            remind_days: 3,
            warn_days: 30,
            longest_days: 1_096,
            silence: platform::config::Silence::Escalate,
            overseer: String::new(),
        },
        items: names(),
        listed: Arc::new(Vec::new),
        cases: exchange::Cases {
            href: |case| format!("/my/cases/{case}"),
            id_of: |_, _| Ok(None),
            number_of: |_, _| Ok(None),
        },
        question_days: 10,
        calendar: Arc::new(codes::WorkCalendar::embedded()),
        connectors: HashMap::new(),
    });
    let certificates = Certificates::new(&exchange, &Directory::new(platform.clone()), Arc::new(types())).unwrap();
    let routes = certificates.routes().merge(exchange.routes());
    (certificates, routes)
}

async fn postgres(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The URL of a fresh database on the server of the tests; empty: SQLite.
async fn database_url() -> String {
    let Ok(server) = std::env::var("TONGBAN_TEST_PG") else { return String::new() };
    let name = format!("certificates_{}", &platform::chance::sha256_hex(&platform::chance::bytes::<16>())[..16]);
    postgres(&server).await.execute(&format!("CREATE DATABASE {name}"), &[]).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

impl TestCity {
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::set_to(Timestamp::start_of(TODAY, time::macros::offset!(+8)).plus(10 * 3_600_000_000));
        let mut config = Config::default();
        config.data.dir = dir.path().to_owned();
        config.database.url = database_url().await;
        config.database.connections = 2;
        config.http.public_address = "https://services.example/".into();
        let platform = Platform::open(Parts {
            config,
            clock: clock.clone(),
            texts: texts(),
            assets: platform::page::Assets::default(),
            actors: Box::new(Everybody),
            navigation: |_| Vec::new(),
        })
        .unwrap();
        let files = std::fs::read_dir(folder("migrations")).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> = files.map(|path| (path.file_name().unwrap().to_owned(), path)).collect();
        files.sort();
        let read = |(name, path): &(std::ffi::OsString, std::path::PathBuf)| {
            (name.to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        };
        let read: Vec<(String, String)> = files.iter().map(read).collect();
        let list: Vec<Migration<'_>> = read.iter().map(|(name, sql)| Migration { name, sql }).collect();
        platform.db().migrate(&list).await.unwrap();
        let (certificates, routes) = features(&platform);
        let router = platform::http::layers(&platform, routes.into_router());
        let city = Self { platform, certificates, clock, router, _dir: dir };
        // Past the program: the log of the tests begins with the first certificate.
        city.tamper(&format!("INSERT INTO directory_person VALUES ('{OWNER}', '{ID_NUMBER}', '王秀兰', 1)")).await;
        city
    }

    pub fn system(&self) -> Ctx {
        Ctx::system(&self.platform, "test")
    }

    /// Prepares and issues in one transaction, as a decision does.
    pub async fn issue(&self, issue: &Issue) -> Prepared {
        let prepared = self.certificates.prepare(issue).await.unwrap();
        let grant = self.system().allow(Action::CertificateIssue, &On::PUBLIC).unwrap();
        let one = prepared.clone();
        let issued = self.platform.db().write(grant, move |tx| actions::issue(tx, &one)).await.unwrap();
        assert_eq!(issued.number, prepared.number());
        prepared
    }

    pub async fn seal(&self) {
        platform::audit::log::seal_all(&self.platform).await.unwrap();
    }

    /// Changes the database behind the program's back.
    pub async fn tamper(&self, sql: &str) {
        let url = platform::platform::database_url(self.platform.config());
        let done = if url.starts_with("postgres") {
            postgres(&url).await.execute(sql, &[]).await.unwrap()
        } else {
            rusqlite::Connection::open(url).unwrap().execute(sql, []).unwrap() as u64
        };
        assert_eq!(done, 1, "{sql}");
    }

    /// Takes the trail away: nothing can be written to it any more.
    pub async fn forget_trail(&self) {
        let grant = self.system().allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let drop = |tx: &mut Tx<'_>| {
            tx.exec("DROP TABLE exchange_trail", &[])?;
            tx.audited(platform::audit::Entry { event: "test.hand", ..Default::default() }, ())
        };
        self.platform.db().write(grant, drop).await.unwrap();
    }

    pub async fn sign_in(&self, kind: ActorKind, id: &str) -> Caller<'_> {
        let lifetime = Lifetime::of(&self.platform.config().session);
        let token = session::begin(self.platform.db(), &actor(kind, id), None, lifetime).await.unwrap();
        Caller { city: self, cookie: Some(format!("__Host-session={token}; lang=en")) }
    }

    pub fn anyone(&self) -> Caller<'_> {
        Caller { city: self, cookie: None }
    }
}

pub struct Caller<'a> {
    city: &'a TestCity,
    cookie: Option<String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{text:?} is not in {}: {}", self.status, self.body);
        self
    }

    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} is in: {}", self.body);
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Caller<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn get_json(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "application/json"), Body::empty()).await
    }

    /// Sends a form; the session's token is read from `page` first, when one is given.
    pub async fn post(&self, path: &str, page: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        if let Some(page) = page {
            let form = self.get(page).await.body;
            let (_, rest) = form.split_once("name=\"csrf\" value=\"").unwrap();
            body = format!("csrf={}&", rest.split('"').next().unwrap());
        }
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", platform::page::encode(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body + &pairs.join("&"))).await
    }

    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookie = self.cookie.clone().unwrap_or_else(|| "lang=en".to_owned());
        let request = request.header(header::COOKIE, cookie).body(body).unwrap();
        let response = self.city.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// A senior card for the owner, valid for good.
pub fn senior_card() -> Issue {
    let name = |hans: &str, en: &str| Text { zh_hans: hans.into(), zh_hant: hans.into(), en: en.into() };
    let fields = BTreeMap::from([
        ("holder-name".to_owned(), json!("王秀兰")),
        ("holder-id".to_owned(), json!(ID_NUMBER)),
        ("sex".to_owned(), json!("2")),
        ("birth-date".to_owned(), json!("1958-03-14")),
        ("address".to_owned(), json!("云岭市青溪区文昌路16号")),
    ]);
    Issue {
        type_key: "senior-card".into(),
        issuer: Issuer {
            key: "civil-affairs".into(),
            uscc: "11990100010003002G".into(),
            name: name("云岭市民政局", "Yunling City Civil Affairs Bureau"),
        },
        holder: Holder { owner: OWNER.into(), name: "王秀兰".into(), number: ID_NUMBER.into() },
        fields,
        case: "case_1".into(),
        item: "senior-card".into(),
        valid_from: TODAY,
        valid_to: None,
        on: TODAY,
    }
}
