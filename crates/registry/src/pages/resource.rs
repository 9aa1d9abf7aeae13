//! One resource: everything that its document declares, its versions, and its last delivery.
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::policy::{Action, ActorKind, On};
use platform::posted::parse_urlencoded;
use platform::{Ctx, Error, Result};

use super::labels::{
    base_key, held_key, opening_key, rule_text, sensitivity_key, sharing_key, sharing_tag, subjects_key, type_key,
    update_key, way_key,
};
use super::{office_name, resource_name, value};
use crate::Registry;
use crate::model::freshness::Delivered;
use crate::model::resource::{Field, Held, Resource};
use crate::store::deliveries::find_delivery;
use crate::store::{Published, list_versions};

/// A term and what it means here.
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
    opening: &'static str,
    values: Vec<(String, String)>,
}

/// A rule, and how the last delivery kept it.
struct RuleLine {
    text: String,
    broken: String,
}

struct VersionLine {
    href: String,
    title: String,
    day: String,
    current: bool,
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
    old: String,
    facts: Vec<Fact>,
    fields: Vec<FieldLine>,
    rules: Vec<RuleLine>,
    related: Vec<(String, String)>,
    versions: Vec<VersionLine>,
    /// Where the reader says that a fact of their own is wrong; empty for others.
    correct: String,
    /// Where the provider's official hands in a new version; empty for others.
    revise: String,
}

pub async fn resource(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
    registry.refresh().await?;
    let current = registry.catalogue().get(&key).ok_or(Error::NotFound)?;
    let read = move |tx: &mut Tx<'_>| Ok((list_versions(tx, &key)?, find_delivery(tx, &key)?));
    let (versions, delivered) = ctx.db().read(grant, read).await?;
    let wanted = value(&parse_urlencoded(&query.unwrap_or_default()), "version").parse::<i64>().ok();
    let older = match wanted {
        Some(number) => Some(versions.iter().find(|one| one.version == number).ok_or(Error::NotFound)?),
        None => None,
    };
    let newest = versions.first().map_or(0, |newest| newest.version);
    let older = older.filter(|one| one.version != newest);
    let shown = older.map_or(&**current, |one| &one.document);
    page::html(&view(&registry, &ctx, shown, (&versions, older, delivered.as_ref())))
}

type Around<'a> = (&'a [Published], Option<&'a Published>, Option<&'a Delivered>);

fn view(registry: &Registry, ctx: &Ctx, resource: &Resource, (versions, older, delivered): Around<'_>) -> ResourcePage {
    let s = Shell::new(ctx);
    let old = |one: &Published| {
        ctx.tf("registry-resource-old", &[("version", &one.version.to_string()), ("day", &s.moment(&one.at))])
    };
    let shown = older.map_or(versions.first().map_or(0, |newest| newest.version), |one| one.version);
    let version_line = |one: &Published| VersionLine {
        href: format!("/catalogue/{}?version={}", resource.key, one.version),
        title: ctx.tf("registry-resource-version", &[("version", &one.version.to_string())]),
        day: s.moment(&one.at),
        current: one.version == shown,
    };
    let provider = ctx.allow(Action::CatalogueSubmit, &On::at(&[&resource.provider])).is_ok();
    let named = |key: &String| (format!("/catalogue/{key}"), resource_name(registry, ctx, key));
    ResourcePage {
        name: ctx.text(&resource.name).to_owned(),
        summary: ctx.text(&resource.summary).to_owned(),
        sharing: sharing_key(resource.sharing),
        sharing_tag: sharing_tag(resource.sharing),
        condition: resource.sharing_condition.as_ref().map_or_else(String::new, |text| ctx.text(text).to_owned()),
        old: older.map_or_else(String::new, old),
        facts: facts(registry, ctx, resource, (&s, delivered)),
        fields: resource.fields.iter().map(|field| field_line(ctx, resource, field)).collect(),
        rules: rules(ctx, resource, delivered),
        related: resource.related.iter().map(named).collect(),
        versions: versions.iter().map(version_line).collect(),
        correct: correct_href(ctx, resource),
        revise: if provider { format!("/desk/catalogue/new?from={}", resource.key) } else { String::new() },
        s,
    }
}

