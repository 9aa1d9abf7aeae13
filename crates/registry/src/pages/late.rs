//! Who has not updated: every resource that is held here, with its last delivery; the provider's own report.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, Result};

use super::labels::update_key;
use super::{office_name, offices, resource_name};
use crate::Registry;
use crate::actions::delivery::{self, Standing};

struct Line {
    key: String,
    name: String,
    provider: String,
    update: &'static str,
    last: String,
    due: String,
    late: String,
    broken: String,
    /// The reader works for the provider.
    own: bool,
}

#[derive(Template)]
#[template(path = "late.html")]
struct LatePage {
    s: Shell,
    lines: Vec<Line>,
    found: String,
    /// The resource that the reader has just reported on; empty: none.
    reported: String,
}

pub async fn late(State(registry): State<Registry>, ctx: Ctx, query: Query) -> Result<Response> {
    let (_, grant) = offices(&ctx, Action::CatalogueDesk)?;
    registry.refresh().await?;
    let (of, today) = (registry.clone(), ctx.today());
    let all = ctx.db().read(grant, move |tx| delivery::standing(tx, &of, today)).await?;
    let count = all.iter().filter(|standing| standing.late.is_some()).count().to_string();
    let s = Shell::new(&ctx);
    let lines = all.iter().filter_map(|standing| line(&registry, &ctx, (&s, standing))).collect();
    let own = registry.catalogue().get(query.get("reported"));
    let own = own.filter(|entry| ctx.allow(Action::CatalogueSubmit, &On::at(&[&entry.provider])).is_ok());
    let reported = own.map_or_else(String::new, |entry| ctx.text(&entry.name).to_owned());
    page::html(&LatePage { lines, reported, found: ctx.tf("registry-late-found", &[("count", &count)]), s })
}

fn line(registry: &Registry, ctx: &Ctx, (s, standing): (&Shell, &Standing)) -> Option<Line> {
    let resource = registry.catalogue().get(&standing.resource)?;
    let broken: u64 = standing.last.iter().flat_map(|last| &last.quality).map(|broken| broken.count).sum();
    let days = |late: crate::Late| ctx.tf("registry-late-days", &[("days", &late.days.to_string())]);
    Some(Line {
        key: resource.key.clone(),
        name: resource_name(registry, ctx, &resource.key),
        provider: office_name(registry, ctx, &resource.provider),
        update: update_key(resource.update),
        last: standing.last.as_ref().map_or_else(|| ctx.t("registry-late-never").to_owned(), |last| s.moment(&last.at)),
        due: standing.late.map_or_else(String::new, |late| s.day(&late.due)),
        late: standing.late.map_or_else(String::new, days),
        broken: if broken == 0 { String::new() } else { broken.to_string() },
        own: ctx.allow(Action::CatalogueSubmit, &On::at(&[&resource.provider])).is_ok(),
    })
}

/// The provider's report: nothing has changed, or everything was entered one by one.
pub async fn delivered(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(key): Path<String>,
    _: Posted,
) -> Result<Response> {
    let provider = registry.catalogue().get(&key).ok_or(Error::NotFound)?.provider.clone();
    let grant = ctx.allow(Action::CatalogueSubmit, &On::at(&[&provider]))?;
    let of = registry.clone();
    let to = format!("/desk/catalogue/late?reported={key}");
    ctx.db().write(grant, move |tx| delivery::report(tx, &of, &key)).await?;
    page::see_other(&to)
}
