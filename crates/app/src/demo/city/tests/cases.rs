//! Past cases: as many as wanted, in all states, on working days, never in the future, by people who can have applied.

use std::collections::{HashMap, HashSet};

use codes::WorkCalendar;

use super::super::{Applicant, CaseState, City, Config, PastCase};
use super::{CONFIG, city, parsed};

fn promised(item: &str) -> u32 {
    if item == "senior-card" { 0 } else { 10 }
}

fn full() -> (City, Vec<PastCase>) {
    let city = city(Config { residents: 60_000, enterprises: 5_000, past_cases: 20_000, ..CONFIG });
    let cases = city.past_cases(promised).collect();
    (city, cases)
}

fn subject(case: &PastCase) -> &str {
    match &case.applicant {
        Applicant::Person { id_number, .. } => id_number,
        Applicant::Enterprise { uscc, .. } => uscc,
    }
}

#[test]
fn a_year_of_cases_in_all_states() {
    let (city, cases) = full();
    assert_eq!(cases.len(), 20_000);
    let mut states: HashMap<CaseState, u32> = HashMap::new();
    cases.iter().for_each(|case| *states.entry(case.timeline.state).or_default() += 1);
    assert!(CaseState::ALL.iter().all(|state| states.get(state).is_some_and(|n| *n >= 10)), "{states:?}");
    let granted = states[&CaseState::Granted];
    assert!((16_000..18_500).contains(&granted), "{granted} granted");
    let items: HashSet<_> = cases.iter().map(|case| case.item).collect();
    assert!(items.len() >= 14 && City::past_items().all(|key| items.contains(key)));
    let characters = city.characters();
    let named = [&characters.senior, &characters.newcomer, &characters.agent].map(|c| c.id_number.as_str());
    assert!(cases.iter().all(|case| !named.contains(&subject(case))));
}

#[test]
fn cases_come_on_working_days_and_stay_in_order() {
    let calendar = WorkCalendar::embedded();
    let (_, cases) = full();
    assert!(cases.is_sorted_by_key(|case| case.timeline.submitted));
    let mut by_hour = [0u32; 24];
    for case in &cases {
        let t = &case.timeline;
        assert!(calendar.is_working_day(t.submitted.date()).value, "{case:?}");
        by_hour[usize::from(t.submitted.hour())] += 1;
        let steps = [Some(t.submitted), t.accepted, t.supplement_asked, t.supplement_given, t.finished];
        let steps: Vec<_> = steps.into_iter().flatten().collect();
        assert!(steps.is_sorted() && steps.iter().all(|step| step.date() < CONFIG.today), "{case:?}");
        assert_eq!(t.finished.is_some(), t.state.is_finished(), "{case:?}");
        assert!(t.supplement_given.is_none() || t.supplement_asked.is_some(), "{case:?}");
        assert!(t.state != CaseState::Overdue || t.due.is_some_and(|due| due < CONFIG.today), "{case:?}");
    }
    assert_eq!(by_hour[..8].iter().chain(&by_hour[22..]).sum::<u32>(), 0);
    assert!(by_hour[12] < by_hour[11] && by_hour[12] < by_hour[14], "no dip at noon: {by_hour:?}");
}

#[test]
fn applicants_are_residents_or_firms_who_can_apply() {
    let (city, cases) = full();
    let population = parsed(&city, "population");
    let enterprises = parsed(&city, "enterprise");
    let disabled = parsed(&city, "disability");
    let mut seen = HashSet::new();
    for case in &cases {
        match &case.applicant {
            Applicant::Person { id_number, name } => {
                let person = &population[id_number];
                assert_eq!((person["name"].as_str(), person["life_status"].as_str()), (Some(&**name), Some("alive")));
                assert!(person["residence_division"].as_str().unwrap().starts_with(&case.division));
                assert!(case.item != "disability-subsidy" || disabled.contains_key(id_number));
            }
            Applicant::Enterprise { uscc, agent_id, .. } => {
                assert_eq!(enterprises[uscc]["legal_representative_id"], **agent_id);
                assert_eq!(enterprises[uscc]["status"], "active");
            }
        }
        let once = ["senior-card", "residence-permit", "food-licence"].contains(&case.item);
        assert!(!once || seen.insert((case.item, subject(case).to_owned())), "{case:?} twice");
    }
}

#[test]
fn a_small_city_has_as_many_cases() {
    let small = city(Config { residents: 500, enterprises: 50, past_cases: 3_000, ..CONFIG });
    assert_eq!(small.past_cases(promised).count(), 3_000);
}