fn correct_href(ctx: &Ctx, resource: &Resource) -> String {
    match ctx.actor.kind {
        ActorKind::Person => format!("/my/corrections/new?resource={}", resource.key),
        ActorKind::Official if super::offices(ctx, Action::CorrectionAsk).is_ok() => {
            format!("/inbox/corrections/new?resource={}", resource.key)
        }
        _ => String::new(),
    }
}

fn facts(registry: &Registry, ctx: &Ctx, resource: &Resource, (s, last): (&Shell, Option<&Delivered>)) -> Vec<Fact> {
    let text = |text| ctx.text(text).to_owned();
    let parts = [Some(&resource.class), Some(&resource.item), Some(&resource.entry), resource.detail.as_ref()];
    let place = parts.into_iter().flatten().map(|part| ctx.text(part)).collect::<Vec<_>>().join(" › ");
    let opening = match &resource.opening_condition {
        Some(condition) => format!("{} {}", ctx.t(opening_key(resource.opening)), ctx.text(condition)),
        None => ctx.t(opening_key(resource.opening)).to_owned(),
    };
    let stale = match resource.max_age_days {
        0 => ctx.t("registry-resource-stale-never").to_owned(),
        days => ctx.tf("registry-resource-stale-days", &[("days", &days.to_string())]),
    };
    let held = if registry.is_here(resource) { Held::Here } else { Held::Elsewhere };
    let fact = |term, text| Fact { term, text };
    let mut facts = vec![
        fact("registry-resource-provider", office_name(registry, ctx, &resource.provider)),
        fact("registry-resource-provider-code", resource.provider_code.clone()),
        fact("registry-resource-ground", text(&resource.sharing_ground)),
        fact("registry-resource-way", ctx.t(way_key(resource.sharing_way)).to_owned()),
        fact("registry-resource-opening", opening),
        fact("registry-resource-subject", ctx.t(subjects_key(resource.subject)).to_owned()),
        fact("registry-resource-base", ctx.t(base_key(resource.base)).to_owned()),
        fact("registry-resource-format", resource.format.clone()),
        fact("registry-resource-held", ctx.t(held_key(held)).to_owned()),
        fact("registry-resource-update", ctx.t(update_key(resource.update)).to_owned()),
        fact("registry-resource-stale", stale),
        fact("registry-resource-quality", text(&resource.quality)),
        fact("registry-resource-place", place),
        fact("registry-resource-code", resource.code.clone()),
        fact("registry-resource-key", resource.key.clone()),
        fact("registry-resource-published", s.day(&resource.published)),
    ];
    facts.extend(last.map(|last| fact("registry-resource-delivered", s.moment(&last.at))));
    // What is asked where it is held cannot grow stale here.
    let stale = |fact: &Fact| fact.term == "registry-resource-stale" && held == Held::Elsewhere;
    facts.retain(|fact| !fact.text.is_empty() && !stale(fact));
    facts
}

fn rules(ctx: &Ctx, resource: &Resource, delivered: Option<&Delivered>) -> Vec<RuleLine> {
    let broken = |at: usize| {
        let found = delivered?.quality.iter().find(|broken| broken.rule == at)?;
        let lines = found.examples.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        Some(ctx.tf("registry-rule-broken", &[("count", &found.count.to_string()), ("lines", &lines)]))
    };
    let line = |(at, rule)| RuleLine { text: rule_text(ctx, resource, rule), broken: broken(at).unwrap_or_default() };
    resource.rules.iter().enumerate().map(line).collect()
}

fn field_line(ctx: &Ctx, resource: &Resource, field: &Field) -> FieldLine {
    FieldLine {
        key: field.key.clone(),
        name: ctx.text(&field.name).to_owned(),
        kind: type_key(field.kind),
        length: field.length,
        required: field.required,
        sensitivity: sensitivity_key(field.sensitivity),
        opening: opening_key(resource.opening_of(field)),
        values: field.values.iter().map(|v| (v.code.clone(), ctx.text(&v.name).to_owned())).collect(),
    }
}
