//! Idempotency: a form carries a key; the first write with it stands, a repeat hears the first one's outcome.
//! Table: platform_once.
use crate::db::{Tx, Value};
use crate::error::{Error, Result};

/// None: this is the first time, go on (and call `done` before the transaction ends). Some: the outcome then.
pub fn begin(tx: &mut Tx<'_>, owner: &str, key: &str) -> Result<Option<String>> {
    if key.len() < 8 || key.len() > 64 {
        return Err(Error::Conflict("error-conflict-once"));
    }
    let row =
        tx.find("SELECT outcome FROM platform_once WHERE owner = $1 AND key = $2", &[owner.into(), key.into()])?;
    row.map(|row| row.text(0)).transpose()
}

/// Keeps the outcome. A repeat that ran at the same moment on another connection fails here and is told to retry.
pub fn done(tx: &mut Tx<'_>, owner: &str, key: &str, outcome: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 4] = [owner.into(), key.into(), outcome.into(), now.into()];
    tx.exec("INSERT INTO platform_once (owner, key, outcome, at) VALUES ($1, $2, $3, $4)", &params).map(|_| ()).map_err(
        |error| match error {
            Error::Conflict(_) => Error::Conflict("error-conflict-once"),
            other => other,
        },
    )
}

/// Forgets keys whose forms nobody can still be sending.
pub(crate) fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec("DELETE FROM platform_once WHERE at < $1", &[now.plus(-7 * crate::clock::DAY).into()])
}
