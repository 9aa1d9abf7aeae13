//! What a grant covers and what it does not.
use std::sync::Arc;

use super::*;

const NOW: Moment<'_> = Moment { now: Timestamp(1_000), item: Some("senior-card"), case: Some("case_1") };

fn wanted(yaml: &str, fields: &[&str]) -> Wanted {
    let resource = Arc::new(Resource::parse("test.yaml", yaml).unwrap());
    Wanted { resource, fields: fields.iter().map(|f| (*f).to_owned()).collect() }
}

fn population(fields: &[&str]) -> Wanted {
    wanted(include_str!("../../../../packs/demo/registers/population.yaml"), fields)
}

fn enterprise(fields: &[&str]) -> Wanted {
    wanted(include_str!("../../../../packs/demo/registers/enterprise.yaml"), fields)
}

fn granted(resource: &str, fields: &[&str]) -> Granted {
    Granted {
        resource: resource.to_owned(),
        fields: fields.iter().map(|f| (*f).to_owned()).collect(),
        matters: String::new(),
        valid_from: Timestamp(0),
        valid_to: None,
        revoked: false,
        automatic: false,
    }
}

#[test]
fn fields_may_come_from_several_grants_but_only_of_the_resource() {
    let asked = population(&["name", "sex"]);
    let (name, sex) = (granted("population", &["name"]), granted("population", &["sex", "birth_date"]));
    assert_eq!(cover(&asked, &[name.clone(), sex], &NOW), Cover::Granted);
    assert_eq!(cover(&asked, std::slice::from_ref(&name), &NOW), Cover::Denied("exchange-denied-field"));
    let other = granted("education", &["name", "sex"]);
    assert_eq!(cover(&asked, &[other], &NOW), Cover::Denied("exchange-denied-no-grant"));
}

#[test]
fn a_grant_holds_from_its_first_moment_to_before_its_last() {
    let asked = population(&["name"]);
    let with = |from: i64, to: Option<i64>, revoked| {
        let grant = granted("population", &["name"]);
        Granted { valid_from: Timestamp(from), valid_to: to.map(Timestamp), revoked, ..grant }
    };
    let over = Cover::Denied("exchange-denied-over");
    assert_eq!(cover(&asked, &[with(1_000, Some(1_001), false)], &NOW), Cover::Granted);
    assert_eq!(cover(&asked, &[with(0, Some(1_000), false)], &NOW), over);
    assert_eq!(cover(&asked, &[with(1_001, None, false)], &NOW), over);
    assert_eq!(cover(&asked, &[with(0, None, true)], &NOW), over);
}

#[test]
fn what_is_shared_without_condition_is_recorded_by_itself_but_for_personal_fields() {
    assert_eq!(cover(&enterprise(&["name", "status"]), &[], &NOW), Cover::Record);
    let personal = enterprise(&["name", "legal_representative_id"]);
    assert_eq!(cover(&personal, &[], &NOW), Cover::Denied("exchange-denied-no-grant"));
    let automatic = Granted { automatic: true, ..granted("enterprise", &["name"]) };
    assert_eq!(cover(&enterprise(&["name"]), std::slice::from_ref(&automatic), &NOW), Cover::Granted);
    // The entry gained a field since: the record is brought up to date.
    assert_eq!(cover(&enterprise(&["status"]), std::slice::from_ref(&automatic), &NOW), Cover::Record);
    let withdrawn = Granted { revoked: true, ..automatic };
    assert_eq!(cover(&enterprise(&["name"]), &[withdrawn], &NOW), Cover::Denied("exchange-denied-over"));
}

#[test]
fn an_automatic_grant_ends_with_the_condition_it_rests_on() {
    let automatic = Granted { automatic: true, ..granted("population", &["name"]) };
    assert_eq!(cover(&population(&["name"]), &[automatic], &NOW), Cover::Denied("exchange-denied-over"));
}

#[test]
fn a_grant_for_items_or_cases_covers_only_these() {
    let asked = population(&["name"]);
    let with = |matters: &str| Granted { matters: matters.to_owned(), ..granted("population", &["name"]) };
    for covered in ["", "senior-card", "food-licence senior-card", "case_1", "case_2 case_1"] {
        assert_eq!(cover(&asked, &[with(covered)], &NOW), Cover::Granted, "{covered}");
    }
    for other in ["food-licence", "case_2", "senior", "senior-card-2 case_11"] {
        assert_eq!(cover(&asked, &[with(other)], &NOW), Cover::Denied("exchange-denied-matter"), "{other}");
    }
    let nothing = Moment { item: None, case: None, ..NOW };
    assert_eq!(cover(&asked, &[with("senior-card")], &nothing), Cover::Denied("exchange-denied-matter"));
}
