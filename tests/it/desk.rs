//! Officers who work at the same time, and what they typed.
use tests::TestApp;
use tests::givens::{self, PERMIT, act, task};

#[tokio::test]
async fn two_officers_decide_at_once_and_one_is_told_with_the_words_kept() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(&app, &mut resident, &mut clerk).await;
    let review = task(&app, &case, "review", None).await;
    act(&mut clerk, &review, "review", &[("verdict", "passed")]).await.assert_status(303);
    let decision = task(&app, &case, "decide", None).await;
    let (mut one, mut two) = (app.sign_in("permit-decider").await, app.sign_in("own-decider").await);
    let path = format!("/inbox/tasks/{decision}/decide");
    let revision = one.get(&format!("/inbox/tasks/{decision}")).await.value("revision").unwrap();
    two.get(&format!("/inbox/tasks/{decision}")).await.assert_ok();
    let why = "居住登记与实际不符，申请人不在登记地址居住。";
    let grants = [("revision", revision.as_str()), ("verdict", "granted"), ("reason", why)];
    let basis = "《居住证暂行条例》第二条";
    let refuses = [("revision", revision.as_str()), ("verdict", "refused"), ("reason", why), ("basis-other", basis)];
    let (first, second) = tokio::join!(one.post(&path, &grants), two.post(&path, &refuses));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}\n{}", first.shown(), second.shown());
    let late = if first.status == 409 { first } else { second };
    late.assert_says("services-conflict-somebody-acted").assert_says("services-task-conflict-title");
    let states = app.rows("SELECT id, state, certificate FROM services_case").await;
    let row = states.iter().find(|row| row.str(0).unwrap() == case).unwrap();
    let granted = row.str(1).unwrap() == "granted";
    assert_eq!(granted, row.opt_text(2).unwrap().is_some());
    // A certificate exists if and only if the decision that stands granted it.
    let rows = app.rows("SELECT case_id FROM certificates_certificate").await;
    let count = rows.iter().filter(|row| row.str(0).unwrap() == case).count();
    assert_eq!(count, usize::from(granted));
}

#[tokio::test]
async fn an_act_on_a_page_that_was_overtaken_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let message = "请补传租赁合同的最后一页。";
    let stale = [("revision", "0"), ("field", "proof"), ("field", "stay-months"), ("message", message)];
    let late = clerk.post(&format!("/inbox/tasks/{accept}/ask"), &stale).await;
    late.assert_status(409).assert_says("services-task-conflict-kept");
    assert_eq!(late.value("message").as_deref(), Some(message));
    assert_eq!(late.values("field"), ["stay-months", "proof"]);
    // The page that answers carries the revision of now: sent once more, it is taken.
    let revision = late.value("revision").unwrap();
    let again = [("revision", revision.as_str()), ("field", "proof"), ("message", message)];
    clerk.post(&format!("/inbox/tasks/{accept}/ask"), &again).await.assert_status(303);
}

#[tokio::test]
async fn a_notice_of_what_is_missing_names_fields_of_the_form_and_says_what_to_do() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let empty = act(&mut clerk, &accept, "ask", &[("message", "?")]).await;
    empty.assert_status(422);
    empty.assert_field_error("field", &empty.text("services-error-ask-fields", &[]));
    empty.assert_field_error("message", &empty.text("services-error-ask-message", &[]));
    assert_eq!(empty.value("message").as_deref(), Some("?"));
    // What a register fixes cannot be asked for, nor what the form does not have.
    for field in ["id-number", "no-such-field"] {
        let asked = [("field", field), ("message", "请重新填写这一项内容。")];
        act(&mut clerk, &accept, "ask", &asked).await.assert_status(422);
    }
    resident.get(&format!("/my/cases/{case}")).await.assert_says("services-state-submitted");
}

