//! Gateways that lie, made from the protocol's text (docs/protocols/exchange.md §2): an answer that is another's, forged,
//! old, or told in a name that is not theirs; requests in somebody else's name. Nothing of it is told or carried out.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{Answer, CLIENT, Doors, NOW_SECONDS, Node, Pair, SERVICE, header, request, send};
use gateway::log::batch;
use gateway::log::entry::Part;
use gateway::protocol::hash::{message_hash, sha512, to_text};
use gateway::wire::frame::{self, Bundle, Carried, Frame, Message};
use gateway::wire::sign::Covered;
use seal::keys::{Ed25519Key, Signer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const INCONSISTENT: &str = "server.clientproxy.inconsistent_response";
const FORGED: &str = "server.clientproxy.signature_verification";
const BROKE: &str = "server.clientproxy.io_error";
const UNLOGGED: &str = "server.serverproxy.logging_failed";
const INTERNAL: &str = "server.serverproxy.internal_error";
const SWITCH: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: tongban-line/1\r\n\r\n";

/// What follows an answer.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Stored,
    Dropped,
    Gone,
    Nonsense,
}

/// An answer as an honest gateway gives it, before the lie.
#[derive(Clone)]
struct Said {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    created: i64,
    /// That its key is named, and that it signs with.
    key_id: String,
    signs: u8,
    /// What is sent instead of the body that was signed.
    sent: Option<Vec<u8>>,
    /// The body travels beside the line, and is this one.
    beside: Option<&'static [u8]>,
    /// Refused instead of answered, with this code.
    refused: Option<&'static str>,
    then: Then,
}

impl Said {
    fn set(&mut self, name: &'static str, value: &str) {
        let named = self.headers.iter_mut().find(|(own, _)| *own == name);
        match named {
            Some((_, own)) => value.clone_into(own),
            None => self.headers.push((name, value.to_owned())),
        }
    }
}

type Lie = fn(&mut Said);

fn key(seed: u8) -> Ed25519Key {
    Ed25519Key::from_bytes(&[seed; 32])
}

/// What an honest gateway would say to a request.
fn honest(head: &str, body: &Carried) -> Said {
    let Carried::Here(body) = body else { panic!("bodies of these tests are small") };
    let hash = message_hash(head.as_bytes(), (!body.is_empty()).then(|| sha512(body)).as_ref());
    let own = |name| header(head, name).unwrap().to_owned();
    let headers = vec![
        ("x-road-id", own("x-road-id")),
        ("x-road-client", own("x-road-client")),
        ("x-road-service", "NP/GOV/2002/population/persons".to_owned()),
        ("x-road-request-id", own("x-road-request-id")),
        ("x-road-request-hash", to_text(&hash)),
    ];
    let (key_id, body) = (key(2).key_id().to_owned(), b"told".to_vec());
    let (sent, beside, refused) = (None, None, None);
    Said {
        status: "200",
        headers,
        body,
        created: NOW_SECONDS,
        key_id,
        signs: 2,
        sent,
        beside,
        refused,
        then: Then::Stored,
    }
}

/// The frames that say it.
fn frames(said: &Said) -> Vec<u8> {
    let request_id = said.headers.iter().find(|(name, _)| *name == "x-road-request-id").unwrap().1.clone();
    if let Some(code) = said.refused {
        return frame::refused(code, "wo\u{7}rds", [request_id.as_str()].into_iter()).to_vec();
    }
    let mut head = format!("{}\r\nOK\r\n", said.status);
    said.headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}:{value}\r\n")));
    let (digest, created, key_id) = (sha512(&said.body), said.created, said.key_id.as_str());
    let hash = message_hash(head.as_bytes(), Some(&digest));
    let covered = Covered { part: Part::Answer, request_id: &request_id, hash: &hash, created, key: key_id };
    let root = batch::sign(&key(said.signs), &[covered.leaf()]).unwrap();
    let body = match &said.beside {
        Some(_) => Carried::Beside { size: said.body.len() as u64, digest },
        None => Carried::Here(said.sent.clone().unwrap_or_else(|| said.body.clone()).into()),
    };
    let mut bytes = frame::bundle(7, (key_id, created), &root, &[Message { head: head.into(), body }]).to_vec();
    match said.then {
        Then::Stored => bytes.extend_from_slice(&frame::stored(7)),
        Then::Dropped => bytes.extend_from_slice(&frame::dropped(7)),
        Then::Nonsense => bytes.extend_from_slice(&[0, 0, 0, 2, 99, 99]),
        Then::Gone => {}
    }
    bytes
}

async fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn next(stream: &mut TcpStream) -> Option<Frame> {
    let mut bytes = vec![0; stream.read_u32().await.ok()? as usize];
    stream.read_exact(&mut bytes).await.ok()?;
    frame::read(bytes.into())
}

