//! The days of requests and grants: reminders, escalation, consent by silence, one extension, the end and renewals.
use platform::config::Silence;
use tests::TestApp;

use crate::grants::{Look, NAMES, ask, denied, grant_of, granted, look, notices, told};

#[tokio::test]
async fn the_provider_is_reminded_and_silence_is_escalated() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("card-clerk").await;
    let request = ask(&mut clerk, &[]).await;
    app.advance_days(10); // 30 November
    app.run_jobs().await;
    let mut decider = app.sign_in("permit-decider").await;
    assert!(!notices(&mut decider).await.has("快到答复期限"), "too early");
    app.advance_days(1); // 1 December: three working days before the 4th
    app.run_jobs().await;
    let mut decider = app.sign_in("permit-decider").await;
    told(&notices(&mut decider).await, "reminded");
    let mut overseer = app.sign_in_at("gov-office", "decider").await;
    overseer.get(&request).await.assert_status(404);
    app.advance_days(4); // 5 December
    app.run_jobs().await;
    let mut overseer = app.sign_in_at("gov-office", "decider").await;
    told(&notices(&mut overseer).await, "escalated");
    let list = overseer.get("/exchange/requests?view=escalated").await;
    assert_eq!(list.assert_ok().links(&request), std::slice::from_ref(&request));
    list.assert_says("exchange-question-late");
    // It sees and presses; to decide is the provider's.
    overseer.get(&request).await.assert_ok().assert_says("exchange-step-escalated");
    overseer.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(403);
    let mut decider = app.sign_in("permit-decider").await;
    decider.get(&request).await.assert_ok();
    let late = decider.post(&format!("{request}/extend"), &[("extend-words", "还需要几天时间。")]).await;
    late.assert_status(409).assert_says("exchange-conflict-late");
    decider.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(303);
    assert_eq!(app.run_jobs().await, 0);
}

#[tokio::test]
async fn the_answer_is_put_off_once() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let request = ask(&mut clerk, &[]).await;
    decider.get(&request).await.assert_ok();
    let extend = format!("{request}/extend");
    let bare = decider.post(&extend, &[]).await;
    bare.assert_status(422).assert_field_error("extend-words", &bare.text("exchange-words-none", &[]));
    decider.post(&extend, &[("extend-words", "需要与上级核实口径。")]).await.assert_status(303);
    decider.post(&extend, &[("extend-words", "再延长一次可以吗？")]).await.assert_status(409);
    clerk.get(&request).await.assert_has("2026年12月18日").assert_has("需要与上级核实口径。");
    told(&notices(&mut clerk).await, "extended");
    app.advance_days(15); // 5 December: the first day has passed and means nothing any more
    app.run_jobs().await;
    let mut clerk = app.sign_in("card-clerk").await;
    clerk.get(&request).await.assert_says("exchange-request-asked").assert_lacks("逾期上报");
    app.advance_days(14);
    app.run_jobs().await;
    let mut clerk = app.sign_in("card-clerk").await;
    clerk.get(&request).await.assert_says("exchange-step-escalated");
}

#[tokio::test]
async fn where_the_setting_says_so_silence_is_consent() {
    let app = TestApp::with(|config| config.exchange.grant_silence = Silence::Grant).await;
    let mut clerk = app.sign_in("card-clerk").await;
    let request = ask(&mut clerk, &[]).await;
    app.advance_days(14); // 4 December, the last day in time
    app.run_jobs().await;
    denied(look(&app, NAMES).await, "exchange-denied-no-grant");
    app.advance_days(1);
    app.run_jobs().await;
    look(&app, Look { fields: &["name", "birth_date", "mobile"], ..NAMES }).await.unwrap();
    let mut clerk = app.sign_in("card-clerk").await;
    clerk.get(&request).await.assert_says("exchange-step-silence");
}

