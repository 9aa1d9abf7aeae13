//! The one door: what leaves, what does not, and what is written of it.
#![allow(clippy::unwrap_used)]
mod common;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::*;
use exchange::connector::{Calling, Connector, Found, Query};
use exchange::{Ask, Facts, GrantSeed};
use platform::clock::{DAY, Timestamp};
use platform::policy::{Actor, Role};
use platform::{Ctx, Error, Result};
use serde_json::{Value, json};
use time::macros::date;

async fn fetch(place: &Place, actor: Actor, ask: Ask) -> Result<Facts> {
    place.exchange.fetch(&place.ctx(actor), ask).await
}

#[track_caller]
fn denied(outcome: Result<Facts>, key: &str) {
    match outcome {
        Err(Error::Denied(why)) => assert_eq!(why, key),
        other => panic!("{key}: {other:?}"),
    }
}

async fn nothing_is_written(place: &Place) {
    assert!(place.rows("SELECT id FROM exchange_trail").await.is_empty());
    assert!(place.rows("SELECT id FROM platform_audit WHERE event = 'fact.fetched'").await.is_empty());
}

#[tokio::test]
async fn only_what_was_asked_leaves_and_the_look_is_written() {
    let place = Place::new().await;
    place.give_senior_card().await;
    let wants = vec![want("population", &["name", "birth_date"]), want("education", &["level"])];
    let facts = fetch(&place, reviewer(), ask(wants)).await.unwrap();
    let got: Vec<(String, Value)> =
        facts.facts.iter().map(|((r, f), fact)| (format!("{r}.{f}"), fact.value.clone())).collect();
    let expected = [
        ("education.level".to_owned(), json!("primary")),
        ("population.birth_date".to_owned(), json!("1949-12-31")),
        ("population.name".to_owned(), json!("王秀兰")),
    ];
    assert_eq!(got, expected);
    let name = facts.get("population", "name").unwrap();
    assert_eq!((name.source.as_str(), name.as_of), ("public-security", date!(2026 - 11 - 01)));
    assert!(facts.missing.is_empty());

    let trail = place.rows("SELECT * FROM exchange_trail").await;
    assert_eq!(trail.len(), 1);
    let (row, text) = (&trail[0], |at| trail[0].opt_text(at).unwrap().unwrap_or_default());
    assert_eq!((text(0), row.int(1).unwrap()), (facts.trail.clone(), NOW));
    assert_eq!(text(2), place.registry.pseudonym(PERSON));
    let who = [text(3), text(4), text(5), text(6), text(7)];
    assert_eq!(who, ["official", "off_1", "Official off_1", "civil-affairs", "civil-affairs"]);
    let why = [text(8), text(9), text(10), text(11)];
    let basis = exchange::basis_text(&three("Measures, article 6"));
    assert_eq!(why, ["senior-card", basis.as_str(), "senior-card", CASE]);
    assert_eq!(text(12), r#"{"education":["level"],"population":["name","birth_date"]}"#);
    assert_eq!(text(13), r#"{"education":"education","population":"public-security"}"#);

    let audit = place
        .rows("SELECT object, subject, actor, office, detail FROM platform_audit WHERE event = 'fact.fetched'")
        .await;
    assert_eq!(audit.len(), 1);
    let text = |at| audit[0].opt_text(at).unwrap().unwrap_or_default();
    assert_eq!([text(0), text(1), text(2), text(3)], [facts.trail.as_str(), "per_1", "off_1", "civil-affairs"]);
    assert!(!format!("{trail:?}{audit:?}").contains(PERSON), "the number stands in a log");
}

#[tokio::test]
async fn without_a_grant_nothing_leaves() {
    let place = Place::new().await;
    let asked = || ask(vec![want("population", &["name"])]);
    denied(fetch(&place, reviewer(), asked()).await, "exchange-denied-no-grant");
    place.give_senior_card().await;
    // Another purpose or another consumer is another grant.
    denied(
        fetch(&place, reviewer(), Ask { purpose: "case-handling".into(), ..asked() }).await,
        "exchange-denied-no-grant",
    );
    denied(fetch(&place, reviewer(), Ask { consumer: "hrss".into(), ..asked() }).await, "exchange-denied-no-grant");
    let more = ask(vec![want("education", &["level"]), want("population", &["name", "marital_status"])]);
    denied(fetch(&place, reviewer(), more).await, "exchange-denied-field");
    nothing_is_written(&place).await;
}

#[tokio::test]
async fn a_grant_that_is_over_withdrawn_or_to_come_gives_nothing() {
    let place = Place::new().await;
    let asked = || ask(vec![want("population", &["name"])]);
    let from = |from: i64, to: Option<i64>| GrantSeed {
        valid_from: Timestamp(NOW + from),
        valid_to: to.map(|to| Timestamp(NOW + to)),
        ..granted("population", &["name"])
    };
    assert_eq!(place.give(vec![from(-2 * DAY, Some(0)), from(DAY, None)]).await, 2);
    denied(fetch(&place, reviewer(), asked()).await, "exchange-denied-over");
    place.later(DAY);
    fetch(&place, reviewer(), asked()).await.unwrap();
    place.by_hand("UPDATE exchange_grant SET state = 'revoked'").await;
    denied(fetch(&place, reviewer(), asked()).await, "exchange-denied-over");
    assert_eq!(place.rows("SELECT id FROM exchange_trail").await.len(), 1);
}

#[tokio::test]
async fn what_the_catalogue_does_not_have_is_refused() {
    let place = Place::new().await;
    place.give_senior_card().await;
    let plain = || ask(vec![want("population", &["name"])]);
    let cases = [
        (ask(vec![want("population", &["shoe_size"])]), "exchange-ask-field"),
        (ask(vec![want("shoes", &["size"])]), "exchange-ask-resource"),
        (ask(vec![want("enterprise", &["name"])]), "exchange-ask-subject"),
        (ask(vec![]), "exchange-ask-nothing"),
        (ask(vec![want("population", &[])]), "exchange-ask-nothing"),
        (Ask { purpose: " ".into(), ..plain() }, "exchange-ask-reason"),
        (Ask { basis: String::new(), ..plain() }, "exchange-ask-reason"),
    ];
    for (asked, key) in cases {
        match fetch(&place, reviewer(), asked).await {
            Err(Error::Invalid(errors)) => assert_eq!(errors[0].key, key),
            other => panic!("{key}: {other:?}"),
        }
    }
    nothing_is_written(&place).await;
}

#[tokio::test]
async fn who_may_not_ask_gets_nothing() {
    let place = Place::new().await;
    place.give_senior_card().await;
    let asked = || ask(vec![want("population", &["name"])]);
    denied(fetch(&place, Actor::anonymous(), asked()).await, "error-denied-sign-in");
    denied(fetch(&place, neighbour(), asked()).await, "error-denied-role");
    denied(fetch(&place, official("off_9", Role::Reviewer, "hrss"), asked()).await, "error-denied-role");
    denied(fetch(&place, official("off_9", Role::Auditor, "civil-affairs"), asked()).await, "error-denied-role");
    // Somebody else's number under one's own name.
    let mut forged = asked();
    forged.subject.owner = "per_2".into();
    denied(fetch(&place, neighbour(), forged).await, "exchange-denied-subject");
    nothing_is_written(&place).await;
    fetch(&place, resident(), asked()).await.unwrap();
    fetch(&place, Actor::system("services.decide"), asked()).await.unwrap();
    let kinds = place.rows("SELECT actor_kind, office FROM exchange_trail ORDER BY id").await;
    let kinds: Vec<(&str, Option<String>)> =
        kinds.iter().map(|r| (r.str(0).unwrap(), r.opt_text(1).unwrap())).collect();
    assert_eq!(kinds, [("person", None), ("system", None)]);
}

#[tokio::test]
async fn when_the_look_cannot_be_written_there_is_no_answer() {
    for fault in ["DROP TABLE exchange_trail", "ALTER TABLE platform_audit DROP COLUMN detail"] {
        let place = Place::new().await;
        place.give_senior_card().await;
        if fault.contains("platform_audit") {
            // The audit entry of this statement itself is written before the column goes.
            let write = move |tx: &mut platform::db::Tx<'_>| {
                let done = tx.audited(platform::audit::Entry { event: "test.hand", ..Default::default() }, ())?;
                tx.exec(fault, &[])?;
                Ok(done)
            };
            place.platform.db().write(place.grant(), write).await.unwrap();
        } else {
            place.by_hand(fault).await;
        }
        let outcome = fetch(&place, reviewer(), ask(vec![want("population", &["name"])])).await;
        assert!(matches!(outcome, Err(Error::Internal(_))), "{fault}: {outcome:?}");
        if fault.contains("platform_audit") {
            assert!(place.rows("SELECT id FROM exchange_trail").await.is_empty(), "half a look was written");
        }
    }
}

#[tokio::test]
async fn a_subject_that_no_register_knows_is_missing_and_the_look_is_written_all_the_same() {
    let place = Place::new().await;
    place.give_senior_card().await;
    place.by_hand("DELETE FROM registry_record WHERE resource = 'education'").await;
    let wants = vec![want("education", &["level"]), want("population", &["name"])];
    let facts = fetch(&place, reviewer(), ask(wants)).await.unwrap();
    assert_eq!((facts.missing.as_slice(), facts.facts.len()), (["education".to_owned()].as_slice(), 1));
    let trail = place.rows("SELECT source FROM exchange_trail").await;
    assert_eq!(trail[0].str(0).unwrap(), r#"{"education":"education","population":"public-security"}"#);
}

#[tokio::test]
async fn a_field_without_a_value_is_null() {
    let place = Place::new().await;
    place.give(vec![granted("population", &["mobile"])]).await;
    let facts = fetch(&place, reviewer(), ask(vec![want("population", &["mobile"])])).await.unwrap();
    assert_eq!(facts.get("population", "mobile").unwrap().value, Value::Null);
}

#[tokio::test]
async fn what_is_shared_without_condition_is_granted_by_itself_and_recorded_once() {
    let place = Place::new().await;
    let asked = || about_enterprise(vec![want("enterprise", &["name", "status"])]);
    let facts = fetch(&place, agent(), asked()).await.unwrap();
    assert_eq!(facts.get("enterprise", "status").unwrap().value, json!("active"));
    fetch(&place, agent(), asked()).await.unwrap();
    let grants = place.rows("SELECT consumer, purpose, resource, fields, origin FROM exchange_grant").await;
    assert_eq!(grants.len(), 1);
    assert_eq!((grants[0].str(0).unwrap(), grants[0].str(4).unwrap()), ("civil-affairs", "automatic"));
    assert!(
        !grants[0].str(3).unwrap().contains("legal_representative_id"),
        "a personal field needs a grant of its own"
    );
    let signed =
        place.rows("SELECT d.version FROM exchange_grant_document d JOIN exchange_grant g ON g.id = d.grant_id").await;
    assert_eq!(signed.len(), 1, "recorded once, signed once");
    let personal = about_enterprise(vec![want("enterprise", &["legal_representative_id"])]);
    denied(fetch(&place, agent(), personal).await, "exchange-denied-field");
    place.by_hand("UPDATE exchange_grant SET state = 'revoked'").await;
    denied(fetch(&place, agent(), asked()).await, "exchange-denied-over");
}

#[tokio::test]
async fn the_same_grant_is_seeded_once() {
    let place = Place::new().await;
    let grants = || vec![granted("population", &["name"]), granted("population", &["sex"])];
    assert_eq!(place.give(grants()).await, 2);
    assert_eq!(place.give(grants()).await, 0);
    let documents = "SELECT d.hash FROM exchange_grant_document d JOIN exchange_grant g ON g.id = d.grant_id AND g.version = d.version";
    assert_eq!(place.rows(documents).await.len(), 2, "each with its document");
    // One of an older program has none: it gets it with the next load.
    place.by_hand("DELETE FROM exchange_grant_document").await;
    assert_eq!(place.give(grants()).await, 0);
    assert_eq!(place.rows(documents).await.len(), 2);
}

/// A department's own system, which answers more than it is asked and may take its time.
struct Department {
    platform: std::sync::OnceLock<Ctx>,
    calls: AtomicU32,
    revoke: bool,
}

impl Connector for Department {
    fn call<'a>(&'a self, query: Query<'a>) -> Calling<'a> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            assert_eq!((query.resource.key.as_str(), query.number), ("education", PERSON));
            if self.revoke {
                let ctx = self.platform.get().unwrap();
                let grant = ctx.allow(platform::policy::Action::PackLoad, &platform::policy::On::PUBLIC)?;
                let revoke = |tx: &mut platform::db::Tx<'_>| {
                    tx.exec("UPDATE exchange_grant SET state = 'revoked' WHERE resource = 'education'", &[])?;
                    tx.audited(platform::audit::Entry { event: "test.hand", ..Default::default() }, ())
                };
                ctx.db().write(grant, revoke).await?;
            }
            let Value::Object(data) = json!({"level": "master", "school": "secret"}) else { unreachable!() };
            Ok(Some(Found { as_of: date!(2026 - 11 - 20), source: "education@990102".into(), data }))
        })
    }
}

