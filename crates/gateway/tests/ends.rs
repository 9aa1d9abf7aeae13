//! How a call ends when somebody does not wait for it: the caller hangs up, the application answers too late, the right to
//! the answer ends while it is on its way. A call that has begun runs to its end, and both logs say how it ended.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use common::{Answer, CLIENT, Doors, Node, SERVICE, read_answer, request};
use gateway::Roster;
use gateway::log::entry::{Entry, Part};
use gateway::tls::Outbound;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const TIMEOUT: &str = "server.serverproxy.service_failed.timeout";
const DENIED: &str = "server.serverproxy.access_denied";
/// Longer than anything here takes; what does not happen by then does not happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far the application has come, for each of its requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Stood {
    begun: usize,
    /// Answers that could be written whole.
    answered: usize,
    /// Requests whose connection was closed before the answer.
    left: usize,
}

/// An application that answers when it is told to.
struct Slow {
    address: SocketAddr,
    may: watch::Sender<bool>,
    stood: watch::Receiver<Stood>,
}

impl Slow {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (may, allowed) = watch::channel(true);
        let (told, stood) = watch::channel(Stood::default());
        let told = Arc::new(told);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, allowed.clone(), Arc::clone(&told)));
            }
        });
        Self { address, may, stood }
    }

    fn hold(&self) {
        self.may.send_replace(false);
    }

    fn release(&self) {
        self.may.send_replace(true);
    }

    async fn until(&self, there: impl Fn(&Stood) -> bool) {
        let mut stood = self.stood.clone();
        let waiting = tokio::time::timeout(PATIENCE, stood.wait_for(there)).await;
        assert!(waiting.is_ok(), "the application stands at {:?}", self.stood.borrow());
    }
}

/// Answers each request with its path, once it may.
async fn connection(mut stream: TcpStream, mut may: watch::Receiver<bool>, told: Arc<watch::Sender<Stood>>) {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length: usize = common::header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
        while bytes.len() < end + 4 + length {
            if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
                return;
            }
        }
        bytes.drain(..end + 4 + length);
        told.send_modify(|stood| stood.begun += 1);
        let path = head.split(' ').nth(1).unwrap();
        let mut none = [0; 1];
        tokio::select! {
            _ = may.wait_for(|may| *may) => {}
            // Whoever asked has gone.
            _ = stream.read(&mut none) => return told.send_modify(|stood| stood.left += 1),
        }
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{path}", path.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        told.send_modify(|stood| stood.answered += 1);
    }
}

struct Here {
    consumer: Node,
    provider: Node,
    application: Slow,
    /// The provider's roster, and the same after its client lost the right.
    with: String,
    without: String,
}

impl Here {
    async fn start(timeout_seconds: u64) -> Self {
        let application = Slow::start().await;
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let peer = |doors: &Doors, server: &str, subsystem: &str| {
            let (address, key) = (doors.address(), doors.public_key());
            format!(
                "peers:\n  - {{server: {server}, address: \"{address}\", keys: [\"{key}\"], \
                 subsystems: [{{id: {subsystem}, name: n, member_name: m}}]}}\n"
            )
        };
        let consumers = format!(
            "instance: NP\nserver: {{class: GOV, member: \"1001\", code: near}}\n\
             subsystems: [{{id: GOV/1001/hall, name: n, member_name: m, callers: anyone}}]\n{}",
            peer(&far, "NP/GOV/2002/far", "NP/GOV/2002/population")
        );
        let with = format!(
            "instance: NP\nserver: {{class: GOV, member: \"2002\", code: far}}\n\
             subsystems:\n  - id: GOV/2002/population\n    name: n\n    member_name: m\n    services:\n      \
             - {{code: persons, url: \"http://{}/api\", timeout_seconds: {timeout_seconds}, access: [{{to: {CLIENT}}}]}}\n{}",
            application.address,
            peer(&near, "NP/GOV/1001/near", CLIENT)
        );
        let without = with.replace(&format!("access: [{{to: {CLIENT}}}]"), "access: []");
        let (consumer, provider) = (Node::start(near, &consumers).await, Node::start(far, &with).await);
        Self { consumer, provider, application, with, without }
    }

