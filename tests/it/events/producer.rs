//! The registers as producers: what a record says otherwise is told in the transaction that changes it, in order, and its
//! values only to whom a grant gives them.
use app::App;
use axum::body::Body;
use axum::http::Request;
use exchange::GrantSeed;
use platform::clock::iso_date;
use registry::{Delivery, Entry as Record, Format, Registry};
use serde_json::Map;
use tower::ServiceExt;

use super::api::pull;
use super::*;

const TOKEN: &str = "a-token-of-the-tests";
const POLICE: &str = "NP/GOV/1199010001000200XW/public-security";
const CIVIL: &str = "civil-affairs";
/// As `super::ask_for` says it: grants are held against it word for word.
const PURPOSE: &str = "居住登记核对";
const NEWBORN: &str = "990102202611010017";
const HERE: &str = "990102001001";
const THERE: &str = "990103001001";

async fn city(receivers: &[&Receiver]) -> TestApp {
    let hosts = receivers.iter().map(|receiver| receiver.address.clone()).collect();
    TestApp::with(|config| {
        config.events.internal_hosts = hosts;
        config.govstack.token = TOKEN.into();
        config.govstack.basis = "《政务数据共享条例》第十条".into();
    })
    .await
}

/// The register's own API, as the provider writes; the status.
async fn put(app: &TestApp, verb: &str, content: Value) -> u16 {
    let request = Request::builder().method(if verb == "create" { "POST" } else { "PUT" });
    let request = request.uri(format!("/data/population/1/{verb}")).header("content-type", "application/json");
    let request = request.header("authorization", TOKEN).header("information-mediator-client", POLICE);
    let body = Body::from(json!({"write": {"content": content}}).to_string());
    app.app().govstack().oneshot(request.body(body).unwrap()).await.unwrap().status().as_u16()
}

async fn moves(app: &TestApp, division: &str) {
    let content = json!({"id": RESIDENT, "residence_division": division, "residence_address": "春晖路1号"});
    assert_eq!(put(app, "update", content).await, 200);
}

async fn grant(app: &TestApp, consumer: &str, fields: &[&str]) {
    let ctx = Ctx::system(app.platform(), "tests.grant");
    let seed = GrantSeed {
        consumer: consumer.into(),
        purpose: PURPOSE.into(),
        resource: "population".into(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        basis: "test".into(),
        valid_from: ctx.now(),
        valid_to: None,
    };
    let (exchange, grant) = (app.app().exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap());
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &[seed])).await.unwrap();
}

/// Past the pages, which other tests go through.
async fn revoke(app: &TestApp) {
    let ctx = Ctx::system(app.platform(), "tests.revoke");
    let write = |tx: &mut Tx<'_>| {
        tx.exec("UPDATE exchange_grant SET state = 'revoked' WHERE purpose = $1", &[PURPOSE.into()])?;
        tx.audited(Entry { event: "tests.revoked", ..Entry::default() }, ())
    };
    ctx.db().write(ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap(), write).await.unwrap();
}

/// Subscribes an office to a type by pull; the token.
async fn pulls(app: &TestApp, kind: &str, office: &str, publisher: &str) -> String {
    let mut clerk = app.sign_in_at(office, "clerk").await;
    let mut decider = app.sign_in_at(publisher, "decider").await;
    let page = ask_for(&mut clerk, kind, office, "").await.location();
    decider.get(&page).await.assert_ok();
    decider.post(&format!("{page}/approve"), &[]).await.assert_status(303);
    clerk.get(&page).await.assert_ok();
    key_of(&clerk.post(&format!("{page}/key"), &[]).await)
}

async fn news(app: &TestApp, token: &str) -> Vec<Value> {
    let page = pull(app, token, "").await;
    page.assert_ok();
    page.json()["events"].as_array().unwrap().clone()
}

