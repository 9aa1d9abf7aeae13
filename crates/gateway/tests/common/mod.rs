//! Two gateways on loopback, each with its own database, and an application behind the second.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses a part of it
mod application;
mod rosters;
pub mod tsa;
pub mod world;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use gateway::application::{Application as Own, Reply, Replying, Visit};
use gateway::body::Spool;
use gateway::log::entry::Entry;
use gateway::looks::{Look, Looks, Noting};
use gateway::tls::Outbound;
use gateway::{Door, DoorLimits, Gateway, Limits, Parts, Roster};
use platform::clock::Clock;
use platform::config::Config;
use platform::db::{Migration, Tx};
use platform::i18n::Texts;
use platform::page::Assets;
use platform::policy::{Action, Actor, ActorKind, On};
use platform::session::Actors;
use platform::{Ctx, Platform, Result};
use seal::keys::{Ed25519Key, Signer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub use application::Application;
use application::read_message;
use rosters::{consumer_roster, provider_roster};

pub const CLIENT: &str = "NP/GOV/1001/hall";
pub const SERVICE: &str = "/r1/NP/GOV/2002/population/persons";
const NOW: i64 = 1_795_226_400_000_000;
pub const NOW_SECONDS: i64 = NOW / 1_000_000;

struct Nobody;

impl Actors for Nobody {
    fn load(&self, _: &mut Tx<'_>, _: ActorKind, _: &str, _: Option<&str>) -> Result<Option<Actor>> {
        Ok(None)
    }
}

pub struct Node {
    pub platform: Platform,
    pub gateway: Gateway,
    pub systems: SocketAddr,
    pub gateways: SocketAddr,
    pub looks: Arc<Noted>,
    clock: Arc<AtomicI64>,
    stop: watch::Sender<bool>,
    folder: tempfile::TempDir,
}

/// A socket for each door, bound before the rosters are written.
pub struct Doors {
    systems: TcpListener,
    gateways: TcpListener,
    pub key: Ed25519Key,
    pub outbound: Outbound,
}

impl Doors {
    pub async fn bind(seed: u8) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0");
        let (systems, gateways) = (free().await.unwrap(), free().await.unwrap());
        Self { systems, gateways, key: Ed25519Key::from_bytes(&[seed; 32]), outbound: Outbound::default() }
    }

    pub fn address(&self) -> SocketAddr {
        self.gateways.local_addr().unwrap()
    }

    pub fn public_key(&self) -> String {
        base64::engine::general_purpose::STANDARD.encode(self.key.public().to_bytes())
    }
}

