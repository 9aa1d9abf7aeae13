//! The page of operation: calls through the gateway by service and outcome, and the health of the departments' systems.
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use connectors::{Circuit, Health};
use exchange::Exchange;
use gateway::store::list_traffic;
use gateway::traffic::{Counts, Key};
use platform::Ctx;
use platform::clock::DAY;
use platform::error::Result;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::parse_urlencoded;
use platform::routes::Routes;

/// Days that can be looked back.
const SPANS: [i64; 3] = [1, 7, 30];

pub fn routes(exchange: &Exchange) -> Routes {
    let shared = Arc::new(exchange.clone());
    Routes::default()
        .get("/admin/exchange", Action::OperationRead, show)
        .get("/admin/exchange.csv", Action::OperationRead, csv)
        .with_state(shared)
}

type Shared = State<Arc<Exchange>>;

struct CallRow {
    service: String,
    client: String,
    side: &'static str,
    outcome: String,
    failed: bool,
    calls: u64,
    mean: String,
    within: String,
    overhead: String,
}

struct SourceRow {
    resource: String,
    kind: &'static str,
    /// Text key of the circuit's state; tag of the page.
    state: &'static str,
    tag: &'static str,
    last_ok: String,
    last_failure: String,
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
    calls: Vec<CallRow>,
    sources: Vec<SourceRow>,
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

async fn show(State(exchange): Shared, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let days = days_of(query);
    let calls = traffic(&ctx, days).await?.into_iter().map(call_row).collect();
    let s = Shell::new(&ctx);
    let sources = exchange.health().iter().map(|health| source_row(&s, health)).collect();
    let spans = SPANS.iter().map(|span| (*span, *span == days)).collect();
    page::html(&OperationsPage { days, spans, calls, sources, s })
}

fn millis(micros: u64, calls: u64) -> String {
    format!("{:.1}", micros as f64 / 1e3 / calls.max(1) as f64)
}

fn call_row((key, counts): (Key, Counts)) -> CallRow {
    CallRow {
        failed: key.outcome.parse::<u16>().map_or(true, |status| status >= 400),
        side: key.side.name(),
        service: key.service,
        client: key.client,
        outcome: key.outcome,
        calls: counts.calls,
        mean: millis(counts.total, counts.calls),
        within: counts.within(0.95).map_or_else(|| "> 10000".into(), |end| format!("≤ {}", end / 1000)),
        overhead: millis(counts.total.saturating_sub(counts.inner), counts.calls),
    }
}

fn source_row(s: &Shell, health: &Health) -> SourceRow {
    let (state, tag) = match (&health.circuit, health.consecutive_failures) {
        (Circuit::Closed, 0) if health.last_ok.is_none() => ("site-operations-unasked", ""),
        (Circuit::Closed, 0) => ("site-operations-well", "ok"),
        (Circuit::Closed, _) => ("site-operations-failing", "warn"),
        (Circuit::Open(_), _) => ("site-operations-resting", "err"),
        (Circuit::Probing(_), _) => ("site-operations-probing", "warn"),
    };
    let failure = health.last_failure.as_ref();
    SourceRow {
        resource: health.resource.clone(),
        kind: health.kind.name(),
        state,
        tag,
        last_ok: health.last_ok.as_ref().map_or_else(String::new, |at| s.moment(at)),
        last_failure: failure.map_or_else(String::new, |failure| format!("{} {}", s.moment(&failure.at), failure.text)),
        calls: health.figures.calls,
        mean: millis(health.figures.total_micros, health.figures.calls),
    }
}

async fn csv(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut text =
        String::from("service,client,side,outcome,calls,total_us,inner_us,longest_us,request_bytes,answer_bytes\n");
    for (key, counts) in traffic(&ctx, days_of(query)).await? {
        let names = [&key.service, &key.client, key.side.name(), &key.outcome].map(field).join(",");
        let counts =
            [counts.calls, counts.total, counts.inner, counts.longest, counts.request_bytes, counts.answer_bytes];
        text.push_str(&format!("{names},{}\n", counts.map(|count| count.to_string()).join(",")));
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
