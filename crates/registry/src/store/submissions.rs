//! SQL of `registry_submission`.
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};

use crate::model::resource::Resource;
use crate::model::submission::{Decided, Submission, SubmissionState};

const COLUMNS: &str =
    "id, resource, office, author, author_name, at, document, state, decided_at, decided_name, reason";

fn submission_of(row: &Row) -> Result<Submission> {
    let state = row.str(7)?;
    let state = SubmissionState::from_name(state).ok_or_else(|| Error::Internal(format!("state {state:?}")))?;
    let decided = match row.opt_time(8)? {
        Some(at) => {
            let (name, reason) = (row.opt_text(9)?.unwrap_or_default(), row.opt_text(10)?.unwrap_or_default());
            Some(Decided { at, name, reason })
        }
        None => None,
    };
    Ok(Submission {
        id: row.text(0)?,
        resource: row.text(1)?,
        office: row.text(2)?,
        author: row.text(3)?,
        author_name: row.text(4)?,
        at: row.time(5)?,
        document: row.json(6)?,
        state,
        decided,
    })
}

/// Conflict when another one for the resource is still open.
pub fn insert_submission(tx: &mut Tx<'_>, new: &Submission) -> Result<()> {
    let document = serde_json::to_string(&new.document)?;
    let params: [Value<'_>; 8] = [
        (&new.id).into(),
        (&new.resource).into(),
        (&new.office).into(),
        (&new.author).into(),
        (&new.author_name).into(),
        new.at.into(),
        (&document).into(),
        new.state.name().into(),
    ];
    let done = tx.exec(
        "INSERT INTO registry_submission (id, resource, office, author, author_name, at, document, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &params,
    )?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-submission-open")) }
}

/// One submission; who may see it is asked with its office.
pub fn get_submission(tx: &mut Tx<'_>, id: &str) -> Result<Submission> {
    let sql = format!("SELECT {COLUMNS} FROM registry_submission WHERE id = $1");
    submission_of(&tx.get(&sql, &[id.into()])?)
}

/// What waits for the data office, oldest first, after an identifier.
pub fn list_waiting(tx: &mut Tx<'_>, after: &str, limit: u32) -> Result<Vec<Submission>> {
    let sql =
        format!("SELECT {COLUMNS} FROM registry_submission WHERE decided_at IS NULL AND id > $1 ORDER BY id LIMIT $2");
    tx.list(&sql, &[after.into(), limit.into()], submission_of)
}

/// What an office handed in, newest first, before an identifier.
pub fn list_of_office(tx: &mut Tx<'_>, office: &str, before: &str, limit: u32) -> Result<Vec<Submission>> {
    let sql =
        format!("SELECT {COLUMNS} FROM registry_submission WHERE office = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.list(&sql, &[office.into(), before.into(), limit.into()], submission_of)
}

/// Who decides, and why.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    pub state: SubmissionState,
    pub by: &'a str,
    pub name: &'a str,
    pub reason: &'a str,
}

/// Conflict when somebody decided before.
pub fn update_decided(tx: &mut Tx<'_>, id: &str, decision: &Decision<'_>, document: &Resource) -> Result<()> {
    let (now, document) = (tx.now(), serde_json::to_string(document)?);
    let params: [Value<'_>; 7] = [
        id.into(),
        decision.state.name().into(),
        now.into(),
        decision.by.into(),
        decision.name.into(),
        decision.reason.into(),
        (&document).into(),
    ];
    let done = tx.exec(
        "UPDATE registry_submission SET state = $2, decided_at = $3, decided_by = $4, decided_name = $5, reason = $6,
           document = $7 WHERE id = $1 AND decided_at IS NULL",
        &params,
    )?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict("registry-conflict-decided")) }
}
