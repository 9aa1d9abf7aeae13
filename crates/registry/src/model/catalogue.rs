//! All catalogue entries in memory, and the rule of one number, one source.
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use platform::i18n::{Lang, Text};

use super::resource::{Base, Resource, SubjectKind, Subjects};

/// Resources by key. Invariant: each field of each kind of subject has one authoritative resource.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    resources: BTreeMap<String, Listed>,
}

/// A field that two resources claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The field of the resource that comes second.
    pub field: String,
    /// Who holds it already, and under which name.
    pub holder: String,
    pub holder_field: String,
}

/// A branch of the classification: its digits, its name, how many resources stand below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub place: String,
    pub name: Text,
    pub count: usize,
    pub branches: Vec<Branch>,
}

#[derive(Debug, Clone)]
struct Listed {
    resource: Arc<Resource>,
    /// Everything that people search by, in small letters.
    words: String,
}

/// What claims a field: the subject's own base register for everything about the subject, any other register within
/// its entry of the classification ("valid to" of a disability certificate is not "valid to" of a health certificate).
#[derive(Debug, PartialEq, Eq, Hash)]
struct Claim {
    /// None: things, which are neither persons nor enterprises.
    kind: Option<SubjectKind>,
    /// Empty in the subject's own base register.
    within: String,
    name: String,
}

