//! The list of grants: those that our offices hold, and those that they gave.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::posted::Query;
use platform::{Ctx, Result};

use super::labels::{Chip, Labels};
use super::readers::readers;
use crate::Exchange;
use crate::model::kept::Kept;
use crate::model::step::GrantState;
use crate::store::Readers;
use crate::store::kept::{Grants, list_kept};

const ON_A_PAGE: usize = 50;

struct Line {
    href: String,
    resource: String,
    consumer: String,
    provider: String,
    purpose: String,
    until: String,
    state: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "grants.html")]
struct GrantsPage {
    s: Shell,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    more: String,
}

pub async fn list(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let (readers, grant) = readers(&exchange, &ctx)?;
    let given = query.get("view") == "given";
    let (keys, everything) = keys(&exchange, &readers, given);
    let before = query.get("after").to_owned();
    let read = move |tx: &mut Tx<'_>| {
        let limit = ON_A_PAGE as u32 + 1;
        if everything {
            return list_kept(tx, Grants::All, &before, limit);
        }
        let mut all = Vec::new();
        for key in &keys {
            let of = if given { Grants::Resource(key) } else { Grants::Consumer(key) };
            all.extend(list_kept(tx, of, &before, limit)?);
        }
        Ok(all)
    };
    let mut found = ctx.db().read(grant, read).await?;
    found.sort_by(|a, b| b.id.cmp(&a.id));
    let view = if given { "given" } else { "held" };
    let more = page::cut(&mut found, ON_A_PAGE).map(|last| format!("/exchange/grants?view={view}&after={}", last.id));
    let more = more.unwrap_or_default();
    let s = Shell::new(&ctx);
    let labels = Labels { exchange: &exchange, ctx: &ctx, s: &s };
    let lines = found.iter().map(|kept| line(&labels, kept)).collect();
    page::html(&GrantsPage { lines, chips: chips(everything, given), more, s })
}

/// What to list by: consumers that are ours, or resources that we provide; whether it is simply everything.
fn keys(exchange: &Exchange, readers: &Readers, given: bool) -> (Vec<String>, bool) {
    match readers {
        Readers::Everybody => (Vec::new(), true),
        Readers::Offices { offices, .. } if !given => (offices.clone(), false),
        Readers::Offices { offices, .. } => {
            let ours = exchange.catalogue().iter().filter(|resource| offices.contains(&resource.provider));
            (ours.map(|resource| resource.key.clone()).collect(), false)
        }
    }
}

fn chips(everything: bool, given: bool) -> Vec<Chip> {
    if everything {
        return Vec::new();
    }
    let all = [("held", "exchange-grants-held", !given), ("given", "exchange-grants-given", given)];
    let chip = |(view, key, current)| Chip { href: format!("/exchange/grants?view={view}"), key, current };
    all.map(chip).into()
}

/// Text key and tone of a grant's state.
pub fn state_of(kept: &Kept, ctx: &Ctx) -> (&'static str, &'static str) {
    match kept.state {
        GrantState::Revoked => ("exchange-grant-revoked", "err"),
        GrantState::Active if kept.stands(ctx.now()) && kept.terms.from > ctx.now() => {
            ("exchange-grant-to-come", "info")
        }
        GrantState::Active if kept.stands(ctx.now()) => ("exchange-grant-active", "ok"),
        GrantState::Active | GrantState::Expired => ("exchange-grant-expired", ""),
    }
}

fn line(labels: &Labels<'_>, kept: &Kept) -> Line {
    let (state, tone) = state_of(kept, labels.ctx);
    Line {
        href: format!("/exchange/grants/{}", kept.id),
        resource: labels.resource(&kept.resource),
        consumer: labels.office(&kept.consumer),
        provider: labels.provider(&kept.resource),
        purpose: labels.purpose(&kept.purpose),
        until: labels.until(kept.terms.to),
        state,
        tone,
    }
}
