//! A grant with everything that is kept of it, for the pages and the acts of its two sides.
use platform::clock::Timestamp;

use super::step::GrantState;
use super::terms::Terms;

#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: String,
    pub consumer: String,
    pub purpose: String,
    pub resource: String,
    pub basis: String,
    pub terms: Terms,
    pub state: GrantState,
    /// Recorded by the program, as the resource is shared without condition.
    pub automatic: bool,
    /// Grows by one with each change of the terms.
    pub version: i64,
    /// The request that led to it; None for grants that were given outside.
    pub request: Option<String>,
    /// The grant that a delegation rests on.
    pub parent: Option<String>,
    pub granted_at: Timestamp,
}

impl Kept {
    /// Whether it gives anything at this moment, or will.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.state == GrantState::Active && self.terms.to.is_none_or(|to| now < to)
    }
}
