//! Which pages and fields are shown for the answers so far. A field that is not shown counts as unanswered.
use std::collections::BTreeSet;

use serde_json::Value;

use super::answers::Answers;
use super::condition::{Condition, is_answered};
use super::model::{Field, Form, Input, Page};

/// A page with the fields that are shown on it, in order; a repeat is followed by the fields of its rows.
pub(super) struct Shown<'a> {
    pub(super) page: &'a Page,
    pub(super) fields: Vec<Placed<'a>>,
}

/// A field and the path of its answer.
pub(super) struct Placed<'a> {
    pub(super) path: String,
    pub(super) field: &'a Field,
    /// Key of the repeat and number of the row, from 0.
    pub(super) row: Option<(&'a str, usize)>,
    /// In a row that nothing was typed into and that the form does not require.
    pub(super) spare: bool,
}

pub(super) fn walk<'a>(form: &'a Form, answers: &'a Answers) -> Vec<Shown<'a>> {
    let mut shown = Vec::new();
    let mut visible = BTreeSet::new();
    for page in &form.pages {
        if !holds(page.when.as_ref(), &visible, answers) {
            continue;
        }
        let mut fields = Vec::new();
        for field in &page.fields {
            if holds(field.when.as_ref(), &visible, answers) {
                visible.insert(field.key.as_str());
                fields.push(Placed { path: field.key.clone(), field, row: None, spare: false });
                rows(field, &visible, answers, &mut fields);
            }
        }
        if !fields.is_empty() {
            shown.push(Shown { page, fields });
        }
    }
    shown
}

fn holds(condition: Option<&Condition>, visible: &BTreeSet<&str>, answers: &Answers) -> bool {
    condition.is_none_or(|condition| {
        condition.holds(&|key: &str| visible.contains(key).then(|| answers.values.get(key)).flatten())
    })
}

fn rows<'a>(group: &'a Field, visible: &BTreeSet<&'a str>, answers: &'a Answers, into: &mut Vec<Placed<'a>>) {
    let Input::Repeat { min, fields, .. } = &group.input else {
        return;
    };
    let given = answers.values.get(&group.key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let least = usize::from(*min);
    for index in 0..given.len().max(least) {
        let row = given.get(index);
        let spare = index >= least && !row.is_some_and(is_answered);
        let mut siblings = BTreeSet::new();
        for field in fields {
            let answer = |key: &str| match row.and_then(|row| row.get(key)) {
                Some(value) if siblings.contains(key) => Some(value),
                _ => visible.contains(key).then(|| answers.values.get(key)).flatten(),
            };
            if field.when.as_ref().is_none_or(|condition| condition.holds(&answer)) {
                siblings.insert(field.key.as_str());
                let path = format!("{}.{index}.{}", group.key, field.key);
                into.push(Placed { path, field, row: Some((&group.key, index)), spare });
            }
        }
    }
}
