//! A department hands in an entry of the catalogue; the data office publishes or refuses it, and settles second claims.
use platform::audit::Entry as Audit;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::{Ctx, Error, FieldError, Result, notice};

use crate::Registry;
use crate::joints::Words;
use crate::model::catalogue::{Catalogue, Clash};
use crate::model::code::ResourceCode;
use crate::model::correction::due;
use crate::model::document::line_of;
use crate::model::resource::Resource;
use crate::model::submission::{
    Dispute, DisputeId, Submission, SubmissionId, SubmissionState, Verdict, settle, without_field,
};
use crate::store::disputes::{self, Deciding};
use crate::store::lock_catalogue;
use crate::store::submissions::{self, Decision};

/// What stands against a document: flaws by line, and fields that another provider holds.
#[derive(Debug, Default)]
pub struct Examined {
    pub flaws: Vec<FieldError>,
    pub clashes: Vec<Clash>,
}

/// Compares a document with the catalogue. `text` is the document as it was written, for the lines.
pub fn examine(registry: &Registry, catalogue: &Catalogue, resource: &Resource, text: &str) -> Examined {
    let mut found = Examined::default();
    let mut flaw = |near: &str, error: FieldError| {
        let field = format!("line-{}", line_of(text, near));
        found.flaws.push(FieldError { field, ..error });
    };
    let error = |key| FieldError::new("", key);
    if catalogue.get(&resource.key).is_some_and(|known| known.provider != resource.provider) {
        flaw("key:", error("registry-submit-key-taken").with("key", &resource.key));
    }
    let code = (registry.joints().code_of)(&resource.provider).unwrap_or_default();
    if !resource.provider_code.is_empty() && !code.is_empty() && resource.provider_code != code {
        flaw("provider_code:", error("registry-submit-provider-code").with("expected", &code));
    }
    let mut apart = resource.clone();
    for clash in catalogue.clashes(resource) {
        apart = without_field(&apart, &clash.field);
        let holder = catalogue.get(&clash.holder);
        if holder.is_some_and(|holder| holder.provider == resource.provider) {
            let own = error("registry-submit-own-clash").with("field", &clash.field).with("holder", &clash.holder);
            flaw(&format!("key: {}", clash.field), own);
        } else {
            found.clashes.push(clash);
        }
    }
    if let Err(why) = catalogue.with(&[apart]) {
        let field = format!("line-{}", line_of(text, "code:"));
        found.flaws.push(FieldError::new(field, "registry-document-flaw").with("what", why));
    }
    found
}

/// What a department hands in.
pub struct Handing {
    pub registry: Registry,
    pub ctx: Ctx,
    pub document: Resource,
    /// Why the department should be the source of what others hold; empty when nothing is disputed.
    pub words: String,
}

impl Handing {
    fn submission(&self, tx: &Tx<'_>, state: SubmissionState) -> Submission {
        let mut document = self.document.clone();
        if document.provider_code.is_empty() {
            document.provider_code = (self.registry.joints().code_of)(&document.provider).unwrap_or_default();
        }
        Submission {
            id: tx.new_id::<SubmissionId>().as_str().to_owned(),
            resource: document.key.clone(),
            office: document.provider.clone(),
            author: self.ctx.actor.id.clone(),
            author_name: self.ctx.actor.name.clone(),
            at: tx.now(),
            document,
            state,
            decided: None,
        }
    }
}

fn published_catalogue(tx: &mut Tx<'_>) -> Result<Catalogue> {
    Catalogue::build(crate::store::list_resources(tx)?).map_err(Error::Internal)
}

fn name_of(resource: &Resource) -> [&str; 3] {
    [&resource.name.zh_hans, &resource.name.zh_hant, &resource.name.en]
}

