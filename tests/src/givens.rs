//! What tests begin with, made over HTTP as people make it: drafts, applications, acts at the desk.
use platform::audit::Entry;
use platform::policy::{Action, On};
use platform::{Ctx, jobs};

use crate::{Caller, Page, TestApp, Upload};

/// A file that is a PDF by its bytes.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
/// A PNG of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// An item with its answers: page → fields, and the file fields of pages.
pub struct Form {
    pub item: &'static str,
    pub answers: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    pub files: &'static [(&'static str, &'static [&'static str])],
}

pub const SENIOR_CARD: Form = Form {
    item: "senior-card",
    answers: &[("emergency", &[("has-emergency-contact", "no")]), ("declaration", &[("declaration", "yes")])],
    files: &[],
};

pub const PERMIT: Form = Form {
    item: "residence-permit",
    answers: &[
        ("ground-detail", &[("ground-detail", "与子女同住，住所为租赁住房，合同三年。")]),
        ("stay", &[("stay-months", "36")]),
        ("contact-person", &[("contact-name", "苏望舒"), ("contact-phone", "15400559999")]),
        ("declaration", &[("declaration", "yes")]),
    ],
    files: &[("proof", &["proof"])],
};

pub const LICENCE: Form = Form {
    item: "food-licence",
    answers: &[
        ("premises", &[("sign-name", "春溪小馆"), ("area", "120.5")]),
        ("activities", &[("business-form", "catering"), ("activities", "hot"), ("activities", "cold")]),
        ("online", &[("sells-online", "yes")]),
        ("platform", &[("platform-name", "云岭外卖")]),
        (
            "staff",
            &[
                ("staff.0.name", "何安澜"),
                ("staff.0.id-number", "990102199206150046"),
                ("staff.0.duty", "manager"),
                ("staff.0.health-certificate", ""),
            ],
        ),
        ("opening", &[("opening-date.y", "2027"), ("opening-date.m", "1"), ("opening-date.d", "8")]),
        ("declaration", &[("declaration", "yes")]),
    ],
    files: &[("documents", &["floor-plan", "premises-proof", "safety-rules"])],
};

/// Begins a draft; its identifier.
pub async fn begin(caller: &mut Caller, item: &str) -> String {
    caller.get(&format!("/items/{item}/start")).await.assert_ok();
    let page = caller.post(&format!("/items/{item}/start"), &[]).await;
    draft_of(&page.location())
}

/// Fills every page of a draft until the answers are to be checked; the check page.
pub async fn fill(caller: &mut Caller, draft: &str, form: &Form) -> Page {
    let tasks = caller.get(&format!("/my/drafts/{draft}")).await;
    let mut at = tasks.links(&format!("/my/drafts/{draft}/pages/")).first().cloned().unwrap();
    for _ in 0..30 {
        if at.ends_with("/check") {
            return caller.get(&at).await;
        }
        at = fill_page(caller, &at, form).await;
    }
    panic!("the form {} has no end: {at}", form.item);
}

async fn fill_page(caller: &mut Caller, at: &str, form: &Form) -> String {
    let key = at.rsplit('/').next().unwrap();
    let answers = form.answers.iter().find(|(page, _)| *page == key).map_or(&[][..], |(_, fields)| fields);
    let files = form.files.iter().find(|(page, _)| *page == key).map_or(&[][..], |(_, fields)| fields);
    if files.is_empty() {
        return caller.fill(at, answers).await.location();
    }
    caller.get(at).await.assert_ok();
    let upload = |field: &&'static str| Upload { field, name: "证明.pdf", bytes: PDF };
    caller.post_multipart(at, answers, &files.iter().map(upload).collect::<Vec<_>>()).await.location()
}

/// An application from beginning to end; the case's identifier.
pub async fn apply(caller: &mut Caller, form: &Form) -> String {
    let draft = begin(caller, form.item).await;
    fill(caller, &draft, form).await.assert_ok();
    submit(caller, &draft).await
}

