//! SQL of the exchange, cut by noun: grants and their documents, requests, the trail, who used a value, questions.
pub mod documents;
pub mod grants;
pub mod hidden;
pub mod kept;
pub mod questions;
pub mod requests;
pub mod trail;
pub mod used;

/// Who reads requests and grants.
#[derive(Debug, Clone)]
pub enum Readers {
    /// The administrator and the program itself.
    Everybody,
    Offices {
        offices: Vec<String>,
        /// One of them is the overseer, who sees what was escalated.
        oversee: bool,
    },
}

impl Readers {
    /// Whether one of these organisations is theirs.
    #[must_use]
    pub fn stand_in(&self, organisations: &[&str]) -> bool {
        match self {
            Self::Everybody => true,
            Self::Offices { offices, .. } => offices.iter().any(|office| organisations.contains(&office.as_str())),
        }
    }

    #[must_use]
    pub fn oversee(&self) -> bool {
        matches!(self, Self::Everybody | Self::Offices { oversee: true, .. })
    }
}

/// Of a look (`t`), the question about it (`q`) and what hid it (`h`), in the order in which `trail::seen_of` reads them.
const COLUMNS: &str = "t.id, t.at, t.actor_kind, t.actor, t.actor_name, t.office, t.consumer, t.purpose, t.basis, t.item, \
                       t.case_id, t.fields, t.source, q.id, q.office, q.asked_at, q.due, q.words, q.answered_at, \
                       q.answered_by, q.answered_name, q.answer, h.until, h.basis";
