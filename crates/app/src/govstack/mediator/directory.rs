//! Directory services (1.0): who takes part, which services a provider has, which of them the caller may call, how they
//! are described. Who takes part is told from the roster; what a provider offers is a call to its gateway, wherever that
//! stands: proved, signed and logged as any.
use axum::extract::{RawQuery, Request, State};
use axum::http::request::Parts as Head;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use gateway::inside;
use gateway::protocol::ids::ClientId;
use platform::posted;
use serde_json::{Map, Value, json};
use std::sync::Arc;

use super::Parts;
use super::caller::{call, ctx_of, failed, headers, json as json_answer, told, wrong};

/// Bytes of an answer at most: a list of some ten thousand services.
const LARGEST: u64 = 16 << 20;
/// X-Road's names of what both write, and GovStack's.
const NAMES: [(&str, &str); 7] = [
    ("object_type", "objectType"),
    ("xroad_instance", "instanceId"),
    ("member_class", "memberClass"),
    ("member_code", "memberCode"),
    ("subsystem_code", "applicationCode"),
    ("service_code", "serviceCode"),
    ("service_type", "serviceType"),
];

fn parameter(query: &str, name: &str) -> Option<String> {
    let query = posted::parse_urlencoded(query);
    query.into_iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value)
}

fn id_json(id: &ClientId, kind: &str) -> Value {
    let mut shown = json!({
        "objectType": kind, "instanceId": id.instance, "memberClass": id.class, "memberCode": id.member,
    });
    if let Some(application) = &id.subsystem {
        shown["applicationCode"] = application.as_str().into();
    }
    shown
}

pub async fn clients(State(parts): State<Arc<Parts>>, RawQuery(query): RawQuery) -> Response {
    let roster = parts.gateway.roster();
    let instance = parameter(&query.unwrap_or_default(), "instanceId").unwrap_or_else(|| roster.instance.clone());
    let mut members: Vec<Value> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for listed in roster.listed.iter().filter(|listed| listed.id.instance == instance) {
        let member = (listed.id.class.as_str(), listed.id.member.as_str());
        if !seen.contains(&member) {
            seen.push(member);
            let id = ClientId { subsystem: None, ..listed.id.clone() };
            members.push(json!({"name": listed.member_name, "id": id_json(&id, "MEMBER")}));
        }
        members.push(json!({"name": listed.name, "id": id_json(&listed.id, "APPLICATION")}));
    }
    if members.is_empty() && instance != roster.instance {
        let ctx = ctx_of(&parts, "govstack-mediator");
        return told(&ctx, &wrong("instanceId", "site-mediator-unknown", &instance));
    }
    json_answer(&json!({"member": members}))
}

/// What the provider's gateway answers to this request.
async fn asked(parts: &Parts, head: &Head) -> Result<String, Response> {
    let headers = headers(head);
    let got = inside::asked(&parts.gateway, &call(head, &headers), LARGEST).await;
    let got = got.map_err(|fault| failed(&ctx_of(parts, "govstack-mediator"), &fault))?;
    let text = got.body.and_then(|body| String::from_utf8(body.into()).ok());
    text.ok_or_else(|| {
        let error = platform::Error::Internal("the provider's gateway answered what is no text of this size".into());
        told(&ctx_of(parts, "govstack-mediator"), &error)
    })
}

/// `listMethods` and `allowedMethods`.
pub async fn methods(State(parts): State<Arc<Parts>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let wanted = parameter(head.uri.query().unwrap_or_default(), "serviceId");
    let listed = asked(&parts, &head).await.map(|text| serde_json::from_str::<Value>(&text).unwrap_or_default());
    let shown = |listed: Value| {
        let services = listed["service"].as_array().into_iter().flatten();
        let named = |service: &&Value| wanted.as_ref().is_none_or(|code| service["service_code"] == **code);
        json_answer(&json!({"member": services.filter(named).map(service).collect::<Vec<_>>()}))
    };
    listed.map_or_else(|refused| refused, shown)
}

fn service(listed: &Value) -> Value {
    let named = NAMES.iter().map(|(theirs, name)| ((*name).to_owned(), listed[*theirs].clone()));
    let endpoints = json!({"member": listed["endpoint_list"]});
    named.chain([("endpointList".to_owned(), endpoints)]).collect::<Map<_, _>>().into()
}

/// `getOpenAPI`: a text, in a JSON string, or as YAML for whoever asks for that (a description in JSON is YAML too).
pub async fn description(State(parts): State<Arc<Parts>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let accept = head.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let kind = HeaderValue::from_static("text/yaml; charset=utf-8");
    match asked(&parts, &head).await {
        Ok(text) if accept.contains("yaml") => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Ok(text) => json_answer(&text.into()),
        Err(refused) => refused,
    }
}
