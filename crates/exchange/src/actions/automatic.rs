//! The grant of a resource that is shared without condition: recorded when it is used first, with its signed document.
use platform::db::Tx;
use platform::{Ctx, Error, Result};
use registry::Resource;

use super::record::Acting;
use crate::Exchange;
use crate::model::grant::open_fields;
use crate::model::kept::Kept;
use crate::model::step::GrantState;
use crate::model::terms::Terms;
use crate::store::kept::{find_automatic, insert_kept, new_grant_id, update_kept};

/// Records it, or brings what was recorded up to date with the catalogue as a new version.
pub fn record(tx: &mut Tx<'_>, exchange: &Exchange, whom: (&str, &str), resource: &Resource) -> Result<()> {
    let fields: Vec<String> = open_fields(resource).into_iter().map(str::to_owned).collect();
    let kept = match find_automatic(tx, whom, &resource.key)? {
        Some(was) if was.terms.fields == fields => return Ok(()),
        Some(was) => {
            let terms = Terms { fields, ..was.terms.clone() };
            let next = Kept { terms, version: was.version + 1, ..was };
            match update_kept(tx, next.version - 1, &next) {
                // Another call has done the same at this moment.
                Err(Error::Conflict(_)) => return Ok(()),
                done => done?,
            }
            next
        }
        None => {
            let new = first(tx, whom, (resource, fields));
            if !insert_kept(tx, &new)? {
                return Ok(());
            }
            new
        }
    };
    // Who is no organisation of this deployment has no key here to sign with.
    if exchange.parts().directory.organisations().find(&kept.consumer).is_none() {
        return Ok(());
    }
    let ctx = Ctx::system(exchange.platform(), "exchange.automatic");
    Acting { exchange: exchange.clone(), ctx }.sign(tx, &kept, None)
}

fn first(tx: &Tx<'_>, (consumer, purpose): (&str, &str), (resource, fields): (&Resource, Vec<String>)) -> Kept {
    let now = tx.now();
    Kept {
        id: new_grant_id(tx),
        consumer: consumer.to_owned(),
        purpose: purpose.to_owned(),
        resource: resource.key.clone(),
        basis: resource.sharing_ground.zh_hans.clone(),
        terms: Terms { fields, matters: Vec::new(), from: now, to: None },
        state: GrantState::Active,
        automatic: true,
        version: 1,
        request: None,
        parent: None,
        granted_at: now,
    }
}
