//! The food business licence: an agent applies for the restaurant, two departments review side by side.
use tests::givens::{self, LICENCE, PDF, PNG, act, task};
use tests::{Caller, TestApp, Upload};

struct Desk {
    agent: Caller,
    market: Caller,
    health: Caller,
    decider: Caller,
    case: String,
}

/// The restaurant's application, accepted by market supervision.
async fn accepted(app: &TestApp) -> Desk {
    let mut agent = app.agent_of_restaurant().await;
    let mut market = app.sign_in("licence-reviewer").await;
    let case = givens::apply(&mut agent, &LICENCE).await;
    let accept = task(app, &case, "accept", None).await;
    act(&mut market, &accept, "accept", &[]).await.assert_status(303);
    let (health, decider) = (app.sign_in("health-reviewer").await, app.sign_in("licence-decider").await);
    Desk { agent, market, health, decider, case }
}

#[tokio::test]
async fn two_departments_review_side_by_side_and_the_slower_one_is_visible() {
    let app = TestApp::new().await;
    let mut desk = accepted(&app).await;
    let paper = task(&app, &desk.case, "review", Some("paper-review")).await;
    let site = task(&app, &desk.case, "review", Some("site-inspection")).await;
    let href = format!("/my/cases/{}", desk.case);
    let page = desk.agent.get(&href).await;
    page.assert_has("春溪餐饮").assert_has("书面审查").assert_has("现场核查").assert_says("services-timeline-slow");
    page.assert_has("云岭市青溪区市场监督管理局").assert_has("云岭市青溪区卫生健康委员会");
    // Each department has its own task and not the other's.
    desk.market.get(&format!("/inbox/tasks/{paper}")).await.assert_ok();
    desk.market.get(&format!("/inbox/tasks/{site}")).await.assert_status(404);
    desk.health.get(&format!("/inbox/tasks/{paper}")).await.assert_status(404);

    app.advance_minutes(30);
    act(&mut desk.market, &paper, "review", &[("verdict", "passed"), ("reason", "材料齐全")]).await.assert_status(303);
    let page = desk.agent.get(&href).await;
    page.assert_says("services-review-passed").assert_says("services-timeline-slow");
    let slow = page.elements().into_iter().find(|element| element.has_class("slow")).expect("one is the slower");
    let html = page.html();
    let slow = tests::html::words(tests::html::inner(&html, &slow));
    assert!(slow.contains("现场核查") && slow.contains("2026年12月4日"), "{slow}");

    act(&mut desk.health, &site, "review", &[("verdict", "passed")]).await.assert_status(303);
    let decision = task(&app, &desk.case, "decide", None).await;
    desk.decider.get(&format!("/inbox/tasks/{decision}")).await.assert_ok().assert_has("材料齐全");
    act(&mut desk.decider, &decision, "decide", &[("verdict", "granted")]).await.assert_status(303);
    let certificate = givens::certificate(&mut desk.agent, &desk.case).await;
    let card = desk.agent.get(&format!("/my/certificates/{certificate}")).await;
    card.assert_ok().assert_has("云岭市青溪区春溪餐饮有限公司").assert_has("91990102MA990001X4");
    // The licence is the restaurant's: the agent as a person does not hold it.
    let mut person = app.sign_in("agent").await;
    person.get(&format!("/my/certificates/{certificate}")).await.assert_status(404);
    person.get(&href).await.assert_status(404);
}

