//! A connector document held against the catalogue entry that it serves, before anybody is asked.
use connectors::{Document, FieldMap};
use registry::{Field, FieldType, Resource};
use serde_json::Value;

use super::fit::of_type;

/// Whether the entry takes what the document's mapping makes: every field known, every required one filled, every code,
/// day and amount of the field's type. Values that go on as they are can only be held against it when they come (`fit`).
///
/// # Errors
/// Near which key of the document it is wrong (`connectors::line_of`), and a sentence: what, why, what to write instead.
pub fn check(document: &Document, resource: &Resource) -> Result<(), (String, String)> {
    for (key, map) in &document.fields {
        let wrong = |why: String| (format!("fields.{key}"), format!("field {key}: {why}"));
        let field = resource.field(key).ok_or_else(|| wrong(unknown(resource)))?;
        takes(field, map).map_err(|why| wrong(format!("the entry of {} refuses it: {why}", resource.key)))?;
    }
    let missing = |field: &&Field| field.required && !document.fields.contains_key(&field.key);
    let Some(Field { key, .. }) = resource.fields.iter().find(missing) else { return Ok(()) };
    let why = format!(
        "the entry of {} requires the field {key}, and nothing fills it, so every answer would be refused; write {key}: \
         {{from: …}} below fields, with the place in their answer",
        resource.key
    );
    Err(("fields".to_owned(), why))
}

fn unknown(resource: &Resource) -> String {
    let known: Vec<&str> = resource.fields.iter().map(|field| field.key.as_str()).collect();
    format!("the entry of {} has no such field; write one of {}", resource.key, known.join(", "))
}

fn takes(field: &Field, map: &FieldMap) -> Result<(), String> {
    let refused = |value: &Value| of_type(field, value.clone()).err().map(|why| (value.to_string(), why));
    match map.makes().iter().find_map(refused) {
        None => Ok(()),
        Some((value, why)) => Err(format!("it becomes {value}, and {why}; write {}", instead(field))),
    }
}

fn instead(field: &Field) -> String {
    match field.kind {
        FieldType::Integer => {
            format!(
                "codes that become whole numbers of at most {} digits, a unit of money, or from alone",
                field.length
            )
        }
        FieldType::Date => "date with YYYY, MM and DD, or from alone where YYYY-MM-DD comes".into(),
        FieldType::Code => {
            let known: Vec<&str> = field.values.iter().map(|value| value.code.as_str()).collect();
            format!("codes that become one of {}", known.join(", "))
        }
        FieldType::ResidentId | FieldType::Uscc => "from alone, as the number goes on as it comes".into(),
        _ => format!("what has at most {} characters", field.length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCIAL: &str = include_str!("../../../../packs/demo/connectors/social-insurance.yaml");

    /// What is said of the demo pack's document with one line changed.
    fn said(from: &str, to: &str) -> (String, String) {
        assert!(SOCIAL.contains(from), "{from}");
        let document = Document::parse("a.yaml", &SOCIAL.replace(from, to)).unwrap();
        let entry = include_str!("../../../../packs/demo/registers/social-insurance.yaml");
        check(&document, &Resource::parse("b.yaml", entry).unwrap()).err().unwrap_or_default()
    }

    #[test]
    fn what_the_entry_would_refuse_is_told_with_what_to_write() {
        assert_eq!(said("months_paid: {from: aae201}", "months_paid: {from: aae201}"), Default::default());
        for (from, to, near, says) in [
            ("  months_paid:", "  months:", "fields.months", "write one of status, kind,"),
            (
                "  status: {from: aac031, codes: {\"1\": paying",
                "  status: {from: aac031, codes: {\"1\": payed",
                "fields.status",
                "one of paying, paused, retired",
            ),
            (
                "months_paid: {from: aae201}",
                "months_paid: {from: aae201, date: YYYYMM}",
                "fields.months_paid",
                "at most 4 digits",
            ),
            (
                "months_paid: {from: aae201}",
                "months_paid: {from: aae201, unit: m2}",
                "fields.months_paid",
                "no whole number",
            ),
            (
                "months_paid: {from: aae201}",
                "months_paid: {from: aae201, codes: {a: b}}",
                "fields.months_paid",
                "no whole number",
            ),
            (
                "employer_uscc: {from: aab998}",
                "employer_uscc: {from: aab998, codes: {a: 0123456789abcdefghi}}",
                "fields.employer_uscc",
                "at most 18 characters",
            ),
            ("aae030, date: YYYYMM}", "aae030, date: YYYYMMDD}", "fields.first_paid_month", "at most 7 characters"),
            ("  status: {from", "  # {from", "fields", "status: {from"),
        ] {
            let (place, why) = said(from, to);
            assert!(place == near && why.contains(says) && why.contains("social-insurance"), "{to}: {place}: {why}");
        }
    }
}
