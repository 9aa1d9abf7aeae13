//! The page of operation: calls through the gateway by service and outcome, and the health of the departments' systems.
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use connectors::{Circuit, Health};
use directory::Directory;
use exchange::Exchange;
use gateway::log::entry::Side;
use gateway::store::list_traffic;
use gateway::traffic::{Counts, Key};
use platform::Ctx;
use platform::clock::DAY;
use platform::error::Result;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::parse_urlencoded;
use platform::routes::Routes;

/// How the figures name who is not known.
const NOBODY: &str = "-";
/// Days that can be looked back.
const SPANS: [i64; 3] = [1, 7, 30];

pub fn routes(exchange: &Exchange, directory: &Directory) -> Routes {
    let shared = Arc::new(Known { exchange: exchange.clone(), directory: directory.clone() });
    Routes::default()
        .get("/admin/exchange", Action::OperationRead, show)
        .get("/admin/exchange.csv", Action::OperationRead, csv)
        .with_state(shared)
}

/// Where names are looked up.
struct Known {
    exchange: Exchange,
    directory: Directory,
}

type Shared = State<Arc<Known>>;

/// What people call it, and its identifier beside the name.
struct Named {
    name: String,
    id: String,
}

/// How often calls ended in one way: a status of the application, or the code of a fault.
struct Outcome {
    code: String,
    calls: u64,
    failed: bool,
}

struct CallRow {
    service: Named,
    client: Named,
    /// Text key.
    side: &'static str,
    outcomes: Vec<Outcome>,
    calls: u64,
    /// Means of those that were sent on, in milliseconds after their arrival.
    sent: String,
    back: String,
    mean: String,
    within: String,
    overhead: String,
}

struct SourceRow {
    resource: Named,
    /// Text keys of the kind and of the circuit's state; tag of the page.
    kind: String,
    state: &'static str,
    tag: &'static str,
    last_ok: String,
    last_failure: String,
    remark: String,
    calls: u64,
    mean: String,
}

#[derive(Template)]
#[template(path = "operations.html")]
struct OperationsPage {
    s: Shell,
    days: i64,
    /// Days, whether it is this page.
    spans: Vec<(i64, bool)>,
    /// Calls, and how many of them failed.
    found: String,
    calls: Vec<CallRow>,
    sources: Vec<SourceRow>,
    /// The reader may see who has not updated.
    late: bool,
}

fn days_of(query: Option<String>) -> i64 {
    let asked = parse_urlencoded(query.as_deref().unwrap_or_default());
    let days = asked.iter().find(|(name, _)| name == "days").and_then(|(_, value)| value.parse().ok());
    days.filter(|days| SPANS.contains(days)).unwrap_or(SPANS[0])
}

async fn traffic(ctx: &Ctx, days: i64) -> Result<Vec<(Key, Counts)>> {
    let grant = ctx.allow(Action::OperationRead, &On::PUBLIC)?;
    let since = ctx.now().plus(-days * DAY);
    ctx.db().read(grant, move |tx| list_traffic(tx, since)).await
}

async fn show(State(known): Shared, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let days = days_of(query);
    let traffic = traffic(&ctx, days).await?;
    let (all, failed) = traffic.iter().fold((0, 0), |(all, failed), (key, counts)| {
        (all + counts.calls, failed + if has_failed(&key.outcome) { counts.calls } else { 0 })
    });
    let found = ctx.tf("site-operations-found", &[("all", &all.to_string()), ("failed", &failed.to_string())]);
    let of_one = traffic.chunk_by(|(a, _), (b, _)| (&a.service, &a.client, a.side) == (&b.service, &b.client, b.side));
    let calls = of_one.map(|rows| call_row(&known, &ctx, rows)).collect();
    let s = Shell::new(&ctx);
    let sources = known.exchange.health().iter().map(|health| source_row(&known, &s, health)).collect();
    let spans = SPANS.iter().map(|span| (*span, *span == days)).collect();
    let late = ctx.allow(Action::CatalogueDesk, &On::at(&ctx.actor.offices())).is_ok();
    page::html(&OperationsPage { days, spans, found, calls, sources, late, s })
}

fn has_failed(outcome: &str) -> bool {
    outcome.parse::<u16>().map_or(true, |status| status >= 400)
}

/// A status of the application.
fn is_answer(outcome: &str) -> bool {
    outcome.parse::<u16>().is_ok()
}

fn millis(micros: u64, calls: u64) -> String {
    if calls == 0 { String::new() } else { format!("{:.1}", micros as f64 / 1e3 / calls as f64) }
}

