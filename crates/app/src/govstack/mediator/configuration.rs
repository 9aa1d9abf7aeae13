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
use crate::govstack::reached;

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
        let connection = if secure { "https" } else { "http" };
        let door = reached(headers, config.govstack.mediator.tls);
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

/// Fills an instance that has no members yet. One that has begun is changed, not begun again; and its centre is the roster,
/// so there are no central servers to make (`init`).
pub async fn create(
    keeper: Keeper,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let begin = async {
        keeper.may("write:conf")?;
        let instance = keeper.parts.gateway.roster().instance.clone();
        if query.get("init").is_some_and(|init| init == "true") {
            return Err(wrong("init", "site-mediator-init", &instance));
        }
        let check = move |document: &Value| match document["subsystems"].as_array() {
            Some(there) if !there.is_empty() => Err(wrong("members", "site-mediator-init", &instance)),
            _ => Ok(()),
        };
        put(&keeper, (&headers, &bytes), (Undescribed::Goes, check)).await
    };
    keeper.answer(begin.await)
}

pub async fn update(keeper: Keeper, headers: HeaderMap, bytes: Bytes) -> Response {
    let done = async {
        keeper.may("write:conf")?;
        put(&keeper, (&headers, &bytes), (Undescribed::Stays, |_| Ok(()))).await
    };
    keeper.answer(done.await)
}

pub async fn replace(keeper: Keeper, headers: HeaderMap, bytes: Bytes) -> Response {
    let done = async {
        keeper.may("create:conf")?;
        put(&keeper, (&headers, &bytes), (Undescribed::Goes, |_| Ok(()))).await
    };
    keeper.answer(done.await)
}

/// `check` sees the roster's document before it is changed.
async fn put(
    keeper: &Keeper,
    (headers, bytes): (&HeaderMap, &Bytes),
    (undescribed, check): (Undescribed, impl FnOnce(&Value) -> Result<()> + Send + 'static),
) -> Result<Response> {
    let (conf, here) = (body(headers, bytes)?, Here::of(&keeper.parts, headers));
    let edit = move |live: &gateway::Roster, document: &mut Value| {
        check(document)?;
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
