//! Whether a provider delivers as often as it declares.
use time::{Date, Duration};

use super::quality::Broken;
use super::resource::{Held, Resource, Update};
use platform::clock::Timestamp;

/// What came last of a resource, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    pub resource: String,
    pub at: Timestamp,
    /// The day that the data speak of.
    pub as_of: Date,
    pub kind: DeliveryKind,
    pub accepted: u64,
    pub unchanged: u64,
    pub refused: u64,
    pub quality: Vec<Broken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKind {
    /// A file, read row by row.
    Import,
    /// The provider says that nothing has changed, or that its own system is up to date.
    Report,
    /// Records written when the demo city, or a register, was made.
    Seed,
}

impl DeliveryKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Report => "report",
            Self::Seed => "seed",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Import, Self::Report, Self::Seed].into_iter().find(|kind| kind.name() == name)
    }
}

/// Days of a cycle: the longest month, quarter and year, so that nobody is late by the calendar's fault.
#[must_use]
pub fn days(update: Update) -> u16 {
    match update {
        Update::RealTime | Update::Daily => 1,
        Update::Weekly => 7,
        Update::Monthly => 31,
        Update::Quarterly => 92,
        Update::Yearly => 366,
    }
}

/// The last day on which the next delivery is in time. None: held elsewhere, so nothing is delivered.
#[must_use]
pub fn due(resource: &Resource, last: Date, grace_days: u16) -> Option<Date> {
    let wait = Duration::days(i64::from(days(resource.update)) + i64::from(grace_days));
    (resource.held == Held::Here).then(|| last.saturating_add(wait))
}

/// How a resource stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The last day on which it would have been in time.
    pub due: Date,
    pub days: i64,
}

/// None: in time, or nothing to be late with. `last`: the last delivery, or else the day of publication.
#[must_use]
pub fn late(resource: &Resource, last: Date, (today, grace_days): (Date, u16)) -> Option<Late> {
    let due = due(resource, last, grace_days)?;
    (due < today).then(|| Late { due, days: (today - due).whole_days() })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn resource(update: Update, held: Held) -> Resource {
        let credit = include_str!("../../../../packs/demo/registers/credit.yaml");
        Resource { update, held, ..Resource::parse("credit.yaml", credit).unwrap() }
    }

    #[test]
    fn a_cycle_is_missed_on_the_day_after_its_grace() {
        let last = date!(2026 - 11 - 01);
        for (update, due) in [
            (Update::RealTime, date!(2026 - 11 - 04)),
            (Update::Daily, date!(2026 - 11 - 04)),
            (Update::Weekly, date!(2026 - 11 - 10)),
            (Update::Monthly, date!(2026 - 12 - 04)),
            (Update::Quarterly, date!(2027 - 02 - 03)),
            (Update::Yearly, date!(2027 - 11 - 04)),
        ] {
            let resource = resource(update, Held::Here);
            assert_eq!(late(&resource, last, (due, 2)), None, "{update:?}");
            let tomorrow = due.next_day().unwrap();
            assert_eq!(late(&resource, last, (tomorrow, 2)), Some(Late { due, days: 1 }), "{update:?}");
        }
    }

    #[test]
    fn what_is_held_elsewhere_is_never_late() {
        let far = date!(2099 - 01 - 01);
        assert_eq!(late(&resource(Update::Daily, Held::Elsewhere), date!(2020 - 01 - 01), (far, 0)), None);
    }
}
