//! The catalogue's desk: what an office handed in, what waits for the data office, one submission.
use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::clock::iso_date;
use platform::db::Tx;
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::{Posted, Query};
use platform::{Ctx, Error, FieldError, Result, ids};

use super::labels::{sharing_key, state_key, update_key};
use super::lists::{Asked, Part};
use super::{ON_A_PAGE, beside, data_office, office_name, offices};
use crate::Registry;
use crate::actions::submission::{self, Ending};
use crate::model::correction::words;
use crate::model::resource::Resource;
use crate::model::submission::{Difference, Dispute, Submission, SubmissionState, difference};
use crate::store::{disputes, submissions};

pub struct SubmissionLine {
    pub href: String,
    pub name: String,
    pub office: String,
    pub state: &'static str,
    pub when: String,
}

pub struct DisputeLine {
    pub href: String,
    pub field: String,
    pub claimant: String,
    pub holder: String,
    pub due: String,
    pub late: bool,
    pub decided: bool,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    s: Shell,
    /// The reader works in the data office.
    keeps: bool,
    submits: bool,
    waiting: Part<SubmissionLine>,
    open: Part<DisputeLine>,
    own: Part<SubmissionLine>,
    own_disputes: Part<DisputeLine>,
}

fn submission_line(registry: &Registry, ctx: &Ctx, (s, one): (&Shell, &Submission)) -> SubmissionLine {
    SubmissionLine {
        href: format!("/desk/catalogue/submissions/{}", one.id),
        name: ctx.text(&one.document.name).to_owned(),
        office: office_name(registry, ctx, &one.office),
        state: state_key(one.state),
        when: s.moment(&one.at),
    }
}

pub fn dispute_line(registry: &Registry, ctx: &Ctx, (s, one): (&Shell, &Dispute)) -> DisputeLine {
    DisputeLine {
        href: format!("/desk/catalogue/disputes/{}", one.id),
        field: super::field_name(registry, ctx, (&one.clash.holder, &one.clash.holder_field)),
        claimant: office_name(registry, ctx, &one.claimant),
        holder: office_name(registry, ctx, &one.holder),
        due: s.day(&one.due),
        late: one.is_late(ctx.today()),
        decided: one.verdict.is_some(),
    }
}

/// What the reader's offices keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Nothing,
    /// As the data office.
    Catalogue,
}

/// What stands on the desk of some offices; the data office's lists too, when it is one of them.
struct Lists {
    waiting: Part<Submission>,
    open: Part<Dispute>,
    own: Part<Submission>,
    own_disputes: Part<Dispute>,
}

fn lists(tx: &mut Tx<'_>, asked: &Asked, offices: &[String], keeps: Keeps) -> Result<Lists> {
    let (mut own, mut disputed, limit) = (Vec::new(), Vec::new(), ON_A_PAGE + 1);
    for office in offices {
        own.extend(submissions::list_of_office(tx, office, asked.before("own"), limit)?);
        disputed.extend(disputes::list_of_office(tx, office, asked.before("disputes"), limit)?);
    }
    let (waiting, open) = match keeps {
        Keeps::Nothing => (Vec::new(), Vec::new()),
        Keeps::Catalogue => (
            submissions::list_waiting(tx, asked.after("waiting"), limit)?,
            disputes::list_open(tx, asked.after_day("open"), limit)?,
        ),
    };
    let due = |one: &Dispute| (iso_date(one.due), one.id.clone());
    Ok(Lists {
        waiting: asked.part("waiting", waiting, |one| one.id.clone(), |one| one.id.clone()),
        open: asked.part("open", open, due, |one| format!("{}.{}", iso_date(one.due), one.id)),
        own: asked.part("own", own, |one| Reverse(one.id.clone()), |one| one.id.clone()),
        own_disputes: asked.part("disputes", disputed, |one| Reverse(one.id.clone()), |one| one.id.clone()),
    })
}

pub async fn desk(State(registry): State<Registry>, ctx: Ctx, query: Query) -> Result<Response> {
    let (offices, grant) = offices(&ctx, Action::CatalogueDesk)?;
    registry.refresh().await?;
    let keeps = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(&registry)]));
    let keeps = if keeps.is_ok() { Keeps::Catalogue } else { Keeps::Nothing };
    let asked = Asked::of("/desk/catalogue", &query);
    let lists = ctx.db().read(grant, move |tx| lists(tx, &asked, &offices, keeps)).await?;
    let s = Shell::new(&ctx);
    let line = |one: &Submission| submission_line(&registry, &ctx, (&s, one));
    let dispute = |one: &Dispute| dispute_line(&registry, &ctx, (&s, one));
    page::html(&DeskPage {
        keeps: keeps == Keeps::Catalogue,
        submits: super::offices(&ctx, Action::CatalogueSubmit).is_ok(),
        waiting: lists.waiting.map(line),
        open: lists.open.map(dispute),
        own: lists.own.map(line),
        own_disputes: lists.own_disputes.map(dispute),
        s,
    })
}

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    s: Shell,
    id: String,
    line: SubmissionLine,
    author: String,
    facts: Vec<(&'static str, String)>,
    added: String,
    removed: String,
    changed: String,
    head: bool,
    is_new: bool,
    disputes: Vec<DisputeLine>,
    document: String,
    decided: Option<(String, String, String)>,
    decides: bool,
    /// It waits, so that it can be published.
    ready: bool,
    reason: String,
    errors: Vec<ErrorLine>,
    error: String,
}

