//! The front door: search first, frequent items, life events, departments; lists of items.
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::Ctx;
use platform::error::Result;
use platform::page::{self, Shell};
use platform::posted::Query;

use crate::Hall;
use crate::catalogue::LoadedItem;
use crate::item::identity::LIFE_EVENTS;
use crate::item::{Item, Limit, Mode, Unit};

/// An item in a list.
pub struct ItemLine {
    pub href: String,
    pub name: String,
    pub summary: String,
    pub office: String,
    pub limit: String,
    pub instant: bool,
    pub visits: String,
    pub free: bool,
}

/// A limit in words.
pub fn limit_text(ctx: &Ctx, limit: &Limit) -> String {
    ctx.tf(limit.text_key(), &[("number", &limit.number.to_string())])
}

pub fn visits_text(ctx: &Ctx, visits: u8) -> String {
    if visits == 0 {
        ctx.t("services-visits-none").to_owned()
    } else {
        ctx.tf("services-visits", &[("number", &visits.to_string())])
    }
}

fn line(hall: &Hall, ctx: &Ctx, loaded: &LoadedItem) -> ItemLine {
    let item = &loaded.item;
    let organisations = hall.organisations();
    ItemLine {
        href: format!("/items/{}", item.key),
        name: ctx.text(item.shown_name()).to_owned(),
        summary: ctx.text(&item.identity.summary).to_owned(),
        office: organisations.find(&item.who.body).map_or_else(String::new, |org| ctx.text(&org.short).to_owned()),
        limit: limit_text(ctx, &item.time.promised),
        instant: item.time.promised.unit == Unit::Instant && item.handling.mode == Mode::Instant,
        visits: visits_text(ctx, item.doing.visits),
        free: !item.fee.charged,
    }
}

/// A life event that has items.
struct EventCard {
    key: &'static str,
    sign: String,
    title: String,
    what: String,
}

/// A department with the number of its items.
struct Department {
    key: String,
    name: String,
    count: usize,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    s: Shell,
    frequent: Vec<ItemLine>,
    events: Vec<EventCard>,
    departments: Vec<Department>,
    total: usize,
}

const FREQUENT: usize = 6;

pub async fn home(State(hall): State<Hall>, ctx: Ctx) -> Result<Response> {
    let items = hall.items();
    let frequent = items.frequent().take(FREQUENT).map(|loaded| line(&hall, &ctx, loaded)).collect();
    page::html(&HomePage {
        frequent,
        events: events(&ctx, items.current()),
        departments: departments(&hall, &ctx, items.current()),
        total: items.current().len(),
        s: Shell::new(&ctx),
    })
}

fn events(ctx: &Ctx, items: &[Arc<LoadedItem>]) -> Vec<EventCard> {
    let serves = |key: &str, item: &Item| item.object.life_events.iter().any(|event| event == key);
    let names = |key: &str| -> String {
        let names: Vec<&str> = items
            .iter()
            .filter(|loaded| serves(key, &loaded.item))
            .take(2)
            .map(|loaded| ctx.text(loaded.item.shown_name()))
            .collect();
        names.join(&ctx.tf("services-list-comma", &[]))
    };
    let card = |key: &'static str| {
        // The texts and the sign on the card are the item's.
        let text = |family: &str| ctx.t(&format!("item-{family}-{key}")).to_owned(); // keys: item-event-*, item-sign-*
        EventCard { key, sign: text("sign"), title: text("event"), what: names(key) }
    };
    LIFE_EVENTS.iter().copied().map(card).filter(|card| !card.what.is_empty()).collect()
}

fn departments(hall: &Hall, ctx: &Ctx, items: &[Arc<LoadedItem>]) -> Vec<Department> {
    let organisations = hall.organisations();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    items.iter().for_each(|loaded| *counts.entry(&loaded.item.who.body).or_default() += 1);
    let department = |(key, count): (&str, usize)| {
        let name = organisations.find(key).map(|org| ctx.text(&org.short).to_owned());
        Department { key: key.to_owned(), name: name.unwrap_or_else(|| key.to_owned()), count }
    };
    counts.into_iter().map(department).collect()
}

#[derive(Template)]
#[template(path = "items.html")]
struct ItemsPage {
    s: Shell,
    title: String,
    query: String,
    searched: bool,
    found: String,
    items: Vec<ItemLine>,
}

const MOST_HITS: usize = 50;

pub async fn search(State(hall): State<Hall>, ctx: Ctx, query: Query) -> Result<Response> {
    let query = value_of(&query, "q");
    let hits = hall.items().search(&query, ctx.lang(), MOST_HITS);
    let items: Vec<ItemLine> = hits.iter().map(|loaded| line(&hall, &ctx, loaded)).collect();
    let found = ctx.tf("services-search-found", &[("count", &items.len().to_string())]);
    let title = ctx.t("services-search-title").to_owned();
    page::html(&ItemsPage { s: Shell::new(&ctx), title, query, searched: true, found, items })
}

fn value_of(query: &Query, name: &str) -> String {
    query.get(name).chars().take(100).collect()
}

/// All items, of one department, or of one life event.
pub async fn items(State(hall): State<Hall>, ctx: Ctx, query: Query) -> Result<Response> {
    let (office, event) = (value_of(&query, "office"), value_of(&query, "event"));
    let fits = |item: &Item| {
        (office.is_empty() || item.who.body == office) && (event.is_empty() || item.object.life_events.contains(&event))
    };
    let items = hall.items();
    let lines: Vec<ItemLine> =
        items.current().iter().filter(|loaded| fits(&loaded.item)).map(|loaded| line(&hall, &ctx, loaded)).collect();
    let organisations = hall.organisations();
    let title = match organisations.find(&office) {
        Some(org) => ctx.text(&org.short).to_owned(),
        None if LIFE_EVENTS.contains(&event.as_str()) => ctx.t(&format!("item-event-{event}")).to_owned(),
        None => ctx.t("services-items-title").to_owned(),
    };
    let found = ctx.tf("services-items-found", &[("count", &lines.len().to_string())]);
    page::html(&ItemsPage { s: Shell::new(&ctx), title, query: String::new(), searched: false, found, items: lines })
}
