//! What is mine: what waits for me, drafts, cases.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::Ctx;
use platform::clock::Timestamp;
use platform::error::Result;
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Query;

use crate::Hall;
use crate::model::{CaseState, Draft};
use crate::store::{self, cases::CaseLine, drafts::Before};

struct Line {
    href: String,
    title: String,
    number: String,
    tone: &'static str,
    state: String,
    day: String,
}

#[derive(Template)]
#[template(path = "my.html")]
struct MyPage {
    s: Shell,
    greeting: String,
    waiting: Vec<Line>,
    drafts: Vec<Line>,
    cases: Vec<Line>,
    more: bool,
    more_drafts: bool,
}

const ON_MY_PAGE: u32 = 10;
const ON_A_PAGE: u32 = 25;
/// Before the first page of the drafts.
const NEWEST: Timestamp = Timestamp(i64::MAX);

fn case_line(hall: &Hall, ctx: &Ctx, case: &CaseLine) -> Result<Line> {
    let loaded = hall.items().frozen(&case.item_key, case.item_version)?;
    Ok(Line {
        href: format!("/my/cases/{}", case.id.as_str()),
        title: ctx.text(loaded.item.shown_name()).to_owned(),
        number: case.number.clone(),
        tone: case.state.tone(),
        state: ctx.t(&case.state.text_key()).to_owned(),
        day: page::day(ctx.lang(), case.submitted_at.date(ctx.zone())),
    })
}

fn draft_line(hall: &Hall, ctx: &Ctx, draft: &Draft) -> Result<Line> {
    let loaded = hall.items().frozen(&draft.item_key, draft.item_version)?;
    Ok(Line {
        href: format!("/my/drafts/{}", draft.id.as_str()),
        title: ctx.text(loaded.item.shown_name()).to_owned(),
        number: String::new(),
        tone: "",
        state: ctx.t("services-draft").to_owned(),
        day: page::day(ctx.lang(), draft.updated_at.date(ctx.zone())),
    })
}

pub async fn my(State(hall): State<Hall>, ctx: Ctx) -> Result<Response> {
    let party = ctx.actor.party();
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&party.id))?;
    let owner = party.id.clone();
    let read = move |tx: &mut platform::db::Tx<'_>| {
        let cases = store::cases::list_own_cases(tx, &owner, "~", ON_MY_PAGE + 1)?;
        Ok((cases, store::drafts::list_drafts(tx, &owner, &(NEWEST, String::new()), ON_MY_PAGE + 1)?))
    };
    let (mut cases, mut drafts) = ctx.db().read(grant, read).await?;
    let more = page::cut(&mut cases, ON_MY_PAGE as usize).is_some();
    let more_drafts = page::cut(&mut drafts, ON_MY_PAGE as usize).is_some();
    let waits = |case: &&CaseLine| case.state == CaseState::Supplementing;
    page::html(&MyPage {
        greeting: ctx.tf("services-my-greeting", &[("name", &party.name)]),
        waiting: cases.iter().filter(waits).map(|case| case_line(&hall, &ctx, case)).collect::<Result<_>>()?,
        drafts: drafts.iter().map(|draft| draft_line(&hall, &ctx, draft)).collect::<Result<_>>()?,
        cases: cases.iter().map(|case| case_line(&hall, &ctx, case)).collect::<Result<_>>()?,
        more,
        more_drafts,
        s: Shell::new(&ctx),
    })
}

#[derive(Template)]
#[template(path = "my_cases.html")]
struct MyCasesPage {
    s: Shell,
    cases: Vec<Line>,
    first: String,
    next: String,
}

pub async fn cases(State(hall): State<Hall>, ctx: Ctx, query: Query) -> Result<Response> {
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&owner))?;
    let before = query.get("before").to_owned();
    let first = if before.is_empty() { String::new() } else { "/my/cases".to_owned() };
    let before = if before.is_empty() { "~".to_owned() } else { before };
    let read = move |tx: &mut platform::db::Tx<'_>| store::cases::list_own_cases(tx, &owner, &before, ON_A_PAGE + 1);
    let mut cases = ctx.db().read(grant, read).await?;
    let next = page::cut(&mut cases, ON_A_PAGE as usize);
    let next = next.map(|case| format!("/my/cases?before={}", case.id.as_str()));
    page::html(&MyCasesPage {
        s: Shell::new(&ctx),
        cases: cases.iter().map(|case| case_line(&hall, &ctx, case)).collect::<Result<_>>()?,
        first,
        next: next.unwrap_or_default(),
    })
}

#[derive(Template)]
#[template(path = "my_drafts.html")]
struct MyDraftsPage {
    s: Shell,
    drafts: Vec<Line>,
    first: String,
    next: String,
}

/// `1795140000000000-drf_…`, as the address of a next page has it; anything else is the first page.
fn before_of(query: &Query) -> Option<Before> {
    let (saved, id) = query.get("before").split_once('-')?;
    Some((Timestamp(saved.parse().ok()?), id.to_owned()))
}

pub async fn drafts(State(hall): State<Hall>, ctx: Ctx, query: Query) -> Result<Response> {
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&owner))?;
    let before = before_of(&query);
    let first = if before.is_some() { "/my/drafts".to_owned() } else { String::new() };
    let before = before.unwrap_or((NEWEST, String::new()));
    let read = move |tx: &mut platform::db::Tx<'_>| store::drafts::list_drafts(tx, &owner, &before, ON_A_PAGE + 1);
    let mut drafts = ctx.db().read(grant, read).await?;
    let at = |draft: &Draft| format!("/my/drafts?before={}-{}", draft.updated_at.0, draft.id.as_str());
    page::html(&MyDraftsPage {
        s: Shell::new(&ctx),
        next: page::cut(&mut drafts, ON_A_PAGE as usize).map(at).unwrap_or_default(),
        drafts: drafts.iter().map(|draft| draft_line(&hall, &ctx, draft)).collect::<Result<_>>()?,
        first,
    })
}
