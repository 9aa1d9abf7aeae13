//! The way of a certificate: issued, held, verified here and offline, ended.
#![allow(clippy::unwrap_used)] // helpers of tests may fail by panicking, as tests do
mod common;

use certificates::{Check, Issue, Outcome, actions, verify_offline};
use common::{CLERK, DECIDER, ID_NUMBER, OWNER, STRANGER, TODAY, TestCity, senior_card};
use platform::clock::DAY;
use platform::policy::{Action, ActorKind, On};
use serde_json::Value;
use time::macros::date;

#[tokio::test]
async fn a_certificate_is_issued_held_and_verified() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    assert_eq!(card.number(), "YLLN202600000001");
    assert!(codes::CertificateId::parse(card.identifier()).is_ok());
    city.seal().await;

    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    owner.get("/my/certificates").await.has(card.number()).has("Senior citizen card");
    let page = owner.get(&format!("/my/certificates/{}", card.id())).await;
    page.has(ID_NUMBER).has("Female").has("14 March 1958").has("<svg viewBox").has(card.identifier());
    page.has(&format!("https://services.example/verify/{}", card.token()));

    let seen = city.anyone().get(&format!("/verify/{}", card.token())).await;
    assert_eq!(seen.status, 200);
    seen.has("The certificate is valid").has("王**").has("9****************2").has("Entry 2 of 2");
    // The least: no full name, number, address, birth date.
    seen.lacks("王秀兰").lacks(ID_NUMBER).lacks("文昌路").lacks("1958").lacks(card.number());
    let json = city.anyone().get_json(&format!("/verify/{}", card.token())).await.json();
    assert_eq!((json["state"].as_str(), json["log"]["index"].as_u64()), (Some("valid"), Some(1)));
    assert!(json["checks"].as_object().unwrap().values().all(|outcome| outcome == "passed"), "{json}");
    assert!(!json.to_string().contains("王秀兰") && !json.to_string().contains("文昌路"), "{json}");
}

#[tokio::test]
async fn before_the_log_is_sealed_the_page_says_so() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    city.anyone()
        .get(&format!("/verify/{}", card.token()))
        .await
        .has("is valid")
        .has("being entered into the public log");
    let proof = city.anyone().get(&format!("/verify/{}/proof", card.token())).await;
    assert_eq!(proof.status, 503);
    assert!(proof.headers.contains_key("retry-after"));
    city.seal().await;
    assert_eq!(city.anyone().get(&format!("/verify/{}/proof", card.token())).await.status, 200);
}

#[tokio::test]
async fn numbers_of_a_series_follow_each_other_and_are_found_with_what_people_type() {
    let city = TestCity::new().await;
    for serial in 1..=5 {
        assert_eq!(city.issue(&senior_card()).await.number(), format!("YLLN2026{serial:08}"));
    }
    let found = city.anyone().get("/verify?id=%20ylln2026%200000%200003").await;
    found.has("The certificate is valid").lacks("/proof");
    let card = city.issue(&senior_card()).await;
    let by_identifier = city.anyone().get(&format!("/verify?id={}", card.identifier())).await;
    by_identifier.has("The certificate is valid");
    let by_address = city.anyone().get(&format!("/verify?id=https://services.example/verify/{}", card.token())).await;
    assert_eq!(by_address.headers["location"], format!("/verify/{}", card.token()).as_str());
    let mistyped = card.identifier().replace("2026", "2027").replace(".001.", ".002.");
    let wrong = city.anyone().get(&format!("/verify?id={mistyped}")).await;
    assert_eq!(wrong.status, 422);
    wrong.has("the others require").has("aria-invalid");
}

