//! The catalogue for everybody: what the city's registers hold, who answers for it, and on which terms it is shared.
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use platform::page::{self, Shell, encode};
use platform::policy::{Action, On};
use platform::posted::parse_urlencoded;
use platform::routes::Routes;
use platform::{Ctx, Error, Result};
use time::Date;

use crate::Registry;
use crate::model::resource::{Base, Field, FieldType, Opening, Resource, Sensitivity, Sharing, Subjects, Update};

pub fn routes(registry: &Registry) -> Routes {
    Routes::default()
        .get("/catalogue", Action::CatalogueRead, catalogue)
        .get("/catalogue/{key}", Action::CatalogueRead, resource)
        .with_state(registry.clone())
}

/// A page that stands right below the front page.
pub(crate) const NO_LINKS: [(&str, &str); 0] = [];

const BASES: [(Base, &str, &str); 5] = [
    (Base::Population, "population", "registry-base-population"),
    (Base::LegalEntity, "legal-entity", "registry-base-legal-entity"),
    (Base::Space, "space", "registry-base-space"),
    (Base::Credit, "credit", "registry-base-credit"),
    (Base::Theme, "theme", "registry-base-theme"),
];

fn base_key(base: Base) -> &'static str {
    BASES.iter().find(|(known, ..)| *known == base).map_or("", |(.., key)| key)
}

fn sharing_key(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Unconditional => "registry-sharing-unconditional",
        Sharing::Conditional => "registry-sharing-conditional",
        Sharing::None => "registry-sharing-none",
    }
}

fn sharing_tag(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Unconditional => "tag--ok",
        Sharing::Conditional => "tag--info",
        Sharing::None => "tag--warn",
    }
}

fn opening_key(opening: Opening) -> &'static str {
    match opening {
        Opening::None => "registry-opening-none",
        Opening::Conditional => "registry-opening-conditional",
        Opening::Open => "registry-opening-open",
    }
}

fn update_key(update: Update) -> &'static str {
    match update {
        Update::RealTime => "registry-update-real-time",
        Update::Daily => "registry-update-daily",
        Update::Weekly => "registry-update-weekly",
        Update::Monthly => "registry-update-monthly",
        Update::Quarterly => "registry-update-quarterly",
        Update::Yearly => "registry-update-yearly",
    }
}

fn subjects_key(subjects: Subjects) -> &'static str {
    match subjects {
        Subjects::Person => "registry-subject-person",
        Subjects::Enterprise => "registry-subject-enterprise",
        Subjects::Any => "registry-subject-any",
    }
}

fn type_key(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "registry-type-text",
        FieldType::Integer => "registry-type-integer",
        FieldType::Date => "registry-type-date",
        FieldType::Code => "registry-type-code",
        FieldType::ResidentId => "registry-type-resident-id",
        FieldType::Uscc => "registry-type-uscc",
    }
}

fn sensitivity_key(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Public => "registry-sensitivity-public",
        Sensitivity::Internal => "registry-sensitivity-internal",
        Sensitivity::Personal => "registry-sensitivity-personal",
        Sensitivity::Sensitive => "registry-sensitivity-sensitive",
    }
}

struct BaseLink {
    href: String,
    label: String,
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
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    s: Shell,
    question: String,
    base: &'static str,
    bases: Vec<BaseLink>,
    found: String,
    lines: Vec<Line>,
}

