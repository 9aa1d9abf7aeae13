//! The way of a request: identifier, session, language, security headers, log line, metrics, errors as pages.
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use crate::chance;
use crate::ctx::{Ctx, Look};
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::platform::Platform;
use crate::policy::Actor;
use crate::session::{self, Lifetime, Session};
use crate::{drain, error_page, notice};

pub const SESSION_COOKIE: &str = "session";
const VISITOR_COOKIE: &str = "visitor";
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Puts the layers around the joined routes. Outermost first: answer headers, context, errors as pages.
pub fn layers(platform: &Platform, router: Router) -> Router {
    router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::NotFound })
        // Who reads a body has a limit of its own: forms, files and pasted certificates differ.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(same_origin))
        .layer(from_fn(error_page::render))
        .layer(from_fn(drain::refused))
        .layer(from_fn_with_state(platform.clone(), context))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
}

/// A panic is ours to mend: it is logged with its words, the caller gets the plain page.
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = words.unwrap_or("unknown"), "a request panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "500 Internal Server Error").into_response()
}

/// A cookie's value.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, v)| (n == name).then_some(v))
}

/// Whether the site is reached by https: then cookies are Secure and carry the `__Host-` prefix, and no other counts.
fn is_https(platform: &Platform) -> bool {
    platform.config().http.public_address.starts_with("https://")
}

fn cookie_name(platform: &Platform, name: &str) -> String {
    if is_https(platform) { format!("__Host-{name}") } else { name.to_owned() }
}

/// The session's token as the cookie of this deployment carries it.
#[must_use]
pub fn session_token<'a>(platform: &Platform, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, &cookie_name(platform, SESSION_COOKIE))
}

/// A Set-Cookie line for the session; Secure and with the `__Host-` prefix when the site is reached by https.
pub fn session_cookie(platform: &Platform, token: &str) -> Result<HeaderValue> {
    let (name, flag) = (cookie_name(platform, SESSION_COOKIE), if is_https(platform) { "; Secure" } else { "" });
    let age = if token.is_empty() { 0 } else { i64::from(platform.config().session.absolute_hours) * 3600 };
    let line = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{flag}");
    HeaderValue::from_str(&line).map_err(Error::internal)
}

struct Found {
    session: Option<Session>,
    actor: Actor,
    unread: u32,
}

async fn who(platform: &Platform, token: Option<String>) -> Result<Found> {
    let nobody = Found { session: None, actor: Actor::anonymous(), unread: 0 };
    let Some(token) = token else { return Ok(nobody) };
    let lifetime = Lifetime::of(&platform.config().session);
    let inner = platform.clone();
    platform
        .db()
        .peek(move |tx| {
            let Some(session) = session::find(tx, &token, lifetime)? else { return Ok(nobody) };
            let loaded = inner.actors().load(tx, session.kind, &session.actor, session.acting_for.as_deref())?;
            let Some(actor) = loaded else { return Ok(nobody) };
            let unread = notice::count_unread(tx, &actor.party().id)?;
            Ok(Found { session: Some(session), actor, unread })
        })
        .await
}

fn look_of(headers: &HeaderMap) -> Look {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let lang = cookie(headers, "lang").and_then(Lang::from_tag).or_else(|| accept.and_then(Lang::from_accept));
    let theme = match cookie(headers, "theme") {
        Some("light") => "light",
        Some("dark") => "dark",
        Some("contrast") => "contrast",
        _ => "",
    };
    let mode = if cookie(headers, "mode") == Some("elder") { "elder" } else { "" };
    Look { lang: lang.unwrap_or_default(), theme, mode }
}

fn request_id_of(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|v| v.to_str().ok());
    let usable = |id: &&str| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    given.filter(usable).map_or_else(|| hex::encode(chance::bytes::<8>()), str::to_owned)
}

async fn context(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    let started = platform.clock().now();
    let id = request_id_of(request.headers());
    let is_static = request.uri().path().starts_with("/static/");
    let token = session_token(&platform, request.headers()).filter(|_| !is_static).map(str::to_owned);
    let (found, trouble) = match who(&platform, token).await {
        Ok(found) => (found, None),
        Err(error) => (Found { session: None, actor: Actor::anonymous(), unread: 0 }, Some(error)),
    };
    let mut ctx = Ctx::new(&platform, found.actor);
    ctx.look = look_of(request.headers());
    ctx.path = request.uri().path().into();
    ctx.request_id = id.as_str().into();
    ctx.unread = found.unread;
    let visitor = visitor_of(&platform, &mut ctx, found.session, request.headers());
    if let Some(address) = forwarded(&platform, request.headers()) {
        request.extensions_mut().insert(ConnectInfo(address));
    }
    let line = Line::of(&platform, &request, &ctx);
    request.extensions_mut().insert(ctx.clone());
    let mut response = match trouble {
        None => next.run(request).await,
        Some(error) => error_page::page(&ctx, &error),
    };
    if let Some(session) = &ctx.session
        && let Err(error) = session::touch(platform.db(), session, ctx.now()).await
    {
        tracing::warn!(%error, "a session could not be marked as used");
    }
    finish(&platform, &ctx, &mut response, visitor);
    line.write(&platform, started.0, &response);
    response
}

