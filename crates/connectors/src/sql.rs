//! The gate for a configured statement: one SELECT with `:number`, and nothing that could do anything else.

/// A statement that may be asked: cut at its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    parts: Vec<String>,
}

/// How a database writes the first parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    /// `$1`, PostgreSQL.
    Dollar,
    /// `?1`, SQLite.
    Numbered,
    /// `?` each time, MySQL.
    Each,
}

/// Words that change something or leave the database. Read-only sessions forbid them a second time.
const FORBIDDEN: &[&str] = &[
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "INTO",
    "CREATE",
    "ALTER",
    "DROP",
    "TRUNCATE",
    "GRANT",
    "REVOKE",
    "SET",
    "RESET",
    "CALL",
    "DO",
    "EXECUTE",
    "PREPARE",
    "DEALLOCATE",
    "COPY",
    "LOAD",
    "HANDLER",
    "LOCK",
    "UNLOCK",
    "PRAGMA",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "ANALYZE",
    "REINDEX",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "START",
    "LISTEN",
    "NOTIFY",
    "EXPLAIN",
    "REFRESH",
    "LOAD_FILE",
    "LOAD_EXTENSION",
    "OUTFILE",
    "DUMPFILE",
    "NEXTVAL",
    "SETVAL",
    "PG_SLEEP",
    "SLEEP",
    "BENCHMARK",
    "PG_READ_FILE",
    "PG_READ_BINARY_FILE",
    "LO_IMPORT",
    "LO_EXPORT",
    "DBLINK",
    "READFILE",
    "WRITEFILE",
    "SHARE",
];

impl Statement {
    /// # Errors
    /// What is wrong with the statement, why that matters, and what to write.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim(), parts: vec![String::new()], words: Vec::new() };
        while !reader.rest.is_empty() {
            reader.step()?;
        }
        let first = reader.words.first().map(String::as_str).unwrap_or_default();
        if !matches!(first, "SELECT" | "WITH") {
            return Err("the query does not begin with SELECT or WITH; a source is only read: write one SELECT".into());
        }
        if let Some(word) = reader.words.iter().find(|word| FORBIDDEN.contains(&word.as_str())) {
            return Err(format!(
                "the query holds the word {word}, which does more than read; leave it out, or quote it if it names a column"
            ));
        }
        if reader.parts.len() < 2 {
            return Err(
                "the query has no :number, so everybody would get the same answer; compare a column with :number"
                    .into(),
            );
        }
        Ok(Self { parts: reader.parts })
    }

    /// The text for one database.
    pub(crate) fn text(&self, marks: Marks) -> String {
        self.parts.join(match marks {
            Marks::Dollar => "$1",
            Marks::Numbered => "?1",
            Marks::Each => "?",
        })
    }

    /// Whether an answer can have this column: a simple statement names it before FROM, any other one somewhere; of `*`
    /// nothing is known before it is asked.
    pub(crate) fn may_answer(&self, column: &str) -> bool {
        let (text, column) = (self.parts.concat().to_lowercase(), column.to_lowercase());
        let places = |text: &str, word: &str| -> Vec<usize> {
            let is_end = |sign: Option<char>| sign.is_none_or(|sign| !is_word(sign));
            let all = text.match_indices(word).map(|(at, _)| at);
            all.filter(|at| is_end(text[..*at].chars().last()) && is_end(text[at + word.len()..].chars().next()))
                .collect()
        };
        let told = match places(&text, "from").as_slice() {
            [at] if text.starts_with("select") => &text[..*at],
            _ => text.as_str(),
        };
        told.contains('*') || !places(told, &column).is_empty()
    }

    /// How often the parameter stands in the text.
    pub(crate) fn uses(&self) -> usize {
        self.parts.len() - 1
    }
}

struct Reader<'a> {
    rest: &'a str,
    parts: Vec<String>,
    /// Unquoted words in capitals.
    words: Vec<String>,
}

