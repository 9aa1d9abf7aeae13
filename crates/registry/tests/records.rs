//! Records on a real database: what is kept, what is refused, deliveries of any length.
#![allow(clippy::unwrap_used)]
mod common;

use std::io::Cursor;

use common::Place;
use platform::clock::DAY;
use platform::policy::{Action, Actor, On};
use platform::{Ctx, Error};
use registry::{Delivery, Entry, Format, Recorded, Report, SeedRow, find_record, publish};
use serde_json::{Map, Value, json};
use time::Date;
use time::macros::date;

const PERSON: &str = "11010519491231002X";
const CODE: &str = "91350100M000100Y43";

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

fn credit(subject: &str, as_of: Date, data: Value) -> Entry {
    Entry { resource: "credit".into(), subject: subject.into(), as_of, source: "development".into(), data: map(data) }
}

async fn record(place: &Place, entry: Entry) -> platform::Result<Recorded> {
    let registry = place.registry.clone();
    place.platform.db().write(place.grant(), move |tx| registry.record(tx, &entry)).await
}

#[tokio::test]
async fn a_version_grows_only_when_the_data_differ() {
    let place = Place::new().await;
    let day = |d| date!(2026 - 11 - 01).replace_day(d).unwrap();
    let listed = json!({"listed": 1, "reason": "x"});
    assert_eq!(record(&place, credit(CODE, day(3), listed.clone())).await.unwrap(), Recorded::New(1));
    assert_eq!(record(&place, credit(CODE, day(2), listed.clone())).await.unwrap(), Recorded::Unchanged(1));
    assert_eq!(record(&place, credit(CODE, day(5), listed)).await.unwrap(), Recorded::Unchanged(1));
    assert_eq!(record(&place, credit(CODE, day(6), json!({"listed": 0}))).await.unwrap(), Recorded::Changed(2));
    let older = record(&place, credit(CODE, day(4), json!({"listed": 1}))).await;
    assert!(matches!(older, Err(Error::Conflict("registry-conflict-overtaken"))), "{older:?}");

    let now = place.read(|tx| find_record(tx, "credit", CODE)).await.unwrap();
    assert_eq!((now.version, now.as_of, now.source.as_str()), (2, day(6), "development"));
    assert_eq!(now.data, "{\"listed\":0}");
    let past = place.rows("SELECT version, as_of, data FROM registry_record_past").await;
    assert_eq!(past.len(), 1);
    assert_eq!((past[0].int(0).unwrap(), past[0].str(1).unwrap()), (1, "2026-11-05"));
    assert_eq!(past[0].str(2).unwrap(), "{\"listed\":1,\"reason\":\"x\"}");
    // The audit log never holds the number.
    let audit = place.rows("SELECT object, subject, event FROM platform_audit WHERE event = 'record.kept'").await;
    assert_eq!(audit.len(), 4);
    assert_eq!(audit[0].str(1).unwrap(), place.registry.pseudonym(CODE));
    assert!(!place.registry.pseudonym(CODE).contains(CODE));
}

#[tokio::test]
async fn a_wrong_record_leaves_nothing() {
    let place = Place::new().await;
    let cases = [
        (credit("11010519491231002X", date!(2026 - 11 - 1), json!({"listed": "1"})), "registry-field-integer"),
        (credit("110105194912310021", date!(2026 - 11 - 1), json!({"listed": 1})), "codes-resident-id-check"),
        (
            Entry { resource: "none".into(), ..credit(CODE, date!(2026 - 11 - 1), json!({})) },
            "registry-resource-unknown",
        ),
    ];
    for (entry, key) in cases {
        match record(&place, entry).await {
            Err(Error::Invalid(errors)) => assert_eq!(errors[0].key, key),
            other => panic!("{key}: {other:?}"),
        }
    }
    assert!(place.rows("SELECT subject FROM registry_record").await.is_empty());
    assert!(place.rows("SELECT id FROM platform_audit").await.is_empty());
}

