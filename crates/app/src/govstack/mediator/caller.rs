//! Who calls the mediator: an application of the roster, or a holder of a token of the configuration API.
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts as Head;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gateway::consumer::Call;
use gateway::protocol::fault::{Fault, Kind};
use platform::error::{Error, FieldError, Result};
use platform::i18n::Lang;
use platform::policy::Actor;
use platform::{Ctx, chance};

use super::Parts;
use crate::govstack::Caller;
pub(super) use crate::govstack::problem as told;

const CLIENT: &str = "x-govstack-client";

pub fn ctx_of(parts: &Parts, name: &str) -> Ctx {
    let mut ctx = Ctx::new(&parts.platform, Actor::system(name));
    ctx.look.lang = Lang::En;
    ctx.request_id = chance::token().into();
    ctx
}

/// A request in the gateway's words: the application that `X-GovStack-Client` names is its client. What X-Road's own header
/// of that meaning says is dropped.
pub fn headers(head: &Head) -> Vec<(&str, &[u8])> {
    let all = head.headers.iter().filter(|(name, _)| *name != "x-road-client");
    let named = head.headers.get(CLIENT).map_or(b"".as_slice(), HeaderValue::as_bytes);
    let named = named.strip_prefix(b"/").unwrap_or(named);
    let client = ("X-Road-Client", named.strip_suffix(b"/").unwrap_or(named));
    all.map(|(name, value)| (name.as_str(), value.as_bytes())).chain([client]).collect()
}

pub fn call<'a>(head: &'a Head, headers: &'a [(&'a str, &'a [u8])]) -> Call<'a> {
    let came = head.extensions.get::<ConnectInfo<Caller>>().map(|came| (came.0.from.ip(), came.0.certificate));
    let came = came.unwrap_or((Ipv4Addr::UNSPECIFIED.into(), None));
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    Call::aside((head.method.as_str(), target), headers, came)
}

/// A fault of the gateway in the statuses of these APIs: 400 for what the caller can mend, 403 for who did not prove its
/// application, else 500. In the gateway's words: only they know whether the call may have been carried out.
pub fn failed(ctx: &Ctx, fault: &Fault) -> Response {
    const OURS: [Kind; 4] =
        [Kind::ClientUnknownService, Kind::UnknownMember, Kind::UnknownService, Kind::InternalError];
    let is = |kinds: &[Kind]| kinds.iter().any(|kind| kind.code() == fault.code);
    if is(&[Kind::ClientAccessDenied, Kind::ClientUnknownMember]) {
        return told(ctx, &Error::Denied("site-mediator-unproved"));
    }
    if is(&[Kind::InvalidClientIdentifier]) {
        return told(ctx, &Error::field("X-GovStack-Client", "site-mediator-client"));
    }
    let is_callers = fault.status() == 400 || is(&OURS);
    let status = if is_callers { StatusCode::BAD_REQUEST } else { StatusCode::INTERNAL_SERVER_ERROR };
    tracing::info!(code = %fault.code, message = fault.message, request = &*ctx.request_id, "a call of the mediator failed");
    let body = serde_json::json!({
        "type": format!("urn:tongban:fault:{}", fault.code), "title": status.canonical_reason(), "status": status.as_u16(),
        "detail": fault.message, "code": fault.code, "request": &*ctx.request_id,
    });
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// A holder of a token of the configuration API.
pub struct Keeper {
    pub parts: Arc<Parts>,
    pub ctx: Ctx,
    scopes: String,
}

impl Keeper {
    /// `Denied`: the token was not given this scope.
    pub fn may(&self, scope: &str) -> Result<()> {
        let has = self.scopes.split_whitespace().any(|given| given == scope);
        if has { Ok(()) } else { Err(Error::Denied("site-mediator-scope")) }
    }

    /// Both refusals of the configuration API are 401, as its description has it.
    pub fn answer(&self, result: Result<Response>) -> Response {
        result.unwrap_or_else(|error| {
            let mut response = told(&self.ctx, &error);
            if matches!(error, Error::Denied(_)) {
                unauthorised(&mut response);
            }
            response
        })
    }
}

impl FromRequestParts<Arc<Parts>> for Keeper {
    type Rejection = Response;

    async fn from_request_parts(head: &mut Head, parts: &Arc<Parts>) -> std::result::Result<Self, Response> {
        let sent = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // Compared by digest: what a wrong guess takes says nothing about the token.
        let digest = chance::sha256_hex(sent.strip_prefix("Bearer ").unwrap_or_default().trim().as_bytes());
        let Some(scopes) = parts.platform.config().govstack.mediator.tokens.get(&digest) else {
            let mut refused = told(&ctx_of(parts, "govstack-mediator"), &Error::Denied("site-mediator-scope"));
            unauthorised(&mut refused);
            return Err(refused);
        };
        let ctx = ctx_of(parts, &format!("govstack-keeper:{}", &digest[..8]));
        Ok(Self { parts: Arc::clone(parts), ctx, scopes: scopes.clone() })
    }
}

fn unauthorised(response: &mut Response) {
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
}

pub fn json(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], value.to_string()).into_response()
}

/// One thing wrong, with what it is about.
pub fn wrong(field: impl Into<String>, key: &'static str, what: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field.into(), key).with("what", what)])
}
