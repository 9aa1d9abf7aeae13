//! Verbs: publish catalogue entries, record what registers say, take deliveries.
pub mod import;

use platform::audit::Entry as Audit;
use platform::db::{Audited, Tx};
use platform::{Error, FieldError, Result};

use crate::Registry;
use crate::model::check;
use crate::model::record::{Change, Entry, Recorded, SeedRow, change};
use crate::model::resource::Resource;
use crate::store::{self, NewRecord};

/// Publishes catalogue entries; one that did not change keeps its version. The number of new versions.
pub fn publish(tx: &mut Tx<'_>, resources: &[Resource]) -> Result<Audited<u64>> {
    let mut published = 0;
    for resource in resources {
        let document = serde_json::to_string(resource)?;
        let known = store::find_document(tx, &resource.key)?;
        if known.as_ref().is_some_and(|(_, there)| *there == document) {
            continue;
        }
        let version = known.map_or(1, |(version, _)| version + 1);
        store::insert_resource(tx, &resource.key, version, &document)?;
        published += 1;
    }
    let detail = format!("{{\"resources\":{},\"published\":{published}}}", resources.len());
    tx.audited(
        Audit { event: "catalogue.published", object: "catalogue", detail: &detail, ..Audit::default() },
        published,
    )
}

pub fn record(tx: &mut Tx<'_>, registry: &Registry, entry: &Entry) -> Result<Audited<Recorded>> {
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
    let outcome = match change {
        Change::New => {
            store::insert_records(tx, &[new])?;
            Recorded::New(1)
        }
        Change::Changed => {
            store::replace_record(tx, &new, version)?;
            Recorded::Changed(version + 1)
        }
        Change::Confirmed => {
            store::confirm_record(tx, &new)?;
            Recorded::Unchanged(version)
        }
        Change::Same => Recorded::Unchanged(version),
        Change::Overtaken => return Err(Error::Conflict("registry-conflict-overtaken")),
    };
    let subject = registry.pseudonym(&subject);
    let detail = format!("{{\"outcome\":\"{outcome:?}\"}}");
    let audit =
        Audit { event: "record.kept", object: &resource.key, subject: &subject, detail: &detail, ..Audit::default() };
    tx.audited(audit, outcome)
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
    let detail = format!("{{\"rows\":{}}}", rows.len());
    let audit = Audit { event: "record.seeded", object: "registry", detail: &detail, ..Audit::default() };
    tx.audited(audit, rows.len() as u64)
}
