//! Grants by workflow: a department asks, the provider answers in time, the grant is used, changed, ended; everybody may
//! read who may see what.
use exchange::{Ask, Facts, Flaw, Subject, SubjectKind, Want, verify_grant};
use platform::{Ctx, Error, Result};
use serde_json::Value;
use tests::cli::program;
use tests::{Caller, Page, TestApp};

const RESIDENT: &str = "990221195903120025";
pub(crate) const NEW: &str = "/exchange/requests/new";
const POPULATION: &str = "/exchange/requests/new?resource=population";

/// What the clerk of civil affairs asks for when a test changes nothing: until 31 December 2027.
const ASKED: [(&str, &str); 15] = [
    ("resource", "population"),
    ("office", "civil-affairs"),
    ("fields", "name"),
    ("fields", "birth_date"),
    ("fields", "mobile"),
    ("purpose", "supervision"),
    ("basis", "《老年人权益保障法》第五十二条"),
    ("matters", "senior-card"),
    ("from.y", "2026"),
    ("from.m", "11"),
    ("from.d", "20"),
    ("to.y", "2027"),
    ("to.m", "12"),
    ("to.d", "31"),
    ("words", "核对优待证发放情况。"),
];

/// The form with other values in some fields.
pub(crate) fn asked<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = ASKED.into_iter().filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
    kept.chain(other.iter().copied()).collect()
}

/// Asks; the address of the request.
pub(crate) async fn ask(clerk: &mut Caller, other: &[(&str, &str)]) -> String {
    clerk.get(POPULATION).await.assert_ok();
    clerk.post(NEW, &asked(other)).await.location()
}

/// Asks and grants all of it; the address of the grant.
pub(crate) async fn granted(clerk: &mut Caller, decider: &mut Caller, other: &[(&str, &str)]) -> String {
    let request = ask(clerk, other).await;
    let page = decider.get(&request).await;
    let ticked = |name| page.values(name).into_iter().map(move |value| (name, value));
    let fields: Vec<(&str, String)> = ticked("grant-fields").chain(ticked("grant-matters")).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    decider.post(&format!("{request}/grant"), &fields).await.assert_status(303);
    grant_of(clerk, &request).await
}

pub(crate) async fn grant_of(caller: &mut Caller, request: &str) -> String {
    let page = caller.get(request).await;
    page.links("/exchange/grants/xgr_").first().cloned().unwrap_or_else(|| panic!("{}", page.shown()))
}

pub(crate) struct Look<'a> {
    pub consumer: &'a str,
    pub item: Option<&'a str>,
    pub fields: &'a [&'a str],
}

pub(crate) const NAMES: Look<'_> =
    Look { consumer: "civil-affairs", item: Some("senior-card"), fields: &["name", "birth_date"] };

/// The hall asks for facts about the resident.
pub(crate) async fn look(app: &TestApp, look: Look<'_>) -> Result<Facts> {
    let rows = app.rows("SELECT id, number FROM directory_person").await;
    let row = rows.iter().find(|row| row.str(1).unwrap() == RESIDENT).unwrap();
    let owner = row.text(0).unwrap();
    let ask = Ask {
        purpose: "supervision".into(),
        basis: "《老年人权益保障法》第五十二条".into(),
        item: look.item.map(str::to_owned),
        case: None,
        consumer: look.consumer.into(),
        subject: Subject { kind: SubjectKind::Person, number: RESIDENT.into(), owner },
        wants: vec![Want {
            resource: "population".into(),
            fields: look.fields.iter().map(|field| (*field).to_owned()).collect(),
        }],
        offices: vec![look.consumer.into()],
    };
    app.app().exchange.fetch(&Ctx::system(app.platform(), "tests.hall"), ask).await
}

#[track_caller]
pub(crate) fn denied(outcome: Result<Facts>, key: &str) {
    match outcome {
        Err(Error::Denied(why)) => assert_eq!(why, key),
        other => panic!("{key}: {other:?}"),
    }
}

pub(crate) async fn notices(caller: &mut Caller) -> Page {
    caller.get("/my/notices").await
}

#[track_caller]
pub(crate) fn told(page: &Page, kind: &str) {
    let args = [("consumer", "云岭市民政局"), ("resource", "人口基础信息")];
    page.assert_says_with(&format!("exchange-notice-grant-{kind}"), &args);
}

