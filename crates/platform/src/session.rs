//! Sessions: a random token in a cookie, its digest in the database, rotated at sign-in. Table: platform_session.
//!
//! Invariant: no process keeps session state, so any process can answer any request.
use crate::chance;
use crate::clock::{HOUR, MINUTE, Timestamp};
use crate::db::{Db, Tx, Value};
use crate::error::{Error, Result};
use crate::policy::{Actor, ActorKind};

/// Who a session belongs to, asked anew at each request so that a role withdrawn is withdrawn at once.
/// The directory answers; `app` joins the two.
pub trait Actors: Send + Sync {
    /// None when the person or official no longer exists or may no longer sign in.
    fn load(&self, tx: &mut Tx<'_>, kind: ActorKind, id: &str, acting_for: Option<&str>) -> Result<Option<Actor>>;
}

/// A session as a request sees it.
#[derive(Debug, Clone)]
pub struct Session {
    pub digest: String,
    pub kind: ActorKind,
    pub actor: String,
    pub acting_for: Option<String>,
    pub csrf: String,
    pub seen_at: Timestamp,
}

/// How long a session lives, from the settings.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub idle: i64,
    pub absolute: i64,
}

impl Lifetime {
    #[must_use]
    pub fn of(settings: &crate::config::Session) -> Self {
        Self { idle: i64::from(settings.idle_minutes) * MINUTE, absolute: i64::from(settings.absolute_hours) * HOUR }
    }
}

const SEEN_EVERY: i64 = MINUTE;

/// Begins a session and returns the cookie's token. The old session, when there was one, ends: rotation.
pub async fn begin(db: &Db, actor: &Actor, old: Option<String>, lifetime: Lifetime) -> Result<String> {
    let token = chance::token();
    let digest = chance::sha256_hex(token.as_bytes());
    let csrf = chance::token();
    let (kind, id) = (actor.kind, actor.id.clone());
    let acting_for = actor.acting_for.as_ref().map(|party| party.id.clone());
    db.keep(move |tx| {
        if let Some(old) = &old {
            tx.exec("DELETE FROM platform_session WHERE digest = $1", &[old.into()])?;
        }
        let now = tx.now();
        let params: [Value<'_>; 8] = [
            (&digest).into(),
            kind.name().into(),
            (&id).into(),
            (&acting_for).into(),
            (&csrf).into(),
            now.into(),
            now.into(),
            now.plus(lifetime.absolute).into(),
        ];
        tx.exec(
            "INSERT INTO platform_session (digest, kind, actor, acting_for, csrf, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &params,
        )
        .map(|_| ())
    })
    .await?;
    Ok(token)
}

/// The living session of a token, None when there is none, it is over, or the cookie is forged.
pub fn find(tx: &mut Tx<'_>, token: &str, lifetime: Lifetime) -> Result<Option<Session>> {
    let digest = chance::sha256_hex(token.as_bytes());
    let now = tx.now();
    let row = tx.find(
        "SELECT kind, actor, acting_for, csrf, seen_at FROM platform_session
         WHERE digest = $1 AND expires_at > $2 AND seen_at > $3",
        &[(&digest).into(), now.into(), now.plus(-lifetime.idle).into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let kind = match row.str(0)? {
        "person" => ActorKind::Person,
        "official" => ActorKind::Official,
        other => return Err(Error::Internal(format!("session of kind {other}"))),
    };
    Ok(Some(Session {
        digest,
        kind,
        actor: row.text(1)?,
        acting_for: row.opt_text(2)?,
        csrf: row.text(3)?,
        seen_at: row.time(4)?,
    }))
}

/// Notes that the session was used, at most once a minute.
pub async fn touch(db: &Db, session: &Session, now: Timestamp) -> Result<()> {
    if now.0 - session.seen_at.0 < SEEN_EVERY {
        return Ok(());
    }
    let digest = session.digest.clone();
    db.keep(move |tx| {
        let now = tx.now();
        tx.exec("UPDATE platform_session SET seen_at = $1 WHERE digest = $2", &[now.into(), (&digest).into()])
            .map(|_| ())
    })
    .await
}

pub async fn end(db: &Db, digest: String) -> Result<()> {
    db.keep(move |tx| tx.exec("DELETE FROM platform_session WHERE digest = $1", &[(&digest).into()]).map(|_| ())).await
}

/// Removes sessions that are over; run by a job.
pub(crate) fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec("DELETE FROM platform_session WHERE expires_at <= $1", &[now.into()])
}
