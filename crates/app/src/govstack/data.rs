//! Reads of the digital-registries API: one record, whether there is one, one value, a page of many.
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use platform::error::{Error, FieldError, Result};
use platform::policy::{Action, On};
use platform::{page, posted};
use regex_lite::{Regex, RegexBuilder};
use registry::{Finding, Resource, find_subjects};
use serde_json::{Value, json};

use super::call::{Call, Content, Named, answer, content, ok, take_id};

/// Records on one page: each is a look at somebody, and written as one.
const PAGE: usize = 10;
const LONGEST_PAGE: usize = 50;
/// Bytes of a compiled search.
const PATTERN: usize = 64 << 10;

pub async fn read(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let found = find(&call, (&registry, &version), &body).await;
    answer(&call, found.and_then(|found| found.map(|found| ok(&json!({"content": found}))).ok_or(Error::NotFound)))
}

pub async fn exists(call: Call, Path((registry, version)): Named, body: Bytes) -> Response {
    let found = find(&call, (&registry, &version), &body).await;
    let words = |there: bool| if there { "Object found from database" } else { "Object not found from database" };
    let told = |there: bool| ok(&json!({"answer": {"status": there, "message": words(there)}}));
    answer(&call, found.map(|found| told(found.is_some())))
}

/// The record that a query means, with the fields that the caller may have.
async fn find(call: &Call, (registry, version): (&str, &str), body: &Bytes) -> Result<Option<Content>> {
    let resource = call.resource(registry, version)?;
    let mut wanted = content(body, "query")?;
    let id = take_id(&mut wanted)?;
    let fields = call.readable(&resource).await?;
    known(&resource, &fields, wanted.keys())?;
    let id = match id {
        Some(id) => id,
        None if wanted.is_empty() => return Err(Error::field("query.content", "site-govstack-content")),
        None => {
            let search = Search { wanted: wanted.clone(), limit: 1, ..Search::default() };
            match search.run(call, &resource, fields.clone()).await?.1.pop() {
                Some(id) => id,
                None => return Ok(None),
            }
        }
    };
    let found = call.fetch(&resource, (&id, &fields)).await?;
    Ok(found.filter(|found| wanted.iter().all(|(field, value)| found.get(field) == Some(value))))
}

/// Nobody searches by what may not be read: the answer would tell it.
fn known<'f>(resource: &Resource, fields: &[String], named: impl Iterator<Item = &'f String>) -> Result<()> {
    for field in named {
        if !fields.contains(field) {
            let error = FieldError::new(field.as_str(), "exchange-ask-field");
            return Err(Error::Invalid(vec![error.with("resource", &resource.key).with("field", field)]));
        }
    }
    Ok(())
}

pub async fn read_value(
    call: Call,
    Path((registry, version, id, value)): Path<(String, String, String, String)>,
) -> Response {
    answer(&call, value_of(&call, (&registry, &version), (&id, &value)).await)
}

async fn value_of(call: &Call, (registry, version): (&str, &str), (id, value): (&str, &str)) -> Result<Response> {
    let resource = call.resource(registry, version)?;
    let (field, kind) = value.rsplit_once('.').ok_or(Error::NotFound)?;
    if resource.field(field).is_none() || !["json", "txt"].contains(&kind) {
        return Err(Error::NotFound);
    }
    let found = call.fetch(&resource, (id, &[field.to_owned()])).await?.ok_or(Error::NotFound)?;
    let value = found.get(field).ok_or(Error::NotFound)?;
    // Both forms that the description has: an object with the value, or its text.
    Ok(ok(&if kind == "json" { json!({"value": value}) } else { written(value).into() }))
}

/// What is looked for among the records that lie here.
#[derive(Default)]
struct Search {
    /// Fields that must say exactly this.
    wanted: Content,
    /// What the text of some field must match; `among`: of this field alone.
    pattern: Option<Regex>,
    among: Option<String>,
    descending: bool,
    offset: usize,
    limit: usize,
}

