//! Cases, events, clocks and supplements. A case is read through its owner, or by an office that has a task in it.
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::error::{Error, Result};

use crate::form::Answers;
use crate::model::{Asked, Case, CaseId, CaseState, Clock, ClockKind, Event, EventKind, Supplement};

const COLUMNS: &str = "c.id, c.number, c.item_key, c.item_version, c.owner, c.owner_name, c.owner_number, c.applicant, \
     c.applicant_name, c.state, c.resume_state, c.office, c.revision, c.asked, c.submitted_at, c.finished_at, \
     c.certificate, c.outcome, c.answers, c.facts, c.papers_waived";

fn case_of(row: &Row) -> Result<Case> {
    Ok(Case {
        id: row.id(0)?,
        number: row.text(1)?,
        item_key: row.text(2)?,
        item_version: u32::try_from(row.int(3)?).map_err(Error::internal)?,
        owner: row.text(4)?,
        owner_name: row.text(5)?,
        owner_number: row.text(6)?,
        applicant: row.text(7)?,
        applicant_name: row.text(8)?,
        state: CaseState::from_name(row.str(9)?)?,
        resume_state: row.opt_text(10)?.map(|s| CaseState::from_name(&s)).transpose()?,
        office: row.text(11)?,
        revision: row.int(12)?,
        asked: if row.flag(13)? { Asked::Once } else { Asked::NotYet },
        submitted_at: row.time(14)?,
        finished_at: row.opt_time(15)?,
        certificate: row.opt_text(16)?,
        outcome: row.opt_text(17)?,
        answers: row.json(18)?,
        facts: row.text(19)?,
        papers_waived: u32::try_from(row.int(20)?).map_err(Error::internal)?,
    })
}

/// The owner's own case.
pub fn get_own_case(tx: &mut Tx<'_>, owner: &str, id: &CaseId) -> Result<Case> {
    let sql = format!("SELECT {COLUMNS} FROM services_case AS c WHERE c.id = $1 AND c.owner = $2");
    case_of(&tx.get(&sql, &[id.into(), owner.into()])?)
}

/// A case in which the office has, or had, something to do.
pub fn get_office_case(tx: &mut Tx<'_>, office: &str, id: &CaseId) -> Result<Case> {
    let sql = format!(
        "SELECT {COLUMNS} FROM services_case AS c WHERE c.id = $1 AND (c.office = $2 OR EXISTS
         (SELECT 1 FROM services_task AS t WHERE t.case_id = c.id AND t.office = $2))"
    );
    case_of(&tx.get(&sql, &[id.into(), office.into()])?)
}

/// The certificate that a case of the office ended with.
pub fn find_certificate(tx: &mut Tx<'_>, office: &str, id: &CaseId) -> Result<Option<String>> {
    let sql = "SELECT certificate FROM services_case WHERE id = $1 AND office = $2";
    Ok(tx.find(sql, &[id.into(), office.into()])?.map(|row| row.opt_text(0)).transpose()?.flatten())
}

/// The case as it is now, held until the transaction ends: for acts of several offices that may come at once.
pub fn hold_case(tx: &mut Tx<'_>, office: &str, id: &CaseId) -> Result<Case> {
    tx.exec("UPDATE services_case SET revision = revision WHERE id = $1", &[id.into()])?;
    get_office_case(tx, office, id)
}

/// For jobs, which have no owner and no office.
pub fn get_case_for_job(tx: &mut Tx<'_>, id: &CaseId) -> Result<Case> {
    let sql = format!("SELECT {COLUMNS} FROM services_case AS c WHERE c.id = $1");
    case_of(&tx.get(&sql, &[id.into()])?)
}

/// One line of the owner's list.
pub struct CaseLine {
    pub id: CaseId,
    pub number: String,
    pub item_key: String,
    pub item_version: u32,
    pub state: CaseState,
    pub submitted_at: platform::clock::Timestamp,
}

/// The owner's cases, newest first; `before` is the last identifier of the page before.
pub fn list_own_cases(tx: &mut Tx<'_>, owner: &str, before: &str, limit: u32) -> Result<Vec<CaseLine>> {
    tx.list(
        "SELECT id, number, item_key, item_version, state, submitted_at FROM services_case
         WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        &[owner.into(), before.into(), limit.into()],
        |row| {
            Ok(CaseLine {
                id: row.id(0)?,
                number: row.text(1)?,
                item_key: row.text(2)?,
                item_version: u32::try_from(row.int(3)?).map_err(Error::internal)?,
                state: CaseState::from_name(row.str(4)?)?,
                submitted_at: row.time(5)?,
            })
        },
    )
}

