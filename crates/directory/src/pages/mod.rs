//! Pages: signing in and out, acting for an enterprise, the own account.
mod account;
mod act_for;
mod sign_in;

use platform::policy::{Action, Actor};
use platform::routes::Routes;
use platform::session::{self, Lifetime};
use platform::{Ctx, Result, http, page};

use axum::http::header;
use axum::response::Response;

use crate::Directory;

pub(crate) fn routes(directory: &Directory) -> Routes {
    Routes::default()
        .get("/sign-in", Action::SessionBegin, sign_in::form)
        .post("/sign-in", Action::SessionBegin, sign_in::send)
        .post("/sign-out", Action::SessionEnd, sign_in::leave)
        .get("/my/act-for", Action::AccountRead, act_for::form)
        .post("/my/act-for", Action::AccountRead, act_for::send)
        .get("/my/account", Action::AccountRead, account::read)
        .with_state(directory.clone())
}

/// Begins a session for the actor in place of the present one and goes on to a page of this site.
async fn go_on_as(ctx: &Ctx, actor: &Actor, to: &str) -> Result<Response> {
    let platform = ctx.platform();
    let old = ctx.session.as_ref().map(|session| session.digest.clone());
    let token = session::begin(ctx.db(), actor, old, Lifetime::of(&platform.config().session)).await?;
    let mut response = page::see_other(to)?;
    response.headers_mut().append(header::SET_COOKIE, http::session_cookie(platform, &token)?);
    Ok(response)
}