#[tokio::test]
async fn what_is_unknown_is_not_found_and_alike_for_all_that_is_unknown() {
    let city = TestCity::new().await;
    city.issue(&senior_card()).await;
    let never = city.anyone().get("/verify/AAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
    let malformed = city.anyone().get("/verify/%E7%8E%8B").await;
    let number = city.anyone().get("/verify?id=YLLN202699999999").await;
    for answer in [&never, &malformed, &number] {
        assert_eq!(answer.status, 404);
        answer.has("There is no such certificate");
    }
    // Below the frame, which links back to the address asked for, the two are one page.
    let main = |answer: &common::Answer| answer.body.split_once("<main").unwrap().1.to_owned();
    assert_eq!(main(&never), main(&malformed));
    assert_eq!(city.anyone().get_json("/verify/AAAA").await.json()["code"], "not-found");
}

#[tokio::test]
async fn numbers_cannot_be_read_off_one_by_one() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let limit = city.platform.config().sign_in.attempts_per_address;
    for _ in 0..limit {
        assert_eq!(city.anyone().get(&format!("/verify?id={}", card.number())).await.status, 200);
    }
    let refused = city.anyone().get(&format!("/verify?id={}", card.number())).await;
    assert_eq!(refused.status, 429);
    // Whoever holds the certificate itself is never refused.
    assert_eq!(city.anyone().get(&format!("/verify/{}", card.token())).await.status, 200);
    city.clock.advance(DAY);
    assert_eq!(city.anyone().get(&format!("/verify?id={}", card.number())).await.status, 200);
}

#[tokio::test]
async fn the_certificates_of_others_do_not_exist() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let stranger = city.sign_in(ActorKind::Person, STRANGER).await;
    stranger.get("/my/certificates").await.lacks(card.number());
    for path in ["", "/file", "/proof"] {
        let answer = stranger.get(&format!("/my/certificates/{}{path}", card.id())).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(stranger.get(&format!("/desk/certificates/{}", card.id())).await.status, 403);
    assert_eq!(stranger.get("/my/certificates/crt_forged").await.status, 404);
    let nobody = city.anyone().get(&format!("/my/certificates/{}", card.id())).await;
    assert_eq!(nobody.status, 303);
}

#[tokio::test]
async fn dates_decide_on_the_day() {
    let city = TestCity::new().await;
    let year = Issue { valid_to: Some(date!(2026 - 11 - 22)), ..senior_card() };
    let card = city.issue(&year).await;
    let later = city.issue(&Issue { valid_from: date!(2026 - 12 - 01), ..senior_card() }).await;
    let state = async |token: &str| city.anyone().get_json(&format!("/verify/{token}")).await.json()["state"].clone();
    assert_eq!((state(card.token()).await, state(later.token()).await), ("valid".into(), "not-yet".into()));
    city.clock.advance(DAY);
    assert_eq!(state(card.token()).await, "valid");
    city.clock.advance(DAY);
    assert_eq!(state(card.token()).await, "expired");
    city.anyone().get(&format!("/verify/{}", card.token())).await.has("The certificate has expired");
    city.clock.advance(10 * DAY);
    assert_eq!(state(later.token()).await, "valid");
}

#[tokio::test]
async fn a_revocation_is_seen_at_once_and_told_to_the_holder() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let decider = city.sign_in(ActorKind::Official, DECIDER).await;
    let (page, path) =
        (format!("/desk/certificates/{}", card.id()), format!("/desk/certificates/{}/revoke", card.id()));
    decider.get("/desk/certificates").await.has(card.number());
    decider.get(&page).await.has("End this certificate");

    let empty = decider.post(&path, Some(&page), &[("grounds", "Paid for it.")]).await;
    assert_eq!(empty.status, 422);
    empty.has("Choose a reason.").has("Write down the legal basis").has("Paid for it.");

    let form = [("reason", "deceit"), ("grounds", "The birth date was forged."), ("basis", "Article 69")];
    // A double click: the second finds what the first did.
    for answer in [decider.post(&path, Some(&page), &form).await, again(&decider, &path, &form, &city).await] {
        assert_eq!((answer.status.as_u16(), answer.headers["location"].to_str().unwrap()), (303, page.as_str()));
    }
    let seen = city.anyone().get(&format!("/verify/{}", card.token())).await;
    seen.has("No longer valid: Revoked").has("Obtained by deceit").has("21 November 2026 10:00").has("Civil Affairs");
    // Neither the holder nor the grounds are the public's business.
    seen.lacks("王**").lacks("forged");
    let json = city.anyone().get_json(&format!("/verify/{}", card.token())).await.json();
    assert_eq!((&json["state"], &json["ended"]["status"]), (&Value::from("ended"), &Value::from("03")));

    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    owner.get(&format!("/my/certificates/{}", card.id())).await.has("The birth date was forged.").has("Article 69");
    let grant = city.system().allow(Action::CertificateRead, &On::PUBLIC).unwrap();
    let notices = city.platform.db().read(grant, |tx| platform::notice::list(tx, OWNER, "~")).await.unwrap();
    assert_eq!((notices.len(), notices[0].key.as_str()), (1, "certificates-notice-revoked"));
    let other = [("reason", "penalty"), ("grounds", "x"), ("basis", "y")];
    assert_eq!(again(&decider, &path, &other, &city).await.status, 409);
}