#[tokio::test]
async fn a_department_asks_the_provider_grants_less_the_hall_uses_it_until_it_is_revoked() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    denied(look(&app, NAMES).await, "exchange-denied-no-grant");
    let choose = clerk.get(NEW).await;
    assert!(choose.assert_ok().links(NEW).contains(&POPULATION.to_owned()), "{}", choose.shown());
    let request = ask(&mut clerk, &[]).await;
    // Ten working days after Friday, 20 November.
    clerk.get(&request).await.assert_ok().assert_has("2026年12月4日").assert_says("exchange-request-asked");
    told(&notices(&mut decider).await, "asked");
    let list = decider.get("/exchange/requests").await;
    assert_eq!(list.assert_ok().links(&request), std::slice::from_ref(&request));
    assert_eq!(clerk.get("/exchange/requests?view=ours").await.links(&request), std::slice::from_ref(&request));

    // Officials of the provider read it; only its deciders decide. Others do not find it.
    let mut reader = app.sign_in("permit-clerk").await;
    reader.get(&request).await.assert_ok();
    reader.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(403);
    clerk.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(403);
    let mut other = app.sign_in("licence-decider").await;
    other.get(&request).await.assert_status(404);
    other.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(404);

    let page = decider.get(&request).await;
    assert_eq!(page.values("grant-fields"), ["name", "birth_date", "mobile"]);
    let give = format!("{request}/grant");
    let wider = decider.post(&give, &[("grant-fields", "name"), ("grant-fields", "id_number")]).await;
    wider.assert_status(422).assert_field_error("grant-fields", &wider.text("exchange-terms-fields-wider", &[]));
    let none = decider.post(&give, &[("grant-to.y", "2028"), ("grant-to.m", "1"), ("grant-to.d", "1")]).await;
    none.assert_status(422).assert_field_error("grant-to", &none.text("exchange-terms-to-wider", &[]));
    let less = [
        ("grant-fields", "name"),
        ("grant-fields", "birth_date"),
        ("grant-to.y", "2027"),
        ("grant-to.m", "6"),
        ("grant-to.d", "30"),
        ("grant-words", "手机号码不是核对所必需。"),
    ];
    decider.post(&give, &less).await.assert_status(303);
    decider.post(&give, &less).await.assert_status(409).assert_says("exchange-conflict-request-over");
    let grant = grant_of(&mut clerk, &request).await;
    let page = clerk.get(&grant).await;
    page.assert_ok()
        .assert_has("2027年6月30日")
        .assert_has("手机号码不是核对所必需。")
        .assert_says("exchange-grant-active");
    told(&notices(&mut clerk).await, "granted");

    let facts = look(&app, NAMES).await.unwrap();
    assert_eq!(facts.get("population", "name").unwrap().value, Value::from("苏云岭"));
    denied(look(&app, Look { fields: &["name", "mobile"], ..NAMES }).await, "exchange-denied-field");
    denied(look(&app, Look { item: Some("food-licence"), ..NAMES }).await, "exchange-denied-matter");
    denied(look(&app, Look { item: None, ..NAMES }).await, "exchange-denied-matter");

    let revoke = format!("{grant}/revoke");
    let empty = decider.get(&grant).await;
    empty.assert_ok();
    let empty = decider.post(&revoke, &[]).await;
    empty.assert_status(422);
    assert_eq!(empty.summary().len(), 2, "{}", empty.shown());
    let mut reviewer = app.sign_in_at("civil-affairs", "reviewer").await;
    reviewer.get(&grant).await.assert_ok();
    reviewer.post(&revoke, &[("revoke-basis", "某条"), ("revoke-words", "不用了。")]).await.assert_status(403);
    let reason = [("revoke-basis", "《政务数据共享条例》第二十条"), ("revoke-words", "核对工作已经结束。")];
    decider.post(&revoke, &reason).await.assert_status(303);
    denied(look(&app, NAMES).await, "exchange-denied-over");
    clerk.get(&grant).await.assert_says("exchange-grant-revoked").assert_has("核对工作已经结束。");
    decider.post(&revoke, &reason).await.assert_status(409).assert_says("exchange-conflict-grant-over");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_stands_beside_its_field() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("card-clerk").await;
    clerk.get(POPULATION).await.assert_ok();
    let empty = clerk.post(NEW, &[("resource", "population")]).await;
    empty.assert_status(422);
    let targets: Vec<String> = empty.summary().into_iter().map(|(target, _)| target).collect();
    assert_eq!(targets, ["#office", "#fields", "#purpose", "#basis", "#from", "#to"]);
    for (field, wrong, key) in [
        ("office", "public-security", "exchange-request-office-none"),
        ("fields", "shoe_size", "exchange-terms-fields-none"),
        ("purpose", "curiosity", "exchange-request-purpose-unknown"),
        ("matters", "senior-card case_1", "exchange-request-matter-unknown"),
        ("from.y", "2025", "exchange-request-from-past"),
        ("to.y", "2025", "exchange-terms-to-before"),
        ("to.y", "2031", "exchange-request-to-far"),
        ("to.m", "13", "exchange-day-wrong"),
    ] {
        let page = clerk.post(NEW, &asked(&[(field, wrong)])).await;
        page.assert_status(422);
        let args = [("matter", "case_1"), ("days", "1096")];
        page.assert_field_error(field.split('.').next().unwrap(), &page.text(key, &args));
        assert_eq!(page.value("basis").as_deref(), Some("《老年人权益保障法》第五十二条"), "what was typed is kept");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM exchange_request").await, requests_of_the_city(&app).await);
    clerk.post(NEW, &asked(&[("resource", "shoes")])).await.assert_status(422);
    // Pressed twice: one request.
    let page = clerk.get(POPULATION).await;
    let once = page.value("once").unwrap();
    let first = clerk.post(NEW, &asked(&[("once", once.as_str())])).await.location();
    assert_eq!(clerk.post(NEW, &asked(&[("once", once.as_str())])).await.location(), first);
}

