//! Filling in an application: start, one page after another, check the answers, send.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use platform::Ctx;
use platform::error::{Error, FieldError, Result};
use platform::ids::Id;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, PostedWithFiles};

use super::{keeping, show, under_my};
use crate::catalogue::LoadedItem;
use crate::deciding;
use crate::form::{Answers, Ask, ErrorLine, Page, PageState, PageView, SummaryPage, parse_posted};
use crate::item::{Item, Mode};
use crate::model::{Draft, DraftId};
use crate::sources::{self, Places};
use crate::table::Table;
use crate::{Hall, actions, store};

/// A register that will be asked, and for what.
struct Asked {
    source: String,
    register: String,
    fields: String,
    /// The provision that allows it.
    basis: String,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    s: Shell,
    loaded: Arc<LoadedItem>,
    for_whom: String,
    asked: Vec<Asked>,
    /// A draft of the same item to go on with.
    draft: Option<String>,
}

impl StartPage {
    fn above(&self) -> [(String, String); 1] {
        let item = &self.loaded.item;
        [(format!("/items/{}", item.key), self.s.x(item.shown_name()).to_owned())]
    }
}

/// Before anything is fetched: which registers are asked, for what, on which basis.
pub async fn start(State(hall): State<Hall>, ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    let loaded = hall.current(&key)?;
    let party = ctx.actor.party();
    let grant = ctx.allow(Action::DraftRead, &On::owned_by(&party.id))?;
    let draft = ctx.db().read(grant, move |tx| store::drafts::find_open_draft(tx, &party.id, &key)).await?;
    let draft = draft.map(|draft| draft.id.as_str().to_owned());
    let asked = asked(&hall, &ctx, &loaded.item);
    page::html(&StartPage { s: Shell::new(&ctx), for_whom: ctx.actor.party().name, loaded, asked, draft })
}

fn asked(hall: &Hall, ctx: &Ctx, item: &Item) -> Vec<Asked> {
    let mut resources: Vec<&str> = item.facts.iter().map(|need| need.resource.as_str()).collect();
    resources.dedup();
    resources.sort_unstable();
    resources.dedup();
    let one = |resource: &str| {
        let labels = item.facts.iter().filter(|need| need.resource == resource);
        let labels: Vec<String> =
            labels.map(|need| sources::field_label(hall, (resource, &need.field), ctx.lang())).collect();
        let basis = item.facts.iter().find(|need| need.resource == resource);
        Asked {
            source: sources::asked_office(hall, resource, ctx.lang()),
            register: sources::resource_name(hall, resource, ctx.lang()),
            basis: basis.map_or(String::new(), |need| ctx.text(&need.basis).to_owned()),
            fields: labels.join(&ctx.tf("services-list-comma", &[])),
        }
    };
    resources.into_iter().map(one).collect()
}

pub async fn begin(State(hall): State<Hall>, ctx: Ctx, Path(key): Path<String>, posted: Posted) -> Result<Response> {
    let draft = deciding::begin(&hall, &ctx, &key, posted.get("once")).await?;
    let (_, loaded) = deciding::draft(&hall, &ctx, draft.as_str()).await?;
    let first = loaded.item.form.pages.first().map_or("", |page| page.key.as_str());
    page::see_other(&format!("/my/drafts/{}/pages/{first}", draft.as_str()))
}

/// A draft on the table.
struct Open {
    draft: Draft,
    table: Table,
}

impl Open {
    async fn read(hall: &Hall, ctx: &Ctx, id: &str) -> Result<Self> {
        let (draft, loaded) = deciding::fresh_draft(hall, ctx, id).await?;
        let table = Table::lay(hall, loaded, draft.answers.clone(), &draft.facts)?;
        Ok(Self { draft, table })
    }

    fn item(&self) -> &Item {
        &self.table.loaded.item
    }

    fn page(&self, key: &str) -> Result<&Page> {
        self.item().form.page(key).ok_or(Error::NotFound)
    }

    /// Already sent: every page of the draft leads to its case.
    fn sent_to(&self) -> Option<String> {
        self.draft.case.as_ref().map(|case| format!("/my/cases/{}/receipt", case.as_str()))
    }
}