fn kinds(news: &[Value]) -> Vec<&str> {
    news.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// What the trail says that the deliveries told, the latest last.
async fn told(app: &TestApp) -> Vec<Value> {
    let rows = app.rows("SELECT fields FROM exchange_trail WHERE actor = 'events' ORDER BY id").await;
    rows.iter().map(|row| row.json(0).unwrap()).collect()
}

#[tokio::test]
async fn a_change_by_the_registers_api_is_pushed_signed_and_pulled_and_values_need_a_grant() {
    let receiver = Receiver::start().await;
    let app = city(&[&receiver]).await;
    moves(&app, HERE).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 0, "nobody waits for it");
    let (_, secret) = subscribed(&app, BRANCH, &receiver.url()).await;
    let (_, token) = subscribed(&app, CIVIL, "").await;

    moves(&app, THERE).await;
    app.run_jobs().await;
    let got = receiver.got();
    let event = got[0].event();
    assert_eq!((got.len(), &event["type"], &event["subject"]), (1, &json!("person.moved"), &json!(RESIDENT)));
    assert_eq!((&event["data"], &event["sequence"]), (&json!({}), &json!("1")), "that it happened, not what");
    assert!(webhooks::verify(&secret, (&got[0].id, &got[0].at, &got[0].body), &got[0].signature));
    let first = news(&app, &token).await;
    assert_eq!((first.len(), &first[0]["id"], &first[0]["data"]), (1, &json!(got[0].id), &json!({})));
    assert_eq!(told(&app).await, vec![json!({"population": ["person.moved"]}); 2]);

    let mut resident = app.sign_in("resident").await;
    resident.get("/my/trail").await.assert_ok().assert_has("住所变更一事");

    // The grant opens what comes from now on; what went out without values does not gain them.
    grant(&app, CIVIL, &["residence_division", "residence_address", "name"]).await;
    moves(&app, HERE).await;
    app.run_jobs().await;
    let second = news(&app, &token).await;
    let today = iso_date(app.today());
    assert_eq!(second[0]["data"], json!({}));
    assert_eq!(second[1]["data"], json!({"residence_division": HERE, "moved_on": today}));
    assert_eq!(receiver.got()[0].event()["data"], json!({}), "another office's grant opens nothing");
    let fields = json!({"population": ["person.moved", "residence_address", "residence_division"]});
    assert_eq!(told(&app).await.iter().filter(|line| **line == fields).count(), 1);
    // A grant that is over closes again, for what was given too.
    revoke(&app).await;
    assert_eq!(news(&app, &token).await[1]["data"], json!({}));

    assert_eq!(put(&app, "update", json!({"id": RESIDENT, "mobile": "15400551234"})).await, 200);
    moves(&app, HERE).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 2, "no move, no news");
}

#[tokio::test]
async fn without_the_publishers_word_nothing_is_told_and_what_is_undone_never_happened() {
    let app = city(&[]).await;
    let mut clerk = app.sign_in("own-clerk").await;
    ask(&mut clerk, BRANCH, "").await.assert_status(303);
    moves(&app, HERE).await;
    pull(&app, "epl_guessed", "").await.assert_status(403);
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 0);
    let (_, token) = subscribed(&app, CIVIL, "").await;

    let (registry, entry) = (app.app().registry.clone(), moved_to(&app, RESIDENT, THERE).await);
    let ctx = Ctx::system(app.platform(), "tests.undone");
    let undone = move |tx: &mut Tx<'_>| {
        registry.record(tx, &entry)?.into_inner();
        let written = tx.get("SELECT COUNT(*) FROM events_delivery", &[])?.int(0)?;
        assert_eq!(written, 1, "written with the change");
        Err::<platform::db::Audited<()>, _>(Error::Conflict("tests-undone"))
    };
    let grant = ctx.allow(Action::RegistryImport, &On::PUBLIC).unwrap();
    assert!(ctx.db().write(grant, undone).await.is_err());
    assert_eq!(put(&app, "update", json!({"id": RESIDENT, "residence_division": "x".repeat(99)})).await, 400);
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 0);
    assert_eq!(news(&app, &token).await, Vec::<Value>::new());
    moves(&app, THERE).await;
    assert_eq!(news(&app, &token).await.len(), 1);
}

