//! The platform's own addresses: health, figures, style sheet, preferences, the public audit log, kept forms, notices.
use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use seal::merkle::TileCoord;

use crate::audit::log;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::notice::{self, Notice};
use crate::page::{self, Shell};
use crate::platform::Platform;
use crate::policy::{Action, On};
use crate::posted::parse_urlencoded;
use crate::routes::Routes;
use crate::stash::{self, Stash};

#[must_use]
pub fn routes(platform: &Platform) -> Routes {
    Routes::default()
        .get("/healthz", Action::HallRead, health)
        .get("/metrics", Action::HallRead, metrics)
        .get("/static/{*path}", Action::HallRead, asset)
        .get("/preferences", Action::HallRead, preferences)
        .get("/log/checkpoint", Action::LogRead, checkpoint)
        .get("/log/key", Action::LogRead, log_key)
        .get("/log/tile/{*path}", Action::LogRead, tile)
        .get("/resume/{token}", Action::AccountRead, resume)
        .get("/my/notices", Action::NoticeRead, notices)
        .with_state(platform.clone())
}

/// 200 when the database answers, else 503.
async fn health(State(platform): State<Platform>) -> Result<&'static str> {
    platform.db().peek(|tx| tx.get("SELECT 1 AS one", &[])).await?;
    Ok("ok\n")
}

async fn metrics(
    State(platform): State<Platform>,
    from: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response> {
    let token = &platform.config().http.metrics_token;
    let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let allowed = if token.is_empty() {
        from.is_none_or(|axum::Extension(ConnectInfo(address))| address.ip().is_loopback())
    } else {
        given.strip_prefix("Bearer ") == Some(token)
    };
    if !allowed {
        return Err(Error::NotFound);
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4");
    Ok(([(header::CONTENT_TYPE, kind)], platform.metrics().render()?).into_response())
}

async fn asset(State(platform): State<Platform>, Path(path): Path<String>) -> Result<Response> {
    let asset = platform.assets().find(&path).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.bytes).into_response())
}

/// Language, theme and mode go into cookies for a year; then back to where one was.
async fn preferences(RawQuery(query): RawQuery) -> Result<Response> {
    let query = parse_urlencoded(&query.unwrap_or_default());
    let value = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let back = Some(value("back")).filter(|path| page::is_local(path)).unwrap_or("/");
    let mut response = page::see_other(back)?;
    let lang = Lang::from_tag(value("lang")).map(Lang::tag);
    let theme = Some(value("theme")).filter(|t| ["auto", "light", "dark", "contrast"].contains(t));
    let mode = Some(value("mode")).filter(|m| ["standard", "elder"].contains(m));
    for (name, value) in [("lang", lang), ("theme", theme), ("mode", mode)] {
        if let Some(value) = value {
            let line = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000");
            let line = HeaderValue::from_str(&line).map_err(Error::internal)?;
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
    Ok(response)
}

async fn checkpoint(State(platform): State<Platform>, ctx: Ctx) -> Result<String> {
    let grant = ctx.allow(Action::LogRead, &On::PUBLIC)?;
    platform.db().read(grant, log::newest_note).await?.ok_or(Error::NotFound)
}

async fn log_key(State(platform): State<Platform>) -> Result<String> {
    Ok(log::verifier_key(&platform)? + "\n")
}

async fn tile(State(platform): State<Platform>, ctx: Ctx, Path(path): Path<String>) -> Result<Response> {
    let coord = TileCoord::parse(&format!("tile/{path}")).map_err(|_| Error::NotFound)?;
    let grant = ctx.allow(Action::LogRead, &On::PUBLIC)?;
    let bytes = platform.db().read(grant, move |tx| log::tile(tx, coord)).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    s: Shell,
    stash: Stash,
}

/// What was typed when the session ended, with one button to send it.
async fn resume(ctx: Ctx, Path(token): Path<String>) -> Result<Response> {
    let stash = stash::find(&ctx, &token).await?;
    page::html(&ResumePage { s: Shell::new(&ctx), stash })
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    s: Shell,
    notices: Vec<(Notice, String)>,
    first: String,
    next: String,
}

async fn notices(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let owner = ctx.actor.party().id;
    let grant = ctx.allow(Action::NoticeRead, &On::owned_by(&owner))?;
    let query = parse_urlencoded(&query.unwrap_or_default());
    let before = query.into_iter().find(|(name, _)| name == "before").map(|(_, value)| value);
    let first = if before.is_some() { "/my/notices".to_owned() } else { String::new() };
    let (of, before) = (owner.clone(), before.unwrap_or_else(|| "~".to_owned()));
    let list = ctx.db().read(grant, move |tx| notice::list(tx, &of, &before)).await?;
    let next = list.last().filter(|_| list.len() == notice::ON_A_PAGE as usize);
    let next = next.map(|last| format!("/my/notices?before={}", last.id)).unwrap_or_default();
    let shown: Vec<String> = list.iter().filter(|n| !n.read).map(|n| n.id.clone()).collect();
    ctx.db().keep(move |tx| notice::mark_read(tx, &owner, &shown)).await?;
    let notices = list.into_iter().map(|n| (n.clone(), words_of(&ctx, &n))).collect();
    page::html(&NoticesPage { s: Shell::new(&ctx), notices, first, next })
}

fn words_of(ctx: &Ctx, notice: &Notice) -> String {
    let args: Vec<(&str, &str)> =
        notice.args.iter().map(|(name, texts)| (name.as_str(), texts[ctx.lang() as usize].as_str())).collect();
    ctx.tf(&notice.key, &args)
}
