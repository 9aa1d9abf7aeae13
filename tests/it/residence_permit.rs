//! The residence permit: a draft on two devices, one supplement, clocks that stand, an officer's decision.
use platform::clock::DAY;
use tests::givens::{self, PERMIT, act, task};
use tests::{Caller, TestApp, Upload};

/// Asks for the proof again.
async fn ask(clerk: &mut Caller, task: &str) -> tests::Page {
    act(clerk, task, "ask", &[("field", "proof"), ("message", "租赁合同缺少出租人签名，请补传完整的合同。")]).await
}

#[tokio::test]
async fn a_draft_goes_on_on_another_device() {
    let app = TestApp::new().await;
    let mut laptop = app.sign_in("resident").await;
    let draft = givens::begin(&mut laptop, "residence-permit").await;
    let page = format!("/my/drafts/{draft}/pages/ground-detail");
    let typed = [("ground-detail", "与子女同住"), ("_ask", "save")];
    assert_eq!(laptop.fill(&page, &typed).await.location(), format!("/my/drafts/{draft}"));
    // Half a page, without pressing anything: the script saves it.
    let autosave = format!("/my/drafts/{draft}/autosave/stay");
    laptop.post(&autosave, &[("stay-months", "很久")]).await.assert_status(204);

    let mut phone = app.sign_in("resident").await;
    let mine = phone.get("/my").await;
    assert_eq!(mine.assert_ok().links("/my/drafts/"), [format!("/my/drafts/{draft}")]);
    assert_eq!(phone.get(&page).await.value("ground-detail").as_deref(), Some("与子女同住"));
    let stay = phone.get(&format!("/my/drafts/{draft}/pages/stay")).await;
    assert_eq!(stay.value("stay-months").as_deref(), Some("很久"), "kept as typed, right or wrong");
    givens::fill(&mut phone, &draft, &PERMIT).await.assert_ok().assert_has("36");
    let case = givens::submit(&mut phone, &draft).await;
    laptop.get(&format!("/my/cases/{case}")).await.assert_ok().assert_says("services-state-submitted");
}

