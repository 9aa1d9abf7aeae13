//! What belongs to somebody else, or was never there: not found, whichever it is.
use tests::TestApp;
use tests::givens::{self, PERMIT};

#[tokio::test]
async fn foreign_drafts_cases_and_files_are_not_found() {
    let app = TestApp::new().await;
    let (mut resident, mut newcomer) = (app.sign_in("resident").await, app.sign_in("newcomer").await);
    let draft = givens::begin(&mut resident, "senior-card").await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    let own = givens::apply(&mut newcomer, &PERMIT).await;
    let page = resident.get(&format!("/my/cases/{case}")).await;
    let file = page.links(&format!("/my/cases/{case}/files/")).first().cloned().unwrap();
    let file = file.rsplit('/').next().unwrap();
    for path in [
        format!("/my/drafts/{draft}"),
        format!("/my/drafts/{draft}/pages/contact"),
        format!("/my/drafts/{draft}/check"),
        format!("/my/cases/{case}"),
        format!("/my/cases/{case}/receipt"),
        format!("/my/cases/{case}/files/{file}"),
        // The file of another through a case of one's own.
        format!("/my/cases/{own}/files/{file}"),
    ] {
        newcomer.get(&path).await.assert_status(404).assert_says("error-not-found-what");
    }
    for path in [format!("/my/drafts/{draft}/pages/contact"), format!("/my/drafts/{draft}/submit")] {
        newcomer.post(&path, &[("mobile", "15400000000")]).await.assert_status(404);
    }
    newcomer.post(&format!("/my/drafts/{draft}/discard"), &[]).await.assert_status(404);
    newcomer.post(&format!("/my/cases/{case}/withdraw"), &[]).await.assert_status(404);
    let kept = resident.get(&format!("/my/drafts/{draft}/pages/contact")).await;
    assert_eq!(kept.assert_ok().value("mobile").as_deref(), Some("15400550001"));
    resident.get(&format!("/my/cases/{case}")).await.assert_says("services-state-submitted");
}

#[tokio::test]
async fn forged_identifiers_and_numbers_are_not_found() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let number = app.rows("SELECT number, id FROM services_case").await;
    let number = number.iter().find(|row| row.str(1).unwrap() == case).unwrap().text(0).unwrap();
    let mut next = case.clone();
    let last = if next.pop() == Some('0') { '1' } else { '0' };
    next.push(last);
    let long = "9".repeat(300);
    let forged = [next.as_str(), number.as_str(), "1", "case_", long.as_str(), "%27%20OR%201%3D1", "..%2F..%2Fkeys"];
    for id in forged {
        for path in [format!("/my/cases/{id}"), format!("/my/drafts/{id}"), format!("/my/certificates/{id}")] {
            resident.get(&path).await.assert_status(404);
        }
        for path in [format!("/inbox/tasks/{id}"), format!("/inbox/questions/{id}"), format!("/desk/certificates/{id}")]
        {
            clerk.get(&path).await.assert_status(404);
        }
        resident.get(&format!("/my/cases/{case}/files/{id}")).await.assert_status(404);
        resident.get(&format!("/my/trail/{id}/question")).await.assert_status(404);
        app.anonymous().get(&format!("/verify/{id}")).await.assert_status(404);
    }
}

#[tokio::test]
async fn an_office_finds_only_its_own_tasks_whatever_it_posts() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &PERMIT).await;
    let task = givens::task(&app, &case, "accept", None).await;
    // The same department in another county, with the right revision.
    let mut elsewhere = app.sign_in("foreign-clerk").await;
    let inbox = elsewhere.get("/inbox").await;
    assert!(!inbox.assert_ok().html().contains(&task));
    let act = elsewhere.post(&format!("/inbox/tasks/{task}/accept"), &[("revision", "1")]).await;
    act.assert_status(404);
    resident.get(&format!("/my/cases/{case}")).await.assert_says("services-state-submitted");
}
