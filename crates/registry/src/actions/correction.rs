//! Somebody says that a fact is wrong; the provider corrects it or says why not; all who used it are told.
use std::collections::HashSet;

use platform::audit::Entry as Audit;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::ids::Id;
use platform::{Ctx, Error, FieldError, Result, notice};
use serde_json::Value;

use crate::Registry;
use crate::joints::{Words, Wrong};
use crate::model::check;
use crate::model::correction::{Asker, Correction, CorrectionId, CorrectionState, due};
use crate::model::record::{Entry, Record};
use crate::model::resource::{Field, Resource};
use crate::store::corrections::{self, Ending};
use crate::store::{find_record, value_since};

/// What somebody says is wrong.
pub struct Asking {
    pub registry: Registry,
    pub ctx: Ctx,
    pub asker: Asker,
    pub resource: String,
    pub field: String,
    /// As it was typed; checked here.
    pub subject: String,
    pub right: String,
    pub words: String,
}

fn names(resource: &Resource) -> [&str; 3] {
    [&resource.name.zh_hans, &resource.name.zh_hant, &resource.name.en]
}

fn entry<'r>(registry: &'r Registry, resource: &str, field: &str) -> Result<(&'r Resource, &'r Field)> {
    let resource = registry.catalogue().get(resource).ok_or_else(|| super::unknown(resource))?;
    let found = resource.field(field).ok_or_else(|| Error::field("field", "registry-correction-field"))?;
    Ok((resource, found))
}

/// Asks once: a repeat while the first is open changes nothing and is no error.
pub fn ask(tx: &mut Tx<'_>, asking: &Asking) -> Result<Audited<()>> {
    let registry = &asking.registry;
    let (resource, field) = entry(registry, &asking.resource, &asking.field)?;
    let subject = check::subject(resource.subject, &asking.subject, asking.ctx.today());
    let subject = subject.map_err(|error| Error::Invalid(vec![error]))?;
    let days = registry.platform().config().registry.correction_days;
    let correction = Correction {
        id: tx.new_id::<CorrectionId>().as_str().to_owned(),
        resource: resource.key.clone(),
        field: field.key.clone(),
        subject,
        right: asking.right.clone(),
        words: asking.words.clone(),
        asker: asking.asker.clone(),
        office: resource.provider.clone(),
        asked_at: tx.now(),
        due: due(registry.calendar(), asking.ctx.today(), days),
        state: CorrectionState::Open,
        answer: None,
    };
    let is_new = corrections::insert_correction(tx, &correction)?;
    if is_new {
        let args = [("resource", names(resource))];
        let href = format!("/inbox/corrections/{}", correction.id);
        let words = Words { key: "registry-notice-correction-asked", args: &args, href: &href };
        registry.joints().tell(tx, &[&correction.office], &words)?;
    }
    let event = if is_new { "correction.asked" } else { "correction.repeated" };
    let subject = registry.pseudonym(&correction.subject);
    tx.audited(Audit { event, object: &correction.resource, subject: &subject, ..Audit::default() }, ())
}

/// What the provider answers.
pub struct Answering {
    pub registry: Registry,
    pub ctx: Ctx,
    pub offices: Vec<String>,
    pub id: String,
    pub words: String,
    /// The value that stands from now on; None: declined, or corrected in the provider's own system.
    pub value: Option<String>,
    pub state: CorrectionState,
}

/// Answers once. A correction is a new version of the record by the way that every record takes.
pub fn answer(tx: &mut Tx<'_>, answering: &Answering) -> Result<Audited<()>> {
    let found = corrections::get_for_offices(tx, &answering.offices, &answering.id)?;
    if !answering.offices.contains(&found.office) {
        return Err(Error::Denied("error-denied-role"));
    }
    if found.state != CorrectionState::Open {
        return Err(Error::Conflict("registry-conflict-decided"));
    }
    let told = match (answering.state, &answering.value) {
        (CorrectionState::Corrected, Some(value)) => correct(tx, answering, (&found, value))?,
        // Corrected in the provider's own system, which does not say since when it was wrong there.
        (CorrectionState::Corrected, None) => {
            let since = corrections::last_corrected(tx, &found)?.unwrap_or(Timestamp(0));
            tell_users(tx, &answering.registry, &found, since)?
        }
        _ => 0,
    };
    let actor = &answering.ctx.actor;
    let (state, words) = (answering.state, answering.words.as_str());
    let ending = Ending { state, by: &actor.id, name: &actor.name, words, told };
    corrections::update_answered(tx, (&found.id, &found.office), &ending)?;
    tell_asker(tx, &answering.registry, (&found, state))?;
    let subject = answering.registry.pseudonym(&found.subject);
    let event = if state == CorrectionState::Corrected { "correction.made" } else { "correction.declined" };
    let detail = format!("{{\"told\":{told}}}");
    tx.audited(Audit { event, object: &found.resource, subject: &subject, detail: &detail, ..Audit::default() }, ())
}

