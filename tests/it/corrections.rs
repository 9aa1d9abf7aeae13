//! "This is wrong": a resident or an office asks, the provider corrects or declines, who asked is told.
use exchange::LookSeed;
use platform::Ctx;
use platform::clock::DAY;
use platform::policy::{Action, ActorKind, On};
use tests::givens::{self, task};
use tests::{Caller, Page, TestApp};

const RESIDENT_FACT: &str = "population.mobile";

async fn ask(caller: &mut Caller, path: &str, fields: &[(&str, &str)]) -> Page {
    caller.get(path).await.assert_ok();
    caller.post(path, fields).await
}

async fn first_open(officer: &mut Caller) -> String {
    let inbox = officer.get("/inbox/corrections").await;
    inbox.assert_ok();
    inbox.links("/inbox/corrections/cor_").first().cloned().unwrap_or_else(|| panic!("{}", inbox.shown()))
}

#[tokio::test]
async fn a_resident_asks_and_the_register_is_corrected() {
    let app = TestApp::new().await;
    let (mut resident, mut police) = (app.sign_in("resident").await, app.sign_in("own-clerk").await);
    let empty = ask(&mut resident, "/my/corrections/new", &[("words", "换了")]).await;
    empty.assert_status(422).assert_field_error("fact", &empty.text("registry-correction-field", &[]));
    empty.assert_field_error("right", &empty.text("registry-correction-right", &[]));
    empty.assert_field_error("words", &empty.text("registry-words-short", &[("min", "4")]));
    // A person's form offers nothing about enterprises.
    assert!(!resident.get("/my/corrections/new").await.html().contains("enterprise.uscc"));

    let said = [("fact", RESIDENT_FACT), ("right", "15400551234"), ("words", "去年已换号，附运营商回执编号 2026-11。")];
    ask(&mut resident, "/my/corrections/new", &said).await.assert_status(303);
    ask(&mut resident, "/my/corrections/new", &said).await.assert_status(303);
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_correction").await, 1, "asked once");
    // Ten working days after Friday, 20 November.
    resident.get("/my/corrections").await.assert_says("registry-correction-state-open").assert_has("2026年12月4日");
    police.get("/my/notices").await.assert_has("人口基础信息");

    let path = first_open(&mut police).await;
    app.sign_in("foreign-clerk").await.get(&path).await.assert_status(404);
    let before = app.count("SELECT COUNT(*) FROM exchange_trail").await;
    let shown = police.get(&path).await;
    shown.assert_ok().assert_has("15400551234").assert_says("registry-correction-now");
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_trail").await, before + 1, "the look stands in the trail");
    let nothing = police.post(&path, &[]).await;
    nothing.assert_status(422).assert_field_error("decision", &nothing.text("registry-correction-choose", &[]));
    let decision = |value| [("decision", "corrected"), ("value", value), ("words", "经核实已更正。")];
    let wrong = police.post(&path, &decision("154005512345")).await;
    let length = [("field", "mobile"), ("max", "11"), ("found", "12")];
    wrong.assert_status(422).assert_field_error("value", &wrong.text("registry-field-length", &length));
    let answered = police.post(&path, &decision("15400551234")).await.location();
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let done = police.clone().with_lang(lang).get(&answered).await;
        let state = done.text("registry-correction-state-corrected", &[]);
        done.assert_says_with("registry-correction-done", &[("state", &state), ("who", "苏云岭")]);
    }
    police.post(&path, &decision("15400551234")).await.assert_status(409).assert_says("registry-conflict-decided");

    // Answered: it is nothing to do any more, and stays findable.
    police.get("/inbox/corrections").await.assert_ok().assert_lacks("联系手机");
    let answered = police.get("/inbox/corrections?list=answered").await;
    answered.assert_ok().assert_has("联系手机").assert_says("registry-correction-state-corrected");
    assert_eq!(answered.links("/inbox/corrections/cor_"), [path.as_str()]);
    assert_eq!(police.get("/inbox/corrections?list=corrected").await.links("/inbox/corrections/cor_"), [path.as_str()]);
    assert!(police.get("/inbox/corrections?list=declined").await.links("/inbox/corrections/cor_").is_empty());
    let menu = police.get("/inbox/corrections").await.links("/inbox/corrections?list=");
    assert_eq!(menu.len(), 3, "{menu:?}");

    let past = app.rows("SELECT version, data FROM registry_record_past WHERE resource = 'population'").await;
    assert_eq!(past.len(), 1, "the older version is kept");
    let sql = "SELECT r.data, r.source, r.version FROM registry_record r JOIN registry_record_past p
               ON p.resource = r.resource AND p.subject = r.subject";
    let now = app.rows(sql).await;
    assert!(now[0].str(0).unwrap().contains("\"mobile\":\"15400551234\""));
    assert_eq!((now[0].str(1).unwrap(), now[0].int(2).unwrap()), ("public-security", past[0].int(0).unwrap() + 1));
    assert_eq!(app.count("SELECT COUNT(*) FROM platform_audit WHERE event = 'record.kept'").await, 1);
    let mine = resident.get("/my/corrections").await;
    mine.assert_says("registry-correction-state-corrected").assert_has("经核实已更正。");
    resident.get("/my/notices").await.assert_says_with("registry-notice-corrected", &[("resource", "人口基础信息")]);
}

