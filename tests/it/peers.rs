//! A register of another region as a source: two nodes in one process, federated, each with its own data and keys. The
//! hall's form is filled across, both sides write the look, and the other side's word is the last.
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use app::Doors;
use exchange::{Ask, Facts, GrantSeed, Subject, Want};
use gateway::federation::{self, Federation, Member, Server};
use platform::audit::Entry as Audit;
use platform::clock::{DAY, SECOND};
use platform::db::Tx;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use registry::Entry;
use seal::keys::{Ed25519Key, Signer};
use serde_json::{Value, json};
use tests::{TestApp, givens};
use tokio::sync::watch;

const OFFICE: &str = "medical-insurance";
const RESOURCE: &str = "medical-insurance-elsewhere";
const PURPOSE: &str = "medical-insurance-transfer";
const BASIS: &str = "《基本医疗保险关系转移接续暂行办法》";
/// The first city's office, as the second one knows it, and the second one's service.
const CLIENT: &str = "NP/GOV/11990100010007003G/medical-insurance";
const SERVICE: &str = "NP/BEI/11990100010007003G/medical-insurance/medical-insurance";
const PROVIDER: &str = "NP/BEI/11990100010007003G/medical-insurance";

/// A node whose gateway listens until it is told to stop.
struct Node {
    app: TestApp,
    doors: Option<Doors>,
    stop: watch::Sender<bool>,
    serving: Vec<tokio::task::JoinHandle<()>>,
}

/// The pack's roster under a class of its own, with the federation's source.
fn roster(class: &str, (folder, key): (&Path, &Ed25519Key)) -> std::path::PathBuf {
    let authority = base64_of(&key.public().to_bytes());
    let from = folder.join("federation.jws").display().to_string();
    let source = format!("federation: {{ from: \"{from}\", authority: [\"{authority}\"], refresh_seconds: 1 }}\n");
    let text = include_str!("../../packs/demo/gateway/roster.yaml");
    let text = text.replace("GOV/", &format!("{class}/")).replace("class: GOV", &format!("class: {class}"));
    let text = text.replace("{ group: city-departments, method: GET", "{ group: federation, method: GET");
    let path = folder.join(format!("{class}.yaml"));
    std::fs::write(&path, source + &text).unwrap();
    path
}

fn base64_of(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of = |chunk: &[u8]| {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        let sign = |at: usize| ALPHABET[(bits >> (18 - 6 * at)) as usize & 63] as char;
        (0..4).map(move |at| if at <= chunk.len() { sign(at) } else { '=' }).collect::<String>()
    };
    bytes.chunks(3).map(of).collect()
}

impl Node {
    async fn open(class: &str, place: (&Path, &Ed25519Key)) -> Self {
        let roster = roster(class, place);
        let asks = class == "GOV";
        let app = TestApp::with(|config| {
            config.gateway.listen = "127.0.0.1:0".into();
            config.gateway.peers_listen = "127.0.0.1:0".into();
            config.gateway.roster = roster;
            if asks {
                config.connectors.addresses = BTreeMap::from([("former_insurance".into(), SERVICE.into())]);
            }
        })
        .await;
        let doors = Some(Doors::bind(app.platform()).await.unwrap());
        Self { app, doors, stop: watch::Sender::new(false), serving: Vec::new() }
    }

    fn listed(&self) -> Server {
        let roster = self.app.app().gateway.as_ref().unwrap().roster();
        let own = roster.listed.iter().filter(|listed| roster.subsystem(&listed.id.to_string()).is_some());
        let member = |listed: &gateway::roster::Listed| Member {
            id: listed.id.to_string(),
            name: listed.name.clone(),
            member_name: listed.member_name.clone(),
        };
        let addresses = self.doors.as_ref().unwrap().addresses().unwrap();
        let (_, address) = addresses.into_iter().find(|(door, _)| *door == "other gateways").unwrap();
        Server {
            server: roster.server.clone(),
            address: address.to_string(),
            keys: vec![base64_of(&self.app.platform().keys().gateway.public().to_bytes())],
            keys_before: Vec::new(),
            certificates: Vec::new(),
            subsystems: own.map(member).collect(),
        }
    }

    fn serve(&mut self) {
        self.serving = self.doors.take().unwrap().serve(self.app.app(), &self.stop.subscribe());
    }

    async fn close(&mut self) {
        self.stop.send_replace(true);
        for task in self.serving.drain(..) {
            task.await.unwrap();
        }
    }

    async fn write(&self, write: impl FnOnce(&mut Tx<'_>) -> Result<()> + Send + 'static) {
        let ctx = Ctx::system(self.app.platform(), "tests.write");
        let audited = move |tx: &mut Tx<'_>| {
            write(tx)?;
            tx.audited(Audit { event: "tests.written", ..Audit::default() }, ())
        };
        ctx.db().write(ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap(), audited).await.unwrap();
    }
}

