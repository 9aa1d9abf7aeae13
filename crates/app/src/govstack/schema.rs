//! A register's fields as a JSON Schema in GovStack's shape, and back.
use platform::error::{Error, FieldError, Result};
use platform::i18n::Text;
use registry::{CodeValue, Field, FieldType, Resource, Sensitivity, Subjects};
use serde_json::{Map, Value, json};

/// Names of the identifier, which is not among the fields.
const IDS: [&str; 2] = ["id", "ID"];
/// Characters of a text whose schema names no `maxLength`.
const TEXT_LENGTH: u32 = 200;
/// Digits that an integer may have without losing any in JSON.
const MOST_DIGITS: u32 = 15;

/// The schema of a register. Keys that begin with `x-` are ours.
pub fn of_resource(resource: &Resource) -> Value {
    let mut properties = Map::new();
    let description = "number of the person, enterprise or thing that the record is about";
    let id = json!({"type": "string", "primaryKey": true, "readOnly": true, "description": description, "id": 1});
    properties.insert("id".into(), id);
    for (at, field) in resource.fields.iter().enumerate() {
        let mut shown = of_field(field);
        shown["id"] = (at + 2).into();
        properties.insert(field.key.clone(), shown);
    }
    let required: Vec<&str> = resource.fields.iter().filter(|field| field.required).map(|f| f.key.as_str()).collect();
    let required: Vec<&str> = std::iter::once("id").chain(required).collect();
    json!({
        "type": "object", "description": resource.summary.en, "properties": properties, "required": required,
        "incrementIndex": resource.fields.len() + 2, "x-subject": resource.subject,
    })
}

fn of_field(field: &Field) -> Value {
    let mut shown = json!({"type": "string", "description": field.name.en, "x-sensitivity": field.sensitivity});
    match field.kind {
        FieldType::Text => shown["maxLength"] = field.length.into(),
        FieldType::Integer => {
            shown["type"] = "integer".into();
            shown["x-digits"] = field.length.into();
        }
        FieldType::Date => shown["format"] = "date".into(),
        FieldType::ResidentId => shown["format"] = "resident-id".into(),
        FieldType::Uscc => shown["format"] = "uscc".into(),
        FieldType::Code => {
            shown["enum"] = field.values.iter().map(|value| value.code.as_str()).collect();
            shown["x-enumNames"] = field.values.iter().map(|value| value.name.en.as_str()).collect();
        }
    }
    shown
}

fn wrong(at: &str) -> Error {
    Error::Invalid(vec![FieldError::new(format!("schema.properties.{at}"), "site-govstack-property")])
}

/// The fields that a schema names. What `known` says about a field of the same key and the schema does not (names in other
/// languages, opening) stays.
pub fn fields(schema: &Map<String, Value>, known: Option<&Resource>) -> Result<Vec<Field>> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.ok_or_else(|| Error::field("schema.properties", "site-govstack-properties"))?;
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let own = properties.iter().filter(|(key, _)| !IDS.contains(&key.as_str()));
    let read = own.map(|(key, property)| {
        let old = known.and_then(|resource| resource.field(key));
        let mut field = field(key, property, old).ok_or_else(|| wrong(key))?;
        field.required = required.contains(&key.as_str());
        Ok(field)
    });
    let mut fields = read.collect::<Result<Vec<_>>>()?;
    // The properties of a schema have no order: ours is that of the entry, new ones after it.
    let place = |field: &Field| known.and_then(|known| known.fields.iter().position(|old| old.key == field.key));
    fields.sort_by_key(|field| place(field).unwrap_or(usize::MAX));
    if fields.is_empty() { Err(Error::field("schema.properties", "site-govstack-properties")) } else { Ok(fields) }
}

