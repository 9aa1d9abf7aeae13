//! What every act on a request or a grant leaves: a line of the timeline, an audit entry, a notice to the other side,
//! the signed document, the jobs of its days.
use platform::audit::Entry;
use platform::clock::{DAY, Timestamp, iso_date};
use platform::db::{Audited, Tx};
use platform::jobs;
use platform::notice;
use platform::policy::Role;
use platform::{Ctx, Error, Result};
use serde_json::json;

use crate::Exchange;
use crate::model::document::{GrantDocument, Named, Party, seal};
use crate::model::kept::Kept;
use crate::model::request::{Deadline, Reason, Request, Rules};
use crate::model::step::StepKind;
use crate::store::documents::{find_hash, insert_document};
use crate::store::requests::{NewStep, insert_step};

pub const REMIND_JOB: &str = "exchange.request-remind";
pub const DUE_JOB: &str = "exchange.request-due";
pub const ENDING_JOB: &str = "exchange.grant-ending";
pub const END_JOB: &str = "exchange.grant-end";

/// Who acts and where.
#[derive(Clone)]
pub struct Acting {
    pub exchange: Exchange,
    pub ctx: Ctx,
}

/// What is said of a step.
#[derive(Default)]
pub struct Said<'a> {
    pub words: &'a str,
    pub ground: &'a str,
    pub basis: &'a str,
    pub detail: &'a str,
}

impl<'a> Said<'a> {
    pub fn words(words: &'a str) -> Self {
        Self { words, ..Self::default() }
    }

    pub fn reason(reason: &'a Reason) -> Self {
        let ground = reason.ground.map_or("", |ground| ground.name());
        Self { words: &reason.words, ground, basis: &reason.basis, ..Self::default() }
    }
}

/// What a step is about.
#[derive(Clone, Copy)]
pub struct Thing<'a> {
    pub request: Option<&'a str>,
    pub grant: Option<&'a str>,
    pub consumer: &'a str,
    pub resource: &'a str,
}

impl<'a> Thing<'a> {
    pub fn request(request: &'a Request) -> Self {
        Self {
            request: Some(&request.id),
            grant: request.grant.as_deref(),
            consumer: &request.consumer,
            resource: &request.resource,
        }
    }

    pub fn grant(kept: &'a Kept) -> Self {
        Self { request: None, grant: Some(&kept.id), consumer: &kept.consumer, resource: &kept.resource }
    }

    fn href(&self) -> String {
        match (self.grant, self.request) {
            (_, Some(request)) => format!("/exchange/requests/{request}"),
            (Some(grant), None) => format!("/exchange/grants/{grant}"),
            (None, None) => "/exchange/requests".into(),
        }
    }
}

impl Acting {
    /// Writes the line and the audit entry.
    pub fn step(&self, tx: &mut Tx<'_>, thing: Thing<'_>, kind: StepKind, said: &Said<'_>) -> Result<Audited<()>> {
        let actor = &self.ctx.actor;
        let office = tx.grant().office().map(str::to_owned);
        let step = NewStep {
            request: thing.request,
            grant: thing.grant,
            kind,
            actor_kind: actor.kind.name(),
            actor: &actor.id,
            actor_name: &actor.name,
            office: office.as_deref(),
            words: said.words,
            ground: said.ground,
            basis: said.basis,
            detail: said.detail,
        };
        insert_step(tx, &step)?;
        let detail = json!({ "request": thing.request, "grant": thing.grant, "resource": thing.resource }).to_string();
        let object = thing.grant.or(thing.request).unwrap_or_default();
        tx.audited(Entry { event: kind.event(), object, basis: said.basis, detail: &detail, ..Entry::default() }, ())
    }

