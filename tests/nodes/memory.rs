//! Large bodies pass both gateways in bounded memory, in either direction, alone and several at once. Not timed.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::application::Application;
use crate::node::{CLIENT, Node, Place, SERVICE, loopback, pair};

const MIB: u64 = 1 << 20;
/// The largest body that a gateway takes as delivered (`gateway.body_limit_bytes`).
const LARGE: u64 = 100 * MIB;
/// What a gateway may grow by for one such body.
const ONE: u64 = 16 * MIB;
const AT_ONCE: usize = 8;
/// Each of several; all of them together are far beyond what they may take.
const EACH: u64 = 40 * MIB;
/// What a gateway may grow by for all of them.
const ALL: u64 = 32 * MIB;

#[derive(Debug, Clone, Copy)]
enum Way {
    Request,
    Answer,
}

struct Gateways {
    near: Place,
    running: [(&'static str, Node); 2],
}

impl Gateways {
    fn start(folder: &std::path::Path) -> Self {
        let (_, address) = Application::start(&loopback());
        let (near, far) = (Place::on_loopback(folder, "near"), Place::on_loopback(folder, "far"));
        pair(&near, &far, (&address, ""));
        let running = [("consumer's gateway", near.start(None, &[])), ("provider's gateway", far.start(None, &[]))];
        Self { near, running }
    }

    /// By how many bytes each program grows at its highest while so many bodies pass at once.
    fn growth(&self, way: Way, (count, bytes): (usize, u64)) -> Vec<(&'static str, u64)> {
        let begun: Vec<u64> = self.running.iter().map(|(_, node)| from_now(node.id())).collect();
        thread::scope(|scope| {
            for _ in 0..count {
                scope.spawn(|| pass(&self.near.systems, way, bytes));
            }
        });
        let peaks = self.running.iter().map(|(_, node)| status(node.id(), "VmHWM"));
        let grown = peaks.zip(begun).map(|(peak, begun)| peak.saturating_sub(begun));
        self.running.iter().zip(grown).map(|((name, _), grown)| (*name, grown)).collect()
    }
}

/// A line of `/proc/PID/status` in bytes.
fn status(pid: u32, line: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':')?.trim().strip_suffix(" kB"));
    found.unwrap().parse::<u64>().unwrap() * 1024
}

/// The highest mark begins anew; what the program takes now.
fn from_now(pid: u32) -> u64 {
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").unwrap();
    status(pid, "VmRSS")
}

/// One body through both gateways, made and swallowed in pieces.
fn pass(door: &str, way: Way, bytes: u64) {
    let mut stream = TcpStream::connect(door).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let head = |line: &str, length: u64| {
        format!(
            "{line} HTTP/1.1\r\nHost: g\r\nX-Road-Client: {CLIENT}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    match way {
        Way::Request => {
            stream.write_all(head(&format!("PUT {SERVICE}/sink/x"), bytes).as_bytes()).unwrap();
            std::io::copy(&mut std::io::repeat(b'x').take(bytes), &mut stream).unwrap();
        }
        Way::Answer => stream.write_all(head(&format!("GET {SERVICE}/large/{bytes}"), 0).as_bytes()).unwrap(),
    }
    let (start, length) = read(&mut stream);
    assert!(start.starts_with("HTTP/1.1 200"), "{start}");
    match way {
        Way::Request => assert!(start.ends_with(&format!("\r\n\r\n{bytes}")), "{start}"),
        Way::Answer => assert!(length > bytes && length < bytes + 4096, "{length} bytes came"),
    }
}

/// The first bytes of what comes, and how many came in all.
fn read(stream: &mut TcpStream) -> (String, u64) {
    let (mut start, mut length, mut piece) = (Vec::new(), 0, vec![0; 64 << 10]);
    loop {
        let read = stream.read(&mut piece).unwrap();
        if read == 0 {
            return (String::from_utf8_lossy(&start).into_owned(), length);
        }
        length += read as u64;
        if start.len() < 4096 {
            start.extend_from_slice(&piece[..read]);
        }
    }
}

#[test]
fn a_body_of_100_mib_takes_less_than_16_mib_of_each_gateway_and_eight_at_once_are_bounded() {
    let folder = tempfile::Builder::new().prefix("tongban-memory-").tempdir().unwrap();
    let gateways = Gateways::start(folder.path());
    for way in [Way::Request, Way::Answer] {
        // A connection and its buffers are there before anything is measured; what several need is not.
        gateways.growth(way, (1, MIB));
        for (count, bytes, limit) in [(1, LARGE, ONE), (AT_ONCE, EACH, ALL)] {
            for (name, grown) in gateways.growth(way, (count, bytes)) {
                println!(
                    "{way:?}, {count} × {} MiB: the {name} grows by {:.1} MiB",
                    bytes / MIB,
                    grown as f64 / MIB as f64
                );
                assert!(grown < limit, "{way:?}, {count} × {bytes} bytes: the {name} grew by {grown} bytes");
            }
        }
    }
}
