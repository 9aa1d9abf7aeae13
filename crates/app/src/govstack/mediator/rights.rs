//! Access rights of configuration management: who may call which service, paged by service and application.
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use gateway::Roster;
use gateway::protocol::ids::{ClientId, ServiceId};
use gateway::roster::{Listed, Service};
use platform::error::{Error, Result};
use platform::posted;
use serde_json::{Value, json};

use super::access;
use super::caller::{Keeper, json as json_answer, wrong};
use super::members::{clients, id_of};
use super::roster::{self, Change};

const PAGE: usize = 100;
const LONGEST_PAGE: usize = 1000;
const BASE64: base64::engine::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// One application that may call one service.
struct Pair<'r> {
    service: &'r Service,
    client: &'r Listed,
}

impl Pair<'_> {
    /// Where a page ends; the next one begins after it, whatever was granted or taken in between.
    fn place(&self) -> (String, String) {
        (self.service.text.clone(), self.client.id.to_string())
    }

    fn right(&self) -> Value {
        let id = &self.client.id;
        json!({
            "member": self.client.member_name, "application": id.subsystem, "memberClass": id.class,
            "memberCode": id.member, "applicationId": id.subsystem,
        })
    }
}

/// What is asked for.
struct Asked {
    filters: Vec<(String, String)>,
    size: usize,
    after: Option<(String, String)>,
}

impl Asked {
    fn read(query: &str) -> Result<Self> {
        let query = posted::parse_urlencoded(query);
        let of = |name: &str| query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, v)| v);
        let number = |text: &String| text.parse::<f64>().ok().filter(|size| size.is_finite());
        let size = match of("pageSize").map(number) {
            None => PAGE,
            Some(Some(size)) => (size.max(1.0) as usize).min(LONGEST_PAGE),
            Some(None) => return Err(Error::field("pageSize", "site-govstack-count")),
        };
        let token = |text: &String| {
            let bytes = BASE64.decode(text).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        let after = match of("nextPageToken").map(token) {
            Some(None) => return Err(Error::field("nextPageToken", "site-mediator-page")),
            after => after.flatten(),
        };
        let names = ["memberClass", "memberCode", "applicationId", "serviceId"];
        let filters = names.iter().filter_map(|name| Some(((*name).to_owned(), of(name)?.clone()))).collect();
        Ok(Self { filters, size, after })
    }

    fn wants(&self, service: &Service) -> bool {
        let id = &service.id;
        self.filters.iter().all(|(name, value)| match name.as_str() {
            "memberClass" => *value == id.provider.class,
            "memberCode" => *value == id.provider.member,
            "applicationId" => Some(value) == id.provider.subsystem.as_ref(),
            _ => *value == id.code,
        })
    }
}

pub async fn list(keeper: Keeper, RawQuery(query): RawQuery) -> Response {
    let shown = || {
        keeper.may("read:rights")?;
        let asked = Asked::read(&query.unwrap_or_default())?;
        Ok(json_answer(&page(&keeper.parts.gateway.roster(), &asked)))
    };
    keeper.answer(shown())
}

fn page(roster: &Roster, asked: &Asked) -> Value {
    let ours = roster.listed.iter().filter(|listed| roster.subsystem(&listed.id.to_string()).is_some());
    let services = ours.flat_map(|listed| roster.services_of(&listed.id)).filter(|service| asked.wants(service));
    let mut pairs: Vec<Pair<'_>> =
        services.flat_map(|service| clients(roster, service).map(|client| Pair { service, client })).collect();
    pairs.sort_by_key(Pair::place);
    pairs.retain(|pair| asked.after.as_ref().is_none_or(|after| pair.place() > *after));
    let more = pairs.len() > asked.size;
    pairs.truncate(asked.size);
    let mut shown: Vec<Value> = Vec::new();
    let mut last: Option<&ServiceId> = None;
    for pair in &pairs {
        let id = &pair.service.id;
        if last != Some(id) {
            let provider = &id.provider;
            shown.push(json!({
                "memberClass": provider.class, "memberCode": provider.member, "applicationId": provider.subsystem,
                "serviceId": id.code, "rights": [],
            }));
            last = Some(id);
        }
        let rights = shown.last_mut().and_then(|service| service["rights"].as_array_mut());
        rights.into_iter().for_each(|rights| rights.push(pair.right()));
    }
    let mut answer = json!({"allowList": shown});
    if let Some(pair) = pairs.last().filter(|_| more) {
        answer["nextPageToken"] = BASE64.encode(json!(pair.place()).to_string()).into();
    }
    answer
}

