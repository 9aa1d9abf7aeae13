//! Signed and logged calls between two gateways over mutual TLS, beside a plain reverse proxy written with the same HTTP
//! library: consumer's gateway, provider's gateway, proxy, application and callers all in this process, on two cores.
mod application;
mod load;
mod nodes;

use std::time::Duration;

use crate::Result;
use crate::machine;
use crate::place::Place;
use crate::report::{Figure, Limit, Report};
use crate::rounds::{self, CALLERS, Round, listed, median};
use load::{Calls, Pace};
use nodes::Nodes;

const TURNS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);
/// A body beyond everything that is kept in memory.
const LARGE: usize = 100 << 20;

struct Turn {
    plain: Round,
    signed: Round,
    plain_half: Round,
    signed_half: Round,
}

pub fn run(place: &Place, report: &mut Report) -> Result<()> {
    let runtime = rounds::runtime()?;
    runtime.block_on(async {
        let nodes = Nodes::start(place).await?;
        let mut turns = Vec::new();
        for turn in 0..=TURNS {
            let measured = measure(&nodes).await?;
            if turn > 0 {
                turns.push(measured); // the first warms up
            }
        }
        tell(&turns, report);
        let calls: usize = nodes.logged().await?;
        let bytes = nodes.log_bytes(calls).await? / calls.max(1) as f64;
        report.put(Figure {
            name: "log of a call, without bodies".into(),
            value: bytes,
            unit: "bytes",
            limit: Limit::Under(400.0),
            beside: format!("rows of the message log on the provider's side; {calls} calls"),
        });
        large(&nodes, report).await?;
        nodes.stop()
    })
}

async fn measure(nodes: &Nodes) -> Result<Turn> {
    let (through_proxy, through_gateways) = (Calls::plain(nodes.proxy), Calls::signed(nodes.consumer));
    let plain = through_proxy.run(ROUND, Pace::Full).await?;
    let signed = through_gateways.run(ROUND, Pace::Full).await?;
    let half = Pace::PerSecond(signed.rate / 2.0);
    let signed_half = through_gateways.run(ROUND, half).await?;
    let plain_half = through_proxy.run(ROUND, half).await?;
    Ok(Turn { plain, signed, plain_half, signed_half })
}

fn tell(turns: &[Turn], report: &mut Report) {
    let of = |each: &dyn Fn(&Turn) -> f64| turns.iter().map(each).collect::<Vec<f64>>();
    let put =
        |report: &mut Report, name: &str, values: Vec<f64>, (unit, limit): (&'static str, Limit), beside: String| {
            report.put(Figure { name: name.into(), value: median(values), unit, limit, beside });
        };
    let rates = of(&|turn| turn.signed.rate);
    let cpu = median(of(&|turn| turn.signed.cpu));
    let beside = format!(
        "{CALLERS} callers, 1 KiB each way; rounds {}; {cpu:.0} µs CPU each, callers and application in it",
        listed(rates.clone())
    );
    put(report, "signed and logged calls, two gateways", rates, ("/s", Limit::AtLeast(3_000.0)), beside);
    let plain = of(&|turn| turn.plain.rate);
    let beside = format!("rounds {}; {:.0} µs CPU each", listed(plain.clone()), median(of(&|turn| turn.plain.cpu)));
    put(report, "the same through a plain reverse proxy", plain, ("/s", Limit::Open), beside);
    let ratios = of(&|turn| turn.signed.rate / turn.plain.rate);
    put(report, "gateways : proxy", ratios, ("×", Limit::AtLeast(0.5)), format!("median of {} turns", turns.len()));
    for (share, limit, name) in [(0.5, 2.0, "half"), (0.99, 20.0, "99 %")] {
        let added = of(&|turn| turn.signed_half.wait(share) - turn.plain_half.wait(share));
        let beside = format!(
            "at half load ({:.0}/s): {:.2} ms against {:.2} ms",
            median(of(&|turn| turn.signed_half.rate)),
            median(of(&|turn| turn.signed_half.wait(share))),
            median(of(&|turn| turn.plain_half.wait(share)))
        );
        put(report, &format!("added latency, {name} within"), added, ("ms", Limit::Under(limit)), beside);
    }
}

/// The highest memory of this process while a large body passes both gateways, above what it had before.
async fn large(nodes: &Nodes, report: &mut Report) -> Result<()> {
    let calls = Calls::signed(nodes.consumer);
    calls.send_large(1 << 20).await?; // the buffers of a connection are there already
    let pid = std::process::id();
    std::fs::write("/proc/self/clear_refs", "5")?; // the highest mark begins anew
    let before = machine::megabytes(pid, "VmRSS")?;
    calls.send_large(LARGE).await?;
    let grown = machine::megabytes(pid, "VmHWM")? - before;
    report.put(Figure {
        name: "memory for a body of 100 MiB".into(),
        value: grown,
        unit: "MB",
        limit: Limit::Under(16.0),
        beside: format!("above {before:.0} MB; caller, both gateways and application in one process"),
    });
    Ok(())
}