/// A page of the task list.
struct TaskLine {
    id: usize,
    href: String,
    title: String,
    tone: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct TasksPage {
    s: Shell,
    title: String,
    draft: String,
    lines: Vec<TaskLine>,
    left: String,
    next: String,
}

pub async fn tasks(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let open = Open::read(&hall, &ctx, &id).await?;
    if let Some(case) = open.sent_to() {
        return page::see_other(&case);
    }
    let places = Places(&hall);
    let filling = open.table.filling(&places, ctx.today());
    let progress = filling.progress();
    let left = progress.iter().filter(|p| p.state != PageState::Done).count();
    let line = |(id, progress): (usize, &crate::form::PageProgress<'_>)| TaskLine {
        id: id + 1,
        href: format!("/my/drafts/{}/pages/{}", open.draft.id.as_str(), progress.page.key),
        title: ctx.text(&progress.page.title).to_owned(),
        tone: match progress.state {
            PageState::Done => "ok",
            PageState::Started => "info",
            PageState::Todo => "",
        },
        state: ctx.t(progress.state.text_key()).to_owned(),
    };
    let next = filling.first_unfinished().map_or_else(
        || format!("/my/drafts/{}/check", open.draft.id.as_str()),
        |page| format!("/my/drafts/{}/pages/{}", open.draft.id.as_str(), page.key),
    );
    page::html(&TasksPage {
        title: ctx.text(open.item().shown_name()).to_owned(),
        draft: open.draft.id.as_str().to_owned(),
        lines: progress.iter().enumerate().map(line).collect(),
        left: ctx.tf("services-tasks-left", &[("count", &left.to_string())]),
        next,
        s: Shell::new(&ctx),
    })
}

#[derive(Template)]
#[template(path = "form_page.html")]
struct FormPage {
    s: Shell,
    item_title: String,
    titles: Vec<String>,
    number: usize,
    total: usize,
    view: PageView,
    action: String,
    autosave: String,
    back: String,
    /// Shown once more because its own answers brought up further fields.
    revealed: bool,
}

impl FormPage {
    fn above(&self) -> [(String, String); 2] {
        let draft = self.action.split_once("/pages/").map_or(self.action.as_str(), |(draft, _)| draft);
        under_my(&self.s, draft.to_owned(), &self.item_title)
    }
}

pub async fn page(State(hall): State<Hall>, ctx: Ctx, Path((id, key)): Path<(String, String)>) -> Result<Response> {
    let open = Open::read(&hall, &ctx, &id).await?;
    if let Some(case) = open.sent_to() {
        return page::see_other(&case);
    }
    form_page(&hall, &ctx, &open, Shown { key: &key, errors: &[], revealed: false })
}

/// What of a page is to be shown.
struct Shown<'a> {
    key: &'a str,
    errors: &'a [FieldError],
    revealed: bool,
}

fn form_page(hall: &Hall, ctx: &Ctx, open: &Open, shown: Shown<'_>) -> Result<Response> {
    let places = Places(hall);
    let filling = open.table.filling(&places, ctx.today());
    let this = open.page(shown.key)?;
    let Some((number, pages)) = filling.position(shown.key) else { return Err(Error::NotFound) };
    let base = format!("/my/drafts/{}", open.draft.id.as_str());
    let mut titles: Vec<String> = filling.visible_pages().iter().map(|page| ctx.text(&page.title).to_owned()).collect();
    titles.push(ctx.t("services-check-step").to_owned());
    let back = filling.prev_page(shown.key).map_or_else(|| base.clone(), |page| format!("{base}/pages/{}", page.key));
    let view = filling.view(this, shown.errors, &show(ctx, &places));
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = FormPage {
        item_title: ctx.text(open.item().shown_name()).to_owned(),
        titles,
        number,
        total: pages + 1,
        view,
        action: format!("{base}/pages/{}", shown.key),
        autosave: format!("{base}/autosave/{}", shown.key),
        back,
        revealed: shown.revealed,
        s: Shell::new(ctx),
    };
    page::html_with(status, &form)
}

/// Lays what was posted over the draft, stores files and saves; whatever was typed is kept, right or wrong.
async fn keep(ctx: &Ctx, open: &mut Open, (key, posted): (&str, &Posted)) -> Result<(Ask, Vec<FieldError>)> {
    let this = open.page(key)?.clone();
    let read = parse_posted(&this, &posted.fields, &open.table.prefills);
    let (ask, mut errors) = (read.ask.clone(), read.errors.clone());
    let before = open.table.answers.clone();
    let loaded = Arc::clone(&open.table.loaded);
    let form = &loaded.item.form;
    keeping::lay(read, form, &mut open.table.answers);
    open.table.answers.mark_seen(key);
    let evidence = &open.table.evidence;
    let asked_for: Vec<_> = posted.files.iter().filter(|(path, _)| !evidence.is_proved(path)).cloned().collect();
    errors.extend(keeping::attach(ctx, &open.draft.owner, (form, &mut open.table.answers), &asked_for).await?);
    if open.table.answers != before {
        save_answers(ctx, open).await?;
    }
    Ok((ask, errors))
}

async fn save_answers(ctx: &Ctx, open: &mut Open) -> Result<()> {
    let grant = ctx.allow(Action::DraftWrite, &On::owned_by(&open.draft.owner))?;
    let (draft, answers): (Draft, Answers) = (open.draft.clone(), open.table.answers.clone());
    ctx.db().write(grant, move |tx| actions::draft::save(tx, &draft, &answers)).await?;
    open.draft.revision += 1;
    Ok(())
}