/// A connection to the liar: a line, or one that fetches a body.
async fn listen(mut stream: TcpStream, lie: Lie) {
    let head = head_of(&mut stream).await;
    if head.starts_with("GET /tb1/body/") {
        let mut said =
            honest("x-road-id:1\r\nx-road-client:1\r\nx-road-request-id:1\r\n", &Carried::Here([].as_slice().into()));
        lie(&mut said);
        let body = said.beside.unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        return;
    }
    stream.write_all(SWITCH).await.unwrap();
    while let Some(frame) = next(&mut stream).await {
        let Frame::Bundle(Bundle { number, messages, .. }) = frame else { continue };
        stream.write_all(&frame::stored(number)).await.unwrap();
        for message in messages {
            let mut said = honest(std::str::from_utf8(&message.head).unwrap(), &message.body);
            lie(&mut said);
            stream.write_all(&frames(&said)).await.unwrap();
            if said.then == Then::Gone {
                return;
            }
        }
    }
}

/// A consumer's gateway before a provider's that lies.
async fn before(lie: Lie) -> Node {
    let (near, far, listener) = (Doors::bind(1).await, Doors::bind(2).await, TcpListener::bind("127.0.0.1:0").await);
    let listener = listener.unwrap();
    let node = Pair::consumer(near, (&far, listener.local_addr().unwrap()), |_| ()).await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(listen(stream, lie));
        }
    });
    node
}

async fn call(node: &Node) -> Answer {
    let client = format!("X-Road-Client: {CLIENT}");
    send(node.systems, &request(&format!("POST {SERVICE}/x"), &[&client, "X-Road-Id: m1"], b"asked")).await
}

