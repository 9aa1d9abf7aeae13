//! The federation document: taken up only when an authority signed it, never backwards, kept while its source is away,
//! and a key changed under it without a lost call.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use common::{Application, CLIENT, Doors, NOW_SECONDS, Node, SERVICE, read_answer, request, send};
use gateway::evidence::keys::{FormerKey, GRACE, by_id, known_in};
use gateway::evidence::{self, Evidence, Trust, Wanted};
use gateway::federation::{self, Federation, Member, Server, Source};
use gateway::log::batch;
use gateway::log::entry::Part;
use gateway::wire::sign::Covered;
use seal::keys::{Ed25519Key, Signer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

fn text(key: &Ed25519Key) -> String {
    base64::engine::general_purpose::STANDARD.encode(key.public().to_bytes())
}

fn authority() -> Ed25519Key {
    Ed25519Key::from_bytes(&[9; 32])
}

struct Two {
    near: Node,
    far: Node,
    file: tempfile::NamedTempFile,
    servers: Vec<Server>,
    far_roster: String,
}

fn member(id: &str) -> Member {
    Member { id: format!("NP/GOV/{id}"), name: id.into(), member_name: id.into() }
}

impl Two {
    async fn start() -> Self {
        let (near, far, application) = (Doors::bind(1).await, Doors::bind(2).await, Application::start().await);
        let file = tempfile::NamedTempFile::new().unwrap();
        let source =
            format!("federation: {{from: \"{}\", authority: [\"{}\"]}}", file.path().display(), text(&authority()));
        let servers = vec![
            Server {
                server: "NP/GOV/1001/near".into(),
                address: near.address().to_string(),
                keys: vec![near.public_key()],
                keys_before: vec![],
                certificates: vec![],
                subsystems: vec![member("1001/hall")],
            },
            Server {
                server: "NP/GOV/2002/far".into(),
                address: far.address().to_string(),
                keys: vec![far.public_key()],
                keys_before: vec![],
                certificates: vec![],
                subsystems: vec![member("2002/population")],
            },
        ];
        let near_roster = format!(
            "instance: NP\nserver: {{class: GOV, member: '1001', code: near}}\n{source}\nsubsystems:\n  - {{id: GOV/1001/hall, name: Hall, member_name: City, callers: {{networks: [127.0.0.0/8]}}}}\n"
        );
        let far_roster = format!(
            "instance: NP\nserver: {{class: GOV, member: '2002', code: far}}\n{source}\nsubsystems:\n  - id: GOV/2002/population\n    name: P\n    member_name: P\n    services:\n      - {{code: persons, url: 'http://{}/api', access: [{{group: everyone}}]}}\n",
            application.address
        );
        let (near, far) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        Self { near, far, file, servers, far_roster }
    }

    fn document(&self, version: u64) -> Federation {
        let groups = BTreeMap::from([("everyone".to_owned(), vec![CLIENT.to_owned()])]);
        let (issued_at, expires_at) = (NOW_SECONDS, NOW_SECONDS + 3600);
        Federation { instance: "NP".into(), version, issued_at, expires_at, servers: self.servers.clone(), groups }
    }

    async fn take_up(&self, document: &Federation) {
        assert_eq!(self.publish(document, &authority()).await, [Ok(true), Ok(true)]);
    }

    /// Both pull what lies at the source.
    async fn pull(&self) -> [Result<bool, String>; 2] {
        let source = self.near.gateway.roster().federation.clone().unwrap();
        [federation::refresh(&self.near.gateway, &source).await, federation::refresh(&self.far.gateway, &source).await]
    }

    async fn publish(&self, document: &Federation, by: &Ed25519Key) -> [Result<bool, String>; 2] {
        std::fs::write(self.file.path(), federation::sign(document, by).unwrap()).unwrap();
        self.pull().await
    }

    async fn call(&self) -> String {
        let client = format!("X-Road-Client: {CLIENT}");
        let answer = send(self.near.systems, &request(&format!("GET {SERVICE}/1"), &[&client], b"")).await;
        format!("{}{}", answer.status, answer.error())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_signed_document_that_is_not_older_counts() {
    let two = Two::start().await;
    assert_eq!(two.call().await, "500server.clientproxy.unknown_member.provider");
    let forged = two.publish(&two.document(1), &Ed25519Key::from_bytes(&[8; 32])).await;
    assert!(forged.iter().all(Result::is_err));
    assert_eq!(two.publish(&two.document(3), &authority()).await, [Ok(true), Ok(true)]);
    assert_eq!(two.call().await, "200");
    assert_eq!(two.publish(&two.document(3), &authority()).await, [Ok(false), Ok(false)]);
    let older = two.publish(&two.document(2), &authority()).await;
    assert!(older[0].as_ref().unwrap_err().contains("older"), "{older:?}");
    let foreign = Federation { instance: "XX".into(), ..two.document(4) };
    assert!(two.publish(&foreign, &authority()).await[0].as_ref().unwrap_err().contains("instance"));
    assert_eq!(two.call().await, "200");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_document_counts_until_it_expires() {
    let two = Two::start().await;
    two.take_up(&two.document(1)).await;
    std::fs::remove_file(two.file.path()).unwrap();
    assert!(two.pull().await.iter().all(Result::is_err));
    assert_eq!(two.call().await, "200");
    two.near.pass(3601);
    two.far.pass(3601);
    assert_eq!(two.call().await, "500server.clientproxy.global_conf_outdated");
    // The provider says so too, when only its own clock knows.
    two.near.pass(-3601);
    assert_eq!(two.call().await, "500server.serverproxy.global_conf_outdated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_expires_in_mid_stream_carries_the_call_no_further() {
    let two = Two::start().await;
    two.take_up(&two.document(1)).await;
    let mut stream = TcpStream::connect(two.near.systems).await.unwrap();
    let head =
        format!("POST {SERVICE}/1 HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nContent-Length: 10\r\n\r\nhalf ");
    stream.write_all(head.as_bytes()).await.unwrap();
    // The consumer's gateway has begun to take the body.
    tokio::time::sleep(Duration::from_millis(200)).await;
    two.near.pass(3601);
    two.far.pass(3601);
    stream.write_all(b"done.").await.unwrap();
    let answer = read_answer(&mut stream).await;
    assert!(answer.status == 500 && answer.error().ends_with(".global_conf_outdated"), "{}", answer.error());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_hands_the_document_on() {
    let two = Two::start().await;
    two.take_up(&two.document(1)).await;
    let from = format!("http://{}/federation", two.far.gateways);
    let source = Source { from, authority: vec![text(&authority())], refresh_seconds: 60 };
    assert_eq!(federation::refresh(&two.near.gateway, &source).await, Ok(false), "the same version, over the network");
    let stranger = Source { authority: vec![text(&Ed25519Key::from_bytes(&[7; 32]))], ..source };
    assert!(federation::refresh(&two.near.gateway, &stranger).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_document_counts_before_a_door_opens() {
    let two = Two::start().await;
    two.take_up(&two.document(1)).await;
    std::fs::remove_file(two.file.path()).unwrap();
    // Nobody has asked for the document since the start, so whoever calls first depends on what was kept.
    let from = format!("http://{}/federation", two.far.restarted(&two.far_roster).await);
    let source = Source { from, authority: vec![text(&authority())], refresh_seconds: 60 };
    assert_eq!(federation::refresh(&two.near.gateway, &source).await, Ok(false), "the same version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_changed_and_no_call_fails() {
    let mut two = Two::start().await;
    two.take_up(&two.document(1)).await;
    assert_eq!(two.call().await, "200");
    let next = Ed25519Key::from_bytes(&[22; 32]);
    two.servers[1].keys.push(text(&next));
    two.take_up(&two.document(2)).await;
    let (running, near) = (std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true)), two.near.systems);
    let flag = running.clone();
    let load = tokio::spawn(async move {
        let mut count = 0;
        while flag.load(std::sync::atomic::Ordering::SeqCst) {
            let client = format!("X-Road-Client: {CLIENT}");
            let answer = send(near, &request(&format!("GET {SERVICE}/1"), &[&client], b"")).await;
            assert_eq!((answer.status, answer.error()), (200, ""));
            count += 1;
        }
        count
    });
    assert_eq!(two.call().await, "200");
    two.far.gateway.set_key(Ed25519Key::from_bytes(&[22; 32]));
    for _ in 0..20 {
        assert_eq!(two.call().await, "200");
    }
    two.servers[1].keys.remove(0);
    two.take_up(&two.document(3)).await;
    for _ in 0..5 {
        assert_eq!(two.call().await, "200");
    }
    running.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(load.await.unwrap() > 0);
}

/// Of a call that was made under an old key, by the gateway that asked: its line and the provider's.
async fn evidence_of(two: &Two, id: &str) -> Evidence {
    two.near.gateway.evidence(Wanted::of(id, CLIENT)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_of_before_a_change_of_keys_holds_after_it_and_the_old_key_signs_nothing_more() {
    let mut two = Two::start().await;
    two.take_up(&two.document(1)).await;
    let (client, line) = (format!("X-Road-Client: {CLIENT}"), format!("GET {SERVICE}/1"));
    let call = async |id: &str| {
        let id = format!("X-Road-Id: {id}");
        assert_eq!(send(two.near.systems, &request(&line, &[&client, &id], b"")).await.status, 200);
    };
    call("before").await;
    let old = [two.near.gateway.key(), two.far.gateway.key()].map(|key| key.key_id().to_owned());
    // Both gateways change their keys; the document forgets one of the old ones and names an end for the other.
    let new = [Ed25519Key::from_bytes(&[21; 32]), Ed25519Key::from_bytes(&[22; 32])];
    let old_far = two.servers[1].keys[0].clone();
    for (server, key) in two.servers.iter_mut().zip(&new) {
        server.keys.push(text(key));
    }
    two.take_up(&two.document(2)).await;
    let [near, far] = new;
    two.near.gateway.set_key(near);
    two.far.gateway.set_key(far);
    two.servers.iter_mut().for_each(|server| _ = server.keys.remove(0));
    two.near.pass(10);
    two.far.pass(10);
    two.servers[1].keys_before = vec![FormerKey { key: old_far, from: None, to: NOW_SECONDS + 5 }];
    two.take_up(&two.document(3)).await;
    assert_eq!(two.call().await, "200");

    let bundle = evidence_of(&two, "before").await;
    let proven = bundle.verify(&Trust::default()).unwrap();
    assert_eq!(
        proven.signatures.iter().map(|s| s.key.clone()).collect::<Vec<_>>(),
        [&old[0], &old[0], &old[1]].map(String::clone)
    );
    assert_eq!(bundle.keys[&old[1]].to, Some(NOW_SECONDS + 5), "as the federation says");
    assert_eq!(bundle.keys[&old[0]].to, Some(NOW_SECONDS + 10 + GRACE), "as it was noticed");
    assert_eq!(bundle.keys[&old[1]].server, "NP/GOV/2002/far");
    // The reader's own federation document says the same.
    let known = by_id(known_in(&two.document(3)).unwrap());
    let trust = Trust { known, ..Trust::default() };
    assert_eq!(
        bundle.verify(&trust).unwrap().signatures.iter().map(|s| s.trusted).collect::<Vec<_>>(),
        [false, false, true]
    );

    // Somebody who still has the old key signs with it after its end: no gateway takes it, and no evidence holds.
    two.far.gateway.set_key(Ed25519Key::from_bytes(&[2; 32]));
    assert_eq!(two.call().await, "500server.clientproxy.signature_verification");
    let mut forged = bundle.clone();
    let after = NOW_SECONDS + 6;
    let (line, key) = (&mut forged.lines[1], Ed25519Key::from_bytes(&[2; 32]));
    let hash = <[u8; 64]>::try_from(decode(&line.hash)).unwrap();
    let covered =
        Covered { part: Part::Answer, request_id: &line.request_id, hash: &hash, created: after, key: key.key_id() };
    let root = batch::sign(&key, &[covered.leaf()]).unwrap();
    let signature = batch::BatchSignature { root, index: 0, proof: vec![] };
    let signature = base64::engine::general_purpose::STANDARD.encode(signature.write());
    line.peer = Some(evidence::Signed { key: key.key_id().into(), created: after, signature });
    let fault = forged.verify(&Trust::default()).unwrap_err();
    assert!(fault.line == 2 && fault.why.contains("no longer in use"), "{fault}");
    // Nor does it help to leave the end out of the bundle, when the reader has the document.
    forged.keys.get_mut(&old[1]).unwrap().to = None;
    assert!(forged.verify(&Trust::default()).is_ok());
    assert!(forged.verify(&trust).unwrap_err().why.contains("no longer in use"));
}

fn decode(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}
