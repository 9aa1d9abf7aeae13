//! For auditors: how many looks each office hides, and hid. Never whose, never which.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::{Ctx, Result};

use super::labels::Labels;
use crate::Exchange;
use crate::store::hidden::list_hid;

struct Row {
    office: String,
    still: i64,
    all: i64,
}

#[derive(Template)]
#[template(path = "hidden.html")]
struct HiddenPage {
    s: Shell,
    lead: String,
    /// Purposes that may hide a look here; empty: none.
    purposes: String,
    rows: Vec<Row>,
}

pub async fn list(State(exchange): State<Exchange>, ctx: Ctx) -> Result<Response> {
    let grant = ctx.allow(Action::AuditRead, &On::PUBLIC)?;
    let floor = exchange.parts().shown_from(ctx.now());
    let hid = ctx.db().read(grant, move |tx| list_hid(tx, floor)).await?;
    let name = |key: &str| ctx.text(&exchange.registry().organisations().name(key)).to_owned();
    let rows = hid.into_iter().map(|hid| Row { office: name(&hid.office), still: hid.still, all: hid.all }).collect();
    let settings = &ctx.platform().config().exchange;
    let lead = ctx.tf("exchange-hidden-lead", &[("days", &settings.hidden_longest_days.to_string())]);
    let s = Shell::new(&ctx);
    let labels = Labels { exchange: &exchange, ctx: &ctx, s: &s };
    let purposes: Vec<String> = settings.hidden_purposes.iter().map(|purpose| labels.purpose(purpose)).collect();
    let purposes = purposes.join(&ctx.tf("exchange-comma", &[]));
    page::html(&HiddenPage { lead, purposes, rows, s })
}
