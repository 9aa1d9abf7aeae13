//! Their days and units → ours, exactly: no floating point, no guess.
use serde_json::{Number, Value};
use time::{Date, Duration, Month};

use crate::settings::Unit;

/// How days are written: YYYY, MM, M, DD and D stand for their parts, anything else for itself, `*` at the end for a rest
/// that is not read. Or one of `unix-seconds`, `unix-milliseconds` (in the deployment's zone of +08:00), `excel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatePattern {
    Parts(Vec<Part>),
    UnixSeconds,
    UnixMilliseconds,
    /// Days since 1899-12-30.
    Excel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Year,
    Month { digits: usize },
    Day { digits: usize },
    Literal(char),
    Rest,
}

/// Seconds by which days of Unix times are counted: the deployment's calendar, not UTC's.
const ZONE_SECONDS: i64 = 8 * 3600;

impl DatePattern {
    /// # Errors
    /// Says what is wrong with the pattern.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        match pattern {
            "unix-seconds" => return Ok(Self::UnixSeconds),
            "unix-milliseconds" => return Ok(Self::UnixMilliseconds),
            "excel" => return Ok(Self::Excel),
            _ => {}
        }
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let (part, length) = part(rest, first);
            parts.push(part);
            rest = &rest[length..];
        }
        let has = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count() == 1;
        let whole = has(|part| *part == Part::Year) && has(|part| matches!(part, Part::Month { .. }));
        let rest_last = parts.iter().position(|part| *part == Part::Rest).is_none_or(|at| at + 1 == parts.len());
        if !whole || !rest_last {
            return Err(format!(
                "the date pattern {pattern} does not say where year and month stand; write YYYY once, MM or M once, and DD \
                 or D for days, with * only at the end"
            ));
        }
        Ok(Self::Parts(parts))
    }

    /// Whether it reads days, not months.
    #[must_use]
    pub fn has_day(&self) -> bool {
        match self {
            Self::Parts(parts) => parts.iter().any(|part| matches!(part, Part::Day { .. })),
            Self::UnixSeconds | Self::UnixMilliseconds | Self::Excel => true,
        }
    }

    /// Their text → `YYYY-MM-DD`, or `YYYY-MM` when the pattern has no day. None: it is no such date.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<String> {
        let text = text.trim();
        match self {
            Self::Parts(parts) => read_parts(parts, text),
            Self::UnixSeconds => unix(text.parse().ok()?),
            Self::UnixMilliseconds => unix(text.parse::<i64>().ok()?.div_euclid(1000)),
            Self::Excel => {
                let days: i64 = text.split('.').next()?.parse().ok()?;
                let start = Date::from_calendar_date(1899, Month::December, 30).ok()?;
                start.checked_add(Duration::try_days(days)?).map(iso)
            }
        }
    }
}

/// `Duration::days` panics on numbers that a source may well send.
trait TryDays: Sized {
    fn try_days(days: i64) -> Option<Self>;
}

impl TryDays for Duration {
    fn try_days(days: i64) -> Option<Self> {
        days.checked_mul(86_400).map(Duration::seconds)
    }
}

fn part(rest: &str, first: char) -> (Part, usize) {
    for (word, part) in [
        ("YYYY", Part::Year),
        ("MM", Part::Month { digits: 2 }),
        ("M", Part::Month { digits: 1 }),
        ("DD", Part::Day { digits: 2 }),
        ("D", Part::Day { digits: 1 }),
        ("*", Part::Rest),
    ] {
        if rest.starts_with(word) {
            return (part, word.len());
        }
    }
    (Part::Literal(first), first.len_utf8())
}

fn read_parts(parts: &[Part], text: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (0, 0, None);
    let mut rest = text;
    for part in parts {
        match part {
            Part::Year => (year, rest) = number(rest, 4, 4)?,
            Part::Month { digits } => (month, rest) = number(rest, *digits, 2)?,
            Part::Day { digits } => {
                let found;
                (found, rest) = number(rest, *digits, 2)?;
                day = Some(found);
            }
            Part::Literal(wanted) => rest = rest.strip_prefix(*wanted)?,
            Part::Rest => rest = "",
        }
    }
    let month_of = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let whole = Date::from_calendar_date(year, month_of, u8::try_from(day.unwrap_or(1)).ok()?).ok()?;
    if !rest.is_empty() {
        return None;
    }
    Some(if day.is_some() { iso(whole) } else { format!("{year:04}-{month:02}") })
}

/// The digits at the beginning, at least and at most so many.
fn number(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    (length >= least).then(|| Some((text[..length].parse().ok()?, &text[length..])))?
}

fn unix(seconds: i64) -> Option<String> {
    let days = seconds.checked_add(ZONE_SECONDS)?.div_euclid(86_400);
    let start = Date::from_calendar_date(1970, Month::January, 1).ok()?;
    start.checked_add(Duration::try_days(days)?).map(iso)
}

