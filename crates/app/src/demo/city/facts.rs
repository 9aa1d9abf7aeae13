//! What the registers know about a person beside the population register; each drawn from the person's own stream.

use time::Date;

use super::City;
use super::chance::{Chance, Purpose};
use super::model::{Hukou, Life, Marital, Relation, Work, days_before, month_of};

pub(super) struct Insurance {
    pub status: &'static str,
    pub kind: &'static str,
    /// Index of the firm or office that pays.
    pub employer: Work,
    /// Months since year 0.
    pub first: i32,
    pub last: i32,
    /// 0 for those who draw the residents' pension without ever having paid: they were 60 when the scheme began.
    pub paid: i32,
}

/// Category as the certificate number writes it (1 to 7), grade 1 (gravest) to 4.
pub(super) struct Disability {
    pub category: u8,
    pub grade: u8,
    pub valid_to: Date,
}

pub(super) const CATEGORIES: [&str; 7] =
    ["visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"];

pub(super) struct Home {
    pub title: u32,
    pub year: i32,
    pub area_dm2: u32,
    pub share: u8,
}

pub(super) struct Registration {
    pub on: Date,
    pub ground: &'static str,
}

impl City {
    fn chance(&self, purpose: Purpose, index: usize) -> Chance {
        Chance::new(self.config.seed, purpose, index as u64)
    }

    pub(super) fn insurance(&self, index: usize) -> Option<Insurance> {
        let person = &self.persons[index];
        let age = person.age(self.config.today);
        if !person.is_alive() || age < 18 || person.work == Work::Study {
            return None;
        }
        let mut chance = self.chance(Purpose::Insurance, index);
        let this_month = month_of(self.config.today);
        let born = month_of(person.birth());
        let begun = born + chance.between(18 * 12, 24 * 12);
        let last = this_month - 1;
        let (status, kind, employer, last) = match person.work {
            Work::Company(_) | Work::Office(_) => ("paying", "employee", person.work, last),
            Work::OwnAccount if chance.per_mille(600) => ("paying", "employee", Work::None, last),
            Work::OwnAccount | Work::Farm => ("paying", "resident", Work::None, last),
            Work::Pension => return self.pension(index, begun, &mut chance),
            _ if chance.per_mille(650) => {
                let last = this_month - chance.between(2, 20);
                ("paused", "employee", self.former_employer(&mut chance), last)
            }
            _ => return None,
        };
        Some(finish(Insurance { status, kind, employer, first: begun, last, paid: 0 }, &mut chance))
    }

    /// Contributions ended with the month of retirement; the residents' scheme begins in 2011, the employees' in 1992.
    fn pension(&self, index: usize, begun: i32, chance: &mut Chance) -> Option<Insurance> {
        let person = &self.persons[index];
        let is_employee = chance.per_mille(580);
        let years = if is_employee && !person.is_male() { 50 } else { 60 };
        let last = (month_of(person.birth()) + years * 12).min(month_of(self.config.today) - 1);
        let kind = if is_employee && last > 1992 * 12 + 180 { "employee" } else { "resident" };
        if kind == "resident" && person.age(self.config.today) < 60 {
            let last = month_of(self.config.today) - 1;
            let scheme = Insurance { status: "paying", kind, employer: Work::None, first: begun, last, paid: 0 };
            return Some(finish(scheme, chance));
        }
        let scheme = Insurance { status: "retired", kind, employer: Work::None, first: begun, last, paid: 0 };
        Some(finish(scheme, chance))
    }

    fn former_employer(&self, chance: &mut Chance) -> Work {
        Work::Company(chance.below(self.companies.len() as u32))
    }

    pub(super) fn disability(&self, index: usize) -> Option<Disability> {
        let person = &self.persons[index];
        if index < self.cast.people.len() || person.life != Life::Alive {
            return None;
        }
        let mut chance = self.chance(Purpose::Disability, index);
        let age = person.age(self.config.today);
        let share = if age < 3 {
            0
        } else if age < 18 {
            20
        } else if age < 60 {
            45
        } else {
            150
        };
        if !chance.per_mille(share) {
            return None;
        }
        let category = chance.weighted(&[152, 240, 15, 300, 65, 75, 163]) as u8 + 1;
        let grade = chance.weighted(&[180, 270, 300, 250]) as u8 + 1;
        let valid_to = days_before(self.config.today, 90) + time::Duration::days(i64::from(chance.below(3600)));
        Some(Disability { category, grade, valid_to })
    }

