//! SQL that looks for records by what they say, and takes a record out of force.
use platform::Result;
use platform::db::{Row, Tx};
use serde_json::{Map, Value};

/// What is looked for in one resource.
pub struct Finding<'a> {
    pub resource: &'a str,
    /// Whether a subject's record is meant.
    pub keep: &'a dyn Fn(&str, &Map<String, Value>) -> bool,
    pub descending: bool,
    pub offset: usize,
    pub limit: usize,
}

/// How many records are meant, and the subjects of one page, by subject. Reads every record of the resource.
pub fn find_subjects(tx: &mut Tx<'_>, finding: &Finding<'_>) -> Result<(usize, Vec<String>)> {
    let sql = if finding.descending {
        "SELECT subject, data FROM registry_record WHERE resource = $1 ORDER BY subject DESC"
    } else {
        "SELECT subject, data FROM registry_record WHERE resource = $1 ORDER BY subject"
    };
    let (mut count, mut page) = (0, Vec::new());
    tx.each(sql, &[finding.resource.into()], |row: Row| {
        let subject = row.text(0)?;
        if (finding.keep)(&subject, &row.json(1)?) {
            count += 1;
            if count > finding.offset && page.len() < finding.limit {
                page.push(subject);
            }
        }
        Ok(())
    })?;
    Ok((count, page))
}

/// Moves the current record to the past, and numbers all versions of this life below those of the lives before, so that a
/// record that begins anew begins with version 1. False: there is none.
pub fn retire_record(tx: &mut Tx<'_>, resource: &str, subject: &str) -> Result<bool> {
    let key = [resource.into(), subject.into()];
    let moved = tx.exec(
        "INSERT INTO registry_record_past (resource, subject, version, as_of, source, recorded_at, data)
         SELECT resource, subject, version, as_of, source, recorded_at, data FROM registry_record
         WHERE resource = $1 AND subject = $2",
        &key,
    )?;
    if moved == 0 {
        return Ok(false);
    }
    tx.exec("DELETE FROM registry_record WHERE resource = $1 AND subject = $2", &key)?;
    let row = tx.get(
        "SELECT MIN(version), MAX(version) FROM registry_record_past WHERE resource = $1 AND subject = $2",
        &key,
    )?;
    let shift = row.int(1)? + 1 - row.int(0)?.min(1);
    tx.exec(
        "UPDATE registry_record_past SET version = version - $3 WHERE resource = $1 AND subject = $2 AND version > 0",
        &[resource.into(), subject.into(), shift.into()],
    )?;
    Ok(true)
}
