//! Every call is counted where it passed, with its outcome.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use common::{CLIENT, Node, Pair, request, send};
use gateway::log::entry::Side;
use gateway::traffic::{Counts, Key};
use platform::Ctx;
use platform::clock::Timestamp;
use platform::policy::{Action, On};

async fn counted(node: &Node) -> Vec<(Key, Counts)> {
    gateway::traffic::flush(&node.gateway).await.unwrap();
    let grant = Ctx::system(&node.platform, "test").allow(Action::MessageRead, &On::PUBLIC).unwrap();
    node.platform.db().read(grant, |tx| gateway::store::list_traffic(tx, Timestamp(0))).await.unwrap()
}

/// Prometheus is told what the table has.
fn assert_told(node: &Node, counted: &[(Key, Counts)]) {
    let told = node.platform.metrics().render().unwrap();
    for (key, counts) in counted {
        let labels =
            [("client", &key.client), ("outcome", &key.outcome)].map(|(name, value)| format!("{name}=\"{value}\""));
        let rest = format!("service=\"{}\",side=\"{}\"", key.service, key.side.name());
        let sums = [
            format!("calls_total{{{},{rest}}} {}", labels.join(","), counts.calls),
            format!("microseconds_total{{{},part=\"total\",{rest}}} {}", labels.join(","), counts.total),
            format!("microseconds_total{{{},part=\"before\",{rest}}} {}", labels.join(","), counts.before),
            format!("microseconds_total{{{},part=\"inner\",{rest}}} {}", labels.join(","), counts.inner),
            format!("bytes_total{{body=\"answer\",{},{rest}}} {}", labels.join(","), counts.answer_bytes),
        ];
        for sum in sums {
            assert!(told.contains(&format!("tongban_gateway_{sum}\n")), "{sum}\n{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_on_both_sides_by_outcome_and_added_up() {
    let pair = Pair::start().await;
    for path in ["/1", "/2", "/teapot", "/lies"] {
        pair.get(path).await;
    }
    assert_eq!(counted(&pair.consumer).await.len(), 3);
    pair.get("/3").await;
    send(pair.consumer.systems, &request("GET /nowhere", &[], b"")).await;
    let near = counted(&pair.consumer).await;
    let of =
        |list: &[(Key, Counts)], outcome: &str| list.iter().find(|(key, _)| key.outcome == outcome).cloned().unwrap();
    let (key, counts) = of(&near, "200");
    assert_eq!((key.side, key.client.as_str(), counts.calls), (Side::Consumer, CLIENT, 3));
    assert_eq!(key.service, "NP/GOV/2002/population/persons");
    assert!(counts.inner > 0 && counts.inner < counts.total && counts.longest <= counts.total);
    assert!(counts.before > 0 && counts.before + counts.inner <= counts.total, "{counts:?}");
    assert_eq!(counts.ranges.iter().sum::<u64>(), 3);
    assert_eq!(of(&near, "418").1.calls, 1);
    assert_eq!(of(&near, "client.invalid_client_identifier").0.client, "-");
    let far = counted(&pair.provider).await;
    assert_eq!((of(&far, "200").1.calls, of(&far, "200").0.side), (3, Side::Provider));
    let (inside, lost) = (of(&far, "200").1, of(&far, "server.serverproxy.service_failed.io_error").1);
    assert_eq!((lost.calls, lost.before, lost.inner), (1, 0, 0));
    // Arrival, sent on, answer back, told: at either gateway in this order, the provider's within the consumer's wait.
    assert!(inside.before > 0 && inside.inner > 0 && inside.before + inside.inner <= inside.total, "{inside:?}");
    assert!(inside.before + inside.inner <= counts.inner, "{inside:?} {counts:?}");
    assert_told(&pair.consumer, &near);
    assert_told(&pair.provider, &far);
}