#[tokio::test]
async fn births_deaths_and_enterprises_are_told_while_they_are_news() {
    let app = city(&[]).await;
    let born = pulls(&app, "person.born", CIVIL, CITY).await;
    let died = pulls(&app, "person.died", CIVIL, CITY).await;
    let mut infant = record_of(&app, "population", RESIDENT).await;
    for (field, value) in [("id_number", NEWBORN), ("birth_date", "2026-11-01"), ("household_relation", "child")] {
        infant.insert(field.into(), value.into());
    }
    infant.insert("id".into(), NEWBORN.into());
    assert_eq!(put(&app, "create", Value::Object(infant.clone())).await, 200);
    // Somebody who was born long ago and stands here for the first time: delivered late, or moved in.
    for (field, value) in
        [("id", "11010519491231002X"), ("id_number", "11010519491231002X"), ("birth_date", "1949-12-31")]
    {
        infant.insert(field.into(), value.into());
    }
    assert_eq!(put(&app, "create", Value::Object(infant)).await, 200);
    let told = news(&app, &born).await;
    assert_eq!(kinds(&told), ["person.born"]);
    assert_eq!(told[0]["subject"], json!(app.app().registry.pseudonym(NEWBORN)), "the type names no number");
    for status in ["deceased", "alive"] {
        assert_eq!(
            put(&app, "update", json!({"id": NEWBORN, "life_status": status})).await,
            200,
            "an error taken back"
        );
    }
    let told = news(&app, &died).await;
    assert_eq!(
        (kinds(&told), &told[0]["subject"], &told[0]["data"]),
        (vec!["person.died"], &json!(NEWBORN), &json!({}))
    );
    assert_eq!(
        (&told[0]["sequence"], &told[0]["subjectpseudonym"]),
        (&json!("2"), &json!(app.app().registry.pseudonym(NEWBORN)))
    );

    let registered = pulls(&app, "enterprise.registered", CIVIL, "market").await;
    let changed = pulls(&app, "enterprise.status-changed", CIVIL, "market").await;
    let any = app.rows("SELECT data FROM registry_record WHERE resource = 'enterprise' ORDER BY subject LIMIT 1").await;
    let like: Map<String, Value> = any[0].json(0).unwrap();
    let row = |uscc: &str, established: &str, status: &str| {
        let mut row = like.clone();
        for (field, value) in [("uscc", uscc), ("established_on", established), ("status", status)] {
            row.insert(field.into(), value.into());
        }
        format!("{}\n", json!({"subject": uscc, "data": row}))
    };
    let (new, old) = ("91990102MA90000116", "91990102MA900002XX");
    let first = row(new, "2026-11-18", "active") + &row(old, "2001-03-01", "active");
    // Twice in one delivery: each change is told, in the order of the rows.
    let then =
        row(old, "2001-03-01", "revoked") + &row(new, "2026-11-18", "active") + &row(old, "2001-03-01", "deregistered");
    for lines in [first, then] {
        let ctx = Ctx::system(app.platform(), "registry.import");
        let delivery = Delivery {
            resource: "enterprise".into(),
            format: Format::JsonLines,
            source: "market".into(),
            as_of: app.today(),
        };
        let report = app.app().registry.import(&ctx, delivery, std::io::Cursor::new(lines)).await.unwrap();
        assert_eq!(report.refused, vec![]);
    }
    let told = news(&app, &registered).await;
    assert_eq!((kinds(&told), &told[0]["subject"]), (vec!["enterprise.registered"], &json!(new)));
    assert_eq!(
        told[0]["data"],
        json!({"name": like["name"], "established_on": "2026-11-18"}),
        "public: no grant is needed"
    );
    let told = news(&app, &changed).await;
    let states: Vec<&Value> = told.iter().map(|event| &event["data"]["status"]).collect();
    assert_eq!((states, &told[1]["subject"]), (vec![&json!("revoked"), &json!("deregistered")], &json!(old)));
}