#[tokio::test]
async fn one_department_refuses_and_the_applicant_learns_why_on_which_basis_and_how_to_appeal() {
    let app = TestApp::new().await;
    let mut desk = accepted(&app).await;
    let site = task(&app, &desk.case, "review", Some("site-inspection")).await;
    let paper = task(&app, &desk.case, "review", Some("paper-review")).await;
    let why = "操作间与卫生间相通，不符合食品安全要求。";
    let without = act(&mut desk.health, &site, "review", &[("verdict", "failed"), ("reason", why)]).await;
    without.assert_status(422).assert_field_error("basis", &without.text("services-error-basis", &[]));
    assert_eq!(without.value("reason").as_deref(), Some(why));
    let basis = "《食品安全法》第三十三条";
    let failed = [("verdict", "failed"), ("reason", why), ("basis-other", basis)];
    act(&mut desk.health, &site, "review", &failed).await.assert_status(303);
    // The first refusal ends the reviews.
    let page = desk.market.get(&format!("/inbox/tasks/{paper}")).await;
    page.assert_ok().assert_says("services-opinion-cancelled");
    let decision = task(&app, &desk.case, "decide", None).await;
    let refused = [("verdict", "refused"), ("reason", "现场核查不合格：操作间与卫生间相通。"), ("basis-other", basis)];
    act(&mut desk.decider, &decision, "decide", &refused).await.assert_status(303);
    let page = desk.agent.get(&format!("/my/cases/{}", desk.case)).await;
    page.assert_says("services-ending-refused").assert_has("现场核查不合格：操作间与卫生间相通。").assert_has(basis);
    page.assert_says("services-outcome-appeal").assert_has("60日内").assert_has("行政诉讼");
    page.assert_has(why);
    let notices = desk.agent.get("/my/notices").await;
    notices.assert_says_with("services-notice-refused", &[("item", "食品经营许可证")]);
}

#[tokio::test]
async fn an_enterprise_applies_through_its_agent_only() {
    let app = TestApp::new().await;
    let mut person = app.sign_in("agent").await;
    let refused = person.post("/items/food-licence/start", &[("once", "a-key-of-its-own-1")]).await;
    refused.assert_status(409).assert_says("services-conflict-for-enterprises");
    let mut agent = app.agent_of_restaurant().await;
    let refused = agent.post("/items/senior-card/start", &[("once", "a-key-of-its-own-2")]).await;
    refused.assert_status(409).assert_says("services-conflict-for-persons");
    // Somebody without a mandate cannot choose the restaurant, not even by its identifier.
    let enterprise = app.rows("SELECT id FROM directory_enterprise").await[0].text(0).unwrap();
    let mut newcomer = app.sign_in("newcomer").await;
    newcomer.get("/my/act-for").await.assert_ok();
    let refused = newcomer.post("/my/act-for", &[("party", &enterprise)]).await;
    refused.assert_status(422).assert_says("directory-act-for-ended");
    // A mandate that has ended is gone at the next request.
    let case = givens::apply(&mut agent, &LICENCE).await;
    agent.get(&format!("/my/cases/{case}")).await.assert_ok();
}

