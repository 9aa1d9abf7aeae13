//! What goes through the information mediator stands in the signed message log, as what goes through the gateway's own door.
use app::Doors;
use platform::Ctx;
use platform::audit::Entry;
use platform::db::Tx;
use platform::policy::{Action, On};
use serde_json::{Value, json};
use tests::cli::program;
use tests::wire::{self, Answer};
use tokio::sync::watch;

use crate::govstack_mediator::{HEALTH, Mediator, POLICE};

struct City {
    mediator: Mediator,
    /// Of the mediator and of the gateway's own door.
    addresses: [String; 2],
    _stop: watch::Sender<bool>,
}

async fn sent(address: &str, (method, path): (&str, &str), headers: &[(&str, &str)], body: &Value) -> Answer {
    let own = |text: &str| text.to_owned();
    let headers: Vec<(String, String)> = headers.iter().map(|(name, value)| (own(name), own(value))).collect();
    let (address, method, path) = (own(address), own(method), own(path));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let call = move || {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        wire::call(&address, (&method, &path), &headers, &body)
    };
    tokio::task::spawn_blocking(call).await.unwrap().unwrap()
}

impl City {
    async fn open() -> Self {
        let mediator = Mediator::open().await;
        let doors = Doors::bind(mediator.app.platform()).await.unwrap();
        let at =
            |name: &str| doors.addresses().unwrap().into_iter().find(|(door, _)| door.starts_with(name)).unwrap().1;
        let addresses = [at("information mediator").to_string(), at("information systems").to_string()];
        let (stop, stopped) = watch::channel(false);
        drop(doors.serve(mediator.app.app(), &stopped));
        Self { mediator, addresses, _stop: stop }
    }

    async fn ask(&self, (id, client): (&str, &str), line: (&str, &str), body: Value) -> Answer {
        let headers = [("X-GovStack-Client", client), ("X-Road-Id", id), ("X-Road-Client", "NP/GOV/1/somebody-else")];
        sent(&self.addresses[0], line, &headers, &body).await
    }

    /// Makes every later write of the message log fail.
    async fn break_log(&self) {
        let platform = self.mediator.app.platform();
        let grant = Ctx::system(platform, "tests.break").allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let write = |tx: &mut Tx<'_>| {
            tx.exec("DROP TABLE gateway_batch", &[])?;
            tx.audited(Entry { event: "tests.broken", ..Entry::default() }, ())
        };
        platform.db().write(grant, write).await.unwrap();
    }

    /// The evidence that a client gets of its message; None: the log has none.
    async fn evidence(&self, id: &str, client: &str) -> Option<String> {
        let path = format!("/asic?queryId={id}");
        let answer = sent(&self.addresses[1], ("GET", &path), &[("X-Road-Client", client)], &Value::Null).await;
        (answer.status == 200).then_some(answer.body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_to_a_provider_or_into_a_room_can_be_proven_by_both() {
    let city = City::open().await;
    let kind = json!({"eventType": "newBirth", "schema": {"type": "object"}});
    let event = json!({"eventType": "newBirth", "event": {"place": "a"}});
    let at = |end: &str| format!("/r1/{POLICE}{end}");
    let folder = tempfile::tempdir().unwrap();
    for (number, (client, method, end, body, status)) in [
        (HEALTH, "GET", "/listMethods", Value::Null, 200),
        (HEALTH, "GET", "/allowedMethods?serviceId=residence", Value::Null, 200),
        (HEALTH, "GET", "/getOpenAPI?serviceCode=none", Value::Null, 400),
        (POLICE, "POST", "/api/v1/eventType", kind, 200),
        (POLICE, "POST", "/pub/v1/newBirth", event, 201),
        (HEALTH, "GET", "/pull/v1/newBirth", Value::Null, 404),
        (HEALTH, "DELETE", "/api/v1/eventType/newBirth", Value::Null, 403),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("g-{number}");
        let answer = city.ask((&id, client), (method, &at(end)), body).await;
        assert_eq!(answer.status, status, "{method} {end}: {}", answer.body);
        let bundle = city.evidence(&id, client).await.unwrap_or_else(|| panic!("{method} {end} is not in the log"));
        let file = folder.path().join(&id);
        std::fs::write(&file, &bundle).unwrap();
        let output = program(&["evidence", "verify", file.to_str().unwrap()]).output().unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{words}");
        let service = format!("{POLICE}/{}", end.split(['/', '?']).nth(1).unwrap());
        assert!(words.contains(&service) && words.contains(client), "{service}: {words}");
    }
    // The answer in a room names the message, as X-Road's answers do.
    let answer = city.ask(("g-x", HEALTH), ("GET", &at("/api/v1/eventType")), Value::Null).await;
    assert_eq!((answer.header("x-road-id"), answer.header("x-road-client")), ("g-x", HEALTH));
    assert!(!answer.header("x-road-request-hash").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_from_the_own_roster_is_no_call() {
    let city = City::open().await;
    for path in ["/listClients", "/api/v1/status"] {
        city.ask(("g-1", HEALTH), ("GET", path), Value::Null).await;
    }
    // Nobody proved an application, so nobody called.
    city.ask(("g-1", "NP/GOV/000/nobody"), ("GET", &format!("/r1/{POLICE}/api/v1/subs")), Value::Null).await;
    assert!(city.evidence("g-1", HEALTH).await.is_none());
    assert_eq!(city.mediator.app.count("SELECT COUNT(*) FROM gateway_batch").await, 0);
    city.ask(("g-1", HEALTH), ("GET", &format!("/r1/{POLICE}/listMethods")), Value::Null).await;
    assert!(city.mediator.app.count("SELECT COUNT(*) FROM gateway_batch").await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_log_nothing_is_carried_out_in_a_room() {
    let city = City::open().await;
    let kind = |name: &str| json!({"eventType": name, "schema": {"type": "object"}});
    let types = format!("/r1/{POLICE}/api/v1/eventType");
    assert_eq!(city.ask(("g-1", POLICE), ("POST", &types), kind("first")).await.status, 200);
    city.break_log().await;
    for path in ["/api/v1/eventType", "/listMethods"] {
        let told = city.ask(("g-2", HEALTH), ("GET", &format!("/r1/{POLICE}{path}")), Value::Null).await;
        assert!(told.status == 500 && told.body.contains("cannot write its message log"), "{path}: {}", told.body);
    }
    assert_eq!(city.ask(("g-3", POLICE), ("POST", &types), kind("second")).await.status, 500);
    let made = "SELECT COUNT(*) FROM events_type WHERE name = 'second'";
    assert_eq!(city.mediator.app.count(made).await, 0, "nothing was carried out");
}
