//! SQL of `exchange_trail`. A subject's rows are read by its pseudonym, never by a bare identifier.
use std::collections::BTreeMap;

use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Dialect, Row, Tx, Value};

use super::COLUMNS;
use super::questions::asked_of;
use crate::model::look::{Before, Filter, Hid, Look, Seen};

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

/// One look. Its statement is written out: nothing is composed while other writes wait.
pub fn insert_look(tx: &mut Tx<'_>, look: &NewLook<'_>) -> Result<()> {
    tx.exec(
        "INSERT INTO exchange_trail (id, at, subject, actor_kind, actor, actor_name, office, consumer, purpose, basis,
         item, case_id, fields, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &values_of(look),
    )
    .map(|_| ())
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
    let hidden = match row.opt_time(22)? {
        Some(until) => Some(Hid { until, basis: row.text(23)? }),
        None => None,
    };
    Ok(Seen { look: look_of(row)?, question: asked_of(row, 13)?, hidden })
}

/// What of a trail is read: how many looks, from which place on, and `floor`: looks taken by then are shown whatever hid
/// them, as none stays hidden longer than the setting allows.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    pub before: &'a Before,
    pub limit: u32,
    pub floor: Timestamp,
}

/// Officials here, and the users that an office's own system named (`X-Road-UserId`): such a system's look bears the
/// system's own identifier as its name when nobody was named.
const PEOPLE: &str = "AND (t.actor_kind = 'official' OR
     (t.actor_kind = 'system' AND t.actor LIKE '%/%' AND t.actor_name <> t.actor AND t.actor_name <> ''))";

/// Looks at a subject, newest first, before a place in the list; without those that the law hides now.
pub fn list_looks(tx: &mut Tx<'_>, subject: &str, filter: Filter, window: &Window<'_>) -> Result<Vec<Seen>> {
    let which = match filter {
        Filter::All => "",
        Filter::People => PEOPLE,
        Filter::Questioned => "AND q.id IS NOT NULL",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_trail t LEFT JOIN exchange_question q ON q.trail = t.id
         LEFT JOIN exchange_hidden h ON h.trail = t.id
         WHERE t.subject = $1 AND (t.at, t.id) < ($2, $3) {which} AND (h.trail IS NULL OR h.until <= $5 OR h.at <= $6)
         ORDER BY t.at DESC, t.id DESC LIMIT $4"
    );
    let (now, before) = (tx.now(), window.before);
    let params: [Value<'_>; 6] =
        [subject.into(), before.at.into(), (&before.id).into(), window.limit.into(), now.into(), window.floor.into()];
    tx.list(&sql, &params, seen_of)
}

/// One look at this subject, or NotFound; also while the law hides it.
pub fn get_look(tx: &mut Tx<'_>, subject: &str, id: &str, floor: Timestamp) -> Result<Seen> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_trail t LEFT JOIN exchange_question q ON q.trail = t.id
         LEFT JOIN exchange_hidden h ON h.trail = t.id
         WHERE t.id = $1 AND t.subject = $2 AND (h.trail IS NULL OR h.until <= $3 OR h.at <= $4)"
    );
    let now = tx.now();
    seen_of(&tx.get(&sql, &[id.into(), subject.into(), now.into(), floor.into()])?)
}

/// Looks by others at a subject within a span of time, for systems that show them to the subject.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub from: Timestamp,
    /// Included.
    pub to: Timestamp,
    pub offset: u32,
    pub limit: u32,
    /// As `Window::floor`.
    pub floor: Timestamp,
}

const COUNT_USES: &str = "SELECT COUNT(*) FROM exchange_trail t WHERE t.subject = $1 AND t.at >= $2 AND t.at <= $3
     AND t.actor_kind <> 'person' AND NOT EXISTS
     (SELECT 1 FROM exchange_hidden h WHERE h.trail = t.id AND h.until > $4 AND h.at > $5)";

const LIST_USES: &str =
    "SELECT t.id, t.at, t.actor_kind, t.actor, t.actor_name, t.office, t.consumer, t.purpose, t.basis,
     t.item, t.case_id, t.fields, t.source FROM exchange_trail t
     WHERE t.subject = $1 AND t.at >= $2 AND t.at <= $3 AND t.actor_kind <> 'person' AND NOT EXISTS
     (SELECT 1 FROM exchange_hidden h WHERE h.trail = t.id AND h.until > $4 AND h.at > $5)
     ORDER BY t.at DESC, t.id DESC LIMIT $6 OFFSET $7";

/// How many there are in the span, and those of one page, newest first. The subject's own looks are no use by others.
pub fn list_uses(tx: &mut Tx<'_>, subject: &str, span: &Span) -> Result<(i64, Vec<Look>)> {
    let now = tx.now();
    let params: [Value<'_>; 7] = [
        subject.into(),
        span.from.into(),
        span.to.into(),
        now.into(),
        span.floor.into(),
        span.limit.into(),
        span.offset.into(),
    ];
    let count = tx.get(COUNT_USES, &params[..5])?.int(0)?;
    Ok((count, tx.list(LIST_USES, &params, look_of)?))
}

/// How the database goes about `list_uses`, in its own words: for tests and for the bench.
pub fn explain_uses(tx: &mut Tx<'_>, subject: &str) -> Result<String> {
    let how = if tx.dialect() == Dialect::Postgres { "EXPLAIN" } else { "EXPLAIN QUERY PLAN" };
    let (from, to) = (Timestamp(0), Timestamp(i64::MAX));
    let params: [Value<'_>; 7] =
        [subject.into(), from.into(), to.into(), from.into(), from.into(), 100_u32.into(), 0_u32.into()];
    let rows = tx.query(&format!("{how} {LIST_USES}"), &params)?;
    let words = |row: &Row| row.cells().iter().map(|cell| format!("{cell:?} ")).collect::<String>();
    Ok(rows.iter().map(words).collect::<Vec<_>>().join("\n"))
}

/// When the first look was taken; None: there is none yet.
pub fn first_look(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    tx.get("SELECT MIN(at) FROM exchange_trail", &[])?.opt_time(0)
}
