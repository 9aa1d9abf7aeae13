//! A department that publishes through the near node and one that receives on the far side of the line, by push.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use app::demo::sign_ins::PASSWORD;
use platform::clock::{Clock, SECOND};
use serde_json::{Value, json};
use tests::wire::{Visitor, call};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::node::Place;

const OFFICE: &str = "public-security";
const KIND: &str = "person.moved";
pub const SUBJECTS: [&str; 2] = ["990221195903120025", "990102199001010015"];
const PAUSE: Duration = Duration::from_millis(250);
/// How long the receiver takes over an event: a cut then often comes between its arrival and the word that it arrived.
const WORK: Duration = Duration::from_millis(60);

/// One arrival of an event.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The header `webhook-id`: what a receiver knows a repetition by.
    pub id: String,
    pub subject: String,
    pub sequence: u64,
    /// Seconds since 1970 at which it happened, as its publisher said.
    pub time: i64,
    pub body: Vec<u8>,
}

#[derive(Clone, Default)]
pub struct Receiver {
    arrived: Arc<Mutex<Vec<Arrival>>>,
}

impl Receiver {
    pub fn start(address: &str) -> (Self, String) {
        let listener = TcpListener::bind(address).unwrap();
        let (receiver, address) = (Self::default(), listener.local_addr().unwrap().to_string());
        let shared = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = shared.clone();
                thread::spawn(move || drop(shared.take(&stream.unwrap())));
            }
        });
        (receiver, address)
    }

    fn take(&self, stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let (mut headers, mut line) = (HashMap::new(), String::new());
        while reader.read_line(&mut line)? > 0 && line != "\r\n" {
            if let Some((name, value)) = line.trim_end().split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
            line.clear();
        }
        let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let event: Value = serde_json::from_slice(&body)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.arrived.lock().unwrap().push(Arrival {
            id: headers["webhook-id"].clone(),
            subject: text(&event["subject"]),
            sequence: text(&event["sequence"]).parse().unwrap_or(0),
            time: OffsetDateTime::parse(&text(&event["time"]), &Rfc3339).map_or(0, OffsetDateTime::unix_timestamp),
            body,
        });
        thread::sleep(WORK);
        let mut writer = stream;
        writer.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
    }

    pub fn arrived(&self) -> Vec<Arrival> {
        self.arrived.lock().unwrap().clone()
    }

    /// Waits until so many different events came, as long as one comes now and then; for how long it waited.
    pub fn wait_for(&self, count: usize, between: Duration) -> Duration {
        let (begun, mut last) = (Instant::now(), (Instant::now(), self.count()));
        while last.1 < count && last.0.elapsed() < between {
            thread::sleep(Duration::from_millis(100));
            if self.count() > last.1 {
                last = (Instant::now(), self.count());
            }
        }
        begun.elapsed()
    }

    /// How many different events came.
    fn count(&self) -> usize {
        let mut ids: Vec<String> = self.arrived().into_iter().map(|arrival| arrival.id).collect();
        ids.sort();
        ids.dedup();
        ids.len()
    }
}

/// The settings of a node that pushes to this address.
pub fn settings(receiver: &str) -> String {
    format!(
        "[events]\ninternal_hosts = [{receiver:?}]\ntimeout_seconds = 3\nretry_seconds = 1\nretry_longest_minutes = 1\n[sign_in]\nargon2_kib = 64\nargon2_rounds = 1\n"
    )
}

/// A small city in the node's folder.
pub fn seed(near: &Place) {
    let data = near.data().display().to_string();
    crate::node::run(&["demo", "--data", &data, "--residents", "60", "--listen", "127.0.0.1:0", "--seed-only"]);
}

