//! Choosing for whom one acts: oneself, or an enterprise with a mandate that holds now.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use platform::form::ErrorLine;
use platform::ids::{Id, has_shape};
use platform::page::{self, Shell};
use platform::policy::{Action, Actor, ActorKind, On};
use platform::posted::Posted;
use platform::{Ctx, Error, FieldError, Result};

use crate::Directory;
use crate::actions;
use crate::model::{Enterprise, EnterpriseId, PersonId, home_of};
use crate::pages::go_on_as;
use crate::store;

/// The value of "for myself" in the form.
const MYSELF: &str = "self";

struct Choice {
    value: String,
    name: String,
    /// The credit code; empty for oneself.
    number: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "act-for.html")]
struct ActForPage {
    s: Shell,
    choices: Vec<Choice>,
    errors: Vec<ErrorLine>,
}

pub(crate) async fn form(ctx: Ctx) -> Result<Response> {
    let choices = choices(&ctx).await?;
    page::html(&ActForPage { s: Shell::new(&ctx), choices, errors: Vec::new() })
}

async fn choices(ctx: &Ctx) -> Result<Vec<Choice>> {
    if ctx.actor.kind != ActorKind::Person {
        return Err(Error::Denied("error-denied-role"));
    }
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&ctx.actor.party().id))?;
    let person = PersonId::from_text(ctx.actor.id.clone());
    let mandates = ctx.db().read(grant, move |tx| {
        let now = tx.now();
        let mut held = store::list_mandates(tx, &person)?;
        held.retain(|(mandate, enterprise)| mandate.holds_at(now) && enterprise.active);
        held.dedup_by(|later, earlier| later.1.id == earlier.1.id);
        Ok(held)
    });
    let current = ctx.actor.acting_for.as_ref().map(|party| party.id.as_str());
    let of = |e: Enterprise| Choice {
        chosen: current == Some(e.id.as_str()),
        value: e.id.as_str().to_owned(),
        name: e.name,
        number: e.uscc,
    };
    let myself =
        Choice { value: MYSELF.into(), name: ctx.actor.name.clone(), number: String::new(), chosen: current.is_none() };
    Ok(std::iter::once(myself).chain(mandates.await?.into_iter().map(|(_, enterprise)| of(enterprise))).collect())
}

pub(crate) async fn send(State(directory): State<Directory>, ctx: Ctx, posted: Posted) -> Result<Response> {
    let choices = choices(&ctx).await?;
    let chosen = posted.get("party");
    let actor = if chosen.is_empty() { None } else { as_party(&directory, &ctx, chosen).await? };
    let Some(actor) = actor else {
        let s = Shell::new(&ctx);
        let key = if chosen.is_empty() { "directory-act-for-missing" } else { "directory-act-for-ended" };
        let errors = ErrorLine::all(&s, &[FieldError::new("party-1", key)]);
        return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &ActForPage { s, choices, errors });
    };
    let grant = Ctx::new(ctx.platform(), actor.clone()).allow(Action::SessionBegin, &On::PUBLIC)?;
    let switched = actor.clone();
    ctx.db().write(grant, move |tx| actions::act_for(tx, &switched)).await?;
    go_on_as(&ctx, &actor, home_of(ActorKind::Person)).await
}

/// The person as they will act; None when no mandate for the chosen one holds (any more).
async fn as_party(directory: &Directory, ctx: &Ctx, chosen: &str) -> Result<Option<Actor>> {
    let enterprise = (chosen != MYSELF).then(|| chosen.to_owned());
    if enterprise.as_deref().is_some_and(|id| !has_shape(EnterpriseId::PREFIX, id)) {
        return Ok(None);
    }
    let grant = ctx.allow(Action::AccountRead, &On::owned_by(&ctx.actor.party().id))?;
    let (platform, person) = (directory.platform.clone(), ctx.actor.id.clone());
    ctx.db().read(grant, move |tx| platform.actors().load(tx, ActorKind::Person, &person, enterprise.as_deref())).await
}
