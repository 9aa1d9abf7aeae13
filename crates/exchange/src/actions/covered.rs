//! What a grant gives at this moment, for facts that leave by another way than `fetch` (events).
use std::sync::Arc;

use platform::Result;
use platform::db::Tx;
use registry::Resource;

use crate::model::ask::Wanted;
use crate::model::grant::{Cover, Moment, cover};
use crate::store::grants::list_grants;

/// Those of the fields that the consumer's grants for the purpose give outside any item and case.
pub fn covered(
    tx: &mut Tx<'_>,
    (consumer, purpose): (&str, &str),
    (resource, fields): (&Arc<Resource>, &[&str]),
) -> Result<Vec<String>> {
    let grants = list_grants(tx, consumer, purpose)?;
    let moment = Moment { now: tx.now(), item: None, case: None };
    let given = |field: &&&str| {
        let wanted = Wanted { resource: Arc::clone(resource), fields: vec![(**field).to_owned()] };
        cover(&wanted, &grants, &moment) == Cover::Granted
    };
    Ok(fields.iter().filter(given).map(|field| (*field).to_owned()).collect())
}
