//! What was typed when the session had ended in mid-form: kept for an hour, given back to the same person only.
//! Table: platform_stash.
use axum::extract::Request;

use crate::chance;
use crate::clock::HOUR;
use crate::ctx::Ctx;
use crate::db::Value;
use crate::error::{Error, Result};

/// Kept fields of a form and where it was going.
#[derive(Debug, Clone)]
pub struct Stash {
    pub path: String,
    pub fields: Vec<(String, String)>,
}

/// Keeps the body of a form for the person of the session that has ended. None when there was no session, the form
/// has files, or it is too large: then nothing can be kept and the caller says so.
pub async fn keep(ctx: &Ctx, path: &str, request: Request) -> Result<Option<String>> {
    let Some(token) = crate::http::session_token(ctx.platform(), request.headers()) else { return Ok(None) };
    let is_plain = crate::posted::is_urlencoded(request.headers());
    let limit = ctx.platform().config().http.form_limit_bytes as usize;
    let digest = chance::sha256_hex(token.as_bytes());
    let owner = ctx
        .db()
        .peek(move |tx| tx.find("SELECT actor FROM platform_session WHERE digest = $1", &[(&digest).into()]))
        .await?;
    let (Some(owner), true) = (owner, is_plain) else { return Ok(None) };
    let owner = owner.text(0)?;
    let Ok(body) = axum::body::to_bytes(request.into_body(), limit).await else {
        return Err(Error::TooLarge { limit: limit as u64 });
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let stash = chance::token();
    let (key, path) = (chance::sha256_hex(stash.as_bytes()), path.to_owned());
    ctx.db()
        .keep(move |tx| {
            let now = tx.now();
            let params: [Value<'_>; 5] =
                [(&key).into(), (&owner).into(), (&path).into(), (&body).into(), now.plus(HOUR).into()];
            tx.exec(
                "INSERT INTO platform_stash (digest, owner, path, body, expires_at) VALUES ($1, $2, $3, $4, $5)",
                &params,
            )
            .map(|_| ())
        })
        .await?;
    Ok(Some(stash))
}

/// What was kept, for the person it belongs to.
pub async fn find(ctx: &Ctx, token: &str) -> Result<Stash> {
    let (digest, owner) = (chance::sha256_hex(token.as_bytes()), ctx.actor.id.clone());
    let row = ctx
        .db()
        .peek(move |tx| {
            let now = tx.now();
            tx.get(
                "SELECT path, body FROM platform_stash WHERE digest = $1 AND owner = $2 AND expires_at > $3",
                &[(&digest).into(), (&owner).into(), now.into()],
            )
        })
        .await?;
    let fields = crate::posted::parse_urlencoded(row.str(1)?);
    Ok(Stash { path: row.text(0)?, fields: fields.into_iter().filter(|(name, _)| name != "csrf").collect() })
}

pub(crate) fn sweep(tx: &mut crate::db::Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec("DELETE FROM platform_stash WHERE expires_at <= $1", &[now.into()])
}
