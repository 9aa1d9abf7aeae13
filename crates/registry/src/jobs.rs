//! What happens beside the requests: publications of other processes are taken up; the daily look at who has not delivered, and at deadlines that passed.
use std::sync::Arc;
use std::time::Duration;

use platform::audit::Entry as Audit;
use platform::clock::{DAY, HOUR, Timestamp};
use platform::db::{Audited, Tx};
use platform::jobs::{Handlers, enqueue};
use platform::policy::{Action, On};
use platform::{Ctx, Result};
use tokio::sync::watch;

use crate::Registry;
use crate::actions::delivery;
use crate::store::deliveries::take_watch;

const JOB: &str = "registry.freshness";
/// Hour of the night at which it runs, and how long a plan may lie before it counts as lost.
const AT: i64 = 2 * HOUR;
const LOST: i64 = DAY;

pub fn handlers(registry: &Registry, handlers: &mut Handlers) {
    let registry = registry.clone();
    handlers.on(JOB, move |ctx, _| {
        let registry = registry.clone();
        async move { look(&registry, &ctx).await }
    });
}

/// Plans the first look. Of several processes one plans it.
pub async fn begin(registry: &Registry) -> Result<()> {
    let ctx = Ctx::system(registry.platform(), JOB);
    let (grant, next) = (ctx.allow(Action::RegistryImport, &On::PUBLIC)?, next(&ctx));
    ctx.db().write(grant, move |tx| plan(tx, next)).await
}

/// Between two looks at what others published: one count of few rows.
const FOLLOWS: Duration = Duration::from_secs(1);

/// Readers must not pay for a question at each look, and SQLite has no way to call other processes: so all of them ask
/// once a second.
pub async fn follow(registry: &Registry, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = registry.refresh().await {
            tracing::warn!(%error, "the catalogue could not be compared now");
        }
        tokio::select! {
            changed = stop.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(FOLLOWS) => {}
        }
    }
}

fn next(ctx: &Ctx) -> Timestamp {
    let tomorrow = ctx.today().next_day().unwrap_or(ctx.today());
    Timestamp::start_of(tomorrow, ctx.zone()).plus(AT)
}

fn plan(tx: &mut Tx<'_>, next: Timestamp) -> Result<Audited<()>> {
    let lost = tx.now().plus(-LOST);
    if take_watch(tx, next, lost)? {
        enqueue(tx, JOB, "", next)?;
    }
    tx.audited(Audit { event: "cycles.planned", object: "catalogue", ..Audit::default() }, ())
}

/// Raises the alarm about each missed cycle once, then plans the next look. Harmless when run twice.
async fn look(registry: &Registry, ctx: &Ctx) -> Result<()> {
    registry.refresh().await?;
    let raising = Arc::new(delivery::Raising { registry: registry.clone(), today: ctx.today() });
    let (grant, next) = (ctx.allow(Action::RegistryImport, &On::PUBLIC)?, next(ctx));
    let write = move |tx: &mut Tx<'_>| {
        // A plan for a later moment is there when this run is a repeat.
        let raised = delivery::raise(tx, &raising)?;
        if take_watch(tx, next, next)? {
            enqueue(tx, JOB, "", next)?;
        }
        Ok(raised)
    };
    ctx.db().write(grant, write).await.map(|_| ())
}