    /// The home of its head and spouse, half each; alone, the head has all of it.
    pub(super) fn home(&self, index: usize) -> Option<Home> {
        let person = &self.persons[index];
        let household = &self.households[person.household as usize];
        let is_owner = matches!(person.relation, Relation::Head | Relation::Spouse) && person.life != Life::Deceased;
        if index < self.cast.people.len() || !is_owner || person.age(self.config.today) < 24 {
            return None;
        }
        let mut chance = self.chance(Purpose::Home, person.household as usize);
        let is_village = self.places.communities[household.home.community as usize].is_village;
        let share = if household.is_migrant() {
            60
        } else if is_village {
            250
        } else {
            640
        };
        if !chance.per_mille(share) {
            return None;
        }
        let area_dm2 = chance.between(4_200, 14_800) as u32;
        let year = self.config.today.year() - chance.between(0, 15);
        let share = if self.co_owner(person.household, index) { 50 } else { 100 };
        Some(Home { title: person.household + 1, year: year.max(2015), area_dm2, share })
    }

    /// Whether husband or wife of this person owns the other half.
    fn co_owner(&self, household: u32, index: usize) -> bool {
        let mut members = self.members(household).filter(|other| *other != index);
        self.persons[index].marital == Marital::Married
            && members.any(|other| {
                let other = &self.persons[other];
                matches!(other.relation, Relation::Head | Relation::Spouse)
                    && other.life != Life::Deceased
                    && other.age(self.config.today) >= 24
            })
    }

    /// Indexes of the members of a household.
    pub(super) fn members(&self, household: u32) -> impl Iterator<Item = usize> + '_ {
        let first = self.households[household as usize].first as usize;
        let end = self.households.get(household as usize + 1).map_or(self.persons.len(), |next| next.first as usize);
        first..end
    }

    pub(super) fn registration(&self, index: usize) -> Option<Registration> {
        let person = &self.persons[index];
        let household = &self.households[person.household as usize];
        if !matches!(household.hukou, Hukou::Origin(_)) || !person.is_alive() {
            return None;
        }
        let mut of_household = self.chance(Purpose::Residence, person.household as usize);
        let mut chance = self.chance(Purpose::Person, index);
        if chance.per_mille(50) {
            return None; // not everybody registers
        }
        let days = of_household.below(2200).min(of_household.below(2200)) + chance.below(60) + 1;
        let ground = match person.work {
            Work::Study => "study",
            Work::Company(_) | Work::Office(_) | Work::OwnAccount | Work::Farm => "work",
            _ => "home",
        };
        Some(Registration { on: days_before(self.config.today, days).max(person.birth()), ground })
    }

    /// Day until which the health certificate of a food worker is valid; one in eight has none, some have run out.
    pub(super) fn health_certificate(&self, index: usize) -> Option<Date> {
        let person = &self.persons[index];
        let Work::Company(company) = person.work else { return None };
        let company = &self.companies[company as usize];
        if !self.words.sectors[company.sector as usize].food || !person.is_alive() {
            return None;
        }
        let mut chance = self.chance(Purpose::Health, index);
        let days = chance.between(-45, 364);
        chance.per_mille(880).then(|| self.config.today + time::Duration::days(i64::from(days)))
    }
}

/// Sets the months paid: most of those between the first and the last.
fn finish(mut insurance: Insurance, chance: &mut Chance) -> Insurance {
    let opened = if insurance.kind == "employee" { 1992 * 12 } else { 2011 * 12 };
    if insurance.last < opened {
        return insurance;
    }
    insurance.first = insurance.first.max(opened).min(insurance.last);
    let span = insurance.last - insurance.first + 1;
    insurance.paid = (span * chance.between(70, 100) / 100).max(1);
    insurance
}
