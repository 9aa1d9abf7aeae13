//! The roster as one process works by it when another one has changed it.
use std::time::Duration;

use platform::policy::{Action, On};
use platform::{Ctx, documents};
use tests::wire;
use tokio::time::{Instant, sleep};

use crate::govstack_conformance::listening;
use crate::govstack_mediator::Mediator;

const ROSTER: &str = "gateway/roster.yaml";
/// Six times what the handbook says: this asks whether, not how fast.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a load of packs, or the configuration interface of another process, does.
async fn rename(mediator: &Mediator, (from, to): (&'static str, &'static str)) {
    let platform = mediator.app.platform();
    let grant = Ctx::system(platform, "tests.pack").allow(Action::PackLoad, &On::PUBLIC).unwrap();
    let write = move |tx: &mut platform::db::Tx<'_>| {
        documents::change(tx, ROSTER, |text| Ok(text.replace(from, to))).map(|changed| changed.map(drop))
    };
    platform.db().write(grant, write).await.unwrap();
}

async fn listed(address: &str) -> String {
    let address = address.to_owned();
    let answer = tokio::task::spawn_blocking(move || wire::call(&address, ("GET", "/listClients"), &[], ""));
    let answer = answer.await.unwrap().unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn until_listed(address: &str, name: &str) {
    let begun = Instant::now();
    while !listed(address).await.contains(name) {
        assert!(begun.elapsed() < PATIENCE, "the roster's new name {name} is not in force");
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_program_takes_up_what_others_put_into_the_roster() {
    let mediator = Mediator::open().await;
    let (address, _stop) = listening(&mediator.app, "information mediator (GovStack)").await;
    assert!(listed(&address).await.contains("云岭市公安局"));
    rename(&mediator, ("云岭市公安局", "云岭市公安总局")).await;
    until_listed(&address, "云岭市公安总局").await;
    assert!(!listed(&address).await.contains("云岭市公安局"), "the former name has gone");
}
