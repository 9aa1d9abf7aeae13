//! SQL of `registry_dispute`.
use platform::clock::iso_date;
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};
use time::Date;

use super::day;
use crate::model::catalogue::Clash;
use crate::model::submission::{Decided, Dispute, Verdict};

const COLUMNS: &str = "id, submission, resource, field, claimant, held_in, held_field, holder, opened_at, due, words, \
                       reply, verdict, decided_at, decided_name, reason";

fn dispute_of(row: &Row) -> Result<Dispute> {
    let verdict = match row.opt_text(12)? {
        Some(name) => {
            let verdict = Verdict::from_name(&name).ok_or_else(|| Error::Internal(format!("verdict {name:?}")))?;
            Some((verdict, Decided { at: row.time(13)?, name: row.text(14)?, reason: row.text(15)? }))
        }
        None => None,
    };
    let clash = Clash { field: row.text(3)?, holder: row.text(5)?, holder_field: row.text(6)? };
    Ok(Dispute {
        id: row.text(0)?,
        submission: row.text(1)?,
        clash,
        resource: row.text(2)?,
        claimant: row.text(4)?,
        holder: row.text(7)?,
        opened_at: row.time(8)?,
        due: day(row.str(9)?)?,
        words: row.text(10)?,
        reply: row.text(11)?,
        verdict,
    })
}

pub fn insert_dispute(tx: &mut Tx<'_>, new: &Dispute) -> Result<()> {
    let due = iso_date(new.due);
    let params: [Value<'_>; 12] = [
        (&new.id).into(),
        (&new.submission).into(),
        (&new.resource).into(),
        (&new.clash.field).into(),
        (&new.claimant).into(),
        (&new.clash.holder).into(),
        (&new.clash.holder_field).into(),
        (&new.holder).into(),
        new.opened_at.into(),
        (&due).into(),
        (&new.words).into(),
        (&new.reply).into(),
    ];
    tx.exec(
        "INSERT INTO registry_dispute (id, submission, resource, field, claimant, held_in, held_field, holder, opened_at,
           due, words, reply) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &params,
    )
    .map(|_| ())
}

/// One dispute; who may see it is asked with its two offices.
pub fn get_dispute(tx: &mut Tx<'_>, id: &str) -> Result<Dispute> {
    dispute_of(&tx.get(&format!("SELECT {COLUMNS} FROM registry_dispute WHERE id = $1"), &[id.into()])?)
}

/// All disputes about a submission.
pub fn list_of_submission(tx: &mut Tx<'_>, submission: &str) -> Result<Vec<Dispute>> {
    let sql = format!("SELECT {COLUMNS} FROM registry_dispute WHERE submission = $1 ORDER BY id");
    tx.list(&sql, &[submission.into()], dispute_of)
}

/// Open ones, the one due first at the top, after a place in the list (`due`, identifier).
pub fn list_open(tx: &mut Tx<'_>, (due, id): (&str, &str), limit: u32) -> Result<Vec<Dispute>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_dispute WHERE decided_at IS NULL AND (due, id) > ($1, $2)
         ORDER BY due, id LIMIT $3"
    );
    tx.list(&sql, &[due.into(), id.into(), limit.into()], dispute_of)
}

/// Those that an office is a side of, newest first, before an identifier.
pub fn list_of_office(tx: &mut Tx<'_>, office: &str, before: &str, limit: u32) -> Result<Vec<Dispute>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_dispute WHERE (claimant = $1 OR holder = $1) AND id < $2
         ORDER BY id DESC LIMIT $3"
    );
    tx.list(&sql, &[office.into(), before.into(), limit.into()], dispute_of)
}

/// What the holder says to it; a later word takes the place of the earlier one until the decision.
pub fn update_reply(tx: &mut Tx<'_>, (id, holder): (&str, &str), reply: &str) -> Result<()> {
    let params: [Value<'_>; 3] = [id.into(), holder.into(), reply.into()];
    let sql = "UPDATE registry_dispute SET reply = $3 WHERE id = $1 AND holder = $2 AND decided_at IS NULL";
    if tx.exec(sql, &params)? == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-decided")) }
}

/// Who decides what, and why.
#[derive(Debug, Clone, Copy)]
pub struct Deciding<'a> {
    pub verdict: Verdict,
    pub by: &'a str,
    pub name: &'a str,
    pub reason: &'a str,
}

/// Conflict when it was decided before.
pub fn update_verdict(tx: &mut Tx<'_>, id: &str, deciding: &Deciding<'_>) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 6] = [
        id.into(),
        deciding.verdict.name().into(),
        now.into(),
        deciding.by.into(),
        deciding.name.into(),
        deciding.reason.into(),
    ];
    let done = tx.exec(
        "UPDATE registry_dispute SET verdict = $2, decided_at = $3, decided_by = $4, decided_name = $5, reason = $6
         WHERE id = $1 AND decided_at IS NULL",
        &params,
    )?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-decided")) }
}

/// Open ones whose day has passed and of which nobody was told; they count as told from now on. At most `limit`.
pub fn take_overdue(tx: &mut Tx<'_>, today: Date, limit: u32) -> Result<Vec<Dispute>> {
    let day = iso_date(today);
    let sql = format!(
        "SELECT {COLUMNS} FROM registry_dispute WHERE decided_at IS NULL AND due < $1 AND alarmed_at IS NULL
         ORDER BY due, id LIMIT $2"
    );
    let found = tx.list(&sql, &[(&day).into(), limit.into()], dispute_of)?;
    let now = tx.now();
    for one in &found {
        tx.exec("UPDATE registry_dispute SET alarmed_at = $1 WHERE id = $2", &[now.into(), (&one.id).into()])?;
    }
    Ok(found)
}
