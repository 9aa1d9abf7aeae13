//! The catalogue: a department publishes, a second claim becomes a dispute, a missed cycle raises an alarm.
use platform::clock::DAY;
use tests::{Caller, Page, TestApp};

/// A document that an office pastes; `fields` are keys with Chinese names.
pub fn document(key: &str, provider: &str, fields: &[(&str, &str)]) -> String {
    let three = |text: &str| format!("{{zh-Hans: \"{text}\", zh-Hant: \"{text}\", en: \"{text}\"}}");
    let field = |(key, name): &(&str, &str)| {
        format!(
            "- key: {key}\n  name: {}\n  type: text\n  length: 40\n  required: true\n  sensitivity: personal\n",
            three(name)
        )
    };
    let fields: String = fields.iter().map(field).collect();
    format!(
        "key: {key}\ncode: \"204009\"\nclass: {{zh-Hans: \"主题信息资源\", zh-Hant: \"主題信息資源\", en: \"Theme data\"}}\n\
         item: {{zh-Hans: \"公共服务\", zh-Hant: \"公共服務\", en: \"Public services\"}}\nentry: {}\nbase: theme\nname: {}\n\
         abstract: {}\nprovider: {provider}\nsubject: person\nformat: json\nfields:\n{fields}sharing: none\n\
         sharing_ground: {}\nopening: none\nupdate: monthly\npublished: \"2026-11-20\"\nquality: {}\nmax_age_days: 0\n\
         held: elsewhere\n",
        three("殡葬服务"),
        three("殡葬服务信息"),
        three("殡葬服务登记"),
        three("殡葬管理条例"),
        three("逐件登记")
    )
}

/// Opens the form and hands the document in.
pub async fn hand_in(caller: &mut Caller, document: &str, words: &str) -> Page {
    caller.get("/desk/catalogue/new").await.assert_ok();
    caller.post("/desk/catalogue/new", &[("document", document), ("words", words)]).await
}

/// Identifiers of things that lie with the city's public security bureau.
pub struct Catalogued {
    pub submission: String,
    pub dispute: String,
    pub correction: String,
}

/// An entry that waits, a claim on a field that the bureau holds, a fact that a resident says is wrong.
pub async fn catalogued(app: &TestApp) -> Catalogued {
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (mut police, mut clerk) = (app.sign_in("own-clerk").await, app.sign_in("card-clerk").await);
    let own = document("seals", "public-security", &[("seal_no", "印章编号")]);
    let submission = hand_in(&mut police, &own, "").await.location();
    let claims = document("marriages", "civil-affairs", &[("marital_status", "婚姻状况")]);
    let claim = hand_in(&mut clerk, &claims, "婚姻登记由民政部门办理").await.location();
    let dispute = clerk.get(&claim).await.links("/desk/catalogue/disputes/dsp_")[0].clone();
    let mut resident = app.sign_in("resident").await;
    resident.get("/my/corrections/new").await.assert_ok();
    let said = [("fact", "population.mobile"), ("right", "15400551234"), ("words", "去年已换号")];
    resident.post("/my/corrections/new", &said).await.assert_status(303);
    let correction = police.get("/inbox/corrections").await.links("/inbox/corrections/cor_")[0].clone();
    Catalogued { submission: last(&submission), dispute: last(&dispute), correction: last(&correction) }
}

