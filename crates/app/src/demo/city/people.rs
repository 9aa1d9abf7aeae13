//! The residents: households one after another until there are enough people, each with a name and an ID number.

use std::collections::HashMap;

use codes::{DivisionCode, ResidentId, Sex};
use time::{Date, Duration};

use super::Config;
use super::cast::Cast;
use super::chance::{Chance, Lottery, Purpose};
use super::households::{self, Member, Roots};
use super::model::{Dwelling, Household, Hukou, Life, Marital, NameParts, Person, Relation, Work};
use super::places::Places;
use super::words::Words;

/// Of 1000 households, how many came from elsewhere: 12 % of the people, as they are smaller.
const MIGRANT_HOUSEHOLDS: u32 = 168;
/// Of 1000 settled households, how many live away from their registration, within the city.
const AWAY_FROM_HUKOU: u32 = 150;
/// Sequence numbers of people registered elsewhere begin here: real registration offices count up from 001, so an
/// invented number of a real county is not the number of a real person.
const OUTSIDE_SEQUENCES: u16 = 960;

pub(super) struct People {
    pub persons: Vec<Person>,
    pub households: Vec<Household>,
}

struct Settlement<'a> {
    config: &'a Config,
    places: &'a Places,
    words: &'a Words,
    /// Where households live, and where those from elsewhere prefer to.
    homes: [Lottery; 2],
    dwellings: Vec<u32>,
    /// How many ID numbers were given for a county, a day and a sex.
    numbers: HashMap<(DivisionCode, i32, Sex), u16>,
}

pub(super) fn settle(config: &Config, places: &Places, words: &Words, cast: &Cast) -> People {
    let weights =
        |village: u32| Lottery::new(places.communities.iter().map(move |c| if c.is_village { village } else { 100 }));
    let mut settlement = Settlement {
        config,
        places,
        words,
        homes: [weights(45), weights(8)],
        dwellings: vec![0; places.communities.len()],
        numbers: cast.people.iter().map(|p| reserved(p.id)).collect(),
    };
    let mut people = cast.people();
    let count = config.residents as usize;
    while people.persons.len() < count {
        settlement.add_household(&mut people, count);
    }
    people
}

