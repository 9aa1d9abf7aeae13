//! SQL of `exchange_request` and of the timeline, `exchange_grant_step`. Rows are read by those who stand in them.
use platform::clock::{iso_date, parse_iso_date};
use platform::db::{Row, Tx, Value};
use platform::ids::Id;
use platform::{Error, Result};
use time::Date;

use super::Readers;
use crate::model::request::{Request, RequestId, RequestKind};
use crate::model::step::{RequestState, Step, StepId, StepKind};
use crate::model::terms::Terms;

const COLUMNS: &str = "id, kind, consumer, provider, resource, purpose, basis, fields, matters, valid_from, valid_to, state, \
                       asked_at, asked_by, asked_name, due, extended, escalated_at, grant_id";

pub(super) fn unknown(column: &str, value: &str) -> Error {
    Error::Internal(format!("exchange: {column} is {value}"))
}

/// Matters as one text: keys and identifiers hold no space.
pub(super) fn matters_of(text: &str) -> Vec<String> {
    text.split(' ').filter(|matter| !matter.is_empty()).map(str::to_owned).collect()
}

fn request_of(row: &Row) -> Result<Request> {
    let (kind, state, due) = (row.str(1)?, row.str(11)?, row.str(15)?);
    Ok(Request {
        id: row.text(0)?,
        kind: RequestKind::from_name(kind).ok_or_else(|| unknown("kind", kind))?,
        consumer: row.text(2)?,
        provider: row.text(3)?,
        resource: row.text(4)?,
        purpose: row.text(5)?,
        basis: row.text(6)?,
        terms: Terms {
            fields: row.json(7)?,
            matters: matters_of(row.str(8)?),
            from: row.time(9)?,
            to: row.opt_time(10)?,
        },
        state: RequestState::from_name(state).ok_or_else(|| unknown("state", state))?,
        asked_at: row.time(12)?,
        asked_by: row.text(13)?,
        asked_name: row.text(14)?,
        due: parse_iso_date(due).ok_or_else(|| unknown("due", due))?,
        extended: row.flag(16)?,
        escalated_at: row.opt_time(17)?,
        grant: row.opt_text(18)?,
    })
}