async fn import(place: &Place, format: Format, text: impl Into<Vec<u8>>) -> platform::Result<Report> {
    let delivery =
        Delivery { resource: "credit".into(), format, source: "development".into(), as_of: date!(2026 - 11 - 20) };
    place.registry.import(&place.ctx(), delivery, Cursor::new(text.into())).await
}

#[tokio::test]
async fn a_delivery_is_taken_row_by_row() {
    let place = Place::new().await;
    let text = format!(
        "subject,listed,reason\n{PERSON},0,\n{CODE},1,dishonest\n110105194912310021,1,\n{CODE},2,\n{CODE},asleep,\n"
    );
    let report = import(&place, Format::Csv, text.clone()).await.unwrap();
    assert_eq!((report.accepted, report.unchanged, report.refused_rows, report.complete), (3, 0, 2, true));
    let refused: Vec<(u64, &str)> = report.refused.iter().map(|r| (r.line, r.reasons[0].key)).collect();
    assert_eq!(refused, [(4, "codes-resident-id-check"), (6, "registry-field-integer")]);
    // The row that came later in the file stands; the one before it is history.
    let now = place.read(|tx| find_record(tx, "credit", CODE)).await.unwrap();
    assert_eq!((now.version, now.data.as_str()), (2, "{\"listed\":2}"));

    let json = format!(
        "{{\"subject\":\"{PERSON}\",\"data\":{{\"listed\":0}}}}\n{{\"subject\":\"{CODE}\",\"as_of\":\"2026-01-01\",\"data\":{{\"listed\":9}}}}\n"
    );
    let report = import(&place, Format::JsonLines, json).await.unwrap();
    assert_eq!((report.accepted, report.unchanged), (0, 1));
    assert_eq!(report.refused[0].reasons[0].key, "registry-refused-overtaken");
    let audits = place.rows("SELECT detail FROM platform_audit WHERE event = 'record.imported' ORDER BY id").await;
    assert_eq!(audits[0].str(0).unwrap(), "{\"accepted\":3,\"refused\":0,\"source\":\"development\",\"unchanged\":0}");
}

#[tokio::test]
async fn every_reason_has_words_in_every_language() {
    let place = Place::new().await;
    let text = format!("subject,listed,reason\n1,x,\n{PERSON},123,\n{PERSON},,\n{PERSON}\n{PERSON},\"1\"2,\n");
    let report = import(&place, Format::Csv, text).await.unwrap();
    assert_eq!(report.refused_rows, 5);
    for reason in report.refused.iter().flat_map(|refused| &refused.reasons) {
        for lang in platform::i18n::Lang::ALL {
            let words = place.platform.texts().format(lang, reason.key, &reason.args);
            assert!(words.chars().count() > 10 && !words.contains("{$") && !words.contains(reason.key), "{words}");
        }
    }
}

#[tokio::test]
async fn a_long_delivery_passes_in_batches_and_is_told_in_bounded_length() {
    let place = Place::new().await;
    let mut text = String::from("subject,listed\n");
    for n in 0..2_500 {
        text.push_str(&format!("{PERSON},{}\nbad,1\n", n % 2));
    }
    let report = import(&place, Format::Csv, text).await.unwrap();
    assert_eq!((report.accepted, report.refused_rows, report.refused.len()), (2_500, 2_500, 1_000));
    let now = place.read(|tx| find_record(tx, "credit", PERSON)).await.unwrap();
    assert_eq!(now.version, 2_500);
    assert_eq!(place.rows("SELECT id FROM platform_audit WHERE event = 'record.imported'").await.len(), 3);
    assert_eq!(place.rows("SELECT id FROM platform_audit WHERE event = 'delivery.ended'").await.len(), 1);
}

