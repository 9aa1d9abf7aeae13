//! The city is what it says: unique numbers with right check digits, the same for a seed, plausible, and as the
//! catalogue entries describe it.

mod cases;
mod catalogue;

use std::collections::{HashMap, HashSet};

use codes::{ResidentId, Uscc};
use serde_json::Value;
use time::macros::date;

use super::model::age_on;
use super::{City, Config, Documents};

const DOCUMENTS: Documents<'static> = Documents {
    divisions: include_str!("../../../../../../packs/demo/divisions.yaml"),
    organisations: include_str!("../../../../../../packs/demo/organisations/organisations.yaml"),
};

const CONFIG: Config = Config {
    seed: 1,
    residents: 5_000,
    enterprises: 400,
    past_cases: 1_000,
    officials: 200,
    today: date!(2026 - 11 - 21),
};

fn city(config: Config) -> City {
    City::generate(config, DOCUMENTS).unwrap()
}

fn parsed(city: &City, resource: &'static str) -> HashMap<String, Value> {
    city.records_of(resource).map(|r| (r.subject, serde_json::from_str(&r.data).unwrap())).collect()
}

/// FNV-1a over all that a city gives.
fn digest(city: &City) -> u64 {
    let records = city.records().map(|r| format!("{}{}{}{}", r.resource, r.subject, r.as_of, r.data));
    let cases = city.past_cases(|_| 10).map(|case| {
        let submitted = case.timeline.submitted.assume_utc().unix_timestamp();
        format!("{}{:?}{}{submitted}{:?}", case.item, case.applicant, case.division, case.timeline.state)
    });
    let officials = city.officials().into_iter().map(|official| format!("{official:?}"));
    let all = records.chain(cases).chain(officials);
    all.fold(0xcbf2_9ce4_8422_2325, |hash, text| {
        text.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

#[test]
fn the_same_seed_gives_the_same_city_everywhere() {
    assert_eq!(
        digest(&city(CONFIG)),
        7_341_947_801_053_513_860,
        "the demo city has changed: if on purpose, set the new number"
    );
    assert_ne!(digest(&city(Config { seed: 2, ..CONFIG })), digest(&city(CONFIG)));
}

#[test]
fn id_numbers_are_valid_and_unique_and_agree_with_the_record() {
    let city = city(Config { residents: 20_000, ..CONFIG });
    let mut seen = HashSet::new();
    for record in city.records_of("population") {
        let id = ResidentId::parse(&record.subject, CONFIG.today).unwrap();
        let data: Value = serde_json::from_str(&record.data).unwrap();
        assert!(seen.insert(id), "{} twice", record.subject);
        assert_eq!(data["id_number"], record.subject);
        assert_eq!(data["sex"], id.sex().code().to_string());
        assert_eq!(data["birth_date"], super::model::iso(id.birth_date()));
        assert!(record.as_of <= CONFIG.today && record.as_of >= id.birth_date(), "{record:?}");
    }
    assert_eq!(seen.len(), 20_000);
}

#[test]
fn real_counties_numbers_use_sequences_that_no_office_gives() {
    let city = city(CONFIG);
    let outside = city.residents().filter(|r| !r.id_number.starts_with("99"));
    let sequences: Vec<u16> = outside.map(|r| r.id_number[14..17].parse().unwrap()).collect();
    assert!(sequences.len() > 300 && sequences.iter().all(|s| *s >= 960), "{sequences:?}");
}

#[test]
fn mobiles_are_unique_and_of_no_network() {
    let mobiles: Vec<String> = city(CONFIG).residents().filter_map(|r| r.mobile).collect();
    assert!(mobiles.iter().all(|m| m.len() == 11 && m.starts_with("154")));
    assert_eq!(mobiles.iter().collect::<HashSet<_>>().len(), mobiles.len());
}

#[test]
fn one_record_for_each_subject_and_resource() {
    let city = city(CONFIG);
    let mut seen = HashSet::new();
    for record in city.records() {
        assert!(seen.insert((record.resource, record.subject.clone())), "{record:?} twice");
    }
}

#[test]
fn credit_codes_are_valid_and_unique_and_representatives_exist() {
    let city = city(CONFIG);
    let population = parsed(&city, "population");
    let enterprises = parsed(&city, "enterprise");
    assert_eq!(enterprises.len(), 400);
    for (uscc, firm) in &enterprises {
        assert_eq!(Uscc::parse(uscc).unwrap().division().unwrap().to_string(), firm["division"].as_str().unwrap()[..6]);
        let representative = &population[firm["legal_representative_id"].as_str().unwrap()];
        assert_eq!(representative["name"], firm["legal_representative"]);
        assert_eq!(representative["life_status"], "alive");
    }
    let names: HashSet<_> = enterprises.values().map(|firm| firm["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), enterprises.len());
}

#[test]
fn organisations_have_valid_codes() {
    let city = city(CONFIG);
    assert_eq!(city.places.offices.iter().filter(|o| o.is_department && !o.key.contains('@')).count(), 25);
    for office in &city.places.offices {
        let uscc = Uscc::parse(&office.uscc).unwrap_or_else(|e| panic!("{}: {e}", office.key));
        assert_eq!(uscc.registrar(), '1', "{}", office.key);
        assert_eq!(uscc.division().unwrap().to_string(), office.division);
    }
}

#[test]
fn ages_households_and_origins_are_plausible() {
    let city = city(Config { residents: 30_000, ..CONFIG });
    let alive: Vec<_> = city.residents().filter(|r| r.is_active).collect();
    let share = |from: i32, to: i32| {
        let count = alive.iter().filter(|r| (from..to).contains(&age_on(r.birth_date, CONFIG.today))).count();
        count * 1000 / alive.len()
    };
    assert!((180..=220).contains(&share(60, 200)), "over 60: {} of 1000", share(60, 200));
    assert!((120..=180).contains(&share(0, 15)), "children: {} of 1000", share(0, 15));
    assert!(share(90, 200) < 8 && share(108, 200) == 0);
    let people = parsed(&city, "population");
    let of = |key: &str, value: &str| people.values().filter(|p| p[key] == value).count() * 1000 / people.len();
    assert!((480..=540).contains(&of("sex", "2")), "women: {} of 1000", of("sex", "2"));
    assert!((850..=950).contains(&of("ethnicity", "han")));
    let households = people.values().map(|p| p["household_no"].as_str().unwrap()).collect::<HashSet<_>>().len();
    assert!((230..=280).contains(&(30_000 * 100 / households)), "{households} households");
    let here = people.values().filter(|p| p["hukou_division"].as_str().unwrap().starts_with("9901")).count();
    assert!((860..=900).contains(&(here * 1000 / people.len())), "{here} registered here");
    let disabled = parsed(&city, "disability").len();
    assert!((50..=70).contains(&(disabled * 1000 / people.len())), "{disabled} disabled");
}

#[test]
fn every_household_has_one_head_and_one_address() {
    let city = city(CONFIG);
    let mut heads: HashMap<String, (u32, String)> = HashMap::new();
    let mut addresses: HashMap<String, String> = HashMap::new();
    for person in parsed(&city, "population").into_values() {
        let text = |key: &str| person[key].as_str().unwrap().to_owned();
        let head = heads.entry(text("household_no")).or_insert_with(|| (0, text("residence_address")));
        head.0 += u32::from(person["household_relation"] == "head");
        assert_eq!(head.1, text("residence_address"));
        let household = addresses.entry(text("residence_address")).or_insert_with(|| text("household_no"));
        assert_eq!(*household, text("household_no"), "two households at {}", text("residence_address"));
    }
    assert!(heads.values().filter(|(count, _)| *count != 1).count() <= 1, "only the last may be cut");
}

#[test]
fn shares_of_a_property_add_up() {
    let mut shares: HashMap<String, i64> = HashMap::new();
    for home in parsed(&city(CONFIG), "real-estate").into_values() {
        *shares.entry(home["property_no"].as_str().unwrap().to_owned()).or_default() += home["share"].as_i64().unwrap();
    }
    assert!(shares.len() > 500 && shares.values().all(|share| *share == 100), "{shares:?}");
}

#[test]
fn the_smallest_city_holds_the_characters() {
    let small = city(Config { residents: 0, enterprises: 0, past_cases: 10, officials: 0, ..CONFIG });
    assert_eq!((small.residents().count(), small.enterprises().count()), (5, 2));
    assert_eq!((small.officials().len(), small.past_cases(|_| 5).count()), (9, 0));
}

#[test]
fn characters_are_there_whatever_the_seed() {
    let here = city(CONFIG);
    let characters = here.characters();
    assert_eq!(characters, city(Config { seed: 77, residents: 500, ..CONFIG }).characters());
    let population = parsed(&here, "population");
    let person = |id: &str| &population[id];
    let age = |id: &str| age_on(ResidentId::parse(id, CONFIG.today).unwrap().birth_date(), CONFIG.today);
    assert_eq!(person(&characters.senior.id_number)["name"], "苏云岭");
    let ages = [&characters.senior, &characters.newcomer, &characters.agent].map(|c| age(&c.id_number));
    assert_eq!(ages, [67, 29, 34]);
    let residence = parsed(&here, "residence");
    for (who, county) in [(&characters.senior, "990102"), (&characters.newcomer, "990103")] {
        let record = &residence[&who.id_number];
        assert_eq!(
            (record["registered_on"].as_str().unwrap(), &record["division"].as_str().unwrap()[..6]),
            ("2025-09-21", county)
        );
        assert!(!person(&who.id_number)["hukou_division"].as_str().unwrap().starts_with("9901"));
    }
    let firms = parsed(&here, "enterprise");
    assert_eq!(firms[&characters.restaurant.uscc]["legal_representative"], "顾春溪");
    let insured = parsed(&here, "social-insurance");
    assert_eq!(insured[&characters.agent.id_number]["employer_uscc"], characters.restaurant.uscc);
    assert_eq!(insured[&characters.newcomer.id_number]["employer_uscc"], characters.workshop.uscc);
    assert!(parsed(&here, "food-staff").contains_key(&characters.agent.id_number));
}

#[test]
fn officials_are_spread_and_sign_in_by_unique_names() {
    let city = city(CONFIG);
    let officials = city.officials();
    assert_eq!(officials.len(), 200);
    assert_eq!(officials.iter().map(|o| &o.login).collect::<HashSet<_>>().len(), 200);
    let orgs: HashSet<_> = officials.iter().map(|o| o.org.as_str()).collect();
    assert!(
        orgs.len() > 100 && city.places.counties.iter().all(|c| orgs.contains(format!("market@{}", c.code).as_str()))
    );
    for official in &officials {
        let known = |org: &String| city.places.office(org).is_some();
        assert!(known(&official.org) && official.branches.iter().all(known), "{official:?}");
        let parts: Vec<_> = official.login.split('.').collect();
        assert!(parts.len() == 3 && parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_alphanumeric())), "{official:?}");
    }
}

#[test]
fn a_document_that_cannot_be_read_is_named() {
    let refused = City::generate(CONFIG, Documents { divisions: "divisions: []", ..DOCUMENTS }).err().unwrap();
    assert!(refused.starts_with("divisions.yaml:"), "{refused}");
    let refused = City::generate(CONFIG, Documents { organisations: "nothing", ..DOCUMENTS }).err().unwrap();
    assert!(refused.starts_with("organisations.yaml:"), "{refused}");
}
