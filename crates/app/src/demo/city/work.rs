//! What people live on: studies, jobs at the city's firms and offices, farms, pensions.

use super::Config;
use super::chance::{Chance, Lottery, Purpose};
use super::model::{Company, Household, Person, Work};
use super::places::Places;
use super::schooling;

/// The firms of a county, drawn by size.
struct Employers {
    companies: Vec<u32>,
    lottery: Lottery,
}

pub(super) struct LabourMarket<'a> {
    config: &'a Config,
    places: &'a Places,
    households: &'a [Household],
    by_county: Vec<Employers>,
}

impl<'a> LabourMarket<'a> {
    pub(super) fn new(
        config: &'a Config,
        places: &'a Places,
        households: &'a [Household],
        companies: &[Company],
    ) -> Self {
        let county_of = |company: &Company| places.communities[company.community as usize].county;
        let employers = |county: usize| {
            let here = companies.iter().enumerate().filter(|(_, c)| county_of(c) == county);
            let companies_here: Vec<u32> = here.clone().map(|(index, _)| index as u32).collect();
            Employers { companies: companies_here, lottery: Lottery::new(here.map(|(_, c)| c.weight)) }
        };
        let by_county = (0..places.counties.len()).map(employers).collect();
        Self { config, places, households, by_county }
    }

    /// Gives everybody from `fixed` on something to live on; representatives work at their own firm.
    pub(super) fn employ(&self, persons: &mut [Person], companies: &[Company], fixed: usize) {
        for (index, person) in persons.iter_mut().enumerate().skip(fixed) {
            let mut chance = Chance::new(self.config.seed, Purpose::Work, index as u64);
            person.work = self.work(index, person, &mut chance);
        }
        for (index, company) in companies.iter().enumerate() {
            let representative = &mut persons[company.representative as usize];
            if company.weight > 0 && representative.is_alive() && company.representative as usize >= fixed {
                representative.work = Work::Company(index as u32);
            }
        }
    }

    fn work(&self, index: usize, person: &Person, chance: &mut Chance) -> Work {
        let age = person.age(self.config.today);
        let is_student = age < 30
            && schooling::of(self.config, index, person.birth()).is_some_and(|schooling| schooling.is_enrolled);
        let retires = if person.is_male() { 60 } else { 50 + 5 * i32::from(chance.per_mille(450)) };
        if !person.is_alive() || age < 16 {
            Work::None
        } else if is_student {
            Work::Study
        } else if age >= retires {
            Work::Pension
        } else {
            self.job(person, chance)
        }
    }

    fn job(&self, person: &Person, chance: &mut Chance) -> Work {
        let household = &self.households[person.household as usize];
        let community = &self.places.communities[household.home.community as usize];
        // firm, office, own account, farm, none
        let weights: [u32; 5] = match (household.is_migrant(), community.is_village) {
            (true, _) => [730, 15, 180, 5, 70],
            (false, true) => [300, 30, 170, 400, 100],
            (false, false) => [570, 100, 180, 10, 140],
        };
        match chance.weighted(&weights) {
            0 => self.company(community.county, chance),
            1 => Work::Office(chance.below(self.places.offices.len() as u32) as u16),
            2 => Work::OwnAccount,
            3 => Work::Farm,
            _ => Work::None,
        }
    }

    /// Three of four work in the county where they live.
    fn company(&self, county: usize, chance: &mut Chance) -> Work {
        let any = chance.below(self.by_county.len() as u32) as usize;
        let employers = &self.by_county[if chance.per_mille(750) { county } else { any }];
        let drawn = employers.lottery.draw(chance);
        drawn.map_or(Work::OwnAccount, |index| Work::Company(employers.companies[index]))
    }
}