#[tokio::test]
async fn a_supplement_with_rows_goes_on_after_days_have_passed_and_what_had_passed_is_reviewed_anew() {
    let app = TestApp::new().await;
    let (mut agent, mut market) = (app.agent_of_restaurant().await, app.sign_in("licence-reviewer").await);
    let draft = givens::begin(&mut agent, "food-licence").await;
    givens::fill(&mut agent, &draft, &LICENCE).await.assert_ok();
    let tomorrow = app.today().next_day().unwrap();
    let [y, m, d] = [tomorrow.year().to_string(), u8::from(tomorrow.month()).to_string(), tomorrow.day().to_string()];
    let opening = [("opening-date.y", y.as_str()), ("opening-date.m", m.as_str()), ("opening-date.d", d.as_str())];
    agent.fill(&format!("/my/drafts/{draft}/pages/opening"), &opening).await.assert_status(303);
    let case = givens::submit(&mut agent, &draft).await;
    let accept = task(&app, &case, "accept", None).await;
    act(&mut market, &accept, "accept", &[]).await.assert_status(303);
    let paper = task(&app, &case, "review", Some("paper-review")).await;
    act(&mut market, &paper, "review", &[("verdict", "passed")]).await.assert_status(303);
    let site = task(&app, &case, "review", Some("site-inspection")).await;
    let wanted = [("field", "staff"), ("field", "floor-plan"), ("message", "请补充从业人员和平面图。")];
    let mut health = app.sign_in("health-reviewer").await;
    act(&mut health, &site, "ask", &wanted).await.assert_status(303);

    app.advance_days(7); // the opening date, which nobody asked about, has passed
    let mut agent = app.agent_of_restaurant().await;
    let supplement = format!("/my/cases/{case}/supplement");
    let added = agent.fill(&supplement, &[("_ask", "add:staff:1")]).await;
    assert_eq!(added.location(), supplement, "a button of one page is not lost to the next");
    let rows = agent.get(&supplement).await;
    assert!(rows.html().contains("staff.1.name"), "{}", rows.shown());
    agent.fill(&supplement, &[("staff.0.name", "")]).await.assert_status(422).assert_says("shell-error-prefix");
    let sent = agent.fill(&supplement, &[("staff.0.name", "何安澜"), ("_ask", "remove:staff.1:2")]).await;
    assert_eq!(sent.location(), supplement);
    assert_eq!(agent.fill(&supplement, &[]).await.location(), format!("/my/cases/{case}"));

    let (mut market, mut health) = (app.sign_in("licence-reviewer").await, app.sign_in("health-reviewer").await);
    act(&mut health, &site, "review", &[("verdict", "passed")]).await.assert_status(303);
    let again = task(&app, &case, "review", Some("paper-review")).await;
    assert_ne!(again, paper);
    act(&mut market, &again, "review", &[("verdict", "passed")]).await.assert_status(303);
    let (decision, mut decider) = (task(&app, &case, "decide", None).await, app.sign_in("licence-decider").await);
    act(&mut decider, &decision, "decide", &[("verdict", "granted")]).await.assert_status(303);
    givens::certificate(&mut agent, &case).await;
}

/// The demo's document, with the health certificate of each person of the staff as a file.
fn with_files_in_rows() -> String {
    let document = include_str!("../../packs/demo/items/food-licence.yaml");
    let number = "input: { type: text, max: 40, pattern: code }, required: false";
    let file = "input: { type: file, accept: [pdf, png], max_count: 2, max_bytes: 1048576 }, required: false";
    assert!(document.contains(number) && document.contains("\nversion: 1\n"));
    document.replace(number, file).replace("\nversion: 1\n", "\nversion: 2\n")
}

/// An accepted application about whose staff the inspector asks.
async fn asked_about_staff(app: &TestApp) -> Desk {
    let desk = accepted(app).await;
    let site = task(app, &desk.case, "review", Some("site-inspection")).await;
    let wanted = [("field", "staff"), ("message", "请补充全部从业人员。")];
    act(&mut desk.health.clone(), &site, "ask", &wanted).await.assert_status(303);
    desk
}

