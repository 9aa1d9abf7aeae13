//! Case numbers, taken from the database in blocks, so that no submission waits for a row that all of them change.
use std::collections::HashMap;

use codes::{CaseNumber, ImplementationCode};
use platform::Ctx;
use platform::audit::Entry;
use platform::clock::iso_date;
use platform::error::{Error, Result};
use platform::policy::Grant;
use tokio::sync::Mutex;

use crate::store;

/// A block doubles with use up to this: a quiet item wastes few numbers, a busy one seldom asks.
const LARGEST_BLOCK: i64 = 512;

#[derive(Default)]
pub struct Numbers(Mutex<HashMap<(String, String), Block>>);

#[derive(Clone, Copy)]
struct Block {
    next: i64,
    end: i64,
    size: i64,
}

impl Numbers {
    /// The next number of an item today.
    pub async fn next(&self, ctx: &Ctx, grant: &Grant, implementation_code: &str) -> Result<String> {
        let today = ctx.today();
        let key = (implementation_code.to_owned(), iso_date(today));
        let mut blocks = self.0.lock().await;
        let known = blocks.get(&key).copied();
        let mut block = match known {
            Some(block) if block.next < block.end => block,
            _ => {
                let size = known.map_or(1, |block| (block.size * 2).min(LARGEST_BLOCK));
                let first = take(ctx, grant, key.clone(), size).await?;
                blocks.retain(|(_, day), _| *day == key.1);
                Block { next: first, end: first + size, size }
            }
        };
        let number = block.next;
        block.next += 1;
        blocks.insert(key, block);
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
