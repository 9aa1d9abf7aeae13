//! Sessions made directly, as signing in would leave them.
use platform::Platform;
use platform::policy::{Actor, ActorKind};
use platform::session::{self, Lifetime};

use crate::Result;
use crate::applicants::read;

/// What a browser holds.
#[derive(Clone)]
pub struct SignedIn {
    pub token: String,
    /// Stands in each form.
    pub csrf: String,
}

pub async fn begin(platform: &Platform, actor: &Actor) -> Result<SignedIn> {
    let lifetime = Lifetime::of(&platform.config().session);
    let token = session::begin(platform.db(), actor, None, lifetime).await?;
    let of = token.clone();
    let found = read(platform, move |tx| session::find(tx, &of, lifetime)).await?;
    let csrf = found.ok_or("the session that was begun is not there")?.csrf;
    Ok(SignedIn { token, csrf })
}

/// An official who does everything that a clerk and a reviewer of an office do.
pub async fn begin_official(platform: &Platform, office: &str) -> Result<SignedIn> {
    let of = office.to_owned();
    let sql = "SELECT o.id, o.name FROM directory_official o JOIN directory_post p ON p.official = o.id
               WHERE p.office = $1 AND p.role = 'clerk' AND o.active = 1 ORDER BY o.id LIMIT 1";
    let found = read(platform, move |tx| {
        let row = tx.get(sql, &[(&of).into()])?;
        Ok((row.text(0)?, row.text(1)?))
    });
    let (id, name) = found.await.map_err(|e| format!("{office} has no clerk: {e}"))?;
    let kind = ActorKind::Official;
    let actor = Actor { kind, id, name, subject: String::new(), posts: Vec::new(), acting_for: None };
    begin(platform, &actor).await
}
