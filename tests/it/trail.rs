//! "Who looked at my data": every look with office, purpose and case; a question and its answer.
use tests::TestApp;
use tests::givens::{self, act, task};

#[tokio::test]
async fn every_look_stands_in_the_trail_with_office_purpose_and_case() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let before = app.count("SELECT COUNT(*) FROM exchange_trail").await;
    let case = givens::accepted_permit(&app, &mut resident, &mut clerk).await;
    let review = task(&app, &case, "review", None).await;
    clerk.get(&format!("/inbox/tasks/{review}")).await.assert_ok();
    let looks = app.count("SELECT COUNT(*) FROM exchange_trail").await - before;
    // The resident's own when the form was filled, and one for each page of the case that the officer opened.
    assert_eq!(looks, 3);
    let trail = resident.get("/my/trail").await;
    let links = trail.assert_ok().links(&format!("/my/cases/{case}"));
    assert_eq!(links.len(), 2, "{}", trail.shown());
    trail.assert_has("云岭市青溪区公安局").assert_has("梁知秋").assert_has("居住证").assert_says("exchange-look-own");
    trail.assert_has("居住证暂行条例");
    let people = resident.get("/my/trail?only=people").await;
    let own = people.text("exchange-look-own", &[]);
    people.assert_has("梁知秋").assert_lacks(&own);
    // Nobody else sees them.
    let foreign = app.sign_in("newcomer").await.get("/my/trail").await;
    assert!(foreign.assert_ok().links(&format!("/my/cases/{case}")).is_empty());
}

#[tokio::test]
async fn an_instant_decision_leaves_its_look_too() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &givens::SENIOR_CARD).await;
    let trail = resident.get("/my/trail").await;
    assert_eq!(trail.assert_ok().links(&format!("/my/cases/{case}")).len(), 1);
    let office = trail.text("exchange-who-system", &[("office", "云岭市民政局")]);
    trail.assert_has(&office).assert_has("老年人优待证");
    app.run_jobs().await;
    let again = resident.get("/my/trail").await;
    assert_eq!(again.links(&format!("/my/cases/{case}")).len(), 1, "the job that comes late looks at nothing");
}

#[tokio::test]
async fn a_look_is_questioned_and_the_office_answers() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &givens::PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    clerk.get(&format!("/inbox/tasks/{accept}")).await.assert_ok();
    let trail = resident.get("/my/trail?only=people").await;
    let ask = trail.links("/my/trail/trl_").first().cloned().unwrap_or_else(|| panic!("{}", trail.shown()));
    let short = resident.get(&ask).await;
    short.assert_ok();
    let short = resident.post(&ask, &[("words", "为啥")]).await;
    short.assert_status(422).assert_field_error("words", &short.text("exchange-words-short", &[("min", "4")]));
    assert_eq!(short.value("words").as_deref(), Some("为啥"));
    let words = "办理居住证为什么要查我的出生日期？";
    resident.post(&ask, &[("words", words)]).await.assert_status(303);
    resident.post(&ask, &[("words", "换一个问题再问一次")]).await.assert_status(303); // asked once

    // Ten working days after Friday, 20 November.
    resident.get("/my/trail?only=questioned").await.assert_has("2026年12月4日").assert_says("exchange-question-open");
    let mut elsewhere = app.sign_in("foreign-clerk").await;
    assert!(elsewhere.get("/inbox/questions").await.assert_ok().links("/inbox/questions/tqn_").is_empty());
    let list = clerk.get("/inbox/questions").await;
    list.assert_ok().assert_has(words);
    let question = list.links("/inbox/questions/tqn_").first().cloned().unwrap();
    elsewhere.post(&question, &[("words", "与本单位无关的回答")]).await.assert_status(404);
    clerk.get(&question).await.assert_ok().assert_has(words);
    clerk.post(&question, &[("words", "")]).await.assert_status(422);
    let answer = "核对是否年满十六周岁，依据《居住证暂行条例》第九条。";
    clerk.post(&question, &[("words", answer)]).await.assert_status(303);
    clerk.post(&question, &[("words", answer)]).await.assert_status(303); // pressed twice
    let mut other = app.sign_in("own-reviewer").await;
    other.get(&question).await.assert_ok();
    let late = other.post(&question, &[("words", "另一位同事的回答")]).await;
    late.assert_status(409).assert_says("exchange-conflict-answered");

    let read = resident.get(&ask).await;
    read.assert_has(answer).assert_has("梁知秋");
    resident.get("/my/trail").await.assert_says("exchange-question-answered");
    let notices = resident.get("/my/notices").await;
    notices.assert_says_with("exchange-notice-answered", &[("office", "云岭市青溪区公安局")]);
}

#[tokio::test]
async fn one_s_own_look_cannot_be_questioned() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    givens::begin(&mut resident, "senior-card").await;
    let rows = app.rows("SELECT id, actor_kind FROM exchange_trail ORDER BY id DESC").await;
    let own = rows.iter().find(|row| row.str(1).unwrap() == "person").unwrap().text(0).unwrap();
    let path = format!("/my/trail/{own}/question");
    resident.get(&path).await.assert_ok().assert_says("exchange-conflict-own");
    resident.post(&path, &[("words", "我为什么查自己？")]).await.assert_status(409);
}

#[tokio::test]
async fn a_look_of_an_officer_is_written_even_when_nothing_is_done() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &givens::PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let mut reviewer = app.sign_in("own-reviewer").await;
    reviewer.get(&format!("/inbox/tasks/{accept}")).await.assert_ok().assert_says("services-task-not-yours-title");
    resident.get("/my/trail?only=people").await.assert_has("测试own-reviewer");
    let refused = act_without_right(&mut reviewer, &accept).await;
    refused.assert_status(403);
}

async fn act_without_right(reviewer: &mut tests::Caller, task: &str) -> tests::Page {
    reviewer.post(&format!("/inbox/tasks/{task}/accept"), &[("revision", "1")]).await
}

#[tokio::test]
async fn the_desk_shows_what_the_registers_say_now() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let draft = givens::begin(&mut resident, "residence-permit").await;
    let ground = format!("/my/drafts/{draft}/pages/ground");
    resident.fill(&ground, &[("ground", "work")]).await.assert_status(303);
    givens::fill(&mut resident, &draft, &givens::PERMIT).await;
    let case = givens::submit(&mut resident, &draft).await;
    let accept = task(&app, &case, "accept", None).await;
    let page = clerk.get(&format!("/inbox/tasks/{accept}")).await;
    page.assert_ok().assert_says_with("services-compare-differing", &[("count", "1")]);
    page.assert_says("services-compare-differs").assert_has("有合法稳定就业").assert_has("有合法稳定住所");
    act(&mut clerk, &accept, "accept", &[]).await.assert_status(303);
}