#[tokio::test]
async fn a_department_publishes_a_resource_and_a_new_version() {
    let app = TestApp::new().await;
    let (mut clerk, mut keeper) = (app.sign_in("card-clerk").await, app.sign_in("administrator").await);
    let good = document("funeral", "civil-affairs", &[("service_no", "服务编号")]);

    // What is wrong stands beside its line; what was pasted is kept.
    let bad = good.replace("subject: person", "subject: people");
    let refused = hand_in(&mut clerk, &bad, "").await;
    refused.assert_status(422).assert_has("people");
    assert_eq!(refused.value("document").map(|text| text.contains("subject: people")), Some(true));
    let bad = good.replace("code: \"204009\"", "code: \"904009/000001\"");
    let line = bad.lines().position(|line| line.starts_with("code:")).unwrap() + 1;
    let refused = hand_in(&mut clerk, &bad, "").await;
    refused.assert_status(422).assert_field_error(&format!("line-{line}"), "904009/000001");
    // Nobody hands in for another office, nor with another office's credit code.
    let foreign = hand_in(&mut clerk, &good.replace("provider: civil-affairs", "provider: market"), "").await;
    foreign.assert_status(422).assert_says_with("registry-submit-not-yours", &[("provider", "market")]);
    let code = format!("{good}provider_code: \"11990100010001007H\"\n");
    hand_in(&mut clerk, &code, "").await.assert_status(422).assert_has("11990100010003002G");
    let taken = good.replace("key: funeral", "key: population");
    hand_in(&mut clerk, &taken, "").await.assert_status(422);
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_submission").await, 0);

    let sent = hand_in(&mut clerk, &good, "").await;
    sent.assert_status(303);
    let submission = sent.location();
    clerk.get(&submission).await.assert_ok().assert_says("registry-state-waiting").assert_has("service_no");
    assert_eq!(clerk.get("/catalogue/funeral").await.status, 404, "not before it is published");
    hand_in(&mut clerk, &good, "").await.assert_status(409).assert_says("registry-conflict-submission-open");
    clerk.post(&format!("{submission}/publish"), &[]).await.assert_status(403);
    app.sign_in("foreign-clerk").await.get(&submission).await.assert_status(404);

    keeper.get("/my/notices").await.assert_has("殡葬服务信息");
    keeper.get("/desk/catalogue").await.assert_ok().assert_has("殡葬服务信息");
    keeper.get(&submission).await.assert_ok().assert_says("registry-submission-new");
    keeper.post(&format!("{submission}/publish"), &[]).await.assert_status(303);
    keeper.post(&format!("{submission}/publish"), &[]).await.assert_status(409);
    clerk.get("/my/notices").await.assert_says_with("registry-notice-published", &[("resource", "殡葬服务信息")]);

    // Everybody finds it: by the tree, by words, in the export; the ground of the refusal to share is told.
    let mut anybody = app.anonymous();
    anybody.get("/catalogue?at=204009").await.assert_ok().assert_has("殡葬服务信息");
    anybody.get("/catalogue?q=funeral").await.assert_has("殡葬服务信息");
    let shown = anybody.get("/catalogue/funeral").await;
    shown.assert_ok().assert_has("11990100010003002G").assert_has("殡葬管理条例").assert_says("registry-sharing-none");
    let csv = anybody.get("/catalogue.csv").await;
    assert!(csv.html().starts_with('\u{feff}') && csv.html().contains("服务编号"), "{}", csv.shown());
    let json = anybody.get("/catalogue.json").await.json();
    let row = json.as_array().unwrap().iter().find(|row| row["field_key"] == "service_no").unwrap();
    assert_eq!((row["provider_code"].as_str(), row["update"].as_str()), (Some("11990100010003002G"), Some("每月")));

    // A new version: refused once with a reason, then taken; the old one can still be read.
    let code = shown_code(&app).await;
    let changed =
        good.replace("code: \"204009\"", &format!("code: \"{code}\"")).replace("update: monthly", "update: weekly");
    let second = hand_in(&mut clerk, &changed, "").await.location();
    keeper.get(&second).await.assert_says("registry-submission-head");
    let no_reason = keeper.post(&format!("{second}/refuse"), &[("reason", "")]).await;
    no_reason.assert_status(422).assert_field_error("reason", &no_reason.text("registry-words-short", &[("min", "4")]));
    keeper.post(&format!("{second}/refuse"), &[("reason", "请先更正更新周期")]).await.assert_status(303);
    clerk.get(&second).await.assert_has("请先更正更新周期").assert_says("registry-state-refused");
    let third = hand_in(&mut clerk, &changed, "").await.location();
    keeper.get(&third).await.assert_ok();
    keeper.post(&format!("{third}/publish"), &[]).await.assert_status(303);
    let now = anybody.get("/catalogue/funeral").await;
    now.assert_says("registry-update-weekly").assert_says_with("registry-resource-version", &[("version", "2")]);
    let old = anybody.get("/catalogue/funeral?version=1").await;
    old.assert_ok().assert_says("registry-update-monthly");
    anybody.get("/catalogue/funeral?version=9").await.assert_status(404);

    // A restart finds what the web published.
    let app = app.restart().await;
    assert_eq!(app.app().registry.catalogue().get("funeral").unwrap().provider, "civil-affairs");
}