/// `answers`: the case's, as JSON.
pub fn insert_case(tx: &mut Tx<'_>, case: &Case, answers: &str) -> Result<()> {
    let params: [Value<'_>; 17] = [
        (&case.id).into(),
        (&case.number).into(),
        (&case.item_key).into(),
        case.item_version.into(),
        (&case.owner).into(),
        (&case.owner_name).into(),
        (&case.owner_number).into(),
        (&case.applicant).into(),
        (&case.applicant_name).into(),
        case.state.name().into(),
        (&case.office).into(),
        case.revision.into(),
        case.submitted_at.into(),
        answers.into(),
        (&case.facts).into(),
        0i64.into(),
        case.papers_waived.into(),
    ];
    tx.exec(
        "INSERT INTO services_case (id, number, item_key, item_version, owner, owner_name, owner_number, applicant,
         applicant_name, state, office, revision, submitted_at, answers, facts, asked,
         papers_waived)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &params,
    )
    .map(|_| ())
}

/// A case's identifier by its number.
pub fn case_of_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<String>> {
    tx.find("SELECT id FROM services_case WHERE number = $1", &[number.into()])?.map(|row| row.text(0)).transpose()
}

/// A case's number by its identifier.
pub fn number_of_case(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    tx.find("SELECT number FROM services_case WHERE id = $1", &[id.into()])?.map(|row| row.text(0)).transpose()
}

