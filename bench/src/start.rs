//! The program itself on 1.2 million cases: its size, how fast it is there, the memory that it takes under load.
use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::{Connection, get};
use crate::data::{self, LARGE};
use crate::machine;
use crate::pages::{self, Page};
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, CALLERS, listed, median};
use crate::server::Server;

const STARTS: usize = 5;
const LOADED: Duration = Duration::from_secs(10);
/// Residents who look at their cases, each signed in.
const RESIDENTS: usize = 64;
/// How often each page is asked for, in ten: guide, case, inbox, task.
const MIX: [usize; 10] = [0, 1, 0, 2, 0, 1, 3, 0, 1, 2];

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let size = std::fs::metadata(place.program())?.len() as f64 / 1e6;
    report.put(Figure {
        name: "the program, stripped".into(),
        value: size,
        unit: "MB",
        limit: Limit::Under(60.0),
        beside: "everything in one file: pages, texts, databases, the demo city".into(),
    });
    let runtime = rounds::runtime()?;
    let (dir, pages) = runtime.block_on(prepare(place))?;
    drop(runtime);
    starts(place, &dir, report)?;
    under_load(place, (&dir, &pages), report)
}

async fn prepare(place: &Place) -> Result<(std::path::PathBuf, Vec<Page>)> {
    let dir = data::set(place, LARGE).await?;
    let (platform, _app) = place::open(&dir).await?;
    let (pages, _) = pages::all(&platform, &dir, RESIDENTS).await?;
    Ok((dir, pages))
}

fn starts(place: &Place, dir: &Path, report: &mut Report) -> Result<()> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(place.program(), dir, &place.path("start.log"))?;
        took.push(server.started_in.as_secs_f64() * 1e3);
        server.stop()?;
    }
    report.put(Figure {
        name: "start until /healthz answers".into(),
        value: median(took.iter().copied()),
        unit: "ms",
        limit: Limit::Under(1_000.0),
        beside: format!("1.2 million cases, files in the page cache; starts {}", listed(took)),
    });
    Ok(())
}

fn under_load(place: &Place, (dir, pages): (&Path, &[Page]), report: &mut Report) -> Result<()> {
    let server = Server::start(place.program(), dir, &place.path("load.log"))?;
    let idle = machine::megabytes(server.pid(), "VmRSS")?;
    let requests: Rc<[Vec<String>]> = pages.iter().map(|page| requests(page, server.address)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (started, cpu) = (Instant::now(), machine::cpu_of(server.pid())?);
    let count = runtime.block_on(tokio::task::LocalSet::new().run_until(load(server.address, requests)))?;
    let wall = started.elapsed();
    let each = (machine::cpu_of(server.pid())? - cpu).as_secs_f64() * 1e6 / count.max(1) as f64;
    let at_last = machine::megabytes(server.pid(), "VmRSS")?;
    report.put(Figure {
        name: "resident memory under load, highest".into(),
        value: machine::megabytes(server.pid(), "VmHWM")?,
        unit: "MB",
        limit: Limit::Under(200.0),
        beside: format!(
            "1.2 million cases; {idle:.0} MB after the start, {at_last:.0} MB at the end of {count} pages in {:.0} s",
            wall.as_secs_f64()
        ),
    });
    report.put(Figure {
        name: "pages over HTTP, 64 connections".into(),
        value: count as f64 / wall.as_secs_f64(),
        unit: "/s",
        limit: Limit::Open,
        beside: format!("4 guides : 3 cases : 2 inboxes : 1 task; server {each:.0} µs CPU each"),
    });
    server.stop()
}

fn requests(page: &Page, address: SocketAddr) -> Vec<String> {
    page.asks.iter().map(|(path, token)| get(address, path, token)).collect()
}

/// Asks for the mix of pages until the time is over; how many were answered.
async fn load(address: SocketAddr, requests: Rc<[Vec<String>]>) -> Result<usize> {
    let (next, until) = (Rc::new(Cell::new(0)), Instant::now() + LOADED);
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        let connection = Connection::open(address).await?;
        callers.push(tokio::task::spawn_local(caller(connection, Rc::clone(&requests), (Rc::clone(&next), until))));
    }
    for caller in callers {
        caller.await??;
    }
    Ok(next.get())
}

async fn caller(
    mut connection: Connection,
    requests: Rc<[Vec<String>]>,
    (next, until): (Rc<Cell<usize>>, Instant),
) -> Result<()> {
    while Instant::now() < until {
        let number = next.replace(next.get() + 1);
        let of = &requests[MIX[number % MIX.len()]];
        let answer = connection.ask(&of[number / MIX.len() % of.len()]).await?;
        if answer.status != 200 {
            return Err(format!("a page was answered with {}", answer.status).into());
        }
    }
    Ok(())
}
