//! A department's own system as a connector: its answer held against the catalogue entry, its failures told as ours.
use connectors::{Answer, Asked, Elsewhere, Health, Matter, Source, SourceError};
use platform::clock::Clock;
use platform::{Error, Result};
use registry::{Resource, SubjectKind};
use time::UtcOffset;

use super::fit::fit;
use super::{Calling, Connector, Found, Query};

/// One source behind the door.
pub struct SourceConnector {
    source: Source,
    clock: Clock,
    zone: UtcOffset,
}

impl SourceConnector {
    #[must_use]
    pub fn new(source: Source, clock: Clock, zone: UtcOffset) -> Self {
        Self { source, clock, zone }
    }

    async fn found(&self, query: Query<'_>) -> Result<Option<Found>> {
        let kind = match query.kind {
            SubjectKind::Person => connectors::SubjectKind::Person,
            SubjectKind::Enterprise => connectors::SubjectKind::Enterprise,
        };
        let asked = Asked { number: query.number, kind, today: self.clock.now().date(self.zone) };
        let matter = Matter { purpose: query.purpose, basis: query.basis, case: query.case };
        let answer = self.source.ask_in(&asked, &matter).await.map_err(|error| told(query.resource, &error))?;
        let source = self.source.elsewhere().map_or(query.resource.provider.as_str(), |office| office.id.as_str());
        answer.map(|answer| of_entry(query.resource, (source, answer))).transpose()
    }
}

impl Connector for SourceConnector {
    fn call<'a>(&'a self, query: Query<'a>) -> Calling<'a> {
        Box::pin(self.found(query))
    }

    fn elsewhere(&self) -> Option<&Elsewhere> {
        self.source.elsewhere()
    }

    fn health(&self) -> Option<Health> {
        Some(self.source.health())
    }
}

fn of_entry(resource: &Resource, (source, answer): (&str, Answer)) -> Result<Found> {
    let data = fit(resource, answer.data).map_err(|why| told(resource, &SourceError::Malformed(why)))?;
    Ok(Found { as_of: answer.as_of, source: source.to_owned(), data })
}

/// The source's own words go to the log; who asked learns that nothing came, and whether it may come later.
fn told(resource: &Resource, error: &SourceError) -> Error {
    tracing::warn!(resource = resource.key, provider = resource.provider, code = error.code(), %error, "a source failed");
    let words = format!("the source of {} gave no answer: {}", resource.key, error.code());
    if error.is_passing() { Error::Unavailable(words) } else { Error::Internal(words) }
}