    /// Tells officials (`off_…`) and the deciders of organisations what happened. Who acts is not told.
    pub fn tell(&self, tx: &mut Tx<'_>, thing: Thing<'_>, kind: StepKind, to: &[&str]) -> Result<()> {
        let (officials, offices): (Vec<&str>, Vec<&str>) = to.iter().partition(|one| one.starts_with("off_"));
        let mut people: Vec<String> = officials.into_iter().map(str::to_owned).collect();
        for office in offices {
            people.extend(directory::holders(tx, office, Role::Decider)?);
        }
        people.sort_unstable();
        people.dedup();
        let registry = self.exchange.registry();
        let consumer = registry.organisations().name(thing.consumer);
        let resource = registry.catalogue().get(thing.resource).map(|resource| resource.name.clone());
        let resource = resource.unwrap_or_else(|| registry.organisations().name(thing.resource));
        let args = [
            ("consumer", [consumer.zh_hans.as_str(), consumer.zh_hant.as_str(), consumer.en.as_str()]),
            ("resource", [resource.zh_hans.as_str(), resource.zh_hant.as_str(), resource.en.as_str()]),
        ];
        let (key, href) = (format!("exchange-notice-grant-{}", kind.name()), thing.href()); // keys: exchange-notice-grant-*
        for person in people.iter().filter(|person| **person != self.ctx.actor.id) {
            notice::tell(tx, person, &key, &args, &href)?;
        }
        Ok(())
    }

    /// The organisation that answers for a resource.
    pub fn provider(&self, resource: &str) -> Result<String> {
        let entry = self.exchange.registry().catalogue().get(resource);
        entry.map(|entry| entry.provider.clone()).ok_or(Error::NotFound)
    }

    fn party(&self, org: &str) -> Result<Party> {
        let organisations = self.exchange.parts().directory.organisations();
        let found = organisations.find(org).ok_or(Error::Conflict("exchange-conflict-organisation"))?;
        Ok(Party { org: org.to_owned(), uscc: found.uscc.clone() })
    }

    /// Signs the terms as they stand now and keeps the document.
    pub fn sign(&self, tx: &mut Tx<'_>, kept: &Kept, parent: Option<&Kept>) -> Result<()> {
        let catalogue = self.exchange.registry().catalogue();
        let resource = catalogue.get(&kept.resource).ok_or(Error::NotFound)?;
        let zone = self.ctx.zone();
        let parent_hash = match parent {
            Some(parent) => find_hash(tx, &parent.id)?,
            None => None,
        };
        let document = GrantDocument {
            kind: GrantDocument::type_name(),
            grant: kept.id.clone(),
            version: kept.version,
            provider: self.party(&resource.provider)?,
            consumer: self.party(&kept.consumer)?,
            on_behalf_of: parent.map(|parent| self.party(&parent.consumer)).transpose()?,
            resource: Named { key: resource.key.clone(), code: resource.code.clone() },
            fields: kept.terms.fields.clone(),
            purpose: kept.purpose.clone(),
            basis: kept.basis.clone(),
            matters: kept.terms.matters.clone(),
            valid_from: kept.terms.from.rfc3339(zone),
            valid_until: kept.terms.to.map(|to| to.rfc3339(zone)),
            parent: parent_hash,
            previous: find_hash(tx, &kept.id)?,
        };
        let sealed = seal(&document, &self.ctx.platform().keys().secret)?;
        insert_document(tx, &kept.id, kept.version, &sealed)
    }

    /// The jobs of a grant's last days.
    pub fn watch_end(&self, tx: &mut Tx<'_>, kept: &Kept) -> Result<()> {
        watch_end(tx, &self.exchange.parts().grants, (&kept.id, kept.terms.to))
    }

    /// The jobs of a request's days.
    pub fn watch_due(&self, tx: &mut Tx<'_>, request: &str, deadline: Deadline) -> Result<()> {
        let (payload, zone) = (format!("{request} {}", iso_date(deadline.due)), self.ctx.zone());
        let remind = Timestamp::start_of(deadline.remind, zone);
        if remind > tx.now() {
            jobs::enqueue(tx, REMIND_JOB, &payload, remind)?;
        }
        jobs::enqueue(tx, DUE_JOB, &payload, Timestamp::end_of(deadline.due, zone).plus(1))
    }
}

/// The jobs of a grant's last days; a later change of its end leaves them without effect.
pub fn watch_end(tx: &mut Tx<'_>, rules: &Rules, (id, to): (&str, Option<Timestamp>)) -> Result<()> {
    let Some(to) = to.filter(|to| *to > tx.now()) else { return Ok(()) };
    let payload = format!("{id} {}", to.0);
    let warn = to.plus(-i64::from(rules.warn_days) * DAY);
    if warn > tx.now() {
        jobs::enqueue(tx, ENDING_JOB, &payload, warn)?;
    }
    jobs::enqueue(tx, END_JOB, &payload, to)
}
