//! Working days. Time limits of administrative licences count working days and leave holidays out (Administrative
//! Licensing Law, article 82); the day on which a period begins does not count (Civil Code, article 201).
//!
//! The embedded calendar knows 2004 to 2026. For other years weekends are all that is known: the answer is given, and
//! says that it is not certain. A deployment adds the coming year when the State Council has announced it.
//!
//! Every question is answered from counts made once: no loop over days, well below a microsecond.

use time::Date;

use crate::calendar_rows::YearDays;

const EMBEDDED: &str = include_str!("../data/calendar.tsv");

/// An answer, and whether the calendar of every year that it touches is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoned<T> {
    pub value: T,
    /// `false`: some year's holidays are not known yet, only weekends were left out; reckon again later.
    pub certain: bool,
}

/// Which days are worked. Built once, then shared.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    /// Julian day of 1 January of the first year in the table, and of the day after its last.
    start: i64,
    end: i64,
    first_year: i32,
    /// For each year of the table, whether its exceptions are known.
    known: Vec<bool>,
    /// For each day of the table, how many working days it has before it.
    before: Vec<u32>,
    /// The working days of the table in order, as Julian days.
    working: Vec<i64>,
}

impl WorkCalendar {
    /// 2004 to 2026.
    pub fn embedded() -> Self {
        Self::with_years([])
    }

    /// The embedded years and a deployment's own, which replace embedded ones of the same number.
    pub fn with_years(extra: impl IntoIterator<Item = YearDays>) -> Self {
        let mut years = YearDays::read(EMBEDDED).expect("the embedded calendar is well formed");
        for year in extra {
            years.retain(|known| known.year != year.year);
            years.push(year);
        }
        Self::build(&years)
    }

    fn build(years: &[YearDays]) -> Self {
        let first_year = years.iter().map(|year| year.year).min().unwrap_or(2004);
        let last_year = years.iter().map(|year| year.year).max().unwrap_or(first_year - 1);
        let (start, end) = (new_year(first_year), new_year(last_year + 1));
        let mut works: Vec<bool> = (start..end).map(is_weekday).collect();
        let mut known: Vec<bool> = (first_year..=last_year).map(|_| false).collect();
        for year in years {
            known[index(i64::from(year.year - first_year))] = true;
            let marks = [(&year.rest, false), (&year.work, true)];
            for (days, works_then) in marks {
                for day in days.iter().filter(|day| day.year() == year.year) {
                    works[index(julian(*day) - start)] = works_then;
                }
            }
        }
        let mut working = Vec::new();
        let mut before = Vec::with_capacity(works.len());
        for (day, works_then) in (start..).zip(works) {
            before.push(u32::try_from(working.len()).expect("fewer days than u32 counts"));
            working.extend(works_then.then_some(day));
        }
        Self { start, end, first_year, known, before, working }
    }

    /// Whether the holidays of a year are known.
    pub fn knows(&self, year: i32) -> bool {
        usize::try_from(year - self.first_year).ok().and_then(|at| self.known.get(at)).copied().unwrap_or(false)
    }

    /// Whether offices work on this day.
    pub fn is_working_day(&self, day: Date) -> Reckoned<bool> {
        let day_number = julian(day);
        let value = self.rank(day_number + 1) > self.rank(day_number);
        Reckoned { value, certain: self.knows(day.year()) }
    }

    /// The `n`-th working day after `start`, which itself does not count. With `n` = 0: `start` when it is a working
    /// day, else the next one, as a limit that ends on a day off ends on the day after it (Civil Code, article 203).
    pub fn add_working_days(&self, start: Date, n: u32) -> Reckoned<Date> {
        let rank = match n {
            0 => self.rank(julian(start)),
            _ => self.rank(julian(start) + 1) + i64::from(n) - 1,
        };
        self.reckon(start, self.select(rank))
    }

    /// The `n`-th working day before `end`, as reminders need it. With `n` = 0: `end` or the last working day before.
    pub fn subtract_working_days(&self, end: Date, n: u32) -> Reckoned<Date> {
        let rank = match n {
            0 => self.rank(julian(end) + 1) - 1,
            _ => self.rank(julian(end)) - i64::from(n),
        };
        self.reckon(end, self.select(rank))
    }

    /// The first working day after `day`.
    pub fn next_working_day(&self, day: Date) -> Reckoned<Date> {
        self.add_working_days(day, 1)
    }

    /// How many working days lie after `from`, up to and including `to`; negative when `to` is earlier. So it gives
    /// back the `n` of [`Self::add_working_days`].
    pub fn working_days_between(&self, from: Date, to: Date) -> Reckoned<i64> {
        let value = self.rank(julian(to) + 1) - self.rank(julian(from) + 1);
        Reckoned { value, certain: self.knows_from_to(from, to) }
    }

    fn reckon(&self, from: Date, day: i64) -> Reckoned<Date> {
        // Beyond the last date that can be written (year 9999) the answer stays there, and is not certain.
        let day = day.clamp(julian(Date::MIN), julian(Date::MAX));
        let value = i32::try_from(day).ok().and_then(|day| Date::from_julian_day(day).ok()).unwrap_or(Date::MAX);
        Reckoned { value, certain: self.knows_from_to(from, value) }
    }

    fn knows_from_to(&self, a: Date, b: Date) -> bool {
        let (first, last) = (a.min(b).year(), a.max(b).year());
        // Both ends first: a distant year must not make this a long walk.
        self.knows(first) && self.knows(last) && (first..last).all(|year| self.knows(year))
    }

    /// How many working days come before `day`, counted from the start of the table (negative before it).
    fn rank(&self, day: i64) -> i64 {
        let counted = || i64::try_from(self.working.len()).unwrap_or(i64::MAX);
        if day < self.start {
            weekdays_before(day) - weekdays_before(self.start)
        } else if day >= self.end {
            counted() + weekdays_before(day) - weekdays_before(self.end)
        } else {
            i64::from(self.before[index(day - self.start)])
        }
    }

    /// The working day that has `rank` working days before it: the inverse of [`Self::rank`].
    fn select(&self, rank: i64) -> i64 {
        let counted = i64::try_from(self.working.len()).unwrap_or(i64::MAX);
        if rank < 0 {
            weekday_at(weekdays_before(self.start) + rank)
        } else if rank >= counted {
            weekday_at(weekdays_before(self.end) + rank - counted)
        } else {
            self.working[index(rank)]
        }
    }
}

fn julian(day: Date) -> i64 {
    i64::from(day.to_julian_day())
}

fn new_year(year: i32) -> i64 {
    Date::from_ordinal_date(year, 1).map_or(julian(Date::MAX) + 1, julian)
}

fn index(offset: i64) -> usize {
    usize::try_from(offset).expect("the day lies in the table")
}

/// Julian day 0 was a Monday.
fn is_weekday(day: i64) -> bool {
    day.rem_euclid(7) < 5
}

/// How many Mondays to Fridays come before `day`, from Julian day 0.
fn weekdays_before(day: i64) -> i64 {
    day.div_euclid(7) * 5 + day.rem_euclid(7).min(5)
}

/// The weekday that has `count` weekdays before it.
fn weekday_at(count: i64) -> i64 {
    count.div_euclid(5) * 7 + count.rem_euclid(5)
}
