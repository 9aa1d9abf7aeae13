//! Case numbers, taken in blocks (`platform::blocks`), so that no submission waits for a row that all of them change.
use codes::{CaseNumber, ImplementationCode};
use platform::Ctx;
use platform::audit::Entry;
use platform::blocks::Blocks;
use platform::clock::iso_date;
use platform::error::{Error, Result};
use platform::policy::Grant;

use crate::store;

/// By implementation code and day.
#[derive(Default)]
pub struct Numbers(Blocks<(String, String)>);

impl Numbers {
    /// The next number of an item today.
    pub async fn next(&self, ctx: &Ctx, grant: &Grant, implementation_code: &str) -> Result<String> {
        let today = ctx.today();
        let key = (implementation_code.to_owned(), iso_date(today));
        let mut reserved = false;
        let reserve = |size| {
            reserved = true;
            take(ctx, grant, key.clone(), size)
        };
        let number = self.0.take(key.clone(), 1, reserve).await?;
        if reserved {
            self.0.retain(|(_, day)| *day == key.1).await;
        }
        let code = ImplementationCode::parse(implementation_code).map_err(Error::internal)?;
        let sequence = u64::try_from(number).map_err(Error::internal)?;
        CaseNumber::compose(code, today, sequence).map(|n| n.to_string()).map_err(Error::internal)
    }
}

async fn take(ctx: &Ctx, grant: &Grant, (item, day): (String, String), count: i64) -> Result<i64> {
    ctx.db()
        .write(grant.clone(), move |tx| {
            let first = store::items::take_numbers(tx, &item, &day, count)?;
            tx.audited(Entry { event: "numbers.taken", object: &item, ..Entry::default() }, first)
        })
        .await
}
