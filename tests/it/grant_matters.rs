//! What a grant is for: items and cases, by the names and numbers that people know.
use crate::grants::{NEW, asked, granted};
use tests::TestApp;

#[tokio::test]
async fn a_grant_is_narrowed_to_fewer_cases_and_never_to_none() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let matters = [("matters", "民优2026-17，民优2026-18"), ("purpose", "老年人优待证")];
    let grant = granted(&mut clerk, &mut decider, &matters).await;
    let page = decider.get(&grant).await;
    assert_eq!(page.values("narrow-matters"), ["民优2026-17", "民优2026-18"], "{}", page.shown());
    let fields: Vec<String> = page.values("narrow-fields");
    let mut sent: Vec<(&str, &str)> = fields.iter().map(|field| ("narrow-fields", field.as_str())).collect();
    sent.push(("narrow-words", "另一件已经办结。"));
    let narrow = format!("{grant}/narrow");
    let none = decider.post(&narrow, &sent).await;
    none.assert_status(422).assert_field_error("narrow-matters", &none.text("exchange-terms-matters-none", &[]));
    let with = |matter| [&sent[..], &[("narrow-matters", matter)]].concat();
    decider.post(&narrow, &with("民优2026-19")).await.assert_status(422);
    decider.post(&narrow, &with("民优2026-18")).await.assert_status(303);
    let document = clerk.get(&format!("{grant}/document")).await.json();
    assert_eq!(document["document"]["matters"], serde_json::json!(["民优2026-18"]));
    // Of one alone nothing can be left out.
    assert!(decider.get(&grant).await.values("narrow-matters").is_empty());
}

#[tokio::test]
async fn a_grant_is_for_cases_as_people_know_them() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let case = &app.rows("SELECT id, number FROM services_case ORDER BY id LIMIT 1").await[0];
    let (id, number) = (case.text(0).unwrap(), case.text(1).unwrap());
    let matters = format!("{number}，民优2026-17");
    // The purpose by the item's name.
    let grant = granted(&mut clerk, &mut decider, &[("matters", &matters), ("purpose", "老年人优待证")]).await;
    let page = clerk.get(&grant).await;
    page.assert_ok().assert_has(&number).assert_has("民优2026-17").assert_lacks(&id);
    let document = clerk.get(&format!("{grant}/document")).await.json();
    assert_eq!(document["document"]["matters"], serde_json::json!([id, "民优2026-17"]));
    assert_eq!(document["document"]["purpose"], "senior-card");
    // Everybody may read that cases are named, not which.
    let public = app.anonymous().get("/grants?q=核对优待证").await;
    public.assert_lacks(&number).assert_lacks(&id);
    let public = app.anonymous().get("/grants?q=老年人权益保障法").await;
    public.assert_says_with("exchange-matters-cases", &[("count", "2")]).assert_lacks(&number).assert_lacks(&id);
    // A slip in the number is no case.
    let slip = format!("{}9999", &number[..39]);
    let page = clerk.post(NEW, &asked(&[("matters", &slip)])).await;
    let text = page.text("exchange-request-matter-unknown", &[("matter", &slip)]);
    page.assert_status(422).assert_field_error("matters", &text);
}
