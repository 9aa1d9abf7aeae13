//! The provider's inbox of facts that somebody says are wrong, and the answer to one.
use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::clock::iso_date;
use platform::db::Tx;
use platform::form::ErrorLine;
use platform::i18n::{Lang, Text};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, ids};
use serde_json::Value;

use super::corrections::{CorrectionLine, line, newest_first};
use super::lists::{Asked, Part};
use super::{ON_A_PAGE, beside, offices};
use crate::Registry;
use crate::actions::correction::{self, Answering};
use crate::joints::Seen;
use crate::model::correction::{Correction, CorrectionState, words};
use crate::model::resource::{Field, Subjects};
use crate::store::{corrections, find_record};

const PAGE: &str = "/inbox/corrections";
/// In the address after an answer.
const DONE: &str = "answered";

/// Lists of what an office has answered, which show nothing else: name in the address, text, which answers.
const ANSWERED: [(&str, &str, &[CorrectionState]); 3] = [
    ("answered", "registry-corrections-answered", &[CorrectionState::Corrected, CorrectionState::Declined]),
    ("corrected", "registry-correction-state-corrected", &[CorrectionState::Corrected]),
    ("declined", "registry-correction-state-declined", &[CorrectionState::Declined]),
];

/// Another part of the list.
struct Chip {
    href: String,
    key: &'static str,
    current: bool,
}

fn chips(shown: &str) -> Vec<Chip> {
    let of = |(list, key, _): (&str, &'static str, _)| Chip {
        href: format!("{PAGE}?list={list}"),
        key,
        current: shown == list,
    };
    let is_any = ANSWERED.iter().any(|(list, ..)| *list == shown);
    let now = Chip { href: PAGE.to_owned(), key: "registry-corrections-now", current: !is_any };
    std::iter::once(now).chain(ANSWERED.map(of)).collect()
}

#[derive(Template)]
#[template(path = "corrections.html")]
struct CorrectionsPage {
    s: Shell,
    chips: Vec<Chip>,
    open: Part<CorrectionLine>,
    asked: Part<CorrectionLine>,
}

#[derive(Template)]
#[template(path = "corrections-answered.html")]
struct AnsweredPage {
    s: Shell,
    chips: Vec<Chip>,
    title: &'static str,
    answered: Part<CorrectionLine>,
}

pub async fn list(State(registry): State<Registry>, ctx: Ctx, query: Query) -> Result<Response> {
    if let Some(wanted) = ANSWERED.iter().find(|(list, ..)| *list == query.get("list")) {
        return answered(&registry, &ctx, (&query, wanted)).await;
    }
    let (offices, grant) = offices(&ctx, Action::CorrectionAnswer)?;
    let of = Asked::of(PAGE, &query);
    let read = move |tx: &mut Tx<'_>| {
        let (mut open, mut asked) = (Vec::new(), Vec::new());
        for office in &offices {
            open.extend(corrections::list_open(tx, office, of.after_day("open"), ON_A_PAGE + 1)?);
            asked.extend(corrections::list_asked_by_office(tx, office, of.before("asked"), ON_A_PAGE + 1)?);
        }
        let place = |one: &Correction| (iso_date(one.due), one.id.clone());
        let open = of.part("open", open, place, |one| format!("{}.{}", iso_date(one.due), one.id));
        Ok((open, newest_first(&of, "asked", asked)))
    };
    let (open, asked) = ctx.db().read(grant, read).await?;
    let s = Shell::new(&ctx);
    let words = |one: &Correction| line(&registry, &ctx, (&s, one));
    page::html(&CorrectionsPage { chips: chips(""), open: open.map(words), asked: asked.map(words), s })
}

type Wanted = (&'static str, &'static str, &'static [CorrectionState]);

/// What the official's offices have answered.
async fn answered(registry: &Registry, ctx: &Ctx, (query, wanted): (&Query, &Wanted)) -> Result<Response> {
    let (offices, grant) = offices(ctx, Action::CorrectionAnswer)?;
    let (of, (list, title, states)) = (Asked::of(PAGE, query), *wanted);
    let read = move |tx: &mut Tx<'_>| {
        let mut all = Vec::new();
        for office in &offices {
            for state in states {
                all.extend(corrections::list_answered(tx, office, *state, of.before_day(list), ON_A_PAGE + 1)?);
            }
        }
        let place = |one: &Correction| Reverse((iso_date(one.due), one.id.clone()));
        Ok(of.part(list, all, place, |one| format!("{}.{}", iso_date(one.due), one.id)))
    };
    let found = ctx.db().read(grant, read).await?;
    let s = Shell::new(ctx);
    let mut answered = found.map(|one| line(registry, ctx, (&s, one)));
    if !answered.first.is_empty() {
        answered.first = format!("{PAGE}?list={list}");
    }
    page::html(&AnsweredPage { chips: chips(list), title, answered, s })
}

/// What the register says now; None: it is held elsewhere, or the register holds nothing about the subject.
enum Now {
    Value(String),
    Nothing,
    Elsewhere,
}

#[derive(Template)]
#[template(path = "correction.html")]
struct CorrectionPage {
    s: Shell,
    line: CorrectionLine,
    subject: String,
    words: String,
    now: Now,
    answers: bool,
    /// The official comes from having answered it.
    done: bool,
    told: String,
    decision: String,
    value: String,
    answer: String,
    decision_error: String,
    value_error: String,
    words_error: String,
    errors: Vec<ErrorLine>,
}

