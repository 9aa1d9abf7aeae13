//! A register's service describes itself (`getOpenAPI`), from its catalogue entry; what it answers is as described.
use std::collections::BTreeSet;

use app::Doors;
use exchange::GrantSeed;
use platform::Ctx;
use platform::policy::{Action, On};
use serde_json::Value;
use tests::TestApp;
use tests::wire::{self, Answer};
use tokio::sync::watch;

use crate::govstack_spec::Spec;

const POLICE: &str = "NP/GOV/1199010001000200XW/public-security";
const MARKET: &str = "NP/GOV/11990100010005008H/market";
const HEALTH: &str = "NP/GOV/119901000100060000/health";
const CREDIT: &str = "NP/GOV/11990100010022000J/development";
/// Whom no register knows.
const NOBODY: &str = "11010519491231002X";

/// A deployment whose gateway listens; it is served as long as this lives.
struct Served {
    app: TestApp,
    address: String,
    _stop: watch::Sender<bool>,
}

impl Served {
    async fn start() -> Self {
        let app = TestApp::with(|config| config.gateway.listen = "127.0.0.1:0".into()).await;
        let doors = Doors::bind(app.platform()).await.unwrap();
        let address = doors.addresses().unwrap()[0].1.to_string();
        let (stop, stopped) = watch::channel(false);
        drop(doors.serve(app.app(), &stopped));
        Self { app, address, _stop: stop }
    }

    /// For a purpose of these tests; the fields of the population register.
    async fn granted(&self) -> Vec<String> {
        let population = self.app.app().exchange.catalogue().get("population").unwrap().clone();
        let fields: Vec<String> = population.fields.iter().map(|field| field.key.clone()).collect();
        let ctx = Ctx::system(self.app.platform(), "tests.grant");
        let seed = GrantSeed {
            consumer: "health".into(),
            purpose: "tests".into(),
            resource: "population".into(),
            fields: fields.clone(),
            basis: "test".into(),
            valid_from: ctx.now(),
            valid_to: None,
        };
        let (exchange, grant) = (self.app.app().exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap());
        ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &[seed])).await.unwrap();
        fields
    }

    async fn ask(&self, path: &str, client: &str) -> (u16, String, Value) {
        let (address, path, client) = (self.address.clone(), format!("/r1/{path}"), client.to_owned());
        let call = move || wire::call(&address, ("GET", &path), &[("X-Road-Client", &client)], "");
        let answer: Answer = tokio::task::spawn_blocking(call).await.unwrap().unwrap();
        let kind = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        (answer.status, kind, serde_json::from_str(&answer.body).unwrap_or(Value::String(answer.body.clone())))
    }

    async fn described(&self, provider: &str, code: &str) -> Value {
        let (status, _, described) = self.ask(&format!("{provider}/getOpenAPI?serviceCode={code}"), HEALTH).await;
        assert_eq!(status, 200, "{code}: {described}");
        described
    }
}

/// Every reference of a description leads somewhere.
fn refer(description: &Value, part: &Value) {
    if let Some(reference) = part["$ref"].as_str() {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let (list, map) =
        (part.as_array().into_iter().flatten(), part.as_object().into_iter().flat_map(|map| map.values()));
    list.chain(map).for_each(|part| refer(description, part));
}

/// What OpenAPI 3.0.3 demands of the parts that we use.
fn valid(description: &Value) {
    assert_eq!(description["openapi"], "3.0.3");
    assert!(["title", "version"].iter().all(|key| !description["info"][key].as_str().unwrap().is_empty()));
    refer(description, description);
    let (path, get) = description["paths"].as_object().unwrap().iter().next().unwrap();
    let get = &get["get"];
    let parameters = get["parameters"].as_array().unwrap();
    let unique: BTreeSet<String> = parameters.iter().map(|p| format!("{} {}", p["in"], p["name"])).collect();
    assert_eq!(unique.len(), parameters.len());
    for parameter in parameters {
        assert!(parameter["schema"]["type"].is_string(), "{parameter}");
        let in_path = parameter["in"] == "path";
        assert_eq!(path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap())), in_path, "{parameter}");
        assert!(!in_path || parameter["required"] == true, "{parameter}");
    }
    for (status, response) in get["responses"].as_object().unwrap() {
        assert!(status.parse::<u16>().is_ok() && response["description"].is_string(), "{status} {response}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_register_describes_its_service_from_the_catalogue() {
    let served = Served::start().await;
    for (provider, code) in [
        (POLICE, "population"),
        (POLICE, "residence"),
        (MARKET, "enterprise"),
        (HEALTH, "food-staff"),
        (CREDIT, "credit"),
    ] {
        let described = served.described(provider, code).await;
        valid(&described);
        let of_answer = &described["components"]["schemas"]["Answer"]["properties"]["fields"]["properties"];
        let told: BTreeSet<&str> = of_answer.as_object().unwrap().keys().map(String::as_str).collect();
        let resource = served.app.app().exchange.catalogue().get(code).unwrap().clone();
        assert_eq!(told, resource.fields.iter().map(|field| field.key.as_str()).collect(), "{code}");
        let (_, _, listed) = served.ask(&format!("{provider}/listMethods"), HEALTH).await;
        let listed = listed["service"].as_array().unwrap().iter().find(|one| one["service_code"] == code).unwrap();
        assert_eq!(listed["service_type"], "OPENAPI", "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_register_answers_is_as_described() {
    let served = Served::start().await;
    let fields = served.granted().await;
    let spec = Spec::parse(&served.described(POLICE, "population").await.to_string());
    let sql = "SELECT number FROM directory_person p JOIN directory_account a ON a.subject = p.id \
               WHERE a.login = 'su.yunling'";
    let number = served.app.rows(sql).await[0].text(0).unwrap();
    let all = format!("fields={}&basis=b&purpose=tests", fields.join(","));
    for (number, query, client, status) in [
        (number.as_str(), all.as_str(), HEALTH, 200),
        (&number, "fields=name&basis=b&purpose=tests", HEALTH, 200),
        (&number, "fields=name&basis=b&purpose=other", HEALTH, 403),
        (NOBODY, &all, HEALTH, 404),
        (&number, "fields=none&basis=b&purpose=tests", HEALTH, 422),
        (&number, "fields=name&purpose=tests", HEALTH, 422),
        ("1", &all, HEALTH, 422),
        (&number, &all, "NP", 400),
        (&number, &all, CREDIT, 500),
    ] {
        let (told, kind, body) = served.ask(&format!("{POLICE}/population/{number}?{query}"), client).await;
        assert_eq!(told, status, "{query}: {body}");
        spec.judge(("GET", "/{number}"), (told, &kind, &body));
        if status == 200 {
            let told = body["fields"].as_object().unwrap();
            assert!(
                told.len() == query.split('&').next().unwrap().split(',').count() && !told["name"]["value"].is_null()
            );
        }
    }
}
