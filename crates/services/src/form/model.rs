//! What a form is: pages of fields with types, conditions and prefills, as an item's document writes it.
use platform::i18n::Text;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::day::DayBound;
use crate::item::facts::Reference;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub pages: Vec<Page>,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub key: String,
    pub title: Text,
    #[serde(default)]
    pub hint: Option<Text>,
    /// Shown only while this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub key: String,
    pub label: Text,
    #[serde(default)]
    pub hint: Option<Text>,
    pub input: Input,
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub when: Option<Condition>,
    #[serde(default)]
    pub prefill: Option<Prefill>,
    /// Value of the HTML attribute of that name.
    #[serde(default)]
    pub autocomplete: Option<String>,
    /// Masked in lists and summaries for officers who need not read it.
    #[serde(default)]
    pub sensitive: bool,
}

fn yes() -> bool {
    true
}

/// A value that a register gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefill {
    pub from: Reference,
    /// Whether the applicant may change it. What may not be changed is never taken from a posted form.
    pub editable: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Input {
    Text {
        #[serde(default)]
        min: u32,
        #[serde(default = "text_length")]
        max: u32,
        #[serde(default)]
        pattern: Option<Pattern>,
    },
    LongText {
        #[serde(default)]
        min: u32,
        #[serde(default = "long_text_length")]
        max: u32,
    },
    Number {
        #[serde(default)]
        min: Option<i64>,
        #[serde(default)]
        max: Option<i64>,
        #[serde(default)]
        decimals: u8,
        /// Shown behind the input: 平方米 / m².
        #[serde(default)]
        unit: Option<Text>,
    },
    /// Typed in yuan, kept in fen; the bounds are yuan.
    Money {
        #[serde(default)]
        min: i64,
        #[serde(default)]
        max: Option<i64>,
    },
    /// Three inputs: year, month, day.
    Date {
        #[serde(default)]
        min: Option<DayBound>,
        #[serde(default)]
        max: Option<DayBound>,
    },
    /// Two inputs: year, month.
    Month {},
    ResidentId {},
    Uscc {},
    Phone {},
    Email {},
    Select {
        options: Vec<Choice>,
    },
    Radios {
        options: Vec<Choice>,
    },
    Checkboxes {
        options: Vec<Choice>,
        #[serde(default)]
        max: Option<u16>,
    },
    YesNo {},
    Division {
        level: DivisionLevel,
        /// Only divisions within this one.
        within: String,
    },
    File {
        accept: Vec<FileKind>,
        #[serde(default = "one")]
        max_count: u16,
        max_bytes: u64,
    },
    /// Must be ticked. The text that is declared is the field's `hint`, the sentence beside the box its label.
    Declaration {},
    Repeat {
        #[serde(default)]
        min: u16,
        max: u16,
        fields: Vec<Field>,
    },
}

fn text_length() -> u32 {
    200
}

fn long_text_length() -> u32 {
    2000
}

fn one() -> u16 {
    1
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: Text,
    #[serde(default)]
    pub hint: Option<Text>,
}

/// Named shapes of short texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    Digits,
    /// Latin letters, digits, hyphens and brackets: numbers of documents.
    Code,
    /// Six digits.
    Postcode,
    /// Letters of any script, spaces, · and hyphens; no digits.
    PersonName,
    /// 12 to 19 digits with the check digit of ISO/IEC 7812.
    BankCard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DivisionLevel {
    County,
    Street,
    Community,
}

impl DivisionLevel {
    /// Digits of a code of this level.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::County => 6,
            Self::Street => 9,
            Self::Community => 12,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
}

impl FileKind {
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// As people name it.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPG",
            Self::Png => "PNG",
        }
    }
}

impl Input {
    /// Name in templates and class names.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long-text",
            Self::Number { .. } => "number",
            Self::Money { .. } => "money",
            Self::Date { .. } => "date",
            Self::Month {} => "month",
            Self::ResidentId {} => "resident-id",
            Self::Uscc {} => "uscc",
            Self::Phone {} => "phone",
            Self::Email {} => "email",
            Self::Select { .. } => "select",
            Self::Radios { .. } => "radios",
            Self::Checkboxes { .. } => "checkboxes",
            Self::YesNo {} => "yes-no",
            Self::Division { .. } => "division",
            Self::File { .. } => "file",
            Self::Declaration {} => "declaration",
            Self::Repeat { .. } => "repeat",
        }
    }

    /// The parts of an answer that is typed into several inputs.
    #[must_use]
    pub fn parts(&self) -> &'static [&'static str] {
        match self {
            Self::Date { .. } => &["y", "m", "d"],
            Self::Month {} => &["y", "m"],
            _ => &[],
        }
    }

    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Select { options } | Self::Radios { options } | Self::Checkboxes { options, .. } => options,
            _ => &[],
        }
    }
}

impl Page {
    /// The field behind a path of an answer or of a part of it; None for paths that no input of this page has.
    #[must_use]
    pub fn field_at(&self, path: &str) -> Option<&Field> {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        let field = self.fields.iter().find(|field| field.key == key)?;
        let Some(rest) = rest else {
            return Some(field);
        };
        let Input::Repeat { fields, max, .. } = &field.input else {
            return field.input.parts().contains(&rest).then_some(field);
        };
        let (index, inner) = rest.split_once('.')?;
        let (key, part) = inner.split_once('.').map_or((inner, None), |(key, part)| (key, Some(part)));
        let inner = fields.iter().find(|inner| inner.key == key)?;
        let fits = index.parse::<u16>().is_ok_and(|index| index < *max);
        (fits && part.is_none_or(|part| inner.input.parts().contains(&part))).then_some(inner)
    }
}

impl Form {
    #[must_use]
    pub fn page(&self, key: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.key == key)
    }

    /// A top-level field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.pages.iter().flat_map(|page| &page.fields).find(|field| field.key == key)
    }

    /// The field behind a path of an answer or of a part of it: `staff.2.name`, `birth.y`, `mobile`.
    #[must_use]
    pub fn field_at(&self, path: &str) -> Option<&Field> {
        self.page_of(path)?.field_at(path)
    }

    /// The page that holds the field behind a path.
    #[must_use]
    pub fn page_of(&self, path: &str) -> Option<&Page> {
        let key = path.split('.').next()?;
        self.pages.iter().find(|page| page.fields.iter().any(|field| field.key == key))
    }

    /// Every field with its path in the document, fields of repeats included.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, &Field)> {
        let mut all = Vec::new();
        for (p, page) in self.pages.iter().enumerate() {
            for (f, field) in page.fields.iter().enumerate() {
                let path = format!("pages[{p}].fields[{f}]");
                if let Input::Repeat { fields, .. } = &field.input {
                    all.extend(fields.iter().enumerate().map(|(i, inner)| (format!("{path}.fields[{i}]"), inner)));
                }
                all.push((path, field));
            }
        }
        all
    }
}
