//! Papers that registers stand for; what becomes of an application while a register does not answer.
use std::path::PathBuf;

use exchange::GrantSeed;
use platform::Ctx;
use platform::clock::{MINUTE, Timestamp};
use platform::i18n::Lang;
use platform::policy::{Action, On};
use rusqlite::Connection;
use tempfile::TempDir;
use tests::app::NOW;
use tests::givens::{self, Form, act, task};
use tests::{Page, TestApp};

const NEWCOMER: &str = "990321199705080038";
const SENIOR: &str = "990221195903120025";

/// The newcomer's permit; the proof of work is not among the files.
const PERMIT: Form = Form {
    item: "residence-permit",
    answers: &[
        ("ground-detail", &[("ground-detail", "在江湾街道的工厂上班，合同三年。")]),
        ("stay", &[("stay-months", "36")]),
        ("contact-person", &[("contact-name", "周启航"), ("contact-phone", "15400559998")]),
        ("declaration", &[("declaration", "yes")]),
    ],
    files: &[],
};

const WITH_PAPER: Form = Form { files: &[("proof", &["proof"])], ..PERMIT };

const EMPLOYER: &str = "云岭市望川区江湾机械厂";

const BENEFIT: Form = Form {
    item: "unemployment-benefit",
    answers: &[
        ("insurance", &[("employer", EMPLOYER), ("last-month.y", "2026"), ("last-month.m", "10")]),
        ("leaving", &[("left-on.y", "2026"), ("left-on.m", "10"), ("left-on.d", "31"), ("reason", "expired")]),
        ("bank", &[("bank-name", "云岭银行"), ("bank-card", "4111111111111111")]),
        ("declaration", &[("declaration", "yes")]),
    ],
    files: &[],
};

/// The social insurance bureau's own system: a file that is not there before it answers.
struct Bureau {
    app: TestApp,
    file: PathBuf,
    _folder: TempDir,
}

impl Bureau {
    async fn away() -> Self {
        let folder = tempfile::Builder::new().prefix("tongban-hrss-").tempdir().unwrap();
        let file = folder.path().join("hrss.db");
        let address = file.to_str().unwrap().to_owned();
        let app = TestApp::with(|config| drop(config.connectors.addresses.insert("social_insurance".into(), address)));
        Self { app: app.await, file, _folder: folder }
    }

    /// From now on it says that the newcomer and the senior are insured by this employer; asked again after the pause
    /// that a source which fails is given.
    fn answers(&self, employer: &str) {
        let database = Connection::open(&self.file).unwrap();
        let table = "CREATE TABLE ac02 (aac147 TEXT PRIMARY KEY, aac031 TEXT, aae140 TEXT, aab998 TEXT, aab069 TEXT, \
                     aae030 INTEGER, aae201 INTEGER, aae041 INTEGER, aae036 TEXT)";
        database.execute_batch(table).unwrap();
        for subject in [NEWCOMER, SENIOR] {
            let row = "INSERT INTO ac02 VALUES (?1, '1', '110', NULL, ?2, 201908, 80, 202610, '2026-11-01 08:30:00')";
            database.execute(row, [subject, employer]).unwrap();
        }
        self.app.advance(MINUTE);
    }
}

/// The register and its office, as the texts name them.
fn register(app: &TestApp, lang: Lang) -> (String, String) {
    let name = app.app().exchange.catalogue().get("social-insurance").unwrap().name.get(lang).to_owned();
    (name, app.app().hall.organisations().find("hrss").unwrap().name.get(lang).to_owned())
}

#[track_caller]
fn says(app: &TestApp, page: &Page, key: &str) {
    let (register, provider) = register(app, page.lang());
    page.assert_says_with(key, &[("register", &register), ("provider", &provider)]);
}

#[track_caller]
fn does_not_say(app: &TestApp, page: &Page, key: &str) {
    let (register, provider) = register(app, page.lang());
    let text = page.text(key, &[("register", &register), ("provider", &provider)]);
    page.assert_lacks(&text);
}

