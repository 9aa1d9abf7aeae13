//! Who reads requests and grants: officials of the two sides, the overseer of what was escalated, administrators.
use platform::policy::{Action, Grant, On, Role};
use platform::{Ctx, Error, Result, ids};

use crate::Exchange;
use crate::actions::change;
use crate::actions::record::Acting;
use crate::model::kept::Kept;
use crate::model::request::Request;
use crate::store::Readers;
use crate::store::requests::get_request;

/// Leave to read, and what of.
pub fn readers(exchange: &Exchange, ctx: &Ctx) -> Result<(Readers, Grant)> {
    let all = ctx.actor.offices();
    let grant = ctx.allow(Action::GrantRead, &On::at(&all))?;
    if ctx.actor.roles().contains(&Role::Administrator) {
        return Ok((Readers::Everybody, grant));
    }
    let may = |office: &&str| ctx.allow(Action::GrantRead, &On::at(&[office])).is_ok();
    let offices: Vec<String> = all.iter().copied().filter(may).map(str::to_owned).collect();
    let oversee = offices.contains(&exchange.parts().grants.overseer);
    Ok((Readers::Offices { offices, oversee }, grant))
}

/// Offices in which the official may do this.
pub fn offices(ctx: &Ctx, action: Action) -> Vec<String> {
    let may = |office: &&str| ctx.allow(action, &On::at(&[office])).is_ok();
    ctx.actor.offices().into_iter().filter(may).map(str::to_owned).collect()
}

/// A request of which the official stands on one side.
pub async fn request(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<(Request, Readers)> {
    if !ids::has_shape("xrq", id) {
        return Err(Error::NotFound);
    }
    let (readers, grant) = readers(exchange, ctx)?;
    let (id, within) = (id.to_owned(), readers.clone());
    let found = ctx.db().read(grant, move |tx| get_request(tx, &within, &id)).await?;
    Ok((found, readers))
}

/// A grant of which the official stands on one side, and the consumer that delegated it.
pub async fn grant(exchange: &Exchange, ctx: &Ctx, id: &str) -> Result<(Kept, Option<Kept>, Readers)> {
    if !ids::has_shape("xgr", id) {
        return Err(Error::NotFound);
    }
    let (readers, grant) = readers(exchange, ctx)?;
    let acting = Acting { exchange: exchange.clone(), ctx: ctx.clone() };
    let (id, within) = (id.to_owned(), readers.clone());
    let read = move |tx: &mut platform::db::Tx<'_>| {
        let kept = change::find(tx, &acting, &within, &id)?;
        let parent = change::parent_of(tx, &kept)?;
        Ok((kept, parent))
    };
    let (kept, parent) = ctx.db().read(grant, read).await?;
    Ok((kept, parent, readers))
}