#[tokio::test]
async fn the_inbox_sorts_by_due_date_and_tells_what_is_late() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let href = format!("/inbox/tasks/{accept}");
    let mut clerk = app.sign_in("own-clerk").await;
    assert!(clerk.get("/inbox?view=office").await.html().contains(&href));
    assert!(!clerk.get("/inbox?view=soon").await.html().contains(&href), "five working days are not soon");
    app.advance_days(5); // Wednesday: two working days are left
    let mut clerk = app.sign_in("own-clerk").await;
    assert!(clerk.get("/inbox?view=soon").await.html().contains(&href));
    assert!(!clerk.get("/inbox?view=late").await.html().contains(&href));
    app.advance_days(2);
    // Nobody accepted: from midnight on it counts as accepted, and the review is what is due.
    app.advance_days(1);
    app.run_jobs().await;
    let review = task(&app, &case, "review", None).await;
    app.advance_days(7);
    app.run_jobs().await;
    let mut clerk = app.sign_in("own-clerk").await;
    let late = clerk.get("/inbox?view=late").await;
    assert!(late.html().contains(&review), "{}", late.shown());
    for odd in ["/inbox?view=nothing", "/inbox?view=late&after=x", "/inbox?after=9-"] {
        clerk.get(odd).await.assert_ok();
    }
}

#[tokio::test]
async fn a_task_is_taken_by_one_official_whose_role_does_it() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("own-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let path = format!("/inbox/tasks/{}/take", task(&app, &case, "accept", None).await);
    let mut decider = app.sign_in("own-decider").await;
    decider.post(&path, &[]).await.assert_status(409);
    clerk.post(&path, &[]).await.assert_status(303);
    clerk.post(&path, &[]).await.assert_status(303);
    app.sign_in("permit-clerk").await.post(&path, &[]).await.assert_status(409);
    assert_eq!(clerk.get("/inbox?view=mine").await.links("/inbox/tasks/").len(), 1);
}

#[tokio::test]
async fn an_auditors_post_in_another_office_opens_no_task_there() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    let href = format!("/inbox/tasks/{}", task(&app, &case, "accept", None).await);
    app.sign_in("own-decider").await.get(&href).await.assert_ok();
    let stopped = app.stop().await;
    let branch =
        "UPDATE directory_post SET role = 'auditor' WHERE office = 'public-security@990102' AND role = 'decider'";
    stopped.change(branch).await;
    let app = TestApp::resume(stopped).await;
    let mut decider = app.sign_in("own-decider").await;
    let inbox = decider.get("/inbox").await;
    assert!(!inbox.assert_ok().html().contains(&href), "{}", inbox.shown());
    decider.get(&href).await.assert_status(404);
}

#[tokio::test]
async fn lists_show_people_masked_and_enterprises_in_full() {
    let app = TestApp::new().await;
    let (mut resident, mut agent) = (app.sign_in("resident").await, app.agent_of_restaurant().await);
    let (_, certificate) = givens::granted_permit(&app, &mut resident).await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let before = app.count("SELECT COUNT(*) FROM exchange_trail").await;
    let mut clerk = app.sign_in("permit-clerk").await;
    let number = app.rows("SELECT number, id FROM services_case").await;
    let number = number.iter().find(|row| row.str(1).unwrap() == case).unwrap().text(0).unwrap();
    clerk.get("/inbox?view=office").await.assert_has("苏**").assert_has(&number).assert_lacks("苏云岭");
    let mut decider = app.sign_in("permit-decider").await;
    let card = app.rows("SELECT number, id FROM certificates_certificate").await;
    let card = card.iter().find(|row| row.str(1).unwrap() == certificate).unwrap().text(0).unwrap();
    for list in ["/desk/certificates".to_owned(), format!("/desk/certificates?id={card}")] {
        let page = decider.get(&list).await;
        page.assert_ok().assert_has("苏**").assert_lacks("苏云岭");
        assert!(page.links("/desk/certificates/").contains(&format!("/desk/certificates/{certificate}")));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail").await, before, "a list is not a look");
    // Whoever opens the page sees the name, and the person sees who opened it.
    clerk.get(&format!("/inbox/tasks/{accept}")).await.assert_has("苏云岭");
    decider.get(&format!("/desk/certificates/{certificate}")).await.assert_has("苏云岭");
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail").await, before + 2);
    givens::apply(&mut agent, &givens::LICENCE).await;
    app.sign_in("licence-reviewer").await.get("/inbox").await.assert_has("云岭市青溪区春溪餐饮有限公司");
}
