//! SQL of `gateway_federation`.
use platform::Result;
use platform::db::Tx;

/// Keeps the last good document of an instance.
pub fn put_document(tx: &mut Tx<'_>, (instance, version): (&str, u64), text: &str) -> Result<()> {
    let (now, version) = (tx.now(), i64::try_from(version).unwrap_or(i64::MAX));
    tx.exec(
        "INSERT INTO gateway_federation (instance, version, document, fetched_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (instance) DO UPDATE SET version = $2, document = $3, fetched_at = $4",
        &[instance.into(), version.into(), text.into(), now.into()],
    )?;
    Ok(())
}

pub fn find_document(tx: &mut Tx<'_>, instance: &str) -> Result<Option<String>> {
    let row = tx.find("SELECT document FROM gateway_federation WHERE instance = $1", &[instance.into()])?;
    row.map(|row| row.text(0)).transpose()
}