fn iso(day: Date) -> String {
    platform::clock::iso_date(day)
}

/// A decimal number as digits and how many of them are decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// `1,234.50`, `-3`, `.5`; at most 18 digits before and 12 after the point.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().replace(',', "");
        let (sign, body) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, decimals) = body.split_once('.').unwrap_or((body, ""));
        let all = format!("{whole}{decimals}");
        let plain = !all.is_empty() && all.bytes().all(|b| b.is_ascii_digit());
        if !plain || whole.len() > 18 || decimals.len() > 12 {
            return None;
        }
        let digits = all.parse::<i128>().ok()?;
        Some(Self { digits: sign * digits, scale: u32::try_from(decimals.len()).ok()? })
    }

    /// Times `by`; None when the result is not a whole number.
    fn whole(self, by: i128) -> Option<i64> {
        let of = 10_i128.pow(self.scale);
        let product = self.digits * by;
        (product % of == 0).then(|| i64::try_from(product / of).ok())?
    }

    /// Times `by` / `through`, with two decimals, half up.
    fn hundredths(self, by: i128, through: i128) -> String {
        let of = 10_i128.pow(self.scale) * through;
        let product = self.digits * by * 100;
        let rounded = (product.abs() * 2 + of) / (of * 2);
        let sign = if product < 0 && rounded > 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", rounded / 100, rounded % 100)
    }
}

/// Their amount in our unit: money as a number of fen, areas as text with two decimals. None: it is no such number.
#[must_use]
pub fn convert(unit: Unit, text: &str) -> Option<Value> {
    let found = Decimal::read(text)?;
    let fen = |by| Some(Value::Number(Number::from(found.whole(by)?)));
    match unit {
        Unit::YuanToFen => fen(100),
        Unit::TenThousandYuanToFen => fen(1_000_000),
        Unit::MuToM2 => Some(Value::String(found.hundredths(2_000, 3))),
        Unit::HaToM2 => Some(Value::String(found.hundredths(10_000, 1))),
        Unit::M2 => Some(Value::String(found.hundredths(1, 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(pattern: &str, text: &str) -> Option<String> {
        DatePattern::parse(pattern).unwrap().read(text)
    }

    #[test]
    fn days_in_every_way_that_departments_write_them() {
        for (pattern, text, ours) in [
            ("YYYY-MM-DD", "2026-11-20", "2026-11-20"),
            ("YYYYMMDD", "20240229", "2024-02-29"),
            ("YYYY/M/D", "2026/1/9", "2026-01-09"),
            ("YYYY/M/D", "2026/11/20", "2026-11-20"),
            ("YYYY年M月D日", " 2026年1月20日 ", "2026-01-20"),
            ("DD.MM.YYYY", "09.01.2026", "2026-01-09"),
            ("YYYY-MM-DD*", "2026-11-20T08:00:00+08:00", "2026-11-20"),
            ("YYYYMM", "202611", "2026-11"),
            ("unix-seconds", "1795140000", "2026-11-20"),
            ("unix-milliseconds", "1795140000000", "2026-11-20"),
            ("excel", "46346", "2026-11-20"),
        ] {
            assert_eq!(read(pattern, text).as_deref(), Some(ours), "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_no_such_day_is_refused() {
        for (pattern, text) in [
            ("YYYY-MM-DD", "2026-02-29"),
            ("YYYY-MM-DD", "2026-11-20T"),
            ("YYYYMMDD", "2026112"),
            ("YYYY/M/D", "2026/13/1"),
            ("YYYYMM", "202600"),
            ("unix-seconds", "9223372036854775807"),
            ("excel", "99999999999999"),
        ] {
            assert_eq!(read(pattern, text), None, "{pattern} {text}");
        }
        for pattern in ["YYYY", "MM-DD", "YYYY*MM", "YYYY-MM-MM"] {
            assert!(DatePattern::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn units_are_exact() {
        assert_eq!(convert(Unit::YuanToFen, "1,234.5"), Some(json!(123_450)));
        assert_eq!(convert(Unit::YuanToFen, "0.001"), None);
        assert_eq!(convert(Unit::TenThousandYuanToFen, "50.12"), Some(json!(50_120_000)));
        assert_eq!(convert(Unit::MuToM2, "0.15"), Some(json!("100.00")));
        assert_eq!(convert(Unit::MuToM2, "1"), Some(json!("666.67")));
        assert_eq!(convert(Unit::HaToM2, "0.00895"), Some(json!("89.50")));
        assert_eq!(convert(Unit::M2, "89.5"), Some(json!("89.50")));
        assert_eq!(convert(Unit::M2, "-0.001"), Some(json!("0.00")));
        for wrong in ["", ".", "1e3", "NaN", "--1", "1.2.3", "1234567890123456789"] {
            assert_eq!(convert(Unit::M2, wrong), None, "{wrong}");
        }
    }
}
