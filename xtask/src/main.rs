//! The only automation: `cargo xtask tidy | check | partition | bench | dev | seed`.
//! It stands on the standard library and readers of TOML and JSON, so that it builds in seconds.

mod check;
mod partition;
mod postgres;
mod steps;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
cargo xtask <command>

  tidy [--verbose]   the rules of the house: arrows, tables, sizes, paths, headers, texts, words, licences
  check [--fast]     format, clippy, tidy, tests on SQLite and PostgreSQL, browser journeys
                     (--fast leaves out PostgreSQL and the browser)
  partition [--seconds N]
                     cuts the line between two nodes under load, for 60 s or N, and says what was seen
  bench [ARGS]       the figures, each beside its limit (release build)
  dev [ARGS]         serve the demo city with the dev profile
  seed [ARGS]        create the demo city and stop (release build)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let root = root();
    match command.as_str() {
        "tidy" => tidy::command(&root, rest),
        "check" => check::command(&root, rest),
        "partition" => partition::command(&root, rest),
        "bench" => bench(&root, rest),
        "dev" => cargo(&root, &["run", "-p", "app", "--", "demo"], rest),
        "seed" => cargo(&root, &["run", "--release", "-p", "app", "--", "demo", "--seed-only"], rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        other => {
            eprintln!("There is no command `{other}`. These exist:\n\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root: Cargo says at run time where this crate stands.
fn root() -> PathBuf {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    PathBuf::from(here).parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn cargo(root: &Path, fixed: &[&str], rest: &[String]) -> ExitCode {
    ended(Command::new(steps::cargo_binary()).args(fixed).args(rest).current_dir(root))
}

/// The program and its benchmark are built together, as the benchmark itself does it: what they share is compiled once,
/// with the features of both.
fn bench(root: &Path, rest: &[String]) -> ExitCode {
    let built = cargo(root, &["build", "--release", "-p", "app", "-p", "bench"], &[]);
    if built != ExitCode::SUCCESS {
        return built;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    ended(Command::new(target.join("release/bench")).args(rest).current_dir(root))
}

fn ended(command: &mut Command) -> ExitCode {
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let program = command.get_program().display();
            eprintln!("{program} could not be started: {error}. Install Rust as README.md says.");
            ExitCode::FAILURE
        }
    }
}
