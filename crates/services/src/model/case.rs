//! A case and the moves that lead it from submission to its end.
use platform::clock::Timestamp;
use platform::error::{Error, Result};
use platform::ids::Id;
use serde::{Deserialize, Serialize};

use crate::form::Answers;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(String);

impl Id for CaseId {
    const PREFIX: &'static str = "case";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a case stands. The words are those of the national rating interface and of supervision systems, finer cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// Received; the office has to accept it or say what is missing.
    Submitted,
    /// Accepted; departments review side by side.
    Reviewing,
    /// The applicant was asked once for everything that is missing; the clocks stand.
    Supplementing,
    /// Reviews are done; somebody decides.
    Deciding,
    Granted,
    Refused,
    NotAccepted,
    Withdrawn,
    /// The applicant never supplemented.
    Lapsed,
}

impl CaseState {
    pub const ALL: [Self; 9] = [
        Self::Submitted,
        Self::Reviewing,
        Self::Supplementing,
        Self::Deciding,
        Self::Granted,
        Self::Refused,
        Self::NotAccepted,
        Self::Withdrawn,
        Self::Lapsed,
    ];

    /// As stored and in keys of texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Reviewing => "reviewing",
            Self::Supplementing => "supplementing",
            Self::Deciding => "deciding",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::NotAccepted => "not-accepted",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| Error::Internal(format!("a case in state {name}")))
    }

    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Reviewing | Self::Supplementing | Self::Deciding)
    }

    /// Key of the text that says it. // keys: services-state-*
    #[must_use]
    pub fn text_key(self) -> String {
        format!("services-state-{}", self.name())
    }

    /// Class of the tag that shows it.
    #[must_use]
    pub fn tone(self) -> &'static str {
        match self {
            Self::Submitted | Self::Reviewing | Self::Deciding => "info",
            Self::Supplementing => "warn",
            Self::Granted => "ok",
            Self::Refused | Self::NotAccepted | Self::Lapsed => "err",
            Self::Withdrawn => "plain",
        }
    }

    /// The state after a move, or why the move cannot be made now.
    pub fn after(self, step: Move) -> Result<Self> {
        match (self, step) {
            (Self::Submitted, Move::Accept) => Ok(Self::Reviewing),
            (Self::Submitted, Move::TurnAway) => Ok(Self::NotAccepted),
            (Self::Submitted | Self::Reviewing, Move::ToDecision) => Ok(Self::Deciding),
            (Self::Submitted | Self::Reviewing | Self::Deciding, Move::Ask) => Ok(Self::Supplementing),
            (Self::Supplementing, Move::Lapse) => Ok(Self::Lapsed),
            (Self::Submitted | Self::Deciding, Move::Grant) => Ok(Self::Granted),
            (Self::Submitted | Self::Deciding, Move::Refuse) => Ok(Self::Refused),
            (state, Move::Withdraw) if state.is_open() => Ok(Self::Withdrawn),
            (state, _) if state.is_open() => Err(Error::Conflict("services-conflict-moved-on")),
            _ => Err(Error::Conflict("services-conflict-finished")),
        }
    }
}

/// What can happen to a case. A supplement leads back to where the case was and is no move of this table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Accept,
    TurnAway,
    ToDecision,
    Ask,
    Lapse,
    Grant,
    Refuse,
    Withdraw,
}

/// What an office has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    Accept,
    Review,
    Decide,
}

impl TaskKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Decide => "decide",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        let all = [Self::Accept, Self::Review, Self::Decide];
        let found = all.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::Internal(format!("a task of kind {name}")))
    }

    /// Key of the text that says it. // keys: services-task-*
    #[must_use]
    pub fn text_key(self) -> String {
        format!("services-task-{}", self.name())
    }
}

/// Whether the one supplement that the law allows was already asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    NotYet,
    Once,
}

/// A case, as its row tells it.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: CaseId,
    /// Case number after the practice of Guangdong: implementation code, day, sequence.
    pub number: String,
    pub item_key: String,
    pub item_version: u32,
    /// The person or the enterprise.
    pub owner: String,
    pub owner_name: String,
    /// Resident ID number or unified social credit code.
    pub owner_number: String,
    /// The person who sent it.
    pub applicant: String,
    pub applicant_name: String,
    pub state: CaseState,
    /// Where a supplement leads back to.
    pub resume_state: Option<CaseState>,
    /// The accepting office.
    pub office: String,
    /// Grows with every change; two officers who act at once see it.
    pub revision: i64,
    pub asked: Asked,
    pub submitted_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub certificate: Option<String>,
    /// Reasons and basis of the decision, as JSON.
    pub outcome: Option<String>,
    pub answers: Answers,
    /// Register facts as stored: see `store::facts`.
    pub facts: String,
    /// How many papers the registers spared the applicant.
    pub papers_waived: u32,
}

impl Case {
    /// Changes when the answers do: what an officer has seen is what there is.
    #[must_use]
    pub fn answers_digest(&self) -> String {
        let text = serde_json::to_string(&self.answers).unwrap_or_default();
        platform::chance::sha256_hex(text.as_bytes())[..16].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_case_does_not_move() {
        let moves = [Move::Accept, Move::TurnAway, Move::ToDecision, Move::Ask, Move::Lapse, Move::Grant, Move::Refuse];
        for state in CaseState::ALL.into_iter().filter(|s| !s.is_open()) {
            assert!(moves.iter().all(|m| state.after(*m).is_err()), "{state:?}");
            assert!(state.after(Move::Withdraw).is_err(), "{state:?}");
        }
    }

    #[test]
    fn every_open_state_has_a_way_to_an_end() {
        for state in CaseState::ALL.into_iter().filter(|s| s.is_open()) {
            assert_eq!(state.after(Move::Withdraw).unwrap(), CaseState::Withdrawn);
        }
        assert_eq!(CaseState::Submitted.after(Move::Accept).unwrap(), CaseState::Reviewing);
        assert_eq!(CaseState::Reviewing.after(Move::ToDecision).unwrap(), CaseState::Deciding);
        assert_eq!(CaseState::Deciding.after(Move::Refuse).unwrap(), CaseState::Refused);
        assert!(CaseState::Reviewing.after(Move::Grant).is_err());
        assert!(CaseState::Supplementing.after(Move::Ask).is_err());
    }

    #[test]
    fn names_are_read_back() {
        for state in CaseState::ALL {
            assert_eq!(CaseState::from_name(state.name()).unwrap(), state);
        }
    }
}
