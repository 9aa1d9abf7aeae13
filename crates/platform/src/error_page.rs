//! Errors as pages for people and as problem+json (RFC 9457) for programs: what, why, what next.
use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::ctx::Ctx;
use crate::error::{Error, FieldError};
use crate::page::Shell;

/// Carries the error to the layer that knows the language and what the caller accepts.
#[derive(Clone)]
struct Carried(Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = status_of(&self).into_response();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

fn status_of(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.code().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    s: Shell,
    status: u16,
    title: String,
    what: String,
    next: String,
    fields: Vec<String>,
    request_id: String,
    sign_in: bool,
}

/// Renders what a handler failed with.
pub async fn render(request: Request, next: Next) -> Response {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let wants_json = wants_json(request.headers(), request.uri().path());
    let response = next.run(request).await;
    let (Some(ctx), Some(Carried(error))) = (ctx, response.extensions().get::<Carried>().cloned()) else {
        return response;
    };
    if wants_json { problem(&ctx, &error) } else { page(&ctx, &error) }
}

fn wants_json(headers: &HeaderMap, path: &str) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    path.starts_with("/api/") || (accept.contains("json") && !accept.contains("text/html"))
}

fn log(ctx: &Ctx, error: &Error) {
    match error {
        Error::Internal(_) => tracing::error!(request = %ctx.request_id, %error, "internal error"),
        Error::Unavailable(_) => tracing::warn!(request = %ctx.request_id, %error, "unavailable"),
        _ => {}
    }
}

/// The texts of an error: title, what happened and why, what to do next. // keys: error-*
fn words(ctx: &Ctx, error: &Error) -> [String; 3] {
    let (_, code) = error.code();
    let key = |part: &str| format!("error-{code}-{part}");
    let mut what = match error {
        Error::Denied(key) | Error::Conflict(key) => ctx.t(key).to_owned(),
        Error::TooMany { retry_after } => {
            ctx.tf("error-too-many-what", &[("minutes", &retry_after.div_ceil(60).to_string())])
        }
        Error::TooLarge { limit } => ctx.tf("error-too-large-what", &[("limit", &megabytes(*limit))]),
        _ => String::new(),
    };
    if what.is_empty() {
        what = ctx.t(&key("what")).to_owned();
    }
    [ctx.t(&key("title")).to_owned(), what, ctx.t(&key("next")).to_owned()]
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

fn field_text(ctx: &Ctx, field: &FieldError) -> String {
    ctx.platform().texts().format(ctx.lang(), field.key, &field.args)
}

/// The page of an error.
pub fn page(ctx: &Ctx, error: &Error) -> Response {
    log(ctx, error);
    let [title, what, next] = words(ctx, error);
    let fields = match error {
        Error::Invalid(fields) => fields.iter().map(|f| field_text(ctx, f)).collect(),
        _ => Vec::new(),
    };
    let template = ErrorPage {
        s: Shell::new(ctx),
        status: error.code().0,
        title,
        what,
        next,
        fields,
        request_id: ctx.request_id.to_string(),
        sign_in: matches!(error, Error::Denied("error-denied-sign-in")),
    };
    let body = template.render().unwrap_or_else(|e| format!("{} {e}", error.code().0));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    with_retry(error, (status_of(error), [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// An error as a program reads it (RFC 9457): status and body.
#[must_use]
pub fn problem_of(ctx: &Ctx, error: &Error) -> (u16, serde_json::Value) {
    log(ctx, error);
    let (status, code) = error.code();
    let [title, what, next] = words(ctx, error);
    let mut body = serde_json::json!({
        "type": format!("urn:tongban:error:{code}"), "title": title, "status": status, "detail": what, "next": next,
        "code": code, "request": &*ctx.request_id,
    });
    if let Error::Invalid(fields) = error {
        let one = |f: &FieldError| serde_json::json!({"field": f.field, "code": f.key, "message": field_text(ctx, f)});
        body["fields"] = fields.iter().map(one).collect();
    }
    (status, body)
}

fn problem(ctx: &Ctx, error: &Error) -> Response {
    let (_, body) = problem_of(ctx, error);
    let kind = HeaderValue::from_static("application/problem+json");
    with_retry(error, (status_of(error), [(header::CONTENT_TYPE, kind)], body.to_string()).into_response())
}

fn with_retry(error: &Error, mut response: Response) -> Response {
    let seconds = match error {
        Error::Unavailable(_) => 5,
        Error::TooMany { retry_after } => *retry_after,
        _ => return response,
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
