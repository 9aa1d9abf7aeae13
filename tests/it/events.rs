//! Events: published with what happened, pushed signed and in order, pulled by cursor, dead letters, nothing lost.
mod api;
mod govstack;
mod producer;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use events::{Delivered, EventId, Events, Looks, NewEvent};
use platform::audit::Entry;
use platform::clock::{DAY, SECOND};
use platform::db::Tx;
use platform::ids::Id;
use platform::jobs::Handlers;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use serde_json::{Value, json};
use tests::{Caller, Page, TestApp};

const RESIDENT: &str = "990221195903120025";
const OTHER: &str = "990102199001010015";
const BRANCH: &str = "public-security@990102";
const CITY: &str = "public-security";

/// What a subscriber got, in the order of arrival.
#[derive(Clone)]
struct Got {
    id: String,
    at: String,
    signature: String,
    body: String,
}

impl Got {
    fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Subject and sequence.
    fn place(&self) -> (String, i64) {
        let event = self.event();
        (event["subject"].as_str().unwrap().to_owned(), event["sequence"].as_str().unwrap().parse().unwrap())
    }
}

/// The status that is answered, and what came.
type Held = Arc<Mutex<(u16, Vec<Got>)>>;

/// A department's own system.
#[derive(Clone)]
struct Receiver {
    address: String,
    state: Held,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new((200, Vec::new())));
        let router = Router::new().route("/in", post(take)).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, state }
    }

    fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    fn answer(&self, status: u16) {
        self.state.lock().unwrap().0 = status;
    }

    /// What came since it was asked last.
    fn got(&self) -> Vec<Got> {
        std::mem::take(&mut self.state.lock().unwrap().1)
    }

    fn ids(&self) -> Vec<String> {
        self.got().into_iter().map(|got| got.id).collect()
    }
}

