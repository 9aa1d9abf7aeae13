//! Drafts: begun, saved as often as one likes, thrown away by their owner only.
use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::error::Result;
use platform::files::{Kept, StoredFile};
use platform::ids::Id;
use platform::{Ctx, files, once};

use crate::form::Answers;
use crate::model::{Draft, DraftId};
use crate::store;

/// The outcome that a draft's identifier leads to after its draft was thrown away.
pub const DISCARDED: &str = "discarded";

/// What a draft begins with.
#[derive(Clone)]
pub struct Begin {
    /// The form's key: sent twice, one draft is made.
    pub once: String,
    pub item_key: String,
    pub item_version: u32,
    pub answers: Answers,
    pub facts: String,
}

fn entry<'a>(event: &'a str, draft: &'a DraftId, owner: &'a str) -> Entry<'a> {
    Entry { event, object: draft.as_str(), subject: owner, ..Entry::default() }
}

pub fn begin(tx: &mut Tx<'_>, ctx: &Ctx, begin: Begin) -> Result<Audited<DraftId>> {
    let owner = ctx.actor.party().id;
    if let Some(made) = once::begin(tx, &owner, &begin.once)? {
        let made = DraftId::from_text(made);
        return tx.audited(entry("draft.begun-already", &made, &owner), made.clone());
    }
    let now = tx.now();
    let draft = Draft {
        id: tx.new_id(),
        owner,
        item_key: begin.item_key,
        item_version: begin.item_version,
        revision: 1,
        created_at: now,
        updated_at: now,
        facts_at: now,
        case: None,
        answers: begin.answers,
        facts: begin.facts,
    };
    store::drafts::insert_draft(tx, &draft)?;
    once::done(tx, &draft.owner, &begin.once, draft.id.as_str())?;
    tx.audited(entry("draft.begun", &draft.id, &draft.owner), draft.id.clone())
}

pub fn save(tx: &mut Tx<'_>, draft: &Draft, answers: &Answers) -> Result<Audited<()>> {
    store::drafts::update_answers(tx, draft, answers)?;
    tx.audited(entry("draft.saved", &draft.id, &draft.owner), ())
}

pub fn refresh(tx: &mut Tx<'_>, draft: &Draft, facts: &str) -> Result<Audited<()>> {
    store::drafts::update_facts(tx, draft, facts)?;
    tx.audited(entry("draft.refreshed", &draft.id, &draft.owner), ())
}

/// Rows for the files that came with a page; the answers that name them are saved by `save`.
pub fn keep_files(tx: &mut Tx<'_>, owner: &str, kept: &[Kept]) -> Result<Audited<Vec<StoredFile>>> {
    let stored = kept.iter().map(|one| files::insert(tx, owner, one)).collect::<Result<Vec<_>>>()?;
    let names: Vec<&str> = stored.iter().map(|file| file.id.as_str()).collect();
    let detail = serde_json::to_string(&names)?;
    let entry = Entry { event: "file.stored", object: owner, subject: owner, detail: &detail, ..Entry::default() };
    tx.audited(entry, stored)
}

pub fn discard(tx: &mut Tx<'_>, draft: &Draft) -> Result<Audited<()>> {
    store::drafts::delete_draft(tx, &draft.owner, &draft.id)?;
    once::done(tx, &draft.owner, draft.id.as_str(), DISCARDED)?;
    tx.audited(entry("draft.discarded", &draft.id, &draft.owner), ())
}