/// Writes the new version and tells who used the old value; how many were told.
fn correct(tx: &mut Tx<'_>, answering: &Answering, (found, value): (&Correction, &str)) -> Result<i64> {
    let registry = &answering.registry;
    let (resource, field) = entry(registry, &found.resource, &found.field)?;
    let current = find_record(tx, &resource.key, &found.subject)?;
    let current = current.ok_or(Error::Conflict("registry-conflict-no-record"))?;
    let since = since(tx, found, &current)?;
    let mut data = current.fields()?;
    let old = data.insert(field.key.clone(), check::typed(field, value));
    if old.as_ref() == data.get(&field.key) {
        return Err(Error::Invalid(vec![FieldError::new("value", "registry-correction-same")]));
    }
    let as_of = answering.ctx.today().max(current.as_of);
    let new = Entry {
        resource: resource.key.clone(),
        subject: found.subject.clone(),
        as_of,
        source: found.office.clone(),
        data,
    };
    super::record(tx, registry, &new).map_err(|error| beside_value(error, &field.key))?.into_inner();
    tell_users(tx, registry, found, since)
}

/// Tells everybody who was given the wrong value since a moment; how many were told.
fn tell_users(tx: &mut Tx<'_>, registry: &Registry, found: &Correction, since: Timestamp) -> Result<i64> {
    let (resource, field) = entry(registry, &found.resource, &found.field)?;
    let subject = registry.pseudonym(&found.subject);
    let wrong = Wrong { subject: &subject, resource: &resource.key, field: &field.key, since };
    let users = registry.joints().users.of(tx, &wrong)?;
    let field_name = [field.name.zh_hans.as_str(), &field.name.zh_hant, &field.name.en];
    let args = [("resource", names(resource)), ("field", field_name)];
    for user in &users {
        notice::tell(tx, &user.owner, "registry-notice-value-corrected", &args, &user.href)?;
    }
    let known: HashSet<&str> = users.iter().filter(|user| !user.hidden).map(|user| user.owner.as_str()).collect();
    Ok(i64::try_from(known.len()).unwrap_or(i64::MAX))
}

/// Since when the record has said what it says now.
fn since(tx: &mut Tx<'_>, found: &Correction, current: &Record) -> Result<Timestamp> {
    let value = |record: &Record| record.fields().ok().and_then(|fields| fields.get(&found.field).cloned());
    let wrong: Option<Value> = value(current);
    let since = value_since(tx, (&found.resource, &found.subject), |record| value(record) == wrong)?;
    Ok(since.unwrap_or(found.asked_at))
}

/// A value that the catalogue does not allow is wrong in the field that was typed.
fn beside_value(error: Error, field: &str) -> Error {
    match error {
        Error::Invalid(errors) => {
            let beside = |error: FieldError| match error.field == field {
                true => FieldError { field: "value".to_owned(), ..error },
                false => error,
            };
            Error::Invalid(errors.into_iter().map(beside).collect())
        }
        other => other,
    }
}

fn tell_asker(tx: &mut Tx<'_>, registry: &Registry, (found, state): (&Correction, CorrectionState)) -> Result<()> {
    let name = registry.catalogue().get(&found.resource).map(|resource| resource.name.clone()).unwrap_or_default();
    let args = [("resource", [name.zh_hans.as_str(), &name.zh_hant, &name.en])];
    let key = match state {
        CorrectionState::Corrected => "registry-notice-corrected",
        _ => "registry-notice-declined",
    };
    let href = match &found.asker.office {
        Some(_) => format!("/inbox/corrections/{}", found.id),
        None => format!("/my/corrections#{}", found.id),
    };
    notice::tell(tx, &found.asker.owner, key, &args, &href)
}