/// Requests that the demo city begins with.
async fn requests_of_the_city(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM exchange_request WHERE asked_at < 1795140000000000").await
}

#[tokio::test]
async fn a_refusal_cites_its_ground() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let request = ask(&mut clerk, &[]).await;
    decider.get(&request).await.assert_ok();
    let refuse = format!("{request}/refuse");
    let bare = decider.post(&refuse, &[("refuse-words", "不行")]).await;
    bare.assert_status(422).assert_field_error("refuse-ground", &bare.text("exchange-refuse-ground-none", &[]));
    assert_eq!(bare.summary().len(), 3);
    // The other form of the page stays as it was.
    assert_eq!(bare.values("grant-fields"), ["name", "birth_date", "mobile"]);
    assert_eq!(bare.value("grant-to.y").as_deref(), Some("2027"));
    let reason = [
        ("refuse-ground", "no-basis"),
        ("refuse-basis", "《政务数据共享条例》第十九条"),
        ("refuse-words", "所引条款没有授权查询手机号码。"),
    ];
    decider.post(&refuse, &reason).await.assert_status(303);
    let read = clerk.get(&request).await;
    read.assert_says("exchange-request-refused").assert_says("exchange-ground-no-basis");
    read.assert_has("第十九条").assert_has("所引条款没有授权查询手机号码。");
    told(&notices(&mut clerk).await, "refused");
    // The consumer changes what it said and asks again; nobody else is shown the way.
    let again = read.links("/exchange/requests/new?").first().cloned().unwrap();
    assert!(decider.get(&request).await.links("/exchange/requests/new?").is_empty());
    let again = clerk.get(&again).await;
    assert_eq!(again.assert_ok().values("fields"), ["name", "birth_date", "mobile"]);
    let said = ["purpose", "matters", "to.m"].map(|name| again.value(name).unwrap());
    assert_eq!(said, ["supervision", "senior-card", "12"]);
    let like = again.values("office");
    assert_eq!(like, ["civil-affairs"]);
    let other = format!("{POPULATION}&like={}", request.rsplit('/').next().unwrap());
    app.sign_in("licence-reviewer").await.get(&other).await.assert_status(404);
    denied(look(&app, NAMES).await, "exchange-denied-no-grant");
    // A request that is over can be neither granted, withdrawn nor put off.
    decider.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(409);
    decider.post(&format!("{request}/extend"), &[("extend-words", "需要研究")]).await.assert_status(409);
    clerk.post(&format!("{request}/withdraw"), &[]).await.assert_status(409);
}

