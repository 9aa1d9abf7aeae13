//! An office hands in a resource or a new version: the document is pasted, and what is wrong stands beside its line.
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, parse_urlencoded};
use platform::{Ctx, FieldError, Result};

use super::{beside, field_name, offices, resource_name, value};
use crate::Registry;
use crate::actions::submission::{self, Examined, Handing, examine};
use crate::model::correction::words;
use crate::model::document::Flaw;
use crate::model::resource::Resource;

/// What a new document begins with.
const BLANK: &str = include_str!("../../templates/resource.yaml");

/// One line of the document with what is wrong with it.
struct Line {
    number: usize,
    text: String,
    wrong: String,
}

/// A field that another provider holds.
struct ClashLine {
    field: String,
    holder: String,
    holder_href: String,
    provider: String,
}

#[derive(Template)]
#[template(path = "submit.html")]
struct SubmitPage {
    s: Shell,
    document: String,
    lines: Vec<Line>,
    clashes: Vec<ClashLine>,
    words: String,
    words_error: String,
    errors: Vec<ErrorLine>,
}

pub async fn form(State(registry): State<Registry>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    offices(&ctx, Action::CatalogueSubmit)?;
    registry.refresh().await?;
    let query = parse_urlencoded(&query.unwrap_or_default());
    let document = match registry.catalogue().get(value(&query, "from")) {
        Some(entry) => serde_norway::to_string(&**entry).map_err(platform::Error::internal)?,
        None => BLANK.to_owned(),
    };
    let page = SubmitPage {
        document,
        lines: Vec::new(),
        clashes: Vec::new(),
        words: String::new(),
        words_error: String::new(),
        errors: Vec::new(),
        s: Shell::new(&ctx),
    };
    page::html(&page)
}

/// What was pasted, and what is wrong with it.
struct Pasted {
    text: String,
    words: String,
    errors: Vec<FieldError>,
    found: Examined,
}

pub async fn submit(State(registry): State<Registry>, ctx: Ctx, posted: Posted) -> Result<Response> {
    offices(&ctx, Action::CatalogueSubmit)?;
    registry.refresh().await?;
    let next = registry.catalogue().next_serial();
    let text = Resource::with_serial(posted.get("document"), |_| next);
    let mut pasted =
        Pasted { text, words: posted.get("words").to_owned(), errors: Vec::new(), found: Examined::default() };
    let document = match Resource::read(&pasted.text) {
        Ok(document) => document,
        Err(flaws) => {
            pasted.errors = flaws.iter().map(flaw_error).collect();
            return again(&registry, &ctx, pasted);
        }
    };
    let Ok(grant) = ctx.allow(Action::CatalogueSubmit, &On::at(&[&document.provider])) else {
        let line = crate::model::document::line_of(&pasted.text, "provider:");
        let error = FieldError::new(format!("line-{line}"), "registry-submit-not-yours");
        pasted.errors.push(error.with("provider", &document.provider));
        return again(&registry, &ctx, pasted);
    };
    pasted.found = examine(&registry, registry.catalogue(), &document, &pasted.text);
    pasted.errors.append(&mut pasted.found.flaws);
    let disputed = !pasted.found.clashes.is_empty();
    match words("words", &pasted.words) {
        Ok(words) => pasted.words = words,
        Err(error) if disputed => pasted.errors.push(error),
        Err(_) => {}
    }
    if !pasted.errors.is_empty() {
        return again(&registry, &ctx, pasted);
    }
    let words = if disputed { pasted.words } else { String::new() };
    let handing = Handing { registry: registry.clone(), ctx: ctx.clone(), document, words };
    let id = ctx.db().write(grant, move |tx| submission::submit(tx, &handing)).await?;
    page::see_other(&format!("/desk/catalogue/submissions/{id}"))
}

fn flaw_error(flaw: &Flaw) -> FieldError {
    FieldError { field: format!("line-{}", flaw.line), key: flaw.key, args: flaw.args.clone() }
}

/// The form with everything that is wrong; what was pasted is kept.
fn again(registry: &Registry, ctx: &Ctx, pasted: Pasted) -> Result<Response> {
    let s = Shell::new(ctx);
    let errors = ErrorLine::all(&s, &pasted.errors);
    let of_line = |number: usize| {
        let target = format!("line-{number}");
        let all = errors.iter().filter(|line| line.target == target).map(|line| line.text.as_str());
        all.collect::<Vec<_>>().join(" ")
    };
    let numbered = pasted.text.lines().enumerate().map(|(at, text)| (at + 1, text));
    let line = |(number, text): (usize, &str)| {
        let ink = text.trim_start();
        // Spaces that a page keeps: the indentation means something.
        let text = format!("{}{ink}", "\u{a0}".repeat(text.len() - ink.len()));
        Line { number, text, wrong: of_line(number) }
    };
    let clash = |clash: &crate::Clash| ClashLine {
        field: clash.field.clone(),
        holder: format!(
            "{} {}",
            resource_name(registry, ctx, &clash.holder),
            field_name(registry, ctx, (&clash.holder, &clash.holder_field))
        ),
        holder_href: format!("/catalogue/{}", clash.holder),
        provider: registry
            .catalogue()
            .get(&clash.holder)
            .map_or_else(String::new, |holder| super::office_name(registry, ctx, &holder.provider)),
    };
    let lines: Vec<Line> = numbered.map(line).collect();
    let page = SubmitPage {
        lines: if lines.iter().any(|line| !line.wrong.is_empty()) { lines } else { Vec::new() },
        clashes: pasted.found.clashes.iter().map(clash).collect(),
        words_error: beside(&errors, "words"),
        words: pasted.words,
        document: pasted.text,
        errors,
        s,
    };
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
