//! A consumer asks for data, withdraws, or asks to renew.
use platform::clock::{Timestamp, iso_date};
use platform::db::{Audited, Tx};
use platform::once;
use platform::{Error, Result};
use registry::Resource;

use super::decide::{Giving, give};
use super::record::{Acting, Said, Thing};
use crate::model::kept::Kept;
use crate::model::request::{Ground, Reason, Request, RequestKind, Way, way};
use crate::model::step::{RequestState, StepKind};
use crate::model::terms::Terms;
use crate::store::Readers;
use crate::store::requests::{get_request, has_open_renewal, insert_request, new_request_id, update_ended};

/// What is asked, checked.
#[derive(Debug, Clone)]
pub struct Asking {
    pub consumer: String,
    pub resource: String,
    pub purpose: String,
    pub basis: String,
    pub terms: Terms,
    /// The grant to renew.
    pub renews: Option<String>,
    /// What the official adds; may be empty.
    pub words: String,
    /// Key of the sending, against a second click; empty: none.
    pub once: String,
}

/// Asks; the request's identifier. What is shared without condition is granted here, what is not shared refused here.
pub fn ask(tx: &mut Tx<'_>, acting: &Acting, asking: &Asking) -> Result<Audited<String>> {
    let owner = &acting.ctx.actor.id;
    if !asking.once.is_empty()
        && let Some(before) = once::begin(tx, owner, &asking.once)?
    {
        let entry = platform::audit::Entry { event: "grant.ask-repeated", object: &before, ..Default::default() };
        return tx.audited(entry, before.clone());
    }
    let catalogue = acting.exchange.registry().catalogue();
    let resource = catalogue.get(&asking.resource).ok_or(Error::NotFound)?.clone();
    if let Some(grant) = &asking.renews
        && has_open_renewal(tx, grant)?
    {
        return Err(Error::Conflict("exchange-conflict-renewal"));
    }
    let request = insert(tx, acting, asking, &resource)?;
    if !asking.once.is_empty() {
        once::done(tx, owner, &asking.once, &request.id)?;
    }
    let thing = Thing::request(&request);
    // A renewal says until when; its other terms stand already.
    let until = asking.terms.to.filter(|_| asking.renews.is_some());
    let until = until.map_or_else(String::new, |to| iso_date(to.plus(-1).date(acting.ctx.zone())));
    let said = Said { detail: &until, ..Said::words(&asking.words) };
    let written = acting.step(tx, thing, StepKind::Asked, &said)?;
    match way(&resource, &asking.terms.fields) {
        Way::AtOnce => {
            let kind = if request.kind == RequestKind::Renewal { StepKind::Renewed } else { StepKind::Granted };
            give(tx, acting, &request, Giving { terms: request.terms.clone(), kind, words: String::new() })?
                .into_inner();
        }
        Way::Refused => refuse_by_law(tx, acting, &request, &resource)?,
        Way::Provider => {
            let today = tx.now().date(acting.ctx.zone());
            let parts = acting.exchange.parts();
            acting.watch_due(tx, &request.id, parts.grants.deadline(&parts.calendar, today))?;
            acting.tell(tx, thing, StepKind::Asked, &[&request.provider])?;
        }
    }
    Ok(written.map(|()| request.id))
}

fn insert(tx: &mut Tx<'_>, acting: &Acting, asking: &Asking, resource: &Resource) -> Result<Request> {
    let (parts, actor) = (acting.exchange.parts(), &acting.ctx.actor);
    let now = tx.now();
    let deadline = parts.grants.deadline(&parts.calendar, now.date(acting.ctx.zone()));
    let request = Request {
        id: new_request_id(tx),
        kind: if asking.renews.is_some() { RequestKind::Renewal } else { RequestKind::New },
        consumer: asking.consumer.clone(),
        provider: resource.provider.clone(),
        resource: resource.key.clone(),
        purpose: asking.purpose.clone(),
        basis: asking.basis.clone(),
        terms: asking.terms.clone(),
        state: RequestState::Asked,
        asked_at: now,
        asked_by: actor.id.clone(),
        asked_name: actor.name.clone(),
        due: deadline.due,
        extended: false,
        escalated_at: None,
        grant: asking.renews.clone(),
    };
    insert_request(tx, &request)?;
    Ok(request)
}

/// The catalogue says that the resource is not shared, and on which law: the answer needs no official.
fn refuse_by_law(tx: &mut Tx<'_>, acting: &Acting, request: &Request, resource: &Resource) -> Result<()> {
    let next = request.state.after(StepKind::Refused).map_err(Error::Conflict)?;
    update_ended(tx, &request.id, next, None)?;
    let basis = crate::basis_text(&resource.sharing_ground);
    let reason = Reason { ground: Some(Ground::Forbidden), basis, words: String::new() };
    acting.step(tx, Thing::request(request), StepKind::Refused, &Said::reason(&reason)).map(drop)
}

/// Takes an open request back.
pub fn withdraw(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str) -> Result<Audited<()>> {
    let request = get_request(tx, readers, id)?;
    let next = request.state.after(StepKind::Withdrawn).map_err(Error::Conflict)?;
    update_ended(tx, id, next, None)?;
    let thing = Thing::request(&request);
    acting.tell(tx, thing, StepKind::Withdrawn, &[&request.provider])?;
    acting.step(tx, thing, StepKind::Withdrawn, &Said::default())
}

/// The request that asks to go on with a grant until another day.
pub fn renewal(kept: &Kept, now: Timestamp, to: Timestamp, words: String) -> Result<Asking> {
    kept.state.after(StepKind::Renewed).map_err(Error::Conflict)?;
    if !kept.stands(now) {
        return Err(Error::Conflict("exchange-conflict-grant-over"));
    }
    if kept.parent.is_some() || kept.automatic {
        return Err(Error::Conflict("exchange-conflict-delegated"));
    }
    Ok(Asking {
        consumer: kept.consumer.clone(),
        resource: kept.resource.clone(),
        purpose: kept.purpose.clone(),
        basis: kept.basis.clone(),
        terms: Terms { to: Some(to), ..kept.terms.clone() },
        renews: Some(kept.id.clone()),
        words,
        once: String::new(),
    })
}
