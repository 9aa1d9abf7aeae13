//! Grants that providers gave outside, and looks of the past: put in by the program when a deployment begins.
use std::collections::BTreeMap;

use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::policy::ActorKind;
use platform::{Ctx, Error, FieldError, Result};

use super::fetch::json;
use super::record::{Acting, Said, Thing};
use crate::Exchange;
use crate::model::kept::Kept;
use crate::model::look::LookId;
use crate::model::step::{GrantState, StepKind};
use crate::model::terms::Terms;
use crate::store::documents::find_hash;
use crate::store::kept::{find_same, insert_kept, new_grant_id};
use crate::store::trail::{NewLook, insert_looks};

/// A grant as a provider gave it.
#[derive(Debug, Clone)]
pub struct GrantSeed {
    pub consumer: String,
    pub purpose: String,
    pub resource: String,
    pub fields: Vec<String>,
    pub basis: String,
    pub valid_from: Timestamp,
    /// None: until it is revoked.
    pub valid_to: Option<Timestamp>,
}

/// A look as it happened.
#[derive(Debug, Clone)]
pub struct LookSeed {
    pub at: Timestamp,
    /// Resident ID number or unified social credit code; kept as a pseudonym.
    pub number: String,
    pub actor_kind: ActorKind,
    pub actor: String,
    pub actor_name: String,
    /// The office whose role carried the look; None for persons and the program.
    pub office: Option<String>,
    pub consumer: String,
    pub purpose: String,
    pub basis: String,
    pub item: Option<String>,
    pub case: Option<String>,
    /// Resource → fields.
    pub fields: BTreeMap<String, Vec<String>>,
}

/// Each with its signed document, as if both sides had been there; one of an older program that has none gets it now.
pub fn grants(tx: &mut Tx<'_>, exchange: &Exchange, grants: &[GrantSeed]) -> Result<Audited<u64>> {
    let ctx = Ctx::system(exchange.platform(), "exchange.seed");
    let acting = Acting { exchange: exchange.clone(), ctx };
    let mut count = 0;
    for grant in grants {
        known(exchange, &grant.resource, &grant.fields)?;
        let new = kept(tx, grant);
        match find_same(tx, &new)? {
            Some(kept) if find_hash(tx, &kept.id)?.is_some() => {}
            Some(kept) => acting.sign(tx, &kept, None)?,
            None => {
                insert_kept(tx, &new)?;
                acting.sign(tx, &new, None)?;
                acting.watch_end(tx, &new)?;
                acting.step(tx, Thing::grant(&new), StepKind::Granted, &Said::default())?.into_inner();
                count += 1;
            }
        }
    }
    let detail = format!("{{\"grants\":{count}}}");
    tx.audited(Entry { event: "grant.seeded", object: "exchange", detail: &detail, ..Entry::default() }, count)
}

fn kept(tx: &Tx<'_>, seed: &GrantSeed) -> Kept {
    let (fields, from, to) = (seed.fields.clone(), seed.valid_from, seed.valid_to);
    Kept {
        id: new_grant_id(tx),
        consumer: seed.consumer.clone(),
        purpose: seed.purpose.clone(),
        resource: seed.resource.clone(),
        basis: seed.basis.clone(),
        terms: Terms { fields, matters: Vec::new(), from, to },
        state: GrantState::Active,
        automatic: false,
        version: 1,
        request: None,
        parent: None,
        granted_at: tx.now(),
    }
}

fn known(exchange: &Exchange, resource: &str, fields: &[String]) -> Result<()> {
    let refused = |field: &str, key| {
        let error = FieldError::new(format!("{resource}.{field}"), key).with("resource", resource).with("field", field);
        Err(Error::Invalid(vec![error]))
    };
    let Some(entry) = exchange.registry().catalogue().get(resource) else {
        return refused("", "exchange-ask-resource");
    };
    match fields.iter().find(|field| entry.field(field).is_none()) {
        Some(unknown) => refused(unknown, "exchange-ask-field"),
        None => Ok(()),
    }
}

pub fn trail(tx: &mut Tx<'_>, exchange: &Exchange, looks: &[LookSeed]) -> Result<Audited<u64>> {
    let registry = exchange.registry();
    let mut texts = Vec::with_capacity(looks.len());
    for look in looks {
        let provider = |key: &String| registry.catalogue().get(key).map(|r| (key.clone(), r.provider.clone()));
        let sources: BTreeMap<String, String> = look.fields.keys().filter_map(provider).collect();
        let id = tx.new_id::<LookId>();
        texts.push((id, registry.pseudonym(&look.number), json(&look.fields), json(&sources)));
    }
    let rows = looks.iter().zip(&texts).map(|(look, (id, subject, fields, source))| NewLook {
        id: id.as_str(),
        at: look.at,
        subject,
        actor_kind: look.actor_kind.name(),
        actor: &look.actor,
        actor_name: &look.actor_name,
        office: look.office.as_deref(),
        consumer: &look.consumer,
        purpose: &look.purpose,
        basis: &look.basis,
        item: look.item.as_deref(),
        case: look.case.as_deref(),
        fields,
        source,
    });
    let rows: Vec<NewLook<'_>> = rows.collect();
    insert_looks(tx, &rows)?;
    let detail = format!("{{\"looks\":{}}}", rows.len());
    tx.audited(
        Entry { event: "trail.written", object: "exchange", detail: &detail, ..Entry::default() },
        looks.len() as u64,
    )
}
