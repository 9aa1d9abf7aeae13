//! The senior card: from the search to a certificate that anybody can verify, without an officer and without a paper.
use tests::givens::{self, SENIOR_CARD};
use tests::{Page, TestApp};

/// The rule's decision is a job; the receipt page has it run at once.
const ADDRESS: &str = "南屏省云岭市青溪区莲花街道听泉路18号";

#[tokio::test]
async fn the_card_is_found_however_it_is_spelt() {
    let app = TestApp::new().await;
    for query in ["senior card", "老年人优待证", "lao nian ren", "優待證"] {
        for lang in ["zh-Hans", "zh-Hant", "en"] {
            let mut visitor = app.anonymous().with_lang(lang);
            let page = visitor.get(&format!("/search?q={}", tests::caller::encode(query))).await;
            page.assert_ok();
            let first = page.links("/items/").into_iter().find(|href| *href != "/items");
            assert_eq!(first.as_deref(), Some("/items/senior-card"), "{query} in {lang}\n{}", page.shown());
        }
    }
    let nothing = app.anonymous().get("/search?q=%F0%9F%A6%84%3Cscript%3E").await;
    nothing.assert_ok().assert_says("services-search-tips");
    assert!(!nothing.html().contains("<script>"), "what was typed is shown as text");
}

#[tokio::test]
async fn a_resident_gets_the_card_without_bringing_one_paper() {
    let app = TestApp::new().await;
    let mut resident = app.anonymous();
    resident.get("/items/senior-card").await.assert_ok().assert_says("services-guide-nothing");

    // The guide leads to sign in and back to where one was.
    let gate = resident.get("/items/senior-card/start").await;
    assert_eq!(gate.location(), "/sign-in?back=/items/senior-card/start");
    let form = resident.follow(&gate).await;
    let password = app::demo::sign_ins::PASSWORD;
    assert_eq!(form.value("back").as_deref(), Some("/items/senior-card/start"));
    let back = resident.post("/sign-in", &[("login", " Su.Yunling "), ("password", password)]).await;
    assert_eq!(back.location(), "/items/senior-card/start");
    let start = resident.follow(&back).await;
    start.assert_ok().assert_has("人口").assert_says("services-start-asked");

    let begun = resident.post("/items/senior-card/start", &[]).await;
    let draft = givens::draft_of(&begun.location());
    let about = resident.follow(&begun).await;
    about.assert_ok().assert_has("苏云岭").assert_has("990221195903120025");
    sources_and_dates(&about, 4);
    let contact = resident.get(&format!("/my/drafts/{draft}/pages/contact")).await;
    assert_eq!(contact.value("mobile").as_deref(), Some("15400550001"));
    sources_and_dates(&contact, 2);

    let changed = [("contact-address", ADDRESS), ("mobile", "15400550001"), ("name", "别人"), ("id-number", "1")];
    resident.post(&format!("/my/drafts/{draft}/pages/contact"), &changed).await.assert_status(303);
    let check = givens::fill(&mut resident, &draft, &SENIOR_CARD).await;
    check.assert_ok().assert_has(ADDRESS).assert_has("苏云岭").assert_lacks("别人");
    check.assert_has("听泉路16号"); // what the register says stands beside what was changed
    let receipt = resident.post(&format!("/my/drafts/{draft}/submit"), &[]).await;
    let case = givens::case_of(&receipt.location());
    resident.follow(&receipt).await.assert_ok().assert_says("services-receipt-done");
    let ran = app.run_jobs().await;
    assert_eq!(ran, 1, "the job of the decision finds it made and changes nothing");

    let certificate = givens::certificate(&mut resident, &case).await;
    assert_eq!(certificates_of(&app, &case).await, 1);
    let card = resident.get(&format!("/my/certificates/{certificate}")).await;
    card.assert_ok().assert_has("苏云岭").assert_has(ADDRESS).assert_has("990221195903120025");
    resident.get("/my/notices").await.assert_says_with("services-notice-granted", &[("item", "老年人优待证")]);
    verified_by_a_stranger(&app, &card).await;
}

/// Each value that a register filled in says from where and of when.
fn sources_and_dates(page: &Page, count: usize) {
    let html = page.html();
    let sources = page.elements().into_iter().filter(|element| element.has_class("src"));
    let sources: Vec<String> = sources.map(|e| tests::html::words(tests::html::inner(&html, &e))).collect();
    assert_eq!(sources.len(), count, "{sources:?}\n{}", page.shown());
    for source in sources {
        assert!(source.contains("云岭市公安局") && source.contains("年"), "{source}");
    }
}

