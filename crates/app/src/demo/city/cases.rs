//! The year's past cases: who applied for what, and how it went.

use time::PrimitiveDateTime;

use super::City;
use super::chance::{Chance, Purpose};
use super::model::{Life, Marital, Relation, Standing, Work, days_before};
use super::timeline::{Clerkship, Timeline};

/// Who applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applicant {
    Person {
        id_number: String,
        name: String,
    },
    /// A firm, through its legal representative.
    Enterprise {
        uscc: String,
        name: String,
        agent_id: String,
        agent_name: String,
    },
}

/// One past case, as a plan that the hall's own tables are filled from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCase {
    /// Key of the item.
    pub item: &'static str,
    pub applicant: Applicant,
    /// County of residence or of the registered address, 6 digits.
    pub division: String,
    pub timeline: Timeline,
}

/// Who can have applied for an item.
#[derive(Clone, Copy)]
enum Who {
    From60,
    From80,
    LongStayer,
    Disabled,
    Unemployed,
    YoungFounder,
    ParentOfFirstYear,
    Unmarried,
    Employed,
    ParentOfInfant,
    WorkerFromElsewhere,
    FoodFirm,
    Firm,
}

/// Item key, how often, by whom, and whether the same applicant may come again.
const ITEMS: [(&str, u32, Who, bool); 14] = [
    ("senior-card", 180, Who::From60, false),
    ("residence-permit", 120, Who::LongStayer, false),
    ("food-licence", 60, Who::FoodFirm, false),
    ("old-age-allowance", 80, Who::From80, false),
    ("disability-subsidy", 50, Who::Disabled, false),
    ("unemployment-benefit", 60, Who::Unemployed, false),
    ("startup-subsidy", 30, Who::YoungFounder, false),
    ("school-entry", 80, Who::ParentOfFirstYear, false),
    ("marriage-appointment", 70, Who::Unmarried, false),
    ("housing-fund-extract", 110, Who::Employed, true),
    ("business-registration-change", 60, Who::Firm, true),
    ("outdoor-advertising", 20, Who::Firm, true),
    ("birth-registration", 50, Who::ParentOfInfant, false),
    ("medical-insurance-transfer", 30, Who::WorkerFromElsewhere, false),
];

/// What takes the place of an item for which nobody is left, in small cities: items that come again and again.
const INSTEAD: [usize; 2] = [9, 10];

/// The people or firms who can apply for an item, in the order in which they come.
struct Queue {
    waiting: Vec<u32>,
    next: usize,
    returns: bool,
}

impl Queue {
    fn take(&mut self) -> Option<usize> {
        if self.next == self.waiting.len() && self.returns {
            self.next = 0;
        }
        let taken = *self.waiting.get(self.next)?;
        self.next += 1;
        Some(taken as usize)
    }
}

impl City {
    /// The configured number of past cases, oldest first; fewer only in a city where nobody can apply. The characters
    /// have none.
    ///
    /// `promised` gives the promised limit of an item in working days, 0 for an item that is decided at once: limits
    /// stand in the items' documents.
    pub fn past_cases<'a>(&'a self, promised: impl Fn(&str) -> u32 + 'a) -> impl Iterator<Item = PastCase> + 'a {
        let mut chance = Chance::new(self.config.seed, Purpose::Submission, 0);
        let clerkship = Clerkship::new(self.config.today);
        let times = clerkship.submissions(self.config.past_cases, &mut chance);
        let mut queues: Vec<Queue> = (0..ITEMS.len()).map(|item| self.queue(item, &mut chance)).collect();
        times.into_iter().enumerate().filter_map(move |(index, submitted)| {
            let mut chance = Chance::new(self.config.seed, Purpose::Case, index as u64);
            let (item, applicant) = drawn(&mut queues, &mut chance)?;
            let limit = promised(ITEMS[item].0);
            Some(self.past_case(item, applicant, clerkship.run(submitted, limit, &mut chance)))
        })
    }