impl Search {
    async fn run(self, call: &Call, resource: &Resource, fields: Vec<String>) -> Result<(usize, Vec<String>)> {
        let grant = call.ctx.allow(Action::FactFetch, &On::PUBLIC)?;
        let key = resource.key.clone();
        let read = move |tx: &mut platform::db::Tx<'_>| {
            let keep = |_: &str, data: &Content| self.fits(data, &fields);
            let (descending, offset, limit) = (self.descending, self.offset, self.limit);
            find_subjects(tx, &Finding { resource: &key, keep: &keep, descending, offset, limit })
        };
        call.ctx.db().read(grant, read).await
    }

    fn fits(&self, data: &Content, fields: &[String]) -> bool {
        let says = |field: &String| {
            let is_meant = self.among.as_ref().is_none_or(|among| among == field);
            is_meant
                && data
                    .get(field)
                    .is_some_and(|value| self.pattern.as_ref().is_none_or(|p| p.is_match(&written(value))))
        };
        let exactly = |(field, value): (&String, &Value)| data.get(field).is_some_and(|v| written(v) == written(value));
        self.wanted.iter().all(exactly) && (self.pattern.is_none() || fields.iter().any(says))
    }
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub async fn list(call: Call, Path((registry, version)): Named, RawQuery(query): RawQuery) -> Response {
    let query = posted::parse_urlencoded(&query.unwrap_or_default());
    answer(&call, page_of(&call, (&registry, &version), &query).await)
}

async fn page_of(call: &Call, (registry, version): (&str, &str), query: &[(String, String)]) -> Result<Response> {
    let resource = call.resource(registry, version)?;
    let fields = call.readable(&resource).await?;
    let of = |name: &str| query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, v)| v.clone());
    let wanted =
        |(key, value): &(String, String)| Some((key.strip_prefix("query.")?.to_owned(), value.as_str().into()));
    let wanted: Content = query.iter().filter_map(wanted).collect();
    let among = of("filter");
    known(&resource, &fields, wanted.keys().chain(among.as_ref()))?;
    let (number, size) = (count(of("page"), "page", 1)?, count(of("pageSize"), "pageSize", PAGE)?.min(LONGEST_PAGE));
    let descending = of("ordering").is_some_and(|order| order.starts_with("desc"));
    let (pattern, offset) = (of("search").map(pattern).transpose()?, (number - 1).saturating_mul(size));
    let search = Search { wanted, pattern, among, descending, offset, limit: size };
    let (total, subjects) = search.run(call, &resource, fields.clone()).await?;
    let mut results = Vec::with_capacity(subjects.len());
    for id in &subjects {
        results.extend(call.fetch(&resource, (id, &fields)).await?);
    }
    let mut body = json!({"count": total, "results": results});
    let address = |page: usize| {
        let kept = query.iter().filter(|(key, _)| key != "page");
        let kept = kept.map(|(key, value)| format!("{}={}", page::encode(key), page::encode(value)));
        let all: Vec<String> = kept.chain([format!("page={page}")]).collect();
        format!("{}/data/{registry}/{version}?{}", call.door, all.join("&"))
    };
    if offset.saturating_add(size) < total {
        body["next"] = address(number + 1).into();
    }
    if number > 1 {
        body["previous"] = address(number - 1).into();
    }
    Ok(ok(&body))
}

/// `search` as the description has it: a regular expression. One that would take too much room is refused too.
fn pattern(text: String) -> Result<Regex> {
    let pattern = RegexBuilder::new(&text).size_limit(PATTERN).nest_limit(20).build();
    pattern.map_err(|_| Error::field("search", "site-govstack-search"))
}

fn count(text: Option<String>, name: &str, without: usize) -> Result<usize> {
    let wrong = || Error::field(name, "site-govstack-count");
    text.map_or(Ok(without), |text| text.parse().ok().filter(|number| *number > 0).ok_or_else(wrong))
}
