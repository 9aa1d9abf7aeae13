//! The records about persons, field by field as the catalogue entries name them.

use serde::Serialize;
use time::Date;

use super::City;
use super::addresses;
use super::cast::{CastPerson, InsuranceRow};
use super::chance::{Chance, Purpose};
use super::facts::{CATEGORIES, Insurance};
use super::model::{Dwelling, Household, Hukou, Work, days_before, iso, month_of, month_text};
use super::records::text;

#[derive(Serialize)]
struct Population<'a> {
    name: &'a str,
    id_number: &'a str,
    sex: &'static str,
    birth_date: String,
    ethnicity: &'static str,
    hukou_division: &'a str,
    hukou_address: String,
    residence_division: &'a str,
    residence_address: String,
    household_no: String,
    household_relation: &'static str,
    marital_status: &'static str,
    life_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<String>,
}

#[derive(Serialize)]
struct Residence<'a> {
    registered_on: String,
    division: &'a str,
    address: String,
    ground: &'a str,
    landlord_name: String,
}

#[derive(Serialize)]
struct SocialInsurance<'a> {
    status: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_uscc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_paid_month: Option<String>,
    months_paid: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_paid_month: Option<String>,
}

#[derive(Serialize)]
struct Disability {
    certificate_no: String,
    category: &'static str,
    grade: u8,
    valid_to: String,
}

#[derive(Serialize)]
struct Education<'a> {
    level: &'a str,
    school: &'a str,
    graduated_on: String,
    enrolled: u8,
}

#[derive(Serialize)]
struct RealEstate {
    property_no: String,
    address: String,
    area_m2: String,
    share: u8,
}

#[derive(Serialize)]
struct FoodStaff<'a> {
    holder_name: &'a str,
    certificate_no: String,
    valid_to: String,
}

/// The ethnic groups of the catalogue entry, with their weights.
const ETHNIC: [(&str, u32); 12] = [
    ("han", 9110),
    ("zhuang", 139),
    ("hui", 81),
    ("manchu", 74),
    ("miao", 79),
    ("tujia", 68),
    ("yi", 70),
    ("dong", 50),
    ("yao", 40),
    ("bai", 30),
    ("mongol", 45),
    ("other", 214),
];

impl City {
    pub(super) fn fixed(&self, index: usize) -> Option<&CastPerson> {
        self.cast.people.get(index)
    }

    pub(super) fn population(&self, index: usize) -> Option<(Date, String)> {
        let person = &self.persons[index];
        let household = &self.households[person.household as usize];
        let community = &self.places.communities[household.home.community as usize];
        let here = self.home_address(index);
        let (hukou_division, hukou_address) = self.hukou(index, household, &here);
        let name = self.name(index);
        let record = Population {
            name: &name,
            id_number: self.id(index),
            sex: if person.is_male() { "1" } else { "2" },
            birth_date: iso(person.birth()),
            ethnicity: self.ethnicity(index),
            hukou_division,
            hukou_address,
            residence_division: &community.code,
            residence_address: here,
            household_no: format!("{:09}", person.household + 1),
            household_relation: person.relation.key(),
            marital_status: person.marital.key(),
            life_status: person.life.key(),
            mobile: self.mobile(index),
        };
        Some((self.recorded(index, 720), text(&record)))
    }

    /// Code and address of the household registration.
    fn hukou(&self, index: usize, household: &Household, here: &str) -> (&str, String) {
        if let Some(fixed) = self.fixed(index).and_then(|fixed| fixed.hukou.as_ref()) {
            return (&fixed.division, fixed.address.clone());
        }
        let code = |home: Dwelling| self.places.communities[home.community as usize].code.as_str();
        match household.hukou {
            Hukou::Here => (code(household.home), here.to_owned()),
            Hukou::Elsewhere(home) => (code(home), addresses::home(&self.places, &self.words, home)),
            Hukou::Origin(origin) => {
                let origin = &self.places.origins[origin as usize];
                (&origin.code, origin.name.clone())
            }
        }
    }

    pub(super) fn residence(&self, index: usize) -> Option<(Date, String)> {
        let person = &self.persons[index];
        let household = &self.households[person.household as usize];
        let (on, ground, landlord_name) = match self.fixed(index) {
            Some(fixed) => {
                let row = fixed.residence.as_ref()?;
                (days_before(self.config.today, row.months as u32 * 30 + 6), row.ground.as_str(), row.landlord.clone())
            }
            None => {
                let registration = self.registration(index)?;
                (registration.on, registration.ground, self.stranger(Purpose::Residence, person.household))
            }
        };
        let division = &self.places.communities[household.home.community as usize].code;
        let address = self.home_address(index);
        let record = Residence { registered_on: iso(on), division, address, ground, landlord_name };
        Some((on, text(&record)))
    }

