//! Time limits of an item: the legal and the promised one, and procedures that stop the clock.
use codes::CaseType;
use platform::i18n::Text;
use serde::{Deserialize, Serialize};

use super::identity::Citation;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimits {
    pub legal: Limit,
    pub promised: Limit,
    /// Procedures with limits of their own (inspection, hearing, public notice…).
    #[serde(default)]
    pub special: Vec<SpecialProcedure>,
    pub case_type: CaseType,
    pub review_type: ReviewType,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// 0 only with the unit `instant`.
    pub number: u16,
    pub unit: Unit,
    #[serde(default)]
    pub note: Option<Text>,
}

impl Limit {
    #[must_use]
    pub fn working_days(number: u16) -> Self {
        Self { number, unit: Unit::WorkingDay, note: None }
    }

    /// Hours that the limit lasts at the least, to compare limits of different units: a working day counts as
    /// 7/5 of a calendar day, a month as 30.
    #[must_use]
    pub fn comparable_hours(&self) -> u64 {
        let number = u64::from(self.number);
        match self.unit {
            Unit::Instant => 0,
            Unit::Hour => number,
            Unit::WorkingDay => number * 24 * 7 / 5,
            Unit::CalendarDay => number * 24,
            Unit::Month => number * 24 * 30,
        }
    }

    /// Key of the text that says it, with the argument `number`.
    #[must_use]
    pub fn text_key(&self) -> &'static str {
        match self.unit {
            Unit::Instant => "item-limit-instant",
            Unit::Hour => "item-limit-hours",
            Unit::WorkingDay => "item-limit-working-days",
            Unit::CalendarDay => "item-limit-calendar-days",
            Unit::Month => "item-limit-months",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Instant,
    Hour,
    WorkingDay,
    CalendarDay,
    Month,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialProcedure {
    pub name: Text,
    pub limit: Limit,
    pub basis: Citation,
    /// Whether its time counts toward the item's limits.
    pub counted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewType {
    /// 即审即办
    AtOnce,
    /// 前审后批
    ReviewThenApprove,
}