impl Node {
    pub async fn start(doors: Doors, roster: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), (doors, roster), |_| ()).await
    }

    /// Under changed settings.
    pub async fn start_with(doors: Doors, roster: &str, settings: impl FnOnce(&mut Config)) -> Self {
        Self::start_as(tempfile::tempdir().unwrap(), (doors, roster), (|_: &mut Limits| (), settings)).await
    }

    /// With its data in a folder, under changed limits.
    pub async fn start_in(
        folder: tempfile::TempDir,
        (doors, roster): (Doors, &str),
        change: impl FnOnce(&mut Limits),
    ) -> Self {
        Self::start_as(folder, (doors, roster), (change, |_: &mut Config| ())).await
    }

    async fn start_as(
        folder: tempfile::TempDir,
        (doors, roster): (Doors, &str),
        (change, settings): (impl FnOnce(&mut Limits), impl FnOnce(&mut Config)),
    ) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        let platform = platform_in(folder.path(), &clock, settings);
        platform.db().migrate(&MIGRATIONS).await.unwrap();
        let spool = Spool { limit: 120 << 20, patience: Duration::from_secs(2), ..Spool::at(folder.path().to_owned()) };
        let mut limits = Limits { spool, skew_seconds: 60, doors: DoorLimits::default() };
        change(&mut limits);
        let roster = Roster::parse("roster.yaml", roster, &doors.outbound).unwrap();
        let own = doors.outbound.tls.clone().into_iter();
        let tls = own.flat_map(|tls| [(Door::Systems, tls.clone()), (Door::Gateways, tls)]).collect();
        let looks = Arc::new(Noted::default());
        let parts = Parts { roster, key: doors.key, limits, tls, applications: applications(), looks: looks.clone() };
        let gateway = Gateway::open(&platform, parts).await.unwrap();
        let (systems, gateways) = (doors.systems.local_addr().unwrap(), doors.gateways.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        for (listener, door) in [(doors.systems, Door::Systems), (doors.gateways, Door::Gateways)] {
            tokio::spawn(gateway::serve(gateway.clone(), listener, door, stopped.clone()));
        }
        Self { platform, gateway, systems, gateways, looks, clock, stop, folder }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The same data behind another gateway on another port, as after a restart.
    pub async fn restarted(&self, roster: &str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let roster = Roster::parse("roster.yaml", roster, &Outbound::default()).unwrap();
        let (key, limits) = (Ed25519Key::from_bytes(&[2; 32]), self.gateway.limits().clone());
        let (tls, looks) = (HashMap::new(), Arc::new(Noted::default()));
        let parts = Parts { roster, key, limits, tls, applications: applications(), looks };
        let gateway = Gateway::open(&self.platform, parts).await.unwrap();
        tokio::spawn(gateway::serve(gateway, listener, Door::Gateways, self.stop.subscribe()));
        address
    }

    /// Makes every later write of the log fail.
    pub async fn break_log(&self) {
        let connection = rusqlite::Connection::open(self.folder.path().join("tongban.sqlite")).unwrap();
        connection.execute_batch("DROP TABLE gateway_batch").unwrap();
    }

    /// Runs statements beside the program.
    pub fn sql(&self, statements: &str) {
        let connection = rusqlite::Connection::open(self.folder.path().join("tongban.sqlite")).unwrap();
        connection.execute_batch(statements).unwrap();
    }

    /// One number out of the database.
    pub fn count(&self, sql: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.folder.path().join("tongban.sqlite")).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The folder with its data.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    async fn batches(&self) -> Vec<Vec<u8>> {
        let grant = Ctx::system(&self.platform, "test").allow(Action::MessageRead, &On::PUBLIC).unwrap();
        let packed = self.platform.db().read(grant, |tx| {
            tx.list("SELECT entries FROM gateway_batch ORDER BY rowid", &[], |row| Ok(row.bytes(0)?.to_vec()))
        });
        packed.await.unwrap()
    }

    /// All lines of the log, oldest first.
    pub async fn entries(&self) -> Vec<Entry> {
        self.batches().await.iter().flat_map(|packed| gateway::log::pack::unpack(packed).unwrap()).collect()
    }

    /// Bytes of all lines together.
    pub async fn packed_bytes(&self) -> usize {
        self.batches().await.iter().map(Vec::len).sum()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

fn platform_in(dir: &Path, clock: &Arc<AtomicI64>, settings: impl FnOnce(&mut Config)) -> Platform {
    let mut config = Config::default();
    config.data.dir = dir.to_owned();
    settings(&mut config);
    Platform::open(platform::platform::Parts {
        config,
        clock: Clock::Set(Arc::clone(clock)),
        texts: Texts::load(std::iter::empty()).unwrap(),
        assets: Assets::default(),
        actors: Box::new(Nobody),
        navigation: |_| Vec::new(),
    })
    .unwrap()
}

/// The tables that a gateway needs.
const MIGRATIONS: [Migration<'static>; 8] = [
    Migration { name: "0001_platform.sql", sql: include_str!("../../../../migrations/0001_platform.sql") },
    Migration { name: "0009_gateway.sql", sql: include_str!("../../../../migrations/0009_gateway.sql") },
    Migration { name: "0013_gateway_keep.sql", sql: include_str!("../../../../migrations/0013_gateway_keep.sql") },
    Migration {
        name: "0015_gateway_traffic.sql",
        sql: include_str!("../../../../migrations/0015_gateway_traffic.sql"),
    },
    Migration { name: "0016_gateway_seen.sql", sql: include_str!("../../../../migrations/0016_gateway_seen.sql") },
    Migration { name: "0017_gateway_index.sql", sql: include_str!("../../../../migrations/0017_gateway_index.sql") },
    Migration { name: "0018_gateway_pieces.sql", sql: include_str!("../../../../migrations/0018_gateway_pieces.sql") },
    Migration { name: "0019_gateway_before.sql", sql: include_str!("../../../../migrations/0019_gateway_before.sql") },
];

/// An application in the program itself: tells what it was asked.
struct Mirror;

impl Own for Mirror {
    fn answer(&self, visit: Visit) -> Replying<'_> {
        let text = format!("{} {}?{} by {} for {}", visit.verb, visit.path, visit.query, visit.client, visit.issue);
        Box::pin(std::future::ready(Reply { status: 201, kind: "text/plain", text }))
    }
}

/// A trail that remembers, and can be broken.
#[derive(Default)]
pub struct Noted {
    pub looks: Mutex<Vec<Look>>,
    pub broken: std::sync::atomic::AtomicBool,
}

impl Looks for Noted {
    fn note(&self, look: Look) -> Noting<'_> {
        let broken = self.broken.load(Ordering::SeqCst);
        self.looks.lock().unwrap().push(look);
        let answer = if broken { Err(platform::Error::Unavailable("the trail".into())) } else { Ok(()) };
        Box::pin(std::future::ready(answer))
    }
}

