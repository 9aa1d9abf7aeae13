//! Submissions over HTTP: the real server in its own process, 64 keep-alive connections from this one.
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use app::App;
use platform::ids::Id;

use crate::Result;
use crate::applicants::{self, Person};
use crate::client::{Connection, post};
use crate::drafts;
use crate::machine;
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, CALLERS, Round, listed, median};
use crate::server::Server;
use crate::sessions::{self, SignedIn};

const REVIEWED: &str = "residence-permit";
const INSTANT: &str = "senior-card";
const ROUNDS: usize = 5;
const REVIEWED_EACH: usize = 5_000;
const INSTANT_EACH: usize = 1_500;
/// People who send, each from a session of their own.
const PEOPLE: usize = 512;

/// A form that is ready to be sent: path, session.
struct Form {
    path: String,
    by: SignedIn,
}

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let runtime = rounds::runtime()?;
    let (dir, reviewed, instant) = runtime.block_on(prepare(place))?;
    drop(runtime);
    let server = Server::start(place.program(), &dir, &place.path("http.log"))?;
    for (item, forms, each, limit) in
        [(REVIEWED, reviewed, REVIEWED_EACH, Limit::AtLeast(2_500.0)), (INSTANT, instant, INSTANT_EACH, Limit::Open)]
    {
        let rounds = send_all(&server, &forms, each)?;
        tell(item, &rounds, limit, report);
    }
    server.stop()?;
    place::remove(&dir)
}

async fn prepare(place: &Place) -> Result<(std::path::PathBuf, Vec<Form>, Vec<Form>)> {
    let dir = place.copy_of_city("http").await?;
    let (platform, app) = place::open(&dir).await?;
    let registered = applicants::registered(&platform).await?;
    let seniors = applicants::seniors(&platform).await?;
    let reviewed = forms(&app, REVIEWED, &registered, REVIEWED_EACH * (ROUNDS + 1)).await?;
    let instant = forms(&app, INSTANT, &seniors, INSTANT_EACH * (ROUNDS + 1)).await?;
    Ok((dir, reviewed, instant))
}

async fn forms(app: &App, item: &'static str, people: &[Person], count: usize) -> Result<Vec<Form>> {
    let people = &people[..people.len().min(PEOPLE)];
    let ready = drafts::prepare(app, item, people, count).await?;
    let mut signed_in: HashMap<String, SignedIn> = HashMap::new();
    for person in people {
        signed_in.insert(person.id.clone(), sessions::begin(&app.platform, &person.actor()).await?);
    }
    let forms = ready.iter().map(|one| {
        let by = signed_in.get(&one.actor.id).cloned().ok_or("a draft of somebody who is not signed in")?;
        Ok(Form { path: format!("/my/drafts/{}/submit", one.draft.as_str()), by })
    });
    forms.collect()
}

/// A round with the CPU time of the server for one submission, in microseconds.
struct Sent {
    round: Round,
    server_cpu: f64,
}

fn send_all(server: &Server, forms: &[Form], each: usize) -> Result<Vec<Sent>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let requests: Vec<String> =
        forms.iter().map(|f| post(server.address, &f.path, (&f.by.token, &f.by.csrf))).collect();
    let mut sent = Vec::new();
    for (number, requests) in requests.chunks(each).enumerate() {
        let requests: Rc<[String]> = requests.iter().cloned().collect();
        let before = machine::cpu_of(server.pid())?;
        let round = runtime.block_on(tokio::task::LocalSet::new().run_until(send(server, requests)))?;
        let cpu = machine::cpu_of(server.pid())? - before;
        if number > 0 {
            sent.push(Sent { round, server_cpu: cpu.as_secs_f64() * 1e6 / each as f64 }); // the first warms up
        }
    }
    Ok(sent)
}

async fn send(server: &Server, requests: Rc<[String]>) -> Result<Round> {
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(Connection::open(server.address).await?);
    }
    let next = Rc::new(Cell::new(0));
    let (started, cpu) = (Instant::now(), machine::cpu());
    let callers: Vec<_> = connections
        .into_iter()
        .map(|connection| tokio::task::spawn_local(caller(connection, Rc::clone(&requests), Rc::clone(&next))))
        .collect();
    let mut waits = Vec::with_capacity(requests.len());
    for caller in callers {
        waits.extend(caller.await??);
    }
    Ok(Round::new(waits, (started.elapsed(), machine::cpu() - cpu)))
}

async fn caller(mut connection: Connection, requests: Rc<[String]>, next: Rc<Cell<usize>>) -> Result<Vec<Duration>> {
    let mut waits = Vec::new();
    loop {
        let Some(request) = requests.get(next.replace(next.get() + 1)) else { return Ok(waits) };
        let begun = Instant::now();
        let answer = connection.ask(request).await?;
        waits.push(begun.elapsed());
        if answer.status != 303 || !answer.location.ends_with("/receipt") {
            return Err(format!("a submission was answered with {} {}", answer.status, answer.location).into());
        }
    }
}

fn tell(item: &str, sent: &[Sent], limit: Limit, report: &mut Report) {
    let rates = || sent.iter().map(|one| one.round.rate);
    let middle = |of: fn(&Sent) -> f64| median(sent.iter().map(of));
    let decided = if item == INSTANT { " with its decision and certificate" } else { "" };
    report.put(Figure {
        name: format!("submissions over HTTP, {item}"),
        value: median(rates()),
        unit: "/s",
        limit,
        beside: format!(
            "64 connections{decided}; rounds {}; server {:.0} µs CPU each, client (same cores) {:.0} µs; \
             half within {:.1} ms, 99 % within {:.1} ms",
            listed(rates()),
            middle(|one| one.server_cpu),
            middle(|one| one.round.cpu),
            middle(|one| one.round.wait(0.5)),
            middle(|one| one.round.wait(0.99)),
        ),
    });
}
