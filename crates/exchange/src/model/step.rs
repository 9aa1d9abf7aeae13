//! The states of a request and of a grant, and the steps that lead from one to the next.
use platform::clock::Timestamp;
use platform::ids::Id;

/// A step's identifier.
pub struct StepId(String);

impl Id for StepId {
    const PREFIX: &'static str = "xst";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    Asked,
    Granted,
    Refused,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantState {
    Active,
    Revoked,
    Expired,
}

/// Everything that happens to a request or a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Asked,
    Granted,
    /// Granted because the provider's time ran out, where the setting says so.
    Silence,
    Refused,
    Withdrawn,
    Extended,
    Reminded,
    Escalated,
    Narrowed,
    Renewed,
    Delegated,
    Revoked,
    /// The end is near.
    Ending,
    Expired,
}

impl StepKind {
    pub const ALL: [Self; 14] = [
        Self::Asked,
        Self::Granted,
        Self::Silence,
        Self::Refused,
        Self::Withdrawn,
        Self::Extended,
        Self::Reminded,
        Self::Escalated,
        Self::Narrowed,
        Self::Renewed,
        Self::Delegated,
        Self::Revoked,
        Self::Ending,
        Self::Expired,
    ];

    /// As the database and the text keys write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Granted => "granted",
            Self::Silence => "silence",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Extended => "extended",
            Self::Reminded => "reminded",
            Self::Escalated => "escalated",
            Self::Narrowed => "narrowed",
            Self::Renewed => "renewed",
            Self::Delegated => "delegated",
            Self::Revoked => "revoked",
            Self::Ending => "ending",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The audit event.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Asked => "grant.asked",
            Self::Granted => "grant.granted",
            Self::Silence => "grant.granted-by-silence",
            Self::Refused => "grant.refused",
            Self::Withdrawn => "grant.withdrawn",
            Self::Extended => "grant.extended",
            Self::Reminded => "grant.reminded",
            Self::Escalated => "grant.escalated",
            Self::Narrowed => "grant.narrowed",
            Self::Renewed => "grant.renewed",
            Self::Delegated => "grant.delegated",
            Self::Revoked => "grant.revoked",
            Self::Ending => "grant.ending",
            Self::Expired => "grant.expired",
        }
    }
}

impl RequestState {
    pub const ALL: [Self; 4] = [Self::Asked, Self::Granted, Self::Refused, Self::Withdrawn];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Where a step leads. The error is the key of what to tell who came too late.
    pub fn after(self, step: StepKind) -> Result<Self, &'static str> {
        match (self, step) {
            (Self::Asked, StepKind::Granted | StepKind::Silence | StepKind::Renewed) => Ok(Self::Granted),
            (Self::Asked, StepKind::Refused) => Ok(Self::Refused),
            (Self::Asked, StepKind::Withdrawn) => Ok(Self::Withdrawn),
            (Self::Asked, StepKind::Extended | StepKind::Reminded | StepKind::Escalated) => Ok(Self::Asked),
            _ => Err("exchange-conflict-request-over"),
        }
    }
}

impl GrantState {
    pub const ALL: [Self; 3] = [Self::Active, Self::Revoked, Self::Expired];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// As `RequestState::after`.
    pub fn after(self, step: StepKind) -> Result<Self, &'static str> {
        match (self, step) {
            (Self::Active, StepKind::Narrowed | StepKind::Renewed | StepKind::Delegated | StepKind::Ending) => {
                Ok(Self::Active)
            }
            (Self::Active, StepKind::Revoked) => Ok(Self::Revoked),
            (Self::Active, StepKind::Expired) => Ok(Self::Expired),
            _ => Err("exchange-conflict-grant-over"),
        }
    }
}

/// One line of the timeline, as both sides read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub kind: StepKind,
    /// `official` or `system`.
    pub actor_kind: String,
    pub actor_name: String,
    /// The office whose role carried the step; None for the program.
    pub office: Option<String>,
    pub words: String,
    /// Name of the ground of a refusal; empty for other steps.
    pub ground: String,
    /// Provision that a refusal or revocation rests on.
    pub basis: String,
    /// The organisation that a grant was delegated to, or the new day of the deadline; else empty.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_decided_once() {
        use RequestState::{Asked, Granted, Refused, Withdrawn};
        assert_eq!(Asked.after(StepKind::Granted), Ok(Granted));
        assert_eq!(Asked.after(StepKind::Silence), Ok(Granted));
        assert_eq!(Asked.after(StepKind::Refused), Ok(Refused));
        assert_eq!(Asked.after(StepKind::Withdrawn), Ok(Withdrawn));
        assert_eq!(Asked.after(StepKind::Escalated), Ok(Asked));
        for over in [Granted, Refused, Withdrawn] {
            for step in StepKind::ALL {
                assert!(over.after(step).is_err(), "{over:?} {step:?}");
            }
        }
        // What happens to grants does not happen to requests.
        assert!(Asked.after(StepKind::Revoked).is_err() && Asked.after(StepKind::Delegated).is_err());
    }

    #[test]
    fn a_grant_that_is_over_stays_over() {
        use GrantState::{Active, Expired, Revoked};
        assert_eq!(Active.after(StepKind::Narrowed), Ok(Active));
        assert_eq!(Active.after(StepKind::Revoked), Ok(Revoked));
        assert_eq!(Active.after(StepKind::Expired), Ok(Expired));
        assert!(Active.after(StepKind::Asked).is_err() && Active.after(StepKind::Refused).is_err());
        for over in [Revoked, Expired] {
            assert!(StepKind::ALL.into_iter().all(|step| over.after(step).is_err()), "{over:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        assert!(StepKind::ALL.into_iter().all(|kind| StepKind::from_name(kind.name()) == Some(kind)));
        assert!(RequestState::ALL.into_iter().all(|state| RequestState::from_name(state.name()) == Some(state)));
        assert!(GrantState::ALL.into_iter().all(|state| GrantState::from_name(state.name()) == Some(state)));
        assert_eq!(StepKind::from_name("burnt"), None);
    }
}
