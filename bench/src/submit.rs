//! Durable submissions in process, 64 callers: the whole action, beside the bare write in alternating rounds.
use std::sync::Arc;

use app::App;
use platform::Ctx;
use platform::ids::Id;
use tokio::sync::watch;

use crate::Result;
use crate::applicants::{self, read};
use crate::bare::{Bare, Weight};
use crate::drafts::{self, Ready};
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, Round, listed, median};

const ITEM: &str = "residence-permit";
/// The bare writes begin in an empty file and are faster while it is small: enough turns that most see it grown, as the
/// city's file is from the start.
const TURNS: usize = 11;
const SUBMITS: usize = 8_000;
const BARES: usize = 15_000;

/// One of each, one after another.
struct Turn {
    submits: Round,
    bares: Round,
    smalls: Round,
}

type Of = fn(&Turn) -> &Round;

/// The bare writes: the rows that a submission cannot do without, and the least that four rows can be.
const KINDS: [(&str, Of); 2] = [
    ("bare group commit of its four rows", |turn| &turn.bares),
    ("bare group commit of four small rows", |turn| &turn.smalls),
];

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let runtime = rounds::runtime()?;
    let turns = runtime.block_on(measure(place))?;
    tell(&turns, report);
    Ok(())
}

async fn measure(place: &Place) -> Result<Vec<Turn>> {
    let dir = place.copy_of_city("submit").await?;
    let (platform, app) = place::open(&dir).await?;
    let people = applicants::registered(&platform).await?;
    let ready: Arc<[Ready]> = drafts::prepare(&app, ITEM, &people, SUBMITS * (TURNS + 1)).await?.into();
    let weight = weight(&app, &ready[0]).await?;
    let bare = Bare::open(&dir.join("bare"), weight).await?;
    // As in production the audit log is sealed every second, on the same writer; job workers are off.
    let (stop, stopped) = watch::channel(false);
    let upkeep = tokio::spawn(platform::upkeep::run(platform.clone(), stopped));
    let mut turns = Vec::new();
    for turn in 0..=TURNS {
        let submits = submits(&app, &ready, turn).await?;
        let span = turn * BARES..(turn + 1) * BARES;
        let writer = bare.clone();
        let bares = rounds::run(span.clone(), move |number| {
            let writer = writer.clone();
            async move { writer.write(number).await }
        });
        let bares = bares.await?;
        let writer = bare.clone();
        let smalls = rounds::run(span, move |number| {
            let writer = writer.clone();
            async move { writer.write_small(number).await }
        });
        let smalls = smalls.await?;
        if turn > 0 {
            turns.push(Turn { submits, bares, smalls }); // the first warms up
        }
    }
    stop.send_replace(true);
    upkeep.await?;
    check(&app, ready.len()).await?;
    drop((bare, app, platform));
    place::remove(&dir)?;
    Ok(turns)
}

/// Answers and facts of a draft, as its case will carry them.
async fn weight(app: &App, ready: &Ready) -> Result<Weight> {
    let id = ready.draft.as_str().to_owned();
    read(&app.platform, move |tx| {
        let row = tx.get("SELECT answers, facts FROM services_draft WHERE id = $1", &[(&id).into()])?;
        Ok(Weight { answers: row.text(0)?, facts: row.text(1)? })
    })
    .await
}

async fn submits(app: &App, ready: &Arc<[Ready]>, turn: usize) -> Result<Round> {
    let (hall, ready) = (app.hall.clone(), Arc::clone(ready));
    rounds::run(turn * SUBMITS..(turn + 1) * SUBMITS, move |number| {
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
            "SELECT COUNT(*) FROM platform_job WHERE SUBSTR(kind, 1, 9) = 'services.'",
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

fn tell(turns: &[Turn], report: &mut Report) {
    let rates = |of: Of| turns.iter().map(move |turn| of(turn).rate);
    let cpu = |of: Of| median(turns.iter().map(|turn| of(turn).cpu));
    let wait = |share| median(turns.iter().map(|turn| turn.submits.wait(share)));
    report.put(Figure {
        name: "durable submissions, 64 callers".into(),
        value: median(rates(|turn| &turn.submits)),
        unit: "/s",
        limit: Limit::AtLeast(5_000.0),
        beside: format!(
            "{ITEM}; rounds {}; {:.0} µs CPU each; half within {:.1} ms, 99 % within {:.1} ms",
            listed(rates(|turn| &turn.submits)),
            cpu(|turn| &turn.submits),
            wait(0.5),
            wait(0.99)
        ),
    });
    for (name, of) in KINDS {
        report.put(Figure {
            name: name.into(),
            value: median(rates(of)),
            unit: "/s",
            limit: Limit::Open,
            beside: format!("rounds {}; {:.0} µs CPU each", listed(rates(of)), cpu(of)),
        });
    }
    let ratios = |of: Of| median(turns.iter().map(|turn| turn.submits.rate / of(turn).rate));
    report.put(Figure {
        name: "submission : its four rows bare".into(),
        value: ratios(|turn| &turn.bares),
        unit: "×",
        limit: Limit::AtLeast(0.35),
        beside: format!("median of {} turns; four small rows instead: {:.2}", turns.len(), ratios(|turn| &turn.smalls)),
    });
}
