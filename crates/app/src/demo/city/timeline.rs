//! How a past case went: when it came in, was accepted, supplemented and decided, up to the day on which the city stands.

use codes::WorkCalendar;
use time::{Date, Duration, PrimitiveDateTime, Time};

use super::chance::Chance;
use super::model::days_before;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseState {
    WaitingAcceptance,
    InReview,
    SupplementWanted,
    /// In review, and the promised day has passed.
    Overdue,
    Granted,
    Refused,
    Withdrawn,
    /// Ended because the applicant never supplemented.
    Lapsed,
    NotAccepted,
}

impl CaseState {
    pub const ALL: [Self; 9] = [
        Self::WaitingAcceptance,
        Self::InReview,
        Self::SupplementWanted,
        Self::Overdue,
        Self::Granted,
        Self::Refused,
        Self::Withdrawn,
        Self::Lapsed,
        Self::NotAccepted,
    ];

    pub fn is_finished(self) -> bool {
        !matches!(self, Self::WaitingAcceptance | Self::InReview | Self::SupplementWanted | Self::Overdue)
    }
}

/// The steps of a case in the local time of the city; none lies on or after the day on which the city stands.
/// Invariant: submitted ≤ accepted ≤ supplement asked ≤ supplement given ≤ finished, as far as they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    pub submitted: PrimitiveDateTime,
    pub accepted: Option<PrimitiveDateTime>,
    pub supplement_asked: Option<PrimitiveDateTime>,
    pub supplement_given: Option<PrimitiveDateTime>,
    /// There exactly when the state is a finished one.
    pub finished: Option<PrimitiveDateTime>,
    /// Last day of the promised limit, the pause for a supplement added; `None` for instant items and before acceptance.
    pub due: Option<Date>,
    pub state: CaseState,
}

/// Applications by hour from 8 to 21: a peak in the morning, a dip at noon, evenings online.
const HOURS: [u32; 14] = [5, 11, 12, 9, 4, 5, 9, 10, 9, 7, 5, 5, 5, 3];
/// Working days an applicant has to supplement before the case lapses.
const PATIENCE: u32 = 15;

pub(super) struct Clerkship {
    calendar: WorkCalendar,
    /// Nothing has happened from here on.
    now: PrimitiveDateTime,
}

impl Clerkship {
    pub(super) fn new(today: Date) -> Self {
        Self { calendar: WorkCalendar::embedded(), now: today.midnight() }
    }

    /// `count` times of submission on the working days of the year before, oldest first.
    pub(super) fn submissions(&self, count: u32, chance: &mut Chance) -> Vec<PrimitiveDateTime> {
        let today = self.now.date();
        let days = (1..=365).rev().map(|days| days_before(today, days));
        let days: Vec<Date> = days.filter(|day| self.calendar.is_working_day(*day).value).collect();
        let mut times: Vec<_> = (0..count)
            .map(|_| {
                let day = *chance.pick(&days);
                let hour = 8 + chance.weighted(&HOURS) as u8;
                at(day, hour, chance)
            })
            .collect();
        times.sort_unstable();
        times
    }

    /// `promised`: working days from acceptance; 0 for an item that a rule decides at once.
    pub(super) fn run(&self, submitted: PrimitiveDateTime, promised: u32, chance: &mut Chance) -> Timeline {
        if promised == 0 {
            return instant(submitted, chance);
        }
        let accepted = self.acceptance(submitted, chance);
        let mut case = Timeline {
            submitted,
            accepted: Some(accepted),
            supplement_asked: None,
            supplement_given: None,
            finished: None,
            due: None,
            state: outcome(chance),
        };
        if case.state == CaseState::NotAccepted {
            (case.accepted, case.finished) = (None, Some(accepted));
        } else {
            self.review(&mut case, accepted, promised, chance);
        }
        self.cut(case)
    }

    fn acceptance(&self, submitted: PrimitiveDateTime, chance: &mut Chance) -> PrimitiveDateTime {
        if submitted.hour() < 15 && chance.per_mille(350) {
            return submitted + Duration::minutes(i64::from(chance.between(8, 110)));
        }
        let days = 1 + chance.weighted(&[70, 20, 7, 3]) as u32;
        self.office_time(submitted.date(), days, chance)
    }

