//! Metadata services (PR-META, PR-MREST): who takes part, which services there are, which of them I may call, how they are
//! described. Those of a provider need no access right, but are signed and logged as every call.
use std::borrow::Cow;

use platform::clock::{SECOND, Timestamp};
use serde_json::{Value, json};

use crate::consumer::{Call, who};
use crate::evidence::{Bodies, Refused, Wanted};
use crate::gateway::Gateway;
use crate::log::entry::Part;
use crate::message::Asked;
use crate::protocol::fault::{Fault, Kind};
use crate::protocol::ids::{ClientId, decode};
use crate::roster::{Backend, Listed, Roster, Service, ServiceKind};

/// What is asked of a provider's gateway itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Described {
    Methods,
    AllowedMethods,
    OpenApi,
}

/// A document with its media type.
pub struct Document {
    pub text: String,
    pub kind: &'static str,
}

/// None: a call of an application.
#[must_use]
pub fn wanted(asked: &Asked) -> Option<Described> {
    if asked.names.verb != "GET" || !asked.address.path.is_empty() {
        return None;
    }
    match asked.address.service.code.as_str() {
        "listMethods" => Some(Described::Methods),
        "allowedMethods" => Some(Described::AllowedMethods),
        "getOpenAPI" => Some(Described::OpenApi),
        _ => None,
    }
}

/// Answers `GET /asic?queryId=…` (UG-SIGDOC): evidence of one of the caller's own messages. None: something else is asked.
pub async fn evidence(gateway: &Gateway, call: &Call<'_>) -> Option<Result<Document, Fault>> {
    let (path, query) = call.target.split_once('?').unwrap_or((call.target, ""));
    if path != "/asic" || call.verb != "GET" {
        return None;
    }
    Some(evidence_of(gateway, call, query).await)
}

async fn evidence_of(gateway: &Gateway, call: &Call<'_>, query: &str) -> Result<Document, Fault> {
    let client = who(&gateway.roster(), call)?;
    let limit = gateway.platform().config().gateway.evidence_per_minute;
    if !gateway.keeping().may_ask(&client.text, (gateway.now(), limit)) {
        let why = format!("{} asked for evidence {limit} times in this minute; ask again in the next", client.text);
        return Err(Kind::TooManyRequests.says(why));
    }
    let message_id = parameter(query, "queryId").filter(|id| !id.is_empty());
    let Some(message_id) = message_id else {
        return Err(Kind::InvalidRequest.says("name the message in the parameter queryId: its X-Road-Id"));
    };
    match gateway.evidence(narrowed(Wanted::of(&message_id, &client.text), query)?).await {
        Ok(evidence) => Ok(as_json(&json!(evidence))),
        Err(Refused::Nothing) => Err(Kind::InvalidRequest.says(format!(
            "the log has no message {message_id} of {}; what is older than {} days lies in the archive, ask who runs this \
             gateway",
            client.text,
            gateway.platform().config().gateway.log_days
        ))),
        Err(Refused::TooMuch(why)) => Err(Kind::TooLarge.says(why)),
        Err(Refused::Store(error)) => {
            tracing::error!(%error, "evidence could not be read");
            Err(Kind::ClientIoError.says("the log cannot be read now; ask again later"))
        }
    }
}

/// The parameters beside the message's number: `requestOnly`, `responseOnly`, `since`, `until`, `bodies`.
fn narrowed<'a>(wanted: Wanted<'a>, query: &str) -> Result<Wanted<'a>, Fault> {
    let named = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let seconds = |name: &str, other: Timestamp| match parameter(query, name) {
        None => Ok(other),
        Some(text) => text.parse::<i64>().map(|second| Timestamp(second.saturating_mul(SECOND))).map_err(|_| {
            Kind::InvalidRequest.says(format!("{name} must be seconds since 1970, {text:?} is not a number of them"))
        }),
    };
    let part = match (named("requestOnly"), named("responseOnly")) {
        (true, false) => Some(Part::Request),
        (false, true) => Some(Part::Answer),
        _ => None,
    };
    let bodies = if named("bodies") { Bodies::With } else { Bodies::Left };
    let (since, until) = (seconds("since", wanted.since)?, seconds("until", wanted.until)?);
    Ok(Wanted { part, bodies, since, until, ..wanted })
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).and_then(|(_, value)| decode(&value.replace('+', " ")))
}

pub fn answer(gateway: &Gateway, asked: &Asked, wanted: Described) -> Result<Document, Fault> {
    let provider = &asked.address.service.provider;
    match wanted {
        Described::Methods => Ok(as_json(&methods(gateway, provider, None))),
        Described::AllowedMethods => Ok(as_json(&methods(gateway, provider, Some(&asked.names.client)))),
        Described::OpenApi => openapi(gateway, provider, asked.address.query.as_deref().unwrap_or_default()),
    }
}

fn as_json(value: &Value) -> Document {
    Document { text: value.to_string(), kind: "application/json;charset=utf-8" }
}

/// Answers `GET /listClients[?xRoadInstance=…]`; JSON when Accept names it, else XML. None: something else is asked.
pub fn list_clients(roster: &Roster, call: &Call<'_>) -> Option<Result<Document, Fault>> {
    let (path, query) = call.target.split_once('?').unwrap_or((call.target, ""));
    (path == "/listClients" && call.verb == "GET").then(|| clients(roster, call, parameter(query, "xRoadInstance")))
}

