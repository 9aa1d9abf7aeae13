//! Messages kept whole where the roster says so: sealed in the database, handed out to their parties alone, proof of every
//! name that the log tells, and gone when their time is over.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Answer, Application, CLIENT, Doors, Node, request, send};
use gateway::evidence::{Bodies, Evidence, Names, Refused, Trust, Wanted};
use gateway::{archive, upkeep};

const PROVIDER: &str = "NP/GOV/2002/population";
const BODY: &[u8] = b"a secret of somebody";
const DAY: i64 = 86_400;

struct Two {
    near: Node,
    far: Node,
}

impl Two {
    async fn start() -> Self {
        let (near, far, application) = (Doors::bind(1).await, Doors::bind(2).await, Application::start().await);
        let near_roster = format!(
            r#"
instance: NP
server: {{class: GOV, member: "1001", code: near}}
subsystems:
  - {{id: GOV/1001/hall, name: Hall, member_name: City, callers: {{networks: [127.0.0.0/8]}}}}
peers:
  - server: NP/GOV/2002/far
    address: "{}"
    keys: ["{}"]
    subsystems: [{{id: {PROVIDER}, name: Population, member_name: Police}}]
"#,
            far.address(),
            far.public_key()
        );
        let far_roster = format!(
            r#"
instance: NP
server: {{class: GOV, member: "2002", code: far}}
subsystems:
  - id: GOV/2002/population
    name: Population
    member_name: Police
    callers: {{networks: [127.0.0.0/8]}}
    services:
      - code: both
        url: "http://{0}/api"
        keep: both
        keep_days: 40
        keep_limit_bytes: 64
        access: [{{to: {CLIENT}}}, {{to: {PROVIDER}}}]
      - {{code: answers, url: "http://{0}/api", keep: answer, keep_days: 1, access: [{{to: {CLIENT}}}]}}
      - {{code: nothing, url: "http://{0}/api", access: [{{to: {CLIENT}}}]}}
  - {{id: GOV/2002/other, name: Other, member_name: Police, callers: {{networks: [127.0.0.0/8]}}}}
peers:
  - server: NP/GOV/1001/near
    address: "{1}"
    keys: ["{2}"]
    subsystems: [{{id: {CLIENT}, name: Hall, member_name: City}}]
"#,
            application.address,
            near.address(),
            near.public_key()
        );
        let (near, far) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        Self { near, far }
    }

    async fn call(&self, service: &str, id: &str, body: &[u8]) -> Answer {
        let headers = [
            format!("X-Road-Client: {CLIENT}"),
            format!("X-Road-Id: {id}"),
            "X-Road-UserId: NP1".to_owned(),
            "X-Road-Issue: case 7".to_owned(),
        ];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let line = format!("POST /r1/{PROVIDER}/{service}/persons?x=1");
        let answer = send(self.near.systems, &request(&line, &headers, body)).await;
        assert_eq!((answer.status, answer.error()), (200, ""));
        answer
    }

    async fn told(&self, id: &str) -> Result<Evidence, Refused> {
        self.far.gateway.evidence(Wanted { bodies: Bodies::With, ..Wanted::of(id, PROVIDER) }).await
    }

    fn kept(&self) -> i64 {
        self.far.count("SELECT COUNT(*) FROM gateway_body")
    }
}

fn decode(text: Option<&String>) -> Vec<u8> {
    STANDARD.decode(text.unwrap()).unwrap()
}

