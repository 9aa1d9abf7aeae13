//! `cargo xtask check`: everything that must hold before a change is taken.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::partition;
use crate::postgres::Cluster;
use crate::steps::{Outcome, Run, Steps, cargo_binary, find_program};
use crate::tidy;

/// Names the administrator's URL of the PostgreSQL that the tests may create databases in.
const TEST_PG: &str = "TONGBAN_TEST_PG";
const CRASH_ROUNDS: &str = "TONGBAN_CRASH_ROUNDS";

/// Have no database: once is enough.
const PURE: &[&str] = &["codes", "seal", "xtask", "bench"];

pub(crate) fn command(root: &Path, args: &[String]) -> ExitCode {
    if let Some(unknown) = args.iter().find(|a| *a != "--fast") {
        eprintln!("`cargo xtask check` does not know `{unknown}`; it knows --fast.");
        return ExitCode::FAILURE;
    }
    let fast = !args.is_empty();
    let mut steps = Steps::default();
    steps.run("format", || cargo(root, &["fmt", "--all", "--check"], &[]));
    steps.run("clippy", || cargo(root, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[]));
    steps.run("tidy", || tidied(root));
    licences(root, &mut steps);
    let cut = if fast { "10" } else { "60" };
    steps.run("tests on SQLite", || tests(root, &[], Heavy { kills: "50", cut, postgres: None }));
    if fast {
        steps.leave_out("tests on PostgreSQL", "--fast");
        steps.leave_out("browser journeys", "--fast");
    } else {
        steps.run("tests on PostgreSQL", || tests_on_postgres(root));
        steps.run("browser journeys", || browser(root));
    }
    if steps.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Env<'a> = &'a [(&'a str, Option<&'a str>)];

fn cargo(root: &Path, args: &[&str], env: Env<'_>) -> Outcome {
    Run { program: cargo_binary(), args, folder: root, env }.outcome()
}

fn has_subcommand(name: &str) -> bool {
    Command::new(cargo_binary()).args([name, "--version"]).output().is_ok_and(|output| output.status.success())
}

fn tidied(root: &Path) -> Outcome {
    match tidy::run(root, false) {
        Ok(0) => Ok(()),
        Ok(count) => Err(format!("{count} rules of the house are broken; each line above says what to do.")),
        Err(error) => Err(format!("The tree could not be read: {error}.")),
    }
}

fn licences(root: &Path, steps: &mut Steps) {
    if has_subcommand("deny") {
        steps.run("licences", || cargo(root, &["deny", "check", "licenses", "bans", "sources"], &[]));
    } else {
        steps.leave_out("licences", "cargo-deny is not installed");
    }
}

/// How heavy the fault tests are, and on which database all tests run.
#[derive(Clone, Copy)]
struct Heavy<'a> {
    /// How often the crash test kills a program.
    kills: &'a str,
    /// For how many seconds the line between two nodes is cut.
    cut: &'a str,
    /// An administrator's URL; None: SQLite.
    postgres: Option<&'a str>,
}

impl<'a> Heavy<'a> {
    /// Both run on databases of their own, SQLite: in the second run the one is short and the other left out.
    fn on(postgres: &'a str) -> Self {
        Self { kills: "2", cut: "0", postgres: Some(postgres) }
    }
}

/// All tests of the workspace but those of `without`.
fn tests(root: &Path, without: &[&str], heavy: Heavy<'_>) -> Outcome {
    let runner: &[&str] =
        if has_subcommand("nextest") { &["nextest", "run", "--no-fail-fast"] } else { &["test", "--no-fail-fast"] };
    let excluded = without.iter().flat_map(|name| ["--exclude", name]);
    let args: Vec<&str> = runner.iter().copied().chain(["--workspace"]).chain(excluded).collect();
    let Heavy { kills, cut, postgres } = heavy;
    cargo(root, &args, &[(TEST_PG, postgres), (CRASH_ROUNDS, Some(kills)), (partition::SECONDS, Some(cut))])
}

fn tests_on_postgres(root: &Path) -> Outcome {
    if let Ok(url) = std::env::var(TEST_PG) {
        return tests(root, PURE, Heavy::on(&url));
    }
    let cluster = Cluster::start()?;
    tests(root, PURE, Heavy::on(cluster.url()))
}

/// Builds the binary and lets a browser use it as people do.
fn browser(root: &Path) -> Outcome {
    let folder = root.join("e2e");
    if !folder.join("package.json").is_file() {
        return Err("e2e/package.json does not exist, so no journey was tried.".into());
    }
    let needed = [(&["chromium", "chromium-browser", "google-chrome"][..], "chromium"), (&["npm"][..], "npm")];
    if let Some((_, name)) = needed.iter().find(|(names, _)| find_program(names).is_none()) {
        return Err(format!("`{name}` is not installed, so no journey was tried. On Debian: apt-get install {name}."));
    }
    cargo(root, &["build", "-p", "app"], &[])?;
    if packages_are_old(&folder) {
        npm(&folder, &["ci", "--no-audit", "--no-fund"], &[])?;
    }
    let binary = target(root).join("debug/tongban");
    npm(&folder, &["test"], &[("TONGBAN_BIN", binary.to_str()), (TEST_PG, None)])
}

fn npm(folder: &Path, args: &[&str], env: Env<'_>) -> Outcome {
    Run { program: "npm".into(), args, folder, env }.outcome()
}

/// npm notes what it installed in `node_modules/.package-lock.json`.
fn packages_are_old(folder: &Path) -> bool {
    let written = |file: &str| fs::metadata(folder.join(file)).and_then(|m| m.modified()).ok();
    match (written("node_modules/.package-lock.json"), written("package-lock.json")) {
        (Some(installed), Some(locked)) => installed < locked,
        _ => true,
    }
}

fn target(root: &Path) -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_old_until_installed_after_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("package-lock.json"), "{}").unwrap();
        assert!(packages_are_old(dir.path()));
        fs::create_dir(dir.path().join("node_modules")).unwrap();
        fs::write(dir.path().join("node_modules/.package-lock.json"), "{}").unwrap();
        assert!(!packages_are_old(dir.path()));
    }
}
