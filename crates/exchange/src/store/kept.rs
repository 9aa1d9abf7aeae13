//! SQL of `exchange_grant` for pages and acts; what `fetch` reads stands in `grants`.
use platform::db::{Row, Tx, Value};
use platform::ids::Id;
use platform::{Error, Result};

use super::Readers;
use super::requests::{matters_of, unknown};
use crate::model::grant::GrantId;
use crate::model::kept::Kept;
use crate::model::step::GrantState;
use crate::model::terms::Terms;

const COLUMNS: &str = "id, consumer, purpose, resource, basis, fields, matters, valid_from, valid_to, state, origin, version, \
                       request, parent, granted_at";

const AUTOMATIC: &str = "automatic";

fn kept_of(row: &Row) -> Result<Kept> {
    let state = row.str(9)?;
    Ok(Kept {
        id: row.text(0)?,
        consumer: row.text(1)?,
        purpose: row.text(2)?,
        resource: row.text(3)?,
        basis: row.text(4)?,
        terms: Terms {
            fields: row.json(5)?,
            matters: matters_of(row.str(6)?),
            from: row.time(7)?,
            to: row.opt_time(8)?,
        },
        state: GrantState::from_name(state).ok_or_else(|| unknown("state", state))?,
        automatic: row.str(10)? == AUTOMATIC,
        version: row.int(11)?,
        request: row.opt_text(12)?,
        parent: row.opt_text(13)?,
        granted_at: row.time(14)?,
    })
}

pub fn new_grant_id(tx: &Tx<'_>) -> String {
    tx.new_id::<GrantId>().as_str().to_owned()
}

/// False when the program has recorded an automatic grant of the same resource meanwhile: then nothing was written.
pub fn insert_kept(tx: &mut Tx<'_>, kept: &Kept) -> Result<bool> {
    let fields = serde_json::to_string(&kept.terms.fields)?;
    let matters = kept.terms.matters.join(" ");
    let params: [Value<'_>; 15] = [
        (&kept.id).into(),
        (&kept.consumer).into(),
        (&kept.purpose).into(),
        (&kept.resource).into(),
        (&kept.basis).into(),
        (&fields).into(),
        (&matters).into(),
        kept.terms.from.into(),
        kept.terms.to.into(),
        kept.state.name().into(),
        if kept.automatic { AUTOMATIC } else { "provider" }.into(),
        kept.version.into(),
        (&kept.request).into(),
        (&kept.parent).into(),
        kept.granted_at.into(),
    ];
    let sql = format!(
        "INSERT INTO exchange_grant ({COLUMNS})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (consumer, purpose, resource) WHERE origin = 'automatic' DO NOTHING"
    );
    tx.exec(&sql, &params).map(|count| count == 1)
}

/// What the program has recorded for a consumer and a purpose, as a resource is shared without condition.
pub fn find_automatic(tx: &mut Tx<'_>, (consumer, purpose): (&str, &str), resource: &str) -> Result<Option<Kept>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_grant
         WHERE consumer = $1 AND purpose = $2 AND resource = $3 AND origin = 'automatic'"
    );
    tx.find(&sql, &[consumer.into(), purpose.into(), resource.into()])?.as_ref().map(kept_of).transpose()
}

/// The grant that stands already with the same consumer, purpose, resource, fields and period.
pub fn find_same(tx: &mut Tx<'_>, kept: &Kept) -> Result<Option<Kept>> {
    let (fields, end) = (serde_json::to_string(&kept.terms.fields)?, kept.terms.to.map_or(-1, |end| end.0));
    let params: [Value<'_>; 6] = [
        (&kept.consumer).into(),
        (&kept.purpose).into(),
        (&kept.resource).into(),
        (&fields).into(),
        kept.terms.from.into(),
        end.into(),
    ];
    let sql = format!(
        "SELECT {COLUMNS} FROM exchange_grant WHERE consumer = $1 AND purpose = $2 AND resource = $3 AND fields = $4
         AND valid_from = $5 AND COALESCE(valid_to, -1) = $6 AND state = 'active' LIMIT 1"
    );
    tx.find(&sql, &params)?.as_ref().map(kept_of).transpose()
}