fn names(evidence: &Evidence) -> Vec<Names> {
    evidence.verify(&Trust::default()).unwrap().lines.iter().map(|line| line.names).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_proves_the_names_and_the_body() {
    let two = Two::start().await;
    let answer = two.call("both", "m", BODY).await;
    let bundle = two.told("m").await.unwrap();
    let [asked, answered] = bundle.lines.as_slice() else { panic!("{bundle:?}") };
    assert_eq!(decode(asked.message.as_ref().unwrap().body.as_ref()), BODY);
    let whole = answered.message.as_ref().unwrap();
    let body = whole.body.as_ref().map(|_| decode(whole.body.as_ref()));
    assert!(body.is_none_or(|body| body == answer.body));
    let proven = bundle.verify(&Trust::default()).unwrap();
    assert_eq!(proven.lines[0].names, Names::Proven);
    assert!(proven.lines[0].body);
    assert_eq!(proven.lines[1].names, Names::Proven);
    // Without the messages the names are the log's own word.
    let bare = two.far.gateway.evidence(Wanted::of("m", PROVIDER)).await.unwrap();
    assert_eq!(names(&bare), [Names::Told; 2]);

    let alter = |change: &dyn Fn(&mut Evidence)| {
        let mut altered = bundle.clone();
        change(&mut altered);
        altered.verify(&Trust::default()).map_err(|fault| fault.to_string())
    };
    let wrong = |change: &dyn Fn(&mut Evidence), words: &str| {
        let why = alter(change).unwrap_err();
        assert!(why.contains(words), "{why}");
    };
    wrong(&|e| e.lines[0].client = "NP/GOV/1001/other".into(), "the client");
    wrong(&|e| e.lines[0].service = format!("{PROVIDER}/nothing"), "the service");
    wrong(&|e| e.lines[0].verb = "GET".into(), "the verb");
    wrong(&|e| e.lines[0].user = "NP2".into(), "the user");
    wrong(&|e| e.lines[0].issue = "case 8".into(), "the issue");
    wrong(&|e| e.lines[0].represented = "somebody".into(), "represented");
    wrong(&|e| e.message_id = "other".into(), "number");
    wrong(&|e| e.lines[1].status = Some(404), "the status");
    wrong(&|e| e.lines[0].message.as_mut().unwrap().body = Some(STANDARD.encode("another")), "the body");
    wrong(&|e| e.lines[0].message.as_mut().unwrap().body_hash = None, "not the one");
    wrong(&|e| e.lines[0].message.as_mut().unwrap().head = STANDARD.encode("GET\r\n/\r\n"), "not the one");
    // Without the body its hash still proves the names.
    let less = alter(&|e| e.lines[0].message.as_mut().unwrap().body = None).unwrap();
    assert_eq!((less.lines[0].names, less.lines[0].body), (Names::Proven, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_policy_names_is_kept_and_it_is_sealed() {
    let two = Two::start().await;
    two.call("nothing", "n", BODY).await;
    assert_eq!(two.kept(), 0);
    two.call("answers", "a", BODY).await;
    assert_eq!(two.kept(), 1);
    let bundle = two.told("a").await.unwrap();
    assert_eq!(names(&bundle), [Names::Told, Names::Proven]);
    two.call("both", "b", &[b'x'; 65]).await;
    let large = two.told("b").await.unwrap();
    let whole = large.lines[0].message.as_ref().unwrap();
    assert!(whole.body.is_none() && whole.body_hash.is_some(), "of a body that is too large only the hash");
    assert_eq!(names(&large), [Names::Proven; 2]);
    two.call("both", "c", BODY).await;
    for file in
        std::fs::read_dir(two.far.data()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(BODY.len()).any(|bytes| bytes == BODY), "{} has it in the clear", file.display());
    }
    // The consumer's roster names no policy for the provider's services.
    assert_eq!(two.near.count("SELECT COUNT(*) FROM gateway_body"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_messages_are_told_to_their_parties_and_that_is_noted() {
    let two = Two::start().await;
    two.call("both", "m", BODY).await;
    let ask = async |client: &str, query: &str| {
        let client = format!("X-Road-Client: {client}");
        send(two.far.systems, &request(&format!("GET /asic?queryId=m{query}"), &[&client], b"")).await
    };
    let bundle = ask(PROVIDER, "&bodies").await;
    let bundle = Evidence::parse(std::str::from_utf8(&bundle.body).unwrap()).unwrap();
    assert_eq!(decode(bundle.lines[0].message.as_ref().unwrap().body.as_ref()), BODY);
    let told = "SELECT COUNT(*) FROM platform_audit WHERE event = 'message.told'";
    assert_eq!(two.far.count(told), 1);
    let bare = ask(PROVIDER, "").await;
    let bare = Evidence::parse(std::str::from_utf8(&bare.body).unwrap()).unwrap();
    assert!(bare.lines.iter().all(|line| line.message.is_none()));
    assert_eq!(ask("NP/GOV/2002/other", "&bodies").await.error(), "client.invalid_request");
    // A client of another gateway asks its own.
    assert_eq!(ask(CLIENT, "&bodies").await.error(), "server.clientproxy.unknown_member");
    assert_eq!(two.far.count(told), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_messages_end_with_their_time_and_hold_their_lines_until_then() {
    let two = Two::start().await;
    two.call("both", "m", BODY).await;
    two.call("answers", "a", BODY).await;
    let batches = two.far.count("SELECT COUNT(*) FROM gateway_batch");
    assert_eq!((upkeep::forget(&two.far.gateway).await.unwrap(), two.kept()), (0, 3));
    two.far.pass(35 * DAY);
    assert_eq!((upkeep::forget(&two.far.gateway).await.unwrap(), two.kept()), (1, 2));
    assert_eq!(two.far.count("SELECT COUNT(*) FROM platform_audit WHERE event = 'message.forgotten'"), 1);
    // What is kept for forty days keeps its lines from the archive for as long.
    let archived = archive::run(&two.far.gateway).await.unwrap();
    assert!(archived > 0 && (archived as i64) < batches, "{archived} of {batches}");
    assert_eq!(names(&two.told("m").await.unwrap()), [Names::Proven; 2]);
    two.far.pass(6 * DAY);
    assert_eq!((upkeep::forget(&two.far.gateway).await.unwrap(), two.kept()), (2, 0));
    archive::run(&two.far.gateway).await.unwrap();
    assert_eq!(two.far.count("SELECT COUNT(*) FROM gateway_batch"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_message_cannot_be_kept_is_denied() {
    let two = Two::start().await;
    two.far.sql("DROP TABLE gateway_body");
    let client = format!("X-Road-Client: {CLIENT}");
    let line = format!("POST /r1/{PROVIDER}/both/persons");
    let answer = send(two.near.systems, &request(&line, &[&client], BODY)).await;
    assert_eq!(answer.error(), "server.serverproxy.logging_failed");
}

#[test]
fn a_policy_names_what_and_how_long() {
    let roster = |keep: &str| {
        let text = format!(
            "instance: NP\nserver: {{class: GOV, member: '1', code: a}}\nsubsystems:\n  - id: GOV/1/a\n    name: A\n    member_name: A\n    callers: anyone\n    services:\n      - {{code: s, url: 'http://127.0.0.1:9', {keep}}}\n"
        );
        gateway::Roster::parse("r.yaml", &text, &gateway::tls::Outbound::default()).map(|_| ())
    };
    assert_eq!(roster("keep: both, keep_days: 1"), Ok(()));
    for bad in ["keep: both", "keep_days: 3", "keep: both, keep_days: 0", "keep: all, keep_days: 1"] {
        assert!(roster(bad).unwrap_err().starts_with("r.yaml:"), "{bad}");
    }
}