impl Catalogue {
    /// Refuses a second claim, a second key and a second code; the error names both resources.
    pub fn build(resources: impl IntoIterator<Item = Resource>) -> Result<Self, String> {
        let mut catalogue = Self::default();
        for resource in resources {
            let words = words_of(&resource);
            let key = resource.key.clone();
            let listed = Listed { resource: Arc::new(resource), words };
            if catalogue.resources.insert(key.clone(), listed).is_some() {
                return Err(format!("the resource {key} stands twice in the catalogue"));
            }
        }
        catalogue.one_source()?;
        Ok(catalogue)
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<Resource>> {
        self.resources.get(key).map(|listed| &listed.resource)
    }

    /// In order of keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.resources.values().map(|listed| &listed.resource)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Resources that contain every word of the question, in any language; all of them for an empty question.
    #[must_use]
    pub fn search(&self, question: &str, base: Option<Base>) -> Vec<&Arc<Resource>> {
        self.search_at(question, base, "")
    }

    /// As `search`, below a place of the classification.
    #[must_use]
    pub fn search_at(&self, question: &str, base: Option<Base>, place: &str) -> Vec<&Arc<Resource>> {
        let question = question.to_lowercase();
        let asked: Vec<&str> = question.split_whitespace().collect();
        let fits = |listed: &&Listed| {
            base.is_none_or(|base| listed.resource.base == base)
                && listed.resource.code.starts_with(place)
                && asked.iter().all(|w| listed.words.contains(w))
        };
        self.resources.values().filter(fits).map(|listed| &listed.resource).collect()
    }

    /// The fields of a resource that others hold already; a resource does not clash with its own older version.
    #[must_use]
    pub fn clashes(&self, resource: &Resource) -> Vec<Clash> {
        let others: Vec<_> = self.iter().filter(|other| other.key != resource.key).collect();
        let held: Vec<(Claim, &str, &str)> = others
            .iter()
            .flat_map(|other| claims_of(other).map(|(claim, field)| (claim, other.key.as_str(), field)))
            .collect();
        let mut clashes: Vec<Clash> = Vec::new();
        for (claim, field) in claims_of(resource) {
            let found = held.iter().find(|(theirs, ..)| theirs.meets(&claim));
            if let Some((_, holder, holder_field)) = found.filter(|_| !clashes.iter().any(|c| c.field == field)) {
                let (holder, holder_field) = ((*holder).to_owned(), (*holder_field).to_owned());
                clashes.push(Clash { field: field.to_owned(), holder, holder_field });
            }
        }
        clashes
    }

    /// With these in place of, or beside, what stands; refused as `build` refuses.
    pub fn with(&self, changed: &[Resource]) -> Result<Self, String> {
        let kept = self.iter().filter(|old| !changed.iter().any(|new| new.key == old.key));
        let kept: Vec<Resource> = kept.map(|resource| (**resource).clone()).collect();
        Self::build(kept.into_iter().chain(changed.iter().cloned()))
    }

    /// The next serial that is free at a place of the classification.
    #[must_use]
    pub fn next_serial(&self) -> u32 {
        self.iter().filter_map(|resource| resource.parts()).map(|code| code.serial).max().unwrap_or(0) + 1
    }

    /// The classification as the resources name it: class, item, entry, detail.
    #[must_use]
    pub fn tree(&self) -> Vec<Branch> {
        let mut tree = Vec::new();
        for resource in self.iter() {
            let mut branches = &mut tree;
            for (place, name) in steps(resource) {
                let at = branches.iter().position(|branch: &Branch| branch.place == place).unwrap_or_else(|| {
                    let name = name.clone();
                    branches.push(Branch { place: place.to_owned(), name, count: 0, branches: Vec::new() });
                    branches.len() - 1
                });
                branches[at].count += 1;
                branches = &mut branches[at].branches;
            }
        }
        sort(&mut tree);
        tree
    }

    fn one_source(&self) -> Result<(), String> {
        let mut codes: HashMap<&str, &str> = HashMap::new();
        let mut claims: HashMap<Claim, (&str, &str)> = HashMap::new();
        for resource in self.iter() {
            if let Some(other) = codes.insert(&resource.code, &resource.key) {
                return Err(format!("{} and {other} have one code, {}", resource.key, resource.code));
            }
            if let Some(unknown) = resource.related.iter().find(|key| self.get(key).is_none()) {
                return Err(format!("{} is related to {unknown}, which is not in the catalogue", resource.key));
            }
            for (claim, field) in claims_of(resource) {
                if let Some((other, theirs)) =
                    claims.insert(claim, (&resource.key, field)).filter(|c| c.0 != resource.key)
                {
                    return Err(second_claim((&resource.key, field), (other, theirs)));
                }
            }
        }
        self.none_in_base(&claims)?;
        self.one_name()
    }

    /// A place of the classification bears one name in all resources.
    fn one_name(&self) -> Result<(), String> {
        let mut names: HashMap<&str, (&Text, &str)> = HashMap::new();
        for resource in self.iter() {
            for (place, name) in steps(resource) {
                let (known, by) = *names.entry(place).or_insert((name, &resource.key));
                if known != name {
                    return Err(format!(
                        "{place} of the classification is {:?} in {} and {:?} in {by}: name it alike",
                        name.zh_hans, resource.key, known.zh_hans
                    ));
                }
            }
        }
        Ok(())
    }

    /// What a subject's own base register holds, no other register may hold.
    fn none_in_base(&self, claims: &HashMap<Claim, (&str, &str)>) -> Result<(), String> {
        for resource in self.iter().filter(|resource| !resource.is_own_base()) {
            for (claim, field) in claims_of(resource) {
                let in_base = Claim { within: String::new(), ..claim };
                if let Some((other, theirs)) = claims.get(&in_base) {
                    return Err(second_claim((&resource.key, field), (other, theirs)));
                }
            }
        }
        Ok(())
    }
}

impl Claim {
    /// Whether both claim one thing: within one entry, or one of them for everything about the subject.
    fn meets(&self, other: &Self) -> bool {
        let near = self.within == other.within || self.within.is_empty() || other.within.is_empty();
        near && self.kind == other.kind && self.name == other.name
    }
}

/// The way down the classification to a resource: digits and name of each step.
fn steps(resource: &Resource) -> Vec<(&str, &Text)> {
    let place = resource.classification();
    let parts = [(1, &resource.class), (3, &resource.item), (6, &resource.entry)];
    let mut steps: Vec<(&str, &Text)> =
        parts.into_iter().filter_map(|(end, name)| Some((place.get(..end)?, name))).collect();
    steps.extend(resource.detail.as_ref().map(|name| (place, name)));
    steps
}

fn sort(branches: &mut [Branch]) {
    branches.sort_by(|a, b| a.place.cmp(&b.place));
    branches.iter_mut().for_each(|branch| sort(&mut branch.branches));
}

fn second_claim((resource, field): (&str, &str), (other, theirs): (&str, &str)) -> String {
    format!(
        "{resource}.{field} claims what {other}.{theirs} holds already. One number has one source: leave the field out and \
         ask {other} for it, or settle between the providers who keeps it"
    )
}

/// Two claims a field and kind of subject: by the official name, and by the key.
fn claims_of(resource: &Resource) -> impl Iterator<Item = (Claim, &str)> {
    let is_thing = resource.subject == Subjects::Thing;
    let kinds = [Some(SubjectKind::Person), Some(SubjectKind::Enterprise), None];
    let kinds = kinds.into_iter().filter(move |kind| kind.map_or(is_thing, |kind| resource.subject.includes(kind)));
    let within = if resource.is_own_base() { "" } else { resource.classification() };
    kinds.flat_map(move |kind| {
        resource.fields.iter().flat_map(move |field| {
            let claim = |name: &str| Claim { kind, within: within.to_owned(), name: name.to_owned() };
            [(claim(&field.name.zh_hans), field.key.as_str()), (claim(&field.key), field.key.as_str())]
        })
    })
}

fn words_of(resource: &Resource) -> String {
    let mut words = vec![resource.key.as_str(), &resource.code, &resource.provider];
    words.extend(resource.keywords.iter().map(String::as_str));
    let texts = [&resource.name, &resource.summary, &resource.class, &resource.item, &resource.entry];
    let fields = resource.fields.iter().map(|field| &field.name);
    for text in texts.into_iter().chain(fields) {
        words.extend(Lang::ALL.map(|lang| text.get(lang)));
    }
    words.extend(resource.fields.iter().map(|field| field.key.as_str()));
    words.join("\n").to_lowercase()
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
