//! The answers of a form as a list to check before they are sent, and to read for an officer.
use time::Date;

use super::condition::is_answered;
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
            value: show.answer(field, &given, self.around()),
            answered: is_answered(&given),
            row: placed.row.map(|(_, index)| index + 1),
            sensitive: field.sensitive,
            can_change: !self.prefills.is_locked(path),
            source: self.source(placed, show),
        })
    }

    fn source(&self, placed: &Placed<'_>, show: &Show<'_>) -> Option<SourceNote> {
        let given = self.prefills.get(&placed.path)?;
        Some(SourceNote {
            source: given.source.get(show.lang).to_owned(),
            as_of: given.as_of,
            changed: self.is_changed(&placed.path),
            register_value: show.answer(placed.field, &given.value, self.around()),
        })
    }
}
