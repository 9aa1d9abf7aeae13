//! SQL of `exchange_grant`.
use platform::clock::Timestamp;
use platform::db::{Row, Tx, Value};
use platform::ids::Id;
use platform::{Error, Result};

use crate::model::grant::{GrantId, Granted};

const ACTIVE: &str = "active";
const REVOKED: &str = "revoked";
/// Said by the job that tells both sides; whether a grant is over is decided by its end.
const EXPIRED: &str = "expired";
const AUTOMATIC: &str = "automatic";
const PROVIDER: &str = "provider";

/// A grant as it goes in. `fields` is a JSON list.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant<'a> {
    pub consumer: &'a str,
    pub purpose: &'a str,
    pub resource: &'a str,
    pub fields: &'a str,
    pub basis: &'a str,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
}

fn granted_of(row: &Row) -> Result<Granted> {
    let revoked = match row.str(4)? {
        ACTIVE | EXPIRED => false,
        REVOKED => true,
        other => return Err(Error::Internal(format!("a grant in the state {other}"))),
    };
    Ok(Granted {
        resource: row.text(0)?,
        fields: row.json(1)?,
        valid_from: row.time(2)?,
        valid_to: row.opt_time(3)?,
        revoked,
        automatic: row.str(5)? == AUTOMATIC,
        matters: row.text(6)?,
    })
}

/// Everything recorded for a consumer and a purpose, of whatever time.
pub fn list_grants(tx: &mut Tx<'_>, consumer: &str, purpose: &str) -> Result<Vec<Granted>> {
    tx.list(
        "SELECT resource, fields, valid_from, valid_to, state, origin, matters FROM exchange_grant
         WHERE consumer = $1 AND purpose = $2",
        &[consumer.into(), purpose.into()],
        granted_of,
    )
}

/// Whether the same grant stands already.
pub fn has_grant(tx: &mut Tx<'_>, grant: &NewGrant<'_>) -> Result<bool> {
    let end = grant.valid_to.map_or(-1, |end| end.0);
    let params: [Value<'_>; 6] = [
        grant.consumer.into(),
        grant.purpose.into(),
        grant.resource.into(),
        grant.fields.into(),
        grant.valid_from.into(),
        end.into(),
    ];
    let row = tx.find(
        "SELECT id FROM exchange_grant WHERE consumer = $1 AND purpose = $2 AND resource = $3 AND fields = $4
         AND valid_from = $5 AND COALESCE(valid_to, -1) = $6 AND state = 'active' LIMIT 1",
        &params,
    )?;
    Ok(row.is_some())
}

/// The identifier of the new row.
pub fn insert_grant(tx: &mut Tx<'_>, grant: &NewGrant<'_>) -> Result<String> {
    insert(
        tx,
        grant,
        PROVIDER,
        "INSERT INTO exchange_grant
         (id, consumer, purpose, resource, fields, basis, valid_from, valid_to, state, origin, granted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10)",
    )
}

/// Records the grant of a resource that is shared without condition; brings an older record of it up to date.
pub fn put_automatic(tx: &mut Tx<'_>, grant: &NewGrant<'_>) -> Result<()> {
    insert(
        tx,
        grant,
        AUTOMATIC,
        "INSERT INTO exchange_grant
         (id, consumer, purpose, resource, fields, basis, valid_from, valid_to, state, origin, granted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10)
         ON CONFLICT (consumer, purpose, resource) WHERE origin = 'automatic' DO UPDATE SET fields = excluded.fields",
    )
    .map(drop)
}

fn insert(tx: &mut Tx<'_>, grant: &NewGrant<'_>, origin: &str, sql: &str) -> Result<String> {
    let (id, now) = (tx.new_id::<GrantId>(), tx.now());
    let params: [Value<'_>; 10] = [
        id.as_str().into(),
        grant.consumer.into(),
        grant.purpose.into(),
        grant.resource.into(),
        grant.fields.into(),
        grant.basis.into(),
        grant.valid_from.into(),
        grant.valid_to.into(),
        origin.into(),
        now.into(),
    ];
    tx.exec(sql, &params).map(|_| id.as_str().to_owned())
}