impl Reader<'_> {
    fn step(&mut self) -> Result<(), String> {
        let refused =
            |what: &str| Err(format!("the query holds {what}, which can hide a second statement; leave it out"));
        let first = self.rest.chars().next().unwrap_or_default();
        match first {
            ';' => refused("a semicolon"),
            '\\' => refused("a backslash"),
            '$' => refused("a dollar sign"),
            '#' => refused("a comment (#)"),
            '?' => Err("the query holds a ?; the only parameter is :number".into()),
            _ if self.rest.starts_with("--") || self.rest.starts_with("/*") => refused("a comment"),
            '\'' | '"' | '`' => self.quoted(first),
            ':' if self.rest.starts_with("::") => {
                self.take(2);
                Ok(())
            }
            ':' => self.parameter(),
            _ if is_word(first) => {
                let length = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
                self.words.push(self.rest[..length].to_uppercase());
                self.take(length);
                Ok(())
            }
            other => {
                self.take(other.len_utf8());
                Ok(())
            }
        }
    }

    /// A quoted text or name; a doubled quote reads as two texts side by side, which is the same here.
    fn quoted(&mut self, quote: char) -> Result<(), String> {
        let inside = &self.rest[1..];
        let Some(end) = inside.find(quote) else {
            return Err(format!("the query has a {quote} that is not closed; close it"));
        };
        if inside[..end].contains('\\') {
            return Err(
                "the query has a backslash within quotes, which databases read differently; leave it out".into()
            );
        }
        self.take(end + 2);
        Ok(())
    }

    fn parameter(&mut self) -> Result<(), String> {
        let name = &self.rest[1..];
        let length = name.find(|c| !is_word(c)).unwrap_or(name.len());
        if &name[..length] != "number" {
            return Err(format!("the query asks for :{}; the only parameter is :number", &name[..length]));
        }
        self.rest = &self.rest[1 + length..];
        self.parts.push(String::new());
        Ok(())
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        if let Some(part) = self.parts.last_mut() {
            part.push_str(taken);
        }
        self.rest = rest;
    }
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_select_passes_and_is_written_for_each_database() {
        let text =
            "SELECT a::text, \"update\", 'it''s; --' AS b FROM 人员 WHERE 身份证号 = :number OR old = :number LIMIT 1";
        let statement = Statement::read(text).unwrap();
        assert_eq!(statement.uses(), 2);
        assert_eq!(
            statement.text(Marks::Dollar),
            "SELECT a::text, \"update\", 'it''s; --' AS b FROM 人员 WHERE 身份证号 = $1 OR old = $1 LIMIT 1"
        );
        assert!(statement.text(Marks::Numbered).contains("= ?1 OR old = ?1"));
        assert!(statement.text(Marks::Each).contains("= ? OR old = ?"));
        assert!(Statement::read("with x as (select 1 from t where n = :number) select * from x").is_ok());
    }

    #[test]
    fn a_column_that_is_not_asked_for_cannot_come() {
        let statement = |text| Statement::read(text).unwrap();
        let simple = statement("SELECT t.sfzh, \"毕业 院校\" AS xx, COALESCE(x, '') kk FROM t WHERE n = :number");
        for (column, comes) in [
            ("sfzh", true),
            ("SFZH", true),
            ("毕业 院校", true),
            ("xx", true),
            ("kk", true),
            ("k", false),
            ("n", false),
        ] {
            assert_eq!(simple.may_answer(column), comes, "{column}");
        }
        assert!(statement("SELECT * FROM t WHERE n = :number").may_answer("anything"));
        let nested = statement("WITH x AS (SELECT a AS b FROM t WHERE n = :number) SELECT b FROM x");
        assert!(nested.may_answer("b") && !nested.may_answer("c"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "DELETE FROM t WHERE n = :number",
            "SELECT 1 FROM t",
            "SELECT 1 FROM t WHERE n = :name",
            "SELECT 1 FROM t WHERE n = :number; DROP TABLE t",
            "SELECT 1 FROM t WHERE n = :number;",
            "SELECT 1 FROM t WHERE n = :number -- x",
            "SELECT /* x */ 1 FROM t WHERE n = :number",
            "SELECT 1 FROM t WHERE n = :number # x",
            "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d WHERE n = :number",
            "SELECT 1 INTO u FROM t WHERE n = :number",
            "SELECT 1 FROM t WHERE n = :number FOR UPDATE",
            "SELECT 1 FROM t WHERE n = :number INTO OUTFILE 'x'",
            "SELECT load_file('x') FROM t WHERE n = :number",
            "SELECT pg_sleep(1) FROM t WHERE n = :number",
            "SELECT $a$;$a$ FROM t WHERE n = :number",
            "SELECT 'a\\' ; DROP TABLE t; ' FROM t WHERE n = :number",
            "SELECT 'open FROM t WHERE n = :number",
            "SELECT 1 FROM t WHERE n = ? AND m = :number",
            "PRAGMA query_only = 0",
        ] {
            assert!(Statement::read(text).is_err(), "{text}");
        }
    }
}