    /// A caller who has sent its request and not read.
    async fn calling(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.consumer.systems).await.unwrap();
        let client = format!("X-Road-Client: {CLIENT}");
        let bytes = request(&format!("POST {SERVICE}{path}"), &[&client, &format!("X-Road-Id: m{path}")], b"body");
        stream.write_all(&bytes).await.unwrap();
        stream
    }

    async fn call(&self, path: &str) -> Answer {
        read_answer(&mut self.calling(path).await).await
    }

    fn put(&self, roster: &str) {
        self.provider.gateway.set_roster(Roster::parse("roster.yaml", roster, &Outbound::default()).unwrap());
    }

    /// The lines of a message at both gateways, when each has its end.
    async fn ended(&self, path: &str) -> [Vec<Entry>; 2] {
        let message = format!("m{path}");
        let lines = async |node: &Node| -> Vec<Entry> {
            node.entries().await.into_iter().filter(|entry| entry.names.message_id == message).collect()
        };
        let both = async || [lines(&self.consumer).await, lines(&self.provider).await];
        let waiting = tokio::time::timeout(PATIENCE, async {
            loop {
                let found = both().await;
                if found.iter().all(|lines| lines.iter().any(|entry| entry.part == Part::Answer)) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        match waiting.await {
            Ok(found) => found,
            Err(_) => panic!("the logs do not say how {message} ended: {:?}", both().await),
        }
    }
}

/// A request and its end at each gateway; the status and the fault that the end has.
#[track_caller]
fn check(lines: &[Vec<Entry>; 2], wanted: (u16, &str)) {
    for lines in lines {
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!((lines[0].part, lines[1].part), (Part::Request, Part::Answer));
        let end = &lines[1];
        assert_eq!(end.fault, wanted.1, "{end:?}");
        // A fault may have no status, or that of its kind; never one of the application.
        assert!(end.status == Some(wanted.0) || (end.status.is_none() && !wanted.1.is_empty()), "{end:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_hangs_up_leaves_a_call_that_runs_to_its_end() {
    let here = Here::start(30).await;
    here.application.hold();
    let caller = here.calling("/hangs-up").await;
    here.application.until(|stood| stood.begun == 1).await;
    drop(caller);
    // Time enough to notice that nobody waits, were anybody to look.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(here.application.stood.borrow().left, 0, "the application's call was cut off half-way");
    here.application.release();
    here.application.until(|stood| stood.answered == 1).await;
    check(&here.ended("/hangs-up").await, (200, ""));
    // The next caller is served as if nothing had been.
    let next = here.call("/next").await;
    assert_eq!((next.status, next.body.as_slice()), (200, b"/api/next".as_slice()));
    assert_eq!(here.application.stood.borrow().begun, 2, "nothing was carried out twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_after_the_timeout_is_told_to_nobody() {
    let here = Here::start(1).await;
    here.application.hold();
    let late = here.call("/late").await;
    assert_eq!((late.status, late.error()), (500, TIMEOUT));
    here.application.release();
    // Its answer, if it could still be written, stands before the next one's on no connection.
    for path in ["/next", "/after"] {
        let next = here.call(path).await;
        assert_eq!(String::from_utf8_lossy(&next.body), format!("/api{path}"), "{}", next.head);
    }
    check(&here.ended("/late").await, (500, TIMEOUT));
    for path in ["/next", "/after"] {
        check(&here.ended(path).await, (200, ""));
    }
    assert_eq!(here.application.stood.borrow().begun, 3, "the gateway repeats nothing by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_ends_while_the_request_is_on_its_way_opens_nothing() {
    let here = Here::start(30).await;
    let mut stream = TcpStream::connect(here.consumer.systems).await.unwrap();
    let head = format!(
        "POST {SERVICE}/half HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nX-Road-Id: m/half\r\nContent-Length: 1000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&[b'x'; 500_000]).await.unwrap();
    here.put(&here.without);
    stream.write_all(&[b'x'; 500_000]).await.unwrap();
    let refused = read_answer(&mut stream).await;
    assert_eq!((refused.status, refused.error()), (500, DENIED));
    assert_eq!(*here.application.stood.borrow(), Stood::default(), "the application was not asked");
    check(&here.ended("/half").await, (500, DENIED));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_ends_while_the_application_works_discloses_nothing() {
    let here = Here::start(30).await;
    here.application.hold();
    let mut caller = here.calling("/ends").await;
    here.application.until(|stood| stood.begun == 1).await;
    here.put(&here.without);
    here.application.release();
    let refused = read_answer(&mut caller).await;
    assert_eq!((refused.status, refused.error()), (500, DENIED), "{}", refused.head);
    let told = String::from_utf8_lossy(&refused.body).into_owned();
    assert!(!told.contains("/api/ends"), "the application's answer was told: {told}");
    assert!(told.contains("may have been carried out"), "{told}");
    check(&here.ended("/ends").await, (500, DENIED));
    // With the right again, calls go through again.
    here.put(&here.with);
    assert_eq!(here.call("/again").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_changes_otherwise_ends_no_call() {
    let here = Here::start(30).await;
    here.application.hold();
    let mut caller = here.calling("/goes-on").await;
    here.application.until(|stood| stood.begun == 1).await;
    // Out of service from now on, for those who come: who came before is served.
    here.put(&here.with.replace("timeout_seconds", "disabled: until Monday, timeout_seconds"));
    here.application.release();
    assert_eq!(read_answer(&mut caller).await.status, 200);
    check(&here.ended("/goes-on").await, (200, ""));
    assert_eq!(here.call("/late").await.error(), "server.serverproxy.service_disabled");
}

/// Longer than a line between gateways may be silent while calls wait, shorter than it is kept without any.
const REST: Duration = Duration::from_secs(22);
/// Longer than the time between two looks at a line.
const WORK: Duration = Duration::from_secs(7);

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_has_rested_carries_a_call_that_takes_its_time() {
    let here = Here::start(30).await;
    assert_eq!(here.call("/before").await.status, 200);
    // The one thing here that cannot be had without waiting: the line's own clock is the machine's.
    tokio::time::sleep(REST).await;
    here.application.hold();
    let mut caller = here.calling("/slow").await;
    here.application.until(|stood| stood.begun == 2).await;
    tokio::time::sleep(WORK).await;
    here.application.release();
    let answer = read_answer(&mut caller).await;
    assert_eq!((answer.status, answer.error()), (200, ""), "{}", String::from_utf8_lossy(&answer.body));
    check(&here.ended("/slow").await, (200, ""));
}
