//! A network of our own: the callers' room, one for each node, and a router between the nodes whose ways can be taken
//! away without a word to either side.
//!
//! ```text
//! callers 10.1.0.1 ── 10.1.0.2 near 10.3.0.2 ── router ── 10.4.0.2 far 10.2.0.2 ── 10.2.0.1 application
//!                                                 └────── 10.5.0.1 receiver of events
//! ```
//! Callers, application and receiver are this process, in a network namespace that ends with it. Only the way through the
//! router is ever cut.
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// What a machine needs for it.
const PROGRAMS: [(&str, &str); 3] = [("ip", "iproute2"), ("unshare", "util-linux"), ("nsenter", "util-linux")];
/// Set for the copy of this test that runs within the lab.
const WITHIN: &str = "TONGBAN_LAB";

pub const NEAR: &str = "10.3.0.2";
pub const FAR: &str = "10.4.0.2";
/// Where callers reach the near node, past the router.
pub const NEAR_DOOR: &str = "10.1.0.2";
/// Where the far node reaches the application, past the router.
pub const APPLICATION: &str = "10.2.0.1";
/// Where the near node reaches the receiver of events, through the router.
pub const RECEIVER: &str = "10.5.0.1";

/// A network namespace, held by a process that ends when we do.
pub struct Room {
    holder: Child,
}

/// What still passes the router.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    Both,
    /// Nothing reaches the far side; answers would come back.
    There,
    /// Everything arrives; nothing comes back.
    Back,
}

pub struct Lab {
    pub near: Room,
    pub far: Room,
    router: Room,
}

/// Whether this is the copy within.
pub fn is_within() -> bool {
    std::env::var_os(WITHIN).is_some()
}

/// Runs a test of this binary in a network of its own. Without the right to have one it is left out, with a word.
pub fn run(test: &str) {
    let root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    let own: &[&str] = if root { &["--net"] } else { &["--user", "--map-root-user", "--net"] };
    if let Some((_, package)) = PROGRAMS.iter().find(|(name, _)| !works(Command::new(name).arg("--version"), name)) {
        panic!("network namespaces need {package}. On Debian: apt-get install {package}");
    }
    if !works(Command::new("unshare").args(own).args(["--", "true"]), "unshare") {
        assert!(!root, "root may not make a network namespace here: run where CAP_SYS_ADMIN is given");
        println!("LEFT OUT: {test} needs network namespaces, and this user may not make them; run it as root");
        return;
    }
    let exe = std::env::current_exe().unwrap();
    let mut inner = Command::new("unshare");
    inner.args(own).arg("--").arg(exe).args(["--exact", test, "--nocapture", "--test-threads=1"]).env(WITHIN, "1");
    assert!(inner.status().unwrap().success(), "{test} failed within its network; its words are above");
}

/// `ip` says its version with -V only.
fn works(command: &mut Command, name: &str) -> bool {
    let command = if name == "ip" { &mut Command::new("ip") } else { command };
    let command = if name == "ip" { command.arg("-V") } else { command };
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Room {
    fn open() -> Self {
        let mut command = Command::new("unshare");
        let mut holder =
            command.args(["--net", "--", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // `cat` answers from within: before that the namespace may not be there yet.
        writeln!(holder.stdin.as_mut().unwrap(), "ready").unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let room = Self { holder };
        room.ip("link set lo up");
        room
    }

    /// A command that will run in this room.
    pub fn enter(&self, command: &Command) -> Command {
        let mut entering = Command::new("nsenter");
        entering.arg(format!("--net=/proc/{}/ns/net", self.holder.id())).arg("--");
        entering.arg(command.get_program()).args(command.get_args());
        command.get_envs().filter_map(|(name, value)| Some((name, value?))).for_each(|(name, value)| {
            entering.env(name, value);
        });
        entering
    }

    fn ip(&self, words: &str) {
        run_ip(&mut self.enter(Command::new("ip").args(words.split(' '))), words);
    }
}

fn run_ip(command: &mut Command, words: &str) {
    assert!(command.status().unwrap().success(), "ip {words}");
}

fn ip(words: &str) {
    run_ip(Command::new("ip").args(words.split(' ')), words);
}

impl Drop for Room {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        drop(self.holder.wait());
    }
}

/// A cable from our room into another.
fn cable_from_us((end, address): (&str, &str), (room, other, theirs): (&Room, &str, &str)) {
    ip(&format!("link add {end} type veth peer name {other}"));
    ip(&format!("link set {other} netns {}", room.holder.id()));
    ip(&format!("addr add {address}/24 dev {end}"));
    ip(&format!("link set {end} up"));
    room.ip(&format!("addr add {theirs}/24 dev {other}"));
    room.ip(&format!("link set {other} up"));
}

impl Lab {
    /// To be called in the copy within.
    pub fn open() -> Self {
        ip("link set lo up");
        let (near, far, router) = (Room::open(), Room::open(), Room::open());
        cable_from_us(("to-near", "10.1.0.1"), (&near, "callers", NEAR_DOOR));
        cable_from_us(("to-far", APPLICATION), (&far, "application", "10.2.0.2"));
        cable_from_us(("to-router", RECEIVER), (&router, "receiver", "10.5.0.2"));
        for (room, end, own, gate) in [(&near, "near", NEAR, "10.3.0.1"), (&far, "far", FAR, "10.4.0.1")] {
            router.ip(&format!("link add {end} type veth peer name out netns {}", room.holder.id()));
            router.ip(&format!("addr add {gate}/24 dev {end}"));
            router.ip(&format!("link set {end} up"));
            room.ip(&format!("addr add {own}/24 dev out"));
            room.ip("link set out up");
        }
        near.ip("route add 10.4.0.0/24 via 10.3.0.1");
        near.ip("route add 10.5.0.0/24 via 10.3.0.1");
        far.ip("route add 10.3.0.0/24 via 10.4.0.1");
        ip("route add 10.3.0.0/24 via 10.5.0.2");
        let forward = router.enter(Command::new("sh").args(["-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])).status();
        assert!(forward.unwrap().success(), "the router does not forward");
        Self { near, far, router }
    }

    /// From now on the router drops, in silence, what the cut names. A route to nowhere is more exact than the net's.
    pub fn cut(&self, cut: Cut) {
        self.each(cut, |to| format!("route add blackhole {to}/32"));
    }

    pub fn heal(&self, cut: Cut) {
        self.each(cut, |to| format!("route del blackhole {to}/32"));
    }

    fn each(&self, cut: Cut, words: impl Fn(&str) -> String) {
        let there: &[&str] = &[FAR, RECEIVER];
        let to: &[&str] = match cut {
            Cut::Both => &[FAR, RECEIVER, NEAR],
            Cut::There => there,
            Cut::Back => &[NEAR],
        };
        to.iter().for_each(|to| self.router.ip(&words(to)));
    }
}
