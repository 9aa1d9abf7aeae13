//! What our JSON APIs are, as OpenAPI 3.0: one table for each door, from which `tongban openapi` writes `openapi/*.json`.
//! Schemas name what a client may rely on; whatever else an object holds is not promised.
mod events;
mod gateway;
mod govstack;
mod hall;
mod mediator;

use serde_json::{Map, Value, json};

/// A parameter of an operation. `schema` is JSON text.
struct Parameter {
    name: &'static str,
    /// `path`, `query` or `header`.
    place: &'static str,
    /// Path parameters always are.
    required: bool,
    schema: &'static str,
}

/// An answer: status, media type (empty: no body) and schema as JSON text. A status may stand once for each media type.
struct Answer(u16, &'static str, &'static str);

struct Operation {
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    parameters: &'static [Parameter],
    /// Schema of the JSON body; empty: none.
    body: &'static str,
    answers: &'static [Answer],
}

/// A door with everything that it answers.
struct Document {
    title: &'static str,
    what: &'static str,
    /// How callers show who they are: an API key in this header; empty: not by a key.
    key_header: &'static str,
    operations: &'static [Operation],
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
/// An error as a program reads it (RFC 9457), with what to do next.
const PROBLEM_SCHEMA: &str = r#"{"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"next":{"type":"string"},"fields":{"type":"array","items":{"type":"object"}}}}"#;
const TEXT: &str = r#"{"type":"string"}"#;
const OBJECT: &str = r#"{"type":"object"}"#;

const BAD: Answer = Answer(400, PROBLEM, PROBLEM_SCHEMA);
const STRANGER: Answer = Answer(401, PROBLEM, PROBLEM_SCHEMA);
const DENIED: Answer = Answer(403, PROBLEM, PROBLEM_SCHEMA);

/// Identifier, parameters, body.
type Head = (&'static str, &'static [Parameter], &'static str);

/// An operation whose identifier says what it does, as GovStack's do.
const fn one(
    (method, path): (&'static str, &'static str),
    (id, parameters, body): Head,
    answers: &'static [Answer],
) -> Operation {
    Operation { method, path, id, summary: id, parameters, body, answers }
}

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).expect("the table's schemas are JSON, as the test of the committed files shows")
}

impl Document {
    fn json(&self) -> Value {
        let mut paths = Map::new();
        for operation in self.operations {
            let path = paths.entry(operation.path).or_insert_with(|| json!({}));
            path[operation.method] = operation.json();
        }
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": self.title, "description": self.what, "version": env!("CARGO_PKG_VERSION"),
                     "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"}},
            "paths": paths,
        });
        if !self.key_header.is_empty() {
            let key = json!({"type": "apiKey", "in": "header", "name": self.key_header});
            document["components"] = json!({"securitySchemes": {"key": key}});
            document["security"] = json!([{"key": []}]);
        }
        document
    }
}

impl Operation {
    const fn says(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    fn json(&self) -> Value {
        let parameter = |p: &Parameter| {
            let required = p.required || p.place == "path";
            json!({"name": p.name, "in": p.place, "required": required, "schema": parsed(p.schema)})
        };
        let mut responses = Map::new();
        for Answer(status, kind, schema) in self.answers {
            let answer =
                responses.entry(status.to_string()).or_insert_with(|| json!({"description": describe(*status)}));
            if !kind.is_empty() {
                answer["content"][*kind] = json!({"schema": parsed(schema)});
            }
        }
        let mut value = json!({
            "operationId": self.id, "summary": self.summary, "responses": responses,
        });
        if !self.parameters.is_empty() {
            value["parameters"] = self.parameters.iter().map(parameter).collect();
        }
        if !self.body.is_empty() {
            value["requestBody"] = json!({"required": true, "content": { JSON: {"schema": parsed(self.body)} }});
        }
        value
    }
}

fn describe(status: u16) -> &'static str {
    match status {
        200 => "Answered",
        201 => "Made",
        204 => "Done",
        400 => "What was asked is wrong; the answer names the field",
        401 => "Who asks did not show who it is",
        403 => "Who asks may not; the answer says what to do",
        404 => "There is no such thing",
        409 => "The state has moved on",
        422 => "What was sent is wrong; the answer names the field",
        500 => "A fault of the exchange, as X-Road tells it",
        _ => "Refused",
    }
}

/// File name and text of every description.
#[must_use]
pub fn documents() -> Vec<(&'static str, String)> {
    let all = [
        ("openapi.json", &hall::DOCUMENT),
        ("gateway.json", &gateway::DOCUMENT),
        ("govstack.json", &govstack::DOCUMENT),
        ("mediator.json", &mediator::DOCUMENT),
        ("events.json", &events::DOCUMENT),
    ];
    all.map(|(name, document)| (name, format!("{:#}\n", document.json()))).into()
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn the_committed_descriptions_are_those_of_the_table() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
        for (name, text) in documents() {
            let there = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(there == text, "openapi/{name} is old; write it anew: cargo run -p app -- openapi openapi");
        }
    }
}
