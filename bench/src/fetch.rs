//! Facts from the built-in register, in process: grant, record, reduction, trail row and audit entry, as the hall asks;
//! and the trail of one person among a million looks.
use std::collections::BTreeMap;
use std::sync::Arc;

use app::App;
use axum::body::Body;
use axum::http::{Request, header};
use exchange::{Ask, LookSeed, Subject, Want};
use http_body_util::BodyExt;
use platform::Ctx;
use platform::policy::{Action, ActorKind, On};
use tower::ServiceExt;

use crate::Result;
use crate::applicants::{self, Person, read};
use crate::machine;
use crate::place::{self, Place};
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, Round, listed, median};
use crate::sessions;

const TURNS: usize = 5;
const EACH: usize = 40_000;
const LOOKS: usize = 1_000_000;
const BATCH: usize = 2_000;
const LOOKUPS: usize = 500;
const ITEM: &str = "senior-card";

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let runtime = rounds::runtime()?;
    runtime.block_on(async {
        let dir = place.copy_of_city("fetch").await?;
        let (platform, app) = place::open(&dir).await?;
        let people: Arc<[Person]> = applicants::seniors(&platform).await?.into();
        fetches(&app, &people, report).await?;
        lookups(&app, &people, report).await?;
        drop((app, platform));
        place::remove(&dir)
    })
}

async fn fetches(app: &App, people: &Arc<[Person]>, report: &mut Report) -> Result<()> {
    let mut turns: Vec<Round> = Vec::new();
    for turn in 0..=TURNS {
        let (exchange, people) = (app.exchange.clone(), Arc::clone(people));
        let round = rounds::run(turn * EACH..(turn + 1) * EACH, move |number| {
            let (exchange, people) = (exchange.clone(), Arc::clone(&people));
            async move {
                let one = &people[number % people.len()];
                let ctx = Ctx::new(exchange.platform(), one.actor());
                let facts = exchange.fetch(&ctx, ask(one)).await?;
                if facts.facts.len() == 4 { Ok(()) } else { Err("a fact is missing".into()) }
            }
        });
        let round = round.await?;
        if turn > 0 {
            turns.push(round);
        }
    }
    let rates = || turns.iter().map(|turn| turn.rate);
    report.put(Figure {
        name: "fetch from the built-in register, in process".into(),
        value: median(rates()),
        unit: "/s",
        limit: Limit::AtLeast(20_000.0),
        beside: format!("four fields of one resource; 64 callers; rounds {}", listed(rates())),
    });
    report.put(Figure {
        name: "its CPU time, trail row included".into(),
        value: median(turns.iter().map(|turn| turn.cpu)),
        unit: "µs",
        limit: Limit::Under(60.0),
        beside: format!("half within {:.1} ms", median(turns.iter().map(|turn| turn.wait(0.5)))),
    });
    Ok(())
}

fn ask(person: &Person) -> Ask {
    let fields = ["name", "birth_date", "sex", "life_status"].map(str::to_owned).to_vec();
    Ask {
        purpose: ITEM.into(),
        basis: "bench".into(),
        item: Some(ITEM.into()),
        case: None,
        consumer: "civil-affairs".into(),
        subject: Subject::of(&person.id, &person.number),
        wants: vec![Want { resource: "population".into(), fields }],
        offices: Vec::new(),
    }
}

async fn lookups(app: &App, people: &[Person], report: &mut Report) -> Result<()> {
    let ctx = Ctx::system(&app.platform, "bench");
    for first in (0..LOOKS).step_by(BATCH) {
        let looks: Vec<LookSeed> = (first..first + BATCH).map(|at| look(&ctx, &people[at % people.len()])).collect();
        let (exchange, grant) = (app.exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC)?);
        app.platform.db().write(grant, move |tx| exchange.seed_trail(tx, &looks)).await?;
    }
    let rows = read(&app.platform, |tx| tx.get("SELECT COUNT(*) FROM exchange_trail", &[])?.int(0)).await?;
    let router = app.router();
    let mut took = Vec::new();
    for at in 0..LOOKUPS {
        let session = sessions::begin(&app.platform, &people[at * 7919 % people.len()].actor()).await?;
        let cookie = format!("session={}", session.token);
        let cpu = machine::cpu();
        let request = Request::get("/my/trail").header(header::COOKIE, cookie).body(Body::empty())?;
        let answer = router.clone().oneshot(request).await?;
        let page = answer.into_body().collect().await?.to_bytes();
        took.push((machine::cpu() - cpu).as_secs_f64() * 1e3);
        if !page.windows(7).any(|bytes| bytes == b"/my/tra") {
            return Err("a trail without a look".into());
        }
    }
    report.put(Figure {
        name: "trail of one person".into(),
        value: median(took.iter().copied()),
        unit: "ms CPU",
        limit: Limit::Under(5.0),
        beside: format!("the page of the newest, among {rows} looks"),
    });
    Ok(())
}

fn look(ctx: &Ctx, person: &Person) -> LookSeed {
    LookSeed {
        at: ctx.now().plus(-platform::clock::DAY),
        number: person.number.clone(),
        actor_kind: ActorKind::System,
        actor: "bench".into(),
        actor_name: "bench".into(),
        office: None,
        consumer: "civil-affairs".into(),
        purpose: ITEM.into(),
        basis: "bench".into(),
        item: Some(ITEM.into()),
        case: None,
        fields: BTreeMap::from([("population".to_owned(), vec!["name".to_owned()])]),
    }
}
