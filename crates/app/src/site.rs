//! Pages of the site itself: accessibility, privacy, source; the administrator's stuck jobs; the auditor's page.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use platform::Ctx;
use platform::audit::Entry;
use platform::db::Tx;
use platform::error::{Error, Result};
use platform::jobs::{self, Job};
use platform::page::{self, Shell};
use platform::policy::{Action, On};
use platform::posted::Posted;
use platform::routes::Routes;

pub fn routes() -> Routes {
    Routes::default()
        .get("/accessibility", Action::HallRead, accessibility)
        .get("/privacy", Action::HallRead, privacy)
        .get("/source", Action::HallRead, source)
        .get("/admin/jobs", Action::JobsRead, stuck_jobs)
        .post("/admin/jobs/{id}/retry", Action::JobsRetry, retry_job)
        .get("/audit", Action::AuditRead, audit)
}

/// A page of plain words: a title and paragraphs. // keys: site-*
#[derive(Template)]
#[template(path = "words.html")]
struct WordsPage {
    s: Shell,
    title: String,
    paragraphs: Vec<String>,
}

fn words(ctx: &Ctx, name: &str, count: usize) -> Result<Response> {
    let text = |part: &str| ctx.t(&format!("site-{name}-{part}")).to_owned();
    let paragraphs = (1..=count).map(|n| text(&n.to_string())).collect();
    page::html(&WordsPage { title: text("title"), paragraphs, s: Shell::new(ctx) })
}

async fn accessibility(ctx: Ctx) -> Result<Response> {
    words(&ctx, "accessibility", 3)
}

async fn privacy(ctx: Ctx) -> Result<Response> {
    words(&ctx, "privacy", 4)
}

async fn source(ctx: Ctx) -> Result<Response> {
    words(&ctx, "source", 2)
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    s: Shell,
    jobs: Vec<Job>,
}

async fn stuck_jobs(ctx: Ctx) -> Result<Response> {
    let grant = ctx.allow(Action::JobsRead, &On::PUBLIC)?;
    let jobs = ctx.db().read(grant, jobs::list_stuck).await?;
    page::html(&JobsPage { s: Shell::new(&ctx), jobs })
}

async fn retry_job(ctx: Ctx, Path(id): Path<String>, _: Posted) -> Result<Response> {
    let grant = ctx.allow(Action::JobsRetry, &On::PUBLIC)?;
    let write = move |tx: &mut Tx<'_>| {
        jobs::retry(tx, &id)?;
        tx.audited(Entry { event: "job.retried", object: &id, ..Entry::default() }, ())
    };
    match ctx.db().write(grant, write).await {
        Err(Error::NotFound) => {} // sent twice: it is no longer among the stuck ones, as the list shows
        other => other?,
    }
    ctx.platform().wake_jobs();
    page::see_other("/admin/jobs")
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    s: Shell,
    checkpoint: Option<String>,
    key: String,
}

/// What an auditor needs to check the log offline: the newest checkpoint and the key.
async fn audit(ctx: Ctx) -> Result<Response> {
    let grant = ctx.allow(Action::AuditRead, &On::PUBLIC)?;
    let checkpoint = ctx.db().read(grant, platform::audit::log::newest_note).await?;
    let key = platform::audit::log::verifier_key(ctx.platform())?;
    page::html(&AuditPage { s: Shell::new(&ctx), checkpoint, key })
}