#[tokio::test]
async fn the_form_shows_what_the_register_says_now_and_the_trail_says_that_it_did() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let now = "SELECT r.data FROM registry_record r JOIN directory_person p ON p.number = r.subject
               JOIN directory_account a ON a.subject = p.id WHERE a.login = 'su.yunling' AND r.resource = 'population'";
    let data: serde_json::Value = serde_json::from_str(app.rows(now).await[0].str(0).unwrap()).unwrap();
    let mobile = data["mobile"].as_str().unwrap();
    let own = "SELECT COUNT(*) FROM exchange_trail WHERE purpose = 'own-data'";
    resident.get("/my/corrections/new?resource=population").await.assert_ok().assert_lacks(mobile);
    assert_eq!(app.count(own).await, 0);
    let sent = [("fact", RESIDENT_FACT), ("right", "15400551234"), ("show", "1")];
    let shown = resident.post("/my/corrections/new", &sent).await;
    shown.assert_ok().assert_has(mobile).assert_has("云岭市公安局").assert_has("截至");
    assert_eq!(shown.value("right").as_deref(), Some("15400551234"), "what was typed stays");
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_correction").await, 0, "nothing is asked yet");
    assert_eq!(app.count(own).await, 1);
    resident.get("/my/trail").await.assert_says("exchange-purpose-own-data").assert_says("exchange-look-own");
    // A person reads nothing of enterprises here, and an enterprise's agent nothing about persons.
    resident.post("/my/corrections/new", &[("fact", "enterprise.address"), ("show", "1")]).await.assert_ok();
    let mut agent = app.agent_of_restaurant().await;
    agent.post("/my/corrections/new", &sent).await.assert_ok();
    assert_eq!(app.count(own).await, 1);
    agent
        .post("/my/corrections/new", &[("fact", "enterprise.name"), ("show", "1")])
        .await
        .assert_has("云岭市市场监督管理局");
    assert_eq!(app.count(own).await, 2);
}

#[tokio::test]
async fn an_official_with_several_posts_says_for_which_office_it_is_asked() {
    let app = TestApp::new().await;
    let mut one = app.sign_in("card-clerk").await;
    let form = one.get("/inbox/corrections/new").await;
    assert_eq!(form.value("office").as_deref(), Some("civil-affairs"), "the only post is chosen already");
    app.add_post("card-clerk", "agriculture").await;
    let mut clerk = app.sign_in("card-clerk").await;
    let form = clerk.get("/inbox/corrections/new").await;
    assert_eq!(form.value("office"), None, "{}", form.shown());
    let said = |office| {
        [
            ("fact", "population.residence_address"),
            ("subject", "11010519491231002X"),
            ("right", "南屏省云岭市青溪区春溪街道"),
            ("words", "上门核实时发现地址不符。"),
            ("office", office),
        ]
    };
    for wrong in ["", "market"] {
        let page = clerk.post("/inbox/corrections/new", &said(wrong)).await;
        page.assert_status(422).assert_field_error("office", &page.text("registry-ask-office-choose", &[]));
    }
    clerk.post("/inbox/corrections/new", &said("civil-affairs")).await.assert_status(303);
    let asked = app.rows("SELECT asker_office FROM registry_correction").await;
    assert_eq!(asked[0].str(0).unwrap(), "civil-affairs", "not the first by name");
}

