//! Idempotency: a form carries a key; the first write with it stands, a repeat hears the first one's outcome.
//! Table: platform_once.
use crate::db::{Tx, Value};
use crate::error::{Error, Result};

/// What a repeat that ran at the same moment on another connection fails with; `settle` lets it hear the outcome.
const CLASH: &str = "error-conflict-once";
/// How many bytes a key has.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;
/// How often a write that clashed is run again: the first one has committed by then, so once is enough but for bad luck.
const AGAIN: usize = 2;

/// None: this is the first time, go on (and call `done` before the transaction ends). Some: the outcome then.
pub fn begin(tx: &mut Tx<'_>, owner: &str, key: &str) -> Result<Option<String>> {
    if !LENGTHS.contains(&key.len()) {
        return Err(Error::Conflict("error-conflict-once"));
    }
    find(tx, owner, key)
}

/// The outcome of the form with this key, if it was sent before.
pub fn find(tx: &mut Tx<'_>, owner: &str, key: &str) -> Result<Option<String>> {
    let row =
        tx.find("SELECT outcome FROM platform_once WHERE owner = $1 AND key = $2", &[owner.into(), key.into()])?;
    row.map(|row| row.text(0)).transpose()
}

/// Runs a write with a key, and runs it again when it clashed with its own repeat on another connection: `begin` then
/// finds the first one's outcome.
pub async fn settle<T, F: Future<Output = Result<T>>>(mut write: impl FnMut() -> F) -> Result<T> {
    for _ in 0..AGAIN {
        match write().await {
            Err(Error::Conflict(CLASH)) => {}
            other => return other,
        }
    }
    write().await
}

/// Keeps the outcome. A repeat that ran at the same moment on another connection fails here; see `settle`.
pub fn done(tx: &mut Tx<'_>, owner: &str, key: &str, outcome: &str) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 4] = [owner.into(), key.into(), outcome.into(), now.into()];
    tx.exec("INSERT INTO platform_once (owner, key, outcome, at) VALUES ($1, $2, $3, $4)", &params).map(|_| ()).map_err(
        |error| match error {
            Error::Conflict(_) => Error::Conflict(CLASH),
            other => other,
        },
    )
}

/// Forgets keys whose forms nobody can still be sending.
pub(crate) fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec("DELETE FROM platform_once WHERE at < $1", &[now.plus(-7 * crate::clock::DAY).into()])
}
