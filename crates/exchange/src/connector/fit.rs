//! A record that came from elsewhere, held against its catalogue entry before anybody relies on it.
use platform::clock::parse_iso_date;
use registry::{Field, FieldType, Resource};
use serde_json::{Map, Value};

/// The data in the types of the entry.
///
/// # Errors
/// Names the field and never its value.
pub fn fit(resource: &Resource, data: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut fitted = Map::new();
    for (key, value) in data {
        let field = resource.field(&key).ok_or_else(|| format!("the catalogue entry has no field {key}"))?;
        fitted.insert(key, of_type(field, value)?);
    }
    match resource.fields.iter().find(|field| field.required && !fitted.contains_key(&field.key)) {
        Some(missing) => Err(format!("the field {} is missing", missing.key)),
        None => Ok(fitted),
    }
}

pub(super) fn of_type(field: &Field, value: Value) -> Result<Value, String> {
    let wrong = |why: &str| format!("the field {} {why}", field.key);
    if field.kind == FieldType::Integer {
        let number = match &value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| wrong("is no whole number"))?;
        let digits = number.unsigned_abs().to_string().len();
        return if digits <= field.length as usize { Ok(number.into()) } else { Err(wrong("has too many digits")) };
    }
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Err(wrong("is no text")),
    };
    if text.chars().count() > field.length as usize {
        return Err(wrong("is longer than the entry allows"));
    }
    // Only the form is held against the entry: a date of birth in the future is the register's fault.
    if field.kind == FieldType::ResidentId {
        let number = codes::ResidentId::parse(&text, time::Date::MAX);
        return number.map(|number| number.as_str().into()).map_err(|_| wrong("is no resident ID number"));
    }
    let is_right = match field.kind {
        FieldType::Date => parse_iso_date(&text).is_some(),
        FieldType::Code => field.values.iter().any(|known| known.code == text),
        FieldType::Uscc => codes::Uscc::parse(&text).is_ok_and(|code| code.as_str() == text),
        _ => !text.chars().any(|c| c.is_control() && c != '\n'),
    };
    if is_right { Ok(Value::String(text)) } else { Err(wrong("does not keep to the type of the entry")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource() -> Resource {
        let yaml = include_str!("../../../../packs/demo/registers/education.yaml");
        Resource::parse("education.yaml", yaml).unwrap()
    }

    fn with(key: &str, value: Value) -> Result<Map<String, Value>, String> {
        let mut data = json!({"level": "bachelor", "school": "x", "graduated_on": "2012-06-30", "enrolled": "0"});
        data[key] = value;
        fit(&resource(), data.as_object().unwrap().clone())
    }

    #[test]
    fn text_becomes_what_the_entry_says() {
        assert_eq!(with("enrolled", json!("1")).unwrap()["enrolled"], json!(1));
        assert_eq!(with("school", json!(7)).unwrap()["school"], json!("7"));
    }

    #[test]
    fn what_does_not_fit_is_told_without_its_value() {
        for (key, value) in [
            ("level", json!("secret")),
            ("graduated_on", json!("2012-06-31")),
            ("enrolled", json!("secret")),
            ("enrolled", json!(12)),
            ("school", json!("secret".repeat(100))),
            ("school", json!("se\u{0}cret")),
            ("school", json!(["secret"])),
            ("unknown", json!("secret")),
        ] {
            let error = with(key, value.clone()).unwrap_err();
            assert!(!error.contains("secret"), "{key} {value}: {error}");
        }
        let mut data = Map::new();
        data.insert("level".into(), json!("bachelor"));
        assert!(fit(&resource(), data).unwrap_err().contains("school"));
    }
}