/// Hands an entry in. Its identifier. A field that somebody else holds becomes a dispute, never a second source.
pub fn submit(tx: &mut Tx<'_>, handing: &Handing) -> Result<Audited<String>> {
    let clashes = published_catalogue(tx)?.clashes(&handing.document);
    if !clashes.is_empty() && handing.words.is_empty() {
        return Err(Error::Conflict("registry-conflict-clash"));
    }
    let state = if clashes.is_empty() { SubmissionState::Waiting } else { SubmissionState::Disputed };
    let submission = handing.submission(tx, state);
    submissions::insert_submission(tx, &submission)?;
    for clash in clashes {
        open_dispute(tx, handing, (&submission, clash))?;
    }
    let registry = &handing.registry;
    let href = format!("/desk/catalogue/submissions/{}", submission.id);
    let args = [("resource", name_of(&submission.document))];
    let words = Words { key: "registry-notice-submitted", args: &args, href: &href };
    let office = registry.platform().config().registry.data_office.as_str();
    registry.joints().tell(tx, &[office], &words)?;
    let detail = format!("{{\"state\":\"{}\"}}", state.name());
    let audit =
        Audit { event: "resource.submitted", object: &submission.resource, detail: &detail, ..Audit::default() };
    tx.audited(audit, submission.id)
}

fn open_dispute(tx: &mut Tx<'_>, handing: &Handing, (submission, clash): (&Submission, Clash)) -> Result<()> {
    let registry = &handing.registry;
    let days = registry.platform().config().registry.dispute_days;
    let holder = published_catalogue(tx)?.get(&clash.holder).map(|holder| holder.provider.clone());
    let dispute = Dispute {
        id: tx.new_id::<DisputeId>().as_str().to_owned(),
        submission: submission.id.clone(),
        resource: submission.resource.clone(),
        claimant: submission.office.clone(),
        holder: holder.ok_or(Error::NotFound)?,
        opened_at: tx.now(),
        due: due(registry.calendar(), handing.ctx.today(), days),
        words: handing.words.clone(),
        reply: String::new(),
        verdict: None,
        clash,
    };
    disputes::insert_dispute(tx, &dispute)?;
    let href = format!("/desk/catalogue/disputes/{}", dispute.id);
    let args = [("resource", name_of(&submission.document))];
    let words = Words { key: "registry-notice-disputed", args: &args, href: &href };
    registry.joints().tell(tx, &[&dispute.holder, &dispute.claimant], &words)
}

/// Who ends something in the name of the data office, and why.
pub struct Ending {
    pub registry: Registry,
    pub ctx: Ctx,
    pub id: String,
    pub reason: String,
}

impl Ending {
    fn decision(&self, state: SubmissionState) -> Decision<'_> {
        Decision { state, by: &self.ctx.actor.id, name: &self.ctx.actor.name, reason: &self.reason }
    }

    fn tell(&self, tx: &mut Tx<'_>, submission: &Submission, key: &str) -> Result<()> {
        let href = format!("/desk/catalogue/submissions/{}", submission.id);
        notice::tell(tx, &submission.author, key, &[("resource", name_of(&submission.document))], &href)
    }
}

/// Publishes what waits as a new version. Call `Registry::refresh` when it is committed.
pub fn publish(tx: &mut Tx<'_>, ending: &Ending) -> Result<Audited<i64>> {
    let submission = submissions::get_submission(tx, &ending.id)?;
    if submission.state != SubmissionState::Waiting {
        return Err(Error::Conflict("registry-conflict-decided"));
    }
    let document = with_free_code(&published_catalogue(tx)?, submission.document.clone());
    let versions = put_in_force(tx, std::slice::from_ref(&document))?;
    submissions::update_decided(tx, &submission.id, &ending.decision(SubmissionState::Published), &document)?;
    ending.tell(tx, &submission, "registry-notice-published")?;
    let detail = format!("{{\"version\":{}}}", versions[0]);
    let audit =
        Audit { event: "resource.published", object: &submission.resource, detail: &detail, ..Audit::default() };
    tx.audited(audit, versions[0])
}

/// Two entries that waited at one time may have been given one serial: the later one gets the next that is free.
fn with_free_code(catalogue: &Catalogue, document: Resource) -> Resource {
    let taken = catalogue.iter().any(|other| other.code == document.code && other.key != document.key);
    let free = ResourceCode::assemble(document.classification(), catalogue.next_serial());
    match free.filter(|_| taken) {
        Some(code) => Resource { code: code.to_string(), ..document },
        None => document,
    }
}

/// New versions, checked together with everything that stands.
fn put_in_force(tx: &mut Tx<'_>, changed: &[Resource]) -> Result<Vec<i64>> {
    lock_catalogue(tx)?;
    let whole = published_catalogue(tx)?.with(changed);
    whole.map_err(|_| Error::Conflict("registry-conflict-catalogue"))?;
    changed.iter().map(|resource| super::new_version(tx, resource)).collect()
}