pub async fn allow(keeper: Keeper, bytes: Bytes) -> Response {
    let give = |service: &mut Value, _: &Value, client: &str| {
        access::allow(service, client);
        Ok(())
    };
    let done = each(&keeper, "roster.allowed", (&bytes, give)).await;
    keeper.answer(done)
}

pub async fn deny(keeper: Keeper, bytes: Bytes) -> Response {
    let done = each(&keeper, "roster.denied", (&bytes, access::deny)).await;
    keeper.answer(done)
}

/// One application and one service of ours.
struct Named {
    provider: ClientId,
    code: String,
    client: String,
}

/// Does the same with every right that is named, all or none of them.
async fn each(
    keeper: &Keeper,
    event: &'static str,
    (bytes, act): (&Bytes, impl Fn(&mut Value, &Value, &str) -> Result<()> + Send + 'static),
) -> Result<Response> {
    keeper.may("write:rights")?;
    let named = named(&keeper.parts.gateway.roster(), bytes)?;
    if named.is_empty() {
        return Ok(StatusCode::OK.into_response());
    }
    let edit = move |_: &Roster, document: &mut Value| {
        let groups = document["groups"].clone();
        for one in &named {
            let entries = document["subsystems"].as_array_mut().into_iter().flatten();
            let entry =
                entries.into_iter().find(|entry| id_of(&one.provider.instance, entry).as_ref() == Some(&one.provider));
            let services = entry.and_then(|entry| entry["services"].as_array_mut()).into_iter().flatten();
            let service = services.into_iter().find(|service| service["code"] == *one.code);
            act(service.ok_or_else(|| wrong("serviceId", "site-mediator-unknown", &one.code))?, &groups, &one.client)?;
        }
        Ok(())
    };
    roster::change(&keeper.parts, &keeper.ctx, Change { event, edit }).await?;
    Ok(StatusCode::OK.into_response())
}

fn named(roster: &Roster, bytes: &Bytes) -> Result<Vec<Named>> {
    let body = || Error::field("body", "site-mediator-body");
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let Ok(Value::Array(services)) = serde_json::from_slice(bytes) else { return Err(body()) };
    let mut all = Vec::new();
    for said in &services {
        let part = |name: &str| said[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(body);
        let (class, member) = (part("memberClass")?, part("memberCode")?);
        let subsystem = Some(part("applicationId")?);
        let provider = ClientId { instance: roster.instance.clone(), class, member, subsystem };
        let code = part("serviceId")?;
        let service = ServiceId { provider: provider.clone(), code: code.clone() }.to_string();
        if roster.service(&service).is_none() {
            return Err(wrong("serviceId", "site-mediator-unknown", &service));
        }
        for right in said["rights"].as_array().ok_or_else(body)? {
            all.push(Named { provider: provider.clone(), code: code.clone(), client: client(roster, right)? });
        }
    }
    Ok(all)
}

/// An application that takes part, by class and codes, or by the member's name or code and the application.
fn client(roster: &Roster, right: &Value) -> Result<String> {
    let part = |names: [&str; 2]| names.iter().find_map(|name| right[*name].as_str()).filter(|text| !text.is_empty());
    let (member, application) = (part(["memberCode", "member"]), part(["applicationId", "application"]));
    let class = right["memberClass"].as_str();
    let is = |listed: &&Listed| {
        let id = &listed.id;
        class.is_none_or(|class| class == id.class)
            && (member == Some(&*id.member) || member == Some(&*listed.member_name))
            && application == id.subsystem.as_deref()
    };
    let found = roster.listed.iter().find(is).map(|listed| listed.id.to_string());
    let said = || format!("{}/{}", member.unwrap_or_default(), application.unwrap_or_default());
    found.ok_or_else(|| wrong("rights", "site-mediator-unknown", &said()))
}
