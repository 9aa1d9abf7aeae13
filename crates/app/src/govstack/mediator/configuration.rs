//! Configuration management (1.0.1): members, applications, services and rights as the roster has them.
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

use super::Parts;
use super::caller::{Keeper, ctx_of, json, told, wrong};
use super::members::{self, Place, Undescribed};
use super::roster::{self, Change};

/// What of a deployment an `IMconf` names beside its members. Cheap to clone into a transaction.
#[derive(Clone)]
struct Here {
    domain: String,
    connection: &'static str,
    door: String,
    directory: ::directory::Directory,
}

impl Here {
    fn of(parts: &Parts, headers: &HeaderMap) -> Self {
        let config = parts.platform.config();
        let address = config.http.public_address.as_str();
        let authority = address.split_once("://").map_or(address, |(_, rest)| rest);
        let domain = authority.split(['/', ':']).next().unwrap_or_default().to_owned();
        let tls = &config.gateway.tls;
        let secure = tls.systems && !tls.certificate.as_os_str().is_empty();
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or(&domain);
        let (connection, door) = (if secure { "https" } else { "http" }, format!("http://{host}"));
        Self { domain, connection, door, directory: parts.directory.clone() }
    }

    fn place<T>(&self, then: impl FnOnce(&Place<'_>) -> T) -> T {
        let key = |code: &str| {
            let organisations = self.directory.organisations();
            organisations.iter().find(|one| one.uscc == code).map(|one| one.key.clone())
        };
        let (domain, door) = (self.domain.clone(), self.door.clone());
        then(&Place { domain, connection: self.connection, door, organisation: &key })
    }
}

pub async fn list(keeper: Keeper, headers: HeaderMap) -> Response {
    let shown = async {
        keeper.may("read:conf")?;
        let document = roster::parse(&roster::text(&keeper.ctx).await?)?;
        let live = keeper.parts.gateway.roster();
        let here = Here::of(&keeper.parts, &headers);
        Ok(json(&here.place(|place| members::shown((&live, &document), place))))
    };
    keeper.answer(shown.await)
}

/// JSON, or YAML where the caller says so.
fn body(headers: &HeaderMap, bytes: &Bytes) -> Result<Map<String, Value>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let read: Option<Value> = if kind.contains("yaml") {
        std::str::from_utf8(bytes).ok().and_then(|text| serde_norway::from_str(text).ok())
    } else {
        serde_json::from_slice(bytes).ok()
    };
    match read {
        Some(Value::Object(conf)) => Ok(conf),
        _ => Err(Error::field("body", "site-mediator-body")),
    }
}

/// One instance stands: it began with the packs of the deployment, and there is no second one to begin here.
pub async fn create(keeper: Keeper, Query(_): Query<HashMap<String, String>>, _: Bytes) -> Response {
    let refused = async {
        keeper.may("write:conf")?;
        let instance = keeper.parts.gateway.roster().instance.clone();
        Err(wrong("init", "site-mediator-init", &instance))
    };
    keeper.answer(refused.await)
}

pub async fn update(keeper: Keeper, headers: HeaderMap, bytes: Bytes) -> Response {
    let done = put(&keeper, "write:conf", (&headers, &bytes, Undescribed::Stays)).await;
    keeper.answer(done)
}

pub async fn replace(keeper: Keeper, headers: HeaderMap, bytes: Bytes) -> Response {
    let done = put(&keeper, "create:conf", (&headers, &bytes, Undescribed::Goes)).await;
    keeper.answer(done)
}

async fn put(
    keeper: &Keeper,
    scope: &str,
    (headers, bytes, undescribed): (&HeaderMap, &Bytes, Undescribed),
) -> Result<Response> {
    keeper.may(scope)?;
    let (conf, here) = (body(headers, bytes)?, Here::of(&keeper.parts, headers));
    let edit = move |live: &gateway::Roster, document: &mut Value| {
        here.place(|place| members::put((live, document), &conf, (undescribed, place)))
    };
    roster::change(&keeper.parts, &keeper.ctx, Change { event: "roster.changed", edit }).await?;
    let words = keeper.ctx.t("site-mediator-changed");
    Ok((StatusCode::CREATED, json(&words.into())).into_response())
}

/// OK while the database answers: then calls are logged, and so allowed.
pub async fn status(State(parts): State<Arc<Parts>>, keeper: Keeper) -> Response {
    let standing = async {
        keeper.may("read:conf")?;
        let grant = keeper.ctx.allow(Action::HallRead, &On::PUBLIC)?;
        let read = keeper.ctx.db().read(grant, |tx| platform::documents::list(tx, crate::doors::ROSTER)).await;
        Ok(read.is_ok_and(|found| !found.is_empty() || has_file(&parts)))
    };
    match standing.await {
        Ok(true) => StatusCode::OK.into_response(),
        Ok(false) => told(&ctx_of(&parts, "govstack-mediator"), &Error::Internal("the roster cannot be read".into())),
        Err(error) => keeper.answer(Err(error)),
    }
}

fn has_file(parts: &Parts) -> bool {
    !parts.platform.config().gateway.roster.as_os_str().is_empty()
}
