//! A second claim on a field: both sides, the day by which it is decided, the decision.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use platform::db::Tx;
use platform::form::ErrorLine;
use platform::i18n::Text;
use platform::page::{self, Shell};
use platform::policy::{Action, Grant, On};
use platform::posted::Posted;
use platform::{Ctx, Error, FieldError, Result, ids};

use super::desk::{DisputeLine, dispute_line};
use super::{beside, data_office, offices, resource_name};
use crate::Registry;
use crate::actions::submission::{self, Ending};
use crate::model::correction::words;
use crate::model::submission::{Dispute, Verdict};
use crate::store::disputes::get_dispute;
use crate::store::submissions::get_submission;

struct Settled {
    keeps: &'static str,
    by: String,
    when: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "dispute.html")]
struct DisputePage {
    s: Shell,
    id: String,
    line: DisputeLine,
    resource: String,
    held_in: String,
    held_href: String,
    submission: String,
    words: String,
    reply: String,
    settled: Option<Settled>,
    replies: bool,
    decides: bool,
    given: String,
    reply_error: String,
    reason_error: String,
    verdict_error: String,
    verdict: String,
    errors: Vec<ErrorLine>,
}

/// What was typed into one of the two forms, and what is wrong with it.
#[derive(Default)]
struct Given {
    words: String,
    verdict: String,
    errors: Vec<FieldError>,
}

/// The dispute, and how the resource is named that claims.
async fn find(registry: &Registry, ctx: &Ctx, id: &str) -> Result<(Dispute, Text)> {
    if !ids::has_shape("dsp", id) {
        return Err(Error::NotFound);
    }
    let (_, grant) = offices(ctx, Action::CatalogueDesk)?;
    let id = id.to_owned();
    let read = move |tx: &mut Tx<'_>| {
        let found = get_dispute(tx, &id)?;
        let name = get_submission(tx, &found.submission)?.document.name;
        Ok((found, name))
    };
    let (found, name) = ctx.db().read(grant, read).await?;
    let sides = [found.claimant.as_str(), &found.holder, data_office(registry)];
    ctx.allow(Action::CatalogueDesk, &On::at(&sides)).map_err(|_| Error::NotFound)?;
    Ok((found, name))
}

pub async fn dispute(State(registry): State<Registry>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    registry.refresh().await?;
    let found = find(&registry, &ctx, &id).await?;
    show(&registry, &ctx, &found, Given::default())
}

fn show(registry: &Registry, ctx: &Ctx, (found, name): &(Dispute, Text), given: Given) -> Result<Response> {
    let s = Shell::new(ctx);
    let errors = ErrorLine::all(&s, &given.errors);
    let open = found.verdict.is_none();
    let settled = found.verdict.as_ref().map(|(verdict, by)| Settled {
        keeps: match verdict {
            Verdict::Holder => "registry-dispute-kept",
            Verdict::Claimant => "registry-dispute-moved",
        },
        by: by.name.clone(),
        when: s.moment(&by.at),
        reason: by.reason.clone(),
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = DisputePage {
        id: found.id.clone(),
        line: dispute_line(registry, ctx, (&s, found)),
        resource: ctx.text(name).to_owned(),
        held_in: resource_name(registry, ctx, &found.clash.holder),
        held_href: format!("/catalogue/{}", found.clash.holder),
        submission: format!("/desk/catalogue/submissions/{}", found.submission),
        words: found.words.clone(),
        reply: found.reply.clone(),
        settled,
        replies: open && ctx.allow(Action::CatalogueSubmit, &On::at(&[&found.holder])).is_ok(),
        decides: open && ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(registry)])).is_ok(),
        given: given.words,
        verdict: given.verdict,
        reply_error: beside(&errors, "reply"),
        reason_error: beside(&errors, "reason"),
        verdict_error: beside(&errors, "verdict"),
        errors,
        s,
    };
    page::html_with(status, &view)
}

pub async fn reply(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let found = find(&registry, &ctx, &id).await?;
    let grant: Grant = ctx.allow(Action::CatalogueSubmit, &On::at(&[&found.0.holder]))?;
    let words = match words("reply", posted.get("reply")) {
        Ok(words) => words,
        Err(error) => {
            let given = Given { words: posted.get("reply").to_owned(), errors: vec![error], ..Given::default() };
            return show(&registry, &ctx, &found, given);
        }
    };
    let (of, holder) = (id.clone(), found.0.holder);
    ctx.db().write(grant, move |tx| submission::reply(tx, (&of, &holder), &words)).await?;
    page::see_other(&format!("/desk/catalogue/disputes/{id}"))
}

pub async fn decide(
    State(registry): State<Registry>,
    ctx: Ctx,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let grant = ctx.allow(Action::CatalogueApprove, &On::at(&[data_office(&registry)]))?;
    let found = find(&registry, &ctx, &id).await?;
    let mut given =
        Given { words: posted.get("reason").to_owned(), verdict: posted.get("verdict").to_owned(), ..Given::default() };
    let verdict = Verdict::from_name(&given.verdict);
    if verdict.is_none() {
        given.errors.push(FieldError::new("verdict", "registry-dispute-choose"));
    }
    let reason = words("reason", &given.words);
    given.errors.extend(reason.as_ref().err().cloned());
    let (Some(verdict), Ok(reason)) = (verdict, reason) else {
        return show(&registry, &ctx, &found, given);
    };
    let ending = Ending { registry: registry.clone(), ctx: ctx.clone(), id: id.clone(), reason };
    ctx.db().write(grant, move |tx| submission::decide(tx, &ending, verdict)).await?;
    registry.refresh().await?;
    page::see_other(&format!("/desk/catalogue/disputes/{id}"))
}
