//! Messages kept by both sides, the large ones too: the consumer's gateway for the subsystem that calls, the provider's for the
//! service; in pieces, whole when they are told, gone with their time.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Answer, Application, CLIENT, Doors, Node, request, send};
use gateway::evidence::{Bodies, Evidence, Left, Line, Names, Refused, Trust, Wanted};
use gateway::{archive, upkeep};

const PROVIDER: &str = "NP/GOV/2002/population";
const DAY: i64 = 86_400;
const LIMIT: usize = 4 << 20;
const LARGE: usize = 3 << 20;

struct Two {
    near: Node,
    far: Node,
    application: Application,
}

/// `calls`: the policy of the subsystem that calls.
async fn two(calls: &str) -> Two {
    let (near, far, application) = (Doors::bind(1).await, Doors::bind(2).await, Application::start().await);
    let near_roster = format!(
        r#"
instance: NP
server: {{class: GOV, member: "1001", code: near}}
subsystems:
  - {{id: GOV/1001/hall, name: Hall, member_name: City, callers: {{networks: [127.0.0.0/8]}}, {calls}}}
  - {{id: GOV/1001/quiet, name: Quiet, member_name: City, callers: {{networks: [127.0.0.0/8]}}}}
  - id: GOV/1001/own
    name: Own
    member_name: City
    services:
      - {{code: days, url: "http://{1}/api", keep: request, keep_days: 9, access: [{{to: {CLIENT}}}]}}
peers:
  - server: NP/GOV/2002/far
    address: "{0}"
    keys: ["{2}"]
    subsystems: [{{id: {PROVIDER}, name: Population, member_name: Police}}]
"#,
        far.address(),
        application.address,
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
      - {{code: kept, url: "http://{0}/api", keep: both, keep_days: 40, keep_limit_bytes: {LIMIT}, access: [{{to: {CLIENT}}}]}}
      - {{code: closed, url: "http://{0}/api", keep: both, keep_days: 40, keep_limit_bytes: {LIMIT}}}
      - {{code: plain, url: "http://{0}/api", access: [{{to: {CLIENT}}}, {{to: NP/GOV/1001/quiet}}]}}
peers:
  - server: NP/GOV/1001/near
    address: "{1}"
    keys: ["{2}"]
    subsystems:
      - {{id: {CLIENT}, name: Hall, member_name: City}}
      - {{id: NP/GOV/1001/quiet, name: Quiet, member_name: City}}
"#,
        application.address,
        near.address(),
        near.public_key()
    );
    let (near, far) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
    Two { near, far, application }
}

async fn kept_by_caller() -> Two {
    two(&format!("keep: both, keep_days: 5, keep_limit_bytes: {LIMIT}")).await
}

/// Bytes that differ from place to place.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8 ^ (at >> 18) as u8).collect()
}

impl Two {
    async fn call(&self, (client, service): (&str, &str), id: &str, body: &[u8]) -> Answer {
        let headers = [format!("X-Road-Client: {client}"), format!("X-Road-Id: {id}")];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        send(self.near.systems, &request(&format!("POST /r1/{service}/x"), &headers, body)).await
    }

    /// A call of the hall that is answered with what it sent.
    async fn echoed(&self, service: &str, id: &str, body: &[u8]) {
        let answer = self.call((CLIENT, &format!("{PROVIDER}/{service}")), id, body).await;
        assert_eq!((answer.status, answer.error()), (200, ""));
        assert!(answer.body == body);
    }
}

async fn told(node: &Node, (id, party): (&str, &str)) -> Evidence {
    node.gateway.evidence(Wanted { bodies: Bodies::With, ..Wanted::of(id, party) }).await.unwrap()
}

fn body_of(line: &Line) -> Vec<u8> {
    STANDARD.decode(line.message.as_ref().unwrap().body.as_ref().unwrap()).unwrap()
}

fn pieces(node: &Node) -> i64 {
    node.count("SELECT COUNT(*) FROM gateway_piece")
}

