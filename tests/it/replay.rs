//! Every form that does something, sent twice with the same bytes by the same person: the second answer is the first one's,
//! and nothing happens again.
use tests::givens::{self, LICENCE, PDF, PERMIT, SENIOR_CARD, task};
use tests::{Caller, Page, TestApp, Upload};

/// Everything that an act leaves behind: rows, and the length of what was typed.
const TRACES: [&str; 15] = [
    "SELECT COUNT(*) FROM platform_audit WHERE event NOT IN ('trail.question-repeated', 'trail.answer-repeated')",
    "SELECT COUNT(*) FROM platform_notice",
    "SELECT COUNT(*) FROM platform_file",
    "SELECT COUNT(*) FROM platform_job",
    "SELECT COUNT(*) FROM exchange_trail",
    "SELECT COUNT(*) FROM exchange_question",
    "SELECT COUNT(*) FROM certificates_certificate",
    "SELECT COUNT(*) FROM services_draft",
    "SELECT COUNT(*) FROM services_case",
    "SELECT COUNT(*) FROM services_event",
    "SELECT COUNT(*) FROM services_task",
    "SELECT COUNT(*) FROM services_supplement",
    "SELECT CAST(COALESCE(SUM(LENGTH(answers)), 0) AS BIGINT) FROM services_draft",
    "SELECT CAST(COALESCE(SUM(LENGTH(answers)), 0) AS BIGINT) FROM services_case",
    "SELECT CAST(COALESCE(SUM(revision), 0) AS BIGINT) FROM services_case",
];

async fn traces(app: &TestApp) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in TRACES {
        all.push(app.count(sql).await);
    }
    all
}

#[track_caller]
fn same(first: &Page, second: &Page) {
    let answers = [first, second].map(|page| (page.status, page.header("location").to_owned()));
    assert_eq!(answers[0], answers[1], "first: {}\nthen: {}", first.shown(), second.shown());
    assert!([303, 204].contains(&first.status), "{}", first.shown());
}

async fn nothing_more(app: &TestApp, path: &str, before: &[i64]) {
    let now = traces(app).await;
    let changed = TRACES.iter().zip(before.iter().zip(&now)).filter(|(_, (before, now))| before != now);
    let changed: Vec<_> = changed.collect();
    assert!(changed.is_empty(), "sent twice, {path} did more than once: {changed:#?}");
}

/// Sends a form twice as the caller's last page has it; the clone holds the same token and hidden fields.
async fn twice(app: &TestApp, caller: &mut Caller, path: &str, fields: &[(&str, &str)]) -> String {
    let mut again = caller.clone();
    let first = caller.post(path, fields).await;
    let after = traces(app).await;
    let second = again.post(path, fields).await;
    same(&first, &second);
    nothing_more(app, path, &after).await;
    first.header("location").to_owned()
}

async fn upload_twice(app: &TestApp, caller: &mut Caller, path: &str, file: Upload<'_>) -> String {
    let files = [file];
    let mut again = caller.clone();
    let first = caller.post_multipart(path, &[], &files).await;
    let after = traces(app).await;
    let second = again.post_multipart(path, &[], &files).await;
    same(&first, &second);
    nothing_more(app, path, &after).await;
    first.header("location").to_owned()
}

/// Opens a task and acts on it twice.
async fn act_twice(app: &TestApp, officer: &mut Caller, task: &str, verb: &str, fields: &[(&str, &str)]) {
    officer.get(&format!("/inbox/tasks/{task}")).await.assert_ok();
    twice(app, officer, &format!("/inbox/tasks/{task}/{verb}"), fields).await;
}

#[tokio::test]
async fn a_draft_is_begun_saved_and_sent_once() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    resident.get("/items/residence-permit/start").await.assert_ok();
    let draft = givens::draft_of(&twice(&app, &mut resident, "/items/residence-permit/start", &[]).await);
    let detail = format!("/my/drafts/{draft}/pages/ground-detail");
    resident.get(&detail).await.assert_ok();
    twice(&app, &mut resident, &detail, &[("ground-detail", "与子女同住")]).await;
    let autosave = format!("/my/drafts/{draft}/autosave/stay");
    twice(&app, &mut resident, &autosave, &[("stay-months", "36")]).await;
    let proof = format!("/my/drafts/{draft}/pages/proof");
    resident.get(&proof).await.assert_ok();
    upload_twice(&app, &mut resident, &proof, Upload { field: "proof", name: "证明.pdf", bytes: PDF }).await;
    let shown = resident.get(&proof).await.html();
    assert_eq!(shown.matches("detach:proof:").count(), 1, "{shown}");
    givens::fill(&mut resident, &draft, &PERMIT).await.assert_ok();
    let case = givens::case_of(&twice(&app, &mut resident, &format!("/my/drafts/{draft}/submit"), &[]).await);
    resident.get(&format!("/my/cases/{case}/withdraw")).await.assert_ok();
    twice(&app, &mut resident, &format!("/my/cases/{case}/withdraw"), &[("reason", "改到外地居住")]).await;
    // An instant item is decided, and its certificate issued, once.
    let card = givens::begin(&mut resident, SENIOR_CARD.item).await;
    givens::fill(&mut resident, &card, &SENIOR_CARD).await.assert_ok();
    twice(&app, &mut resident, &format!("/my/drafts/{card}/submit"), &[]).await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_draft_is_discarded_once_and_a_foreign_one_is_still_not_found() {
    let app = TestApp::new().await;
    let (mut resident, mut newcomer) = (app.sign_in("resident").await, app.sign_in("newcomer").await);
    let draft = givens::begin(&mut resident, PERMIT.item).await;
    let path = format!("/my/drafts/{draft}/discard");
    resident.get(&format!("/my/drafts/{draft}")).await.assert_ok();
    assert_eq!(twice(&app, &mut resident, &path, &[]).await, "/my");
    newcomer.post(&path, &[]).await.assert_status(404);
    let never = "/my/drafts/draft_00000000000000000000000000/discard";
    resident.post(never, &[]).await.assert_status(404);
}

