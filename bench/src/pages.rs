//! CPU time of a page, without a socket: the whole way of a request through the router, one at a time, all threads
//! counted; from 1.2 million cases and from 12,000 in alternating rounds.
use std::time::{Duration, Instant};

use app::App;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use platform::Platform;
use tower::ServiceExt;
use tracing_subscriber::EnvFilter;

use crate::Result;
use crate::applicants::{Person, read};
use crate::data::{self, LARGE, SMALL};
use crate::machine;
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{listed, median};
use crate::sessions::{self, SignedIn};

const ROUNDS: usize = 12;
const REQUESTS: usize = 250;
/// Milliseconds of CPU time.
const LIMIT: f64 = 1.0;
/// By how much an inbox may take longer with a hundred times as many cases.
const GROWTH: f64 = 1.5;

/// What is asked for, over and over.
pub struct Page {
    pub name: &'static str,
    /// Path and session's token.
    pub asks: Vec<(String, String)>,
}

/// The pages of a data set. `people`: how many residents look at their cases.
pub async fn all(platform: &Platform, dir: &std::path::Path, people: usize) -> Result<(Vec<Page>, i64)> {
    let (office, open) = busiest(platform).await?;
    let official = sessions::begin_official(platform, &office).await?;
    let mut residents = Vec::new();
    let samples = data::samples(dir)?;
    for (case, owner) in samples.iter().step_by((samples.len() / people).max(1)) {
        residents.push((case.clone(), begin(platform, owner.clone()).await?));
    }
    let one = residents.first().map(|(_, by)| by.token.clone()).ok_or("the data set has no samples")?;
    let cases = residents.iter().map(|(case, by)| (format!("/my/cases/{case}"), by.token.clone())).collect();
    let tasks = tasks(platform, &office).await?;
    let tasks = tasks.iter().map(|id| (format!("/inbox/tasks/{id}"), official.token.clone())).collect();
    let pages = vec![
        Page { name: "guide page", asks: vec![("/items/residence-permit".to_owned(), one)] },
        Page { name: "case page", asks: cases },
        Page { name: "inbox page", asks: vec![("/inbox".to_owned(), official.token.clone())] },
        Page { name: "officer's task page", asks: tasks },
    ];
    Ok((pages, open))
}

async fn begin(platform: &Platform, id: String) -> Result<SignedIn> {
    let person = read(platform, move |tx| {
        let row = tx.get("SELECT id, number, name FROM directory_person WHERE id = $1", &[(&id).into()])?;
        Ok(Person { id: row.text(0)?, number: row.text(1)?, name: row.text(2)? })
    });
    sessions::begin(platform, &person.await?.actor()).await
}

/// The office with the largest inbox, and how much lies in it.
async fn busiest(platform: &Platform) -> Result<(String, i64)> {
    let sql = "SELECT office, COUNT(*) FROM services_task WHERE ended_at IS NULL AND waiting = 0
               GROUP BY office ORDER BY COUNT(*) DESC, office LIMIT 1";
    read(platform, move |tx| {
        let row = tx.get(sql, &[])?;
        Ok((row.text(0)?, row.int(1)?))
    })
    .await
}

async fn tasks(platform: &Platform, office: &str) -> Result<Vec<String>> {
    let office = office.to_owned();
    let sql = "SELECT id FROM services_task WHERE office = $1 AND ended_at IS NULL AND waiting = 0
               ORDER BY due_at, id LIMIT 512";
    read(platform, move |tx| tx.list(sql, &[(&office).into()], |row| row.text(0))).await
}

struct Set {
    router: Router,
    pages: Vec<Page>,
    open: i64,
    // Closed last.
    _app: App,
}

/// What a round of requests took, for one of them.
struct Taken {
    cpu: f64,
    wall: f64,
    bytes: usize,
}

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    // Log lines are written as in production, and thrown away.
    let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::new("info")).with_writer(std::io::sink);
    let subscriber = lines.json().try_init();
    if subscriber.is_err() {
        return Err("something else writes log lines in this process".into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(place, report))
}

async fn measure(place: &Place, report: &mut Report) -> Result<()> {
    let small = open(place, SMALL).await?;
    let large = open(place, LARGE).await?;
    println!("  (largest inbox: {} open tasks of {SMALL} cases, {} of {LARGE})", small.open, large.open);
    for at in 0..large.pages.len() {
        let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let pair = (ask(&small, at, REQUESTS).await?, ask(&large, at, REQUESTS).await?);
            if round > 0 {
                // the first warms up
                of_small.push(pair.0);
                of_large.push(pair.1);
            }
        }
        tell(large.pages[at].name, &of_small, &of_large, report);
    }
    Ok(())
}

async fn open(place: &Place, count: usize) -> Result<Set> {
    let dir = data::set(place, count).await?;
    let (platform, app) = place::open(&dir).await?;
    let (pages, open) = all(&platform, &dir, data::SMALL / 50).await?;
    Ok(Set { router: app.router(), pages, open, _app: app })
}

async fn ask(set: &Set, page: usize, count: usize) -> Result<Taken> {
    let asks = &set.pages[page].asks;
    let mut bytes = 0;
    let (started, cpu) = (Instant::now(), machine::cpu());
    for (path, token) in asks.iter().cycle().take(count) {
        let request = Request::get(path)
            .header(header::COOKIE, format!("session={token}"))
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::ACCEPT_LANGUAGE, "zh-CN")
            .body(Body::empty())?;
        let answer = set.router.clone().oneshot(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(format!("{path} was answered with {}", answer.status()).into());
        }
        bytes += answer.into_body().collect().await?.to_bytes().len();
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    Ok(Taken { cpu: each(machine::cpu() - cpu), wall: each(started.elapsed()), bytes: bytes / count })
}

fn tell(name: &str, small: &[Taken], large: &[Taken], report: &mut Report) {
    let cpu = |taken: &[Taken]| median(taken.iter().map(|t| t.cpu));
    let wall = |taken: &[Taken]| median(taken.iter().map(|t| t.wall));
    let rounds = listed(large.iter().map(|t| t.cpu));
    let bytes = large.first().map_or(0, |t| t.bytes);
    report.put(Figure {
        name: format!("{name}, 1.2 million cases"),
        value: cpu(large) / 1e3,
        unit: "ms CPU",
        limit: Limit::Under(LIMIT),
        beside: format!(
            "rounds {rounds} µs; {:.0} µs from asking to the last byte; {bytes} bytes gzipped; {} requests",
            wall(large),
            large.len() * REQUESTS
        ),
    });
    report.put(Figure {
        name: format!("{name}, 12,000 cases"),
        value: cpu(small) / 1e3,
        unit: "ms CPU",
        limit: Limit::Open,
        beside: format!("rounds {} µs; {:.0} µs wall", listed(small.iter().map(|t| t.cpu)), wall(small)),
    });
    let is_inbox = name.starts_with("inbox");
    let pairs = || large.iter().zip(small);
    report.put(Figure {
        name: format!("{name}, 1.2 million : 12,000"),
        value: median(pairs().map(|(l, s)| l.cpu / s.cpu)).max(median(pairs().map(|(l, s)| l.wall / s.wall))),
        unit: "×",
        limit: if is_inbox { Limit::Under(GROWTH) } else { Limit::Open },
        beside: format!("the worse of CPU time and time waited, medians of {} pairs of rounds", large.len()),
    });
}