/// Sends a form whose page no longer shows it: the token is any page's.
async fn again(caller: &common::Caller<'_>, path: &str, form: &[(&str, &str)], city: &TestCity) -> common::Answer {
    let fresh = city.issue(&senior_card()).await;
    caller.post(path, Some(&format!("/desk/certificates/{}", fresh.id())), form).await
}

#[tokio::test]
async fn the_holder_reads_which_office_opened_the_certificate() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let holder = city.sign_in(ActorKind::Person, OWNER).await;
    let seen = "A certificate, all that it says (civil-affairs)";
    holder.get(&format!("/my/certificates/{}", card.id())).await;
    holder.get("/my/trail").await.lacks(seen);
    let clerk = city.sign_in(ActorKind::Official, CLERK).await;
    clerk.get(&format!("/desk/certificates/{}", card.id())).await.has(card.number());
    let trail = holder.get("/my/trail").await;
    trail.has(seen).has("civil-affairs, 王秀兰").has("The issuing office’s duty").lacks("exchange-");
    // Without the line the page is not shown.
    city.forget_trail().await;
    let denied = clerk.get(&format!("/desk/certificates/{}", card.id())).await;
    assert_eq!(denied.status, 500);
    denied.lacks(card.number());
}

#[tokio::test]
async fn only_a_decider_of_the_issuing_office_revokes() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let elsewhere =
        Issue { issuer: certificates::Issuer { key: "health".into(), ..senior_card().issuer }, ..senior_card() };
    let other = city.issue(&elsewhere).await;
    let clerk = city.sign_in(ActorKind::Official, CLERK).await;
    clerk.get(&format!("/desk/certificates/{}", card.id())).await.has(card.number()).lacks("End this certificate");
    let form = [("reason", "deceit"), ("grounds", "x"), ("basis", "y")];
    assert_eq!(clerk.post(&format!("/desk/certificates/{}/revoke", card.id()), None, &form).await.status, 403);
    let decider = city.sign_in(ActorKind::Official, DECIDER).await;
    assert_eq!(decider.get(&format!("/desk/certificates/{}", other.id())).await.status, 404);
    decider
        .get(&format!("/desk/certificates?id={}", other.number()))
        .await
        .has("has not issued a certificate with this number");
    let page = format!("/desk/certificates/{}", card.id());
    let answer = decider.post(&format!("/desk/certificates/{}/revoke", other.id()), Some(&page), &form).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_certificate_changed_in_the_database_is_not_believed() {
    let city = TestCity::new().await;
    let (card, other) = (city.issue(&senior_card()).await, city.issue(&senior_card()).await);
    // The dates of the row are for lists only; the signed ones count.
    city.tamper(&format!("UPDATE certificates_certificate SET valid_to = '2020-01-01' WHERE id = '{}'", card.id()))
        .await;
    city.anyone().get(&format!("/verify/{}", card.token())).await.has("The certificate is valid");
    // Another's signed certificate under this address.
    city.tamper(&format!(
        "UPDATE certificates_certificate SET jws = (SELECT jws FROM certificates_certificate WHERE id = '{}') WHERE id = '{}'",
        other.id(),
        card.id()
    )).await;
    let seen = city.anyone().get(&format!("/verify/{}", card.token())).await;
    seen.has("do not accept it").lacks("王**");
    city.tamper(&format!(
        "UPDATE certificates_certificate SET jws = replace(jws, 'a', 'b') WHERE id = '{}'",
        other.id()
    ))
    .await;
    assert_eq!(city.anyone().get_json(&format!("/verify/{}", other.token())).await.json()["state"], "altered");
}

