//! Which resources departments' own systems answer for: the documents under `connectors/`, checked, then opened.
use std::collections::HashMap;
use std::sync::Arc;

use connectors::{Document as Description, Peers, Source, Surroundings, WithoutAddress, line_of};
use exchange::connector::{self, Connector, SourceConnector};
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
        let wrong = |near: &str, why: &str| format!("{path}:{}: {why}", line_of(text, near));
        let key = &document.resource;
        let Some(resource) = find(key) else {
            let why = format!("the catalogue has no resource {key}; publish its entry under registers/ first");
            return Err(wrong("resource", &why));
        };
        if all.iter().any(|other| other.resource == *key) {
            let why = format!("{key} has a connector already, and one resource has one source; keep one");
            return Err(wrong("resource", &why));
        }
        connector::check(&document, &resource).map_err(|(near, why)| wrong(&near, &why))?;
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
        let unknown = wrong(&EDUCATION.replace("  school:", "  scool:"));
        assert!(unknown.starts_with("connectors/b.yaml:18: field scool:"), "{unknown}");
        let untyped = wrong(&EDUCATION.replace("\"1\", \"否\"", "yes, \"否\""));
        assert!(untyped.starts_with("connectors/b.yaml:20: field enrolled:"), "{untyped}");
        assert!(untyped.contains("education") && untyped.contains("write codes"), "{untyped}");
        let without: String =
            EDUCATION.lines().filter(|line| !line.contains("  school:")).map(|l| format!("{l}\n")).collect();
        assert!(wrong(&without).contains("requires the field school"));
    }
}
