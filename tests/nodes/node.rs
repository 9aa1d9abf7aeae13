//! A node: the program with its data folder, its roster and its certificate.
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tests::cli::program;

use crate::lab::Room;

pub const CLIENT: &str = "NP/GOV/1001/hall";
pub const SERVICE: &str = "/r1/NP/GOV/2002/population/persons";

/// Where a node listens and is reached.
pub struct Place {
    pub name: &'static str,
    pub folder: PathBuf,
    /// Pages, and their address.
    pub hall: String,
    /// The door for information systems.
    pub systems: String,
    /// The door for other gateways, and the address they know.
    pub gateways: String,
    /// Shows and asks for certificates; without them other gateways are heard on loopback alone.
    pub tls: bool,
}

pub struct Node {
    child: Child,
    /// Kept open: the program writes to it when it ends.
    _output: BufReader<ChildStdout>,
}

/// `127.0.0.1` and a port that was free a moment ago.
pub fn loopback() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Place {
    pub fn on_loopback(folder: &Path, name: &'static str) -> Self {
        let folder = folder.join(name);
        Self { name, folder, hall: loopback(), systems: loopback(), gateways: loopback(), tls: true }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn tls_files(&self) -> [PathBuf; 3] {
        let tls = self.folder.parent().unwrap().join("tls");
        [tls.join(format!("{}.pem", self.name)), tls.join(format!("{}.key", self.name)), tls.join("root.pem")]
    }

    /// A certificate of the test's own authority, which the first node makes.
    fn certify(&self) {
        let [certificate, key, root] = self.tls_files();
        let (folder, host) = (root.parent().unwrap(), self.gateways.rsplit_once(':').unwrap().0);
        let text = |path: &Path| path.display().to_string();
        if !root.exists() {
            run(&["gateway", "ca", "--out", &text(folder), "--name", "nodes"]);
        }
        assert!(!certificate.exists() && !key.exists());
        let out = text(&folder.join(self.name));
        run(&["gateway", "certificate", "--ca", &text(folder), "--name", host, "--out", &out]);
    }

    /// The node's public key; makes it when there is none.
    pub fn key(&self) -> String {
        let said = run(&["gateway", "key", "--data", &self.data().display().to_string()]);
        // A stand-in's test runner writes its own words before it.
        said.split_whitespace()
            .find(|word| word.len() == 44 && word.ends_with('='))
            .expect("a key in base64")
            .to_owned()
    }

    /// Writes the settings and the roster. `settings`: sections besides the gateway's.
    pub fn prepare(&self, roster: &str, settings: &str) {
        fs::create_dir_all(self.data()).unwrap();
        fs::write(self.folder.join("roster.yaml"), roster).unwrap();
        let [certificate, key, authorities] = self.tls_files();
        let mut text = format!(
            "{settings}\n[log]\nlevel = \"error\"\n[gateway]\nlisten = {:?}\npeers_listen = {:?}\nroster = {:?}\n",
            self.systems,
            self.gateways,
            self.folder.join("roster.yaml")
        );
        if self.tls {
            self.certify();
            text += &format!(
                "[gateway.tls]\ncertificate = {certificate:?}\nkey = {key:?}\nauthorities = {authorities:?}\n"
            );
        }
        fs::write(self.folder.join("settings.toml"), text).unwrap();
    }

    /// Starts the program, in a room or here, and waits until its doors are open.
    pub fn start(&self, room: Option<&Room>, more: &[&str]) -> Node {
        let (settings, data) = (self.folder.join("settings.toml"), self.data());
        let (settings, data) = (settings.display().to_string(), data.display().to_string());
        let words = ["serve", "--config", &settings, "--data", &data, "--listen", &self.hall];
        let command = program(&[&words, more].concat());
        let mut command = room.map_or_else(|| clone_of(&command), |room| room.enter(&command));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("gateway for other gateways") {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "{} ended before its doors were open", self.name);
        }
        Node { child, _output: output }
    }
}

fn clone_of(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args());
    command.get_envs().filter_map(|(name, value)| Some((name, value?))).for_each(|(name, value)| {
        copy.env(name, value);
    });
    copy
}

/// A command of the program that must succeed; what it said.
pub fn run(arguments: &[&str]) -> String {
    let output = program(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Node {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: nothing is finished.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: calls under way and the log are finished.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(self.child.wait().unwrap().success(), "the program did not end well");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Also when a check fails: no program is left behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The consumer's roster: its one subsystem, and the other gateway at an address.
pub fn consumer_roster(far_key: &str, far_address: &str) -> String {
    format!(
        "instance: NP\nserver: {{class: GOV, member: \"1001\", code: near}}\n\
         subsystems: [{{id: GOV/1001/hall, name: Hall, member_name: City, callers: anyone}}]\n\
         peers:\n  - server: NP/GOV/2002/far\n    address: \"{far_address}\"\n    keys: [\"{far_key}\"]\n    \
         subsystems: [{{id: NP/GOV/2002/population, name: Population, member_name: Police}}]\n"
    )
}

/// The provider's: one service before an application.
pub fn provider_roster(near_key: &str, (near_address, application): (&str, &str)) -> String {
    format!(
        "instance: NP\nserver: {{class: GOV, member: \"2002\", code: far}}\n\
         subsystems:\n  - id: GOV/2002/population\n    name: Population\n    member_name: Police\n    services:\n      \
         - {{code: persons, url: \"http://{application}/api\", timeout_seconds: 30, access: [{{to: {CLIENT}}}]}}\n\
         peers:\n  - server: NP/GOV/1001/near\n    address: \"{near_address}\"\n    keys: [\"{near_key}\"]\n    \
         subsystems: [{{id: {CLIENT}, name: Hall, member_name: City}}]\n"
    )
}

/// Both nodes ready to start. `settings` of the near one.
pub fn pair(near: &Place, far: &Place, (application, settings): (&str, &str)) {
    for place in [near, far] {
        fs::create_dir_all(place.data()).unwrap();
    }
    near.prepare(&consumer_roster(&far.key(), &far.gateways), settings);
    far.prepare(&provider_roster(&near.key(), (&near.gateways, application)), "");
}
