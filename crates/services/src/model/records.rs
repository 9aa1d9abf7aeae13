//! What stands around a case: its draft before, its events, clocks, tasks and the one supplement.
use platform::clock::Timestamp;
use platform::error::{Error, Result};
use platform::ids::Id;
use serde::{Deserialize, Serialize};

use super::case::{CaseId, TaskKind};
use crate::form::Answers;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(String);

impl Id for DraftId {
    const PREFIX: &'static str = "draft";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(String);

impl Id for TaskId {
    const PREFIX: &'static str = "task";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// An application that is being filled in.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: DraftId,
    pub owner: String,
    pub item_key: String,
    pub item_version: u32,
    /// Grows with every change; a page that was open elsewhere is noticed.
    pub revision: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When the registers were asked.
    pub facts_at: Timestamp,
    /// The case that it became.
    pub case: Option<CaseId>,
    pub answers: Answers,
    pub facts: String,
}

/// What happened to a case; the timeline of both sides.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: Timestamp,
    pub kind: EventKind,
    /// `person`, `official`, `system`.
    pub actor_kind: String,
    pub actor_name: String,
    pub office: Option<String>,
    /// Free words or JSON of the kind.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Submitted,
    Accepted,
    AcceptedBySilence,
    NotAccepted,
    Asked,
    Supplemented,
    ReviewPassed,
    ReviewFailed,
    Granted,
    Refused,
    Withdrawn,
    Lapsed,
    /// The rule could not decide.
    ToPeople,
}

impl EventKind {
    const ALL: [Self; 13] = [
        Self::Submitted,
        Self::Accepted,
        Self::AcceptedBySilence,
        Self::NotAccepted,
        Self::Asked,
        Self::Supplemented,
        Self::ReviewPassed,
        Self::ReviewFailed,
        Self::Granted,
        Self::Refused,
        Self::Withdrawn,
        Self::Lapsed,
        Self::ToPeople,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::AcceptedBySilence => "accepted-by-silence",
            Self::NotAccepted => "not-accepted",
            Self::Asked => "asked",
            Self::Supplemented => "supplemented",
            Self::ReviewPassed => "review-passed",
            Self::ReviewFailed => "review-failed",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::ToPeople => "to-people",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::Internal(format!("an event of kind {name}")))
    }

    /// Key of the text that says it. // keys: services-event-*
    #[must_use]
    pub fn text_key(self) -> String {
        format!("services-event-{}", self.name())
    }

    /// Name in the audit log.
    #[must_use]
    pub fn audit(self) -> String {
        format!("case.{}", self.name())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockKind {
    /// Until the office has to accept or ask (silence accepts).
    Accept,
    Promised,
    Legal,
    /// Until the applicant has to supplement.
    Supplement,
}

impl ClockKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Promised => "promised",
            Self::Legal => "legal",
            Self::Supplement => "supplement",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        let all = [Self::Accept, Self::Promised, Self::Legal, Self::Supplement];
        let found = all.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::Internal(format!("a clock of kind {name}")))
    }

    /// Key of the text that says it. // keys: services-clock-*
    #[must_use]
    pub fn text_key(self) -> String {
        format!("services-clock-{}", self.name())
    }
}

#[derive(Debug, Clone)]
pub struct Clock {
    pub kind: ClockKind,
    pub due_at: Timestamp,
    /// Working days left while it stands; None while it runs.
    pub days_left: Option<i64>,
    /// When it ended: what was due was done.
    pub stopped_at: Option<Timestamp>,
}

/// What an office has to do, or has done.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: TaskId,
    pub case: CaseId,
    pub kind: TaskKind,
    /// Which review of the item's document.
    pub review: Option<String>,
    pub office: String,
    pub assignee: Option<String>,
    pub waiting: bool,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    pub days_left: Option<i64>,
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub officer: Option<String>,
    pub opinion: Option<Opinion>,
}

impl Task {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
}

/// How a task ended: by whom, with which words, on which basis.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// `passed`, `failed`, `granted`, `refused`, `accepted`, `not-accepted`, `cancelled`.
    pub result: String,
    pub officer_name: String,
    pub words: String,
    pub basis: String,
}

/// The one notice of everything that is missing.
#[derive(Debug, Clone)]
pub struct Supplement {
    pub asked_at: Timestamp,
    pub office: String,
    /// Keys of the form's fields that the applicant may change.
    pub fields: Vec<String>,
    pub message: String,
    pub due_at: Timestamp,
    pub answered_at: Option<Timestamp>,
}
