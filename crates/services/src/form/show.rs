//! Values and errors in words of one language.
use platform::clock::parse_iso_date;
use platform::error::FieldError;
use platform::i18n::{Lang, Texts};
use serde_json::Value;
use time::Date;

use super::condition::is_answered;
use super::model::{Field, Form, Input};
use super::value::{Around, read};
use super::{Divisions, FileRef};

/// A language with its texts and names of places.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    pub texts: &'a Texts,
    pub lang: Lang,
    pub divisions: &'a dyn Divisions,
}

/// One line of the error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorLine {
    /// Id of the input to go to; empty when the error is not of one input.
    pub target: String,
    pub text: String,
}

impl Show<'_> {
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.texts.get(self.lang, key).to_owned()
    }

    pub(super) fn format(&self, key: &str, args: &[(&str, String)]) -> String {
        self.texts.format(self.lang, key, args)
    }

    /// `1956年3月27日`, `27 March 1956`.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let [year, month, day] = [date.year(), i32::from(u8::from(date.month())), i32::from(date.day())];
        self.format("form-date", &[("year", year.to_string()), ("month", month.to_string()), ("day", day.to_string())])
    }

    fn month(&self, text: &str) -> String {
        match parse_iso_date(&format!("{text}-01")) {
            Some(first) => {
                let month = u8::from(first.month()).to_string();
                self.format("form-month", &[("year", first.year().to_string()), ("month", month)])
            }
            None => text.to_owned(),
        }
    }

    /// `1,234.50 元`
    #[must_use]
    pub fn money(&self, fen: i64) -> String {
        self.format("form-money", &[("yuan", thousands(&yuan(fen)))])
    }

    #[must_use]
    pub fn file_size(&self, bytes: u64) -> String {
        if bytes < 1_048_576 {
            self.format("form-size-kb", &[("size", bytes.div_ceil(1024).to_string())])
        } else {
            let tenths = bytes * 10 / 1_048_576;
            let size = if tenths.is_multiple_of(10) {
                (tenths / 10).to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            self.format("form-size-mb", &[("size", size)])
        }
    }

    /// A submitted value ([`super::Submission`]) in words; lists have a line for each member.
    #[must_use]
    pub fn submitted(&self, field: &Field, value: &Value) -> String {
        match (&field.input, value) {
            (_, value) if !is_answered(value) => self.text("form-not-answered"),
            (Input::Money { .. }, Value::Number(fen)) => {
                fen.as_i64().map_or_else(|| fen.to_string(), |fen| self.money(fen))
            }
            (Input::Number { unit, .. }, value) => {
                let number = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                match unit {
                    Some(unit) => {
                        let unit = unit.get(self.lang).to_owned();
                        self.format("form-with-unit", &[("value", number), ("unit", unit)])
                    }
                    None => number,
                }
            }
            (Input::Date { .. }, Value::String(text)) => {
                parse_iso_date(text).map_or_else(|| text.clone(), |date| self.date(date))
            }
            (Input::Month {}, Value::String(text)) => self.month(text),
            (Input::YesNo {}, Value::String(text)) => self.text(if text == "yes" { "form-yes" } else { "form-no" }),
            (Input::Declaration {}, _) => self.text("form-declared"),
            (Input::Division { .. }, Value::String(code)) => {
                self.divisions.name(code, self.lang).unwrap_or_else(|| code.clone())
            }
            (Input::File { .. }, Value::Array(files)) => self.files(files),
            (_, Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .map(|value| self.choice(field, value))
                .collect::<Vec<_>>()
                .join("\n"),
            (_, Value::String(text)) => self.choice(field, text),
            (_, value) => value.to_string(),
        }
    }

    fn choice(&self, field: &Field, value: &str) -> String {
        let found = field.input.choices().iter().find(|choice| choice.value == value);
        found.map_or_else(|| value.to_owned(), |choice| choice.label.get(self.lang).to_owned())
    }

    fn files(&self, files: &[Value]) -> String {
        let known = files.iter().filter_map(|file| serde_json::from_value::<FileRef>(file.clone()).ok());
        let lines = known
            .map(|file| self.format("form-file-line", &[("name", file.name), ("size", self.file_size(file.size))]));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// An answer in words; what cannot be read is shown as it was typed.
    pub(super) fn answer(&self, field: &Field, given: &Value, around: Around<'_>) -> String {
        match read("", &field.input, given, around) {
            Ok(Some(value)) => self.submitted(field, &value),
            Ok(None) => self.text("form-not-answered"),
            Err(_) => typed(given),
        }
    }

    /// An error beside its field.
    #[must_use]
    pub fn error(&self, form: &Form, error: &FieldError) -> String {
        let label = form.field_at(&error.field).map(|field| field.label.get(self.lang).to_owned()).unwrap_or_default();
        let mut args: Vec<(&str, String)> =
            error.args.iter().map(|(name, value)| (*name, self.argument(value))).collect();
        args.push(("label", label));
        self.format(error.key, &args)
    }

    /// Days stand in errors as `YYYY-MM-DD`, whatever the language.
    fn argument(&self, value: &str) -> String {
        parse_iso_date(value).map_or_else(|| value.to_owned(), |date| self.date(date))
    }

    /// The error summary at the top of a page.
    #[must_use]
    pub fn error_lines(&self, form: &Form, errors: &[FieldError]) -> Vec<ErrorLine> {
        let line = |error: &FieldError| {
            let text = self.error(form, error);
            let row = error.field.split('.').nth(1).and_then(|part| part.parse::<usize>().ok());
            let text = match row {
                Some(row) => self.format("form-error-in-row", &[("row", (row + 1).to_string()), ("error", text)]),
                None => text,
            };
            ErrorLine { target: target(form, &error.field), text }
        };
        errors.iter().map(line).collect()
    }
}

/// Id of the input of a path. Dots would have to be escaped in style sheets.
pub(super) fn input_id(path: &str) -> String {
    format!("f-{}", path.replace('.', "-"))
}

/// Where an error leads: the first input of an answer in parts, the first box of a list.
fn target(form: &Form, path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    let id = input_id(path);
    let at_whole = form.field_at(path).filter(|field| path == field.key || path.ends_with(&format!(".{}", field.key)));
    match at_whole.map(|field| &field.input) {
        Some(Input::Date { .. } | Input::Month {}) => format!("{id}-y"),
        Some(Input::Radios { .. } | Input::Checkboxes { .. } | Input::YesNo {}) => format!("{id}-0"),
        _ => id,
    }
}

/// An answer as typed, in one line.
fn typed(given: &Value) -> String {
    match given {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(typed).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let part = |name: &str| map.get(name).and_then(Value::as_str);
            let parts: Vec<&str> = ["y", "m", "d"].iter().filter_map(|name| part(name)).collect();
            parts.join("-")
        }
        _ => String::new(),
    }
}

/// Fen as yuan with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

fn thousands(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fraction}")
}