async fn record_of(app: &TestApp, resource: &str, subject: &str) -> Map<String, Value> {
    let sql = format!("SELECT data FROM registry_record WHERE resource = '{resource}' AND subject = '{subject}'");
    app.rows(sql.leak()).await[0].json(0).unwrap()
}

async fn moved_to(app: &TestApp, subject: &str, division: &str) -> Record {
    let mut data = record_of(app, "population", subject).await;
    data.insert("residence_division".into(), division.into());
    Record { resource: "population".into(), subject: subject.into(), as_of: app.today(), source: CITY.into(), data }
}

/// One process moves somebody again and again; who comes too late tries again.
async fn move_about((platform, registry): (&platform::Platform, &Registry), (template, side): (&Record, u32)) -> usize {
    const TIMES: u32 = 12;
    let mut late = 0;
    for time in 0..TIMES {
        loop {
            let mut entry = template.clone();
            entry.data.insert("residence_division".into(), format!("99010{side}0010{time:02}").into());
            let (registry, ctx) = (registry.clone(), Ctx::system(platform, "tests.move"));
            let grant = ctx.allow(Action::RegistryImport, &On::PUBLIC).unwrap();
            match ctx.db().write(grant, move |tx| registry.record(tx, &entry)).await {
                Ok(_) => break,
                Err(Error::Conflict(_) | Error::Unavailable(_)) => late += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    late
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_tell_each_change_once_in_the_order_of_the_record() {
    let receiver = Receiver::start().await;
    let app = city(&[&receiver]).await;
    grant(&app, BRANCH, &["residence_division", "residence_address"]).await;
    subscribed(&app, BRANCH, &receiver.url()).await;
    let (config, clock) = (app.platform().config().clone(), app.platform().clock().clone());
    let platform = app::open_platform(config, clock).await.unwrap();
    let other = App::open(&platform).await.unwrap();
    let template = moved_to(&app, RESIDENT, HERE).await;
    let before = app
        .count("SELECT version FROM registry_record WHERE resource = 'population' AND subject = '990221195903120025'")
        .await;
    let here = move_about((app.platform(), &app.app().registry), (&template, 2));
    let there = move_about((&platform, &other.registry), (&template, 3));
    let sending = async |platform: &platform::Platform, app: &App| {
        for _ in 0..20 {
            platform::jobs::run_due(platform, &app.handlers).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(here, there, sending(app.platform(), app.app()), sending(&platform, &other));
    app.run_jobs().await;
    // What one process was sending when the other looked is sent by now.
    app.run_jobs().await;
    let got = receiver.got();
    let places: Vec<i64> = got.iter().map(|got| got.place().1).collect();
    assert_eq!(places, (1..=i64::try_from(got.len()).unwrap()).collect::<Vec<_>>(), "each once, in order");
    let sql = format!(
        "SELECT version, data FROM registry_record_past WHERE resource = 'population' AND subject = '{RESIDENT}' AND version > {before}
         UNION ALL SELECT version, data FROM registry_record WHERE resource = 'population' AND subject = '{RESIDENT}' ORDER BY version"
    );
    let stood: Vec<Value> = app
        .rows(sql.leak())
        .await
        .iter()
        .map(|row| row.json::<Value>(1).unwrap()["residence_division"].clone())
        .collect();
    let told: Vec<Value> = got.iter().map(|got| got.event()["data"]["residence_division"].clone()).collect();
    assert_eq!(told, stood, "as the record says it one after the other");
    assert!(told.len() >= 13, "{told:?}");
}
