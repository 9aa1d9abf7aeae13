//! Values that the registers give, laid into a form: with source, date, and whether they may be changed.
use std::collections::BTreeMap;
use std::sync::Arc;

use platform::clock::parse_iso_date;
use platform::i18n::Text;
use serde_json::{Value, json};
use time::Date;

use super::answers::Answers;
use super::model::{Form, Input};
use crate::item::facts::Facts;

/// By path of the field. Only fields for which a register holds a value are here: a field that may not be changed, but
/// that no register fills, is open for typing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prefills(pub BTreeMap<String, Prefilled>);

#[derive(Debug, Clone, PartialEq)]
pub struct Prefilled {
    /// In the shape of an answer.
    pub value: Value,
    pub source: Arc<Text>,
    pub as_of: Date,
    pub editable: bool,
}

impl Prefills {
    /// What the registers' facts fill in.
    #[must_use]
    pub fn new(form: &Form, facts: &Facts) -> Self {
        let mut all = BTreeMap::new();
        for field in form.pages.iter().flat_map(|page| &page.fields) {
            let Some(prefill) = &field.prefill else {
                continue;
            };
            let Some(fact) = facts.get(prefill.from.as_str()) else {
                continue;
            };
            if let Some(value) = as_answer(&field.input, &fact.value) {
                let source = Arc::clone(&fact.source);
                let prefilled = Prefilled { value, source, as_of: fact.as_of, editable: prefill.editable };
                all.insert(field.key.clone(), prefilled);
            }
        }
        Self(all)
    }

    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Prefilled> {
        self.0.get(path)
    }

    #[must_use]
    pub fn is_locked(&self, path: &str) -> bool {
        self.get(path).is_some_and(|prefilled| !prefilled.editable)
    }

    pub(super) fn locked(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, prefilled)| !prefilled.editable).map(|(path, _)| path.as_str())
    }

    /// Lays the values into a draft: fixed ones always, the others where nothing was answered yet.
    pub fn lay_into(&self, answers: &mut Answers) {
        for (path, prefilled) in &self.0 {
            let standing = answers.get(path);
            let stays = if prefilled.editable { standing.is_some() } else { standing == Some(&prefilled.value) };
            if !stays {
                answers.set(path, prefilled.value.clone());
            }
        }
    }
}

/// A register's value in the shape of a typed answer; None when there is nothing, or it does not fit the type.
fn as_answer(input: &Input, fact: &Value) -> Option<Value> {
    let text = match fact {
        Value::String(text) if !text.trim().is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        _ => return None,
    };
    match input {
        Input::Date { .. } => parse_iso_date(&text).map(day_parts),
        Input::Month {} => {
            let first = parse_iso_date(&text).or_else(|| parse_iso_date(&format!("{text}-01")))?;
            Some(json!({"y": first.year().to_string(), "m": u8::from(first.month()).to_string()}))
        }
        Input::Money { .. } => {
            let fen: i64 = text.parse().ok()?;
            Some(Value::String(super::show::yuan(fen)))
        }
        // Registers hold the community; the form may ask for the county.
        Input::Division { level, .. } => Some(Value::String(text.get(..level.digits()).unwrap_or(&text).to_owned())),
        Input::YesNo {} => Some(Value::String(match text.as_str() {
            "1" => "yes".to_owned(),
            "0" => "no".to_owned(),
            _ => text,
        })),
        _ => Some(Value::String(text)),
    }
}

fn day_parts(date: Date) -> Value {
    json!({
        "y": date.year().to_string(),
        "m": u8::from(date.month()).to_string(),
        "d": date.day().to_string(),
    })
}
