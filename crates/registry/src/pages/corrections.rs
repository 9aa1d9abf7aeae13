//! "This is wrong": the form for a person's or an enterprise's own facts and for an office, and what they asked.
use std::cmp::Reverse;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::{Posted, Query, parse_urlencoded};
use platform::{Ctx, Error, FieldError, Result};

use super::labels::correction_key;
use super::lists::{Asked, Part};
use super::own::{OwnNow, own_now};
use super::{ON_A_PAGE, beside, field_name, office_name, offices, resource_name, value};
use crate::Registry;
use crate::actions::correction::{self, Asking};
use crate::model::correction::{Asker, Correction, CorrectionState, words};
use crate::model::resource::{Resource, SubjectKind};
use crate::store::corrections::list_asked;

/// A request as a list shows it.
pub struct CorrectionLine {
    pub id: String,
    pub resource: String,
    pub field: String,
    pub office: String,
    pub state: &'static str,
    pub tag: &'static str,
    pub asked: String,
    pub due: String,
    pub late: bool,
    pub right: String,
    pub answer: String,
    /// When it was answered; empty: not yet.
    pub answered: String,
    pub asker: String,
}

pub fn line(registry: &Registry, ctx: &Ctx, (s, one): (&Shell, &Correction)) -> CorrectionLine {
    CorrectionLine {
        id: one.id.clone(),
        resource: resource_name(registry, ctx, &one.resource),
        field: field_name(registry, ctx, (&one.resource, &one.field)),
        office: office_name(registry, ctx, &one.office),
        state: correction_key(one.state),
        tag: match one.state {
            CorrectionState::Open => "tag--info",
            CorrectionState::Corrected => "tag--ok",
            CorrectionState::Declined => "tag--warn",
        },
        asked: s.moment(&one.asked_at),
        due: s.day(&one.due),
        late: one.is_late(ctx.today()),
        right: one.right.clone(),
        answer: one.answer.as_ref().map_or_else(String::new, |answer| answer.words.clone()),
        answered: one.answer.as_ref().map_or_else(String::new, |answer| s.moment(&answer.at)),
        asker: match &one.asker.office {
            Some(office) => format!("{} {}", office_name(registry, ctx, office), one.asker.name),
            None => one.asker.name.clone(),
        },
    }
}

#[derive(Template)]
#[template(path = "my-corrections.html")]
struct MyCorrectionsPage {
    s: Shell,
    asked: Part<CorrectionLine>,
}

pub async fn mine(State(registry): State<Registry>, ctx: Ctx, query: Query) -> Result<Response> {
    let (party, grant) = own(&ctx)?;
    let (owner, asked) = (party.id.clone(), Asked::of("/my/corrections", &query));
    let before = asked.before("asked").to_owned();
    let all = ctx.db().read(grant, move |tx| list_asked(tx, &owner, &before, ON_A_PAGE + 1)).await?;
    let s = Shell::new(&ctx);
    let asked = newest_first(&asked, "asked", all).map(|one| line(&registry, &ctx, (&s, one)));
    page::html(&MyCorrectionsPage { asked, s })
}

pub fn newest_first(asked: &Asked, list: &str, all: Vec<Correction>) -> Part<Correction> {
    asked.part(list, all, |one| Reverse(one.id.clone()), |one| one.id.clone())
}

fn own(ctx: &Ctx) -> Result<(platform::policy::Party, Grant)> {
    let party = ctx.actor.party();
    if party.subject.is_empty() {
        return Err(Error::Denied("error-denied-role")); // officials ask for their office
    }
    let grant = ctx.allow(Action::CorrectionAsk, &On::owned_by(&party.id))?;
    Ok((party, grant))
}

/// A field to choose, below its resource.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Group {
    label: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "ask-correction.html")]
struct AskPage {
    s: Shell,
    /// An office asks: it names the subject.
    by_office: bool,
    /// The offices in whose name the official may ask.
    posts: Vec<Choice>,
    action: &'static str,
    groups: Vec<Group>,
    now: OwnNow,
    given: Given,
    errors: Vec<ErrorLine>,
    fact_error: String,
    office_error: String,
    subject_error: String,
    right_error: String,
    words_error: String,
}

/// What was typed.
#[derive(Default, Clone)]
struct Given {
    /// `resource.field`.
    fact: String,
    /// The office in whose name it is asked; empty: not chosen, or nobody asks for an office.
    office: String,
    subject: String,
    right: String,
    words: String,
}

impl Given {
    fn of(posted: &Posted) -> Self {
        let text = |name| posted.get(name).trim().to_owned();
        let [fact, office, subject] = ["fact", "office", "subject"].map(text);
        Self { fact, office, subject, right: text("right"), words: text("words") }
    }
}

/// Who asks about whom.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Person,
    Enterprise,
    Office,
}

impl By {
    fn own(ctx: &Ctx) -> Self {
        if ctx.actor.acting_for.is_some() { Self::Enterprise } else { Self::Person }
    }

    fn may_ask_of(self, resource: &Resource) -> bool {
        match self {
            Self::Person => resource.subject.includes(SubjectKind::Person),
            Self::Enterprise => resource.subject.includes(SubjectKind::Enterprise),
            Self::Office => true,
        }
    }
}

