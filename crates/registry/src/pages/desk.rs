//! The catalogue's desk: what an office handed in, what waits for the data office, one submission.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::db::Tx;
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Posted;
use platform::{Ctx, Error, FieldError, Result, ids};

use super::labels::{sharing_key, state_key, update_key};
use super::{ErrorLine, ON_A_PAGE, beside, data_office, office_name, offices};
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
    waiting: Vec<SubmissionLine>,
    open: Vec<DisputeLine>,
    own: Vec<SubmissionLine>,
    own_disputes: Vec<DisputeLine>,
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

pub async fn desk(State(registry): State<Registry>, ctx: Ctx) -> Result<Response> {
    let (offices, grant) = offices(&ctx, Action::CatalogueDesk)?;
    registry.refresh().await?;
    let keeps = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(&registry)])).is_ok();
    let read = move |tx: &mut Tx<'_>| {
        let (mut own, mut own_disputes) = (Vec::new(), Vec::new());
        for office in &offices {
            own.extend(submissions::list_of_office(tx, office, ON_A_PAGE)?);
            own_disputes.extend(disputes::list_of_office(tx, office, ON_A_PAGE)?);
        }
        let waiting = if keeps { submissions::list_waiting(tx, ON_A_PAGE)? } else { Vec::new() };
        let open = if keeps { disputes::list_open(tx, ON_A_PAGE)? } else { Vec::new() };
        Ok((own, own_disputes, waiting, open))
    };
    let (own, own_disputes, waiting, open) = ctx.db().read(grant, read).await?;
    let s = Shell::new(&ctx);
    let lines = |all: &[Submission]| all.iter().map(|one| submission_line(&registry, &ctx, (&s, one))).collect();
    let disputes = |all: &[Dispute]| all.iter().map(|one| dispute_line(&registry, &ctx, (&s, one))).collect();
    page::html(&DeskPage {
        keeps,
        submits: super::offices(&ctx, Action::CatalogueSubmit).is_ok(),
        waiting: lines(&waiting),
        open: disputes(&open),
        own: lines(&own),
        own_disputes: disputes(&own_disputes),
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
