//! A whole deployment for one test: its own data folder, its own database, a clock that is set.
use std::path::{Path, PathBuf};

use app::App;
use axum::Router;
use platform::audit::Entry;
use platform::clock::{Clock, DAY, MINUTE, Timestamp};
use platform::config::Config;
use platform::db::Row;
use platform::i18n::Lang;
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use tempfile::TempDir;

use crate::caller::Caller;
use crate::postgres::{self, OwnDatabase};
use crate::template::{self, Template};
use crate::{city, html};

/// Friday, 20 November 2026, 10:00 in the deployment's zone (+08:00).
pub const NOW: Timestamp = Timestamp(1_795_140_000_000_000);

/// What becomes of a test that leaves jobs behind that are due or have failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leftovers {
    Fail,
    Released,
}

pub struct TestApp {
    app: Option<App>,
    router: Router,
    clock: Clock,
    leftovers: Leftovers,
    // Dropped last, after everything that has files or connections open.
    stopped: Option<Stopped>,
}

/// The data of a deployment that is not running.
pub struct Stopped {
    pub folder: TempDir,
    /// Path or URL, as `--database` takes it.
    pub database: String,
    own: Option<OwnDatabase>,
}

impl Stopped {
    /// A hand that changes the data past the program.
    pub async fn change(&self, sql: &str) {
        if self.own.is_some() {
            postgres::command(&self.database, sql).await;
        } else {
            rusqlite::Connection::open(&self.database).unwrap().execute_batch(sql).unwrap();
        }
    }

    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.own.is_none()
    }

    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

/// Settings of tests: cheap passwords, few threads.
#[must_use]
pub fn settings(folder: &Path) -> Config {
    let mut config = Config::default();
    config.data.dir = folder.to_owned();
    config.http.public_address = "http://hall.yunling.example".into();
    config.database.readers = 2;
    config.database.connections = 4;
    config.sign_in.argon2_kib = 64;
    config.sign_in.argon2_rounds = 1;
    config
}

