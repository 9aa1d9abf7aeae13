//! The catalogue as systems see it: every version of every entry, an office's own drafts, handing in and taking back.
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::policy::{Action, Grant, On};
use platform::{Ctx, Error, FieldError, Result};

use crate::actions::submission::{self, Ending, Handing, examine};
use crate::model::catalogue::Catalogue;
use crate::model::document::Flaw;
use crate::model::resource::Resource;
use crate::model::submission::Submission;
use crate::store::submissions::list_of_office;
use crate::{Registry, store};

/// Open drafts of one office that are shown: each is a person's work to decide.
const DRAFTS: u32 = 500;

/// One version of an entry, or a draft of the next one.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaVersion {
    /// From 1; of a draft the number that it would get.
    pub number: i64,
    /// When it was published or handed in.
    pub at: Timestamp,
    pub document: Resource,
    pub standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    InForce,
    /// A later version counts.
    Past,
    /// Handed in under this number; the data office has not decided.
    Draft(String),
}

fn flaw_error(flaw: &Flaw) -> FieldError {
    FieldError { field: format!("line-{}", flaw.line), key: flaw.key, args: flaw.args.clone() }
}

fn open_of(tx: &mut Tx<'_>, office: &str) -> Result<Vec<Submission>> {
    Ok(list_of_office(tx, office, "z", DRAFTS)?.into_iter().filter(|one| one.state.is_open()).collect())
}

fn all_versions(tx: &mut Tx<'_>, office: &str) -> Result<Vec<SchemaVersion>> {
    let mut all = Vec::new();
    for resource in store::list_resources(tx)? {
        let versions = store::list_versions(tx, &resource.key)?;
        let standing = |at: usize| if at == 0 { Standing::InForce } else { Standing::Past };
        let shown = versions.into_iter().enumerate().map(|(at, one)| SchemaVersion {
            number: one.version,
            at: one.at,
            document: one.document,
            standing: standing(at),
        });
        all.extend(shown);
    }
    for draft in open_of(tx, office)? {
        let of = all.iter().filter(|one| one.document.key == draft.resource);
        let number = of.map(|one| one.number).max().unwrap_or(0) + 1;
        all.push(SchemaVersion { number, at: draft.at, document: draft.document, standing: Standing::Draft(draft.id) });
    }
    Ok(all)
}

impl Registry {
    /// Every version, newest first within an entry, then the open drafts of the office.
    pub async fn schema_versions(&self, ctx: &Ctx, office: &str) -> Result<Vec<SchemaVersion>> {
        let grant = ctx.allow(Action::CatalogueRead, &On::PUBLIC)?;
        let office = office.to_owned();
        ctx.db().read(grant, move |tx| all_versions(tx, &office)).await
    }

    /// Hands a document in for its provider, in place of an open draft of the same entry; the data office publishes it.
    /// The grant is the caller's leave to speak for the provider. `Invalid`: what is wrong with the document; `Conflict`:
    /// another office holds one of its fields.
    pub async fn hand_in(&self, ctx: &Ctx, grant: Grant, document: Resource) -> Result<()> {
        let text = serde_norway::to_string(&document).map_err(Error::internal)?;
        Resource::read(&text).map_err(|flaws| Error::Invalid(flaws.iter().map(flaw_error).collect()))?;
        let handing = Handing { registry: self.clone(), ctx: ctx.clone(), document, words: String::new() };
        ctx.db().write(grant, move |tx| replace_draft(tx, &handing, &text)).await.map(drop)
    }

    /// Takes an own draft back. `NotFound`: the office has no such draft that is open.
    pub async fn take_back(&self, ctx: &Ctx, grant: Grant, (office, id): (&str, &str)) -> Result<()> {
        let (office, ending) = (office.to_owned(), self.own_ending(ctx, id));
        let write = move |tx: &mut Tx<'_>| {
            open_of(tx, &office)?.iter().find(|one| one.id == ending.id).ok_or(Error::NotFound)?;
            submission::refuse(tx, &ending)
        };
        ctx.db().write(grant, write).await
    }

    fn own_ending(&self, ctx: &Ctx, id: &str) -> Ending {
        let reason = ctx.t("registry-submission-taken-back").to_owned();
        Ending { registry: self.clone(), ctx: ctx.clone(), id: id.to_owned(), reason }
    }
}

fn replace_draft(tx: &mut Tx<'_>, handing: &Handing, text: &str) -> Result<Audited<String>> {
    let (registry, document) = (&handing.registry, &handing.document);
    let catalogue = Catalogue::build(store::list_resources(tx)?).map_err(Error::Internal)?;
    let found = examine(registry, &catalogue, document, text);
    if !found.flaws.is_empty() {
        return Err(Error::Invalid(found.flaws));
    }
    if let Some(old) = open_of(tx, &document.provider)?.iter().find(|one| one.resource == document.key) {
        submission::refuse(tx, &registry.own_ending(&handing.ctx, &old.id))?.into_inner();
    }
    submission::submit(tx, handing)
}
