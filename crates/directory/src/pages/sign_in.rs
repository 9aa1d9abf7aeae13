//! Signing in and out. A wrong login and a wrong password look alike and cost alike.
use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use platform::form::ErrorLine;
use platform::page::{self, Shell};
use platform::policy::{Action, Actor, ActorKind, On};
use platform::posted::{Posted, parse_urlencoded};
use platform::{Ctx, Error, FieldError, Result, http, session, throttle};

use crate::Directory;
use crate::actions::{self, Attempt};
use crate::model::{Account, home_of};
use crate::pages::go_on_as;

type Address = Option<Extension<ConnectInfo<SocketAddr>>>;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage {
    s: Shell,
    back: String,
    login: String,
    errors: Vec<ErrorLine>,
}

impl SignInPage {
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|line| line.target == field).map(|line| line.text.as_str())
    }
}

/// The form; who is signed in already goes on at once.
pub(crate) async fn form(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let query = parse_urlencoded(&query.unwrap_or_default());
    let back = query.iter().find(|(name, _)| name == "back").map_or("", |(_, value)| value);
    if ctx.actor.kind != ActorKind::Anonymous {
        return page::see_other(next_page(back, &ctx.actor));
    }
    page::html(&SignInPage { s: Shell::new(&ctx), back: back.to_owned(), login: String::new(), errors: Vec::new() })
}

/// Where to go after signing in: back where one came from, when that is on this site.
fn next_page<'a>(back: &'a str, actor: &Actor) -> &'a str {
    if page::is_local(back) { back } else { home_of(actor.kind) }
}

pub(crate) async fn send(
    State(directory): State<Directory>,
    ctx: Ctx,
    address: Address,
    posted: Posted,
) -> Result<Response> {
    let attempt = Attempt {
        login: posted.get("login").to_owned(),
        password: posted.get("password").to_owned(),
        address: network(address),
    };
    let missing = missing(&attempt);
    if !missing.is_empty() {
        return refused(&ctx, &posted, &missing);
    }
    let Some(actor) = admit(&directory, &ctx, &attempt).await? else {
        return refused(&ctx, &posted, &[FieldError::new("login", "directory-sign-in-refused")]);
    };
    let to = next_page(posted.get("back"), &actor).to_owned();
    // The entry names the person who signed in, so it is written with their own grant.
    let grant = Ctx::new(ctx.platform(), actor.clone()).allow(Action::SessionBegin, &On::PUBLIC)?;
    let (begun, from) = (actor.clone(), attempt.address.clone());
    ctx.db().write(grant, move |tx| actions::begin_session(tx, &begun, &from)).await?;
    go_on_as(&ctx, &actor, &to).await
}

fn missing(attempt: &Attempt) -> Vec<FieldError> {
    let login = attempt.login.trim().is_empty().then(|| FieldError::new("login", "directory-sign-in-login-missing"));
    let password = attempt.password.is_empty();
    let password = password.then(|| FieldError::new("password", "directory-sign-in-password-missing"));
    login.into_iter().chain(password).collect()
}

fn refused(ctx: &Ctx, posted: &Posted, errors: &[FieldError]) -> Result<Response> {
    let s = Shell::new(ctx);
    let errors = ErrorLine::all(&s, errors);
    let (back, login) = (posted.get("back").to_owned(), posted.get("login").to_owned());
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignInPage { s, back, login, errors })
}

/// Who signs in, None when login and password do not belong together or the holder may not sign in any more.
async fn admit(directory: &Directory, ctx: &Ctx, attempt: &Attempt) -> Result<Option<Actor>> {
    // Asked before the queue, so that who must wait takes no place in it, and in turn again, as others may have failed
    // meanwhile: guesses sent side by side do not get round the limit.
    look_up(ctx, attempt).await?;
    let turn = directory.turns.next().await?;
    let account = look_up(ctx, attempt).await?;
    let stored = account.as_ref().map(|account| account.password.clone());
    let (fits, turn) = turn.check(attempt.password.clone(), stored, ctx.platform().config().sign_in.clone()).await?;
    let actor = match account.filter(|_| fits) {
        Some(account) => load(ctx, account).await?,
        None => None,
    };
    count(ctx, attempt, actor.is_some()).await?;
    drop(turn);
    Ok(actor)
}

async fn look_up(ctx: &Ctx, attempt: &Attempt) -> Result<Option<Account>> {
    let grant = ctx.allow(Action::SessionBegin, &On::PUBLIC)?;
    let (attempt, settings) = (attempt.clone(), ctx.platform().config().sign_in.clone());
    ctx.db().read(grant, move |tx| actions::look_up(tx, &attempt, &settings)).await
}

async fn load(ctx: &Ctx, account: Account) -> Result<Option<Actor>> {
    let grant = ctx.allow(Action::SessionBegin, &On::PUBLIC)?;
    let platform = ctx.platform().clone();
    let holder = account.holder;
    ctx.db().read(grant, move |tx| platform.actors().load(tx, holder.kind(), holder.as_str(), None)).await
}

/// A failure counts for the account and the address; a success clears the account's.
async fn count(ctx: &Ctx, attempt: &Attempt, succeeded: bool) -> Result<()> {
    let keys = attempt.keys();
    let [account, address] = keys;
    if succeeded {
        return throttle::succeeded(ctx.db(), account).await;
    }
    let [per_account, per_address] = actions::limits(&ctx.platform().config().sign_in);
    let shown = Some(&attempt.address).filter(|_| ctx.platform().config().log.address);
    tracing::info!(request = %ctx.request_id, address = shown, "a sign-in was refused");
    throttle::failed(ctx.db(), account, per_account).await?;
    throttle::failed(ctx.db(), address, per_address).await
}

/// The network address that failures are counted under; empty when the server does not tell (tests in process).
fn network(address: Address) -> String {
    let Some(Extension(ConnectInfo(address))) = address else { return String::new() };
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

pub(crate) async fn leave(ctx: Ctx, _form: Posted) -> Result<Response> {
    let grant = ctx.allow(Action::SessionEnd, &On::owned_by(&ctx.actor.party().id))?;
    let session = ctx.session.as_ref().ok_or(Error::NotFound)?;
    let actor = ctx.actor.clone();
    ctx.db().write(grant, move |tx| actions::end_session(tx, &actor)).await?;
    session::end(ctx.db(), session.digest.clone()).await?;
    let mut response = page::see_other("/")?;
    response.headers_mut().append(header::SET_COOKIE, http::session_cookie(ctx.platform(), "")?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_counted_by_household() {
        let from = |ip: &str| network(Some(Extension(ConnectInfo(SocketAddr::new(ip.parse().unwrap(), 1)))));
        assert_eq!(from("203.0.113.7"), "203.0.113.7");
        assert_eq!(from("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(from("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network(None), "");
    }
}
