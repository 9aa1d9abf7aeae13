//! A form as it was sent: its fields in order, its files already on disk. Refuses forms without the session's token.
//!
//! Invariant: files are taken only where a form asks for them (`PostedWithFiles`) and only from persons who are signed
//! in; from everybody else not one byte of a file reaches the disk.
use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::ctx::Ctx;
use crate::error::{Error, FieldError, Result};
use crate::files::{Incoming, Kept};
use crate::policy::ActorKind;

/// Fields in the order of the form; a name may occur more than once. A form with files is refused, see `PostedWithFiles`.
#[derive(Debug, Default)]
pub struct Posted {
    pub fields: Vec<(String, String)>,
    pub files: Vec<(String, Kept)>,
}

/// A form that may hold files, for the pages that ask for documents.
#[derive(Debug, Default)]
pub struct PostedWithFiles(pub Posted);

/// Whether the files of a form are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Refused,
    Taken,
}

const MAX_FIELDS: usize = 2_000;

impl Posted {
    /// The first value of a field, empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }
}

/// What stands behind the question mark of the address.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The first value of a name, empty when it does not stand there.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parse_urlencoded(parts.uri.query().unwrap_or_default())))
    }
}

#[must_use]
pub fn is_urlencoded(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("application/x-www-form-urlencoded")
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Reads `a=b&c=d`; what is not UTF-8 becomes the replacement character.
#[must_use]
pub fn parse_urlencoded(body: &str) -> Vec<(String, String)> {
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).replace("\r\n", "\n")
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        read(request, state, Files::Refused).await
    }
}

impl<S: Send + Sync> FromRequest<S> for PostedWithFiles {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        read(request, state, Files::Taken).await.map(Self)
    }
}

fn unreadable() -> Error {
    Error::field("form", "error-form-unreadable")
}

async fn read<S: Send + Sync>(request: Request, state: &S, files: Files) -> Result<Posted> {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let ctx = ctx.ok_or_else(|| Error::Internal("no context in this request".into()))?;
    let posted = if is_urlencoded(request.headers()) {
        read_urlencoded(&ctx, request).await?
    } else if content_type(request.headers()).starts_with("multipart/form-data") {
        let multipart = Multipart::from_request(request, state).await;
        let files = if ctx.actor.kind == ActorKind::Person { files } else { Files::Refused };
        read_multipart(&ctx, multipart.map_err(|_| unreadable())?, files).await?
    } else {
        return Err(unreadable());
    };
    if ctx.csrf.is_empty() || posted.get("csrf") != &*ctx.csrf {
        return Err(Error::Denied("error-denied-form-token"));
    }
    if posted.fields.len() > MAX_FIELDS {
        return Err(Error::Invalid(vec![
            FieldError::new("form", "error-form-too-many-fields").with("max", MAX_FIELDS),
        ]));
    }
    Ok(posted)
}

async fn read_urlencoded(ctx: &Ctx, request: Request) -> Result<Posted> {
    let limit = ctx.platform().config().http.form_limit_bytes;
    let body = axum::body::to_bytes(request.into_body(), limit as usize).await;
    let body = body.map_err(|_| Error::TooLarge { limit })?;
    let text = std::str::from_utf8(&body).map_err(|_| unreadable())?;
    Ok(Posted { fields: parse_urlencoded(text), files: Vec::new() })
}

/// A file of the form, not yet stored.
struct Part {
    name: String,
    file_name: String,
    incoming: Incoming,
}

/// Stores the files when the whole form has come: of one that breaks off nothing is kept.
async fn read_multipart(ctx: &Ctx, mut parts: Multipart, files: Files) -> Result<Posted> {
    let mut posted = Posted::default();
    let mut received = Vec::new();
    let mut left = ctx.platform().config().http.form_limit_bytes;
    while let Some(mut part) = parts.next_field().await.map_err(|_| unreadable())? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => posted.fields.push((name, read_text(ctx, &mut part, &mut left).await?)),
            Some(_) if files == Files::Refused => return Err(unreadable()),
            // The token comes first in our forms: a stranger's files are not even read.
            Some(_) if posted.get("csrf") != &*ctx.csrf => return Err(Error::Denied("error-denied-form-token")),
            Some(file_name) => {
                has_room(ctx, &name, received.len())?;
                received.extend(read_file(ctx, part, (name, file_name)).await?);
            }
        }
        if posted.get("csrf") != &*ctx.csrf {
            return Err(Error::Denied("error-denied-form-token"));
        }
    }
    for Part { name, file_name, incoming } in received {
        posted.files.push((name, ctx.platform().files().finish(incoming, &file_name).await?));
    }
    Ok(posted)
}

fn has_room(ctx: &Ctx, name: &str, received: usize) -> Result<()> {
    let max = ctx.platform().config().files.max_per_request;
    if received < max {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new(name, "error-form-too-many-files").with("max", max)]))
}

/// The text of a part, as far as all texts of the form together keep to the limit; `left` is what they may still have.
async fn read_text(ctx: &Ctx, part: &mut axum::extract::multipart::Field<'_>, left: &mut u64) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| unreadable())? {
        let limit = ctx.platform().config().http.form_limit_bytes;
        *left = left.checked_sub(chunk.len() as u64).ok_or(Error::TooLarge { limit })?;
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
    Ok(text.replace("\r\n", "\n"))
}

/// Receives a file; None for a file field left empty.
async fn read_file(
    ctx: &Ctx,
    mut part: axum::extract::multipart::Field<'_>,
    (name, file_name): (String, String),
) -> Result<Option<Part>> {
    let store = ctx.platform().files();
    let mut incoming = store.begin().await?;
    while let Some(bytes) = part.chunk().await.map_err(|_| unreadable())? {
        store.add(&mut incoming, &bytes).await?;
    }
    let empty = incoming.is_empty() && file_name.is_empty();
    Ok((!empty).then_some(Part { name, file_name, incoming }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_send_them() {
        let fields = parse_urlencoded("a=1+2&b=%E6%9D%8E&a=%0D%0A&broken=%zz&=&c");
        let want = [("a", "1 2"), ("b", "李"), ("a", "\n"), ("broken", "%zz"), ("", ""), ("c", "")];
        let got: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(got, want);
    }
}
