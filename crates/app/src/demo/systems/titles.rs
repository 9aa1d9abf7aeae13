//! The real-estate registry's REST service: `GET /api/bdc/v2/titles?zjhm=…`.
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use platform::clock::Timestamp;
use platform::error::Result;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::files::create;
use super::{broken, rows};
use crate::demo::city::City;

pub(super) type Database = Arc<Mutex<Connection>>;

pub(super) fn fill(city: &City, file: &Path) -> Result<()> {
    let mut database = create(file, include_str!("sql/titles.sql"))?;
    let writing = database.transaction().map_err(broken)?;
    {
        let mut insert = writing.prepare(include_str!("sql/titles_insert.sql")).map_err(broken)?;
        for row in rows::of(city, "real-estate") {
            let row = row?;
            let area: f64 = row.text("area_m2").parse().map_err(broken)?;
            let changed = Timestamp::start_of(row.as_of, time::macros::offset!(+8)).0 / 1000;
            let cells =
                params![row.subject, row.text("property_no"), row.text("address"), area, row.number("share"), changed];
            insert.execute(cells).map_err(broken)?;
        }
    }
    writing.commit().map_err(broken)
}

pub(super) fn router(file: &Path) -> Result<Router> {
    let router = Router::new().route("/api/bdc/v2/titles", get(titles));
    Ok(router.with_state(read_only(file)?))
}

pub(super) fn read_only(file: &Path) -> Result<Database> {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(broken)?;
    Ok(Arc::new(Mutex::new(database)))
}

#[derive(Deserialize)]
struct Asked {
    zjhm: String,
}

/// `data` is null where nothing is registered.
async fn titles(State(database): State<Database>, Query(asked): Query<Asked>) -> Response {
    let database = database.lock().unwrap_or_else(PoisonError::into_inner);
    let found = database.prepare_cached(include_str!("sql/titles_find.sql")).and_then(|mut find| {
        find.query_row([&asked.zjhm], |row| {
            Ok(json!({
                "holder": {"zjlx": "1", "zjhm": row.get::<_, String>(0)?},
                "bdcqzh": row.get::<_, String>(1)?,
                "zl": row.get::<_, String>(2)?,
                "jzmj": {"m2": row.get::<_, f64>(3)?},
                "gyfe": row.get::<_, i64>(4)?,
                "gxsj": row.get::<_, i64>(5)?,
            }))
        })
        .optional()
    });
    match found {
        Ok(data) => answer(StatusCode::OK, &json!({"code": 0, "msg": "ok", "data": data})),
        Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({"code": 500, "msg": "database"})),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body.to_string()).into_response()
}
