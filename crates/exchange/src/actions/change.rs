//! What happens to a grant that stands: it is narrowed, delegated, revoked; a delegation ends with the grant it rests on.
use platform::db::{Audited, Tx};
use platform::{Error, FieldError, Result};

use super::record::{Acting, Said, Thing};
use crate::model::kept::Kept;
use crate::model::request::Reason;
use crate::model::step::{GrantState, StepKind};
use crate::model::terms::Terms;
use crate::store::Readers;
use crate::store::kept::{get_kept, insert_kept, list_delegated, new_grant_id, update_kept};

/// A grant of which the readers stand on one side.
pub fn find(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str) -> Result<Kept> {
    get_kept(tx, readers, id, |kept| {
        let provider = acting.provider(&kept.resource).unwrap_or_default();
        vec![kept.consumer.clone(), provider]
    })
}

/// A standing grant, or `Conflict`.
fn standing(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str) -> Result<Kept> {
    let kept = find(tx, acting, readers, id)?;
    if !kept.stands(tx.now()) {
        return Err(Error::Conflict("exchange-conflict-grant-over"));
    }
    Ok(kept)
}

/// The grant that a delegation rests on.
pub fn parent_of(tx: &mut Tx<'_>, kept: &Kept) -> Result<Option<Kept>> {
    kept.parent.as_deref().map(|id| get_kept(tx, &Readers::Everybody, id, |_| Vec::new())).transpose()
}

/// A new version with less in it.
pub fn narrow(
    tx: &mut Tx<'_>,
    acting: &Acting,
    readers: &Readers,
    id: &str,
    by: (Terms, String),
) -> Result<Audited<()>> {
    let was = standing(tx, acting, readers, id)?;
    let (terms, words) = by;
    terms.check_within(&was.terms).map_err(Error::Invalid)?;
    if terms == was.terms {
        return Err(Error::Invalid(vec![FieldError::new("fields", "exchange-terms-same")]));
    }
    let kept = change(tx, acting, &was, terms)?;
    let thing = Thing::grant(&kept);
    cap_delegations(tx, acting, &kept)?;
    acting.tell(tx, thing, StepKind::Narrowed, &[&kept.consumer])?;
    acting.step(tx, thing, StepKind::Narrowed, &Said::words(&words))
}

/// The next version with other terms.
fn change(tx: &mut Tx<'_>, acting: &Acting, was: &Kept, terms: Terms) -> Result<Kept> {
    let state = was.state.after(StepKind::Narrowed).map_err(Error::Conflict)?;
    let kept = Kept { terms, state, version: was.version + 1, ..was.clone() };
    update_kept(tx, was.version, &kept)?;
    let parent = parent_of(tx, &kept)?;
    acting.sign(tx, &kept, parent.as_ref())?;
    if kept.terms.to != was.terms.to {
        acting.watch_end(tx, &kept)?;
    }
    Ok(kept)
}

/// Brings the delegations of a grant back within its terms; one of which nothing is left ends.
pub(super) fn cap_delegations(tx: &mut Tx<'_>, acting: &Acting, kept: &Kept) -> Result<()> {
    for child in list_delegated(tx, &kept.id)?.into_iter().filter(|child| child.state == GrantState::Active) {
        match child.terms.capped(&kept.terms) {
            Some(terms) if terms == child.terms => {}
            Some(terms) => {
                let child = change(tx, acting, &child, terms)?;
                acting.tell(tx, Thing::grant(&child), StepKind::Narrowed, &[&child.consumer])?;
                acting.step(tx, Thing::grant(&child), StepKind::Narrowed, &Said::default()).map(drop)?;
            }
            None => end(tx, acting, &child, &Said::default())?,
        }
    }
    Ok(())
}

/// What a consumer lets another organisation ask on its behalf.
#[derive(Debug, Clone)]
pub struct Delegating {
    pub to: String,
    pub terms: Terms,
    pub words: String,
}

/// Delegates, never more than the grant itself gives. The provider is told. The delegation's identifier.
pub fn delegate(
    tx: &mut Tx<'_>,
    acting: &Acting,
    readers: &Readers,
    id: &str,
    by: &Delegating,
) -> Result<Audited<String>> {
    let parent = standing(tx, acting, readers, id)?;
    if parent.parent.is_some() || parent.automatic {
        return Err(Error::Conflict("exchange-conflict-delegated"));
    }
    by.terms.check_within(&parent.terms).map_err(Error::Invalid)?;
    let kept = Kept {
        id: new_grant_id(tx),
        consumer: by.to.clone(),
        terms: by.terms.clone(),
        version: 1,
        request: None,
        parent: Some(parent.id.clone()),
        granted_at: tx.now(),
        ..parent.clone()
    };
    insert_kept(tx, &kept)?;
    acting.sign(tx, &kept, Some(&parent))?;
    acting.watch_end(tx, &kept)?;
    let provider = acting.provider(&parent.resource)?;
    let said = Said { words: &by.words, detail: &by.to, ..Said::default() };
    acting.tell(tx, Thing::grant(&kept), StepKind::Delegated, &[&by.to, &provider])?;
    acting.step(tx, Thing::grant(&kept), StepKind::Delegated, &said).map(drop)?;
    Ok(acting.step(tx, Thing::grant(&parent), StepKind::Delegated, &said)?.map(|()| kept.id.clone()))
}

/// Ends a grant now: the next fetch already finds it ended. Its delegations end with it.
pub fn revoke(tx: &mut Tx<'_>, acting: &Acting, readers: &Readers, id: &str, reason: &Reason) -> Result<Audited<()>> {
    let kept = standing(tx, acting, readers, id)?;
    let said = Said::reason(reason);
    for child in list_delegated(tx, id)?.into_iter().filter(|child| child.state == GrantState::Active) {
        end(tx, acting, &child, &said)?;
    }
    let next = kept.state.after(StepKind::Revoked).map_err(Error::Conflict)?;
    update_kept(tx, kept.version, &Kept { state: next, ..kept.clone() })?;
    let provider = acting.provider(&kept.resource)?;
    let asked_by = parent_of(tx, &kept)?.map(|parent| parent.consumer).unwrap_or_default();
    acting.tell(tx, Thing::grant(&kept), StepKind::Revoked, &[&kept.consumer, &provider, &asked_by])?;
    acting.step(tx, Thing::grant(&kept), StepKind::Revoked, &said)
}

fn end(tx: &mut Tx<'_>, acting: &Acting, kept: &Kept, said: &Said<'_>) -> Result<()> {
    let next = kept.state.after(StepKind::Revoked).map_err(Error::Conflict)?;
    update_kept(tx, kept.version, &Kept { state: next, ..kept.clone() })?;
    acting.tell(tx, Thing::grant(kept), StepKind::Revoked, &[&kept.consumer])?;
    acting.step(tx, Thing::grant(kept), StepKind::Revoked, said).map(drop)
}
