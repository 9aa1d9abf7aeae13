//! Verbs: publish catalogue entries, record what registers say, take deliveries, settle disputes, correct.
pub mod correction;
pub mod delivery;
pub mod import;
pub mod overdue;
pub mod retire;
pub mod submission;

use std::collections::BTreeMap;

use platform::audit::Entry as Audit;
use platform::db::{Audited, Tx};
use platform::{Error, FieldError, Result};
use time::Date;

use crate::Registry;
use crate::joints::Changed;
use crate::model::catalogue::Catalogue;
use crate::model::check;
use crate::model::evidence::Evidence;
use crate::model::freshness::{Delivered, DeliveryKind};
use crate::model::record::{Change, Entry, Recorded, SeedRow, change};
use crate::model::resource::Resource;
use crate::store::{self, NewRecord};

/// Checks the entries and the evidence of a pack as a whole; fills in each provider's credit code (`code_of`: by the
/// organisation's key). The error names what is wrong.
pub fn check_pack<'a>(
    resources: &mut [Resource],
    evidence: impl IntoIterator<Item = (&'a str, &'a str)>,
    code_of: impl Fn(&str) -> Option<String>,
) -> Result<(), String> {
    for resource in resources.iter_mut() {
        let (key, provider) = (&resource.key, &resource.provider);
        let code = code_of(provider).ok_or_else(|| format!("{key}: there is no organisation {provider}"))?;
        if !resource.provider_code.is_empty() && resource.provider_code != code {
            return Err(format!("{key}: the credit code of {provider} is {code}, not {}", resource.provider_code));
        }
        resource.provider_code = code;
    }
    let catalogue = Catalogue::build(resources.iter().cloned())?;
    Evidence::load(evidence, &catalogue).map(|_| ())
}

/// Publishes the entries of a pack. The number of new versions. A document that stood at any time is passed by: a pack
/// that did not change must not undo what was published on the web since.
pub fn publish(tx: &mut Tx<'_>, resources: &[Resource]) -> Result<Audited<u64>> {
    let mut published = 0;
    store::lock_catalogue(tx)?;
    for resource in resources {
        if !store::has_document(tx, &resource.key, &serde_json::to_string(resource)?)? {
            new_version(tx, resource)?;
            published += 1;
        }
    }
    let detail = format!("{{\"resources\":{},\"published\":{published}}}", resources.len());
    tx.audited(
        Audit { event: "catalogue.published", object: "catalogue", detail: &detail, ..Audit::default() },
        published,
    )
}

/// Puts a document in force; its version.
fn new_version(tx: &mut Tx<'_>, resource: &Resource) -> Result<i64> {
    let document = serde_json::to_string(resource)?;
    let version = store::find_document(tx, &resource.key)?.map_or(1, |(version, _)| version + 1);
    store::insert_resource(tx, &resource.key, version, &document)?;
    Ok(version)
}

pub fn record(tx: &mut Tx<'_>, registry: &Registry, entry: &Entry) -> Result<Audited<Recorded>> {
    registry.catch_up(tx)?;
    let resource = registry.catalogue().get(&entry.resource).ok_or_else(|| unknown(&entry.resource))?;
    let today = tx.now().date(registry.platform().config().site.zone());
    let subject = check::subject(resource.subject, &entry.subject, today).map_err(|e| Error::Invalid(vec![e]))?;
    let data = check::clean(resource, entry.data.clone(), today)?;
    let current = store::find_record(tx, &resource.key, &subject)?;
    let change = change(current.as_ref(), &data, entry.as_of)?;
    let version = current.as_ref().map_or(0, |record| record.version);
    let data = serde_json::to_string(&data)?;
    let new = NewRecord {
        resource: &resource.key,
        subject: &subject,
        as_of: entry.as_of,
        source: &entry.source,
        data: &data,
    };
    let outcome = put(tx, &new, (change, version))?;
    if matches!(outcome, Recorded::New(_) | Recorded::Changed(_)) {
        let before = current.as_ref().map(|record| record.data.as_str());
        let changed = Changed { subject: &subject, as_of: entry.as_of, before, after: &data };
        (registry.joints().changed)(tx, resource, &[changed])?;
    }
    let subject = registry.pseudonym(&subject);
    let detail = format!("{{\"outcome\":\"{outcome:?}\"}}");
    let audit =
        Audit { event: "record.kept", object: &resource.key, subject: &subject, detail: &detail, ..Audit::default() };
    tx.audited(audit, outcome)
}

/// Writes what a change makes of the record of a version.
fn put(tx: &mut Tx<'_>, new: &NewRecord<'_>, (change, version): (Change, i64)) -> Result<Recorded> {
    Ok(match change {
        Change::New => {
            store::insert_records(tx, std::slice::from_ref(new))?;
            Recorded::New(1)
        }
        Change::Changed => {
            store::replace_record(tx, new, version)?;
            Recorded::Changed(version + 1)
        }
        Change::Confirmed => {
            store::confirm_record(tx, new)?;
            Recorded::Unchanged(version)
        }
        Change::Same => Recorded::Unchanged(version),
        Change::Overtaken => return Err(Error::Conflict("registry-conflict-overtaken")),
    })
}

pub(crate) fn unknown(resource: &str) -> Error {
    Error::Invalid(vec![FieldError::new("resource", "registry-resource-unknown").with("resource", resource)])
}

pub fn seed(tx: &mut Tx<'_>, registry: &Registry, rows: &[SeedRow]) -> Result<Audited<u64>> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let resource = registry.catalogue().get(&row.resource).ok_or_else(|| unknown(&row.resource))?;
        let (source, as_of) = (resource.provider.as_str(), row.as_of);
        records.push(NewRecord { resource: &row.resource, subject: &row.subject, as_of, source, data: &row.data });
    }
    store::insert_records(tx, &records)?;
    count_seeded(tx, rows)?;
    let detail = format!("{{\"rows\":{}}}", rows.len());
    let audit = Audit { event: "record.seeded", object: "registry", detail: &detail, ..Audit::default() };
    tx.audited(audit, rows.len() as u64)
}

/// A register that was just made is up to date.
fn count_seeded(tx: &mut Tx<'_>, rows: &[SeedRow]) -> Result<()> {
    let mut counts: BTreeMap<&str, (u64, Date)> = BTreeMap::new();
    for row in rows {
        let (count, as_of) = counts.entry(&row.resource).or_insert((0, row.as_of));
        (*count, *as_of) = (*count + 1, row.as_of.max(*as_of));
    }
    for (resource, (count, as_of)) in counts {
        let before = store::deliveries::find_delivery(tx, resource)?.filter(|last| last.kind == DeliveryKind::Seed);
        let (resource, at, kind) = (resource.to_owned(), tx.now(), DeliveryKind::Seed);
        let accepted = count + before.map_or(0, |before| before.accepted);
        let (unchanged, refused, quality) = (0, 0, Vec::new());
        let delivered = Delivered { resource, at, as_of, kind, accepted, unchanged, refused, quality };
        store::deliveries::replace_delivery(tx, &delivered)?;
    }
    Ok(())
}
