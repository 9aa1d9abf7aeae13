//! The disk of the message log is slow: another program holds the database for seconds (`BEGIN IMMEDIATE`), as a disk does
//! that does not come to its end. Nothing is told before its line is durable; calls wait, or hear the documented fault; what
//! waits is bounded; afterwards everything goes on, and nothing was lost or doubled.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::collections::{HashMap, HashSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use common::{Answer, Application, CLIENT, Doors, Node, Pair, SERVICE, request, send};
use gateway::consumer::Call;
use gateway::log::entry::{Entry, Part};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;

const NEAR: &str = "server.clientproxy.logging_failed";
const FAR: &str = "server.serverproxy.logging_failed";
/// Less than the database waits for its file, and more than it does.
const SHORT: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_millis(11_500);
/// What does not happen by then does not happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whoever else has the file of a node's database: nobody can write until it is let go.
struct Held(rusqlite::Connection);

impl Held {
    fn of(node: &Node) -> Self {
        let connection = rusqlite::Connection::open(node.data().join("tongban.sqlite")).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        Self(connection)
    }

    fn let_go(self) {
        self.0.execute_batch("COMMIT").unwrap();
    }
}

/// What came of one call.
struct Told {
    message: String,
    status: u16,
    error: String,
    ended: Instant,
    took: Duration,
}

fn asking(path: &str, message: &str, body: &[u8]) -> Vec<u8> {
    let headers = [format!("X-Road-Client: {CLIENT}"), format!("X-Road-Id: {message}")];
    request(&format!("POST {SERVICE}{path}"), &[&headers[0], &headers[1]], body)
}

async fn ask(door: SocketAddr, path: &str, message: &str) -> (Told, Answer) {
    let begun = Instant::now();
    let answer = send(door, &asking(path, message, b"body")).await;
    let (message, error) = (message.to_owned(), answer.error().to_owned());
    (Told { message, status: answer.status, error, ended: Instant::now(), took: begun.elapsed() }, answer)
}

/// Calls one after another until it is told to stop.
async fn caller(door: SocketAddr, place: usize, stop: Arc<AtomicBool>) -> Vec<Told> {
    let mut told = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let message = format!("m-{place}-{}", told.len());
        told.push(ask(door, "/work", &message).await.0);
    }
    told
}

/// The lines of each message: requests, then ends.
async fn lines(node: &Node) -> HashMap<String, (Vec<Entry>, Vec<Entry>)> {
    let mut found: HashMap<String, (Vec<Entry>, Vec<Entry>)> = HashMap::new();
    for entry in node.entries().await {
        let (requests, ends) = found.entry(entry.names.message_id.clone()).or_default();
        if entry.part == Part::Request { requests.push(entry) } else { ends.push(entry) }
    }
    found
}

/// Numbers of the messages of which the log has this part.
async fn have(node: &Node, part: Part) -> HashSet<String> {
    node.entries()
        .await
        .into_iter()
        .filter(|entry| entry.part == part)
        .map(|entry| entry.names.message_id.clone())
        .collect()
}

/// How often the application was asked, by the message's number.
fn asked(pair: &Pair) -> HashMap<String, usize> {
    let mut asked = HashMap::new();
    for received in pair.application.received.lock().unwrap().iter() {
        *asked.entry(common::header(&received.head, "x-road-id").unwrap().to_owned()).or_default() += 1;
    }
    asked
}

