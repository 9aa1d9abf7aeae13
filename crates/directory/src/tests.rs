//! The crate on a real database and behind the platform's layers: loading, actors, sign-in.
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use platform::audit::Entry;
use platform::clock::{Clock, DAY, Timestamp};
use platform::config::Config;
use platform::db::{Migration, Tx};
use platform::i18n::{Lang, Texts};
use platform::ids::Id;
use platform::page::{Assets, encode};
use platform::platform::Parts;
use platform::policy::{Action, Actor, ActorKind, On, Post, Role};
use platform::{Ctx, Error, Platform, Result};
use tower::ServiceExt;

use crate::model::Holder;
use crate::*;

const NOW: Timestamp = Timestamp(1_795_000_000_000_000);
const PERSON: &str = "per_00000000000000000000000001";
const LEFT: &str = "per_00000000000000000000000002";
const SHOP: &str = "ent_00000000000000000000000001";
const GONE: &str = "ent_00000000000000000000000002";
const OFFICIAL: &str = "off_00000000000000000000000001";
const NUMBER: &str = "11010519491231002X";

fn root(path: &str) -> String {
    let file = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn person(id: &str, number: &str) -> Person {
    Person { id: PersonId::from_text(id.into()), number: number.into(), name: "王秀兰".into(), active: id != LEFT }
}

fn mandate(enterprise: &str, to: Option<Timestamp>) -> Mandate {
    let (person, enterprise) = (PersonId::from_text(PERSON.into()), EnterpriseId::from_text(enterprise.into()));
    Mandate { person, enterprise, basis: Basis::WrittenAuthority, from: NOW, to }
}

fn load_people(tx: &mut Tx<'_>) -> Result<u64> {
    let left = person(LEFT, "110105194912310038");
    let enterprise = |id: &str, uscc: &str| Enterprise {
        id: EnterpriseId::from_text(id.into()),
        uscc: uscc.into(),
        name: "溪桥面馆".into(),
        legal_representative: Some(left.id.clone()),
        active: id == SHOP,
    };
    let official = Official { id: OfficialId::from_text(OFFICIAL.into()), name: "李敏".into(), active: true };
    let post = Post { role: Role::Clerk, office: "civil-affairs".into() };
    let post = OfficialPost { official: official.id.clone(), post };
    let mut rows = seed::insert_persons(tx, &[person(PERSON, NUMBER), left.clone()])?;
    rows += seed::insert_enterprises(tx, &[enterprise(SHOP, "91990102MA0000001A"), enterprise(GONE, "x")])?;
    rows += seed::insert_mandates(tx, &[mandate(SHOP, Some(NOW.plus(DAY))), mandate(GONE, None)])?;
    rows += seed::insert_officials(tx, std::slice::from_ref(&official))?;
    rows += seed::insert_posts(tx, &[post])?;
    let account = |login: &str, holder| -> Result<Account> {
        let settings = platform::config::SignIn { argon2_kib: 64, argon2_rounds: 1, ..Default::default() };
        Ok(Account { login: login.into(), holder, password: seed::password_hash("right", &[7; 16], &settings)? })
    };
    let accounts = [
        account("Wang.Xiulan", Holder::Person(PersonId::from_text(PERSON.into())))?,
        account("gone", Holder::Person(left.id))?,
        account("li.min.mz", Holder::Official(official.id))?,
    ];
    Ok(rows + seed::insert_accounts(tx, &accounts)?)
}

fn load(tx: &mut Tx<'_>) -> Result<u64> {
    let organisations = Organisations::parse(&root("packs/demo/organisations/organisations.yaml"));
    let divisions = Divisions::parse(&root("packs/demo/divisions.yaml"));
    seed::insert_organisations(tx, &organisations.map_err(Error::Internal)?)?;
    seed::insert_divisions(tx, &divisions.map_err(Error::Internal)?)?;
    load_people(tx)
}

/// A platform on an empty data folder, with the demo's organisations and a few people.
struct Given {
    _folder: tempfile::TempDir,
    clock: Clock,
    directory: Directory,
    router: Router,
}

impl Given {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::set_to(NOW);
        let mut config = Config::default();
        config.data.dir = folder.path().to_owned();
        (config.sign_in.argon2_kib, config.sign_in.argon2_rounds) = (64, 1);
        let sources = Lang::ALL.map(|lang| (lang, root(&format!("locales/{}/directory.ftl", lang.tag()))));
        let texts =
            Texts::load(sources.iter().map(|(lang, text)| (lang.tag(), "directory.ftl", text.as_str()))).unwrap();
        let (actors, navigation) = (Box::new(DirectoryActors), |_: &Actor| Vec::new());
        let parts = Parts { config, clock: clock.clone(), texts, assets: Assets::default(), actors, navigation };
        let platform = Platform::open(parts).unwrap();
        let files = ["0001_platform.sql", "0002_directory.sql"].map(|name| (name, root(&format!("migrations/{name}"))));
        let migrations: Vec<Migration<'_>> = files.iter().map(|(name, sql)| Migration { name, sql }).collect();
        platform.db().migrate(&migrations).await.unwrap();
        let directory = Directory::new(platform.clone());
        let router = platform::http::layers(&platform, directory.routes().into_router());
        let given = Self { _folder: folder, clock, directory, router };
        assert_eq!(given.write(load).await.unwrap(), 11);
        given.directory.reload().await.unwrap();
        given
    }

    fn ctx(&self) -> Ctx {
        Ctx::system(&self.directory.platform, "test")
    }

    async fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
        let grant = self.ctx().allow(Action::PackLoad, &On::PUBLIC)?;
        let entry = Entry { event: "pack.loaded", ..Entry::default() };
        let run = move |tx: &mut Tx<'_>| f(tx).and_then(|value| tx.audited(entry, value));
        self.directory.platform.db().write(grant, run).await
    }

    async fn actor(&self, kind: ActorKind, id: &'static str, acting_for: Option<&'static str>) -> Option<Actor> {
        let load = move |tx: &mut Tx<'_>| platform::session::Actors::load(&DirectoryActors, tx, kind, id, acting_for);
        self.write(load).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        let request = Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT_LANGUAGE, "en");
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// Sends a form as a browser would: reads the page for its token first.
    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
        let page = self.get(if path == "/sign-out" { "/my/account" } else { path }, cookie).await;
        let visitor = cookies(&page);
        let page = text(page).await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut body = format!("csrf={csrf}");
        fields.iter().for_each(|(name, value)| body.push_str(&format!("&{name}={}", encode(value))));
        let request = Request::post(path)
            .header(header::COOKIE, format!("{cookie}; {visitor}"))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    async fn sign_in(&self, login: &str, password: &str) -> Response {
        self.post("/sign-in", "", &[("login", login), ("password", password)]).await
    }
}

