//! Two gateways, each with a database of its own, that speak over mutual TLS.
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::authority;
use gateway::body::Spool;
use gateway::log::entry::Part;
use gateway::looks::NoTrail;
use gateway::tls::{Outbound, Tls};
use gateway::{Door, DoorLimits, Gateway, Limits, Parts, Roster};
use platform::clock::Clock;
use seal::keys::{Ed25519Key, Signer};
use time::UtcOffset;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::application;
use crate::Result;
use crate::applicants::read;
use crate::place::{self, Place};

pub const CLIENT: &str = "NP/GOV/1001/hall";
pub const SERVICE: &str = "/r1/NP/GOV/2002/population/persons";

pub struct Nodes {
    pub proxy: SocketAddr,
    pub consumer: SocketAddr,
    provider: platform::Platform,
    far: Gateway,
    stop: watch::Sender<bool>,
    folder: PathBuf,
}

struct Opening {
    systems: TcpListener,
    gateways: TcpListener,
    key: Ed25519Key,
    outbound: Outbound,
}

impl Nodes {
    pub async fn start(place: &Place) -> Result<Self> {
        let folder = place.path("gateways");
        place::remove(&folder)?;
        std::fs::create_dir_all(&folder)?;
        let application = application::application().await?;
        let proxy = application::proxy(application).await?;
        let (near, far) = (opening(&folder, 1).await?, opening(&folder, 2).await?);
        let consumer = near.systems.local_addr()?;
        let peer = |of: &Opening, server: &str, subsystem: &str| -> Result<String> {
            let key = STANDARD.encode(of.key.public().to_bytes());
            Ok(format!(
                "peers:\n  - server: {server}\n    address: \"{}\"\n    keys: [\"{key}\"]\n    subsystems: [{{id: {subsystem}, name: n, member_name: n}}]\n",
                of.gateways.local_addr()?
            ))
        };
        let near_roster = format!(
            "instance: NP\nserver: {{class: GOV, member: '1001', code: near}}\nsubsystems:\n  - {{id: GOV/1001/hall, name: n, member_name: n, callers: {{networks: [127.0.0.0/8]}}}}\n{}",
            peer(&far, "NP/GOV/2002/far", "NP/GOV/2002/population")?
        );
        let far_roster = format!(
            "instance: NP\nserver: {{class: GOV, member: '2002', code: far}}\nsubsystems:\n  - id: GOV/2002/population\n    name: n\n    member_name: n\n    services:\n      - {{code: persons, url: 'http://{application}/api', access: [{{to: {CLIENT}}}]}}\n{}",
            peer(&near, "NP/GOV/1001/near", CLIENT)?
        );
        let (stop, stopped) = watch::channel(false);
        node(&folder.join("near"), near, (&near_roster, &stopped)).await?;
        let (provider, far) = node(&folder.join("far"), far, (&far_roster, &stopped)).await?;
        Ok(Self { proxy, consumer, provider, far, stop, folder })
    }

    /// Calls that the provider's log has: requests in it.
    pub async fn logged(&self) -> Result<usize> {
        read(&self.provider, |tx| {
            let mut calls = 0;
            tx.each("SELECT entries FROM gateway_batch", &[], |row| {
                let entries = gateway::log::pack::unpack_bare(row.bytes(0)?).unwrap_or_default();
                calls += entries.iter().filter(|entry| entry.part == Part::Request).count();
                Ok(())
            })?;
            Ok(calls)
        })
        .await
    }

    /// Bytes of the provider's message log for so many calls: batches with their columns, and what finds them again. The
    /// last minute is not in the index yet: it is counted as the rest is.
    pub async fn log_bytes(&self, calls: usize) -> Result<f64> {
        while gateway::index::build(&self.far).await? {}
        let (batches, index, lines) = read(&self.provider, |tx| {
            let batches =
                "SELECT CAST(SUM(LENGTH(entries) + LENGTH(root) + LENGTH(signature) + LENGTH(key_id) + 32) AS BIGINT)
                 FROM gateway_batch";
            // A row with its key: part, segment and length twice, and headers. A line has 14 bytes.
            let index = "SELECT CAST(COALESCE(SUM(LENGTH(lines) + 40), 0) AS BIGINT),
                 CAST(COALESCE(SUM(LENGTH(lines)) / 14, 0) AS BIGINT) FROM gateway_index";
            let (batches, index) = (tx.get(batches, &[])?.int(0)?, tx.get(index, &[])?);
            Ok((batches as f64, index.int(0)? as f64, index.int(1)? as f64))
        })
        .await?;
        if lines == 0.0 {
            return Err("the bench was too short for the index of the log".into());
        }
        Ok(batches + index / lines * 2.0 * calls as f64)
    }

    pub fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        drop((self.provider, self.far));
        place::remove(&self.folder)
    }
}

async fn opening(folder: &Path, seed: u8) -> Result<Opening> {
    let (systems, gateways) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let outbound = Outbound { tls: Some(tls(folder, seed)?) };
    Ok(Opening { systems, gateways, key: Ed25519Key::from_bytes(&[seed; 32]), outbound })
}

/// A certificate of the bench's own authority, which the first node makes.
fn tls(folder: &Path, seed: u8) -> Result<Tls> {
    let now = Clock::World.now().at(UtcOffset::UTC);
    let (root_pem, root_key) = (folder.join("root.pem"), folder.join("root.key"));
    if !root_pem.exists() {
        let root = authority::root("bench", now)?;
        std::fs::write(&root_pem, root.certificate)?;
        std::fs::write(&root_key, root.key)?;
    }
    let (certificate, key) = (std::fs::read_to_string(&root_pem)?, std::fs::read_to_string(&root_key)?);
    let pair = authority::issue(&authority::Pair { certificate, key }, &["127.0.0.1".into()], (now, 30))?;
    let at = |end: &str| folder.join(format!("node{seed}.{end}"));
    std::fs::write(at("pem"), pair.certificate)?;
    std::fs::write(at("key"), pair.key)?;
    Ok(Tls::open(&at("pem"), &at("key"), &root_pem)?)
}

async fn node(
    dir: &Path,
    opening: Opening,
    (roster, stopped): (&str, &watch::Receiver<bool>),
) -> Result<(platform::Platform, Gateway)> {
    let platform = app::open_platform(place::config(dir), Clock::World).await?;
    // As in production the audit log is sealed every second.
    tokio::spawn(platform::upkeep::run(platform.clone(), stopped.clone()));
    let spool = Spool { limit: 128 << 20, ..Spool::at(dir.to_owned()) };
    let roster = Roster::parse("bench.yaml", roster, &opening.outbound)?;
    let tls = opening.outbound.tls.into_iter().map(|tls| (Door::Gateways, tls)).collect();
    let limits = Limits { spool, skew_seconds: 60, doors: DoorLimits::default() };
    let gateway = Gateway::open(
        &platform,
        Parts { roster, key: opening.key, limits, tls, applications: HashMap::new(), looks: Arc::new(NoTrail) },
    )
    .await?;
    for (listener, door) in [(opening.systems, Door::Systems), (opening.gateways, Door::Gateways)] {
        tokio::spawn(gateway::serve(gateway.clone(), listener, door, stopped.clone()));
    }
    Ok((platform, gateway))
}
