//! What the platform does by itself: seals the audit log, takes up lost jobs, forgets what is over.
use std::time::Duration;

use crate::audit::log;
use crate::error::Result;
use crate::platform::Platform;
use crate::{files, jobs, once, session, stash, throttle};

const SWEEP_EVERY: u32 = 60;

/// Runs until the stop signal, then seals what is left, so that a stopped server leaves nothing unsealed.
pub async fn run(platform: Platform, mut stop: tokio::sync::watch::Receiver<bool>) {
    let pause = Duration::from_secs(u64::from(platform.config().log.seal_seconds));
    let mut round: u32 = 0;
    while !*stop.borrow() {
        if let Err(error) = log::seal_all(&platform).await {
            tracing::warn!(%error, "the audit log could not be sealed now");
        }
        if round.is_multiple_of(SWEEP_EVERY)
            && let Err(error) = sweep(&platform).await
        {
            tracing::warn!(%error, "sweeping failed");
        }
        round = round.wrapping_add(1);
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = log::seal_all(&platform).await {
        tracing::warn!(%error, "the audit log could not be sealed at the end");
    }
}

async fn sweep(platform: &Platform) -> Result<u64> {
    let files = files::sweep(platform).await?;
    let window = platform.config().sign_in.window_minutes;
    let rows = platform.db().keep(move |tx| {
        let guesses = throttle::sweep(tx, window)?;
        Ok(guesses + jobs::reclaim(tx)? + session::sweep(tx)? + stash::sweep(tx)? + once::sweep(tx)?)
    });
    let rows = rows.await?;
    Ok(files + rows)
}
