//! The digital-registries door in GovStack's shapes: reads through the exchange, writes by the provider, token and client.
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use exchange::GrantSeed;
use http_body_util::BodyExt;
use platform::Ctx;
use platform::policy::{Action, On};
use serde_json::{Value, json};
use tests::TestApp;
use tower::ServiceExt;

pub const TOKEN: &str = "a-token-of-the-tests";
pub const CIVIL: &str = "NP/GOV/11990100010003002G/civil-affairs";
const POLICE: &str = "NP/GOV/1199010001000200XW/public-security";
pub const HEALTH: &str = "NP/GOV/119901000100060000/health";
pub const NEW: &str = "11010519491231002X";
const NAMES: [&str; 4] = ["name", "sex", "birth_date", "life_status"];

pub struct Door {
    pub app: TestApp,
    router: Router,
}

pub async fn door() -> Door {
    let app = TestApp::with(|config| {
        config.govstack.listen = "127.0.0.1:0".into();
        config.govstack.token = TOKEN.into();
        config.govstack.basis = "《政务数据共享条例》第十条".into();
        config.govstack.clients = [("90000009".to_owned(), "civil-affairs".to_owned())].into();
    });
    let app = app.await;
    let ctx = Ctx::system(app.platform(), "tests.grant");
    let seed = |resource: &str, fields: &[&str]| GrantSeed {
        consumer: "civil-affairs".into(),
        purpose: "register-query".into(),
        resource: resource.into(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        basis: "test".into(),
        valid_from: ctx.now(),
        valid_to: None,
    };
    let seeds = [seed("population", &NAMES), seed("food-staff", &["holder_name", "certificate_no", "valid_to"])];
    let exchange = app.app().exchange.clone();
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &seeds)).await.unwrap();
    let router = app.app().govstack();
    Door { app, router }
}

impl Door {
    pub async fn ask(&self, method: &str, path: &str, (client, body): (&str, Value)) -> (u16, Value) {
        self.ask_with(method, path, (client, TOKEN, body)).await
    }

    pub async fn ask_with(&self, method: &str, path: &str, (client, token, body): (&str, &str, Value)) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = request.header("authorization", token).header("information-mediator-client", client);
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn resident(&self) -> (String, String) {
        let sql = "SELECT number, name FROM directory_person p JOIN directory_account a ON a.subject = p.id \
                   WHERE a.login = 'su.yunling'";
        let row = &self.app.rows(sql).await[0];
        (row.text(0).unwrap(), row.text(1).unwrap())
    }

    async fn looks(&self) -> i64 {
        self.app.count("SELECT COUNT(*) FROM exchange_trail WHERE purpose = 'register-query'").await
    }
}

pub fn query(content: Value) -> Value {
    json!({"query": {"content": content}})
}

#[tokio::test]
async fn one_record_is_read_through_the_exchange_and_stands_in_the_trail() {
    let door = door().await;
    let (number, name) = door.resident().await;
    let (status, read) =
        door.ask("POST", "/data/population/1.0/read", (CIVIL, query(json!({"id": number, "name": name})))).await;
    assert_eq!(
        (status, &read["content"]["id"], &read["content"]["name"]),
        (200, &json!(number), &json!(name)),
        "{read}"
    );
    assert!(read["content"].get("mobile").is_none(), "no grant covers it");
    assert_eq!(door.looks().await, 1);
    let mut resident = door.app.sign_in("resident").await;
    resident.get("/my/trail").await.assert_ok().assert_has("云岭市民政局").assert_has("政务数据共享条例");
    let other =
        door.ask("POST", "/data/population/1.0/read", (CIVIL, query(json!({"id": number, "name": "无名氏"})))).await;
    assert_eq!(other, (404, json!({"detail": "no record found"})));
    let nobody = door.ask("POST", "/data/population/1.0/read", (CIVIL, query(json!({"id": "xyz-1"})))).await;
    assert_eq!(nobody.0, 404);
    let exists = door.ask("POST", "/data/population/1.0/exists", (CIVIL, query(json!({"id": number})))).await;
    assert_eq!((exists.0, &exists.1["answer"]["status"]), (200, &json!(true)));
    let exists = door.ask("POST", "/data/population/1.0/exists", (CIVIL, query(json!({"id": NEW})))).await;
    assert_eq!((exists.0, &exists.1["answer"]["status"]), (200, &json!(false)));
    let value =
        door.ask("GET", &format!("/data/population/1.0/{number}/readValue/sex.json"), (CIVIL, Value::Null)).await;
    assert_eq!(value.0, 200);
    assert!(value.1["value"].is_string(), "{value:?}");
    let hidden = format!("/data/population/1.0/{number}/readValue/mobile.json");
    assert_eq!(door.ask("GET", &hidden, (CIVIL, Value::Null)).await.0, 403);
}

