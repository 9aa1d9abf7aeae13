//! Notices in the site: what happened to one's matter, in one's own language when it is read. Table: platform_notice.
use crate::clock::Timestamp;
use crate::db::{Row, Tx, Value};
use crate::error::Result;

/// What is told: a text key, its arguments, and where to go. Texts of documents are stored in three languages by key
/// `title` → [zh-Hans, zh-Hant, en].
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: String,
    pub at: Timestamp,
    pub key: String,
    pub args: Vec<(String, [String; 3])>,
    pub href: String,
    pub read: bool,
}

/// Tells an owner (person, enterprise) something, in the transaction that made it true.
pub fn tell(tx: &mut Tx<'_>, owner: &str, key: &str, args: &[(&str, [&str; 3])], href: &str) -> Result<()> {
    let id = tx.new_id_text("ntc");
    let args = serde_json::to_string(args)?;
    let now = tx.now();
    let params: [Value<'_>; 6] = [(&id).into(), owner.into(), now.into(), key.into(), (&args).into(), href.into()];
    tx.exec("INSERT INTO platform_notice (id, owner, at, key, args, href) VALUES ($1, $2, $3, $4, $5, $6)", &params)
        .map(|_| ())
}

pub(crate) const ON_A_PAGE: u32 = 50;

/// Newest first; `before` continues a list.
pub fn list(tx: &mut Tx<'_>, owner: &str, before: &str) -> Result<Vec<Notice>> {
    tx.list(
        "SELECT id, at, key, args, href, read_at FROM platform_notice WHERE owner = $1 AND id < $2
         ORDER BY id DESC LIMIT $3",
        &[owner.into(), before.into(), ON_A_PAGE.into()],
        |row: &Row| {
            Ok(Notice {
                id: row.text(0)?,
                at: row.time(1)?,
                key: row.text(2)?,
                args: row.json(3)?,
                href: row.text(4)?,
                read: row.opt_int(5)?.is_some(),
            })
        },
    )
}

/// How many are unread, counted no further than 99.
pub fn count_unread(tx: &mut Tx<'_>, owner: &str) -> Result<u32> {
    let row = tx.get(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM platform_notice WHERE owner = $1 AND read_at IS NULL LIMIT 99) AS u",
        &[owner.into()],
    )?;
    Ok(u32::try_from(row.int(0)?).unwrap_or(99))
}

/// Marks what a page has shown.
pub(crate) fn mark_read(tx: &mut Tx<'_>, owner: &str, shown: &[String]) -> Result<()> {
    let now = tx.now();
    let sql = "UPDATE platform_notice SET read_at = $1 WHERE id = $2 AND owner = $3 AND read_at IS NULL";
    shown.iter().try_for_each(|id| tx.exec(sql, &[now.into(), id.into(), owner.into()]).map(|_| ()))
}