#[tokio::test]
async fn files_prove_offline_what_was_issued() {
    let city = TestCity::new().await;
    let (card, other) = (city.issue(&senior_card()).await, city.issue(&senior_card()).await);
    city.seal().await;
    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    let file = owner.get(&format!("/my/certificates/{}/file", card.id())).await;
    assert_eq!(file.headers["content-type"], "application/jose");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"YLLN202600000001.jws\"");
    let proof = owner.get(&format!("/my/certificates/{}/proof", card.id())).await.body;
    let foreign = owner.get(&format!("/my/certificates/{}/proof", other.id())).await.body;
    let jwks = city.anyone().get("/.well-known/tongban/jwks.json").await.json();
    let log_key = platform::audit::log::verifier_key(&city.platform).unwrap();
    let check = |jws: &str, proof: Option<&str>| verify_offline(jws, proof, &jwks, &log_key, TODAY).unwrap();

    let whole = check(&file.body, Some(&proof));
    assert!(whole.is_in_force() && whole.steps.iter().all(|step| step.outcome == Outcome::Passed), "{whole:?}");
    assert_eq!(whole.statement.unwrap().number, card.number());
    // Pasting may cost the last line end.
    assert!(check(&format!("\n{} ", file.body), Some(proof.trim_end())).is_in_force());
    assert!(check(&file.body, None).is_in_force());
    assert!(matches!(check(&file.body, Some(&foreign)).outcome(Check::Logged), Outcome::Failed(_)));
    assert!(!check(&file.body, Some(&foreign)).is_genuine());

    let [head, payload, signature]: [&str; 3] = file.body.split('.').collect::<Vec<_>>().try_into().unwrap();
    let said = String::from_utf8(seal::digest::from_base64url(payload).unwrap()).unwrap();
    let richer = seal::digest::to_base64url(said.replace("1958-03-14", "1948-03-14").as_bytes());
    let forged = check(&format!("{head}.{richer}.{signature}"), Some(&proof));
    assert!(matches!(forged.outcome(Check::Signature), Outcome::Failed(_)) && forged.statement.is_none());
    assert!(matches!(check("no certificate", None).outcome(Check::Form), Outcome::Failed(_)));
    // The salt that leads to the log's entry stands in the certificate alone.
    assert!(
        said.contains("\"salt\"")
            && !proof.contains(ID_NUMBER)
            && !said.contains(&format!("\"number\":\"{ID_NUMBER}\""))
    );
}

#[tokio::test]
async fn a_file_is_checked_on_the_page_and_its_status_as_well() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    city.seal().await;
    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    let jws = owner.get(&format!("/my/certificates/{}/file", card.id())).await.body;
    let proof = owner.get(&format!("/my/certificates/{}/proof", card.id())).await.body;
    let anyone = city.anyone();
    let good = anyone.post("/verify/offline", None, &[("jws", &jws), ("proof", &proof)]).await;
    good.has("The certificate is valid").has("王**").has("Entry 2 of 2");
    anyone.post("/verify/offline", None, &[("jws", &jws)]).await.has("Not checked");
    assert_eq!(anyone.post("/verify/offline", None, &[("jws", " ")]).await.status, 422);
    anyone.post("/verify/offline", None, &[("jws", "x.y.z")]).await.has("Not a genuine certificate");
    let broken = jws.replacen('.', ".A", 1);
    anyone.post("/verify/offline", None, &[("jws", &broken)]).await.has("The signature does not fit");
    city.tamper(&format!("UPDATE certificates_certificate SET status = '03' WHERE id = '{}'", card.id())).await;
    anyone.post("/verify/offline", None, &[("jws", &jws)]).await.has("No longer valid: Revoked").lacks("王**");
    city.tamper(&format!("DELETE FROM certificates_certificate WHERE id = '{}'", card.id())).await;
    anyone.post("/verify/offline", None, &[("jws", &jws)]).await.has("it is not listed here");
    let huge = "x".repeat(2 << 20);
    assert_eq!(anyone.post("/verify/offline", None, &[("jws", &huge)]).await.status, 413);
}

