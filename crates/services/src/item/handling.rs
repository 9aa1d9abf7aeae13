//! Who accepts, reviews and decides an item, and how.
use std::fmt;

use platform::i18n::Text;
use serde::{Deserialize, Serialize};

use super::facts::Reference;
use super::limits::Limit;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    pub mode: Mode,
    pub accepting: OrgPattern,
    /// Reviews run in parallel; none for instant items.
    #[serde(default)]
    pub reviews: Vec<Review>,
    pub deciding: Deciding,
    /// How long the applicant has to supplement.
    pub supplement: Limit,
    /// Printed under a refusal when the deciding body has no sentence of its own.
    #[serde(default)]
    pub appeal: Option<Text>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The eligibility list decides; no officer.
    Instant,
    /// One office reviews and decides.
    Review,
    /// Several departments review in parallel, one decides.
    Joint,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub key: String,
    pub name: Text,
    pub org: OrgPattern,
    pub kind: ReviewKind,
    pub limit: Limit,
    /// Whether the case's clocks stand still while it runs. Administrative Licensing Law art. 45 [recalled].
    #[serde(default)]
    pub pauses_clock: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    Paper,
    Inspection,
    FirstReview,
    Consultation,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    pub org: OrgPattern,
    /// Role of the official who decides, as the permission table names it.
    pub role: String,
}

/// An organisation, fixed (`civil-affairs`) or the branch in the county of a reference (`market@{premises_division}`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgPattern {
    pub org: String,
    /// A fact or field that holds the code of a division in the county.
    pub county_of: Option<Reference>,
}

impl OrgPattern {
    /// The organisation's key. `value` gives the text behind a reference; Err names the reference that has none.
    pub fn resolve(&self, value: impl Fn(&Reference) -> Option<String>) -> Result<String, Reference> {
        let Some(reference) = &self.county_of else {
            return Ok(self.org.clone());
        };
        let code = value(reference).unwrap_or_default();
        match code.get(..6) {
            Some(county) if county.bytes().all(|b| b.is_ascii_digit()) => Ok(format!("{}@{county}", self.org)),
            _ => Err(reference.clone()),
        }
    }
}

impl TryFrom<String> for OrgPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let Some((org, place)) = text.split_once('@') else {
            return if is_slug(&text) {
                Ok(Self { org: text, county_of: None })
            } else {
                Err(format!("{text:?} is no key of an organisation"))
            };
        };
        if !place.is_empty() && place.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self { org: text, county_of: None });
        }
        let inner = place.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inner.map(|inner| Reference::try_from(inner.to_owned())) {
            Some(Ok(reference)) if is_slug(org) => Ok(Self { org: org.to_owned(), county_of: Some(reference) }),
            _ => Err(format!("{text:?}: write organisation, organisation@990102 or organisation@{{field}}")),
        }
    }
}

impl From<OrgPattern> for String {
    fn from(pattern: OrgPattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for OrgPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.county_of {
            Some(reference) => write!(f, "{}@{{{reference}}}", self.org),
            None => f.write_str(&self.org),
        }
    }
}

/// Lower-case letters, digits, hyphens and underscores, a letter first: keys of items, pages, fields, organisations.
pub(super) fn is_slug(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> OrgPattern {
        OrgPattern::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_branch_is_found_by_the_county_of_a_fact() {
        let branch = pattern("public-security@{residence.division}");
        let here = branch.resolve(|r| (r.to_string() == "residence.division").then(|| "990102001003".to_owned()));
        assert_eq!(here.as_deref(), Ok("public-security@990102"));
        assert_eq!(branch.resolve(|_| None).unwrap_err().to_string(), "residence.division");
        assert_eq!(branch.resolve(|_| Some("街道".to_owned())).unwrap_err().to_string(), "residence.division");
    }

    #[test]
    fn fixed_organisations_need_no_place() {
        assert_eq!(pattern("civil-affairs").resolve(|_| None).as_deref(), Ok("civil-affairs"));
        assert_eq!(pattern("market@990102").resolve(|_| None).as_deref(), Ok("market@990102"));
        assert!(OrgPattern::try_from("Market@{x".to_owned()).is_err());
    }
}