#[tokio::test]
async fn a_supplement_takes_files_into_rows_and_a_removed_row_takes_its_own_along() {
    let app = TestApp::new().await;
    app.publish(with_files_in_rows()).await;
    let mut desk = asked_about_staff(&app).await;
    let href = format!("/my/cases/{}", desk.case);
    let supplement = format!("{href}/supplement");
    let agent = &mut desk.agent;
    assert_eq!(agent.fill(&supplement, &[("_ask", "add:staff:1")]).await.location(), supplement);
    agent.get(&supplement).await.assert_ok();
    let rows = |second: &'static str| {
        [
            ("staff.0.name", "何安澜"),
            ("staff.0.id-number", "990102199206150046"),
            ("staff.0.duty", "manager"),
            ("staff.1.name", second),
            ("staff.1.id-number", "990221195903120025"),
            ("staff.1.duty", "server"),
        ]
    };
    let files = [
        Upload { field: "staff.0.health-certificate", name: "何安澜.pdf", bytes: PDF },
        Upload { field: "staff.1.health-certificate", name: "苏云岭.png", bytes: PNG },
        Upload { field: "floor-plan", name: "没有问到.pdf", bytes: PDF },
    ];
    // The second name is missing: what was typed and sent is kept in its rows.
    let wrong = agent.post_multipart(&supplement, &rows(""), &files).await;
    wrong.assert_status(422).assert_has("何安澜.pdf").assert_has("苏云岭.png").assert_lacks("没有问到.pdf");
    let of = |row: usize| format!("detach:staff.{row}.health-certificate:");
    assert!([0, 1].iter().all(|row| wrong.html().contains(&of(*row))), "{}", wrong.html());
    // A third row comes and the first goes, with its file; the second's moves up with it.
    let removed = agent.fill(&supplement, &[("staff.1.name", "苏云岭"), ("_ask", "remove:staff.0:2")]).await;
    assert_eq!(removed.location(), supplement);
    let page = agent.get(&supplement).await;
    page.assert_ok().assert_lacks("何安澜.pdf").assert_has("苏云岭.png");
    assert_eq!(page.value("staff.0.name").as_deref(), Some("苏云岭"));
    assert_eq!(agent.fill(&supplement, &[]).await.location(), href);
    let sent = agent.get(&href).await;
    sent.assert_says("services-event-supplemented").assert_has("苏云岭.png").assert_lacks("何安澜.pdf");
    let site = task(&app, &desk.case, "review", Some("site-inspection")).await;
    let shown = desk.health.get(&format!("/inbox/tasks/{site}")).await;
    let links = shown.links(&format!("/inbox/tasks/{site}/files/"));
    let mut bytes = Vec::new();
    for link in &links {
        bytes.push(desk.health.get(link).await.body);
    }
    assert!(bytes.iter().any(|body| body == PNG), "{links:?}\n{}", shown.shown());
}

#[tokio::test]
async fn two_tabs_of_one_supplement_lose_nothing_of_each_other() {
    let app = TestApp::new().await;
    let mut desk = asked_about_staff(&app).await;
    let supplement = format!("/my/cases/{}/supplement", desk.case);
    let (mut one, mut two) = (desk.agent.clone(), desk.agent.clone());
    one.get(&supplement).await.assert_ok();
    two.get(&supplement).await.assert_ok();
    let first = [
        ("staff.0.name", "何安澜"),
        ("staff.0.id-number", "990102199206150046"),
        ("staff.0.duty", "manager"),
        ("staff.0.health-certificate", ""),
    ];
    // The first tab adds somebody and saves half of the row.
    let add = [first.as_slice(), &[("_ask", "add:staff:1")]].concat();
    assert_eq!(one.post(&supplement, &add).await.location(), supplement);
    one.fill(&supplement, &[("staff.1.name", "陆远行")]).await.assert_status(422);
    // The second still shows one row. Its button adds none to those that it does not know, and nothing is sent half.
    assert_eq!(two.post(&supplement, &add).await.location(), supplement);
    let page = two.post(&supplement, &first).await;
    page.assert_status(422);
    assert_eq!(page.value("staff.1.name").as_deref(), Some("陆远行"), "{}", page.shown());
    assert_eq!(page.value("staff.2.name"), None);
    // Completed in one tab, it is sent; the other is led to the case as it stands.
    let rest = [("staff.1.id-number", "990221195903120025"), ("staff.1.duty", "server")];
    let href = format!("/my/cases/{}", desk.case);
    assert_eq!(two.fill(&supplement, &rest).await.location(), href);
    assert_eq!(one.post(&supplement, &first).await.location(), href);
    let sent = desk.agent.get(&href).await;
    sent.assert_ok().assert_has("陆远行");
    let events = app.rows("SELECT case_id FROM services_event WHERE kind = 'supplemented'").await;
    assert_eq!(events.iter().filter(|row| row.str(0).unwrap() == desk.case).count(), 1);
}
