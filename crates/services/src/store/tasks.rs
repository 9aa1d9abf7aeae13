//! Tasks: what offices have to do; the inbox reads only the partial indexes over open ones.
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::error::{Error, Result};

use crate::model::{CaseId, Opinion, Task, TaskId, TaskKind};

const COLUMNS: &str = "t.id, t.case_id, t.kind, t.review_key, t.office, t.assignee, t.waiting, t.started_at, t.due_at, \
     t.days_left, t.ended_at, t.result, t.officer_name, t.opinion, t.basis, t.officer";

fn task_of(row: &Row) -> Result<Task> {
    let opinion = match row.opt_text(11)? {
        Some(result) => Some(Opinion {
            result,
            officer_name: row.opt_text(12)?.unwrap_or_default(),
            words: row.opt_text(13)?.unwrap_or_default(),
            basis: row.opt_text(14)?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Task {
        id: row.id(0)?,
        case: row.id(1)?,
        kind: TaskKind::from_name(row.str(2)?)?,
        review: row.opt_text(3)?,
        office: row.text(4)?,
        assignee: row.opt_text(5)?,
        waiting: row.flag(6)?,
        started_at: row.time(7)?,
        due_at: row.time(8)?,
        days_left: row.opt_int(9)?,
        ended_at: row.opt_time(10)?,
        officer: row.opt_text(15)?,
        opinion,
    })
}

pub fn list_tasks(tx: &mut Tx<'_>, case: &CaseId) -> Result<Vec<Task>> {
    let sql = format!("SELECT {COLUMNS} FROM services_task AS t WHERE t.case_id = $1 ORDER BY t.id");
    tx.list(&sql, &[case.into()], task_of)
}

/// A task of an office.
pub fn get_task(tx: &mut Tx<'_>, office: &str, id: &TaskId) -> Result<Task> {
    let sql = format!("SELECT {COLUMNS} FROM services_task AS t WHERE t.id = $1 AND t.office = $2");
    task_of(&tx.get(&sql, &[id.into(), office.into()])?)
}

/// What an office has, or had last, to do in a case.
pub fn find_last(tx: &mut Tx<'_>, office: &str, case: &CaseId) -> Result<Option<TaskId>> {
    let sql = "SELECT id FROM services_task WHERE case_id = $1 AND office = $2
               ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 1";
    tx.find(sql, &[case.into(), office.into()])?.map(|row| row.id(0)).transpose()
}

pub fn insert_task(tx: &mut Tx<'_>, task: &Task, role: &str) -> Result<()> {
    let params: [Value<'_>; 9] = [
        (&task.id).into(),
        (&task.case).into(),
        task.kind.name().into(),
        (&task.review).into(),
        (&task.office).into(),
        role.into(),
        task.started_at.into(),
        task.due_at.into(),
        0i64.into(),
    ];
    tx.exec(
        "INSERT INTO services_task (id, case_id, kind, review_key, office, role, started_at, due_at, waiting)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &params,
    )
    .map(|_| ())
}

/// Ends a task, once. `Conflict`: somebody ended it before.
pub fn end_task(tx: &mut Tx<'_>, id: &TaskId, opinion: &Opinion, officer: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 7] = [
        now.into(),
        (&opinion.result).into(),
        officer.into(),
        (&opinion.officer_name).into(),
        (&opinion.words).into(),
        (&opinion.basis).into(),
        id.into(),
    ];
    let count = tx.exec(
        "UPDATE services_task SET ended_at = $1, result = $2, officer = $3, officer_name = $4, opinion = $5, basis = $6
         WHERE id = $7 AND ended_at IS NULL",
        &params,
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

/// Ends whatever is still open in a case, without an opinion: it is no longer needed.
pub fn cancel_open_tasks(tx: &mut Tx<'_>, case: &CaseId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "UPDATE services_task SET ended_at = $1, result = 'cancelled' WHERE case_id = $2 AND ended_at IS NULL",
        &[now.into(), case.into()],
    )
    .map(|_| ())
}

/// Lets a task wait or go on.
pub fn update_task_clock(tx: &mut Tx<'_>, task: &Task) -> Result<()> {
    let params: [Value<'_>; 4] = [task.waiting.into(), task.due_at.into(), task.days_left.into(), (&task.id).into()];
    tx.exec("UPDATE services_task SET waiting = $1, due_at = $2, days_left = $3 WHERE id = $4", &params).map(|_| ())
}

/// An official takes an open task that nobody else has and that one of the official's roles in the office does.
/// `Conflict`: it is another's, it ended, or it is for another role.
pub fn assign(tx: &mut Tx<'_>, task: &Task, official: &str, roles: &[&str]) -> Result<()> {
    let mut params: Vec<Value<'_>> = vec![official.into(), (&task.id).into(), (&task.office).into()];
    let places: Vec<String> = (4..).take(roles.len()).map(|number| format!("${number}")).collect();
    params.extend(roles.iter().map(|role| Value::from(*role)));
    let sql = format!(
        "UPDATE services_task SET assignee = $1 WHERE id = $2 AND office = $3 AND ended_at IS NULL
         AND (assignee IS NULL OR assignee = $1) AND role IN ({})",
        if places.is_empty() { "NULL".to_owned() } else { places.join(", ") }
    );
    let count = tx.exec(&sql, &params)?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

/// One line of an inbox.
pub struct InboxLine {
    pub task: Task,
    pub item_key: String,
    pub item_version: u32,
    pub number: String,
    pub owner: String,
    pub owner_name: String,
    pub submitted_at: Timestamp,
}

/// Which part of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile<'a> {
    /// Of an office.
    Office(&'a str),
    /// Taken by an official.
    Mine(&'a str),
}

/// Open tasks by due date; `after` is the due date and identifier of the last line of the page before.
pub fn list_inbox(tx: &mut Tx<'_>, pile: Pile<'_>, span: &Span<'_>) -> Result<Vec<InboxLine>> {
    let (column, who) = match pile {
        Pile::Office(office) => ("office", office),
        Pile::Mine(official) => ("assignee", official),
    };
    let sql = format!(
        "SELECT {COLUMNS}, c.item_key, c.item_version, c.number, c.owner, c.owner_name,
                c.submitted_at
         FROM services_task AS t JOIN services_case AS c ON c.id = t.case_id
         WHERE t.{column} = $1 AND t.ended_at IS NULL AND t.waiting = 0
           AND t.due_at >= $2 AND t.due_at < $3 AND (t.due_at > $2 OR t.id > $4)
         ORDER BY t.due_at, t.id LIMIT $5"
    );
    let params: [Value<'_>; 5] =
        [who.into(), span.from.into(), span.until.into(), span.after_id.into(), span.limit.into()];
    tx.list(&sql, &params, |row| {
        Ok(InboxLine {
            task: task_of(row)?,
            item_key: row.text(16)?,
            item_version: u32::try_from(row.int(17)?).map_err(Error::internal)?,
            number: row.text(18)?,
            owner: row.text(19)?,
            owner_name: row.text(20)?,
            submitted_at: row.time(21)?,
        })
    })
}

/// A stretch of due dates, from where the last page ended.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    pub from: Timestamp,
    pub until: Timestamp,
    pub after_id: &'a str,
    pub limit: u32,
}

/// How many open tasks are due in a stretch, counted no further than 99: an inbox of a million takes no longer.
pub fn count_inbox(tx: &mut Tx<'_>, pile: Pile<'_>, from: Timestamp, until: Timestamp) -> Result<i64> {
    let (column, who) = match pile {
        Pile::Office(office) => ("office", office),
        Pile::Mine(official) => ("assignee", official),
    };
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM services_task WHERE {column} = $1 AND ended_at IS NULL
         AND waiting = 0 AND due_at >= $2 AND due_at < $3 LIMIT 99) AS counted"
    );
    tx.get(&sql, &[who.into(), from.into(), until.into()])?.int(0)
}
