//! The demo city with its departments' own, unlike systems instead of the built-in register.
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use app::demo::city::{City, Config, Documents, Record};
use app::demo::systems::{self, Systems};
use exchange::{Ask, Facts, GrantSeed, Subject, Want};
use platform::policy::{Action, On};
use platform::{Ctx, Error};
use serde_json::{Map, Value};
use tempfile::TempDir;
use tests::TestApp;
use tests::app::NOW;
use tests::givens::{self, LICENCE, PERMIT, SENIOR_CARD};

const RESOURCES: [&str; 5] = ["education", "disability", "real-estate", "social-insurance", "credit"];
const PURPOSE: &str = "connectors-compared";

struct Unlike {
    app: TestApp,
    city: City,
    systems: Option<Systems>,
    _folder: TempDir,
}

/// The same small city as in every test, and systems filled from it.
async fn unlike() -> Unlike {
    let documents = Documents {
        divisions: include_str!("../../packs/demo/divisions.yaml"),
        organisations: include_str!("../../packs/demo/organisations/organisations.yaml"),
    };
    let today = NOW.date(time::macros::offset!(+8));
    let config = Config { seed: 7, residents: 600, enterprises: 48, past_cases: 120, officials: 200, today };
    let city = City::generate(config, documents).unwrap();
    let folder = tempfile::Builder::new().prefix("tongban-sys-").tempdir().unwrap();
    // PostgreSQL may run as another user than we do.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    systems::fill(&city, folder.path(), &mut |line| println!("{line}")).await.unwrap();
    let systems = systems::start(folder.path(), &mut |line| println!("{line}")).await.unwrap();
    let addresses = systems.addresses().clone();
    let app = TestApp::with(|config| config.connectors.addresses = addresses).await;
    Unlike { app, city, systems: Some(systems), _folder: folder }
}

impl Unlike {
    async fn grant(&self) {
        let ctx = Ctx::system(self.app.platform(), "tests.grant");
        let seeds: Vec<GrantSeed> = RESOURCES
            .map(|resource| GrantSeed {
                consumer: "gov-office".into(),
                purpose: PURPOSE.into(),
                resource: resource.into(),
                fields: fields(resource),
                basis: "test".into(),
                valid_from: ctx.now(),
                valid_to: None,
            })
            .into();
        let exchange = self.app.app().exchange.clone();
        let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
        ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &seeds)).await.unwrap();
    }

    async fn fetch(&self, resource: &str, subject: &str) -> Result<Facts, Error> {
        let is_firm = self.city.enterprises().any(|firm| firm.uscc == subject);
        let owner = if is_firm { "ent_x" } else { "per_x" };
        let subject = Subject::of(owner, subject);
        let ask = Ask {
            purpose: PURPOSE.into(),
            basis: "test".into(),
            item: None,
            case: None,
            consumer: "gov-office".into(),
            subject,
            wants: vec![Want { resource: resource.into(), fields: fields(resource) }],
            offices: Vec::new(),
        };
        let ctx = Ctx::system(self.app.platform(), "tests.fetch");
        self.app.app().exchange.fetch(&ctx, ask).await
    }
}

fn fields(resource: &str) -> Vec<String> {
    let all = match resource {
        "education" => "level school graduated_on enrolled",
        "disability" => "certificate_no category grade valid_to",
        "real-estate" => "property_no address area_m2 share",
        "social-insurance" => "status kind employer_uscc employer_name first_paid_month months_paid last_paid_month",
        _ => "listed reason",
    };
    all.split(' ').map(str::to_owned).collect()
}