/// Sends a draft that is complete; the case's identifier.
pub async fn submit(caller: &mut Caller, draft: &str) -> String {
    let page = caller.post(&format!("/my/drafts/{draft}/submit"), &[]).await;
    case_of(&page.location())
}

#[must_use]
#[track_caller]
pub fn draft_of(location: &str) -> String {
    part_after(location, "/my/drafts/")
}

#[must_use]
#[track_caller]
pub fn case_of(location: &str) -> String {
    part_after(location, "/my/cases/")
}

#[track_caller]
fn part_after(location: &str, begin: &str) -> String {
    let rest = location.strip_prefix(begin).unwrap_or_else(|| panic!("{location} does not begin with {begin}"));
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// The open task of a case: of this kind (`accept`, `review`, `decide`), of this review when it is named.
pub async fn task(app: &TestApp, case: &str, kind: &str, review: Option<&str>) -> String {
    let rows = app.rows("SELECT id, case_id, kind, review_key FROM services_task WHERE ended_at IS NULL").await;
    let fits = |row: &&platform::db::Row| {
        row.str(1).unwrap() == case
            && row.str(2).unwrap() == kind
            && review.is_none_or(|review| row.opt_text(3).unwrap().as_deref() == Some(review))
    };
    rows.iter().find(fits).unwrap_or_else(|| panic!("{case} has no open task {kind} {review:?}")).text(0).unwrap()
}

/// Opens a task and acts on it as its page offers: the revision that was seen goes with the act.
pub async fn act(officer: &mut Caller, task: &str, verb: &str, fields: &[(&str, &str)]) -> Page {
    let shown = officer.get(&format!("/inbox/tasks/{task}")).await;
    shown.assert_ok();
    let revision = shown.value("revision").unwrap_or_else(|| panic!("nothing can be done here\n{}", shown.shown()));
    let all: Vec<(&str, &str)> =
        std::iter::once(("revision", revision.as_str())).chain(fields.iter().copied()).collect();
    officer.post(&format!("/inbox/tasks/{task}/{verb}"), &all).await
}

/// A permit that was applied for and accepted.
pub async fn accepted_permit(app: &TestApp, resident: &mut Caller, clerk: &mut Caller) -> String {
    let case = apply(resident, &PERMIT).await;
    let task = task(app, &case, "accept", None).await;
    act(clerk, &task, "accept", &[]).await.assert_status(303);
    case
}

/// A permit that was granted; case and certificate.
pub async fn granted_permit(app: &TestApp, resident: &mut Caller) -> (String, String) {
    let (mut clerk, mut decider) = (app.sign_in("permit-clerk").await, app.sign_in("permit-decider").await);
    let case = accepted_permit(app, resident, &mut clerk).await;
    let review = task(app, &case, "review", None).await;
    act(&mut clerk, &review, "review", &[("verdict", "passed")]).await.assert_status(303);
    let decision = task(app, &case, "decide", None).await;
    act(&mut decider, &decision, "decide", &[("verdict", "granted")]).await.assert_status(303);
    let certificate = certificate(resident, &case).await;
    (case, certificate)
}

/// The certificate that a case ended with.
pub async fn certificate(owner: &mut Caller, case: &str) -> String {
    let page = owner.get(&format!("/my/cases/{case}")).await;
    let links = page.links("/my/certificates/");
    let link = links.iter().find(|link| link.contains("crt_"));
    let link = link.unwrap_or_else(|| panic!("no certificate\n{}", page.shown()));
    part_after(link, "/my/certificates/")
}

/// A job that failed as often as jobs may.
pub async fn stuck_job(app: &TestApp) -> String {
    let ctx = Ctx::system(app.platform(), "tests.job");
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = |tx: &mut platform::db::Tx<'_>| {
        let now = tx.now();
        jobs::enqueue(tx, "tests.nobody-does-this", "", now)?;
        tx.audited(Entry { event: "tests.job-enqueued", ..Entry::default() }, ())
    };
    app.platform().db().write(grant, write).await.unwrap();
    app.run_jobs().await;
    app.rows("SELECT id FROM platform_job WHERE state = 3").await[0].text(0).unwrap()
}
