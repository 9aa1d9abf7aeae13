//! SQL of `registry_correction`. An office's rows are read by the office, an asker's by the asker.
use platform::clock::{Timestamp, iso_date};
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use time::Date;

use super::day;
use crate::model::correction::{Answer, Asker, Correction, CorrectionState};

const COLUMNS: &str = "id, resource, field, subject, right_value, words, owner, asker_name, asker_office, office, \
                       asked_at, due, state, answered_at, answered_name, answer, told";

fn correction_of(row: &Row) -> Result<Correction> {
    let state = row.str(12)?;
    let state = CorrectionState::from_name(state).ok_or_else(|| Error::Internal(format!("state {state:?}")))?;
    let answer = match row.opt_time(13)? {
        Some(at) => Some(Answer { at, name: row.text(14)?, words: row.text(15)?, told: row.opt_int(16)?.unwrap_or(0) }),
        None => None,
    };
    Ok(Correction {
        id: row.text(0)?,
        resource: row.text(1)?,
        field: row.text(2)?,
        subject: row.text(3)?,
        right: row.text(4)?,
        words: row.text(5)?,
        asker: Asker { owner: row.text(6)?, name: row.text(7)?, office: row.opt_text(8)? },
        office: row.text(9)?,
        asked_at: row.time(10)?,
        due: day(row.str(11)?)?,
        state,
        answer,
    })
}

/// False when the same asker has asked the same already and waits for the answer.
pub fn insert_correction(tx: &mut Tx<'_>, new: &Correction) -> Result<bool> {
    let due = iso_date(new.due);
    let params: [Value<'_>; 13] = [
        (&new.id).into(),
        (&new.resource).into(),
        (&new.field).into(),
        (&new.subject).into(),
        (&new.right).into(),
        (&new.words).into(),
        (&new.asker.owner).into(),
        (&new.asker.name).into(),
        (&new.asker.office).into(),
        (&new.office).into(),
        new.asked_at.into(),
        (&due).into(),
        new.state.name().into(),
    ];
    let rows = tx.exec(
        "INSERT INTO registry_correction (id, resource, field, subject, right_value, words, owner, asker_name,
           asker_office, office, asked_at, due, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
        &params,
    )?;
    Ok(rows == 1)
}

/// Addressed to one of these offices, or asked by it; else NotFound.
pub fn get_for_offices(tx: &mut Tx<'_>, offices: &[String], id: &str) -> Result<Correction> {
    let row = tx.get(&format!("SELECT {COLUMNS} FROM registry_correction WHERE id = $1"), &[id.into()])?;
    let found = correction_of(&row)?;
    let asked_by = found.asker.office.as_ref().is_some_and(|office| offices.contains(office));
    if offices.contains(&found.office) || asked_by { Ok(found) } else { Err(Error::NotFound) }
}

/// What a person, an enterprise or an official asked, newest first, before an identifier.
pub fn list_asked(tx: &mut Tx<'_>, owner: &str, before: &str, limit: u32) -> Result<Vec<Correction>> {
    let sql =
        format!("SELECT {COLUMNS} FROM registry_correction WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.list(&sql, &[owner.into(), before.into(), limit.into()], correction_of)
}

/// When the same field of the same subject was corrected before; None: never.
pub fn last_corrected(tx: &mut Tx<'_>, one: &Correction) -> Result<Option<Timestamp>> {
    let params: [Value<'_>; 4] =
        [(&one.office).into(), (&one.resource).into(), (&one.subject).into(), (&one.field).into()];
    let row = tx.get(
        "SELECT MAX(answered_at) FROM registry_correction
         WHERE office = $1 AND state = 'corrected' AND resource = $2 AND subject = $3 AND field = $4",
        &params,
    )?;
    row.opt_time(0)
}

/// What an office is to answer, the one due first at the top, after a place in the list (`due`, identifier).
pub fn list_open(tx: &mut Tx<'_>, office: &str, (due, id): (&str, &str), limit: u32) -> Result<Vec<Correction>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_correction WHERE office = $1 AND state = 'open' AND (due, id) > ($2, $3)
         ORDER BY due, id LIMIT $4"
    );
    tx.list(&sql, &[office.into(), due.into(), id.into(), limit.into()], correction_of)
}

/// What an office answered in one way, the last that was due first, before a place in the list (`due`, identifier).
pub fn list_answered(
    tx: &mut Tx<'_>,
    office: &str,
    state: CorrectionState,
    (due, id): (&str, &str),
    limit: u32,
) -> Result<Vec<Correction>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_correction WHERE office = $1 AND state = $2 AND (due, id) < ($3, $4)
         ORDER BY due DESC, id DESC LIMIT $5"
    );
    tx.list(&sql, &[office.into(), state.name().into(), due.into(), id.into(), limit.into()], correction_of)
}

/// What officials of an office asked of others, newest first, before an identifier.
pub fn list_asked_by_office(tx: &mut Tx<'_>, office: &str, before: &str, limit: u32) -> Result<Vec<Correction>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_correction WHERE asker_office = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    tx.list(&sql, &[office.into(), before.into(), limit.into()], correction_of)
}

/// How it ends.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    pub state: CorrectionState,
    pub by: &'a str,
    pub name: &'a str,
    pub words: &'a str,
    pub told: i64,
}

/// Conflict when it was answered before.
pub fn update_answered(tx: &mut Tx<'_>, (id, office): (&str, &str), ending: &Ending<'_>) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 8] = [
        id.into(),
        office.into(),
        ending.state.name().into(),
        now.into(),
        ending.by.into(),
        ending.name.into(),
        ending.words.into(),
        ending.told.into(),
    ];
    let rows = tx.exec(
        "UPDATE registry_correction SET state = $3, answered_at = $4, answered_by = $5, answered_name = $6, answer = $7,
           told = $8 WHERE id = $1 AND office = $2 AND state = 'open'",
        &params,
    )?;
    if rows == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-decided")) }
}

/// Open ones whose day has passed and of which nobody was told; they count as told from now on. At most `limit`.
pub fn take_overdue(tx: &mut Tx<'_>, today: Date, limit: u32) -> Result<Vec<Correction>> {
    let day = iso_date(today);
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_correction WHERE state = 'open' AND due < $1 AND alarmed_at IS NULL
         ORDER BY due, id LIMIT $2"
    );
    let found = tx.list(&sql, &[(&day).into(), limit.into()], correction_of)?;
    let now = tx.now();
    for one in &found {
        tx.exec("UPDATE registry_correction SET alarmed_at = $1 WHERE id = $2", &[now.into(), (&one.id).into()])?;
    }
    Ok(found)
}
