//! SQL of the exchange, cut by noun: grants, the trail, questions.
pub mod grants;
pub mod questions;
pub mod trail;

/// Of a look (`t`) and the question about it (`q`), in the order in which `trail::seen_of` reads them.
const COLUMNS: &str = "t.id, t.at, t.actor_kind, t.actor, t.actor_name, t.office, t.consumer, t.purpose, t.basis, t.item, \
                       t.case_id, t.fields, t.source, q.id, q.office, q.asked_at, q.due, q.words, q.answered_at, \
                       q.answered_by, q.answered_name, q.answer";
