//! Throttling of guesses: failures counted per key in a window. Table: platform_throttle.
use crate::clock::{DAY, MINUTE, SECOND};
use crate::db::{Db, Tx, Value};
use crate::error::{Error, Result};

/// How many failures a key may have within how many minutes.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub attempts: u32,
    pub window_minutes: u32,
}

/// `TooMany` when the key has used up its failures; says how long to wait.
pub fn check(tx: &mut Tx<'_>, key: &str, limit: Limit) -> Result<()> {
    let window = i64::from(limit.window_minutes) * MINUTE;
    let now = tx.now();
    let row = tx.find("SELECT failures, since FROM platform_throttle WHERE key = $1", &[key.into()])?;
    let Some(row) = row else { return Ok(()) };
    let left = row.int(1)? + window - now.0;
    if row.int(0)? >= i64::from(limit.attempts) && left > 0 {
        let retry_after = u32::try_from((left + SECOND - 1) / SECOND).unwrap_or(u32::MAX);
        return Err(Error::TooMany { retry_after });
    }
    Ok(())
}

/// Counts a failure; the window begins with the first.
pub async fn failed(db: &Db, key: String, limit: Limit) -> Result<()> {
    let window = i64::from(limit.window_minutes) * MINUTE;
    db.keep(move |tx| {
        let now = tx.now();
        let params: [Value<'_>; 3] = [(&key).into(), now.into(), now.plus(-window).into()];
        tx.exec(
            "INSERT INTO platform_throttle (key, failures, since) VALUES ($1, 1, $2)
             ON CONFLICT (key) DO UPDATE SET
               failures = CASE WHEN platform_throttle.since < $3 THEN 1 ELSE platform_throttle.failures + 1 END,
               since = CASE WHEN platform_throttle.since < $3 THEN $2 ELSE platform_throttle.since END",
            &params,
        )
        .map(|_| ())
    })
    .await
}

/// Forgets failures whose window is over: an address is not kept longer than it serves.
pub(crate) fn sweep(tx: &mut Tx<'_>, window_minutes: u32) -> Result<u64> {
    let longest = DAY.max(i64::from(window_minutes) * MINUTE);
    let now = tx.now();
    tx.exec("DELETE FROM platform_throttle WHERE since < $1", &[now.plus(-longest).into()])
}

pub async fn succeeded(db: &Db, key: String) -> Result<()> {
    db.keep(move |tx| tx.exec("DELETE FROM platform_throttle WHERE key = $1", &[(&key).into()]).map(|_| ())).await
}
