//! PostgreSQL that goes away under load: a clear 503, nothing acknowledged lost, the service goes on by itself.
//! Runs when `TONGBAN_TEST_PG` is set, on a server of its own that it may stop.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tests::cluster::Cluster;
use tests::givens::{self, SENIOR_CARD};
use tests::{Caller, Page, TestApp};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What the load knows while it runs.
#[derive(Default)]
struct Load {
    stop: AtomicBool,
    sent: AtomicUsize,
    refused: AtomicUsize,
    acknowledged: AtomicUsize,
    news: Notify,
}

impl Load {
    /// Waits until the count has grown by so many.
    async fn until(&self, count: &AtomicUsize, more: usize) {
        let goal = count.load(Ordering::SeqCst) + more;
        while count.load(Ordering::SeqCst) < goal {
            let news = self.news.notified();
            if count.load(Ordering::SeqCst) >= goal {
                return;
            }
            news.await;
        }
    }

    fn tell(&self, count: &AtomicUsize) {
        count.fetch_add(1, Ordering::SeqCst);
        self.news.notify_waiters();
    }

    /// Answers of a living program on a dead database: nothing else may be seen.
    fn seen(&self, page: &Page) -> bool {
        self.tell(&self.sent);
        if page.status == 503 {
            assert!(page.header("retry-after").parse::<u32>().is_ok_and(|s| s > 0), "{}", page.shown());
            page.assert_says("error-unavailable-what");
            self.tell(&self.refused);
            return false;
        }
        assert!([200, 303].contains(&page.status), "{}", page.shown());
        true
    }
}

/// One applicant after another until the end; draft → case of everything that was acknowledged.
async fn apply_again_and_again(mut caller: Caller, load: Arc<Load>) -> BTreeMap<String, String> {
    let mut acknowledged = BTreeMap::new();
    while !load.stop.load(Ordering::SeqCst) {
        if let Some((draft, case)) = apply(&mut caller, &load).await {
            acknowledged.insert(draft, case);
            load.tell(&load.acknowledged);
        }
        tokio::task::yield_now().await;
    }
    acknowledged
}

async fn apply(caller: &mut Caller, load: &Load) -> Option<(String, String)> {
    let start = format!("/items/{}/start", SENIOR_CARD.item);
    if !load.seen(&caller.get(&start).await) {
        return None;
    }
    let begun = caller.post(&start, &[]).await;
    if !load.seen(&begun) {
        return None;
    }
    let draft = givens::draft_of(&begun.location());
    for (page, fields) in [("emergency", SENIOR_CARD.answers[0].1), ("declaration", SENIOR_CARD.answers[1].1)] {
        if !load.seen(&caller.post(&format!("/my/drafts/{draft}/pages/{page}"), fields).await) {
            return None;
        }
    }
    // Pressed until it is taken: what was refused may be sent again.
    for _ in 0..200 {
        let sent = caller.post(&format!("/my/drafts/{draft}/submit"), &[]).await;
        if load.seen(&sent) {
            return Some((draft, givens::case_of(&sent.location())));
        }
        if load.stop.load(Ordering::SeqCst) {
            return None;
        }
        tokio::task::yield_now().await;
    }
    None
}

async fn begin_load(app: &TestApp, load: &Arc<Load>) -> JoinSet<BTreeMap<String, String>> {
    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let caller = app.sign_in("resident").await;
        callers.spawn(apply_again_and_again(caller, Arc::clone(load)));
    }
    callers
}

/// Nothing acknowledged is lost, nothing is there twice.
async fn settle(app: &TestApp, load: &Load, callers: JoinSet<BTreeMap<String, String>>) {
    load.stop.store(true, Ordering::SeqCst);
    let acknowledged: BTreeMap<String, String> = callers.join_all().await.into_iter().flatten().collect();
    assert!(load.refused.load(Ordering::SeqCst) > 0, "nobody met the outage");
    app.run_jobs().await;
    let drafts = app.rows("SELECT id, case_id FROM services_draft WHERE case_id IS NOT NULL").await;
    let of_draft: BTreeMap<String, String> =
        drafts.iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap())).collect();
    for (draft, case) in &acknowledged {
        assert_eq!(of_draft.get(draft), Some(case), "an acknowledged application is lost");
    }
    let cases = app.count("SELECT COUNT(*) FROM services_case WHERE submitted_at >= 1795140000000000").await;
    assert_eq!(cases, i64::try_from(of_draft.len()).unwrap(), "one case for each draft that was sent");
    let certificates = app.rows("SELECT case_id FROM certificates_certificate").await;
    let mut issued: Vec<String> = certificates.iter().map(|row| row.text(0).unwrap()).collect();
    let all = issued.len();
    issued.sort();
    issued.dedup();
    assert_eq!(issued.len(), all, "two certificates of one case");
    app.seal().await;
}

/// The service goes on by itself: health answers again without anybody's help.
async fn recovers(app: &TestApp) {
    for _ in 0..10_000 {
        if app.anonymous().get("/healthz").await.status == 200 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the service does not recover");
}

async fn own_server() -> Option<(Cluster, TestApp)> {
    tests::postgres::admin_url()?;
    let cluster = Cluster::start().expect("where PostgreSQL is tested, its programs are installed");
    let app = TestApp::on_server(&cluster.url()).await;
    Some((cluster, app))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_stops_under_load_and_comes_back() {
    let Some((cluster, app)) = own_server().await else { return };
    let load = Arc::new(Load::default());
    let callers = begin_load(&app, &load).await;
    for _ in 0..2 {
        load.until(&load.acknowledged, 3).await;
        cluster.stop_at_once();
        load.until(&load.refused, 20).await;
        let down = app.anonymous().get("/healthz").await;
        down.assert_status(503);
        assert!(!down.header("retry-after").is_empty());
        let page = app.sign_in_refused().await;
        page.assert_status(503).assert_says("error-unavailable-title").assert_says("error-unavailable-next");
        cluster.start_again();
        recovers(&app).await;
    }
    load.until(&load.acknowledged, 3).await;
    settle(&app, &load, callers).await;
    drop(app);
    drop(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_under_load_are_made_anew() {
    let Some((cluster, app)) = own_server().await else { return };
    let load = Arc::new(Load::default());
    let callers = begin_load(&app, &load).await;
    let admin = tests::postgres::connect(&cluster.url()).await;
    for _ in 0..12 {
        load.until(&load.sent, 10).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'tongban_t_%'";
        admin.simple_query(cut).await.unwrap();
    }
    recovers(&app).await;
    load.until(&load.acknowledged, 3).await;
    settle(&app, &load, callers).await;
    drop(app);
    drop(cluster);
}
