//! Somebody says that a fact is wrong; the provider answers by a day.
use codes::WorkCalendar;
use platform::clock::Timestamp;
use platform::ids::Id;
use platform::{FieldError, Result};
use time::Date;

pub struct CorrectionId(String);

impl Id for CorrectionId {
    const PREFIX: &'static str = "cor";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionState {
    Open,
    Corrected,
    Declined,
}

impl CorrectionState {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Corrected => "corrected",
            Self::Declined => "declined",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Corrected, Self::Declined].into_iter().find(|state| state.name() == name)
    }
}

/// A request as both sides see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub id: String,
    pub resource: String,
    pub field: String,
    /// Resident ID number, credit code, or a thing's code.
    pub subject: String,
    /// What is right, in the asker's words.
    pub right: String,
    /// What shows it.
    pub words: String,
    pub asker: Asker,
    /// Key of the organisation that answers: the provider when it was asked.
    pub office: String,
    pub asked_at: Timestamp,
    pub due: Date,
    pub state: CorrectionState,
    pub answer: Option<Answer>,
}

/// Who asks: a person or enterprise about itself, or an official for an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Who hears the answer: `per_…`, `ent_…`, `off_…`.
    pub owner: String,
    pub name: String,
    /// The office of an official; None for a person's or an enterprise's own fact.
    pub office: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub at: Timestamp,
    pub name: String,
    pub words: String,
    /// How many users of the wrong value were told.
    pub told: i64,
}

impl Correction {
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.state == CorrectionState::Open && self.due < today
    }
}

/// The last day on which an answer is in time.
#[must_use]
pub fn due(calendar: &WorkCalendar, asked_on: Date, days: u16) -> Date {
    calendar.add_working_days(asked_on, u32::from(days)).value
}

const SHORTEST: usize = 4;
pub const LONGEST: usize = 1_000;

/// What somebody wrote in the field `name`, without the space around it.
pub fn words(name: &str, text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    match text.chars().count() {
        found if found < SHORTEST => Err(FieldError::new(name, "registry-words-short").with("min", SHORTEST)),
        found if found > LONGEST => {
            Err(FieldError::new(name, "registry-words-long").with("max", LONGEST).with("found", found))
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_day_of_the_answer_leaves_out_days_off() {
        // 21 November 2026 is a Saturday.
        assert_eq!(due(&WorkCalendar::embedded(), date!(2026 - 11 - 21), 10), date!(2026 - 12 - 04));
    }

    #[test]
    fn words_are_neither_nothing_nor_a_book() {
        assert_eq!(words("words", " because\n").unwrap(), "because");
        assert_eq!(words("words", "x").unwrap_err().key, "registry-words-short");
        assert_eq!(words("words", &"字".repeat(1_001)).unwrap_err().key, "registry-words-long");
    }
}