/// Calls of one service by one client, of one side: a row for each outcome.
fn call_row(known: &Known, ctx: &Ctx, rows: &[(Key, Counts)]) -> CallRow {
    let key = &rows[0].0;
    let (mut sum, mut answered) = (Counts::default(), Counts::default());
    for (key, counts) in rows {
        sum.merge(counts);
        // A fault has no instants of its own: the call may never have left.
        if is_answer(&key.outcome) {
            answered.merge(counts);
        }
    }
    let outcome = |(key, counts): &(Key, Counts)| Outcome {
        failed: has_failed(&key.outcome),
        code: key.outcome.clone(),
        calls: counts.calls,
    };
    CallRow {
        service: known.service(ctx, &key.service),
        client: known.client(ctx, &key.client),
        side: match key.side {
            Side::Consumer => "site-operations-side-consumer",
            Side::Provider => "site-operations-side-provider",
            Side::Both => "site-operations-side-both",
        },
        outcomes: rows.iter().map(outcome).collect(),
        calls: sum.calls,
        sent: millis(answered.before, answered.calls),
        back: millis(answered.before + answered.inner, answered.calls),
        mean: millis(sum.total, sum.calls),
        within: sum.within(0.95).map_or_else(|| "> 10000".into(), |end| format!("≤ {}", end / 1000)),
        overhead: millis(sum.total.saturating_sub(sum.inner), sum.calls),
    }
}

impl Known {
    /// The organisation of a member code, when it is one of ours.
    fn organisation(&self, ctx: &Ctx, id: &str) -> Option<String> {
        let member = id.split('/').nth(2)?;
        let organisations = self.directory.organisations();
        organisations.iter().find(|one| one.uscc == member).map(|one| ctx.text(&one.name).to_owned())
    }

    fn client(&self, ctx: &Ctx, id: &str) -> Named {
        match self.organisation(ctx, id) {
            Some(name) => Named { name, id: id.to_owned() },
            None if id == NOBODY => Named { name: ctx.t("site-operations-no-client").to_owned(), id: String::new() },
            None => Named { name: id.to_owned(), id: String::new() },
        }
    }

    /// A register by its name, another service by the organisation that offers it.
    fn service(&self, ctx: &Ctx, id: &str) -> Named {
        if id == NOBODY {
            return Named { name: ctx.t("site-operations-no-service").to_owned(), id: String::new() };
        }
        let code = id.rsplit('/').next().unwrap_or(id);
        let ours = self.organisation(ctx, id);
        let register = self.exchange.catalogue().get(code).filter(|_| ours.is_some());
        let name = register.map(|resource| ctx.text(&resource.name).to_owned());
        let plain = || ours.map_or_else(|| code.to_owned(), |office| format!("{office} {code}"));
        Named { name: name.unwrap_or_else(plain), id: id.to_owned() }
    }
}

fn source_row(known: &Known, s: &Shell, health: &Health) -> SourceRow {
    let (state, tag) = match (&health.circuit, health.consecutive_failures) {
        (Circuit::Closed, 0) if health.last_ok.is_none() => ("site-operations-unasked", ""),
        (Circuit::Closed, 0) => ("site-operations-well", "ok"),
        (Circuit::Closed, _) => ("site-operations-failing", "warn"),
        (Circuit::Open(_), _) => ("site-operations-resting", "err"),
        (Circuit::Probing(_), _) => ("site-operations-probing", "warn"),
    };
    let failure = health.last_failure.as_ref();
    let entry = known.exchange.catalogue().get(&health.resource);
    SourceRow {
        resource: Named {
            name: entry.map_or_else(|| health.resource.clone(), |entry| s.x(&entry.name).to_owned()),
            id: health.resource.clone(),
        },
        kind: format!("site-operations-kind-{}", health.kind.name()), // keys: site-operations-kind-*
        state,
        tag,
        last_ok: health.last_ok.as_ref().map_or_else(String::new, |at| s.moment(at)),
        last_failure: failure.map_or_else(String::new, |failure| format!("{} {}", s.moment(&failure.at), failure.text)),
        remark: health.remark.clone().unwrap_or_default(),
        calls: health.figures.calls,
        mean: millis(health.figures.total_micros, health.figures.calls),
    }
}

async fn csv(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut text =
        String::from("service,client,side,outcome,calls,total_us,inner_us,longest_us,request_bytes,answer_bytes,");
    text.push_str("sent_on_us,answer_back_us\n");
    for (key, counts) in traffic(&ctx, days_of(query)).await? {
        let names = [&key.service, &key.client, key.side.name(), &key.outcome].map(field).join(",");
        let (sizes, back) = ([counts.request_bytes, counts.answer_bytes], counts.before + counts.inner);
        let times = [counts.calls, counts.total, counts.inner, counts.longest];
        let counts = times.into_iter().chain(sizes).chain([counts.before, back]);
        let counts: Vec<String> = counts.map(|count| count.to_string()).collect();
        text.push_str(&format!("{names},{}\n", counts.join(",")));
    }
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"exchange.csv\"");
    Ok(([kind, name], text).into_response())
}

/// Quoted where the rules ask for it (RFC 4180), and never a formula to a spreadsheet.
fn field(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}
