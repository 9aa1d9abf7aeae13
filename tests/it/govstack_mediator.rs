//! The information mediator in GovStack's shapes: who takes part, rights and members changed in the roster, rooms.
use app::DoorCaller;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::TestApp;
use tower::ServiceExt;

pub const POLICE: &str = "NP/GOV/1199010001000200XW/public-security";
pub const HEALTH: &str = "NP/GOV/119901000100060000/health";
pub const OFFICE: &str = "NP/GOV/11990100010001007H/gov-office";
pub const KEEPER: &str = "a-token-of-the-keeper";
pub const READER: &str = "a-token-that-reads";
const SCOPES: &str = "read:conf write:conf create:conf read:rights write:rights";

pub struct Mediator {
    pub app: TestApp,
    router: Router,
}

impl Mediator {
    pub async fn open() -> Self {
        let app = TestApp::with(|config| {
            config.gateway.listen = "127.0.0.1:0".into();
            config.govstack.mediator.listen = "127.0.0.1:0".into();
            let digest = |token: &str| platform::chance::sha256_hex(token.as_bytes());
            let tokens = [(digest(KEEPER), SCOPES.to_owned()), (digest(READER), "read:conf read:rights".to_owned())];
            config.govstack.mediator.tokens = tokens.into();
        });
        Self::of(app.await)
    }

    fn of(app: TestApp) -> Self {
        let router = app.app().mediator().unwrap();
        Self { app, router }
    }

    async fn ask(&self, (method, path): (&str, &str), (headers, body): (&[(&str, &str)], Value)) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let mut from = "127.0.0.1:5000";
        for (name, value) in headers {
            if *name == "from" { from = value } else { request = request.header(*name, *value) }
        }
        request = request.header("host", "mediator.yunling.example");
        let from = DoorCaller { from: from.parse().unwrap(), certificate: None };
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = request.extension(ConnectInfo(from)).body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// In the room of public security, as one of its own.
    async fn room(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.room_as(POLICE, (method, path), body).await
    }

    async fn room_as(&self, client: &str, (method, path): (&str, &str), body: Value) -> (u16, Value) {
        self.ask((method, &format!("/r1/{POLICE}{path}")), (&[("x-govstack-client", client)], body)).await
    }

    async fn keep(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.ask((method, path), (&[("authorization", &format!("Bearer {KEEPER}"))], body)).await
    }

    fn allowed(&self, client: &str, service: &str) -> bool {
        let roster = self.app.app().gateway.as_ref().unwrap().roster();
        let service = roster.service(service).unwrap();
        roster.allows(service, client, "GET", "/x")
    }
}

pub fn right(service: (&str, &str), client: (&str, &str)) -> Value {
    let ((member, application), (class, code)) = (client, ("GOV", service.0));
    json!([{"memberClass": class, "memberCode": code, "applicationId": service.1, "serviceId": "food-staff",
            "rights": [{"member": member, "application": application}]}])
}

