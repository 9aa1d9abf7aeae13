//! New certificates without a restart: the files of `[gateway.tls]` are looked at each minute and when somebody knocks
//! (SIGHUP). New connections use what they hold then; files that cannot be used change nothing and are told of.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use platform::Result;
use tokio::sync::{Notify, watch};

use crate::gateway::Gateway;
use crate::tls::{Renewed, Shown, Tls};

const EACH: Duration = Duration::from_secs(60);
/// Before its end, a certificate that nobody renewed is warned of each day.
const WARN_SECONDS: i64 = 14 * 86_400;
const DAY_SECONDS: i64 = 86_400;

/// Looks until `stop` says true. `knock`: look now.
pub async fn keep(gateway: Gateway, knock: Arc<Notify>, mut stop: watch::Receiver<bool>) -> Result<()> {
    let metrics = gateway.platform().metrics();
    let until = metrics.gauge("tongban_gateway_certificate_until_seconds", "When the gateway's certificate expires")?;
    let broken = metrics.gauge("tongban_gateway_certificate_broken", "1: the files of [gateway.tls] cannot be used")?;
    let mut warned = HashMap::new();
    loop {
        // A roster that was put in place meanwhile may have brought its own.
        let all = gateway.certificates();
        look(&all, gateway.now()).await;
        warn(&all, gateway.now(), &mut warned);
        until.set(all.iter().map(|tls| tls.shown().until).min().unwrap_or_default());
        broken.set(all.iter().any(|tls| tls.trouble().is_some()).into());
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            () = knock.notified() => {}
            () = tokio::time::sleep(EACH) => {}
        }
    }
}

/// Reads files that changed and says what became of them.
async fn look(all: &[Tls], now: i64) {
    for tls in all {
        let own = tls.clone();
        let Ok(renewed) = tokio::task::spawn_blocking(move || own.renew(now)).await else { continue };
        match renewed {
            Renewed::Same => {}
            Renewed::Changed(before, after) => tracing::info!(
                before = name(&before),
                after = name(&after),
                until = after.until,
                "the files of [gateway.tls] changed: new connections use the certificate `after`"
            ),
            Renewed::Broken(why) => tracing::error!(
                why,
                still = name(&tls.shown()),
                "the files of [gateway.tls] changed and cannot be used; the certificate `still` stays in use: mend them"
            ),
        }
    }
}

fn name(shown: &Shown) -> String {
    seal::digest::to_hex(&shown.fingerprint)
}

fn warn(all: &[Tls], now: i64, warned: &mut HashMap<[u8; 32], i64>) {
    for shown in all.iter().map(Tls::shown).filter(|shown| shown.until < now + WARN_SECONDS) {
        if warned.get(&shown.fingerprint).is_none_or(|last| last + DAY_SECONDS <= now) {
            warned.insert(shown.fingerprint, now);
            let days = (shown.until - now).div_euclid(DAY_SECONDS);
            tracing::warn!(
                certificate = name(&shown),
                days,
                "the gateway's certificate expires soon: put a new one in place"
            );
        }
    }
}
