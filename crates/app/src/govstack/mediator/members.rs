//! The roster as GovStack's `IMconf`, and an `IMconf` put into the roster's document.
use gateway::protocol::ids::ClientId;
use gateway::roster::{Listed, Roster, Service};
use platform::error::{Error, Result};
use serde_json::{Map, Value, json};

use super::access;
use super::caller::wrong;

/// What an `IMconf` says that the roster does not: it is the deployment's.
pub struct Place<'a> {
    pub domain: String,
    /// `http` or `https`: how systems call the gateway.
    pub connection: &'static str,
    /// Where the caller reached this interface.
    pub door: String,
    /// The organisation that has a credit code, by its key.
    pub organisation: &'a dyn Fn(&str) -> Option<String>,
}

/// What becomes of what an `IMconf` does not describe.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Undescribed {
    Stays,
    Goes,
}

/// Who may call a service, groups told one by one.
pub fn clients<'r>(roster: &'r Roster, service: &'r Service) -> impl Iterator<Item = &'r Listed> {
    roster.listed.iter().filter(|listed| !roster.endpoints(service, &listed.id.to_string()).is_empty())
}

/// Where a service's description is read.
fn description_at(place: &Place<'_>, provider: &ClientId, code: &str) -> String {
    format!("{}{}", place.door, description_path(provider, code))
}

fn description_path(provider: &ClientId, code: &str) -> String {
    format!("/r1/{provider}/getOpenAPI?serviceCode={}", platform::page::encode(code))
}

/// `document`: the roster's, for the addresses.
pub fn shown((roster, document): (&Roster, &Value), place: &Place<'_>) -> Value {
    let mut members: Vec<Value> = Vec::new();
    for entry in document["subsystems"].as_array().into_iter().flatten() {
        let Some(id) = id_of(&roster.instance, entry) else { continue };
        let services = entry["services"].as_array().into_iter().flatten();
        let services: Vec<Value> = services.filter_map(|service| one(roster, (&id, service), place)).collect();
        let application = json!({"id": id.subsystem, "connection": place.connection, "services": services});
        let known = members.iter_mut().find(|member| member["class"] == *id.class && member["code"] == *id.member);
        match known.and_then(|member| member["applications"].as_array_mut()) {
            Some(applications) => applications.push(application),
            None => members.push(json!({
                "name": entry["member_name"], "class": id.class, "code": id.member, "applications": [application],
            })),
        }
    }
    json!({"domain": place.domain, "instance": roster.instance, "members": members})
}

fn one(roster: &Roster, (provider, entry): (&ClientId, &Value), place: &Place<'_>) -> Option<Value> {
    let code = entry["code"].as_str()?;
    let service = roster.services_of(provider).into_iter().find(|service| service.id.code == code)?;
    let right = |listed: &Listed| json!({"member": listed.member_name, "application": listed.id.subsystem});
    let rights: Vec<Value> = clients(roster, service).map(right).collect();
    let description = description_at(place, provider, code);
    Some(json!({"id": code, "specUrl": description, "serviceUrl": entry["url"], "rights": rights}))
}

/// The application of an entry of the document.
pub fn id_of(instance: &str, entry: &Value) -> Option<ClientId> {
    let text = format!("{instance}/{}", entry["id"].as_str()?);
    ClientId::parse(&text, gateway::protocol::ids::Alphabet::Relaxed).ok()
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str> {
    let found = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    found.ok_or_else(|| wrong(name, "site-mediator-missing", name))
}

fn list<'v>(value: &'v Value, name: &str) -> Option<&'v Vec<Value>> {
    value.get(name).and_then(Value::as_array)
}

/// Puts an `IMconf` into the document. `Invalid`: what has no place in it, or what it lacks.
pub fn put(
    (roster, document): (&Roster, &mut Value),
    conf: &Map<String, Value>,
    (undescribed, place): (Undescribed, &Place<'_>),
) -> Result<()> {
    let conf = Value::Object(conf.clone());
    for (name, ours, key) in
        [("instance", &roster.instance, "site-mediator-instance"), ("domain", &place.domain, "site-mediator-domain")]
    {
        if text(&conf, name)? != ours {
            return Err(wrong(name, key, ours));
        }
    }
    if document["subsystems"].is_null() {
        document["subsystems"] = json!([]);
    }
    let mut putting = Putting { roster, place, undescribed, described: Vec::new(), conf: &conf };
    for member in list(&conf, "members").into_iter().flatten() {
        putting.member(document, member)?;
    }
    if undescribed == Undescribed::Goes {
        putting.leave_only_described(document);
    }
    Ok(())
}

struct Putting<'a> {
    roster: &'a Roster,
    place: &'a Place<'a>,
    undescribed: Undescribed,
    conf: &'a Value,
    /// Applications, `INSTANCE/CLASS/MEMBER/APPLICATION`.
    described: Vec<String>,
}