#[tokio::test]
async fn one_supplement_stops_the_clocks_and_a_second_is_refused() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(&app, &mut resident, &mut clerk).await;
    let href = format!("/my/cases/{case}");
    // Accepted on Friday the 20th: five working days promised, fifteen by law.
    let page = resident.get(&href).await;
    page.assert_has("2026年11月27日").assert_has("2026年12月11日").assert_has("云岭市青溪区公安局");

    app.advance_days(3); // Monday: one working day is used
    (resident, clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let review = task(&app, &case, "review", None).await;
    ask(&mut clerk, &review).await.assert_status(303);
    let page = resident.get(&href).await;
    page.assert_says("services-case-asked-title").assert_has("租赁合同缺少出租人签名");
    page.assert_says("services-case-asked").assert_has("2026年12月7日");
    resident.get("/my/notices").await.assert_says_with("services-notice-asked", &[("item", "居住证")]);
    resident.get("/my").await.assert_says("services-my-waiting");
    let waiting = clerk.get(&format!("/inbox/tasks/{review}")).await;
    waiting.assert_says("services-task-waiting").assert_says_with("services-due-paused-left", &[("days", "4")]);
    let inbox = clerk.get("/inbox?view=office").await;
    assert!(!inbox.html().contains(&review), "nothing waits for the officer meanwhile");

    app.advance_days(7); // the next Monday: the clocks stand
    (resident, clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let supplement = format!("{href}/supplement");
    resident.get(&supplement).await.assert_ok().assert_says("services-supplement-title");
    let file = [Upload { field: "proof", name: "合同.png", bytes: givens::PNG }];
    let sent = resident.post_multipart(&supplement, &[], &file).await;
    assert_eq!(sent.location(), href);
    let page = resident.get(&href).await;
    page.assert_says("services-event-supplemented").assert_has("合同.png");
    // Four days were left: Tuesday to Friday of this week.
    page.assert_has("2026年12月4日");
    resident.get(&supplement).await.assert_status(409);

    let again = clerk.get(&format!("/inbox/tasks/{review}")).await;
    again.assert_ok().assert_says("services-act-asked-already");
    let revision = again.value("revision").unwrap();
    let fields = [("revision", revision.as_str()), ("field", "stay-months"), ("message", "请再补一次居住时间。")];
    let refused = clerk.post(&format!("/inbox/tasks/{review}/ask"), &fields).await;
    refused.assert_status(409).assert_says("services-conflict-asked-once");
    app.run_jobs().await; // the lapse of the first notice finds it answered
}

#[tokio::test]
async fn the_officer_sees_both_sides_and_the_permit_is_issued() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let inbox = clerk.get("/inbox?view=office").await;
    assert!(inbox.links("/inbox/tasks/").contains(&format!("/inbox/tasks/{accept}")), "{}", inbox.shown());
    let page = clerk.get(&format!("/inbox/tasks/{accept}")).await;
    page.assert_ok().assert_says("services-compare-title").assert_has("与子女同住，住所为租赁住房，合同三年。");
    page.assert_has("990221195903120025").assert_says("services-compare-agrees");
    let file = page.links(&format!("/inbox/tasks/{accept}/files/")).first().cloned().expect("the proof is there");
    let file = clerk.get(&file).await;
    assert_eq!((file.status, file.body.as_slice(), file.header("content-type")), (200, givens::PDF, "application/pdf"));
    assert!(file.header("content-disposition").starts_with("attachment"), "{}", file.header("content-disposition"));

    clerk.post(&format!("/inbox/tasks/{accept}/take"), &[]).await.assert_status(303);
    let mine = clerk.get("/inbox?view=mine").await;
    assert_eq!(mine.links("/inbox/tasks/"), [format!("/inbox/tasks/{accept}")]);
    act(&mut clerk, &accept, "accept", &[]).await.assert_status(303);
    let review = task(&app, &case, "review", None).await;
    act(&mut clerk, &review, "review", &[("verdict", "passed"), ("reason", "住所真实")]).await.assert_status(303);

    let mut decider = app.sign_in("permit-decider").await;
    let decision = task(&app, &case, "decide", None).await;
    let inbox = decider.get("/inbox").await;
    assert!(inbox.links("/inbox/tasks/").contains(&format!("/inbox/tasks/{decision}")), "{}", inbox.shown());
    act(&mut decider, &decision, "decide", &[("verdict", "granted")]).await.assert_status(303);
    let certificate = givens::certificate(&mut resident, &case).await;
    resident.get(&format!("/my/certificates/{certificate}")).await.assert_ok().assert_has("苏云岭");
    let done = resident.get(&format!("/my/cases/{case}")).await;
    done.assert_says("services-event-accepted").assert_says("services-event-granted").assert_has("住所真实");
    done.assert_has("云岭市青溪区公安局 梁知秋").assert_has("高明远");
    let seen = decider.get(&format!("/inbox/tasks/{decision}")).await;
    seen.assert_ok().assert_says("services-opinion-granted");
    // The file of a case is its owner's, the office's, and nobody else's.
    let own = done.links(&format!("/my/cases/{case}/files/")).first().cloned().expect("the proof is there");
    assert_eq!(resident.get(&own).await.body, givens::PDF);
}

#[tokio::test]
async fn what_nobody_accepts_in_time_counts_as_accepted() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    app.advance_days(6);
    assert_eq!(app.run_jobs().await, 0, "Thursday: the five working days are not over");
    app.advance_days(2); // Saturday: over since midnight
    assert_eq!(app.run_jobs().await, 1);
    let mut resident = app.sign_in("resident").await;
    let page = resident.get(&format!("/my/cases/{case}")).await;
    page.assert_ok().assert_says("services-event-accepted-by-silence").assert_says("services-state-reviewing");
    resident.get("/my/notices").await.assert_says_with("services-notice-accepted", &[("item", "居住证")]);
    task(&app, &case, "review", None).await;
}

#[tokio::test]
async fn what_was_accepted_is_not_accepted_again_by_silence() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(&app, &mut resident, &mut clerk).await;
    app.advance_days(8);
    assert_eq!(app.run_jobs().await, 1);
    let mut resident = app.sign_in("resident").await;
    let page = resident.get(&format!("/my/cases/{case}")).await;
    let silent = page.text("services-event-accepted-by-silence", &[]);
    page.assert_lacks(&silent);
}

#[tokio::test]
async fn what_is_never_supplemented_lapses_and_can_be_applied_for_anew() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    ask(&mut clerk, &accept).await.assert_status(303);
    app.advance(14 * DAY); // the tenth working day is Friday, 4 December
    app.run_jobs().await;
    let mut resident = app.sign_in("resident").await;
    resident.get(&format!("/my/cases/{case}")).await.assert_says("services-state-supplementing");
    app.advance_days(1);
    app.run_jobs().await;
    let page = resident_again(&app, &case).await;
    page.assert_says("services-ending-lapsed").assert_says("services-event-lapsed");
    assert_eq!(page.links("/items/residence-permit/start").len(), 1);
    let mut resident = app.sign_in("resident").await;
    resident.get(&format!("/my/cases/{case}/supplement")).await.assert_status(409);
    resident.get("/my/notices").await.assert_says_with("services-notice-lapsed", &[("item", "居住证")]);
    let page = app.sign_in("permit-clerk").await.get(&format!("/inbox/tasks/{accept}")).await;
    page.assert_ok().assert_says("services-opinion-cancelled");
}