/// Of a grant that stood in this version: state and terms. `Conflict` when it has changed since.
pub fn update_kept(tx: &mut Tx<'_>, was: i64, kept: &Kept) -> Result<()> {
    let fields = serde_json::to_string(&kept.terms.fields)?;
    let matters = kept.terms.matters.join(" ");
    let params: [Value<'_>; 8] = [
        (&kept.id).into(),
        was.into(),
        (&fields).into(),
        (&matters).into(),
        kept.terms.from.into(),
        kept.terms.to.into(),
        kept.state.name().into(),
        kept.version.into(),
    ];
    let count = tx.exec(
        "UPDATE exchange_grant SET fields = $3, matters = $4, valid_from = $5, valid_to = $6, state = $7, version = $8
         WHERE id = $1 AND version = $2 AND state = 'active'",
        &params,
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("exchange-conflict-grant-over")) }
}

/// A grant by identifier, for those who stand in it: `sides` names them (consumer, provider, delegating organisation).
pub fn get_kept(tx: &mut Tx<'_>, readers: &Readers, id: &str, sides: impl Fn(&Kept) -> Vec<String>) -> Result<Kept> {
    let kept = kept_of(&tx.get(&format!("SELECT {COLUMNS} FROM exchange_grant WHERE id = $1"), &[id.into()])?)?;
    let sides = match &kept.parent {
        // Who delegated sees the delegation.
        Some(parent) => {
            let row = tx.get("SELECT consumer FROM exchange_grant WHERE id = $1", &[parent.into()])?;
            sides(&kept).into_iter().chain([row.text(0)?]).collect()
        }
        None => sides(&kept),
    };
    let sides: Vec<&str> = sides.iter().map(String::as_str).collect();
    if readers.stand_in(&sides) { Ok(kept) } else { Err(Error::NotFound) }
}

/// Delegations that rest on a grant, of whatever state.
pub fn list_delegated(tx: &mut Tx<'_>, parent: &str) -> Result<Vec<Kept>> {
    tx.list(&format!("SELECT {COLUMNS} FROM exchange_grant WHERE parent = $1 ORDER BY id"), &[parent.into()], kept_of)
}

/// Which grants a list holds; newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grants<'a> {
    Consumer(&'a str),
    Resource(&'a str),
    All,
}

/// One page of a list, before an identifier. Who may see the list is the caller's to judge.
pub fn list_kept(tx: &mut Tx<'_>, grants: Grants<'_>, before: &str, limit: u32) -> Result<Vec<Kept>> {
    let before = if before.is_empty() { "y" } else { before };
    let select = format!("SELECT {COLUMNS} FROM exchange_grant WHERE id < $1");
    match grants {
        Grants::All => tx.list(&format!("{select} ORDER BY id DESC LIMIT $2"), &[before.into(), limit.into()], kept_of),
        Grants::Consumer(key) => {
            let sql = format!("{select} AND consumer = $3 ORDER BY id DESC LIMIT $2");
            tx.list(&sql, &[before.into(), limit.into(), key.into()], kept_of)
        }
        Grants::Resource(key) => {
            let sql = format!("{select} AND resource = $3 ORDER BY id DESC LIMIT $2");
            tx.list(&sql, &[before.into(), limit.into(), key.into()], kept_of)
        }
    }
}

/// Grants that stand at this moment, in the order resource, consumer, identifier, after a place in it.
pub fn list_standing(tx: &mut Tx<'_>, after: [&str; 3], limit: u32) -> Result<Vec<Kept>> {
    let now = tx.now();
    let [resource, consumer, id] = after;
    let params: [Value<'_>; 5] = [resource.into(), consumer.into(), id.into(), now.into(), limit.into()];
    tx.list(
        &format!(
            "SELECT {COLUMNS} FROM exchange_grant
             WHERE (resource, consumer, id) > ($1, $2, $3) AND state = 'active' AND (valid_to IS NULL OR valid_to > $4)
             ORDER BY resource, consumer, id LIMIT $5"
        ),
        &params,
        kept_of,
    )
}

/// Purposes that an organisation has, or had, grants for.
pub fn list_purposes(tx: &mut Tx<'_>, consumer: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT purpose FROM exchange_grant WHERE consumer = $1 ORDER BY purpose LIMIT 100";
    tx.list(sql, &[consumer.into()], |row| row.text(0))
}
