//! The requirement → evidence map, from the hall's side: which papers of an item registers stand for, and what that
//! makes of one application.
use std::collections::{BTreeMap, BTreeSet};

use exchange::{Exchange, SubjectKind};
use platform::i18n::{Lang, Text};
use serde_json::Value;
use time::Date;

use crate::Hall;
use crate::catalogue::LoadedItem;
use crate::form::{Evidence, Form, Input, Paper, PaperState, Register};
use crate::item::{FactNeed, Facts, Item, Subject};
use crate::sources::{self, Silence, Silent};

/// A paper of an item that a register stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Key of the material.
    pub material: String,
    /// The form's file field that takes the paper where the register cannot say; None: it is never asked for online.
    pub field: Option<String>,
    /// About whom the register is asked.
    pub subject: Subject,
    pub resource: String,
    /// All of them hold a value, or nothing is proved.
    pub fields: Vec<String>,
}

/// What the map says of an item's papers on a day.
pub fn proven(exchange: &Exchange, item: &Item, on: Date) -> Vec<Proven> {
    let sides = [
        (Subject::Applicant, SubjectKind::Person, item.object.serves_persons()),
        (Subject::Enterprise, SubjectKind::Enterprise, item.object.serves_corporations()),
    ];
    let mut all = Vec::new();
    for material in &item.materials {
        let requirement = format!("{}.{}", item.key, material.key);
        for (subject, kind, _) in sides.iter().filter(|(_, _, is_served)| *is_served) {
            let proof = exchange.proof_of(&requirement, *kind).filter(|proof| proof.since <= on);
            all.extend(proof.map(|proof| Proven {
                material: material.key.clone(),
                field: material.field.clone().filter(|key| takes_file(&item.form, key)),
                subject: *subject,
                resource: proof.resource.clone(),
                fields: proof.fields.clone(),
            }));
        }
    }
    all
}

fn takes_file(form: &Form, key: &str) -> bool {
    form.field(key).is_some_and(|field| matches!(field.input, Input::File { .. }))
}

/// The facts to ask for because a paper is not asked for; the basis is that of the paper.
pub fn needs(item: &Item, proven: &[Proven]) -> Vec<FactNeed> {
    let mut needs: Vec<FactNeed> = Vec::new();
    for proof in proven.iter().filter(|proof| proof.field.is_some()) {
        let Some(material) = item.materials.iter().find(|material| material.key == proof.material) else { continue };
        for field in &proof.fields {
            let (resource, field, basis) = (proof.resource.clone(), field.clone(), material.basis.clone());
            let need = FactNeed { resource, field, subject: proof.subject, basis };
            let is_known = |known: &FactNeed| known.reference() == need.reference() && known.subject == need.subject;
            if !item.facts.iter().chain(&needs).any(is_known) {
                needs.push(need);
            }
        }
    }
    needs
}

/// What the registers' answers make of the papers and fields of an application.
pub fn weigh(hall: &Hall, loaded: &LoadedItem, (facts, silent): (&Facts, &Silent)) -> Evidence {
    let mut evidence = Evidence::default();
    for proof in &loaded.proven {
        let Some(field) = &proof.field else { continue };
        let Some(state) = state(hall, proof, (facts, silent)) else { continue };
        let is_better = matches!(state, PaperState::Proved { .. }) || !evidence.papers.contains_key(field);
        if is_better {
            evidence.papers.insert(field.clone(), Paper { register: register(hall, &proof.resource), state });
        }
    }
    if silent.values().any(|silence| *silence == Silence::Away) {
        evidence.unverified = unverified(hall, &loaded.item.form, (facts, silent));
    }
    evidence
}

/// None: the register was not asked about this applicant.
fn state(hall: &Hall, proof: &Proven, (facts, silent): (&Facts, &Silent)) -> Option<PaperState> {
    let reference = |field: &str| format!("{}.{field}", proof.resource);
    let found: Vec<_> = proof.fields.iter().filter_map(|field| facts.get(&reference(field))).collect();
    if found.len() < proof.fields.len() {
        return silent.get(&proof.resource).map(|silence| match silence {
            Silence::Away => PaperState::Away,
            Silence::Nothing => PaperState::Nothing,
        });
    }
    let as_of = found.iter().map(|fact| fact.as_of).min()?;
    if found.iter().any(|fact| fact.value.is_null()) {
        return Some(PaperState::Nothing);
    }
    let line = |(field, fact): (&String, &&crate::item::Fact)| {
        (label(hall, &proof.resource, field), said(hall, (&proof.resource, field), &fact.value))
    };
    Some(PaperState::Proved { lines: proof.fields.iter().zip(&found).map(line).collect(), as_of })
}

/// Fields that a register which does not answer would have filled.
fn unverified(hall: &Hall, form: &Form, (facts, silent): (&Facts, &Silent)) -> BTreeMap<String, Register> {
    let mut all = BTreeMap::new();
    for field in form.pages.iter().flat_map(|page| &page.fields) {
        let Some(reference) = field.prefill.as_ref().map(|prefill| prefill.from.as_str()) else { continue };
        let Some((resource, _)) = reference.split_once('.') else { continue };
        if silent.get(resource) == Some(&Silence::Away) && facts.get(reference).is_none() {
            all.insert(field.key.clone(), register(hall, resource));
        }
    }
    all
}

/// A register as people name it.
pub fn register(hall: &Hall, resource: &str) -> Register {
    let plain = || Text { zh_hans: resource.to_owned(), zh_hant: resource.to_owned(), en: resource.to_owned() };
    let catalogue = hall.exchange().catalogue();
    let Some(entry) = catalogue.get(resource) else { return Register { name: plain(), provider: plain() } };
    let source = hall.exchange().source_of(resource).unwrap_or_default();
    Register { name: entry.name.clone(), provider: hall.exchange().source_name(&source) }
}

fn label(hall: &Hall, resource: &str, field: &str) -> Text {
    in_three(|lang| sources::field_label(hall, (resource, field), lang))
}

fn said(hall: &Hall, of: (&str, &str), value: &Value) -> Text {
    in_three(|lang| sources::value_text(hall, of, value, lang))
}

fn in_three(say: impl Fn(Lang) -> String) -> Text {
    Text { zh_hans: say(Lang::ZhHans), zh_hant: say(Lang::ZhHant), en: say(Lang::En) }
}

/// How many papers the registers spared the applicant.
pub fn count_waived(loaded: &LoadedItem, facts: &Facts, evidence: &Evidence) -> u32 {
    let answers = |proof: &&Proven| match &proof.field {
        Some(field) => evidence.is_proved(field),
        None => facts.0.iter().any(|(reference, fact)| {
            let resource = reference.split_once('.').map(|(resource, _)| resource);
            resource == Some(proof.resource.as_str()) && !fact.value.is_null()
        }),
    };
    let waived: BTreeSet<&str> = loaded.proven.iter().filter(answers).map(|proof| proof.material.as_str()).collect();
    u32::try_from(waived.len()).unwrap_or(u32::MAX)
}
