//! Serials of certificates, taken from the database in blocks, so that no issue waits for a row that all of them change.
//!
//! A block that a process had not used up when it ended leaves a gap; numbers tell certificates apart, they do not count
//! them.
use std::collections::HashMap;

use platform::Ctx;
use platform::audit::Entry;
use platform::error::Result;
use platform::platform::Platform;
use platform::policy::{Action, On};
use tokio::sync::Mutex;

use crate::store;

/// A block doubles with use up to this: a quiet series leaves small gaps, a busy one seldom asks.
const LARGEST: i64 = 512;

#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<String, Block>>);

#[derive(Clone, Copy)]
struct Block {
    next: i64,
    end: i64,
    size: i64,
}

impl Numbers {
    /// The first of `count` serials of a series that follow each other.
    pub(crate) async fn take(&self, platform: &Platform, series: &str, count: i64) -> Result<i64> {
        let mut blocks = self.0.lock().await;
        let known = blocks.get(series).copied();
        let mut block = match known {
            Some(block) if block.end - block.next >= count => block,
            _ => {
                let size = known.map_or(1, |block| (block.size * 2).min(LARGEST)).max(count);
                let first = reserve(platform, series, size).await?;
                Block { next: first, end: first + size, size: size.min(LARGEST) }
            }
        };
        let first = block.next;
        block.next += count;
        blocks.insert(series.to_owned(), block);
        Ok(first)
    }
}

async fn reserve(platform: &Platform, series: &str, count: i64) -> Result<i64> {
    let grant = Ctx::system(platform, "certificates.numbers").allow(Action::CertificateIssue, &On::PUBLIC)?;
    let series = series.to_owned();
    let take = move |tx: &mut platform::db::Tx<'_>| {
        let first = store::take_serials(tx, &series, count)?;
        tx.audited(Entry { event: "certificate.numbers-taken", object: &series, ..Entry::default() }, first)
    };
    platform.db().write(grant, take).await
}
