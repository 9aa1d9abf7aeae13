//! The deployment's administrative divisions, in memory: a few hundred, read at start and after a pack is loaded.
use std::collections::BTreeMap;

use codes::DivisionCode;
use platform::i18n::{Lang, Text};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DivisionLevel {
    Province,
    City,
    County,
    Street,
    Community,
}

impl DivisionLevel {
    const ALL: [Self; 5] = [Self::Province, Self::City, Self::County, Self::Street, Self::Community];

    /// As documents and the database write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Street => "street",
            Self::Community => "community",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl From<codes::Level> for DivisionLevel {
    fn from(level: codes::Level) -> Self {
        match level {
            codes::Level::Province => Self::Province,
            codes::Level::City => Self::City,
            codes::Level::County => Self::County,
            codes::Level::Town => Self::Street,
            codes::Level::Community => Self::Community,
        }
    }
}

/// One division: 6 digits down to the county, 9 for a street or town, 12 for a community (GB/T 2260, GB/T 10114).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Division {
    pub code: String,
    pub level: DivisionLevel,
    /// What its name says: `district`, `county`, `subdistrict`, `town` …
    pub kind: String,
    #[serde(default)]
    pub parent: Option<String>,
    pub name: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    divisions: Vec<Division>,
}

/// All divisions of the deployment. Codes are found in any of their lengths: `990102` and `990102000000` are one.
#[derive(Debug, Clone, Default)]
pub struct Divisions(BTreeMap<String, Division>);

impl Divisions {
    #[must_use]
    pub fn new(list: Vec<Division>) -> Self {
        Self(list.into_iter().map(|division| (division.code.clone(), division)).collect())
    }

    /// Reads `divisions.yaml`. The error names the division and what is wrong with it.
    pub fn parse(yaml: &str) -> Result<Vec<Division>, String> {
        let document: Document = serde_norway::from_str(yaml).map_err(|e| format!("divisions: {e}"))?;
        let mut known = BTreeMap::new();
        for division in &document.divisions {
            let wrong = |why: String| format!("division {}: {why}", division.code);
            check(division, &known).map_err(wrong)?;
            if known.insert(division.code.as_str(), ()).is_some() {
                return Err(wrong("the code stands twice; delete one".into()));
            }
        }
        Ok(document.divisions)
    }

    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Division> {
        self.0.get(&DivisionCode::parse(code).ok()?.to_string())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.0.values()
    }

    /// The divisions directly below, by code.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Division> {
        let parent = self.find(code).map(|division| division.code.as_str());
        self.0.values().filter(move |division| parent.is_some() && division.parent.as_deref() == parent)
    }

    /// From the province down to the division itself; empty when it is not known.
    #[must_use]
    pub fn path(&self, code: &str) -> Vec<&Division> {
        let above = |division: &&Division| division.parent.as_deref().and_then(|parent| self.0.get(parent));
        let mut path: Vec<&Division> = std::iter::successors(self.find(code), above).collect();
        path.reverse();
        path
    }

    /// The name with those above it, in the order of the language: `南屏省云岭市青溪区`, `Qingxi District, Yunling City, …`.
    #[must_use]
    pub fn full_name(&self, code: &str, lang: Lang) -> Option<String> {
        let mut names: Vec<&str> = self.path(code).iter().map(|division| division.name.get(lang)).collect();
        if lang == Lang::En {
            names.reverse();
        }
        let between = if lang == Lang::En { ", " } else { "" };
        (!names.is_empty()).then(|| names.join(between))
    }
}

fn check(division: &Division, known: &BTreeMap<&str, ()>) -> Result<(), String> {
    let code = DivisionCode::parse(&division.code).map_err(|e| e.to_string())?;
    if code.to_string() != division.code || DivisionLevel::from(code.level()) != division.level {
        return Err(format!("the code is not one of a {}; write it as {code}", division.level.name()));
    }
    let Some(parent) = &division.parent else {
        let is_top = division.level == DivisionLevel::Province;
        return if is_top { Ok(()) } else { Err("only a province has no parent; name it".into()) };
    };
    if !known.contains_key(parent.as_str()) {
        return Err(format!("its parent {parent} does not stand before it"));
    }
    let parent = DivisionCode::parse(parent).map_err(|e| e.to_string())?;
    if parent.contains(code) { Ok(()) } else { Err(format!("it does not lie in {parent} by its digits")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Divisions {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/demo/divisions.yaml");
        Divisions::new(Divisions::parse(&std::fs::read_to_string(file).unwrap()).unwrap())
    }

    #[test]
    fn the_demo_citys_divisions_are_a_tree() {
        let divisions = demo();
        assert_eq!(divisions.children("990100").count(), 6);
        assert_eq!(divisions.find("990102000000").unwrap().name.en, "Qingxi District");
        for division in divisions.iter() {
            assert_eq!(divisions.path(&division.code)[0].code, "990000", "{}", division.code);
        }
    }

    #[test]
    fn full_names_follow_the_language() {
        let (divisions, code) = (demo(), "990102001001");
        assert_eq!(divisions.full_name(code, Lang::ZhHans).unwrap(), "南屏省云岭市青溪区莲花街道春晖社区");
        let english = "Chunhui Community, Lianhua Subdistrict, Qingxi District, Yunling City, Nanping Province";
        assert_eq!(divisions.full_name(code, Lang::En).unwrap(), english);
        assert_eq!(divisions.full_name("110101", Lang::En), None);
    }

    #[test]
    fn errors_name_the_division() {
        let error = |line: &str| Divisions::parse(&format!("divisions:\n- {line}\n")).unwrap_err();
        let name = "name: {zh-Hans: 甲, zh-Hant: 甲, en: A}";
        assert!(error(&format!("{{code: '990102', level: city, kind: city, {name}}}")).contains("division 990102"));
        assert!(error(&format!("{{code: '990100', level: city, kind: city, {name}}}")).contains("only a province"));
        let orphan = format!("{{code: '990100', level: city, kind: city, parent: '990000', {name}}}");
        assert!(error(&orphan).contains("does not stand before it"));
    }
}
