//! A question about a look: asked once, due in working days, answered once.
use codes::WorkCalendar;
use platform::clock::Timestamp;
use platform::ids::Id;
use platform::{FieldError, Result};
use time::Date;

/// A question's identifier.
pub struct QuestionId(String);

impl Id for QuestionId {
    const PREFIX: &'static str = "tqn";

    fn from_text(text: String) -> Self {
        Self(text)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// A question and, when there is one, its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub id: String,
    pub office: String,
    pub asked_at: Timestamp,
    /// The last day on which the office answers in time.
    pub due: Date,
    pub words: String,
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub at: Timestamp,
    pub by: String,
    pub name: String,
    pub words: String,
}

impl Asked {
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.answer.is_none() && self.due < today
    }
}

/// Characters of a question or an answer.
const SHORTEST: usize = 4;
pub const LONGEST: usize = 1_000;

/// The day by which the office answers; where the calendar is not known yet, weekends alone are left out.
#[must_use]
pub fn due(calendar: &WorkCalendar, asked_on: Date, days: u32) -> Date {
    calendar.add_working_days(asked_on, days).value
}

/// What somebody wrote, without the space around it.
pub fn words(text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    match text.chars().count() {
        found if found < SHORTEST => Err(FieldError::new("words", "exchange-words-short").with("min", SHORTEST)),
        found if found > LONGEST => {
            Err(FieldError::new("words", "exchange-words-long").with("max", LONGEST).with("found", found))
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
        let calendar = WorkCalendar::embedded();
        // 21 November 2026 is a Saturday; the days of National Day are left out.
        assert_eq!(due(&calendar, date!(2026 - 11 - 21), 5), date!(2026 - 11 - 27));
        assert!(due(&calendar, date!(2026 - 09 - 30), 1) > date!(2026 - 10 - 06));
    }

    #[test]
    fn words_are_neither_nothing_nor_a_book() {
        assert_eq!(words("  why so?\n").unwrap(), "why so?");
        assert_eq!(words(" 啊 ").unwrap_err().key, "exchange-words-short");
        assert_eq!(words(&"字".repeat(1_001)).unwrap_err().key, "exchange-words-long");
    }
}