#[tokio::test]
async fn the_directory_tells_who_takes_part_and_what_they_offer() {
    let mediator = Mediator::open().await;
    let (status, all) = mediator.ask(("GET", "/listClients"), (&[], Value::Null)).await;
    let all = all["member"].as_array().unwrap();
    let of = |kind: &str| all.iter().filter(|one| one["id"]["objectType"] == kind).count();
    assert_eq!((status, of("MEMBER")), (200, of("APPLICATION")));
    assert!(all.iter().any(|one| one["name"] == "云岭市公安局" && one["id"]["memberCode"] == "1199010001000200XW"));
    let (status, methods) = mediator.room_as(HEALTH, ("GET", "/listMethods"), Value::Null).await;
    let codes: Vec<&str> =
        methods["member"].as_array().unwrap().iter().map(|one| one["serviceCode"].as_str().unwrap()).collect();
    assert_eq!((status, codes), (200, vec!["population", "residence"]));
    assert_eq!(methods["member"][0]["endpointList"]["member"], json!([{"method": "GET", "path": "/*"}]));
    let (_, one) = mediator.room_as(HEALTH, ("GET", "/allowedMethods?serviceId=residence"), Value::Null).await;
    assert_eq!(one["member"].as_array().unwrap().len(), 1);
    let (_, none) = mediator.room_as(OFFICE, ("GET", "/allowedMethods"), Value::Null).await;
    assert_eq!(none, json!({"member": []}), "the office is in no group");
    let at = format!("/r1/{OFFICE}/getOpenAPI?serviceCode=findUsage");
    for accept in ["*/*", "text/yaml"] {
        let headers = [("x-govstack-client", HEALTH), ("accept", accept)];
        let (status, text) = mediator.ask(("GET", &at), (&headers, Value::Null)).await;
        assert!(status == 200 && text.as_str().unwrap().contains("/v2/findUsage"), "{accept}: {text}");
        assert!(text.as_str().unwrap().contains("example.org"), "addresses of servers are not told");
    }
    // A register's service is described from the catalogue.
    let (status, text) = mediator.room("GET", "/getOpenAPI?serviceCode=population", Value::Null).await;
    assert!(status == 200 && text.as_str().unwrap().contains("household_no"), "{text}");
    for path in ["/getOpenAPI", "/getOpenAPI?serviceCode=none"] {
        assert_eq!(mediator.room("GET", path, Value::Null).await.0, 400, "{path}");
    }
}

#[tokio::test]
async fn who_does_not_prove_its_application_gets_nothing() {
    let mediator = Mediator::open().await;
    for (client, from, status) in [
        (POLICE, "127.0.0.1:9", 200),
        (POLICE, "203.0.113.7:9", 403),
        ("NP/GOV/000/nobody", "127.0.0.1:9", 403),
        ("police", "127.0.0.1:9", 400),
        ("", "127.0.0.1:9", 400),
    ] {
        for path in ["/listMethods", "/api/v1/eventType"] {
            let headers = [("x-govstack-client", client), ("from", from)];
            let answer = mediator.ask(("GET", &format!("/r1/{POLICE}{path}")), (&headers, Value::Null)).await;
            assert_eq!(answer.0, status, "{client} {from} {path}: {answer:?}");
        }
    }
    let paths = ["/api/v1/config", "/api/v1/status", "/api/v1/rights/allow"];
    for (token, status) in [("", 401), ("Bearer ", 401), ("Bearer wrong", 401), (&*format!("Bearer {READER}"), 200)] {
        for path in paths {
            let answer = mediator.ask(("GET", path), (&[("authorization", token)], Value::Null)).await;
            assert_eq!(answer.0, status, "{token} {path}: {answer:?}");
        }
    }
    let reader = format!("Bearer {READER}");
    for (method, path) in [("PATCH", "/api/v1/config"), ("PUT", "/api/v1/config"), ("PATCH", "/api/v1/rights/deny")] {
        let answer = mediator.ask((method, path), (&[("authorization", &reader)], json!([]))).await;
        assert_eq!(answer.0, 401, "a token that reads writes nothing: {answer:?}");
    }
    assert_eq!(mediator.app.count("SELECT COUNT(*) FROM platform_audit WHERE event LIKE 'roster.%'").await, 0);
}