async fn shown_code(app: &TestApp) -> String {
    app.app().registry.catalogue().get("funeral").unwrap().code.clone()
}

#[tokio::test]
async fn a_second_claim_becomes_a_dispute_that_the_data_office_decides() {
    let app = TestApp::new().await;
    let (mut clerk, mut keeper) = (app.sign_in("card-clerk").await, app.sign_in("administrator").await);
    let mut police = app.sign_in("own-clerk").await;
    let claims =
        document("marriage-life", "civil-affairs", &[("service_no", "服务编号"), ("marital_status", "婚姻状况")]);
    let refused = hand_in(&mut clerk, &claims, "").await;
    refused.assert_status(422).assert_says("registry-submit-clash-title").assert_has("人口基础信息");
    refused.assert_field_error("words", &refused.text("registry-words-short", &[("min", "4")]));
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_dispute").await, 0, "asked for on purpose only");

    let words = "婚姻登记由民政部门办理，依据《婚姻登记条例》。";
    let submission = hand_in(&mut clerk, &claims, words).await.location();
    let shown = clerk.get(&submission).await;
    shown.assert_ok().assert_says("registry-state-disputed");
    let dispute = shown.links("/desk/catalogue/disputes/dsp_")[0].clone();
    police.get("/my/notices").await.assert_has("数源争议");
    // Ten working days after Friday, 20 November.
    police.get(&dispute).await.assert_ok().assert_has(words).assert_has("2026年12月4日");
    app.sign_in("foreign-clerk").await.get(&dispute).await.assert_status(404);
    clerk.post(&format!("{dispute}/reply"), &[("reply", "提出方不能替现提供方说话")]).await.assert_status(403);
    police
        .post(&format!("{dispute}/reply"), &[("reply", "户籍登记中的婚姻状况来自民政部门。")])
        .await
        .assert_status(303);
    police
        .post(&format!("{dispute}/decide"), &[("verdict", "holder"), ("reason", "由我们保留")])
        .await
        .assert_status(403);
    keeper.get(&submission).await.assert_ok();
    keeper.post(&format!("{submission}/publish"), &[]).await.assert_status(409);

    keeper.get("/desk/catalogue").await.assert_has("婚姻状况");
    keeper.get(&dispute).await.assert_ok().assert_has("户籍登记中的婚姻状况来自民政部门。");
    let empty = keeper.post(&format!("{dispute}/decide"), &[("reason", "")]).await;
    empty.assert_status(422).assert_field_error("verdict", &empty.text("registry-dispute-choose", &[]));
    let decision = [("verdict", "claimant"), ("reason", "婚姻登记的数源是民政部门。")];
    keeper.post(&format!("{dispute}/decide"), &decision).await.assert_status(303);
    keeper.post(&format!("{dispute}/decide"), &decision).await.assert_status(409);

    // The catalogue has changed accordingly: one source again, and it is the claimant.
    let mut anybody = app.anonymous();
    anybody.get("/catalogue/marriage-life").await.assert_ok().assert_has("marital_status");
    anybody.get("/catalogue/population").await.assert_ok().assert_lacks("marital_status");
    let catalogue = app.app().registry.catalogue();
    assert!(catalogue.get("population").unwrap().field("marital_status").is_none());
    assert!(catalogue.get("marriage-life").unwrap().field("marital_status").is_some());
    police.get(&dispute).await.assert_says("registry-dispute-moved").assert_has("婚姻登记的数源是民政部门。");
    clerk.get("/my/notices").await.assert_says_with("registry-notice-published", &[("resource", "殡葬服务信息")]);
}