#[tokio::test]
async fn the_end_is_announced_and_a_renewal_moves_it() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let short = [("to.y", "2027"), ("to.m", "1"), ("to.d", "8")];
    let grant = granted(&mut clerk, &mut decider, &short).await;
    app.advance_days(20); // 10 December: 30 days before the end of 8 January
    app.run_jobs().await;
    let mut clerk = app.sign_in("card-clerk").await;
    let mut holder = app.sign_in_at("civil-affairs", "decider").await;
    told(&notices(&mut holder).await, "ending");
    clerk.get(&grant).await.assert_says("exchange-step-ending");
    let renew = format!("{grant}/renew");
    let back = clerk.post(&renew, &[("renew-to.y", "2027"), ("renew-to.m", "1"), ("renew-to.d", "1")]).await;
    back.assert_status(422).assert_field_error("renew-to", &back.text("exchange-renew-shorter", &[]));
    let until = [("renew-to.y", "2027"), ("renew-to.m", "1"), ("renew-to.d", "20")];
    let request = clerk.post(&renew, &until).await.location();
    clerk.post(&renew, &until).await.assert_status(409).assert_says("exchange-conflict-renewal");
    let mut decider = app.sign_in("permit-decider").await;
    decider.get(&request).await.assert_ok().assert_says("exchange-request-kind-renewal");
    let fields = [("grant-fields", "name"), ("grant-fields", "birth_date")];
    decider.post(&format!("{request}/grant"), &fields).await.assert_status(303);
    assert_eq!(grant_of(&mut clerk, &request).await, grant);
    clerk.get(&grant).await.assert_has("2027年1月20日");
    app.advance_days(31); // 10 January: the old end has passed
    app.run_jobs().await;
    look(&app, NAMES).await.unwrap();
    app.advance_days(11); // 21 January
    app.run_jobs().await;
    denied(look(&app, NAMES).await, "exchange-denied-over");
    let mut clerk = app.sign_in("card-clerk").await;
    clerk.get(&grant).await.assert_says("exchange-grant-expired").assert_says("exchange-step-expired");
    clerk.post(&renew, &[("renew-to.y", "2027"), ("renew-to.m", "6"), ("renew-to.d", "1")]).await.assert_status(409);
}

#[tokio::test]
async fn a_renewal_does_not_widen_what_was_narrowed_meanwhile_nor_grant_what_is_over() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let grant = granted(&mut clerk, &mut decider, &[("to.y", "2027"), ("to.m", "1"), ("to.d", "8")]).await;
    clerk.get(&grant).await.assert_ok();
    let until = [("renew-to.y", "2027"), ("renew-to.m", "1"), ("renew-to.d", "20")];
    let request = clerk.post(&format!("{grant}/renew"), &until).await.location();
    decider.get(&grant).await.assert_ok();
    let less = [("narrow-fields", "name"), ("narrow-words", "只需核对姓名。")];
    decider.post(&format!("{grant}/narrow"), &less).await.assert_status(303);
    decider.get(&request).await.assert_ok();
    let all = [("grant-fields", "name"), ("grant-fields", "birth_date")];
    decider.post(&format!("{request}/grant"), &all).await.assert_status(303);
    denied(look(&app, NAMES).await, "exchange-denied-field");
    look(&app, Look { fields: &["name"], ..NAMES }).await.unwrap();

    let short = ask(&mut clerk, &[("to.y", "2026"), ("to.m", "11"), ("to.d", "25")]).await;
    app.advance_days(7);
    app.run_jobs().await;
    let mut decider = app.sign_in("permit-decider").await;
    decider.get(&short).await.assert_ok();
    let over = decider.post(&format!("{short}/grant"), &[("grant-fields", "name")]).await;
    over.assert_status(409).assert_says("exchange-conflict-period-over");
}

#[tokio::test]
async fn two_deciders_at_one_moment_give_one_answer() {
    let app = TestApp::new().await;
    let (mut clerk, mut one) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let mut other = app.sign_in("own-decider").await;
    for _ in 0..4 {
        let request = ask(&mut clerk, &[]).await;
        one.get(&request).await.assert_ok();
        other.get(&request).await.assert_ok();
        let (give, refuse) = (format!("{request}/grant"), format!("{request}/refuse"));
        let reason = [
            ("refuse-ground", "not-needed"),
            ("refuse-basis", "《政务数据共享条例》第十九条"),
            ("refuse-words", "超出了核对所必需的范围。"),
        ];
        let (given, refused) = tokio::join!(one.post(&give, &[("grant-fields", "name")]), other.post(&refuse, &reason));
        let mut met = [given.status, refused.status];
        met.sort_unstable();
        assert_eq!(met, [303, 409], "{} {}", given.shown(), refused.shown());
    }
    let answered =
        "SELECT COUNT(*) FROM exchange_grant_step WHERE kind IN ('granted', 'refused') AND at >= 1795140000000000";
    assert_eq!(app.count(answered).await, 4);
}