fn takes_file(page: &Page) -> bool {
    page.elements().iter().any(|element| element.attribute("type") == Some("file"))
}

async fn waived(app: &TestApp, item: &str) -> i64 {
    let ctx = Ctx::system(app.platform(), "tests.figures");
    let all = app.app().hall.papers_waived(&ctx, Timestamp(NOW.0 - 1)).await.unwrap();
    all.iter().find(|(key, _)| key == item).map_or(0, |(_, count)| *count)
}

#[tokio::test]
async fn the_guide_tells_what_need_not_be_brought_and_what_remains() {
    let app = TestApp::new().await;
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let mut visitor = app.anonymous().with_lang(lang);
        let guide = visitor.get("/items/residence-permit").await;
        guide.assert_ok().assert_says("services-guide-waived").assert_says("services-guide-waived-unless");
        says(&app, &guide, "services-guide-waived-by");
        guide.assert_says("services-guide-remaining").assert_says("services-material-voluntary");
        let nothing = guide.text("services-guide-nothing", &[]);
        guide.assert_lacks(&nothing);
        // Three papers that registers stand for; the photograph is the one that remains.
        let words = guide.words();
        let (waived, rest) = words.split_once(&guide.text("services-guide-remaining", &[])).unwrap();
        let photo = ["近期免冠照片", "Recent photograph"].into_iter().find(|name| rest.contains(name));
        assert!(photo.is_some_and(|photo| !waived.contains(photo)), "{words}");
        // Where no register ever has to be replaced by a paper, nothing is to be brought at all.
        visitor
            .get("/items/senior-card")
            .await
            .assert_says("services-guide-nothing")
            .assert_says("services-guide-waived");
    }
}

#[tokio::test]
async fn what_a_register_proves_is_shown_and_not_asked_for() {
    let app = TestApp::new().await;
    let mut newcomer = app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, "residence-permit").await;
    let page = newcomer.get(&format!("/my/drafts/{draft}/pages/proof")).await;
    says(&app, page.assert_ok(), "form-ask-proved");
    assert!(!takes_file(&page), "{}", page.shown());
    let employer = employer_of(&app).await;
    page.assert_has(&employer).assert_says("form-as-of");
    let check = givens::fill(&mut newcomer, &draft, &PERMIT).await;
    check.assert_ok().assert_has(&employer);
    says(&app, &check, "form-note-proved");
    // A file that was sent all the same is not taken: nothing was asked for.
    let at = format!("/my/drafts/{draft}/pages/proof");
    let file = [tests::Upload { field: "proof", name: "合同.pdf", bytes: givens::PDF }];
    newcomer.post_multipart(&at, &[], &file).await.assert_status(303);
    newcomer.get(&format!("/my/drafts/{draft}/check")).await.assert_ok().assert_lacks("合同.pdf");

    let case = givens::submit(&mut newcomer, &draft).await;
    assert_eq!(waived(&app, "residence-permit").await, 3, "identity, residence registration, proof of work");
    let accept = task(&app, &case, "accept", None).await;
    let mut clerk = app.sign_in_at("public-security@990103", "clerk").await;
    let page = clerk.get(&format!("/inbox/tasks/{accept}")).await;
    says(&app, page.assert_ok(), "form-note-proved");
    page.assert_has(&employer).assert_lacks(&page.text("services-compare-unverified", &[]));

    // The office may still ask for the paper itself, and then the form takes it.
    let wanted = [("field", "proof"), ("message", "请补传劳动合同，参保记录中的单位名称不完整。")];
    act(&mut clerk, &accept, "ask", &wanted).await.assert_status(303);
    let supplement = newcomer.get(&format!("/my/cases/{case}/supplement")).await;
    assert!(takes_file(supplement.assert_ok()), "{}", supplement.shown());
    let sent = newcomer.post_multipart(&format!("/my/cases/{case}/supplement"), &[], &file).await;
    assert_eq!(sent.location(), format!("/my/cases/{case}"));
    newcomer.follow(&sent).await.assert_has("合同.pdf");
}

