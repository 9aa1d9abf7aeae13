//! SQL of `exchange_grant` that `fetch` reads.
use platform::db::{Row, Tx};
use platform::{Error, Result};

use crate::model::grant::Granted;

const ACTIVE: &str = "active";
const REVOKED: &str = "revoked";
/// Said by the job that tells both sides; whether a grant is over is decided by its end.
const EXPIRED: &str = "expired";
const AUTOMATIC: &str = "automatic";

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