#[tokio::test]
async fn a_row_is_added_and_taken_away_once() {
    let app = TestApp::new().await;
    let mut agent = app.agent_of_restaurant().await;
    let draft = givens::begin(&mut agent, LICENCE.item).await;
    let staff = format!("/my/drafts/{draft}/pages/staff");
    let names = async |agent: &mut Caller| {
        let page = agent.get(&staff).await;
        (0..4).filter_map(|row| page.value(&format!("staff.{row}.name"))).collect::<Vec<_>>()
    };
    let button = async |agent: &mut Caller, row: &str, name: &str, ask: &str| {
        let page = agent.get(&staff).await;
        let named = (0..4).filter_map(|row| {
            let path = format!("staff.{row}.name");
            page.value(&path).map(|value| (path, value))
        });
        let mut typed: Vec<(String, String)> = named.filter(|(path, _)| path != row).collect();
        typed.push((row.to_owned(), name.to_owned()));
        let pressed = page.elements();
        let pressed = pressed.iter().filter_map(|e| e.attribute("value")).find(|value| value.starts_with(ask));
        typed.push(("_ask".to_owned(), pressed.unwrap_or_else(|| panic!("{ask}\n{}", page.html())).to_owned()));
        let fields: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        twice(&app, agent, &staff, &fields).await;
    };
    button(&mut agent, "staff.0.name", "何安澜", "add:staff").await;
    button(&mut agent, "staff.1.name", "陆远行", "add:staff").await;
    button(&mut agent, "staff.2.name", "苏望舒", "add:staff").await;
    assert_eq!(names(&mut agent).await, ["何安澜", "陆远行", "苏望舒", ""]);
    button(&mut agent, "staff.3.name", "苏云岭", "remove:staff.1").await;
    assert_eq!(names(&mut agent).await, ["何安澜", "苏望舒", "苏云岭"]);
}

#[tokio::test]
async fn an_officer_acts_once() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    act_twice(&app, &mut clerk, &accept, "take", &[]).await;
    act_twice(&app, &mut clerk, &accept, "accept", &[]).await;
    let review = task(&app, &case, "review", None).await;
    let wanted = [("field", "proof"), ("field", "stay-months"), ("message", "请补传合同，并核对居住时间。")];
    act_twice(&app, &mut clerk, &review, "ask", &wanted).await;
    let supplement = format!("/my/cases/{case}/supplement");
    resident.get(&supplement).await.assert_ok();
    upload_twice(&app, &mut resident, &supplement, Upload { field: "proof", name: "合同.pdf", bytes: PDF }).await;
    act_twice(&app, &mut clerk, &review, "review", &[("verdict", "passed"), ("reason", "住所真实")]).await;
    let mut decider = app.sign_in("permit-decider").await;
    let decision = task(&app, &case, "decide", None).await;
    act_twice(&app, &mut decider, &decision, "decide", &[("verdict", "granted")]).await;
    let certificate = givens::certificate(&mut resident, &case).await;
    let desk = format!("/desk/certificates/{certificate}");
    decider.get(&desk).await.assert_ok();
    let why = [("reason", "issued-in-error"), ("grounds", "租赁合同系伪造。"), ("basis", "《居住证暂行条例》第十八条")];
    twice(&app, &mut decider, &format!("{desk}/revoke"), &why).await;

    let turned = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &turned, "accept", None).await;
    let basis = [("reason", "不属于本机关职权范围。"), ("basis-other", "《行政许可法》第三十二条")];
    act_twice(&app, &mut clerk, &accept, "turn-away", &basis).await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_question_is_asked_and_answered_once() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    clerk.get(&format!("/inbox/tasks/{accept}")).await.assert_ok();
    let look = resident.get("/my/trail?only=people").await.links("/my/trail/trl_").first().cloned().unwrap();
    resident.get(&look).await.assert_ok();
    twice(&app, &mut resident, &look, &[("words", "为什么查询我的居住登记？")]).await;
    let question = clerk.get("/inbox/questions").await.links("/inbox/questions/tqn_").first().cloned().unwrap();
    clerk.get(&question).await.assert_ok();
    twice(&app, &mut clerk, &question, &[("words", "核对是否年满十六周岁。")]).await;
}

#[tokio::test]
async fn a_stuck_job_is_put_back_once() {
    let mut app = TestApp::with(|config| config.jobs.attempts = 1).await;
    app.release_jobs(); // the job that nobody does is there on purpose
    let job = givens::stuck_job(&app).await;
    let mut administrator = app.sign_in("administrator").await;
    administrator.get("/admin/jobs").await.assert_ok();
    twice(&app, &mut administrator, &format!("/admin/jobs/{job}/retry"), &[]).await;
    app.run_jobs().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM platform_job WHERE state = 3").await, 1, "it ran, and is stuck again");
}
