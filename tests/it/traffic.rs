//! Figures of the gateway when several processes count on one database: nothing is lost, and nothing counted twice.
use std::time::Duration;

use gateway::inside::Get;
use gateway::log::entry::Side;
use gateway::store::{add_traffic, list_traffic};
use gateway::traffic::{Counts, Key, RANGES};
use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use tests::TestApp;

const HOUR: i64 = 1_795_140_000_000_000;
const TIMES: u64 = 40;

fn key() -> Key {
    let text = str::to_owned;
    Key { side: Side::Consumer, client: text("NP/GOV/1/a"), service: text("NP/GOV/2/b/c"), outcome: text("200") }
}

fn counts(n: u64) -> Counts {
    let ranges = std::array::from_fn(|at| (at == n as usize % (RANGES.len() + 1)).into());
    Counts { calls: 1, total: n, before: n / 4, inner: n / 2, longest: n, request_bytes: 3, answer_bytes: 5, ranges }
}

async fn count(platform: &Platform, n: u64) {
    let grant = Ctx::system(platform, "tests").allow(Action::MessageLog, &On::PUBLIC).unwrap();
    let counted = platform.db().write(grant, move |tx| {
        add_traffic(tx, HOUR, (&key(), &counts(n)))?;
        // Whoever reads before it writes would lose what the others add meanwhile.
        std::thread::sleep(Duration::from_millis(2));
        tx.audited(Entry { event: "traffic.counted", object: "gateway", ..Entry::default() }, ())
    });
    counted.await.unwrap();
}

