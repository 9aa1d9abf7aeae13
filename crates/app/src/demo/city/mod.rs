//! The demo city's people, firms, officials and past cases, made from a seed: the same on every machine.
//!
//! Pure: no clock, no database, no files but the vocabulary beside this one. [`City::generate`] reads two documents of
//! the pack and keeps a few dozen bytes a person; records, residents, firms and cases are then made one at a time.
//!
//! Invented throughout. The city's codes begin with 99, which no province has. People who moved in bear codes of real
//! counties, with sequence numbers (960 to 999) that registration offices do not reach. Mobile numbers begin with 154.

mod addresses;
mod cases;
mod cast;
mod chance;
mod characters;
mod companies;
mod company_records;
mod facts;
mod households;
mod model;
mod officials;
mod people;
mod person_records;
mod places;
mod records;
mod schooling;
mod timeline;
mod words;
mod work;

#[cfg(test)]
mod tests;

use codes::Sex;
use time::Date;

use cast::Cast;
use chance::{Chance, Purpose};
use model::{Company, Household, Person, Standing};
use places::Places;
use words::Words;

pub use cases::{Applicant, PastCase};
pub use characters::{Character, Characters, Firm};
pub use officials::Official;
pub use places::Documents;
pub use records::{RESOURCES, Record};
pub use timeline::{CaseState, Timeline};

/// How large the city is. Numbers below those of the fixed characters are raised to theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    pub seed: u64,
    pub residents: u32,
    pub enterprises: u32,
    pub past_cases: u32,
    pub officials: u32,
    /// The day on which the city stands; ages, stays and cases are counted back from it.
    pub today: Date,
}

/// A generated city.
pub struct City {
    config: Config,
    words: Words,
    places: Places,
    cast: Cast,
    persons: Vec<Person>,
    households: Vec<Household>,
    companies: Vec<Company>,
}

/// Somebody who can sign in, as the directory needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    pub id_number: String,
    pub name: String,
    pub birth_date: Date,
    pub mobile: Option<String>,
    /// Community of residence, 12 digits.
    pub division: String,
    /// False for those who died or moved away.
    pub is_active: bool,
}

/// A firm with its legal representative, as the directory needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    pub uscc: String,
    pub name: String,
    /// Community of the registered address, 12 digits.
    pub division: String,
    pub representative_id: String,
    pub representative_name: String,
    /// False for the revoked and the deregistered.
    pub is_active: bool,
}

impl City {
    /// Makes the city: under a second for 100,000 residents in a release build.
    ///
    /// # Errors
    /// Names the document that cannot be read, and what is wrong in it.
    pub fn generate(config: Config, documents: Documents<'_>) -> Result<Self, String> {
        let words = Words::read()?;
        let places = Places::read(documents, &words)?;
        let cast = Cast::read(&config, &places)?;
        let fixed = cast.people.len();
        let people::People { mut persons, households } = people::settle(&config, &places, &words, &cast);
        let mut companies = cast.companies(&places, &words)?;
        let founding = companies::Founding { config: &config, places: &places, words: &words };
        founding.found(&mut companies, &mut persons, fixed);
        let market = work::LabourMarket::new(&config, &places, &households, &companies);
        market.employ(&mut persons, &companies, fixed);
        Ok(Self { config, words, places, cast, persons, households, companies })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Everybody in the population register, the characters first.
    pub fn residents(&self) -> impl Iterator<Item = Resident> + '_ {
        (0..self.persons.len()).map(|index| {
            let person = &self.persons[index];
            let home = self.households[person.household as usize].home;
            Resident {
                id_number: self.id(index).to_owned(),
                name: self.name(index),
                birth_date: person.birth(),
                mobile: self.mobile(index),
                division: self.places.communities[home.community as usize].code.clone(),
                is_active: person.is_alive(),
            }
        })
    }

    /// Every firm in the business register, the characters' first.
    pub fn enterprises(&self) -> impl Iterator<Item = Enterprise> + '_ {
        self.companies.iter().map(|company| Enterprise {
            uscc: company.uscc.as_str().to_owned(),
            name: company.name.clone(),
            division: self.places.communities[company.community as usize].code.clone(),
            representative_id: self.id(company.representative as usize).to_owned(),
            representative_name: self.name(company.representative as usize),
            is_active: company.standing == Standing::Active,
        })
    }

    fn id(&self, index: usize) -> &str {
        self.persons[index].id.as_str()
    }

    fn name(&self, index: usize) -> String {
        match self.fixed(index) {
            Some(fixed) => fixed.name.clone(),
            None => self.spelt(self.persons[index].name),
        }
    }

    fn spelt(&self, name: model::NameParts) -> String {
        let cohort = &self.words.given[usize::from(name.cohort)];
        let given = if name.sex == Sex::Male { &cohort.male } else { &cohort.female };
        let surname = &self.words.surnames[usize::from(name.surname)].0;
        let second = if name.first == name.second { "" } else { &given[usize::from(name.second)] };
        format!("{surname}{}{second}", given[usize::from(name.first)])
    }

    /// The name of somebody who is not in the registers, such as a landlord.
    fn stranger(&self, purpose: Purpose, index: u32) -> String {
        let mut chance = Chance::new(self.config.seed, purpose, 1 << 41 | u64::from(index));
        let surname = self.words.surname_lottery.draw(&mut chance).unwrap_or(0) as u16;
        let birth = model::days_before(self.config.today, 45 * 365);
        let sex = if chance.per_mille(600) { Sex::Male } else { Sex::Female };
        self.spelt(people::given(&self.words, surname, birth, sex, &mut chance))
    }

    fn home_address(&self, index: usize) -> String {
        match self.fixed(index) {
            Some(fixed) => fixed.address.clone(),
            None => {
                let household = &self.households[self.persons[index].household as usize];
                addresses::home(&self.places, &self.words, household.home)
            }
        }
    }

    /// Unique; children and some of the old have none. 154 is a prefix that no network uses; the characters' numbers
    /// begin with 1540055.
    fn mobile(&self, index: usize) -> Option<String> {
        const STEP: u64 = 61_803_403;
        const NUMBERS: u64 = 99_990_000;
        if let Some(fixed) = self.fixed(index) {
            return Some(fixed.mobile.clone());
        }
        let person = &self.persons[index];
        let age = person.age(self.config.today);
        let share = if age < 12 {
            0
        } else if age < 70 {
            980
        } else {
            720
        };
        let mut chance = Chance::new(self.config.seed, Purpose::Number, index as u64);
        let number = index as u64 * STEP % NUMBERS;
        let number = if number >= 550_000 { number + 10_000 } else { number };
        (chance.per_mille(share) && person.is_alive()).then(|| format!("154{number:08}"))
    }
}
