//! An OpenAPI description as a judge of answers: is the status documented, has the body the shape?
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub struct Spec(Value);

impl Spec {
    pub fn parse(text: &str) -> Self {
        Self(serde_norway::from_str(text).unwrap())
    }

    /// A description that lies outside of the repository; None: nobody put it there.
    pub fn outside(name: &str) -> Option<Self> {
        let folder = std::env::var_os("TONGBAN_GOVSTACK_SPECS")?;
        let path = std::path::Path::new(&folder).join(name);
        Some(Self::parse(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))))
    }

    /// Method, path and statuses of every operation but 500, which is never asked for.
    pub fn documented(&self) -> BTreeMap<(String, String), BTreeSet<u16>> {
        let mut all = BTreeMap::new();
        for (path, operations) in self.0["paths"].as_object().unwrap() {
            for (method, operation) in
                operations.as_object().unwrap().iter().filter(|(_, one)| one["responses"].is_object())
            {
                let statuses = operation["responses"].as_object().unwrap().keys().map(|status| status.parse().unwrap());
                all.insert((method.clone(), path.clone()), statuses.filter(|status| *status != 500).collect());
            }
        }
        all
    }

    /// Panics when the description does not know this answer. `path`: as the description writes it; `kind`: the content type,
    /// without its parameters.
    pub fn judge(&self, (method, path): (&str, &str), (status, kind, body): (u16, &str, &Value)) {
        let at = format!("{method} {path} → {status} {kind}");
        let operation = &self.0["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{at}: no such operation");
        let response = &operation["responses"][status.to_string()];
        assert!(response.is_object(), "{at}: not documented; {body}");
        let Some(contents) = response["content"].as_object() else {
            // An error says what is wrong all the same.
            assert!(status >= 400 || body == "", "{at}: the description has no body, here is {body}");
            return;
        };
        let content = contents.get(kind).unwrap_or_else(|| panic!("{at}: the description has {:?}", contents.keys()));
        if let Some(flaw) = self.flaw(&content["schema"], body, "$") {
            panic!("{at}: {flaw}\n{body}");
        }
    }

    /// `#/components/schemas/DatabaseInfo` means `databaseInfo`, where only that one is there.
    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema };
        let (folder, name) = reference.trim_start_matches('#').rsplit_once('/').unwrap();
        let all = self.0.pointer(folder).and_then(Value::as_object).unwrap();
        let found =
            all.get(name).or_else(|| all.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v));
        found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    /// What is wrong with a value, by the keywords that GovStack's files use.
    fn flaw(&self, schema: &Value, value: &Value, at: &str) -> Option<String> {
        let schema = self.resolve(schema);
        if value.is_null() && schema["nullable"] == true {
            return None;
        }
        let parts = |name: &str| schema[name].as_array().into_iter().flatten();
        if let Some(flaw) = parts("allOf").find_map(|part| self.flaw(part, value, at)) {
            return Some(flaw);
        }
        if schema["anyOf"].is_array() && parts("anyOf").all(|part| self.flaw(part, value, at).is_some()) {
            return Some(format!("{at}: fits none of anyOf"));
        }
        let is = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            _ => true,
        };
        if !is {
            return Some(format!("{at}: {value} is no {}", schema["type"]));
        }
        if schema["enum"].is_array() && !parts("enum").any(|one| one == value) {
            return Some(format!("{at}: {value} is none of {}", schema["enum"]));
        }
        if let Some(flaw) = format_flaw(schema["format"].as_str(), value, at) {
            return Some(flaw);
        }
        if let Some(missing) = parts("required").filter_map(Value::as_str).find(|name| value.get(name).is_none()) {
            return Some(format!("{at}: {missing} is missing"));
        }
        let properties = schema["properties"].as_object().into_iter().flatten();
        let within = properties.filter_map(|(name, part)| Some((name, part, value.get(name)?)));
        let mut of_properties =
            within.filter_map(|(name, part, value)| self.flaw(part, value, &format!("{at}.{name}")));
        let items = value.as_array().into_iter().flatten().enumerate();
        let items = items.filter(|_| schema["items"].is_object());
        let mut of_items =
            items.filter_map(|(number, item)| self.flaw(&schema["items"], item, &format!("{at}[{number}]")));
        of_properties.next().or_else(|| of_items.next())
    }
}

fn format_flaw(format: Option<&str>, value: &Value, at: &str) -> Option<String> {
    let text = value.as_str()?;
    let is = match format? {
        "uuid" => {
            let lengths: Vec<usize> = text.split('-').map(str::len).collect();
            lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
        }
        "date" => time::Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).is_ok(),
        "uri" => text.split_once(':').is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric())),
        "date-time" => time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok(),
        _ => true,
    };
    (!is).then(|| format!("{at}: {text:?} is no {}", format.unwrap_or_default()))
}

#[test]
fn the_judge_finds_what_is_wrong() {
    let spec = Spec::parse(
        "{paths: {/a: {get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/One'}}}}}}}},
          components: {schemas: {one: {type: object, required: [id], properties: {id: {type: string, format: uuid},
          list: {type: array, items: {type: integer}}}}}}}",
    );
    let good = serde_json::json!({"id": "0f3c8f2e-0000-0000-0000-000000000000", "list": [1]});
    spec.judge(("GET", "/a"), (200, "application/json", &good));
    assert_eq!(spec.documented(), [(("get".into(), "/a".into()), [200].into())].into());
    let flaw = |value: Value| spec.flaw(&spec.0["components"]["schemas"]["one"], &value, "$");
    for wrong in [
        serde_json::json!({}),
        serde_json::json!([]),
        serde_json::json!({"id": 1}),
        serde_json::json!({"id": "evt_1"}),
        serde_json::json!({"id": good["id"], "list": ["1"]}),
    ] {
        assert!(flaw(wrong.clone()).is_some(), "{wrong}");
    }
}