#[tokio::test]
async fn an_uploaded_file_is_read_as_well() {
    let city = TestCity::new().await;
    let card = city.issue(&senior_card()).await;
    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    let jws = owner.get(&format!("/my/certificates/{}/file", card.id())).await.body;
    let part = |name: &str, file: &str, body: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{body}\r\n")
    };
    let file = "; filename=\"a.jws\"\r\nContent-Type: application/octet-stream";
    let empty = "; filename=\"\"\r\nContent-Type: application/octet-stream";
    let body =
        [part("jws", "", ""), part("jws_file", file, &jws), part("proof_file", empty, "")].concat() + "--b--\r\n";
    let request =
        axum::http::Request::post("/verify/offline").header("content-type", "multipart/form-data; boundary=b");
    city.anyone().send(request, body.into()).await.has("The certificate is valid");
}

#[tokio::test]
async fn many_are_seeded_on_two_threads_and_each_can_be_proved() {
    let city = TestCity::new().await;
    let issues: Vec<Issue> = (0..300).map(|_| Issue { on: date!(2026 - 02 - 03), ..senior_card() }).collect();
    let prepared = city.certificates.prepare_many(&issues, 2).await.unwrap();
    assert_eq!((prepared[0].number(), prepared[299].number()), ("YLLN202600000001", "YLLN202600000300"));
    let grant = city.system().allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let rows = prepared.clone();
    assert_eq!(city.platform.db().write(grant, move |tx| actions::seed(tx, &rows)).await.unwrap(), 300);
    city.seal().await;
    city.anyone()
        .get(&format!("/verify/{}", prepared[150].token()))
        .await
        .has("Entry 152 of 302")
        .has("3 February 2026");
    let owner = city.sign_in(ActorKind::Person, OWNER).await;
    let page = owner.get("/my/certificates").await;
    let (_, next) = page.body.split_once("href=\"/my/certificates?after=").unwrap();
    let next = owner.get(&format!("/my/certificates?after={}", next.split('"').next().unwrap())).await;
    assert!(page.body.contains("00000300") && !page.body.contains("00000270") && next.body.contains("00000270"));
    assert_eq!(city.issue(&senior_card()).await.number(), "YLLN202600000301");
}

#[tokio::test]
async fn an_issue_that_does_not_fit_its_type_is_refused_before_anything_is_written() {
    let city = TestCity::new().await;
    let with = |key: &str, value: Value| {
        let mut issue = senior_card();
        issue.fields.insert(key.to_owned(), value);
        issue
    };
    let wrong = [
        (with("birth-date", "14.3.1958".into()), "no date"),
        (with("shoe-size", 43.into()), "no field shoe-size"),
        (with("address", Value::Null), "no value"),
        (Issue { type_key: "library-card".into(), ..senior_card() }, "no certificate type"),
        (Issue { valid_to: Some(date!(2020 - 01 - 01)), ..senior_card() }, "before it begins"),
    ];
    for (issue, word) in wrong {
        let error = city.certificates.prepare(&issue).await.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test]
async fn others_ask_for_what_is_held() {
    let city = TestCity::new().await;
    let card = city.issue(&Issue { valid_to: Some(date!(2026 - 12 - 01)), ..senior_card() }).await;
    let read = async |on| {
        let grant = city.system().allow(Action::CertificateRead, &On::PUBLIC).unwrap();
        city.platform.db().read(grant, move |tx| certificates::held(tx, OWNER, "senior-card", on)).await.unwrap()
    };
    assert_eq!(read(TODAY).await.unwrap().number, card.number());
    assert!(read(date!(2026 - 12 - 02)).await.is_none());
    let grant = city.system().allow(Action::CertificateRead, &On::PUBLIC).unwrap();
    let of_case = city.platform.db().read(grant, |tx| certificates::of_case(tx, "case_1")).await.unwrap();
    assert_eq!(of_case.len(), 1);
}