fn field(key: &str, property: &Value, old: Option<&Field>) -> Option<Field> {
    let text = |name: &str| property.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let number = |name: &str| property.get(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let values = values(property, old)?;
    let kind = match (text("type")?, text("format")) {
        ("string", _) if !values.is_empty() => FieldType::Code,
        ("string", Some("date")) => FieldType::Date,
        ("string", Some("resident-id")) => FieldType::ResidentId,
        ("string", Some("uscc")) => FieldType::Uscc,
        ("string", _) => FieldType::Text,
        ("integer", _) => FieldType::Integer,
        _ => return None,
    };
    let before = old.filter(|old| old.kind == kind).map(|old| old.length);
    let length = match kind {
        FieldType::Text => number("maxLength").or(before).unwrap_or(TEXT_LENGTH),
        FieldType::Integer => number("x-digits").or(before).unwrap_or(MOST_DIGITS),
        FieldType::Date => 10,
        FieldType::ResidentId | FieldType::Uscc => 18,
        FieldType::Code => values.iter().map(|value| value.code.chars().count()).max().map_or(1, |most| most as u32),
    };
    let length = if kind == FieldType::Code { before.unwrap_or(length).max(length) } else { length };
    let said = text("description").or(text("title"));
    let name = match (old, said) {
        (Some(old), said) if said.is_none_or(|said| said == old.name.en) => old.name.clone(),
        (_, said) => same(said.unwrap_or(key)),
    };
    let sensitivity = match property.get("x-sensitivity") {
        Some(value) => serde_json::from_value(value.clone()).ok()?,
        // What nobody has classified is handled as if it were about a person.
        None => old.map_or(Sensitivity::Personal, |old| old.sensitivity),
    };
    let opening = old.and_then(|old| old.opening).filter(|_| sensitivity < Sensitivity::Personal);
    Some(Field { key: key.to_owned(), name, kind, length, required: false, sensitivity, opening, values })
}

/// The codes of `enum` with their names; None: it is not a list of texts.
fn values(property: &Value, old: Option<&Field>) -> Option<Vec<CodeValue>> {
    let Some(codes) = property.get("enum") else { return Some(Vec::new()) };
    let names = property.get("x-enumNames").and_then(Value::as_array);
    let one = |(at, code): (usize, &Value)| {
        let code = code.as_str().filter(|code| !code.is_empty())?;
        let said = names.and_then(|names| names.get(at)).and_then(Value::as_str);
        let known = old.and_then(|old| old.values.iter().find(|value| value.code == code));
        let name = match known {
            Some(known) if said.is_none_or(|said| said == known.name.en) => known.name.clone(),
            _ => same(said.unwrap_or(code)),
        };
        Some(CodeValue { code: code.to_owned(), name })
    };
    codes.as_array()?.iter().enumerate().map(one).collect()
}

/// A text that was given in one language only.
pub fn same(text: &str) -> Text {
    Text { zh_hans: text.to_owned(), zh_hant: text.to_owned(), en: text.to_owned() }
}

/// Whom the records are about, where the schema says so.
pub fn subject(schema: &Map<String, Value>) -> Result<Option<Subjects>> {
    let Some(said) = schema.get("x-subject") else { return Ok(None) };
    let read = serde_json::from_value(said.clone());
    read.map(Some).map_err(|_| Error::field("schema.x-subject", "site-govstack-property"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population() -> Resource {
        let text = include_str!("../../../../packs/demo/registers/population.yaml");
        Resource::parse("population.yaml", text).unwrap()
    }

    #[test]
    fn a_schema_goes_out_and_comes_back_the_same() {
        let resource = population();
        let Value::Object(schema) = of_resource(&resource) else { panic!("an object") };
        assert_eq!(fields(&schema, Some(&resource)).unwrap(), resource.fields);
        assert_eq!(subject(&schema).unwrap(), Some(resource.subject));
        // Whoever knows the schema alone loses the other languages and what is opened, nothing else.
        let alone = fields(&schema, None).unwrap();
        let kinds = |fields: &[Field]| {
            let mut kinds: Vec<_> = fields.iter().map(|f| (f.key.clone(), f.kind, f.sensitivity)).collect();
            kinds.sort_by(|a, b| a.0.cmp(&b.0));
            kinds
        };
        assert_eq!(kinds(&alone), kinds(&resource.fields));
    }

    #[test]
    fn what_no_register_can_hold_is_refused_by_name() {
        for property in [
            json!({"type": "object", "properties": {}}),
            json!({"type": "array"}),
            json!({"type": "number"}),
            json!({}),
            json!({"type": "string", "enum": [1, 2]}),
            json!({"type": "string", "x-sensitivity": "secret"}),
        ] {
            let schema = json!({"properties": {"child": property}});
            let error = fields(schema.as_object().unwrap(), None).unwrap_err();
            let Error::Invalid(all) = error else { panic!("{error}") };
            assert_eq!(all[0].field, "schema.properties.child");
        }
        assert!(fields(&Map::new(), None).is_err());
        assert!(fields(json!({"properties": {"id": {}}}).as_object().unwrap(), None).is_err(), "an id is no field");
    }
}
