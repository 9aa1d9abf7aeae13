//! A task as the officer sees it: what the applicant said beside what the registers say, and the acts it allows.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::Ctx;
use platform::db::{Audited, Tx};
use platform::error::{Error, FieldError, Result};
use platform::ids::{Id, has_shape};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Posted;

use super::case::{files, send_file};
use super::compare::{Compared, compare};
use super::guide::cite;
use super::inbox::{limit_tag, step};
use super::timeline::{self, Around, Timeline};
use crate::actions::desk::{Ask, Finding, Ruling, Words};
use crate::catalogue::LoadedItem;
use crate::deciding;
use crate::form::ErrorLine;
use crate::model::{Asked, Case, Move, Opinion, Supplement, Task, TaskId, TaskKind};
use crate::sources::Places;
use crate::{Hall, actions, store};

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    s: Shell,
    title: String,
    step: String,
    tone: &'static str,
    limit: String,
    open: Arc<OpenTask>,
    compared: Vec<Compared>,
    differing: usize,
    unverified: usize,
    timeline: Timeline,
    files: Vec<(String, String)>,
    citations: Vec<String>,
    askable: Vec<(String, String)>,
    /// The official's role does such tasks at the task's office.
    may_act: bool,
    can_ask: bool,
    mine: bool,
    typed: Typed,
    errors: Vec<ErrorLine>,
    conflict: Option<String>,
}

impl TaskPage {
    fn kind(&self) -> &'static str {
        self.open.task.kind.name()
    }

    /// The task waits for an act of this official.
    fn is_ready(&self) -> bool {
        self.may_act && self.open.task.is_open() && !self.open.task.waiting
    }

    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == field).map(|line| line.text.as_str())
    }

    /// The form that turns away was sent and came back.
    fn is_saying(&self) -> bool {
        !self.typed.reason.is_empty() || self.error("reason").is_some()
    }

    /// The form that asks was sent and came back.
    fn is_asking(&self) -> bool {
        !self.typed.message.is_empty() || !self.typed.fields.is_empty() || self.error("field").is_some()
    }

    /// The basis that was typed because the list lacks it.
    fn basis_other(&self) -> &str {
        if self.citations.contains(&self.typed.basis) { "" } else { &self.typed.basis }
    }

    /// How the task ended, in words. // keys: services-opinion-*
    fn ended(&self) -> Option<(String, &Opinion)> {
        let opinion = self.open.task.opinion.as_ref()?;
        Some((self.s.tf(&format!("services-opinion-{}", opinion.result), &[]), opinion))
    }
}

/// What the officer had typed, to be shown again.
#[derive(Default, Clone)]
struct Typed {
    reason: String,
    basis: String,
    message: String,
    fields: Vec<String>,
}

impl Typed {
    fn of(posted: &Posted) -> Self {
        let cut = |name: &str| posted.get(name).chars().take(4000).collect::<String>();
        let basis = if posted.get("basis").is_empty() { cut("basis-other") } else { cut("basis") };
        let fields = posted.fields.iter().filter(|(name, _)| name == "field").map(|(_, value)| value.clone());
        Self { reason: cut("reason"), basis, message: cut("message"), fields: fields.collect() }
    }

    fn words(&self) -> Words {
        Words { reason: self.reason.trim().to_owned(), basis: self.basis.trim().to_owned() }
    }
}

/// A task of one of the official's offices, with its case.
pub struct OpenTask {
    pub task: Task,
    pub case: Case,
    around: Around,
    pub loaded: Arc<LoadedItem>,
}