#[tokio::test]
async fn what_is_shared_without_condition_is_granted_at_once_but_for_personal_fields() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("card-clerk").await;
    let request = ask(&mut clerk, &[("resource", "enterprise"), ("fields", "status"), ("matters", "")]).await;
    clerk.get(&request).await.assert_says("exchange-request-granted").assert_says("exchange-step-granted");
    let grant = grant_of(&mut clerk, &request).await;
    clerk.get(&grant).await.assert_ok().assert_says("exchange-matters-all");
    let personal = ask(&mut clerk, &[("resource", "enterprise"), ("fields", "legal_representative_id")]).await;
    clerk.get(&personal).await.assert_says("exchange-request-asked");
    clerk.post(&format!("{personal}/withdraw"), &[]).await.assert_status(303);
    clerk.get(&personal).await.assert_says("exchange-request-withdrawn");
}

#[tokio::test]
async fn what_is_not_shared_is_refused_at_once_on_its_law() {
    let app = TestApp::new().await;
    let stopped = app.stop().await;
    let sql = "UPDATE registry_resource SET document = REPLACE(document, '\"conditional\"', '\"none\"')
               WHERE key = 'food-staff'";
    stopped.change(sql).await;
    let app = TestApp::resume(stopped).await;
    let mut clerk = app.sign_in("card-clerk").await;
    let request = ask(&mut clerk, &[("resource", "food-staff"), ("fields", "valid_to")]).await;
    let page = clerk.get(&request).await;
    page.assert_says("exchange-request-refused").assert_says("exchange-ground-forbidden").assert_has("食品安全法");
}

#[tokio::test]
async fn both_sides_hold_one_signed_document_that_anybody_can_verify() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let grant = granted(&mut clerk, &mut decider, &[]).await;
    let file = clerk.get(&format!("{grant}/document")).await;
    file.assert_ok();
    assert_eq!(decider.get(&format!("{grant}/document")).await.body, file.body);
    app.sign_in("licence-decider").await.get(&format!("{grant}/document")).await.assert_status(404);
    let keys = app.anonymous().get("/grants/keys.json").await.json();
    let key_of = |uscc: &str| {
        let all = keys["keys"].as_array().unwrap();
        let jwk = all.iter().find(|key| key["kid"].as_str().unwrap().starts_with(&format!("{uscc}#")))?;
        seal::keys::PublicKey::from_jwk(jwk).ok()
    };
    let document = verify_grant(&file.html(), key_of).unwrap();
    assert_eq!((document.provider.org.as_str(), document.consumer.org.as_str()), ("public-security", "civil-affairs"));
    assert_eq!(document.fields, ["name", "birth_date", "mobile"]);
    assert_eq!(document.valid_from, "2026-11-20T00:00:00+08:00");
    assert_eq!(document.valid_until.as_deref(), Some("2028-01-01T00:00:00+08:00"));
    assert_eq!((document.version, document.previous), (1, None));
    let forged = file.html().replace("birth_date", "id_number");
    assert_eq!(verify_grant(&forged, key_of), Err(Flaw::Hash));

    // A narrower version names the one before.
    decider.get(&grant).await.assert_ok();
    let narrow = format!("{grant}/narrow");
    let all = [("narrow-fields", "name"), ("narrow-fields", "birth_date"), ("narrow-fields", "mobile")];
    let same = decider.post(&narrow, &[&all[..], &[("narrow-words", "没有变化。")]].concat()).await;
    same.assert_status(422).assert_field_error("narrow-fields", &same.text("exchange-terms-same", &[]));
    decider.post(&narrow, &[("narrow-fields", "name"), ("narrow-words", "只需核对姓名。")]).await.assert_status(303);
    let second = clerk.get(&format!("{grant}/document")).await;
    let second = verify_grant(&second.html(), key_of).unwrap();
    assert_eq!((second.version, second.fields), (2, vec!["name".to_owned()]));
    assert_eq!(second.previous.as_deref(), file.json()["hash"].as_str());
    clerk.get(&format!("{grant}/document?version=1")).await.assert_ok();
    clerk.get(&format!("{grant}/document?version=3")).await.assert_status(404);
    denied(look(&app, NAMES).await, "exchange-denied-field");
    look(&app, Look { fields: &["name"], ..NAMES }).await.unwrap();
    told(&notices(&mut app.sign_in_at("civil-affairs", "decider").await).await, "narrowed");
}