#[derive(Default)]
struct Given {
    decision: String,
    value: String,
    answer: String,
    done: bool,
}

async fn find(ctx: &Ctx, id: &str) -> Result<(Correction, Vec<String>)> {
    if !ids::has_shape("cor", id) {
        return Err(Error::NotFound);
    }
    let (offices, grant) = offices(ctx, Action::CorrectionAnswer)?;
    let (of, id) = (offices.clone(), id.to_owned());
    let found = ctx.db().read(grant, move |tx| corrections::get_for_offices(tx, &of, &id)).await?;
    Ok((found, offices))
}

pub async fn correction(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let (found, offices) = find(&ctx, &id).await?;
    let done = found.answer.is_some() && !query.get(DONE).is_empty();
    show(&registry, &ctx, (&found, &offices), (Given { done, ..Given::default() }, &[])).await
}

/// Reads the value for the provider, after the look is written into the subject's trail.
async fn value_now(registry: &Registry, ctx: &Ctx, found: &Correction) -> Result<Now> {
    let Some(resource) = registry.catalogue().get(&found.resource).filter(|entry| registry.is_here(entry)) else {
        return Ok(Now::Elsewhere);
    };
    let grant = ctx.allow(Action::CorrectionAnswer, &On::at(&[&found.office]))?;
    let (key, subject) = (found.resource.clone(), found.subject.clone());
    if resource.subject != Subjects::Thing {
        let (pseudonym, basis) = (registry.pseudonym(&subject), basis(ctx));
        let seen = Seen { resource: key.clone(), subject: subject.clone(), pseudonym, basis };
        registry.joints().users.look(ctx, grant.clone(), &seen).await?;
    }
    let record = ctx.db().read(grant, move |tx| find_record(tx, &key, &subject)).await?;
    let Some(record) = record else { return Ok(Now::Nothing) };
    let (fields, field) = (record.fields()?, resource.field(&found.field));
    let value = fields.get(&found.field).cloned().unwrap_or(Value::Null);
    Ok(Now::Value(shown(ctx, field, &value)))
}

/// A value with what its code means; empty: none is kept.
pub fn shown(ctx: &Ctx, field: Option<&Field>, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let meaning = field.and_then(|field| field.meaning(value)).map(|name| ctx.text(name));
    meaning.map_or(text.clone(), |meaning| format!("{text} {meaning}"))
}

pub fn basis(ctx: &Ctx) -> Text {
    let in_lang = |lang| ctx.platform().texts().get(lang, "registry-look-basis").to_owned();
    Text { zh_hans: in_lang(Lang::ZhHans), zh_hant: in_lang(Lang::ZhHant), en: in_lang(Lang::En) }
}

async fn show(
    registry: &Registry,
    ctx: &Ctx,
    (found, offices): (&Correction, &[String]),
    (given, wrong): (Given, &[FieldError]),
) -> Result<Response> {
    let s = Shell::new(ctx);
    let errors = ErrorLine::all(&s, wrong);
    let answers = found.state == CorrectionState::Open && offices.contains(&found.office);
    let now = if answers { value_now(registry, ctx, found).await? } else { Now::Elsewhere };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let told = found
        .answer
        .as_ref()
        .map_or_else(String::new, |answer| ctx.tf("registry-correction-told", &[("count", &answer.told.to_string())]));
    let view = CorrectionPage {
        line: line(registry, ctx, (&s, found)),
        subject: found.subject.clone(),
        words: found.words.clone(),
        now,
        answers,
        done: given.done,
        told,
        decision_error: beside(&errors, "decision"),
        value_error: beside(&errors, "value"),
        words_error: beside(&errors, "words"),
        decision: given.decision,
        value: given.value,
        answer: given.answer,
        errors,
        s,
    };
    page::html_with(status, &view)
}

pub async fn answer(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let (found, offices) = find(&ctx, &id).await?;
    let grant = ctx.allow(Action::CorrectionAnswer, &On::at(&[&found.office]))?;
    let text = |name| posted.get(name).trim().to_owned();
    let given = Given { decision: text("decision"), value: text("value"), answer: text("words"), done: false };
    let here = registry.catalogue().get(&found.resource).is_some_and(|entry| registry.is_here(entry));
    let (state, mut wrong) = match given.decision.as_str() {
        "corrected" => (CorrectionState::Corrected, Vec::new()),
        "declined" => (CorrectionState::Declined, Vec::new()),
        _ => (CorrectionState::Open, vec![FieldError::new("decision", "registry-correction-choose")]),
    };
    let writes = state == CorrectionState::Corrected && here;
    if writes && given.value.is_empty() {
        wrong.push(FieldError::new("value", "registry-correction-value"));
    }
    let checked = words("words", &given.answer);
    wrong.extend(checked.as_ref().err().cloned());
    let words = match (wrong.is_empty(), checked) {
        (true, Ok(words)) => words,
        _ => return show(&registry, &ctx, (&found, &offices), (given, &wrong)).await,
    };
    let value = writes.then(|| given.value.clone());
    let (of, by) = (registry.clone(), ctx.clone());
    let answering = Answering { registry: of, ctx: by, offices: offices.clone(), id: id.clone(), words, value, state };
    match ctx.db().write(grant, move |tx| correction::answer(tx, &answering)).await {
        Ok(()) => page::see_other(&format!("{PAGE}/{id}?{DONE}=1")),
        Err(Error::Invalid(wrong)) => show(&registry, &ctx, (&found, &offices), (given, &wrong)).await,
        Err(other) => Err(other),
    }
}
