//! The senior card: from the search to a certificate that anybody can verify, without an officer and without a paper.
use tests::givens::{self, SENIOR_CARD};
use tests::TestApp;

#[tokio::test]
async fn a_resident_gets_the_card_without_bringing_one_paper() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &SENIOR_CARD).await;
    let page = resident.get(&format!("/my/cases/{case}/receipt")).await;
    page.assert_ok();
    println!("{}", page.shown());
    app.run_jobs().await;
}
