//! Every key that the code names has a text in each language, and every value can be said.
use serde_json::json;

use super::*;

/// Text keys in quotes in a source file.
fn keys_in(source: &str) -> Vec<String> {
    let starts = ["\"form-", "\"item-"];
    let mut keys = Vec::new();
    for start in starts {
        for (at, _) in source.match_indices(start) {
            let rest = &source[at + 1..];
            let key: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            if rest[key.len()..].starts_with('"') {
                keys.push(key);
            }
        }
    }
    keys
}

#[test]
fn every_key_has_its_texts() {
    let texts = texts();
    let src = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut count = 0;
    for folder in ["form", "item"] {
        for entry in std::fs::read_dir(src.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                for key in keys_in(&std::fs::read_to_string(&path).unwrap()) {
                    assert!(texts.has(&key), "{key} in {}", path.display());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count}");
    let groups = [
        ("topic", [crate::item::identity::PERSONAL_TOPICS, crate::item::identity::CORPORATE_TOPICS].concat()),
        ("event", crate::item::identity::LIFE_EVENTS.to_vec()),
    ];
    for (group, keys) in groups {
        for key in keys {
            assert!(texts.has(&format!("item-{group}-{key}")), "item-{group}-{key}");
        }
    }
}

#[test]
fn values_are_said_in_each_language() {
    let texts = texts();
    let [zh, en] = [Lang::ZhHans, Lang::En].map(|lang| show(&texts, lang));
    let form = form_of(json!([
        field("money", json!({"type": "money"})),
        field("month", json!({"type": "month"})),
        field("place", json!({"type": "division", "level": "county", "within": "990100"})),
        field("yes", json!({"type": "yes-no"})),
        field("area", json!({"type": "number", "unit": {"zh-Hans": "平方米", "zh-Hant": "平方米", "en": "m²"}})),
    ]));
    let say = |show: &Show<'_>, key: &str, value| show.submitted(form.field(key).unwrap(), &value);
    assert_eq!(say(&zh, "money", json!(123_456_789)), "1,234,567.89 元");
    assert_eq!(say(&en, "money", json!(5)), "0.05 yuan");
    assert_eq!(say(&zh, "month", json!("2026-07")), "2026年7月");
    assert_eq!(say(&en, "month", json!("2026-07")), "July 2026");
    assert_eq!(say(&en, "place", json!("990102")), "Qingxi District");
    assert_eq!(say(&zh, "yes", json!("no")), "否");
    assert_eq!(say(&zh, "area", json!("86.5")), "86.5 平方米");
    assert_eq!(say(&en, "area", json!(null)), "Not filled in");
    assert_eq!(en.file_size(1_572_864), "1.5 MB");
}

#[test]
fn errors_name_field_row_and_day() {
    let texts = texts();
    let form = crate::item::tests::demo_item("food-licence").form;
    let errors = [
        platform::error::FieldError::new("staff.1.duty", "form-error-required-choice"),
        platform::error::FieldError::new("opening-date", "form-error-date-before").with("limit", "2026-11-21"),
    ];
    let lines = show(&texts, Lang::En).error_lines(&form, &errors);
    assert_eq!(lines[0].text, "Number 2: Nothing is chosen for “Duty”. Choose one to go on.");
    assert_eq!(lines[0].target, "f-staff-1-duty");
    assert!(lines[1].text.contains("before 21 November 2026"), "{}", lines[1].text);
    assert_eq!(lines[1].target, "f-opening-date-y");
    let lines = show(&texts, Lang::ZhHant).error_lines(&form, &errors[..1]);
    assert_eq!(lines[0].text, "第 2 項：「崗位」還沒有選擇。請選擇一項後繼續。");
}