#[tokio::test]
async fn a_delegation_is_narrower_and_ends_with_its_grant() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let grant = granted(&mut clerk, &mut decider, &[]).await;
    let mut holder = app.sign_in_at("civil-affairs", "decider").await;
    holder.get(&grant).await.assert_ok();
    let delegate = format!("{grant}/delegate");
    let to = |fields: &'static [&'static str]| {
        let all = fields.iter().map(|field| ("delegate-fields", *field));
        [("delegate-office", "health")].into_iter().chain(all).collect::<Vec<_>>()
    };
    let wider = holder.post(&delegate, &to(&["name", "marital_status"])).await;
    wider.assert_status(422).assert_field_error("delegate-fields", &wider.text("exchange-terms-fields-wider", &[]));
    let mut reviewer = app.sign_in_at("civil-affairs", "reviewer").await;
    reviewer.get(&grant).await.assert_ok();
    reviewer.post(&delegate, &to(&["name"])).await.assert_status(403);
    let own = holder.post(&delegate, &[("delegate-office", "civil-affairs"), ("delegate-fields", "name")]).await;
    own.assert_status(422).assert_field_error("delegate-office", &own.text("exchange-delegate-office-none", &[]));
    let child = holder.post(&delegate, &to(&["name", "birth_date"])).await.location();
    let mut health = app.sign_in_at("health", "decider").await;
    health.get(&child).await.assert_ok().assert_has("云岭市民政局");
    health.get(&grant).await.assert_status(404);
    told_delegated(&notices(&mut decider).await);
    let by_health = || Look { consumer: "health", ..NAMES };
    look(&app, by_health()).await.unwrap();
    // Not further.
    health.post(&format!("{child}/delegate"), &[("delegate-office", "market"), ("delegate-fields", "name")]).await;
    assert_eq!(
        app.count("SELECT COUNT(*) FROM exchange_grant WHERE parent IS NOT NULL AND consumer = 'market'").await,
        0
    );

    // What the grant loses, the delegation loses.
    decider.get(&grant).await.assert_ok();
    let less = [("narrow-fields", "birth_date"), ("narrow-fields", "mobile"), ("narrow-words", "姓名不必提供。")];
    decider.post(&format!("{grant}/narrow"), &less).await.assert_status(303);
    denied(look(&app, by_health()).await, "exchange-denied-field");
    look(&app, Look { fields: &["birth_date"], ..by_health() }).await.unwrap();
    let reason = [("revoke-basis", "《政务数据共享条例》第二十条"), ("revoke-words", "工作已经结束。")];
    decider.post(&format!("{grant}/revoke"), &reason).await.assert_status(303);
    denied(look(&app, Look { fields: &["birth_date"], ..by_health() }).await, "exchange-denied-over");
    health.get(&child).await.assert_says("exchange-grant-revoked");
}

#[track_caller]
fn told_delegated(page: &Page) {
    let args = [("consumer", "云岭市卫生健康委员会"), ("resource", "人口基础信息")];
    page.assert_says_with("exchange-notice-grant-delegated", &args);
}

#[tokio::test]
async fn everybody_may_read_who_may_see_what() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let mut anybody = app.anonymous();
    let before = anybody.get("/grants?q=%E7%9B%91%E7%9D%A3%E6%A3%80%E6%9F%A5+civil-affairs").await;
    before.assert_ok().assert_says("exchange-who-none");
    let grant = granted(&mut clerk, &mut decider, &[("basis", "=《示例条例》\"第一条\"")]).await;
    let page = anybody.get("/grants?q=supervision+%E6%B0%91%E6%94%BF%E5%B1%80").await;
    page.assert_ok().assert_has("云岭市民政局").assert_has("人口基础信息").assert_has("2027年12月31日");
    let table = anybody.get("/grants.csv?q=supervision").await;
    assert!(table.header("content-type").starts_with("text/csv"));
    let text = table.html();
    assert!(text.contains("\"'=《示例条例》\"\"第一条\"\"\""), "{text}");
    assert_eq!(text.matches("\r\n").count(), 2, "{text}");
    let mut english = app.anonymous().with_lang("en");
    english.get("/grants?q=population+civil+affairs+supervision").await.assert_ok().assert_has("Population register");
    let all = anybody.get("/grants.csv").await.html().matches("\r\n").count() - 1;
    let standing = app.count("SELECT COUNT(*) FROM exchange_grant WHERE state = 'active'").await;
    assert_eq!(all as i64, standing);
    // Half a page after another, the list is the same.
    let mut seen = 0;
    let mut next = Some("/grants".to_owned());
    while let Some(path) = next {
        let page = anybody.get(&path).await;
        seen += page
            .assert_ok()
            .elements()
            .iter()
            .filter(|e| e.name == "th" && e.attribute("scope") == Some("row"))
            .count();
        next = page.links("/grants?q=&after=").first().cloned();
    }
    assert_eq!(seen, all);
    let reason = [("revoke-basis", "《政务数据共享条例》第二十条"), ("revoke-words", "工作已经结束。")];
    decider.get(&grant).await.assert_ok();
    decider.post(&format!("{grant}/revoke"), &reason).await.assert_status(303);
    anybody.get("/grants?q=supervision+%E6%B0%91%E6%94%BF%E5%B1%80").await.assert_says("exchange-who-none");
}