fn messages(node: &Node) -> i64 {
    node.count("SELECT COUNT(*) FROM gateway_body")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_consumers_side_keeps_what_its_subsystem_says_and_tells_it_to_that_one_alone() {
    let (two, body) = (kept_by_caller().await, b"a secret of somebody".as_slice());
    two.echoed("plain", "m", body).await;
    assert_eq!((messages(&two.near), messages(&two.far)), (2, 0));
    let answer = two.call(("NP/GOV/1001/quiet", &format!("{PROVIDER}/plain")), "q", body).await;
    assert_eq!((answer.status, messages(&two.near)), (200, 2), "another subsystem has no policy");

    let bundle = told(&two.near, ("m", CLIENT)).await;
    assert!(bundle.lines.iter().all(|line| body_of(line) == body));
    let proven = bundle.verify(&Trust::default()).unwrap();
    assert!(proven.lines.iter().all(|line| line.names == Names::Proven && line.body));
    let ask = async |client: &str| {
        let client = format!("X-Road-Client: {client}");
        send(two.near.systems, &request("GET /asic?queryId=m&bodies", &[&client], b"")).await
    };
    let own = Evidence::parse(std::str::from_utf8(&ask(CLIENT).await.body).unwrap()).unwrap();
    assert_eq!(own, bundle);
    assert_eq!(ask("NP/GOV/1001/quiet").await.error(), "client.invalid_request");
    assert_eq!(two.near.count("SELECT COUNT(*) FROM platform_audit WHERE event = 'message.told'"), 2);

    // What the provider answers in place of the application is a fault, and no message of it.
    let denied = two.call((CLIENT, &format!("{PROVIDER}/none")), "f", body).await;
    assert_eq!(denied.error(), "server.serverproxy.unknown_service");
    let fault = told(&two.near, ("f", CLIENT)).await;
    assert_eq!(fault.lines.iter().map(|line| line.message.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_are_kept_whole_on_both_sides_and_sealed() {
    let (two, body) = (kept_by_caller().await, bytes(LARGE));
    two.echoed("kept", "m", &body).await;
    let each = 2 * (LARGE >> 18) as i64;
    assert_eq!((pieces(&two.near), pieces(&two.far)), (each, each));
    for (node, party) in [(&two.near, CLIENT), (&two.far, PROVIDER)] {
        let bundle = told(node, ("m", party)).await;
        assert_eq!(bundle.lines.len(), 2);
        assert!(bundle.lines.iter().all(|line| body_of(line) == body));
        let proven = bundle.verify(&Trust::default()).unwrap();
        assert!(proven.lines.iter().all(|line| line.body));
        for file in std::fs::read_dir(node.data()).unwrap().map(|file| file.unwrap().path()).filter(|p| p.is_file()) {
            let stored = std::fs::read(&file).unwrap();
            assert!(
                !stored.windows(64).any(|some| some == &body[1000..1064]),
                "{} has it in the clear",
                file.display()
            );
        }
    }
    // A byte of a piece that was altered is found, and no bundle is made with it.
    two.far.sql("UPDATE gateway_piece SET sealed = x'00' || substr(sealed, 2) WHERE place = 3");
    let refused = two.far.gateway.evidence(Wanted { bodies: Bodies::With, ..Wanted::of("m", PROVIDER) }).await;
    assert!(matches!(refused, Err(Refused::Store(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_body_beyond_the_limit_the_bundle_says_so() {
    let two = kept_by_caller().await;
    two.echoed("kept", "m", &bytes(LIMIT + 1)).await;
    assert_eq!((pieces(&two.near), pieces(&two.far)), (0, 0));
    for (node, party) in [(&two.near, CLIENT), (&two.far, PROVIDER)] {
        let bundle = told(node, ("m", party)).await;
        let left = Some(Left::LargerThanKept { limit: Some(LIMIT as u64) });
        assert!(bundle.lines.iter().all(|line| line.message.as_ref().unwrap().left == left));
        let read = Evidence::parse(&serde_json::to_string(&bundle).unwrap()).unwrap();
        assert_eq!(read, bundle);
        let proven = bundle.verify(&Trust::default()).unwrap();
        assert!(proven.lines.iter().all(|line| line.names == Names::Proven && !line.body));
        let mut altered = bundle.clone();
        altered.lines[0].message.as_mut().unwrap().left = Some(Left::LargerThanKept { limit: Some(LIMIT as u64 + 1) });
        assert!(altered.verify(&Trust::default()).unwrap_err().why.contains("its size denies"));
    }
    // One that just fits is kept.
    two.echoed("kept", "n", &bytes(LIMIT)).await;
    assert!(body_of(&told(&two.near, ("n", CLIENT)).await.lines[1]) == bytes(LIMIT));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_body_that_was_never_taken_the_bundle_says_so() {
    let two = kept_by_caller().await;
    let answer = two.call((CLIENT, &format!("{PROVIDER}/closed")), "m", &bytes(LARGE)).await;
    assert_eq!(answer.error(), "server.serverproxy.access_denied");
    assert_eq!((pieces(&two.near), pieces(&two.far)), ((LARGE >> 18) as i64, 0));
    let bundle = told(&two.far, ("m", PROVIDER)).await;
    assert_eq!(bundle.lines[0].message.as_ref().unwrap().left, Some(Left::NeverCame {}));
    let proven = bundle.verify(&Trust::default()).unwrap();
    assert_eq!((proven.lines[0].names, proven.lines[0].body), (Names::Proven, false));
    assert!(body_of(&told(&two.near, ("m", CLIENT)).await.lines[0]) == bytes(LARGE), "who sent it has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_end_with_their_time_and_hold_their_lines_until_then() {
    let two = kept_by_caller().await;
    two.echoed("plain", "m", &bytes(LARGE)).await;
    let lines = two.near.count("SELECT COUNT(*) FROM gateway_batch");
    two.near.pass(4 * DAY);
    assert_eq!((upkeep::forget(&two.near.gateway).await.unwrap(), messages(&two.near)), (0, 2));
    two.near.sql("UPDATE gateway_batch SET at = at - 86400000000 * 60");
    assert_eq!(archive::run(&two.near.gateway).await.unwrap(), 0, "what is kept keeps its lines");
    two.near.pass(2 * DAY);
    assert_eq!(upkeep::forget(&two.near.gateway).await.unwrap(), 2);
    assert_eq!((messages(&two.near), pieces(&two.near)), (0, 0));
    assert_eq!(archive::run(&two.near.gateway).await.unwrap() as i64, lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_message_that_cannot_be_kept_is_not_carried_out() {
    let (two, body) = (kept_by_caller().await, bytes(LARGE));
    two.far.sql("DROP TABLE gateway_piece");
    let answer = two.call((CLIENT, &format!("{PROVIDER}/kept")), "m", &body).await;
    assert_eq!(answer.error(), "server.serverproxy.logging_failed");
    assert_eq!(two.application.count(), 0);
    two.near.sql("DROP TABLE gateway_piece");
    let answer = two.call((CLIENT, &format!("{PROVIDER}/plain")), "n", &body).await;
    assert_eq!(answer.error(), "server.clientproxy.logging_failed");
    assert_eq!(two.application.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_caller_cannot_keep_is_not_told() {
    let (two, body) = (two(&format!("keep: answer, keep_days: 5, keep_limit_bytes: {LIMIT}")).await, bytes(LARGE));
    two.near.sql("DROP TABLE gateway_piece");
    let answer = two.call((CLIENT, &format!("{PROVIDER}/plain")), "m", &body).await;
    assert_eq!((answer.error(), two.application.count()), ("server.clientproxy.logging_failed", 1));
    two.near.sql("DROP TABLE gateway_body");
    let answer = two.call((CLIENT, &format!("{PROVIDER}/plain")), "n", b"small").await;
    assert_eq!((answer.error(), two.application.count()), ("server.clientproxy.logging_failed", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_gateway_for_both_keeps_what_either_side_asks_for() {
    let (two, body) = (two("keep: answer, keep_days: 3").await, b"both".as_slice());
    let answer = two.call((CLIENT, "NP/GOV/1001/own/days"), "m", body).await;
    assert_eq!((answer.status, messages(&two.near)), (200, 2));
    assert!(told(&two.near, ("m", CLIENT)).await.lines.iter().all(|line| body_of(line) == body));
    // Each for its own time.
    two.near.pass(4 * DAY);
    assert_eq!((upkeep::forget(&two.near.gateway).await.unwrap(), messages(&two.near)), (1, 1));
    two.near.pass(6 * DAY);
    assert_eq!((upkeep::forget(&two.near.gateway).await.unwrap(), messages(&two.near)), (1, 0));
}

#[test]
fn a_subsystem_names_what_and_how_long_and_no_more_than_a_bundle_holds() {
    let roster = |keep: &str| {
        let text = format!(
            "instance: NP\nserver: {{class: GOV, member: '1', code: a}}\nsubsystems:\n  - {{id: GOV/1/a, name: A, member_name: A, {keep}}}\n"
        );
        gateway::Roster::parse("r.yaml", &text, &gateway::tls::Outbound::default()).map(|roster| roster.keeps())
    };
    assert_eq!(roster("keep: both, keep_days: 1"), Ok(true));
    assert_eq!(roster("keep: both, keep_days: 1, keep_limit_bytes: 15728640"), Ok(true));
    assert_eq!(roster("callers: anyone"), Ok(false));
    for bad in [
        "keep: both",
        "keep_days: 3",
        "keep: both, keep_days: 0",
        "keep: all, keep_days: 1",
        "keep: both, keep_days: 1, keep_limit_bytes: 15728641",
    ] {
        assert!(roster(bad).unwrap_err().starts_with("r.yaml:"), "{bad}");
    }
}
