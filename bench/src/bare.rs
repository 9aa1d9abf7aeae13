//! The bare writes that submissions are compared with: the same writer thread with its savepoints and its group
//! commit, the same disk; nothing read, nothing checked, no clock, no task, nothing sealed.
use std::path::Path;
use std::sync::Arc;

use app::open_platform;
use platform::clock::Clock;
use platform::db::Value;
use platform::db::sqlite::{Answer, SqliteDb, WriteJob};
use platform::db::tx::Connection;
use tokio::sync::oneshot;

use crate::Result;
use crate::place::config;

// Four rows of the program's own tables, with their columns and indexes.
const CASE: &str = "INSERT INTO services_case (id, number, item_key, item_version, owner, owner_name, owner_number,
     applicant, applicant_name, state, office, revision, submitted_at, answers, facts, asked)
     VALUES ($1, $1, 'residence-permit', 1, $2, 'A person', '990102199001010000', $2, 'A person', 'submitted',
     'public-security@990102', 1, $3, $4, $5, 0)";
const EVENT: &str = "INSERT INTO services_event (id, case_id, at, kind, actor_kind, actor, actor_name, detail)
     VALUES ($1, $1, $3, 'submitted', 'person', $2, 'A person', '')";
const JOB: &str = "INSERT INTO platform_job (id, kind, payload, state, run_at, attempts)
     VALUES ($1, 'services.silence', $1, 0, $2, 0)";
const AUDIT: &str = "INSERT INTO platform_audit (id, at, event, grant_action, actor_kind, actor, object, subject,
     basis, detail, salt)
     VALUES ($1, $3, 'case.submitted', 'case.submit', 'person', $2, $1, $2, '', '', X'000102030405060708090A0B0C0D0E0F')";
const SMALL_TABLES: [&str; 4] = [
    "CREATE TABLE bench_a (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_b (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_c (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE bench_d (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
];
const SMALL: [&str; 4] = [
    "INSERT INTO bench_a (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_b (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_c (id, body) VALUES ($1, $2)",
    "INSERT INTO bench_d (id, body) VALUES ($1, $2)",
];
/// Bytes of a small row besides its key.
const BODY: usize = 160;

/// What a submitted case carries, taken from a real one.
pub struct Weight {
    pub answers: String,
    pub facts: String,
}

#[derive(Clone)]
pub struct Bare {
    db: Arc<SqliteDb>,
    weight: Arc<Weight>,
    body: Arc<str>,
}

impl Bare {
    /// On a database with the program's schema and nothing in it.
    pub async fn open(dir: &Path, weight: Weight) -> Result<Self> {
        drop(open_platform(config(dir), Clock::World).await?);
        let db = Arc::new(SqliteDb::open(&dir.join("tongban.sqlite"), 1)?);
        let bare = Self { db, weight: Arc::new(weight), body: "x".repeat(BODY).into() };
        bare.transact(|conn| SMALL_TABLES.iter().try_for_each(|sql| conn.exec(sql, &[]).map(|_| ()))).await?;
        Ok(bare)
    }

    /// One durable write of the four rows of a submission.
    pub async fn write(&self, number: usize) -> Result<()> {
        let weight = Arc::clone(&self.weight);
        self.transact(move |conn| {
            // Cases come in order of time, their owners in none.
            let (id, at) = (format!("case_{number:026}"), i64::try_from(number).unwrap_or(i64::MAX));
            let owner = format!("per_{:026}", number.wrapping_mul(0x9e37_79b9) % 100_003);
            let (id, owner): (Value<'_>, Value<'_>) = ((&id).into(), (&owner).into());
            conn.exec(CASE, &[id, owner, at.into(), (&weight.answers).into(), (&weight.facts).into()])?;
            conn.exec(EVENT, &[id, owner, at.into()])?;
            conn.exec(JOB, &[id, at.into()])?;
            conn.exec(AUDIT, &[id, owner, at.into()]).map(|_| ())
        })
        .await
    }

    /// One durable write of four small rows without further indexes.
    pub async fn write_small(&self, number: usize) -> Result<()> {
        let body = Arc::clone(&self.body);
        self.transact(move |conn| {
            let id = format!("row_{number:026}");
            let params: [Value<'_>; 2] = [(&id).into(), (&*body).into()];
            SMALL.iter().try_for_each(|sql| conn.exec(sql, &params).map(|_| ()))
        })
        .await
    }

    async fn transact(
        &self,
        f: impl FnOnce(&mut dyn Connection) -> platform::Result<()> + Send + 'static,
    ) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let job: WriteJob = Box::new(move |conn| {
            let outcome = f(conn);
            let keep = outcome.is_ok();
            let tell: Answer = Box::new(move |committed| drop(reply.send(outcome.and(committed))));
            (keep, tell)
        });
        self.db.send_write(job)?;
        Ok(answer.await??)
    }
}
