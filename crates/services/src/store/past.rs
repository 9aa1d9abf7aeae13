//! Many rows at once, for packs and benchmarks.
use platform::db::{Tx, Value};
use platform::error::Result;

use crate::seed::PastCase;

pub fn insert_cases(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<()> {
    let rows: Vec<Value<'_>> = cases.iter().flat_map(PastCase::row).collect();
    tx.insert_many(
        "INSERT INTO services_case (id, number, item_key, item_version, owner, owner_name, owner_number, applicant,
         applicant_name, state, resume_state, office, revision, asked, submitted_at, finished_at, certificate, outcome,
         answers, facts) VALUES",
        20,
        &rows,
    )?;
    insert_events(tx, cases)?;
    insert_clocks(tx, cases)?;
    insert_tasks(tx, cases)?;
    insert_supplements(tx, cases)
}

fn insert_supplements(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<()> {
    let mut rows: Vec<Value<'_>> = Vec::new();
    for case in cases {
        let Some(ask) = &case.supplement else { continue };
        let row: [Value<'_>; 8] = [
            (&case.id).into(),
            ask.asked_at.into(),
            "".into(),
            (&ask.office).into(),
            (&ask.fields).into(),
            (&ask.message).into(),
            ask.due_at.into(),
            ask.answered_at.into(),
        ];
        rows.extend(row);
    }
    let head = "INSERT INTO services_supplement (case_id, asked_at, asked_by, office, fields, message, due_at, answered_at) VALUES";
    tx.insert_many(head, 8, &rows).map(|_| ())
}

fn insert_events(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<()> {
    let mut rows: Vec<Value<'_>> = Vec::new();
    for case in cases {
        for event in &case.events {
            let row: [Value<'_>; 9] = [
                (&event.id).into(),
                (&case.id).into(),
                event.at.into(),
                event.kind.name().into(),
                event.actor_kind.into(),
                (&event.actor).into(),
                (&event.actor_name).into(),
                (&event.office).into(),
                (&event.detail).into(),
            ];
            rows.extend(row);
        }
    }
    tx.insert_many(
        "INSERT INTO services_event (id, case_id, at, kind, actor_kind, actor, actor_name, office, detail) VALUES",
        9,
        &rows,
    )
    .map(|_| ())
}

fn insert_clocks(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<()> {
    let mut rows: Vec<Value<'_>> = Vec::new();
    for case in cases {
        for clock in &case.clocks {
            let row: [Value<'_>; 5] = [
                (&case.id).into(),
                clock.kind.name().into(),
                clock.due_at.into(),
                clock.days_left.into(),
                clock.stopped_at.into(),
            ];
            rows.extend(row);
        }
    }
    let head = "INSERT INTO services_clock (case_id, kind, due_at, days_left, stopped_at) VALUES";
    tx.insert_many(head, 5, &rows).map(|_| ())
}

fn insert_tasks(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<()> {
    let mut rows: Vec<Value<'_>> = Vec::new();
    for case in cases {
        for task in &case.tasks {
            let row: [Value<'_>; 12] = [
                (&task.id).into(),
                (&case.id).into(),
                task.kind.name().into(),
                (&task.review).into(),
                (&task.office).into(),
                task.role.into(),
                task.waiting.into(),
                task.started_at.into(),
                task.due_at.into(),
                task.ended_at.into(),
                task.result.into(),
                (&task.officer_name).into(),
            ];
            rows.extend(row);
        }
    }
    tx.insert_many(
        "INSERT INTO services_task (id, case_id, kind, review_key, office, role, waiting, started_at, due_at, ended_at,
         result, officer_name) VALUES",
        12,
        &rows,
    )
    .map(|_| ())
}
