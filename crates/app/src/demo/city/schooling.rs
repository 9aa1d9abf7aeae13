//! Schooling: how far somebody of a cohort gets, and where they stand today.

use time::{Date, Month};

use super::Config;
use super::chance::{Chance, Purpose};
use super::words::Schools;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Primary,
    Junior,
    Senior,
    Vocational,
    Associate,
    Bachelor,
    Master,
    Doctor,
}

use Level::{Associate, Bachelor, Doctor, Junior, Master, Primary, Senior, Vocational};

const LEVELS: [Level; 8] = [Primary, Junior, Senior, Vocational, Associate, Bachelor, Master, Doctor];

/// By first year of birth: how many of 1000 get to each level and no further.
const REACHED: [(i32, [u32; 8]); 6] = [
    (0, [620, 270, 70, 10, 20, 10, 0, 0]),
    (1950, [360, 420, 140, 30, 30, 20, 0, 0]),
    (1965, [140, 450, 140, 90, 95, 75, 9, 1]),
    (1980, [30, 280, 120, 140, 210, 188, 28, 4]),
    (1995, [5, 115, 100, 150, 300, 280, 45, 5]),
    (2005, [0, 20, 120, 200, 320, 300, 38, 2]),
];

impl Level {
    pub(super) fn key(self) -> &'static str {
        match self {
            Primary => "primary",
            Junior => "junior",
            Senior => "senior",
            Vocational => "vocational",
            Associate => "associate",
            Bachelor => "bachelor",
            Master => "master",
            Doctor => "doctor",
        }
    }

    pub(super) fn schools(self, of: &Schools) -> &[String] {
        match self {
            Primary => &of.primary,
            Junior => &of.junior,
            Senior => &of.senior,
            Vocational => &of.vocational,
            Associate => &of.associate,
            Bachelor => &of.bachelor,
            Master => &of.master,
            Doctor => &of.doctor,
        }
    }

    /// The levels on the way here, this one included.
    fn path(self) -> &'static [Level] {
        match self {
            Primary => &[Primary],
            Junior => &[Primary, Junior],
            Senior => &[Primary, Junior, Senior],
            Vocational => &[Primary, Junior, Vocational],
            Associate => &[Primary, Junior, Senior, Associate],
            Bachelor => &[Primary, Junior, Senior, Bachelor],
            Master => &[Primary, Junior, Senior, Bachelor, Master],
            Doctor => &[Primary, Junior, Senior, Bachelor, Master, Doctor],
        }
    }

    /// Years from entering primary school to the end of this level.
    fn years(self) -> i32 {
        match self {
            Primary => 6,
            Junior => 9,
            Senior | Vocational => 12,
            Associate => 15,
            Bachelor => 16,
            Master => 19,
            Doctor => 22,
        }
    }
}

pub(super) struct Schooling {
    pub level: Level,
    /// Past, or expected when enrolled.
    pub graduates: Date,
    pub is_enrolled: bool,
    /// A number to choose a school by.
    pub school: u32,
}

/// The present enrolment, or the highest level finished; `None` before school age.
pub(super) fn of(config: &Config, index: usize, birth: Date) -> Option<Schooling> {
    let mut chance = Chance::new(config.seed, Purpose::Schooling, index as u64);
    let reached = REACHED.iter().rev().find(|(from, _)| *from <= birth.year()).map_or(&REACHED[0].1, |(_, r)| r);
    let target = LEVELS[chance.weighted(reached)];
    let school = chance.below(1 << 16);
    // Children enter at six, counted at 31 August.
    let entry = birth.year() + 6 + i32::from(u8::from(birth.month()) >= 9);
    if config.today < Date::from_calendar_date(entry, Month::September, 1).ok()? {
        return None;
    }
    let end = |level: Level| Date::from_calendar_date(entry + level.years(), Month::June, 30).ok();
    let now = target.path().iter().find(|level| end(**level).is_some_and(|end| end > config.today));
    let level = now.copied().unwrap_or(target);
    Some(Schooling { level, graduates: end(level)?, is_enrolled: now.is_some(), school })
}
