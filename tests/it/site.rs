//! The site itself: errors as pages and as problem+json, headers, languages, looks, health, jobs that got stuck.
use tests::TestApp;
use tests::givens;

#[tokio::test]
async fn an_unknown_page_says_what_why_and_what_next() {
    let app = TestApp::new().await;
    let page = app.anonymous().get("/no/such/page").await;
    page.assert_status(404);
    for key in ["error-not-found-title", "error-not-found-what", "error-not-found-next"] {
        page.assert_says(key);
    }
    assert_eq!(page.links("/").first().map(String::as_str), Some("/"));
    for (lang, words) in [("zh-Hant", "找不到"), ("en", "not found")] {
        let page = app.anonymous().with_lang(lang).get("/items/no-such-item").await;
        page.assert_status(404).assert_has(words);
        assert_eq!(page.lang().tag(), lang);
    }
    let trace = app.anonymous().send(axum::http::Method::DELETE, "/items", None, Vec::new()).await;
    trace.assert_status(404).assert_says("error-not-found-next");
}

#[tokio::test]
async fn programs_get_problem_json() {
    let app = TestApp::new().await;
    let mut program = app.anonymous().with_header("accept", "application/json");
    for (path, status, code) in [("/no/such", 404, "not-found"), ("/verify/nothing", 404, "not-found")] {
        let page = program.get(path).await;
        page.assert_status(status);
        assert_eq!(page.header("content-type"), "application/problem+json");
        let body = page.json();
        assert_eq!((&body["status"], &body["code"]), (&status.into(), &code.into()));
        for part in ["type", "title", "detail", "next", "request"] {
            assert!(!body[part].as_str().unwrap_or_default().is_empty(), "{part} of {body}");
        }
    }
    let denied = program.post_exactly("/sign-out", &[]).await;
    assert_eq!((denied.status, denied.json()["code"].as_str()), (403, Some("denied")));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_number() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    for path in ["/", "/my", "/no/such/page", "/sign-in", "/healthz", "/static/missing.css", "/verify/x"] {
        let page = resident.get(path).await;
        let csp = page.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(csp.contains(part), "{path}: {part} in {csp}");
        }
        assert!(!csp.contains("unsafe"), "{csp}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!page.header("x-request-id").is_empty(), "{path}");
    }
    assert_eq!(resident.get("/my").await.header("cache-control"), "no-store");
    let given = resident.clone().with_header("x-request-id", "abc-123").get("/").await;
    assert_eq!(given.header("x-request-id"), "abc-123");
    let odd = resident.with_header("x-request-id", "<script>").get("/").await;
    assert_ne!(odd.header("x-request-id"), "<script>");
}

#[tokio::test]
async fn pages_speak_three_languages_and_remember_how_they_look() {
    let app = TestApp::new().await;
    for (accept, lang) in
        [("en-GB,en;q=0.9", "en"), ("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-CN", "zh-Hans"), ("fr", "zh-Hans")]
    {
        let page = app.anonymous().with_header("accept-language", accept).get("/").await;
        assert_eq!(page.assert_ok().lang().tag(), lang, "{accept}");
    }
    let mut visitor = app.anonymous();
    let set = visitor.get("/preferences?lang=en&theme=contrast&mode=elder&back=/items").await;
    assert_eq!(set.location(), "/items");
    let page = visitor.follow(&set).await;
    let root = page.elements().into_iter().find(|e| e.name == "html").unwrap();
    let shown = ["lang", "data-theme", "data-mode"].map(|name| root.attribute(name).unwrap_or_default().to_owned());
    assert_eq!(shown, ["en", "contrast", "elder"]);
    for back in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let page = visitor.get(&format!("/preferences?lang=en&back={}", tests::caller::encode(back))).await;
        assert_eq!(page.location(), "/", "{back}");
        visitor.get("/sign-in").await;
        let sign_in = [("login", "su.yunling"), ("password", app::demo::sign_ins::PASSWORD), ("back", back)];
        let signed_in = visitor.clone().post("/sign-in", &sign_in).await;
        assert_eq!(signed_in.location(), "/my", "{back}");
    }
}

/// All entries of an official fill a phone's first screen when letters are large.
#[tokio::test]
async fn in_elder_mode_most_of_the_navigation_stands_in_a_menu_that_needs_no_script() {
    let app = TestApp::new().await;
    let mut clerk = app.sign_in("own-clerk").await;
    let parts = |page: &tests::Page| {
        let html = page.html();
        let all = tests::html::elements(&html);
        let nav = all.iter().find(|e| e.name == "nav" && e.has_class("nav")).unwrap();
        let links = |html: &str| {
            let links = tests::html::elements(html).into_iter().filter(|e| e.name == "a");
            links.map(|link| link.attribute("href").unwrap().to_owned()).collect::<Vec<_>>()
        };
        let nav = tests::html::inner(&html, nav);
        let menu = tests::html::elements(nav).into_iter().find(|e| e.name == "details");
        let more = menu.map(|menu| links(tests::html::inner(nav, &menu))).unwrap_or_default();
        let shown: Vec<String> = links(nav).into_iter().filter(|link| !more.contains(link)).collect();
        (shown, more)
    };
    let (usual, none) = parts(clerk.get("/inbox/corrections").await.assert_ok());
    assert!(usual.len() > 8 && none.is_empty(), "{usual:?} {none:?}");
    clerk.get("/preferences?mode=elder&back=/inbox").await.assert_status(303);
    let page = clerk.get("/inbox/corrections").await;
    page.assert_ok().assert_says("shell-nav-more");
    let (shown, more) = parts(&page);
    assert_eq!(shown, ["/", "/items", "/inbox", "/inbox/corrections"], "the first ones and where one is");
    let mut all = [shown, more].concat();
    all.sort();
    let mut usual = usual;
    usual.sort();
    assert_eq!(all, usual, "every entry stands once");
}