#[tokio::test]
async fn a_claim_that_is_turned_down_leaves_the_field_where_it_is() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("card-clerk").await;
    let claims = document("aged-care", "civil-affairs", &[("care_no", "照护编号"), ("birth_date", "出生日期")]);
    let submission = hand_in(&mut clerk, &claims, "照护评估需要出生日期").await.location();
    let dispute = clerk.get(&submission).await.links("/desk/catalogue/disputes/dsp_")[0].clone();
    app.advance(20 * DAY);
    app.run_jobs().await;
    let mut keeper = app.sign_in("administrator").await;
    keeper.get("/desk/catalogue").await.assert_says("registry-overdue");
    keeper.get(&dispute).await.assert_ok();
    let decision = [("verdict", "holder"), ("reason", "出生日期以人口库为准，需要时调取。")];
    keeper.post(&format!("{dispute}/decide"), &decision).await.assert_status(303);
    let catalogue = app.app().registry.catalogue();
    let published = catalogue.get("aged-care").unwrap();
    assert_eq!(published.fields.iter().map(|field| field.key.as_str()).collect::<Vec<_>>(), ["care_no"]);
    assert!(catalogue.get("population").unwrap().field("birth_date").is_some());
}

#[tokio::test]
async fn two_entries_that_wait_at_one_time_get_two_codes_and_a_disputed_one_can_be_refused() {
    let app = TestApp::new().await;
    let mut keeper = app.sign_in("administrator").await;
    let things = catalogued(&app).await;
    let mut clerk = app.sign_in("card-clerk").await;
    let other = document("urns", "civil-affairs", &[("urn_no", "存放编号")]);
    let second = hand_in(&mut clerk, &other, "").await.location();
    for path in [format!("/desk/catalogue/submissions/{}", things.submission), second] {
        keeper.get(&path).await.assert_ok();
        keeper.post(&format!("{path}/publish"), &[]).await.assert_status(303);
    }
    let catalogue = app.app().registry.catalogue();
    let codes = ["seals", "urns"].map(|key| catalogue.get(key).unwrap().code.clone());
    assert_ne!(codes[0], codes[1]);

    let dispute = format!("/desk/catalogue/disputes/{}", things.dispute);
    let claim = keeper.get(&dispute).await.links("/desk/catalogue/submissions/sub_")[0].clone();
    keeper.get(&claim).await.assert_ok();
    keeper.post(&format!("{claim}/refuse"), &[("reason", "材料不齐，请补充依据。")]).await.assert_status(303);
    keeper.get(&dispute).await.assert_says("registry-dispute-kept").assert_has("材料不齐");
    assert!(app.app().registry.catalogue().get("population").unwrap().field("marital_status").is_some());
}

