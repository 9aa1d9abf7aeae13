//! The fields of a resource that a consumer may ask for now.
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};

use crate::Exchange;
use crate::model::ask::Wanted;
use crate::model::grant::{Cover, Moment, cover};
use crate::store::grants::list_grants;

impl Exchange {
    /// Keys of the fields that a grant covers, in the order of the catalogue; none when there is no grant. What `fetch`
    /// then gives is decided anew. `NotFound`: no such resource.
    pub async fn readable(&self, ctx: &Ctx, (consumer, purpose): (&str, &str), resource: &str) -> Result<Vec<String>> {
        let entry = self.catalogue().get(resource).cloned().ok_or(Error::NotFound)?;
        let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
        let (consumer, purpose) = (consumer.to_owned(), purpose.to_owned());
        let read = move |tx: &mut platform::db::Tx<'_>| {
            let (grants, moment) =
                (list_grants(tx, &consumer, &purpose)?, Moment { now: tx.now(), item: None, case: None });
            let covered = |key: &String| {
                let wanted = Wanted { resource: entry.clone(), fields: vec![key.clone()] };
                !matches!(cover(&wanted, &grants, &moment), Cover::Denied(_))
            };
            Ok(entry.fields.iter().map(|field| field.key.clone()).filter(covered).collect())
        };
        ctx.db().read(grant, read).await
    }
}