fn clients(roster: &Roster, call: &Call<'_>, instance: Option<String>) -> Result<Document, Fault> {
    let instance = instance.unwrap_or_else(|| roster.instance.clone());
    let listed: Vec<&Listed> = roster.listed.iter().filter(|listed| listed.id.instance == instance).collect();
    if listed.is_empty() && instance != roster.instance {
        return Err(Kind::InvalidRequest.says(format!("no participant of the instance {instance} is known here")));
    }
    if call.last("accept").is_some_and(|accept| accept.contains("application/json")) {
        let member = |listed: &&Listed| {
            let mut id = id_json(&listed.id);
            id["object_type"] = "SUBSYSTEM".into();
            json!({"id": id, "name": listed.member_name, "subsystem_name": listed.name})
        };
        return Ok(as_json(&json!({"member": listed.iter().map(member).collect::<Vec<_>>()})));
    }
    Ok(Document { text: clients_xml(&listed), kind: "text/xml;charset=utf-8" })
}

fn clients_xml(listed: &[&Listed]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><xroad:clientList xmlns:xroad=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\">",
    );
    for listed in listed {
        let id = &listed.id;
        let segments = [
            ("xRoadInstance", Some(&id.instance)),
            ("memberClass", Some(&id.class)),
            ("memberCode", Some(&id.member)),
            ("subsystemCode", id.subsystem.as_ref()),
        ];
        xml.push_str("<xroad:member><xroad:id id:objectType=\"SUBSYSTEM\">");
        for (tag, value) in segments {
            xml.push_str(&format!("<id:{tag}>{}</id:{tag}>", escape(value.map_or("", String::as_str))));
        }
        xml.push_str(&format!("</xroad:id><xroad:name>{}</xroad:name></xroad:member>", escape(&listed.member_name)));
    }
    xml + "</xroad:clientList>"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn id_json(id: &ClientId) -> Value {
    json!({
        "xroad_instance": id.instance, "member_class": id.class, "member_code": id.member,
        "subsystem_code": id.subsystem,
    })
}

/// Services of a provider with their endpoints; `client`: only those that it may call.
fn methods(gateway: &Gateway, provider: &ClientId, client: Option<&str>) -> Value {
    let roster = gateway.roster();
    let one = |service: &&std::sync::Arc<Service>| {
        let mut endpoints = client.map_or_else(|| service.endpoints(), |client| roster.endpoints(service, client));
        if endpoints.is_empty() && client.is_some() {
            return None;
        }
        // A right to everything covers the others.
        if endpoints.iter().any(|(method, path)| method == "*" && path == "**") {
            endpoints = service.endpoints();
        }
        let listed = endpoints.iter().map(|(method, path)| json!({"method": method, "path": path}));
        let mut value = id_json(provider);
        value["object_type"] = "SERVICE".into();
        value["service_code"] = service.id.code.clone().into();
        let described = service.kind == ServiceKind::OpenApi || description_of(gateway, service).is_some();
        value["service_type"] = if described { "OPENAPI" } else { "REST" }.into();
        value["endpoint_list"] = listed.collect();
        Some(value)
    };
    json!({"service": roster.services_of(provider).iter().filter_map(one).collect::<Vec<_>>()})
}

/// The roster's own, else that of the application in this program.
fn description_of<'a>(gateway: &Gateway, service: &'a Service) -> Option<Cow<'a, str>> {
    match (&service.openapi, &service.backend) {
        (Some(description), _) => Some(description.into()),
        (None, Backend::Application(name)) => gateway.application(name)?.describe(&service.id.code).map(Cow::Owned),
        (None, Backend::System { .. }) => None,
    }
}

fn openapi(gateway: &Gateway, provider: &ClientId, query: &str) -> Result<Document, Fault> {
    let Some(code) = parameter(query, "serviceCode").filter(|code| !code.is_empty()) else {
        return Err(Kind::InvalidRequest.says("name the service in the parameter serviceCode"));
    };
    let roster = gateway.roster();
    let services = roster.services_of(provider);
    let Some(service) = services.into_iter().find(|service| service.id.code == code) else {
        return Err(Kind::UnknownService.says(format!("{provider} has no service {code}")));
    };
    let Some(description) = description_of(gateway, service) else {
        return Err(Kind::InternalError.says(format!("{code} is not described by OpenAPI")));
    };
    Ok(anonymous(&description))
}

/// The description with its servers' addresses taken out, in the language in which it was written.
fn anonymous(description: &str) -> Document {
    let hide = |value: &mut Value| {
        let servers = value.get_mut("servers").and_then(Value::as_array_mut);
        for server in servers.into_iter().flatten() {
            server["url"] = "http://example.org/xroad-endpoint".into();
        }
    };
    if let Ok(mut value) = serde_json::from_str::<Value>(description) {
        hide(&mut value);
        return as_json(&value);
    }
    let mut value: Value = serde_norway::from_str(description).unwrap_or(Value::Null);
    hide(&mut value);
    Document { text: serde_norway::to_string(&value).unwrap_or_default(), kind: "application/yaml;charset=utf-8" }
}
