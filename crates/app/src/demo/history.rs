//! Events, clocks and tasks of a past case, from its planned timeline.
use std::collections::HashMap;

use platform::clock::Timestamp;
use services::item::{Mode, Unit};
use services::{
    CaseState, ClockKind, EventKind, LoadedItem, Offices, PastClock, PastEvent, PastSupplement, PastTask, TaskKind,
};
use time::PrimitiveDateTime;

use super::cases::later;
use super::city::{CaseState as Planned, PastCase as Plan};
use super::seeding::Making;

/// What a case consists of besides its own row.
pub struct Rows {
    pub state: CaseState,
    pub resume_state: Option<CaseState>,
    pub outcome: Option<String>,
    pub events: Vec<PastEvent>,
    pub clocks: Vec<PastClock>,
    pub tasks: Vec<PastTask>,
    pub supplement: Option<PastSupplement>,
}

/// Who signs for which office, and the calendar that deadlines are reckoned with.
pub struct History {
    officers: HashMap<String, String>,
    calendar: codes::WorkCalendar,
    zone: time::UtcOffset,
    platform: platform::Platform,
}

/// Reasons that past refusals give; the basis is the item's own.
const REASONS: [&str; 3] = [
    "经核查，申请人不符合本事项的办理条件。",
    "申报信息与登记信息不一致，且未能说明。",
    "现场核查不合格，详见核查笔录。",
];
const ASKED: &str = "请补充或更正所列内容，这是一次性告知。";

impl History {
    pub fn new(making: &Making) -> Self {
        let officers = making.city.officials().into_iter().map(|official| (official.org, official.name)).collect();
        Self {
            officers,
            calendar: codes::WorkCalendar::embedded(),
            zone: making.ctx.zone(),
            platform: making.ctx.platform().clone(),
        }
    }

    pub fn rows(
        &self,
        loaded: &LoadedItem,
        plan: &Plan,
        offices: &Offices,
        at: impl Fn(PrimitiveDateTime) -> Timestamp,
    ) -> Rows {
        let telling = Telling { history: self, loaded, plan, offices, at: &at };
        let (state, resume_state) = telling.states();
        Rows {
            state,
            resume_state,
            outcome: telling.outcome(),
            events: telling.events(),
            clocks: telling.clocks(),
            tasks: telling.tasks(),
            supplement: telling.supplement(),
        }
    }

    fn due(&self, from: Timestamp, days: u16) -> Timestamp {
        let last = self.calendar.add_working_days(from.date(self.zone), u32::from(days)).value;
        Timestamp::end_of(last, self.zone)
    }
}

struct Telling<'a> {
    history: &'a History,
    loaded: &'a LoadedItem,
    plan: &'a Plan,
    offices: &'a Offices,
    at: &'a dyn Fn(PrimitiveDateTime) -> Timestamp,
}