async fn resident_again(app: &TestApp, case: &str) -> tests::Page {
    app.sign_in("resident").await.get(&format!("/my/cases/{case}")).await
}

#[tokio::test]
async fn a_withdrawn_case_is_over_for_both_sides() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(&app, &mut resident, &mut clerk).await;
    let review = task(&app, &case, "review", None).await;
    let open = clerk.get(&format!("/inbox/tasks/{review}")).await;
    let path = format!("/my/cases/{case}/withdraw");
    resident.get(&path).await.assert_ok().assert_says("services-withdraw-what");
    let done = resident.post(&path, &[("reason", "改到外地居住")]).await;
    let page = resident.follow(&done).await;
    page.assert_ok().assert_says("services-ending-withdrawn").assert_has("改到外地居住");
    resident.get(&path).await.assert_status(409).assert_says("services-conflict-finished");
    assert_eq!(resident.post(&path, &[]).await.location(), format!("/my/cases/{case}"), "pressed twice");
    // The officer had the page open: the act comes too late, and says so.
    let revision = open.value("revision").unwrap();
    let late = [("revision", revision.as_str()), ("verdict", "passed")];
    let late = clerk.post(&format!("/inbox/tasks/{review}/review"), &late).await;
    late.assert_status(409).assert_says("services-conflict-somebody-acted");
    let inbox = clerk.get("/inbox").await;
    assert!(!inbox.html().contains(&review));
}

#[tokio::test]
async fn what_is_not_accepted_says_why_and_how_to_appeal() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let bare = act(&mut clerk, &accept, "turn-away", &[("reason", "不行")]).await;
    bare.assert_status(422).assert_field_error("reason", &bare.text("services-error-reason", &[]));
    assert_eq!(bare.value("reason").as_deref(), Some("不行"), "what was typed is kept");
    let basis = [("reason", "不属于本机关职权范围。"), ("basis-other", "《行政许可法》第三十二条第一款第（二）项")];
    act(&mut clerk, &accept, "turn-away", &basis).await.assert_status(303);
    let page = resident.get(&format!("/my/cases/{case}")).await;
    page.assert_says("services-ending-not-accepted").assert_has("不属于本机关职权范围。").assert_has("第三十二条");
    page.assert_has("行政复议");
    resident.get("/my/notices").await.assert_says_with("services-notice-not-accepted", &[("item", "居住证")]);
}

#[tokio::test]
async fn a_supplement_sent_from_two_pages_at_once_is_answered_once() {
    let app = TestApp::new().await;
    let (mut one, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(&app, &mut one, &mut clerk).await;
    let review = task(&app, &case, "review", None).await;
    let wanted = [("field", "stay-months"), ("message", "请核对居住时间后重新填写。")];
    act(&mut clerk, &review, "ask", &wanted).await.assert_status(303);
    let path = format!("/my/cases/{case}/supplement");
    let mut two = app.sign_in("resident").await;
    one.get(&path).await.assert_ok();
    two.get(&path).await.assert_ok();
    let (stay, longer) = ([("stay-months", "24")], [("stay-months", "48")]);
    let (first, second) = tokio::join!(one.post(&path, &stay), two.post(&path, &longer));
    for page in [&first, &second] {
        assert!([303, 409].contains(&page.status), "{}", page.shown());
    }
    let events = app.rows("SELECT case_id FROM services_event WHERE kind = 'supplemented'").await;
    assert_eq!(events.iter().filter(|row| row.str(0).unwrap() == case).count(), 1);
    let answered = app.rows("SELECT id, answers, state FROM services_case").await;
    let row = answered.iter().find(|row| row.str(0).unwrap() == case).unwrap();
    assert_eq!(row.str(2).unwrap(), "reviewing", "{}\n{}", first.shown(), second.shown());
    let stays = ["24", "48"].map(|months| row.str(1).unwrap().contains(&format!("\"stay-months\":\"{months}\"")));
    assert_ne!(stays[0], stays[1], "{}", row.str(1).unwrap());
}
