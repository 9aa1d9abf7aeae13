//! The instant decision: by the item's dated conditions, without an officer. What the rule cannot decide goes to a desk.
use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx};
use platform::error::Result;
use platform::ids::Id;
use platform::{Ctx, jobs};

use crate::item::Item;
use crate::item::eligibility::{Decision, Outcome, Reason, Truth};
use crate::model::{Case, CaseId, CaseState, ClockKind, EventKind, Move};
use crate::{Hall, store};

use super::{Said, end_clocks, record, submit, tell};

pub const JOB: &str = "services.decide";

/// What the rule found, with the certificate that was prepared for it.
pub struct Found {
    pub decision: Decision,
    pub facts: String,
    /// Identifier of the certificate that the caller inserts in the same transaction.
    pub certificate: Option<String>,
}

/// Idempotent: a case that is decided already stays as it is.
pub fn decide_by_rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    hall: &Hall,
    (case, item): (&Case, &Item),
    found: &Found,
) -> Result<Audited<()>> {
    store::cases::update_facts(tx, &case.id, &found.facts)?;
    let (step, kind, key) = match found.decision.outcome {
        Outcome::Granted => (Move::Grant, EventKind::Granted, "services-notice-granted"),
        Outcome::Refused => (Move::Refuse, EventKind::Refused, "services-notice-refused"),
        Outcome::Unknown { .. } => return to_people(tx, ctx, hall, case, item),
    };
    let outcome = reasons_json(&found.decision.reasons, step)?;
    store::cases::update_state(tx, case, case.state.after(step)?, None)?;
    store::cases::update_outcome(tx, &case.id, &outcome, found.certificate.as_deref())?;
    end_clocks(tx, case, None)?;
    tell(tx, case, item, key)?;
    let basis = found.decision.reasons.first().map_or("", |reason| reason.basis.zh_hans.as_str());
    record(tx, ctx, case, Said { kind, detail: "", basis }, ())
}

/// The case waits for a source that does not answer: which one stands in its facts.
pub fn wait(tx: &mut Tx<'_>, case: &Case, facts: &str) -> Result<Audited<()>> {
    store::cases::update_facts(tx, &case.id, facts)?;
    tx.audited(Entry { event: "case.waits", object: case.id.as_str(), subject: &case.owner, ..Entry::default() }, ())
}

/// The decision is tried again then.
pub fn again(tx: &mut Tx<'_>, id: &CaseId, at: Timestamp) -> Result<Audited<()>> {
    jobs::enqueue(tx, JOB, id.as_str(), at)?;
    tx.audited(Entry { event: "case.decision-put-off", object: id.as_str(), ..Entry::default() }, ())
}

/// The rule lacks a fact: a clerk takes over, with the clocks of an ordinary case.
fn to_people(tx: &mut Tx<'_>, ctx: &Ctx, hall: &Hall, case: &Case, item: &Item) -> Result<Audited<()>> {
    debug_assert_eq!(case.state, CaseState::Submitted);
    end_clocks(tx, case, Some(ClockKind::Promised))?;
    store::cases::forget_clock(tx, &case.id, ClockKind::Promised)?;
    submit::to_the_desk(tx, hall, case)?;
    tell(tx, case, item, "services-notice-to-people")?;
    record(tx, ctx, case, Said::new(EventKind::ToPeople, ""), ())
}

/// The reasons that carry the outcome, in three languages: those met for a grant, those not met for a refusal.
fn reasons_json(reasons: &[Reason], step: Move) -> Result<String> {
    let wanted = if step == Move::Grant { Truth::True } else { Truth::False };
    let carried: Vec<serde_json::Value> = reasons
        .iter()
        .filter(|reason| reason.met == wanted)
        .map(|reason| serde_json::json!({"message": reason.message, "basis": reason.basis}))
        .collect();
    Ok(serde_json::to_string(&serde_json::json!({ "reasons": carried }))?)
}
