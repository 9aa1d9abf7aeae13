//! How a past case went: by chance, but the same for the same seed; its events, clocks and tasks.
use codes::WorkCalendar;
use platform::clock::{DAY, HOUR, Timestamp};
use services::{CaseState, ClockKind, EventKind, Offices, PastClock, PastEvent, PastSupplement, PastTask, TaskKind};
use time::{Date, UtcOffset};

use crate::applicants::Applicants;
use crate::kinds::Kind;

/// A stream of numbers (splitmix64): good enough to draw from, the same everywhere.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let all: u32 = weights.iter().sum();
        let mut left = self.below(all as usize) as u32;
        for (at, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return at,
            }
        }
        0
    }
}

/// Working days from a year ago to a year from now; a case's steps are their numbers.
pub struct Days {
    dates: Vec<Date>,
    starts: Vec<Timestamp>,
    /// The first day that has not happened.
    pub today: usize,
}

impl Days {
    pub fn around(today: Date, zone: UtcOffset) -> Self {
        let calendar = WorkCalendar::embedded();
        let dates: Vec<Date> = (-365..=365)
            .filter_map(|days| today.checked_add(time::Duration::days(days)))
            .filter(|day| calendar.is_working_day(*day).value)
            .collect();
        let starts = dates.iter().map(|day| Timestamp::start_of(*day, zone)).collect();
        Self { today: dates.iter().filter(|day| **day < today).count(), dates, starts }
    }

    pub fn date(&self, day: usize) -> Date {
        self.dates[day.min(self.dates.len() - 1)]
    }

    /// An hour of a day.
    pub fn at(&self, day: usize, hour: i64) -> Timestamp {
        self.starts[day.min(self.starts.len() - 1)].plus(hour * HOUR)
    }

    fn end_of(&self, day: usize) -> Timestamp {
        self.starts[day.min(self.starts.len() - 1)].plus(DAY - 1)
    }
}

/// What became of an application; days that have not come are left out.
pub struct Life {
    submitted: usize,
    pub submitted_at: Timestamp,
    accepted: Option<usize>,
    asked: Option<usize>,
    given: Option<usize>,
    reviewed: Option<usize>,
    finished: Option<usize>,
    due: usize,
    pub state: CaseState,
    pub resume: Option<CaseState>,
}

impl Life {
    /// One in twenty-five lies untouched or unfinished: so inboxes have a long tail, as they do.
    pub fn draw(kind: &Kind, days: &Days, (submitted, submitted_at): (usize, Timestamp), chance: &mut Chance) -> Self {
        let mut life = Self {
            submitted,
            submitted_at,
            accepted: None,
            asked: None,
            given: None,
            reviewed: None,
            finished: Some(submitted),
            due: submitted + kind.promised,
            state: [CaseState::Granted, CaseState::Refused][chance.weighted(&[945, 55])],
            resume: None,
        };
        if kind.instant {
            return life;
        }
        const ENDS: [CaseState; 5] =
            [CaseState::Granted, CaseState::Refused, CaseState::Withdrawn, CaseState::Lapsed, CaseState::NotAccepted];
        life.state = ENDS[chance.weighted(&[868, 60, 30, 18, 24])];
        life.go(kind.promised, chance);
        life.cut(days.today);
        life
    }

    fn go(&mut self, promised: usize, chance: &mut Chance) {
        const NEVER: usize = usize::MAX / 2;
        let is_lying = chance.below(25) == 0;
        let accepted =
            if is_lying && chance.below(2) == 0 { NEVER } else { self.submitted + chance.weighted(&[35, 45, 13, 7]) };
        self.accepted = Some(accepted);
        self.due = accepted.min(NEVER) + promised;
        if self.state == CaseState::NotAccepted {
            (self.accepted, self.finished) = (None, Some(accepted));
            return;
        }
        let pace = [15 + chance.below(80), 105 + chance.below(45)][chance.weighted(&[960, 40])];
        let spent = if is_lying { NEVER } else { (promised * pace).div_ceil(100) };
        let mut from = accepted;
        if self.state == CaseState::Lapsed || chance.below(1000) < 130 {
            let asked = accepted + chance.below(promised.div_ceil(3));
            let given = asked + 1 + chance.below(8);
            self.asked = Some(asked);
            self.given = (self.state != CaseState::Lapsed).then_some(given);
            self.due += given - asked;
            from = given;
        }
        let finished = if self.state == CaseState::Lapsed { from + 15 } else { from.saturating_add(spent) };
        self.reviewed = Some(from.saturating_add(spent.min(NEVER) * 3 / 5));
        self.finished = Some(finished);
    }

    /// Takes away what has not happened yet and says where that leaves the case.
    fn cut(&mut self, today: usize) {
        for step in [&mut self.accepted, &mut self.asked, &mut self.given, &mut self.reviewed, &mut self.finished] {
            *step = step.filter(|day| *day < today);
        }
        if self.finished.is_some() {
            return;
        }
        self.state = match (self.accepted, self.reviewed) {
            (None, _) => CaseState::Submitted,
            (Some(_), None) => CaseState::Reviewing,
            (Some(_), Some(_)) => CaseState::Deciding,
        };
        if self.asked.is_some() && self.given.is_none() {
            self.resume = Some(self.state);
            self.state = CaseState::Supplementing;
        }
    }

    pub fn was_asked(&self) -> bool {
        self.asked.is_some()
    }

    pub fn finished_at(&self, days: &Days) -> Option<Timestamp> {
        self.finished.map(|day| if day == self.submitted { self.submitted_at.plus(HOUR) } else { days.at(day, 15) })
    }
}