fn applications() -> HashMap<String, Arc<dyn Own>> {
    HashMap::from([("mirror".to_owned(), Arc::new(Mirror) as Arc<dyn Own>)])
}

/// The value of a header in a head, whatever its case.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// An answer as a client without any library reads it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub fn error(&self) -> &str {
        self.header("x-road-error").unwrap_or("")
    }
}

/// Sends bytes and reads the answer on a connection of its own.
pub async fn send(to: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(request).await.unwrap();
    read_answer(&mut stream).await
}

pub async fn read_answer(stream: &mut TcpStream) -> Answer {
    let (head, body) = read_message(stream, &mut Vec::new()).await.unwrap().expect("an answer");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body }
}

/// A request as text: method and path, header lines, body.
pub fn request(line: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{line} HTTP/1.1\r\nHost: gateway\r\n");
    headers.iter().for_each(|header| text.push_str(&format!("{header}\r\n")));
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    [format!("{text}\r\n").as_bytes(), body].concat()
}

/// Changes what passes on the line, in either direction.
#[derive(Clone, Copy)]
pub struct Alter {
    pub request: fn(&mut [u8]),
    pub answer: fn(&mut [u8]),
}

impl Alter {
    pub const NOTHING: Self = Self { request: |_| (), answer: |_| () };
}

