//! Every operation of GovStack's information mediator at the real door: one that succeeds, one that does not, and every
//! status of the tables in tests/conformance/govstack.
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::govstack_conformance::{NOBODY, listening};
use crate::govstack_mediator::{HEALTH, KEEPER, Mediator, OFFICE, POLICE, READER, right};
use crate::govstack_spec::Spec;
use crate::govstack_table::Run;

async fn mediator() -> (Mediator, String, watch::Sender<bool>) {
    let mediator = Mediator::open().await;
    let (address, stop) = listening(&mediator.app, "information mediator (GovStack)").await;
    (mediator, address, stop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_is_as_described() {
    let (_mediator, address, _stop) = mediator().await;
    let file = "im-GovStack_IM_Directory_Services_API.yaml";
    let run = Run::of(file, &address, Spec::outside(file));
    for (path, status) in
        [("/listClients", 200), ("/listClients?instanceId=NP", 200), ("/listClients?instanceId=A", 400)]
    {
        assert_eq!(run.ask("listClients", path, (&[], Value::Null)).await.0, status, "{path}");
    }
    for id in ["listMethods", "allowedMethods", "getOpenAPI"] {
        let path = format!("/r1/{OFFICE}/{id}?serviceCode=findUsage");
        for (client, status) in [(HEALTH, 200), ("", 400), ("police", 400), (NOBODY, 403)] {
            let headers = [("X-GovStack-Client", client)];
            assert_eq!(run.ask(id, &path, (&headers, Value::Null)).await.0, status, "{id} {client}");
        }
        let nowhere = [("X-GovStack-Client", HEALTH)];
        let path = format!("/r1/{NOBODY}/{id}?serviceCode=findUsage");
        assert_eq!(run.ask(id, &path, (&nowhere, Value::Null)).await.0, 400, "{id}: a provider that is not there");
    }
    let yaml = [("X-GovStack-Client", HEALTH), ("Accept", "text/yaml")];
    run.ask("getOpenAPI", &format!("/r1/{OFFICE}/getOpenAPI?serviceCode=findUsage"), (&yaml, Value::Null)).await;
    for end in ["", "?serviceCode=", "?serviceCode=none"] {
        let path = format!("/r1/{OFFICE}/getOpenAPI{end}");
        assert_eq!(run.ask("getOpenAPI", &path, (&yaml[..1], Value::Null)).await.0, 400, "{path}");
    }
    run.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_as_described() {
    let (_mediator, address, _stop) = mediator().await;
    let file = "im-GovStack_IM_Configuration_Management_API.yaml";
    let run = Run::of(file, &address, Spec::outside(file));
    let (all, reads) = (format!("Bearer {KEEPER}"), format!("Bearer {READER}"));
    let (keeper, reader) = ([("Authorization", all.as_str())], [("Authorization", reads.as_str())]);
    let (_, conf) = run.ask("listIMconf", "/api/v1/config", (&keeper, Value::Null)).await;
    let bare = json!({"domain": conf["domain"], "instance": "NP"});
    let company = json!({"name": "示例供水公司", "class": "COM", "code": "1", "applications": [{"id": "meters"}]});
    let begun = json!({"domain": conf["domain"], "instance": "NP", "members": [company]});
    let given = right(("119901000100060000", "health"), ("云岭市教育局", "education"));
    let (config, status, allow, deny) =
        ("/api/v1/config", "/api/v1/status", "/api/v1/rights/allow", "/api/v1/rights/deny");
    for (id, path) in [("listIMconf", config), ("checkIMconf", status), ("getAllowed", allow)] {
        assert_eq!(run.ask(id, path, (&[], Value::Null)).await.0, 401, "{id}");
        assert_eq!(run.ask(id, path, (&reader, Value::Null)).await.0, 200, "{id}");
    }
    for (id, path) in [
        ("createIMconf", config),
        ("updateIMconf", config),
        ("replaceIMconf", config),
        ("setAllowed", allow),
        ("setDenied", deny),
    ] {
        assert_eq!(run.ask(id, path, (&reader, bare.clone())).await.0, 401, "{id}: this token reads");
        assert_eq!(run.ask(id, path, (&keeper, json!({"wrong": 1}))).await.0, 400, "{id}");
    }
    let asked = [
        ("getAllowed", "/api/v1/rights/allow?pageSize=2&memberClass=GOV", Value::Null, 200),
        ("getAllowed", "/api/v1/rights/allow?nextPageToken=x", Value::Null, 400),
        ("setAllowed", allow, given.clone(), 200),
        ("setDenied", deny, given, 200),
        ("setAllowed", allow, Value::Null, 200),
        ("updateIMconf", config, bare.clone(), 201),
        ("createIMconf", config, conf.clone(), 400),
        ("createIMconf", "/api/v1/config?init=true", begun.clone(), 400),
        ("replaceIMconf", config, bare, 201),
        ("createIMconf", "/api/v1/config?init=true", begun.clone(), 400),
        ("createIMconf", "/api/v1/config?init=false", begun.clone(), 201),
        ("createIMconf", config, begun, 400),
    ];
    for (id, path, body, status) in asked {
        assert_eq!(run.ask(id, path, (&keeper, body.clone())).await.0, status, "{id} {path} {body}");
    }
    let (_, now) = run.ask("listIMconf", config, (&keeper, Value::Null)).await;
    assert_eq!(now["members"][0]["applications"][0]["id"], "meters", "what began: {now}");
    run.end();
}

const TYPES: &str = "/api/v1/eventType";
const SUBS: &str = "/api/v1/subs";

/// What is asked in a room, in the name of an application.
async fn ask(run: &Run, op: &str, (client, room): (&str, &str), (path, body): (&str, Value)) -> (u16, Value) {
    run.ask(op, &format!("/r1/{room}{path}"), (&[("X-GovStack-Client", client)], body)).await
}

/// Without a name, without proof, in a room that is nobody's; and who does not run the room keeps nothing in it.
async fn refused(run: &Run, (kind, event, sub): (&Value, &Value, &Value)) {
    const EVENT: &str = "newBirth/00000000-0000-0000-0000-000000000000";
    for (op, path, body, keeps) in [
        ("getEventTypeList", TYPES.to_owned(), Value::Null, false),
        ("createEventType", TYPES.to_owned(), kind.clone(), true),
        ("getEventType", format!("{TYPES}/newBirth"), Value::Null, false),
        ("deleteEventType", format!("{TYPES}/newBirth"), Value::Null, true),
        ("publishEvent", "/pub/v1/newBirth".to_owned(), event.clone(), true),
        ("getStatus", format!("/pub/v1/{EVENT}"), Value::Null, true),
        ("deleteEvent", format!("/pub/v1/{EVENT}"), Value::Null, true),
        ("listSub", SUBS.to_owned(), Value::Null, false),
        ("addSub", format!("{SUBS}/newBirth"), sub.clone(), false),
        ("getSub", format!("{SUBS}/newBirth"), Value::Null, false),
        ("patchSub", format!("{SUBS}/newBirth"), sub.clone(), false),
        ("deleteSub", format!("{SUBS}/newBirth"), Value::Null, false),
        ("pullEvent", "/pull/v1/newBirth".to_owned(), Value::Null, false),
        ("confirmEvent", format!("/pull/v1/{EVENT}"), Value::Null, false),
    ] {
        for (caller, status) in [(("", POLICE), 400), ((NOBODY, POLICE), 403), ((POLICE, NOBODY), 404)] {
            assert_eq!(ask(run, op, caller, (&path, body.clone())).await.0, status, "{op} {caller:?}");
        }
        if keeps {
            assert_eq!(ask(run, op, (HEALTH, POLICE), (&path, body)).await.0, 403, "{op}: not of this room");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pub_sub_is_as_described() {
    let (_mediator, address, _stop) = mediator().await;
    let file = "im-GovStack_IM_PubSub_API.yaml";
    let run = Run::of(file, &address, Spec::outside(file));
    let kind = json!({"eventType": "newBirth", "schema": {"type": "object"}});
    let event = json!({"eventType": "newBirth", "event": {"place": "a"}});
    let sub = json!({"eventType": "newBirth", "delivery": "PULL", "options": {"TTL": 60, "FIFO": true}});
    let (types, pub_, subs, pull) = (TYPES, "/pub/v1", SUBS, "/pull/v1");
    let of = |path: &str, end: &str| format!("{path}/newBirth{end}");
    refused(&run, (&kind, &event, &sub)).await;
    assert_eq!(ask(&run, "getEventTypeList", (OFFICE, HEALTH), (types, Value::Null)).await.0, 204);
    let mut made = String::new();
    for (op, path, body, status) in [
        ("getEventType", of(types, ""), Value::Null, 204),
        ("createEventType", types.to_owned(), kind.clone(), 200),
        ("createEventType", types.to_owned(), kind, 409),
        ("createEventType", types.to_owned(), json!({"eventType": "newBirth"}), 400),
        ("getEventTypeList", types.to_owned(), Value::Null, 200),
        ("getEventType", of(types, ""), Value::Null, 200),
        ("getSub", of(subs, ""), Value::Null, 404),
        ("patchSub", of(subs, ""), sub.clone(), 404),
        ("addSub", of(subs, ""), json!({"delivery": "PULL"}), 400),
        ("addSub", of(subs, ""), json!({"eventType": "newBirth", "delivery": "FAX"}), 400),
        ("addSub", of(subs, ""), json!({"eventType": "newBirth", "options": {"TTL": "long"}}), 400),
        ("addSub", format!("{subs}/none"), json!({"eventType": "none"}), 400),
        ("addSub", of(subs, ""), sub.clone(), 200),
        ("addSub", of(subs, ""), sub.clone(), 409),
        ("listSub", subs.to_owned(), Value::Null, 200),
        ("patchSub", of(subs, ""), json!({"eventType": "other"}), 400),
        ("patchSub", of(subs, ""), json!({"eventType": "newBirth"}), 201),
        ("getSub", of(subs, ""), Value::Null, 200),
        ("pullEvent", of(pull, ""), Value::Null, 404),
        ("publishEvent", of(pub_, ""), json!({"event": {}}), 400),
        ("publishEvent", format!("{pub_}/none"), json!({"eventType": "none", "event": {}}), 404),
        ("publishEvent", of(pub_, ""), event, 201),
        ("getStatus", of(pub_, "/ID"), Value::Null, 200),
        ("pullEvent", of(pull, ""), Value::Null, 200),
        ("confirmEvent", of(pull, "/none"), Value::Null, 409),
        ("confirmEvent", of(pull, "/ID"), Value::Null, 204),
        ("confirmEvent", of(pull, "/ID"), Value::Null, 404),
        ("deleteEvent", of(pub_, "/ID"), Value::Null, 204),
        ("deleteSub", of(subs, ""), Value::Null, 204),
        ("deleteEventType", of(types, ""), Value::Null, 204),
        // A type of a document waits for its publisher's approval; a subscription without a body is by the defaults.
        ("addSub", format!("{subs}/person.born"), Value::Null, 200),
        ("pullEvent", format!("{pull}/person.born"), Value::Null, 409),
    ] {
        let path = path.replace("ID", &made);
        let (answered, body) = ask(&run, op, (POLICE, POLICE), (&path, body.clone())).await;
        assert_eq!(answered, status, "{op} {path}: {body}");
        match (op, status) {
            ("publishEvent", 201) => made = body["id"].as_str().unwrap().to_owned(),
            ("getSub", 200) => assert_eq!(body["delivery"], "PULL", "what is not named stays"),
            _ => {}
        }
    }
    run.end();
}
