//! Calls that never reach the other gateway: it is not there, it is somebody else, it speaks something else, its caller did
//! not wait. The log has that each was made, and once how it ended.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::world::Authority;
use common::{Answer, CLIENT, Doors, Node, Pair, SERVICE, request, send};
use gateway::evidence::{Evidence, Trust};
use gateway::log::entry::{Entry, Part};
use gateway::protocol::hash::sha512;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const UNREACHABLE: &str = "server.clientproxy.network_error";
const BROKE: &str = "server.clientproxy.io_error";
const STRANGER: &str = "server.serverproxy.ssl_authentication_failed";
/// What is not in the log by then does not come.
const PATIENCE: Duration = Duration::from_secs(10);

fn asking(message: &str, body: &[u8]) -> Vec<u8> {
    let headers = [format!("X-Road-Client: {CLIENT}"), format!("X-Road-Id: {message}")];
    request(&format!("POST {SERVICE}/x"), &[&headers[0], &headers[1]], body)
}

async fn ask(node: &Node, message: &str) -> Answer {
    send(node.systems, &asking(message, b"body")).await
}

async fn lines(node: &Node, message: &str) -> Vec<Entry> {
    node.entries().await.into_iter().filter(|entry| entry.names.message_id == message).collect()
}

/// The call's one line and its one end, with the fault that was told.
async fn ended(node: &Node, message: &str, fault: &str) {
    let begun = Instant::now();
    while lines(node, message).await.len() < 2 {
        assert!(begun.elapsed() < PATIENCE, "{message}: {:?}", lines(node, message).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Lines are stored in their order: whatever else this call had left stands before the next one's.
    let next = format!("{message}-next");
    ask(node, &next).await;
    while lines(node, &next).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut lines = lines(node, message).await;
    // A line that breaks at the moment at which a call comes on it may be noted first.
    lines.sort_by_key(|line| line.part == Part::Answer);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((lines[0].part, lines[1].part), (Part::Request, Part::Answer));
    assert_eq!((lines[0].fault.as_str(), lines[0].size), ("", 4));
    assert_eq!((lines[1].fault.as_str(), lines[1].status), (fault, None));
    assert_eq!(lines[0].names.request_id, lines[1].names.request_id);
}

async fn told(node: &Node, message: &str, fault: &str) {
    let answer = ask(node, message).await;
    assert_eq!((answer.status, answer.error()), (500, fault), "{}", String::from_utf8_lossy(&answer.body));
    ended(node, message, fault).await;
    let words: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let end = lines(node, message).await.into_iter().find(|line| line.part == Part::Answer).unwrap();
    assert_eq!(end.hash, sha512(words["message"].as_str().unwrap().as_bytes()), "what was told is what was logged");
}

/// The consumer's gateway before an address where the provider's should be.
async fn before(address: SocketAddr) -> Node {
    Pair::consumer(Doors::bind(1).await, (&Doors::bind(2).await, address), |_| ()).await
}

/// Takes every connection and answers it with some bytes, then closes it or not.
async fn somebody(says: &'static [u8], closes: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            if !says.is_empty() && stream.read(&mut asked).await.is_ok() {
                stream.write_all(says).await.ok();
            }
            if !closes {
                open.push(stream);
            }
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_not_there_leaves_a_call_and_its_end() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let node = before(closed).await;
    told(&node, "m-away", UNREACHABLE).await;
    // Many at once wait for the same attempt, and each has its own end.
    let calls: Vec<String> = (0..20).map(|n| format!("m-many-{n}")).collect();
    let asked = calls.iter().map(|message| {
        let (door, bytes) = (node.systems, asking(message, b"body"));
        tokio::spawn(async move { send(door, &bytes).await })
    });
    for asked in asked.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap().error(), UNREACHABLE);
    }
    for message in &calls {
        ended(&node, message, UNREACHABLE).await;
    }
    // It can be shown that the call was made, and how it ended.
    let client = format!("X-Road-Client: {CLIENT}");
    let evidence = send(node.systems, &request("GET /asic?queryId=m-away", &[&client], b"")).await;
    let evidence = Evidence::parse(std::str::from_utf8(&evidence.body).unwrap()).unwrap();
    assert_eq!(evidence.lines.len(), 2);
    evidence.verify(&Trust::default()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_at_its_address_leaves_a_call_and_its_end() {
    for (says, closes, fault) in [
        (b"".as_slice(), true, UNREACHABLE),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false, UNREACHABLE),
        (b"SSH-2.0-OpenSSH_9.2\r\n", false, UNREACHABLE),
        (b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other/1\r\n\r\n", true, BROKE),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tongban-line/1\r\n\r\n\xff\xff\xff\xff",
            false,
            BROKE,
        ),
    ] {
        let node = before(somebody(says, closes).await).await;
        told(&node, "m-other", fault).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_authority_leaves_a_call_and_its_end() {
    let (ours, theirs) = (Authority::new("Nanping"), Authority::new("Elsewhere"));
    let (near_tls, _) = ours.issue("near", &ours.roots());
    // It would take ours, and we do not take its.
    let (far_tls, _) = theirs.issue("far", &ours.roots());
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls);
    let pair = Pair::start_between(near, far, ["", ""]).await;
    secret(&pair, &near_tls, UNREACHABLE).await;
    assert!(pair.provider.entries().await.is_empty());
    // And the other way round: it does not take ours.
    let (mut near, mut far) = (Doors::bind(1).await, Doors::bind(2).await);
    let (far_tls, _) = ours.issue("far", &theirs.roots());
    (near.outbound, far.outbound) = (near_tls.clone(), far_tls);
    let pair = Pair::start_between(near, far, ["", ""]).await;
    secret(&pair, &near_tls, UNREACHABLE).await;
    assert!(pair.provider.entries().await.is_empty());
}

/// A call over TLS, with the gateway's own certificate; what the log says of it.
async fn secret(pair: &Pair, with: &gateway::tls::Outbound, fault: &str) {
    let dial = with.secure(&pair.consumer.systems.to_string()).unwrap();
    let origin = gateway::pool::Origin::new("gateway", dial, PATIENCE);
    let asked =
        hyper::Request::get(format!("{SERVICE}/1")).header("x-road-client", CLIENT).header("x-road-id", "m-tls");
    let answer = origin.send(asked.body(gateway::body::Outgoing::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.response.headers()["x-road-error"], fault);
    let begun = Instant::now();
    while lines(&pair.consumer, "m-tls").await.len() < 2 {
        assert!(begun.elapsed() < PATIENCE, "{:?}", lines(&pair.consumer, "m-tls").await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let lines: Vec<_> = lines(&pair.consumer, "m-tls").await.into_iter().map(|line| (line.part, line.fault)).collect();
    assert_eq!(lines, [(Part::Request, String::new()), (Part::Answer, fault.to_owned())]);
    assert_eq!(pair.application.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_provider_does_not_know_leaves_a_call_and_its_end() {
    let pair = Pair::start().await;
    pair.consumer.gateway.set_key(seal::keys::Ed25519Key::from_bytes(&[77; 32]));
    told(&pair.consumer, "m-key", STRANGER).await;
    assert!(pair.provider.entries().await.is_empty(), "who is unknown leaves no line there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_leaves_before_there_is_a_line_leaves_a_call_and_its_end() {
    let node = before(somebody(b"", false).await).await;
    for message in ["m-gone", "m-gone-too"] {
        let mut stream = TcpStream::connect(node.systems).await.unwrap();
        stream.write_all(&asking(message, b"body")).await.unwrap();
        // The gateway has the whole call and waits for the other one.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    for message in ["m-gone", "m-gone-too"] {
        ended(&node, message, UNREACHABLE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_leaves_before_there_is_a_line_is_served_when_there_is_one() {
    let pair = Pair::start_in_turn(async |consumer: &Node| {
        let mut stream = TcpStream::connect(consumer.systems).await.unwrap();
        stream.write_all(&asking("m-early", b"body")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    });
    let pair = pair.await;
    for node in [&pair.consumer, &pair.provider] {
        let begun = Instant::now();
        while lines(node, "m-early").await.len() < 2 {
            assert!(begun.elapsed() < PATIENCE, "{:?}", lines(node, "m-early").await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(lines(node, "m-early").await[1].status, Some(200));
    }
    assert_eq!(ask(&pair.consumer, "m-next").await.status, 200);
    assert_eq!(pair.application.count(), 2);
}
