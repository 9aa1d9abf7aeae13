//! How long a release build from nothing takes.
use std::time::Instant;

use crate::Result;
use crate::place::{self, Place, cargo};
use crate::report::{Figure, Limit, Report};

/// Minutes that a clone may take until the program runs, in seconds.
const SECONDS: f64 = 720.0;

pub fn run(place: &Place, asked: bool, report: &mut Report) -> Result<()> {
    let given = std::env::var("BENCH_BUILD_SECONDS").ok().map(|text| text.parse::<f64>()).transpose()?;
    let (seconds, beside) = match given {
        Some(seconds) => (seconds, "as given in BENCH_BUILD_SECONDS".to_owned()),
        None if asked => (measure(place)?, "into an empty folder".to_owned()),
        None => return Ok(()),
    };
    report.group("build", |report| {
        let limit = Limit::Under(SECONDS);
        report.put(Figure { name: "release build from nothing".into(), value: seconds, unit: "s", limit, beside });
        Ok(())
    })
}

fn measure(place: &Place) -> Result<f64> {
    let dir = place.path("build");
    place::remove(&dir)?;
    let started = Instant::now();
    let done = cargo().args(["build", "--release", "--target-dir"]).arg(&dir).status()?;
    let seconds = started.elapsed().as_secs_f64();
    place::remove(&dir)?;
    if done.success() { Ok(seconds) } else { Err("the release build failed; see above".into()) }
}
