//! Values that pass and values that do not.
use serde_json::json;
use time::macros::date;

use super::*;

const TODAY: Date = date!(2026 - 11 - 21);

fn resource(yaml: &str) -> Resource {
    Resource::parse("test.yaml", yaml).unwrap()
}

fn enterprise() -> Resource {
    let mut resource = resource(include_str!("../../../../packs/demo/registers/enterprise.yaml"));
    for field in &mut resource.fields {
        match field.key.as_str() {
            "uscc" => field.kind = FieldType::Uscc,
            "legal_representative_id" => field.kind = FieldType::ResidentId,
            "name" | "status" | "registered_capital_fen" | "established_on" => {}
            _ => field.required = false,
        }
    }
    resource
}

fn good() -> Map<String, Value> {
    let Value::Object(data) = json!({
        "uscc": "91350100M000100Y43", "name": "溪桥饭店", "legal_representative": "周明",
        "legal_representative_id": "11010519491231002x", "registered_capital_fen": 5_000_000,
        "established_on": "2020-02-29", "status": "active", "industry": null,
    }) else {
        unreachable!()
    };
    data
}

fn errors(key: &str, value: Value) -> Vec<FieldError> {
    let mut data = good();
    data.insert(key.into(), value);
    match clean(&enterprise(), data, TODAY) {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{key} was taken: {other:?}"),
    }
}

#[test]
fn good_data_pass_and_codes_are_made_normal() {
    let data = clean(&enterprise(), good(), TODAY).unwrap();
    assert_eq!(data["legal_representative_id"], "11010519491231002X");
    assert!(!data.contains_key("industry"), "nulls are not kept");
}

#[test]
fn each_wrong_value_is_named_with_its_reason() {
    let cases = [
        ("colour", json!("red"), "registry-field-unknown"),
        ("name", json!(7), "registry-field-text"),
        ("name", json!("a\u{0}b"), "registry-field-control"),
        ("name", json!("长".repeat(101)), "registry-field-length"),
        ("name", Value::Null, "registry-field-missing"),
        ("registered_capital_fen", json!("5"), "registry-field-integer"),
        ("registered_capital_fen", json!(5.5), "registry-field-integer"),
        ("registered_capital_fen", json!(i64::MIN), "registry-field-length"),
        ("established_on", json!("2021-02-29"), "registry-field-date"),
        ("status", json!("asleep"), "registry-field-code"),
        ("uscc", json!("91350100M000100Y44"), "codes-uscc-check"),
        ("legal_representative_id", json!("110105194912310021"), "codes-resident-id-check"),
        ("legal_representative_id", json!("1"), "codes-resident-id-length"),
    ];
    for (key, value, reason) in cases {
        let found = errors(key, value.clone());
        assert_eq!((found.len(), found[0].key, found[0].field.as_str()), (1, reason, key), "{value}");
    }
}

#[test]
fn all_wrong_fields_are_told_at_once() {
    let mut data = good();
    data.insert("status".into(), json!("asleep"));
    data.remove("uscc");
    let Err(Error::Invalid(errors)) = clean(&enterprise(), data, TODAY) else { panic!("taken") };
    let found: Vec<(&str, &str)> = errors.iter().map(|e| (e.field.as_str(), e.key)).collect();
    assert_eq!(found, [("status", "registry-field-code"), ("uscc", "registry-field-missing")]);
}

#[test]
fn subjects_are_checked_by_kind() {
    let id = "11010519491231002X";
    let code = "91350100M000100Y43";
    assert_eq!(subject(Subjects::Person, " 11010519491231002x", TODAY).unwrap(), id);
    assert_eq!(subject(Subjects::Any, id, TODAY).unwrap(), id);
    assert_eq!(subject(Subjects::Any, &code.to_lowercase(), TODAY).unwrap(), code);
    assert_eq!(subject(Subjects::Person, code, TODAY).unwrap_err().key, "codes-resident-id-character");
    assert_eq!(subject(Subjects::Any, "110105194912310021", TODAY).unwrap_err().key, "codes-resident-id-check");
    assert_eq!(subject(Subjects::Any, "91350100M000100Y44", TODAY).unwrap_err().key, "codes-uscc-check");
}
