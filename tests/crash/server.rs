//! The program on a data folder: made, started, killed, its log verified.
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tests::cli::program;

pub struct Server {
    child: Child,
    pub address: String,
}

/// Cheap passwords and a quiet log; everything else as it is delivered.
fn with_settings(mut command: Command) -> Command {
    command.env("TONGBAN_SIGN_IN__ARGON2_KIB", "64").env("TONGBAN_SIGN_IN__ARGON2_ROUNDS", "1");
    command.env("TONGBAN_SIGN_IN__ATTEMPTS_PER_ADDRESS", "100000").env("TONGBAN_LOG__LEVEL", "error");
    command
}

/// Makes a small city.
pub fn seed(data: &Path) {
    let folder = data.to_string_lossy();
    let arguments = ["demo", "--data", &folder, "--residents", "200", "--listen", "127.0.0.1:0", "--seed-only"];
    let output = with_settings(program(&arguments)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

impl Server {
    pub fn start(data: &Path) -> Self {
        let command = program(&["serve", "--data", &data.to_string_lossy(), "--listen", "127.0.0.1:0"]);
        let mut child = with_settings(command).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("http://")).expect("the program tells its address");
        let (_, address) = line.split_once("http://").unwrap();
        Self { child, address: address.trim().to_owned() }
    }

    /// SIGKILL: no destructor, no signal handler, no flush.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Also when a check fails: no program is left behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `tongban audit verify` on the database as it lies there.
pub fn verify(data: &Path, key: &str) {
    let database = data.join("tongban.sqlite");
    let output =
        program(&["audit", "verify", "--database", &database.to_string_lossy(), "--key", key]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
