//! The form engine: what a form asks now, what was typed, what is wrong with it, and what it says in the end. Pure.
//!
//! A posted page becomes a patch ([`parse_posted`]) that is laid over the draft's [`Answers`]; a [`Filling`] joins form,
//! answers and register values and answers every question about them; [`Show`] puts them in words of one language.
//!
//! Invariants: everything typed is kept as typed until it is submitted; a value that a register fixes is never taken from
//! a posted form; a field that is not shown has no answer.
mod answers;
mod condition;
mod day;
mod evidence;
mod flow;
mod limits;
mod model;
mod numbers;
mod posted;
mod prefill;
mod problems;
mod show;
mod submit;
mod summary;
mod value;
mod view;
mod walk;

#[cfg(test)]
mod tests;

use platform::i18n::Lang;
use time::Date;

pub use answers::{Answers, FileRef};
pub use condition::{Condition, Is};
pub use day::DayBound;
pub use evidence::{Caveat, CaveatKind, Evidence, Paper, PaperState, Register};
pub use flow::{PageProgress, PageState};
pub use limits::{
    MAX_FILES, MAX_POSTED_BYTES, MAX_POSTED_INPUTS, MAX_ROWS, MAX_TEXT_CHARS, check_file, check_file_count,
};
pub use model::{Choice, DivisionLevel, Field, FileKind, Form, Input, Page, Pattern, Prefill};
pub use posted::{ASK, Ask, Posted, parse_posted};
pub use prefill::{Prefilled, Prefills};
pub use show::{ErrorLine, Show};
pub use submit::Submission;
pub use summary::{SourceNote, SummaryPage, SummaryRow};
pub use view::{FieldView, FileView, OptionView, PageView, PaperView, PartView, PrefillView, RowView};

/// The administrative divisions, as far as forms ask for them.
pub trait Divisions {
    /// The name of a division; None for a code that is none.
    fn name(&self, code: &str, lang: Lang) -> Option<String>;

    /// Code and name of every division of a level within another, in the order to show them.
    fn within(&self, level: DivisionLevel, code: &str, lang: Lang) -> Vec<(String, String)>;

    fn is_known(&self, code: &str) -> bool {
        self.name(code, Lang::ZhHans).is_some()
    }
}

/// For forms that ask for no division.
pub struct NoDivisions;

impl Divisions for NoDivisions {
    fn name(&self, _: &str, _: Lang) -> Option<String> {
        None
    }

    fn within(&self, _: DivisionLevel, _: &str, _: Lang) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// One filling-in of a form. Its methods stand in `flow` (pages), `submit` (checks, values), `summary` and `view`.
#[derive(Clone, Copy)]
pub struct Filling<'a> {
    pub form: &'a Form,
    /// With the register values laid in ([`Prefills::lay_into`]).
    pub answers: &'a Answers,
    pub prefills: &'a Prefills,
    pub evidence: &'a Evidence,
    pub divisions: &'a dyn Divisions,
    /// The first day on which the answers may have been given: before a submission today, then the day of submission,
    /// so that a day that was right when it was answered stays right while offices work.
    pub since: Date,
    pub today: Date,
}