#[tokio::test]
async fn an_office_asks_and_the_provider_declines_with_a_reason() {
    let app = TestApp::new().await;
    let (mut clerk, mut police) = (app.sign_in("card-clerk").await, app.sign_in("own-clerk").await);
    let said = |subject| {
        [
            ("fact", "population.residence_address"),
            ("subject", subject),
            ("right", "南屏省云岭市青溪区春溪街道"),
            ("words", "上门核实时发现地址不符。"),
        ]
    };
    let wrong = ask(&mut clerk, "/inbox/corrections/new?resource=population", &said("110105194912310021")).await;
    wrong.assert_status(422);
    assert!(wrong.error_beside("subject").is_some(), "{}", wrong.shown());
    let number = "11010519491231002X";
    ask(&mut clerk, "/inbox/corrections/new", &said(number)).await.assert_status(303);
    clerk.get("/inbox/corrections").await.assert_has("人口基础信息");

    let path = first_open(&mut police).await;
    let shown = police.get(&path).await;
    shown.assert_ok().assert_says("registry-correction-nothing");
    // The register holds nothing about this number: there is nothing to correct, only to decline.
    let correct = [("decision", "corrected"), ("value", "某地"), ("words", "已经核实更正。")];
    police.post(&path, &correct).await.assert_status(409).assert_says("registry-conflict-no-record");
    clerk.post(&path, &[("decision", "declined"), ("words", "自己答复自己")]).await.assert_status(403);
    police.get(&path).await.assert_ok();
    let reason = "本市人口库没有此人，请向户籍地核实。";
    police.post(&path, &[("decision", "declined"), ("words", reason)]).await.assert_status(303);
    clerk.get(&path).await.assert_ok().assert_has(reason).assert_says("registry-correction-state-declined");
    clerk.get("/my/notices").await.assert_says_with("registry-notice-declined", &[("resource", "人口基础信息")]);
}

#[tokio::test]
async fn an_enterprise_asks_about_its_own_facts_only() {
    let app = TestApp::new().await;
    let mut agent = app.agent_of_restaurant().await;
    let form = agent.get("/my/corrections/new").await;
    form.assert_ok();
    assert!(form.html().contains("enterprise.address") && !form.html().contains("population.mobile"));
    let said = [("fact", RESIDENT_FACT), ("right", "15400551234"), ("words", "这不是企业的信息")];
    agent.post("/my/corrections/new", &said).await.assert_status(422);
    // Held in the provider's own system: corrected there, answered here.
    let said = [("fact", "tax-credit.tax_grade"), ("right", "A"), ("words", "评定通知书第 7 号")];
    agent.post("/my/corrections/new", &said).await.assert_status(303);
    let mut tax = app.sign_in_at("tax", "clerk").await;
    market_has_used_the_grade(&app).await;
    let path = first_open(&mut tax).await;
    tax.get(&path).await.assert_ok().assert_says("registry-correction-elsewhere");
    tax.post(&path, &[("decision", "corrected"), ("words", "已在征管系统更正。")]).await.assert_status(303);
    agent.get("/my/corrections").await.assert_has("已在征管系统更正。");
    assert!(app.count(TOLD).await > 0, "what was corrected elsewhere was used all the same");
    let mut market = app.sign_in("licence-decider").await;
    market.get("/my/notices").await.assert_has("纳税信用");
    assert!(told_of(&mut app.sign_in("card-clerk").await).await.is_empty());
}