pub fn insert_request(tx: &mut Tx<'_>, request: &Request) -> Result<()> {
    let fields = serde_json::to_string(&request.terms.fields)?;
    let (matters, due) = (request.terms.matters.join(" "), iso_date(request.due));
    let params: [Value<'_>; 19] = [
        (&request.id).into(),
        request.kind.name().into(),
        (&request.consumer).into(),
        (&request.provider).into(),
        (&request.resource).into(),
        (&request.purpose).into(),
        (&request.basis).into(),
        (&fields).into(),
        (&matters).into(),
        request.terms.from.into(),
        request.terms.to.into(),
        request.state.name().into(),
        request.asked_at.into(),
        (&request.asked_by).into(),
        (&request.asked_name).into(),
        (&due).into(),
        request.extended.into(),
        request.escalated_at.into(),
        (&request.grant).into(),
    ];
    let sql = format!(
        "INSERT INTO exchange_request ({COLUMNS})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    );
    tx.exec(&sql, &params).map(|_| ())
}

pub fn new_request_id(tx: &Tx<'_>) -> String {
    tx.new_id::<RequestId>().as_str().to_owned()
}

/// A request that the readers stand in, or NotFound.
pub fn get_request(tx: &mut Tx<'_>, readers: &Readers, id: &str) -> Result<Request> {
    let row = tx.get(&format!("SELECT {COLUMNS} FROM exchange_request WHERE id = $1"), &[id.into()])?;
    let request = request_of(&row)?;
    let escalated = request.escalated_at.is_some();
    let sees = readers.stand_in(&[&request.consumer, &request.provider]) || (escalated && readers.oversee());
    if sees { Ok(request) } else { Err(Error::NotFound) }
}

/// Which requests a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List<'a> {
    /// Open ones that a provider is to answer; due first.
    ToAnswer(&'a str),
    /// Open ones that were escalated; due first.
    Escalated,
    /// All that a consumer asked; newest first.
    AskedBy(&'a str),
    /// All that a provider was asked; newest first.
    AskedOf(&'a str),
    /// All; newest first.
    All,
}

/// One page of a list that begins after a place: (`due`, identifier) of lists by due day, else the identifier alone.
/// Who may see the list is the caller's to judge.
pub fn list_requests(tx: &mut Tx<'_>, list: List<'_>, (due, id): (&str, &str), limit: u32) -> Result<Vec<Request>> {
    let before = if id.is_empty() { "y" } else { id };
    let by_due = "AND (due, id) > ($1, $2) ORDER BY due, id LIMIT $3";
    let newest = "AND id < $1 ORDER BY id DESC LIMIT $2";
    let select = format!("SELECT {COLUMNS} FROM exchange_request WHERE");
    match list {
        List::ToAnswer(office) => {
            let params: [Value<'_>; 4] = [due.into(), id.into(), limit.into(), office.into()];
            tx.list(&format!("{select} provider = $4 AND state = 'asked' {by_due}"), &params, request_of)
        }
        List::Escalated => {
            let params: [Value<'_>; 3] = [due.into(), id.into(), limit.into()];
            let sql = format!("{select} escalated_at IS NOT NULL AND state = 'asked' {by_due}");
            tx.list(&sql, &params, request_of)
        }
        List::AskedBy(office) => {
            let params: [Value<'_>; 3] = [before.into(), limit.into(), office.into()];
            tx.list(&format!("{select} consumer = $3 {newest}"), &params, request_of)
        }
        List::AskedOf(office) => {
            let params: [Value<'_>; 3] = [before.into(), limit.into(), office.into()];
            tx.list(&format!("{select} provider = $3 {newest}"), &params, request_of)
        }
        List::All => {
            let params: [Value<'_>; 2] = [before.into(), limit.into()];
            tx.list(&format!("{select} id < $1 ORDER BY id DESC LIMIT $2"), &params, request_of)
        }
    }
}

/// Whether somebody has asked to renew the grant and waits for the answer.
pub fn has_open_renewal(tx: &mut Tx<'_>, grant: &str) -> Result<bool> {
    let sql = "SELECT id FROM exchange_request WHERE grant_id = $1 AND kind = 'renewal' AND state = 'asked' LIMIT 1";
    tx.find(sql, &[grant.into()]).map(|row| row.is_some())
}

/// Ends an open request. `Conflict` when somebody was faster.
pub fn update_ended(tx: &mut Tx<'_>, id: &str, state: RequestState, grant: Option<&str>) -> Result<()> {
    let count = tx.exec(
        "UPDATE exchange_request SET state = $2, grant_id = COALESCE($3, grant_id) WHERE id = $1 AND state = 'asked'",
        &[id.into(), state.name().into(), grant.into()],
    )?;
    once(count)
}

/// Puts the answer off, once. `Conflict` as above.
pub fn update_due(tx: &mut Tx<'_>, id: &str, due: Date) -> Result<()> {
    let due = iso_date(due);
    let count = tx.exec(
        "UPDATE exchange_request SET due = $2, extended = 1 WHERE id = $1 AND state = 'asked' AND extended = 0",
        &[id.into(), (&due).into()],
    )?;
    once(count)
}

pub fn update_escalated(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let now = tx.now();
    let sql =
        "UPDATE exchange_request SET escalated_at = $2 WHERE id = $1 AND state = 'asked' AND escalated_at IS NULL";
    once(tx.exec(sql, &[id.into(), now.into()])?)
}

fn once(count: u64) -> Result<()> {
    if count == 1 { Ok(()) } else { Err(Error::Conflict("exchange-conflict-request-over")) }
}

/// A step as it goes in.
#[derive(Debug, Clone, Copy)]
pub struct NewStep<'a> {
    pub request: Option<&'a str>,
    pub grant: Option<&'a str>,
    pub kind: StepKind,
    pub actor_kind: &'a str,
    pub actor: &'a str,
    pub actor_name: &'a str,
    pub office: Option<&'a str>,
    pub words: &'a str,
    pub ground: &'a str,
    pub basis: &'a str,
    pub detail: &'a str,
}

pub fn insert_step(tx: &mut Tx<'_>, step: &NewStep<'_>) -> Result<()> {
    let (id, now) = (tx.new_id::<StepId>(), tx.now());
    let params: [Value<'_>; 13] = [
        id.as_str().into(),
        step.request.into(),
        step.grant.into(),
        now.into(),
        step.kind.name().into(),
        step.actor_kind.into(),
        step.actor.into(),
        step.actor_name.into(),
        step.office.into(),
        step.words.into(),
        step.ground.into(),
        step.basis.into(),
        step.detail.into(),
    ];
    tx.exec(
        "INSERT INTO exchange_grant_step
         (id, request, grant_id, at, kind, actor_kind, actor, actor_name, office, words, ground, basis, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &params,
    )
    .map(|_| ())
}

/// What happened to a request and to the grant that it is about, oldest first.
pub fn list_steps(tx: &mut Tx<'_>, request: Option<&str>, grant: Option<&str>) -> Result<Vec<Step>> {
    let (request, grant) = (request.unwrap_or_default(), grant.unwrap_or_default());
    tx.list(
        "SELECT id, at, kind, actor_kind, actor_name, office, words, ground, basis, detail FROM exchange_grant_step
         WHERE request = $1
         UNION
         SELECT id, at, kind, actor_kind, actor_name, office, words, ground, basis, detail FROM exchange_grant_step
         WHERE grant_id = $2
         ORDER BY id",
        &[request.into(), grant.into()],
        |row| {
            let kind = row.str(2)?;
            Ok(Step {
                at: row.time(1)?,
                kind: StepKind::from_name(kind).ok_or_else(|| unknown("kind", kind))?,
                actor_kind: row.text(3)?,
                actor_name: row.text(4)?,
                office: row.opt_text(5)?,
                words: row.text(6)?,
                ground: row.text(7)?,
                basis: row.text(8)?,
                detail: row.text(9)?,
            })
        },
    )
}
