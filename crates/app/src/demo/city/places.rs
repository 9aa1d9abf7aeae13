//! The divisions and organisations of the demo city, as the generator needs them, read from the pack's documents.

use codes::{DivisionCode, Divisions};
use serde::Deserialize;

use super::words::Words;

/// What a document calls a village; other communities are urban.
const VILLAGE: &str = "village";

/// The texts of two documents of the pack: `divisions.yaml` and `organisations/organisations.yaml`.
#[derive(Clone, Copy)]
pub struct Documents<'a> {
    pub divisions: &'a str,
    pub organisations: &'a str,
}

/// Only what the generator needs of a localised text: records of registers are Chinese.
#[derive(Deserialize)]
struct Name {
    #[serde(rename = "zh-Hans")]
    zh_hans: String,
}

#[derive(Deserialize)]
struct DivisionRow {
    code: String,
    level: String,
    kind: String,
    name: Name,
}

#[derive(Deserialize)]
struct DivisionsDocument {
    divisions: Vec<DivisionRow>,
}

#[derive(Deserialize)]
struct OrganisationRow {
    key: String,
    uscc: String,
    name: Name,
    kind: String,
    division: String,
    sign: String,
}

#[derive(Deserialize)]
struct OrganisationsDocument {
    organisations: Vec<OrganisationRow>,
}

/// A community or village: where people live.
pub(super) struct Community {
    pub code: String,
    pub division: DivisionCode,
    /// Index of its county.
    pub county: usize,
    /// How its addresses begin: province, city, county, street (and village).
    pub prefix: String,
    pub is_village: bool,
}

pub(super) struct County {
    pub code: String,
    pub name: String,
    pub division: DivisionCode,
}

/// A department, government or hall that employs people.
pub(super) struct Office {
    pub key: String,
    pub uscc: String,
    pub name: String,
    pub is_department: bool,
    pub division: String,
    pub sign: String,
}

/// A county elsewhere in the country.
pub(super) struct Origin {
    pub division: DivisionCode,
    pub code: String,
    pub name: String,
}

pub(super) struct Places {
    pub city_name: String,
    pub counties: Vec<County>,
    pub communities: Vec<Community>,
    pub offices: Vec<Office>,
    pub origins: Vec<Origin>,
}

impl Places {
    /// Reads the documents; errors name the document and what is wrong in it.
    pub(super) fn read(documents: Documents<'_>, words: &Words) -> Result<Self, String> {
        let rows: DivisionsDocument =
            serde_norway::from_str(documents.divisions).map_err(|e| format!("divisions.yaml: {e}"))?;
        let rows = rows.divisions;
        let city_name = rows.iter().find(|row| row.level == "city").map(|row| row.name.zh_hans.clone());
        let counties = read_counties(&rows)?;
        let communities = read_communities(&rows, &counties)?;
        if communities.is_empty() {
            return Err("divisions.yaml: there is no community to live in".to_owned());
        }
        Ok(Self {
            city_name: city_name.ok_or("divisions.yaml: there is no city")?,
            counties,
            communities,
            offices: read_offices(documents.organisations)?,
            origins: read_origins(words)?,
        })
    }

    pub(super) fn community(&self, code: &str) -> Option<usize> {
        self.communities.iter().position(|c| c.code == code)
    }

    pub(super) fn office(&self, key: &str) -> Option<usize> {
        self.offices.iter().position(|o| o.key == key)
    }
}

fn code(text: &str) -> Result<DivisionCode, String> {
    DivisionCode::parse(text).map_err(|e| format!("divisions.yaml: {text}: {e}"))
}

fn read_counties(rows: &[DivisionRow]) -> Result<Vec<County>, String> {
    let counties = rows.iter().filter(|row| row.level == "county");
    counties
        .map(|row| Ok(County { code: row.code.clone(), name: row.name.zh_hans.clone(), division: code(&row.code)? }))
        .collect()
}

fn read_communities(rows: &[DivisionRow], counties: &[County]) -> Result<Vec<Community>, String> {
    let communities = rows.iter().filter(|row| row.level == "community");
    communities
        .map(|row| {
            let county = counties.iter().position(|c| row.code.starts_with(&c.code));
            let is_village = row.kind == VILLAGE;
            Ok(Community {
                code: row.code.clone(),
                division: code(&row.code)?,
                county: county.ok_or_else(|| format!("divisions.yaml: {} lies in no county", row.code))?,
                prefix: prefix_of(row, rows),
                is_village,
            })
        })
        .collect()
}

/// The names from the province down to the street; a village names itself as well. There is one city.
fn prefix_of(row: &DivisionRow, rows: &[DivisionRow]) -> String {
    let above = rows.iter().filter(|other| match other.level.as_str() {
        "province" | "city" => true,
        "county" | "street" => row.code.starts_with(&other.code),
        _ => other.kind == VILLAGE && other.code == row.code,
    });
    above.map(|other| other.name.zh_hans.as_str()).collect()
}

fn read_offices(document: &str) -> Result<Vec<Office>, String> {
    let rows: OrganisationsDocument =
        serde_norway::from_str(document).map_err(|e| format!("organisations.yaml: {e}"))?;
    let offices = rows.organisations.into_iter().map(|row| Office {
        key: row.key,
        uscc: row.uscc,
        name: row.name.zh_hans,
        is_department: row.kind == "department",
        division: row.division,
        sign: row.sign,
    });
    Ok(offices.collect())
}

fn read_origins(words: &Words) -> Result<Vec<Origin>, String> {
    let known = Divisions::embedded();
    let origin = |text: &String| {
        let division = code(text)?;
        let name = known.full_name(division).ok_or_else(|| format!("words.yaml: {text} is no county"))?;
        Ok(Origin { division, code: format!("{text}000000"), name })
    };
    words.origins.iter().map(origin).collect()
}
