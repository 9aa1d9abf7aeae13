//! The disabled persons' federation's SOAP 1.1 service: `queryCertificate`.
use std::path::Path;
use std::sync::PoisonError;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use platform::clock::iso_date;
use platform::error::Result;
use rusqlite::{OptionalExtension, Row as Cells, params};

use super::files::create;
use super::titles::{Database, read_only};
use super::{broken, rows};
use crate::demo::city::City;

const KINDS: [(&str, &str); 7] = [
    ("visual", "1"),
    ("hearing", "2"),
    ("speech", "3"),
    ("physical", "4"),
    ("intellectual", "5"),
    ("mental", "6"),
    ("multiple", "7"),
];
const LEVELS: [&str; 4] = ["一级", "二级", "三级", "四级"];

pub(super) fn fill(city: &City, file: &Path) -> Result<()> {
    let mut database = create(file, include_str!("sql/certificates.sql"))?;
    let writing = database.transaction().map_err(broken)?;
    {
        let mut insert = writing.prepare(include_str!("sql/certificates_insert.sql")).map_err(broken)?;
        for row in rows::of(city, "disability") {
            let row = row?;
            let grade = usize::try_from(row.number("grade") - 1).map_err(broken)?;
            let until = row.date("valid_to");
            let until = format!("{}年{}月{}日", until.year(), u8::from(until.month()), until.day());
            let changed = format!("{}T09:00:00+08:00", iso_date(row.as_of));
            let level = LEVELS.get(grade).copied().unwrap_or_default();
            let kind = row.code("category", &KINDS);
            let cells = params![row.subject, row.text("certificate_no"), kind, level, until, changed];
            insert.execute(cells).map_err(broken)?;
        }
    }
    writing.commit().map_err(broken)
}

pub(super) fn router(file: &Path) -> Result<Router> {
    let router = Router::new().route("/services/CertificateService", post(query));
    Ok(router.with_state(read_only(file)?))
}

async fn query(State(database): State<Database>, envelope: String) -> Response {
    let number = envelope.split_once(":idCardNo>").and_then(|(_, rest)| rest.split_once('<')).map(|(number, _)| number);
    let Some(number) = number else {
        return answer(StatusCode::INTERNAL_SERVER_ERROR, "<s:Fault><faultcode>s:Client</faultcode></s:Fault>");
    };
    let database = database.lock().unwrap_or_else(PoisonError::into_inner);
    let found = database
        .prepare_cached(include_str!("sql/certificates_find.sql"))
        .and_then(|mut find| find.query_row([number], certificate).optional());
    match found {
        Ok(found) => {
            let inside = found.unwrap_or_default();
            let space = "xmlns:c=\"urn:yunling:cl\"";
            let body = format!("<c:queryCertificateResponse {space}>{inside}</c:queryCertificateResponse>");
            answer(StatusCode::OK, &body)
        }
        Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, "<s:Fault><faultcode>s:Server</faultcode></s:Fault>"),
    }
}

fn certificate(row: &Cells<'_>) -> rusqlite::Result<String> {
    let text = |at: usize| row.get::<_, String>(at);
    Ok(format!(
        "<c:certificate><c:holder><c:idCardNo>{}</c:idCardNo></c:holder><c:certNo>{}</c:certNo><c:kindCode>{}</c:kindCode>\
         <c:level>{}</c:level><c:validUntil>{}</c:validUntil><c:lastModified>{}</c:lastModified></c:certificate>",
        text(0)?,
        text(1)?,
        text(2)?,
        text(3)?,
        text(4)?,
        text(5)?
    ))
}

fn answer(status: StatusCode, body: &str) -> Response {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <s:Body>{body}</s:Body></s:Envelope>"
    );
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], text).into_response()
}
