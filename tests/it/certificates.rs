//! Certificates after they were issued: verified, revoked, proved.
use tests::givens::{self, SENIOR_CARD};
use tests::{Caller, TestApp};

/// The address that the code of a card leads to.
async fn verify_path(holder: &mut Caller, certificate: &str) -> String {
    let card = holder.get(&format!("/my/certificates/{certificate}")).await;
    let html = card.assert_ok().html();
    let address = html.split("http://hall.yunling.example").nth(1).expect("the card shows its address");
    address.split(['"', '<', '&', ' ']).next().unwrap().to_owned()
}

const REVOKED: [(&str, &str); 2] =
    [("grounds", "租赁合同系伪造，出租人否认出租。"), ("basis", "《居住证暂行条例》第十八条")];

#[tokio::test]
async fn a_revoked_certificate_says_so_at_once() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let (_, certificate) = givens::granted_permit(&app, &mut resident).await;
    let path = verify_path(&mut resident, &certificate).await;
    let mut stranger = app.anonymous();
    stranger.get(&path).await.assert_says("certificates-standing-valid-title");

    let mut decider = app.sign_in("own-decider").await;
    let desk = format!("/desk/certificates/{certificate}");
    let page = decider.get(&desk).await;
    let reason = page.elements().into_iter().find(|e| e.attribute("name") == Some("reason")).unwrap();
    let reason = match reason.name.as_str() {
        "select" => page.elements().into_iter().find(|e| e.name == "option" && e.attribute("value") != Some("")),
        _ => Some(reason),
    };
    let reason = reason.unwrap().attribute("value").unwrap().to_owned();
    let empty = decider.post(&format!("{desk}/revoke"), &[("grounds", "只写了事实")]).await;
    empty.assert_status(422).assert_says("certificates-error-reason").assert_says("certificates-error-basis");
    assert_eq!(empty.value("grounds").as_deref(), Some("只写了事实"));
    stranger.get(&path).await.assert_says("certificates-standing-valid-title");

    let fields = [("reason", reason.as_str()), REVOKED[0], REVOKED[1]];
    decider.post(&format!("{desk}/revoke"), &fields).await.assert_status(303);
    decider.post(&format!("{desk}/revoke"), &fields).await.assert_status(303); // pressed twice
    let verdict = stranger.get(&path).await;
    let valid = verdict.text("certificates-standing-valid-title", &[]);
    verdict.assert_ok().assert_lacks(&valid).assert_says("certificates-standing-ended-what");
    verdict.assert_lacks(REVOKED[0].1); // the grounds are the holder's alone
    let json = stranger.clone().with_header("accept", "application/json").get(&path).await.json();
    assert_ne!(json["state"], "valid");
    let card = resident.get(&format!("/my/certificates/{certificate}")).await;
    card.assert_has(REVOKED[0].1).assert_has(REVOKED[1].1).assert_has("行政复议");
    let notices = resident.get("/my/notices").await;
    assert!(notices.links("/my/certificates/").iter().any(|link| link.contains(&certificate)));
}

#[tokio::test]
async fn a_certificate_is_found_by_its_number_and_guesses_are_slowed_down() {
    let app = TestApp::with(|config| config.sign_in.attempts_per_address = 5).await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &SENIOR_CARD).await;
    app.run_jobs().await;
    let rows = app.rows("SELECT number, identifier, case_id FROM certificates_certificate").await;
    let row = rows.iter().find(|row| row.str(2).unwrap() == case).unwrap();
    let (number, identifier) = (row.text(0).unwrap(), row.text(1).unwrap());
    let mut stranger = app.anonymous();
    let by_number = stranger.get(&format!("/verify?id={}", number.to_lowercase())).await;
    by_number.assert_ok().assert_says("certificates-standing-valid-title").assert_lacks("苏云岭");
    assert!(!by_number.html().contains("/proof\""), "the code's address is not handed out to who has the number");
    stranger.get(&format!("/verify?id={identifier}")).await.assert_says("certificates-standing-valid-title");
    let mut wrong = identifier.clone();
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    stranger.get(&format!("/verify?id={wrong}")).await.assert_status(422);
    for _ in 0..3 {
        stranger.get("/verify?id=YLLN209900000001").await.assert_status(404).assert_says("certificates-unknown-title");
    }
    let slowed = stranger.get("/verify?id=YLLN209900000001").await;
    slowed.assert_status(429);
    assert!(slowed.header("retry-after").parse::<u32>().unwrap() > 0);
    // An officer at a counter is not.
    app.sign_in("card-clerk").await.get(&format!("/verify?id={number}")).await.assert_ok();
}

#[tokio::test]
async fn a_file_is_verified_without_the_database_and_one_changed_byte_is_told() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &SENIOR_CARD).await;
    app.run_jobs().await;
    app.seal().await;
    let certificate = givens::certificate(&mut resident, &case).await;
    let jws = resident.get(&format!("/my/certificates/{certificate}/file")).await.assert_ok().html();
    let proof = resident.get(&format!("/my/certificates/{certificate}/proof")).await.assert_ok().html();
    let mut stranger = app.anonymous();
    let good = stranger.post_exactly("/verify/offline", &[("jws", &jws), ("proof", &proof)]).await;
    good.assert_ok().assert_says("certificates-standing-valid-title").assert_lacks("990221195903120025");
    let middle = jws.len() / 2;
    let other = if jws.as_bytes()[middle] == b'A' { 'B' } else { 'A' };
    let changed = format!("{}{other}{}", &jws[..middle], &jws[middle + 1..]);
    let bad = stranger.post_exactly("/verify/offline", &[("jws", &changed), ("proof", &proof)]).await;
    bad.assert_ok().assert_says("certificates-offline-false-title");
    stranger.post_exactly("/verify/offline", &[("jws", "")]).await.assert_status(422);
}

#[tokio::test]
async fn a_stored_certificate_that_was_changed_by_hand_is_not_vouched_for() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &SENIOR_CARD).await;
    app.run_jobs().await;
    let certificate = givens::certificate(&mut resident, &case).await;
    let path = verify_path(&mut resident, &certificate).await;
    drop(resident);
    let stopped = app.stop().await;
    let other = "SELECT jws FROM certificates_certificate WHERE type_key = 'senior-card'";
    let sql = format!("UPDATE certificates_certificate SET jws = ({other} AND id <> '{certificate}' LIMIT 1)");
    stopped.change(&format!("{sql} WHERE id = '{certificate}'")).await;
    let app = TestApp::resume(stopped).await;
    let verdict = app.anonymous().get(&path).await;
    verdict.assert_ok().assert_says("certificates-standing-altered-title");
}
