//! What happens later: claimed, idempotent, retried with growing delay, then waiting for a person. Table: platform_job.
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{MINUTE, SECOND, Timestamp};
use crate::ctx::Ctx;
use crate::db::{Row, Tx, Value, claim_sql};
use crate::error::{Error, Result};
use crate::platform::Platform;

const WAITING: i64 = 0;
const STUCK: i64 = 3;
/// A claim that is not finished by then is taken up by another worker.
const CLAIM: i64 = 5 * MINUTE;
const AT_ONCE: i64 = 32;
const POLL: Duration = Duration::from_millis(250);

type JobFuture = Pin<Box<dyn Future<Output = Result<()>> + Send>>;
type Handler = Arc<dyn Fn(Ctx, String) -> JobFuture + Send + Sync>;

/// What runs each kind of job; filled by the features, joined in `app`.
#[derive(Default, Clone)]
pub struct Handlers(HashMap<&'static str, Handler>);

impl Handlers {
    /// `kind` is `services.notify`; the payload is the text given to `enqueue`. Handlers are idempotent.
    pub fn on<F, R>(&mut self, kind: &'static str, run: F)
    where
        F: Fn(Ctx, String) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.0.insert(kind, Arc::new(move |ctx, payload| Box::pin(run(ctx, payload))));
    }
}

/// Puts a job into the transaction that makes it necessary.
pub fn enqueue(tx: &mut Tx<'_>, kind: &str, payload: &str, run_at: Timestamp) -> Result<()> {
    let id = tx.new_id_text("job");
    let params: [Value<'_>; 5] = [(&id).into(), kind.into(), payload.into(), WAITING.into(), run_at.into()];
    tx.exec(
        "INSERT INTO platform_job (id, kind, payload, state, run_at, attempts) VALUES ($1, $2, $3, $4, $5, 0)",
        &params,
    )
    .map(|_| ())
}

/// A job as the jobs page shows it.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub payload: String,
    pub attempts: i64,
    pub error: Option<String>,
}

fn job_of(row: &Row) -> Result<Job> {
    Ok(Job { id: row.text(0)?, kind: row.text(1)?, payload: row.text(2)?, attempts: row.int(3)?, error: None })
}

/// Jobs that wait for a person, newest first, at most 100.
pub fn list_stuck(tx: &mut Tx<'_>) -> Result<Vec<Job>> {
    tx.list(
        "SELECT id, kind, payload, attempts, error FROM platform_job WHERE state = 3 ORDER BY id DESC LIMIT 100",
        &[],
        |row| Ok(Job { error: row.opt_text(4)?, ..job_of(row)? }),
    )
}

/// Puts a stuck job back.
pub fn retry(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let now = tx.now();
    let done = tx.exec(
        "UPDATE platform_job SET state = 0, attempts = 0, run_at = $1, error = NULL WHERE id = $2 AND state = 3",
        &[now.into(), id.into()],
    )?;
    if done == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// How many jobs are not done yet.
pub fn count_open(tx: &mut Tx<'_>) -> Result<i64> {
    tx.get("SELECT COUNT(*) FROM platform_job WHERE state <> 3", &[])?.int(0)
}

/// Runs due jobs until the stop signal; finishes the ones in hand.
pub async fn work(platform: Platform, handlers: Handlers, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        let ran = run_due(&platform, &handlers).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "jobs could not be claimed");
            0
        });
        if ran == 0 {
            tokio::select! {
                _ = stop.changed() => {}
                () = platform.jobs_woken() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// Claims and runs one batch; the number of jobs run. Tests call it until it gives 0.
pub async fn run_due(platform: &Platform, handlers: &Handlers) -> Result<usize> {
    let jobs = claim(platform).await?;
    let mut done = Vec::new();
    for job in &jobs {
        let ctx = Ctx::system(platform, &job.kind);
        let outcome = match handlers.0.get(job.kind.as_str()) {
            // On a task of its own: a job that panics fails, its worker goes on.
            Some(run) => match tokio::spawn(run(ctx, job.payload.clone())).await {
                Ok(outcome) => outcome,
                Err(error) => Err(Error::Internal(format!("the job panicked: {error}"))),
            },
            None => Err(Error::Internal(format!("no handler for jobs of kind {}", job.kind))),
        };
        platform
            .metrics()
            .jobs
            .with_label_values(&[job.kind.as_str(), if outcome.is_ok() { "done" } else { "failed" }])
            .inc();
        match outcome {
            Ok(()) => done.push(job.id.clone()),
            Err(error) => put_back(platform, job, &error).await?,
        }
    }
    let ran = jobs.len();
    platform.db().keep(move |tx| done.iter().try_for_each(|id| forget(tx, id))).await?;
    Ok(ran)
}

fn forget(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.exec("DELETE FROM platform_job WHERE id = $1", &[id.into()]).map(|_| ())
}

async fn claim(platform: &Platform) -> Result<Vec<Job>> {
    let due = |tx: &mut Tx<'_>| {
        let now = tx.now();
        tx.find("SELECT 1 AS one FROM platform_job WHERE state = 0 AND run_at <= $1 LIMIT 1", &[now.into()])
            .map(|row| row.is_some())
    };
    if !platform.db().peek(due).await? {
        return Ok(Vec::new());
    }
    platform
        .db()
        .keep(|tx| {
            let (now, sql) = (tx.now(), claim_sql(tx.dialect()));
            tx.list(sql, &[now.plus(CLAIM).into(), now.into(), AT_ONCE.into()], job_of)
        })
        .await
}

async fn put_back(platform: &Platform, job: &Job, error: &Error) -> Result<()> {
    let last = job.attempts >= i64::from(platform.config().jobs.attempts);
    tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempts, %error, "a job failed");
    let (id, state, words) = (job.id.clone(), if last { STUCK } else { WAITING }, error.to_string());
    let delay = SECOND << job.attempts.clamp(0, 12);
    platform
        .db()
        .keep(move |tx| {
            let now = tx.now();
            tx.exec(
                "UPDATE platform_job SET state = $1, run_at = $2, error = $3, claimed_until = NULL WHERE id = $4",
                &[state.into(), now.plus(delay).into(), (&words).into(), (&id).into()],
            )
            .map(|_| ())
        })
        .await
}

/// Takes up jobs whose worker died.
pub(crate) fn reclaim(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        "UPDATE platform_job SET state = 0, claimed_until = NULL WHERE state = 1 AND claimed_until < $1",
        &[now.into()],
    )
}
