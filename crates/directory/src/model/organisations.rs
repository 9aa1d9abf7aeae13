//! The deployment's organisations, in memory: a tree of a few hundred, read at start and after a pack is loaded.
use std::collections::{BTreeMap, BTreeSet};

use codes::{DivisionCode, Uscc};
use platform::i18n::{Lang, Text};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    Government,
    Department,
    Hall,
}

impl OrganisationKind {
    /// As documents and the database write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Department => "department",
            Self::Hall => "hall",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Government, Self::Department, Self::Hall].into_iter().find(|kind| kind.name() == name)
    }
}

/// Who hears an appeal against its decisions (Administrative Reconsideration Law 2023, Administrative Litigation Law).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    pub review_body: Text,
    pub court: Text,
    /// The sentence that stands under a refusal.
    pub text: Text,
}

/// A public body. `key` is what documents, posts and cases refer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// `civil-affairs` (city) or `civil-affairs@990102` (its branch in a county).
    pub key: String,
    pub uscc: String,
    pub name: Text,
    pub short: Text,
    pub kind: OrganisationKind,
    #[serde(default)]
    pub parent: Option<String>,
    /// Code of the division that it serves, 6 digits.
    pub division: String,
    /// Letters that end the logins of its officials.
    pub sign: String,
    /// Phone for questions.
    pub consult: String,
    /// Phone for complaints.
    pub complain: String,
    pub address: Text,
    pub hours: Text,
    pub appeal: Appeal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    organisations: Vec<Organisation>,
}

/// All organisations of the deployment.
#[derive(Debug, Clone, Default)]
pub struct Organisations(BTreeMap<String, Organisation>);

/// Ends a pattern that means "the branch of the county where it happens".
const BY_DIVISION: &str = "@{division}";

impl Organisations {
    #[must_use]
    pub fn new(list: Vec<Organisation>) -> Self {
        Self(list.into_iter().map(|organisation| (organisation.key.clone(), organisation)).collect())
    }

