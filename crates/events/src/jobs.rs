//! What happens later: push to one subscriber, the end of an event's time, the sweep. Each does nothing when it comes twice.
use std::time::Duration;

use platform::jobs::Handlers;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};

use crate::Events;
use crate::actions::{dead, deliver};

pub const PUSH_JOB: &str = "events.push";
pub const EXPIRE_JOB: &str = "events.expire";

/// So long a worker stays with one subscriber; then the sending goes on by itself, and the worker serves others.
/// The claims hold meanwhile, and the job of the claim's end takes up what a stopped process leaves.
const PATIENCE: Duration = Duration::from_millis(500);

pub fn register(events: &Events, handlers: &mut Handlers) {
    let of = events.clone();
    handlers.on(PUSH_JOB, move |ctx, id| push(of.clone(), ctx, id));
    let of = events.clone();
    handlers.on(EXPIRE_JOB, move |ctx, id| expire(of.clone(), ctx, id));
}

async fn push(events: Events, ctx: Ctx, id: String) -> Result<()> {
    let mut sending = tokio::spawn(deliver::push(events, ctx, id.clone()));
    match tokio::time::timeout(PATIENCE, &mut sending).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Err(Error::Internal(format!("the push panicked: {error}"))),
        Err(_) => {
            tracing::info!(subscription = %id, "a subscriber is slow");
            Ok(())
        }
    }
}

async fn expire(events: Events, ctx: Ctx, id: String) -> Result<()> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let keep = events.platform().config().events.keep_days;
    ctx.db().write(grant, move |tx| dead::end(tx, &id, keep)).await
}
