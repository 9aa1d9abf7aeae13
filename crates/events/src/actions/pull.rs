//! Pull: places are given, the lines of the trail written, then the events leave; the next cursor confirms them.
use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::policy::{Action, On};
use platform::{Ctx, Result};
use serde_json::json;

use super::reading::Reading;
use crate::Events;
use crate::model::subscription::{Given, Subscription};
use crate::store::pull::{confirm, confirm_up_to, first_open, has_news, list_after, lock, place};

/// Places given at once; more come with the next call.
const PLACED: u32 = 1_000;

/// What leaves at once.
#[derive(Default)]
pub struct Pulled {
    pub given: Vec<Given>,
    /// More stands after the last of them.
    pub more: bool,
}

/// What stands after a cursor; what stands before it has arrived.
pub async fn after(
    events: &Events,
    ctx: &Ctx,
    subscription: &Subscription,
    (cursor, limit): (i64, u32),
) -> Result<Pulled> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let id = subscription.id.clone();
    if !ctx.db().read(grant.clone(), move |tx| has_news(tx, &id, cursor)).await? {
        return Ok(Pulled::default());
    }
    let (events, of) = (events.clone(), subscription.clone());
    let write = move |tx: &mut Tx<'_>| {
        let last = lock(tx, &of.id)?;
        confirm_up_to(tx, &of.id, cursor.min(last))?;
        let reading = Reading::of(tx, &events, &of)?;
        placed(tx, &events, &reading, last)?;
        let mut given = list_after(tx, &of.id, cursor, limit.saturating_add(1))?;
        let more = platform::page::cut(&mut given, limit as usize).is_some();
        let given = given.into_iter().map(|given| reading.fit(given)).collect::<Result<_>>()?;
        pulled(tx, &of, Pulled { given, more })
    };
    ctx.db().write(grant, write).await
}

fn placed(tx: &mut Tx<'_>, events: &Events, reading: &Reading<'_>, last: i64) -> Result<()> {
    let mut fresh = place(tx, &reading.subscription.id, last, PLACED)?;
    let mut first: Vec<&mut Given> = fresh.iter_mut().filter(|given| given.attempts == 0).collect();
    reading.begin(tx, events, &mut first)
}

fn pulled<T>(tx: &mut Tx<'_>, subscription: &Subscription, given: T) -> Result<Audited<T>> {
    let detail = json!({"consumer": subscription.consumer}).to_string();
    let (object, basis) = (subscription.id.as_str(), subscription.basis.as_str());
    tx.audited(Entry { event: "event.pulled", object, basis, detail: &detail, ..Entry::default() }, given)
}

/// The first that was not confirmed, as GovStack pulls.
pub async fn first(events: &Events, ctx: &Ctx, subscription: &Subscription) -> Result<Option<Given>> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let (events, of) = (events.clone(), subscription.clone());
    let write = move |tx: &mut Tx<'_>| {
        let last = lock(tx, &of.id)?;
        let reading = Reading::of(tx, &events, &of)?;
        placed(tx, &events, &reading, last)?;
        let given = first_open(tx, &of.id)?.map(|given| reading.fit(given)).transpose()?;
        pulled(tx, &of, given)
    };
    ctx.db().write(grant, write).await
}

/// One has arrived; false: no such one is open.
pub async fn arrived(ctx: &Ctx, subscription: &Subscription, event: &str) -> Result<bool> {
    let grant = ctx.allow(Action::EventKeep, &On::PUBLIC)?;
    let (of, event) = (subscription.clone(), event.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        let done = confirm(tx, &of.id, &event)?;
        pulled(tx, &of, done)
    };
    ctx.db().write(grant, write).await
}
