//! Each type of field: what is taken, and the exact complaint about what is not.
use serde_json::{Value, json};

use super::*;

fn one(input: Value, typed: &str) -> Result<Value, String> {
    read_as(input, &[("x", typed)]).map_err(|(key, _)| key)
}

fn err(key: &str) -> Result<Value, String> {
    Err(key.to_owned())
}

#[test]
fn texts_are_trimmed_measured_and_matched() {
    let text = json!({"type": "text", "min": 2, "max": 5});
    assert_eq!(one(text.clone(), "  文化路 "), Ok(json!("文化路")));
    assert_eq!(one(text.clone(), "一二三四五六"), err("form-error-too-long"));
    assert_eq!(one(text.clone(), "一"), err("form-error-too-short"));
    assert_eq!(one(text.clone(), "a\u{0}b"), err("form-error-characters"));
    assert_eq!(one(text, "   "), err("form-error-required-text"));
    // Line ends count once, whatever the browser sends.
    assert_eq!(one(json!({"type": "long-text", "max": 3}), "a\r\nb"), Ok(json!("a\nb")));
    let pattern = |name: &str| json!({"type": "text", "pattern": name});
    assert_eq!(one(pattern("postcode"), "650000"), Ok(json!("650000")));
    assert_eq!(one(pattern("postcode"), "65000"), err("form-error-pattern-postcode"));
    assert_eq!(one(pattern("person-name"), "阿依古丽·买买提"), Ok(json!("阿依古丽·买买提")));
    assert_eq!(one(pattern("person-name"), "张3"), err("form-error-pattern-person-name"));
    assert_eq!(one(pattern("digits"), "１２３"), Ok(json!("123")));
    assert_eq!(one(pattern("bank-card"), "4539 1488 0343 6467"), Ok(json!("4539148803436467")));
    assert_eq!(one(pattern("bank-card"), "4539148803436466"), err("form-error-pattern-bank-card-check"));
    assert_eq!(one(pattern("bank-card"), "453914"), err("form-error-pattern-bank-card"));
}

#[test]
fn numbers_and_money_are_exact() {
    let number = json!({"type": "number", "min": 1, "max": 600});
    assert_eq!(one(number.clone(), "12"), Ok(json!(12)));
    assert_eq!(one(number.clone(), "十二"), err("form-error-number"));
    assert_eq!(one(number.clone(), "1.5"), err("form-error-number-whole"));
    assert_eq!(one(number.clone(), "0"), err("form-error-number-min"));
    assert_eq!(one(number, "601"), err("form-error-number-max"));
    let area = json!({"type": "number", "min": 1, "max": 100, "decimals": 2});
    assert_eq!(one(area.clone(), "86.50"), Ok(json!("86.5")));
    assert_eq!(one(area.clone(), "86.505"), err("form-error-number-decimals"));
    assert_eq!(one(area, "100.01"), err("form-error-number-max"));
    let money = json!({"type": "money", "min": 1, "max": 1000});
    assert_eq!(one(money.clone(), "¥1,000.00元"), Ok(json!(100_000)));
    assert_eq!(one(money.clone(), "0.99"), err("form-error-money-min"));
    assert_eq!(one(money.clone(), "1000.01"), err("form-error-money-max"));
    assert_eq!(one(money.clone(), "12.345"), err("form-error-money"));
    assert_eq!(one(money, "99999999999999999999"), err("form-error-money"));
}

#[test]
fn dates_name_the_part_that_is_wrong() {
    let input = json!({"type": "date", "min": "1900-01-01", "max": "today"});
    let date = |y, m, d| read_as(input.clone(), &[("x.y", y), ("x.m", m), ("x.d", d)]);
    let wrong = |key: &str, path: &str| Err((key.to_owned(), path.to_owned()));
    assert_eq!(date("1956", "3", "27"), Ok(json!("1956-03-27")));
    assert_eq!(date("２０２４", "02", "29"), Ok(json!("2024-02-29")));
    assert_eq!(date("2026", "2", "29"), wrong("form-error-date-day", "x.d"));
    assert_eq!(date("2026", "13", "1"), wrong("form-error-date-month", "x.m"));
    assert_eq!(date("26", "1", "1"), wrong("form-error-date-year", "x.y"));
    assert_eq!(date("2026", "", "1"), wrong("form-error-date-month-missing", "x.m"));
    assert_eq!(date("", "", ""), wrong("form-error-required-date", "x"));
    assert_eq!(date("2026", "11", "22"), wrong("form-error-date-after", "x"));
    assert_eq!(date("1899", "12", "31"), wrong("form-error-date-before", "x"));
    assert_eq!(read_as(json!({"type": "month"}), &[("x.y", "2026"), ("x.m", "7")]), Ok(json!("2026-07")));
}