#[tokio::test]
async fn a_search_shows_pages_and_writes_a_look_for_each_person_shown() {
    let door = door().await;
    let (_, name) = door.resident().await;
    let path = format!("/data/population/1?query.name={}", platform::page::encode(&name));
    let (status, found) = door.ask("GET", &path, (CIVIL, Value::Null)).await;
    let results = found["results"].as_array().unwrap().len();
    assert_eq!((status, &found["results"][0]["name"]), (200, &json!(name)));
    assert_eq!(door.looks().await, i64::try_from(results).unwrap());
    let (_, first) = door.ask("GET", "/data/population/1?pageSize=3", (CIVIL, Value::Null)).await;
    assert_eq!(first["results"].as_array().unwrap().len(), 3);
    assert!(first["count"].as_u64().unwrap() > 500 && first.get("previous").is_none(), "{first}");
    let (_, second) = door.ask("GET", first["next"].as_str().unwrap(), (CIVIL, Value::Null)).await;
    assert!(second["previous"].is_string());
    assert_ne!(first["results"][0]["id"], second["results"][0]["id"]);
    let by_secret = door.ask("GET", "/data/population/1?query.mobile=15400550001", (CIVIL, Value::Null)).await;
    assert_eq!(by_secret.0, 400, "what may not be read may not be searched by");
    for wrong in ["page=0", "pageSize=x"] {
        assert_eq!(door.ask("GET", &format!("/data/population/1?{wrong}"), (CIVIL, Value::Null)).await.0, 400);
    }
}

#[tokio::test]
async fn the_provider_creates_updates_and_deletes_and_nobody_else_does() {
    let door = door().await;
    let record =
        json!({"id": NEW, "holder_name": "王秀兰", "certificate_no": "JK990101202600001", "valid_to": "2027-06-30"});
    let write = json!({"write": {"content": record}});
    let at = |end: &str| format!("/data/food-staff/1/{end}");
    assert_eq!(door.ask("POST", &at("create"), (CIVIL, write.clone())).await.0, 403);
    let (status, made) = door.ask("POST", &at("create"), (HEALTH, write.clone())).await;
    assert_eq!((status, &made["content"]), (200, &record), "{made}");
    assert_eq!(door.ask("POST", &at("create"), (HEALTH, write.clone())).await.0, 409);
    let wrong = json!({"write": {"content": {"id": NEW, "valid_to": "soon"}}});
    let (status, problem) = door.ask("PUT", &at("update"), (HEALTH, wrong)).await;
    assert_eq!((status, &problem["fields"][0]["field"]), (400, &json!("valid_to")), "{problem}");
    let update = json!({"query": {"content": {"id": NEW}}, "write": {"content": {"valid_to": "2028-06-30"}}});
    assert_eq!(door.ask("PUT", &at("update"), (HEALTH, update)).await.0, 200);
    let (_, read) = door.ask("POST", &at("read"), (CIVIL, query(json!({"id": NEW})))).await;
    let read = &read["content"];
    assert_eq!((&read["valid_to"], &read["holder_name"]), (&json!("2028-06-30"), &json!("王秀兰")), "the rest stays");
    let many = json!({"query": {"content": {"certificate_no": "JK990101202600001"}}, "write": {"content": {"valid_to": "2028-07-01"}}});
    assert_eq!(door.ask("PUT", &at("updateEntries"), (HEALTH, many)).await.0, 200);
    let none = json!({"query": {"content": {"id": NEW, "holder_name": "别人"}}, "write": {"content": {"valid_to": "2028-07-02"}}});
    assert_eq!(door.ask("PUT", &at("update"), (HEALTH, none)).await.0, 404);

    let path = at(&format!("{NEW}/delete"));
    assert_eq!(door.ask("DELETE", &path, (CIVIL, Value::Null)).await.0, 403);
    // Two lives of one record: its past keeps both.
    for round in [1, 2] {
        assert_eq!(door.ask("DELETE", &path, (HEALTH, Value::Null)).await.0, 204, "round {round}");
        assert_eq!(door.ask("DELETE", &path, (HEALTH, Value::Null)).await.0, 404);
        let (status, again) = door.ask("POST", &at("updateOrCreate"), (HEALTH, write.clone())).await;
        assert_eq!((status, &again["content"]["valid_to"]), (200, &json!("2027-06-30")), "{again}");
        let update = json!({"write": {"content": {"id": NEW, "valid_to": "2029-06-30"}}});
        assert_eq!(door.ask("POST", &at("updateOrCreate"), (HEALTH, update)).await.0, 200);
    }
    let past = "SELECT COUNT(*) FROM registry_record_past WHERE subject = '11010519491231002X'";
    assert_eq!(door.app.count(past).await, 3 + 2 + 1);
}