impl TestApp {
    /// The small city at `NOW`.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with changed settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let admin = postgres::admin_url();
        let template = template::ready(admin.as_deref()).await;
        Self::on(&template, admin, change).await
    }

    /// On a PostgreSQL server of the test's own.
    pub async fn on_server(admin: &str) -> Self {
        let template = template::ready(Some(admin)).await;
        Self::on(&template, Some(admin.to_owned()), |_| {}).await
    }

    async fn on(template: &Template, admin: Option<String>, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::Builder::new().prefix("tongban-test-").tempdir().unwrap();
        let data = folder.path().join("data");
        template::copy(&template.folder, &data);
        let mut config = settings(&data);
        let own = match (&admin, &template.database) {
            (Some(admin), Some(name)) => Some(OwnDatabase::make(admin, Some(name)).await),
            _ => None,
        };
        config.database.url = own.as_ref().map_or_else(String::new, |own| own.url.clone());
        change(&mut config);
        let database = platform::platform::database_url(&config);
        let clock = Clock::set_to(NOW);
        let platform = app::open_platform(config, clock.clone()).await.unwrap();
        let app = App::open(&platform).await.unwrap();
        let router = app.router();
        let stopped = Some(Stopped { folder, database, own });
        Self { app: Some(app), router, clock, leftovers: Leftovers::Fail, stopped }
    }

    #[must_use]
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("runs until it is stopped or dropped")
    }

    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.app().platform
    }

    /// This test may end with jobs that are due: it says why at the call.
    pub fn release_jobs(&mut self) {
        self.leftovers = Leftovers::Released;
    }

    pub fn advance(&self, micros: i64) {
        self.clock.advance(micros);
    }

    pub fn advance_minutes(&self, minutes: i64) {
        self.advance(minutes * MINUTE);
    }

    /// So many calendar days later, the same time of day.
    pub fn advance_days(&self, days: i64) {
        self.advance(days * DAY);
    }

    #[must_use]
    pub fn today(&self) -> time::Date {
        self.clock.now().date(self.platform().config().site.zone())
    }

    /// Runs everything that is due; how many jobs ran.
    pub async fn run_jobs(&self) -> usize {
        let mut ran = 0;
        loop {
            match platform::jobs::run_due(self.platform(), &self.app().handlers).await.unwrap() {
                0 => return ran,
                more => ran += more,
            }
        }
    }

    /// Seals the audit log, as the server does every second.
    pub async fn seal(&self) -> u64 {
        platform::audit::log::seal_all(self.platform()).await.unwrap()
    }

    #[must_use]
    pub fn anonymous(&self) -> Caller {
        Caller::new(self.router.clone(), self.platform().clone())
    }

    /// Serves on a free port of loopback, for what only a real connection shows; the address.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = self.router.clone();
        // Ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// Signs in somebody of the demo city (`app::demo::sign_ins`) or of the test's own offices (`city`).
    pub async fn sign_in(&self, key: &str) -> Caller {
        let mut caller = self.anonymous();
        self.sign_in_as(&mut caller, city::login(key)).await;
        caller
    }

    pub async fn sign_in_as(&self, caller: &mut Caller, login: &str) {
        caller.get("/sign-in").await.assert_ok();
        let answer = caller.post("/sign-in", &[("login", login), ("password", app::demo::sign_ins::PASSWORD)]).await;
        answer.assert_status(303);
        assert!(caller.cookie("session").is_some(), "no session for {login}");
        // Any page carries the new session's form token.
        caller.get("/my/account").await.assert_ok();
    }

    /// The answer to somebody who tries to sign in while nothing can be read.
    pub async fn sign_in_refused(&self) -> crate::Page {
        let mut caller = self.anonymous();
        caller.get("/sign-in").await;
        caller.post("/sign-in", &[("login", "su.yunling"), ("password", "x")]).await
    }

    /// The agent, acting for the restaurant.
    pub async fn agent_of_restaurant(&self) -> Caller {
        let mut agent = self.sign_in("agent").await;
        self.act_for_restaurant(&mut agent).await;
        agent
    }

    pub async fn act_for_restaurant(&self, agent: &mut Caller) {
        let page = agent.get("/my/act-for").await;
        let html = page.html();
        let boxes = html::elements(&html).into_iter().filter(|e| e.attribute("name") == Some("party"));
        let party = boxes.filter_map(|e| e.attribute("value").map(str::to_owned)).find(|v| v.starts_with("ent_"));
        let party = party.expect("the agent has a mandate");
        agent.post("/my/act-for", &[("party", &party)]).await.assert_status(303);
        agent.get("/my").await.assert_ok();
    }

    /// A text of the program; a missing key fails the test.
    #[must_use]
    #[track_caller]
    pub fn text(&self, lang: Lang, key: &str) -> String {
        let texts = self.platform().texts();
        assert!(texts.has(key), "there is no text {key}");
        texts.get(lang, key).to_owned()
    }

    /// Rows for an assertion that no page answers.
    pub async fn rows(&self, sql: &'static str) -> Vec<Row> {
        let grant = Ctx::system(self.platform(), "tests.look").allow(Action::HallRead, &On::PUBLIC).unwrap();
        self.platform().db().read(grant, move |tx| tx.query(sql, &[])).await.unwrap()
    }

    /// The single number that a query gives.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.rows(sql).await[0].int(0).unwrap()
    }

    /// Ends the deployment as a graceful stop does and hands over its data.
    pub async fn stop(mut self) -> Stopped {
        self.seal().await;
        self.check_jobs();
        self.close();
        self.stopped.take().expect("stopped once")
    }

    /// Starts again on data that was handed over; the clock stands at `NOW` again.
    pub async fn resume(stopped: Stopped) -> Self {
        let mut config = settings(&stopped.data());
        config.database.url.clone_from(&stopped.database);
        let clock = Clock::set_to(NOW);
        let platform = app::open_platform(config, clock.clone()).await.unwrap();
        let app = App::open(&platform).await.unwrap();
        let router = app.router();
        Self { app: Some(app), router, clock, leftovers: Leftovers::Fail, stopped: Some(stopped) }
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.platform().config().data.dir.clone()
    }

    /// Publishes an item's document beside those of the demo pack, as `pack load` does.
    pub async fn publish(&self, document: String) {
        let grant = Ctx::system(self.platform(), "tests.publish").allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let documents = vec![("a-test.yaml".to_owned(), document)];
        let write = move |tx: &mut platform::db::Tx<'_>| services::Hall::publish(tx, &documents);
        assert_eq!(self.platform().db().write(grant, write).await.unwrap(), 1, "this version stands already");
        self.app().hall.reload().await.unwrap();
    }

    /// An official of the demo city with this role in this office, signed in.
    pub async fn sign_in_at(&self, office: &str, role: &str) -> Caller {
        let sql = "SELECT a.login, p.office, p.role FROM directory_account AS a \
                   JOIN directory_post AS p ON p.official = a.subject ORDER BY a.login";
        let rows = self.rows(sql).await;
        let row = rows.iter().find(|row| row.str(1).unwrap() == office && row.str(2).unwrap() == role);
        let login = row.unwrap_or_else(|| panic!("{office} has no {role}")).text(0).unwrap();
        let mut caller = self.anonymous();
        self.sign_in_as(&mut caller, &login).await;
        caller
    }

    /// Gives an official another post as a clerk; those who are signed in keep what they have until they sign in anew.
    pub async fn add_post(&self, key: &str, office: &'static str) {
        let login = city::login(key).to_owned();
        let ctx = Ctx::system(self.platform(), "tests.post");
        let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let write = move |tx: &mut platform::db::Tx<'_>| {
            let holder =
                tx.get("SELECT subject FROM directory_account WHERE login = $1", &[(&login).into()])?.text(0)?;
            let post = [(&holder).into(), office.into()];
            tx.exec("INSERT INTO directory_post (official, office, role) VALUES ($1, $2, 'clerk')", &post)?;
            tx.audited(Entry { event: "tests.posted", ..Entry::default() }, ())
        };
        self.platform().db().write(grant, write).await.unwrap();
    }

    /// Ends the posts of an official, as the directory does when somebody leaves.
    pub async fn dismiss(&self, login: &'static str) {
        let ctx = Ctx::system(self.platform(), "tests.dismiss");
        let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let write = move |tx: &mut platform::db::Tx<'_>| {
            let holder = tx.get("SELECT subject FROM directory_account WHERE login = $1", &[login.into()])?.text(0)?;
            tx.exec("DELETE FROM directory_post WHERE official = $1", &[(&holder).into()])?;
            tx.audited(Entry { event: "tests.dismissed", ..Entry::default() }, ())
        };
        self.platform().db().write(grant, write).await.unwrap();
    }

    /// Another process of the same deployment on the same data: what survives a restart.
    pub async fn restart(mut self) -> Self {
        let config = self.platform().config().clone();
        let clock = self.clock.clone();
        self.close();
        let platform = app::open_platform(config, clock.clone()).await.unwrap();
        let app = App::open(&platform).await.unwrap();
        let router = app.router();
        let leftovers = self.leftovers;
        Self { router, app: Some(app), clock, leftovers, stopped: self.stopped.take() }
    }

    fn close(&mut self) {
        self.router = Router::new();
        self.app = None;
    }

    /// Jobs that should have run, or that failed.
    fn check_jobs(&self) {
        if self.leftovers == Leftovers::Released || std::thread::panicking() {
            return;
        }
        let Some(app) = &self.app else { return };
        let platform = app.platform.clone();
        let left = std::thread::spawn(move || postgres::blocking(due_or_failed(&platform))).join();
        let left = left.expect("the jobs can be read");
        assert!(left.is_empty(), "the test left jobs behind: {left:?}");
    }
}

async fn due_or_failed(platform: &Platform) -> Vec<(String, String, Option<String>)> {
    let grant = Ctx::system(platform, "tests.look").allow(Action::JobsRead, &On::PUBLIC).unwrap();
    let read = |tx: &mut platform::db::Tx<'_>| {
        let now = tx.now();
        tx.list(
            "SELECT kind, payload, error FROM platform_job WHERE run_at <= $1 OR state <> 0 OR error IS NOT NULL",
            &[now.into()],
            |row| Ok((row.text(0)?, row.text(1)?, row.opt_text(2)?)),
        )
    };
    platform.db().read(grant, read).await.unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if self.stopped.is_some() {
            self.check_jobs();
        }
        self.close();
    }
}
