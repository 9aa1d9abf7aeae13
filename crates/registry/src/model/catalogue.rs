//! All catalogue entries in memory, and the rule of one number, one source.
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use platform::i18n::Lang;

use super::resource::{Base, Resource, SubjectKind};

/// Resources by key. Invariant: each field of each kind of subject has one authoritative resource.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    resources: BTreeMap<String, Listed>,
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
    kind: SubjectKind,
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
        let question = question.to_lowercase();
        let asked: Vec<&str> = question.split_whitespace().collect();
        let fits = |listed: &&Listed| {
            base.is_none_or(|base| listed.resource.base == base) && asked.iter().all(|w| listed.words.contains(w))
        };
        self.resources.values().filter(fits).map(|listed| &listed.resource).collect()
    }

    fn one_source(&self) -> Result<(), String> {
        let mut codes: HashMap<&str, &str> = HashMap::new();
        let mut claims: HashMap<Claim, (&str, &str)> = HashMap::new();
        for resource in self.iter() {
            if let Some(other) = codes.insert(&resource.code, &resource.key) {
                return Err(format!("{} and {other} have one code, {}", resource.key, resource.code));
            }
            for (claim, field) in claims_of(resource) {
                if let Some((other, theirs)) =
                    claims.insert(claim, (&resource.key, field)).filter(|c| c.0 != resource.key)
                {
                    return Err(second_claim((&resource.key, field), (other, theirs)));
                }
            }
        }
        self.none_in_base(&claims)
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

fn second_claim((resource, field): (&str, &str), (other, theirs): (&str, &str)) -> String {
    format!(
        "{resource}.{field} claims what {other}.{theirs} holds already. One number has one source: leave the field out and \
         ask {other} for it, or settle between the providers who keeps it"
    )
}

/// Two claims a field and kind of subject: by the official name, and by the key.
fn claims_of(resource: &Resource) -> impl Iterator<Item = (Claim, &str)> {
    let kinds = [SubjectKind::Person, SubjectKind::Enterprise].into_iter().filter(|k| resource.subject.includes(*k));
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
mod tests {
    use super::*;
    use crate::model::resource::Field;

    const DOCUMENTS: [&str; 9] = [
        include_str!("../../../../packs/demo/registers/credit.yaml"),
        include_str!("../../../../packs/demo/registers/disability.yaml"),
        include_str!("../../../../packs/demo/registers/education.yaml"),
        include_str!("../../../../packs/demo/registers/enterprise.yaml"),
        include_str!("../../../../packs/demo/registers/food-staff.yaml"),
        include_str!("../../../../packs/demo/registers/population.yaml"),
        include_str!("../../../../packs/demo/registers/real-estate.yaml"),
        include_str!("../../../../packs/demo/registers/residence.yaml"),
        include_str!("../../../../packs/demo/registers/social-insurance.yaml"),
    ];

    fn demo() -> Vec<Resource> {
        DOCUMENTS.iter().map(|yaml| Resource::parse("demo.yaml", yaml).unwrap()).collect()
    }

    fn of<'a>(resources: &'a mut [Resource], key: &str) -> &'a mut Resource {
        resources.iter_mut().find(|resource| resource.key == key).unwrap()
    }

    fn field(from: &Resource, key: &str) -> Field {
        from.field(key).unwrap().clone()
    }

    #[test]
    fn the_demo_city_has_one_source_for_each_number() {
        let catalogue = Catalogue::build(demo()).unwrap();
        assert_eq!((catalogue.len(), catalogue.get("credit").unwrap().provider.as_str()), (9, "development"));
        assert!(catalogue.get("nothing").is_none());
    }

    #[test]
    fn a_second_claim_is_refused_by_name_and_by_key() {
        for rename in ["name", "full_name"] {
            let mut resources = demo();
            let name = Field { key: rename.into(), ..field(of(&mut resources, "population"), "name") };
            of(&mut resources, "education").fields.push(name);
            let error = Catalogue::build(resources).unwrap_err();
            assert!(error.contains(&format!("education.{rename} claims what population.name holds")), "{error}");
        }
    }

    #[test]
    fn two_resources_of_one_entry_may_not_share_a_field() {
        let mut resources = demo();
        let level = field(of(&mut resources, "education"), "level");
        let other = of(&mut resources, "real-estate");
        (other.code, other.fields) = ("202001/000077".into(), vec![level]);
        let error = Catalogue::build(resources).unwrap_err();
        assert!(error.contains("level") && error.contains("education") && error.contains("real-estate"), "{error}");
    }

    #[test]
    fn a_key_or_a_code_that_stands_twice_is_refused() {
        let mut resources = demo();
        resources.push(resources[0].clone());
        assert!(Catalogue::build(resources).unwrap_err().contains("credit stands twice"));
        let mut resources = demo();
        of(&mut resources, "credit").code = "101001/000001".into();
        assert!(Catalogue::build(resources).unwrap_err().contains("one code"));
    }

    #[test]
    fn search_finds_in_three_languages_and_by_field() {
        let catalogue = Catalogue::build(demo()).unwrap();
        let keys =
            |q: &str, base| catalogue.search(q, base).iter().map(|resource| resource.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys("HOUSEHOLD registration", Some(Base::Population)), ["population", "residence"]);
        assert_eq!(keys("残疾人证", None), ["disability"]);
        assert_eq!(keys("會保險 繳費", None), ["social-insurance"]);
        assert_eq!(keys("months_paid", None), ["social-insurance"]);
        assert_eq!(keys("", None).len(), 9);
        assert!(keys("no such thing", None).is_empty());
    }
}
