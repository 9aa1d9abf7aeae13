//! One call of the digital-registries API: who calls, of which register, and how failures are told.
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts as Head;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::{Ask, Subject, Want};
use platform::error::{Error, FieldError, Result};
use platform::i18n::Lang;
use platform::policy::Actor;
use platform::{Ctx, chance};
use registry::Resource;
use serde_json::{Map, Value, json};

use super::Parts;
use crate::register_service::kind_of;

/// `INSTANCE/CLASS/MEMBER/SUBSYSTEM` of the caller.
const CLIENT: &str = "information-mediator-client";

pub type Content = Map<String, Value>;

/// A caller that showed the token and is one of our organisations.
pub struct Call {
    pub parts: Arc<Parts>,
    pub ctx: Ctx,
    /// Key of its organisation.
    pub organisation: String,
    /// Where the caller reached this door: `http://HOST`.
    pub door: String,
}

impl FromRequestParts<Arc<Parts>> for Call {
    type Rejection = Response;

    async fn from_request_parts(head: &mut Head, parts: &Arc<Parts>) -> std::result::Result<Self, Response> {
        let State(parts) =
            State::<Arc<Parts>>::from_request_parts(head, parts).await.map_err(|never| match never {})?;
        let mut ctx = ctx_of(&parts, "govstack");
        if !is_token(&ctx, &head.headers) {
            let mut refused = told(&ctx, &Error::Denied("error-denied-sign-in"));
            *refused.status_mut() = StatusCode::UNAUTHORIZED;
            refused.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Err(refused);
        }
        let client = head.headers.get(CLIENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let known = match client.split('/').collect::<Vec<_>>()[..] {
            [_, _, member, _] => organisation(&parts, &ctx, member),
            _ => return Err(told(&ctx, &Error::field("Information-Mediator-Client", "site-govstack-client"))),
        };
        let organisation = known.ok_or_else(|| told(&ctx, &Error::Denied("site-govstack-unknown")))?;
        ctx = ctx_of(&parts, &client);
        let door = super::reached(&head.headers, ctx.platform().config().govstack.tls);
        Ok(Self { parts, ctx, organisation, door })
    }
}

fn ctx_of(parts: &Parts, name: &str) -> Ctx {
    let mut ctx = Ctx::new(parts.exchange.platform(), Actor::system(name));
    ctx.look.lang = Lang::En;
    ctx.request_id = chance::token().into();
    ctx
}

/// The setting's token, bare or as a bearer's; compared in constant time by its digest.
fn is_token(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let sent = sent.strip_prefix("Bearer ").unwrap_or(sent);
    let token = &ctx.platform().config().govstack.token;
    let mac = |text: &str| seal::digest::keyed(&ctx.platform().keys().secret, format!("token {text}").as_bytes());
    !token.is_empty() && mac(sent) == mac(token)
}

/// By credit code, else by the setting.
fn organisation(parts: &Parts, ctx: &Ctx, member: &str) -> Option<String> {
    let known = parts.directory.organisations().iter().find(|one| one.uscc == member).map(|one| one.key.clone());
    known.or_else(|| ctx.platform().config().govstack.clients.get(member).cloned())
}

/// The register that an address names.
pub type Named = Path<(String, String)>;

impl Call {
    /// `NotFound`: no such register or no such version. Versions are the API's own; each shows the register as it is now.
    pub fn resource(&self, registry: &str, version: &str) -> Result<Arc<Resource>> {
        let is_version = version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let found = self.parts.registry.catalogue().get(registry).filter(|_| is_version);
        found.cloned().ok_or(Error::NotFound)
    }

    /// Only who answers for a register writes into it.
    pub fn provider_of(&self, registry: &str, version: &str) -> Result<Arc<Resource>> {
        let resource = self.resource(registry, version)?;
        if resource.provider == self.organisation { Ok(resource) } else { Err(Error::Denied("site-govstack-provider")) }
    }

    /// The fields that the caller's grants cover. `Denied`: none.
    pub async fn readable(&self, resource: &Resource) -> Result<Vec<String>> {
        let purpose = &self.ctx.platform().config().govstack.purpose;
        let exchange = &self.parts.exchange;
        let fields = exchange.readable(&self.ctx, (&self.organisation, purpose), &resource.key).await?;
        if fields.is_empty() { Err(Error::Denied("exchange-denied-no-grant")) } else { Ok(fields) }
    }

    /// A record through the exchange: the subject sees the look. None: the register holds nothing about the subject.
    pub async fn fetch(&self, resource: &Resource, (id, fields): (&str, &[String])) -> Result<Option<Content>> {
        // What is nobody's number is in no register.
        let Ok(kind) = kind_of(&self.ctx, id) else { return Ok(None) };
        let settings = &self.ctx.platform().config().govstack;
        let ask = Ask {
            purpose: settings.purpose.clone(),
            basis: settings.basis.clone(),
            item: None,
            case: None,
            consumer: self.organisation.clone(),
            subject: Subject { kind, number: id.to_owned(), owner: String::new() },
            wants: vec![Want { resource: resource.key.clone(), fields: fields.to_vec() }],
            offices: Vec::new(),
        };
        let facts = self.parts.exchange.fetch(&self.ctx, ask).await?;
        if !facts.missing.is_empty() {
            return Ok(None);
        }
        let mut content = Content::from_iter([("id".to_owned(), id.into())]);
        content.extend(
            facts.facts.into_iter().map(|((_, field), fact)| (field, fact.value)).filter(|(_, v)| !v.is_null()),
        );
        Ok(Some(content))
    }
}

/// The object that stands at `body.{part}.content`.
pub fn content(body: &Bytes, part: &str) -> Result<Content> {
    let missing = || Error::Invalid(vec![FieldError::new(format!("{part}.content"), "site-govstack-content")]);
    let mut body: Value = serde_json::from_slice(body).map_err(|_| missing())?;
    match body.get_mut(part).and_then(|part| part.get_mut("content")).map(Value::take) {
        Some(Value::Object(content)) => Ok(content),
        _ => Err(missing()),
    }
}

/// Takes the identifier out of a content.
pub fn take_id(content: &mut Content) -> Result<Option<String>> {
    match content.remove("id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.trim().to_owned())),
        Some(_) => Err(Error::field("content.id", "site-govstack-id")),
    }
}

/// The answer of a handler.
pub fn answer(call: &Call, result: Result<Response>) -> Response {
    result.unwrap_or_else(|error| told(&call.ctx, &error))
}

pub fn ok(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], value.to_string()).into_response()
}

/// What is wrong with a question is 400 in this API; a record that is not there has words of its own.
fn told(ctx: &Ctx, error: &Error) -> Response {
    if matches!(error, Error::NotFound) {
        return (StatusCode::NOT_FOUND, ok(&json!({"detail": "no record found"}))).into_response();
    }
    super::problem(ctx, error)
}