#[tokio::test]
async fn a_missed_cycle_raises_one_alarm_and_the_next_delivery_ends_it() {
    let app = TestApp::new().await;
    let mut keeper = app.sign_in("administrator").await;
    keeper.get("/desk/catalogue/late").await.assert_ok().assert_says("registry-late-in-time");
    app.app().registry.begin_watch().await.unwrap();
    app.app().registry.begin_watch().await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM platform_job WHERE kind = 'registry.freshness'").await, 1);

    // Registers of a daily cycle, or none, were made a day ago at most: in time. Four days later they are late.
    app.advance_days(1);
    app.run_jobs().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_alarm").await, 0);
    app.advance_days(3);
    app.run_jobs().await;
    let raised = app.count("SELECT COUNT(*) FROM registry_alarm").await;
    assert!(raised > 0);
    app.advance_days(1);
    app.run_jobs().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_alarm").await, raised, "told once");

    let mut police = app.sign_in("own-clerk").await;
    let told = police.get("/my/notices").await;
    told.assert_says_with("registry-notice-late", &[("resource", "人口基础信息")]);
    app.sign_in("administrator").await.get("/my/notices").await.assert_has("人口基础信息");
    let late = police.get("/desk/catalogue/late").await;
    late.assert_ok().assert_says_with("registry-late-days", &[("days", "2")]);
    assert!(!late.has("高新技术企业"), "what is held elsewhere is never late");

    police.post("/desk/catalogue/delivered/enterprise", &[]).await.assert_status(403);
    let reported = police.post("/desk/catalogue/delivered/population", &[]).await.location();
    police.get(&reported).await.assert_says_with("registry-late-reported", &[("resource", "人口基础信息")]);
    let nothing = police.get("/desk/catalogue/late?reported=enterprise").await;
    nothing.assert_lacks(&nothing.text("registry-late-reported", &[("resource", "市场主体登记信息")]));
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_alarm WHERE resource = 'population'").await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM registry_alarm").await, raised - 1);
}

/// What another process published counts here: for reads within a second, for writes at once.
#[tokio::test]
async fn a_publication_is_in_force_in_every_process() {
    let app = TestApp::new().await;
    let (config, clock) = (app.platform().config().clone(), app.platform().clock().clone());
    let platform = app::open_platform(config, clock).await.unwrap();
    let other = app::App::open(&platform).await.unwrap();
    let entry = |data: serde_json::Value| registry::Entry {
        resource: "funeral".into(),
        subject: "990221195903120025".into(),
        as_of: app.today(),
        source: "civil-affairs".into(),
        data: data.as_object().unwrap().clone(),
    };
    let write = async |entry: registry::Entry| {
        let (registry, ctx) = (other.registry.clone(), platform::Ctx::system(&platform, "tests.record"));
        let grant = ctx.allow(platform::policy::Action::RegistryImport, &platform::policy::On::PUBLIC).unwrap();
        ctx.db().write(grant, move |tx| registry.record(tx, &entry)).await
    };
    assert!(write(entry(serde_json::json!({"service_no": "1"}))).await.is_err(), "nobody has published it");
    publish(&app, &document("funeral", "civil-affairs", &[("service_no", "服务编号")])).await;
    assert!(other.registry.catalogue().get("funeral").is_none(), "not taken up yet");
    write(entry(serde_json::json!({"service_no": "1"}))).await.unwrap();
    assert!(other.registry.catalogue().get("funeral").is_some(), "a write looks first");
    let newer = document("funeral", "civil-affairs", &[("service_no", "服务编号"), ("urn_no", "骨灰盒编号")]);
    let code = format!("code: \"{}\"", shown_code(&app).await);
    publish(&app, &newer.replace("code: \"204009\"", &code)).await;
    assert!(write(entry(serde_json::json!({"service_no": "2"}))).await.is_err(), "urn_no is required by now");

    publish(
        &app,
        &document("funeral-places", "civil-affairs", &[("place_no", "墓位编号")]).replace("204009", "204010"),
    )
    .await;
    assert!(other.exchange.catalogue().get("funeral-places").is_none());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (follower, _stop) = (other.registry.clone(), stop);
    let following = tokio::spawn(async move { follower.follow(stopped).await });
    for _ in 0..100 {
        if other.exchange.catalogue().get("funeral-places").is_some() {
            following.abort();
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    panic!("a publication of another process is not taken up within three seconds");
}

/// Handed in by the provider's clerk and published by the data office.
async fn publish(app: &TestApp, document: &str) {
    let (mut clerk, mut keeper) = (app.sign_in("card-clerk").await, app.sign_in("administrator").await);
    let sent = hand_in(&mut clerk, document, "").await;
    sent.assert_status(303);
    keeper.get(&sent.location()).await.assert_ok();
    keeper.post(&format!("{}/publish", sent.location()), &[]).await.assert_status(303);
}
