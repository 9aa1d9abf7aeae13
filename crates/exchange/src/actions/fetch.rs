//! The one way to a fact: who asks may → a grant covers it → the source answers → the look is written → the answer leaves.
use std::collections::BTreeMap;
use std::sync::Arc;

use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::policy::{Action, Actor, ActorKind, Grant, On};
use platform::{Ctx, Error, Result};

use super::{automatic, hide};
use crate::Exchange;
use crate::connector::{Found, Query, Reading};
use crate::model::ask::{Ask, Facts, Wanted, plan, reduce};
use crate::model::grant::{Cover, Moment, cover};
use crate::model::hiding::Hiding;
use crate::model::look::LookId;
use crate::store::grants::list_grants;
use crate::store::trail::{NewLook, insert_look};

/// The purpose of a subject's look at its own data, outside any matter.
pub const OWN_DATA: &str = "own-data";

/// What the trail says of a look besides the request, made ready before the write.
struct Said {
    subject: String,
    /// JSON: resource → fields.
    fields: String,
    /// JSON: resource → organisation.
    sources: String,
}

/// A request that may be made, on its way.
struct Errand {
    exchange: Exchange,
    ask: Ask,
    wanted: Vec<Wanted>,
    actor: Arc<Actor>,
    /// None: the subject sees the look at once.
    hiding: Option<Hiding>,
}

pub async fn fetch(exchange: &Exchange, ctx: &Ctx, ask: Ask, hiding: Option<Hiding>) -> Result<Facts> {
    let grant = allow(ctx, &ask)?;
    if let Some(hiding) = &hiding {
        hide::check(ctx, &ask, hiding)?;
    }
    let wanted = plan(exchange.registry().catalogue(), &ask)?;
    let errand = Arc::new(Errand { exchange: exchange.clone(), ask, wanted, actor: Arc::clone(&ctx.actor), hiding });
    let reading = Arc::clone(&errand);
    let (looked, fresh) = ctx.db().read(grant.clone(), move |tx| reading.look(tx)).await?;
    // A call takes time: a grant that was revoked meanwhile gives nothing any more, so the grants are read again.
    let again = fresh || looked.iter().any(|reading| matches!(reading, Reading::Elsewhere));
    let found = errand.call(looked).await?;
    let said = errand.said(&found);
    let mut facts = reduce(&errand.wanted, found);
    // Log or deny: the facts stay here until the look is durable.
    let noting = Arc::clone(&errand);
    facts.trail = ctx.db().write(grant, move |tx| noting.note(tx, &said, again)).await?;
    Ok(facts)
}

fn allow(ctx: &Ctx, ask: &Ask) -> Result<Grant> {
    let offices: Vec<&str> = ask.offices.iter().map(String::as_str).collect();
    let grant = ctx.allow(Action::FactFetch, &On { owner: Some(&ask.subject.owner), offices: &offices })?;
    // Owner and number come from the caller: a person's must be that person's own, or that of the enterprise acted for.
    let own = [&ctx.actor.subject, &ctx.actor.party().subject].contains(&&ask.subject.number);
    if ctx.actor.kind == ActorKind::Person && !own {
        return Err(Error::Denied("exchange-denied-subject"));
    }
    Ok(grant)
}

impl Errand {
    /// Checks the grants and reads what lies in our own database, in one transaction; whether a grant is to be recorded.
    fn look(&self, tx: &mut Tx<'_>) -> Result<(Vec<Reading>, bool)> {
        let fresh = !self.covered(tx)?.is_empty();
        let read = |want: &Wanted| self.exchange.connector(&want.resource.key).read(tx, &self.query(want));
        Ok((self.wanted.iter().map(read).collect::<Result<_>>()?, fresh))
    }

    /// The resources for which a grant is to be recorded. `Denied` when one is not covered.
    fn covered(&self, tx: &mut Tx<'_>) -> Result<Vec<&Wanted>> {
        if self.is_own() {
            return Ok(Vec::new());
        }
        let moment = Moment { now: tx.now(), item: self.ask.item.as_deref(), case: self.ask.case.as_deref() };
        let grants = list_grants(tx, &self.ask.consumer, &self.ask.purpose)?;
        let mut fresh = Vec::new();
        for want in &self.wanted {
            match cover(want, &grants, &moment) {
                Cover::Granted => {}
                Cover::Record => fresh.push(want),
                Cover::Denied(key) => {
                    let (consumer, purpose, resource) = (&self.ask.consumer, &self.ask.purpose, &want.resource.key);
                    tracing::info!(consumer, purpose, resource, why = key, "a look was denied");
                    return Err(Error::Denied(key));
                }
            }
        }
        Ok(fresh)
    }

