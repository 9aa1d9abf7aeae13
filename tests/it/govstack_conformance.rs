//! Every operation of GovStack's digital registries at the real door: one that succeeds, one that does not, and every status
//! of the tables in tests/conformance/govstack.
use app::Doors;
use serde_json::{Value, json};
use tests::TestApp;
use tokio::sync::watch;

use crate::govstack_registries::{CIVIL, HEALTH, NEW, TOKEN, door, query};
use crate::govstack_spec::Spec;
use crate::govstack_table::Run;

const DATA: &str = include_str!("../conformance/govstack/digital-registries-Data.yaml");
const DATABASE: &str = include_str!("../conformance/govstack/digital-registries-Database.yaml");
pub const NOBODY: &str = "NP/GOV/000/nobody";

/// Where a door of the deployment listens; it is served as long as the sender lives.
pub async fn listening(app: &TestApp, name: &str) -> (String, watch::Sender<bool>) {
    let doors = Doors::bind(app.platform()).await.unwrap();
    let found = doors.addresses().unwrap().into_iter().find(|(door, _)| *door == name);
    let (stop, stopped) = watch::channel(false);
    drop(doors.serve(app.app(), &stopped));
    (found.unwrap().1.to_string(), stop)
}

/// A request of digital registries: operation, path, client, body.
type Case<'a> = (&'a str, String, (&'a str, Value));

async fn registries(run: &Run, cases: Vec<Case<'_>>) {
    for (id, path, (client, body)) in cases {
        let headers = [("Authorization", TOKEN), ("Information-Mediator-Client", client)];
        run.ask(id, &path, (&headers, body)).await;
    }
}

/// Without token, without a name, in the name of nobody.
async fn refused(run: &Run, (id, path, (client, body)): Case<'_>) {
    for (token, client, status) in [("wrong", client, 401), (TOKEN, "civil-affairs", 400), (TOKEN, NOBODY, 403)] {
        let headers = [("Authorization", token), ("Information-Mediator-Client", client)];
        assert_eq!(run.ask(id, &path, (&headers, body.clone())).await.0, status, "{id} {token} {client}");
    }
}

/// A search by a regular expression, and its pages by the addresses that are given for them.
async fn searched(run: &Run, (address, of, name): (&str, &str, &str)) {
    let own = [("Authorization", TOKEN), ("Information-Mediator-Client", CIVIL)];
    let family: String = name.chars().take(1).collect();
    let begins = platform::page::encode(&format!("^{family}.+$"));
    let first = format!("{of}?search={begins}&filter=name&pageSize=1");
    let (_, found) = run.ask("list", &first, (&own, Value::Null)).await;
    assert!(found["results"][0]["name"].as_str().unwrap().starts_with(&family), "{found}");
    let next = found["next"].as_str().unwrap().strip_prefix(&format!("http://{address}")).unwrap();
    let (_, second) = run.ask("list", next, (&own, Value::Null)).await;
    assert!(second["results"][0]["name"].as_str().unwrap().starts_with(&family), "next keeps the question: {second}");
    assert_ne!(second["results"][0]["id"], found["results"][0]["id"]);
    assert_eq!(second["previous"].as_str().unwrap(), format!("http://{address}{first}&page=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_api_is_as_described() {
    let door = door().await;
    let (address, _stop) = listening(&door.app, "digital registries (GovStack)").await;
    let run = Run::of("digital-registries-Data.yaml", &address, Some(Spec::parse(DATA)));
    let (number, name) = door.resident().await;
    let record =
        json!({"id": NEW, "holder_name": "王秀兰", "certificate_no": "JK990101202600001", "valid_to": "2027-06-30"});
    let write = || json!({"write": {"content": record}});
    let both = || json!({"query": {"content": {"id": NEW}}, "write": {"content": {"valid_to": "2028-06-30"}}});
    let other = json!({"query": {"content": {"id": NEW, "holder_name": "别人"}}, "write": {"content": record}});
    let wrong = || json!({"write": {"content": {"id": NEW, "valid_to": "soon"}}});
    let (of, staff) = ("/data/population/1.0".to_owned(), |end: &str| format!("/data/food-staff/1.0/{end}"));
    let at = |end: &str| format!("{of}{end}");
    let value = |kind: &str| at(&format!("/{number}/readValue/sex.{kind}"));
    let usage = |user: &str| format!("/data/myPersonalDataUsage?userId={user}&databaseId=population");
    let gone = staff(&format!("{NEW}/delete"));
    let every = [
        ("list", of.clone(), (CIVIL, Value::Null)),
        ("create", staff("create"), (HEALTH, write())),
        ("exists", at("/exists"), (CIVIL, query(json!({"id": number})))),
        ("read", at("/read"), (CIVIL, query(json!({"id": number})))),
        ("update", staff("update"), (HEALTH, both())),
        ("updateEntries", staff("updateEntries"), (HEALTH, both())),
        ("updateOrCreate", staff("updateOrCreate"), (HEALTH, both())),
        ("delete", gone.clone(), (HEALTH, Value::Null)),
        ("readValue", value("json"), (CIVIL, Value::Null)),
        ("DPU", usage(&number), (CIVIL, Value::Null)),
    ];
    for (id, path, body) in every {
        refused(&run, (id, path.clone(), body.clone())).await;
        let none = path.replace("population", "no-such").replace("food-staff", "no-such");
        registries(&run, vec![(id, none, body)]).await;
    }
    registries(
        &run,
        vec![
            ("list", at("?page=2&pageSize=3"), (CIVIL, Value::Null)),
            ("list", at("?search=("), (CIVIL, Value::Null)),
            ("create", staff("create"), (HEALTH, write())),
            ("create", staff("create"), (HEALTH, write())),
            ("create", staff("create"), (CIVIL, write())),
            ("create", staff("create"), (HEALTH, json!({}))),
            ("exists", at("/exists"), (CIVIL, query(json!({"id": number})))),
            ("exists", at("/exists"), (CIVIL, query(json!({"id": NEW})))),
            ("exists", at("/exists"), (CIVIL, json!({}))),
            ("read", at("/read"), (CIVIL, query(json!({"id": number})))),
            ("read", at("/read"), (CIVIL, query(json!({"id": NEW})))),
            ("read", at("/read"), (CIVIL, query(json!({"mobile": "15400550001"})))),
            ("update", staff("update"), (HEALTH, both())),
            ("update", staff("update"), (HEALTH, wrong())),
            ("updateEntries", staff("updateEntries"), (HEALTH, both())),
            ("updateEntries", staff("updateEntries"), (HEALTH, wrong())),
            ("updateOrCreate", staff("updateOrCreate"), (HEALTH, both())),
            ("updateOrCreate", staff("updateOrCreate"), (HEALTH, wrong())),
            ("updateOrCreate", staff("updateOrCreate"), (HEALTH, other)),
            ("readValue", value("json"), (CIVIL, Value::Null)),
            ("readValue", value("txt"), (CIVIL, Value::Null)),
            ("readValue", value("pdf"), (CIVIL, Value::Null)),
            ("delete", gone.clone(), (CIVIL, Value::Null)),
            ("delete", gone.clone(), (HEALTH, Value::Null)),
            ("delete", gone, (HEALTH, Value::Null)),
            ("update", staff("update"), (HEALTH, both())),
            ("updateEntries", staff("updateEntries"), (HEALTH, both())),
            ("DPU", usage(&number), (CIVIL, Value::Null)),
            ("DPU", usage("1"), (CIVIL, Value::Null)),
        ],
    )
    .await;
    searched(&run, (&address, &of, &name)).await;
    let own = [("Authorization", TOKEN), ("Information-Mediator-Client", CIVIL)];
    let (_, text) = run.ask("readValue", &value("txt"), (&own, Value::Null)).await;
    let (_, object) = run.ask("readValue", &value("json"), (&own, Value::Null)).await;
    assert_eq!(object, json!({"value": text}));
    run.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_api_is_as_described() {
    let door = door().await;
    let (address, _stop) = listening(&door.app, "digital registries (GovStack)").await;
    let run = Run::of("digital-registries-Database.yaml", &address, Some(Spec::parse(DATABASE)));
    let own = [("Authorization", TOKEN), ("Information-Mediator-Client", HEALTH)];
    let (_, all) = run.ask("databases", "/databases", (&own, Value::Null)).await;
    let staff = all["databases"].as_array().unwrap().iter().find(|one| one["name"] == "food-staff").unwrap();
    let path = format!("/database/{}", staff["id"]);
    let (_, one) = run.ask("database", &path, (&own, Value::Null)).await;
    assert_eq!(one, *staff);
    let body =
        json!({"groupName": "Health", "catalogName": "Food staff", "code": "food-staff", "schema": staff["schema"]});
    for case in [
        ("databases", "/databases".to_owned(), (HEALTH, Value::Null)),
        ("database", path.clone(), (HEALTH, Value::Null)),
        ("databaseDelete", path.clone(), (HEALTH, Value::Null)),
        ("databaseModify", "/database/modify".to_owned(), (HEALTH, body.clone())),
    ] {
        refused(&run, case).await;
    }
    run.ask("databaseModify", "/database/modify", (&own, body)).await;
    let (_, all) = run.ask("databases", "/databases", (&own, Value::Null)).await;
    let draft = all["databases"].as_array().unwrap().iter().find(|one| one["isDraft"] == true).unwrap().clone();
    let draft = format!("/database/{}", draft["id"]);
    for (id, path, status) in [
        ("database", "/database/7", 404),
        ("database", "/database/x", 400),
        ("databaseDelete", "/database/x", 400),
        ("databaseDelete", "/database/7", 404),
        ("databaseDelete", &path, 409),
        ("databaseDelete", &draft, 200),
        ("databaseDelete", &draft, 404),
    ] {
        assert_eq!(run.ask(id, path, (&own, Value::Null)).await.0, status, "{id} {path}");
    }
    run.end();
}