#[tokio::test]
async fn an_administrator_sees_everything_and_decides_nothing() {
    let app = TestApp::new().await;
    let (mut clerk, mut decider) = (app.sign_in("card-clerk").await, app.sign_in("permit-decider").await);
    let request = ask(&mut clerk, &[]).await;
    let grant = granted(&mut clerk, &mut decider, &[]).await;
    let mut administrator = app.sign_in("administrator").await;
    administrator.get("/exchange/requests").await.assert_ok().assert_says("exchange-requests-escalated");
    let all = administrator.get("/exchange/requests?view=all").await;
    assert!(all.links(&request).len() == 1, "{}", all.shown());
    administrator.get(&request).await.assert_ok();
    administrator.get(&grant).await.assert_ok();
    administrator.post(&format!("{request}/grant"), &[("grant-fields", "name")]).await.assert_status(403);
    administrator.post(&format!("{grant}/revoke"), &[]).await.assert_status(403);
    for forged in ["xrq_1", "xgr_00000000000000000000000000", "%00", "xrq_0000000000000000000000000%27"] {
        administrator.get(&format!("/exchange/requests/{forged}")).await.assert_status(404);
        administrator.get(&format!("/exchange/grants/{forged}")).await.assert_status(404);
    }
}

#[tokio::test]
async fn every_grant_has_its_document_and_the_command_verifies_it_offline() {
    let app = TestApp::new().await;
    let bare = "SELECT COUNT(*) FROM exchange_grant g WHERE NOT EXISTS
                (SELECT 1 FROM exchange_grant_document d WHERE d.grant_id = g.id AND d.version = g.version)";
    assert_eq!(app.count(bare).await, 0, "those that packs give as well");
    let mut clerk = app.sign_in("card-clerk").await;
    let sql = "SELECT id FROM exchange_grant WHERE consumer = 'civil-affairs' AND purpose = 'senior-card'";
    let grant = app.rows(sql).await[0].text(0).unwrap();
    let page = clerk.get(&format!("/exchange/grants/{grant}")).await;
    page.assert_ok().assert_says("exchange-documents-title").assert_says("exchange-origin-outside");
    let file = clerk.get(&format!("/exchange/grants/{grant}/document")).await.html();
    let keys = app.anonymous().get("/grants/keys.json").await.html();

    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let keys = path("keys.json", &keys);
    let verify = |name: &str, text: &str, keys: &str| {
        let output = program(&["grant", "verify", &path(name, text), "--keys", keys]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    // The tests' day is not the command's: the period may not have begun there.
    let (code, said) = verify("grant.json", &file, &keys);
    assert!(said.contains("signed by both sides") && said.contains("civil-affairs"), "{code:?} {said}");
    assert_eq!(code, Some(i32::from(said.contains("but its period"))), "{said}");
    for (name, text, keys, why) in [
        ("terms.json", file.replace("\"name\"", "\"mobile\""), keys.clone(), "the hash does not fit"),
        ("junk.json", "{}".to_owned(), keys.clone(), "no document of a grant"),
        ("unknown.json", file.clone(), path("none.json", "{\"keys\":[]}"), "no key of"),
    ] {
        let (code, said) = verify(name, &text, &keys);
        assert_eq!(code, Some(1), "{name}: {said}");
        assert!(said.contains(why), "{name}: {said}");
    }
    assert_eq!(
        program(&["grant", "verify", "/nowhere.json", "--keys", &keys]).output().unwrap().status.code(),
        Some(2)
    );
}
