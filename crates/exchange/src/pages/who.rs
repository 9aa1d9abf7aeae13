//! Who may see what: every grant that stands, for everybody, with the keys that the documents are verified with.
use std::fmt::Write;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use platform::db::Tx;
use platform::page::{self, Shell, encode};
use platform::policy::{Action, On};
use platform::posted::Query;
use platform::{Ctx, Result};
use seal::keys::Signer;
use serde_json::json;

use super::labels::Labels;
use crate::Exchange;
use crate::model::document::{key_id, organisation_key};
use crate::model::kept::Kept;
use crate::store::kept::list_standing;

const ON_A_PAGE: usize = 50;
/// Rows read at once while a list is searched.
const BATCH: u32 = 500;

struct Line {
    resource: String,
    fields: String,
    consumer: String,
    provider: String,
    purpose: String,
    basis: String,
    matters: String,
    until: String,
    words: String,
}

impl Line {
    fn new(labels: &Labels<'_>, kept: &Kept) -> Self {
        let mut line = Self {
            resource: labels.resource(&kept.resource),
            fields: labels.fields(&kept.resource, &kept.terms.fields),
            consumer: labels.office(&kept.consumer),
            provider: labels.provider(&kept.resource),
            purpose: labels.purpose(&kept.purpose),
            basis: labels.basis(&kept.basis),
            matters: labels.public_matters(&kept.terms.matters),
            until: labels.until(kept.terms.to),
            words: String::new(),
        };
        let shown = [&line.resource, &line.fields, &line.consumer, &line.provider, &line.purpose, &line.basis];
        let shown = shown.map(String::as_str);
        line.words = [&shown[..], &[&kept.resource, &kept.consumer, &kept.purpose]].concat().join("\n").to_lowercase();
        line
    }

    fn has(&self, asked: &[String]) -> bool {
        asked.iter().all(|word| self.words.contains(word))
    }
}

#[derive(Template)]
#[template(path = "who.html")]
struct WhoPage {
    s: Shell,
    question: String,
    lines: Vec<Line>,
    csv: String,
    more: String,
}

fn asked_of(query: &Query) -> (String, [String; 3]) {
    let question = query.get("q").trim().chars().take(100).collect();
    let mut place = query.get("after").splitn(3, ' ').map(str::to_owned);
    (question, std::array::from_fn(|_| place.next().unwrap_or_default()))
}

/// Lines that contain every word of the question, at most `limit`, after a place in the list.
async fn search(
    exchange: &Exchange,
    ctx: &Ctx,
    s: &Shell,
    (question, after): (&str, [String; 3]),
    limit: usize,
) -> Result<Vec<(Line, [String; 3])>> {
    let labels = Labels { exchange, ctx, s };
    let asked: Vec<String> = question.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let (mut lines, mut place) = (Vec::new(), after);
    loop {
        let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
        let from = place.clone();
        let read = move |tx: &mut Tx<'_>| list_standing(tx, [&from[0], &from[1], &from[2]], BATCH);
        let batch = ctx.db().read(grant, read).await?;
        let is_last = batch.len() < BATCH as usize;
        for kept in batch {
            place = [kept.resource.clone(), kept.consumer.clone(), kept.id.clone()];
            let line = Line::new(&labels, &kept);
            if line.has(&asked) {
                lines.push((line, place.clone()));
                if lines.len() == limit {
                    return Ok(lines);
                }
            }
        }
        if is_last {
            return Ok(lines);
        }
    }
}

pub async fn list(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let (question, after) = asked_of(&query);
    let s = Shell::new(&ctx);
    let mut found = search(&exchange, &ctx, &s, (&question, after), ON_A_PAGE + 1).await?;
    let more = page::cut(&mut found, ON_A_PAGE)
        .map(|(_, place)| format!("/grants?q={}&after={}", encode(&question), encode(&place.join(" "))));
    let csv = format!("/grants.csv?q={}", encode(&question));
    let lines = found.into_iter().map(|(line, _)| line).collect();
    page::html(&WhoPage { lines, csv, more: more.unwrap_or_default(), question, s })
}

/// The whole list as CSV (RFC 4180, UTF-8 with the mark that spreadsheets look for).
pub async fn csv(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let (question, after) = asked_of(&query);
    let s = Shell::new(&ctx);
    let found = search(&exchange, &ctx, &s, (&question, after), usize::MAX).await?;
    let heads = [
        "exchange-term-resource",
        "exchange-term-fields",
        "exchange-term-consumer",
        "exchange-term-provider",
        "exchange-term-purpose",
        "exchange-term-basis",
        "exchange-term-matters",
        "exchange-term-until",
    ];
    let mut out = String::from("\u{feff}");
    row(&mut out, heads.map(|key| ctx.t(key)));
    for (line, _) in &found {
        let cells = [
            &line.resource,
            &line.fields,
            &line.consumer,
            &line.provider,
            &line.purpose,
            &line.basis,
            &line.matters,
            &line.until,
        ];
        row(&mut out, cells.map(String::as_str));
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"grants.csv\"")),
    ];
    Ok((headers, out).into_response())
}

/// One row; what a spreadsheet would take for a formula is made plain text.
fn row(out: &mut String, cells: [&str; 8]) {
    for (at, cell) in cells.iter().enumerate() {
        let mark = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}\"{mark}{}\"", cell.replace('"', "\"\"")).expect("writing to a String cannot fail");
    }
    out.push_str("\r\n");
}

/// The public keys of the organisations (RFC 7517): `kid` is the credit code, `#`, the thumbprint.
pub async fn keys(State(exchange): State<Exchange>, ctx: Ctx) -> Result<Response> {
    ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    let secret = &ctx.platform().keys().secret;
    let organisations = exchange.parts().directory.organisations();
    let key = |uscc: &str| {
        let public = organisation_key(secret, uscc).public();
        let mut jwk = public.to_jwk();
        jwk["kid"] = json!(key_id(uscc, &public));
        jwk
    };
    let all: Vec<_> = organisations.iter().map(|organisation| key(&organisation.uscc)).collect();
    let kind = HeaderValue::from_static("application/jwk-set+json");
    Ok(([(header::CONTENT_TYPE, kind)], json!({ "keys": all }).to_string()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        let mut out = String::new();
        row(&mut out, ["a", "say \"b\"", "=1+1", "", "@x", "f,g", "h\ni", "-2"]);
        assert_eq!(out, "\"a\",\"say \"\"b\"\"\",\"'=1+1\",\"\",\"'@x\",\"f,g\",\"h\ni\",\"'-2\"\r\n");
    }
}