pub async fn save(
    State(hall): State<Hall>,
    ctx: Ctx,
    Path((id, key)): Path<(String, String)>,
    PostedWithFiles(posted): PostedWithFiles,
) -> Result<Response> {
    let mut open = Open::read(&hall, &ctx, &id).await?;
    if let Some(case) = open.sent_to() {
        return page::see_other(&case);
    }
    let before = Table { answers: open.table.answers.clone(), ..table_copy(&open.table) };
    let (ask, mut errors) = keep(&ctx, &mut open, (&key, &posted)).await?;
    let places = Places(&hall);
    let filling = open.table.filling(&places, ctx.today());
    let this = open.page(&key)?;
    let base = format!("/my/drafts/{}", open.draft.id.as_str());
    match ask {
        Ask::Save if errors.is_empty() => return page::see_other(&base),
        Ask::AddRow(..) | Ask::RemoveRow(..) | Ask::Detach(..) if errors.is_empty() => {
            return page::see_other(&format!("{base}/pages/{key}"));
        }
        _ => {}
    }
    let old = before.filling(&places, ctx.today());
    if errors.is_empty() && !filling.revealed(this, &old).is_empty() {
        return form_page(&hall, &ctx, &open, Shown { key: &key, errors: &[], revealed: true });
    }
    errors.extend(filling.validate_page(this));
    if !errors.is_empty() {
        return form_page(&hall, &ctx, &open, Shown { key: &key, errors: &errors, revealed: false });
    }
    match filling.next_page(&key) {
        Some(next) => page::see_other(&format!("{base}/pages/{}", next.key)),
        None => page::see_other(&format!("{base}/check")),
    }
}

fn table_copy(table: &Table) -> Table {
    Table {
        loaded: Arc::clone(&table.loaded),
        answers: table.answers.clone(),
        facts: table.facts.clone(),
        prefills: table.prefills.clone(),
        evidence: table.evidence.clone(),
    }
}

/// Saves what is typed so far, without a word about what is wrong with it. For the script; 204.
pub async fn autosave(
    State(hall): State<Hall>,
    ctx: Ctx,
    Path((id, key)): Path<(String, String)>,
    PostedWithFiles(posted): PostedWithFiles,
) -> Result<Response> {
    let mut open = Open::read(&hall, &ctx, &id).await?;
    if open.sent_to().is_none() {
        keep(&ctx, &mut open, (&key, &posted)).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    s: Shell,
    item_title: String,
    titles: Vec<String>,
    pages: Vec<SummaryPage>,
    base: String,
    errors: Vec<ErrorLine>,
    draft: String,
    instant: bool,
}

impl CheckPage {
    fn above(&self) -> [(String, String); 2] {
        under_my(&self.s, format!("/my/drafts/{}", self.draft), &self.item_title)
    }
}

pub async fn check(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let open = Open::read(&hall, &ctx, &id).await?;
    if let Some(case) = open.sent_to() {
        return page::see_other(&case);
    }
    check_page(&hall, &ctx, &open, &[])
}

fn check_page(hall: &Hall, ctx: &Ctx, open: &Open, errors: &[FieldError]) -> Result<Response> {
    let places = Places(hall);
    let filling = open.table.filling(&places, ctx.today());
    let showing = show(ctx, &places);
    let mut titles: Vec<String> = filling.visible_pages().iter().map(|page| ctx.text(&page.title).to_owned()).collect();
    titles.push(ctx.t("services-check-step").to_owned());
    let base = format!("/my/drafts/{}/pages/", open.draft.id.as_str());
    let mut lines = showing.error_lines(&open.item().form, errors);
    // The inputs stand on other pages: the summary leads there.
    for (line, error) in lines.iter_mut().zip(errors) {
        if let Some(page) = open.item().form.page_of(&error.field) {
            line.target = format!("{base}{}#{}", page.key, line.target);
        }
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = CheckPage {
        item_title: ctx.text(open.item().shown_name()).to_owned(),
        titles,
        pages: filling.summary(&showing),
        base,
        errors: lines,
        draft: open.draft.id.as_str().to_owned(),
        instant: open.item().handling.mode == Mode::Instant,
        s: Shell::new(ctx),
    };
    page::html_with(status, &page)
}

/// Sends, once however often the button is pressed; an instant item is decided before the receipt is shown.
pub async fn submit(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    let open = Open::read(&hall, &ctx, &id).await?;
    let case = match deciding::submit(&hall, &ctx, &DraftId::from_text(id)).await {
        Err(Error::Invalid(errors)) => {
            let now = Open::read(&hall, &ctx, open.draft.id.as_str()).await?;
            return check_page(&hall, &ctx, &now, &errors);
        }
        other => other?,
    };
    if open.item().handling.mode == Mode::Instant
        && let Err(error) = deciding::decide_now(&hall, &case).await
    {
        // The case is safe and its job decides later; the receipt says so.
        tracing::warn!(%error, "an instant decision was left to its job");
    }
    hall.platform().wake_jobs();
    page::see_other(&format!("/my/cases/{}/receipt", case.as_str()))
}

pub async fn discard(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    match deciding::discard(&hall, &ctx, &id).await {
        // Sent twice: what was thrown away the first time is not found the second time.
        Err(Error::NotFound) if deciding::was_discarded(&ctx, &id).await? => {}
        other => other?,
    }
    page::see_other("/my")
}
