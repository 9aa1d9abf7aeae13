//! What of an event its subscriber reads. An event that a register made says that it happened and to whom; its values go
//! only to whom a grant gives them at that moment, public ones to everybody.
use std::collections::BTreeSet;

use platform::Result;
use platform::db::Tx;
use registry::Sensitivity;
use serde_json::Value;

use crate::Events;
use crate::looks::{Delivered, Reader};
use crate::model::kind::{DataField, EventType};
use crate::model::subscription::{Given, Subscription};
use crate::store::deliveries::update_keys;
use crate::store::types::find_type;

/// What one subscriber may read in this transaction.
pub struct Reading<'s> {
    pub subscription: &'s Subscription,
    kind: Option<EventType>,
    /// Keys of the data of events that a register made. What somebody published goes out whole: the publisher decided
    /// with the subscription.
    keys: Vec<String>,
}

impl<'s> Reading<'s> {
    pub fn of(tx: &mut Tx<'_>, events: &Events, subscription: &'s Subscription) -> Result<Self> {
        let kind = find_type(tx, &subscription.kind)?;
        let made = kind.as_ref().filter(|kind| kind.when.is_some());
        let keys = made.map(|kind| keys(tx, events, (subscription, kind))).transpose()?;
        Ok(Self { subscription, keys: keys.unwrap_or_default(), kind })
    }

    /// For what goes out for the first time: the lines of the trail, and which data go with it, now and with every
    /// repetition.
    pub fn begin(&self, tx: &mut Tx<'_>, events: &Events, first: &mut [&mut Given]) -> Result<()> {
        for given in first.iter_mut() {
            if let Some(keys) = &mut given.keys {
                keys.clone_from(&self.keys);
                update_keys(tx, &given.delivery, keys)?;
            }
        }
        let about = first.iter().filter(|given| !given.number.is_empty());
        let lines: Vec<Delivered> = about.map(|given| self.line(given)).collect();
        if lines.is_empty() { Ok(()) } else { events.looks().note(tx, &lines) }
    }

    fn line(&self, given: &Given) -> Delivered {
        let of = self.subscription;
        let resource = self.kind.as_ref().and_then(|kind| kind.resource.clone());
        Delivered {
            number: given.number.clone(),
            consumer: of.consumer.clone(),
            purpose: of.purpose.clone(),
            basis: of.basis.clone(),
            resource: resource.unwrap_or_else(|| of.kind.clone()),
            fields: self.told(given),
        }
    }

    /// As the trail lists it: of a register's event the event itself, then the register's fields that it tells.
    fn told(&self, given: &Given) -> Vec<String> {
        let Some(kind) = &self.kind else { return Vec::new() };
        let Some(keys) = &given.keys else { return kind.data.iter().map(|field| field.key.clone()).collect() };
        let open = kind.data.iter().filter(|field| keys.contains(&field.key));
        let fields: BTreeSet<&str> = open.flat_map(|field| kind.told_by(field)).collect();
        std::iter::once(kind.key.as_str()).chain(fields).map(str::to_owned).collect()
    }

    /// The event without what its subscriber may not read, or might not when it was given for the first time.
    pub fn fit(&self, mut given: Given) -> Result<Given> {
        let Some(then) = &given.keys else { return Ok(given) };
        let mut body: Value = serde_json::from_str(&given.body)?;
        if let Some(data) = body["data"].as_object_mut() {
            data.retain(|key, _| self.keys.contains(key) && then.contains(key));
        }
        given.body = body.to_string();
        Ok(given)
    }
}

fn keys(tx: &mut Tx<'_>, events: &Events, (of, kind): (&Subscription, &EventType)) -> Result<Vec<String>> {
    let guarded = |field: &&DataField| field.sensitivity != Sensitivity::Public;
    let fields: BTreeSet<&str> = kind.data.iter().filter(guarded).flat_map(|field| kind.told_by(field)).collect();
    let fields: Vec<&str> = fields.into_iter().collect();
    let resource = kind.resource.as_deref().unwrap_or_default();
    let reader = Reader { consumer: &of.consumer, purpose: &of.purpose, resource };
    let granted = if fields.is_empty() { Vec::new() } else { events.looks().granted(tx, &reader, &fields)? };
    let has = |from: &str| granted.iter().any(|field| field == from);
    let open = kind.data.iter().filter(|field| !guarded(field) || kind.told_by(field).into_iter().all(has));
    Ok(open.map(|field| field.key.clone()).collect())
}
