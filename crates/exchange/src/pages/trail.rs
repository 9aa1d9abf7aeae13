//! "Who looked at my data": every look, newest first, and the question about one.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::db::Tx;
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, ids};

use super::labels::Chip;
use super::view::{LookView, Viewer};
use crate::Exchange;
use crate::actions::question::{self, Questioning};
use crate::model::look::{Before, Filter, Seen, by_month};
use crate::model::question::{LONGEST, words};
use crate::store::hidden::count_hidden;
use crate::store::trail::{Window, get_look, list_looks};

const ON_A_PAGE: usize = 25;

struct Month {
    title: String,
    looks: Vec<LookView>,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailPage {
    s: Shell,
    /// Whose trail: the enterprise that is acted for; empty for one's own.
    party: String,
    chips: Vec<Chip>,
    months: Vec<Month>,
    older: String,
    /// How many looks the law hides now; empty when it hides none.
    hidden: String,
}

pub async fn trail(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let (filter, before) = (Filter::from_name(query.get("only")), Before::parse(query.get("before")));
    let party = ctx.actor.party();
    let grant = ctx.allow(Action::TrailRead, &On::owned_by(&party.id))?;
    let subject = exchange.registry().pseudonym(&party.subject);
    let floor = exchange.parts().shown_from(ctx.now());
    let read = move |tx: &mut Tx<'_>| {
        let window = Window { before: &before, limit: ON_A_PAGE as u32 + 1, floor };
        Ok((list_looks(tx, &subject, filter, &window)?, count_hidden(tx, &subject, floor)?))
    };
    let (looks, hidden) = ctx.db().read(grant, read).await?;
    let (looks, older) = cut(looks, filter);
    let s = Shell::new(&ctx);
    let hidden = hidden_line(&ctx, hidden);
    let viewer = Viewer { exchange: &exchange, ctx: &ctx, s: &s };
    let months = by_month(looks, |at| at.date(ctx.zone()));
    let months = months.into_iter().map(|(month, looks)| Month {
        title: month_title(&ctx, month),
        looks: looks.iter().map(|seen| viewer.look(seen)).collect(),
    });
    let months = months.collect();
    let party = ctx.actor.acting_for.as_ref().map_or_else(String::new, |party| party.name.clone());
    page::html(&TrailPage { months, party, chips: chips(filter), older, hidden, s })
}

/// The looks of one page, and where the next begins.
fn cut(mut looks: Vec<Seen>, filter: Filter) -> (Vec<Seen>, String) {
    let older = page::cut(&mut looks, ON_A_PAGE).map(|seen| {
        let before = Before { at: seen.look.at, id: seen.look.id.clone() };
        format!("/my/trail?only={}&before={}", filter.name(), before.text())
    });
    (looks, older.unwrap_or_default())
}

fn hidden_line(ctx: &Ctx, count: i64) -> String {
    if count == 0 { String::new() } else { ctx.tf("exchange-trail-hidden", &[("count", &count.to_string())]) }
}

fn chips(current: Filter) -> Vec<Chip> {
    let all = [
        (Filter::All, "exchange-trail-all"),
        (Filter::People, "exchange-trail-people"),
        (Filter::Questioned, "exchange-trail-questioned"),
    ];
    let chip = |(filter, key): (Filter, &'static str)| Chip {
        href: format!("/my/trail?only={}", filter.name()),
        key,
        current: filter == current,
    };
    all.map(chip).into()
}

fn month_title(ctx: &Ctx, (year, month): (i32, u8)) -> String {
    ctx.tf("exchange-month", &[("year", &year.to_string()), ("month", &month.to_string())])
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage {
    s: Shell,
    look: LookView,
    words: String,
    errors: Vec<ErrorLine>,
    hint: String,
}

async fn find(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<Seen> {
    if !ids::has_shape("trl", id) {
        return Err(Error::NotFound);
    }
    let party = ctx.actor.party();
    let grant = ctx.allow(Action::TrailRead, &On::owned_by(&party.id))?;
    let (subject, id) = (exchange.registry().pseudonym(&party.subject), id.to_owned());
    let floor = exchange.parts().shown_from(ctx.now());
    ctx.db().read(grant, move |tx| get_look(tx, &subject, &id, floor)).await
}

pub async fn question(State(exchange): State<Exchange>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let seen = find(&exchange, &ctx, &id).await?;
    form(&exchange, &ctx, &seen, (String::new(), None))
}

fn form(exchange: &Exchange, ctx: &Ctx, seen: &Seen, given: (String, Option<FieldError>)) -> Result<Response> {
    let s = Shell::new(ctx);
    let look = Viewer { exchange, ctx, s: &s }.look(seen);
    let hint = ctx.tf("exchange-question-hint", &[("max", &LONGEST.to_string())]);
    let (words, error) = given;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let errors = error.iter().map(|error| ErrorLine::new(&s, error)).collect();
    page::html_with(status, &QuestionPage { look, words, errors, hint, s })
}

pub async fn ask(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let seen = find(&exchange, &ctx, &id).await?;
    let grant = ctx.allow(Action::TrailQuestion, &On::owned_by(&ctx.actor.party().id))?;
    let words = match words(posted.get("words")) {
        Ok(words) => words,
        Err(error) => return form(&exchange, &ctx, &seen, (posted.get("words").to_owned(), Some(error))),
    };
    let asking = Questioning { exchange, ctx: ctx.clone(), look: id.clone(), words };
    ctx.db().write(grant, move |tx| question::ask(tx, &asking)).await?;
    page::see_other(&format!("/my/trail/{id}/question"))
}
