//! Item documents by key and version; blocks of case numbers.
use platform::db::{Tx, Value};
use platform::error::{Error, Result};

/// A stored document.
pub struct ItemRow {
    pub version: u32,
    pub current: bool,
    pub digest: String,
    pub document: String,
}

pub fn list_items(tx: &mut Tx<'_>) -> Result<Vec<ItemRow>> {
    tx.list("SELECT version, current, digest, document FROM services_item ORDER BY key, version", &[], |row| {
        Ok(ItemRow {
            version: u32::try_from(row.int(0)?).map_err(Error::internal)?,
            current: row.flag(1)?,
            digest: row.text(2)?,
            document: row.text(3)?,
        })
    })
}

/// Makes a version the current one. A version that stands may be loaded again only unchanged.
pub fn insert_item(tx: &mut Tx<'_>, key: &str, row: &ItemRow) -> Result<bool> {
    let version = row.version.into();
    let sql = "SELECT digest FROM services_item WHERE key = $1 AND version = $2";
    if let Some(known) = tx.find(sql, &[key.into(), version])? {
        return if known.str(0)? == row.digest {
            Ok(false)
        } else {
            Err(Error::Internal(format!("item {key} version {} was changed: give it a new version", row.version)))
        };
    }
    tx.exec("UPDATE services_item SET current = 0 WHERE key = $1", &[key.into()])?;
    let now = tx.now();
    let params: [Value<'_>; 5] = [key.into(), version, (&row.digest).into(), now.into(), (&row.document).into()];
    tx.exec(
        "INSERT INTO services_item (key, version, digest, current, loaded_at, document) VALUES ($1, $2, $3, 1, $4, $5)",
        &params,
    )?;
    Ok(true)
}

/// Takes `count` numbers of an item's day; returns the first. Gaps are allowed, repeats are not.
pub fn take_numbers(tx: &mut Tx<'_>, item: &str, day: &str, count: i64) -> Result<i64> {
    let params: [Value<'_>; 3] = [item.into(), day.into(), count.into()];
    let row = tx.get(
        "INSERT INTO services_number (item, day, next) VALUES ($1, $2, $3 + 1)
         ON CONFLICT (item, day) DO UPDATE SET next = services_number.next + $3 RETURNING next",
        &params,
    )?;
    Ok(row.int(0)? - count)
}

/// How many numbers each implementation code has given since a day: what people ask for most, without counting cases.
pub fn list_demand(tx: &mut Tx<'_>, since: &str) -> Result<Vec<(String, i64)>> {
    tx.list(
        "SELECT item, CAST(SUM(next - 1) AS BIGINT) FROM services_number WHERE day >= $1 GROUP BY item",
        &[since.into()],
        |row| Ok((row.text(0)?, row.int(1)?)),
    )
}

/// Numbers given outside: (implementation code, day, how many).
pub fn insert_numbers(tx: &mut Tx<'_>, taken: &[(String, String, i64)]) -> Result<()> {
    let rows: Vec<Value<'_>> = taken
        .iter()
        .flat_map(|(item, day, count)| -> [Value<'_>; 3] { [item.into(), day.into(), (count + 1).into()] })
        .collect();
    let tail = "ON CONFLICT (item, day) DO UPDATE SET next = services_number.next + excluded.next - 1";
    tx.insert_many_or("INSERT INTO services_number (item, day, next) VALUES", 3, &rows, tail).map(|_| ())
}
