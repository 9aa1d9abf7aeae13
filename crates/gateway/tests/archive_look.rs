//! What operators see of the archive: what it has, what waits, and which files are not as they were written.
#![allow(clippy::unwrap_used)] // helpers of tests
mod common;

use std::path::PathBuf;
use std::time::Duration;

use common::{Node, Pair, SERVICE};
use gateway::archive::{self, look};
use gateway::store_archive::{Figures, Listed, State, list_segments};
use gateway::upkeep;
use platform::Ctx;
use platform::policy::{Action, On};

const DAY: i64 = 86_400;

/// Calls on two days, and then thirty days pass.
async fn old() -> Pair {
    let pair = Pair::start().await;
    for day in 0..2 {
        for n in 0..3 {
            let id = format!("X-Road-Id: m-{day}-{n}");
            assert_eq!(pair.call(&format!("GET {SERVICE}/{n}"), &[&id], b"").await.status, 200);
        }
        pair.consumer.pass(DAY);
        pair.provider.pass(DAY);
    }
    pair.consumer.pass(30 * DAY);
    pair
}

async fn listed(node: &Node) -> Vec<Listed> {
    let grant = Ctx::system(&node.platform, "test").allow(Action::MessageRead, &On::PUBLIC).unwrap();
    node.platform.db().read(grant, |tx| list_segments(tx, i64::MAX, 10)).await.unwrap()
}

async fn figures(node: &Node, days: u32) -> Figures {
    let grant = Ctx::system(&node.platform, "test").allow(Action::MessageRead, &On::PUBLIC).unwrap();
    node.platform.db().read(grant, move |tx| look::figures(tx, days)).await.unwrap()
}

async fn states(node: &Node) -> Vec<State> {
    listed(node).await.iter().map(|listed| listed.state).collect()
}

fn file(node: &Node, listed: &Listed) -> PathBuf {
    archive::folder(&node.platform).join(&listed.row.file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_short_or_altered_is_seen_within_a_day_and_seen_to_be_mended() {
    let pair = old().await;
    let node = &pair.consumer;
    archive::run(&node.gateway).await.unwrap();
    assert_eq!(states(node).await, [State::Unchecked; 2]);
    assert_eq!(look::run(&node.gateway).await.unwrap(), 0);
    let segments = listed(node).await;
    assert_eq!(
        segments.iter().map(|of| (of.row.number, of.state)).collect::<Vec<_>>(),
        [(2, State::Whole), (1, State::Whole)]
    );
    for one in &segments {
        let (first, last) = one.row.span.unwrap();
        assert!(first <= last && last < one.at && one.checked_at >= Some(one.at), "{one:?}");
    }
    assert!(segments[1].row.span < segments[0].row.span);

    let good = std::fs::read(file(node, &segments[0])).unwrap();
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    for (bytes, state) in [
        (Some(altered.as_slice()), State::Altered),
        (Some(&good[..good.len() - 1]), State::Missing),
        (None, State::Missing),
        (Some(&good), State::Whole),
    ] {
        match bytes {
            Some(bytes) => std::fs::write(file(node, &segments[0]), bytes).unwrap(),
            None => std::fs::remove_file(file(node, &segments[0])).unwrap(),
        }
        let before = states(node).await;
        node.pass(DAY - 1);
        assert_eq!((look::run(&node.gateway).await.unwrap(), states(node).await), (0, before), "looked at today");
        node.pass(2);
        let broken = usize::from(state != State::Whole);
        assert_eq!(look::run(&node.gateway).await.unwrap(), broken);
        assert_eq!(states(node).await, [state, State::Whole]);
        assert_eq!(figures(node, 30).await.broken, broken as i64);
    }
    let checks = "SELECT COUNT(*) FROM platform_audit WHERE event = 'message.archive-checked'";
    assert_eq!(node.count(checks), 5, "what nobody looked at is not noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_counted_and_what_kept_messages_hold_is_counted_apart() {
    let pair = old().await;
    let node = &pair.consumer;
    let batches = node.count("SELECT COUNT(*) FROM gateway_batch");
    assert_eq!(figures(node, 30).await, Figures { waiting: batches, ..Figures::default() });
    assert_eq!(figures(node, 0).await, Figures::default());
    assert_eq!(figures(node, 60).await, Figures::default());
    node.sql("INSERT INTO gateway_body SELECT number, 0, 9e18, 'k', x'00' FROM gateway_batch ORDER BY number LIMIT 2");
    assert_eq!(figures(node, 30).await, Figures { waiting: batches - 2, held: 2, ..Figures::default() });
    archive::run(&node.gateway).await.unwrap();
    let after = figures(node, 30).await;
    assert_eq!((after.segments, after.batches, after.waiting, after.held), (2, batches - 2, 0, 2));
    let sizes = listed(node).await.iter().map(|of| of.row.ends - of.row.begins).sum::<i64>();
    assert!(after.bytes == sizes && sizes > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_told_to_prometheus() {
    let pair = old().await;
    let node = &pair.consumer;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let upkeep = tokio::spawn(upkeep::keep(node.gateway.clone(), stopped));
    let newest = |listed: &[Listed]| listed.first().map(|of| of.at.0 / 1_000_000);
    let mut told = String::new();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        told = node.platform.metrics().render().unwrap();
        if told.contains("tongban_gateway_archive_segments 2") {
            break;
        }
    }
    let newest = newest(&listed(node).await).unwrap();
    for line in [
        format!("tongban_gateway_archive_newest_timestamp_seconds {newest}\n"),
        "tongban_gateway_archive_waiting_batches 0\n".into(),
        "tongban_gateway_archive_held_batches 0\n".into(),
        "tongban_gateway_archive_broken_segments 0\n".into(),
    ] {
        assert!(told.contains(&line), "{line} of {told}");
    }
    stop.send_replace(true);
    upkeep.await.unwrap();
    assert_eq!(states(node).await, [State::Whole; 2]);
}
