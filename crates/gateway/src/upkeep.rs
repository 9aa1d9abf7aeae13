//! What the gateway does by itself: notes keys, stamps its log, archives what is old, forgets kept messages whose time is
//! over.
use std::time::Duration;

use platform::audit::Entry as AuditEntry;
use platform::clock::SECOND;
use platform::metrics::IntGauge;
use platform::policy::{Action, On};
use platform::{Ctx, Result};
use tokio::sync::watch;

use crate::gateway::Gateway;
use crate::store_evidence::{delete_bodies, has_ended_bodies};
use crate::store_piece::{delete_pieces, has_ended_pieces};
use crate::{archive, index, stamp};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// Messages that are deleted in one transaction.
const MOST: i64 = 1000;
/// Pieces of large bodies, of 256 KiB each.
const MOST_PIECES: i64 = 64;

/// Works until `stop` says true. What fails is said and tried again the next time.
pub async fn keep(gateway: Gateway, stop: watch::Receiver<bool>) {
    let seconds = gateway.platform().config().gateway.time_stamp_seconds.max(1);
    let stamping = stamping(&gateway, Duration::from_secs(seconds.into()), stop.clone());
    tokio::join!(stamping, indexing(&gateway, stop.clone()), sweeping(&gateway, stop));
}

async fn indexing(gateway: &Gateway, mut stop: watch::Receiver<bool>) {
    loop {
        match index::build(gateway).await {
            Ok(true) => continue, // there may be more
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the index of the message log could not be built now"),
        }
        if rest(&mut stop, MINUTE).await {
            return;
        }
    }
}

async fn stamping(gateway: &Gateway, pause: Duration, mut stop: watch::Receiver<bool>) {
    if gateway.platform().config().gateway.time_stamp_url.is_empty() {
        return;
    }
    while !rest(&mut stop, pause).await {
        if let Err(error) = stamp::run(gateway).await {
            tracing::warn!(%error, "the message log got no time-stamp; it is asked for again");
        }
    }
}

/// Figures of the archive for Prometheus.
struct Gauges {
    newest: IntGauge,
    segments: IntGauge,
    broken: IntGauge,
    waiting: IntGauge,
    held: IntGauge,
}

impl Gauges {
    fn new(gateway: &Gateway) -> Result<Self> {
        let gauge = |name: &str, help: &str| {
            gateway.platform().metrics().gauge(&format!("tongban_gateway_archive_{name}"), help)
        };
        Ok(Self {
            newest: gauge("newest_timestamp_seconds", "When the newest archive segment was written; 0: there is none")?,
            segments: gauge("segments", "Segments of the archive")?,
            broken: gauge("broken_segments", "Segments whose bytes are missing or were altered")?,
            waiting: gauge("waiting_batches", "Batches of the message log that are old enough and not archived yet")?,
            held: gauge("held_batches", "Batches that are old enough and stay for the messages that are kept of them")?,
        })
    }

    async fn tell(&self, gateway: &Gateway) -> Result<()> {
        let (platform, days) = (gateway.platform(), gateway.platform().config().gateway.log_days);
        let grant = Ctx::system(platform, "gateway.archive").allow(Action::MessageRead, &On::PUBLIC)?;
        let figures = platform.db().read(grant, move |tx| archive::look::figures(tx, days)).await?;
        self.newest.set(figures.newest.map_or(0, |at| at.0.div_euclid(SECOND)));
        self.segments.set(figures.segments);
        self.broken.set(figures.broken);
        self.waiting.set(figures.waiting);
        self.held.set(figures.held);
        Ok(())
    }
}

async fn sweeping(gateway: &Gateway, mut stop: watch::Receiver<bool>) {
    let gauges = Gauges::new(gateway).map_err(|error| tracing::error!(%error, "the archive has no figures")).ok();
    loop {
        // A roster may have been replaced meanwhile.
        if let Err(error) = gateway.note_keys().await {
            tracing::warn!(%error, "the public keys of gateways could not be noted");
        }
        if let Err(error) = forget(gateway).await {
            tracing::warn!(%error, "kept messages whose time is over could not be deleted");
        }
        match archive::run(gateway).await {
            Ok(0) => {}
            Ok(batches) => tracing::info!(batches, "a part of the message log went into the archive"),
            Err(error) => tracing::error!(%error, "the message log could not be archived; nothing was deleted"),
        }
        look(gateway, gauges.as_ref()).await;
        if rest(&mut stop, HOUR).await {
            return;
        }
    }
}

async fn look(gateway: &Gateway, gauges: Option<&Gauges>) {
    if let Err(error) = archive::look::run(gateway).await {
        tracing::warn!(%error, "the archive could not be looked at");
    }
    if let Some(gauges) = gauges
        && let Err(error) = gauges.tell(gateway).await
    {
        tracing::warn!(%error, "the archive could not be counted");
    }
}

/// True: the end has come.
async fn rest(stop: &mut watch::Receiver<bool>, pause: Duration) -> bool {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => true,
        () = tokio::time::sleep(pause) => false,
    }
}

/// Deletes kept messages whose time is over; how many.
pub async fn forget(gateway: &Gateway) -> Result<u64> {
    let ctx = Ctx::system(gateway.platform(), "gateway.forget");
    let mut total = 0;
    loop {
        let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
        if !ctx.db().read(read, |tx| Ok(has_ended_bodies(tx)? || has_ended_pieces(tx)?)).await? {
            return Ok(total);
        }
        let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
        let deleted = ctx.db().write(grant, move |tx| {
            let (deleted, pieces) = (delete_bodies(tx, MOST)?, delete_pieces(tx, MOST_PIECES)?);
            let detail = serde_json::json!({ "messages": deleted, "pieces": pieces }).to_string();
            let entry =
                AuditEntry { event: "message.forgotten", object: "gateway", detail: &detail, ..AuditEntry::default() };
            tx.audited(entry, deleted)
        });
        total += deleted.await?;
    }
}
