//! Who calls the mediator: an application of the roster, or a holder of a token of the configuration API.
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts as Head;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gateway::protocol::ids::ClientId;
use gateway::roster::{Callers, Subsystem};
use platform::error::{Error, FieldError, Result};
use platform::i18n::Lang;
use platform::policy::Actor;
use platform::{Ctx, chance};

use super::Parts;
pub(super) use crate::govstack::problem as told;

const CLIENT: &str = "x-govstack-client";

pub fn ctx_of(parts: &Parts, name: &str) -> Ctx {
    let mut ctx = Ctx::new(&parts.platform, Actor::system(name));
    ctx.look.lang = Lang::En;
    ctx.request_id = chance::token().into();
    ctx
}

/// An application that proved who it is.
pub struct Client {
    pub parts: Arc<Parts>,
    pub ctx: Ctx,
    pub subsystem: Arc<Subsystem>,
}

impl FromRequestParts<Arc<Parts>> for Client {
    type Rejection = Response;

    async fn from_request_parts(head: &mut Head, parts: &Arc<Parts>) -> std::result::Result<Self, Response> {
        let ctx = ctx_of(parts, "govstack-mediator");
        let subsystem = client(parts, head).map_err(|error| told(&ctx, &error))?;
        let ctx = ctx_of(parts, &format!("govstack:{}", subsystem.text));
        Ok(Self { parts: Arc::clone(parts), ctx, subsystem })
    }
}

/// The application that the header names. `Invalid`: none is named; `Denied`: it is not ours, or not proved.
pub fn client(parts: &Parts, head: &Head) -> Result<Arc<Subsystem>> {
    let text = head.headers.get(CLIENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let roster = parts.gateway.roster();
    let id = ClientId::parse(text.trim_matches('/'), roster.alphabet).ok().filter(|id| id.subsystem.is_some());
    let id = id.ok_or_else(|| Error::field("X-GovStack-Client", "site-mediator-client"))?;
    let found = roster.subsystem(&id.to_string()).filter(|found| proves(&found.callers, head));
    found.cloned().ok_or(Error::Denied("site-mediator-unproved"))
}

/// Every kind of proof that the roster names must hold; this door sees no certificates.
fn proves(callers: &Callers, head: &Head) -> bool {
    let from = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
    let near = callers.networks.is_empty()
        || from.is_some_and(|from| callers.networks.iter().any(|network| network.holds(from)));
    let token = head.headers.get("tb-token").map(|value| chance::sha256_hex(value.as_bytes()));
    let told = callers.tokens.is_empty() || token.is_some_and(|token| callers.tokens.contains(&token));
    near && told && callers.certificates.is_empty()
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
