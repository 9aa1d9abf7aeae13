//! Doors for packs and the demo: documents published, past cases written in bulk with all that belongs to them.
use platform::audit::Entry;
use platform::clock::Timestamp;
use platform::db::{Audited, Tx, Value};
use platform::error::{Error, Result};

use crate::item::Item;
use crate::model::{CaseState, ClockKind, EventKind, TaskKind};
use crate::store;
use crate::store::items::ItemRow;

pub fn publish(tx: &mut Tx<'_>, documents: &[(String, String)]) -> Result<Audited<usize>> {
    let mut count = 0;
    for (file, document) in documents {
        let item = Item::parse(document).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Error::Internal(format!("{file}: {}", lines.join("; ")))
        })?;
        let digest = platform::chance::sha256_hex(document.as_bytes());
        let row = ItemRow { version: item.version, current: true, digest, document: document.clone() };
        count += usize::from(store::items::insert_item(tx, &item.key, &row)?);
    }
    let detail = format!("{{\"items\":{count}}}");
    tx.audited(Entry { event: "pack.items-published", detail: &detail, ..Entry::default() }, count)
}

/// A case of the past, ready to be written.
pub struct PastCase {
    pub id: String,
    pub number: String,
    pub item_key: String,
    pub item_version: u32,
    pub owner: String,
    pub owner_name: String,
    pub owner_number: String,
    pub applicant: String,
    pub applicant_name: String,
    pub state: CaseState,
    pub resume_state: Option<CaseState>,
    pub office: String,
    pub asked: bool,
    pub submitted_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub certificate: Option<String>,
    pub outcome: Option<String>,
    pub answers: String,
    pub facts: String,
    pub events: Vec<PastEvent>,
    pub clocks: Vec<PastClock>,
    pub tasks: Vec<PastTask>,
    pub supplement: Option<PastSupplement>,
}

pub struct PastSupplement {
    pub asked_at: Timestamp,
    pub office: String,
    /// JSON list of keys of fields.
    pub fields: String,
    pub message: String,
    pub due_at: Timestamp,
    pub answered_at: Option<Timestamp>,
}

pub struct PastEvent {
    pub id: String,
    pub at: Timestamp,
    pub kind: EventKind,
    pub actor_kind: &'static str,
    pub actor: String,
    pub actor_name: String,
    pub office: Option<String>,
    pub detail: String,
}

pub struct PastClock {
    pub kind: ClockKind,
    pub due_at: Timestamp,
    pub days_left: Option<i64>,
    pub stopped_at: Option<Timestamp>,
}

pub struct PastTask {
    pub id: String,
    pub kind: TaskKind,
    pub review: Option<String>,
    pub office: String,
    pub role: &'static str,
    pub waiting: bool,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub result: Option<&'static str>,
    pub officer_name: Option<String>,
}

/// Writes a batch with one audit entry.
pub fn insert_past(tx: &mut Tx<'_>, cases: &[PastCase]) -> Result<Audited<usize>> {
    store::past::insert_cases(tx, cases)?;
    let detail = format!("{{\"cases\":{}}}", cases.len());
    let entry = Entry { event: "pack.past-cases-loaded", detail: &detail, ..Entry::default() };
    tx.audited(entry, cases.len())
}

impl PastCase {
    pub(crate) fn row(&self) -> [Value<'_>; 20] {
        [
            (&self.id).into(),
            (&self.number).into(),
            (&self.item_key).into(),
            self.item_version.into(),
            (&self.owner).into(),
            (&self.owner_name).into(),
            (&self.owner_number).into(),
            (&self.applicant).into(),
            (&self.applicant_name).into(),
            self.state.name().into(),
            self.resume_state.map(CaseState::name).into(),
            (&self.office).into(),
            1i64.into(),
            self.asked.into(),
            self.submitted_at.into(),
            self.finished_at.into(),
            (&self.certificate).into(),
            (&self.outcome).into(),
            (&self.answers).into(),
            (&self.facts).into(),
        ]
    }
}
