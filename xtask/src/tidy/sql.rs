//! Reads SQL just far enough: is this text SQL, and which tables and indexes does it name?

use std::collections::BTreeSet;

use super::lex::is_word;

/// A word (with its dots), a hole of a format string (`{table}`), or one sign. Quoted values and comments are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Hole,
    Sign(u8),
}

/// A name in a place where SQL expects a table or an index; `None` when a hole stands there.
pub(crate) type Name = Option<String>;

/// A SQL text or a part of one.
pub(crate) struct Sql {
    tokens: Vec<Token>,
}

impl Sql {
    pub(crate) fn read(text: &str) -> Self {
        Self { tokens: tokens(text) }
    }

    /// Whether the text reads as SQL: upper-case keywords that belong together, or a table of ours where SQL names one.
    pub(crate) fn is_sql(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        self.is_statement() || self.is_clause() || self.names().into_iter().flatten().any(|name| is_ours(&name))
    }

    fn is_statement(&self) -> bool {
        let Some(Token::Word(first)) = self.tokens.first() else { return false };
        let partners: &[&str] = match first.as_str() {
            "SELECT" | "DELETE" => &["FROM"],
            "INSERT" => &["INTO"],
            "UPDATE" => &["SET"],
            "WITH" => &["AS"],
            "CREATE" | "ALTER" | "DROP" => &["TABLE", "INDEX", "VIEW", "TRIGGER"],
            _ => return false,
        };
        self.tokens.iter().any(|t| matches!(t, Token::Word(w) if partners.contains(&w.as_str())))
    }

    /// Parts that code glues together: a condition, an order, a lock.
    fn is_clause(&self) -> bool {
        let exact = |at: usize, word: &str| matches!(self.tokens.get(at), Some(Token::Word(w)) if w == word);
        (0..self.tokens.len()).any(|at| {
            let pair = |a, b| exact(at, a) && exact(at + 1, b);
            let condition = exact(at, "WHERE") && self.tokens[at..].contains(&Token::Sign(b'$'));
            condition || pair("ORDER", "BY") || pair("GROUP", "BY") || pair("ON", "CONFLICT")
        })
    }

    /// Every table and index that is named, without the names that the text itself defines by WITH.
    pub(crate) fn names(&self) -> Vec<Name> {
        let defined = self.defined();
        let mut names = Vec::new();
        for at in 0..self.tokens.len() {
            if let Some(start) = self.name_place(at) {
                self.list(at, start, &mut names);
            }
        }
        names.retain(|name| name.as_deref().is_none_or(|n| !defined.contains(n)));
        names
    }

    fn word(&self, at: usize) -> Option<String> {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => Some(word.to_ascii_uppercase()),
            _ => None,
        }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).is_some_and(|w| w == word)
    }

    /// Where the name stands when the token at `at` announces one.
    fn name_place(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1).and_then(|b| self.word(b)).unwrap_or_default();
        let announces = match self.word(at)?.as_str() {
            "FROM" => before != "DISTINCT" && !self.in_function_with_from(at),
            "UPDATE" => before != "FOR" && before != "DO" && !self.is(at + 1, "SET"),
            "ON" => self.is(0, "CREATE") && (0..at).any(|i| self.is(i, "INDEX")) && !self.is(at + 1, "CONFLICT"),
            "JOIN" | "INTO" | "REFERENCES" => true,
            "TABLE" | "INDEX" | "VIEW" | "TRIGGER" => {
                ["CREATE", "UNIQUE", "VIRTUAL", "TEMP", "TEMPORARY", "ALTER", "DROP"].contains(&before.as_str())
            }
            _ => false,
        };
        announces.then(|| self.after_options(at + 1))
    }

    fn after_options(&self, mut at: usize) -> usize {
        while self
            .word(at)
            .is_some_and(|w| ["IF", "NOT", "EXISTS", "ONLY", "LATERAL", "CONCURRENTLY"].contains(&w.as_str()))
        {
            at += 1;
        }
        at
    }

    /// `EXTRACT(YEAR FROM x)`, `SUBSTRING(x FROM 1)`, `TRIM(BOTH FROM x)`.
    fn in_function_with_from(&self, at: usize) -> bool {
        let mut depth = 0;
        for i in (0..at).rev() {
            match self.tokens[i] {
                Token::Sign(b')') => depth += 1,
                Token::Sign(b'(') if depth == 0 => {
                    let function = i.checked_sub(1).and_then(|f| self.word(f)).unwrap_or_default();
                    return ["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"].contains(&function.as_str());
                }
                Token::Sign(b'(') => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// One name, or after FROM several with commas between.
    fn list(&self, keyword: usize, start: usize, names: &mut Vec<Name>) {
        let mut at = start;
        loop {
            match self.tokens.get(at) {
                Some(Token::Hole) => names.push(None),
                Some(Token::Word(word)) if !self.is_function(keyword, at) && !is_keyword(word) => {
                    names.push(Some(word.to_ascii_lowercase()));
                }
                _ => return,
            }
            if !self.is(keyword, "FROM") {
                return;
            }
            at += 1;
            if self.is(at, "AS") {
                at += 1;
            }
            if matches!(self.tokens.get(at), Some(Token::Word(w)) if !is_keyword(w)) {
                at += 1;
            }
            if self.tokens.get(at) != Some(&Token::Sign(b',')) {
                return;
            }
            at += 1;
        }
    }

    /// `FROM json_each(…)`: a function, while `INTO t (a, b)` names a table.
    fn is_function(&self, keyword: usize, at: usize) -> bool {
        (self.is(keyword, "FROM") || self.is(keyword, "JOIN")) && self.tokens.get(at + 1) == Some(&Token::Sign(b'('))
    }

    /// Names before `AS (` or `(columns) AS (`.
    fn defined(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for at in (0..self.tokens.len()).filter(|at| self.is(*at, "AS")) {
            let mut next = at + 1;
            while self.is(next, "NOT") || self.is(next, "MATERIALIZED") {
                next += 1;
            }
            if self.tokens.get(next) != Some(&Token::Sign(b'(')) || at == 0 {
                continue;
            }
            if let Some(Token::Word(name)) = self.tokens.get(self.before_columns(at - 1)) {
                found.insert(name.to_ascii_lowercase());
            }
        }
        found
    }

    fn before_columns(&self, mut at: usize) -> usize {
        if self.tokens[at] == Token::Sign(b')') {
            while at > 0 && self.tokens[at] != Token::Sign(b'(') {
                at -= 1;
            }
            at = at.saturating_sub(1);
        }
        at
    }
}

fn is_keyword(word: &str) -> bool {
    const WORDS: &str = "SELECT SET WHERE JOIN LEFT RIGHT INNER OUTER CROSS FULL ON USING ORDER GROUP HAVING LIMIT OFFSET \
                         UNION EXCEPT INTERSECT VALUES RETURNING FOR AS WINDOW FROM BY SKIP OF NOWAIT AND OR NOT IS NULL \
                         DESC ASC";
    WORDS.split(' ').any(|keyword| keyword.eq_ignore_ascii_case(word))
}

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text.as_bytes();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (token, length) = token(rest);
        found.extend(token);
        rest = &rest[length.min(rest.len())..];
    }
    found
}

