//! The firms of the business register: names after the city's pattern, credit codes, representatives among residents.

use std::collections::HashSet;

use codes::Uscc;
use time::Date;

use super::Config;
use super::addresses;
use super::chance::{Chance, Lottery, Purpose};
use super::model::{Company, Form, Person, Standing, days_before};
use super::places::Places;
use super::words::Words;

/// Credit codes count within a letter; prime to the step, so that none comes twice.
const CODES_PER_LETTER: u64 = 900_000;
const CODE_STEP: u64 = 617_053;
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUWXY";

pub(super) struct Founding<'a> {
    pub config: &'a Config,
    pub places: &'a Places,
    pub words: &'a Words,
}

impl Founding<'_> {
    /// Adds firms until there are enough; marks their representatives.
    pub(super) fn found(&self, companies: &mut Vec<Company>, persons: &mut [Person], fixed: usize) {
        let mut names: HashSet<String> = companies.iter().map(|c| c.name.clone()).collect();
        let homes = Lottery::new(self.places.communities.iter().map(|c| if c.is_village { 25 } else { 100 }));
        while companies.len() < self.config.enterprises as usize {
            let index = companies.len() as u64;
            let mut chance = Chance::new(self.config.seed, Purpose::Company, index);
            let community = homes.draw(&mut chance).unwrap_or(0);
            let mut company = self.company(index, community, &mut chance);
            while !names.insert(company.name.clone()) {
                company.name = self.name(&company, &mut chance);
            }
            company.representative = self.representative(persons, fixed, &mut chance);
            persons[company.representative as usize].represents = true;
            companies.push(company);
        }
    }

    fn company(&self, index: u64, community: usize, chance: &mut Chance) -> Company {
        let weights: Vec<u32> = self.words.sectors.iter().map(|s| s.weight).collect();
        let sector = chance.weighted(&weights);
        let form = self.form(sector, chance);
        let standing = match chance.weighted(&[910, 30, 60]) {
            0 => Standing::Active,
            1 => Standing::Revoked,
            _ => Standing::Deregistered,
        };
        let mut company = Company {
            uscc: self.credit_code(index, community, form),
            name: String::new(),
            address: addresses::premises(self.places, self.words, community, chance),
            form,
            standing,
            sector: sector as u8,
            community: community as u16,
            representative: 0,
            capital_fen: self.capital(sector, form, chance),
            established: self.established(chance),
            weight: weight(form, standing, chance),
        };
        company.name = self.name(&company, chance);
        company
    }

    fn form(&self, sector: usize, chance: &mut Chance) -> Form {
        let sector = &self.words.sectors[sector];
        let weights = match sector.key.as_str() {
            "farming" => [20, 10, 20, 50],
            "technology" | "building" | "manufacture" | "media" => [55, 25, 20, 0],
            _ if sector.food => [18, 10, 72, 0],
            _ => [25, 15, 60, 0],
        };
        [Form::Company, Form::Sole, Form::Trader, Form::Cooperative][chance.weighted(&weights)]
    }

    /// Registrar 9, category 1 to 3; the county; `MA` and a number, as codes given since 2015 begin (GB 32100).
    fn credit_code(&self, index: u64, community: usize, form: Form) -> Uscc {
        let category = match form {
            Form::Company | Form::Sole => '1',
            Form::Trader => '2',
            Form::Cooperative => '3',
        };
        let number = index % CODES_PER_LETTER * CODE_STEP % CODES_PER_LETTER;
        let letter = LETTERS[(index / CODES_PER_LETTER) as usize % LETTERS.len()];
        let body = format!("M{}{number:06}", char::from(letter));
        let division = self.places.communities[community].division;
        Uscc::compose('9', category, division, &body).expect("capitals and digits of the alphabet")
    }

    fn name(&self, company: &Company, chance: &mut Chance) -> String {
        let words = self.words;
        let sector = &words.sectors[company.sector as usize];
        let county = &self.places.counties[self.places.communities[company.community as usize].county].name;
        let brand: String = words.brands.iter().map(|part| chance.pick(part).as_str()).collect();
        // A second draw keeps names apart where a sector has more firms than brands.
        let more = if chance.per_mille(300) { chance.pick(&words.brands[1]).as_str() } else { "" };
        let end = match company.form {
            Form::Company | Form::Sole => format!("{}{}", sector.company, words.forms.company),
            Form::Trader => chance.pick(&sector.traders).clone(),
            Form::Cooperative => words.forms.cooperative.clone(),
        };
        format!("{}{county}{brand}{more}{end}", self.places.city_name)
    }

    /// In fen; a sole trader states little.
    fn capital(&self, sector: usize, form: Form, chance: &mut Chance) -> i64 {
        let [low, high] = self.words.sectors[sector].capital;
        let ten_thousands = match form {
            Form::Trader => chance.between(1, (low / 2).max(2)),
            _ => chance.between(low / 5, high / 5).max(1) * 5,
        };
        i64::from(ten_thousands) * 10_000 * 100
    }

    fn established(&self, chance: &mut Chance) -> Date {
        let years = chance.below(26).min(chance.below(26));
        days_before(self.config.today, years * 365 + chance.below(365) + 20)
    }

    /// A living adult of working age, if possible one who represents no other firm.
    fn representative(&self, persons: &[Person], fixed: usize, chance: &mut Chance) -> u32 {
        let today = self.config.today;
        let mut found = fixed.saturating_sub(1) as u32;
        for attempt in 0..200 {
            let index = chance.between(fixed as i32, persons.len() as i32 - 1).max(0) as usize;
            let Some(person) = persons.get(index) else { break };
            let fits = person.is_alive() && (24..=68).contains(&person.age(today));
            if fits {
                found = index as u32;
            }
            if fits && (!person.represents || attempt > 40) {
                break;
            }
        }
        found
    }
}

/// Most firms are small, a few employ hundreds.
fn weight(form: Form, standing: Standing, chance: &mut Chance) -> u32 {
    if standing != Standing::Active {
        return 0;
    }
    match form {
        Form::Trader => chance.between(1, 4) as u32,
        Form::Cooperative => chance.between(2, 8) as u32,
        _ => 3 + 240 / (2 + chance.below(80)),
    }
}
