//! Packs: the documents that a deployment works from, checked as a whole and published in one transaction.
use std::path::Path;
use std::sync::Arc;

use platform::Ctx;
use platform::clock::DAY;
use platform::documents::{self, Document};
use platform::error::{Error, Result};
use platform::policy::{Action, On};

use crate::connections;
use crate::wiring::App;

/// How long a grant of a pack holds; it is given anew with each load.
const GRANT: i64 = 3 * 366 * DAY;

/// Every YAML file below a folder, by its path within it.
pub fn read(folder: &Path) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    collect(folder, folder, &mut documents)?;
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    if documents.is_empty() {
        return Err(Error::Internal(format!("{}: no .yaml file below this folder", folder.display())));
    }
    Ok(documents)
}

fn collect(root: &Path, folder: &Path, documents: &mut Vec<Document>) -> Result<()> {
    let at = |e: std::io::Error| Error::Internal(format!("{}: {e}", folder.display()));
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            collect(root, &path, documents)?;
        } else if path.extension().is_some_and(|end| end == "yaml") {
            let text = std::fs::read_to_string(&path).map_err(at)?;
            let within = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            documents.push(Document { path: within, text });
        }
    }
    Ok(())
}

/// The text of one document.
pub fn text_of<'a>(documents: &'a [Document], path: &str) -> Result<&'a str> {
    let found = documents.iter().find(|document| document.path == path);
    found.map(|document| document.text.as_str()).ok_or_else(|| Error::Internal(format!("the pack has no {path}")))
}

/// Divisions and organisations, catalogue, items into their tables; certificate types stay documents. All or nothing.
pub async fn publish(ctx: &Ctx, documents: &[Document]) -> Result<()> {
    let divisions = directory::Divisions::parse(text_of(documents, "divisions.yaml")?).map_err(Error::Internal)?;
    let organisations = directory::Organisations::parse(text_of(documents, "organisations/organisations.yaml")?)
        .map_err(Error::Internal)?;
    let of = |folder: &str| -> Vec<(String, String)> {
        let inside = documents.iter().filter(|document| document.path.starts_with(folder));
        inside.map(|document| (document.path.clone(), document.text.clone())).collect()
    };
    let (registers, items, certificates) = (of("registers/"), of("items/"), of("certificates/"));
    let types = certificates.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    certificates::Types::load(types).map_err(Error::Internal)?;
    let resources = registers.iter().map(|(path, text)| registry::Resource::parse(path, text));
    let mut resources: Vec<_> = resources.collect::<std::result::Result<_, _>>().map_err(Error::Internal)?;
    let evidence = of("evidence/");
    let evidence = evidence.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let code_of = |key: &str| organisations.iter().find(|one| one.key == key).map(|one| one.uscc.clone());
    registry::check_pack(&mut resources, evidence, code_of).map_err(Error::Internal)?;
    let described = of(connections::FOLDER);
    let described = described.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let entry = |key: &str| resources.iter().find(|resource| resource.key == key).cloned().map(Arc::new);
    connections::check(described, entry).map_err(Error::Internal)?;
    let kinds = of("events/").iter().map(|(path, text)| event_type(path, text, code_of)).collect::<Result<Vec<_>>>()?;
    let entry = |key: &str| resources.iter().find(|resource| resource.key == key);
    kinds.iter().try_for_each(|kind| kind.check_register(entry)).map_err(Error::Internal)?;
    let documents = documents.to_vec();
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC)?;
    ctx.db()
        .write(grant, move |tx| {
            documents::publish(tx, &documents)?.into_inner();
            directory::seed::insert_divisions(tx, &divisions)?;
            directory::seed::insert_organisations(tx, &organisations)?;
            registry::publish(tx, &resources)?.into_inner();
            events::publish_types(tx, &kinds)?.into_inner();
            services::Hall::publish(tx, &items)
        })
        .await
        .map(|_| ())
}

/// A type of event whose publisher the pack knows.
fn event_type(path: &str, text: &str, code_of: impl Fn(&str) -> Option<String>) -> Result<events::EventType> {
    let kind = events::EventType::parse(path, text).map_err(Error::Internal)?;
    match code_of(&kind.publisher) {
        Some(_) => Ok(kind),
        None => Err(Error::Internal(format!("{path}: there is no organisation {}", kind.publisher))),
    }
}

/// What each item may ask of which register, as the items' own documents say.
pub async fn give_grants(ctx: &Ctx, app: &App) -> Result<()> {
    let mut seeds = Vec::new();
    for loaded in app.hall.items().current() {
        let item = &loaded.item;
        let mut resources: Vec<&str> = item.facts.iter().map(|need| need.resource.as_str()).collect();
        resources.sort_unstable();
        resources.dedup();
        for resource in resources {
            let needs = || item.facts.iter().filter(|need| need.resource == resource);
            seeds.push(exchange::GrantSeed {
                consumer: item.who.body.clone(),
                resource: resource.to_owned(),
                fields: needs().map(|need| need.field.clone()).collect(),
                purpose: item.key.clone(),
                basis: needs().next().map_or(String::new(), |need| exchange::basis_text(&need.basis)),
                valid_from: ctx.now(),
                valid_to: Some(ctx.now().plus(GRANT)),
            });
        }
    }
    let exchange = app.exchange.clone();
    let grant = ctx.allow(Action::PackLoad, &On::PUBLIC)?;
    ctx.db().write(grant, move |tx| exchange.seed_grants(tx, &seeds)).await.map(|_| ())
}