async fn until(what: &str, is: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is().await {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Consumers,
    Providers,
}

impl Which {
    fn of(self, pair: &Pair) -> &Node {
        match self {
            Self::Consumers => &pair.consumer,
            Self::Providers => &pair.provider,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_calls_wait_and_nothing_is_told_before_its_line_is_durable() {
    for which in [Which::Consumers, Which::Providers] {
        let pair = Pair::start().await;
        let (node, stop) = (which.of(&pair), Arc::new(AtomicBool::new(false)));
        let start = |place| tokio::spawn(caller(pair.consumer.systems, place, Arc::clone(&stop)));
        let callers: Vec<_> = (0..32).map(start).collect();
        until("calls go through", async || pair.application.count() > 100).await;
        let (held, begun) = (Held::of(node), Instant::now());
        // Whatever is told or carried out from now on was durable at this moment.
        let (ends, requests) = (have(node, Part::Answer).await, have(node, Part::Request).await);
        tokio::time::sleep(SHORT).await;
        let carried_out = asked(&pair);
        let (until_then, ()) = (Instant::now(), held.let_go());
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.store(true, Ordering::SeqCst);
        let mut told = Vec::new();
        for caller in callers {
            told.extend(caller.await.unwrap());
        }
        let early = |told: &&Told| (begun..until_then).contains(&told.ended) && !ends.contains(&told.message);
        let early: Vec<_> = told.iter().filter(early).map(|told| &told.message).collect();
        assert!(early.is_empty(), "{which:?}: told before they were durable: {early:?}");
        let early: Vec<_> = carried_out.keys().filter(|message| !requests.contains(*message)).collect();
        assert!(early.is_empty(), "{which:?}: carried out before they were durable: {early:?}");
        let refused: Vec<_> = told.iter().filter(|told| told.status != 200).map(|told| &told.error).collect();
        assert!(refused.is_empty(), "{which:?}: {refused:?}");
        assert!(told.iter().filter(|told| told.took > SHORT - Duration::from_millis(100)).count() >= 16, "they waited");
        assert!(told.iter().any(|told| told.ended > until_then && told.took < SHORT), "and then went on");
        whole(&pair, &told).await;
    }
}

/// Each call that was answered was carried out once, and stands in both logs with its end.
async fn whole(pair: &Pair, told: &[Told]) {
    let (near, far, asked) = (lines(&pair.consumer).await, lines(&pair.provider).await, asked(pair));
    for told in told.iter().filter(|told| told.status == 200) {
        assert_eq!(asked[&told.message], 1, "{}", told.message);
        for lines in [&near, &far] {
            let (requests, ends) = &lines[&told.message];
            assert_eq!((requests.len(), ends.len(), ends[0].status), (1, 1, Some(200)), "{ends:?}");
        }
    }
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "carried out more than once: {twice:?}");
}

/// Waits until every line of these messages has its end, and tells those ends of a node.
async fn faults(node: &Node, told: &[Told]) -> Vec<Vec<String>> {
    let all = async || {
        let lines = lines(node).await;
        told.iter().all(|told| lines.get(&told.message).is_none_or(|(_, ends)| !ends.is_empty()))
    };
    until("every call has its end", all).await;
    let lines = lines(node).await;
    let ends =
        |told: &Told| lines.get(&told.message).map(|(_, ends)| ends.iter().map(|end| end.fault.clone()).collect());
    told.iter().map(|told| ends(told).unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_its_patience_calls_are_refused_and_the_next_go_on() {
    for which in [Which::Consumers, Which::Providers] {
        let pair = Pair::start().await;
        assert_eq!(pair.get("/before").await.status, 200);
        let held = Held::of(which.of(&pair));
        let start = |n: usize| {
            let door = pair.consumer.systems;
            tokio::spawn(async move { ask(door, "/work", &format!("m-{n}")).await.0 })
        };
        let mut calls: Vec<_> = (0..12).map(start).collect();
        until("the first is refused", async || calls.iter().any(|call| call.is_finished())).await;
        calls.extend((12..24).map(start));
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(pair.application.count(), 1, "{which:?}: nothing is carried out meanwhile");
        held.let_go();
        let mut told = Vec::new();
        for call in calls {
            told.push(call.await.unwrap());
        }
        let code = match which {
            Which::Consumers => NEAR,
            Which::Providers => FAR,
        };
        let refused: Vec<&Told> = told.iter().filter(|told| told.status != 200).collect();
        assert!(!refused.is_empty() && refused.iter().all(|told| told.error == code), "{which:?}");
        assert!(told.iter().any(|told| told.status == 200), "{which:?}: who was not refused was served");
        whole(&pair, &told).await;
        let done = asked(&pair);
        assert!(refused.iter().all(|told| !done.contains_key(&told.message)), "what was refused was not carried out");
        // Every call has one end at most, and it says what was told.
        for node in [&pair.consumer, &pair.provider] {
            for (told, ends) in told.iter().zip(faults(node, &told).await) {
                assert!(ends.len() <= 1, "{which:?} {}: {ends:?}", told.message);
                let as_told =
                    ends.iter().all(|end| (end.is_empty() && told.status == 200) || end.ends_with(".logging_failed"));
                assert!(as_told, "{which:?} {} {}: {ends:?}", told.message, told.error);
            }
        }
        let near = faults(&pair.consumer, &told).await;
        assert!(near.iter().all(|ends| ends.len() == 1), "{which:?}: who called knows how it ended: {near:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_logged_is_not_told_and_the_log_says_so_afterwards() {
    for (which, code) in [(Which::Consumers, NEAR), (Which::Providers, FAR)] {
        for (hold, status) in [(SHORT, 200), (LONG, 500)] {
            let pair = Pair::start().await;
            assert_eq!(pair.get("/before").await.status, 200);
            let door = pair.consumer.systems;
            let call = tokio::spawn(async move { ask(door, "/slow", "m-slow").await });
            // Both logs have the request: the application works on it.
            until("the application is asked", async || pair.application.count() == 2).await;
            let held = Held::of(which.of(&pair));
            tokio::time::sleep(hold).await;
            assert!(status == 500 || !call.is_finished(), "{which:?}: told before it was durable");
            held.let_go();
            let (told, answer) = call.await.unwrap();
            assert_eq!(told.status, status, "{which:?} {}", told.error);
            if status == 500 {
                let words = String::from_utf8_lossy(&answer.body).into_owned();
                assert_eq!(told.error, code);
                assert!(words.contains("may have been carried out") && !words.contains("slow"), "{words}");
            }
            until("both logs say how it ended", async || {
                let ended = async |node| lines(node).await.get("m-slow").is_some_and(|(_, ends)| !ends.is_empty());
                ended(&pair.consumer).await && ended(&pair.provider).await
            })
            .await;
            let (requests, ends) = &lines(which.of(&pair)).await["m-slow"];
            assert_eq!((requests.len(), ends.len()), (1, 1), "{which:?} {hold:?}");
            assert_eq!(ends[0].status.is_some(), status == 200, "{which:?} {ends:?}");
            assert_eq!(ends[0].fault, if status == 200 { "" } else { code });
            assert_eq!(asked(&pair)["m-slow"], 1);
            assert_eq!(pair.get("/after").await.status, 200);
        }
    }
}

/// A gateway that serves both sides.
async fn own(application: &Application) -> Node {
    let roster = format!(
        "instance: NP\nserver: {{class: GOV, member: \"1001\", code: near}}\nsubsystems:\n\
         \x20 - {{id: GOV/1001/hall, name: n, member_name: m, callers: anyone}}\n\
         \x20 - {{id: GOV/2002/population, name: n, member_name: m, services: \
         [{{code: persons, url: \"http://{}/api\", access: [{{to: {CLIENT}}}]}}]}}\n",
        application.address
    );
    Node::start(Doors::bind(1).await, &roster).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_serves_both_sides_says_so_afterwards_too() {
    let application = Application::start().await;
    let node = own(&application).await;
    let (door, gateway) = (node.systems, node.gateway.clone());
    let ((begun, begins), (go, goes)) = (oneshot::channel(), oneshot::channel::<()>());
    let beside = tokio::spawn(async move {
        let headers = [("X-Road-Client", CLIENT.as_bytes()), ("X-Road-Id", b"m-aside".as_slice())];
        let call = Call::aside(("POST", SERVICE), &headers, (Ipv4Addr::LOCALHOST.into(), None));
        let answer = async move |_| {
            begun.send(()).unwrap();
            goes.await.unwrap();
            hyper::Response::new(Bytes::from_static(b"secret"))
        };
        gateway::aside::call(&gateway, (&call, Bytes::from_static(b"body")), answer).await
    });
    begins.await.unwrap();
    let called = tokio::spawn(async move { ask(door, "/slow", "m-slow").await });
    until("the application is asked", async || application.count() == 1).await;
    let held = Held::of(&node);
    go.send(()).unwrap();
    // One waits for the file after the other.
    tokio::time::sleep(LONG + Duration::from_secs(10)).await;
    held.let_go();
    let (told, answer) = called.await.unwrap();
    assert_eq!((told.status, told.error.as_str()), (500, FAR));
    assert!(String::from_utf8_lossy(&answer.body).contains("may have been carried out"));
    assert_eq!(beside.await.unwrap().unwrap_err().code, NEAR);
    for (message, code) in [("m-slow", FAR), ("m-aside", NEAR)] {
        let ended = async || lines(&node).await.get(message).is_some_and(|(_, ends)| !ends.is_empty());
        until("the log says how it ended", ended).await;
        let (requests, ends) = &lines(&node).await[message];
        assert_eq!((requests.len(), ends.len(), ends[0].status), (1, 1, None), "{message}");
        assert_eq!(ends[0].fault, code, "{message}");
    }
}

/// A line of `/proc/self/status` in bytes.
fn memory(line: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB"));
    found.unwrap().trim().parse::<u64>().unwrap() * 1024
}

async fn from(address: &str, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(format!("{address}:0").parse().unwrap())?;
    socket.connect(to).await
}

const BODY: usize = 30 << 10;
const CALLS: usize = 8000;
const HANDS: usize = 16;
/// Far less than all those bodies: what one address may have under way, several times over.
const GROWTH: u64 = 96 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn callers_that_do_not_wait_fill_no_memory_and_no_place_of_others() {
    let pair = Arc::new(Pair::start().await);
    assert_eq!(pair.get("/before").await.status, 200);
    let (held, before) = (Held::of(&pair.consumer), memory("VmRSS"));
    let hand = |hand: usize| {
        let door = pair.consumer.systems;
        tokio::spawn(async move {
            for n in 0..CALLS / HANDS {
                let bytes = asking("/flood", &format!("m-{hand}-{n}"), &[b'x'; BODY]);
                // Closed at once when there is no place; otherwise left before the answer.
                if let Ok(mut stream) = from("127.0.0.1", door).await
                    && stream.write_all(&bytes).await.is_ok()
                {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        })
    };
    for hand in (0..HANDS).map(hand).collect::<Vec<_>>() {
        hand.await.unwrap();
    }
    let grown = memory("VmRSS").saturating_sub(before);
    println!("{} MiB sent, the process has grown by {} MiB", (CALLS * BODY) >> 20, grown >> 20);
    assert!(grown < GROWTH, "the process has grown by {grown} bytes");
    // Another one is heard, and waits like everybody.
    let mut other = from("127.0.0.2", pair.consumer.systems).await.unwrap();
    other.write_all(&asking("/other", "m-other", b"body")).await.unwrap();
    held.let_go();
    assert_eq!(common::read_answer(&mut other).await.status, 200);
    // Places come back when the calls have ended, whose callers have long gone.
    until("the first address is heard again", async || {
        let Ok(mut stream) = from("127.0.0.1", pair.consumer.systems).await else { return false };
        let bytes = request("GET /listClients", &[], b"");
        let mut first = [0; 12];
        stream.write_all(&bytes).await.is_ok()
            && tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first).await.is_ok()
    })
    .await;
    let open = async |node: &Node| lines(node).await.into_values().filter(|(_, ends)| ends.is_empty()).count();
    until("every call has its end", async || open(&pair.consumer).await + open(&pair.provider).await == 0).await;
    let (near, asked) = (lines(&pair.consumer).await, asked(&pair));
    let flood: Vec<_> = near.iter().filter(|(message, _)| message.starts_with("m-")).collect();
    println!("{} of {CALLS} calls had begun", flood.len() - 1);
    assert!(flood.len() > 100 && flood.len() < 2000, "{}", flood.len());
    for (message, (requests, ends)) in flood {
        assert!(requests.len() <= 1 && ends.len() == 1, "{message}: {requests:?} {ends:?}");
        let times = asked.get(message).copied().unwrap_or_default();
        assert_eq!(times, usize::from(ends[0].status == Some(200)), "{message}: {ends:?}");
    }
}
