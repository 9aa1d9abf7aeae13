//! The catalogue for everybody: by base register, by the tree of the classification, by words.
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use platform::page::{self, Shell, encode};
use platform::policy::{Action, ActorKind, On};
use platform::posted::parse_urlencoded;
use platform::{Ctx, Result};

use super::labels::{BASES, sharing_key, sharing_tag, update_key};
use super::value;
use crate::Registry;
use crate::model::catalogue::Branch;
use crate::model::resource::Resource;

struct BaseLink {
    href: String,
    label: String,
    current: bool,
}

/// A step of the tree as a line: how deep it stands.
struct Step {
    href: String,
    name: String,
    place: String,
    count: String,
    depth: usize,
    current: bool,
}

struct Line {
    href: String,
    name: String,
    summary: String,
    provider: String,
    sharing: &'static str,
    sharing_tag: &'static str,
    update: &'static str,
    fields: String,
    code: String,
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    s: Shell,
    question: String,
    base: &'static str,
    at: String,
    bases: Vec<BaseLink>,
    steps: Vec<Step>,
    found: String,
    lines: Vec<Line>,
    /// The reader works at the catalogue's desk.
    desk: bool,
    /// The reader may ask for corrections of own facts.
    corrections: bool,
}

pub async fn catalogue(State(registry): State<Registry>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    registry.refresh().await?;
    let query = parse_urlencoded(&query.unwrap_or_default());
    let question: String = value(&query, "q").trim().chars().take(100).collect();
    let at: String = value(&query, "at").chars().filter(char::is_ascii_digit).take(14).collect();
    let base = BASES.iter().find(|(_, name, _)| *name == value(&query, "base"));
    let found = registry.catalogue().search_at(&question, base.map(|(base, ..)| *base), &at);
    let count = found.len().to_string();
    let mut steps = Vec::new();
    walk(&ctx, &registry.catalogue().tree(), (&at, 0), &mut steps);
    page::html(&CataloguePage {
        lines: found.iter().map(|resource| line(&registry, &ctx, resource)).collect(),
        found: ctx.tf("registry-catalogue-found", &[("count", &count)]),
        bases: base_links(&ctx, &question, base.map_or("", |(_, name, _)| name)),
        base: base.map_or("", |(_, name, _)| name),
        desk: super::offices(&ctx, Action::CatalogueDesk).is_ok(),
        corrections: ctx.actor.kind == ActorKind::Person,
        steps,
        at,
        question,
        s: Shell::new(&ctx),
    })
}

/// The whole way down where the reader stands, the first steps elsewhere.
fn walk(ctx: &Ctx, branches: &[Branch], (at, depth): (&str, usize), steps: &mut Vec<Step>) {
    for branch in branches {
        steps.push(Step {
            href: format!("/catalogue?at={}", branch.place),
            name: ctx.text(&branch.name).to_owned(),
            place: branch.place.clone(),
            count: branch.count.to_string(),
            depth,
            current: branch.place == at,
        });
        if depth == 0 || at.starts_with(&branch.place) {
            walk(ctx, &branch.branches, (at, depth + 1), steps);
        }
    }
}

fn base_links(ctx: &Ctx, question: &str, current: &str) -> Vec<BaseLink> {
    let all = std::iter::once(("", "registry-base-all"));
    let links = all.chain(BASES.iter().map(|(_, name, key)| (*name, *key)));
    let link = |(name, key): (&str, &str)| BaseLink {
        href: format!("/catalogue?q={}&base={name}", encode(question)),
        label: ctx.t(key).to_owned(),
        current: name == current,
    };
    links.map(link).collect()
}

fn line(registry: &Registry, ctx: &Ctx, resource: &Resource) -> Line {
    Line {
        href: format!("/catalogue/{}", resource.key),
        name: ctx.text(&resource.name).to_owned(),
        summary: ctx.text(&resource.summary).to_owned(),
        provider: super::office_name(registry, ctx, &resource.provider),
        sharing: sharing_key(resource.sharing),
        sharing_tag: sharing_tag(resource.sharing),
        update: update_key(resource.update),
        fields: ctx.tf("registry-catalogue-fields", &[("count", &resource.fields.len().to_string())]),
        code: resource.code.clone(),
    }
}
