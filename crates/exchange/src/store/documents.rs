//! SQL of `exchange_grant_document`. Whoever may read the grant may read its documents: get the grant first.
use platform::Result;
use platform::db::{Row, Tx, Value};

use crate::model::document::Sealed;

fn sealed_of(row: &Row) -> Result<(i64, Sealed)> {
    let sealed =
        Sealed { text: row.text(1)?, hash: row.text(2)?, provider_jws: row.text(3)?, consumer_jws: row.text(4)? };
    Ok((row.int(0)?, sealed))
}

pub fn insert_document(tx: &mut Tx<'_>, grant: &str, version: i64, sealed: &Sealed) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 7] = [
        grant.into(),
        version.into(),
        (&sealed.text).into(),
        (&sealed.hash).into(),
        (&sealed.provider_jws).into(),
        (&sealed.consumer_jws).into(),
        now.into(),
    ];
    tx.exec(
        "INSERT INTO exchange_grant_document (grant_id, version, document, hash, provider_jws, consumer_jws, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &params,
    )
    .map(|_| ())
}

/// All versions, newest first.
pub fn list_documents(tx: &mut Tx<'_>, grant: &str) -> Result<Vec<(i64, Sealed)>> {
    tx.list(
        "SELECT version, document, hash, provider_jws, consumer_jws FROM exchange_grant_document WHERE grant_id = $1
         ORDER BY version DESC",
        &[grant.into()],
        sealed_of,
    )
}

/// Hash of the newest version; None for a grant that was given outside.
pub fn find_hash(tx: &mut Tx<'_>, grant: &str) -> Result<Option<String>> {
    let sql = "SELECT hash FROM exchange_grant_document WHERE grant_id = $1 ORDER BY version DESC LIMIT 1";
    tx.find(sql, &[grant.into()])?.map(|row| row.text(0)).transpose()
}