/// What was answered, as the generator writes it: without fields that hold nothing.
fn record_of(resource: &str, facts: &Facts) -> Value {
    let facts = fields(resource).into_iter().filter_map(|field| {
        let value = facts.get(resource, &field)?.value.clone();
        (!value.is_null()).then_some((field, value))
    });
    Value::Object(facts.collect::<Map<_, _>>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_system_says_in_its_own_words_what_the_register_would_say() {
    let unlike = unlike().await;
    unlike.grant().await;
    let addresses = unlike.systems.as_ref().unwrap().addresses();
    assert!(addresses.len() >= 4, "{addresses:?}");
    for resource in RESOURCES {
        let records: Vec<Record> = unlike.city.records_of(resource).collect();
        assert!(records.len() > 3, "{resource}");
        for record in records.iter().step_by(records.len() / 20 + 1) {
            let facts = unlike.fetch(resource, &record.subject).await.unwrap();
            let expected: Value = serde_json::from_str(&record.data).unwrap();
            assert_eq!(record_of(resource, &facts), expected, "{resource} {}", record.subject);
            assert!(facts.facts.values().all(|fact| fact.as_of == record.as_of), "{resource}: the day");
        }
    }
    // Somebody of whom the register knows nothing: so does the system.
    let known: BTreeSet<String> = unlike.city.records_of("disability").map(|record| record.subject).collect();
    let without = unlike.city.residents().find(|resident| !known.contains(&resident.id_number)).unwrap();
    let facts = unlike.fetch("disability", &without.id_number).await.unwrap();
    assert_eq!(facts.missing, ["disability"]);
    let health = unlike.app.app().exchange.health();
    assert_eq!(health.len(), addresses.len());
    let figures = unlike.app.anonymous().get("/metrics").await.assert_ok().html();
    for source in health {
        assert!(source.figures.calls > 0 && source.last_ok.is_some() && source.last_failure.is_none(), "{source:?}");
        let labels = format!("{{kind=\"{}\",resource=\"{}\"}}", source.kind.name(), source.resource);
        let last = source.last_ok.unwrap().0.div_euclid(1_000_000);
        for told in [
            format!("calls_total{labels} {}", source.figures.calls),
            format!("failures_total{labels} 0"),
            format!("circuit_open{labels} 0"),
            format!("last_ok_timestamp_seconds{labels} {last}"),
        ] {
            assert!(figures.contains(&format!("tongban_connector_{told}\n")), "{told}\n{figures}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_three_items_go_on_through_them() {
    let unlike = unlike().await;
    let app = &unlike.app;
    let mut resident = app.sign_in("resident").await;
    givens::apply(&mut resident, &SENIOR_CARD).await;
    givens::apply(&mut resident, &PERMIT).await;
    let mut agent = app.agent_of_restaurant().await;
    givens::apply(&mut agent, &LICENCE).await;
    app.run_jobs().await;
    let health = unlike.app.app().exchange.health();
    if let Some(credit) = health.iter().find(|source| source.resource == "credit") {
        assert!(credit.figures.calls > 0 && credit.last_failure.is_none(), "{credit:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_that_is_away_gives_nothing_and_leaves_no_line() {
    let mut unlike = unlike().await;
    unlike.systems = None;
    unlike.grant().await;
    let owner = unlike.city.records_of("real-estate").next().unwrap().subject;
    let looks = unlike.app.count("SELECT COUNT(*) FROM exchange_trail").await;
    let error = unlike.fetch("real-estate", &owner).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert!(!error.to_string().contains(&owner) && !error.to_string().contains("127.0.0.1"), "{error}");
    assert_eq!(unlike.app.count("SELECT COUNT(*) FROM exchange_trail").await, looks);
    let health = unlike.app.app().exchange.health();
    let source = health.iter().find(|source| source.resource == "real-estate").unwrap();
    assert!(
        source.consecutive_failures == 1 && source.last_failure.as_ref().unwrap().code == "unavailable",
        "{source:?}"
    );
    let figures = unlike.app.anonymous().get("/metrics").await.assert_ok().html();
    let labels = format!("{{kind=\"{}\",resource=\"real-estate\"}}", source.kind.name());
    for told in [format!("failures_in_a_row{labels} 1"), format!("last_ok_timestamp_seconds{labels} 0")] {
        assert!(figures.contains(&format!("tongban_connector_{told}\n")), "{told}\n{figures}");
    }
}

#[tokio::test]
async fn a_fact_that_a_departments_system_answers_for_is_corrected_there_not_in_our_copy() {
    let app = TestApp::with(|config| {
        config.connectors.addresses.insert("social_insurance".into(), "/nowhere/social.sqlite".into());
    })
    .await;
    let sql = "SELECT subject, data FROM registry_record WHERE resource = 'social-insurance' ORDER BY subject LIMIT 1";
    let row = &app.rows(sql).await[0];
    let (subject, before) = (row.text(0).unwrap(), row.text(1).unwrap());
    let mut clerk = app.sign_in_at("hrss", "clerk").await;
    let new = "/inbox/corrections/new";
    clerk.get(new).await.assert_ok();
    let fact = [("fact", "social-insurance.employer_name"), ("subject", &subject), ("right", "溪桥饭店")];
    let said = [fact.as_slice(), &[("words", "见劳动合同。")]].concat();
    clerk.post(new, &said).await.assert_status(303);
    let path = clerk.get("/inbox/corrections").await.links("/inbox/corrections/cor_").remove(0);
    let page = clerk.get(&path).await;
    page.assert_ok().assert_says("registry-correction-elsewhere");
    assert!(page.value("value").is_none(), "there is no value here to change: {}", page.shown());
    let answer = [("decision", "corrected"), ("words", "已在社保系统中更正。")];
    clerk.post(&path, &answer).await.assert_status(303);
    assert_eq!(app.rows(sql).await[0].text(1).unwrap(), before, "our copy is nobody's source");
    clerk.get("/catalogue/social-insurance").await.assert_says("registry-held-elsewhere");
    clerk.get("/desk/catalogue/late").await.assert_ok().assert_lacks("社会保险参保缴费信息");
}
