//! Time: instants in microseconds UTC, the deployment's zone, and the clock that hands them out.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// An instant: microseconds since 1970-01-01T00:00:00Z. Stored as BIGINT on both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    #[must_use]
    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The instant in a zone; instants outside the years ±9999 are clamped to the epoch.
    #[must_use]
    pub fn at(self, zone: UtcOffset) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(zone)
    }

    #[must_use]
    pub fn date(self, zone: UtcOffset) -> Date {
        self.at(zone).date()
    }

    /// `2026-11-21T09:30:00+08:00`, for `<time datetime>` and JSON.
    #[must_use]
    pub fn rfc3339(self, zone: UtcOffset) -> String {
        let t = self.at(zone);
        let (h, m, _) = zone.as_hms();
        let sign = if h < 0 || m < 0 { '-' } else { '+' };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            sign,
            h.abs(),
            m.abs()
        )
    }

    /// The first instant of a calendar date in a zone.
    #[must_use]
    pub fn start_of(date: Date, zone: UtcOffset) -> Self {
        let t = PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_offset(zone);
        Self(i64::try_from(t.unix_timestamp_nanos() / 1000).unwrap_or(0))
    }

    /// The last microsecond of a calendar date in a zone: when a deadline "on that day" ends.
    #[must_use]
    pub fn end_of(date: Date, zone: UtcOffset) -> Self {
        Self(Self::start_of(date, zone).0 + DAY - 1)
    }
}

/// Where time comes from. The world's clock in the program, a set one in tests.
#[derive(Clone)]
pub enum Clock {
    World,
    Set(Arc<AtomicI64>),
}

impl Clock {
    #[must_use]
    pub fn set_to(at: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.0)))
    }

    #[must_use]
    #[allow(clippy::disallowed_methods)] // the one place that reads the world's clock
    pub fn now(&self) -> Timestamp {
        match self {
            Self::World => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Set(micros) => Timestamp(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock forward; the world's clock is not ours to move.
    pub fn advance(&self, micros: i64) {
        if let Self::Set(at) = self {
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

/// A calendar date as `YYYY-MM-DD`.
#[must_use]
pub fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// Reads `YYYY-MM-DD`; None when it is no such date.
#[must_use]
pub fn parse_iso_date(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let year = text.get(0..4)?.parse().ok()?;
    let month: u8 = text.get(5..7)?.parse().ok()?;
    let day = text.get(8..10)?.parse().ok()?;
    Date::from_calendar_date(year, time::Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, offset};

    #[test]
    fn a_day_in_the_zone_starts_and_ends_there() {
        let zone = offset!(+8);
        let start = Timestamp::start_of(date!(2026 - 11 - 21), zone);
        assert_eq!(start.rfc3339(zone), "2026-11-21T00:00:00+08:00");
        assert_eq!(start.rfc3339(UtcOffset::UTC), "2026-11-20T16:00:00+00:00");
        assert_eq!(Timestamp::end_of(date!(2026 - 11 - 21), zone).date(zone), date!(2026 - 11 - 21));
    }

    #[test]
    fn dates_read_and_written() {
        assert_eq!(parse_iso_date("2026-02-29"), None);
        assert_eq!(parse_iso_date("2024-02-29").map(iso_date).as_deref(), Some("2024-02-29"));
    }
}
