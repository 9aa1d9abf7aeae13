//! What people get wrong, and what somebody sends on purpose: each is told what, why and what next; nothing typed is lost.
use tests::givens::{self, LICENCE, PDF, PERMIT, SENIOR_CARD};
use tests::{Caller, TestApp, Upload};

async fn draft(app: &TestApp, key: &str, item: &str) -> (Caller, String) {
    let mut caller = app.sign_in(key).await;
    let draft = givens::begin(&mut caller, item).await;
    (caller, format!("/my/drafts/{draft}/pages"))
}

#[tokio::test]
async fn a_wrong_check_digit_is_named_in_every_language() {
    let app = TestApp::new().await;
    let mut agent = app.agent_of_restaurant().await;
    let id = givens::begin(&mut agent, LICENCE.item).await;
    let page = format!("/my/drafts/{id}/pages/staff");
    let row = [("staff.0.name", "何安澜"), ("staff.0.id-number", "990102199206150045"), ("staff.0.duty", "manager")];
    for (lang, words) in [("zh-Hans", "第18"), ("zh-Hant", "第18"), ("en", "character 18 is 5")] {
        let mut caller = agent.clone().with_lang(lang);
        let wrong = caller.fill(&page, &row).await;
        wrong.assert_status(422);
        let summary = wrong.summary();
        assert!(summary[0].1.contains(words) || summary[0].1.contains("第 18"), "{lang}: {summary:?}");
        assert_eq!(summary.len(), 1);
        assert_eq!(wrong.value("staff.0.id-number").as_deref(), Some("990102199206150045"), "kept as typed");
        assert_eq!(wrong.value("staff.0.name").as_deref(), Some("何安澜"));
    }
    let short = agent.fill(&page, &[("staff.0.id-number", "99010219920615")]).await;
    short.assert_status(422).assert_says_with("codes-resident-id-length", &[("expected", "18"), ("found", "14")]);
    let date = agent.fill(&page, &[("staff.0.id-number", "990102199202310049")]).await;
    assert!(date.assert_status(422).summary()[0].1.contains("19920231"), "{:?}", date.summary());
}

/// Year, month and day as typed; the key of the message and its arguments.
type WrongDate = ([&'static str; 3], &'static str, &'static [(&'static str, &'static str)]);

#[tokio::test]
async fn an_impossible_date_says_which_part_is_wrong() {
    let app = TestApp::new().await;
    let mut agent = app.agent_of_restaurant().await;
    let id = givens::begin(&mut agent, LICENCE.item).await;
    let page = format!("/my/drafts/{id}/pages/opening");
    let label = ("label", "计划哪一天开业？");
    let cases: [WrongDate; 6] = [
        (
            ["2027", "2", "30"],
            "form-error-date-day",
            &[("found", "30"), ("month", "2"), ("year", "2027"), ("last", "28")],
        ),
        (["2027", "13", "1"], "form-error-date-month", &[("found", "13")]),
        (["27", "1", "1"], "form-error-date-year", &[("found", "27")]),
        (["2027", "", "1"], "form-error-date-month-missing", &[]),
        (["", "", ""], "form-error-required-date", &[]),
        (["abcd", "1", "1"], "form-error-date-year", &[("found", "abcd")]),
    ];
    for (parts, key, args) in cases {
        let [y, m, d] = parts;
        let typed = [("opening-date.y", y), ("opening-date.m", m), ("opening-date.d", d)];
        let wrong = agent.fill(&page, &typed).await;
        let args: Vec<(&str, &str)> = args.iter().copied().chain([label]).collect();
        wrong.assert_status(422).assert_says_with(key, &args);
        assert_eq!(wrong.summary().len(), 1, "{parts:?}: {:?}", wrong.summary());
        for (name, value) in typed {
            assert_eq!(wrong.value(name).as_deref(), Some(value), "kept as typed");
        }
    }
    // A date that exists but lies in the past.
    let past = [("opening-date.y", "2026"), ("opening-date.m", "11"), ("opening-date.d", "19")];
    let wrong = agent.fill(&page, &past).await;
    wrong.assert_status(422);
    assert!(wrong.summary()[0].1.contains("2026年11月20日"), "{:?}", wrong.summary());
}

#[tokio::test]
async fn an_error_stands_beside_its_field_and_in_the_summary_and_the_rest_is_kept() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let contact = format!("{pages}/contact-person");
    let typed = [("contact-name", "苏望舒<3"), ("contact-phone", "1540055"), ("mobile", "")];
    let wrong = resident.fill(&contact, &typed).await;
    wrong.assert_status(422);
    assert_eq!(wrong.summary().len(), 3, "{:?}", wrong.summary());
    let label = [("label", "联系人姓名")];
    wrong.assert_field_error("f-contact-name", &wrong.text("form-error-pattern-person-name", &label));
    let phone = wrong.text("form-error-phone-mobile", &[("found", "7"), ("label", "联系人电话")]);
    wrong.assert_field_error("f-contact-phone", &phone);
    wrong.assert_field_error("f-mobile", &wrong.text("form-error-required-text", &[("label", "手机号码")]));
    for (name, value) in typed {
        assert_eq!(wrong.value(name).as_deref(), Some(value));
    }
    let again = resident.get(&contact).await;
    assert_eq!(again.value("contact-phone").as_deref(), Some("1540055"), "and is still there when one comes back");
    let title = again.elements().into_iter().find(|e| e.name == "title").unwrap();
    let html = wrong.html();
    let titled = tests::html::words(tests::html::inner(&html, &title));
    assert!(titled.starts_with(&wrong.text("shell-error-prefix", &[])), "{titled}");
}

#[tokio::test]
async fn an_unfinished_form_is_not_sent_and_the_summary_leads_to_what_is_missing() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", SENIOR_CARD.item).await;
    let base = pages.strip_suffix("/pages").unwrap();
    resident.get(&format!("{base}/check")).await.assert_ok();
    let refused = resident.post(&format!("{base}/submit"), &[]).await;
    refused.assert_status(422).assert_says("services-check-errors");
    let targets: Vec<String> = refused.summary().into_iter().map(|(target, _)| target).collect();
    for target in [format!("{pages}/emergency#f-has-emergency-contact-0"), format!("{pages}/declaration#f-declaration")]
    {
        assert!(targets.contains(&target), "{target} in {targets:?}");
    }
    let begun = "SELECT COUNT(*) FROM platform_job WHERE state = 0 AND SUBSTR(kind, 1, 9) = 'services.'";
    assert_eq!(app.count(begun).await, 0, "nothing was begun");
}

