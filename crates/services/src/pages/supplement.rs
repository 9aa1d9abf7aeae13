//! The answer to the one notice: only the fields that were asked for, on one page, then everything goes on.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::Ctx;
use platform::error::{Error, FieldError, Result};
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, PostedWithFiles};

use super::case::own;
use super::{keeping, show, under_my};
use crate::form::{Ask, Page, PageView, parse_posted};
use crate::item::Item;
use crate::model::{Case, CaseState, Supplement};
use crate::sources::Places;
use crate::table::Table;
use crate::{Hall, actions};

#[derive(Template)]
#[template(path = "supplement.html")]
struct SupplementPage {
    s: Shell,
    title: String,
    message: String,
    due: String,
    view: PageView,
    action: String,
}

impl SupplementPage {
    fn case_href(&self) -> &str {
        self.action.trim_end_matches("/supplement")
    }

    fn above(&self) -> [(String, String); 2] {
        under_my(&self.s, self.case_href().to_owned(), &self.title)
    }
}

/// A case that waits for its applicant.
struct Waiting {
    case: Case,
    ask: Supplement,
    table: Table,
}

impl Waiting {
    async fn read(hall: &Hall, ctx: &Ctx, id: &str) -> Result<Self> {
        let (case, around) = own(hall, ctx, id).await?;
        let Some(ask) = around.supplement.filter(|_| case.state == CaseState::Supplementing) else {
            return Err(Error::Conflict("services-conflict-moved-on"));
        };
        let mut table = Table::lay(hall, hall.frozen(&case)?, case.answers.clone(), &case.facts)?;
        table.evidence.ask_for(&ask.fields); // the office wants to see the paper itself
        Ok(Self { case, ask, table })
    }

    fn item(&self) -> &Item {
        &self.table.loaded.item
    }

    /// What is wrong now. What was not asked for was right at the submission and is measured by that day; it can be wrong
    /// only because an answer brought it up.
    fn errors(&self, hall: &Hall, ctx: &Ctx) -> Vec<FieldError> {
        let (places, since) = (Places(hall), self.case.submitted_at.date(ctx.zone()));
        let asked = self.table.filling(&places, ctx.today()).validate_all();
        let others = self.table.filling_since(&places, (since, ctx.today())).validate_all();
        let is_asked = |error: &FieldError| self.ask.fields.iter().any(|key| key == key_of(&error.field));
        let others = others.into_iter().filter(|error| !is_asked(error));
        asked.into_iter().filter(is_asked).chain(others).collect()
    }

    /// Keys of the fields to be shown: those that were asked for, and those that these answers brought up.
    fn open_keys(&self, hall: &Hall, ctx: &Ctx) -> Vec<String> {
        let mut keys = self.ask.fields.clone();
        keys.extend(self.errors(hall, ctx).iter().map(|error| key_of(&error.field).to_owned()));
        keys
    }

    /// The form's pages cut down to these fields.
    fn pages(&self, keys: &[String]) -> Vec<Page> {
        let cut = |page: &Page| {
            let fields = page.fields.iter().filter(|field| keys.contains(&field.key)).cloned().collect();
            Page { fields, ..page.clone() }
        };
        self.item().form.pages.iter().map(cut).filter(|page| !page.fields.is_empty()).collect()
    }
}

/// The field of the form that a path leads into: `staff.0.file` is of `staff`.
fn key_of(path: &str) -> &str {
    path.split_once('.').map_or(path, |(key, _)| key)
}

