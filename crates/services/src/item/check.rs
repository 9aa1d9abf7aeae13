//! Contradictions inside an item's document that would stop the program later: found when the document is read.
use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::Reference;
use super::handling::{Mode, OrgPattern, is_slug};
use super::identity::{Citation, LIFE_EVENTS, Standing};
use super::{DocumentError, Item, Unit};
use crate::form::{Field, Input};

pub(super) fn check(item: &Item) -> Vec<DocumentError> {
    let mut errors = Errors(Vec::new());
    texts(item, &mut errors);
    identity(item, &mut errors);
    facts(item, &mut errors);
    for (path, message) in item.form.problems() {
        errors.add(format!("form.{path}"), message);
    }
    prefills(item, &mut errors);
    eligibility(item, &mut errors);
    handling(item, &mut errors);
    certificate(item, &mut errors);
    materials(item, &mut errors);
    errors.0
}

struct Errors(Vec<DocumentError>);

impl Errors {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(DocumentError { path: path.into(), line: None, message: message.into() });
    }

    fn unless(&mut self, holds: bool, path: &str, message: &str) {
        if !holds {
            self.add(path, message);
        }
    }
}

/// No language may be empty: what is published is published in all three.
fn texts(item: &Item, errors: &mut Errors) {
    match serde_json::to_value(item) {
        Ok(value) => empty_texts(&value, "", errors),
        Err(error) => errors.add("", error.to_string()),
    }
}

fn empty_texts(value: &Value, path: &str, errors: &mut Errors) {
    match value {
        Value::Object(map) => {
            let is_text = map.len() == 3 && map.contains_key("zh-Hans") && map.values().all(Value::is_string);
            for (key, inner) in map {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if is_text && inner.as_str().is_some_and(|text| text.trim().is_empty()) {
                    errors.add(below, "the text is empty");
                } else {
                    empty_texts(inner, &below, errors);
                }
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                empty_texts(inner, &format!("{path}[{index}]"), errors);
            }
        }
        _ => {}
    }
}

fn identity(item: &Item, errors: &mut Errors) {
    let identity = &item.identity;
    errors.unless(is_slug(&item.key), "key", "lower-case letters, digits and hyphens, a letter first");
    errors.unless(item.version > 0, "version", "versions start at 1");
    match codes::BasicCode::parse(&identity.basic_code) {
        Err(error) => errors.add("identity.basic_code", error.to_string()),
        Ok(_) => errors.unless(
            identity.basic_code.get(2..4) == Some(&*format!("{:02}", identity.kind.code())),
            "identity.basic_code",
            "digits 3 and 4 are not those of the item's type",
        ),
    }
    let sequence = identity.handling_item.as_deref();
    errors.unless(
        sequence.is_none_or(|text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())),
        "identity.handling_item",
        "two digits",
    );
    errors.unless(!identity.legal_basis.is_empty(), "identity.legal_basis", "at least one provision");
    for (index, citation) in identity.legal_basis.iter().enumerate() {
        recalled(citation, &format!("identity.legal_basis[{index}]"), errors);
    }
    for (index, special) in item.time.special.iter().enumerate() {
        recalled(&special.basis, &format!("time.special[{index}].basis"), errors);
    }
    for (index, line) in item.fee.lines.iter().enumerate() {
        recalled(&line.basis, &format!("fee.lines[{index}].basis"), errors);
    }
    errors.unless(is_slug(&item.who.body), "who.body", "the key of an organisation");
    errors.unless(!item.object.served.is_empty(), "object.served", "at least one kind of applicant");
    for event in item.object.life_events.iter().filter(|event| !LIFE_EVENTS.contains(&event.as_str())) {
        errors.add("object.life_events", format!("{event:?} is not one of the known events"));
    }
    errors.unless(!item.doing.places.is_empty(), "doing.places", "at least one place");
}

fn recalled(citation: &Citation, path: &str, errors: &mut Errors) {
    if citation.standing == Standing::Recalled && citation.note.is_none() {
        errors.add(format!("{path}.note"), "a recalled provision says so in its note");
    }
}

fn facts(item: &Item, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (index, need) in item.facts.iter().enumerate() {
        let path = format!("facts[{index}]");
        errors.unless(is_slug(&need.resource) && is_slug(&need.field), &path, "resource and field are slugs");
        if !seen.insert(need.reference()) {
            errors.add(path, format!("{} is asked for twice", need.reference()));
        }
    }
}

