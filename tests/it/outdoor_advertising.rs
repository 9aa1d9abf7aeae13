//! The outdoor-advertising licence: granted after the day that it was to begin on; a review whose time is not counted.
use tests::givens::{self, Form, act, task};
use tests::{Caller, TestApp};

const OFFICE: &str = "urban-management";
const DOCUMENT: &str = include_str!("../../packs/demo/items/outdoor-advertising.yaml");

const FORM: Form = Form {
    item: "outdoor-advertising",
    answers: &[
        ("site", &[("site-division", "990102"), ("site-address", "青溪区文昌路16号东立面")]),
        ("size", &[("width", "6"), ("height", "3.5"), ("lit", "no")]),
        ("period", &[("from.y", "2026"), ("from.m", "11"), ("from.d", "23"), ("months", "12")]),
        ("declaration", &[("declaration", "yes")]),
    ],
    files: &[("documents", &["design", "site-right"])],
};

/// Applied for on Friday, 20 November and accepted at once.
async fn accepted(app: &TestApp) -> (Caller, String) {
    let mut agent = app.agent_of_restaurant().await;
    let case = givens::apply(&mut agent, &FORM).await;
    let accept = task(app, &case, "accept", None).await;
    let mut clerk = app.sign_in_at(OFFICE, "clerk").await;
    act(&mut clerk, &accept, "accept", &[]).await.assert_status(303);
    (agent, case)
}

async fn pass_review(app: &TestApp, case: &str) {
    let review = task(app, case, "review", None).await;
    let mut reviewer = app.sign_in_at(OFFICE, "reviewer").await;
    act(&mut reviewer, &review, "review", &[("verdict", "passed")]).await.assert_status(303);
}

#[tokio::test]
async fn it_is_granted_after_the_day_on_which_it_was_to_begin() {
    let app = TestApp::new().await;
    let (_, case) = accepted(&app).await;
    app.advance_days(6); // Thursday: the Monday that was applied for is over
    pass_review(&app, &case).await;
    let decision = task(&app, &case, "decide", None).await;
    let mut decider = app.sign_in_at(OFFICE, "decider").await;
    act(&mut decider, &decision, "decide", &[("verdict", "granted")]).await.assert_status(303);
    let mut agent = app.agent_of_restaurant().await;
    let certificate = givens::certificate(&mut agent, &case).await;
    let licence = agent.get(&format!("/my/certificates/{certificate}")).await;
    // It says the day that was applied for, and is valid from the day of the decision.
    licence.assert_ok().assert_has("2026年11月23日").assert_has("2026年11月26日").assert_has("青溪区文昌路16号东立面");
    app.run_jobs().await;
}

/// The demo's document with an inspection whose time is not counted (administrative licensing law, article 45, recalled).
fn with_inspection() -> String {
    let paper = "kind: paper, limit: { number: 9, unit: working-day }, pauses_clock: false";
    let inspection = "kind: inspection, limit: { number: 9, unit: working-day }, pauses_clock: true";
    assert!(DOCUMENT.contains(paper) && DOCUMENT.contains("\nversion: 1\n"));
    DOCUMENT.replace(paper, inspection).replace("\nversion: 1\n", "\nversion: 2\n")
}

#[tokio::test]
async fn the_working_days_of_an_inspection_are_not_counted() {
    let app = TestApp::new().await;
    app.publish(with_inspection()).await;
    let (mut agent, case) = accepted(&app).await;
    let href = format!("/my/cases/{case}");
    // Ten working days promised, twenty by law.
    agent.get(&href).await.assert_has("2026年12月4日").assert_has("2026年12月18日");
    app.advance_days(5); // Wednesday: the inspection took three working days
    pass_review(&app, &case).await;
    let mut agent = app.agent_of_restaurant().await;
    let page = agent.get(&href).await;
    page.assert_has("2026年12月9日").assert_has("2026年12月23日").assert_lacks("2026年12月18日");
    // The decision is due with the promise as it is now.
    let decision = task(&app, &case, "decide", None).await;
    let mut decider = app.sign_in_at(OFFICE, "decider").await;
    decider.get(&format!("/inbox/tasks/{decision}")).await.assert_ok();
    decider.get("/inbox?view=office").await.assert_has("2026年12月9日");
}

#[tokio::test]
async fn an_inspection_and_a_supplement_at_once_stop_the_clocks_once() {
    let app = TestApp::new().await;
    app.publish(with_inspection()).await;
    let (_, case) = accepted(&app).await;
    let review = task(&app, &case, "review", None).await;
    app.advance_days(3); // Monday: one working day of the inspection
    let mut reviewer = app.sign_in_at(OFFICE, "reviewer").await;
    let wanted = [("field", "site-address"), ("message", "请写明所在立面。")];
    act(&mut reviewer, &review, "ask", &wanted).await.assert_status(303);
    app.advance_days(2); // Wednesday: two more, on which everything stood
    let mut agent = app.agent_of_restaurant().await;
    let supplement = format!("/my/cases/{case}/supplement");
    let answer = [("site-address", "青溪区文昌路16号南立面")];
    assert_eq!(agent.fill(&supplement, &answer).await.location(), format!("/my/cases/{case}"));
    pass_review(&app, &case).await;
    // Friday, 4 December, two days for the supplement and one for the inspection.
    let mut agent = app.agent_of_restaurant().await;
    agent.get(&format!("/my/cases/{case}")).await.assert_has("2026年12月9日");
    app.run_jobs().await;
}
