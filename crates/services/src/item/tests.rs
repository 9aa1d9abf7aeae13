//! The demo city's items, and what a broken document says.
use std::path::PathBuf;

use super::*;

pub(crate) fn demo_dir(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/demo").join(folder)
}

pub(crate) fn demo_items() -> Vec<Item> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(demo_dir("items")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let yaml = std::fs::read_to_string(path).unwrap();
        Item::parse(&yaml).unwrap_or_else(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}:\n{}", path.display(), lines.join("\n"))
        })
    };
    paths.iter().map(read).collect()
}

pub(crate) fn demo_item(key: &str) -> Item {
    demo_items().into_iter().find(|item| item.key == key).unwrap()
}

#[test]
fn every_demo_item_is_read_and_clean() {
    let items = demo_items();
    assert!(items.len() >= 12, "{}", items.len());
    for item in &items {
        assert_eq!(item.lint(), Vec::new(), "{}", item.key);
    }
}

#[test]
fn a_document_goes_through_json_and_back() {
    for item in demo_items() {
        let json = serde_json::to_string(&item).unwrap();
        assert_eq!(serde_json::from_str::<Item>(&json).unwrap(), item, "{}", item.key);
    }
}

fn yaml_of(key: &str) -> String {
    std::fs::read_to_string(demo_dir("items").join(format!("{key}.yaml"))).unwrap()
}

/// The errors of a demo document in which one piece of text was replaced.
fn errors_with(from: &str, to: &str) -> Vec<DocumentError> {
    let yaml = yaml_of("senior-card");
    assert!(yaml.contains(from), "{from}");
    Item::parse(&yaml.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_broken_document_says_where_and_why() {
    let unknown = errors_with("version: 1\n", "version: 1\nvresion: 2\n");
    assert!(unknown[0].message.contains("vresion") && unknown[0].line.is_some(), "{unknown:?}");
    let variant = errors_with("type: confirmation", "type: confirmaton");
    assert!(variant[0].path.starts_with("identity") && variant[0].message.contains("confirmaton"), "{variant:?}");
    let date = errors_with("effective_on: \"2026-01-01\"", "effective_on: \"2026-02-30\"");
    assert!(date[0].message.contains("2026-02-30"), "{date:?}");
    let code = errors_with("basic_code: \"990700001000\"", "basic_code: \"990100001000\"");
    assert_eq!(code[0].path, "identity.basic_code");
    let prefill = errors_with("from: population.mobile", "from: population.phone");
    assert!(prefill[0].path.starts_with("form.pages[1].fields[1].prefill"), "{prefill:?}");
    let test = errors_with("test: age_at_least", "test: exists");
    assert!(test[0].message.contains("does not fit"), "{test:?}");
    let late = errors_with("equals: \"yes\"", "equals: \"yes\", answered: true");
    assert!(late[0].message.contains("only one of equals"), "{late:?}");
    let empty = errors_with("en: \"Senior citizen card\"", "en: \" \"");
    assert_eq!(empty[0].message, "the text is empty");
    let doubled = errors_with("key: has-emergency-contact", "key: mobile");
    assert!(doubled.iter().any(|error| error.message.contains("used twice")), "{doubled:?}");
    assert!(Item::parse("key: [").unwrap_err()[0].line.is_some());
}

/// The rules that complain after a change to a clean item.
fn rules_after(key: &str, change: impl FnOnce(&mut Item)) -> Vec<u8> {
    let mut item = demo_item(key);
    change(&mut item);
    item.lint().iter().map(|finding| finding.rule).collect()
}

#[test]
fn each_lint_rule_finds_its_fault() {
    let senior = |change: fn(&mut Item)| rules_after("senior-card", change);
    let food = |change: fn(&mut Item)| rules_after("food-licence", change);
    assert_eq!(senior(|item| item.time.case_type = codes::CaseType::Promised), [1]);
    assert_eq!(senior(|item| item.result.kind = codes::ResultType::Other), [2]);
    assert_eq!(senior(|item| item.result.sample = None), [3]);
    assert_eq!(senior(|item| item.doing.visits = 1), [4, 6]);
    assert_eq!(senior(|item| item.doing.visit_reason = Some(item.identity.name.clone())), [4]);
    assert_eq!(senior(|item| item.doing.online = false), [5]);
    assert_eq!(senior(|item| item.fee.charged = true), [7]);
    assert_eq!(senior(|item| item.fee.online_payment = true), [7]);
    assert_eq!(senior(|item| item.help.complain.phone = item.help.consult.phone.clone()), [8]);
    assert_eq!(senior(|item| item.help.consult.phone = "12345".to_owned()), [8]);
    assert_eq!(senior(|item| item.object.personal_topics.clear()), [9]);
    assert_eq!(senior(|item| item.object.corporate_topics.push("permits".to_owned())), [9]);
    assert_eq!(food(|item| item.help.questions.clear()), [10]);
    assert_eq!(food(|item| drop(item.doing.steps.pop())), [10]);
    assert_eq!(food(|item| item.time.promised = Limit { number: 1, unit: Unit::Month, note: None }), [11]);
    assert_eq!(food(|item| item.handling.reviews[1].limit = Limit::working_days(13)), [11]);
    assert_eq!(food(|item| item.materials[1].source = None), [12]);
}

#[test]
fn limits_of_different_units_compare() {
    let hours = |number, unit| Limit { number, unit, note: None }.comparable_hours();
    assert!(hours(20, Unit::WorkingDay) < hours(1, Unit::Month));
    assert!(hours(5, Unit::CalendarDay) < hours(5, Unit::WorkingDay));
    assert!(hours(0, Unit::Instant) < hours(1, Unit::Hour));
}

/// Certificate types, items and their mappings fit each other.
#[test]
fn items_fill_every_field_of_their_certificates() {
    for item in demo_items() {
        let Some(rule) = &item.result.certificate else {
            continue;
        };
        let path = demo_dir("certificates").join(format!("{}.yaml", rule.kind));
        let kind: serde_json::Value = serde_norway::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let fields: Vec<&str> = kind["fields"].as_array().unwrap().iter().filter_map(|f| f["key"].as_str()).collect();
        let mapped: Vec<&str> = rule.fields.iter().map(|mapped| mapped.field.as_str()).collect();
        assert_eq!(fields, mapped, "{}", item.key);
        assert!(codes::Uscc::parse(&kind["code"].as_str().unwrap()[..18]).is_ok(), "{}", item.key);
    }
}
