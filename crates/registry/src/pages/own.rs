//! What the register says now about whoever asks for a correction: read through the exchange, a line in the trail.
use platform::page::Shell;
use platform::{Ctx, Error, Result};

use super::inbox::{basis, shown};
use crate::Registry;
use crate::joints::Own;

/// What a subject is told of one value of its own.
pub enum OwnNow {
    /// No fact is chosen yet, or an office asks about somebody else.
    Unasked,
    /// The value, and who stands behind it since when.
    Value(String, String),
    Nothing,
    /// Its source does not answer now.
    Away,
}

/// `fact`: `resource.field`, as it was chosen.
pub async fn own_now(registry: &Registry, ctx: &Ctx, s: &Shell, fact: &str) -> Result<OwnNow> {
    let (resource, field) = fact.split_once('.').unwrap_or_default();
    let Some(entry) = registry.catalogue().get(resource) else { return Ok(OwnNow::Unasked) };
    let Some(known) = entry.field(field) else { return Ok(OwnNow::Unasked) };
    let party = ctx.actor.party();
    let own = Own {
        resource: resource.to_owned(),
        field: field.to_owned(),
        provider: entry.provider.clone(),
        subject: party.subject,
        owner: party.id,
        basis: basis(ctx),
    };
    Ok(match registry.joints().users.own(ctx, &own).await {
        Ok(Some(told)) => {
            let args = [("office", ctx.text(&told.source)), ("day", &s.day(&told.as_of))];
            OwnNow::Value(shown(ctx, Some(known), &told.value), ctx.tf("registry-own-source", &args))
        }
        Ok(None) => OwnNow::Nothing,
        Err(Error::Unavailable(_)) => OwnNow::Away,
        Err(other) => return Err(other),
    })
}