async fn take(State(state): State<Held>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(text("content-type"), "application/cloudevents+json");
    let got = Got {
        id: text("webhook-id"),
        at: text("webhook-timestamp"),
        signature: text("webhook-signature"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let mut state = state.lock().unwrap();
    state.1.push(got);
    StatusCode::from_u16(state.0).unwrap()
}

async fn app_with(receivers: &[&Receiver]) -> TestApp {
    let hosts = receivers.iter().map(|receiver| receiver.address.clone()).collect();
    TestApp::with(|config| config.events.internal_hosts = hosts).await
}

fn moved(subject: &str, day: &str) -> NewEvent {
    let data = json!({"residence_division": "990102001001", "moved_on": day}).as_object().unwrap().clone();
    NewEvent { kind: "person.moved".into(), subject: subject.into(), data, at: tests::app::NOW }
}

async fn publish(app: &TestApp, new: NewEvent) -> String {
    publish_on(app.platform(), new).await.unwrap()
}

/// By a process of the deployment.
async fn publish_on(platform: &platform::Platform, new: NewEvent) -> Result<String> {
    let grant = Ctx::system(platform, "tests.publish").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let platform = platform.clone();
    let db = platform.db().clone();
    let write = move |tx: &mut Tx<'_>| {
        let id: EventId = events::publish(tx, &platform, &new)?;
        tx.audited(Entry { event: "tests.published", ..Entry::default() }, id.as_str().to_owned())
    };
    db.write(grant, write).await
}

/// What the page shows once.
fn key_of(page: &Page) -> String {
    let html = page.html();
    html.split("id=\"key\">").nth(1).unwrap_or_else(|| panic!("{}", page.shown())).split('<').next().unwrap().to_owned()
}

/// Asks as the office's clerk; the address of the subscription.
async fn ask(clerk: &mut Caller, office: &str, address: &str) -> Page {
    ask_for(clerk, "person.moved", office, address).await
}

async fn ask_for(clerk: &mut Caller, kind: &str, office: &str, address: &str) -> Page {
    clerk.get(&format!("/events/subscriptions/new?type={kind}")).await.assert_ok();
    let way = if address.is_empty() { "pull" } else { "push" };
    let fields = [
        ("office", office),
        ("type", kind),
        ("purpose", "居住登记核对"),
        ("basis", "《居住证暂行条例》第五条"),
        ("way", way),
        ("address", address),
    ];
    clerk.post("/events/subscriptions/new", &fields).await
}

/// An approved subscription: its address and its key.
async fn subscribed(app: &TestApp, office: &str, address: &str) -> (String, String) {
    let mut decider = app.sign_in("own-decider").await;
    let mut clerk = match office {
        BRANCH | CITY => app.sign_in("own-clerk").await,
        other => app.sign_in_at(other, "clerk").await,
    };
    let page = ask(&mut clerk, office, address).await.location();
    decider.get(&page).await.assert_ok();
    decider.post(&format!("{page}/approve"), &[]).await.assert_status(303);
    clerk.get(&page).await.assert_ok();
    let shown = clerk.post(&format!("{page}/key"), &[]).await;
    shown.assert_ok();
    (page, key_of(&shown))
}

/// A subscription that waits for the publisher, and a dead letter of one that ended in time.
pub(crate) async fn subscription_and_letter(app: &TestApp) -> (String, String) {
    let (over, _) = subscribed(app, BRANCH, "").await;
    publish(app, moved(RESIDENT, "2026-11-01")).await;
    let mut clerk = app.sign_in("own-clerk").await;
    clerk.get(&over).await.assert_ok();
    clerk.post(&format!("{over}/end"), &[]).await.assert_status(303);
    let letter = clerk.get("/events/dead").await.html();
    let letter = letter.split("action=\"/events/dead/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let waits = ask(&mut clerk, BRANCH, "").await.location();
    (waits.rsplit('/').next().unwrap().to_owned(), letter)
}

#[tokio::test]
async fn a_push_is_a_signed_cloud_event_and_leaves_its_line_in_the_trail() {
    let receiver = Receiver::start().await;
    let app = app_with(&[&receiver]).await;
    let (_, secret) = subscribed(&app, BRANCH, &receiver.url()).await;
    let id = publish(&app, moved(RESIDENT, "2026-11-19")).await;
    app.run_jobs().await;
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    let (one, event) = (&got[0], got[0].event());
    assert_eq!((one.id.as_str(), event["id"].as_str().unwrap()), (id.as_str(), id.as_str()));
    assert_eq!(event["specversion"], "1.0");
    assert_eq!((&event["type"], &event["source"]), (&json!("person.moved"), &json!("/organisations/public-security")));
    assert_eq!((&event["subject"], &event["time"]), (&json!(RESIDENT), &json!("2026-11-20T10:00:00+08:00")));
    assert_eq!(
        event["subjectpseudonym"],
        json!(app.app().registry.pseudonym(RESIDENT)),
        "as the trail calls the person"
    );
    assert_eq!(event["data"]["moved_on"], "2026-11-19");

    let signed = (one.id.as_str(), one.at.as_str(), one.body.as_str());
    assert!(webhooks::verify(&secret, signed, &one.signature));
    let altered = one.body.replace("2026-11-19", "2026-11-18");
    assert!(!webhooks::verify(&secret, (signed.0, signed.1, &altered), &one.signature));
    assert!(!webhooks::verify(&secret, (signed.0, "1795140001", signed.2), &one.signature));
    // v1a: with the public key that the catalogue of events shows.
    let page = app.anonymous().get("/events").await.html();
    let key = page.split("whpk_").nth(1).unwrap().split('<').next().unwrap();
    let key = seal::keys::PublicKey::from_bytes(seal::keys::Algorithm::Ed25519, &webhooks::decode(key)).unwrap();
    let by_key = one.signature.split(' ').find_map(|one| one.strip_prefix("v1a,")).unwrap();
    let message = format!("{}.{}.{}", one.id, one.at, one.body);
    key.verify(message.as_bytes(), &webhooks::decode(by_key)).unwrap();

    let mut resident = app.sign_in("resident").await;
    let trail = resident.get("/my/trail").await;
    trail.assert_ok();
    assert!(trail.html().contains("居住登记核对"), "{}", trail.shown());
}

#[tokio::test]
async fn order_holds_per_subject_under_failures_and_nobody_else_waits() {
    let (failing, well) = (Receiver::start().await, Receiver::start().await);
    let app = app_with(&[&failing, &well]).await;
    subscribed(&app, BRANCH, &failing.url()).await;
    subscribed(&app, CITY, &well.url()).await;
    failing.answer(503);
    let first = publish(&app, moved(RESIDENT, "2026-11-01")).await;
    let second = publish(&app, moved(RESIDENT, "2026-11-02")).await;
    let other = publish(&app, moved(OTHER, "2026-11-03")).await;
    app.run_jobs().await;
    let mut at_well = well.ids();
    let place = |id: &str, all: &[String]| all.iter().position(|one| one == id).unwrap();
    assert!(place(&first, &at_well) < place(&second, &at_well));
    at_well.sort();
    assert_eq!(at_well, [first.clone(), second.clone(), other.clone()]);
    let heads = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(heads(failing.ids()), [first.clone(), other.clone()], "the second of a subject waits for the first");
    // 5 s, then 10, then 20: not a moment earlier.
    for wait in [5, 10] {
        app.advance((wait - 1) * SECOND);
        app.run_jobs().await;
        assert_eq!(failing.ids(), Vec::<String>::new());
        app.advance(SECOND);
        app.run_jobs().await;
        assert_eq!(heads(failing.ids()), [first.clone(), other.clone()]);
    }
    failing.answer(200);
    app.advance(20 * SECOND);
    app.run_jobs().await;
    let got = failing.ids();
    assert_eq!(heads(got.clone()), [first.clone(), second.clone(), other]);
    assert!(place(&first, &got) < place(&second, &got));
    assert_eq!(well.ids(), Vec::<String>::new(), "whoever has it gets it once");
    app.advance(DAY);
    app.run_jobs().await;
    assert_eq!(failing.ids(), Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_subscriber_holds_nobody_up() {
    let well = Receiver::start().await;
    // Takes connections and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let hosts = vec![address.clone(), well.address.clone()];
    let app = TestApp::with(|config| config.events.internal_hosts = hosts).await;
    subscribed(&app, BRANCH, &format!("http://{address}/in")).await;
    subscribed(&app, CITY, &well.url()).await;
    let mut published = Vec::new();
    for subject in [RESIDENT, OTHER] {
        published.push(publish(&app, moved(subject, "2026-11-01")).await);
    }
    app.run_jobs().await;
    let mut got = well.ids();
    got.sort();
    assert_eq!(got, published);
    let sending = "SELECT COUNT(*) FROM events_delivery WHERE state = 1 AND attempts = 1";
    assert_eq!(app.count(sending).await, 2, "the slow ones are still being sent");
}

#[tokio::test]
async fn what_does_not_arrive_in_its_time_is_a_dead_letter_that_can_be_sent_again() {
    let receiver = Receiver::start().await;
    let app = app_with(&[&receiver]).await;
    let (page, _) = subscribed(&app, BRANCH, &receiver.url()).await;
    receiver.answer(500);
    let id = publish(&app, moved(RESIDENT, "2026-11-01")).await;
    app.run_jobs().await;
    assert_eq!(receiver.ids(), std::slice::from_ref(&id));
    app.advance_days(29);
    app.run_jobs().await;
    assert_eq!(receiver.ids(), std::slice::from_ref(&id), "late, but in its time");
    app.advance_days(1);
    app.run_jobs().await;
    assert_eq!(receiver.ids(), Vec::<String>::new());
    // What waited behind it is not held any longer.
    receiver.answer(200);
    let later = publish(&app, moved(RESIDENT, "2026-12-01")).await;
    app.run_jobs().await;
    assert_eq!(receiver.ids(), [later]);

    let mut clerk = app.sign_in("own-clerk").await;
    assert!(clerk.get("/my/notices").await.status == 200);
    let dead = clerk.get("/events/dead").await;
    assert!(dead.html().contains("status 500"), "{}", dead.shown());
    let again = dead.html().split("action=\"/events/dead/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    clerk.post(&format!("/events/dead/{again}"), &[]).await.assert_status(303);
    app.run_jobs().await;
    assert_eq!(receiver.ids(), [id], "the same identifier");
    assert!(
        clerk.get("/events/dead").await.html().contains(&app.text(platform::i18n::Lang::ZhHans, "events-dead-none"))
    );
    clerk.get("/events/dead").await.assert_ok();
    clerk.post(&format!("/events/dead/{again}"), &[]).await.assert_status(404);
    clerk.get(&page).await.assert_ok();
}

#[tokio::test]
async fn a_receiver_that_says_gone_is_stopped() {
    let receiver = Receiver::start().await;
    let app = app_with(&[&receiver]).await;
    let (page, _) = subscribed(&app, BRANCH, &receiver.url()).await;
    receiver.answer(410);
    publish(&app, moved(RESIDENT, "2026-11-01")).await;
    app.run_jobs().await;
    assert_eq!(receiver.got().len(), 1);
    receiver.answer(200);
    publish(&app, moved(RESIDENT, "2026-11-02")).await;
    app.advance(DAY);
    app.run_jobs().await;
    assert_eq!(receiver.got().len(), 0);
    let mut clerk = app.sign_in("own-clerk").await;
    clerk.get(&page).await.assert_says("events-state-stopped");
    let dead = clerk.get("/events/dead").await;
    let again = dead.html().split("action=\"/events/dead/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    clerk.post(&format!("/events/dead/{again}"), &[]).await.assert_status(409).assert_says("events-conflict-over");
}

#[tokio::test]
async fn push_goes_to_listed_hosts_alone() {
    let receiver = Receiver::start().await;
    let app = app_with(&[&receiver]).await;
    let mut clerk = app.sign_in("own-clerk").await;
    for (address, key) in [
        ("https://hooks.evil.example/in", "events-error-host"),
        ("http://127.0.0.1:1/in", "events-error-host"),
        ("http://169.254.169.254/latest/meta-data", "events-error-host"),
        ("file:///etc/passwd", "events-error-address"),
    ] {
        ask(&mut clerk, BRANCH, address).await.assert_status(422).assert_says(key);
    }
    // Struck off the list later: nothing goes there any more, and it is told why.
    subscribed(&app, BRANCH, &receiver.url()).await;
    let mut config = app.platform().config().clone();
    config.events.internal_hosts.clear();
    let platform = app::open_platform(config, app.platform().clock().clone()).await.unwrap();
    let other = app::App::open(&platform).await.unwrap();
    publish(&app, moved(RESIDENT, "2026-11-01")).await;
    while platform::jobs::run_due(&platform, &other.handlers).await.unwrap() > 0 {}
    assert_eq!(receiver.got().len(), 0);
    let errors = app.rows("SELECT error FROM events_delivery").await;
    assert_eq!(errors[0].str(0).unwrap(), "the host is not listed");
}

/// The catalogue entry exists, the trail cannot be written: nothing leaves.
struct Refusing;

impl Looks for Refusing {
    fn note(&self, _: &mut Tx<'_>, _: &[Delivered]) -> Result<()> {
        Err(Error::Unavailable("the trail is full".into()))
    }
}

#[tokio::test]
async fn no_line_no_delivery() {
    let receiver = Receiver::start().await;
    let mut app = app_with(&[&receiver]).await;
    app.release_jobs(); // the push fails on purpose
    subscribed(&app, BRANCH, &receiver.url()).await;
    let (platform, registry) = (app.platform().clone(), app.app().registry.clone());
    let events = Events::new(events::Parts { platform, registry, looks: Arc::new(Refusing) });
    let mut handlers = Handlers::default();
    events.jobs(&mut handlers);
    publish(&app, moved(RESIDENT, "2026-11-01")).await;
    platform::jobs::run_due(app.platform(), &handlers).await.unwrap();
    assert_eq!(receiver.got().len(), 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM events_delivery WHERE state = 0 AND attempts = 0").await, 1);
}

#[tokio::test]
async fn two_processes_lose_nothing_and_send_nothing_twice() {
    let receiver = Receiver::start().await;
    let app = app_with(&[&receiver]).await;
    subscribed(&app, BRANCH, &receiver.url()).await;
    let clock = app.platform().clock().clone();
    let platform = app::open_platform(app.platform().config().clone(), clock).await.unwrap();
    let other = app::App::open(&platform).await.unwrap();
    let subjects = [RESIDENT, OTHER, "990102199001010023", "990102199001010031"];
    let mut published = Vec::new();
    for round in 0..10 {
        for subject in subjects {
            published.push(publish(&app, moved(subject, &format!("2026-11-{:02}", round + 1))).await);
        }
    }
    let drain = async |platform: &platform::Platform, handlers: &Handlers| {
        while platform::jobs::run_due(platform, handlers).await.unwrap() > 0 {}
    };
    tokio::join!(drain(app.platform(), &app.app().handlers), drain(&platform, &other.handlers));
    // A slow moment of one process leaves work that goes on by itself; what it leaves at all, the end of its claims brings.
    app.advance(platform::clock::MINUTE * 3);
    app.run_jobs().await;
    let got = receiver.got();
    let mut ids: Vec<String> = got.iter().map(|one| one.id.clone()).collect();
    ids.sort();
    published.sort();
    assert_eq!(ids, published);
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for (subject, sequence) in got.iter().map(Got::place) {
        assert_eq!(last.insert(subject.clone(), sequence).unwrap_or(0) + 1, sequence, "{subject}");
    }
}

#[tokio::test]
async fn a_subscription_waits_for_the_publisher_and_is_its_sides_own() {
    let app = TestApp::new().await;
    let (mut clerk, mut foreign) = (app.sign_in("own-clerk").await, app.sign_in("foreign-decider").await);
    let page = ask(&mut clerk, BRANCH, "").await.location();
    ask(&mut clerk, BRANCH, "").await.assert_status(409).assert_says("events-conflict-subscribed");
    publish(&app, moved(RESIDENT, "2026-11-01")).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM events_delivery").await, 0, "not approved, not delivered");
    foreign.get(&page).await.assert_status(404);
    clerk.get(&page).await.assert_ok();
    clerk.post(&format!("{page}/key"), &[]).await.assert_status(409);
    let mut decider = app.sign_in("own-decider").await;
    decider.get(&page).await.assert_ok();
    decider.post(&format!("{page}/refuse"), &[]).await.assert_status(422).assert_says("events-error-empty");
    decider.post(&format!("{page}/refuse"), &[("words", "用途不明。")]).await.assert_status(303);
    clerk.get(&page).await.assert_says("events-state-refused");
    decider.post(&format!("{page}/approve"), &[]).await.assert_status(409);
    ask(&mut clerk, BRANCH, "").await.assert_status(303);
}
