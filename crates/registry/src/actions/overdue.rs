//! Deadlines that passed: a correction that nobody answered, a dispute that nobody decided. Told once.
use platform::Result;
use platform::db::Tx;
use time::Date;

use crate::Registry;
use crate::joints::Words;
use crate::store::{corrections, disputes};

/// Told in one run; the rest hears in the next.
const AT_ONCE: u32 = 500;

/// Tells the provider and the data office; how many deadlines had passed.
pub fn tell(tx: &mut Tx<'_>, registry: &Registry, today: Date) -> Result<usize> {
    let office = registry.platform().config().registry.data_office.as_str();
    let late = corrections::take_overdue(tx, today, AT_ONCE)?;
    for one in &late {
        let late = (one.resource.as_str(), "registry-notice-correction-late");
        tell_of(tx, registry, late, (&one.office, &format!("/inbox/corrections/{}", one.id)))?;
        // The data office does not see whom it is about.
        tell_of(tx, registry, late, (office, &format!("/catalogue/{}", one.resource)))?;
    }
    let open = disputes::take_overdue(tx, today, AT_ONCE)?;
    for one in &open {
        let href = format!("/desk/catalogue/disputes/{}", one.id);
        tell_of(tx, registry, (&one.clash.holder, "registry-notice-dispute-late"), (office, &href))?;
    }
    Ok(late.len() + open.len())
}

fn tell_of(
    tx: &mut Tx<'_>,
    registry: &Registry,
    (resource, key): (&str, &str),
    (office, href): (&str, &str),
) -> Result<()> {
    let name = registry.catalogue().get(resource).map(|entry| entry.name.clone()).unwrap_or_default();
    let args = [("resource", [name.zh_hans.as_str(), &name.zh_hant, &name.en])];
    registry.joints().tell(tx, &[office], &Words { key, args: &args, href })
}