impl Telling<'_> {
    fn instant(&self) -> bool {
        self.loaded.item.handling.mode == Mode::Instant
    }

    fn states(&self) -> (CaseState, Option<CaseState>) {
        let reviewing =
            if self.loaded.item.handling.reviews.is_empty() { CaseState::Deciding } else { CaseState::Reviewing };
        match self.plan.timeline.state {
            Planned::WaitingAcceptance => (CaseState::Submitted, None),
            Planned::InReview | Planned::Overdue => (reviewing, None),
            Planned::SupplementWanted => (CaseState::Supplementing, Some(reviewing)),
            Planned::Granted => (CaseState::Granted, None),
            Planned::Refused => (CaseState::Refused, None),
            Planned::Withdrawn => (CaseState::Withdrawn, None),
            Planned::Lapsed => (CaseState::Lapsed, None),
            Planned::NotAccepted => (CaseState::NotAccepted, None),
        }
    }

    fn outcome(&self) -> Option<String> {
        let item = &self.loaded.item;
        let basis = item.identity.legal_basis.first();
        let basis = basis.map_or(String::new(), |citation| {
            let article = citation.article.as_ref().map_or("", |article| article.zh_hans.as_str());
            format!("《{}》{article}", citation.law.zh_hans)
        });
        let reason = match self.plan.timeline.state {
            Planned::Granted => "符合办理条件。",
            Planned::Refused | Planned::NotAccepted => REASONS[self.plan.applicant_digit() % REASONS.len()],
            Planned::Withdrawn | Planned::Lapsed => "",
            _ => return None,
        };
        Some(serde_json::json!({"reason": reason, "basis": basis}).to_string())
    }

    fn event(&self, kind: EventKind, at: Timestamp, office: Option<&str>) -> PastEvent {
        let (actor_kind, actor_name) = match (kind, office) {
            (_, Some(office)) => ("official", self.officer(office)),
            (EventKind::Granted | EventKind::Refused | EventKind::Lapsed, None) => ("system", "services.decide".into()),
            (_, None) => ("person", self.plan.applicant_name().to_owned()),
        };
        PastEvent {
            id: self.history.platform.ids().text("evt", at),
            at,
            kind,
            actor_kind,
            actor: String::new(),
            actor_name,
            office: office.map(str::to_owned),
            detail: String::new(),
        }
    }

    fn officer(&self, office: &str) -> String {
        let city = office.split('@').next().unwrap_or(office);
        let found = self.history.officers.get(office).or_else(|| self.history.officers.get(city));
        found.cloned().unwrap_or_default()
    }

    fn events(&self) -> Vec<PastEvent> {
        let t = &self.plan.timeline;
        let at = self.at;
        let accepting = Some(self.offices.accepting.as_str());
        let mut events = vec![self.event(EventKind::Submitted, at(t.submitted), None)];
        if self.instant() && t.state == Planned::Granted {
            events.push(self.event(EventKind::Granted, t.finished.map_or(at(t.submitted), at), None));
            return events;
        }
        let mut push = |kind, when: Option<PrimitiveDateTime>, office: Option<&str>| {
            events.extend(when.map(|when| self.event(kind, at(when), office)));
        };
        push(EventKind::Accepted, t.accepted, accepting);
        push(EventKind::Asked, t.supplement_asked, accepting);
        push(EventKind::Supplemented, t.supplement_given, None);
        let deciding = Some(self.offices.deciding.as_str()).filter(|_| !self.instant());
        match t.state {
            Planned::Granted => push(EventKind::Granted, t.finished, deciding),
            Planned::Refused => push(EventKind::Refused, t.finished, deciding),
            Planned::Withdrawn => push(EventKind::Withdrawn, t.finished, None),
            Planned::Lapsed => push(EventKind::Lapsed, t.finished, None),
            Planned::NotAccepted => push(EventKind::NotAccepted, t.finished, accepting),
            _ => {}
        }
        events
    }

    fn clocks(&self) -> Vec<PastClock> {
        let t = &self.plan.timeline;
        let stopped_at = t.finished.map(self.at);
        let clock = |kind, due_at, days_left| PastClock { kind, due_at, days_left, stopped_at };
        let Some(accepted) = t.accepted.map(self.at) else {
            return vec![clock(ClockKind::Accept, self.history.due((self.at)(t.submitted), 5), None)];
        };
        let limits = &self.loaded.item.time;
        let promised = t.due.map_or_else(
            || self.history.due(accepted, limits.promised.number),
            |day| Timestamp::end_of(day, self.history.zone),
        );
        let days = |limit: &services::item::Limit| if limit.unit == Unit::WorkingDay { limit.number } else { 20 };
        let left = (t.state == Planned::SupplementWanted).then_some(3);
        let mut clocks = vec![
            clock(ClockKind::Promised, promised, left),
            clock(ClockKind::Legal, self.history.due(accepted, days(&limits.legal)), left.map(|days| days + 10)),
        ];
        if let (Planned::SupplementWanted, Some(asked)) = (t.state, t.supplement_asked) {
            clocks.push(clock(ClockKind::Supplement, self.history.due((self.at)(asked), 15), None));
        }
        clocks
    }

    fn tasks(&self) -> Vec<PastTask> {
        let t = &self.plan.timeline;
        if self.instant() {
            return Vec::new();
        }
        let submitted = (self.at)(t.submitted);
        let accept_due = self.history.due(submitted, 5);
        let accepted = t.accepted.map(self.at);
        let first_end = accepted.or_else(|| t.finished.map(self.at));
        let accept =
            self.task(TaskKind::Accept, (&self.offices.accepting, "clerk"), (submitted, accept_due, first_end));
        let mut tasks = vec![accept];
        let Some(accepted) = accepted else { return tasks };
        let finished = t.finished.map(self.at);
        let due = t.due.map_or_else(|| self.history.due(accepted, 10), |d| Timestamp::end_of(d, self.history.zone));
        for (key, office) in &self.offices.reviews {
            let end = finished.map(|end| Timestamp(end.0.min(later(accepted, 30).0)));
            let mut task = self.task(TaskKind::Review, (office, "reviewer"), (accepted, due, end));
            task.review = Some(key.clone());
            tasks.push(task);
        }
        if self.offices.reviews.is_empty() || finished.is_some() {
            tasks.push(self.task(TaskKind::Decide, (&self.offices.deciding, "decider"), (accepted, due, finished)));
        }
        tasks
    }

    fn task(
        &self,
        kind: TaskKind,
        (office, role): (&str, &'static str),
        (started_at, due_at, ended_at): (Timestamp, Timestamp, Option<Timestamp>),
    ) -> PastTask {
        let result = ended_at.map(|_| match (kind, self.plan.timeline.state) {
            (TaskKind::Accept, Planned::NotAccepted) => "not-accepted",
            (TaskKind::Accept, _) => "accepted",
            (TaskKind::Review, _) => "passed",
            (TaskKind::Decide, Planned::Granted) => "granted",
            (TaskKind::Decide, Planned::Refused) => "refused",
            (TaskKind::Decide, _) => "cancelled",
        });
        PastTask {
            id: self.history.platform.ids().text("task", started_at),
            kind,
            review: None,
            office: office.to_owned(),
            role,
            waiting: ended_at.is_none() && self.plan.timeline.state == Planned::SupplementWanted,
            started_at,
            due_at,
            ended_at,
            result,
            officer_name: ended_at.map(|_| self.officer(office)),
        }
    }

    fn supplement(&self) -> Option<PastSupplement> {
        let asked_at = (self.at)(self.plan.timeline.supplement_asked?);
        let form = &self.loaded.item.form;
        let open = |field: &&services::form::Field| field.prefill.as_ref().is_none_or(|prefill| prefill.editable);
        let field = form.pages.iter().flat_map(|page| &page.fields).find(open)?;
        Some(PastSupplement {
            asked_at,
            office: self.offices.accepting.clone(),
            fields: serde_json::to_string(&[&field.key]).ok()?,
            message: ASKED.to_owned(),
            due_at: self.history.due(asked_at, 15),
            answered_at: self.plan.timeline.supplement_given.map(self.at),
        })
    }
}

impl Plan {
    fn applicant_name(&self) -> &str {
        match &self.applicant {
            super::city::Applicant::Person { name, .. } => name,
            super::city::Applicant::Enterprise { agent_name, .. } => agent_name,
        }
    }

    /// A digit of the applicant's number, to vary what is said.
    fn applicant_digit(&self) -> usize {
        let number = match &self.applicant {
            super::city::Applicant::Person { id_number, .. } => id_number,
            super::city::Applicant::Enterprise { uscc, .. } => uscc,
        };
        number.bytes().map(usize::from).sum()
    }
}