/// The Set-Cookie lines as a Cookie header.
fn cookies(response: &Response) -> String {
    let lines = response.headers().get_all(header::SET_COOKIE).iter();
    let pairs: Vec<&str> = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

fn location(response: &Response) -> &str {
    response.headers().get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn loading_twice_changes_nothing_and_contradictions_are_refused() {
    let given = Given::new().await;
    assert_eq!(given.write(load_people).await.unwrap(), 0);
    let other = person("per_00000000000000000000000009", NUMBER);
    let error = given.write(move |tx| seed::insert_persons(tx, &[other])).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    let found = given.write(|tx| person_by_number(tx, NUMBER)).await.unwrap().unwrap();
    assert_eq!(found, person(PERSON, NUMBER));
    let found = given.write(|tx| enterprise_by_number(tx, "91990102MA0000001A")).await.unwrap().unwrap();
    assert_eq!(found.legal_representative, Some(PersonId::from_text(LEFT.into())));
    let id = OfficialId::from_text(OFFICIAL.into());
    assert_eq!(given.write(move |tx| official_name(tx, &id)).await.unwrap().as_deref(), Some("李敏"));
    let (organisations, divisions) = (given.directory.organisations(), given.directory.divisions());
    let market = organisations.resolve("market@{division}", "990102001001").unwrap();
    assert_eq!((market.key.as_str(), market.division.as_str()), ("market@990102", "990102"));
    assert_eq!(divisions.find("990102").unwrap().name.en, "Qingxi District");
}

#[tokio::test]
async fn actors_are_what_they_are_at_this_moment() {
    let given = Given::new().await;
    let actor = given.actor(ActorKind::Person, PERSON, None).await.unwrap();
    assert_eq!((actor.subject.as_str(), actor.acting_for), (NUMBER, None));
    assert_eq!(given.actor(ActorKind::Person, LEFT, None).await, None);
    let agent = given.actor(ActorKind::Person, PERSON, Some(SHOP)).await.unwrap();
    assert_eq!(agent.party().subject, "91990102MA0000001A");
    assert_eq!(given.actor(ActorKind::Person, PERSON, Some(GONE)).await, None, "the enterprise is deregistered");
    given.clock.advance(DAY);
    assert_eq!(given.actor(ActorKind::Person, PERSON, Some(SHOP)).await, None, "the mandate has ended");
    let official = given.actor(ActorKind::Official, OFFICIAL, None).await.unwrap();
    assert_eq!(official.offices(), ["civil-affairs"]);
}

#[tokio::test]
async fn signing_in_leads_home_or_back_but_never_away() {
    let given = Given::new().await;
    let response = given.sign_in(" wang.XIULAN", "right").await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/my"));
    let session = cookies(&response);
    let account = text(given.get("/my/account", &session).await).await;
    assert!(account.contains("王秀兰") && account.contains("1****************X") && !account.contains(NUMBER));
    assert_eq!(location(&given.sign_in("li.min.mz", "right").await), "/inbox");
    for (back, to) in [("/items/senior-card", "/items/senior-card"), ("//evil.example", "/my")] {
        let fields = [("login", "wang.xiulan"), ("password", "right"), ("back", back)];
        assert_eq!(location(&given.post("/sign-in", "", &fields).await), to);
    }
    let response = given.post("/sign-out", &session, &[]).await;
    assert_eq!(location(&response), "/");
    assert_eq!(given.get("/my/account", &session).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn refusals_look_alike_keep_the_login_and_end_in_waiting() {
    let given = Given::new().await;
    let mut pages = Vec::new();
    for (login, password) in [("wang.xiulan", "wrong"), ("nobody", "right"), ("gone", "right")] {
        let response = given.sign_in(login, password).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(response).await;
        assert!(page.contains(&format!("value=\"{login}\"")) && page.contains("do not belong together"));
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        pages.push(page.replace(login, "").replace(&csrf, ""));
    }
    assert!(pages[0] == pages[1] && pages[1] == pages[2]);
    for _ in 0..4 {
        given.sign_in("wang.xiulan", "wrong").await;
    }
    let response = given.sign_in("wang.xiulan", "right").await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key(header::RETRY_AFTER));
    given.clock.advance(DAY);
    assert_eq!(location(&given.sign_in("wang.xiulan", "right").await), "/my");
    let empty = text(given.sign_in("", "").await).await;
    assert!(empty.contains("href=\"#login\"") && empty.contains("href=\"#password\""));
}

#[tokio::test]
async fn acting_for_an_enterprise_takes_a_mandate_and_a_new_session() {
    let given = Given::new().await;
    let session = cookies(&given.sign_in("wang.xiulan", "right").await);
    let form = text(given.get("/my/act-for", &session).await).await;
    assert!(form.contains(SHOP) && !form.contains(GONE), "only what holds now can be chosen");
    for party in ["", GONE, "ent_forged"] {
        let response = given.post("/my/act-for", &session, &[("party", party)]).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{party}");
    }
    let response = given.post("/my/act-for", &session, &[("party", SHOP)]).await;
    assert_eq!(location(&response), "/my");
    let agent = cookies(&response);
    assert_ne!(agent, session);
    assert_eq!(given.get("/my/account", &session).await.status(), StatusCode::SEE_OTHER, "the old session is over");
    assert!(text(given.get("/my/account", &agent).await).await.contains("Acting for"));
    let response = given.post("/my/act-for", &agent, &[("party", "self")]).await;
    assert!(!text(given.get("/my/account", &cookies(&response)).await).await.contains("Acting for"));
    let official = cookies(&given.sign_in("li.min.mz", "right").await);
    assert_eq!(given.get("/my/act-for", &official).await.status(), StatusCode::FORBIDDEN);
    assert!(text(given.get("/my/account", &official).await).await.contains("Civil Affairs Bureau · Clerk"));
}

#[tokio::test]
async fn guesses_sent_side_by_side_do_not_get_round_the_limit() {
    let given = std::sync::Arc::new(Given::new().await);
    let guess = |n: usize| {
        let given = std::sync::Arc::clone(&given);
        tokio::spawn(async move { given.sign_in("wang.xiulan", &format!("guess {n}")).await.status() })
    };
    let guesses: Vec<_> = (0..30).map(guess).collect();
    let mut checked = 0;
    for one in guesses {
        checked += usize::from(one.await.unwrap() == StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Two are checked at once, so the last allowed one may have one beside it.
    assert!((5..=6).contains(&checked), "{checked} of 30 guesses were checked");
}