async fn show(registry: &Registry, ctx: &Ctx, by: By, (given, wrong): (Given, &[FieldError])) -> Result<Response> {
    let s = Shell::new(ctx);
    let errors = ErrorLine::all(&s, wrong);
    let (chosen, _) = given.fact.split_once('.').unwrap_or((given.fact.as_str(), ""));
    let group = |resource: &Resource| Group {
        label: ctx.text(&resource.name).to_owned(),
        choices: resource
            .fields
            .iter()
            .map(|field| (format!("{}.{}", resource.key, field.key), ctx.text(&field.name).to_owned()))
            .map(|(value, label)| Choice { chosen: value == given.fact, value, label })
            .collect(),
    };
    let all = registry.catalogue().iter().filter(|resource| by.may_ask_of(resource));
    let known = registry.catalogue().get(chosen).is_some();
    let groups = all.filter(|resource| !known || resource.key == chosen).map(|r| group(r)).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let may_read = by != By::Office && registry.catalogue().get(chosen).is_some_and(|entry| by.may_ask_of(entry));
    let now = if may_read { own_now(registry, ctx, &s, &given.fact).await? } else { OwnNow::Unasked };
    let view = AskPage {
        now,
        by_office: by == By::Office,
        action: if by == By::Office { "/inbox/corrections/new" } else { "/my/corrections/new" },
        groups,
        posts: posts(registry, ctx, (by, &given.office))?,
        fact_error: beside(&errors, "fact"),
        office_error: beside(&errors, "office"),
        subject_error: beside(&errors, "subject"),
        right_error: beside(&errors, "right"),
        words_error: beside(&errors, "words"),
        given,
        errors,
        s,
    };
    page::html_with(status, &view)
}

/// The only one is chosen already.
fn posts(registry: &Registry, ctx: &Ctx, (by, chosen): (By, &str)) -> Result<Vec<Choice>> {
    if by != By::Office {
        return Ok(Vec::new());
    }
    let (offices, _) = offices(ctx, Action::CorrectionAsk)?;
    let is_only = offices.len() == 1;
    let choice = |office: String| Choice {
        label: office_name(registry, ctx, &office),
        chosen: is_only || office == chosen,
        value: office,
    };
    Ok(offices.into_iter().map(choice).collect())
}

fn begun(query: Option<String>) -> Given {
    let query = parse_urlencoded(&query.unwrap_or_default());
    Given { fact: value(&query, "resource").to_owned(), ..Given::default() }
}

pub async fn form_own(State(registry): State<Registry>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    own(&ctx)?;
    show(&registry, &ctx, By::own(&ctx), (begun(query), &[])).await
}

pub async fn form_office(State(registry): State<Registry>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    offices(&ctx, Action::CorrectionAsk)?;
    show(&registry, &ctx, By::Office, (begun(query), &[])).await
}

pub async fn ask_own(State(registry): State<Registry>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let (party, grant) = own(&ctx)?;
    let asker = Asker { owner: party.id, name: party.name, office: None };
    let given = Given { subject: party.subject, ..Given::of(&posted) };
    if !posted.get("show").is_empty() {
        return show(&registry, &ctx, By::own(&ctx), (given, &[])).await;
    }
    ask(&registry, &ctx, (By::own(&ctx), asker, given), grant).await
}

pub async fn ask_office(State(registry): State<Registry>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let (offices, grant) = offices(&ctx, Action::CorrectionAsk)?;
    let (actor, given) = (&ctx.actor, Given::of(&posted));
    let office = match offices.as_slice() {
        [only] if given.office.is_empty() => Some(only),
        all => all.iter().find(|office| **office == given.office),
    };
    // The log names the office that asks, not another post of the same official.
    let grant = match office {
        Some(office) => ctx.allow(Action::CorrectionAsk, &On::at(&[office]))?,
        None => grant,
    };
    let asker = Asker { owner: actor.id.clone(), name: actor.name.clone(), office: office.cloned() };
    ask(&registry, &ctx, (By::Office, asker, given), grant).await
}

type Said = (By, Asker, Given);

async fn ask(registry: &Registry, ctx: &Ctx, (by, asker, given): Said, grant: Grant) -> Result<Response> {
    let mut wrong = Vec::new();
    let (resource, field) = given.fact.split_once('.').unwrap_or_default();
    let known = registry.catalogue().get(resource).filter(|entry| by.may_ask_of(entry));
    if known.and_then(|entry| entry.field(field)).is_none() {
        wrong.push(FieldError::new("fact", "registry-correction-field"));
    }
    if by == By::Office && asker.office.is_none() {
        wrong.push(FieldError::new("office", "registry-ask-office-choose"));
    }
    if given.right.is_empty() || given.right.chars().count() > 500 {
        wrong.push(FieldError::new("right", "registry-correction-right"));
    }
    let checked = words("words", &given.words);
    wrong.extend(checked.as_ref().err().cloned());
    let words = match (wrong.is_empty(), checked) {
        (true, Ok(words)) => words,
        _ => return show(registry, ctx, by, (given, &wrong)).await,
    };
    let asking = Asking {
        registry: registry.clone(),
        ctx: ctx.clone(),
        asker,
        resource: resource.to_owned(),
        field: field.to_owned(),
        subject: given.subject.clone(),
        right: given.right.clone(),
        words,
    };
    match ctx.db().write(grant, move |tx| correction::ask(tx, &asking)).await {
        Ok(()) if by == By::Office => page::see_other("/inbox/corrections"),
        Ok(()) => page::see_other("/my/corrections"),
        Err(Error::Invalid(wrong)) => show(registry, ctx, by, (given, &wrong)).await,
        Err(other) => Err(other),
    }
}
