//! Plausible answers for the questions of a form that no register answers, so that past cases can be read.
use serde_json::{Map, Value, json};
use time::Date;

use services::form::{Answers, Condition, Field, Form, Input};

/// Who applies, and what the registers answer already.
pub struct About<'a> {
    pub name: &'a str,
    /// Resident ID number of the person who applies.
    pub person: &'a str,
    /// Credit code of the firm that is applied for.
    pub firm: Option<&'a str>,
    pub division: &'a str,
    pub facts: &'a Map<String, Value>,
    /// Days before and after the case, for dates that lie in the past or in the future.
    pub before: Date,
    pub after: Date,
}

const PLACE: &str = "青溪区莲花街道春晖路12号";

fn parts(day: Date) -> Value {
    let [y, m, d] = [day.year(), i32::from(u8::from(day.month())), i32::from(day.day())].map(|n| n.to_string());
    json!({"y": y, "m": m, "d": d})
}

/// Answers to every field that is shown, in the order of the form, as conditions look back.
pub fn answers(form: &Form, about: &About<'_>) -> Answers {
    let mut answers = Answers::default();
    for page in &form.pages {
        if !holds(page.when.as_ref(), &answers) {
            continue;
        }
        answers.mark_seen(&page.key);
        for field in &page.fields {
            let known = field.prefill.as_ref().is_some_and(|prefill| about.facts.contains_key(prefill.from.as_str()));
            if known || !holds(field.when.as_ref(), &answers) {
                continue;
            }
            if let Some(value) = answer(field, about) {
                answers.set(&field.key, value);
            }
        }
    }
    answers
}

/// Whether a text field asks for the number of some paper.
fn is_number(key: &str) -> bool {
    ["number", "-no", "certificate"].iter().any(|part| key.contains(part))
}

fn holds(condition: Option<&Condition>, answers: &Answers) -> bool {
    condition.is_none_or(|condition| condition.holds(&|field: &str| answers.get(field)))
}

fn answer(field: &Field, about: &About<'_>) -> Option<Value> {
    Some(match &field.input {
        Input::Text { min, .. } if *min as usize > about.name.chars().count() => json!(PLACE),
        Input::Text { .. } if is_number(&field.key) => json!(format!("YL{}", &about.person[6..14])),
        Input::Text { .. } => json!(about.name),
        Input::LongText { .. } => json!("情况属实，详见登记信息。"),
        Input::Number { min, max, .. } => json!(min.unwrap_or(0).max(60).min(max.unwrap_or(60)).to_string()),
        Input::Money { min, .. } => json!((*min).max(1000).to_string()),
        Input::Date { min, .. } => parts(if min.is_some() { about.after } else { about.before }),
        Input::Month {} => {
            json!({"y": about.before.year().to_string(), "m": u8::from(about.before.month()).to_string()})
        }
        Input::Phone {} => json!("15400550000"),
        Input::Select { options } | Input::Radios { options } => json!(options.first()?.value),
        Input::Checkboxes { options, .. } => json!([options.first()?.value]),
        Input::YesNo {} | Input::Declaration {} => json!("yes"),
        Input::Division { .. } => json!(about.division),
        Input::ResidentId {} => json!(about.person),
        Input::Uscc {} => json!(about.firm?),
        Input::Repeat { min, fields, .. } => {
            let row: Map<String, Value> =
                fields.iter().filter_map(|inner| Some((inner.key.clone(), answer(inner, about)?))).collect();
            Value::Array(vec![Value::Object(row); usize::from(*min)])
        }
        Input::Email {} | Input::File { .. } => return None,
    })
}