/// A key that has no text shows as itself: no page that anybody opens may show one.
#[tokio::test]
async fn no_page_shows_a_key_instead_of_words() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let (case, certificate) = tests::givens::granted_permit(&app, &mut resident).await;
    let case = format!("/my/cases/{case}");
    let card = format!("/my/certificates/{certificate}");
    let paths =
        ["/", "/items", "/items/senior-card", "/items/residence-permit", "/items/food-licence", "/my", "/my/cases"];
    let more = ["/my/trail", "/my/account", "/my/notices", "/my/act-for", "/my/certificates", "/verify", "/catalogue"];
    let own = [case.as_str(), card.as_str(), "/verify/offline", "/accessibility", "/privacy", "/source", "/search?q=x"];
    for lang in ["zh-Hans", "zh-Hant", "en"] {
        let mut caller = resident.clone().with_lang(lang);
        for path in paths.iter().chain(&more).chain(&own) {
            assert_no_keys(&caller.get(path).await);
        }
    }
    let mut officer = app.sign_in("permit-clerk").await.with_lang("en");
    for path in ["/inbox", "/inbox?view=late", "/inbox/questions", "/desk/certificates"] {
        assert_no_keys(&officer.get(path).await);
    }
    assert_no_keys(&app.sign_in("auditor").await.get("/audit").await);
    assert_no_keys(&app.sign_in("administrator").await.get("/admin/jobs").await);
}

#[track_caller]
fn assert_no_keys(page: &tests::Page) {
    page.assert_ok();
    let crates = [
        "services",
        "shell",
        "error",
        "exchange",
        "certificates",
        "directory",
        "registry",
        "form",
        "item",
        "site",
        "nav",
    ];
    let words = page.words();
    let is_key = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let parts: Vec<&str> = word.split('-').collect();
        parts.len() > 2 && crates.contains(&parts[0]) && !word.starts_with("certificate-")
    };
    let keys: Vec<&str> = words.split_whitespace().filter(is_key).collect();
    assert!(keys.is_empty(), "{}: {keys:?}", page.asked);
}

#[tokio::test]
async fn health_and_figures_answer() {
    let app = TestApp::new().await;
    let mut probe = app.anonymous();
    assert_eq!(probe.get("/healthz").await.assert_ok().html(), "ok\n");
    let figures = probe.get("/metrics").await.assert_ok().html();
    assert!(figures.contains("/healthz"), "{figures}");
    let app = TestApp::with(|config| config.http.metrics_token = "a-token".into()).await;
    app.anonymous().get("/metrics").await.assert_status(404);
    let mut scraper = app.anonymous().with_header("authorization", "Bearer a-token");
    scraper.get("/metrics").await.assert_ok();
}

#[tokio::test]
async fn a_stopped_deployment_leaves_one_whole_file() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    tests::givens::begin(&mut resident, "senior-card").await;
    drop(resident);
    let stopped = app.stop().await;
    if stopped.is_sqlite() {
        // Who copies the file after a stop copies everything.
        let left: Vec<_> = ["-wal", "-shm"].iter().map(|end| format!("{}{end}", stopped.database)).collect();
        assert!(left.iter().all(|path| !std::path::Path::new(path).exists()), "{left:?}");
    }
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_drafts() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let draft = tests::givens::begin(&mut resident, "senior-card").await;
    let session = resident.cookie("session").unwrap().to_owned();
    drop(resident);
    let app = app.restart().await;
    let mut resident = app.anonymous().with_cookie("session", &session);
    resident.get(&format!("/my/drafts/{draft}")).await.assert_ok();
    let case = {
        tests::givens::fill(&mut resident, &draft, &tests::givens::SENIOR_CARD).await;
        tests::givens::submit(&mut resident, &draft).await
    };
    tests::givens::certificate(&mut resident, &case).await;
    app.run_jobs().await;
}

#[tokio::test]
async fn drafts_are_paged_by_key() {
    let app = TestApp::new().await;
    let mut resident = app.sign_in("resident").await;
    let mut begun = Vec::new();
    for number in 0..52 {
        begun.push(format!("/my/drafts/{}", givens::begin(&mut resident, "residence-permit").await));
        app.advance(number % 3 / 2); // three at a time at one moment
    }
    begun.reverse();
    // The one that was saved last comes first; one saved at the same moment as another is not lost between pages.
    let mine = resident.get("/my").await;
    assert_eq!(mine.links("/my/drafts/draft_"), begun[..10]);
    let (mut at, mut seen, mut pages) = (mine.link(&mine.text("services-my-drafts-more", &[])), Vec::new(), 0);
    loop {
        let page = resident.get(&at).await;
        seen.extend(page.assert_ok().links("/my/drafts/draft_"));
        pages += 1;
        let Some(next) = page.links("/my/drafts?before=").first().cloned() else { break };
        at = next;
    }
    assert_eq!((seen, pages), (begun, 3));
    resident.get("/my/drafts?before=nonsense").await.assert_ok();
    let newcomer = app.sign_in("newcomer").await.get("/my/drafts").await;
    assert!(newcomer.assert_ok().links("/my/drafts/draft_").is_empty());
    newcomer.assert_says("services-drafts-none");
}
