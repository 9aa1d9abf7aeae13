//! SQL of `events_type` and `events_publisher`.
use platform::db::{Row, Tx, Value};
use platform::i18n::Text;
use platform::{Error, Result};

use crate::model::kind::EventType;

/// A type as GovStack's interface names it.
#[derive(Debug, Clone)]
pub struct Named {
    pub room: String,
    pub name: String,
    pub kind: EventType,
}

/// A document as it stands. In those of before the law stood in three languages, it is one text.
fn kind_of(row: &Row) -> Result<EventType> {
    let mut document: serde_json::Value = row.json(0)?;
    if let Some(law) = document["basis"].as_str().map(str::to_owned) {
        document["basis"] = serde_json::to_value(Text { zh_hans: law.clone(), zh_hant: law.clone(), en: law })?;
    }
    serde_json::from_value(document).map_err(Error::from)
}

pub fn list_types(tx: &mut Tx<'_>) -> Result<Vec<EventType>> {
    tx.list("SELECT document FROM events_type ORDER BY key", &[], kind_of)
}

/// Types that changes of a register make, as far as somebody has subscribed. `when` stands in the document.
pub fn list_wanted(tx: &mut Tx<'_>, resource: &str) -> Result<Vec<EventType>> {
    let sql = "SELECT document FROM events_type WHERE key IN
               (SELECT type FROM events_subscription WHERE state = 'active') ORDER BY key";
    let mut kinds = tx.list(sql, &[], kind_of)?;
    kinds.retain(|kind| kind.when.is_some() && kind.resource.as_deref() == Some(resource));
    Ok(kinds)
}

pub fn find_type(tx: &mut Tx<'_>, key: &str) -> Result<Option<EventType>> {
    let row = tx.find("SELECT document FROM events_type WHERE key = $1", &[key.into()])?;
    row.map(|row| kind_of(&row)).transpose()
}

pub fn find_in_room(tx: &mut Tx<'_>, room: &str, name: &str) -> Result<Option<EventType>> {
    let row = tx.find("SELECT document FROM events_type WHERE room = $1 AND name = $2", &[room.into(), name.into()])?;
    row.map(|row| kind_of(&row)).transpose()
}

pub fn list_room(tx: &mut Tx<'_>, room: &str) -> Result<Vec<String>> {
    tx.list("SELECT name FROM events_type WHERE room = $1 ORDER BY name", &[room.into()], |row| row.text(0))
}

/// Types of documents: over what stood there.
pub fn put_type(tx: &mut Tx<'_>, kind: &EventType) -> Result<()> {
    let (document, now) = (serde_json::to_string(kind)?, tx.now());
    let params: [Value<'_>; 4] = [(&kind.key).into(), (&kind.publisher).into(), (&document).into(), now.into()];
    tx.exec(
        "INSERT INTO events_type (key, room, name, document, at) VALUES ($1, $2, $1, $3, $4)
         ON CONFLICT (key) DO UPDATE SET room = excluded.room, name = excluded.name, document = excluded.document,
           at = excluded.at",
        &params,
    )
    .map(|_| ())
}

/// A type of the API. `Conflict`: there is one.
pub fn insert_type(tx: &mut Tx<'_>, named: &Named) -> Result<()> {
    let (document, now) = (serde_json::to_string(&named.kind)?, tx.now());
    let params: [Value<'_>; 5] =
        [(&named.kind.key).into(), (&named.room).into(), (&named.name).into(), (&document).into(), now.into()];
    let sql = "INSERT INTO events_type (key, room, name, document, at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT DO NOTHING";
    if tx.exec(sql, &params)? == 1 { Ok(()) } else { Err(Error::Conflict("events-conflict-type")) }
}

pub fn delete_type(tx: &mut Tx<'_>, room: &str, name: &str) -> Result<()> {
    let count = tx.exec("DELETE FROM events_type WHERE room = $1 AND name = $2", &[room.into(), name.into()])?;
    if count == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Keeps the digest of an office's token; the one before it ends.
pub fn put_publisher(tx: &mut Tx<'_>, office: &str, digest: &str, by: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "INSERT INTO events_publisher (office, token, at, by_name) VALUES ($1, $2, $3, $4)
         ON CONFLICT (office) DO UPDATE SET token = excluded.token, at = excluded.at, by_name = excluded.by_name",
        &[office.into(), digest.into(), now.into(), by.into()],
    )
    .map(|_| ())
}

/// The office whose systems hold the token.
pub fn find_publisher(tx: &mut Tx<'_>, digest: &str) -> Result<Option<String>> {
    let row = tx.find("SELECT office FROM events_publisher WHERE token = $1", &[digest.into()])?;
    row.map(|row| row.text(0)).transpose()
}
