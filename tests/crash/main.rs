//! `kill -9` under load, again and again: nothing that was acknowledged is lost or doubled, the database opens, the
//! audit log verifies. 5 rounds by itself; `cargo xtask check` asks for 50.
#![allow(clippy::unwrap_used)]
mod load;
mod server;

use std::collections::BTreeMap;

use load::{Outcome, run};
use server::{Server, seed, verify};
use tests::wire::Visitor;

/// Stands in for the program (`tests::cli`); does nothing by itself.
#[test]
fn tongban() {
    tests::cli::run_if_asked();
}

/// A number below `end` that nobody can foresee.
fn below(end: u64) -> u64 {
    u64::from_le_bytes(platform::chance::bytes::<8>()) % end
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_program_is_killed_under_load() {
    let rounds = std::env::var("TONGBAN_CRASH_ROUNDS").map_or(5, |rounds| rounds.parse().unwrap());
    let folder = tempfile::Builder::new().prefix("tongban-crash-").tempdir().unwrap();
    let data = folder.path().join("data");
    seed(&data);
    let seeded = rows(&data, "SELECT id, number FROM services_case").len();
    let mut acknowledged = BTreeMap::new();
    let mut requests = 0;
    for round in 1..=rounds {
        let server = Server::start(&data);
        let key = Visitor::at(&server.address).get("/log/key").unwrap().body;
        // Each request is a moment; the kill comes at one of them, while others are under way.
        let outcome = run(server, 30 + below(170));
        requests += outcome.requests;
        verify(&data, key.trim());
        let server = Server::start(&data);
        check_round(&server, &outcome, round);
        acknowledged.extend(outcome.acknowledged);
        server.kill();
        verify(&data, key.trim());
    }
    assert!(acknowledged.len() >= rounds, "too little was acknowledged to say anything: {}", acknowledged.len());
    check_database(&data, &acknowledged, seeded);
    println!("{rounds} kills, {requests} requests, {} acknowledged submissions, all there once", acknowledged.len());
}

/// Everything that was acknowledged answers; what was under way is either there or can be sent again, once.
fn check_round(server: &Server, outcome: &Outcome, round: usize) {
    for (login, draft, case) in outcome.sent() {
        let mut owner = Visitor::at(&server.address);
        owner.sign_in(login, app::demo::sign_ins::PASSWORD).unwrap();
        let draft_page = owner.get(&format!("/my/drafts/{draft}")).unwrap();
        if let Some(case) = case {
            assert_eq!(draft_page.header("location"), format!("/my/cases/{case}/receipt"), "round {round}: {draft}");
            assert_eq!(owner.get(&format!("/my/cases/{case}")).unwrap().status, 200, "round {round}: {case}");
        } else {
            assert!([200, 303].contains(&draft_page.status), "round {round}: {draft}: {}", draft_page.status);
            let submit = format!("/my/drafts/{draft}/submit");
            let places = [0, 1].map(|_| owner.post(&submit, &[]).unwrap().header("location").to_owned());
            assert!(places[0].starts_with("/my/cases/"), "round {round}: {draft}: {places:?}");
            assert_eq!(places[0], places[1], "round {round}: sent again, it is the same case");
        }
    }
}

/// The stopped database, looked at without the program.
fn check_database(data: &std::path::Path, acknowledged: &BTreeMap<String, String>, seeded: usize) {
    let integrity = rows(data, "SELECT integrity_check, '' FROM pragma_integrity_check");
    assert_eq!(integrity, [("ok".to_owned(), String::new())]);
    let closed = rows(data, "SELECT id, case_id FROM services_draft WHERE case_id IS NOT NULL");
    let of_draft: BTreeMap<String, String> = closed.iter().cloned().collect();
    for (draft, case) in acknowledged {
        assert_eq!(of_draft.get(draft), Some(case), "an acknowledged submission is lost");
    }
    let cases = rows(data, "SELECT id, number FROM services_case");
    assert_eq!(cases.len() - seeded, of_draft.len(), "as many cases as drafts that were sent: none twice");
    let half = "SELECT c.id, c.state FROM services_case c WHERE NOT EXISTS
                (SELECT 1 FROM services_event e WHERE e.case_id = c.id)";
    assert_eq!(rows(data, half), [], "no case without its event");
    let unsaid = "SELECT e.case_id, e.kind FROM services_event e WHERE e.kind = 'submitted' AND e.case_id IN
                  (SELECT case_id FROM services_draft) AND NOT EXISTS
                  (SELECT 1 FROM platform_audit a WHERE a.object = e.case_id AND a.event = 'case.submitted')";
    assert_eq!(rows(data, unsaid), [], "no submission without its audit entry");
    let double =
        "SELECT case_id, CAST(COUNT(*) AS TEXT) FROM certificates_certificate GROUP BY case_id HAVING COUNT(*) > 1";
    assert_eq!(rows(data, double), [], "no case with two certificates");
}

fn rows(data: &std::path::Path, sql: &str) -> Vec<(String, String)> {
    let file = rusqlite::Connection::open(data.join("tongban.sqlite")).unwrap();
    let mut statement = file.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