fn supplement_page(hall: &Hall, ctx: &Ctx, waiting: &Waiting, errors: &[FieldError]) -> Result<Response> {
    let places = Places(hall);
    let filling = waiting.table.filling(&places, ctx.today());
    let showing = show(ctx, &places);
    let mut view = PageView { title: ctx.t("services-supplement-title").to_owned(), ..PageView::default() };
    let keys = waiting.open_keys(hall, ctx);
    for page in waiting.pages(&keys) {
        let whole = filling.view(&page, errors, &showing);
        view.multipart |= whole.multipart;
        view.errors.extend(whole.errors);
        view.fields.extend(whole.fields.into_iter().filter(|field| keys.contains(&field.name)));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let template = SupplementPage {
        title: ctx.text(waiting.item().shown_name()).to_owned(),
        message: waiting.ask.message.clone(),
        due: page::day(ctx.lang(), waiting.ask.due_at.date(ctx.zone())),
        view,
        action: format!("/my/cases/{}/supplement", waiting.case.id.as_str()),
        s: Shell::new(ctx),
    };
    page::html_with(status, &template)
}

pub async fn page(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let waiting = Waiting::read(&hall, &ctx, &id).await?;
    supplement_page(&hall, &ctx, &waiting, &[])
}

/// Saves what was typed, and sends the supplement when it is right.
pub async fn send(
    State(hall): State<Hall>,
    ctx: Ctx,
    Path(id): Path<String>,
    PostedWithFiles(posted): PostedWithFiles,
) -> Result<Response> {
    let done = match Waiting::read(&hall, &ctx, &id).await {
        Ok(waiting) => keep_and_send(&hall, &ctx, waiting, &posted).await,
        Err(error) => Err(error),
    };
    match done {
        // Another page of the same case saved in between, and the case still waits: said, never written over.
        Err(Error::Conflict(key)) if Waiting::read(&hall, &ctx, &id).await.is_ok() => Err(Error::Conflict(key)),
        // Sent twice, or answered elsewhere: the case shows how it stands.
        Err(Error::Conflict(_)) => page::see_other(&format!("/my/cases/{id}")),
        other => other,
    }
}

async fn keep_and_send(hall: &Hall, ctx: &Ctx, mut waiting: Waiting, posted: &Posted) -> Result<Response> {
    let to = format!("/my/cases/{}", waiting.case.id.as_str());
    let (ask, mut errors) = keep(hall, ctx, &mut waiting, posted).await?;
    if matches!(ask, Ask::AddRow(..) | Ask::RemoveRow(..) | Ask::Detach(..)) && errors.is_empty() {
        return page::see_other(&format!("{to}/supplement"));
    }
    errors.extend(waiting.errors(hall, ctx));
    if !errors.is_empty() {
        return supplement_page(hall, ctx, &waiting, &errors);
    }
    let grant = ctx.allow(Action::CaseSupplement, &On::owned_by(&waiting.case.owner))?;
    let (inner, doors, loaded) = (ctx.clone(), hall.clone(), Arc::clone(&waiting.table.loaded));
    let case = waiting.case;
    ctx.db().write(grant, move |tx| actions::supplement::send(tx, &inner, &doors, &case, &loaded.item)).await?;
    page::see_other(&to)
}

async fn keep(hall: &Hall, ctx: &Ctx, waiting: &mut Waiting, posted: &Posted) -> Result<(Ask, Vec<FieldError>)> {
    let mut errors = Vec::new();
    let mut ask = Ask::Continue;
    let keys = waiting.open_keys(hall, ctx);
    let (loaded, before) = (Arc::clone(&waiting.table.loaded), waiting.table.answers.clone());
    let form = &loaded.item.form;
    for page in waiting.pages(&keys) {
        let read = parse_posted(&page, &posted.fields, &waiting.table.prefills);
        errors.extend(read.errors.iter().cloned());
        // One button was pressed; to the pages that do not have it, it says nothing.
        ask = if ask == Ask::Continue { read.ask.clone() } else { ask };
        keeping::lay(read, form, &mut waiting.table.answers);
    }
    let asked_for = posted.files.iter().filter(|(path, _)| keys.iter().any(|key| key == key_of(path)));
    let files: Vec<_> = asked_for.cloned().collect();
    errors.extend(keeping::attach(ctx, &waiting.case.owner, (form, &mut waiting.table.answers), &files).await?);
    if waiting.table.answers == before {
        return Ok((ask, errors));
    }
    let grant = ctx.allow(Action::CaseSupplement, &On::owned_by(&waiting.case.owner))?;
    let (case, answers) = (waiting.case.clone(), waiting.table.answers.clone());
    ctx.db().write(grant, move |tx| actions::supplement::save(tx, &case, &answers)).await?;
    waiting.case.revision += 1;
    Ok((ask, errors))
}
