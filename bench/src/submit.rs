//! Durable submissions in process, 64 callers: the whole action, beside the bare write in alternating rounds.
use std::sync::Arc;

use app::App;
use platform::Ctx;
use platform::ids::Id;
use tokio::sync::watch;

use crate::Result;
use crate::applicants::{self, read};
use crate::bare::Bare;
use crate::drafts::{self, Ready};
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, Round, listed, median};

const ITEM: &str = "residence-permit";
const PAIRS: usize = 5;
const SUBMITS: usize = 8_000;
const BARES: usize = 20_000;

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let runtime = rounds::runtime()?;
    let pairs = runtime.block_on(measure(place))?;
    tell(&pairs, report);
    Ok(())
}

async fn measure(place: &Place) -> Result<Vec<(Round, Round)>> {
    let dir = place.copy_of_city("submit").await?;
    let (platform, app) = place::open(&dir).await?;
    let people = applicants::registered(&platform).await?;
    let ready: Arc<[Ready]> = drafts::prepare(&app, ITEM, &people, SUBMITS * (PAIRS + 1)).await?.into();
    let bare = Bare::open(&dir.join("bare.sqlite")).await?;
    // As in production the audit log is sealed every second, on the same writer; job workers are off.
    let (stop, stopped) = watch::channel(false);
    let upkeep = tokio::spawn(platform::upkeep::run(platform.clone(), stopped));
    let mut pairs = Vec::new();
    for pair in 0..=PAIRS {
        let submits = submits(&app, &ready, pair).await?;
        let writer = bare.clone();
        let bares = rounds::run(pair * BARES..(pair + 1) * BARES, move |number| {
            let writer = writer.clone();
            async move { writer.write(number).await }
        });
        let bares = bares.await?;
        if pair > 0 {
            pairs.push((submits, bares)); // the first pair warms up
        }
    }
    stop.send_replace(true);
    upkeep.await?;
    check(&app, ready.len()).await?;
    drop((bare, app, platform));
    place::remove(&dir)?;
    Ok(pairs)
}

async fn submits(app: &App, ready: &Arc<[Ready]>, pair: usize) -> Result<Round> {
    let (hall, ready) = (app.hall.clone(), Arc::clone(ready));
    rounds::run(pair * SUBMITS..(pair + 1) * SUBMITS, move |number| {
        let (hall, ready) = (hall.clone(), Arc::clone(&ready));
        async move {
            let one = &ready[number];
            let ctx = Ctx::new(hall.platform(), one.actor.clone());
            let case = hall.submit(&ctx, &one.draft).await?;
            if case.as_str().is_empty() { Err("a case without an identifier".into()) } else { Ok(()) }
        }
    })
    .await
}

/// Everything that was acknowledged is there, once, with all that belongs to it, and sealed.
async fn check(app: &App, submitted: usize) -> Result<()> {
    let counts = read(&app.platform, |tx| {
        let mut counts = Vec::new();
        for sql in [
            "SELECT COUNT(*) FROM services_case",
            "SELECT COUNT(DISTINCT number) FROM services_case",
            "SELECT COUNT(*) FROM services_event",
            "SELECT COUNT(*) FROM services_clock",
            "SELECT COUNT(*) FROM services_task",
            "SELECT COUNT(*) FROM platform_job",
            "SELECT COUNT(*) FROM platform_audit WHERE event = 'case.submitted' AND leaf IS NOT NULL",
            "SELECT COUNT(*) FROM services_draft WHERE case_id IS NOT NULL",
        ] {
            counts.push((sql, tx.get(sql, &[])?.int(0)?));
        }
        Ok(counts)
    })
    .await?;
    match counts.iter().find(|(_, count)| usize::try_from(*count) != Ok(submitted)) {
        Some((sql, count)) => Err(format!("{submitted} submissions acknowledged, but {sql} gives {count}").into()),
        None => Ok(()),
    }
}

fn tell(pairs: &[(Round, Round)], report: &mut Report) {
    let submits = || pairs.iter().map(|(submit, _)| submit.rate);
    let bares = || pairs.iter().map(|(_, bare)| bare.rate);
    let cpu = median(pairs.iter().map(|(submit, _)| submit.cpu));
    let wait = |share| median(pairs.iter().map(|(submit, _)| submit.wait(share)));
    report.put(Figure {
        name: "durable submissions, 64 callers".into(),
        value: median(submits()),
        unit: "/s",
        limit: Limit::AtLeast(5_000.0),
        beside: format!(
            "{ITEM}; rounds {}; {cpu:.0} µs CPU each; half within {:.1} ms, 99 % within {:.1} ms",
            listed(submits()),
            wait(0.5),
            wait(0.99)
        ),
    });
    report.put(Figure {
        name: "bare four-row group commit, 64 callers".into(),
        value: median(bares()),
        unit: "/s",
        limit: Limit::Open,
        beside: format!(
            "rounds {}; {:.0} µs CPU each",
            listed(bares()),
            median(pairs.iter().map(|(_, bare)| bare.cpu))
        ),
    });
    let ratios = || pairs.iter().map(|(submit, bare)| submit.rate / bare.rate);
    report.put(Figure {
        name: "submission : bare write".into(),
        value: median(ratios()),
        unit: "×",
        limit: Limit::AtLeast(0.35),
        beside: format!("median of {} pairs of rounds", pairs.len()),
    });
}
