//! The people of the walkthroughs, read from `characters.yaml`: the same whatever the seed.

use codes::{ResidentId, Uscc};
use serde::Deserialize;
use time::{Date, Month};

use super::Config;
use super::model::{
    Company, Dwelling, Form, Household, Hukou, Life, Marital, NameParts, Person, Relation, Standing, Work,
};
use super::people::People;
use super::places::Places;
use super::words::Words;

#[derive(Deserialize)]
struct Document {
    people: Vec<PersonRow>,
    enterprises: Vec<EnterpriseRow>,
    officials: Vec<OfficialRow>,
}

#[derive(Deserialize)]
struct PersonRow {
    key: String,
    name: String,
    romanised: String,
    id_number: String,
    marital: String,
    community: String,
    address: String,
    hukou: Option<HukouRow>,
    mobile: String,
    works_for: Option<String>,
    residence: Option<ResidenceRow>,
    certificate_months: Option<i32>,
    insurance: InsuranceRow,
    schooling: SchoolingRow,
}

#[derive(Deserialize)]
pub(super) struct HukouRow {
    pub division: String,
    pub address: String,
}

#[derive(Deserialize)]
pub(super) struct ResidenceRow {
    pub months: i32,
    pub ground: String,
    pub landlord: String,
}

#[derive(Deserialize)]
pub(super) struct InsuranceRow {
    pub status: String,
    pub kind: String,
    pub first: String,
    /// The month before today when left out.
    pub last: Option<String>,
    pub months: i32,
}

#[derive(Deserialize)]
pub(super) struct SchoolingRow {
    pub level: String,
    pub school: String,
    pub graduated_on: String,
}

#[derive(Deserialize)]
struct EnterpriseRow {
    key: String,
    uscc: String,
    name: String,
    form: String,
    sector: String,
    community: String,
    address: String,
    representative: String,
    capital_fen: i64,
    established_on: String,
}

#[derive(Deserialize)]
pub(super) struct OfficialRow {
    pub key: String,
    pub name: String,
    pub login: String,
    pub org: String,
    pub role: String,
    /// Six digits of the counties in whose branches of `org` the post is held as well.
    #[serde(default)]
    pub counties: Vec<String>,
}

/// A fixed person; stands at the same index in the city's people.
pub(super) struct CastPerson {
    pub key: String,
    pub name: String,
    pub romanised: String,
    pub id: ResidentId,
    pub address: String,
    pub community: u16,
    pub mobile: String,
    pub hukou: Option<HukouRow>,
    pub residence: Option<ResidenceRow>,
    pub certificate_months: Option<i32>,
    pub insurance: InsuranceRow,
    pub schooling: SchoolingRow,
    marital: Marital,
    company: Option<usize>,
    represents: bool,
}

pub(super) struct Cast {
    pub people: Vec<CastPerson>,
    pub officials: Vec<OfficialRow>,
    pub company_keys: Vec<String>,
    companies: Vec<EnterpriseRow>,
}

impl Cast {
    pub(super) fn read(config: &Config, places: &Places) -> Result<Self, String> {
        let document: Document =
            serde_norway::from_str(include_str!("characters.yaml")).map_err(|e| format!("characters.yaml: {e}"))?;
        let Document { people, enterprises, officials } = document;
        let people = people.into_iter().map(|row| person(row, &enterprises, config, places));
        let people = people.collect::<Result<_, String>>()?;
        let company_keys = enterprises.iter().map(|row| row.key.clone()).collect();
        Ok(Self { people, officials, company_keys, companies: enterprises })
    }

    /// The city's first people: each alone in a household.
    pub(super) fn people(&self) -> People {
        let persons = self.people.iter().enumerate().map(|(index, fixed)| Person {
            id: fixed.id,
            household: index as u32,
            name: NameParts { surname: 0, sex: fixed.id.sex(), cohort: 0, first: 0, second: 0 },
            relation: Relation::Head,
            marital: fixed.marital,
            life: Life::Alive,
            work: fixed.company.map_or(Work::Pension, |company| Work::Company(company as u32)),
            represents: fixed.represents,
        });
        let households = self.people.iter().enumerate().map(|(index, fixed)| Household {
            home: Dwelling { community: fixed.community, ordinal: 0 },
            hukou: if fixed.hukou.is_some() { Hukou::Origin(0) } else { Hukou::Here },
            first: index as u32,
        });
        People { persons: persons.collect(), households: households.collect() }
    }

    /// The city's first firms.
    pub(super) fn companies(&self, places: &Places, words: &Words) -> Result<Vec<Company>, String> {
        self.companies.iter().map(|row| self.company(row, places, words)).collect()
    }

    fn company(&self, row: &EnterpriseRow, places: &Places, words: &Words) -> Result<Company, String> {
        let sector = words.sectors.iter().position(|s| s.key == row.sector);
        let representative = self.people.iter().position(|p| p.key == row.representative);
        Ok(Company {
            uscc: Uscc::parse(&row.uscc).map_err(|e| format!("characters.yaml: {}: {e}", row.key))?,
            name: row.name.clone(),
            address: row.address.clone(),
            form: if row.form == "company" { Form::Company } else { Form::Trader },
            standing: Standing::Active,
            sector: sector.ok_or_else(|| format!("characters.yaml: no sector {}", row.sector))? as u8,
            community: community(&row.community, places)?,
            representative: representative.ok_or("characters.yaml: a firm's representative is nobody")? as u32,
            capital_fen: row.capital_fen,
            established: date(&row.established_on)?,
            weight: 12,
        })
    }
}

fn person(row: PersonRow, firms: &[EnterpriseRow], config: &Config, places: &Places) -> Result<CastPerson, String> {
    let company = row.works_for.as_ref().and_then(|key| firms.iter().position(|f| f.key == *key));
    Ok(CastPerson {
        id: ResidentId::parse(&row.id_number, config.today)
            .map_err(|e| format!("characters.yaml: {}: {e}", row.key))?,
        community: community(&row.community, places)?,
        represents: firms.iter().any(|f| f.representative == row.key),
        marital: match row.marital.as_str() {
            "married" => Marital::Married,
            "widowed" => Marital::Widowed,
            "divorced" => Marital::Divorced,
            _ => Marital::Single,
        },
        company,
        key: row.key,
        name: row.name,
        romanised: row.romanised,
        address: row.address,
        mobile: row.mobile,
        hukou: row.hukou,
        residence: row.residence,
        certificate_months: row.certificate_months,
        insurance: row.insurance,
        schooling: row.schooling,
    })
}

fn community(code: &str, places: &Places) -> Result<u16, String> {
    let index = places.community(code).ok_or_else(|| format!("characters.yaml: there is no community {code}"))?;
    Ok(index as u16)
}

/// Reads `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Result<Date, String> {
    let wrong = || format!("characters.yaml: {text} is no date");
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u16>().ok()).ok_or_else(wrong);
    let month = Month::try_from(number(5..7)? as u8).map_err(|_| wrong())?;
    Date::from_calendar_date(i32::from(number(0..4)?), month, number(8..10)? as u8).map_err(|_| wrong())
}
