//! Our answers held against GovStack's own descriptions (tests/conformance/govstack).
use serde_json::{Value, json};

use crate::govstack_mediator::{Mediator, POLICE};
use crate::govstack_registries::{CIVIL, HEALTH, NEW, door, query};
use crate::govstack_spec::Spec;

const DATA: &str = include_str!("../conformance/govstack/digital-registries-Data.yaml");
const DATABASE: &str = include_str!("../conformance/govstack/digital-registries-Database.yaml");

#[tokio::test]
async fn the_data_api_answers_as_described() {
    let (spec, door) = (Spec::parse(DATA), door().await);
    let (number, _) = door.resident().await;
    let record =
        json!({"id": NEW, "holder_name": "王秀兰", "certificate_no": "JK990101202600001", "valid_to": "2027-06-30"});
    let write = || json!({"write": {"content": record}});
    let both = || json!({"query": {"content": {"id": NEW}}, "write": {"content": {"valid_to": "2028-06-30"}}});
    let at = |path: &str| format!("/data/{{registryName}}/{{versionNumber}}{path}");
    let population = "/data/population/1.0";
    let staff = "/data/food-staff/1.0";
    let calls = [
        ("GET", at(""), format!("{population}?page=2&pageSize=3"), (CIVIL, Value::Null)),
        ("POST", at("/create"), format!("{staff}/create"), (HEALTH, write())),
        ("POST", at("/exists"), format!("{population}/exists"), (CIVIL, query(json!({"id": number})))),
        ("POST", at("/exists"), format!("{population}/exists"), (CIVIL, query(json!({"id": NEW})))),
        ("POST", at("/read"), format!("{population}/read"), (CIVIL, query(json!({"id": number})))),
        ("POST", at("/read"), format!("{population}/read"), (CIVIL, query(json!({"id": NEW})))),
        ("PUT", at("/update"), format!("{staff}/update"), (HEALTH, both())),
        ("PUT", at("/updateEntries"), format!("{staff}/updateEntries"), (HEALTH, both())),
        ("POST", at("/updateOrCreate"), format!("{staff}/updateOrCreate"), (HEALTH, both())),
        (
            "GET",
            at("/{uuid}/readValue/{field}.{ext}"),
            format!("{population}/{number}/readValue/sex.json"),
            (CIVIL, Value::Null),
        ),
        ("DELETE", at("/{ID}/delete"), format!("{staff}/{NEW}/delete"), (HEALTH, Value::Null)),
        (
            "GET",
            "/data/myPersonalDataUsage".into(),
            format!("/data/myPersonalDataUsage?userId={number}&databaseId=population"),
            (CIVIL, Value::Null),
        ),
        (
            "GET",
            "/data/myPersonalDataUsage".into(),
            "/data/myPersonalDataUsage?userId=1&databaseId=population".into(),
            (CIVIL, Value::Null),
        ),
    ];
    for (method, described, path, (client, body)) in calls {
        let (status, answered) = door.ask(method, &path, (client, body)).await;
        spec.judge((method, &described), (status, &answered));
    }
}

#[tokio::test]
async fn the_database_api_answers_as_described() {
    let (spec, door) = (Spec::parse(DATABASE), door().await);
    let (status, all) = door.ask("GET", "/databases", (HEALTH, Value::Null)).await;
    spec.judge(("GET", "/databases"), (status, &all));
    let staff = all["databases"].as_array().unwrap().iter().find(|one| one["name"] == "food-staff").unwrap();
    let path = format!("/database/{}", staff["id"]);
    let (status, one) = door.ask("GET", &path, (HEALTH, Value::Null)).await;
    assert_eq!(one, *staff);
    spec.judge(("GET", "/database/{id}"), (status, &one));
    let body =
        json!({"groupName": "Health", "catalogName": "Food staff", "code": "food-staff", "schema": staff["schema"]});
    let (status, schema) = door.ask("POST", "/database/modify", (HEALTH, body)).await;
    spec.judge(("POST", "/database/modify"), (status, &schema));
    let (_, all) = door.ask("GET", "/databases", (HEALTH, Value::Null)).await;
    let draft = all["databases"].as_array().unwrap().iter().find(|one| one["isDraft"] == true).unwrap().clone();
    let (status, done) = door.ask("DELETE", &format!("/database/{}", draft["id"]), (HEALTH, Value::Null)).await;
    assert_eq!((status, &done), (200, &json!("Success")));
    spec.judge(("DELETE", "/database/{id}"), (status, &done));
}