#[test]
fn numbers_of_people_phones_and_mail() {
    let id = json!({"type": "resident-id"});
    assert_eq!(one(id.clone(), "11010119900307123 3"), Ok(json!("110101199003071233")));
    assert_eq!(one(id.clone(), "110101199003071234"), err("codes-resident-id-check"));
    assert_eq!(one(id.clone(), "110101199002301233"), err("codes-resident-id-date"));
    assert_eq!(one(id, "1101"), err("codes-resident-id-length"));
    assert_eq!(one(json!({"type": "uscc"}), "12441500196720244A"), err("codes-uscc-check"));
    assert_eq!(one(json!({"type": "uscc"}), "11650000010183859F"), Ok(json!("11650000010183859F")));
    let phone = json!({"type": "phone"});
    assert_eq!(one(phone.clone(), "+86 139 0000 0001"), Ok(json!("13900000001")));
    assert_eq!(one(phone.clone(), "0990-5551000"), Ok(json!("09905551000")));
    assert_eq!(one(phone.clone(), "+852 5123 4567"), Ok(json!("+85251234567")));
    assert_eq!(one(phone.clone(), "1390000000"), err("form-error-phone-mobile"));
    assert_eq!(one(phone, "手机"), err("form-error-phone"));
    assert_eq!(one(json!({"type": "email"}), "a@b.example"), Ok(json!("a@b.example")));
    assert_eq!(one(json!({"type": "email"}), "a@b"), err("form-error-email"));
}

#[test]
fn choices_are_those_that_are_offered() {
    let options = json!([
        {"value": "a", "label": {"zh-Hans": "甲", "zh-Hant": "甲", "en": "A"}},
        {"value": "b", "label": {"zh-Hans": "乙", "zh-Hant": "乙", "en": "B"}},
    ]);
    let radios = json!({"type": "radios", "options": options});
    assert_eq!(one(radios.clone(), "a"), Ok(json!("a")));
    assert_eq!(one(radios.clone(), "c"), err("form-error-option"));
    assert_eq!(one(radios, ""), err("form-error-required-choice"));
    let boxes = json!({"type": "checkboxes", "options": options, "max": 1});
    assert_eq!(read_as(boxes.clone(), &[("x", "a")]), Ok(json!(["a"])));
    assert_eq!(read_as(boxes.clone(), &[("x", "a"), ("x", "b")]).unwrap_err().0, "form-error-boxes-max");
    assert_eq!(read_as(boxes, &[]).unwrap_err().0, "form-error-required-boxes");
    assert_eq!(one(json!({"type": "yes-no"}), "maybe"), err("form-error-option"));
    assert_eq!(one(json!({"type": "declaration"}), "yes"), Ok(json!(true)));
    assert_eq!(read_as(json!({"type": "declaration"}), &[]).unwrap_err().0, "form-error-required-declaration");
    let division = json!({"type": "division", "level": "county", "within": "990100"});
    assert_eq!(one(division.clone(), "990102"), Ok(json!("990102")));
    assert_eq!(one(division.clone(), "990199"), err("form-error-division"));
    assert_eq!(one(division, "110101"), err("form-error-division"));
}

fn file(name: &str, size: u64, media_type: &str) -> FileRef {
    FileRef { id: format!("file_{name}"), name: name.to_owned(), size, media_type: media_type.to_owned() }
}