impl Putting<'_> {
    fn member(&mut self, document: &mut Value, member: &Value) -> Result<()> {
        let (name, class, code) = (text(member, "name")?, text(member, "class")?, text(member, "code")?);
        for application in list(member, "applications").into_iter().flatten() {
            let id = ClientId {
                instance: self.roster.instance.clone(),
                class: class.to_owned(),
                member: code.to_owned(),
                subsystem: Some(text(application, "id")?.to_owned()),
            };
            self.application(document, (&id, name), application)?;
            self.described.push(id.to_string());
        }
        let mut known = false;
        for entry in document["subsystems"].as_array_mut().into_iter().flatten() {
            let id = id_of(&self.roster.instance, entry);
            if id.is_some_and(|id| id.class == class && id.member == code) {
                entry["member_name"] = name.into();
                known = true;
            }
        }
        // A member stands in the roster by its applications.
        if known { Ok(()) } else { Err(wrong("members", "site-mediator-applications", name)) }
    }

    fn application(&self, document: &mut Value, (id, name): (&ClientId, &str), said: &Value) -> Result<()> {
        if let Some(connection) = said.get("connection").filter(|connection| **connection != self.place.connection) {
            return Err(wrong("connection", "site-mediator-connection", connection.as_str().unwrap_or_default()));
        }
        let groups = document["groups"].clone();
        let entries = document["subsystems"].as_array_mut().ok_or(Error::NotFound)?;
        let at = entries.iter().position(|entry| id_of(&id.instance, entry).as_ref() == Some(id));
        let at = at.unwrap_or_else(|| {
            entries.push(self.new_application(id, name));
            entries.len() - 1
        });
        let entry = &mut entries[at];
        if let Some(callers) = said.get("x-callers") {
            entry["callers"] = callers.clone();
        }
        let described = list(said, "services");
        let mut services = entry["services"].as_array().cloned().unwrap_or_default();
        if self.undescribed == Undescribed::Goes {
            let names = |service: &Value| described.into_iter().flatten().any(|one| one["id"] == service["code"]);
            services.retain(names);
        }
        for service in described.into_iter().flatten() {
            self.service(&mut services, (id, service), &groups)?;
        }
        entry["services"] = services.into();
        Ok(())
    }

    /// Nobody may speak for a new application until the roster says how it proves itself.
    fn new_application(&self, id: &ClientId, name: &str) -> Value {
        let text = id.to_string();
        let within = text.split_once('/').map_or(text.as_str(), |(_, rest)| rest);
        json!({
            "id": within, "name": id.subsystem, "member_name": name,
            "organisation": (self.place.organisation)(&id.member), "services": [],
        })
    }

    fn service(&self, services: &mut Vec<Value>, (id, said): (&ClientId, &Value), groups: &Value) -> Result<()> {
        let (code, url, description) = (text(said, "id")?, text(said, "serviceUrl")?, text(said, "specUrl")?);
        let at = services.iter().position(|service| service["code"] == code);
        let at = at.unwrap_or_else(|| {
            services.push(json!({"code": code, "url": "", "access": []}));
            services.len() - 1
        });
        let service = &mut services[at];
        // Parts of this program are services only where the roster itself says so.
        if service["url"] != url && url.starts_with("application:") {
            return Err(wrong("serviceUrl", "site-mediator-url", url));
        }
        service["url"] = url.into();
        if !description.ends_with(&description_path(id, code)) {
            service["openapi"] = inline(description)?.into();
            service["kind"] = "openapi".into();
        }
        if let Some(rights) = list(said, "rights") {
            let clients = rights.iter().map(|right| self.client(right)).collect::<Result<Vec<_>>>()?;
            access::set(service, groups, &clients)?;
        }
        Ok(())
    }

    /// The application that a right names, by its member's name or code.
    fn client(&self, right: &Value) -> Result<String> {
        let (member, application) = (text(right, "member")?, text(right, "application")?);
        let here = self.roster.listed.iter().map(|one| (one.id.clone(), one.member_name.clone()));
        let new = list(self.conf, "members").into_iter().flatten().flat_map(|said| {
            let part = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
            list(said, "applications").into_iter().flatten().map(move |one| {
                let subsystem = one["id"].as_str().map(str::to_owned);
                let (class, member) = (part("class"), part("code"));
                (ClientId { instance: self.roster.instance.clone(), class, member, subsystem }, part("name"))
            })
        });
        let is = |id: &ClientId, name: &str| {
            (name == member || id.member == member) && id.subsystem.as_deref() == Some(application)
        };
        let mut found: Vec<String> =
            here.chain(new).filter(|(id, name)| is(id, name)).map(|(id, _)| id.to_string()).collect();
        found.dedup();
        let said = || format!("{member}/{application}");
        found.into_iter().next().ok_or_else(|| wrong("rights", "site-mediator-unknown", &said()))
    }

    fn leave_only_described(&self, document: &mut Value) {
        let stays = |id: &str| self.described.iter().any(|one| one == id);
        let ours = |id: &str| self.roster.subsystem(id).is_some();
        let Some(entries) = document["subsystems"].as_array_mut() else { return };
        entries.retain(|entry| id_of(&self.roster.instance, entry).is_some_and(|id| stays(&id.to_string())));
        // Whoever comes back later begins without rights.
        for service in entries.iter_mut().filter_map(|entry| entry["services"].as_array_mut()).flatten() {
            if let Some(access) = service["access"].as_array_mut() {
                access.retain(|right| right["to"].as_str().is_none_or(|to| stays(to) || !ours(to)));
            }
        }
        for group in document["groups"].as_array_mut().into_iter().flatten() {
            if let Some(members) = group["members"].as_array_mut() {
                members.retain(|member| member.as_str().is_some_and(|member| stays(member) || !ours(member)));
            }
        }
    }
}

/// The description that a `data:` address holds. Nothing is fetched from where a caller says.
fn inline(address: &str) -> Result<String> {
    use base64::Engine as _;
    let refused = || wrong("specUrl", "site-mediator-spec", address.get(..80).unwrap_or(address));
    let (kind, data) = address.strip_prefix("data:").and_then(|rest| rest.split_once(',')).ok_or_else(refused)?;
    let text = if kind.ends_with(";base64") {
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).map_err(|_| refused())?;
        String::from_utf8(bytes).map_err(|_| refused())?
    } else {
        gateway::protocol::ids::decode(data).ok_or_else(refused)?
    };
    let read: Value = serde_norway::from_str(&text).map_err(|_| refused())?;
    if read.get("openapi").is_some() || read.get("swagger").is_some() { Ok(text) } else { Err(refused()) }
}
