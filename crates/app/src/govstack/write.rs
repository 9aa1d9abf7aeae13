//! Writes of the digital-registries API: the provider's own records, checked against the catalogue as every record is.
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use platform::db::{Audited, Tx};
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use registry::{Entry, Finding, Recorded, Registry, Resource, find_record, find_subjects};
use serde_json::json;
use time::Date;

use super::call::{Call, Content, Named, answer, content, ok, take_id};

/// Records of one `updateEntries` at most.
const AT_ONCE: usize = 100;

/// What is written, for whom.
#[derive(Clone)]
struct Writing {
    registry: Registry,
    resource: Arc<Resource>,
    today: Date,
}

impl Writing {
    fn of(call: &Call, resource: Arc<Resource>) -> Self {
        Self { registry: call.parts.registry.clone(), resource, today: call.ctx.today() }
    }

    fn record(&self, tx: &mut Tx<'_>, id: &str, data: Content) -> Result<Audited<Recorded>> {
        let (resource, source) = (self.resource.key.clone(), self.resource.provider.clone());
        let entry = Entry { resource, subject: id.to_owned(), as_of: self.today, source, data };
        self.registry.record(tx, &entry)
    }

    /// What the register says now; None: nothing.
    fn current(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Content>> {
        find_record(tx, &self.resource.key, id)?.map(|record| record.fields()).transpose()
    }

    fn change(&self, tx: &mut Tx<'_>, id: &str, (now, write): (Content, &Content)) -> Result<Audited<()>> {
        let mut data = now;
        data.extend(write.clone());
        Ok(self.record(tx, id, data)?.map(drop))
    }

    /// The subjects that a query means, by identifier or by what their records say.
    fn meant(&self, tx: &mut Tx<'_>, id: Option<&str>, query: &Content) -> Result<Vec<String>> {
        let fits = |data: &Content| query.iter().all(|(field, value)| data.get(field) == Some(value));
        if let Some(id) = id {
            let current = self.current(tx, id)?.filter(|data| fits(data));
            return Ok(current.map(|_| id.to_owned()).into_iter().collect());
        }
        if query.is_empty() {
            return Err(Error::field("query.content", "site-govstack-content"));
        }
        let keep = |_: &str, data: &Content| fits(data);
        let (resource, descending, offset, limit) = (self.resource.key.as_str(), false, 0, AT_ONCE);
        let (count, found) = find_subjects(tx, &Finding { resource, keep: &keep, descending, offset, limit })?;
        if count > AT_ONCE { Err(Error::field("query.content", "site-govstack-many")) } else { Ok(found) }
    }
}

/// In one transaction, so that two updates of one record never lose each other.
async fn written<T: Send + 'static>(
    call: &Call,
    write: impl FnOnce(&mut Tx<'_>) -> Result<Audited<T>> + Send + 'static,
) -> Result<T> {
    let grant = call.ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
    call.ctx.db().write(grant, write).await
}

fn shown(id: &str, data: &Content) -> Response {
    let mut content = Content::from_iter([("id".to_owned(), id.into())]);
    content.extend(data.clone());
    ok(&json!({"content": content}))
}

pub async fn create(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let created = async {
        let writing = Writing::of(&call, call.provider_of(&registry, &version)?);
        let mut data = content(&body, "write")?;
        let id = take_id(&mut data)?.ok_or_else(|| Error::field("write.content.id", "site-govstack-id"))?;
        let (key, new) = (id.clone(), data.clone());
        let write = move |tx: &mut Tx<'_>| match writing.current(tx, &key)? {
            Some(_) => Err(Error::Conflict("site-govstack-there")),
            None => writing.record(tx, &key, new),
        };
        written(&call, write).await?;
        Ok(shown(&id, &data))
    };
    answer(&call, created.await)
}

/// The query and what is to be written; both may name the subject.
struct Update {
    id: Option<String>,
    query: Content,
    write: Content,
}

fn update_of(body: &Bytes) -> Result<Update> {
    let mut write = content(body, "write")?;
    let written = take_id(&mut write)?;
    let mut query = if body_has_query(body) { content(body, "query")? } else { Content::new() };
    let id = take_id(&mut query)?;
    if let (Some(a), Some(b)) = (&id, &written)
        && a != b
    {
        return Err(Error::field("write.content.id", "site-govstack-renamed"));
    }
    Ok(Update { id: id.or(written), query, write })
}

fn body_has_query(body: &Bytes) -> bool {
    serde_json::from_slice::<Content>(body).is_ok_and(|body| body.contains_key("query"))
}

pub async fn update(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let changed = change(&call, (&registry, &version), &body, 1).await;
    answer(&call, changed.map(|()| StatusCode::OK.into_response()))
}

pub async fn update_entries(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let changed = change(&call, (&registry, &version), &body, AT_ONCE).await;
    answer(&call, changed.map(|()| StatusCode::OK.into_response()))
}

/// Changes the first `most` of the records that are meant. `NotFound`: there is none.
async fn change(call: &Call, (registry, version): (&str, &str), body: &Bytes, most: usize) -> Result<()> {
    let writing = Writing::of(call, call.provider_of(registry, version)?);
    let update = update_of(body)?;
    let write = move |tx: &mut Tx<'_>| {
        let meant = writing.meant(tx, update.id.as_deref(), &update.query)?;
        let mut last = Err(Error::NotFound);
        for id in meant.iter().take(most) {
            let now = writing.current(tx, id)?.ok_or(Error::NotFound)?;
            last = Ok(writing.change(tx, id, (now, &update.write))?);
        }
        last
    };
    written(call, write).await
}

pub async fn update_or_create(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let done = async {
        let writing = Writing::of(&call, call.provider_of(&registry, &version)?);
        let update = update_of(&body)?;
        let write = move |tx: &mut Tx<'_>| {
            let found = writing.meant(tx, update.id.as_deref(), &update.query)?.into_iter().next();
            let there = found.is_some();
            let id = found.or(update.id).ok_or_else(|| Error::field("write.content.id", "site-govstack-id"))?;
            let now = if there { writing.current(tx, &id)?.unwrap_or_default() } else { Content::new() };
            if !there && writing.current(tx, &id)?.is_some() {
                return Err(Error::Conflict("site-govstack-there"));
            }
            let mut data = now;
            data.extend(update.write);
            let shown = (id.clone(), data.clone());
            Ok(writing.record(tx, &id, data)?.map(|_| shown))
        };
        let (id, data) = written(&call, write).await?;
        Ok(shown(&id, &data))
    };
    answer(&call, done.await)
}

pub async fn delete(call: Call, Path((registry, version, id)): Path<(String, String, String)>) -> Response {
    let deleted = async {
        let writing = Writing::of(&call, call.provider_of(&registry, &version)?);
        written(&call, move |tx| writing.registry.retire(tx, &writing.resource.key, &id)).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    answer(&call, deleted.await)
}