    fn review(&self, case: &mut Timeline, accepted: PrimitiveDateTime, promised: u32, chance: &mut Chance) {
        let mut pause = 0;
        if case.state == CaseState::Lapsed || chance.per_mille(130) {
            let asked =
                self.office_time(accepted.date(), chance.between(1, (promised / 3).max(1) as i32) as u32, chance);
            let wait = chance.between(1, 8) as u32;
            case.supplement_asked = Some(asked);
            if case.state == CaseState::Lapsed {
                case.finished = Some(self.office_time(asked.date(), PATIENCE, chance));
            } else {
                case.supplement_given = Some(self.office_time(asked.date(), wait, chance));
            }
            pause = wait;
        }
        case.due = Some(self.calendar.add_working_days(accepted.date(), promised + pause).value);
        if case.finished.is_none() {
            case.finished = Some(self.decision(case, accepted, promised, chance));
        }
    }

    fn decision(
        &self,
        case: &Timeline,
        accepted: PrimitiveDateTime,
        promised: u32,
        chance: &mut Chance,
    ) -> PrimitiveDateTime {
        let pace = match chance.weighted(&[958, 30, 12]) {
            0 => chance.between(15, 95),
            1 => chance.between(105, 150),
            _ => chance.between(250, 500),
        };
        let pace = if case.state == CaseState::Withdrawn { pace / 2 } else { pace } as u32;
        let from = case.supplement_given.or(case.supplement_asked).unwrap_or(accepted);
        self.office_time(from.date(), (promised * pace).div_ceil(100).max(1), chance)
    }

    /// Office hours of the `days`-th working day after `from`.
    fn office_time(&self, from: Date, days: u32, chance: &mut Chance) -> PrimitiveDateTime {
        let day = self.calendar.add_working_days(from, days).value;
        let hour = *chance.pick(&[9, 9, 10, 10, 11, 14, 14, 15, 15, 16]);
        at(day, hour, chance)
    }

    /// Takes away what has not happened yet and says where that leaves the case.
    fn cut(&self, mut case: Timeline) -> Timeline {
        let happened = |step: Option<PrimitiveDateTime>| step.filter(|at| *at < self.now);
        case.finished = happened(case.finished);
        if case.finished.is_some() {
            return case;
        }
        case.accepted = happened(case.accepted);
        case.supplement_asked = happened(case.supplement_asked);
        case.supplement_given = happened(case.supplement_given);
        case.due = case.due.filter(|_| case.accepted.is_some());
        case.state = if case.accepted.is_none() {
            CaseState::WaitingAcceptance
        } else if case.supplement_asked.is_some() && case.supplement_given.is_none() {
            CaseState::SupplementWanted
        } else if case.due.is_some_and(|due| due < self.now.date()) {
            CaseState::Overdue
        } else {
            CaseState::InReview
        };
        case
    }
}

fn at(day: Date, hour: u8, chance: &mut Chance) -> PrimitiveDateTime {
    let (minute, second) = (chance.below(60) as u8, chance.below(60) as u8);
    let time = Time::from_hms(hour, minute, second).unwrap_or(Time::MIDNIGHT);
    PrimitiveDateTime::new(day, time)
}

fn instant(submitted: PrimitiveDateTime, chance: &mut Chance) -> Timeline {
    let decided = submitted + Duration::seconds(i64::from(chance.between(1, 4)));
    let state = if chance.per_mille(945) { CaseState::Granted } else { CaseState::Refused };
    Timeline {
        submitted,
        accepted: Some(submitted),
        supplement_asked: None,
        supplement_given: None,
        finished: Some(decided),
        due: None,
        state,
    }
}

/// How the case ends, if it is given the time.
fn outcome(chance: &mut Chance) -> CaseState {
    use CaseState::{Granted, Lapsed, NotAccepted, Refused, Withdrawn};
    [Granted, Refused, Withdrawn, Lapsed, NotAccepted][chance.weighted(&[868, 60, 30, 18, 24])]
}