#[tokio::test]
async fn a_row_without_end_stops_the_reading_and_says_so() {
    let place = Place::new().await;
    let mut text = format!("subject,listed,reason\n{PERSON},1,\n{CODE},1,\"").into_bytes();
    text.extend(vec![b'x'; 2 << 20]);
    let report = import(&place, Format::Csv, text).await.unwrap();
    assert_eq!((report.accepted, report.complete), (1, false));
    assert_eq!((report.refused[0].line, report.refused[0].reasons[0].key), (3, "registry-refused-long"));
}

#[tokio::test]
async fn only_the_program_imports() {
    let place = Place::new().await;
    let ctx = Ctx::new(&place.platform, Actor::anonymous());
    assert!(ctx.allow(Action::RegistryImport, &On::PUBLIC).is_err());
    let delivery = Delivery {
        resource: "credit".into(),
        format: Format::Csv,
        source: "development".into(),
        as_of: date!(2026 - 11 - 20),
    };
    let denied = place.registry.import(&ctx, delivery, Cursor::new(format!("subject,listed\n{PERSON},1\n"))).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
    assert!(place.rows("SELECT subject FROM registry_record").await.is_empty());
}

#[tokio::test]
async fn seeded_rows_bear_their_provider() {
    let place = Place::new().await;
    let row = |n: u32| SeedRow {
        resource: "population".into(),
        subject: format!("S{n:06}"),
        as_of: date!(2026 - 11 - 1),
        data: format!("{{\"name\":\"P{n}\"}}"),
    };
    let rows: Vec<SeedRow> = (0..1_001).map(row).collect();
    let registry = place.registry.clone();
    let count = place.platform.db().write(place.grant(), move |tx| registry.seed(tx, &rows)).await.unwrap();
    assert_eq!(count, 1_001);
    let last = place.read(|tx| find_record(tx, "population", "S001000")).await.unwrap();
    assert_eq!((last.version, last.source.as_str()), (1, "public-security"));
    assert_eq!(last.fields().unwrap()["name"], "P1000");
}

#[tokio::test]
async fn an_entry_of_the_catalogue_gets_a_new_version_when_it_changes() {
    let place = Place::new().await;
    let publish_all = |change: bool| {
        let mut resources = common::resources();
        if change {
            resources[0].max_age_days += 1;
        }
        let grant = place.ctx().allow(Action::PackLoad, &On::PUBLIC).unwrap();
        place.platform.db().write(grant, move |tx| publish(tx, &resources))
    };
    let all = common::resources().len();
    assert_eq!(publish_all(false).await.unwrap(), all as u64);
    place.later(DAY);
    assert_eq!(publish_all(false).await.unwrap(), 0);
    assert_eq!(publish_all(true).await.unwrap(), 1);
    assert_eq!(place.rows("SELECT key FROM registry_resource").await.len(), all + 1);
    let names = place.registry.organisations().clone();
    let reopened = registry::Registry::open(&place.platform, names).await.unwrap();
    assert_eq!(reopened.catalogue().len(), all);
    let ages = |r: &registry::Registry| r.catalogue().iter().map(|e| e.max_age_days).sum::<u32>();
    assert_eq!(ages(&reopened), ages(&place.registry) + 1);
}

/// Not a test of right or wrong: `cargo nextest run -p registry --run-ignored all --no-capture speed` prints the figure.
#[tokio::test]
#[ignore = "prints how fast rows are seeded and imported"]
async fn speed() {
    let place = Place::new().await;
    let data = format!("{{\"name\":\"{}\"}}", "x".repeat(600));
    let started = std::time::Instant::now();
    for batch in 0..60u32 {
        let row = |n: u32| SeedRow {
            resource: "population".into(),
            subject: format!("S{:08}", batch * 5_000 + n),
            as_of: date!(2026 - 11 - 1),
            data: data.clone(),
        };
        let rows: Vec<SeedRow> = (0..5_000).map(row).collect();
        let registry = place.registry.clone();
        place.platform.db().write(place.grant(), move |tx| registry.seed(tx, &rows)).await.unwrap();
    }
    println!("300,000 rows seeded in {:?}", started.elapsed());
}
