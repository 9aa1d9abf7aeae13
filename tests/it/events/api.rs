//! Programs that pull and publish with a token.
use axum::http::Method;
use serde_json::{Value, json};
use tests::{Page, TestApp, givens};

use super::{BRANCH, CITY, OTHER, RESIDENT, ask_for, key_of, moved, publish, publish_on, subscribed};

pub(super) async fn pull(app: &TestApp, token: &str, query: &str) -> Page {
    let mut caller = app.anonymous().with_header("authorization", &format!("Bearer {token}"));
    caller.get(&format!("/api/events{query}")).await
}

async fn pulled(app: &TestApp, token: &str, query: &str) -> (Vec<String>, String) {
    let page = pull(app, token, query).await;
    page.assert_ok();
    let value: Value = serde_json::from_slice(&page.body).unwrap();
    let ids = value["events"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    (ids.collect(), value["next"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_cursor_sees_each_event_once_and_tokens_are_not_guessed() {
    let app = TestApp::new().await;
    let (page, token) = subscribed(&app, BRANCH, "").await;
    assert_eq!(pulled(&app, &token, "").await, (Vec::new(), "0".into()));
    let mut published = Vec::new();
    for day in 1..=5 {
        published.push(publish(&app, moved(RESIDENT, &format!("2026-11-0{day}"))).await);
    }
    let (first, next) = pulled(&app, &token, "?limit=2").await;
    assert_eq!(first, published[..2]);
    // Exactly as many as there are: nothing more, and nobody asks again in vain.
    for (limit, more) in [(2, true), (4, true), (5, false), (6, false)] {
        let page: Value = pull(&app, &token, &format!("?limit={limit}")).await.json();
        let given = page["events"].as_array().unwrap().len();
        assert_eq!((given, &page["more"]), (limit.min(5), &json!(more)), "limit {limit}");
    }
    assert_eq!(pulled(&app, &token, "?limit=2").await.0, first, "an answer that got lost is given again");
    published.push(publish(&app, moved(RESIDENT, "2026-11-06")).await);
    let (rest, next) = pulled(&app, &token, &format!("?after={next}")).await;
    assert_eq!(rest, published[2..]);
    assert_eq!(pulled(&app, &token, &format!("?after={next}")).await, (Vec::new(), next.clone()));
    assert_eq!(app.count("SELECT COUNT(*) FROM events_delivery WHERE state < 2").await, 0, "the cursor confirmed all");
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail WHERE actor = 'events'").await, 6);

    pull(&app, &token, "?after=x").await.assert_status(422);
    for forged in ["", "epl_x", &token[..token.len() - 1], &format!("{token}A")] {
        pull(&app, forged, "").await.assert_status(403);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM events_subscription WHERE token LIKE 'epl%'").await, 0);
    let mut clerk = app.sign_in("own-clerk").await;
    clerk.get(&page).await.assert_ok();
    let fresh = key_of(&clerk.post(&format!("{page}/key"), &[]).await);
    pull(&app, &token, "").await.assert_status(403);
    assert_eq!(pulled(&app, &fresh, &format!("?after={next}")).await.0, Vec::<String>::new());
    clerk.get(&page).await.assert_ok();
    clerk.post(&format!("{page}/end"), &[]).await.assert_status(303);
    pull(&app, &fresh, "").await.assert_status(403);
}

async fn send(app: &TestApp, (token, key): (&str, &str), body: &Value) -> Page {
    let caller = app.anonymous().with_header("authorization", &format!("Bearer {token}"));
    let mut caller = if key.is_empty() { caller } else { caller.with_header("idempotency-key", key) };
    caller.send(Method::POST, "/api/events", Some("application/json"), body.to_string().into_bytes()).await
}

#[tokio::test]
async fn a_department_publishes_its_own_types_once_per_key() {
    let app = TestApp::new().await;
    let mut decider = app.sign_in("own-decider").await;
    // Of two offices none is chosen, the only one is.
    assert_eq!(decider.get("/events/subscriptions").await.assert_ok().value("office"), None);
    let mut only = app.sign_in_at("civil-affairs", "decider").await;
    assert_eq!(only.get("/events/subscriptions").await.value("office").as_deref(), Some("civil-affairs"));
    let token = key_of(&decider.post("/events/publishing-key", &[("office", CITY)]).await);
    let event = json!({"type": "person.moved", "subject": RESIDENT, "data": {"moved_on": "2026-11-01"}});
    let id = |page: Page| {
        page.assert_status(201);
        serde_json::from_slice::<Value>(&page.body).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let first = id(send(&app, (&token, "key-of-the-first"), &event).await);
    assert_eq!(id(send(&app, (&token, "key-of-the-first"), &event).await), first);
    assert_ne!(id(send(&app, (&token, ""), &event).await), first);
    let with = |name: &str, value: Value| {
        let mut event = event.clone();
        event[name] = value;
        event
    };
    for (wrong, status) in [
        (with("type", json!("person.unknown")), 422),
        (with("type", json!("enterprise.registered")), 403),
        (with("subject", json!("")), 422),
        (with("data", json!({"phone": "1"})), 422),
        (with("data", json!([])), 422),
        (with("time", json!("yesterday")), 422),
    ] {
        send(&app, (&token, ""), &wrong).await.assert_status(status);
    }
    send(&app, ("epb_forged", ""), &event).await.assert_status(403);
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 2);
}

#[tokio::test]
async fn the_law_of_a_type_is_told_in_the_readers_language() {
    let app = TestApp::new().await;
    for (lang, law) in [
        ("zh-Hans", "《户口登记条例》第十条"),
        ("zh-Hant", "《戶口登記條例》第十條"),
        ("en", "Household Registration Regulation, article 10"),
    ] {
        app.anonymous().with_lang(lang).get("/events").await.assert_ok().assert_has(law);
    }
    // A document that was stored with one text is read on.
    let grant = platform::Ctx::system(app.platform(), "tests.old").allow(super::Action::PackLoad, &super::On::PUBLIC);
    let write = |tx: &mut super::Tx<'_>| {
        let row = tx.get("SELECT document FROM events_type WHERE key = 'person.moved'", &[])?;
        let mut document: Value = row.json(0)?;
        document["basis"] = json!("《旧条例》第一条");
        let document = document.to_string();
        tx.exec("UPDATE events_type SET document = $1 WHERE key = 'person.moved'", &[(&document).into()])?;
        tx.audited(super::Entry { event: "tests.stored", ..Default::default() }, ())
    };
    app.platform().db().write(grant.unwrap(), write).await.unwrap();
    app.anonymous().with_lang("en").get("/events").await.assert_ok().assert_has("《旧条例》第一条");
}

#[tokio::test]
async fn the_hall_tells_of_a_decision_in_the_transaction_that_makes_it() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    givens::granted_permit(&app, &mut resident).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM events_event").await, 0, "nobody wants it, nothing is kept");
    let (mut clerk, mut decider) = (app.sign_in("own-clerk").await, app.sign_in_at("gov-office", "decider").await);
    let page = ask_for(&mut clerk, "case.decided", BRANCH, "").await.location();
    decider.get(&page).await.assert_ok();
    decider.post(&format!("{page}/approve"), &[]).await.assert_status(303);
    clerk.get(&page).await.assert_ok();
    let token = key_of(&clerk.post(&format!("{page}/key"), &[]).await);
    givens::granted_permit(&app, &mut resident).await;
    let news: Value = pull(&app, &token, "").await.json();
    let (event, all) = (&news["events"][0], news["events"].as_array().unwrap());
    assert_eq!((all.len(), &event["type"], &event["data"]["outcome"]), (1, &json!("case.decided"), &json!("granted")));
    assert_eq!(event["subject"], Value::Null);
    assert!(!event.to_string().contains(RESIDENT));
}

#[tokio::test]
async fn nothing_is_passed_by_while_two_processes_publish() {
    const EACH: usize = 20;
    let app = TestApp::new().await;
    let (_, token) = subscribed(&app, BRANCH, "").await;
    let clock = app.platform().clock().clone();
    let platform = app::open_platform(app.platform().config().clone(), clock).await.unwrap();
    let publishing = async |platform: &platform::Platform, subject: &'static str| {
        for day in 0..EACH {
            publish_on(platform, moved(subject, &format!("2026-11-{:02}", day + 1))).await.unwrap();
        }
    };
    let reading = async {
        let (mut seen, mut cursor) = (Vec::new(), String::from("0"));
        while seen.len() < 2 * EACH {
            let (ids, next) = pulled(&app, &token, &format!("?limit=3&after={cursor}")).await;
            seen.extend(ids);
            cursor = next;
        }
        assert_eq!(pulled(&app, &token, &format!("?after={cursor}")).await.0, Vec::<String>::new());
        seen
    };
    let both = async { tokio::join!(publishing(app.platform(), RESIDENT), publishing(&platform, OTHER)) };
    let (seen, _) = tokio::join!(reading, both);
    let published = app.rows("SELECT id FROM events_event ORDER BY id").await;
    let published: Vec<String> = published.iter().map(|row| row.text(0).unwrap()).collect();
    let mut sorted = seen.clone();
    sorted.sort();
    assert_eq!(sorted, published, "each once");
}

#[tokio::test]
async fn the_publisher_takes_its_approval_back() {
    let app = TestApp::new().await;
    let (page, token) = subscribed(&app, "civil-affairs", "").await;
    publish(&app, moved(RESIDENT, "2026-11-01")).await;
    let mut decider = app.sign_in("own-decider").await;
    decider.get(&page).await.assert_ok();
    decider.post(&format!("{page}/end"), &[]).await.assert_status(303);
    pull(&app, &token, "").await.assert_status(403);
    assert_eq!(app.count("SELECT COUNT(*) FROM events_delivery WHERE state < 2").await, 0);
}
