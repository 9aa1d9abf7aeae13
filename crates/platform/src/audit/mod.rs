//! Audit: each write carries what was done, by whom, for whom, on which basis. Tables: platform_audit, platform_log_*.
//!
//! The rows are sealed in batches into a Merkle log (`log`) and checked offline (`verify`): no chain on the hot path,
//! every row provable a second later. The log itself holds salted digests, never the rows.
pub mod log;
pub mod verify;

use crate::db::{Row, Tx, Value};
use crate::error::Result;

/// What an action says of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Entry<'a> {
    /// `case.submitted`: noun and participle.
    pub event: &'a str,
    /// The thing: its identifier.
    pub object: &'a str,
    /// Whose record or case it is (person, enterprise); empty when nobody's.
    pub subject: &'a str,
    /// Law or document that it rests on.
    pub basis: &'a str,
    /// More, as JSON without personal facts; empty when nothing.
    pub detail: &'a str,
    /// Salted digest of a document that a third party holds (a certificate), to prove that it was logged.
    pub document: Option<&'a [u8]>,
}

pub(crate) const COLUMNS: &str = "id, at, event, grant_action, actor_kind, actor, on_behalf, office, object, subject, \
                                  basis, detail, document, salt, leaf";

/// Writes the row; returns its identifier.
pub(crate) fn insert(tx: &mut Tx<'_>, entry: &Entry<'_>) -> Result<String> {
    let id = tx.new_id_text("aud");
    let salt = crate::chance::bytes::<16>();
    let (grant, at) = (tx.grant(), tx.now());
    let params: [Value<'_>; 14] = [
        (&id).into(),
        at.into(),
        entry.event.into(),
        grant.action.into(),
        grant.actor_kind.name().into(),
        (&grant.actor).into(),
        (&grant.on_behalf).into(),
        (&grant.office).into(),
        entry.object.into(),
        entry.subject.into(),
        entry.basis.into(),
        entry.detail.into(),
        entry.document.into(),
        salt.as_slice().into(),
    ];
    tx.exec(
        "INSERT INTO platform_audit (id, at, event, grant_action, actor_kind, actor, on_behalf, office, object, subject,
         basis, detail, document, salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &params,
    )?;
    Ok(id)
}

/// The bytes of a row that its digest covers: every column but `salt` and `leaf`, typed and length-prefixed,
/// so that no two different rows give the same bytes.
pub(crate) fn canonical(row: &Row) -> Vec<u8> {
    use crate::db::Cell;
    let mut out = Vec::with_capacity(256);
    let mut put = |tag: u8, bytes: &[u8]| {
        out.push(tag);
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    for cell in &row.cells()[..13] {
        match cell {
            Cell::Null => put(0, &[]),
            Cell::Int(v) => put(1, &v.to_be_bytes()),
            Cell::Real(v) => put(2, &v.to_be_bytes()),
            Cell::Text(v) => put(3, v.as_bytes()),
            Cell::Bytes(v) => put(4, v),
        }
    }
    out
}
