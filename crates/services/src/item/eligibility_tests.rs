//! The demo city's conditions as a lawyer would try them: a day, facts, an outcome.
use platform::i18n::Text;
use serde_json::{Map, Value, json};
use time::macros::date;

use super::*;
use crate::item::facts::Fact;
use crate::item::tests::demo_item;

fn facts(values: &[(&str, Value)]) -> Facts {
    let mut facts = Facts::default();
    for (reference, value) in values {
        let fact = Fact { value: value.clone(), source: Text::default().into(), as_of: date!(2026 - 11 - 20) };
        facts.insert(*reference, fact);
    }
    facts
}

fn senior(born: Value, hukou: Value, lives: Value, on: Date) -> Decision {
    let facts = facts(&[
        ("population.life_status", json!("alive")),
        ("population.birth_date", born),
        ("population.hukou_division", hukou),
        ("population.residence_division", lives),
    ]);
    decide(&demo_item("senior-card"), &facts, &Map::new(), on)
}

const HERE: &str = "990102001003";
const ELSEWHERE: &str = "110101001001";

#[test]
fn the_card_is_granted_from_the_sixtieth_birthday_on() {
    let at = |on| senior(json!("1966-11-21"), json!(HERE), json!(null), on).outcome;
    assert_eq!(at(date!(2026 - 11 - 20)), Outcome::Refused);
    assert_eq!(at(date!(2026 - 11 - 21)), Outcome::Granted);
}

#[test]
fn registration_here_is_enough_in_either_way() {
    let today = date!(2026 - 11 - 21);
    let born = || json!("1956-03-27");
    assert_eq!(senior(born(), json!(HERE), json!(ELSEWHERE), today).outcome, Outcome::Granted);
    assert_eq!(senior(born(), json!(ELSEWHERE), json!(HERE), today).outcome, Outcome::Granted);
    let refused = senior(born(), json!(ELSEWHERE), json!(null), today);
    assert_eq!(refused.outcome, Outcome::Refused);
    let reason = refused.reasons.iter().find(|reason| reason.met == Truth::False).unwrap();
    assert!(reason.message.en.starts_with("Neither your household nor your residence"), "{reason:?}");
    assert!(reason.basis.zh_hans.contains("第六条"));
    assert_eq!(refused.reasons.len(), 3);
}

#[test]
fn what_is_not_known_is_asked_for_unless_the_rest_settles_it() {
    let today = date!(2026 - 11 - 21);
    let item = demo_item("senior-card");
    let alive = ("population.life_status", json!("alive"));
    let unknown = decide(&item, &facts(std::slice::from_ref(&alive)), &Map::new(), today);
    let Outcome::Unknown { missing } = &unknown.outcome else { panic!("{unknown:?}") };
    let missing: Vec<&str> = missing.iter().map(Reference::as_str).collect();
    assert_eq!(missing, ["population.birth_date", "population.hukou_division", "population.residence_division"]);
    let young = facts(&[alive, ("population.birth_date", json!("1990-01-01"))]);
    assert_eq!(decide(&item, &young, &Map::new(), today).outcome, Outcome::Refused);
    // Nobody is refused for a birth date that the register does not hold.
    let undated = senior(json!(null), json!(HERE), json!(null), today).outcome;
    assert!(matches!(undated, Outcome::Unknown { missing } if missing.len() == 1));
}

#[test]
fn before_the_list_was_in_force_nothing_is_decided() {
    let early = senior(json!("1956-03-27"), json!(HERE), json!(HERE), date!(2025 - 12 - 31));
    assert_eq!(early.outcome, Outcome::Unknown { missing: Vec::new() });
    assert!(early.reasons.is_empty());
}

fn permit(registered: Value, hukou: &str, ground: &str) -> Outcome {
    let facts = facts(&[
        ("population.life_status", json!("alive")),
        ("population.hukou_division", json!(hukou)),
        ("residence.registered_on", registered),
    ]);
    let answers = json!({"ground": ground}).as_object().cloned().unwrap_or_default();
    decide(&demo_item("residence-permit"), &facts, &answers, date!(2026 - 11 - 21)).outcome
}

#[test]
fn a_residence_permit_needs_half_a_year_and_a_ground() {
    assert_eq!(permit(json!("2026-05-21"), ELSEWHERE, "work"), Outcome::Granted);
    assert_eq!(permit(json!("2026-05-22"), ELSEWHERE, "work"), Outcome::Refused);
    assert_eq!(permit(json!("2026-05-21"), HERE, "work"), Outcome::Refused);
    assert_eq!(permit(json!("2026-05-21"), ELSEWHERE, "holiday"), Outcome::Refused);
    assert_eq!(permit(json!(null), ELSEWHERE, "work"), Outcome::Refused);
}

#[test]
fn an_enterprise_on_the_list_gets_no_licence() {
    let outcome = |listed: Value| {
        let facts = facts(&[("enterprise.status", json!("active")), ("credit.listed", listed)]);
        decide(&demo_item("food-licence"), &facts, &Map::new(), date!(2026 - 11 - 21)).outcome
    };
    assert_eq!(outcome(json!(0)), Outcome::Granted);
    assert_eq!(outcome(json!(1)), Outcome::Refused);
    assert_eq!(outcome(json!(null)), Outcome::Granted);
}

#[test]
fn the_school_year_chooses_its_own_list() {
    let item = demo_item("school-entry");
    let facts = facts(&[("population.life_status", json!("alive"))]);
    let answers = json!({"child-birth": "2020-09-01"}).as_object().cloned().unwrap_or_default();
    assert_eq!(decide(&item, &facts, &answers, date!(2026 - 12 - 31)).outcome, Outcome::Refused);
    assert_eq!(decide(&item, &facts, &answers, date!(2027 - 01 - 01)).outcome, Outcome::Granted);
}
