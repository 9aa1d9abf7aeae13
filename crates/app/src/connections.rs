//! Which resources departments' own systems answer for: the documents under `connectors/`, checked, then opened.
use std::collections::HashMap;
use std::sync::Arc;

use connectors::{Document as Description, Peers, Source, Surroundings, WithoutAddress};
use exchange::connector::{Connector, SourceConnector};
use platform::documents;
use platform::error::{Error, Result};
use platform::policy::{Action, On};
use platform::{Ctx, Platform};
use registry::{Registry, Resource};

use crate::peer_source::ThroughGateway;

/// Where the documents lie within a pack.
pub const FOLDER: &str = "connectors/";

/// Path and text of each document → what it describes. `find` knows the catalogue's entries.
pub fn check<'a>(
    documents: impl Iterator<Item = (&'a str, &'a str)>,
    find: impl Fn(&str) -> Option<Arc<Resource>>,
) -> std::result::Result<Vec<Description>, String> {
    let mut all: Vec<Description> = Vec::new();
    for (path, text) in documents {
        let document = Description::parse(path, text)?;
        let wrong = |why: &str| format!("{path}:1: {why}");
        let key = &document.resource;
        let Some(resource) = find(key) else {
            return Err(wrong(&format!(
                "the catalogue has no resource {key}; publish its entry under registers/ first"
            )));
        };
        if all.iter().any(|other| other.resource == *key) {
            return Err(wrong(&format!("{key} has a connector already, and one resource has one source; keep one")));
        }
        if let Some(unknown) = document.fields.keys().find(|field| resource.field(field).is_none()) {
            return Err(wrong(&format!("the entry of {key} has no field {unknown}; use the names of the entry")));
        }
        let missing = |field: &&registry::Field| field.required && !document.fields.contains_key(&field.key);
        if let Some(field) = resource.fields.iter().find(missing) {
            let field = &field.key;
            return Err(wrong(&format!("{key} requires the field {field}; say where it stands in their answer")));
        }
        for (field, map) in &document.fields {
            let known = resource.field(field).filter(|field| field.kind == registry::FieldType::Code);
            let Some(known) = known.map(|field| &field.values) else { continue };
            let ours = map.codes.values().chain(&map.otherwise);
            if let Some(code) = ours.into_iter().find(|code| !known.iter().any(|value| value.code == **code)) {
                return Err(wrong(&format!(
                    "{field} becomes {code}, which the entry of {key} does not list; use its codes"
                )));
            }
        }
        all.push(document);
    }
    Ok(all)
}

/// A connector for each document; where this deployment gives no address and the document allows it, the built-in
/// register goes on answering.
pub async fn open(
    platform: &Platform,
    registry: &Registry,
    peers: &Arc<ThroughGateway>,
) -> Result<HashMap<String, Arc<dyn Connector>>> {
    let ctx = Ctx::system(platform, "connectors.open");
    let grant = ctx.allow(Action::HallRead, &On::PUBLIC)?;
    let documents = platform.db().read(grant, |tx| documents::list(tx, FOLDER)).await?;
    let texts = documents.iter().map(|document| (document.path.as_str(), document.text.as_str()));
    let described = check(texts, |key| registry.catalogue().get(key).cloned()).map_err(Error::Internal)?;
    let config = platform.config();
    let around = Surroundings { data: config.data.dir.clone(), addresses: config.connectors.addresses.clone() };
    let mut connectors: HashMap<String, Arc<dyn Connector>> = HashMap::new();
    for document in described {
        let resource = document.resource.as_str();
        match (around.missing(&document), document.without_address) {
            (Some(name), WithoutAddress::Register) => {
                tracing::info!(resource, name, "no address in connectors.addresses: the built-in register answers");
            }
            (Some(name), WithoutAddress::Refuse) => {
                return Err(Error::Internal(format!(
                    "the connector of {resource} needs an address; set connectors.addresses.{name}"
                )));
            }
            (None, _) => {
                let among: (&Surroundings, Arc<dyn Peers>) = (&around, Arc::clone(peers) as _);
                let source = Source::open_among(&document, among, platform.clock().clone()).map_err(Error::Internal)?;
                let connector = SourceConnector::new(source, platform.clock().clone(), config.site.zone());
                connectors.insert(resource.to_owned(), Arc::new(connector));
            }
        }
    }
    Ok(connectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDUCATION: &str = include_str!("../../../packs/demo/connectors/education.yaml");

    fn wrong(text: &str) -> String {
        let entry = include_str!("../../../packs/demo/registers/education.yaml");
        let entry = Resource::parse("education.yaml", entry).unwrap();
        let texts = [("connectors/a.yaml", EDUCATION), ("connectors/b.yaml", text)];
        let known = Arc::new(entry);
        let texts: Vec<(&str, &str)> = if text.is_empty() { texts[..1].to_vec() } else { texts[1..].to_vec() };
        let twice = if text == EDUCATION { vec![("a", EDUCATION), ("b", EDUCATION)] } else { texts };
        check(twice.into_iter(), |key| (key == "education").then(|| Arc::clone(&known))).err().unwrap_or_default()
    }

    #[test]
    fn documents_keep_to_the_catalogue() {
        assert_eq!(wrong(""), "");
        assert!(wrong(EDUCATION).contains("already"));
        assert!(
            wrong(&EDUCATION.replace("resource: education", "resource: learning")).contains("no resource learning")
        );
        assert!(wrong(&EDUCATION.replace("  school:", "  scool:")).contains("no field scool"));
        let without: String =
            EDUCATION.lines().filter(|line| !line.contains("  school:")).map(|l| format!("{l}\n")).collect();
        assert!(wrong(&without).contains("requires the field school"));
    }
}
