//! SQL of `exchange_trail` for those who were given a value that turned out wrong.
use std::collections::BTreeMap;

use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};

use crate::model::used::Used;

/// Fields by resource, and who used them.
type Line = (BTreeMap<String, Vec<String>>, Used);

fn line_of(row: &Row) -> Result<Line> {
    let consumer = row.text(2)?;
    let official = if row.str(0)? == "official" { Some(row.text(1)?) } else { None };
    let used = Used {
        office: row.opt_text(3)?.unwrap_or(consumer),
        official,
        item: row.opt_text(4)?,
        case: row.opt_text(5)?,
        hidden: row.flag(7)?,
    };
    Ok((row.json(6)?, used))
}

/// Looks of others than the subject at a field since a moment, the first one first; `floor`: as `trail::Window::floor`.
pub fn list_used(
    tx: &mut Tx<'_>,
    subject: &str,
    (resource, field): (&str, &str),
    (since, floor): (Timestamp, Timestamp),
) -> Result<Vec<Used>> {
    let now = tx.now();
    let params: [Value<'_>; 4] = [subject.into(), since.into(), now.into(), floor.into()];
    let lines = tx.list(
        "SELECT t.actor_kind, t.actor, t.consumer, t.office, t.item, t.case_id, t.fields,
           CASE WHEN EXISTS (SELECT 1 FROM exchange_hidden h WHERE h.trail = t.id AND h.until > $3 AND h.at > $4)
           THEN 1 ELSE 0 END
         FROM exchange_trail t WHERE t.subject = $1 AND t.at >= $2 AND t.actor_kind <> 'person' ORDER BY t.at, t.id",
        &params,
        line_of,
    )?;
    let held = |fields: &BTreeMap<String, Vec<String>>| {
        fields.get(resource).is_some_and(|keys| keys.iter().any(|key| key == field))
    };
    Ok(lines.into_iter().filter(|(fields, _)| held(fields)).map(|(_, used)| used).collect())
}
