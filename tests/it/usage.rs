//! Who used whose data, for a portal in the exchange: Estonia's findUsage v2 over the gateway, by the vectors in
//! `tests/conformance/findusage`; and that the lookup goes by the index.
use std::collections::BTreeMap;

use app::Doors;
use exchange::LookSeed;
use platform::Ctx;
use platform::clock::Timestamp;
use platform::policy::{Action, ActorKind, On};
use serde_json::Value;
use tests::TestApp;
use tests::wire::{self, Answer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;

const PERSON: &str = "11010519491231002X";
const OTHER: &str = "110105199003071239";

fn vectors() -> Value {
    serde_json::from_str(include_str!("../conformance/findusage/vectors.json")).unwrap()
}

/// A deployment whose gateway listens; it is served as long as this lives.
struct Served {
    app: TestApp,
    address: String,
    _stop: watch::Sender<bool>,
}

async fn served() -> Served {
    let app = TestApp::with(|config| config.gateway.listen = "127.0.0.1:0".into()).await;
    let doors = Doors::bind(app.platform()).await.unwrap();
    let address = doors.addresses().unwrap()[0].1.to_string();
    let (stop, stopped) = watch::channel(false);
    drop(doors.serve(app.app(), &stopped));
    Served { app, address, _stop: stop }
}

impl Served {
    async fn record(&self, looks: Vec<LookSeed>) {
        let ctx = Ctx::system(self.app.platform(), "tests.looks");
        let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
        let exchange = self.app.app().exchange.clone();
        ctx.db().write(grant, move |tx| exchange.seed_trail(tx, &looks)).await.unwrap();
    }

    async fn ask(&self, path: &str, client: &str, user: &str) -> Answer {
        let (address, path) = (self.address.clone(), path.to_owned());
        let mut headers = vec![("X-Road-Client".to_owned(), client.to_owned())];
        if !user.is_empty() {
            headers.push(("X-Road-UserId".to_owned(), user.to_owned()));
        }
        let call = move || {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            wire::call(&address, ("GET", &path), &headers, "")
        };
        tokio::task::spawn_blocking(call).await.unwrap().unwrap()
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn look(number: &str, row: &Value) -> LookSeed {
    let at = OffsetDateTime::parse(text(row, "at"), &Rfc3339).unwrap();
    let kind = [ActorKind::Official, ActorKind::System, ActorKind::Person];
    let organisation = text(row, "organisation").to_owned();
    let kind = kind.into_iter().find(|kind| kind.name() == text(row, "kind")).unwrap();
    LookSeed {
        at: Timestamp(at.unix_timestamp() * 1_000_000),
        number: number.to_owned(),
        actor_kind: kind,
        actor: text(row, "actor").to_owned(),
        actor_name: text(row, "name").to_owned(),
        office: (kind == ActorKind::Official).then(|| organisation.clone()),
        consumer: organisation,
        purpose: text(row, "purpose").to_owned(),
        basis: text(row, "basis").to_owned(),
        item: None,
        case: None,
        fields: serde_json::from_value(row["fields"].clone()).unwrap(),
    }
}

#[tokio::test]
async fn find_usage_answers_every_vector() {
    let (served, vectors) = (served().await, vectors());
    let looks = vectors["recorded"].as_array().unwrap().iter().map(|row| look(text(&vectors, "person"), row)).collect();
    served.record(looks).await;
    for vector in vectors["vectors"].as_array().unwrap() {
        let name = text(vector, "name");
        let client = vector["client"].as_str().unwrap_or_else(|| text(&vectors, "client"));
        let path = format!("{}{}", text(&vectors, "service"), text(vector, "path"));
        let answer = served.ask(&path, client, text(vector, "user")).await;
        assert_eq!(u64::from(answer.status), vector["status"].as_u64().unwrap(), "{name}: {}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{name}: {e}: {}", answer.body));
        if let Some(wanted) = vector.get("body") {
            assert_eq!(&body, wanted, "{name}");
        }
        if let Some(total) = vector.get("total") {
            assert_eq!(&body["totalUsages"], total, "{name}");
        }
        if let Some(wanted) = vector["logtimes"].as_array() {
            let times: Vec<&Value> = body["usages"].as_array().unwrap().iter().map(|used| &used["logtime"]).collect();
            assert_eq!(times, wanted.iter().collect::<Vec<_>>(), "{name}");
        }
        if let Some(field) = vector.get("wrong") {
            assert_eq!(&body["fields"][0]["field"], field, "{name}: {body}");
        }
        for member in vector["members"].as_array().into_iter().flatten() {
            assert!(body.get(member.as_str().unwrap()).is_some(), "{name}: no {member} in {body}");
        }
    }
}

#[tokio::test]
async fn who_asks_for_whom_is_logged_and_another_who_asks_stands_in_the_trail() {
    let (served, vectors) = (served().await, vectors());
    let (service, client) = (text(&vectors, "service"), text(&vectors, "client"));
    let path = format!("{service}/v2/findUsage?userCode={PERSON}");
    let shown = "SELECT actor, subject, detail FROM platform_audit WHERE event = 'trail.shown' ORDER BY id";
    served.ask(&path, client, PERSON).await;
    let rows = served.app.rows(shown).await;
    assert_eq!((rows.len(), rows[0].str(0).unwrap()), (1, client));
    assert!(!rows[0].str(1).unwrap().is_empty() && !rows[0].str(1).unwrap().contains(PERSON), "a pseudonym");
    assert_eq!(served.app.count("SELECT COUNT(*) FROM exchange_trail WHERE purpose = 'data-trail'").await, 0);

    let first = served.ask(&path, client, OTHER).await;
    assert!(first.body.contains("\"totalUsages\":0"), "{}", first.body);
    assert!(served.app.rows(shown).await[1].str(2).unwrap().contains("\"for_another\":true"));
    let then: Value = serde_json::from_str(&served.ask(&path, client, PERSON).await.body).unwrap();
    assert_eq!(then["totalUsages"], 1);
    assert_eq!(then["usages"][0]["receiverSystem"], client);
    let refused = served.ask(&path, "NP/GOV/11990100010003002G/civil-affairs", PERSON).await;
    assert!(refused.header("x-road-error").to_lowercase().contains("access"), "{}", refused.body);
    assert_eq!(served.app.rows(shown).await.len(), 3, "who has no right leaves no line of a showing");
}

#[tokio::test]
async fn the_lookup_of_a_person_goes_by_the_index() {
    let served = served().await;
    let fields = BTreeMap::from([("population".to_owned(), vec!["name".to_owned()])]);
    let one = |n: i64| LookSeed {
        at: Timestamp(tests::app::NOW.0 - n * 1_000_000),
        number: format!("number {}", n % 500),
        actor_kind: ActorKind::System,
        actor: "tests".into(),
        actor_name: String::new(),
        office: None,
        consumer: "market".into(),
        purpose: "supervision".into(),
        basis: "test".into(),
        item: None,
        case: None,
        fields: fields.clone(),
    };
    served.record((0..5_000).map(one).collect()).await;
    let ctx = Ctx::system(served.app.platform(), "tests.plan");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC).unwrap();
    let plan = ctx.db().read(grant, |tx| exchange::explain_uses(tx, "somebody")).await.unwrap();
    assert!(plan.contains("exchange_trail_subject"), "{plan}");
    assert!(!plan.contains("SCAN t") && !plan.contains("Seq Scan on exchange_trail"), "{plan}");
}