    /// A subject reads at the provider what the provider keeps about it: nothing is shared between offices, so there is
    /// nothing to grant. `allow` has made sure that the number is the subject's own.
    fn is_own(&self) -> bool {
        let (ask, is_person) = (&self.ask, self.actor.kind == ActorKind::Person);
        is_person && ask.purpose == OWN_DATA && self.wanted.iter().all(|want| want.resource.provider == ask.consumer)
    }

    fn query<'a>(&'a self, want: &'a Wanted) -> Query<'a> {
        Query {
            resource: &want.resource,
            kind: self.ask.subject.kind,
            number: &self.ask.subject.number,
            fields: &want.fields,
            purpose: &self.ask.purpose,
            basis: &self.ask.basis,
            case: self.ask.case.as_deref(),
        }
    }

    /// Calls the sources that lie elsewhere, outside any transaction.
    async fn call(&self, looked: Vec<Reading>) -> Result<Vec<Option<Found>>> {
        let mut found = Vec::with_capacity(looked.len());
        for (want, reading) in self.wanted.iter().zip(looked) {
            found.push(match reading {
                Reading::Here(found) => found,
                Reading::Elsewhere => self.exchange.connector(&want.resource.key).call(self.query(want)).await?,
            });
        }
        Ok(found)
    }

    /// Where nothing was found, whoever answers for the resource is named: a peer by its own code, else the provider.
    fn said(&self, found: &[Option<Found>]) -> Said {
        let pairs = self.wanted.iter().zip(found).map(|(want, found)| {
            let key = want.resource.key.as_str();
            let silent = || self.exchange.source_of(key).unwrap_or_else(|| want.resource.provider.clone());
            (key, found.as_ref().map_or_else(silent, |found| found.source.clone()))
        });
        let sources = json(&pairs.collect::<BTreeMap<_, _>>());
        let fields = json(&self.wanted.iter().map(|w| (&w.resource.key, &w.fields)).collect::<BTreeMap<_, _>>());
        Said { subject: self.exchange.registry().pseudonym(&self.ask.subject.number), fields, sources }
    }

    /// Writes the look and its audit entry; the look's identifier.
    fn note(&self, tx: &mut Tx<'_>, said: &Said, again: bool) -> Result<Audited<String>> {
        if again {
            let whom = (self.ask.consumer.as_str(), self.ask.purpose.as_str());
            for want in self.covered(tx)? {
                automatic::record(tx, &self.exchange, whom, &want.resource)?;
            }
        }
        let (ask, actor) = (&self.ask, &self.actor);
        let (id, at, office) = (tx.new_id::<LookId>(), tx.now(), tx.grant().office());
        let look = NewLook {
            id: id.as_str(),
            at,
            subject: &said.subject,
            actor_kind: actor.kind.name(),
            actor: &actor.id,
            actor_name: &actor.name,
            office,
            consumer: &ask.consumer,
            purpose: &ask.purpose,
            basis: &ask.basis,
            item: ask.item.as_deref(),
            case: ask.case.as_deref(),
            fields: &said.fields,
            source: &said.sources,
        };
        insert_look(tx, &look)?;
        if let Some(hiding) = &self.hiding {
            let zone = self.exchange.platform().config().site.zone();
            hide::insert(tx, &look, (hiding, zone))?;
        }
        let owner = &ask.subject.owner;
        let entry = Entry {
            event: if self.hiding.is_some() { "fact.fetched-hidden" } else { "fact.fetched" },
            object: id.as_str(),
            subject: owner,
            basis: &ask.basis,
            detail: &said.fields,
            ..Entry::default()
        };
        tx.audited(entry, id.as_str().to_owned())
    }
}

/// Maps and lists of plain text have no value that JSON cannot hold.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("text alone")
}
