//! One timeline for both sides: what happened, what happens now and where, what comes next and when.
use platform::Ctx;
use platform::clock::Timestamp;
use platform::db::Tx;
use platform::error::Result;
use platform::page::{self, Shell};

use crate::Hall;
use crate::item::Item;
use crate::model::{Case, CaseState, Clock, ClockKind, Event, EventKind, Opinion, Supplement, Task, TaskKind};
use crate::store;

/// Everything around a case, read in one transaction.
pub struct Around {
    pub events: Vec<Event>,
    pub tasks: Vec<Task>,
    pub clocks: Vec<Clock>,
    pub supplement: Option<Supplement>,
}

pub fn read(tx: &mut Tx<'_>, case: &Case) -> Result<Around> {
    Ok(Around {
        events: store::cases::list_events(tx, &case.id)?,
        tasks: store::tasks::list_tasks(tx, &case.id)?,
        clocks: store::cases::list_clocks(tx, &case.id)?,
        supplement: store::cases::find_supplement(tx, &case.id)?,
    })
}

/// A station of the timeline.
pub struct Station {
    /// `done`, `now`, `next`, `bad`.
    pub state: &'static str,
    pub title: String,
    pub when: String,
    pub datetime: String,
    pub who: String,
    pub words: String,
    pub branches: Vec<Branch>,
}

/// A part that runs beside others.
pub struct Branch {
    pub title: String,
    pub office: String,
    pub tone: &'static str,
    pub state: String,
    pub note: String,
    /// The one that the others wait for.
    pub slow: bool,
}

/// What is due, at the head of a case.
pub struct Due {
    pub label: String,
    pub day: String,
    pub note: String,
}

pub struct Timeline {
    pub stations: Vec<Station>,
    pub due: Option<Due>,
}

impl Timeline {
    /// No office has anything to do at the moment.
    #[must_use]
    pub fn is_nobodys(&self) -> bool {
        !self.stations.iter().any(|station| station.state == "now")
    }
}

/// Words and names that stations are made with.
struct Telling<'a> {
    hall: &'a Hall,
    ctx: &'a Ctx,
    s: Shell,
    case: &'a Case,
    item: &'a Item,
    around: &'a Around,
}

pub fn tell(hall: &Hall, ctx: &Ctx, (case, item): (&Case, &Item), around: &Around) -> Timeline {
    let telling = Telling { hall, ctx, s: Shell::new(ctx), case, item, around };
    let mut stations: Vec<Station> = around.events.iter().filter_map(|event| telling.past(event)).collect();
    if case.state.is_open() {
        stations.extend(telling.present());
        stations.extend(telling.future());
    }
    Timeline { stations, due: telling.due() }
}

