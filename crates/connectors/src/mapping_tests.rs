//! Records in their words and ours.
use super::*;
use serde_json::json;
use time::macros::date;

const ASKED: Asked<'_> =
    Asked { number: "110101199003074979", kind: SubjectKind::Person, today: date!(2026 - 11 - 20) };

fn mapping(rest: &str) -> Mapping {
    let yaml = format!("resource: x\nsqlite: {{file: f, query: SELECT * FROM t WHERE n = :number}}\n{rest}");
    Mapping::of(&Document::parse("x.yaml", &yaml).unwrap()).unwrap()
}

#[test]
fn columns_pointers_codes_days_and_units() {
    let mapping = mapping(
        "subject: SFZH\nas_of: {from: /gx/0, date: YYYYMMDD}\nfields:\n  a: {from: XL, codes: {'31': bachelor}, otherwise: other}\n  \
         b: {from: BY, date: YYYY/M/D}\n  c: {from: ZB, unit: ten-thousand-yuan-to-fen}\n  d: {from: none}\n  e: {from: blank}\n  \
         f: {from: n}\n  g: {from: /deep/x}\n",
    );
    let record = json!({"SFZH": " 110101199003074979", "XL": "31", "BY": "2012/6/30", "ZB": 50.5, "blank": "  ", "n": 7,
                        "deep": {"x": "y"}, "gx": ["20261101"]});
    let answer = mapping.apply(&ASKED, &record).unwrap();
    assert_eq!(answer.as_of, date!(2026 - 11 - 01));
    let ours = json!({"a": "bachelor", "b": "2012-06-30", "c": 50_500_000, "f": 7, "g": "y"});
    assert_eq!(Value::Object(answer.data), ours);
    let other = json!({"SFZH": "110101199003074979", "XL": "99", "gx": ["20261101"]});
    assert_eq!(mapping.apply(&ASKED, &other).unwrap().data["a"], json!("other"));
}

#[test]
fn an_answer_about_somebody_else_is_thrown_away() {
    let mapping = mapping("subject: n\nfields: {a: {from: a}}\n");
    for wrong in ["110101199003074978", "11010119900307233X", "x"] {
        let answered = mapping.apply(&ASKED, &json!({"n": wrong, "a": "b"}));
        assert_eq!(answered, Err(SourceError::WrongSubject), "{wrong}");
    }
    assert!(matches!(mapping.apply(&ASKED, &json!({"a": "b"})), Err(SourceError::Malformed(_))));
    // The same person under the number of 15 digits.
    assert!(mapping.apply(&ASKED, &json!({"n": "110101900307497"})).is_ok());
}

#[test]
fn what_the_document_does_not_describe_is_malformed_and_no_value_is_told() {
    let mapping = mapping(
        "as_of: {from: d, date: YYYY-MM-DD}\nfields:\n  a: {from: a, codes: {x: y}}\n  b: {from: b, unit: yuan-to-fen}\n",
    );
    for record in [
        json!({"d": "2026-11-20", "a": "secret"}),
        json!({"d": "2026-11-20", "a": {"secret": 1}}),
        json!({"d": "2026-11-20", "b": "secret"}),
        json!({"d": "secret"}),
        json!({"d": "2027-01-01"}),
        json!({}),
    ] {
        let error = mapping.apply(&ASKED, &record).unwrap_err();
        assert_eq!(error.code(), "malformed", "{record}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
