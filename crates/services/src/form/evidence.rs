//! What registers prove in place of papers, and what they could not say because they did not answer.
use std::collections::BTreeMap;

use platform::i18n::Text;
use time::Date;

use super::Show;

/// By path of the field. A file field that stands in neither map asks for its file like any other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Papers that a register was asked for.
    pub papers: BTreeMap<String, Paper>,
    /// Fields whose register did not answer: what is typed there is unverified.
    pub unverified: BTreeMap<String, Register>,
}

/// A register as people name it, and the office that answers for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    pub name: Text,
    pub provider: Text,
}

/// A paper that a register may stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    pub register: Register,
    pub state: PaperState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PaperState {
    /// Label and value of each fact that proves it, and the day that they speak of.
    Proved { lines: Vec<(Text, Text)>, as_of: Date },
    /// The register did not answer: the paper may be given instead.
    Away,
    /// The register holds nothing that proves it.
    Nothing,
}

impl Evidence {
    #[must_use]
    pub fn is_proved(&self, path: &str) -> bool {
        self.papers.get(path).is_some_and(|paper| matches!(paper.state, PaperState::Proved { .. }))
    }

    /// Asks for these papers all the same: an officer wants to see them.
    pub fn ask_for(&mut self, fields: &[String]) {
        self.papers.retain(|path, _| !fields.contains(path));
    }

    /// What is to be known about a field's value besides; None for most.
    pub(super) fn caveat(&self, path: &str, show: &Show<'_>) -> Option<Caveat> {
        let (kind, register) = match (self.papers.get(path), self.unverified.get(path)) {
            (Some(paper), _) => (paper.state.caveat(), &paper.register),
            (None, Some(register)) => (CaveatKind::Unverified, register),
            (None, None) => return None,
        };
        Some(Caveat { kind, text: register.said(kind.note_key(), show) })
    }
}

/// What is to be known about a value besides, for those who check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caveat {
    pub kind: CaveatKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaveatKind {
    /// A register stands for the paper.
    Proved,
    /// A paper, as the register did not answer.
    PaperAsAway,
    /// A paper, as the register holds nothing.
    PaperAsNothing,
    /// Typed, as the register did not answer.
    Unverified,
}

impl CaveatKind {
    fn note_key(self) -> &'static str {
        match self {
            Self::Proved => "form-note-proved",
            Self::PaperAsAway => "form-note-away",
            Self::PaperAsNothing => "form-note-nothing",
            Self::Unverified => "form-note-unverified",
        }
    }

    /// What the applicant reads beside the field.
    pub(super) fn ask_key(self) -> &'static str {
        match self {
            Self::Proved => "form-ask-proved",
            Self::PaperAsAway => "form-ask-away",
            Self::PaperAsNothing => "form-ask-nothing",
            Self::Unverified => "form-ask-unverified",
        }
    }
}

impl PaperState {
    fn caveat(&self) -> CaveatKind {
        match self {
            Self::Proved { .. } => CaveatKind::Proved,
            Self::Away => CaveatKind::PaperAsAway,
            Self::Nothing => CaveatKind::PaperAsNothing,
        }
    }
}

impl Paper {
    pub(super) fn kind(&self) -> CaveatKind {
        self.state.caveat()
    }

    /// Label and value of what the register says; empty when it says nothing.
    pub(super) fn lines(&self, show: &Show<'_>) -> Vec<(String, String)> {
        let PaperState::Proved { lines, .. } = &self.state else { return Vec::new() };
        lines.iter().map(|(label, value)| (label.get(show.lang).to_owned(), value.get(show.lang).to_owned())).collect()
    }
}

impl Register {
    /// A text that names the register and its office. // keys: form-ask-*, form-note-*
    pub(super) fn said(&self, key: &str, show: &Show<'_>) -> String {
        let (name, provider) = (self.name.get(show.lang).to_owned(), self.provider.get(show.lang).to_owned());
        show.format(key, &[("register", name), ("provider", provider)])
    }
}
