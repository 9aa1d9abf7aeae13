//! Who was given a value since a moment: for those who must hear that it was wrong.
#![allow(clippy::unwrap_used)]
mod common;

use std::collections::BTreeMap;

use common::*;
use exchange::{LookSeed, Used};
use platform::clock::{MINUTE, Timestamp};
use platform::policy::ActorKind;

const FIELD: (&str, &str) = ("population", "mobile");

/// A look at two fields, so many minutes after `NOW`; by the program when `official` is empty.
fn look(minute: i64, official: &str, case: Option<&str>) -> LookSeed {
    LookSeed {
        at: Timestamp(NOW + minute * MINUTE),
        number: PERSON.into(),
        actor_kind: if official.is_empty() { ActorKind::System } else { ActorKind::Official },
        actor: official.into(),
        actor_name: official.into(),
        office: (!official.is_empty()).then(|| "civil-affairs@990102".into()),
        consumer: "civil-affairs".into(),
        purpose: "senior-card".into(),
        basis: "Measures, article 6".into(),
        item: Some("senior-card".into()),
        case: case.map(str::to_owned),
        fields: BTreeMap::from([("population".into(), vec!["name".into(), "mobile".into()])]),
    }
}

async fn used(place: &Place, since: i64) -> Vec<Used> {
    let (exchange, pseudonym) = (place.exchange.clone(), place.registry.pseudonym(PERSON));
    let since = Timestamp(NOW + since * MINUTE);
    let read = move |tx: &mut platform::db::Tx<'_>| exchange.used_since(tx, &pseudonym, FIELD, since);
    place.platform.db().read(place.grant(), read).await.unwrap()
}

#[tokio::test]
async fn everybody_who_was_given_the_value_since_then_is_named_once() {
    let place = Place::new().await;
    let other = |fields: &[&str]| {
        let fields = BTreeMap::from([("population".into(), fields.iter().map(|f| (*f).to_owned()).collect())]);
        LookSeed { fields, ..look(7, "off_9", Some("case_9")) }
    };
    let looks = vec![
        look(1, "off_1", Some("case_1")),
        look(2, "", Some("case_2")),
        look(3, "off_1", Some("case_1")),
        LookSeed { actor_kind: ActorKind::Person, ..look(4, "per_1", None) },
        LookSeed { number: OTHER.into(), ..look(5, "off_2", Some("case_3")) },
        other(&["name"]),
        LookSeed { fields: BTreeMap::from([("residence".into(), vec!["mobile".into()])]), ..other(&[]) },
    ];
    let exchange = place.exchange.clone();
    place.platform.db().write(place.grant(), move |tx| exchange.seed_trail(tx, &looks)).await.unwrap();
    let of = |official: Option<&str>, office: &str, case: &str| Used {
        office: office.into(),
        official: official.map(str::to_owned),
        item: Some("senior-card".into()),
        case: Some(case.into()),
        hidden: false,
    };
    let (clerk, program) = (of(Some("off_1"), "civil-affairs@990102", "case_1"), of(None, "civil-affairs", "case_2"));
    assert_eq!(used(&place, 0).await, [clerk.clone(), program.clone()]);
    assert_eq!(used(&place, 1).await, [clerk.clone(), program.clone()], "the moment itself is included");
    assert_eq!(used(&place, 2).await, [program, clerk.clone()]);
    assert_eq!(used(&place, 3).await, [clerk]);
    assert_eq!(used(&place, 4).await, []);

    // What the law hides is used all the same, and marked.
    place
        .by_hand(
            "INSERT INTO exchange_hidden (trail, at, subject, office, until, basis)
             SELECT id, at, subject, consumer, at + 86400000000, '' FROM exchange_trail WHERE case_id = 'case_2'",
        )
        .await;
    let hidden: Vec<bool> = used(&place, 0).await.into_iter().map(|one| one.hidden).collect();
    assert_eq!(hidden, [false, true]);
}