async fn employer_of(app: &TestApp) -> String {
    let rows = app.rows("SELECT subject, data FROM registry_record WHERE resource = 'social-insurance'").await;
    let row = rows.iter().find(|row| row.str(0).unwrap() == NEWCOMER).expect("the newcomer is insured");
    let data: serde_json::Value = serde_json::from_str(row.str(1).unwrap()).unwrap();
    data["employer_name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn who_has_no_record_gives_the_paper_and_the_officer_reads_why() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, "residence-permit").await;
    let page = resident.get(&format!("/my/drafts/{draft}/pages/proof")).await;
    says(&app, page.assert_ok(), "form-ask-nothing");
    assert!(takes_file(&page));
    givens::fill(&mut resident, &draft, &givens::PERMIT).await.assert_ok();
    let case = givens::submit(&mut resident, &draft).await;
    assert_eq!(waived(&app, "residence-permit").await, 2);
    let accept = task(&app, &case, "accept", None).await;
    let page = app.sign_in("permit-clerk").await.get(&format!("/inbox/tasks/{accept}")).await;
    says(&app, page.assert_ok(), "form-note-nothing");
    page.assert_has("证明.pdf").assert_lacks(&page.text("services-compare-unverified", &[]));
}

#[tokio::test]
async fn while_the_source_is_away_the_paper_may_be_given_and_the_officer_reads_why() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    let mut newcomer = app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, "residence-permit").await;
    let page = newcomer.get(&format!("/my/drafts/{draft}/pages/proof")).await;
    says(app, page.assert_ok(), "form-ask-away");
    assert!(takes_file(&page), "{}", page.shown());
    // Registers that answered have filled in what they know.
    newcomer.get(&format!("/my/drafts/{draft}/pages/about-you")).await.assert_has("陆远行");
    let check = givens::fill(&mut newcomer, &draft, &WITH_PAPER).await;
    says(app, check.assert_ok(), "form-note-away");
    let case = givens::submit(&mut newcomer, &draft).await;
    says(app, &newcomer.get(&format!("/my/cases/{case}")).await, "form-note-away");
    assert_eq!(waived(app, "residence-permit").await, 2);

    let accept = task(app, &case, "accept", None).await;
    let at = format!("/inbox/tasks/{accept}");
    let mut clerk = app.sign_in_at("public-security@990103", "clerk").await;
    let page = clerk.get(&at).await;
    says(app, page.assert_ok(), "form-note-away");
    page.assert_has("证明.pdf").assert_says("services-compare-unverified");
    page.assert_says_with("services-compare-unverified-count", &[("count", "1")]);
    // It answers again: the officer reads what it says beside the paper.
    bureau.answers(EMPLOYER);
    let page = clerk.get(&at).await;
    page.assert_ok().assert_has(EMPLOYER).assert_lacks(&page.text("services-compare-unverified", &[]));
}

#[tokio::test]
async fn a_source_that_is_back_when_the_form_is_sent_verifies_it() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    let mut newcomer = app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, "unemployment-benefit").await;
    let page = newcomer.get(&format!("/my/drafts/{draft}/pages/insurance")).await;
    says(app, page.assert_ok(), "form-ask-unverified");
    let check = givens::fill(&mut newcomer, &draft, &BENEFIT).await;
    says(app, check.assert_ok(), "form-note-unverified");
    bureau.answers(EMPLOYER);
    let case = givens::submit(&mut newcomer, &draft).await;
    let page = newcomer.get(&format!("/my/cases/{case}")).await;
    does_not_say(app, page.assert_ok().assert_has(EMPLOYER), "form-note-unverified");
    let accept = task(app, &case, "accept", None).await;
    let mut clerk = app.sign_in_at("hrss", "clerk").await;
    let page = clerk.get(&format!("/inbox/tasks/{accept}")).await;
    page.assert_ok().assert_lacks(&page.text("services-compare-unverified", &[]));
    does_not_say(app, &page, "form-note-unverified");
}

