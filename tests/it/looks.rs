//! Looks at what the program itself keeps: a file of a case, a certificate at the desk. Each leaves a line in the trail.
use tests::TestApp;
use tests::givens::{self, PDF, PERMIT, task};

#[tokio::test]
async fn the_resident_reads_that_an_officer_opened_an_uploaded_file() {
    let app = TestApp::new().await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::apply(&mut resident, &PERMIT).await;
    let accept = task(&app, &case, "accept", None).await;
    let shown = clerk.get(&format!("/inbox/tasks/{accept}")).await;
    let file = shown.links(&format!("/inbox/tasks/{accept}/files/")).first().cloned();
    let file = file.unwrap_or_else(|| panic!("no file\n{}", shown.shown()));
    let before = app.count("SELECT COUNT(*) FROM exchange_trail").await;
    let sent = clerk.get(&file).await;
    assert_eq!(sent.assert_ok().body, PDF);
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail").await, before + 1);
    let trail = resident.get("/my/trail?only=people").await;
    let line = [("what", trail.text("exchange-what-case-file", &[])), ("office", "云岭市青溪区公安局".to_owned())];
    let line: Vec<(&str, &str)> = line.iter().map(|(name, text)| (*name, text.as_str())).collect();
    trail.assert_ok().assert_says_with("exchange-look-whole", &line).assert_has("居住证暂行条例").assert_has("梁知秋");
    // Without right no file and no line.
    let mut elsewhere = app.sign_in("foreign-clerk").await;
    assert_ne!(elsewhere.get(&file).await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail").await, before + 1);
}

#[tokio::test]
async fn the_resident_reads_that_an_officer_opened_the_certificate() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let (_, certificate) = givens::granted_permit(&app, &mut resident).await;
    let before = resident.get("/my/trail").await;
    let what = before.text("exchange-what-certificate", &[]);
    before.assert_lacks(&what);
    let mut decider = app.sign_in("permit-decider").await;
    decider.get(&format!("/desk/certificates/{certificate}")).await.assert_ok();
    let trail = resident.get("/my/trail?only=people").await;
    trail.assert_ok().assert_has(&what).assert_says("exchange-purpose-certificate-keeping");
}
