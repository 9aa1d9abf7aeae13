//! The Database API in GovStack's shapes: every version of every schema, and a new one handed in, published, taken back.
use serde_json::{Value, json};

use crate::govstack_registries::{CIVIL, Door, HEALTH, door};

async fn databases(door: &Door, client: &str) -> Vec<Value> {
    let (status, all) = door.ask("GET", "/databases", (client, Value::Null)).await;
    assert_eq!(status, 200, "{all}");
    all["databases"].as_array().unwrap().clone()
}

async fn staff(door: &Door, client: &str) -> Vec<Value> {
    databases(door, client).await.into_iter().filter(|one| one["name"] == "food-staff").collect()
}

fn with_field(database: &Value) -> Value {
    let mut schema = database["schema"].clone();
    schema["properties"]["issued_on"] =
        json!({"type": "string", "format": "date", "description": "Issued on", "x-sensitivity": "personal"});
    json!({"groupName": "Health", "catalogName": "Food staff", "code": "food-staff", "schema": schema})
}

#[tokio::test]
async fn a_schema_is_handed_in_by_its_provider_and_published_by_the_data_office() {
    let door = door().await;
    let before = staff(&door, HEALTH).await;
    let catalogue = door.app.app().registry.catalogue().len();
    assert_eq!((before.len(), databases(&door, CIVIL).await.len()), (1, catalogue));
    assert_eq!((&before[0]["version"], &before[0]["isDraft"]), (&json!("1.0"), &json!(false)));
    assert_eq!(before[0]["schema"]["properties"]["valid_to"]["format"], "date");
    let change = with_field(&before[0]);
    assert_eq!(door.ask("POST", "/database/modify", (CIVIL, change.clone())).await.0, 403, "not its provider");
    let (status, schema) = door.ask("POST", "/database/modify", (HEALTH, change.clone())).await;
    assert_eq!((status, &schema["properties"]["issued_on"]["format"]), (200, &json!("date")), "{schema}");
    // Again: the draft is replaced, not doubled.
    assert_eq!(door.ask("POST", "/database/modify", (HEALTH, change)).await.0, 200);
    let drafts = staff(&door, HEALTH).await;
    let draft = drafts.iter().find(|one| one["isDraft"] == true).unwrap();
    assert_eq!((drafts.len(), &draft["version"]), (2, &json!("2.0")));
    assert_eq!(staff(&door, CIVIL).await.len(), 1, "a draft is its office's own");

    let row = &door.app.rows("SELECT id FROM registry_submission WHERE decided_at IS NULL").await[0];
    let path = format!("/desk/catalogue/submissions/{}/publish", row.text(0).unwrap());
    let mut keeper = door.app.sign_in("administrator").await;
    keeper.get(path.trim_end_matches("/publish")).await.assert_ok().assert_has("issued_on");
    keeper.post(&path, &[]).await.assert_status(303);
    let after = staff(&door, CIVIL).await;
    let told: Vec<(&Value, &Value)> = after.iter().map(|one| (&one["version"], &one["isArchived"])).collect();
    assert_eq!(told, [(&json!("2.0"), &json!(false)), (&json!("1.0"), &json!(true))]);
    let newest = format!("/database/{}", after[0]["id"]);
    assert_eq!(door.ask("GET", &newest, (CIVIL, Value::Null)).await.1, after[0]);
    let (status, problem) = door.ask("DELETE", &newest, (HEALTH, Value::Null)).await;
    assert_eq!(status, 409, "what was published stays: {problem}");
}

#[tokio::test]
async fn a_draft_is_taken_back_and_a_new_register_is_shared_with_nobody() {
    let door = door().await;
    let schema = json!({"type": "object", "description": "Vaccines in stock", "x-subject": "thing", "required": ["batch"],
                        "properties": {"id": {"type": "string"}, "batch": {"type": "string", "maxLength": 30},
                                       "doses": {"type": "integer"}, "state": {"type": "string", "enum": ["free", "used"]}}});
    let body =
        json!({"groupName": "Health", "catalogName": "Vaccine stock", "code": "vaccine-stock", "schema": schema});
    let (status, made) = door.ask("POST", "/database/modify", (HEALTH, body.clone())).await;
    assert_eq!(
        (status, &made["required"], &made["x-subject"]),
        (200, &json!(["id", "batch"]), &json!("thing")),
        "{made}"
    );
    let draft = databases(&door, HEALTH).await.into_iter().find(|one| one["name"] == "vaccine-stock").unwrap();
    let sql = "SELECT COUNT(*) FROM registry_submission WHERE document LIKE '%\"sharing\":\"none\"%' AND resource = 'vaccine-stock'";
    assert_eq!(door.app.count(sql).await, 1, "this interface has no words for terms of sharing");
    let path = format!("/database/{}", draft["id"]);
    assert_eq!(door.ask("DELETE", &path, (CIVIL, Value::Null)).await.0, 404, "others do not know of it");
    assert_eq!(door.ask("DELETE", &path, (HEALTH, Value::Null)).await, (200, json!("Success")));
    assert_eq!(door.ask("GET", &path, (HEALTH, Value::Null)).await.0, 404);

    let changed = |pointer: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for wrong in [
        Value::Null,
        json!({"code": "x"}),
        changed("/code", json!("")),
        changed("/code", json!("No Such Name")),
        changed("/schema/properties", json!({})),
        changed("/schema/properties", json!({"child": {"type": "object", "properties": {}}})),
        changed("/schema/properties", json!({"Big": {"type": "string"}})),
        changed("/schema/properties", json!({"subject": {"type": "string"}})),
    ] {
        let (status, problem) = door.ask("POST", "/database/modify", (HEALTH, wrong.clone())).await;
        assert_eq!(status, 400, "{wrong}: {problem}");
        assert!(problem["fields"][0]["message"].is_string(), "{problem}");
    }
    assert_eq!(door.ask("GET", "/database/7", (HEALTH, Value::Null)).await.0, 404);
    assert_eq!(door.ask("GET", "/database/x", (HEALTH, Value::Null)).await.0, 400);
    assert_eq!(door.ask_with("GET", "/databases", (HEALTH, "wrong", Value::Null)).await.0, 401);
}
