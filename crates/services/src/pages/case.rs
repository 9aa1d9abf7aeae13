//! A case as its owner sees it: timeline, answers, decision with reasons and the way to appeal.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use platform::Ctx;
use platform::error::{Error, Result};
use platform::ids::{Id, has_shape};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Posted;

use super::timeline::{self, Around, Timeline};
use super::{show, under_my};
use crate::evidence;
use crate::form::{Field, Input, SummaryPage};
use crate::item::{Item, Mode};
use crate::model::{Case, CaseId, CaseState};
use crate::sources::{self, Places};
use crate::table::Table;
use crate::{Hall, actions, store};

/// Why a case ended as it did.
pub struct OutcomeView {
    pub reasons: Vec<(String, String)>,
    pub appeal: Option<String>,
    pub office: String,
    pub day: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    s: Shell,
    case: Case,
    title: String,
    state: String,
    timeline: Timeline,
    pages: Vec<SummaryPage>,
    outcome: Option<OutcomeView>,
    files: Vec<(String, String)>,
    /// The source that a decision by rule waits for.
    waits: Option<String>,
    item_key: String,
    supplement: Option<String>,
}

impl CasePage {
    /// What an ending means and what to do now. // keys: services-ending-*
    fn ending(&self) -> String {
        self.s.tf(&format!("services-ending-{}", self.case.state.name()), &[])
    }
}

/// The owner's case; a forged or foreign one is not found.
pub async fn own(hall: &Hall, ctx: &Ctx, id: &str) -> Result<(Case, Around)> {
    if !has_shape(CaseId::PREFIX, id) {
        return Err(Error::NotFound);
    }
    debug_assert!(!hall.items().current().is_empty());
    let (owner, id) = (ctx.actor.party().id, CaseId::from_text(id.to_owned()));
    let grant = ctx.allow(Action::CaseRead, &On::owned_by(&owner))?;
    let read = move |tx: &mut platform::db::Tx<'_>| {
        let case = store::cases::get_own_case(tx, &owner, &id)?;
        let around = timeline::read(tx, &case)?;
        Ok((case, around))
    };
    ctx.db().read(grant, read).await
}

/// The answers as they were sent.
pub fn summary(hall: &Hall, ctx: &Ctx, case: &Case) -> Result<Vec<SummaryPage>> {
    let table = Table::lay(hall, hall.frozen(case)?, case.answers.clone(), &case.facts)?;
    let places = Places(hall);
    let submitted = case.submitted_at.date(ctx.zone());
    Ok(table.filling(&places, submitted).summary(&show(ctx, &places)))
}

/// Files of a case, by identifier and name; those in rows of a repeat as well.
pub fn files(case: &Case, item: &Item) -> Vec<(String, String)> {
    let fields = item.form.pages.iter().flat_map(|page| &page.fields);
    let files = fields.flat_map(|field| paths(case, field)).flat_map(|path| case.answers.files(&path));
    files.map(|file| (file.id, file.name)).collect()
}

/// Where the answers of a field stand: its key, or those of a repeat's fields in each row.
fn paths(case: &Case, field: &Field) -> Vec<String> {
    let Input::Repeat { fields, .. } = &field.input else { return vec![field.key.clone()] };
    let rows = case.answers.get(&field.key).and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    let of_row = |row: usize| fields.iter().map(move |inner| format!("{}.{row}.{}", field.key, inner.key));
    (0..rows).flat_map(of_row).collect()
}

pub async fn case(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (case, around) = own(&hall, &ctx, &id).await?;
    let loaded = hall.frozen(&case)?;
    let item = &loaded.item;
    page::html(&CasePage {
        title: ctx.text(item.shown_name()).to_owned(),
        state: ctx.t(&case.state.text_key()).to_owned(),
        timeline: timeline::tell(&hall, &ctx, (&case, item), &around),
        pages: summary(&hall, &ctx, &case)?,
        outcome: outcome(&hall, &ctx, &case, item)?,
        files: files(&case, item),
        waits: waits(&hall, &ctx, &case, item)?,
        item_key: item.key.clone(),
        supplement: around.supplement.filter(|_| case.state == CaseState::Supplementing).map(|ask| ask.message),
        s: Shell::new(&ctx),
        case,
    })
}

/// The sources that a decision by rule waits for, as a sentence; None when it waits for nobody.
fn waits(hall: &Hall, ctx: &Ctx, case: &Case, item: &Item) -> Result<Option<String>> {
    if case.state != CaseState::Submitted || item.handling.mode != Mode::Instant {
        return Ok(None);
    }
    let name = |resource: String| {
        let register = evidence::register(hall, &resource);
        let (register, provider) = (ctx.text(&register.name), ctx.text(&register.provider));
        ctx.tf("services-waits-source", &[("register", register), ("provider", provider)])
    };
    let away: Vec<String> = sources::away(&case.facts)?.into_iter().map(name).collect();
    if away.is_empty() {
        return Ok(None);
    }
    let sources = away.join(&ctx.tf("services-list-comma", &[]));
    Ok(Some(ctx.tf("services-waits", &[("sources", &sources)])))
}