/// The first token, if it means anything, and how many bytes it takes.
fn token(rest: &[u8]) -> (Option<Token>, usize) {
    let word = |bytes: &[u8]| Some(Token::Word(String::from_utf8_lossy(bytes).into_owned()));
    match rest[0] {
        b'\'' => (None, until(rest, 1, b'\'') + 1),
        b'-' if rest.starts_with(b"--") => (None, until(rest, 2, b'\n')),
        b'{' => (Some(Token::Hole), until(rest, 1, b'}') + 1),
        b'"' => {
            let close = until(rest, 1, b'"');
            (word(&rest[1..close]), close + 1)
        }
        byte if is_word(byte) => {
            let length = rest.iter().position(|b| !is_word(*b) && *b != b'.').unwrap_or(rest.len());
            (word(&rest[..length]), length)
        }
        byte => (Some(Token::Sign(byte)).filter(|_| !byte.is_ascii_whitespace()), 1),
    }
}

fn until(rest: &[u8], from: usize, end: u8) -> usize {
    rest.iter().skip(from).position(|b| *b == end).map_or(rest.len(), |p| p + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        Sql::read(text).names().into_iter().map(|n| n.unwrap_or("?".into())).collect()
    }

    fn is_sql(text: &str) -> bool {
        Sql::read(text).is_sql(|name| name.starts_with("services_"))
    }

    #[test]
    fn tables_of_every_statement_are_named() {
        assert_eq!(
            names("SELECT a FROM services_case c JOIN services_event AS e ON e.c = c.id"),
            ["services_case", "services_event"]
        );
        assert_eq!(names("SELECT 1 FROM a AS x, b y, c WHERE z = 'FROM d'"), ["a", "b", "c"]);
        assert_eq!(names("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $1"), ["t"]);
        assert_eq!(names("UPDATE t SET a = 1 FROM u WHERE u.id = t.id"), ["t", "u"]);
        assert_eq!(names("DELETE FROM t WHERE id = $1 -- FROM u"), ["t"]);
        assert_eq!(names("CREATE TABLE IF NOT EXISTS t (a TEXT REFERENCES u (id))"), ["t", "u"]);
        assert_eq!(names("CREATE UNIQUE INDEX t_by_a ON t (a)"), ["t_by_a", "t"]);
        assert_eq!(names("SELECT id FROM t ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"), ["t"]);
    }

    #[test]
    fn functions_subqueries_and_names_of_its_own_are_not_tables() {
        assert_eq!(
            names("WITH due AS (SELECT id FROM t), n(x) AS (SELECT 1) SELECT * FROM due, n JOIN u ON 1 = 1"),
            ["t", "u"]
        );
        assert_eq!(names("SELECT EXTRACT(YEAR FROM x) FROM (SELECT 1 FROM t) s"), ["t"]);
        assert_eq!(names("SELECT 1 FROM json_each($1) WHERE a IS DISTINCT FROM b"), Vec::<String>::new());
        assert_eq!(names("SELECT a FROM {table} WHERE b = {b}"), ["?"]);
        assert_eq!(names("CREATE TABLE t (\"index\" BIGINT NOT NULL, view TEXT)"), ["t"]);
    }

    #[test]
    fn prose_is_not_sql() {
        assert!(is_sql("SELECT id FROM t") && is_sql("\n  UPDATE t SET a = 1") && is_sql(" ORDER BY id"));
        assert!(is_sql("select id from services_case") && is_sql(" AND a = 1 WHERE b = $2"));
        assert!(!is_sql("select one from the list") && !is_sql("UPDATE ME") && !is_sql("update the record"));
        assert!(!is_sql("services-case-title") && !is_sql("services_case"));
    }
}