#[tokio::test]
async fn my_personal_data_usage_has_the_published_shape() {
    let door = door().await;
    let (number, _) = door.resident().await;
    let path = format!("/data/myPersonalDataUsage?userId={number}&databaseId=food-staff");
    assert_eq!(door.ask("GET", &path, (CIVIL, Value::Null)).await.0, 404, "nobody has looked there");
    door.ask("POST", "/data/population/1/read", (CIVIL, query(json!({"id": number})))).await;
    let path = format!("/data/myPersonalDataUsage?userId={number}&databaseId=population");
    let (status, rows) = door.ask("GET", &path, ("eGovStack/GOV/90000009/digitalregistries", Value::Null)).await;
    assert_eq!(status, 200, "{rows}");
    let first = &rows[0];
    assert_eq!(first["readerInstitutionId"], "11990100010003002G");
    assert_eq!(first["readerInstitutionName"], "Yunling City Civil Affairs Bureau");
    assert_eq!(first["readerApplicationName"], CIVIL);
    assert_eq!(first["refrences"][0]["ReferenceID"], "population");
    for text in ["id", "readerId", "readerInitials", "searchDateTime"] {
        assert!(first[text].is_string(), "{text}: {first}");
    }
    let wrong =
        door.ask("GET", "/data/myPersonalDataUsage?userId=12&databaseId=population", (CIVIL, Value::Null)).await;
    assert_eq!(wrong.0, 400);
}

#[tokio::test]
async fn without_token_client_or_grant_nothing_is_told() {
    let door = door().await;
    let (number, _) = door.resident().await;
    let read = || query(json!({"id": number}));
    let path = "/data/population/1/read";
    for token in ["", "Bearer ", "wrong", "Bearer wrong"] {
        assert_eq!(door.ask_with("POST", path, (CIVIL, token, read())).await.0, 401, "{token}");
    }
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(door.ask_with("POST", path, (CIVIL, &bearer, read())).await.0, 200);
    assert_eq!(door.ask("POST", path, ("civil-affairs", read())).await.0, 400);
    assert_eq!(door.ask("POST", path, ("NP/GOV/00000000/x", read())).await.0, 403);
    assert_eq!(door.ask("POST", path, (POLICE, read())).await.0, 403, "no grant: not even for the provider");
    assert_eq!(door.ask("POST", "/data/no-such/1/read", (CIVIL, read())).await.0, 404);
    assert_eq!(door.ask("POST", "/data/population/x/read", (CIVIL, read())).await.0, 404);
    for body in [Value::Null, json!({}), json!({"query": {"content": 1}}), json!([]), query(json!({}))] {
        assert_eq!(door.ask("POST", path, (CIVIL, body.clone())).await.0, 400, "{body}");
    }
    assert_eq!(door.looks().await, 1);
}
