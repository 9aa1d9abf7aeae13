//! Serials of certificates, taken in blocks (`platform::blocks`).
use platform::Ctx;
use platform::audit::Entry;
use platform::blocks::Blocks;
use platform::error::Result;
use platform::platform::Platform;
use platform::policy::{Action, On};

use crate::store;

#[derive(Default)]
pub(crate) struct Numbers(Blocks<String>);

impl Numbers {
    /// The first of `count` serials of a series that follow each other.
    pub(crate) async fn take(&self, platform: &Platform, series: &str, count: i64) -> Result<i64> {
        self.0.take(series.to_owned(), count, |size| reserve(platform, series, size)).await
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
