//! SQL of `exchange_hidden`: which looks are hidden from their subject by law, and until when.
use platform::Result;
use platform::clock::Timestamp;
use platform::db::{Tx, Value};

/// A look that the law hides, as it goes in. `until`: the moment from which it is shown.
#[derive(Debug, Clone, Copy)]
pub struct NewHidden<'a> {
    pub trail: &'a str,
    pub subject: &'a str,
    pub office: &'a str,
    pub until: Timestamp,
    pub basis: &'a str,
}

pub fn insert_hidden(tx: &mut Tx<'_>, new: &NewHidden<'_>) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 6] =
        [new.trail.into(), now.into(), new.subject.into(), new.office.into(), new.until.into(), new.basis.into()];
    tx.exec(
        "INSERT INTO exchange_hidden (trail, at, subject, office, until, basis) VALUES ($1, $2, $3, $4, $5, $6)",
        &params,
    )
    .map(drop)
}

/// How many looks at this subject are not shown yet.
pub fn count_hidden(tx: &mut Tx<'_>, subject: &str, floor: Timestamp) -> Result<i64> {
    let now = tx.now();
    let params: [Value<'_>; 3] = [subject.into(), now.into(), floor.into()];
    tx.get("SELECT COUNT(*) FROM exchange_hidden WHERE subject = $1 AND until > $2 AND at > $3", &params)?.int(0)
}

/// What an office hid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hid {
    pub office: String,
    /// All looks that it ever hid, those of the past too.
    pub all: i64,
    /// Those that are not shown yet.
    pub still: i64,
}

/// By office, whoever hides most first.
pub fn list_hid(tx: &mut Tx<'_>, floor: Timestamp) -> Result<Vec<Hid>> {
    let now = tx.now();
    tx.list(
        "SELECT office, COUNT(*), COUNT(CASE WHEN until > $1 AND at > $2 THEN 1 END) FROM exchange_hidden
         GROUP BY office ORDER BY 3 DESC, 2 DESC, 1",
        &[now.into(), floor.into()],
        |row| Ok(Hid { office: row.text(0)?, all: row.int(1)?, still: row.int(2)? }),
    )
}