async fn open(hall: &Hall, ctx: &Ctx, id: &str) -> Result<OpenTask> {
    if !has_shape(TaskId::PREFIX, id) {
        return Err(Error::NotFound);
    }
    let offices = super::desk_offices(ctx);
    let of: Vec<&str> = offices.iter().map(String::as_str).collect();
    let grant = ctx.allow(Action::CaseRead, &On::at(&of))?;
    let id = TaskId::from_text(id.to_owned());
    let read = move |tx: &mut Tx<'_>| {
        for office in &offices {
            match store::tasks::get_task(tx, office, &id) {
                Ok(task) => {
                    let case = store::cases::get_office_case(tx, office, &task.case)?;
                    let around = timeline::read(tx, &case)?;
                    return Ok((task, case, around));
                }
                Err(Error::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        Err(Error::NotFound)
    };
    let (task, case, around) = ctx.db().read(grant, read).await?;
    let loaded = hall.frozen(&case)?;
    Ok(OpenTask { task, case, around, loaded })
}

pub async fn task(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let open = Arc::new(open(&hall, &ctx, &id).await?);
    task_page(&hall, &ctx, open, Shown::default()).await
}

/// What is shown besides the case.
#[derive(Default)]
struct Shown {
    typed: Typed,
    errors: Vec<FieldError>,
    conflict: Option<&'static str>,
}

async fn task_page(hall: &Hall, ctx: &Ctx, open: Arc<OpenTask>, shown: Shown) -> Result<Response> {
    let item = &open.loaded.item;
    let s = Shell::new(ctx);
    let compared = compare(hall, ctx, &open).await?;
    let (tone, limit) = limit_tag(hall, ctx, open.task.due_at);
    let places = Places(hall);
    let mut citations: Vec<String> = item.identity.legal_basis.iter().map(|citation| cite(&s, citation)).collect();
    citations.dedup();
    let status = match (&shown.conflict, shown.errors.is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let errors = shown.errors.iter().map(|error| ErrorLine { target: error.field.clone(), text: s.error_text(error) });
    let page = TaskPage {
        title: format!("{} · {}", ctx.text(item.shown_name()), open.case.owner_name),
        step: step(hall, ctx, (&open.case.item_key, open.case.item_version), &open.task)?,
        tone,
        limit,
        differing: compared.iter().filter(|row| row.differs).count(),
        unverified: compared.iter().filter(|row| row.is_unverified).count(),
        compared,
        timeline: timeline::tell(hall, ctx, (&open.case, item), &open.around),
        files: files(&open.case, item),
        citations,
        askable: askable(ctx, &open, &places),
        may_act: ctx.allow(action_of(open.task.kind), &On::at(&[&open.task.office])).is_ok(),
        can_ask: open.case.asked == Asked::NotYet && open.task.kind != TaskKind::Decide,
        mine: open.task.assignee.as_deref() == Some(ctx.actor.id.as_str()),
        errors: errors.collect(),
        typed: shown.typed,
        conflict: shown.conflict.map(|key| ctx.t(key).to_owned()),
        open,
        s,
    };
    page::html_with(status, &page)
}

fn action_of(kind: TaskKind) -> Action {
    match kind {
        TaskKind::Accept => Action::CaseAccept,
        TaskKind::Review => Action::CaseReview,
        TaskKind::Decide => Action::CaseDecide,
    }
}

/// Fields that the applicant may be asked about: only what the guide's form has.
fn askable(ctx: &Ctx, open: &OpenTask, _: &Places<'_>) -> Vec<(String, String)> {
    let fields = open.loaded.item.form.pages.iter().flat_map(|page| &page.fields);
    let open_to_change = fields.filter(|field| field.prefill.as_ref().is_none_or(|prefill| prefill.editable));
    open_to_change.map(|field| (field.key.clone(), ctx.text(&field.label).to_owned())).collect()
}

/// A look at what the hall itself holds about the applicant.
pub fn noted(open: &OpenTask, what: &'static str) -> exchange::Noted {
    let (case, item) = (&open.case, &open.loaded.item);
    exchange::Noted {
        what,
        purpose: item.key.clone(),
        basis: item.identity.legal_basis.first().map_or(String::new(), |cited| exchange::basis_text(&cited.law)),
        item: Some(item.key.clone()),
        case: Some(case.id.as_str().to_owned()),
        subject: exchange::Subject::of(&case.owner, &case.owner_number),
    }
}

pub async fn file(State(hall): State<Hall>, ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Result<Response> {
    let open = open(&hall, &ctx, &id).await?;
    let grant = ctx.allow(Action::FileRead, &On::at(&[&open.task.office]))?;
    hall.exchange().note_look(&ctx, grant.clone(), noted(&open, "case-file")).await?;
    send_file(&ctx, grant, (&open.case, &open.loaded.item), file).await
}

pub async fn take(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    let open = open(&hall, &ctx, &id).await?;
    let grant = ctx.allow(Action::InboxRead, &On::at(&[&open.task.office]))?;
    let inner = ctx.clone();
    if open.task.assignee.as_ref() != Some(&ctx.actor.id) {
        ctx.db().write(grant, move |tx| actions::desk::take(tx, &inner, &open.case, &open.task)).await?;
    }
    page::see_other(&format!("/inbox/tasks/{id}"))
}

/// An act under way: the task, what was typed, and the right to do it at the task's office.
struct Act {
    open: Arc<OpenTask>,
    typed: Typed,
    grant: platform::policy::Grant,
}

async fn begin(hall: &Hall, ctx: &Ctx, (id, action): (&str, Action), posted: &Posted) -> Result<Act> {
    let open = Arc::new(open(hall, ctx, id).await?);
    let grant = ctx.allow(action, &On::at(&[&open.task.office]))?;
    let typed = Typed::of(posted);
    Ok(Act { open, typed, grant })
}

/// Refuses a page that was read before somebody else acted.
fn is_current(posted: &Posted, open: &OpenTask) -> Result<()> {
    let seen = posted.get("revision").parse::<i64>();
    if seen == Ok(open.case.revision) { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

/// After an act: back to the inbox; after a conflict: the page as it is now, with the officer's words kept.
async fn answer(hall: &Hall, ctx: &Ctx, act: (Arc<OpenTask>, Typed), done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => {
            hall.platform().wake_jobs();
            page::see_other("/inbox?view=office")
        }
        Err(Error::Conflict(key)) => {
            let now = Arc::new(open(hall, ctx, act.0.task.id.as_str()).await?);
            if now.task.officer.as_deref() == Some(ctx.actor.id.as_str()) || stands_asked(&now, &act.1) {
                return page::see_other("/inbox?view=office"); // sent twice by the same hand: it was done the first time
            }
            task_page(hall, ctx, now, Shown { typed: act.1, errors: Vec::new(), conflict: Some(key) }).await
        }
        Err(Error::Invalid(errors)) => {
            task_page(hall, ctx, act.0, Shown { typed: act.1, errors, conflict: None }).await
        }
        Err(other) => Err(other),
    }
}

/// Whether the applicant was asked for just this by the task's office.
fn stands_asked(open: &OpenTask, typed: &Typed) -> bool {
    let same = |asked: &Supplement| asked.office == open.task.office && asked.fields == typed.fields;
    open.around.supplement.as_ref().is_some_and(|asked| same(asked) && asked.message == typed.message.trim())
}

/// For reviews that run side by side: another office may have ended its own, but the answers must be those that were read.
fn same_answers(posted: &Posted, open: &OpenTask) -> Result<()> {
    let same = posted.get("answers") == open.case.answers_digest();
    if same { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

/// Whoever says no says why, and on which basis.
fn with_reason(words: &Words) -> Result<()> {
    let mut errors = Vec::new();
    if words.reason.chars().count() < 5 {
        errors.push(FieldError::new("reason", "services-error-reason"));
    }
    if words.basis.is_empty() {
        errors.push(FieldError::new("basis", "services-error-basis"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

pub async fn accept(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let act = begin(&hall, &ctx, (&id, Action::CaseAccept), &posted).await?;
    let (open, inner, doors) = (Arc::clone(&act.open), ctx.clone(), hall.clone());
    let done = match is_current(&posted, &act.open) {
        Ok(()) => {
            let write = move |tx: &mut Tx<'_>| -> Result<Audited<()>> {
                actions::desk::accept(tx, &inner, &doors, (&open.case, &open.loaded.item, &open.task))
            };
            ctx.db().write(act.grant, write).await
        }
        Err(error) => Err(error),
    };
    answer(&hall, &ctx, (act.open, act.typed), done).await
}

pub async fn turn_away(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let act = begin(&hall, &ctx, (&id, Action::CaseAccept), &posted).await?;
    let (open, inner, words) = (Arc::clone(&act.open), ctx.clone(), act.typed.words());
    let done = match is_current(&posted, &act.open).and_then(|()| with_reason(&words)) {
        Ok(()) => {
            let write = move |tx: &mut Tx<'_>| {
                actions::desk::turn_away(tx, &inner, (&open.case, &open.loaded.item, &open.task), &words)
            };
            ctx.db().write(act.grant, write).await
        }
        Err(error) => Err(error),
    };
    answer(&hall, &ctx, (act.open, act.typed), done).await
}

/// What is missing must be of the guide's form, and be said in words.
fn checked_ask(open: &OpenTask, typed: &Typed) -> Result<Ask> {
    let known = |key: &String| {
        let field = open.loaded.item.form.field(key);
        field.is_some_and(|field| field.prefill.as_ref().is_none_or(|prefill| prefill.editable))
    };
    let mut errors = Vec::new();
    if typed.fields.is_empty() || !typed.fields.iter().all(known) {
        errors.push(FieldError::new("field", "services-error-ask-fields"));
    }
    if typed.message.trim().chars().count() < 5 {
        errors.push(FieldError::new("message", "services-error-ask-message"));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    Ok(Ask { fields: typed.fields.clone(), message: typed.message.trim().to_owned() })
}

pub async fn ask(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let act = begin(&hall, &ctx, (&id, Action::CaseAsk), &posted).await?;
    let (open, inner, doors) = (Arc::clone(&act.open), ctx.clone(), hall.clone());
    let done = match is_current(&posted, &act.open).and_then(|()| checked_ask(&act.open, &act.typed)) {
        Ok(wanted) => {
            let write = move |tx: &mut Tx<'_>| {
                actions::desk::ask(tx, &inner, &doors, (&open.case, &open.loaded.item, &open.task), &wanted)
            };
            ctx.db().write(act.grant, write).await
        }
        Err(error) => Err(error),
    };
    answer(&hall, &ctx, (act.open, act.typed), done).await
}

pub async fn review(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let act = begin(&hall, &ctx, (&id, Action::CaseReview), &posted).await?;
    let (open, inner, doors, words) = (Arc::clone(&act.open), ctx.clone(), hall.clone(), act.typed.words());
    let finding = if posted.get("verdict") == "passed" { Finding::Passed } else { Finding::Failed };
    let said = if finding == Finding::Failed { with_reason(&words) } else { Ok(()) };
    let done = match same_answers(&posted, &act.open).and(said) {
        Ok(()) => {
            let write = move |tx: &mut Tx<'_>| {
                let on = (&open.case, &open.loaded.item, &open.task);
                actions::desk::review(tx, &inner, &doors, on, (finding, &words))
            };
            ctx.db().write(act.grant, write).await
        }
        Err(error) => Err(error),
    };
    answer(&hall, &ctx, (act.open, act.typed), done).await
}

pub async fn decide(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let act = begin(&hall, &ctx, (&id, Action::CaseDecide), &posted).await?;
    let step = if posted.get("verdict") == "granted" { Move::Grant } else { Move::Refuse };
    let done = match decide_now(&hall, &ctx, (&act, &posted), step).await {
        Ok(done) => done,
        Err(error) => Err(error),
    };
    answer(&hall, &ctx, (act.open, act.typed), done).await
}

/// Signs the certificate before the transaction that decides; if that fails, the certificate never existed.
async fn decide_now(hall: &Hall, ctx: &Ctx, (act, posted): (&Act, &Posted), step: Move) -> Result<Result<()>> {
    let (open, words) = (Arc::clone(&act.open), act.typed.words());
    is_current(posted, &open)?;
    if step == Move::Refuse {
        with_reason(&words)?;
    }
    let facts = match step {
        Move::Grant => deciding::facts_to_grant(hall, ctx, &open.case, &open.task.office).await?,
        _ => open.case.facts.clone(),
    };
    let prepared = if step == Move::Grant { deciding::prepare(hall, ctx, &open.case, &facts).await? } else { None };
    let inner = ctx.clone();
    let write = move |tx: &mut Tx<'_>| {
        if let Some(prepared) = &prepared {
            deciding::insert_certificate(tx, prepared)?;
        }
        deciding::keep_facts(tx, &open.case, &facts)?;
        let ruling = Ruling { step, words: &words, certificate: prepared.as_ref().map(|p| p.id()) };
        actions::desk::decide(tx, &inner, (&open.case, &open.loaded.item, &open.task), &ruling)
    };
    Ok(ctx.db().write(act.grant.clone(), write).await)
}
