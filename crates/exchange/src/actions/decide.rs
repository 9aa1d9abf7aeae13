//! The provider's office decides: grants, perhaps narrower than asked, refuses with a ground, or puts the answer off once.
use platform::db::{Audited, Tx};
use platform::{Error, Result};

use super::record::{Acting, Said, Thing};
use crate::model::kept::Kept;
use crate::model::request::{Reason, Request, RequestKind};
use crate::model::step::{GrantState, StepKind};
use crate::model::terms::Terms;
use crate::store::Readers;
use crate::store::kept::{get_kept, insert_kept, new_grant_id, update_kept};
use crate::store::requests::{get_request, update_due, update_ended};

/// What is given and how it came about.
pub struct Giving {
    pub terms: Terms,
    /// `Granted`, `Renewed` or `Silence`.
    pub kind: StepKind,
    pub words: String,
}

/// Grants a request: never wider than it was asked. The grant's identifier.
pub fn give(tx: &mut Tx<'_>, acting: &Acting, request: &Request, giving: Giving) -> Result<Audited<String>> {
    giving.terms.check_within(&request.terms).map_err(Error::Invalid)?;
    if giving.terms.to.is_some_and(|to| to <= tx.now()) {
        return Err(Error::Conflict("exchange-conflict-period-over"));
    }
    let next = request.state.after(giving.kind).map_err(Error::Conflict)?;
    let grant = match request.kind {
        RequestKind::New => open(tx, acting, request, giving.terms)?,
        RequestKind::Renewal => renew(tx, acting, request, giving.terms)?,
    };
    update_ended(tx, &request.id, next, Some(&grant))?;
    let thing = Thing { grant: Some(&grant), ..Thing::request(request) };
    acting.tell(tx, thing, giving.kind, &[&request.consumer, &request.asked_by])?;
    Ok(acting.step(tx, thing, giving.kind, &Said::words(&giving.words))?.map(|()| grant.clone()))
}

fn open(tx: &mut Tx<'_>, acting: &Acting, request: &Request, terms: Terms) -> Result<String> {
    let kept = Kept {
        id: new_grant_id(tx),
        consumer: request.consumer.clone(),
        purpose: request.purpose.clone(),
        resource: request.resource.clone(),
        basis: request.basis.clone(),
        terms,
        state: GrantState::Active,
        automatic: false,
        version: 1,
        request: Some(request.id.clone()),
        parent: None,
        granted_at: tx.now(),
    };
    insert_kept(tx, &kept)?;
    acting.sign(tx, &kept, None)?;
    acting.watch_end(tx, &kept)?;
    Ok(kept.id)
}

/// A new version of the grant that the request names.
fn renew(tx: &mut Tx<'_>, acting: &Acting, request: &Request, terms: Terms) -> Result<String> {
    let id = request.grant.clone().ok_or(Error::NotFound)?;
    let was = get_kept(tx, &Readers::Everybody, &id, |_| Vec::new())?;
    let state = was.state.after(StepKind::Renewed).map_err(Error::Conflict)?;
    // Renewed is what stands now: a grant that was narrowed since it was asked for does not widen again.
    let now = Terms { to: None, ..was.terms.clone() };
    let terms = terms.capped(&now).ok_or(Error::Conflict("exchange-conflict-grant-over"))?;
    let kept = Kept { terms, state, version: was.version + 1, ..was };
    update_kept(tx, kept.version - 1, &kept)?;
    acting.sign(tx, &kept, None)?;
    acting.watch_end(tx, &kept)?;
    super::change::cap_delegations(tx, acting, &kept)?;
    Ok(id)
}

pub fn grant(
    tx: &mut Tx<'_>,
    acting: &Acting,
    readers: &Readers,
    id: &str,
    giving: (Terms, String),
) -> Result<Audited<()>> {
    let request = get_request(tx, readers, id)?;
    let kind = if request.kind == RequestKind::Renewal { StepKind::Renewed } else { StepKind::Granted };
    let (terms, words) = giving;
    Ok(give(tx, acting, &request, Giving { terms, kind, words })?.map(|_| ()))
}

pub fn refuse(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str, reason: &Reason) -> Result<Audited<()>> {
    let request = get_request(tx, readers, id)?;
    let next = request.state.after(StepKind::Refused).map_err(Error::Conflict)?;
    update_ended(tx, id, next, None)?;
    let thing = Thing::request(&request);
    acting.tell(tx, thing, StepKind::Refused, &[&request.consumer, &request.asked_by])?;
    acting.step(tx, thing, StepKind::Refused, &Said::reason(reason))
}

/// Puts the answer off by the setting, once, with a reason.
pub fn extend(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str, words: &str) -> Result<Audited<()>> {
    let request = get_request(tx, readers, id)?;
    request.state.after(StepKind::Extended).map_err(Error::Conflict)?;
    if request.extended {
        return Err(Error::Conflict("exchange-conflict-extended"));
    }
    if request.is_late(tx.now().date(acting.ctx.zone())) {
        return Err(Error::Conflict("exchange-conflict-late"));
    }
    let parts = acting.exchange.parts();
    let deadline = parts.grants.extended(&parts.calendar, request.due);
    update_due(tx, id, deadline.due)?;
    acting.watch_due(tx, id, deadline)?;
    let thing = Thing::request(&request);
    acting.tell(tx, thing, StepKind::Extended, &[&request.consumer, &request.asked_by])?;
    let day = platform::clock::iso_date(deadline.due);
    acting.step(tx, thing, StepKind::Extended, &Said { words, detail: &day, ..Said::default() })
}