    pub(super) fn social_insurance(&self, index: usize) -> Option<(Date, String)> {
        let last_month = month_of(self.config.today) - 1;
        let as_of = days_before(self.config.today, u32::from(self.config.today.day()));
        let record = match self.fixed(index) {
            Some(fixed) => self.fixed_insurance(index, &fixed.insurance, last_month),
            None => self.drawn_insurance(&self.insurance(index)?),
        };
        Some((as_of, text(&record)))
    }

    fn fixed_insurance<'a>(&'a self, index: usize, row: &'a InsuranceRow, last_month: i32) -> SocialInsurance<'a> {
        let (employer_uscc, employer_name) = self.employer(self.persons[index].work).unzip();
        SocialInsurance {
            status: &row.status,
            kind: &row.kind,
            employer_uscc,
            employer_name,
            first_paid_month: Some(row.first.clone()),
            months_paid: row.months,
            last_paid_month: Some(row.last.clone().unwrap_or_else(|| month_text(last_month))),
        }
    }

    fn drawn_insurance(&self, insurance: &Insurance) -> SocialInsurance<'_> {
        let (employer_uscc, employer_name) = self.employer(insurance.employer).unzip();
        let month = |month| (insurance.paid > 0).then(|| month_text(month));
        SocialInsurance {
            status: insurance.status,
            kind: insurance.kind,
            employer_uscc,
            employer_name,
            first_paid_month: month(insurance.first),
            months_paid: insurance.paid,
            last_paid_month: month(insurance.last),
        }
    }

    fn employer(&self, work: Work) -> Option<(&str, &str)> {
        match work {
            Work::Company(index) => {
                let company = &self.companies[index as usize];
                Some((company.uscc.as_str(), &company.name))
            }
            Work::Office(index) => {
                let office = &self.places.offices[index as usize];
                Some((&office.uscc, &office.name))
            }
            _ => None,
        }
    }

    /// The certificate's number is the ID number with category and grade.
    pub(super) fn disability_certificate(&self, index: usize) -> Option<(Date, String)> {
        let of = self.disability(index)?;
        let record = Disability {
            certificate_no: format!("{}{}{}", self.id(index), of.category, of.grade),
            category: CATEGORIES[usize::from(of.category) - 1],
            grade: of.grade,
            valid_to: iso(of.valid_to),
        };
        Some((self.recorded(index, 300), text(&record)))
    }

    pub(super) fn education(&self, index: usize) -> Option<(Date, String)> {
        let as_of = self.recorded(index, 80);
        if let Some(fixed) = self.fixed(index) {
            let row = &fixed.schooling;
            let graduated_on = row.graduated_on.clone();
            let record = Education { level: &row.level, school: &row.school, graduated_on, enrolled: 0 };
            return Some((as_of, text(&record)));
        }
        let person = &self.persons[index];
        let schooling = super::schooling::of(&self.config, index, person.birth()).filter(|_| person.is_alive())?;
        let schools = schooling.level.schools(&self.words.schools);
        let record = Education {
            level: schooling.level.key(),
            school: &schools[schooling.school as usize % schools.len()],
            graduated_on: iso(schooling.graduates),
            enrolled: u8::from(schooling.is_enrolled),
        };
        Some((as_of, text(&record)))
    }

    pub(super) fn real_estate(&self, index: usize) -> Option<(Date, String)> {
        let home = self.home(index)?;
        let title = &self.words.title;
        let record = RealEstate {
            property_no: format!("{}{}{}{:07}{}", title.province, home.year, title.middle, home.title, title.end),
            address: self.home_address(index),
            area_m2: format!("{}.{:02}", home.area_dm2 / 100, home.area_dm2 % 100),
            share: home.share,
        };
        let title_given = Date::from_ordinal_date(home.year, 1 + u16::from(home.share)).unwrap_or(Date::MIN);
        Some((self.recorded(index, 1500).max(title_given).min(self.config.today), text(&record)))
    }

    pub(super) fn food_staff(&self, index: usize) -> Option<(Date, String)> {
        let valid_to = match self.fixed(index) {
            Some(fixed) => self.config.today + time::Duration::days(i64::from(fixed.certificate_months?) * 30),
            None => self.health_certificate(index)?,
        };
        let issued = days_before(valid_to, 365);
        let name = self.name(index);
        let certificate_no = format!("9901{}{:07}", issued.year(), index + 1);
        let record = FoodStaff { holder_name: &name, certificate_no, valid_to: iso(valid_to) };
        Some((issued, text(&record)))
    }

    fn ethnicity(&self, index: usize) -> &'static str {
        if self.fixed(index).is_some() {
            return "han";
        }
        let household = u64::from(self.persons[index].household);
        let mut chance = Chance::new(self.config.seed, Purpose::Person, household);
        ETHNIC[chance.weighted(&ETHNIC.map(|(_, weight)| weight))].0
    }

    /// A day of the last `days` days, never before the birth.
    fn recorded(&self, index: usize, days: u32) -> Date {
        let mut chance = Chance::new(self.config.seed, Purpose::AsOf, index as u64);
        days_before(self.config.today, chance.below(days)).max(self.persons[index].birth())
    }
}