async fn counted(platform: &Platform) -> Vec<(Key, Counts)> {
    let grant = Ctx::system(platform, "tests").allow(Action::MessageRead, &On::PUBLIC).unwrap();
    platform.db().read(grant, |tx| list_traffic(tx, Timestamp(0))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_count_together() {
    let app = TestApp::new().await;
    let config = app.platform().config().clone();
    let other = app::open_platform(config, app.platform().clock().clone()).await.unwrap();
    let mut counting = tokio::task::JoinSet::new();
    for n in 0..TIMES {
        let platform = if n % 2 == 0 { app.platform().clone() } else { other.clone() };
        counting.spawn(async move { count(&platform, n).await });
    }
    counting.join_all().await;
    let sum: u64 = (0..TIMES).sum();
    let [quarters, halves] = [4, 2].map(|by| (0..TIMES).map(|n| n / by).sum::<u64>());
    let ranges = [TIMES / 8; RANGES.len() + 1];
    let (request_bytes, answer_bytes) = (3 * TIMES, 5 * TIMES);
    let wanted = Counts {
        calls: TIMES,
        total: sum,
        before: quarters,
        inner: halves,
        longest: TIMES - 1,
        request_bytes,
        answer_bytes,
        ranges,
    };
    assert_eq!(counted(app.platform()).await, [(key(), wanted)]);
}

#[tokio::test]
async fn what_was_counted_before_the_columns_is_still_read() {
    let app = TestApp::new().await;
    let grant = Ctx::system(app.platform(), "tests").allow(Action::MessageLog, &On::PUBLIC).unwrap();
    let written = app.platform().db().write(grant, |tx| {
        tx.exec(
            "INSERT INTO gateway_traffic (hour, side, client, service, outcome, calls, total, inner_time, longest,
             request_bytes, answer_bytes, ranges) VALUES ($1, 'consumer', 'NP/GOV/1/a', 'NP/GOV/2/b/c', '200', 3, 30, 9, 20, 6, 10,
             '1 0 0 0 0 0 0 2')",
            &[HOUR.into()],
        )?;
        add_traffic(tx, HOUR, (&key(), &counts(7)))?;
        tx.audited(Entry { event: "traffic.counted", object: "gateway", ..Entry::default() }, ())
    });
    written.await.unwrap();
    let wanted = Counts {
        calls: 4,
        total: 37,
        before: 1,
        inner: 12,
        longest: 20,
        request_bytes: 9,
        answer_bytes: 15,
        ranges: [1, 0, 0, 0, 0, 0, 0, 3],
    };
    assert_eq!(counted(app.platform()).await, [(key(), wanted)]);
}

#[tokio::test]
async fn the_page_names_services_and_callers_and_counts_what_failed() {
    let app = TestApp::new().await;
    let police = "NP/GOV/1199010001000200XW/public-security";
    let ended = |service: &str, outcome: &str| Key {
        side: Side::Provider,
        client: "NP/GOV/11990100010003002G/civil-affairs".into(),
        service: service.into(),
        outcome: outcome.into(),
    };
    let keys = [
        ended(&format!("{police}/population"), "200"),
        ended(&format!("{police}/population"), "server.serverproxy.service_failed.timeout"),
        ended("-", "server.serverproxy.unknown_service"),
    ];
    let grant = Ctx::system(app.platform(), "tests").allow(Action::MessageLog, &On::PUBLIC).unwrap();
    let written = app.platform().db().write(grant, move |tx| {
        let hour = tx.now().0;
        keys.iter().try_for_each(|key| add_traffic(tx, hour, (key, &counts(4000))))?;
        tx.audited(Entry { event: "traffic.counted", object: "gateway", ..Entry::default() }, ())
    });
    written.await.unwrap();
    let page = app.sign_in("administrator").await.get("/admin/exchange").await;
    page.assert_ok().assert_says_with("site-operations-found", &[("all", "3"), ("failed", "2")]);
    page.assert_says("site-operations-sent").assert_says("site-operations-back").assert_has("1.0 3.0 4.0");
    page.assert_has("人口基础信息").assert_has("云岭市民政局").assert_has("service_failed.timeout");
    page.assert_says("site-operations-no-service").assert_says("site-operations-side-provider");
    // Only who may open the list is shown the way to it.
    assert_eq!(page.links("/desk/catalogue/late").len(), 1);
    let auditor = app.sign_in("auditor").await.get("/admin/exchange").await;
    assert!(auditor.assert_ok().links("/desk/catalogue/late").is_empty());
    let csv = app.sign_in("auditor").await.get("/admin/exchange.csv").await;
    let csv = csv.html();
    assert_eq!(csv.lines().count(), 4);
    assert!(csv.lines().next().unwrap().ends_with(",sent_on_us,answer_back_us"), "{csv}");
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",4000,2000,4000,3,5,1000,3000")), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_is_told_of_calls_by_service_and_caller() {
    let app = TestApp::with(|config| config.gateway.listen = "127.0.0.1:0".into()).await;
    let gateway = app.app().gateway.clone().unwrap();
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../conformance/findusage/vectors.json")).unwrap();
    let (client, service) = (vectors["client"].as_str().unwrap(), vectors["service"].as_str().unwrap());
    let name = service.strip_prefix("/r1/").unwrap();
    for path in ["/v2/findUsage?userCode=11010519491231002X", "/v2/findUsage?userCode=11010519491231002X", "/v2/../x"] {
        let target = format!("{service}{path}");
        let call = Get { client, target: &target, issue: "", token: None, limit: 100_000 };
        drop(gateway::inside::get(&gateway, &call).await);
    }
    assert!(!app.anonymous().get("/metrics").await.html().contains("tongban_gateway_calls_total{"));
    gateway::traffic::flush(&gateway).await.unwrap();
    gateway::traffic::flush(&gateway).await.unwrap();
    let told = app.anonymous().get("/metrics").await.assert_ok().html();
    let calls: Vec<&str> = told.lines().filter(|line| line.starts_with("tongban_gateway_calls_total{")).collect();
    let line = |outcome: &str, calls: u64| {
        let labels = format!("client=\"{client}\",outcome=\"{outcome}\",service=\"{name}\",side=\"both\"");
        format!("tongban_gateway_calls_total{{{labels}}} {calls}")
    };
    // The service's own no, as nobody is named who asks, and one of the exchange.
    let denied = "server.serverproxy.access_denied";
    assert!(calls.contains(&line("400", 2).as_str()) && calls.contains(&line(denied, 1).as_str()), "{calls:?}");
    assert_eq!(calls.len(), 2, "{calls:?}");
}