/// Reasons with their basis, and how to appeal against a refusal.
pub fn outcome(hall: &Hall, ctx: &Ctx, case: &Case, item: &Item) -> Result<Option<OutcomeView>> {
    let Some(stored) = &case.outcome else { return Ok(None) };
    let stored: serde_json::Value = serde_json::from_str(stored)?;
    let text = |value: &serde_json::Value| {
        value.get(ctx.lang().tag()).or(Some(value)).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let reasons = match stored["reasons"].as_array() {
        Some(list) => list.iter().map(|r| (text(&r["message"]), text(&r["basis"]))).collect(),
        None => vec![(text(&stored["reason"]), text(&stored["basis"]))],
    };
    let organisations = hall.organisations();
    let office = hall.office_for(&item.handling.deciding.org, case)?;
    let org = organisations.find(&office);
    let refused = matches!(case.state, CaseState::Refused | CaseState::NotAccepted);
    let appeal = org.map(|org| &org.appeal.text).or(item.handling.appeal.as_ref());
    Ok(Some(OutcomeView {
        reasons: reasons.into_iter().filter(|(reason, _)| !reason.is_empty()).collect(),
        appeal: appeal.filter(|_| refused).map(|text| ctx.text(text).to_owned()),
        office: org.map_or(String::new(), |org| ctx.text(&org.name).to_owned()),
        day: case.finished_at.map(|at| page::day(ctx.lang(), at.date(ctx.zone()))).unwrap_or_default(),
    }))
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    s: Shell,
    case: Case,
    title: String,
    office: String,
    outcome: Option<OutcomeView>,
    timeline: Timeline,
    waits: Option<String>,
    result: String,
}

impl ReceiptPage {
    fn above(&self) -> [(String, String); 2] {
        under_my(&self.s, format!("/my/cases/{}", self.case.id.as_str()), &self.title)
    }

    fn heading(&self) -> &str {
        self.s.t(match self.case.state {
            state if state.is_open() => "services-receipt-sent",
            CaseState::Granted => "services-receipt-done",
            _ => "services-receipt-decided",
        })
    }

    /// The rule has not decided yet: nobody has to do anything.
    fn is_deciding(&self) -> bool {
        self.case.state.is_open() && self.timeline.is_nobodys()
    }
}

pub async fn receipt(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (case, around) = own(&hall, &ctx, &id).await?;
    let loaded = hall.frozen(&case)?;
    let item = &loaded.item;
    let organisations = hall.organisations();
    let office = organisations.find(&case.office).map_or(String::new(), |org| ctx.text(&org.name).to_owned());
    page::html(&ReceiptPage {
        title: ctx.text(item.shown_name()).to_owned(),
        office,
        outcome: outcome(&hall, &ctx, &case, item)?,
        timeline: timeline::tell(&hall, &ctx, (&case, item), &around),
        waits: waits(&hall, &ctx, &case, item)?,
        result: item.result.name.as_ref().map_or(String::new(), |name| ctx.text(name).to_owned()),
        s: Shell::new(&ctx),
        case,
    })
}

#[derive(Template)]
#[template(path = "withdraw.html")]
struct WithdrawPage {
    s: Shell,
    case: Case,
    title: String,
}

impl WithdrawPage {
    fn above(&self) -> [(String, String); 2] {
        under_my(&self.s, format!("/my/cases/{}", self.case.id.as_str()), &self.title)
    }
}

pub async fn withdraw_page(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (case, _) = own(&hall, &ctx, &id).await?;
    if !case.state.is_open() {
        return Err(Error::Conflict("services-conflict-finished"));
    }
    let title = ctx.text(hall.frozen(&case)?.item.shown_name()).to_owned();
    page::html(&WithdrawPage { s: Shell::new(&ctx), case, title })
}

pub async fn withdraw(State(hall): State<Hall>, ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let (case, _) = own(&hall, &ctx, &id).await?;
    if case.state == CaseState::Withdrawn {
        return page::see_other(&format!("/my/cases/{id}"));
    }
    let grant = ctx.allow(Action::CaseWithdraw, &On::owned_by(&case.owner))?;
    let reason: String = posted.get("reason").chars().take(1000).collect();
    let inner = ctx.clone();
    let to = format!("/my/cases/{}", case.id.as_str());
    ctx.db().write(grant, move |tx| actions::end::withdraw(tx, &inner, &case, &reason)).await?;
    page::see_other(&to)
}

/// A file of one's own case.
pub async fn file(State(hall): State<Hall>, ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Result<Response> {
    let (case, _) = own(&hall, &ctx, &id).await?;
    let loaded = hall.frozen(&case)?;
    let grant = ctx.allow(Action::FileRead, &On::owned_by(&case.owner))?;
    send_file(&ctx, grant, (&case, &loaded.item), file).await
}

/// The bytes of a file that the case names; anything else is not found.
pub async fn send_file(
    ctx: &Ctx,
    grant: platform::policy::Grant,
    (case, item): (&Case, &Item),
    file: String,
) -> Result<Response> {
    if !files(case, item).iter().any(|(id, _)| *id == file) {
        return Err(Error::NotFound);
    }
    let owner = case.owner.clone();
    let stored = ctx.db().read(grant, move |tx| platform::files::get(tx, &owner, &file)).await?;
    let bytes = ctx.platform().files().read(&stored).await?;
    let disposition = format!("attachment; filename*=UTF-8''{}", page::encode(&stored.name));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_str(&stored.media_type).map_err(Error::internal)?),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?),
    ];
    Ok((headers, bytes).into_response())
}