/// The faults of the ends that the log has, when it has one.
async fn ends(node: &Node) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let entries = node.entries().await;
        let ends: Vec<_> =
            entries.iter().filter(|line| line.part == Part::Answer).map(|line| line.fault.clone()).collect();
        if !ends.is_empty() {
            assert_eq!(entries.len(), ends.len() + 1, "one request: {entries:?}");
            return ends;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "the log has no end: {entries:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_gateway_made_from_the_text_is_believed() {
    for honest in [(|_| ()) as Lie, |said| said.beside = Some(b"told")] {
        let node = before(honest).await;
        let answer = call(&node).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"told".as_slice()), "{}", answer.error());
        assert_eq!(ends(&node).await, [""]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_the_one_to_the_request_is_thrown_away() {
    let lies: [(&str, Lie, &str); 11] = [
        ("another message", |said| said.set("x-road-id", "m2"), INCONSISTENT),
        ("another client", |said| said.set("x-road-client", "NP/GOV/1001/other"), INCONSISTENT),
        ("another service", |said| said.set("x-road-service", "NP/GOV/2002/population/other"), INCONSISTENT),
        ("another request", |said| said.set("x-road-request-hash", &to_text(&[7; 64])), INCONSISTENT),
        ("no status", |said| said.status = "100", INCONSISTENT),
        ("another body", |said| said.sent = Some(b"lied".to_vec()), INCONSISTENT),
        ("no body", |said| said.sent = Some(Vec::new()), INCONSISTENT),
        ("another's key", |said| said.key_id = key(1).key_id().to_owned(), FORGED),
        ("nobody's key", |said| (said.signs, said.key_id) = (9, key(9).key_id().to_owned()), FORGED),
        ("signed by another", |said| said.signs = 9, FORGED),
        ("signed ten minutes ago", |said| said.created -= 600, FORGED),
    ];
    for (name, lie, code) in lies {
        let node = before(lie).await;
        let answer = call(&node).await;
        assert_eq!((answer.status, answer.error()), (500, code), "{name}");
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(!told.contains("\"told\"") && !told.contains("lied"), "{name}: {told}");
        assert_eq!(ends(&node).await, [code], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beside_the_line_that_is_not_the_signed_one_is_thrown_away() {
    let node = before(|said| said.beside = Some(b"lied")).await;
    let answer = call(&node).await;
    assert_eq!((answer.status, answer.error()), (500, INCONSISTENT));
    assert!(!String::from_utf8_lossy(&answer.body).contains("lied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_gateway_has_no_line_of_it_is_not_told() {
    for (then, code) in [(Then::Dropped, UNLOGGED), (Then::Gone, BROKE), (Then::Nonsense, BROKE)] {
        let lie: Lie = match then {
            Then::Dropped => |said| said.then = Then::Dropped,
            Then::Gone => |said| said.then = Then::Gone,
            _ => |said| said.then = Then::Nonsense,
        };
        let node = before(lie).await;
        let answer = call(&node).await;
        assert_eq!((answer.status, answer.error()), (500, code));
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(told.contains("may have been carried out") && !told.contains("\"told\""), "{told}");
        assert_eq!(ends(&node).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_tells_faults_in_its_own_name_alone() {
    let lies: [(Lie, u16, &str); 6] = [
        (|said| said.refused = Some("server.serverproxy.access_denied"), 500, "server.serverproxy.access_denied"),
        (|said| said.refused = Some("server.clientproxy.network_error"), 500, INTERNAL),
        (|said| said.refused = Some("client.bad_request"), 400, "client.bad_request"),
        (|said| said.refused = Some("client.too_many_requests"), 500, INTERNAL),
        (|said| said.set("x-road-error", "server.clientproxy.logging_failed"), 500, INTERNAL),
        (|said| said.set("x-road-error", "Server.ServerProxy.X<script>"), 500, INTERNAL),
    ];
    for (lie, status, code) in lies {
        let node = before(lie).await;
        let answer = call(&node).await;
        assert_eq!((answer.status, answer.error()), (status, code));
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(told.contains("NP/GOV/2002/far: ") && !told.contains('\u{7}'), "who says it is told: {told}");
        assert_eq!(ends(&node).await, [code]);
    }
}

/// A request as the consumer's gateway would send it, signed by the key of this seed in the name of the first.
fn asking(client: &str, (request_id, issue): (&str, &str), signs: u8) -> Vec<u8> {
    let head = format!(
        "POST\r\n{SERVICE}/x\r\nX-Road-Client:{client}\r\nX-Road-Issue:{issue}\r\nX-Road-Id:m1\r\nx-road-request-id:{request_id}\r\n"
    );
    let (hash, created) = (message_hash(head.as_bytes(), Some(&sha512(b"asked"))), NOW_SECONDS);
    let (own, body) = (key(1), Carried::Here(b"asked".as_slice().into()));
    let covered = Covered { part: Part::Request, request_id, hash: &hash, created, key: own.key_id() };
    let root = batch::sign(&key(signs), &[covered.leaf()]).unwrap();
    let bundle = frame::bundle(7, (own.key_id(), created), &root, &[Message { head: head.into(), body }]);
    [&bundle[..], &frame::stored(7)[..]].concat()
}

/// What a provider's gateway says to a bundle: the code with which it refuses, or the status of its answer.
async fn says(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let open = b"GET /tb1 HTTP/1.1\r\nHost: g\r\nConnection: upgrade\r\nUpgrade: tongban-line/1\r\n\r\n";
    stream.write_all(&[open.as_slice(), bytes].concat()).await.unwrap();
    assert!(head_of(&mut stream).await.starts_with("HTTP/1.1 101 "));
    loop {
        match next(&mut stream).await.expect("the line is open") {
            Frame::Refused { code, .. } => return code,
            Frame::Bundle(bundle) => {
                let head = String::from_utf8_lossy(&bundle.messages[0].head).into_owned();
                return header(&head, "x-road-error").unwrap_or(&head[..3]).to_owned();
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_somebody_elses_name_is_not_carried_out() {
    let pair = Arc::new(Pair::start().await);
    let long = "x".repeat(256);
    for (client, ids, signs, code) in [
        (CLIENT, ("forged", "1"), 9, "server.serverproxy.signature_verification"),
        ("NP/GOV/1001/secret", ("another", "1"), 1, "server.serverproxy.unknown_member"),
        (CLIENT, ("long", long.as_str()), 1, "client.invalid_request"),
    ] {
        assert_eq!(says(pair.provider.gateways, &asking(client, ids, signs)).await, code);
    }
    // Signed rightly by who is asked for something else than the bytes say.
    let mut altered = asking(CLIENT, ("altered", "1"), 1);
    let at = altered.windows(5).position(|five| five == b"asked").unwrap();
    altered[at] ^= 1;
    assert_eq!(says(pair.provider.gateways, &altered).await, "server.serverproxy.signature_verification");
    assert_eq!(pair.application.count(), 0);
    assert!(pair.provider.entries().await.is_empty(), "what is not believed leaves no line");
    assert_eq!(says(pair.provider.gateways, &asking(CLIENT, ("honest", "1"), 1)).await, "200");
    // Bodies that nobody has signed are neither taken nor given.
    for line in ["GET /tb1/body/honest", "PUT /tb1/body/honest"] {
        let answer = send(pair.provider.gateways, &request(line, &[], b"body")).await;
        assert_eq!((answer.status, answer.error()), (500, "server.serverproxy.signature_verification"), "{line}");
    }
    assert_eq!(pair.application.count(), 1);
}
