//! `cargo xtask partition`: cuts the line between two nodes under load and says what was seen.

use std::path::Path;
use std::process::ExitCode;

use crate::steps::{Run, cargo_binary};

/// For how long the line is cut, in seconds; 0 leaves the test out.
pub(crate) const SECONDS: &str = "TONGBAN_PARTITION_SECONDS";
const TEST: &str = "partition::a_line_that_is_cut_under_load_loses_nothing_and_doubles_nothing";

pub(crate) fn command(root: &Path, args: &[String]) -> ExitCode {
    let seconds = match args {
        [] => "60",
        [name, seconds] if name == "--seconds" && seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0) => seconds,
        _ => {
            eprintln!("`cargo xtask partition` knows --seconds NUMBER alone; without it the line is cut for 60 s.");
            return ExitCode::FAILURE;
        }
    };
    let args = ["test", "-p", "tests", "--test", "nodes", "--", "--exact", TEST, "--nocapture"];
    let run = Run { program: cargo_binary(), args: &args, folder: root, env: &[(SECONDS, Some(seconds))] };
    match run.outcome() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