/// The program of market supervision asked for the restaurant's tax grade a month ago.
async fn market_has_used_the_grade(app: &TestApp) {
    let look = LookSeed {
        at: app.app().platform.clock().now().plus(-30 * DAY),
        number: "91990102MA990001X4".into(),
        actor_kind: ActorKind::System,
        actor: "system".into(),
        actor_name: String::new(),
        office: None,
        consumer: "market".into(),
        purpose: "supervision".into(),
        basis: "《企业信息公示暂行条例》".into(),
        item: None,
        case: None,
        fields: [("tax-credit".to_owned(), vec!["tax_grade".to_owned()])].into(),
    };
    let exchange = app.app().exchange.clone();
    let grant = Ctx::system(app.platform(), "tests.looks").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    app.platform().db().write(grant, move |tx| exchange.seed_trail(tx, &[look])).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_told_once() {
    let app = TestApp::new().await;
    app.app().registry.begin_watch().await.unwrap();
    let mut resident = app.sign_in("resident").await;
    let said = [("fact", RESIDENT_FACT), ("right", "15400551234"), ("words", "去年已换号")];
    ask(&mut resident, "/my/corrections/new", &said).await.assert_status(303);
    let told = "SELECT COUNT(*) FROM platform_notice WHERE key = 'registry-notice-correction-late'";
    for (days, wanted) in [(14, false), (1, true), (1, true)] {
        app.advance_days(days);
        app.run_jobs().await;
        assert_eq!(app.count(told).await > 0, wanted, "the tenth working day is Friday, 4 December");
    }
    let police = "SELECT COUNT(*) FROM platform_notice n JOIN directory_account a ON a.subject = n.owner
                  WHERE n.key = 'registry-notice-correction-late' AND a.login = 'own.clerk.test'";
    assert_eq!(app.count(police).await, 1, "told once");
    let mut police = app.sign_in("own-clerk").await;
    police.get("/inbox/corrections").await.assert_says("registry-overdue");
}

/// Where somebody's notices that the mobile number was corrected lead to.
async fn told_of(caller: &mut Caller) -> Vec<String> {
    let page = caller.get("/my/notices").await;
    let words = page.text("registry-notice-value-corrected", &[("resource", "人口基础信息"), ("field", "联系手机")]);
    let leads = ["/inbox?view=", "/inbox/tasks/", "/desk/certificates/crt_"].map(|begin| page.links(begin)).concat();
    if page.shown().contains(&words) { leads } else { Vec::new() }
}

const TOLD: &str = "SELECT COUNT(*) FROM platform_notice WHERE key = 'registry-notice-value-corrected'";

async fn correct(app: &TestApp, resident: &mut Caller, police: &mut Caller, right: &str) -> Page {
    let said = [("fact", RESIDENT_FACT), ("right", right), ("words", "已换号，附运营商回执。")];
    ask(resident, "/my/corrections/new", &said).await.assert_status(303);
    let path = first_open(police).await;
    police.get(&path).await.assert_ok();
    // The answer comes later than the looks, as the look of the one who answers.
    app.advance_minutes(1);
    let answer = [("decision", "corrected"), ("value", right), ("words", "经核实已更正。")];
    police.post(&path, &answer).await.assert_status(303);
    police.get(&path).await
}

#[tokio::test]
async fn all_who_used_the_wrong_value_since_it_was_wrong_are_told() {
    let app = TestApp::new().await;
    let (mut resident, mut police) = (app.sign_in("resident").await, app.sign_in("own-clerk").await);
    // Civil affairs decide by the program; the permit's clerk reads the register.
    givens::apply(&mut resident, &givens::SENIOR_CARD).await;
    let case = givens::apply(&mut resident, &givens::PERMIT).await;
    let mut clerk = app.sign_in("permit-clerk").await;
    let accept = task(&app, &case, "accept", None).await;
    clerk.get(&format!("/inbox/tasks/{accept}")).await.assert_ok();
    assert_eq!(app.count(TOLD).await, 0);

    let answered = correct(&app, &mut resident, &mut police, "15400551234").await;
    let told = app.count(TOLD).await;
    answered.assert_says_with("registry-correction-told", &[("count", &told.to_string())]);
    let matter = format!("/inbox/tasks/{accept}");
    assert_eq!(told_of(&mut clerk).await, [matter.as_str()], "who looked is led to the case");
    let mut colleague = app.sign_in("own-reviewer").await;
    assert_eq!(told_of(&mut colleague).await, [matter.as_str()]);
    // The program decided for civil affairs: the office has no task, but it has the certificate.
    let mut office = app.sign_in("card-clerk").await;
    let certificate = told_of(&mut office).await;
    assert!(certificate.len() == 1 && certificate[0].starts_with("/desk/certificates/"), "{certificate:?}");
    assert!(told_of(&mut app.sign_in("foreign-clerk").await).await.is_empty(), "another county used nothing");
    assert!(told_of(&mut app.sign_in("licence-decider").await).await.is_empty(), "another department used nothing");
    assert!(told_of(&mut app.sign_in("resident").await).await.is_empty(), "the own look is no use by others");
    let once = "SELECT COUNT(*) FROM (SELECT owner FROM platform_notice WHERE key = 'registry-notice-value-corrected'
                GROUP BY owner HAVING COUNT(*) > 1) AS twice";
    assert_eq!(app.count(once).await, 0, "each is told once");
    // The provider's look at the record stands in the trail in words.
    let trail = resident.get("/my/trail?only=people").await;
    trail.assert_says("exchange-what-record").assert_says("exchange-purpose-fact-correction");

    // Nobody has used the second value: whoever had the first one was told already.
    correct(&app, &mut resident, &mut police, "15400559999")
        .await
        .assert_says_with("registry-correction-told", &[("count", "0")]);
    assert_eq!(app.count(TOLD).await, told);
    // What the notices lead to opens, which is a look of its own.
    colleague.get(&matter).await.assert_ok();
    office.get(&certificate[0]).await.assert_ok();
    app.run_jobs().await;
}