/// Refuses what waits or is disputed. What was claimed stays where it is.
pub fn refuse(tx: &mut Tx<'_>, ending: &Ending) -> Result<Audited<()>> {
    let submission = submissions::get_submission(tx, &ending.id)?;
    for dispute in disputes::list_of_submission(tx, &submission.id)?.iter().filter(|one| one.verdict.is_none()) {
        let (by, name, reason) = (ending.ctx.actor.id.as_str(), ending.ctx.actor.name.as_str(), ending.reason.as_str());
        disputes::update_verdict(tx, &dispute.id, &Deciding { verdict: Verdict::Holder, by, name, reason })?;
    }
    submissions::update_decided(tx, &submission.id, &ending.decision(SubmissionState::Refused), &submission.document)?;
    ending.tell(tx, &submission, "registry-notice-refused")?;
    tx.audited(Audit { event: "resource.refused", object: &submission.resource, ..Audit::default() }, ())
}

/// What the holder says to a second claim.
pub fn reply(tx: &mut Tx<'_>, (id, holder): (&str, &str), words: &str) -> Result<Audited<()>> {
    disputes::update_reply(tx, (id, holder), words)?;
    tx.audited(Audit { event: "dispute.replied", object: id, ..Audit::default() }, ())
}

/// Decides who keeps the field. With the last dispute of a submission decided, the catalogue changes: the entry is
/// published without what it lost, and the holders' entries without what they lost. Then call `Registry::refresh`.
pub fn decide(tx: &mut Tx<'_>, ending: &Ending, verdict: Verdict) -> Result<Audited<()>> {
    let dispute = disputes::get_dispute(tx, &ending.id)?;
    let (by, name, reason) = (ending.ctx.actor.id.as_str(), ending.ctx.actor.name.as_str(), ending.reason.as_str());
    disputes::update_verdict(tx, &dispute.id, &Deciding { verdict, by, name, reason })?;
    let submission = submissions::get_submission(tx, &dispute.submission)?;
    let href = format!("/desk/catalogue/disputes/{}", dispute.id);
    let args = [("resource", name_of(&submission.document))];
    let words = Words { key: "registry-notice-settled", args: &args, href: &href };
    ending.registry.joints().tell(tx, &[&dispute.holder, &dispute.claimant], &words)?;
    let all = disputes::list_of_submission(tx, &submission.id)?;
    if all.iter().all(|one| one.verdict.is_some()) {
        conclude(tx, ending, (&submission, &all))?;
    }
    let detail = format!("{{\"keeps\":\"{}\"}}", verdict.name());
    tx.audited(Audit { event: "dispute.decided", object: &dispute.id, detail: &detail, ..Audit::default() }, ())
}

fn conclude(tx: &mut Tx<'_>, ending: &Ending, (submission, all): (&Submission, &[Dispute])) -> Result<()> {
    let catalogue = published_catalogue(tx)?;
    let (mut document, mut changed) = (submission.document.clone(), Vec::<Resource>::new());
    for dispute in all {
        let Some((verdict, _)) = &dispute.verdict else { continue };
        let known = changed.iter().position(|one| one.key == dispute.clash.holder);
        let holder = match known {
            Some(at) => changed.swap_remove(at),
            None => (**catalogue.get(&dispute.clash.holder).ok_or(Error::NotFound)?).clone(),
        };
        let (kept, left) = settle(&document, &holder, (&dispute.clash, *verdict));
        document = kept;
        changed.push(left);
    }
    changed.retain(|one| catalogue.get(&one.key).is_some_and(|known| **known != *one));
    if changed.iter().any(|one| one.fields.is_empty()) {
        return Err(Error::Conflict("registry-conflict-last-field"));
    }
    let state = if document.fields.is_empty() { SubmissionState::Refused } else { SubmissionState::Published };
    if state == SubmissionState::Published {
        document = with_free_code(&catalogue, document);
        changed.push(document.clone());
        put_in_force(tx, &changed)?;
    }
    // A document that lost all its fields is kept as it was handed in.
    let kept = if document.fields.is_empty() { &submission.document } else { &document };
    submissions::update_decided(tx, &submission.id, &ending.decision(state), kept)?;
    let key = if state == SubmissionState::Published { "registry-notice-published" } else { "registry-notice-refused" };
    ending.tell(tx, submission, key)
}