struct Two {
    first: Node,
    second: Node,
    /// Number and identifier of the first city's newcomer.
    person: (String, String),
    _folder: tempfile::TempDir,
}

async fn two() -> Two {
    let folder = tempfile::Builder::new().prefix("tongban-two-").tempdir().unwrap();
    let key = Ed25519Key::from_bytes(&[7; 32]);
    let mut first = Node::open("GOV", (folder.path(), &key)).await;
    let mut second = Node::open("BEI", (folder.path(), &key)).await;
    let now = tests::app::NOW.0 / SECOND;
    let servers = vec![first.listed(), second.listed()];
    let everybody = servers.iter().flat_map(|server| &server.subsystems).map(|member| member.id.clone()).collect();
    let document = Federation {
        instance: "NP".into(),
        version: 1,
        issued_at: now,
        expires_at: now + 30 * DAY / SECOND,
        servers,
        groups: BTreeMap::from([("federation".to_owned(), everybody)]),
    };
    std::fs::write(folder.path().join("federation.jws"), federation::sign(&document, &key).unwrap()).unwrap();
    let sql = "SELECT p.number, p.id FROM directory_person p JOIN directory_account a ON a.subject = p.id \
               WHERE a.login = 'lu.yuanxing'";
    let row = &first.app.rows(sql).await[0];
    let person = (row.text(0).unwrap(), row.text(1).unwrap());
    insure(&second, &person.0).await;
    first.serve();
    second.serve();
    let gateway = first.app.app().gateway.clone().unwrap();
    for _ in 0..200 {
        if gateway.roster().peer_of(PROVIDER).is_some() {
            return Two { first, second, person, _folder: folder };
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the first node did not hear of the second");
}

/// What the second city holds about the person, and what it grants of it.
async fn insure(node: &Node, number: &str) {
    let mut guest = node.app.app().directory.organisations().find(OFFICE).unwrap().clone();
    (guest.key, guest.parent, guest.uscc) = (CLIENT.into(), None, "91990102MA90000116".into());
    let data = json!({"insurance_kind": "employee", "insured_state": "ended", "insured_division": "880100",
                      "paid_to": "2025-08", "paid_months": 61});
    let entry = Entry {
        resource: OFFICE.into(),
        subject: number.into(),
        as_of: time::macros::date!(2025 - 09 - 01),
        source: OFFICE.into(),
        data: data.as_object().unwrap().clone(),
    };
    let seed = GrantSeed {
        consumer: CLIENT.into(),
        purpose: PURPOSE.into(),
        resource: OFFICE.into(),
        fields: ["insurance_kind", "insured_division", "paid_to", "paid_months"].map(str::to_owned).into(),
        basis: BASIS.into(),
        valid_from: tests::app::NOW,
        valid_to: None,
    };
    let (registry, exchange) = (node.app.app().registry.clone(), node.app.app().exchange.clone());
    node.write(move |tx| directory::seed::insert_organisations(tx, &[guest]).map(|_| ())).await;
    node.app.app().directory.reload().await.unwrap();
    node.write(move |tx| {
        registry.record(tx, &entry)?.into_inner();
        exchange.seed_grants(tx, &[seed]).map(|_| ())
    })
    .await;
}

impl Two {
    async fn fetch(&self, case: &str) -> Result<Facts> {
        self.fetch_for(PURPOSE, case).await
    }

    async fn fetch_for(&self, purpose: &str, case: &str) -> Result<Facts> {
        let ask = Ask {
            purpose: purpose.into(),
            basis: BASIS.into(),
            item: Some(PURPOSE.into()),
            case: Some(case.into()),
            consumer: OFFICE.into(),
            subject: Subject::of(&self.person.1, &self.person.0),
            wants: vec![Want {
                resource: RESOURCE.into(),
                fields: ["former_place", "former_kind", "former_paid_to"].map(str::to_owned).into(),
            }],
            offices: Vec::new(),
        };
        let ctx = Ctx::system(self.first.app.platform(), "tests.fetch");
        self.first.app.app().exchange.fetch(&ctx, ask).await
    }

    /// Looks that the second city's register wrote for the first one.
    async fn looks_there(&self) -> i64 {
        self.second.app.count("SELECT COUNT(*) FROM exchange_trail WHERE consumer LIKE 'NP/GOV/%'").await
    }

    async fn looks_here(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM exchange_trail WHERE fields LIKE '%medical-insurance-elsewhere%'";
        self.first.app.count(sql).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_halls_form_is_filled_across_and_both_trails_have_the_look() {
    let mut two = two().await;
    let mut newcomer = two.first.app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, PURPOSE).await;
    let page = newcomer.get(&format!("/my/drafts/{draft}/pages/from")).await;
    page.assert_ok().assert_has("北原省长川市").assert_has("2025");
    // Who said it: the other city's office, and never our own of the same name.
    let office = [("region", "北原省长川市"), ("office", "医疗保障局")];
    let date = [("source", page.text("exchange-source-elsewhere", &office)), ("date", "2025年9月1日".to_owned())];
    let date = date.each_ref().map(|(name, text)| (*name, text.as_str()));
    page.assert_says_with("shell-source", &date);
    assert!(!page.html().contains("云岭市医疗保障局"), "{}", page.shown());
    let trail = newcomer.get("/my/trail").await;
    trail.assert_ok().assert_has("异地基本医疗保险参保凭证").assert_says_with("exchange-source-elsewhere", &office);
    newcomer.get(&format!("/items/{PURPOSE}")).await.assert_ok();
    let rows = two.second.app.rows("SELECT consumer, purpose, basis, fields, actor_name, subject FROM exchange_trail WHERE consumer LIKE 'NP/GOV/%'").await;
    let row = &rows[0];
    let fields: Value = row.json(3).unwrap();
    assert_eq!((row.str(0).unwrap(), row.str(1).unwrap()), (CLIENT, PURPOSE));
    assert!(row.str(2).unwrap().contains("《基本医疗保险关系转移接续暂行办法》"), "the law goes along");
    assert_eq!(fields, json!({"medical-insurance": ["insurance_kind", "insured_division", "paid_to", "paid_months"]}));
    assert_eq!(row.str(5).unwrap(), two.second.app.app().registry.pseudonym(&two.person.0));
    // Both gateways keep the call, each its own side.
    for node in [&two.first, &two.second] {
        assert!(node.app.count("SELECT COUNT(*) FROM gateway_batch").await > 0);
    }
    two.first.close().await;
    two.second.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_side_has_the_last_word_and_is_asked_once_for_each_matter() {
    let mut two = two().await;
    let facts = two.fetch("case_a").await.unwrap();
    let place = facts.get(RESOURCE, "former_place").unwrap();
    assert_eq!((&place.value, place.as_of), (&json!("北原省长川市"), time::macros::date!(2025 - 09 - 01)));
    assert_eq!((place.source.as_str(), two.looks_there().await), (PROVIDER, 1));
    two.fetch("case_a").await.unwrap();
    assert_eq!(two.looks_there().await, 1, "fresh for as long as the document says");
    two.fetch("case_b").await.unwrap();
    assert_eq!(two.looks_there().await, 2, "another case is another look there");
    assert_eq!(two.looks_here().await, 3, "here each look has its line, from memory too");
    two.first.app.advance(600 * SECOND);
    two.second.app.advance(600 * SECOND);
    two.fetch("case_a").await.unwrap();
    assert_eq!(two.looks_there().await, 3);

    // Nobody known there: an answer, not a failure.
    let known = "UPDATE registry_record SET subject = 'somebody else' WHERE resource = 'medical-insurance'";
    two.second.write(move |tx| tx.exec(known, &[]).map(|_| ())).await;
    assert_eq!(two.fetch("case_c").await.unwrap().missing, [RESOURCE]);
    // What was granted here is not granted there: told as ours to mend, and nothing of it is shown.
    let over = "UPDATE exchange_grant SET state = 'revoked' WHERE resource = 'medical-insurance'";
    two.second.write(move |tx| tx.exec(over, &[]).map(|_| ())).await;
    let looks = two.looks_here().await;
    let refused = two.fetch("case_d").await.unwrap_err();
    assert!(matches!(refused, Error::Internal(_)) && !refused.to_string().contains(&two.person.0), "{refused}");
    assert_eq!(two.looks_here().await, looks);
    two.first.close().await;
    two.second.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_that_is_away_is_left_alone_and_asked_again() {
    let mut two = two().await;
    two.fetch("case_a").await.unwrap();
    two.second.close().await;
    for case in ["case_b", "case_c", "case_d"] {
        let error = two.fetch(case).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error}");
    }
    two.fetch("case_a").await.unwrap();
    let health = two.first.app.app().exchange.health();
    let source = health.iter().find(|source| source.resource == RESOURCE).unwrap();
    assert_eq!((source.kind.name(), source.figures.calls), ("peer", 1 + 5), "then the circuit opens");
    // The form of somebody who applies meanwhile says what it does not know, and lets the person type.
    let mut newcomer = two.first.app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, PURPOSE).await;
    newcomer.get(&format!("/my/drafts/{draft}/pages/from")).await.assert_ok();
    two.first.close().await;
}