#[tokio::test]
async fn ten_megabytes_of_text_are_refused_with_the_limit() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let page = format!("{pages}/ground-detail");
    resident.post(&page, &[("ground-detail", "先写一点内容")]).await.assert_status(303);
    let text = "长".repeat(10 * 1024 * 1024 / 3);
    let huge = resident.post(&page, &[("ground-detail", &text)]).await;
    huge.assert_status(413).assert_says_with("error-too-large-what", &[("limit", "1 MB")]);
    huge.assert_says("error-too-large-next");
    let multipart = resident.post_multipart(&page, &[("ground-detail", &text)], &[]).await;
    multipart.assert_status(413);
    // Below the limit of a request, above that of a form: told on the page itself.
    let large = "长".repeat(100 * 1024);
    let over = resident.post(&page, &[("ground-detail", &large)]).await;
    over.assert_status(422);
    let long = "长".repeat(600);
    let over = resident.post(&page, &[("ground-detail", &long)]).await;
    let label = ("label", "单位、住所或者学校的名称和情况");
    let words = over.text("form-error-too-long", &[("length", "600"), ("max", "500"), ("over", "100"), label]);
    over.assert_status(422).assert_field_error("f-ground-detail", &words);
    assert_eq!(over.value("ground-detail").as_deref(), Some(long.as_str()));
}

/// A browser sends all before it listens: an answer on a closed connection would never be read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_too_much_over_a_real_connection_still_reads_why() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let id = givens::begin(&mut resident, PERMIT.item).await;
    let address = app.listen().await;
    let work = tokio::task::spawn_blocking(move || {
        let mut browser = tests::wire::Visitor::at(&address);
        browser.sign_in("su.yunling", app::demo::sign_ins::PASSWORD).unwrap();
        let text = "x".repeat(10 << 20);
        let page = format!("/my/drafts/{id}/pages/ground-detail");
        let typed = browser.post(&page, &[("ground-detail", &text)]).unwrap();
        let file = browser.upload(&format!("/my/drafts/{id}/pages/proof"), "proof", 12 << 20).unwrap();
        (typed, file)
    });
    let (typed, file) = work.await.unwrap();
    assert_eq!((typed.status, file.status), (413, 413));
    assert!(typed.body.contains("1 MB") && file.body.contains("10 MB"), "{}", file.body);
}

#[tokio::test]
async fn files_of_the_wrong_type_or_size_are_refused_with_the_reason() {
    let app = TestApp::with(|config| config.files.max_bytes = 2 << 20).await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let page = format!("{pages}/proof");
    resident.get(&page).await.assert_ok();
    // The name says PDF, the bytes do not.
    let zip = [Upload { field: "proof", name: "合同.pdf", bytes: b"PK\x03\x04 not a pdf at all" }];
    let wrong = resident.post_multipart(&page, &[], &zip).await;
    wrong.assert_status(422).assert_has("合同.pdf");
    assert!(wrong.summary()[0].1.contains("PDF"), "{:?}", wrong.summary());
    let empty = [Upload { field: "proof", name: "空.pdf", bytes: b"" }];
    let wrong = resident.post_multipart(&page, &[], &empty).await;
    wrong.assert_status(422).assert_says_with("form-error-file-empty", &[("name", "空.pdf")]);
    let large = [PDF, &vec![b' '; 2 << 20][..]].concat();
    let large = [Upload { field: "proof", name: "大.pdf", bytes: &large }];
    let refused = resident.post_multipart(&page, &[], &large).await;
    refused.assert_status(413).assert_says_with("error-too-large-what", &[("limit", "2 MB")]);
    let left: Vec<_> = std::fs::read_dir(app.data().join("files/incoming")).unwrap().collect();
    assert!(left.is_empty(), "a refused upload leaves nothing behind: {left:?}");
    // Three fit, the fourth does not; one that is taken away makes room.
    let file = |name| Upload { field: "proof", name, bytes: PDF };
    let three = [file("a.pdf"), file("b.pdf"), file("c.pdf")];
    resident.post_multipart(&page, &[], &three).await.assert_status(303);
    let over = resident.post_multipart(&page, &[], &[file("d.pdf")]).await;
    over.assert_status(422).assert_has("d.pdf");
    let shown = resident.get(&page).await;
    let detach = shown.elements().into_iter().find(|e| e.attribute("value").is_some_and(|v| v.starts_with("detach:")));
    let detach = detach.unwrap().attribute("value").unwrap().to_owned();
    resident.post(&page, &[("_ask", &detach)]).await.assert_status(303);
    let shown = resident.get(&page).await;
    shown.assert_lacks("a.pdf").assert_has("b.pdf").assert_has("c.pdf");
}

