//! The calendar against an independent list of every day from 2004 to 2026, and the laws of its arithmetic.

#![allow(clippy::unwrap_used, reason = "the helpers of these tests stand outside test functions")]

use std::sync::LazyLock;

use codes::{WorkCalendar, YearDays};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

/// A line for each year: the year, then a 1 for each working day. Made from other data than the calendar itself.
const ORACLE: &str = include_str!("data/working_days.txt");

static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::embedded);

fn oracle() -> impl Iterator<Item = (Date, bool)> {
    ORACLE.lines().flat_map(|line| {
        let (year, flags) = line.split_once(' ').unwrap();
        let year: i32 = year.parse().unwrap();
        (1u16..).zip(flags.bytes()).map(move |(day, flag)| (Date::from_ordinal_date(year, day).unwrap(), flag == b'1'))
    })
}

#[test]
fn every_day_agrees_with_the_oracle() {
    let mut days = 0;
    for (day, works) in oracle() {
        let answer = CALENDAR.is_working_day(day);
        assert_eq!((answer.value, answer.certain), (works, true), "{day}");
        days += 1;
    }
    assert_eq!(days, 23 * 365 + 6);
}

/// Counting on the oracle's flags one by one, from every day of 2019 (with its worked Sundays) and of 2026.
#[test]
fn adding_agrees_with_counting() {
    let days: Vec<(Date, bool)> = oracle().collect();
    for (at, (start, _)) in days.iter().enumerate().filter(|(_, (day, _))| matches!(day.year(), 2019 | 2025)) {
        let after = days[at + 1..].iter().filter(|(_, works)| *works).map(|(day, _)| *day);
        for (n, day) in (1..=60).zip(after) {
            assert_eq!(CALENDAR.add_working_days(*start, n).value, day, "{start} + {n}");
        }
        let before = days[..at].iter().rev().filter(|(_, works)| *works).map(|(day, _)| *day);
        for (n, day) in (1..=60).zip(before) {
            assert_eq!(CALENDAR.subtract_working_days(*start, n).value, day, "{start} - {n}");
        }
    }
}

#[test]
fn a_limit_runs_across_the_national_holiday_and_its_worked_saturday() {
    // Accepted on Wednesday 30 September 2026, 5 working days. Days off 1 to 7 October, Saturday the 10th is worked.
    let due = CALENDAR.add_working_days(date!(2026 - 09 - 30), 5);
    assert_eq!((due.value, due.certain), (date!(2026 - 10 - 13), true));
    assert_eq!(CALENDAR.add_working_days(date!(2026 - 10 - 01), 0).value, date!(2026 - 10 - 08));
    assert_eq!(CALENDAR.subtract_working_days(date!(2026 - 10 - 07), 0).value, date!(2026 - 09 - 30));
    assert_eq!(CALENDAR.next_working_day(date!(2026 - 10 - 09)).value, date!(2026 - 10 - 10));
}

#[test]
fn unknown_years_are_reckoned_by_weekends_and_say_so() {
    let friday = date!(2027 - 10 - 01);
    let answer = CALENDAR.is_working_day(friday);
    assert_eq!((answer.value, answer.certain), (true, false));
    assert!(!CALENDAR.is_working_day(date!(2027 - 10 - 02)).value);
    assert!(!CALENDAR.add_working_days(date!(2026 - 12 - 31), 3).certain);
    assert!(!CALENDAR.is_working_day(date!(2003 - 12 - 31)).certain);
    assert_eq!(CALENDAR.add_working_days(Date::MAX, u32::MAX).value, Date::MAX);
    assert!(!CALENDAR.subtract_working_days(Date::MIN, u32::MAX).certain);
}

#[test]
fn a_deployment_adds_the_coming_year() {
    let calendar = WorkCalendar::with_years(YearDays::read("2027\trest=10-01..10-07\twork=10-09").unwrap());
    let due = calendar.add_working_days(date!(2027 - 09 - 30), 1);
    assert_eq!((due.value, due.certain), (date!(2027 - 10 - 08), true));
    assert!(calendar.is_working_day(date!(2027 - 10 - 09)).value);
    // A gap stays a gap: 2028 is not known when 2029 is.
    let gap = WorkCalendar::with_years(YearDays::read("2027\trest=\twork=\n2029\trest=\twork=").unwrap());
    assert!(gap.knows(2027) && !gap.knows(2028) && gap.knows(2029));
    assert!(!gap.working_days_between(date!(2027 - 06 - 01), date!(2029 - 06 - 01)).certain);
}

#[test]
fn a_deployment_corrects_a_year() {
    let calendar = WorkCalendar::with_years(YearDays::read("2026\trest=\twork=").unwrap());
    assert!(calendar.is_working_day(date!(2026 - 10 - 01)).value);
    assert!(!CALENDAR.is_working_day(date!(2026 - 10 - 01)).value);
}

/// It stands on the path of every submission; in an unoptimised build it may still take a microsecond at most.
#[test]
fn adding_is_fast() {
    const ROUNDS: u32 = 100_000;
    let begun = std::time::Instant::now();
    let mut sum = 0i64;
    for n in 0..ROUNDS {
        sum += i64::from(CALENDAR.add_working_days(date!(2024 - 01 - 31), n % 300).value.to_julian_day());
    }
    assert!(sum > 0);
    assert!(begun.elapsed() < std::time::Duration::from_micros(1) * ROUNDS, "{:?} for {ROUNDS}", begun.elapsed());
}

fn any_day() -> impl Strategy<Value = Date> {
    let days = date!(1990 - 01 - 01).to_julian_day()..date!(2040 - 01 - 01).to_julian_day();
    days.prop_map(|day| Date::from_julian_day(day).unwrap())
}

proptest! {
    #[test]
    fn what_is_added_can_be_counted_and_taken_away(start in any_day(), n in 1u32..3_000) {
        let end = CALENDAR.add_working_days(start, n);
        prop_assert!(CALENDAR.is_working_day(end.value).value);
        let counted = CALENDAR.working_days_between(start, end.value);
        prop_assert_eq!((counted.value, counted.certain), (i64::from(n), end.certain));
        prop_assert_eq!(CALENDAR.working_days_between(end.value, start).value, -i64::from(n));
        let back = CALENDAR.subtract_working_days(end.value, n).value;
        prop_assert_eq!(back, CALENDAR.subtract_working_days(start, 0).value);
    }

    #[test]
    fn a_later_start_never_ends_earlier(a in any_day(), b in any_day(), n in 0u32..300) {
        let (first, second) = (a.min(b), a.max(b));
        prop_assert!(CALENDAR.add_working_days(first, n).value <= CALENDAR.add_working_days(second, n).value);
    }

    #[test]
    fn steps_can_be_joined(start in any_day(), n in 1u32..300, m in 1u32..300) {
        let halfway = CALENDAR.add_working_days(start, n).value;
        let joined = CALENDAR.add_working_days(start, n + m);
        prop_assert_eq!(CALENDAR.add_working_days(halfway, m).value, joined.value);
    }
}
