//! Drafts, always read through their owner: a foreign one is not found.
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::error::{Error, Result};
use platform::ids::Id;

use crate::form::Answers;
use crate::model::{Case, CaseId, Draft, DraftId};

const COLUMNS: &str =
    "id, owner, item_key, item_version, revision, created_at, updated_at, facts_at, case_id, answers, facts";

fn draft_of(row: &Row) -> Result<Draft> {
    Ok(Draft {
        id: row.id(0)?,
        owner: row.text(1)?,
        item_key: row.text(2)?,
        item_version: u32::try_from(row.int(3)?).map_err(Error::internal)?,
        revision: row.int(4)?,
        created_at: row.time(5)?,
        updated_at: row.time(6)?,
        facts_at: row.time(7)?,
        case: row.opt_text(8)?.map(CaseId::from_text),
        answers: row.json(9)?,
        facts: row.text(10)?,
    })
}

pub fn get_draft(tx: &mut Tx<'_>, owner: &str, id: &DraftId) -> Result<Draft> {
    let sql = format!("SELECT {COLUMNS} FROM services_draft WHERE id = $1 AND owner = $2");
    draft_of(&tx.get(&sql, &[id.into(), owner.into()])?)
}

/// Where a page of the list of drafts ends: when the last one was saved, and its identifier.
pub type Before = (Timestamp, String);

/// Open drafts, those saved last first; `before` is where the page before ended.
pub fn list_drafts(tx: &mut Tx<'_>, owner: &str, before: &Before, limit: u32) -> Result<Vec<Draft>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM services_draft WHERE owner = $1 AND case_id IS NULL
         AND updated_at <= $2 AND (updated_at < $2 OR id < $3) ORDER BY updated_at DESC, id DESC LIMIT $4"
    );
    tx.list(&sql, &[owner.into(), before.0.into(), (&before.1).into(), limit.into()], draft_of)
}

/// The open draft of an item that was saved last.
pub fn find_open_draft(tx: &mut Tx<'_>, owner: &str, item: &str) -> Result<Option<Draft>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM services_draft WHERE owner = $1 AND case_id IS NULL AND item_key = $2
         ORDER BY updated_at DESC LIMIT 1"
    );
    tx.find(&sql, &[owner.into(), item.into()])?.as_ref().map(draft_of).transpose()
}

pub fn insert_draft(tx: &mut Tx<'_>, draft: &Draft) -> Result<()> {
    let answers = serde_json::to_string(&draft.answers)?;
    let params: [Value<'_>; 10] = [
        (&draft.id).into(),
        (&draft.owner).into(),
        (&draft.item_key).into(),
        draft.item_version.into(),
        draft.revision.into(),
        draft.created_at.into(),
        draft.updated_at.into(),
        draft.facts_at.into(),
        (&answers).into(),
        (&draft.facts).into(),
    ];
    tx.exec(
        "INSERT INTO services_draft (id, owner, item_key, item_version, revision, created_at, updated_at, facts_at,
         answers, facts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &params,
    )
    .map(|_| ())
}

/// Saves answers over the revision that was read; `Conflict` when another page saved in between.
pub fn update_answers(tx: &mut Tx<'_>, draft: &Draft, answers: &Answers) -> Result<()> {
    let (now, text) = (tx.now(), serde_json::to_string(answers)?);
    let params: [Value<'_>; 5] =
        [(&text).into(), now.into(), (&draft.id).into(), (&draft.owner).into(), draft.revision.into()];
    let count = tx.exec(
        "UPDATE services_draft SET answers = $1, updated_at = $2, revision = revision + 1
         WHERE id = $3 AND owner = $4 AND revision = $5 AND case_id IS NULL",
        &params,
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("services-conflict-draft")) }
}

pub fn update_facts(tx: &mut Tx<'_>, draft: &Draft, facts: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 4] = [facts.into(), now.into(), (&draft.id).into(), (&draft.owner).into()];
    tx.exec("UPDATE services_draft SET facts = $1, facts_at = $2 WHERE id = $3 AND owner = $4", &params).map(|_| ())
}

/// Turns a draft into a case, once. False: it already is one, or it was changed since it was read.
pub fn close_draft(tx: &mut Tx<'_>, (id, revision): (&DraftId, i64), case: &Case) -> Result<bool> {
    let params: [Value<'_>; 4] = [(&case.id).into(), id.into(), (&case.owner).into(), revision.into()];
    let count = tx.exec(
        "UPDATE services_draft SET case_id = $1 WHERE id = $2 AND owner = $3 AND revision = $4 AND case_id IS NULL",
        &params,
    )?;
    Ok(count == 1)
}

pub fn delete_draft(tx: &mut Tx<'_>, owner: &str, id: &DraftId) -> Result<()> {
    let sql = "DELETE FROM services_draft WHERE id = $1 AND owner = $2 AND case_id IS NULL";
    let count = tx.exec(sql, &[id.into(), owner.into()])?;
    if count == 1 { Ok(()) } else { Err(Error::NotFound) }
}