#[tokio::test]
async fn a_right_is_given_and_taken_in_the_roster_itself() {
    let mediator = Mediator::open().await;
    let (health, service) = (("119901000100060000", "health"), format!("{HEALTH}/food-staff"));
    let education = "NP/GOV/119901000100080061/education";
    assert!(!mediator.allowed(education, &service));
    let give = right(health, ("云岭市教育局", "education"));
    assert_eq!(mediator.keep("PATCH", "/api/v1/rights/allow", give).await.0, 200);
    assert!(mediator.allowed(education, &service), "at once");
    let (market, police) = ("NP/GOV/11990100010005008H/market", POLICE);
    let take = right(health, ("11990100010005008H", "market"));
    assert!(mediator.allowed(market, &service));
    assert_eq!(mediator.keep("PATCH", "/api/v1/rights/deny", take).await.0, 200);
    assert!(!mediator.allowed(market, &service) && mediator.allowed(police, &service), "its group keeps its rights");
    for wrong in
        [right(health, ("none", "none")), right(("1", "health"), ("119901000100080061", "education")), json!({})]
    {
        assert_eq!(mediator.keep("PATCH", "/api/v1/rights/allow", wrong.clone()).await.0, 400, "{wrong}");
    }
    assert_eq!(mediator.app.count("SELECT COUNT(*) FROM platform_audit WHERE event LIKE 'roster.%'").await, 2);

    // A restart works by what was written.
    let again = Mediator::of(mediator.app.restart().await);
    assert!(again.allowed(education, &service) && !again.allowed(market, &service));
    let (_, all) = again.keep("GET", "/api/v1/rights/allow?serviceId=food-staff&pageSize=3", Value::Null).await;
    let first = all["allowList"][0]["rights"].as_array().unwrap().len();
    let token = all["nextPageToken"].as_str().unwrap();
    let path = format!("/api/v1/rights/allow?serviceId=food-staff&pageSize=3&nextPageToken={token}");
    let (_, rest) = again.keep("GET", &path, Value::Null).await;
    let second = rest["allowList"][0]["rights"].as_array().unwrap().len();
    assert_eq!(
        (first, second, rest.get("nextPageToken")),
        (3, 2, None),
        "six of the city, one gone, education came: {rest}"
    );
    assert_eq!(again.keep("GET", "/api/v1/rights/allow?nextPageToken=x", Value::Null).await.0, 400);
}

#[tokio::test]
async fn members_are_described_changed_and_replaced() {
    let mediator = Mediator::open().await;
    let (_, conf) = mediator.keep("GET", "/api/v1/config", Value::Null).await;
    assert_eq!((&conf["instance"], &conf["domain"]), (&json!("NP"), &json!("hall.yunling.example")));
    let (status, words) = mediator.keep("PUT", "/api/v1/config", conf.clone()).await;
    assert_eq!(status, 201, "{words}");
    let (_, same) = mediator.keep("GET", "/api/v1/config", Value::Null).await;
    assert_eq!(same, conf, "what was read can be put back");
    assert!(mediator.allowed(HEALTH, &format!("{POLICE}/population")));

    let description = "data:application/json,%7B%22openapi%22%3A%223.0.3%22%2C%22paths%22%3A%7B%7D%7D";
    let service = json!({"id": "water", "specUrl": description, "serviceUrl": "http://10.9.9.9:8080/api",
                         "rights": [{"member": "云岭市公安局", "application": "public-security"}]});
    let company = json!({"name": "示例供水公司", "class": "COM", "code": "91990100MA00000001",
                         "applications": [{"id": "meters", "services": [service]}]});
    let patch = |member: &Value| json!({"instance": "NP", "domain": "hall.yunling.example", "members": [member]});
    let (status, words) = mediator.keep("PATCH", "/api/v1/config", patch(&company)).await;
    assert_eq!(status, 201, "{words}");
    let new = "NP/COM/91990100MA00000001/meters";
    assert!(mediator.allowed(POLICE, &format!("{new}/water")));
    assert!(mediator.allowed(HEALTH, &format!("{POLICE}/population")), "what is not described stays");
    let headers = [("x-govstack-client", new)];
    let mute = mediator.ask(("GET", &format!("/r1/{POLICE}/listMethods")), (&headers, Value::Null)).await;
    assert_eq!(mute.0, 403, "nobody speaks for it until the roster says how it proves itself");

    let changed = |pointer: &str, value: Value| {
        let mut member = company.clone();
        *member.pointer_mut(pointer).unwrap() = value;
        patch(&member)
    };
    for (wrong, field) in [
        (json!({"instance": "XX", "domain": "hall.yunling.example"}), "instance"),
        (json!({"instance": "NP", "domain": "other.example"}), "domain"),
        (json!({"instance": "NP"}), "domain"),
        (patch(&json!({"name": "x", "class": "COM", "code": "1"})), "members"),
        (changed("/applications/0/services/0/specUrl", json!("https://files.example/api.json")), "specUrl"),
        (changed("/applications/0/services/0/serviceUrl", json!("application:register")), "serviceUrl"),
        (changed("/applications/0/services/0/serviceUrl", json!("ftp://x")), "config"),
        (changed("/applications/0/services/0/rights/0/member", json!("nobody")), "rights"),
        (changed("/applications/0/id", json!("")), "id"),
    ] {
        let (status, problem) = mediator.keep("PATCH", "/api/v1/config", wrong.clone()).await;
        assert_eq!((status, problem["fields"][0]["field"].as_str()), (400, Some(field)), "{wrong} {problem}");
    }
    assert_eq!(mediator.keep("POST", "/api/v1/config?init=true", conf.clone()).await.0, 400, "there is an instance");
    let (status, _) = mediator.keep("PUT", "/api/v1/config", conf).await;
    assert_eq!(status, 201);
    let roster = mediator.app.app().gateway.as_ref().unwrap().roster();
    assert!(roster.subsystem(new).is_none(), "what is not described goes");
}

