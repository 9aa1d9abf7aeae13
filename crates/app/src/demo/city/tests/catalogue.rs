//! Every record is as its catalogue entry says: fields, types, lengths, codes.

use serde::Deserialize;
use serde_json::Value;

use super::super::RESOURCES;
use super::{CONFIG, city};

#[derive(Deserialize)]
struct Entry {
    key: String,
    provider: String,
    subject: String,
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    key: String,
    #[serde(rename = "type")]
    kind: String,
    length: usize,
    required: bool,
    #[serde(default)]
    values: Vec<Coded>,
}

#[derive(Deserialize)]
struct Coded {
    code: String,
}

const ENTRIES: [&str; 9] = [
    include_str!("../../../../../../packs/demo/registers/population.yaml"),
    include_str!("../../../../../../packs/demo/registers/residence.yaml"),
    include_str!("../../../../../../packs/demo/registers/social-insurance.yaml"),
    include_str!("../../../../../../packs/demo/registers/disability.yaml"),
    include_str!("../../../../../../packs/demo/registers/education.yaml"),
    include_str!("../../../../../../packs/demo/registers/real-estate.yaml"),
    include_str!("../../../../../../packs/demo/registers/enterprise.yaml"),
    include_str!("../../../../../../packs/demo/registers/food-staff.yaml"),
    include_str!("../../../../../../packs/demo/registers/credit.yaml"),
];

#[test]
fn records_agree_with_the_catalogue() {
    let city = city(CONFIG);
    let entries: Vec<Entry> = ENTRIES.iter().map(|text| serde_norway::from_str(text).unwrap()).collect();
    assert_eq!(entries.iter().map(|e| e.key.as_str()).collect::<Vec<_>>(), RESOURCES);
    for (entry, resource) in entries.iter().zip(RESOURCES) {
        assert!(city.places.office(&entry.provider).is_some(), "{}: no provider {}", entry.key, entry.provider);
        let mut count = 0;
        for record in city.records_of(resource) {
            count += 1;
            let is_firm = record.subject.starts_with('9') && record.subject.contains("MA");
            assert!(entry.subject == "any" || (entry.subject == "enterprise") == is_firm, "{record:?}");
            let data: Value = serde_json::from_str(&record.data).unwrap();
            check(entry, &data, &record.data);
        }
        assert!(count > 100, "{}: {count} records", entry.key);
    }
}

fn check(entry: &Entry, data: &Value, text: &str) {
    let object = data.as_object().unwrap();
    for key in object.keys() {
        assert!(entry.fields.iter().any(|f| f.key == *key), "{}: {key} is no field: {text}", entry.key);
    }
    for field in &entry.fields {
        match object.get(&field.key) {
            None => assert!(!field.required, "{}: {} is missing: {text}", entry.key, field.key),
            Some(value) => assert!(fits(field, value), "{}: {} is not as described: {text}", entry.key, field.key),
        }
    }
}

fn fits(field: &Field, value: &Value) -> bool {
    let short = |text: &str| !text.is_empty() && text.chars().count() <= field.length;
    match (field.kind.as_str(), value) {
        ("integer", Value::Number(n)) => n.is_i64() && n.to_string().len() <= field.length,
        ("date", Value::String(text)) => super::super::cast::date(text).is_ok(),
        ("code", Value::String(text)) => field.values.iter().any(|v| v.code == *text),
        ("text", Value::String(text)) => short(text),
        _ => false,
    }
}
