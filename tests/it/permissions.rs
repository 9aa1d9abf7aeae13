//! Who may do what: the matrix as people read it, and every address by real requests of everybody.
use std::collections::BTreeSet;

use tests::givens::{self, PERMIT};
use tests::{Caller, Page, TestApp};

use crate::registry::{Catalogued, catalogued};

#[test]
fn the_matrix_of_roles_and_actions() {
    insta::assert_snapshot!(platform::policy::matrix());
}

/// The columns of the table. The resident owns whatever the addresses name; the permit lies with the own office.
const CALLERS: [&str; 12] = [
    "anonymous",
    "resident",
    "newcomer",
    "agent",
    "own-clerk",
    "own-reviewer",
    "own-decider",
    "foreign-clerk",
    "foreign-reviewer",
    "foreign-decider",
    "auditor",
    "administrator",
];

/// Every address, and what each caller meets, in the order of `CALLERS`:
/// `+` let through (whatever is then wrong with what was sent), `s` sent to sign in, `-` refused (403),
/// `0` not found (404), as for a thing that does not exist.
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str)] = &[
    //                                             person own  foreign rest
    ("GET",  "/",                                  "++++ +++ +++ ++"),
    ("GET",  "/search",                            "++++ +++ +++ ++"),
    ("GET",  "/items",                             "++++ +++ +++ ++"),
    ("GET",  "/items/{key}",                       "++++ +++ +++ ++"),
    ("GET",  "/accessibility",                     "++++ +++ +++ ++"),
    ("GET",  "/privacy",                           "++++ +++ +++ ++"),
    ("GET",  "/source",                            "++++ +++ +++ ++"),
    ("GET",  "/healthz",                           "++++ +++ +++ ++"),
    ("GET",  "/metrics",                           "++++ +++ +++ ++"),
    ("GET",  "/static/{*path}",                    "++++ +++ +++ ++"),
    ("GET",  "/preferences",                       "++++ +++ +++ ++"),
    ("GET",  "/catalogue",                         "++++ +++ +++ ++"),
    ("GET",  "/catalogue/{key}",                   "++++ +++ +++ ++"),
    ("GET",  "/catalogue.csv",                     "++++ +++ +++ ++"),
    ("GET",  "/catalogue.json",                    "++++ +++ +++ ++"),
    ("GET",  "/log/checkpoint",                    "++++ +++ +++ ++"),
    ("GET",  "/log/key",                           "++++ +++ +++ ++"),
    ("GET",  "/log/tile/{*path}",                  "++++ +++ +++ ++"),
    ("GET",  "/verify",                            "++++ +++ +++ ++"),
    ("GET",  "/verify/offline",                    "++++ +++ +++ ++"),
    ("POST", "/verify/offline",                    "++++ +++ +++ ++"),
    ("GET",  "/verify/{token}",                    "++++ +++ +++ ++"),
    ("GET",  "/verify/{token}/proof",              "++++ +++ +++ ++"),
    ("GET",  "/.well-known/tongban/jwks.json",     "++++ +++ +++ ++"),
    ("GET",  "/sign-in",                           "++++ +++ +++ ++"),
    ("POST", "/sign-in",                           "++++ +++ +++ ++"),
    ("POST", "/sign-out",                          "-+++ +++ +++ ++"),
    ("GET",  "/my",                                "s+++ +++ +++ ++"),
    ("GET",  "/my/account",                        "s+++ +++ +++ ++"),
    ("GET",  "/my/notices",                        "s+++ +++ +++ ++"),
    ("GET",  "/my/cases",                          "s+++ +++ +++ ++"),
    ("GET",  "/my/drafts",                         "s+++ +++ +++ ++"),
    ("GET",  "/my/act-for",                        "s+++ --- --- --"),
    ("POST", "/my/act-for",                        "-+++ --- --- --"),
    ("GET",  "/resume/{token}",                    "s+00 000 000 00"),
    ("GET",  "/items/{key}/start",                 "s+++ --- --- --"),
    ("POST", "/items/{key}/start",                 "-+++ --- --- --"),
    ("GET",  "/my/drafts/{draft}",                 "s+00 --- --- --"),
    ("GET",  "/my/drafts/{draft}/pages/{page}",    "s+00 --- --- --"),
    ("POST", "/my/drafts/{draft}/pages/{page}",    "-+00 --- --- --"),
    ("POST", "/my/drafts/{draft}/autosave/{page}", "-+00 --- --- --"),
    ("GET",  "/my/drafts/{draft}/check",           "s+00 --- --- --"),
    ("POST", "/my/drafts/{draft}/submit",          "-+00 --- --- --"),
    ("POST", "/my/drafts/{draft}/discard",         "-+00 --- --- --"),
    ("GET",  "/my/cases/{case}",                   "s+00 --- --- --"),
    ("GET",  "/my/cases/{case}/receipt",           "s+00 --- --- --"),
    ("GET",  "/my/cases/{case}/files/{file}",      "s+00 --- --- --"),
    ("GET",  "/my/cases/{case}/supplement",        "s+00 --- --- --"),
    ("POST", "/my/cases/{case}/supplement",        "-+00 --- --- --"),
    ("GET",  "/my/cases/{case}/withdraw",          "s+00 --- --- --"),
    ("POST", "/my/cases/{case}/withdraw",          "-+00 --- --- --"),
    ("GET",  "/my/trail",                          "s+++ --- --- --"),
    ("GET",  "/my/trail/{id}/question",            "s+00 --- --- --"),
    ("POST", "/my/trail/{id}/question",            "-+00 --- --- --"),
    ("GET",  "/my/certificates",                   "s+++ --- --- --"),
    ("GET",  "/my/certificates/{id}",              "s+00 --- --- --"),
    ("GET",  "/my/certificates/{id}/file",         "s+00 --- --- --"),
    ("GET",  "/my/certificates/{id}/proof",        "s+00 --- --- --"),
    ("GET",  "/inbox",                             "s--- +++ +++ --"),
    ("GET",  "/inbox/tasks/{task}",                "s--- +++ 000 --"),
    ("GET",  "/inbox/tasks/{task}/files/{file}",   "s--- +++ 000 --"),
    ("POST", "/inbox/tasks/{task}/take",           "---- +++ 000 --"),
    ("POST", "/inbox/tasks/{task}/accept",         "---- +-- 0-- --"),
    ("POST", "/inbox/tasks/{task}/turn-away",      "---- +-- 0-- --"),
    ("POST", "/inbox/tasks/{task}/ask",            "---- ++- 00- --"),
    ("POST", "/inbox/tasks/{task}/review",         "---- -+- -0- --"),
    ("POST", "/inbox/tasks/{task}/decide",         "---- --+ --0 --"),
    ("GET",  "/inbox/questions",                   "s--- +++ +++ --"),
    ("GET",  "/inbox/questions/{id}",              "s--- +++ 000 --"),
    ("POST", "/inbox/questions/{id}",              "---- +++ 000 --"),
    ("GET",  "/exchange/requests",                 "s--- +++ +++ -+"),
    ("GET",  "/exchange/requests/new",             "s--- +-+ +-+ --"),
    ("POST", "/exchange/requests/new",             "---- +-+ +-+ --"),
    ("GET",  "/exchange/requests/{id}",            "s--- +++ 000 -+"),
    ("POST", "/exchange/requests/{id}/withdraw",   "---- +-+ 0-0 --"),
    ("POST", "/exchange/requests/{id}/grant",      "---- --+ --0 --"),
    ("POST", "/exchange/requests/{id}/refuse",     "---- --+ --0 --"),
    ("POST", "/exchange/requests/{id}/extend",     "---- --+ --0 --"),
    ("GET",  "/exchange/grants",                   "s--- +++ +++ -+"),
    ("GET",  "/exchange/grants/{id}",              "s--- +++ 000 -+"),
    ("GET",  "/exchange/grants/{id}/document",     "s--- +++ 000 -+"),
    ("POST", "/exchange/grants/{id}/narrow",       "---- --+ --0 --"),
    ("POST", "/exchange/grants/{id}/revoke",       "---- --+ --0 --"),
    ("POST", "/exchange/grants/{id}/delegate",     "---- --+ --0 --"),
    ("POST", "/exchange/grants/{id}/renew",        "---- +-+ 0-0 --"),
    ("GET",  "/grants",                            "++++ +++ +++ ++"),
    ("GET",  "/grants.csv",                        "++++ +++ +++ ++"),
    ("GET",  "/grants/keys.json",                  "++++ +++ +++ ++"),
    ("GET",  "/desk/certificates",                 "s--- +++ +++ --"),
    ("GET",  "/desk/certificates/{id}",            "s--- +++ 000 --"),
    ("POST", "/desk/certificates/{id}/revoke",     "---- --+ --0 --"),
    ("GET",  "/desk/catalogue",                    "s--- +++ +++ -+"),
    ("GET",  "/desk/catalogue/new",                "s--- +++ +++ --"),
    ("POST", "/desk/catalogue/new",                "---- +++ +++ --"),
    ("GET",  "/desk/catalogue/late",               "s--- +++ +++ -+"),
    ("POST", "/desk/catalogue/delivered/{key}",    "---- +++ --- --"),
    ("GET",  "/desk/catalogue/submissions/{id}",   "s--- +++ 000 -+"),
    ("POST", "/desk/catalogue/submissions/{id}/publish", "---- --- --- -+"),
    ("POST", "/desk/catalogue/submissions/{id}/refuse", "---- --- --- -+"),
    ("GET",  "/desk/catalogue/disputes/{id}",      "s--- +++ 000 -+"),
    ("POST", "/desk/catalogue/disputes/{id}/reply", "---- +++ 000 --"),
    ("POST", "/desk/catalogue/disputes/{id}/decide", "---- --- --- -+"),
    ("GET",  "/my/corrections",                    "s+++ --- --- --"),
    ("GET",  "/my/corrections/new",                "s+++ --- --- --"),
    ("POST", "/my/corrections/new",                "-+++ --- --- --"),
    ("GET",  "/inbox/corrections",                 "s--- +++ +++ --"),
    ("GET",  "/inbox/corrections/new",             "s--- +++ +++ --"),
    ("POST", "/inbox/corrections/new",             "---- +++ +++ --"),
    ("GET",  "/inbox/corrections/{id}",            "s--- +++ 000 --"),
    ("POST", "/inbox/corrections/{id}",            "---- +++ 000 --"),
    ("GET",  "/events",                            "++++ +++ +++ ++"),
    ("GET",  "/events/subscriptions",              "s--- +++ +++ -+"),
    ("GET",  "/events/subscriptions/new",          "s--- +-+ +-+ --"),
    ("POST", "/events/subscriptions/new",          "---- +-+ +-+ --"),
    ("GET",  "/events/subscriptions/{id}",         "s--- +++ 000 -+"),
    ("POST", "/events/subscriptions/{id}/approve", "---- --+ --0 --"),
    ("POST", "/events/subscriptions/{id}/refuse",  "---- --+ --0 --"),
    ("POST", "/events/subscriptions/{id}/end",     "---- +-+ 0-0 --"),
    ("POST", "/events/subscriptions/{id}/key",     "---- +-+ 0-0 --"),
    ("POST", "/events/publishing-key",             "---- --+ --+ --"),
    ("GET",  "/events/dead",                       "s--- +++ +++ -+"),
    ("POST", "/events/dead/{id}/again",            "---- +-+ 0-0 -+"),
    ("GET",  "/api/events",                        "---- --- --- --"),
    ("POST", "/api/events",                        "---- --- --- --"),
    ("GET",  "/admin/jobs",                        "s--- --- --- -+"),
    ("POST", "/admin/jobs/{id}/retry",             "---- --- --- -+"),
    ("GET",  "/admin/exchange",                    "s--- --- --- ++"),
    ("GET",  "/admin/exchange.csv",                "s--- --- --- ++"),
    ("GET",  "/admin/exchange/archives",           "s--- --- --- ++"),
    ("GET",  "/audit",                             "s--- --- --- +-"),
    ("GET",  "/audit/hidden",                      "s--- --- --- +-"),
];