impl Telling<'_> {
    fn office(&self, key: &str) -> String {
        let organisations = self.hall.organisations();
        organisations.find(key).map_or_else(|| key.to_owned(), |org| self.ctx.text(&org.name).to_owned())
    }

    fn review_name(&self, key: &str) -> String {
        let review = self.item.handling.reviews.iter().find(|review| review.key == key);
        review.map_or_else(|| key.to_owned(), |review| self.ctx.text(&review.name).to_owned())
    }

    fn day(&self, at: Timestamp) -> String {
        page::day(self.ctx.lang(), at.date(self.ctx.zone()))
    }

    fn past(&self, event: &Event) -> Option<Station> {
        // Reviews show as branches while they run, and as stations of their own afterwards.
        let title = match event.kind {
            EventKind::ReviewPassed | EventKind::ReviewFailed => {
                self.ctx.tf(&event.kind.text_key(), &[("review", &self.review_name(&event.detail))])
            }
            kind => self.ctx.t(&kind.text_key()).to_owned(),
        };
        let who = match (&event.office, event.actor_kind.as_str()) {
            (Some(office), _) => format!("{} {}", self.office(office), event.actor_name),
            (None, "system") => self.ctx.t("services-by-rule").to_owned(),
            (None, _) => event.actor_name.clone(),
        };
        let bad = matches!(
            event.kind,
            EventKind::ReviewFailed | EventKind::Refused | EventKind::NotAccepted | EventKind::Lapsed
        );
        Some(Station {
            state: if bad { "bad" } else { "done" },
            title,
            when: self.s.moment(&event.at),
            datetime: self.s.datetime(&event.at),
            who,
            words: self.words_of(event),
            branches: Vec::new(),
        })
    }

    fn words_of(&self, event: &Event) -> String {
        match event.kind {
            EventKind::Asked => self.around.supplement.as_ref().map_or(String::new(), |ask| ask.message.clone()),
            EventKind::ReviewPassed | EventKind::ReviewFailed => {
                let of = |task: &&Task| task.review.as_deref() == Some(event.detail.as_str());
                let all = || self.around.tasks.iter().filter(of);
                // After a supplement a review may have been done twice: each event tells its own.
                let own = all().find(|task| task.ended_at == Some(event.at)).or_else(|| all().next());
                let opinion = own.and_then(|task| task.opinion.as_ref());
                opinion.map_or(String::new(), |opinion| self.said(opinion))
            }
            _ => String::new(),
        }
    }

    /// An opinion as the applicant reads it: the reason, and the basis of a no.
    fn said(&self, opinion: &Opinion) -> String {
        if opinion.basis.is_empty() {
            return opinion.words.clone();
        }
        let basis = ("second", opinion.basis.as_str());
        let basis = self.ctx.tf("services-pair", &[("first", self.ctx.t("services-outcome-basis")), basis]);
        format!("{}\n{basis}", opinion.words)
    }

    fn present(&self) -> Option<Station> {
        let open: Vec<&Task> = self.around.tasks.iter().filter(|task| task.is_open()).collect();
        let (title, when, who) = match self.case.state {
            CaseState::Supplementing => {
                let due = self.around.supplement.as_ref().map(|ask| self.day(ask.due_at)).unwrap_or_default();
                let when = self.ctx.tf("services-now-supplement-until", &[("day", &due)]);
                (self.ctx.t("services-now-supplement").to_owned(), when, self.case.owner_name.clone())
            }
            CaseState::Reviewing => {
                let count = self.item.handling.reviews.len();
                let key = if count > 1 { "services-now-reviews" } else { "services-now-review" };
                (self.ctx.tf(key, &[("count", &count.to_string())]), String::new(), String::new())
            }
            _ => {
                let task = open.first()?;
                let when = self.ctx.tf("services-due-by", &[("day", &self.day(task.due_at))]);
                (self.ctx.t(&task.kind.text_key()).to_owned(), when, self.office(&task.office))
            }
        };
        let reviewing = self.case.state == CaseState::Reviewing;
        let branches = if reviewing { self.branches() } else { Vec::new() };
        Some(Station { state: "now", title, when, datetime: String::new(), who, words: String::new(), branches })
    }

    fn branches(&self) -> Vec<Branch> {
        let all = || self.around.tasks.iter().filter(|task| task.kind == TaskKind::Review);
        // A supplement has what had passed reviewed anew: the later task tells how the review stands.
        let is_last = |task: &&Task| !all().any(|other| other.review == task.review && other.id > task.id);
        let reviews: Vec<&Task> = all().filter(is_last).collect();
        let slowest = reviews.iter().filter(|task| task.is_open()).map(|task| task.due_at).max();
        let done = reviews.iter().any(|task| !task.is_open());
        let branch = |task: &&Task| {
            let (tone, key) = match task.opinion.as_ref().map(|opinion| opinion.result.as_str()) {
                Some("passed") => ("ok", "services-review-passed"),
                Some("failed") => ("err", "services-review-failed"),
                _ if task.due_at < self.ctx.now() => ("warn", "services-review-late"),
                _ => ("info", "services-review-running"),
            };
            let note = match task.ended_at {
                Some(at) => self.day(at),
                None => self.ctx.tf("services-due-by", &[("day", &self.day(task.due_at))]),
            };
            Branch {
                title: self.review_name(task.review.as_deref().unwrap_or_default()),
                office: self.office(&task.office),
                tone,
                state: self.ctx.t(key).to_owned(),
                note,
                slow: task.is_open() && (done || reviews.len() > 1) && Some(task.due_at) == slowest,
            }
        };
        reviews.iter().map(branch).collect()
    }

    fn future(&self) -> Vec<Station> {
        let promised = self.clock(ClockKind::Promised);
        let expected = match (promised, self.case.state) {
            (_, CaseState::Supplementing) => String::new(),
            (Some(clock), _) => self.ctx.tf("services-expected", &[("day", &self.day(clock.due_at))]),
            (None, _) => String::new(),
        };
        let mut next = Vec::new();
        let mut station = |key: &str, when: &str, who: String| {
            let title = self.ctx.t(key).to_owned();
            let (datetime, words, branches) = (String::new(), String::new(), Vec::new());
            next.push(Station { state: "next", title, when: when.to_owned(), datetime, who, words, branches });
        };
        let supplementing = self.case.state == CaseState::Supplementing;
        if supplementing
            && let Some(task) = self.around.tasks.iter().find(|task| task.kind == TaskKind::Accept && task.is_open())
        {
            station("services-task-accept", "", self.office(&task.office));
        }
        if (supplementing || self.case.state == CaseState::Submitted) && !self.item.handling.reviews.is_empty() {
            station("services-next-reviews", "", self.reviewing_offices());
        }
        if self.case.state != CaseState::Deciding {
            let office = self.hall.office_for(&self.item.handling.deciding.org, self.case);
            station("services-next-decision", &expected, office.map_or(String::new(), |key| self.office(&key)));
        }
        if let Some(name) = &self.item.result.name {
            let title = self.ctx.tf("services-next-result", &[("name", self.ctx.text(name))]);
            let (when, words) =
                (if self.case.state == CaseState::Deciding { expected } else { String::new() }, String::new());
            let (datetime, who, branches) = (String::new(), String::new(), Vec::new());
            next.push(Station { state: "next", title, when, datetime, who, words, branches });
        }
        next
    }

    fn reviewing_offices(&self) -> String {
        let keys =
            self.item.handling.reviews.iter().filter_map(|review| self.hall.office_for(&review.org, self.case).ok());
        let mut names: Vec<String> = keys.map(|key| self.office(&key)).collect();
        names.dedup();
        names.join(self.ctx.t("services-list-comma"))
    }

    fn clock(&self, kind: ClockKind) -> Option<&Clock> {
        self.around.clocks.iter().find(|clock| clock.kind == kind && clock.stopped_at.is_none())
    }

    fn due(&self) -> Option<Due> {
        if !self.case.state.is_open() {
            return None;
        }
        if self.case.state == CaseState::Supplementing {
            let clock = self.clock(ClockKind::Supplement)?;
            let left = self.around.clocks.iter().find(|c| c.kind == ClockKind::Promised).and_then(|c| c.days_left);
            let note = left.map_or_else(
                || self.ctx.t("services-due-paused").to_owned(),
                |days| self.ctx.tf("services-due-paused-left", &[("days", &days.to_string())]),
            );
            let label = self.ctx.t("services-due-supplement").to_owned();
            return Some(Due { label, day: self.day(clock.due_at), note });
        }
        let clock = self.clock(ClockKind::Promised).or_else(|| self.clock(ClockKind::Accept))?;
        let days = self.hall.deadlines().days_left(self.ctx.now(), clock.due_at).to_string();
        let note = match self.clock(ClockKind::Legal) {
            _ if clock.due_at < self.ctx.now() => super::inbox::limit_tag(self.hall, self.ctx, clock.due_at).1,
            Some(legal) => self.ctx.tf("services-due-left-legal", &[("days", &days), ("day", &self.day(legal.due_at))]),
            None => self.ctx.tf("services-due-left", &[("days", &days)]),
        };
        Some(Due { label: self.ctx.t(&clock.kind.text_key()).to_owned(), day: self.day(clock.due_at), note })
    }
}