#[test]
fn files_are_counted_weighed_and_never_taken_from_text() {
    let input = json!({"type": "file", "accept": ["pdf"], "max_count": 2, "max_bytes": 1_048_576});
    let form = form_of(json!([field("x", input.clone())]));
    let lease = form.field("x").unwrap();
    let mut answers = Answers::default();
    let mut attach = |file: FileRef| answers.attach("x", lease, &file).map_err(|error| error.key);
    assert_eq!(attach(file("a.exe", 10, "application/x-msdownload")), Err("form-error-file-type"));
    assert_eq!(attach(file("a.pdf", 0, "application/pdf")), Err("form-error-file-empty"));
    assert_eq!(attach(file("a.pdf", 1_048_577, "application/pdf")), Err("form-error-file-too-large"));
    assert_eq!(attach(file("a.pdf", 1_048_576, "application/pdf")), Ok(()));
    assert_eq!(attach(file("b.pdf", 10, "application/pdf")), Ok(()));
    assert_eq!(attach(file("c.pdf", 10, "application/pdf")), Err("form-error-file-too-many"));
    assert_eq!(check_file_count("x", lease, 2, 1000).unwrap_err().key, "form-error-files-too-many");
    answers.detach("x", "file_a.pdf");
    assert_eq!(answers.files("x"), vec![file("b.pdf", 10, "application/pdf")]);
    // A forged reference in the text part of a post is passed over.
    assert_eq!(read_as(input, &[("x", "{\"id\":\"file_other\"}")]).unwrap_err().0, "form-error-required-file");
}

#[test]
fn buttons_of_rows_and_files_of_this_page_only() {
    let row = json!({"type": "repeat", "max": 3, "fields": [field("name", json!({"type": "text"}))]});
    let proof = json!({"type": "file", "accept": ["pdf"], "max_bytes": 10});
    let form = form_of(json!([field("x", json!({"type": "text"})), field("staff", row), field("proof", proof)]));
    let ask = |value: &str| parse_posted(&form.pages[0], &pairs(&[("_ask", value)]), &Prefills::default()).ask;
    assert_eq!(ask("save"), Ask::Save);
    assert_eq!(ask("add:staff:2"), Ask::AddRow("staff".to_owned(), 2));
    assert_eq!(ask("remove:staff.2:3"), Ask::RemoveRow("staff".to_owned(), 2, 3));
    assert_eq!(ask("detach:proof:file_1"), Ask::Detach("proof".to_owned(), "file_1".to_owned()));
    for forged in [
        "remove:staff.x:1",
        "remove:staff.0",
        "remove:x.0:1",
        "add:x:1",
        "add:staff",
        "add:staff:x",
        "detach:x:1",
        "detach:proof.0.id:1",
        "detach:other:1",
        "",
    ] {
        assert_eq!(ask(forged), Ask::Continue, "{forged}");
    }
    let found = |path: &str| form.field_at(path).map(|field| field.key.as_str());
    assert_eq!((found("staff.2.name"), found("proof"), found("x")), (Some("name"), Some("proof"), Some("x")));
    for path in ["staff.3.name", "staff.x.name", "proof.0.id", "x.y", "staff.0.name.y", "", "staff.0"] {
        assert_eq!(found(path), None, "{path}");
    }
}

#[test]
fn ten_megabytes_or_a_thousand_rows_are_refused_with_a_reason() {
    let form = form_of(json!([field("x", json!({"type": "long-text", "max": 20_000}))]));
    let prefills = Prefills::default();
    let huge = "长".repeat(3_500_000);
    let posted = parse_posted(&form.pages[0], &[("x".to_owned(), huge)], &prefills);
    assert_eq!(posted.errors[0].key, "form-error-too-much-text");
    assert!(posted.patch.is_empty());
    let many: Vec<_> = (0..3_000).map(|n| (format!("y{n}"), String::new())).collect();
    assert_eq!(parse_posted(&form.pages[0], &many, &prefills).errors[0].key, "form-error-too-many-inputs");
    let group = json!({"type": "repeat", "max": 3, "fields": [field("name", json!({"type": "text"}))]});
    let form = form_of(json!([field("staff", group)]));
    let rows: Vec<_> = (0..1000).map(|n| (format!("staff.{n}.name"), format!("n{n}"))).collect();
    let posted = parse_posted(&form.pages[0], &rows, &prefills);
    assert_eq!(posted.errors.len(), 1);
    assert_eq!(posted.errors[0].key, "form-error-repeat-max");
    assert_eq!(posted.patch["staff"].as_array().unwrap().len(), 3);
}