async fn catalogue(State(registry): State<Registry>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    let query = parse_urlencoded(&query.unwrap_or_default());
    let value = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let question: String = value("q").trim().chars().take(100).collect();
    let base = BASES.iter().find(|(_, name, _)| *name == value("base"));
    let found = registry.catalogue().search(&question, base.map(|(base, ..)| *base));
    let count = found.len().to_string();
    page::html(&CataloguePage {
        lines: found.iter().map(|resource| line(&registry, &ctx, resource)).collect(),
        found: ctx.tf("registry-catalogue-found", &[("count", &count)]),
        bases: base_links(&ctx, &question, base.map_or("", |(_, name, _)| name)),
        base: base.map_or("", |(_, name, _)| name),
        question,
        s: Shell::new(&ctx),
    })
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
        provider: ctx.text(&registry.organisations().name(&resource.provider)).to_owned(),
        sharing: sharing_key(resource.sharing),
        sharing_tag: sharing_tag(resource.sharing),
        update: update_key(resource.update),
        fields: ctx.tf("registry-catalogue-fields", &[("count", &resource.fields.len().to_string())]),
    }
}

/// A term and what it means here; `plain`: written as a code.
struct Fact {
    term: &'static str,
    text: String,
}

struct FieldLine {
    key: String,
    name: String,
    kind: &'static str,
    length: u32,
    required: bool,
    sensitivity: &'static str,
    values: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "resource.html")]
struct ResourcePage {
    s: Shell,
    name: String,
    summary: String,
    sharing: &'static str,
    sharing_tag: &'static str,
    condition: String,
    facts: Vec<Fact>,
    fields: Vec<FieldLine>,
}

async fn resource(State(registry): State<Registry>, ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    let resource = registry.catalogue().get(&key).ok_or(Error::NotFound)?;
    let s = Shell::new(&ctx);
    page::html(&ResourcePage {
        name: ctx.text(&resource.name).to_owned(),
        summary: ctx.text(&resource.summary).to_owned(),
        sharing: sharing_key(resource.sharing),
        sharing_tag: sharing_tag(resource.sharing),
        condition: resource.sharing_condition.as_ref().map_or_else(String::new, |text| ctx.text(text).to_owned()),
        facts: facts(&registry, &ctx, resource, &|date| s.day(date)),
        fields: resource.fields.iter().map(|field| field_line(&ctx, field)).collect(),
        s,
    })
}

fn facts(registry: &Registry, ctx: &Ctx, resource: &Resource, day: &dyn Fn(&Date) -> String) -> Vec<Fact> {
    let text = |text| ctx.text(text).to_owned();
    let place = [&resource.class, &resource.item, &resource.entry].map(|part| ctx.text(part)).join(" › ");
    let opening = match &resource.opening_condition {
        Some(condition) => format!("{} {}", ctx.t(opening_key(resource.opening)), ctx.text(condition)),
        None => ctx.t(opening_key(resource.opening)).to_owned(),
    };
    let stale = match resource.max_age_days {
        0 => ctx.t("registry-resource-stale-never").to_owned(),
        days => ctx.tf("registry-resource-stale-days", &[("days", &days.to_string())]),
    };
    let fact = |term, text| Fact { term, text };
    vec![
        fact("registry-resource-provider", text(&registry.organisations().name(&resource.provider))),
        fact("registry-resource-ground", text(&resource.sharing_ground)),
        fact("registry-resource-opening", opening),
        fact("registry-resource-subject", ctx.t(subjects_key(resource.subject)).to_owned()),
        fact("registry-resource-base", ctx.t(base_key(resource.base)).to_owned()),
        fact("registry-resource-update", ctx.t(update_key(resource.update)).to_owned()),
        fact("registry-resource-stale", stale),
        fact("registry-resource-quality", text(&resource.quality)),
        fact("registry-resource-place", place),
        fact("registry-resource-code", resource.code.clone()),
        fact("registry-resource-key", resource.key.clone()),
        fact("registry-resource-published", day(&resource.published)),
    ]
}

fn field_line(ctx: &Ctx, field: &Field) -> FieldLine {
    FieldLine {
        key: field.key.clone(),
        name: ctx.text(&field.name).to_owned(),
        kind: type_key(field.kind),
        length: field.length,
        required: field.required,
        sensitivity: sensitivity_key(field.sensitivity),
        values: field.values.iter().map(|v| (v.code.clone(), ctx.text(&v.name).to_owned())).collect(),
    }
}
