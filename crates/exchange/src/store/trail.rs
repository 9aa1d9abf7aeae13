//! SQL of `exchange_trail`. A subject's rows are read by its pseudonym, never by a bare identifier.
use std::collections::BTreeMap;

use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};

use super::COLUMNS;
use super::questions::asked_of;
use crate::model::look::{Before, Filter, Look, Seen};

/// A look as it goes in. `fields` and `source` are JSON objects.
#[derive(Debug, Clone, Copy)]
pub struct NewLook<'a> {
    pub id: &'a str,
    pub at: Timestamp,
    pub subject: &'a str,
    pub actor_kind: &'a str,
    pub actor: &'a str,
    pub actor_name: &'a str,
    pub office: Option<&'a str>,
    pub consumer: &'a str,
    pub purpose: &'a str,
    pub basis: &'a str,
    pub item: Option<&'a str>,
    pub case: Option<&'a str>,
    pub fields: &'a str,
    pub source: &'a str,
}

const WIDTH: usize = 14;
/// Rows of one INSERT; longer statements are slower on SQLite, which looks parameters up by name.
const INSERTED: usize = 16;

pub fn insert_looks(tx: &mut Tx<'_>, looks: &[NewLook<'_>]) -> Result<()> {
    for chunk in looks.chunks(INSERTED) {
        let values: Vec<Value<'_>> = chunk.iter().flat_map(values_of).collect();
        tx.insert_many(
            "INSERT INTO exchange_trail (id, at, subject, actor_kind, actor, actor_name, office, consumer, purpose, basis,
             item, case_id, fields, source) VALUES",
            WIDTH,
            &values,
        )?;
    }
    Ok(())
}

fn values_of<'a>(look: &NewLook<'a>) -> [Value<'a>; WIDTH] {
    [
        look.id.into(),
        look.at.into(),
        look.subject.into(),
        look.actor_kind.into(),
        look.actor.into(),
        look.actor_name.into(),
        look.office.into(),
        look.consumer.into(),
        look.purpose.into(),
        look.basis.into(),
        look.item.into(),
        look.case.into(),
        look.fields.into(),
        look.source.into(),
    ]
}

fn look_of(row: &Row) -> Result<Look> {
    Ok(Look {
        id: row.text(0)?,
        at: row.time(1)?,
        actor_kind: row.text(2)?,
        actor: row.text(3)?,
        actor_name: row.text(4)?,
        office: row.opt_text(5)?,
        consumer: row.text(6)?,
        purpose: row.text(7)?,
        basis: row.text(8)?,
        item: row.opt_text(9)?,
        case: row.opt_text(10)?,
        fields: row.json::<BTreeMap<String, Vec<String>>>(11)?,
        source: row.json(12)?,
    })
}

/// Reads `COLUMNS`.
pub(super) fn seen_of(row: &Row) -> Result<Seen> {
    Ok(Seen { look: look_of(row)?, question: asked_of(row, 13)? })
}

/// Looks at a subject, newest first, before a place in the list.
pub fn list_looks(tx: &mut Tx<'_>, subject: &str, filter: Filter, before: &Before, limit: u32) -> Result<Vec<Seen>> {
    let sql = match filter {
        Filter::All => format!(
            "SELECT {COLUMNS} FROM exchange_trail t LEFT JOIN exchange_question q ON q.trail = t.id
             WHERE t.subject = $1 AND (t.at, t.id) < ($2, $3) ORDER BY t.at DESC, t.id DESC LIMIT $4"
        ),
        Filter::People => format!(
            "SELECT {COLUMNS} FROM exchange_trail t LEFT JOIN exchange_question q ON q.trail = t.id
             WHERE t.subject = $1 AND (t.at, t.id) < ($2, $3) AND t.actor_kind = 'official'
             ORDER BY t.at DESC, t.id DESC LIMIT $4"
        ),
        Filter::Questioned => format!(
            "SELECT {COLUMNS} FROM exchange_trail t JOIN exchange_question q ON q.trail = t.id
             WHERE t.subject = $1 AND (t.at, t.id) < ($2, $3) ORDER BY t.at DESC, t.id DESC LIMIT $4"
        ),
    };
    let params: [Value<'_>; 4] = [subject.into(), before.at.into(), (&before.id).into(), limit.into()];
    tx.list(&sql, &params, seen_of)
}

/// One look at this subject, or NotFound.
pub fn get_look(tx: &mut Tx<'_>, subject: &str, id: &str) -> Result<Seen> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_trail t LEFT JOIN exchange_question q ON q.trail = t.id
         WHERE t.id = $1 AND t.subject = $2"
    );
    seen_of(&tx.get(&sql, &[id.into(), subject.into()])?)
}
