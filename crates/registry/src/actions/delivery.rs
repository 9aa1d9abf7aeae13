//! Deliveries and missed cycles: what came last, who is late, who is told.
use platform::audit::Entry as Audit;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::{Error, Result};
use time::{Date, Duration};

use crate::Registry;
use crate::joints::Words;
use crate::model::freshness::{self, Delivered, DeliveryKind, Late};
use crate::model::quality::Broken;
use crate::model::resource::Resource;
use crate::store::deliveries;

/// A provider says that its resource is up to date although nothing is delivered.
pub fn report(tx: &mut Tx<'_>, registry: &Registry, resource: &str) -> Result<Audited<()>> {
    let entry = registry.catalogue().get(resource).ok_or(Error::NotFound)?;
    if !registry.is_here(entry) {
        return Err(Error::Conflict("registry-conflict-elsewhere"));
    }
    let at = tx.now();
    let as_of = at.date(registry.platform().config().site.zone());
    let delivered = Delivered {
        resource: entry.key.clone(),
        at,
        as_of,
        kind: DeliveryKind::Report,
        accepted: 0,
        unchanged: 0,
        refused: 0,
        quality: Vec::new(),
    };
    deliveries::replace_delivery(tx, &delivered)?;
    tx.audited(Audit { event: "delivery.reported", object: &entry.key, ..Audit::default() }, ())
}

/// Keeps what a delivery was like when it has ended.
pub fn keep(tx: &mut Tx<'_>, delivered: &Delivered) -> Result<Audited<()>> {
    deliveries::replace_delivery(tx, delivered)?;
    let broken: u64 = delivered.quality.iter().map(|broken: &Broken| broken.count).sum();
    let detail = serde_json::json!({
        "accepted": delivered.accepted, "unchanged": delivered.unchanged, "refused": delivered.refused,
        "broken": broken,
    });
    let detail = detail.to_string();
    let audit = Audit { event: "delivery.ended", object: &delivered.resource, detail: &detail, ..Audit::default() };
    tx.audited(audit, ())
}

pub struct Raising {
    pub registry: Registry,
    pub today: Date,
}

impl Raising {
    fn late(&self, resource: &Resource, last: Option<&Delivered>) -> Option<Late> {
        let config = self.registry.platform().config();
        let last = last.map_or(resource.published, |delivered| delivered.at.date(config.site.zone()));
        if !self.registry.is_here(resource) {
            return None;
        }
        freshness::late(resource, last, (self.today, config.registry.grace_days))
    }
}

/// One alarm for each cycle missed; the provider and the data office are told, of deadlines that passed too. How many
/// alarms were raised now.
pub fn raise(tx: &mut Tx<'_>, raising: &Raising) -> Result<Audited<u64>> {
    let (registry, known) = (&raising.registry, deliveries::list_deliveries(tx)?);
    let (zone, mut raised) = (registry.platform().config().site.zone(), 0);
    for resource in registry.catalogue().iter() {
        let Some(late) = raising.late(resource, known.get(&resource.key)) else { continue };
        let wait = Duration::days(i64::from(freshness::days(resource.update)));
        let since = Timestamp::start_of(raising.today.saturating_sub(wait), zone);
        if deliveries::is_written_since(tx, &resource.key, since)? {
            continue; // kept entry by entry, and lately
        }
        if deliveries::insert_alarm(tx, &resource.key, late.due)? {
            let name = [resource.name.zh_hans.as_str(), &resource.name.zh_hant, &resource.name.en];
            let args = [("resource", name)];
            let words = Words { key: "registry-notice-late", args: &args, href: "/desk/catalogue/late" };
            let office = registry.platform().config().registry.data_office.as_str();
            registry.joints().tell(tx, &[&resource.provider, office], &words)?;
            raised += 1;
        }
    }
    let overdue = super::overdue::tell(tx, registry, raising.today)?;
    let detail = format!("{{\"raised\":{raised},\"overdue\":{overdue}}}");
    tx.audited(Audit { event: "cycles.looked-at", object: "catalogue", detail: &detail, ..Audit::default() }, raised)
}

/// How every resource that is held here stands today, the latest first.
pub fn standing(tx: &mut Tx<'_>, registry: &Registry, today: Date) -> Result<Vec<Standing>> {
    let (raising, known) = (Raising { registry: registry.clone(), today }, deliveries::list_deliveries(tx)?);
    let here = registry.catalogue().iter().filter(|resource| registry.is_here(resource));
    let mut all: Vec<Standing> = here
        .map(|resource| {
            let last = known.get(&resource.key);
            Standing { resource: resource.key.clone(), last: last.cloned(), late: raising.late(resource, last) }
        })
        .collect();
    all.sort_by_key(|standing| std::cmp::Reverse(standing.late.map_or(0, |late| late.days)));
    Ok(all)
}

/// A resource, what came last of it, and whether it is late.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub resource: String,
    pub last: Option<Delivered>,
    pub late: Option<Late>,
}
