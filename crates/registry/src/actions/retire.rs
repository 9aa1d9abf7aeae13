//! A record that its provider takes out of force.
use platform::audit::Entry as Audit;
use platform::db::{Audited, Tx};
use platform::{Error, Result};

use crate::Registry;
use crate::store::finding::retire_record;

pub fn retire(tx: &mut Tx<'_>, registry: &Registry, resource: &str, subject: &str) -> Result<Audited<()>> {
    registry.catch_up(tx)?;
    if registry.catalogue().get(resource).is_none() || !retire_record(tx, resource, subject)? {
        return Err(Error::NotFound);
    }
    let pseudonym = registry.pseudonym(subject);
    tx.audited(Audit { event: "record.retired", object: resource, subject: &pseudonym, ..Audit::default() }, ())
}
