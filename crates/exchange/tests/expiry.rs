//! A grant that ends while its source takes its time: what comes too late is told to nobody, and nobody has looked.
#![allow(clippy::unwrap_used)]
mod common;

use std::collections::HashMap;
use std::sync::Arc;

use common::*;
use exchange::connector::{Calling, Connector, Found, Query};
use exchange::{Facts, GrantSeed};
use platform::clock::{DAY, SECOND, Timestamp};
use platform::{Error, Result};
use serde_json::{Value, json};
use time::macros::date;
use tokio::sync::Notify;

/// A department's system that answers when it is told to.
#[derive(Default)]
struct Slow {
    called: Notify,
    go: Notify,
}

impl Connector for Slow {
    fn call<'a>(&'a self, _: Query<'a>) -> Calling<'a> {
        Box::pin(async move {
            self.called.notify_one();
            self.go.notified().await;
            let Value::Object(data) = json!({"level": "master"}) else { unreachable!() };
            Ok(Some(Found { as_of: date!(2026 - 11 - 20), source: "education".into(), data }))
        })
    }
}

/// Asks for two facts, of which one comes from the slow system; so much time passes before it answers.
async fn ask_and_wait(micros: i64) -> (Place, Result<Facts>) {
    let slow = Arc::new(Slow::default());
    let connector: Arc<dyn Connector> = Arc::clone(&slow) as _;
    let place = Place::with(HashMap::from([("education".to_owned(), connector)])).await;
    let until = |seed: GrantSeed| GrantSeed { valid_to: Some(Timestamp(NOW + DAY)), ..seed };
    place.give(vec![until(granted("education", &["level"])), granted("population", &["name"])]).await;
    let asked = ask(vec![want("education", &["level"]), want("population", &["name"])]);
    let ctx = place.ctx(reviewer());
    let meanwhile = async {
        slow.called.notified().await;
        place.later(micros);
        slow.go.notify_one();
    };
    let (outcome, ()) = tokio::join!(place.exchange.fetch(&ctx, asked), meanwhile);
    (place, outcome)
}

#[tokio::test]
async fn a_grant_that_expires_while_its_source_answers_gives_nothing() {
    let (place, outcome) = ask_and_wait(DAY).await;
    match outcome {
        Err(Error::Denied(why)) => assert_eq!(why, "exchange-denied-over"),
        other => panic!("{other:?}"),
    }
    assert!(place.rows("SELECT id FROM exchange_trail").await.is_empty());
    assert!(place.rows("SELECT id FROM platform_audit WHERE event = 'fact.fetched'").await.is_empty());
}

#[tokio::test]
async fn a_grant_that_lasts_until_its_source_has_answered_is_good() {
    let (place, outcome) = ask_and_wait(DAY - SECOND).await;
    assert_eq!(outcome.unwrap().facts.len(), 2);
    assert_eq!(place.rows("SELECT id FROM exchange_trail").await.len(), 1);
}