async fn certificates_of(app: &TestApp, case: &str) -> usize {
    let rows = app.rows("SELECT case_id FROM certificates_certificate").await;
    rows.iter().filter(|row| row.str(0).unwrap() == case).count()
}

/// The code on the card leads anybody to the verdict, at the least disclosure, with a proof once the log is sealed.
async fn verified_by_a_stranger(app: &TestApp, card: &Page) {
    let html = card.html();
    let address = html.split("http://hall.yunling.example").nth(1).expect("the card shows its address");
    let path = address.split(['"', '<', '&', ' ']).next().unwrap().to_owned();
    let mut stranger = app.anonymous();
    let pending = stranger.get(&path).await;
    pending.assert_ok().assert_says("certificates-standing-valid-title").assert_says("certificates-log-pending");
    stranger.get(&format!("{path}/proof")).await.assert_status(503);
    app.seal().await;
    let verdict = stranger.get(&path).await;
    verdict.assert_ok().assert_says("certificates-standing-valid-title").assert_says("certificates-log-title");
    verdict.assert_lacks("990221195903120025").assert_lacks("苏云岭").assert_lacks(ADDRESS);
    let proof = stranger.get(&format!("{path}/proof")).await;
    assert!(proof.assert_ok().html().starts_with("c2sp.org/tlog-proof@v1"), "{}", proof.shown());
    let json = stranger.with_header("accept", "application/json").get(&path).await.json();
    assert_eq!(json["state"], "valid");
    assert!(!json.to_string().contains("990221195903120025"), "{json}");
}

#[tokio::test]
async fn who_is_too_young_is_refused_with_reasons_basis_and_the_way_to_appeal() {
    let app = TestApp::new().await;
    let mut agent = app.sign_in("agent").await;
    let case = givens::apply(&mut agent, &SENIOR_CARD).await;
    let page = agent.get(&format!("/my/cases/{case}")).await;
    page.assert_ok().assert_says("services-ending-refused");
    page.assert_has("您还没有年满60周岁").assert_has("《老年人权益保障法》第二条");
    page.assert_has("行政复议").assert_has("行政诉讼").assert_says("services-outcome-appeal");
    // Only what is not met carries a refusal.
    page.assert_lacks("人口库中的状态不是").assert_lacks("您的户籍和居住登记都不在云岭市");
    assert!(page.links("/my/certificates/crt_").is_empty());
    let english = agent.with_lang("en").get(&format!("/my/cases/{case}")).await;
    english.assert_has("You are not yet 60.").assert_has("Law on the Protection of the Rights and Interests");
    app.run_jobs().await;
}

#[tokio::test]
async fn sent_twice_it_is_one_case() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, "senior-card").await;
    givens::fill(&mut resident, &draft, &SENIOR_CARD).await;
    let path = format!("/my/drafts/{draft}/submit");
    let (mut one, mut two) = (resident.clone(), resident.clone());
    // Pressed twice at once, then once more, then replayed from a bookmark of a page of the draft.
    let (first, second) = tokio::join!(one.post(&path, &[]), two.post(&path, &[]));
    let third = resident.post(&path, &[]).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(first.location(), third.location());
    let bookmark = resident.get(&format!("/my/drafts/{draft}/pages/contact")).await;
    assert_eq!(bookmark.location(), first.location());
    let saved = resident.post(&format!("/my/drafts/{draft}/pages/contact"), &[("mobile", "15400000000")]).await;
    assert_eq!(saved.location(), first.location());
    let case = givens::case_of(&first.location());
    let rows = app.rows("SELECT id FROM services_case WHERE submitted_at >= 1795140000000000").await;
    assert_eq!(rows.len(), 1, "one case, whatever was pressed");
    assert_eq!(certificates_of(&app, &case).await, 1, "and one certificate");
    app.run_jobs().await;
}

#[tokio::test]
async fn begun_twice_at_once_it_is_one_draft() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    resident.get("/items/senior-card/start").await.assert_ok();
    let (mut one, mut two) = (resident.clone(), resident.clone());
    let path = "/items/senior-card/start";
    let (first, second) = tokio::join!(one.post(path, &[]), two.post(path, &[]));
    let again = resident.post(path, &[]).await;
    // On PostgreSQL the two run on two connections: the later one meets the earlier one's key and hears its outcome.
    assert_eq!((second.location(), again.location()), (first.location(), first.location()));
    let drafts = app.count("SELECT COUNT(*) FROM services_draft WHERE case_id IS NULL").await;
    assert_eq!(drafts, 1, "{} {} {}", first.shown(), second.shown(), again.shown());
}