    /// Reads `organisations.yaml`. The error names the organisation and what is wrong with it.
    pub fn parse(yaml: &str) -> Result<Vec<Organisation>, String> {
        let document: Document = serde_norway::from_str(yaml).map_err(|e| format!("organisations: {e}"))?;
        let (mut keys, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for organisation in &document.organisations {
            let wrong = |why: String| format!("organisation {}: {why}", organisation.key);
            check(organisation, &keys).map_err(wrong)?;
            if !keys.insert(organisation.key.as_str()) || !codes.insert(organisation.uscc.as_str()) {
                return Err(wrong("its key or its credit code stands twice; delete or correct one".into()));
            }
        }
        Ok(document.organisations)
    }

    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Organisation> {
        self.0.get(key)
    }

    /// The office that a pattern of an item document means in a division (6 to 12 digits). `market` is that office;
    /// `market@{division}` the branch of the county in which the division lies, and where the county has none, or the
    /// division is unknown or larger than a county, the city's office.
    #[must_use]
    pub fn resolve(&self, pattern: &str, division: &str) -> Option<&Organisation> {
        let Some(key) = pattern.strip_suffix(BY_DIVISION) else { return self.find(pattern) };
        let county = division.get(..6).unwrap_or_default();
        self.find(&format!("{key}@{county}")).or_else(|| self.find(key))
    }

    /// The full name; the key itself when there is no such organisation (any more).
    #[must_use]
    pub fn name<'a>(&'a self, key: &'a str, lang: Lang) -> &'a str {
        self.find(key).map_or(key, |organisation| organisation.name.get(lang))
    }

    /// By key.
    pub fn iter(&self) -> impl Iterator<Item = &Organisation> {
        self.0.values()
    }

    /// The organisations directly below.
    pub fn children<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Organisation> {
        self.0.values().filter(move |organisation| organisation.parent.as_deref() == Some(key))
    }

    /// Itself, then those above it, up to the city's government; empty when it is not known.
    #[must_use]
    pub fn chain(&self, key: &str) -> Vec<&Organisation> {
        let above = |one: &&Organisation| one.parent.as_deref().and_then(|parent| self.find(parent));
        std::iter::successors(self.find(key), above).collect()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn check(organisation: &Organisation, known: &BTreeSet<&str>) -> Result<(), String> {
    Uscc::parse(&organisation.uscc).map_err(|e| e.to_string())?;
    let division = DivisionCode::parse(&organisation.division).map_err(|e| e.to_string())?;
    if division.to_string() != organisation.division || organisation.division.len() != 6 {
        return Err(format!("its division {} is not a code of 6 digits", organisation.division));
    }
    let branch_of = organisation.key.split_once('@').map(|(_, county)| county);
    if branch_of.is_some_and(|county| county != organisation.division) {
        return Err(format!("its key names another division than {}", organisation.division));
    }
    if let Some(parent) = organisation.parent.as_deref().filter(|parent| !known.contains(parent)) {
        return Err(format!("its parent {parent} does not stand before it"));
    }
    if organisation.consult == organisation.complain {
        return Err("questions and complaints go to the same phone; give two".into());
    }
    let appeal = &organisation.appeal;
    let texts = [
        ("name", &organisation.name),
        ("short", &organisation.short),
        ("address", &organisation.address),
        ("hours", &organisation.hours),
        ("appeal.review_body", &appeal.review_body),
        ("appeal.court", &appeal.court),
        ("appeal.text", &appeal.text),
    ];
    let empty = texts.into_iter().find(|(_, text)| Lang::ALL.iter().any(|lang| text.get(*lang).trim().is_empty()));
    empty.map_or(Ok(()), |(field, _)| Err(format!("{field} is empty in a language")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml() -> String {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/demo/organisations/organisations.yaml");
        std::fs::read_to_string(file).unwrap()
    }

    fn demo() -> Organisations {
        Organisations::new(Organisations::parse(&yaml()).unwrap())
    }

    #[test]
    fn patterns_find_the_branch_of_the_county_else_the_citys_office() {
        let all = demo();
        let key = |pattern: &str, division: &str| all.resolve(pattern, division).map(|found| found.key.as_str());
        assert_eq!(key("market", "990102001001"), Some("market"));
        assert_eq!(key("market@{division}", "990102001001"), Some("market@990102"));
        assert_eq!(key("market@{division}", "990102"), Some("market@990102"));
        // The city itself, a department without branches, a foreign or broken code.
        assert_eq!(key("market@{division}", "990100"), Some("market"));
        assert_eq!(key("science@{division}", "990102001001"), Some("science"));
        for division in ["110101001001", "", "9901", "青溪区"] {
            assert_eq!(key("market@{division}", division), Some("market"), "{division}");
        }
        assert_eq!(key("nobody@{division}", "990102"), None);
    }

    #[test]
    fn every_demo_organisation_hangs_on_the_citys_government() {
        let all = demo();
        assert!(all.len() > 100);
        for organisation in all.iter() {
            assert_eq!(all.chain(&organisation.key).last().unwrap().key, "government", "{}", organisation.key);
        }
        assert!(all.children("government").any(|child| child.key == "civil-affairs"));
    }

    #[test]
    fn errors_name_the_organisation_and_the_fault() {
        let yaml = yaml();
        let error = |from: &str, to: &str| Organisations::parse(&yaml.replacen(from, to, 1)).unwrap_err();
        assert!(error("119901000100000041", "119901000100000042").starts_with("organisation government: "));
        assert!(error("parent: \"government\"", "parent: \"governmnt\"").contains("governmnt does not stand before"));
        assert!(error("0990-5551001", "0990-5551000").contains("same phone"));
        assert!(error("kind: department", "kind: club").contains("organisations: "));
        assert!(error("zh-Hans: \"市政府\"", "zh-Hans: \" \"").contains("short is empty"));
        assert!(error("key: \"market\"", "key: \"civil-affairs\"").contains("stands twice"));
    }
}
