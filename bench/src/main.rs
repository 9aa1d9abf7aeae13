//! Honest figures, each beside the limit it is held against: `cargo xtask bench [group …] [--build]`.
//!
//! Groups: `submit` (in process), `http` (submissions over a socket), `pages` (CPU time of a page), `server` (size,
//! start, memory), `gateways` (signed calls), `fetch` (facts in process), `build` (a release build from nothing; only with `--build`, or its seconds in BENCH_BUILD_SECONDS).
//! Everything it makes lies in `target/bench`; nothing but the loopback address is spoken to.
mod answers;
mod applicants;
mod bare;
mod build_time;
mod client;
mod data;
mod drafts;
mod fetch;
mod gateways;
mod history;
mod http;
mod kinds;
mod machine;
mod pages;
mod place;
mod report;
mod rounds;
mod server;
mod sessions;
mod start;
mod submit;

use std::process::ExitCode;

use place::Place;
use report::Report;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const GROUPS: [&str; 7] = ["submit", "http", "pages", "server", "gateways", "fetch", "build"];

struct Asked {
    groups: Vec<String>,
    build: bool,
}

fn main() -> ExitCode {
    match asked(std::env::args().skip(1)).and_then(|asked| run(&asked)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            println!("\n{missed} missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn asked(args: impl Iterator<Item = String>) -> Result<Asked> {
    let mut asked = Asked { groups: Vec::new(), build: false };
    for arg in args {
        match arg.as_str() {
            "--build" => asked.build = true,
            group if GROUPS.contains(&group) => asked.groups.push(arg),
            other => return Err(format!("there is no group {other}; these exist: {}", GROUPS.join(", ")).into()),
        }
    }
    if asked.groups.is_empty() {
        asked.groups = GROUPS.map(str::to_owned).to_vec();
    }
    Ok(asked)
}

/// The number of limits that were missed.
fn run(asked: &Asked) -> Result<usize> {
    let place = Place::open()?;
    let mut report = Report::begin();
    let wants = |group: &str| asked.groups.iter().any(|asked| asked == group);
    if wants("http") || wants("server") {
        place.build_program()?;
    }
    if wants("build") {
        build_time::run(&place, asked.build, &mut report)?;
    }
    if wants("submit") {
        report.group("submit", |report| submit::run(&place, report))?;
    }
    if wants("http") {
        report.group("http", |report| http::run(&place, report))?;
    }
    if wants("pages") {
        report.group("pages", |report| pages::run(&place, report))?;
    }
    if wants("server") {
        report.group("server", |report| start::run(&place, report))?;
    }
    if wants("gateways") {
        report.group("gateways", |report| gateways::run(&place, report))?;
    }
    if wants("fetch") {
        report.group("fetch", |report| fetch::run(&place, report))?;
    }
    report.save(&place.report())
}
