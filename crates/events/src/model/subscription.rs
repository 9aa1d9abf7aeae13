//! A subscription: who gets which events, for what, on which law, by which way; and the deliveries that come of it.
use platform::clock::Timestamp;
use platform::ids::Id;

pub struct SubscriptionId(String);

impl Id for SubscriptionId {
    const PREFIX: &'static str = "esb";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

pub struct DeliveryId(String);

impl Id for DeliveryId {
    const PREFIX: &'static str = "edl";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Push,
    Pull,
}

impl Way {
    pub fn name(self) -> &'static str {
        if self == Self::Push { "push" } else { "pull" }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Push, Self::Pull].into_iter().find(|way| way.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Asked,
    Active,
    Refused,
    /// By the consumer or the publisher.
    Ended,
    /// The receiver said that it is gone (410).
    Stopped,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Asked, Self::Active, Self::Refused, Self::Ended, Self::Stopped];

    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Active => "active",
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Ended | Self::Stopped)
    }
}

#[derive(Debug, Clone)]
pub struct Subscription {
    pub id: String,
    pub kind: String,
    pub publisher: String,
    /// Key of an organisation, or the identifier of a system that came through GovStack's interface.
    pub consumer: String,
    pub purpose: String,
    pub basis: String,
    pub way: Way,
    /// Where to push; empty for pull.
    pub address: String,
    pub state: State,
    pub asked_at: Timestamp,
    pub asked_by: String,
    pub asked_name: String,
    pub decided_at: Option<Timestamp>,
    pub decided_name: Option<String>,
    /// Why it was refused or ended.
    pub words: String,
    pub key_no: i64,
}

/// An event on its way, as pages and GovStack's interface show it.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: String,
    pub subscription: String,
    pub event: String,
    pub kind: String,
    pub consumer: String,
    pub publisher: String,
    pub queued_at: Timestamp,
    pub expires_at: Timestamp,
    pub attempts: i64,
    pub error: String,
}

/// An event that a subscriber gets.
#[derive(Debug, Clone)]
pub struct Given {
    pub delivery: String,
    pub event: String,
    pub number: String,
    pub body: String,
    /// Of an event that a register made: keys of the data that went out with it the first time. None: all of it goes out.
    pub keys: Option<Vec<String>>,
    pub attempts: i64,
    /// The cursor after it; 0 where it is pushed.
    pub position: i64,
    pub seq: i64,
}