/// Subscribes the office by push and gives the key to publish with.
pub fn arrange(hall: &str, receiver: &str) -> String {
    let visitor = |login: &str| {
        let mut visitor = Visitor::at(hall);
        visitor.sign_in(login, PASSWORD).unwrap();
        visitor
    };
    let (mut clerk, mut decider) = (visitor("liang.zhiqiu.ga"), visitor("gao.mingyuan.ga"));
    let form = format!("/events/subscriptions/new?type={KIND}");
    let page = clerk.get(&form).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    let once = page.body.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let (once, address) = (once.expect("the form carries its key").to_owned(), format!("http://{receiver}/in"));
    let who = [("once", once.as_str()), ("office", OFFICE), ("purpose", "check"), ("basis", "Act")];
    let fields = [&who[..], &[("type", KIND), ("way", "push"), ("address", &address)]].concat();
    let asked = clerk.post("/events/subscriptions/new", &fields).unwrap();
    let place = asked.header("location").to_owned();
    assert!(place.starts_with("/events/subscriptions/"), "{} {}", asked.status, asked.body);
    decider.get(&place).unwrap();
    let approved = decider.post(&format!("{place}/approve"), &[]).unwrap();
    assert_eq!(approved.status, 303, "{}", approved.body);
    clerk.get(&place).unwrap();
    assert_eq!(clerk.post(&format!("{place}/key"), &[]).unwrap().status, 200);
    decider.get("/events/subscriptions").unwrap();
    let page = decider.post("/events/publishing-key", &[("office", OFFICE)]).unwrap();
    let key = page.body.split("id=\"key\">").nth(1).and_then(|rest| rest.split('<').next());
    key.unwrap_or_else(|| panic!("{} {}", page.status, page.body)).to_owned()
}

/// Publishes until it is stopped: what was acknowledged, in its order.
pub struct Publisher {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<(String, i64)>>,
}

impl Publisher {
    pub fn start(hall: &str, key: String) -> Self {
        let (stop, hall) = (Arc::new(AtomicBool::new(false)), hall.to_owned());
        let stopped = Arc::clone(&stop);
        let begun = Clock::World.now().0 / SECOND;
        let thread = thread::spawn(move || {
            let mut published = Vec::new();
            // Each happened a second after the one before, whenever it is told.
            for time in begun.. {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                published.push((publish(&hall, &key, time), time));
                thread::sleep(PAUSE);
            }
            published
        });
        Self { stop, thread }
    }

    /// Identifier and time of each.
    pub fn finish(self) -> Vec<(String, i64)> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

fn publish(hall: &str, key: &str, time: i64) -> String {
    let subject = SUBJECTS[usize::try_from(time).unwrap() % SUBJECTS.len()];
    let said = OffsetDateTime::from_unix_timestamp(time).unwrap().to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap();
    let data = json!({"residence_division": "990102001001", "moved_on": "2026-11-01"});
    let event = json!({"type": KIND, "subject": subject, "time": said, "data": data});
    let (token, once) = (format!("Bearer {key}"), format!("event-of-second-{time}"));
    let headers = [("Authorization", token.as_str()), ("Idempotency-Key", &once), ("Content-Type", "application/json")];
    let answer = call(hall, ("POST", "/api/events"), &headers, &event.to_string()).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    serde_json::from_str::<Value>(&answer.body).unwrap()["id"].as_str().unwrap().to_owned()
}

/// What the near node still has to deliver, in words; for when something never arrived.
pub fn left(near: &Place) -> Vec<String> {
    let file = rusqlite::Connection::open(near.data().join("tongban.sqlite")).unwrap();
    let sql = "SELECT event || ' state ' || state || ' attempts ' || attempts || ' next ' || next_at || ' claimed ' ||
               COALESCE(claimed_until, 0) || ' ' || error FROM events_delivery WHERE done_at IS NULL ORDER BY seq LIMIT 5";
    let mut statement = file.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Every published event arrived; of one subject none before an earlier one; a repetition is known by its identifier.
/// Gives how many arrivals were repetitions.
pub fn check(published: &[(String, i64)], arrived: &[Arrival]) -> usize {
    let mut first: BTreeMap<&str, &Arrival> = BTreeMap::new();
    let mut last: HashMap<&str, u64> = HashMap::new();
    for arrival in arrived {
        if let Some(before) = first.get(arrival.id.as_str()) {
            assert_eq!(before.body, arrival.body, "the same identifier with another content: {}", arrival.id);
            continue;
        }
        let before = last.insert(&arrival.subject, arrival.sequence).unwrap_or(0);
        assert_eq!(arrival.sequence, before + 1, "out of order: {arrival:?}");
        first.insert(&arrival.id, arrival);
    }
    for (id, time) in published {
        let arrival =
            first.get(id.as_str()).unwrap_or_else(|| panic!("the event of second {time} ({id}) never arrived"));
        assert_eq!(arrival.time, *time, "{id}");
    }
    assert_eq!(first.len(), published.len(), "nothing arrived that was not published");
    arrived.len() - first.len()
}