/// What the three files of the mediator say of each answer, as far as it is more than the status.
#[tokio::test]
async fn the_mediator_answers_as_described() {
    let mediator = Mediator::open().await;
    let [directory, configuration, rooms] = [
        "im-GovStack_IM_Directory_Services_API.yaml",
        "im-GovStack_IM_Configuration_Management_API.yaml",
        "im-GovStack_IM_PubSub_API.yaml",
    ]
    .map(Spec::outside);
    if directory.is_none() {
        println!("TONGBAN_GOVSTACK_SPECS is not set: only statuses and our own statements are looked at");
    }
    let place = "/r1/{instanceId}/{memberClass}/{memberCode}/{applicationCode}";
    let judge = |spec: &Option<Spec>, call: (&str, &str), answer: &(u16, Value)| {
        assert!(answer.0 < 500, "{call:?}: {answer:?}");
        spec.iter().for_each(|spec| spec.judge(call, (answer.0, &answer.1)));
    };
    for path in ["/listMethods", "/allowedMethods", "/getOpenAPI?serviceCode=none", "/listMethods?serviceId=population"]
    {
        let answer = mediator.room("GET", path, Value::Null).await;
        let described = format!("{place}{}", path.split('?').next().unwrap());
        judge(&directory, ("GET", &described), &answer);
    }
    for path in ["/listClients", "/listClients?instanceId=NP", "/listClients?instanceId=ABC"] {
        judge(&directory, ("GET", "/listClients"), &mediator.keep("GET", path, Value::Null).await);
    }
    let conf = mediator.keep("GET", "/api/v1/config", Value::Null).await;
    let change = json!({"domain": conf.1["domain"], "instance": "NP"});
    for (method, path, body) in [
        ("GET", "/api/v1/config", Value::Null),
        ("POST", "/api/v1/config", conf.1.clone()),
        ("PATCH", "/api/v1/config", change.clone()),
        ("PATCH", "/api/v1/config", json!({})),
        ("PUT", "/api/v1/config", conf.1.clone()),
        ("GET", "/api/v1/status", Value::Null),
        ("GET", "/api/v1/rights/allow", Value::Null),
        ("PATCH", "/api/v1/rights/allow", json!([])),
        ("PATCH", "/api/v1/rights/deny", json!([])),
    ] {
        judge(&configuration, (method, path), &mediator.keep(method, path, body).await);
    }
    let kind = json!({"eventType": "newBirth", "schema": {"type": "object"}});
    let event = json!({"eventType": "newBirth", "event": {"place": "a"}});
    let mut made = Value::Null;
    for (method, described, body) in [
        ("GET", "/api/v1/eventType/{eventType}", Value::Null),
        ("POST", "/api/v1/eventType", kind.clone()),
        ("POST", "/api/v1/eventType", kind.clone()),
        ("POST", "/api/v1/eventType", json!({})),
        ("GET", "/api/v1/eventType", Value::Null),
        ("GET", "/api/v1/eventType/{eventType}", Value::Null),
        ("POST", "/api/v1/subs/{eventType}", json!({"eventType": "newBirth", "delivery": "PULL"})),
        ("POST", "/api/v1/subs/{eventType}", json!({"eventType": "newBirth", "delivery": "PULL"})),
        ("GET", "/api/v1/subs", Value::Null),
        ("GET", "/api/v1/subs/{eventType}", Value::Null),
        ("PATCH", "/api/v1/subs/{eventType}", json!({"eventType": "newBirth", "delivery": "PULL"})),
        ("GET", "/pull/v1/{eventType}", Value::Null),
        ("POST", "/pub/v1/{eventType}", event.clone()),
        ("POST", "/pub/v1/{eventType}", json!({})),
        ("GET", "/pub/v1/{eventType}/{eventId}", Value::Null),
        ("GET", "/pull/v1/{eventType}", Value::Null),
        ("DELETE", "/pull/v1/{eventType}/{eventId}", Value::Null),
        ("DELETE", "/pull/v1/{eventType}/{eventId}", Value::Null),
        ("DELETE", "/pub/v1/{eventType}/{eventId}", Value::Null),
        ("DELETE", "/api/v1/subs/{eventType}", Value::Null),
        ("DELETE", "/api/v1/eventType/{eventType}", Value::Null),
        ("DELETE", "/api/v1/eventType/{eventType}", Value::Null),
    ] {
        let path = described.replace("{eventType}", "newBirth").replace("{eventId}", made.as_str().unwrap_or("none"));
        let answer = mediator.room(method, &path, body).await;
        if answer.0 == 201 && described.starts_with("/pub") {
            made = answer.1["id"].clone();
            assert_eq!(made.as_str().map(str::len), Some(36), "a UUID: {made}");
        }
        judge(&rooms, (method, &format!("{place}{described}")), &answer);
    }
    assert!(POLICE.ends_with("public-security"));
}
