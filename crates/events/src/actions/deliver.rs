//! Push: claim, write the line of the trail, send, write what came of it. At least once, each subject in its order.
use std::sync::Arc;

use platform::audit::Entry;
use platform::clock::MINUTE;
use platform::db::{Audited, Tx};
use platform::policy::{Action, On};
use platform::{Ctx, Result, jobs};
use serde_json::json;
use tokio::task::JoinSet;

use super::reading::Reading;
use crate::Events;
use crate::jobs::PUSH_JOB;
use crate::model::schedule::delay;
use crate::model::subscription::{Given, State, Subscription, Way};
use crate::push::{Parcel, Sent};
use crate::store::deliveries::{claim, drop_open, is_due, update_done, update_failed};
use crate::store::subscriptions::{Change, Readers, get_subscription, update_state};

/// A claim that is not settled by then is taken up by somebody else; longer than any attempt takes.
pub const CLAIM: i64 = 2 * MINUTE;
/// Subjects that are sent side by side.
const AT_ONCE: u32 = 16;

/// What goes out together: no two events of it are about the same subject.
struct Batch {
    subscription: Subscription,
    given: Vec<Given>,
}

/// Sends what is due to one subscriber until nothing is.
pub async fn push(events: Events, ctx: Ctx, subscription: String) -> Result<()> {
    while let Some(batch) = take(&events, &ctx, &subscription).await? {
        let sent = send(&events, &batch).await;
        settle(&events, &ctx, (batch.subscription, sent)).await?;
    }
    Ok(())
}

fn is_open(subscription: &Subscription) -> bool {
    let reachable = subscription.way == Way::Push && !subscription.address.is_empty();
    subscription.state == State::Active && reachable && subscription.key_no > 0
}

async fn take(events: &Events, ctx: &Ctx, subscription: &str) -> Result<Option<Batch>> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let id = subscription.to_owned();
    let due = move |tx: &mut Tx<'_>| Ok(is_open(&get_subscription(tx, &Readers::Everybody, &id)?) && is_due(tx, &id)?);
    if !ctx.db().read(grant.clone(), due).await? {
        return Ok(None);
    }
    let (events, id) = (events.clone(), subscription.to_owned());
    ctx.db().write(grant, move |tx| claimed(tx, &events, &id)).await
}

/// Log or deny: the lines stand before the first attempt goes out.
fn claimed(tx: &mut Tx<'_>, events: &Events, id: &str) -> Result<Audited<Option<Batch>>> {
    let subscription = get_subscription(tx, &Readers::Everybody, id)?;
    let until = tx.now().plus(CLAIM);
    let mut given = if is_open(&subscription) { claim(tx, id, until, AT_ONCE)? } else { Vec::new() };
    if !given.is_empty() {
        // Should this process end before it has settled them.
        jobs::enqueue(tx, PUSH_JOB, id, until.plus(1))?;
    }
    let reading = Reading::of(tx, events, &subscription)?;
    let mut first: Vec<&mut Given> = given.iter_mut().filter(|given| given.attempts == 1).collect();
    reading.begin(tx, events, &mut first)?;
    let given: Vec<Given> = given.into_iter().map(|given| reading.fit(given)).collect::<Result<_>>()?;
    let detail = json!({"events": given.len()}).to_string();
    let entry =
        Entry { event: "event.sending", object: id, basis: &subscription.basis, detail: &detail, ..Entry::default() };
    let batch = (!given.is_empty()).then(|| Batch { subscription: subscription.clone(), given });
    tx.audited(entry, batch)
}

async fn send(events: &Events, batch: &Batch) -> Vec<(Given, Sent)> {
    let subscription = Arc::new(batch.subscription.clone());
    let mut sending = JoinSet::new();
    for given in batch.given.iter().cloned() {
        let (events, subscription) = (events.clone(), Arc::clone(&subscription));
        sending.spawn(async move {
            let sent = attempt(&events, &subscription, &given).await;
            (given, sent)
        });
    }
    sending.join_all().await
}

async fn attempt(events: &Events, subscription: &Subscription, given: &Given) -> Sent {
    let keys = events.platform().keys();
    let secret = crate::model::signature::secret(keys, &subscription.id, subscription.key_no);
    let at = events.platform().clock().now().0 / platform::clock::SECOND;
    let signature = match crate::model::signature::header(keys, &secret, &given.event, at, &given.body) {
        Ok(signature) => signature,
        Err(error) => return Sent::Failed(error.to_string()),
    };
    let parcel = Parcel { address: &subscription.address, id: &given.event, at, signature, body: &given.body };
    events.pusher().send(parcel).await
}

async fn settle(events: &Events, ctx: &Ctx, (subscription, sent): (Subscription, Vec<(Given, Sent)>)) -> Result<()> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let events = events.clone();
    ctx.db().write(grant, move |tx| settled(tx, &events, &subscription, &sent)).await
}

fn settled(
    tx: &mut Tx<'_>,
    events: &Events,
    subscription: &Subscription,
    sent: &[(Given, Sent)],
) -> Result<Audited<()>> {
    let settings = &events.platform().config().events;
    let now = tx.now();
    let mut arrived = 0;
    for (given, outcome) in sent {
        match outcome {
            Sent::Arrived => {
                update_done(tx, given)?;
                arrived += 1;
            }
            Sent::Gone => update_failed(tx, given, now, "410")?,
            Sent::Failed(why) => {
                let next = now.plus(delay(given.attempts, settings.retry_seconds, settings.retry_longest_minutes));
                update_failed(tx, given, next, why)?;
                jobs::enqueue(tx, PUSH_JOB, &subscription.id, next)?;
            }
        }
    }
    if sent.iter().any(|(_, outcome)| matches!(outcome, Sent::Gone)) {
        stop(tx, subscription)?;
    }
    let detail = json!({"arrived": arrived, "failed": sent.len() - arrived}).to_string();
    tx.audited(Entry { event: "event.sent", object: &subscription.id, detail: &detail, ..Entry::default() }, ())
}

/// The receiver says that it is gone for good (Standard Webhooks: 410 disables the endpoint).
fn stop(tx: &mut Tx<'_>, subscription: &Subscription) -> Result<()> {
    let change = Change { from: State::Active, to: State::Stopped, by: "", words: "410" };
    match update_state(tx, &subscription.id, &change) {
        Ok(()) => {
            drop_open(tx, &subscription.id, "410")?;
            super::subscribe::tell(tx, subscription, "events-notice-stopped", &subscription.consumer)
        }
        // Ended meanwhile: nothing is left to stop.
        Err(platform::Error::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