    /// The items that past cases are about.
    pub fn past_items() -> impl Iterator<Item = &'static str> {
        ITEMS.iter().map(|(key, ..)| *key)
    }

    fn queue(&self, item: usize, chance: &mut Chance) -> Queue {
        let (_, _, who, returns) = ITEMS[item];
        let mut waiting: Vec<u32> = match who {
            Who::Firm | Who::FoodFirm => {
                let first = self.cast.company_keys.len();
                (first..self.companies.len()).filter(|index| self.firm_fits(*index, who)).map(|i| i as u32).collect()
            }
            _ => {
                let first = self.cast.people.len();
                (first..self.persons.len()).filter(|index| self.person_fits(*index, who)).map(|i| i as u32).collect()
            }
        };
        for at in (1..waiting.len()).rev() {
            waiting.swap(at, chance.below(at as u32 + 1) as usize);
        }
        Queue { waiting, next: 0, returns }
    }

    /// Firms that stood before the year began.
    fn firm_fits(&self, index: usize, who: Who) -> bool {
        let company = &self.companies[index];
        let is_food = self.words.sectors[company.sector as usize].food;
        company.standing == Standing::Active
            && company.established < days_before(self.config.today, 380)
            && (is_food || !matches!(who, Who::FoodFirm))
    }

    fn person_fits(&self, index: usize, who: Who) -> bool {
        let person = &self.persons[index];
        let age = person.age(self.config.today);
        let is_parent = || matches!(person.relation, Relation::Head | Relation::Spouse) && age > 20;
        let long_ago = || days_before(self.config.today, 550);
        person.is_alive()
            && match who {
                Who::From60 => age >= 61,
                Who::From80 => age >= 81,
                Who::LongStayer => age >= 17 && self.registration(index).is_some_and(|r| r.on < long_ago()),
                Who::Disabled => self.disability(index).is_some(),
                Who::Unemployed => {
                    person.work == Work::None && self.insurance(index).is_some_and(|i| i.status == "paused")
                }
                Who::YoungFounder => person.represents && age <= 45,
                Who::ParentOfFirstYear => is_parent() && self.has_child(person.household, 6..8),
                Who::Unmarried => person.marital != Marital::Married && (23..50).contains(&age),
                Who::Employed => age >= 23 && matches!(person.work, Work::Company(_) | Work::Office(_)),
                Who::ParentOfInfant => is_parent() && self.has_child(person.household, 1..2),
                Who::WorkerFromElsewhere => {
                    let household = &self.households[person.household as usize];
                    household.is_migrant() && matches!(person.work, Work::Company(_) | Work::Office(_))
                }
                Who::FoodFirm | Who::Firm => false,
            }
    }

    fn has_child(&self, household: u32, ages: std::ops::Range<i32>) -> bool {
        self.members(household).any(|index| {
            let person = &self.persons[index];
            person.relation == Relation::Child
                && person.life == Life::Alive
                && ages.contains(&person.age(self.config.today))
        })
    }

    fn past_case(&self, item: usize, applicant: usize, timeline: Timeline) -> PastCase {
        let (key, _, who, _) = ITEMS[item];
        let (applicant, community) = match who {
            Who::Firm | Who::FoodFirm => {
                let company = &self.companies[applicant];
                let agent = company.representative as usize;
                let applicant = Applicant::Enterprise {
                    uscc: company.uscc.as_str().to_owned(),
                    name: company.name.clone(),
                    agent_id: self.id(agent).to_owned(),
                    agent_name: self.name(agent),
                };
                (applicant, company.community)
            }
            _ => {
                let home = self.households[self.persons[applicant].household as usize].home;
                let (id_number, name) = (self.id(applicant).to_owned(), self.name(applicant));
                (Applicant::Person { id_number, name }, home.community)
            }
        };
        let county = self.places.communities[community as usize].county;
        PastCase { item: key, applicant, division: self.places.counties[county].code.clone(), timeline }
    }
}

impl PastCase {
    pub fn submitted(&self) -> PrimitiveDateTime {
        self.timeline.submitted
    }
}

/// The next item and applicant.
fn drawn(queues: &mut [Queue], chance: &mut Chance) -> Option<(usize, usize)> {
    let item = chance.weighted(&ITEMS.map(|(_, weight, ..)| weight));
    let instead = INSTEAD.into_iter();
    std::iter::once(item).chain(instead).find_map(|item| queues[item].take().map(|applicant| (item, applicant)))
}