#[tokio::test]
async fn a_thousand_files_and_ten_thousand_fields_are_refused_early() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let page = format!("{pages}/proof");
    let files: Vec<Upload<'_>> = (0..1000).map(|_| Upload { field: "proof", name: "x.pdf", bytes: PDF }).collect();
    let refused = resident.post_multipart(&page, &[], &files).await;
    refused.assert_status(422).assert_says_with("error-form-too-many-files", &[("max", "20")]);
    assert_eq!(app.count("SELECT COUNT(*) FROM platform_file").await, 0);
    let fields: Vec<(&str, &str)> = (0..10_000).map(|_| ("stay-months", "1")).collect();
    let refused = resident.post(&format!("{pages}/stay"), &fields).await;
    refused.assert_status(422);
    let mut agent = app.agent_of_restaurant().await;
    let id = givens::begin(&mut agent, LICENCE.item).await;
    let rows = [("staff.0.name", "甲"), ("staff.4000000000.name", "乙"), ("staff.51.name", "丙")];
    let refused = agent.post(&format!("/my/drafts/{id}/pages/staff"), &rows).await;
    refused.assert_status(422);
}

#[tokio::test]
async fn odd_bytes_do_no_harm() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let page = format!("{pages}/ground-detail");
    let odd = resident.post(&page, &[("ground-detail", "空\u{0}字符\u{7}和<script>alert(1)</script>")]).await;
    odd.assert_status(422);
    assert!(!odd.html().contains("<script>alert"), "what was typed is never markup");
    let token = resident.csrf.clone();
    let body = format!("csrf={token}&ground-detail=%FF%FE%80").into_bytes();
    let kind = Some("application/x-www-form-urlencoded");
    let broken = resident.send(axum::http::Method::POST, &page, kind, body).await;
    assert!(broken.status < 500, "{}", broken.shown());
    let raw = [format!("csrf={token}&ground-detail=").into_bytes(), vec![0xff, 0xfe]].concat();
    resident.send(axum::http::Method::POST, &page, kind, raw).await.assert_status(422);
    let json = resident.send(axum::http::Method::POST, &page, Some("application/json"), b"{}".to_vec()).await;
    json.assert_status(422).assert_says("error-form-unreadable");
    let cut = b"------tongban\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n".to_vec();
    let multipart = Some("multipart/form-data; boundary=----tongban");
    let cut = resident.send(axum::http::Method::POST, &page, multipart, cut).await;
    assert!((400..500).contains(&cut.status), "{}", cut.shown());
    // PostgreSQL keeps no NUL in a text: it must not get that far.
    let mut stranger = app.anonymous();
    stranger.get("/sign-in").await.assert_ok();
    let nul = stranger.post("/sign-in", &[("login", "su\u{0}yunling"), ("password", "\u{0}")]).await;
    nul.assert_status(422);
    for path in ["/verify?id=a%00b", "/verify/a%00b", "/my/cases/case%00", "/my/trail?before=1.%00"] {
        let page = resident.get(path).await;
        assert!(page.status < 500, "{}", page.shown());
    }
    for path in ["/search?q=%FF%00", "/items/%FF", "/search?q=%", "/my/cases?before=%27", "/my/trail?before=1.2.3"] {
        let page = resident.get(path).await;
        assert!(page.status < 500, "{}", page.shown());
    }
}

#[tokio::test]
async fn what_a_register_fixes_cannot_be_posted() {
    let app = TestApp::new().await;
    let (mut resident, pages) = draft(&app, "resident", PERMIT.item).await;
    let forged = [("name", "别人"), ("id-number", "990102199206150046"), ("birth-date.y", "2000"), ("unknown", "x")];
    resident.post(&format!("{pages}/about-you"), &forged).await.assert_status(303);
    let shown = resident.get(&format!("{pages}/about-you")).await;
    shown.assert_has("苏云岭").assert_has("990221195903120025").assert_lacks("别人");
    let choice = resident.post(&format!("{pages}/ground"), &[("ground", "anything")]).await;
    choice.assert_status(422);
    resident.get(&format!("{pages}/no-such-page")).await.assert_status(404);
}