/// How many papers registers spared applicants since a moment, by item.
pub fn count_papers_waived(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<(String, i64)>> {
    tx.list(
        "SELECT item_key, CAST(SUM(papers_waived) AS BIGINT) FROM services_case WHERE submitted_at >= $1
         GROUP BY item_key ORDER BY item_key",
        &[since.into()],
        |row| Ok((row.text(0)?, row.int(1)?)),
    )
}

/// Moves a case on, over the revision that was read. `Conflict`: somebody else acted in between.
pub fn update_state(tx: &mut Tx<'_>, case: &Case, state: CaseState, resume: Option<CaseState>) -> Result<()> {
    let now = tx.now();
    let finished = (!state.is_open()).then_some(now);
    let params: [Value<'_>; 5] = [
        state.name().into(),
        resume.map(CaseState::name).into(),
        finished.into(),
        (&case.id).into(),
        case.revision.into(),
    ];
    let count = tx.exec(
        "UPDATE services_case SET state = $1, resume_state = $2, finished_at = $3, revision = revision + 1
         WHERE id = $4 AND revision = $5",
        &params,
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

pub fn update_outcome(tx: &mut Tx<'_>, id: &CaseId, outcome: &str, certificate: Option<&str>) -> Result<()> {
    let params: [Value<'_>; 3] = [outcome.into(), certificate.into(), id.into()];
    tx.exec("UPDATE services_case SET outcome = $1, certificate = $2 WHERE id = $3", &params).map(|_| ())
}

/// New answers while the case waits for them, over the revision that was read. `Conflict`: somebody else acted in between,
/// or the case waits no longer.
pub fn update_answers(tx: &mut Tx<'_>, case: &Case, answers: &Answers) -> Result<()> {
    let text = serde_json::to_string(answers)?;
    let count = tx.exec(
        "UPDATE services_case SET answers = $1, revision = revision + 1
         WHERE id = $2 AND revision = $3 AND state = 'supplementing'",
        &[(&text).into(), (&case.id).into(), case.revision.into()],
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("services-conflict-somebody-acted")) }
}

pub fn update_facts(tx: &mut Tx<'_>, id: &CaseId, facts: &str) -> Result<()> {
    tx.exec("UPDATE services_case SET facts = $1 WHERE id = $2", &[facts.into(), id.into()]).map(|_| ())
}

pub fn insert_event(tx: &mut Tx<'_>, case: &CaseId, event: &Event, actor: &str) -> Result<()> {
    let id = tx.new_id::<EventId>();
    let params: [Value<'_>; 9] = [
        (&id).into(),
        case.into(),
        event.at.into(),
        event.kind.name().into(),
        (&event.actor_kind).into(),
        actor.into(),
        (&event.actor_name).into(),
        (&event.office).into(),
        (&event.detail).into(),
    ];
    tx.exec(
        "INSERT INTO services_event (id, case_id, at, kind, actor_kind, actor, actor_name, office, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &params,
    )
    .map(|_| ())
}

struct EventId(String);

impl platform::ids::Id for EventId {
    const PREFIX: &'static str = "evt";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// The timeline, oldest first.
pub fn list_events(tx: &mut Tx<'_>, case: &CaseId) -> Result<Vec<Event>> {
    tx.list(
        "SELECT at, kind, actor_kind, actor_name, office, detail FROM services_event WHERE case_id = $1 ORDER BY id",
        &[case.into()],
        |row| {
            Ok(Event {
                at: row.time(0)?,
                kind: EventKind::from_name(row.str(1)?)?,
                actor_kind: row.text(2)?,
                actor_name: row.text(3)?,
                office: row.opt_text(4)?,
                detail: row.text(5)?,
            })
        },
    )
}

pub fn insert_clock(tx: &mut Tx<'_>, case: &CaseId, clock: &Clock) -> Result<()> {
    let params: [Value<'_>; 3] = [case.into(), clock.kind.name().into(), clock.due_at.into()];
    tx.exec("INSERT INTO services_clock (case_id, kind, due_at) VALUES ($1, $2, $3)", &params).map(|_| ())
}

pub fn list_clocks(tx: &mut Tx<'_>, case: &CaseId) -> Result<Vec<Clock>> {
    tx.list(
        "SELECT kind, due_at, days_left, stopped_at FROM services_clock WHERE case_id = $1 ORDER BY due_at",
        &[case.into()],
        |row| {
            Ok(Clock {
                kind: ClockKind::from_name(row.str(0)?)?,
                due_at: row.time(1)?,
                days_left: row.opt_int(2)?,
                stopped_at: row.opt_time(3)?,
            })
        },
    )
}

/// Takes a clock away that gives place to others of its kind.
pub fn forget_clock(tx: &mut Tx<'_>, case: &CaseId, kind: ClockKind) -> Result<()> {
    let sql = "DELETE FROM services_clock WHERE case_id = $1 AND kind = $2";
    tx.exec(sql, &[case.into(), kind.name().into()]).map(|_| ())
}

/// Writes a clock's due date, what was left when it was stopped, and its end.
pub fn update_clock(tx: &mut Tx<'_>, case: &CaseId, clock: &Clock) -> Result<()> {
    let params: [Value<'_>; 5] =
        [clock.due_at.into(), clock.days_left.into(), clock.stopped_at.into(), case.into(), clock.kind.name().into()];
    tx.exec(
        "UPDATE services_clock SET due_at = $1, days_left = $2, stopped_at = $3 WHERE case_id = $4 AND kind = $5",
        &params,
    )
    .map(|_| ())
}

pub fn insert_supplement(tx: &mut Tx<'_>, case: &CaseId, ask: &Supplement, asked_by: &str) -> Result<()> {
    let fields = serde_json::to_string(&ask.fields)?;
    let params: [Value<'_>; 7] = [
        case.into(),
        ask.asked_at.into(),
        asked_by.into(),
        (&ask.office).into(),
        (&fields).into(),
        (&ask.message).into(),
        ask.due_at.into(),
    ];
    tx.exec(
        "INSERT INTO services_supplement (case_id, asked_at, asked_by, office, fields, message, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params,
    )?;
    tx.exec("UPDATE services_case SET asked = 1 WHERE id = $1", &[case.into()]).map(|_| ())
}

pub fn find_supplement(tx: &mut Tx<'_>, case: &CaseId) -> Result<Option<Supplement>> {
    let row = tx.find(
        "SELECT asked_at, office, fields, message, due_at, answered_at FROM services_supplement WHERE case_id = $1",
        &[case.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Supplement {
        asked_at: row.time(0)?,
        office: row.text(1)?,
        fields: row.json(2)?,
        message: row.text(3)?,
        due_at: row.time(4)?,
        answered_at: row.opt_time(5)?,
    }))
}

pub fn mark_supplemented(tx: &mut Tx<'_>, case: &CaseId) -> Result<()> {
    let now = tx.now();
    let sql = "UPDATE services_supplement SET answered_at = $1 WHERE case_id = $2 AND answered_at IS NULL";
    tx.exec(sql, &[now.into(), case.into()]).map(|_| ())
}