#[tokio::test]
async fn what_the_source_says_otherwise_is_read_before_it_is_sent() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    let mut newcomer = app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, "unemployment-benefit").await;
    givens::fill(&mut newcomer, &draft, &BENEFIT).await.assert_ok();
    let other = "云岭市望川区另一家公司";
    bureau.answers(other);
    let path = format!("/my/drafts/{draft}/submit");
    let checked = newcomer.post(&path, &[]).await;
    checked.assert_status(422).assert_says_with("form-error-register-differs", &[("label", "原用人单位")]);
    checked.assert_has(other).assert_lacks(EMPLOYER);
    assert_eq!(app.count("SELECT COUNT(*) FROM services_case WHERE submitted_at >= 1795140000000000").await, 0);
    let case = givens::case_of(&newcomer.post(&path, &[]).await.location());
    let page = newcomer.get(&format!("/my/cases/{case}")).await;
    does_not_say(app, page.assert_ok().assert_has(other), "form-note-unverified");
}

#[tokio::test]
async fn what_nobody_could_verify_is_told_to_the_officer() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    let mut newcomer = app.sign_in("newcomer").await;
    let case = givens::apply(&mut newcomer, &BENEFIT).await;
    says(app, &newcomer.get(&format!("/my/cases/{case}")).await, "form-note-unverified");
    let accept = task(app, &case, "accept", None).await;
    let at = format!("/inbox/tasks/{accept}");
    let mut clerk = app.sign_in_at("hrss", "clerk").await;
    let page = clerk.get(&at).await;
    page.assert_ok().assert_has(EMPLOYER).assert_says("services-compare-unverified");
    page.assert_says_with("services-compare-unverified-count", &[("count", "6")]);
    page.assert_has("累计缴费月数").assert_says("services-compare-away");
    says(app, &page, "form-note-unverified");
    bureau.answers("云岭市望川区另一家公司");
    let page = clerk.get(&at).await;
    page.assert_ok().assert_has("另一家公司").assert_says("services-compare-differs");
    page.assert_says("services-compare-answered-since");
    does_not_say(app, &page, "form-note-unverified");
}

#[tokio::test]
async fn nothing_is_certified_while_the_register_that_vouches_for_it_is_away() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    let basis = "basis: { zh-Hans: 虚构, zh-Hant: 虛構, en: Fictional }";
    let need =
        format!("\nfacts:\n  - {{ resource: social-insurance, field: employer_name, subject: applicant, {basis} }}\n");
    let document = include_str!("../../packs/demo/items/residence-permit.yaml").replacen("version: 1", "version: 2", 1);
    let document = document.replacen("from: population.hukou_address }", "from: social-insurance.employer_name }", 1);
    app.publish(document.replacen("\nfacts:\n", &need, 1)).await;
    let (mut resident, mut clerk) = (app.sign_in("resident").await, app.sign_in("permit-clerk").await);
    let case = givens::accepted_permit(app, &mut resident, &mut clerk).await;
    let review = task(app, &case, "review", None).await;
    act(&mut clerk, &review, "review", &[("verdict", "passed")]).await.assert_status(303);
    let (mut decider, decision) = (app.sign_in("permit-decider").await, task(app, &case, "decide", None).await);
    let granted = [("verdict", "granted"), ("reason", "住所真实")];
    let page = act(&mut decider, &decision, "decide", &granted).await;
    page.assert_status(409).assert_says("services-conflict-source-away");
    assert_eq!(
        app.count(
            "SELECT COUNT(*) FROM services_case WHERE state = 'deciding' AND certificate IS NULL AND \
                          submitted_at >= 1795140000000000"
        )
        .await,
        1
    );
    bureau.answers(EMPLOYER);
    act(&mut decider, &decision, "decide", &granted).await.assert_status(303);
    let certificate = givens::certificate(&mut resident, &case).await;
    resident.get(&format!("/my/certificates/{certificate}")).await.assert_ok().assert_has(EMPLOYER);
}