/// A line that notes the requests which pass.
async fn tap_line(to: SocketAddr, alter: Alter) -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, sent) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let noted = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(to).await.unwrap();
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(pass(near_in, far_out, alter.request, Some(Arc::clone(&noted))));
            tokio::spawn(pass(far_in, near_out, alter.answer, None));
        }
    });
    (address, sent)
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    alter: fn(&mut [u8]),
    noted: Option<Arc<Mutex<Vec<u8>>>>,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(read) = from.read(&mut buffer).await {
        let mut bytes = buffer[..read].to_vec();
        if let Some(noted) = &noted {
            noted.lock().unwrap().extend_from_slice(&bytes);
        }
        alter(&mut bytes);
        if read == 0 || to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// Consumer, provider, and the application behind the provider.
pub struct Pair {
    pub consumer: Node,
    pub provider: Node,
    pub application: Application,
}

impl Pair {
    pub async fn start() -> Self {
        let application = Application::start().await;
        Self::before(application.address, application).await
    }

    pub async fn start_with(address: SocketAddr) -> Self {
        Self::before(address, Application { address, received: Arc::default() }).await
    }

    /// With somebody on the line between the gateways.
    pub async fn start_tapped(alter: Alter) -> (Self, Arc<Mutex<Vec<u8>>>) {
        let (pair, sent, _) = Self::start_recorded(alter).await;
        (pair, sent)
    }

    /// The same, and the provider's roster.
    pub async fn start_recorded(alter: Alter) -> (Self, Arc<Mutex<Vec<u8>>>, String) {
        let application = Application::start().await;
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let (line, sent) = tap_line(far.address(), alter).await;
        let far_roster = provider_roster(&near, application.address);
        let near_roster = consumer_roster(&far, line);
        let (consumer, provider) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        (Self { consumer, provider, application }, sent, far_roster)
    }

    /// With the provider's roster, to change it.
    pub async fn start_known() -> (Self, String) {
        let application = Application::start().await;
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let far_roster = provider_roster(&near, application.address);
        let near_roster = consumer_roster(&far, far.address());
        let (consumer, provider) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        (Self { consumer, provider, application }, far_roster)
    }

    /// Each names the other's certificate: `prints` of the consumer's gateway, then of the provider's; empty: any.
    pub async fn start_between(near: Doors, far: Doors, prints: [&str; 2]) -> Self {
        let application = Application::start().await;
        let named = |roster: String, print: &str| {
            if print.is_empty() {
                return roster;
            }
            roster.replace(
                "    subsystems:\n      - {id",
                &format!("    certificates: [\"{print}\"]\n    subsystems:\n      - {{id"),
            )
        };
        let far_roster = named(provider_roster(&near, application.address), prints[0]);
        let near_roster = named(consumer_roster(&far, far.address()), prints[1]);
        let (consumer, provider) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        Self { consumer, provider, application }
    }

    /// The consumer's gateway under changed limits, the provider's with its data in a folder.
    pub async fn start_limited(far_folder: tempfile::TempDir, change: impl FnOnce(&mut Limits)) -> Self {
        let application = Application::start().await;
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let far_roster = provider_roster(&near, application.address);
        let near_roster = consumer_roster(&far, far.address());
        let consumer = Node::start_in(tempfile::tempdir().unwrap(), (near, &near_roster), change).await;
        let provider = Node::start_in(far_folder, (far, &far_roster), |_| ()).await;
        Self { consumer, provider, application }
    }

    /// The consumer's gateway alone, under changed limits; it looks for the provider's at an address.
    pub async fn consumer(near: Doors, (far, address): (&Doors, SocketAddr), change: impl FnOnce(&mut Limits)) -> Node {
        let roster = consumer_roster(far, address);
        Node::start_in(tempfile::tempdir().unwrap(), (near, &roster), change).await
    }

    /// The consumer's gateway first; `meanwhile` is done before the provider's is there.
    pub async fn start_in_turn(meanwhile: impl AsyncFnOnce(&Node)) -> Self {
        let application = Application::start().await;
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let far_roster = provider_roster(&near, application.address);
        let address = far.address();
        let consumer = Self::consumer(near, (&far, address), |_| ()).await;
        meanwhile(&consumer).await;
        Self { consumer, provider: Node::start(far, &far_roster).await, application }
    }

    async fn before(address: SocketAddr, application: Application) -> Self {
        let (near, far) = (Doors::bind(1).await, Doors::bind(2).await);
        let far_roster = provider_roster(&near, address);
        let near_roster = consumer_roster(&far, far.address());
        let (consumer, provider) = (Node::start(near, &near_roster).await, Node::start(far, &far_roster).await);
        Self { consumer, provider, application }
    }

    /// Sends as the hall.
    pub async fn call(&self, line: &str, headers: &[&str], body: &[u8]) -> Answer {
        let client = format!("X-Road-Client: {CLIENT}");
        let headers: Vec<&str> = headers.iter().copied().chain([client.as_str()]).collect();
        send(self.consumer.systems, &request(line, &headers, body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(&format!("GET {SERVICE}{path}"), &[], b"").await
    }
}
