//! What the table of permissions says.
use super::*;

fn official(role: Role, office: &str) -> Actor {
    let posts = vec![Post { role, office: office.to_owned() }];
    Actor { posts, ..Actor::plain(ActorKind::Official, "off_1", "An official") }
}

#[test]
fn an_office_decides_only_its_own_cases() {
    let decider = official(Role::Decider, "market");
    assert!(allow(&decider, Action::CaseDecide, &On::at(&["market"])).is_ok());
    assert!(allow(&decider, Action::CaseDecide, &On::at(&["health"])).is_err());
    assert!(allow(&official(Role::Clerk, "market"), Action::CaseDecide, &On::at(&["market"])).is_err());
}

#[test]
fn one_who_acts_for_an_enterprise_does_not_hold_what_is_their_own() {
    let mut person = Actor::plain(ActorKind::Person, "per_1", "A person");
    assert!(allow(&person, Action::CaseRead, &On::owned_by("per_1")).is_ok());
    let party = Party { id: "ent_1".into(), name: "An enterprise".into(), subject: String::new() };
    person.acting_for = Some(party);
    assert!(allow(&person, Action::CaseRead, &On::owned_by("per_1")).is_err());
    assert!(allow(&person, Action::CaseRead, &On::owned_by("ent_1")).is_ok());
}

#[test]
fn the_anonymous_own_nothing() {
    assert!(allow(&Actor::anonymous(), Action::DraftRead, &On { owner: Some(""), offices: &[] }).is_err());
}
