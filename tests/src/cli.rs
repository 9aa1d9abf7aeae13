//! The program as a process of its own: the binary that `TONGBAN_BIN` names, else this test binary in its place, which
//! runs the same `main` (a package's tests cannot name another package's binary).
use std::ffi::OsString;
use std::process::{Command, ExitCode};

const ARGUMENTS: &str = "TONGBAN_TEST_ARGUMENTS";

/// The test that stands in for the program; each test binary has one that calls `run_if_asked`.
const STAND_IN: &str = "tongban";

/// `tongban` with these arguments; output is not captured.
#[must_use]
pub fn program(arguments: &[&str]) -> Command {
    if let Some(binary) = std::env::var_os("TONGBAN_BIN") {
        let mut command = Command::new(binary);
        command.args(arguments);
        return command;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", STAND_IN, "--nocapture", "--test-threads=1"]).env(ARGUMENTS, arguments.join("\n"));
    command
}

/// Runs the program and ends the process with its exit code, when a test asked for it.
pub fn run_if_asked() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let arguments = std::iter::once("tongban").chain(arguments.split('\n')).map(OsString::from);
    let code = app::cli::main_from(arguments);
    let number = (0..=u8::MAX).find(|number| ExitCode::from(*number) == code);
    std::process::exit(number.map_or(255, i32::from));
}
