//! SQL of `exchange_question`. An office's rows are read by the office, a subject's by its pseudonym.
use platform::clock::{Timestamp, iso_date, parse_iso_date};
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use time::Date;

use super::COLUMNS;
use super::trail::seen_of;
use crate::model::look::Seen;
use crate::model::question::{Answer, Asked};

/// A question as it goes in.
#[derive(Debug, Clone, Copy)]
pub struct NewQuestion<'a> {
    pub id: &'a str,
    pub trail: &'a str,
    pub subject: &'a str,
    pub owner: &'a str,
    pub office: &'a str,
    pub due: Date,
    pub words: &'a str,
}

/// Reads a question from the columns that begin at `at`; None when they are null.
pub(super) fn asked_of(row: &Row, at: usize) -> Result<Option<Asked>> {
    let Some(id) = row.opt_text(at)? else { return Ok(None) };
    let due = row.str(at + 3)?;
    let answer = match row.opt_time(at + 5)? {
        Some(time) => {
            Some(Answer { at: time, by: row.text(at + 6)?, name: row.text(at + 7)?, words: row.text(at + 8)? })
        }
        None => None,
    };
    Ok(Some(Asked {
        id,
        office: row.text(at + 1)?,
        asked_at: row.time(at + 2)?,
        due: parse_iso_date(due).ok_or_else(|| Error::Internal(format!("due {due:?} is no date")))?,
        words: row.text(at + 4)?,
        answer,
    }))
}

/// False when the look was questioned before: then nothing was written.
pub fn insert_question(tx: &mut Tx<'_>, new: &NewQuestion<'_>) -> Result<bool> {
    let (now, due) = (tx.now(), iso_date(new.due));
    let params: [Value<'_>; 8] = [
        new.id.into(),
        new.trail.into(),
        new.subject.into(),
        new.owner.into(),
        new.office.into(),
        now.into(),
        (&due).into(),
        new.words.into(),
    ];
    let count = tx.exec(
        "INSERT INTO exchange_question (id, trail, subject, owner, office, asked_at, due, words)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (trail) DO NOTHING",
        &params,
    )?;
    Ok(count == 1)
}

/// Open questions to an office, the one due first at the top, after a place in the list (`due`, identifier).
pub fn list_open(tx: &mut Tx<'_>, office: &str, after: (&str, &str), limit: u32) -> Result<Vec<Seen>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_question q JOIN exchange_trail t ON t.id = q.trail
         LEFT JOIN exchange_hidden h ON h.trail = t.id
         WHERE q.office = $1 AND q.answered_at IS NULL AND (q.due, q.id) > ($2, $3) ORDER BY q.due, q.id LIMIT $4"
    );
    tx.list(&sql, &[office.into(), after.0.into(), after.1.into(), limit.into()], seen_of)
}

/// The questions that an office answered, the last answer first, before a place in the list (answered, identifier).
pub fn list_answered(
    tx: &mut Tx<'_>,
    office: &str,
    (at, id): (Option<Timestamp>, &str),
    limit: u32,
) -> Result<Vec<Seen>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_question q JOIN exchange_trail t ON t.id = q.trail
         LEFT JOIN exchange_hidden h ON h.trail = t.id
         WHERE q.office = $1 AND q.answered_at IS NOT NULL AND (q.answered_at, q.id) < ($2, $3)
         ORDER BY q.answered_at DESC, q.id DESC LIMIT $4"
    );
    let at = at.unwrap_or(Timestamp(i64::MAX));
    tx.list(&sql, &[office.into(), at.into(), id.into(), limit.into()], seen_of)
}

/// A question to one of these offices with the look, or NotFound; the subject's owner comes with it.
pub fn get_question(tx: &mut Tx<'_>, offices: &[String], id: &str) -> Result<(Seen, String)> {
    let sql = format!(
        "SELECT {COLUMNS}, q.owner FROM exchange_question q JOIN exchange_trail t ON t.id = q.trail
         LEFT JOIN exchange_hidden h ON h.trail = t.id
         WHERE q.id = $1 AND q.office = $2"
    );
    for office in offices {
        if let Some(row) = tx.find(&sql, &[id.into(), office.into()])? {
            return Ok((seen_of(&row)?, row.text(24)?));
        }
    }
    Err(Error::NotFound)
}

/// Who answers and what.
#[derive(Debug, Clone, Copy)]
pub struct NewAnswer<'a> {
    pub question: &'a str,
    pub office: &'a str,
    pub by: &'a str,
    pub name: &'a str,
    pub words: &'a str,
}

/// False when somebody answered before: then nothing was written.
pub fn update_answer(tx: &mut Tx<'_>, new: &NewAnswer<'_>) -> Result<bool> {
    let now = tx.now();
    let params: [Value<'_>; 6] =
        [new.question.into(), new.office.into(), now.into(), new.by.into(), new.name.into(), new.words.into()];
    let count = tx.exec(
        "UPDATE exchange_question SET answered_at = $3, answered_by = $4, answered_name = $5, answer = $6
         WHERE id = $1 AND office = $2 AND answered_at IS NULL",
        &params,
    )?;
    Ok(count == 1)
}