/// The senior card, made to ask the social insurance as well.
async fn card_asks_the_bureau(app: &TestApp) {
    let document = include_str!("../../packs/demo/items/senior-card.yaml").replacen("version: 1", "version: 2", 1);
    let basis = "basis: { zh-Hans: 虚构, zh-Hant: 虛構, en: Fictional }";
    let need = format!("\nfacts:\n  - {{ resource: social-insurance, field: status, subject: applicant, {basis} }}\n");
    app.publish(document.replacen("\nfacts:\n", &need, 1)).await;
    let ctx = Ctx::system(app.platform(), "tests.grant");
    let seed = GrantSeed {
        consumer: "civil-affairs".into(),
        purpose: "senior-card".into(),
        resource: "social-insurance".into(),
        fields: vec!["status".into()],
        basis: "test".into(),
        valid_from: ctx.now(),
        valid_to: None,
    };
    let (exchange, grant) = (app.app().exchange.clone(), ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap());
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &[seed])).await.unwrap();
}

#[tokio::test]
async fn an_instant_decision_waits_for_its_source_and_says_so() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    card_asks_the_bureau(app).await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &givens::SENIOR_CARD).await;
    let (register, provider) = register(app, Lang::ZhHans);
    for path in [format!("/my/cases/{case}/receipt"), format!("/my/cases/{case}")] {
        let page = resident.get(&path).await;
        let source = page.text("services-waits-source", &[("register", &register), ("provider", &provider)]);
        page.assert_ok().assert_says_with("services-waits", &[("sources", &source)]);
    }
    assert_eq!(app.run_jobs().await, 1, "put off, not failed");
    bureau.answers(EMPLOYER);
    app.advance(6 * MINUTE);
    assert_eq!(app.run_jobs().await, 1);
    resident.get(&format!("/my/cases/{case}")).await.assert_ok().assert_says("services-ending-granted");
}

#[tokio::test]
async fn an_instant_decision_does_not_wait_for_ever() {
    let bureau = Bureau::away().await;
    let app = &bureau.app;
    card_asks_the_bureau(app).await;
    let mut resident = app.sign_in("resident").await;
    let case = givens::apply(&mut resident, &givens::SENIOR_CARD).await;
    app.advance_days(8); // Saturday: the five working days of acceptance are over
    app.run_jobs().await;
    // What the others say settles it here: the rule asks nothing of the bureau.
    let mut resident = app.sign_in("resident").await;
    resident.get(&format!("/my/cases/{case}")).await.assert_ok().assert_says("services-ending-granted");
}

#[tokio::test]
async fn without_a_grant_the_paper_is_asked_for_as_ever() {
    let app = TestApp::new().await;
    let ctx = Ctx::system(app.platform(), "tests.revoke");
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let revoke = |tx: &mut platform::db::Tx<'_>| {
        let sql = "DELETE FROM exchange_grant WHERE purpose = 'residence-permit' AND resource = 'social-insurance'";
        assert_eq!(tx.exec(sql, &[])?, 1);
        tx.audited(platform::audit::Entry { event: "tests.revoked", ..Default::default() }, ())
    };
    ctx.db().write(grant, revoke).await.unwrap();
    let mut newcomer = app.sign_in("newcomer").await;
    let draft = givens::begin(&mut newcomer, "residence-permit").await;
    newcomer.get(&format!("/my/drafts/{draft}/pages/about-you")).await.assert_has("陆远行");
    let page = newcomer.get(&format!("/my/drafts/{draft}/pages/proof")).await;
    assert!(takes_file(page.assert_ok()), "{}", page.shown());
    for key in ["form-ask-proved", "form-ask-away", "form-ask-nothing"] {
        does_not_say(&app, &page, key);
    }
}