/// Forms that change nothing and keep nothing ask for no token; a foreign site may still not send them.
const WITHOUT_TOKEN: [&str; 1] = ["/verify/offline"];

/// The things that addresses name, all the resident's.
struct Things {
    draft: String,
    case: String,
    /// Open, to be withdrawn.
    spare_case: String,
    file: String,
    task: String,
    certificate: String,
    token: String,
    look: String,
    question: String,
    /// Asked by the own branch of the own city's office.
    request: String,
    grant: String,
    /// Of the own city's office: an entry that waits, a claim on a field that it holds, a fact said to be wrong.
    catalogue: Catalogued,
    /// A subscription of the own branch to events of the own city's office, and a dead letter of it.
    subscription: String,
    letter: String,
    stash: String,
    job: String,
    asset: String,
}

impl Things {
    async fn make(app: &TestApp) -> Self {
        let mut resident = app.sign_in("resident").await;
        let (_, certificate) = givens::granted_permit(app, &mut resident).await;
        let question = question(app, &mut resident).await;
        let case = givens::apply(&mut resident, &PERMIT).await;
        let task = givens::task(app, &case, "accept", None).await;
        app.sign_in("own-clerk").await.get(&format!("/inbox/tasks/{task}")).await.assert_ok();
        let look = resident.get("/my/trail?only=people").await.links("/my/trail/trl_").first().cloned().unwrap();
        let file = resident.get(&format!("/my/cases/{case}")).await;
        let file = file
            .links(&format!("/my/cases/{case}/files/"))
            .first()
            .cloned()
            .unwrap_or_else(|| panic!("{}", file.shown()));
        let card = resident.get(&format!("/my/certificates/{certificate}")).await.html();
        let token = card.split("/verify/").nth(1).unwrap().split(['"', '<', '&', ' ']).next().unwrap().to_owned();
        let asset = app.anonymous().get("/").await.elements();
        let asset = asset.iter().find_map(|e| e.attribute("href").and_then(|href| href.strip_prefix("/static/")));
        let (request, grant) = request_and_grant(app).await;
        let (subscription, letter) = crate::events::subscription_and_letter(app).await;
        let things = Self {
            request,
            grant,
            subscription,
            letter,
            catalogue: catalogued(app).await,
            draft: givens::begin(&mut resident, "senior-card").await,
            spare_case: givens::apply(&mut resident, &PERMIT).await,
            file: last(&file),
            task,
            certificate,
            token,
            look: look.split('/').nth(3).unwrap().to_owned(),
            question,
            stash: stash(app).await,
            job: givens::stuck_job(app).await,
            asset: asset.unwrap().to_owned(),
            case,
        };
        app.seal().await;
        things
    }

