//! The answers of a form as a list to check before they are sent, and to read for an officer.
use time::Date;

use super::condition::is_answered;
use super::evidence::{Caveat, PaperState};
use super::model::Input;
use super::walk::{Placed, walk};
use super::{Filling, Show};

#[derive(Debug, Clone, PartialEq)]
pub struct SummaryPage {
    /// Key of the page to change it on.
    pub page: String,
    pub title: String,
    pub rows: Vec<SummaryRow>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SummaryRow {
    pub path: String,
    /// Id of the input on the page, for a link that leads to it.
    pub target: String,
    pub label: String,
    /// Several lines for lists.
    pub value: String,
    pub answered: bool,
    /// Number of the row of a repeat, from 1.
    pub row: Option<usize>,
    pub sensitive: bool,
    /// False for what a register fixes.
    pub can_change: bool,
    pub source: Option<SourceNote>,
    /// A paper that a register stands for, or a value that no register has borne out.
    pub caveat: Option<Caveat>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceNote {
    pub source: String,
    pub as_of: Date,
    /// The applicant wrote something else than the register has.
    pub changed: bool,
    /// What the register has.
    pub register_value: String,
}

impl Filling<'_> {
    #[must_use]
    pub fn summary(&self, show: &Show<'_>) -> Vec<SummaryPage> {
        let page = |shown: &super::walk::Shown<'_>| SummaryPage {
            page: shown.page.key.clone(),
            title: shown.page.title.get(show.lang).to_owned(),
            rows: shown.fields.iter().filter_map(|placed| self.row(placed, show)).collect(),
        };
        walk(self.form, self.answers).iter().map(page).collect()
    }

    fn row(&self, placed: &Placed<'_>, show: &Show<'_>) -> Option<SummaryRow> {
        let Placed { path, field, .. } = placed;
        if placed.spare || matches!(field.input, Input::Repeat { .. }) {
            return None;
        }
        let given = self.answers.get(path).cloned().unwrap_or_default();
        Some(SummaryRow {
            path: path.clone(),
            target: super::show::input_id(path),
            label: field.label.get(show.lang).to_owned(),
            value: self.proof_lines(path, show).unwrap_or_else(|| show.answer(field, &given, self.around())),
            answered: is_answered(&given) || self.evidence.is_proved(path),
            row: placed.row.map(|(_, index)| index + 1),
            sensitive: field.sensitive,
            can_change: !self.prefills.is_locked(path) && !self.evidence.is_proved(path),
            source: self.source(placed, show),
            caveat: self.evidence.caveat(path, show),
        })
    }

    /// What a register says in place of a paper.
    fn proof_lines(&self, path: &str, show: &Show<'_>) -> Option<String> {
        let paper = self.evidence.papers.get(path).filter(|_| self.evidence.is_proved(path))?;
        let line = |(label, value)| show.format("form-fact-line", &[("label", label), ("value", value)]);
        Some(paper.lines(show).into_iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    fn source(&self, placed: &Placed<'_>, show: &Show<'_>) -> Option<SourceNote> {
        if let Some(paper) = self.evidence.papers.get(&placed.path)
            && let PaperState::Proved { as_of, .. } = paper.state
        {
            let source = paper.register.provider.get(show.lang).to_owned();
            return Some(SourceNote { source, as_of, changed: false, register_value: String::new() });
        }
        let given = self.prefills.get(&placed.path)?;
        Some(SourceNote {
            source: given.source.get(show.lang).to_owned(),
            as_of: given.as_of,
            changed: self.is_changed(&placed.path),
            register_value: show.answer(placed.field, &given.value, self.around()),
        })
    }
}