fn prefills(item: &Item, errors: &mut Errors) {
    for (path, field) in item.form.fields() {
        if let Some(prefill) = &field.prefill {
            let known = prefill.from.is_fact() && item.fact(prefill.from.as_str()).is_some();
            errors.unless(known, &format!("form.{path}.prefill.from"), "is not among the item's facts");
        }
    }
}

/// Whether a reference names a declared fact or a top-level field of the form.
fn is_known(item: &Item, reference: &Reference) -> bool {
    if reference.is_fact() {
        item.fact(reference.as_str()).is_some()
    } else {
        item.form.field(reference.as_str()).is_some()
    }
}

fn eligibility(item: &Item, errors: &mut Errors) {
    for (index, list) in item.eligibility.iter().enumerate() {
        let path = format!("eligibility[{index}]");
        errors.unless(list.to.is_none_or(|to| list.from <= to), &path, "ends before it begins");
        for reference in list.rule.references().into_iter().filter(|reference| !is_known(item, reference)) {
            errors.add(path.clone(), format!("{reference} is neither a fact nor a field of this item"));
        }
        let overlapping =
            item.eligibility[..index].iter().any(|other| other.in_force(list.from) || list.in_force(other.from));
        errors.unless(!overlapping, &path, "is in force at the same time as an earlier list");
    }
    if item.handling.mode == Mode::Instant && item.eligibility.is_empty() {
        errors.add("eligibility", "an instant item needs conditions to decide by");
    }
}

fn handling(item: &Item, errors: &mut Errors) {
    let handling = &item.handling;
    let reviews = handling.reviews.len();
    let fits = match handling.mode {
        Mode::Instant => reviews == 0,
        Mode::Review => reviews == 1,
        Mode::Joint => reviews >= 2,
    };
    errors.unless(fits, "handling.reviews", "none for instant, one for review, two or more for joint");
    let mut keys = BTreeSet::new();
    for (index, review) in handling.reviews.iter().enumerate() {
        let path = format!("handling.reviews[{index}]");
        errors.unless(is_slug(&review.key) && keys.insert(&review.key), &path, "the key is doubled or no slug");
        organisation(item, &review.org, &format!("{path}.org"), errors);
    }
    organisation(item, &handling.accepting, "handling.accepting", errors);
    organisation(item, &handling.deciding.org, "handling.deciding.org", errors);
    for (path, limit) in [("time.legal", &item.time.legal), ("time.promised", &item.time.promised)] {
        errors.unless((limit.number == 0) == (limit.unit == Unit::Instant), path, "0 belongs to instant only");
    }
}

fn organisation(item: &Item, pattern: &OrgPattern, path: &str, errors: &mut Errors) {
    if let Some(reference) = &pattern.county_of
        && !is_known(item, reference)
    {
        errors.add(path, format!("{reference} is neither a fact nor a field of this item"));
    }
}

fn certificate(item: &Item, errors: &mut Errors) {
    let Some(certificate) = &item.result.certificate else {
        return;
    };
    errors.unless(is_slug(&certificate.kind), "result.certificate.type", "the key of a certificate type");
    let mut seen = BTreeSet::new();
    for (index, mapped) in certificate.fields.iter().enumerate() {
        let path = format!("result.certificate.fields[{index}]");
        errors.unless(seen.insert(&mapped.field), &path, "the field is filled twice");
        errors.unless(is_known(item, &mapped.from), &path, "comes from neither a fact nor a field of this item");
    }
}

fn materials(item: &Item, errors: &mut Errors) {
    let mut keys = BTreeSet::new();
    for (index, material) in item.materials.iter().enumerate() {
        let path = format!("materials[{index}]");
        errors.unless(is_slug(&material.key) && keys.insert(&material.key), &path, "the key is doubled or no slug");
        if let Some(field) = &material.field {
            let is_file = matches!(item.form.field(field), Some(Field { input: Input::File { .. }, .. }));
            errors.unless(is_file, &format!("{path}.field"), "is no file field of the form");
        }
    }
    for (index, scenario) in item.scenarios.iter().enumerate() {
        for key in scenario.options.iter().flat_map(|option| &option.materials).filter(|key| !keys.contains(key)) {
            errors.add(format!("scenarios[{index}]"), format!("{key:?} is no material of this item"));
        }
    }
}
