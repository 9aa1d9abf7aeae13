//! Plausible answers for the questions of a form that no register answers, so that past cases can be read.
use serde_json::{Value, json};
use services::form::{Answers, Field, Form, Input};

/// Answers to the fields that are always asked; conditional ones stay open.
pub fn answers(form: &Form, name: &str, division: &str) -> Answers {
    let mut answers = Answers::default();
    for page in form.pages.iter().filter(|page| page.when.is_none()) {
        answers.mark_seen(&page.key);
        for field in page.fields.iter().filter(|field| field.when.is_none() && field.prefill.is_none()) {
            if let Some(value) = answer(field, name, division) {
                answers.set(&field.key, value);
            }
        }
    }
    answers
}

fn answer(field: &Field, name: &str, division: &str) -> Option<Value> {
    Some(match &field.input {
        Input::Text { .. } => json!(name),
        Input::LongText { .. } => json!("情况属实，详见登记信息。"),
        Input::Number { min, .. } => json!(min.unwrap_or(1).max(1).to_string()),
        Input::Money { min, .. } => json!((*min).max(1000).to_string()),
        Input::Date { .. } => json!({"y": "2026", "m": "3", "d": "2"}),
        Input::Month {} => json!({"y": "2026", "m": "3"}),
        Input::Phone {} => json!("15400550000"),
        Input::Select { options } | Input::Radios { options } => json!(options.first()?.value),
        Input::Checkboxes { options, .. } => json!([options.first()?.value]),
        Input::YesNo {} | Input::Declaration {} => json!("yes"),
        Input::Division { .. } => json!(division),
        Input::ResidentId {} | Input::Uscc {} | Input::Email {} | Input::File { .. } | Input::Repeat { .. } => {
            return None;
        }
    })
}