/// Puts a life into rows.
pub struct Telling<'a> {
    pub kind: &'a Kind,
    pub life: &'a Life,
    pub days: &'a Days,
    pub offices: &'a Offices,
    pub applicants: &'a Applicants,
    pub ids: &'a platform::ids::IdMaker,
    /// Who sent it.
    pub applicant: &'a str,
}

impl Telling<'_> {
    fn event(&self, kind: EventKind, at: Timestamp, office: Option<&str>) -> PastEvent {
        let (actor_kind, actor_name) = match office {
            Some(office) => ("official", self.applicants.officer(office)),
            None => ("person", self.applicant.to_owned()),
        };
        PastEvent {
            id: self.ids.text("evt", at),
            at,
            kind,
            actor_kind,
            actor: String::new(),
            actor_name,
            office: office.map(str::to_owned),
            detail: String::new(),
        }
    }

    pub fn events(&self) -> Vec<PastEvent> {
        let (life, accepting) = (self.life, Some(self.offices.accepting.as_str()));
        let mut events = vec![self.event(EventKind::Submitted, life.submitted_at, None)];
        let mut push = |kind, day: Option<usize>, hour, office: Option<&str>| {
            events.extend(day.map(|day| self.event(kind, self.days.at(day, hour), office)));
        };
        if !self.kind.instant {
            push(EventKind::Accepted, life.accepted, 10, accepting);
            push(EventKind::Asked, life.asked, 11, accepting);
            push(EventKind::Supplemented, life.given, 14, None);
            push(EventKind::ReviewPassed, life.reviewed, 14, accepting);
        }
        let end = match life.state {
            CaseState::Granted => EventKind::Granted,
            CaseState::Refused => EventKind::Refused,
            CaseState::Withdrawn => EventKind::Withdrawn,
            CaseState::Lapsed => EventKind::Lapsed,
            CaseState::NotAccepted => EventKind::NotAccepted,
            _ => return events,
        };
        let office = Some(self.offices.deciding.as_str()).filter(|_| life.state != CaseState::Withdrawn);
        events.extend(life.finished_at(self.days).map(|at| self.event(end, at, office)));
        events
    }

    pub fn clocks(&self) -> Vec<PastClock> {
        let (life, days) = (self.life, self.days);
        let stopped_at = life.finished_at(days);
        let stands = (life.state == CaseState::Supplementing).then_some(3);
        let clock = |kind, due_at, days_left| PastClock { kind, due_at, days_left, stopped_at };
        let Some(accepted) = life.accepted.or(Some(life.submitted).filter(|_| self.kind.instant)) else {
            return vec![clock(ClockKind::Accept, days.end_of(life.submitted + 5), None)];
        };
        let mut clocks = vec![
            clock(ClockKind::Promised, days.end_of(life.due), stands),
            clock(ClockKind::Legal, days.end_of(accepted + self.kind.legal), stands.map(|left| left + 10)),
        ];
        if let (CaseState::Supplementing, Some(asked)) = (life.state, life.asked) {
            clocks.push(clock(ClockKind::Supplement, days.end_of(asked + 15), None));
        }
        clocks
    }

    pub fn tasks(&self) -> Vec<PastTask> {
        let (life, days) = (self.life, self.days);
        if self.kind.instant {
            return Vec::new();
        }
        let finished = life.finished_at(days);
        let accepted = life.accepted.map(|day| days.at(day, 10));
        let span = (life.submitted_at, days.end_of(life.submitted + 5), accepted.or(finished));
        let mut tasks = vec![self.task(TaskKind::Accept, (&self.offices.accepting, "clerk"), span)];
        let Some(accepted) = accepted else { return tasks };
        let due = days.end_of(life.due);
        let reviewed = life.reviewed.map(|day| days.at(day, 14)).or(finished);
        for (key, office) in &self.offices.reviews {
            let mut task = self.task(TaskKind::Review, (office, "reviewer"), (accepted, due, reviewed));
            task.review = Some(key.clone());
            tasks.push(task);
        }
        if let Some(reviewed) = reviewed {
            tasks.push(self.task(TaskKind::Decide, (&self.offices.deciding, "decider"), (reviewed, due, finished)));
        }
        tasks
    }

    fn task(
        &self,
        kind: TaskKind,
        (office, role): (&str, &'static str),
        (started_at, due_at, ended_at): (Timestamp, Timestamp, Option<Timestamp>),
    ) -> PastTask {
        let result = ended_at.map(|_| match (kind, self.life.state) {
            (TaskKind::Accept, CaseState::NotAccepted) => "not-accepted",
            (TaskKind::Accept, _) => "accepted",
            (TaskKind::Review, _) => "passed",
            (TaskKind::Decide, CaseState::Granted) => "granted",
            (TaskKind::Decide, CaseState::Refused) => "refused",
            (TaskKind::Decide, _) => "cancelled",
        });
        PastTask {
            id: self.ids.text("task", started_at),
            kind,
            review: None,
            office: office.to_owned(),
            role,
            waiting: ended_at.is_none() && self.life.state == CaseState::Supplementing,
            started_at,
            due_at,
            ended_at,
            result,
            officer_name: ended_at.map(|_| self.applicants.officer(office)),
        }
    }

    pub fn supplement(&self) -> Option<PastSupplement> {
        let asked = self.life.asked?;
        let form = &self.kind.loaded.item.form;
        let field = form.pages.iter().flat_map(|page| &page.fields).find(|field| field.prefill.is_none())?;
        Some(PastSupplement {
            asked_at: self.days.at(asked, 11),
            office: self.offices.accepting.clone(),
            fields: serde_json::to_string(&[&field.key]).ok()?,
            message: "请补充或更正所列内容，这是一次性告知。".to_owned(),
            due_at: self.days.end_of(asked + 15),
            answered_at: self.life.given.map(|day| self.days.at(day, 14)),
        })
    }
}
