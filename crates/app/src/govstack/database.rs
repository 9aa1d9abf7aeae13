//! The Database API (1.1.0): every version of every schema, and the way of a new one: handed in by its provider as a
//! draft, published by the data office at the desk of the catalogue. What was published is never taken away.
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use platform::error::{Error, FieldError, Result};
use platform::i18n::{Lang, Text};
use platform::policy::{Action, On};
use registry::{Held, Opening, Resource, ResourceCode, SchemaVersion, Sharing, Standing};
use serde_json::{Map, Value, json};

use super::call::{Call, answer, ok};
use super::schema;

/// An identifier is the serial of the catalogue's code, then four digits of the version.
const VERSIONS: i64 = 10_000;
/// What the Data API does with a register.
const SERVICES: [&str; 8] =
    ["list", "create", "exists", "read", "update", "updateEntries", "updateOrCreate", "readValue"];

fn id_of(version: &SchemaVersion) -> i64 {
    let serial = version.document.parts().map_or(0, |code| i64::from(code.serial));
    serial * VERSIONS + version.number
}

fn shown(call: &Call, version: &SchemaVersion) -> Value {
    let document = &version.document;
    let organisation = call.parts.directory.organisations().find(&document.provider).map(|one| one.name.en.clone());
    let service = |(at, name): (usize, &&str)| json!({"serviceId": at + 1, "name": name, "isVisible": true});
    let required = document.fields.iter().filter(|field| field.required);
    let flags: Vec<Value> =
        required.map(|field| json!({"name": "mandatory", "path": format!("/{}", field.key)})).collect();
    json!({
        "id": id_of(version),
        "version": format!("{}.0", version.number),
        "name": document.key,
        "description": document.name.en,
        "institution": organisation.unwrap_or_else(|| document.provider.clone()),
        "schema": schema::of_resource(document),
        "schemaFlags": flags,
        "fieldsUniques": [["id"]],
        "isDraft": matches!(version.standing, Standing::Draft(_)),
        "isDisabled": false,
        "isArchived": version.standing == Standing::Past,
        "modifiedAt": version.at.rfc3339(call.ctx.zone()),
        "genericServices": SERVICES.iter().enumerate().map(service).collect::<Vec<_>>(),
    })
}

pub async fn all(call: Call) -> Response {
    let read = async {
        let versions = call.parts.registry.schema_versions(&call.ctx, &call.organisation).await?;
        let databases: Vec<Value> = versions.iter().map(|version| shown(&call, version)).collect();
        // The published description has one group; ours is the catalogue.
        Ok(ok(&json!({
            "id": 1, "name": call.ctx.t("site-govstack-catalogue"), "code": "catalogue", "databases": databases,
            "groupId": 1, "order": 1,
        })))
    };
    answer(&call, read.await)
}

async fn find(call: &Call, id: &str) -> Result<SchemaVersion> {
    let id: i64 = id.parse().map_err(|_| Error::field("id", "site-govstack-count"))?;
    let versions = call.parts.registry.schema_versions(&call.ctx, &call.organisation).await?;
    versions.into_iter().find(|version| id_of(version) == id).ok_or(Error::NotFound)
}

pub async fn one(call: Call, Path(id): Path<String>) -> Response {
    answer(&call, find(&call, &id).await.map(|version| ok(&shown(&call, &version))))
}

pub async fn delete(call: Call, Path(id): Path<String>) -> Response {
    let deleted = async {
        let version = find(&call, &id).await?;
        let Standing::Draft(draft) = &version.standing else {
            return Err(Error::Conflict("site-govstack-published"));
        };
        let grant = call.ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
        call.parts.registry.take_back(&call.ctx, grant, (&call.organisation, draft)).await?;
        Ok(ok(&"Success".into()))
    };
    answer(&call, deleted.await)
}

pub async fn modify(call: Call, body: Bytes) -> Response {
    let modified = async {
        let wanted = Wanted::read(&body)?;
        let registry = &call.parts.registry;
        registry.refresh().await?;
        let known = registry.catalogue().get(&wanted.key).cloned();
        let document = match &known {
            Some(known) if known.provider != call.organisation => return Err(Error::Denied("site-govstack-provider")),
            Some(known) => wanted.changed(known)?,
            None => wanted.new_entry(&call)?,
        };
        let grant = call.ctx.allow(Action::RegistryImport, &On::PUBLIC)?;
        let answer = ok(&schema::of_resource(&document));
        registry.hand_in(&call.ctx, grant, document).await?;
        Ok(answer)
    };
    answer(&call, modified.await)
}

/// What a call wants a schema to be.
struct Wanted {
    key: String,
    group: String,
    name: String,
    schema: Map<String, Value>,
}

impl Wanted {
    fn read(body: &Bytes) -> Result<Self> {
        let mut body: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| Error::field("body", "site-govstack-content"))?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let (key, group, name) = (text("code").to_ascii_lowercase(), text("groupName"), text("catalogName"));
        if key.is_empty() {
            return Err(Error::field("code", "site-govstack-code"));
        }
        match body.remove("schema") {
            Some(Value::Object(schema)) => Ok(Self { key, group, name, schema }),
            _ => Err(Error::field("schema", "site-govstack-content")),
        }
    }

    /// The next version of an entry: other fields, the same terms.
    fn changed(&self, known: &Resource) -> Result<Resource> {
        let mut document = known.clone();
        document.fields = schema::fields(&self.schema, Some(known))?;
        let fields = document.clone();
        document.rules.retain(|rule| rule.flaw(&fields).is_none());
        Ok(document)
    }

    /// An entry beside one of the provider's others. This interface has no words for the terms of sharing, so it is shared
    /// with nobody and says that its ground is not stated yet; the data office sees that before it publishes.
    fn new_entry(&self, call: &Call) -> Result<Resource> {
        let catalogue = call.parts.registry.catalogue();
        let beside = catalogue.iter().find(|entry| entry.provider == call.organisation);
        let beside = beside.ok_or_else(|| Error::field("code", "site-govstack-first"))?;
        let code = ResourceCode::assemble(beside.classification(), catalogue.next_serial());
        let unstated = words(call, "site-govstack-unstated");
        let description = self.schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let name = [&self.name, &self.group, &self.key].into_iter().find(|text| !text.is_empty());
        let name = schema::same(name.map_or("", String::as_str));
        Ok(Resource {
            key: self.key.clone(),
            code: code.ok_or_else(|| Error::Invalid(vec![FieldError::new("code", "site-govstack-code")]))?.to_string(),
            summary: if description.trim().is_empty() { name.clone() } else { schema::same(description) },
            name,
            subject: schema::subject(&self.schema)?.unwrap_or(beside.subject),
            fields: schema::fields(&self.schema, None)?,
            sharing: Sharing::None,
            sharing_condition: None,
            sharing_ground: unstated.clone(),
            opening: Opening::None,
            opening_condition: None,
            published: call.ctx.today(),
            keywords: Vec::new(),
            quality: unstated,
            max_age_days: 0,
            rules: Vec::new(),
            related: Vec::new(),
            held: Held::Here,
            ..(**beside).clone()
        })
    }
}

/// A text of the program in the three languages. keys: site-govstack-unstated
fn words(call: &Call, key: &str) -> Text {
    let of = |lang: Lang| call.ctx.platform().texts().get(lang, key).to_owned();
    Text { zh_hans: of(Lang::ZhHans), zh_hant: of(Lang::ZhHant), en: of(Lang::En) }
}
