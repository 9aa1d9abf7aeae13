//! Answers to the questions of a form that no register answers, as an applicant with nothing to hide gives them.
use serde_json::{Value, json};
use services::form::{Answers, Field, FileRef, Form, Input};

/// Pages and fields that depend on an answer stay unasked. `division`: six digits.
pub fn answers(form: &Form, file: Option<&FileRef>, division: &str) -> Answers {
    let mut answers = Answers::default();
    for page in form.pages.iter().filter(|page| page.when.is_none()) {
        answers.mark_seen(&page.key);
        for field in page.fields.iter().filter(|field| field.when.is_none() && is_open(field)) {
            if let (Input::File { .. }, Some(file)) = (&field.input, file) {
                // A refusal shows later: without its file the draft cannot be sent.
                drop(answers.attach(&field.key, field, file));
            } else if let Some(value) = answer(field, division) {
                answers.set(&field.key, value);
            }
        }
    }
    answers
}

/// A register may lack a telephone number; whatever else it is asked for stands in each of these records.
fn is_open(field: &Field) -> bool {
    field.prefill.is_none() || matches!(field.input, Input::Phone {})
}

fn answer(field: &Field, division: &str) -> Option<Value> {
    Some(match &field.input {
        Input::Text { .. } => json!("陈安"),
        Input::LongText { .. } => json!("2025年3月起在青溪区工作，签订三年合同。"),
        Input::Number { min, .. } => json!(min.unwrap_or(1).max(24).to_string()),
        Input::Money { min, .. } => json!((*min).max(1000).to_string()),
        Input::Date { .. } => json!({"y": "2026", "m": "3", "d": "2"}),
        Input::Month {} => json!({"y": "2026", "m": "3"}),
        Input::Phone {} => json!("15400550000"),
        Input::Select { options } | Input::Radios { options } => json!(options.first()?.value),
        Input::Checkboxes { options, .. } => json!([options.first()?.value]),
        Input::YesNo {} => json!("no"),
        Input::Declaration {} => json!("yes"),
        Input::Division { .. } => json!(division),
        Input::ResidentId {} | Input::Uscc {} | Input::Email {} | Input::File { .. } | Input::Repeat { .. } => {
            return None;
        }
    })
}
