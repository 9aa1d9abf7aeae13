//! Days that are typed in parts, and bounds of days that move with today.
use std::fmt;

use platform::clock::{iso_date, parse_iso_date};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month};

/// `2026-01-01`, `today`, `today+30` or `today-3650` (days).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DayBound {
    Fixed(Date),
    Today { plus_days: i32 },
}

impl DayBound {
    #[must_use]
    pub fn on(self, today: Date) -> Date {
        match self {
            Self::Fixed(date) => date,
            Self::Today { plus_days } => today.saturating_add(Duration::days(i64::from(plus_days))),
        }
    }
}

impl TryFrom<String> for DayBound {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?}: write YYYY-MM-DD, today, today+30 or today-30");
        match text.strip_prefix("today") {
            Some("") => Ok(Self::Today { plus_days: 0 }),
            Some(days) if days.starts_with(['+', '-']) => {
                days.parse().map(|plus_days| Self::Today { plus_days }).map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
            None => parse_iso_date(&text).map(Self::Fixed).ok_or_else(wrong),
        }
    }
}

impl From<DayBound> for String {
    fn from(bound: DayBound) -> Self {
        bound.to_string()
    }
}

impl fmt::Display for DayBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(date) => f.write_str(&iso_date(*date)),
            Self::Today { plus_days: 0 } => f.write_str("today"),
            Self::Today { plus_days } => write!(f, "today{plus_days:+}"),
        }
    }
}

/// What is wrong with a day in parts; `key` is its text key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongDay {
    pub(super) part: &'static str,
    pub(super) key: &'static str,
    pub(super) args: Vec<(&'static str, String)>,
}

fn wrong(part: &'static str, key: &'static str) -> WrongDay {
    WrongDay { part, key, args: Vec::new() }
}

/// A day from its three parts as typed. All three are empty: None.
pub(super) fn read(year: &str, month: &str, day: &str) -> Result<Option<Date>, WrongDay> {
    let Some((y, m)) = year_and_month(year, month, day)? else {
        return Ok(None);
    };
    if day.is_empty() {
        return Err(wrong("d", "form-error-date-day-missing"));
    }
    let last = m.length(y);
    let number = part(day).unwrap_or(0);
    match u8::try_from(number).ok().and_then(|d| Date::from_calendar_date(y, m, d).ok()) {
        Some(date) => Ok(Some(date)),
        None => Err(WrongDay {
            part: "d",
            key: "form-error-date-day",
            args: vec![
                ("found", clip(day)),
                ("year", y.to_string()),
                ("month", u8::from(m).to_string()),
                ("last", last.to_string()),
            ],
        }),
    }
}

/// A month as its first day.
pub(super) fn read_month(year: &str, month: &str) -> Result<Option<Date>, WrongDay> {
    let given = year_and_month(year, month, "")?;
    Ok(given.and_then(|(y, m)| Date::from_calendar_date(y, m, 1).ok()))
}

/// Year and month; None when nothing at all is typed. `day` only tells whether something is.
fn year_and_month(year: &str, month: &str, day: &str) -> Result<Option<(i32, Month)>, WrongDay> {
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return Ok(None);
    }
    if year.is_empty() {
        return Err(wrong("y", "form-error-date-year-missing"));
    }
    if month.is_empty() {
        return Err(wrong("m", "form-error-date-month-missing"));
    }
    let Some(y) = part(year).filter(|y| (1000..=9999).contains(y)) else {
        return Err(WrongDay { args: vec![("found", clip(year))], ..wrong("y", "form-error-date-year") });
    };
    let m = part(month).and_then(|m| u8::try_from(m).ok()).and_then(|m| Month::try_from(m).ok());
    match m {
        Some(m) => Ok(Some((y, m))),
        None => Err(WrongDay { args: vec![("found", clip(month))], ..wrong("m", "form-error-date-month") }),
    }
}

fn part(text: &str) -> Option<i32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// What is repeated in a message stays short.
pub(super) fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(20).collect();
    if text.chars().nth(20).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_wrong_part_is_named() {
        assert_eq!(read("1956", "3", "27"), Ok(Some(date!(1956 - 03 - 27))));
        assert_eq!(read("", "", ""), Ok(None));
        let part = |y, m, d| read(y, m, d).unwrap_err().key;
        assert_eq!(part("", "3", "27"), "form-error-date-year-missing");
        assert_eq!(part("1956", "", "27"), "form-error-date-month-missing");
        assert_eq!(part("1956", "3", ""), "form-error-date-day-missing");
        assert_eq!(part("56", "3", "27"), "form-error-date-year");
        assert_eq!(part("1956", "13", "27"), "form-error-date-month");
        let february = read("2026", "2", "29").unwrap_err();
        assert_eq!(february.part, "d");
        assert!(february.args.contains(&("last", "28".to_owned())), "{february:?}");
        assert_eq!(read_month("2026", "2"), Ok(Some(date!(2026 - 02 - 01))));
    }

    #[test]
    fn bounds_move_with_today() {
        let bound = |text: &str| DayBound::try_from(text.to_owned());
        let today = date!(2026 - 11 - 21);
        assert_eq!(bound("today").map(|b| b.on(today)), Ok(today));
        assert_eq!(bound("today+10").map(|b| b.on(today)), Ok(date!(2026 - 12 - 01)));
        assert_eq!(bound("today-21").map(|b| b.to_string()).as_deref(), Ok("today-21"));
        assert!(bound("tomorrow").is_err() && bound("today+x").is_err());
    }
}
