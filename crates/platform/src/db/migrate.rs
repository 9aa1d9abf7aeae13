//! Migrations: forward only, one text for both databases, each applied once and never changed after.
use crate::db::tx::Dialect;
use crate::db::{Db, Tx, Value};
use crate::error::{Error, Result};

/// One file of the migrations folder: `0001_platform.sql`.
#[derive(Debug, Clone, Copy)]
pub struct Migration<'a> {
    pub name: &'a str,
    pub sql: &'a str,
}

const BOOK: &str = "CREATE TABLE IF NOT EXISTS platform_migration (
  name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)";

impl Db {
    /// Applies what is missing, in order of name. Refuses when an applied file was changed since.
    pub async fn migrate(&self, migrations: &[Migration<'_>]) -> Result<()> {
        let mut owned: Vec<(String, String)> =
            migrations.iter().map(|m| (m.name.to_owned(), m.sql.to_owned())).collect();
        owned.sort();
        self.keep(move |tx| {
            lock(tx)?;
            tx.exec(BOOK, &[])?;
            owned.iter().try_for_each(|(name, sql)| apply(tx, name, sql))
        })
        .await
    }
}

/// Two processes that start together must not apply the same file twice.
fn lock(tx: &mut Tx<'_>) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()), // BEGIN IMMEDIATE holds the file
        Dialect::Postgres => tx.query("SELECT CAST(pg_advisory_xact_lock(7301) AS TEXT)", &[]).map(|_| ()),
    }
}

fn apply(tx: &mut Tx<'_>, name: &str, sql: &str) -> Result<()> {
    let digest = crate::chance::sha256_hex(sql.as_bytes());
    if let Some(row) = tx.find("SELECT digest FROM platform_migration WHERE name = $1", &[name.into()])? {
        return if row.str(0)? == digest {
            Ok(())
        } else {
            Err(Error::Internal(format!("migration {name} was changed after it was applied: write a new one")))
        };
    }
    let bytes = match tx.dialect() {
        Dialect::Sqlite => "BLOB",
        Dialect::Postgres => "BYTEA",
    };
    for statement in statements(sql) {
        tx.exec(&statement.replace(" BYTES", &format!(" {bytes}")), &[])?;
    }
    let now = tx.now();
    let row: [Value<'_>; 3] = [name.into(), (&digest).into(), now.into()];
    tx.exec("INSERT INTO platform_migration (name, digest, applied_at) VALUES ($1, $2, $3)", &row)?;
    Ok(())
}

/// Statements end with `;` at the end of a line; lines that start with `--` are comments.
fn statements(sql: &str) -> Vec<String> {
    let code: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let code = code.join("\n") + "\n";
    code.split(";\n").map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn statements_are_cut_at_line_ends() {
        let sql = "-- a; b\nCREATE TABLE a (x TEXT);\nINSERT INTO a VALUES (';');\n";
        assert_eq!(super::statements(sql), ["CREATE TABLE a (x TEXT)", "INSERT INTO a VALUES (';')"]);
    }
}
