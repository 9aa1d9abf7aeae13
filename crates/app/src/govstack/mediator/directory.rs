//! Directory services (1.0): who takes part, which services a provider has, which of them the caller may call, how they
//! are described. For providers at this gateway; those of other gateways are asked through the door for systems, which
//! carries the question across.
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use gateway::protocol::ids::ClientId;
use gateway::roster::{Roster, Service, ServiceKind, Subsystem};
use platform::error::{Error, Result};
use platform::posted;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

use super::Parts;
use super::caller::{Client, ctx_of, json as json_answer, told, wrong};
use super::members::hidden;

type Place = Path<HashMap<String, String>>;

fn parameter(query: Option<String>, name: &str) -> Option<String> {
    let query = posted::parse_urlencoded(&query.unwrap_or_default());
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
    let instance = parameter(query, "instanceId").unwrap_or_else(|| roster.instance.clone());
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

/// The provider of an address. `Invalid`: it is not served here.
fn provider(client: &Client, place: &HashMap<String, String>) -> Result<(Arc<Roster>, Arc<Subsystem>)> {
    let part = |name: &str| place.get(name).cloned().unwrap_or_default();
    let id = ClientId {
        instance: part("instance"),
        class: part("class"),
        member: part("member"),
        subsystem: Some(part("room")),
    };
    let (roster, text) = (client.parts.gateway.roster(), id.to_string());
    match roster.subsystem(&text).cloned() {
        Some(found) => Ok((roster, found)),
        None if roster.peer_of(&text).is_some() => Err(wrong("applicationCode", "site-mediator-elsewhere", &text)),
        None => Err(wrong("applicationCode", "site-mediator-unknown", &text)),
    }
}

pub async fn methods(client: Client, Path(place): Place, RawQuery(query): RawQuery) -> Response {
    let listed = services(&client, (&place, query), |_, service| Some(service.endpoints()));
    listed.unwrap_or_else(|error| told(&client.ctx, &error))
}

pub async fn allowed(client: Client, Path(place): Place, RawQuery(query): RawQuery) -> Response {
    let may = |roster: &Roster, service: &Service| {
        let own = roster.endpoints(service, &client.subsystem.text);
        // A right to everything covers the others.
        let all = own.iter().any(|(method, path)| method == "*" && path == "**");
        if own.is_empty() { None } else { Some(if all { service.endpoints() } else { own }) }
    };
    services(&client, (&place, query), may).unwrap_or_else(|error| told(&client.ctx, &error))
}

/// Services of a provider with the endpoints that `of` gives for each; None: it is left out.
fn services(
    client: &Client,
    (place, query): (&HashMap<String, String>, Option<String>),
    of: impl Fn(&Roster, &Service) -> Option<Vec<(String, String)>>,
) -> Result<Response> {
    let (roster, provider) = provider(client, place)?;
    let wanted = parameter(query, "serviceId");
    let named = |service: &&&Arc<Service>| wanted.as_ref().is_none_or(|code| *code == service.id.code);
    let one = |service: &Arc<Service>| {
        let endpoints = of(&roster, service)?;
        let mut shown = id_json(&provider.id, "SERVICE");
        shown["serviceCode"] = service.id.code.as_str().into();
        shown["serviceType"] = if service.kind == ServiceKind::OpenApi { "OPENAPI" } else { "REST" }.into();
        let endpoint = |(method, path): &(String, String)| json!({"method": method, "path": path});
        shown["endpointList"] = json!({"member": endpoints.iter().map(endpoint).collect::<Vec<_>>()});
        Some(shown)
    };
    let all = roster.services_of(&provider.id);
    let shown: Vec<Value> = all.iter().filter(named).filter_map(|service| one(service)).collect();
    Ok(json_answer(&json!({"member": shown})))
}

/// A text: in a JSON string, or as YAML for whoever asks for that.
pub async fn description(
    client: Client,
    headers: HeaderMap,
    Path(place): Place,
    RawQuery(query): RawQuery,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let kind = HeaderValue::from_static("text/yaml; charset=utf-8");
    match described(&client, (&place, query)) {
        Ok(text) if accept.contains("yaml") => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Ok(text) => json_answer(&text.into()),
        Err(error) => told(&client.ctx, &error),
    }
}

fn described(client: &Client, (place, query): (&HashMap<String, String>, Option<String>)) -> Result<String> {
    let (roster, provider) = provider(client, place)?;
    let code = parameter(query, "serviceCode");
    let code = code.ok_or_else(|| Error::field("serviceCode", "site-mediator-code"))?;
    let services = roster.services_of(&provider.id);
    let service = services.into_iter().find(|service| service.id.code == code);
    let service = service.ok_or_else(|| wrong("serviceCode", "site-mediator-unknown", &code))?;
    let text = service.openapi.as_deref().ok_or_else(|| wrong("serviceCode", "site-mediator-undescribed", &code))?;
    Ok(hidden(text))
}