impl Settlement<'_> {
    fn add_household(&mut self, people: &mut People, count: usize) {
        let index = people.households.len() as u32;
        let mut chance = Chance::new(self.config.seed, Purpose::Household, u64::from(index));
        let roots = if chance.per_mille(MIGRANT_HOUSEHOLDS) { Roots::Migrant } else { Roots::Settled };
        let members = households::draw(roots, &mut chance);
        let household = self.house(roots, people.persons.len() as u32, &mut chance);
        let from = people.persons.len();
        let surnames = self.surnames(&mut chance);
        for member in members.iter().take(count - from) {
            let surname = surnames[member.line as usize];
            let mut person = self.person(member, &household, surname, &mut chance);
            person.household = index;
            people.persons.push(person);
        }
        people.households.push(household);
        bereave(&mut people.persons[from..]);
    }

    fn house(&mut self, roots: Roots, first: u32, chance: &mut Chance) -> Household {
        let home = self.dwelling(roots, chance);
        let hukou = if roots == Roots::Migrant {
            Hukou::Origin(chance.below(self.places.origins.len() as u32) as u16)
        } else if chance.per_mille(AWAY_FROM_HUKOU) {
            Hukou::Elsewhere(self.dwelling(Roots::Settled, chance))
        } else {
            Hukou::Here
        };
        Household { home, hukou, first }
    }

    fn dwelling(&mut self, roots: Roots, chance: &mut Chance) -> Dwelling {
        let community = self.homes[roots as usize].draw(chance).unwrap_or(0);
        let ordinal = self.dwellings[community];
        self.dwellings[community] += 1;
        Dwelling { community: community as u16, ordinal }
    }

    fn surnames(&self, chance: &mut Chance) -> [u16; 3] {
        [(); 3].map(|()| self.words.surname_lottery.draw(chance).unwrap_or(0) as u16)
    }

    fn person(&mut self, member: &Member, household: &Household, surname: u16, chance: &mut Chance) -> Person {
        let birth = self.birth(member.age, chance);
        Person {
            id: self.number(household, birth, member.sex, chance),
            household: 0,
            name: given(self.words, surname, birth, member.sex, chance),
            relation: member.relation,
            marital: member.marital,
            life: fate(member.age, household.roots(), chance),
            work: Work::None,
            represents: false,
        }
    }

    /// A day on which somebody of this age can have been born.
    fn birth(&self, age: i32, chance: &mut Chance) -> Date {
        let days = f64::from(age) * 365.2425;
        let days = days as i64 + i64::from(chance.below(365)) + 1;
        self.config.today.checked_sub(Duration::days(days)).unwrap_or(Date::MIN)
    }

    /// A number nobody has yet: of the county of registration, a few of another county of the city.
    fn number(&mut self, household: &Household, birth: Date, sex: Sex, chance: &mut Chance) -> ResidentId {
        let (division, first, span) = match household.hukou {
            Hukou::Origin(origin) => (self.places.origins[origin as usize].division, OUTSIDE_SEQUENCES / 2, 20),
            Hukou::Here => (self.county(household.home, chance), 1, 479),
            Hukou::Elsewhere(home) => (self.county(home, chance), 1, 479),
        };
        let mut division = division;
        loop {
            let given = self.numbers.entry((division, birth.to_julian_day(), sex)).or_default();
            *given += 1;
            if *given <= span {
                let sequence = (first + *given - 1) * 2 + u16::from(sex == Sex::Male);
                return ResidentId::compose(division, birth, sequence).expect("a county, a day and three digits");
            }
            // Full: only in cities of many millions; the next county's numbers are as good.
            division = self.next_county(division);
        }
    }

    fn county(&self, home: Dwelling, chance: &mut Chance) -> DivisionCode {
        let county = if chance.per_mille(900) {
            self.places.communities[home.community as usize].county
        } else {
            chance.below(self.places.counties.len() as u32) as usize
        };
        self.places.counties[county].division
    }

    fn next_county(&self, division: DivisionCode) -> DivisionCode {
        let counties: Vec<_> = self.places.counties.iter().map(|c| c.division).collect();
        let origins: Vec<_> = self.places.origins.iter().map(|o| o.division).collect();
        let all = if counties.contains(&division) { counties } else { origins };
        let at = all.iter().position(|d| *d == division).unwrap_or(0);
        all[(at + 1) % all.len()]
    }
}

/// The numbers up to this one count as given.
fn reserved(id: ResidentId) -> ((DivisionCode, i32, Sex), u16) {
    let sequence: u16 = id.as_str()[14..17].parse().unwrap_or(0);
    ((id.division(), id.birth_date().to_julian_day(), id.sex()), sequence / 2)
}

/// A given name of the cohort.
pub(super) fn given(words: &Words, surname: u16, birth: Date, sex: Sex, chance: &mut Chance) -> NameParts {
    let cohort = words.cohort(birth.year());
    let from = &words.given[cohort];
    let characters = if sex == Sex::Male { &from.male } else { &from.female };
    let first = chance.below(characters.len() as u32);
    let step = 1 + chance.below(characters.len() as u32 - 1);
    let second = (first + step) % characters.len() as u32;
    let second = if chance.per_mille(from.single * 10) { first } else { second };
    NameParts { surname, sex, cohort: cohort as u8, first: first as u8, second: second as u8 }
}

fn fate(age: i32, roots: Roots, chance: &mut Chance) -> Life {
    let dead = if age >= 80 {
        90
    } else if age >= 60 {
        30
    } else {
        2
    };
    let moved = if roots == Roots::Migrant { 30 } else { 8 };
    match chance.weighted(&[dead, moved, 1000 - dead - moved]) {
        0 => Life::Deceased,
        1 => Life::Moved,
        _ => Life::Alive,
    }
}

/// Whoever outlives husband or wife is widowed.
fn bereave(members: &mut [Person]) {
    let generation = |person: &Person| match person.relation {
        Relation::Head | Relation::Spouse => 1,
        Relation::Parent => 2,
        Relation::Child | Relation::Grandchild => 0,
    };
    for at in 0..members.len() {
        if members[at].life == Life::Deceased && members[at].marital == Marital::Married {
            let of = generation(&members[at]);
            let widowed = members.iter_mut().filter(|p| generation(p) == of && p.life != Life::Deceased);
            widowed.for_each(|p| p.marital = Marital::Widowed);
        }
    }
}
