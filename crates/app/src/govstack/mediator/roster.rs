//! The roster where it is kept: changed in its document, taken up by this process and by the others.
use std::time::Duration;

use gateway::tls::Outbound;
use gateway::{Gateway, Roster, federation};
use platform::audit::Entry;
use platform::db::Tx;
use platform::documents;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use serde_json::Value;
use tokio::sync::watch;

use super::Parts;
use super::caller::wrong;
use crate::doors::ROSTER;

/// How soon a process sees what another one, or a load of packs, has put into the roster.
const EVERY: Duration = Duration::from_secs(10);

/// The document as it stands. `Invalid`: the settings name a file, which programs do not change.
pub async fn text(ctx: &Ctx) -> Result<String> {
    let file = &ctx.platform().config().gateway.roster;
    if !file.as_os_str().is_empty() {
        return std::fs::read_to_string(file).map_err(Error::from);
    }
    read(ctx).await?.ok_or(Error::NotFound)
}

async fn read(ctx: &Ctx) -> Result<Option<String>> {
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    let found = ctx.db().read(grant, |tx| documents::list(tx, ROSTER)).await?;
    Ok(found.into_iter().next().map(|document| document.text))
}

pub fn parse(text: &str) -> Result<Value> {
    serde_norway::from_str(text).map_err(Error::internal)
}

/// One change of the roster: what is edited, and how the audit log calls it.
pub struct Change<F> {
    pub event: &'static str,
    pub edit: F,
}

/// Edits the document, checks it as a whole, keeps it, and works by it from now on.
pub async fn change<F>(parts: &Parts, ctx: &Ctx, change: Change<F>) -> Result<()>
where
    F: FnOnce(&Roster, &mut Value) -> Result<()> + Send + 'static,
{
    if !ctx.platform().config().gateway.roster.as_os_str().is_empty() {
        let file = ctx.platform().config().gateway.roster.display().to_string();
        return Err(wrong("config", "site-mediator-file", &file));
    }
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC)?;
    let (live, outbound) = (parts.gateway.roster(), parts.outbound.clone());
    let write = move |tx: &mut Tx<'_>| {
        let make = |old: &str| {
            let mut document = parse(old)?;
            (change.edit)(&live, &mut document)?;
            let text = serde_norway::to_string(&document).map_err(Error::internal)?;
            Roster::parse(ROSTER, &text, &outbound).map_err(|why| wrong("config", "site-mediator-roster", &why))?;
            Ok(text)
        };
        let text = documents::change(tx, ROSTER, make)?.into_inner();
        let digest = platform::chance::sha256_hex(text.as_bytes());
        let detail = serde_json::json!({"digest": digest}).to_string();
        tx.audited(Entry { event: change.event, object: &live.instance, detail: &detail, ..Entry::default() }, text)
    };
    let text = ctx.db().write(grant, write).await?;
    take_up(&parts.gateway, &text, &parts.outbound)
}

/// Works by a document from now on; what the federation says stays in force.
fn take_up(gateway: &Gateway, text: &str, outbound: &Outbound) -> Result<()> {
    let live = gateway.roster();
    let mut roster = Roster::parse(ROSTER, text, outbound).map_err(Error::Internal)?;
    if let (Some(source), false) = (&roster.federation, live.document.is_empty()) {
        let federation = federation::open(&live.document, &source.authority).map_err(Error::Internal)?;
        roster = roster.joined(&federation, &live.document).map_err(Error::Internal)?;
    }
    gateway.set_roster(roster);
    Ok(())
}

/// Takes up what others put into the document, until `stop` says true.
pub async fn keep(platform: Platform, (gateway, outbound): (Gateway, Outbound), mut stop: watch::Receiver<bool>) {
    if !platform.config().gateway.roster.as_os_str().is_empty() {
        return;
    }
    let ctx = Ctx::system(&platform, "gateway.roster");
    // What stands now was read when the gateway was opened.
    let mut last = read(&ctx).await.unwrap_or_default();
    while !*stop.borrow() {
        tokio::select! {
            ended = stop.wait_for(|stop| *stop) => if ended.is_err() { return },
            () = tokio::time::sleep(EVERY) => {}
        }
        match read(&ctx).await {
            Ok(Some(text)) if last.as_ref() != Some(&text) => {
                if let Err(error) = take_up(&gateway, &text, &outbound) {
                    tracing::warn!(%error, "the roster was changed, but cannot be used; the last one counts");
                }
                last = Some(text);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the roster cannot be read now"),
        }
    }
}