#[tokio::test]
async fn a_room_is_kept_by_its_own_member_and_read_by_others() {
    let mediator = Mediator::open().await;
    let kind = json!({"eventType": "newBirth", "schema": {"type": "object"}});
    let event = json!({"eventType": "newBirth", "event": {"place": "a"}});
    for (method, path) in
        [("POST", "/api/v1/eventType"), ("DELETE", "/api/v1/eventType/newBirth"), ("POST", "/pub/v1/newBirth")]
    {
        let refused = mediator.room_as(HEALTH, (method, path), kind.clone()).await;
        assert_eq!(refused.0, 403, "{method} {path}: {refused:?}");
    }
    assert_eq!(mediator.room("POST", "/api/v1/eventType", kind).await.0, 200);
    let pull = json!({"eventType": "newBirth", "delivery": "PULL"});
    assert_eq!(mediator.room_as(HEALTH, ("POST", "/api/v1/subs/newBirth"), pull).await.0, 200);
    assert_eq!(mediator.room_as(HEALTH, ("POST", "/pub/v1/newBirth"), event.clone()).await.0, 403);
    let (status, made) = mediator.room("POST", "/pub/v1/newBirth", event).await;
    assert_eq!(status, 201, "{made}");
    let (_, got) = mediator.room_as(HEALTH, ("GET", "/pull/v1/newBirth"), Value::Null).await;
    assert_eq!((&got["id"], &got["event"]), (&made["id"], &json!({"place": "a"})));
    // The room of one member cannot be reached through another's address.
    let path = "/r1/NP/GOV/119901000100060000/public-security/api/v1/eventType";
    let strange = mediator.ask(("GET", path), (&[("x-govstack-client", HEALTH)], Value::Null)).await;
    assert_eq!(strange.0, 404, "{strange:?}");
    let (_, own) = mediator.room_as(HEALTH, ("GET", "/api/v1/subs/newBirth"), Value::Null).await;
    assert_eq!((&own["options"]["TTL"], &own["subscriberId"]["applicationCode"]), (&json!(3600), &json!("health")));
    let gone = format!("/pull/v1/newBirth/{}", made["id"].as_str().unwrap());
    assert_eq!(mediator.room_as(HEALTH, ("DELETE", &gone), Value::Null).await.0, 204);
    assert_eq!(mediator.room_as(HEALTH, ("GET", "/pull/v1/newBirth"), Value::Null).await.0, 404);
}
