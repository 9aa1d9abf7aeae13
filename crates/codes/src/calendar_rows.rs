//! One year's holidays and worked weekend days, as the State Council announces them each autumn; the text form.

use time::{Date, Month};

use crate::error::{CodeError, CodeKind, Fault};

/// What distinguishes a year from plain weekends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearDays {
    pub year: i32,
    /// Days off; weekend days among them change nothing.
    pub rest: Vec<Date>,
    /// Saturdays and Sundays on which offices work.
    pub work: Vec<Date>,
}

impl YearDays {
    /// Reads years from text, one on a line, `#` for comments, days as `MM-DD` or `MM-DD..MM-DD`:
    /// `2026<TAB>rest=01-01..01-03 10-01..10-07<TAB>work=01-04`. A year with no exceptions still needs its line.
    ///
    /// # Errors
    /// Names the first line that is not of this form, or that has one day in both lists.
    pub fn read(text: &str) -> Result<Vec<Self>, CodeError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        lines.map(|(at, line)| read_line(line).ok_or_else(|| refused(at + 1, line))).collect()
    }
}

fn refused(line: usize, text: &str) -> CodeError {
    let found = text.chars().take(80).collect();
    CodeError::new(CodeKind::CalendarRow, Fault::Row { line, found })
}

fn read_line(line: &str) -> Option<YearDays> {
    let mut parts = line.split('\t').map(str::trim);
    let year = parts.next()?.parse().ok().filter(|year| (1949..=9998).contains(year))?;
    let rest = read_days(year, parts.next()?.strip_prefix("rest=")?)?;
    let work = read_days(year, parts.next()?.strip_prefix("work=")?)?;
    let clear = parts.next().is_none() && !work.iter().any(|day| rest.contains(day));
    clear.then_some(YearDays { year, rest, work })
}

fn read_days(year: i32, text: &str) -> Option<Vec<Date>> {
    let mut days = Vec::new();
    for run in text.split_whitespace() {
        let (first, last) = run.split_once("..").unwrap_or((run, run));
        let (first, last) = (read_day(year, first)?, read_day(year, last)?);
        if last < first {
            return None;
        }
        days.extend(std::iter::successors(Some(first), |day| day.next_day().filter(|next| *next <= last)));
    }
    Some(days)
}

fn read_day(year: i32, text: &str) -> Option<Date> {
    let (month, day) = text.split_once('-')?;
    Date::from_calendar_date(year, Month::try_from(month.parse::<u8>().ok()?).ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn runs_are_spread_out() {
        let years = YearDays::read("# made up\n\n2027\trest=01-01 02-27..03-01\twork=01-03\n").unwrap();
        let rest = vec![date!(2027 - 01 - 01), date!(2027 - 02 - 27), date!(2027 - 02 - 28), date!(2027 - 03 - 01)];
        assert_eq!(years, [YearDays { year: 2027, rest, work: vec![date!(2027 - 01 - 03)] }]);
    }

    #[test]
    fn a_bad_line_is_named() {
        for line in [
            "2027",
            "2027\trest=01-01",
            "2027\twork=\trest=",
            "2027\trest=02-29\twork=",
            "2027\trest=01-03..01-01\twork=",
            "2027\trest=01-03\twork=01-03",
            "20x7\trest=\twork=",
            "2027\trest=\twork=\tmore",
        ] {
            let error = YearDays::read(&format!("2026\trest=\twork=\n{line}")).unwrap_err();
            assert!(matches!(error.fault, Fault::Row { line: 2, .. }), "{error}");
            assert_eq!(error.key(), "codes-calendar-row-row");
        }
    }
}
