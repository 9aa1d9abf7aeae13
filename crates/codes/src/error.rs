//! What is wrong with a code, exactly enough that a page can point at the character and say it in three languages.

use std::fmt;
use std::ops::Range;

use time::Date;

/// Which code was being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    ResidentId,
    OrganisationCode,
    Uscc,
    BasicCode,
    ImplementationCode,
    HandlingItemCode,
    LocalItemCode,
    CaseNumber,
    CertificateId,
    Division,
    /// A value of a code set of GB/T 39046 annex A.
    CodeSet,
    /// A line of a deployment's own list of divisions.
    DivisionRow,
    /// A line of a deployment's own calendar.
    CalendarRow,
}

/// What is wrong. Positions count characters from 1, after spaces are dropped and full-width forms made plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Too many or too few characters; `expected` is a number or a range, such as `18` or `1-50`.
    Length { found: usize, expected: &'static str },
    /// A character that cannot stand at this position; `expected` names the set, such as `0-9`.
    Character { position: usize, found: char, expected: &'static str },
    /// The check character does not fit the others: this one, or one of the others, is mistyped.
    Check { position: usize, found: char, expected: char },
    /// Digits (YYYYMMDD) that are no day of the calendar, or not a possible one.
    Date { position: usize, found: String },
    /// A date (YYYYMMDD) after `today`.
    Future { position: usize, found: String, today: Date },
    /// A part outside its permitted values; `expected` says which are permitted.
    Value { position: usize, found: String, expected: String },
    /// A line (from 1) of a data file that cannot be read.
    Row { line: usize, found: String },
}

/// A code that was refused, and why. `key` and `args` are for the reader's language, `Display` is for logs in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeError {
    pub kind: CodeKind,
    pub fault: Fault,
}

/// Every key that [`CodeError::key`] can give. Invariant: each stands in `codes.ftl` of every language.
pub const KEYS: &[&str] = &[
    "codes-resident-id-length",
    "codes-resident-id-character",
    "codes-resident-id-check",
    "codes-resident-id-date",
    "codes-resident-id-future",
    "codes-resident-id-value",
    "codes-organisation-code-length",
    "codes-organisation-code-character",
    "codes-organisation-code-check",
    "codes-uscc-length",
    "codes-uscc-character",
    "codes-uscc-check",
    "codes-basic-code-length",
    "codes-basic-code-character",
    "codes-implementation-code-length",
    "codes-implementation-code-character",
    "codes-implementation-code-check",
    "codes-handling-item-code-length",
    "codes-handling-item-code-character",
    "codes-handling-item-code-check",
    "codes-handling-item-code-value",
    "codes-local-item-code-length",
    "codes-local-item-code-character",
    "codes-case-number-length",
    "codes-case-number-character",
    "codes-case-number-check",
    "codes-case-number-date",
    "codes-case-number-value",
    "codes-certificate-id-length",
    "codes-certificate-id-character",
    "codes-certificate-id-check",
    "codes-certificate-id-value",
    "codes-division-length",
    "codes-division-character",
    "codes-code-set-value",
    "codes-division-row-row",
    "codes-calendar-row-row",
];

impl CodeKind {
    /// The part of a text key that stands for this kind.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ResidentId => "resident-id",
            Self::OrganisationCode => "organisation-code",
            Self::Uscc => "uscc",
            Self::BasicCode => "basic-code",
            Self::ImplementationCode => "implementation-code",
            Self::HandlingItemCode => "handling-item-code",
            Self::LocalItemCode => "local-item-code",
            Self::CaseNumber => "case-number",
            Self::CertificateId => "certificate-id",
            Self::Division => "division",
            Self::CodeSet => "code-set",
            Self::DivisionRow => "division-row",
            Self::CalendarRow => "calendar-row",
        }
    }
}

impl Fault {
    fn slug(&self) -> &'static str {
        match self {
            Self::Length { .. } => "length",
            Self::Character { .. } => "character",
            Self::Check { .. } => "check",
            Self::Date { .. } => "date",
            Self::Future { .. } => "future",
            Self::Value { .. } => "value",
            Self::Row { .. } => "row",
        }
    }

    fn position_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Character { position, .. }
            | Self::Check { position, .. }
            | Self::Date { position, .. }
            | Self::Future { position, .. }
            | Self::Value { position, .. } => Some(position),
            Self::Length { .. } | Self::Row { .. } => None,
        }
    }
}

impl CodeError {
    pub(crate) fn new(kind: CodeKind, fault: Fault) -> Self {
        Self { kind, fault }
    }

    /// The same fault, seen from the longer code that contains this one after `offset` characters.
    pub(crate) fn within(mut self, kind: CodeKind, offset: usize) -> Self {
        self.kind = kind;
        if let Some(position) = self.fault.position_mut() {
            *position += offset;
        }
        self
    }

    /// The key of the message in `locales/<language>/codes.ftl`; one of [`KEYS`].
    pub fn key(&self) -> String {
        format!("codes-{}-{}", self.kind.slug(), self.fault.slug())
    }

    /// The characters that the fault points at, from 1; none when the code as a whole is wrong.
    pub fn span(&self) -> Option<Range<usize>> {
        match &self.fault {
            Fault::Character { position, .. } | Fault::Check { position, .. } => Some(*position..position + 1),
            Fault::Date { position, found }
            | Fault::Future { position, found, .. }
            | Fault::Value { position, found, .. } => Some(*position..position + found.chars().count().max(1)),
            Fault::Length { .. } | Fault::Row { .. } => None,
        }
    }

    /// The arguments of the message: `position`, `found`, `expected`, `today`, `line`, as far as the fault has them.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match &self.fault {
            Fault::Length { found, expected } => {
                vec![("found", found.to_string()), ("expected", (*expected).to_owned())]
            }
            Fault::Character { position, found, expected } => placed(*position, found, expected),
            Fault::Check { position, found, expected } => placed(*position, found, expected),
            Fault::Value { position, found, expected } => placed(*position, found, expected),
            Fault::Date { position, found } => vec![("position", position.to_string()), ("found", found.clone())],
            Fault::Future { position, found, today } => {
                vec![("position", position.to_string()), ("found", found.clone()), ("today", today.to_string())]
            }
            Fault::Row { line, found } => vec![("line", line.to_string()), ("found", found.clone())],
        }
    }
}

fn placed(position: usize, found: &impl ToString, expected: &impl ToString) -> Vec<(&'static str, String)> {
    vec![("position", position.to_string()), ("found", found.to_string()), ("expected", expected.to_string())]
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.kind.slug().replace('-', " ");
        match &self.fault {
            Fault::Length { found, expected } => write!(f, "{code}: {found} characters, expected {expected}"),
            Fault::Character { position, found, expected } => {
                write!(f, "{code}: character {position} is {found:?}, expected one of {expected}")
            }
            Fault::Check { position, found, expected } => {
                write!(f, "{code}: check character {position} is {found}, the others require {expected}")
            }
            Fault::Date { position, .. } => write!(f, "{code}: characters from {position} are no possible date"),
            Fault::Future { position, today, .. } => {
                write!(f, "{code}: the date at character {position} is after {today}")
            }
            Fault::Value { position, found, expected } => {
                write!(f, "{code}: {found:?} at character {position}, expected {expected}")
            }
            Fault::Row { line, found } => write!(f, "{code}: line {line} cannot be read: {found:?}"),
        }
    }
}

impl std::error::Error for CodeError {}
