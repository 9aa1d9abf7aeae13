//! Which record proves what an item requires: the requirement → evidence map of an evidence broker (as in the EU's
//! Once-Only Technical System), as documents `evidence/*.yaml` that are checked against the catalogue.
use std::collections::HashMap;

use platform::i18n::Text;
use serde::{Deserialize, Serialize};
use time::Date;

use super::catalogue::Catalogue;
use super::resource::{Held, Sharing, SubjectKind};

/// One type of evidence, the requirements that it meets, and the records that prove it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceType {
    /// `proof-of-age`.
    pub key: String,
    pub name: Text,
    /// Keys of requirements: `<item>.<material or condition>`, as the items' documents have them.
    pub requirements: Vec<String>,
    pub proofs: Vec<Proof>,
}

/// A record that proves it for one kind of subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    #[serde(rename = "for")]
    pub kind: SubjectKind,
    pub resource: String,
    pub fields: Vec<String>,
    /// The day from which the record stands in place of a paper.
    #[serde(with = "platform::iso")]
    pub since: Date,
}

/// All evidence documents of a deployment.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    types: Vec<EvidenceType>,
    /// Requirement → place in `types`.
    by_requirement: HashMap<String, usize>,
}

impl Evidence {
    /// Reads documents (path, text) and checks them against the catalogue; the error names the document.
    pub fn load<'a>(
        documents: impl IntoIterator<Item = (&'a str, &'a str)>,
        catalogue: &Catalogue,
    ) -> Result<Self, String> {
        let (evidence, unsound) = Self::sound(documents, catalogue);
        if unsound.is_empty() { Ok(evidence) } else { Err(unsound.join("\n")) }
    }

    /// As `load`, but leaves out what is wrong and says why.
    pub fn sound<'a>(
        documents: impl IntoIterator<Item = (&'a str, &'a str)>,
        catalogue: &Catalogue,
    ) -> (Self, Vec<String>) {
        let (mut evidence, mut unsound) = (Self::default(), Vec::new());
        for (path, text) in documents {
            if let Err(why) = evidence.take(path, text, catalogue) {
                unsound.push(why);
            }
        }
        (evidence, unsound)
    }

    fn take(&mut self, path: &str, text: &str, catalogue: &Catalogue) -> Result<(), String> {
        let read: EvidenceType = serde_norway::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            format!("{path}:{line}: {error}")
        })?;
        self.add(read, catalogue).map_err(|why| format!("{path}: {why}"))
    }

    fn add(&mut self, read: EvidenceType, catalogue: &Catalogue) -> Result<(), String> {
        if self.types.iter().any(|known| known.key == read.key) {
            return Err(format!("the evidence type {} stands twice", read.key));
        }
        if read.requirements.is_empty() || read.proofs.is_empty() {
            return Err("name at least one requirement and one proof".to_owned());
        }
        for (at, proof) in read.proofs.iter().enumerate() {
            check(proof, catalogue)?;
            if read.proofs[..at].iter().any(|other| other.kind == proof.kind) {
                return Err("two proofs for one kind of subject: one number has one source".to_owned());
            }
        }
        if let Some(known) = read.requirements.iter().find(|key| self.by_requirement.contains_key(*key)) {
            let by = self.type_of(known).map_or("", |by| &by.key);
            return Err(format!("{known} is met by {by} already"));
        }
        for requirement in &read.requirements {
            self.by_requirement.insert(requirement.clone(), self.types.len());
        }
        self.types.push(read);
        Ok(())
    }

    /// What proves a requirement for a kind of subject; None: no register can, the applicant is asked.
    #[must_use]
    pub fn proof_of(&self, requirement: &str, kind: SubjectKind) -> Option<&Proof> {
        self.type_of(requirement)?.proofs.iter().find(|proof| proof.kind == kind)
    }

    /// The type of evidence that meets a requirement, for its name.
    #[must_use]
    pub fn type_of(&self, requirement: &str) -> Option<&EvidenceType> {
        self.by_requirement.get(requirement).and_then(|at| self.types.get(*at))
    }

    /// In order of documents.
    pub fn iter(&self) -> impl Iterator<Item = &EvidenceType> {
        self.types.iter()
    }
}

fn check(proof: &Proof, catalogue: &Catalogue) -> Result<(), String> {
    let key = &proof.resource;
    let resource = catalogue.get(key).ok_or_else(|| format!("the catalogue has no resource {key}"))?;
    if !resource.subject.includes(proof.kind) {
        return Err(format!("{key} knows nothing about this kind of subject"));
    }
    if resource.sharing == Sharing::None {
        return Err(format!("{key} is not shared, so it proves nothing to others"));
    }
    if proof.fields.is_empty() {
        return Err(format!("{key}: name the fields that prove it"));
    }
    match proof.fields.iter().find(|field| resource.field(field).is_none()) {
        Some(field) => Err(format!("{key} has no field {field}")),
        None => Ok(()),
    }
}

impl Proof {
    /// Whether the record can be had at once from our own register.
    #[must_use]
    pub fn is_here(&self, catalogue: &Catalogue) -> bool {
        catalogue.get(&self.resource).is_some_and(|resource| resource.held == Held::Here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resource::Resource;

    const AGE: &str = include_str!("../../../../packs/demo/evidence/age.yaml");

    fn catalogue() -> Catalogue {
        let population = include_str!("../../../../packs/demo/registers/population.yaml");
        let mut population = Resource::parse("population.yaml", population).unwrap();
        population.related.clear();
        Catalogue::build([population]).unwrap()
    }

    #[test]
    fn a_requirement_leads_to_the_record_that_proves_it() {
        let evidence = Evidence::load([("age.yaml", AGE)], &catalogue()).unwrap();
        let requirement = evidence.iter().next().unwrap().requirements[0].clone();
        let proof = evidence.proof_of(&requirement, SubjectKind::Person).unwrap();
        assert_eq!((proof.resource.as_str(), proof.fields.contains(&"birth_date".to_owned())), ("population", true));
        assert!(proof.is_here(&catalogue()));
        assert_eq!(evidence.proof_of(&requirement, SubjectKind::Enterprise), None);
        assert_eq!(evidence.proof_of("no.such", SubjectKind::Person), None);
    }

    #[test]
    fn a_map_that_the_catalogue_does_not_bear_out_is_refused() {
        for (from, to, why) in [
            ("resource: population", "resource: nothing", "no resource nothing"),
            ("birth_date", "colour", "no field colour"),
            ("for: person", "for: enterprise", "kind of subject"),
        ] {
            let error = Evidence::load([("age.yaml", AGE.replace(from, to).as_str())], &catalogue()).unwrap_err();
            assert!(error.starts_with("age.yaml") && error.contains(why), "{error}");
        }
        let twice = AGE.replace("key: age", "key: age-again");
        let error = Evidence::load([("a.yaml", AGE), ("b.yaml", twice.as_str())], &catalogue()).unwrap_err();
        assert!(error.contains("already"), "{error}");
    }
}
