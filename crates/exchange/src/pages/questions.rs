//! Questions to an office about its looks: the list, one of them, the answer.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::clock::{Timestamp, iso_date};
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, ids};

use super::matters;
use super::view::{LookView, Viewer};
use crate::Exchange;
use crate::actions::question::{self, Answering};
use crate::model::look::Seen;
use crate::model::question::{LONGEST, words};
use crate::store::questions::{get_question, list_answered, list_open};

const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "questions.html")]
struct QuestionsPage {
    s: Shell,
    answered: bool,
    looks: Vec<LookView>,
    more: String,
}

/// Offices that the official may answer for.
fn offices(ctx: &Ctx) -> Result<(Vec<String>, Grant)> {
    let all = ctx.actor.offices();
    let grant = ctx.allow(Action::TrailAnswer, &On::at(&all))?;
    let may = |office: &&str| ctx.allow(Action::TrailAnswer, &On::at(&[office])).is_ok();
    Ok((all.iter().copied().filter(may).map(str::to_owned).collect(), grant))
}

pub async fn list(State(exchange): State<Exchange>, ctx: Ctx, query: Query) -> Result<Response> {
    let answered = query.get("view") == "answered";
    let after = query.get("after").split_once('.').unwrap_or_default();
    let after = (after.0.to_owned(), after.1.to_owned());
    let (offices, grant) = offices(&ctx)?;
    let read = move |tx: &mut platform::db::Tx<'_>| {
        let (mut all, limit) = (Vec::new(), ON_A_PAGE as u32 + 1);
        for office in &offices {
            all.extend(match answered {
                true => list_answered(tx, office, (after.0.parse().ok().map(Timestamp), &after.1), limit)?,
                false => list_open(tx, office, (&after.0, &after.1), limit)?,
            });
        }
        Ok(all)
    };
    let all = ctx.db().read(grant, read).await?;
    let (shown, more) = if answered { newest(all) } else { due_first(all) };
    let s = Shell::new(&ctx);
    let viewer = Viewer { exchange: &exchange, ctx: &ctx, s: &s };
    let looks = shown.iter().map(|seen| viewer.look(seen)).collect();
    page::html(&QuestionsPage { answered, looks, more, s })
}

/// The last answered of all offices together, and where the earlier ones begin.
fn newest(mut all: Vec<Seen>) -> (Vec<Seen>, String) {
    let place = |seen: &Seen| {
        let question = seen.question.as_ref()?;
        Some((question.answer.as_ref()?.at, question.id.clone()))
    };
    all.sort_by_cached_key(|seen| std::cmp::Reverse(place(seen)));
    let last = page::cut(&mut all, ON_A_PAGE).and_then(place);
    let more = last.map(|(at, id)| format!("/inbox/questions?view=answered&after={}.{id}", at.0));
    (all, more.unwrap_or_default())
}

/// The first page of all offices together, and where the next begins.
fn due_first(mut all: Vec<Seen>) -> (Vec<Seen>, String) {
    let place = |seen: &Seen| seen.question.as_ref().map(|q| (iso_date(q.due), q.id.clone())).unwrap_or_default();
    all.sort_by_key(place);
    let more = page::cut(&mut all, ON_A_PAGE).map(|seen| {
        let (due, id) = place(seen);
        format!("/inbox/questions?after={due}.{id}")
    });
    (all, more.unwrap_or_default())
}

#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage {
    s: Shell,
    look: LookView,
    words: String,
    errors: Vec<ErrorLine>,
    hint: String,
}

async fn find(ctx: &Ctx, id: &str) -> Result<Seen> {
    if !ids::has_shape("tqn", id) {
        return Err(Error::NotFound);
    }
    let (offices, grant) = offices(ctx)?;
    let id = id.to_owned();
    ctx.db().read(grant, move |tx| Ok(get_question(tx, &offices, &id)?.0)).await
}

/// The number by which the office finds the case in its inbox.
async fn number_of(exchange: &Exchange, ctx: &Ctx, seen: &Seen) -> Result<String> {
    let Some(case) = seen.look.case.clone() else { return Ok(String::new()) };
    let (_, grant) = offices(ctx)?;
    Ok(matters::shown(exchange, ctx, (grant, &[case])).await?.concat())
}

pub async fn question(State(exchange): State<Exchange>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let seen = find(&ctx, &id).await?;
    form(&exchange, &ctx, &seen, (String::new(), None)).await
}

async fn form(exchange: &Exchange, ctx: &Ctx, seen: &Seen, given: (String, Option<FieldError>)) -> Result<Response> {
    let number = number_of(exchange, ctx, seen).await?;
    let s = Shell::new(ctx);
    let look = LookView { number, ..Viewer { exchange, ctx, s: &s }.look(seen) };
    let hint = ctx.tf("exchange-answer-hint", &[("max", &LONGEST.to_string())]);
    let (words, error) = given;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let errors = error.iter().map(|error| ErrorLine::new(&s, error)).collect();
    page::html_with(status, &AnswerPage { look, words, errors, hint, s })
}

pub async fn answer(
    State(exchange): State<Exchange>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let seen = find(&ctx, &id).await?;
    let office = seen.question.as_ref().map(|q| q.office.clone()).ok_or(Error::NotFound)?;
    let grant = ctx.allow(Action::TrailAnswer, &On::at(&[&office]))?;
    let words = match words(posted.get("words")) {
        Ok(words) => words,
        Err(error) => return form(&exchange, &ctx, &seen, (posted.get("words").to_owned(), Some(error))).await,
    };
    let answering = Answering { exchange, ctx: ctx.clone(), offices: vec![office], question: id.clone(), words };
    ctx.db().write(grant, move |tx| question::answer(tx, &answering)).await?;
    page::see_other(&format!("/inbox/questions/{id}"))
}
