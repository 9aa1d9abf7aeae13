//! Deadlines: limits of documents to instants, in working days of the national calendar; clocks that stand and go on.
//!
//! A day counts from the day after; a limit of n working days ends with the n-th of them (recalled: days are working
//! days, the day of the event is not counted).
use codes::WorkCalendar;
use platform::clock::{DAY, HOUR, Timestamp};
use time::{Date, Month, UtcOffset};

use crate::item::{Limit, Unit};

/// The calendar and the zone that deadlines are reckoned in.
#[derive(Clone, Copy)]
pub struct Deadlines<'a> {
    pub calendar: &'a WorkCalendar,
    pub zone: UtcOffset,
}

impl Deadlines<'_> {
    /// When a limit that starts now ends.
    #[must_use]
    pub fn due(&self, start: Timestamp, limit: &Limit) -> Timestamp {
        due_after(self, start, limit.number, limit.unit)
    }

    /// Working days that were left when a clock was stopped; never negative.
    #[must_use]
    pub fn days_left(&self, now: Timestamp, due: Timestamp) -> i64 {
        let (today, last) = (now.date(self.zone), due.date(self.zone));
        if last <= today { 0 } else { self.calendar.working_days_between(today, last).value }
    }

    /// When a clock that goes on with so many working days left ends; with none left, today.
    #[must_use]
    pub fn due_again(&self, now: Timestamp, days_left: i64) -> Timestamp {
        let days = u32::try_from(days_left).unwrap_or(0);
        let last = self.calendar.add_working_days(now.date(self.zone), days).value;
        Timestamp::end_of(last, self.zone)
    }
}

/// `number` 0 with `Instant` ends at once.
#[must_use]
pub fn due_after(deadlines: &Deadlines<'_>, start: Timestamp, number: u16, unit: Unit) -> Timestamp {
    let today = start.date(deadlines.zone);
    let end = |date: Date| Timestamp::end_of(date, deadlines.zone);
    match unit {
        Unit::Instant => start,
        Unit::Hour => start.plus(i64::from(number) * HOUR),
        Unit::WorkingDay => end(deadlines.calendar.add_working_days(today, u32::from(number)).value),
        Unit::CalendarDay => Timestamp(end(today).0 + i64::from(number) * DAY),
        Unit::Month => end(months_later(today, number)),
    }
}

/// The same day so many months later, or the last day of a shorter month.
#[must_use]
pub fn months_later(date: Date, months: u16) -> Date {
    let count = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + i32::from(months);
    let month = Month::try_from((count.rem_euclid(12) + 1) as u8).unwrap_or(Month::January);
    let year = count.div_euclid(12);
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime, offset};

    fn at(date: time::OffsetDateTime) -> Timestamp {
        Timestamp(i64::try_from(date.unix_timestamp_nanos() / 1000).unwrap())
    }

    #[test]
    fn working_days_skip_the_national_day_and_count_shifted_saturdays() {
        let calendar = WorkCalendar::embedded();
        let deadlines = Deadlines { calendar: &calendar, zone: offset!(+8) };
        // 2024-09-30 (Monday) + 5: the 1st to 7th of October are free, Saturday the 12th is worked.
        let due = deadlines.due(at(datetime!(2024-09-30 16:00 +8)), &Limit::working_days(5));
        assert_eq!(due.date(offset!(+8)), date!(2024 - 10 - 12));
    }

    #[test]
    fn a_clock_that_stood_goes_on_with_what_was_left() {
        let calendar = WorkCalendar::embedded();
        let deadlines = Deadlines { calendar: &calendar, zone: offset!(+8) };
        let start = at(datetime!(2026-11-02 09:00 +8));
        let due = deadlines.due(start, &Limit::working_days(5));
        assert_eq!(due.date(offset!(+8)), date!(2026 - 11 - 09));
        let left = deadlines.days_left(at(datetime!(2026-11-04 10:00 +8)), due);
        assert_eq!(left, 3);
        let again = deadlines.due_again(at(datetime!(2026-11-16 10:00 +8)), left);
        assert_eq!(again.date(offset!(+8)), date!(2026 - 11 - 19));
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(months_later(date!(2026 - 01 - 31), 1), date!(2026 - 02 - 28));
        assert_eq!(months_later(date!(2026 - 11 - 30), 14), date!(2028 - 01 - 30));
    }
}
