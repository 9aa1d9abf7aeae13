//! Signing in and out: throttling, rotation, sessions that end in the middle of a form.
use tests::TestApp;
use tests::givens;

const PASSWORD: &str = app::demo::sign_ins::PASSWORD;

#[tokio::test]
async fn guesses_are_slowed_down_and_the_right_password_waits_too() {
    let app = TestApp::new().await;
    let mut guesser = app.anonymous();
    guesser.get("/sign-in").await.assert_ok();
    for _ in 0..5 {
        let wrong = guesser.post("/sign-in", &[("login", "su.yunling"), ("password", "guess")]).await;
        wrong.assert_status(422).assert_field_error("login", &wrong.text("directory-sign-in-refused", &[]));
        assert_eq!(wrong.value("login").as_deref(), Some("su.yunling"));
        assert_eq!(wrong.value("password").as_deref(), Some(""), "a password is never sent back");
    }
    let right = guesser.post("/sign-in", &[("login", "su.yunling"), ("password", PASSWORD)]).await;
    right.assert_status(429).assert_says_with("error-too-many-what", &[("minutes", "15")]);
    let seconds: i64 = right.header("retry-after").parse().unwrap();
    assert!((800..=901).contains(&seconds), "{seconds}");
    // Nobody else is kept out, and after the wait nobody is.
    app.sign_in("newcomer").await;
    app.advance_minutes(16);
    app.sign_in("resident").await;
}

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_are_told_alike() {
    let app = TestApp::new().await;
    let mut visitor = app.anonymous();
    visitor.get("/sign-in").await.assert_ok();
    let unknown = visitor.post("/sign-in", &[("login", "nobody.here"), ("password", "x")]).await;
    let wrong = visitor.post("/sign-in", &[("login", "su.yunling"), ("password", "x")]).await;
    let same = |page: &tests::Page| page.words().replace("nobody.here", "").replace("su.yunling", "");
    assert_eq!((unknown.status, same(&unknown)), (wrong.status, same(&wrong)));
    let empty = visitor.post("/sign-in", &[]).await;
    empty.assert_status(422);
    empty.assert_field_error("login", &empty.text("directory-sign-in-login-missing", &[]));
    empty.assert_field_error("password", &empty.text("directory-sign-in-password-missing", &[]));
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_gone_after_signing_out() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let first = resident.cookie("session").unwrap().to_owned();
    let second = app.sign_in("resident").await;
    assert_ne!(second.cookie("session"), Some(first.as_str()));
    let mut stolen = resident.clone();
    resident.post("/sign-out", &[]).await.assert_status(303);
    assert_eq!(resident.cookie("session"), None);
    assert_eq!(stolen.cookie("session"), Some(first.as_str()));
    stolen.get("/my").await.assert_status(303);
    let forged = app.anonymous().with_cookie("session", "forged").get("/my").await;
    assert!(forged.location().starts_with("/sign-in"));
    // Acting for somebody else rotates as well: the old token is worth nothing.
    let mut agent = app.sign_in("agent").await;
    let mut before = agent.clone();
    app.act_for_restaurant(&mut agent).await;
    agent.get("/my").await.assert_has("春溪餐饮");
    before.get("/my").await.assert_status(303);
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_and_bound_to_https_where_the_site_is() {
    let app = TestApp::with(|config| config.http.public_address = "https://hall.yunling.example".into()).await;
    let mut visitor = app.anonymous();
    visitor.get("/sign-in").await.assert_ok();
    let answer = visitor.post("/sign-in", &[("login", "su.yunling"), ("password", PASSWORD)]).await;
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    visitor.get("/my").await.assert_ok();
}

#[tokio::test]
async fn a_session_ends_when_it_idles_and_after_a_day_s_work() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    for _ in 0..13 {
        app.advance_minutes(55);
        let page = resident.get("/my").await;
        if page.status == 303 {
            panic!("a session in use stays: {}", page.shown());
        }
    }
    app.advance_minutes(10); // twelve hours are over
    resident.get("/my").await.assert_status(303);
    let mut resident = app.sign_in("resident").await;
    app.advance_minutes(61);
    resident.get("/my").await.assert_status(303);
}

#[tokio::test]
async fn what_was_typed_when_the_session_ended_comes_back_after_signing_in() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, "residence-permit").await;
    let page = format!("/my/drafts/{draft}/pages/ground-detail");
    resident.get(&page).await.assert_ok();
    app.advance_minutes(61);
    let typed = "与子女同住，\n合同三年；“听泉路”<b>16</b>号 & 2幢";
    let gate = resident.post(&page, &[("ground-detail", typed)]).await;
    let back = gate.location();
    assert!(back.starts_with("/sign-in?back=/resume/"), "{back}");
    let resume = back.split_once("back=").unwrap().1.to_owned();
    // Somebody else who finds the address gets nothing.
    app.sign_in("newcomer").await.get(&resume).await.assert_status(404);

    resident.follow(&gate).await.assert_ok();
    let fields = [("login", "su.yunling"), ("password", PASSWORD)];
    let resumed = resident.post("/sign-in", &fields).await;
    assert_eq!(resumed.location(), resume);
    let kept = resident.follow(&resumed).await;
    kept.assert_ok().assert_says("resume-what");
    assert_eq!(kept.value("ground-detail").as_deref(), Some(typed));
    assert!(kept.actions().contains(&page), "{:?}", kept.actions());
    let sent = resident.post(&page, &[("ground-detail", &kept.value("ground-detail").unwrap())]).await;
    sent.assert_status(303);
    let draft_page = resident.get(&page).await;
    assert_eq!(draft_page.value("ground-detail").as_deref(), Some(typed));
    // It is kept for an hour, not for ever.
    app.advance_minutes(61);
    app.sign_in("resident").await.get(&resume).await.assert_status(404);
}

#[tokio::test]
async fn a_file_cannot_be_kept_over_the_end_of_a_session_and_the_page_says_so() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, "residence-permit").await;
    app.advance_minutes(61);
    let file = [tests::Upload { field: "proof", name: "a.pdf", bytes: givens::PDF }];
    let lost = resident.post_multipart(&format!("/my/drafts/{draft}/pages/proof"), &[], &file).await;
    lost.assert_status(403).assert_says("error-denied-sign-in");
}

#[tokio::test]
async fn a_role_that_is_withdrawn_is_gone_at_the_next_request() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("own-clerk").await;
    clerk.get("/inbox").await.assert_ok();
    app.dismiss("own.clerk.test").await;
    let page = clerk.get("/inbox").await;
    assert!(page.status == 403 || page.status == 303, "{}", page.shown());
}
