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
use crate::deciding::Table;
use crate::form::{Ask, Page, PageView, parse_posted};
use crate::item::Item;
use crate::model::{Case, CaseState, Supplement};
use crate::sources::Places;
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
        let table = Table::lay(hall, hall.frozen(&case)?, case.answers.clone(), &case.facts)?;
        Ok(Self { case, ask, table })
    }

    fn item(&self) -> &Item {
        &self.table.loaded.item
    }

    /// The form's pages cut down to the fields that were asked for.
    fn pages(&self) -> Vec<Page> {
        let cut = |page: &Page| {
            let fields = page.fields.iter().filter(|field| self.ask.fields.contains(&field.key)).cloned().collect();
            Page { fields, ..page.clone() }
        };
        self.item().form.pages.iter().map(cut).filter(|page| !page.fields.is_empty()).collect()
    }
}

fn supplement_page(hall: &Hall, ctx: &Ctx, waiting: &Waiting, errors: &[FieldError]) -> Result<Response> {
    let places = Places(hall);
    let filling = waiting.table.filling(&places, ctx.today());
    let showing = show(ctx, &places);
    let mut view = PageView { title: ctx.t("services-supplement-title").to_owned(), ..PageView::default() };
    for page in waiting.pages() {
        let whole = filling.view(&page, errors, &showing);
        view.multipart |= whole.multipart;
        view.errors.extend(whole.errors);
        view.fields.extend(whole.fields.into_iter().filter(|field| waiting.ask.fields.contains(&field.name)));
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
    let mut waiting = match Waiting::read(&hall, &ctx, &id).await {
        // Sent twice, or answered elsewhere: the case shows how it stands.
        Err(Error::Conflict(_)) => return page::see_other(&format!("/my/cases/{id}")),
        other => other?,
    };
    let (ask, mut errors) = keep(&ctx, &mut waiting, &posted).await?;
    if matches!(ask, Ask::AddRow(_) | Ask::RemoveRow(..) | Ask::Detach(..)) && errors.is_empty() {
        return page::see_other(&format!("/my/cases/{id}/supplement"));
    }
    let places = Places(&hall);
    errors.extend(waiting.table.filling(&places, ctx.today()).validate_all());
    if !errors.is_empty() {
        return supplement_page(&hall, &ctx, &waiting, &errors);
    }
    let grant = ctx.allow(Action::CaseSupplement, &On::owned_by(&waiting.case.owner))?;
    let (inner, doors, loaded) = (ctx.clone(), hall.clone(), Arc::clone(&waiting.table.loaded));
    let case = waiting.case;
    let to = format!("/my/cases/{}", case.id.as_str());
    ctx.db().write(grant, move |tx| actions::supplement::send(tx, &inner, &doors, &case, &loaded.item)).await?;
    page::see_other(&to)
}

async fn keep(ctx: &Ctx, waiting: &mut Waiting, posted: &Posted) -> Result<(Ask, Vec<FieldError>)> {
    let mut errors = Vec::new();
    let mut ask = Ask::Continue;
    for page in waiting.pages() {
        let read = parse_posted(&page, &posted.fields, &waiting.table.prefills);
        waiting.table.answers.apply(read.patch);
        errors.extend(read.errors);
        ask = read.ask;
    }
    let loaded = Arc::clone(&waiting.table.loaded);
    let form = &loaded.item.form;
    keeping::obey(&ask, form, &mut waiting.table.answers);
    let asked_for = posted.files.iter().filter(|(path, _)| waiting.ask.fields.contains(path));
    let files: Vec<_> = asked_for.cloned().collect();
    errors.extend(keeping::attach(ctx, &waiting.case.owner, (form, &mut waiting.table.answers), &files).await?);
    let grant = ctx.allow(Action::CaseSupplement, &On::owned_by(&waiting.case.owner))?;
    let (case, answers) = (waiting.case.clone(), waiting.table.answers.clone());
    ctx.db().write(grant, move |tx| actions::supplement::save(tx, &case, &answers)).await?;
    Ok((ask, errors))
}
