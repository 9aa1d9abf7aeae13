//! A register's service as OpenAPI 3.0, from its catalogue entry: `getOpenAPI` answers it. What callers rely on stands here
//! as `register_service` does it.
use registry::{Field, FieldType, Resource, SubjectKind};
use serde_json::{Map, Value, json};

/// RFC 9457, as every refusal of ours is written.
const PROBLEM: &str = "application/problem+json";
/// Digits of the largest code of a subject: both kinds have this many characters (GB 11643, GB 32100).
const NUMBER: usize = 18;

/// The description of a service as JSON text.
pub fn description_of(resource: &Resource) -> String {
    let get = json!({
        "operationId": resource.key, "summary": format!("{} of one subject", resource.name.en),
        "parameters": parameters(resource), "responses": responses(resource),
    });
    let described = json!({
        "openapi": "3.0.3",
        "info": {
            "title": format!("{} ({})", resource.name.zh_hans, resource.name.en), "description": resource.summary.en,
            "version": resource.published.to_string(),
        },
        "paths": {"/{number}": {"get": get}},
        "components": {"schemas": {
            "Answer": answer(resource),
            "Problem": problem(),
            "Fault": fault(),
        }},
    });
    described.to_string()
}

fn number(resource: &Resource) -> Value {
    let of = |kind| resource.subject.includes(kind);
    let what = match (of(SubjectKind::Person), of(SubjectKind::Enterprise)) {
        (true, true) => "Resident ID number (GB 11643) or unified social credit code (GB 32100)",
        (_, false) => "Resident ID number (GB 11643)",
        (false, true) => "Unified social credit code (GB 32100)",
    };
    json!({"type": "string", "minLength": NUMBER, "maxLength": NUMBER, "description": what})
}

fn parameters(resource: &Resource) -> Value {
    let keys: Vec<&str> = resource.fields.iter().map(|field| field.key.as_str()).collect();
    let fields = json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": keys}});
    let text = || json!({"type": "string", "minLength": 1});
    let one = |name: &str, place: &str, what: &str, schema: Value| {
        let required = ["number", "purpose", "basis"].contains(&name);
        json!({"name": name, "in": place, "required": required, "description": what, "schema": schema})
    };
    json!([
        one("number", "path", "Whom the record is about", number(resource)),
        {"name": "fields", "in": "query", "required": true, "style": "form", "explode": false, "schema": fields,
         "description": "What is asked for, between commas; every field must be covered by a grant"},
        one("purpose", "query", "The purpose that the grant was given for", text()),
        one("basis", "query", "The provision that the look rests on; the subject reads it", text()),
        one("hidden_until", "query", "The day from which the subject sees the look, where a law hides it until then",
            json!({"type": "string", "format": "date"})),
        one("hidden_basis", "query", "That law", json!({"type": "string"})),
        one("X-Road-UserId", "header", "Who looks; needed with hidden_until", json!({"type": "string"})),
        one("X-Road-Issue", "header", "The matter that it is for; needed with hidden_until", json!({"type": "string"})),
    ])
}

fn responses(resource: &Resource) -> Value {
    let refused = |what: &str| json!({"description": what, "content": {PROBLEM: {"schema": named("Problem")}}});
    let mut failed = refused("This service failed; or a fault of the exchange, named in X-Road-Error");
    failed["content"]["application/json"] = json!({"schema": named("Fault")});
    let found = format!("What the register holds: {}", resource.name.en);
    json!({
        "200": {"description": found, "content": {"application/json": {"schema": named("Answer")}}},
        "400": {"description": "The exchange cannot read the request; the code stands in X-Road-Error",
                "content": {"application/json": {"schema": named("Fault")}}},
        "403": refused("No grant covers this look"),
        "404": refused("The register holds nothing about this number"),
        "422": refused("What was asked cannot be read; `fields` names what is wrong"),
        "500": failed,
        "503": refused("The source cannot be reached now; ask again later"),
    })
}

fn named(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// The fields that were asked for, each with its value and where that comes from.
fn answer(resource: &Resource) -> Value {
    let fields: Map<String, Value> = resource.fields.iter().map(|field| (field.key.clone(), fact(field))).collect();
    json!({
        "type": "object", "required": ["resource", "subject", "fields", "look"],
        "properties": {
            "resource": {"type": "string", "enum": [resource.key]},
            "subject": number(resource),
            "fields": {"type": "object", "properties": fields, "additionalProperties": false},
            "look": {"type": "string", "description": "The look's identifier in the subject's trail"},
        },
    })
}

fn fact(field: &Field) -> Value {
    json!({
        "type": "object", "required": ["value", "source", "as_of"],
        "title": field.name.zh_hans, "description": field.name.en,
        "properties": {
            "value": value(field),
            "source": {"type": "string", "description": "Key of the organisation that stands behind the value"},
            "as_of": {"type": "string", "format": "date", "description": "The day that the value speaks of"},
        },
    })
}

/// Null: the register holds no value.
fn value(field: &Field) -> Value {
    let mut schema = match field.kind {
        FieldType::Integer => json!({"type": "integer", "format": "int64"}),
        FieldType::Date => json!({"type": "string", "format": "date"}),
        FieldType::ResidentId | FieldType::Uscc => json!({"type": "string", "minLength": NUMBER, "maxLength": NUMBER}),
        FieldType::Text => json!({"type": "string", "maxLength": field.length}),
        FieldType::Code => {
            let meaning: Vec<String> =
                field.values.iter().map(|value| format!("{}: {}", value.code, value.name.en)).collect();
            // A null that is allowed must stand among the values (OpenAPI 3.0.3, nullable).
            let codes = field.values.iter().map(|value| json!(value.code)).chain([Value::Null]);
            json!({"type": "string", "enum": codes.collect::<Vec<_>>(), "description": meaning.join("; ")})
        }
    };
    schema["nullable"] = true.into();
    schema
}

fn problem() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object", "required": ["type", "title", "status", "detail", "next"],
        "properties": {
            "type": text, "title": text, "status": {"type": "integer"}, "detail": text, "next": text, "code": text,
            "request": text,
            "fields": {"type": "array", "items": {
                "type": "object", "required": ["field", "code", "message"],
                "properties": {"field": text, "code": text, "message": text},
            }},
        },
    })
}

/// A fault of the exchange (PR-REST).
fn fault() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object", "required": ["type", "message", "detail"],
        "properties": {"type": text, "message": text, "detail": text},
    })
}