/// A submission that the reader may see: of their office, or as the data office.
async fn find(registry: &Registry, ctx: &Ctx, id: &str) -> Result<(Submission, Vec<Dispute>)> {
    if !ids::has_shape("sub", id) {
        return Err(Error::NotFound);
    }
    let (_, grant) = offices(ctx, Action::CatalogueDesk)?;
    let id = id.to_owned();
    let read =
        move |tx: &mut Tx<'_>| Ok((submissions::get_submission(tx, &id)?, disputes::list_of_submission(tx, &id)?));
    let found = ctx.db().read(grant, read).await?;
    let seen = On { owner: None, offices: &[&found.0.office, data_office(registry)] };
    ctx.allow(Action::CatalogueDesk, &seen).map_err(|_| Error::NotFound)?;
    Ok(found)
}

pub async fn submission(State(registry): State<Registry>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    registry.refresh().await?;
    let found = find(&registry, &ctx, &id).await?;
    show(&registry, &ctx, found, (String::new(), None))
}

fn show(
    registry: &Registry,
    ctx: &Ctx,
    (one, all): (Submission, Vec<Dispute>),
    (reason, error): (String, Option<FieldError>),
) -> Result<Response> {
    let s = Shell::new(ctx);
    let current = registry.catalogue().get(&one.resource);
    let compared = if one.state.is_open() { current } else { None };
    let differs = compared.map(|current| difference(current, &one.document)).unwrap_or_default();
    let errors: Vec<ErrorLine> = error.iter().map(|error| ErrorLine::new(&s, error)).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let keeps = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(registry)])).is_ok();
    let Difference { added, removed, changed, head } = differs;
    let view = SubmissionPage {
        id: one.id.clone(),
        line: submission_line(registry, ctx, (&s, &one)),
        author: one.author_name.clone(),
        facts: facts(ctx, &one.document),
        added: added.join(", "),
        removed: removed.join(", "),
        changed: changed.join(", "),
        head,
        is_new: one.state.is_open() && current.is_none(),
        disputes: all.iter().map(|dispute| dispute_line(registry, ctx, (&s, dispute))).collect(),
        document: serde_json::to_string_pretty(&one.document)?,
        decided: one.decided.as_ref().map(|by| (by.name.clone(), s.moment(&by.at), by.reason.clone())),
        decides: keeps && one.state.is_open(),
        ready: one.state == SubmissionState::Waiting,
        reason,
        error: beside(&errors, "reason"),
        errors,
        s,
    };
    page::html_with(status, &view)
}

fn facts(ctx: &Ctx, document: &Resource) -> Vec<(&'static str, String)> {
    vec![
        ("registry-resource-key", document.key.clone()),
        ("registry-resource-code", document.code.clone()),
        ("registry-resource-provider-code", document.provider_code.clone()),
        ("registry-submission-sharing", ctx.t(sharing_key(document.sharing)).to_owned()),
        ("registry-resource-ground", ctx.text(&document.sharing_ground).to_owned()),
        ("registry-resource-update", ctx.t(update_key(document.update)).to_owned()),
        ("registry-submission-fields", document.fields.iter().map(|f| f.key.as_str()).collect::<Vec<_>>().join(", ")),
    ]
}

fn ending(registry: &Registry, ctx: &Ctx, (id, reason): (&str, &str)) -> Ending {
    let (id, reason) = (id.to_owned(), reason.to_owned());
    Ending { registry: registry.clone(), ctx: ctx.clone(), id, reason }
}

pub async fn publish(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    _: Posted,
) -> Result<Response> {
    let grant = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(&registry)]))?;
    let (found, _) = find(&registry, &ctx, &id).await?;
    let ending = ending(&registry, &ctx, (&id, ""));
    ctx.db().write(grant, move |tx| submission::publish(tx, &ending)).await?;
    registry.refresh().await?;
    page::see_other(&format!("/catalogue/{}", found.resource))
}

pub async fn refuse(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let grant = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(&registry)]))?;
    let found = find(&registry, &ctx, &id).await?;
    let reason = match words("reason", posted.get("reason")) {
        Ok(reason) => reason,
        Err(error) => return show(&registry, &ctx, found, (posted.get("reason").to_owned(), Some(error))),
    };
    let ending = ending(&registry, &ctx, (&id, &reason));
    ctx.db().write(grant, move |tx| submission::refuse(tx, &ending)).await?;
    page::see_other(&format!("/desk/catalogue/submissions/{id}"))
}
