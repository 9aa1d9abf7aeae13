//! A page of a form as its template needs it: names, ids, texts, values, errors; no logic is left for the template.
use platform::error::FieldError;
use serde_json::Value;
use time::Date;

use super::evidence::{CaveatKind, PaperState};
use super::model::{Choice, Field, Input, Page};
use super::show::input_id;
use super::walk::{Placed, walk};
use super::{ErrorLine, FileRef, Filling, Show};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageView {
    pub key: String,
    pub title: String,
    pub hint: Option<String>,
    pub fields: Vec<FieldView>,
    /// The error summary.
    pub errors: Vec<ErrorLine>,
    /// The page has a file field: the form is sent as multipart.
    pub multipart: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldView {
    pub id: String,
    pub name: String,
    /// [`Input::kind`]
    pub kind: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub required: bool,
    /// What was typed; empty for kinds with parts, options, files or rows.
    pub value: String,
    /// Date and month.
    pub parts: Vec<PartView>,
    /// Select, radios, checkboxes, yes-no, division, declaration.
    pub options: Vec<OptionView>,
    /// File.
    pub files: Vec<FileView>,
    /// Repeat.
    pub rows: Vec<RowView>,
    /// Repeat: the value of the button that adds a row; None when it is full.
    pub add: Option<String>,
    pub error: Option<String>,
    pub prefill: Option<PrefillView>,
    /// File: the register that is asked for the paper.
    pub paper: Option<PaperView>,
    /// Why what is typed counts as unverified.
    pub unverified: Option<String>,
    pub autocomplete: Option<String>,
    /// Attribute `inputmode`.
    pub inputmode: Option<&'static str>,
    /// Characters a text field takes, for the counter; longer text is accepted and refused with a message.
    pub max_length: Option<u32>,
    /// Attribute `accept` of a file field.
    pub accept: Option<String>,
    /// File: whether one more can be added, and the largest size in words.
    pub can_attach: bool,
    pub max_size: Option<String>,
    /// Shown behind the input: yuan, m².
    pub suffix: Option<String>,
    /// Ids for `aria-describedby`, joined by spaces: hint, prefill note, error, as far as there are any.
    pub described_by: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PartView {
    pub id: String,
    pub name: String,
    pub label: String,
    pub value: String,
    /// Digits.
    pub width: u8,
    pub invalid: bool,
    pub autocomplete: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OptionView {
    pub id: String,
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub checked: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FileView {
    pub id: String,
    pub name: String,
    pub size: String,
    /// Value of the button that takes it away.
    pub detach: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RowView {
    /// From 1.
    pub number: usize,
    pub fields: Vec<FieldView>,
    /// Value of the button that takes it away; None for rows that must be there.
    pub remove: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PrefillView {
    pub source: String,
    pub as_of: Date,
    /// `as_of` in words.
    pub as_of_text: String,
    pub editable: bool,
    pub changed: bool,
    /// What the register has.
    pub register_value: String,
    /// The answer in words, to be read instead of an input where it may not be changed.
    pub text: String,
}

/// A paper that a register is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// The register stands for it: there is nothing to upload.
    pub is_proved: bool,
    /// Who is asked, and what that means for the applicant.
    pub text: String,
    /// What the register says: label and value.
    pub lines: Vec<(String, String)>,
    /// The day that it speaks of, in words.
    pub as_of: Option<String>,
}

impl Filling<'_> {
    /// A page for its template. `errors` may be those of the whole form: each field takes its own.
    #[must_use]
    pub fn view(&self, page: &Page, errors: &[FieldError], show: &Show<'_>) -> PageView {
        let shown = walk(self.form, self.answers);
        let placed = shown.iter().find(|shown| shown.page.key == page.key).map(|shown| shown.fields.as_slice());
        let placed = placed.unwrap_or_default();
        let viewing = Viewing { filling: *self, errors, show: *show };
        let fields: Vec<FieldView> =
            placed.iter().filter(|one| one.row.is_none()).map(|one| viewing.field_or_rows(one, placed)).collect();
        let on_page = |error: &&FieldError| {
            error.field.is_empty() || self.form.page_of(&error.field).is_some_and(|other| other.key == page.key)
        };
        let own: Vec<FieldError> = errors.iter().filter(on_page).cloned().collect();
        PageView {
            key: page.key.clone(),
            title: page.title.get(show.lang).to_owned(),
            hint: page.hint.as_ref().map(|hint| hint.get(show.lang).to_owned()),
            multipart: placed.iter().any(|one| self.takes_file(one)),
            errors: show.error_lines(self.form, &own),
            fields,
        }
    }
}

impl Filling<'_> {
    fn takes_file(&self, placed: &Placed<'_>) -> bool {
        matches!(placed.field.input, Input::File { .. }) && !self.evidence.is_proved(&placed.path)
    }
}

struct Viewing<'a> {
    filling: Filling<'a>,
    errors: &'a [FieldError],
    show: Show<'a>,
}

impl Viewing<'_> {
    fn field_or_rows(&self, placed: &Placed<'_>, all: &[Placed<'_>]) -> FieldView {
        let mut view = self.field(placed);
        if let Input::Repeat { min, max, .. } = &placed.field.input {
            let rows = self.filling.answers.rows(&placed.path).max(usize::from(*min));
            view.rows = (0..rows).map(|index| self.row(placed, index, all, usize::from(*min))).collect();
            view.add = (rows < usize::from(*max)).then(|| format!("add:{}:{rows}", placed.path));
        }
        view
    }

    fn row(&self, group: &Placed<'_>, index: usize, all: &[Placed<'_>], min: usize) -> RowView {
        let here = |one: &&Placed<'_>| one.row == Some((group.path.as_str(), index));
        let rows = self.filling.answers.rows(&group.path);
        RowView {
            number: index + 1,
            fields: all.iter().filter(here).map(|one| self.field(one)).collect(),
            remove: (rows > min && index < rows).then(|| format!("remove:{}.{index}:{rows}", group.path)),
        }
    }

    fn field(&self, placed: &Placed<'_>) -> FieldView {
        let Placed { path, field, .. } = placed;
        let given = self.filling.answers.get(path).unwrap_or(&Value::Null);
        let error = self.errors.iter().find(|error| is_of(error, path, field));
        let mut view = FieldView {
            id: input_id(path),
            name: path.clone(),
            kind: field.input.kind(),
            label: field.label.get(self.show.lang).to_owned(),
            hint: field.hint.as_ref().map(|hint| hint.get(self.show.lang).to_owned()),
            required: field.required,
            value: given.as_str().unwrap_or_default().to_owned(),
            error: error.map(|error| self.show.error(self.filling.form, error)),
            prefill: self.prefill(placed, given),
            paper: self.paper(path),
            unverified: self.unverified(path),
            autocomplete: field.autocomplete.clone(),
            inputmode: inputmode(&field.input),
            options: self.options(path, field, given),
            parts: self.parts(path, field, given, error),
            ..FieldView::default()
        };
        self.extras(&mut view, field, given);
        view.described_by = described_by(&view);
        view
    }

    fn extras(&self, view: &mut FieldView, field: &Field, given: &Value) {
        match &field.input {
            Input::Text { max, .. } | Input::LongText { max, .. } => view.max_length = Some(*max),
            Input::Number { unit: Some(unit), .. } => view.suffix = Some(unit.get(self.show.lang).to_owned()),
            Input::Money { .. } => view.suffix = Some(self.show.text("form-yuan")),
            Input::File { accept, max_count, max_bytes } => {
                let types: Vec<&str> = accept.iter().map(|kind| kind.media_type()).collect();
                view.accept = Some(types.join(","));
                view.max_size = Some(self.show.file_size(*max_bytes));
                view.files = self.files(&view.name, given);
                view.can_attach = view.files.len() < usize::from(*max_count);
            }
            _ => {}
        }
    }

    fn files(&self, path: &str, given: &Value) -> Vec<FileView> {
        let files = given.as_array().into_iter().flatten();
        let known = files.filter_map(|file| serde_json::from_value::<FileRef>(file.clone()).ok());
        known
            .map(|file| FileView {
                size: self.show.file_size(file.size),
                detach: format!("detach:{path}:{}", file.id),
                name: file.name,
                id: file.id,
            })
            .collect()
    }

    fn options(&self, path: &str, field: &Field, given: &Value) -> Vec<OptionView> {
        let lang = self.show.lang;
        let label = |key| self.show.text(key);
        let pairs: Vec<(String, String, Option<String>)> = match &field.input {
            Input::YesNo {} => {
                vec![("yes".to_owned(), label("form-yes"), None), ("no".to_owned(), label("form-no"), None)]
            }
            Input::Declaration {} => vec![("yes".to_owned(), field.label.get(lang).to_owned(), None)],
            Input::Division { level, within } => {
                let list = self.show.divisions.within(*level, within, lang);
                list.into_iter().map(|(code, name)| (code, name, None)).collect()
            }
            input => input.choices().iter().map(|choice| self.choice(choice)).collect(),
        };
        let id = input_id(path);
        let checked = |value: &str| match given {
            Value::Array(list) => list.iter().any(|one| one.as_str() == Some(value)),
            other => other.as_str() == Some(value),
        };
        let option = |(index, (value, label, hint)): (usize, (String, String, Option<String>))| OptionView {
            id: if matches!(field.input, Input::Declaration {}) { id.clone() } else { format!("{id}-{index}") },
            checked: checked(&value),
            value,
            label,
            hint,
        };
        pairs.into_iter().enumerate().map(option).collect()
    }

    fn choice(&self, choice: &Choice) -> (String, String, Option<String>) {
        let lang = self.show.lang;
        let hint = choice.hint.as_ref().map(|hint| hint.get(lang).to_owned());
        (choice.value.clone(), choice.label.get(lang).to_owned(), hint)
    }

    fn parts(&self, path: &str, field: &Field, given: &Value, error: Option<&FieldError>) -> Vec<PartView> {
        let birthday = field.autocomplete.as_deref() == Some("bday");
        let part = |name: &&'static str| {
            let (label, width, autocomplete) = match *name {
                "y" => ("form-part-year", 4, "bday-year"),
                "m" => ("form-part-month", 2, "bday-month"),
                _ => ("form-part-day", 2, "bday-day"),
            };
            let part_path = format!("{path}.{name}");
            PartView {
                id: input_id(&part_path),
                label: self.show.text(label),
                value: given.get(*name).and_then(Value::as_str).unwrap_or_default().to_owned(),
                width,
                invalid: error.is_some_and(|error| error.field == part_path || error.field == path),
                autocomplete: birthday.then_some(autocomplete),
                name: part_path,
            }
        };
        field.input.parts().iter().map(part).collect()
    }

    fn paper(&self, path: &str) -> Option<PaperView> {
        let paper = self.filling.evidence.papers.get(path)?;
        let as_of = match paper.state {
            PaperState::Proved { as_of, .. } => Some(self.show.date(as_of)),
            _ => None,
        };
        Some(PaperView {
            is_proved: as_of.is_some(),
            text: paper.register.said(paper.kind().ask_key(), &self.show),
            lines: paper.lines(&self.show),
            as_of,
        })
    }

    fn unverified(&self, path: &str) -> Option<String> {
        let register = self.filling.evidence.unverified.get(path)?;
        Some(register.said(CaveatKind::Unverified.ask_key(), &self.show))
    }

    fn prefill(&self, placed: &Placed<'_>, given: &Value) -> Option<PrefillView> {
        let prefilled = self.filling.prefills.get(&placed.path)?;
        let around = self.filling.around();
        Some(PrefillView {
            source: prefilled.source.get(self.show.lang).to_owned(),
            as_of: prefilled.as_of,
            as_of_text: self.show.date(prefilled.as_of),
            editable: prefilled.editable,
            changed: self.filling.is_changed(&placed.path),
            register_value: self.show.answer(placed.field, &prefilled.value, around),
            text: self.show.answer(placed.field, given, around),
        })
    }
}

/// An error is of a field when it names it, or a part of it.
fn is_of(error: &FieldError, path: &str, field: &Field) -> bool {
    let part = error.field.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
    error.field == path || part.is_some_and(|part| field.input.parts().contains(&part))
}

fn inputmode(input: &Input) -> Option<&'static str> {
    match input {
        Input::Number { decimals: 0, .. } => Some("numeric"),
        Input::Number { .. } | Input::Money { .. } => Some("decimal"),
        Input::Phone {} => Some("tel"),
        Input::Email {} => Some("email"),
        _ => None,
    }
}

fn described_by(view: &FieldView) -> String {
    let given = [
        view.hint.is_some().then(|| format!("{}-hint", view.id)),
        (view.prefill.is_some() || view.unverified.is_some() || view.paper.is_some())
            .then(|| format!("{}-source", view.id)),
        view.error.is_some().then(|| format!("{}-error", view.id)),
    ];
    given.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