/// The visitor's address as our own proxy tells it; only when the setting names its header.
fn forwarded(platform: &Platform, headers: &HeaderMap) -> Option<SocketAddr> {
    let name = &platform.config().http.address_header;
    let line = Some(name).filter(|name| !name.is_empty()).and_then(|name| headers.get(name.as_str()))?;
    let last = line.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse::<std::net::IpAddr>().ok().map(|address| SocketAddr::new(address, 0))
}

/// The form token: the session's, or for somebody not signed in one tied to a cookie. Returns a cookie to set.
fn visitor_of(platform: &Platform, ctx: &mut Ctx, session: Option<Session>, headers: &HeaderMap) -> Option<String> {
    if let Some(session) = session {
        ctx.csrf = session.csrf.as_str().into();
        ctx.session = Some(Arc::new(session));
        return None;
    }
    let known = cookie(headers, &cookie_name(platform, VISITOR_COOKIE)).filter(|v| v.len() == 43).map(str::to_owned);
    let visitor = known.clone().unwrap_or_else(chance::token);
    let mac = seal::digest::keyed(&platform.keys().secret, format!("visitor {visitor}").as_bytes());
    ctx.csrf = seal::digest::to_base64url(&mac).into();
    // Only the sign-in page has a form for strangers; other pages set no cookie.
    (known.is_none() && &*ctx.path == "/sign-in").then_some(visitor)
}

fn finish(platform: &Platform, ctx: &Ctx, response: &mut Response, visitor: Option<String>) {
    if ctx.session.is_none() && response.status().is_success() && ctx.path.starts_with("/static/") {
        return set_common(response, &ctx.request_id);
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(visitor) = visitor {
        let secure = if is_https(platform) { "; Secure" } else { "" };
        let line = format!(
            "{}={visitor}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600{secure}",
            cookie_name(platform, VISITOR_COOKIE)
        );
        if let Ok(value) = HeaderValue::from_str(&line) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    set_common(response, &ctx.request_id);
}

fn set_common(response: &mut Response, request_id: &str) {
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", value);
    }
}

/// Forms come from our own pages; the browser says where a request comes from, and the token is asked for besides.
async fn same_origin(request: Request, next: Next) -> Result<Response> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if !safe && site.is_some_and(|s| s != "same-origin" && s != "none") {
        return Err(Error::Denied("error-denied-form-token"));
    }
    Ok(next.run(request).await)
}

/// One structured log line per request. No query, no personal data but the visitor's address, which a setting leaves out.
struct Line {
    method: Method,
    route: String,
    address: Option<SocketAddr>,
    request_id: String,
}

impl Line {
    fn of(platform: &Platform, request: &Request, ctx: &Ctx) -> Self {
        let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let address = from.filter(|_| platform.config().log.address).map(|from| from.0);
        Self { method: request.method().clone(), route: String::new(), address, request_id: ctx.request_id.to_string() }
    }

    fn write(mut self, platform: &Platform, started: i64, response: &Response) {
        let route = response.extensions().get::<Matched>();
        self.route = route.map_or_else(|| "unmatched".into(), |m| m.0.clone());
        let micros = platform.clock().now().0 - started;
        let status = response.status();
        let metrics = platform.metrics();
        // Visitors may invent methods; a label for each would grow without end.
        let known = [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS].contains(&self.method);
        let method = if known { self.method.as_str() } else { "other" };
        metrics.requests.with_label_values(&[self.route.as_str(), method, status.as_str()]).inc();
        metrics.seconds.with_label_values(&[&self.route]).observe(micros as f64 / 1e6);
        tracing::info!(
            request = %self.request_id, method = %self.method, route = %self.route, status = status.as_u16(), micros,
            address = self.address.map(|a| a.ip().to_string()), "request"
        );
    }
}

/// The route's pattern, carried from inside the router to the log line outside.
#[derive(Clone)]
struct Matched(String);

/// Laid on the routes themselves, where the pattern is known.
pub async fn mark_route(path: MatchedPath, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Matched(path.as_str().to_owned()));
    response
}