    fn fill(&self, path: &str) -> String {
        let case = if path.ends_with("/withdraw") { &self.spare_case } else { &self.case };
        let id = match path {
            p if p.starts_with("/my/trail") => &self.look,
            p if p.starts_with("/inbox/questions") => &self.question,
            p if p.starts_with("/exchange/requests") => &self.request,
            p if p.starts_with("/exchange/grants") => &self.grant,
            p if p.starts_with("/desk/catalogue/submissions") => &self.catalogue.submission,
            p if p.starts_with("/desk/catalogue/disputes") => &self.catalogue.dispute,
            p if p.starts_with("/inbox/corrections") => &self.catalogue.correction,
            p if p.starts_with("/events/subscriptions") => &self.subscription,
            p if p.starts_with("/events/dead") => &self.letter,
            p if p.starts_with("/admin/jobs") => &self.job,
            _ => &self.certificate,
        };
        let key = if path.contains("/catalogue") { "population" } else { "senior-card" };
        let token = if path.starts_with("/resume") { &self.stash } else { &self.token };
        let tail = if path.starts_with("/log") { "0/000.p/1" } else { self.asset.as_str() };
        path.replace("{draft}", &self.draft)
            .replace("{page}", "contact")
            .replace("{case}", case)
            .replace("{file}", &self.file)
            .replace("{task}", &self.task)
            .replace("{id}", id)
            .replace("{key}", key)
            .replace("{token}", token)
            .replace("{*path}", tail)
    }
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// A question about the look that the own office took while it decided the permit.
async fn question(app: &TestApp, resident: &mut Caller) -> String {
    let look = resident.get("/my/trail?only=people").await.links("/my/trail/trl_").first().cloned().unwrap();
    resident.get(&look).await.assert_ok();
    resident.post(&look, &[("words", "为什么查询我的居住登记？")]).await.assert_status(303);
    let mut clerk = app.sign_in("own-clerk").await;
    last(clerk.get("/inbox/questions").await.links("/inbox/questions/tqn_").first().unwrap())
}

/// An open request of the own branch to the own city's office, and a grant between the two.
async fn request_and_grant(app: &TestApp) -> (String, String) {
    let (mut clerk, mut decider) = (app.sign_in("own-clerk").await, app.sign_in("own-decider").await);
    let asked = [
        ("resource", "population"),
        ("office", "public-security@990102"),
        ("fields", "name"),
        ("purpose", "supervision"),
        ("basis", "《居住证暂行条例》第五条"),
        ("from.y", "2026"),
        ("from.m", "12"),
        ("from.d", "1"),
        ("to.y", "2027"),
        ("to.m", "12"),
        ("to.d", "1"),
    ];
    clerk.get("/exchange/requests/new?resource=population").await.assert_ok();
    let first = clerk.post("/exchange/requests/new", &asked).await.location();
    decider.get(&first).await.assert_ok();
    decider.post(&format!("{first}/grant"), &[("grant-fields", "name")]).await.assert_status(303);
    let grant = clerk.get(&first).await.links("/exchange/grants/xgr_").first().cloned().unwrap();
    clerk.get("/exchange/requests/new?resource=population").await.assert_ok();
    let open = clerk.post("/exchange/requests/new", &asked).await.location();
    (last(&open), last(&grant))
}

/// What the resident had typed when the session had idled out; the token that leads back to it.
async fn stash(app: &TestApp) -> String {
    let mut resident = app.sign_in("resident").await;
    let draft = givens::begin(&mut resident, "senior-card").await;
    app.advance_minutes(61);
    let answer = resident.post(&format!("/my/drafts/{draft}/pages/contact"), &[("mobile", "15400550001")]).await;
    let back = answer.location();
    back.split("resume/").nth(1).unwrap_or_else(|| panic!("{back}")).to_owned()
}

async fn caller(app: &TestApp, key: &str) -> Caller {
    match key {
        "anonymous" => {
            let mut anonymous = app.anonymous();
            anonymous.get("/sign-in").await.assert_ok();
            anonymous
        }
        "agent" => app.agent_of_restaurant().await,
        key => app.sign_in(key).await,
    }
}

async fn ask(caller: &mut Caller, method: &str, path: &str) -> Page {
    if method == "GET" { caller.get(path).await } else { caller.post(path, &[]).await }
}

fn met(page: &Page) -> char {
    match page.status {
        403 => '-',
        404 => '0',
        303 if page.header("location").starts_with("/sign-in") => 's',
        200 | 204 | 303 | 409 | 422 => '+',
        _ => '?',
    }
}

/// One job fails for good at once, so that the administrator has one to retry.
async fn app_with_everything() -> (TestApp, Things) {
    let mut app = TestApp::with(|config| config.jobs.attempts = 1).await;
    app.release_jobs(); // the job that nobody does is there on purpose
    let things = Things::make(&app).await;
    (app, things)
}

#[tokio::test]
async fn every_route_has_an_authorisation_test() {
    let (app, things) = app_with_everything().await;
    let routes: BTreeSet<(&str, &str)> = app.app().route_list().iter().map(|r| (r.method, r.path)).collect();
    let tested: BTreeSet<(&str, &str)> = TABLE.iter().map(|(method, path, _)| (*method, *path)).collect();
    let lacking: Vec<_> = routes.difference(&tested).collect();
    assert!(lacking.is_empty(), "these addresses have no line in TABLE, so nobody knows who may use them: {lacking:?}");
    let gone: Vec<_> = tested.difference(&routes).collect();
    assert!(gone.is_empty(), "TABLE has lines for addresses that do not exist: {gone:?}");
    assert_eq!(TABLE.len(), tested.len(), "an address stands twice in TABLE");

    let mut wrong = Vec::new();
    for (method, path, cells) in TABLE {
        let wanted: Vec<char> = cells.chars().filter(|c| *c != ' ').collect();
        assert_eq!(wanted.len(), CALLERS.len(), "{path}: {cells}");
        let mut columns: Vec<usize> = (0..CALLERS.len()).collect();
        // Those who are let through come last: they may end the thing that the address names.
        columns.sort_by_key(|column| wanted[*column] == '+');
        for column in columns {
            let mut caller = caller(&app, CALLERS[column]).await;
            let page = ask(&mut caller, method, &things.fill(path)).await;
            if met(&page) != wanted[column] {
                wrong.push(format!("{} as {}: wanted {}, {}", path, CALLERS[column], wanted[column], page.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[tokio::test]
async fn no_form_is_taken_without_its_token_or_from_another_site() {
    let (app, things) = app_with_everything().await;
    // Programs are let in by a token in a header, which no browser adds by itself.
    let forms = TABLE.iter().filter(|(method, path, _)| *method == "POST" && !path.starts_with("/api/"));
    for (_, path, cells) in forms {
        let allowed = cells.chars().filter(|c| *c != ' ').position(|cell| cell == '+').unwrap();
        let mut sender = caller(&app, CALLERS[allowed]).await;
        let filled = things.fill(path);
        if !WITHOUT_TOKEN.contains(path) {
            let without = sender.post_exactly(&filled, &[("login", "su.yunling")]).await;
            without.assert_status(403).assert_says("error-denied-form-token");
            let foreign = caller(&app, "newcomer").await.csrf;
            for token in ["", "wrong", foreign.as_str()] {
                let wrong = sender.post_exactly(&filled, &[("csrf", token)]).await;
                wrong.assert_status(403).assert_says("error-denied-form-token");
            }
            let multipart = Caller::post_multipart;
            let mut forged = sender.clone();
            forged.csrf = "wrong".into();
            multipart(&mut forged, &filled, &[], &[]).await.assert_status(403);
        }
        for site in ["cross-site", "same-site"] {
            let mut elsewhere = sender.clone().with_header("sec-fetch-site", site);
            elsewhere.post(&filled, &[]).await.assert_status(403).assert_says("error-denied-form-token");
        }
        // The same form from its own page passes this gate, so it was the gate that refused the others.
        let mut own = sender.with_header("sec-fetch-site", "same-origin");
        let passed = own.post(&filled, &[]).await;
        assert_eq!(met(&passed), '+', "{}", passed.shown());
    }
}