async fn with_department(revoke: bool) -> (Place, Arc<Department>) {
    let department = Arc::new(Department { platform: Default::default(), calls: AtomicU32::new(0), revoke });
    let connector: Arc<dyn Connector> = Arc::clone(&department) as _;
    let place = Place::with(HashMap::from([("education".to_owned(), connector)])).await;
    assert!(department.platform.set(Ctx::system(&place.platform, "test")).is_ok());
    (place, department)
}

#[tokio::test]
async fn a_source_elsewhere_is_called_after_the_grant_and_cut_to_what_was_asked() {
    let (place, department) = with_department(false).await;
    let asked = || ask(vec![want("education", &["level"]), want("population", &["name"])]);
    denied(fetch(&place, reviewer(), asked()).await, "exchange-denied-no-grant");
    assert_eq!(department.calls.load(Ordering::SeqCst), 0);
    place.give_senior_card().await;
    let facts = fetch(&place, reviewer(), asked()).await.unwrap();
    assert_eq!(facts.facts.len(), 2);
    let level = facts.get("education", "level").unwrap();
    assert_eq!((level.value.clone(), level.source.as_str()), (json!("master"), "education@990102"));
}

/// An office of another city, which holds nothing about anybody.
struct Silent(connectors::Elsewhere);

impl Connector for Silent {
    fn call<'a>(&'a self, _: Query<'a>) -> Calling<'a> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn elsewhere(&self) -> Option<&connectors::Elsewhere> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn the_trail_names_the_peer_that_was_asked_even_when_it_holds_nothing() {
    let id = "CN/GOV/91990200/education".to_owned();
    let office = connectors::Elsewhere { id: id.clone(), office: three("Education"), region: three("Elsewhere") };
    let connector: Arc<dyn Connector> = Arc::new(Silent(office));
    let place = Place::with(HashMap::from([("education".to_owned(), connector)])).await;
    place.give_senior_card().await;
    let asked = ask(vec![want("education", &["level"]), want("population", &["name"])]);
    assert_eq!(fetch(&place, reviewer(), asked).await.unwrap().missing, ["education"]);
    let source = place.rows("SELECT source FROM exchange_trail").await[0].text(0).unwrap();
    let source: Value = serde_json::from_str(&source).unwrap();
    assert_eq!(source, json!({"education": id, "population": "public-security"}));
}

#[tokio::test]
async fn what_a_provider_keeps_its_subject_reads_without_a_grant_and_nobody_else_does() {
    let place = Place::new().await;
    let own = |consumer: &str| Ask {
        purpose: exchange::OWN_DATA.into(),
        consumer: consumer.into(),
        ..ask(vec![want("population", &["name"])])
    };
    let facts = fetch(&place, resident(), own("public-security")).await.unwrap();
    assert!(facts.get("population", "name").is_some());
    let looks = place.rows("SELECT actor_kind, consumer, purpose FROM exchange_trail").await;
    let said: Vec<_> = (0..3).map(|at| looks[0].text(at).unwrap()).collect();
    assert_eq!((looks.len(), said), (1, ["person", "public-security", "own-data"].map(str::to_owned).into()));
    // Neither through another office, nor about others, nor by officials or the program.
    denied(fetch(&place, resident(), own("civil-affairs")).await, "exchange-denied-no-grant");
    assert!(matches!(fetch(&place, neighbour(), own("public-security")).await, Err(Error::Denied(_))));
    let police = official("off_9", Role::Decider, "public-security");
    assert!(matches!(fetch(&place, police, own("public-security")).await, Err(Error::Denied(_))));
    let program = Actor::system("services.decide");
    denied(fetch(&place, program, own("public-security")).await, "exchange-denied-no-grant");
    assert_eq!(place.rows("SELECT id FROM exchange_trail").await.len(), 1);
}

#[tokio::test]
async fn a_grant_that_is_revoked_during_the_call_gives_nothing() {
    let (place, department) = with_department(true).await;
    place.give_senior_card().await;
    denied(fetch(&place, reviewer(), ask(vec![want("education", &["level"])])).await, "exchange-denied-over");
    assert_eq!(department.calls.load(Ordering::SeqCst), 1);
    nothing_is_written(&place).await;
}

/// Not a test of right or wrong: `cargo nextest run -p exchange --run-ignored only --no-capture` prints the figure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints the CPU time of a fetch"]
async fn speed() {
    let place = Place::new().await;
    place.give_senior_card().await;
    let cpu = || {
        let text = std::fs::read_to_string("/proc/self/stat").unwrap();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) * 10_000.0
    };
    let (before, started, count) = (cpu(), std::time::Instant::now(), 20_000);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (exchange, ctx) = (place.exchange.clone(), place.ctx(reviewer()));
        callers.spawn(async move {
            for _ in 0..count / 64 {
                let wants = vec![want("population", &["name", "birth_date"]), want("education", &["level"])];
                exchange.fetch(&ctx, ask(wants)).await.unwrap();
            }
        });
    }
    while callers.join_next().await.is_some() {}
    let (micros, each) = (started.elapsed().as_micros() as f64 / f64::from(count), (cpu() - before) / f64::from(count));
    println!("fetch of two resources: {each:.0} µs CPU, {:.0} a second", 1e6 / micros);
}
