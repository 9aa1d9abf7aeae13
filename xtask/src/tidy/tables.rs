//! A feature's SQL names only tables with its own prefix, stands only in its store, and migrations keep to it.

use super::Finding;
use super::arrows::FLOORS;
use super::sql::Sql;
use super::tree::{File, Tree};

/// Tables of the databases themselves; only `platform` may look at them.
const SYSTEM: &[&str] = &["sqlite_", "pg_", "information_schema."];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree.files.iter().filter(|f| f.krate().is_some()).flat_map(in_rust).collect();
    findings.extend(migrations(tree));
    findings
}

/// Whether the name begins with a crate's name and `_`.
fn is_ours(name: &str) -> bool {
    FLOORS.iter().copied().flatten().any(|krate| has_prefix(name, krate))
}

fn has_prefix(name: &str, krate: &str) -> bool {
    name.strip_prefix(krate).is_some_and(|rest| rest.starts_with('_'))
}

fn in_rust(file: &File) -> Vec<Finding> {
    let krate = file.krate().unwrap_or_default();
    let Some(source) = file.source.as_ref().filter(|_| !file.is_test()) else { return Vec::new() };
    let mut findings = Vec::new();
    for literal in source.strings.iter().filter(|l| !source.is_test(l.line)) {
        let sql = Sql::read(&literal.value);
        if !sql.is_sql(is_ours) {
            continue;
        }
        if !may_hold_sql(file) {
            findings.push(Finding::new("tables", &file.path, literal.line, outside_store(krate)));
        }
        let wrong = sql.names().into_iter().filter_map(|name| wrong_name(krate, name));
        findings.extend(wrong.map(|text| Finding::new("tables", &file.path, literal.line, text)));
    }
    findings
}

/// `platform` is the data layer; a feature has `store.rs`, `store_*.rs` or a folder `store/`.
fn may_hold_sql(file: &File) -> bool {
    let in_folder = file.path.contains("/src/") && file.path.contains("/store/");
    file.krate() == Some("platform") || in_folder || (file.name().starts_with("store") && file.name().ends_with(".rs"))
}

fn outside_store(krate: &str) -> String {
    format!(
        "SQL outside the store. Whoever reviews access to data reads one file per feature. \
         Move the statement into a function of crates/{krate}/src/store.rs and call that."
    )
}

fn wrong_name(krate: &str, name: Option<String>) -> Option<String> {
    let Some(name) = name else {
        return (krate != "platform").then(|| {
            "the table's name is put together at run time. Nobody can see or check which table is meant. \
             Write the name in the statement, one statement per table."
                .to_owned()
        });
    };
    let system = SYSTEM.iter().any(|prefix| name.starts_with(prefix));
    if has_prefix(&name, krate) || (system && krate == "platform") {
        return None;
    }
    Some(format!(
        "`{krate}` names the table or index `{name}`. A feature owns its tables, so that it can be changed without reading \
         the others. Use a name that begins with `{krate}_`, or ask the owner through its public functions."
    ))
}

fn migrations(tree: &Tree) -> Vec<Finding> {
    let files = tree.files.iter().filter(|f| f.path.starts_with("migrations/") && f.path.ends_with(".sql"));
    let mut findings = Vec::new();
    for (at, file) in files.enumerate() {
        match parse_name(file.name()) {
            Some((number, krate)) if FLOORS.iter().any(|floor| floor.contains(&krate)) => {
                if number != at + 1 {
                    findings.push(Finding::new("tables", &file.path, 1, misnumbered(number, at + 1)));
                }
                findings.extend(in_migration(file, krate));
            }
            _ => findings.push(Finding::new("tables", &file.path, 1, misnamed())),
        }
    }
    findings
}

/// `0003_registry.sql` or `0007_registry_sources.sql` → number and crate.
fn parse_name(name: &str) -> Option<(usize, &str)> {
    let (number, rest) = name.strip_suffix(".sql")?.split_once('_')?;
    let number = number.parse().ok().filter(|_| number.len() == 4)?;
    Some((number, rest.split('_').next().unwrap_or(rest)))
}

fn misnamed() -> String {
    "the name is not NNNN_<crate>.sql. The number gives the order, the crate the owner of the tables. \
     Rename the file; the crate is one of those under crates/."
        .to_owned()
}

fn misnumbered(number: usize, expected: usize) -> String {
    format!(
        "the number is {number:04}, {expected:04} is next. Two migrations that were born apart must not share a number \
         or leave a gap. Renumber the newer one."
    )
}

/// Statement by statement, so that a finding points at its line.
fn in_migration(file: &File, krate: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut line = 1;
    for statement in without_comments(file.text()).split_inclusive(';') {
        let first = line + statement.lines().take_while(|l| l.trim().is_empty()).count();
        for text in Sql::read(statement).names().into_iter().filter_map(|name| wrong_name(krate, name)) {
            findings.push(Finding::new("tables", &file.path, first, text));
        }
        line += statement.matches('\n').count();
    }
    findings
}

/// The same lines; a `;` or a quote in a comment means nothing.
fn without_comments(text: &str) -> String {
    let code = text.lines().map(|l| l.split("--").next().unwrap_or_default());
    code.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<Finding> {
        check(&Tree::sample(&[(path, text)]))
    }

    const STORE: &str = "crates/services/src/store.rs";

    #[test]
    fn a_store_names_its_own_tables_only() {
        assert_eq!(found(STORE, "//! x\nfn f() { q(\"SELECT id FROM services_case\") }"), []);
        let wrong = found(STORE, "//! x\nfn f() {\n q(\"SELECT id FROM services_case, registry_record r\") }");
        assert_eq!((wrong.len(), wrong[0].line), (1, 3));
        assert!(wrong[0].text.contains("`registry_record`"));
        assert_eq!(found(STORE, "//! x\nfn f() { q(&format!(\"SELECT id FROM {t}\")) }").len(), 1);
    }

    #[test]
    fn sql_outside_a_store_is_refused() {
        let text = "//! x\nfn f() { q(\"DELETE FROM services_case\") }";
        assert_eq!(found("crates/services/src/actions.rs", text).len(), 1);
        for path in ["crates/services/src/store/cases.rs", "crates/services/src/cases/store_events.rs", "tests/it/a.rs"]
        {
            assert_eq!(found(path, text), [], "{path}");
        }
    }

    #[test]
    fn tests_in_a_crate_may_look_at_their_tables() {
        let text = "//! x\n#[cfg(test)]\nmod tests {\n  fn f() { q(\"SELECT a FROM t\") }\n}\n";
        assert_eq!(found("crates/services/src/actions.rs", text), []);
    }

    #[test]
    fn platform_alone_may_look_at_the_database_itself() {
        let text = "//! x\nfn f() { q(\"SELECT name FROM sqlite_master\"); q(\"SELECT 1 FROM platform_job\") }";
        assert_eq!(found("crates/platform/src/db/sqlite.rs", text), []);
        assert_eq!(found(STORE, text).len(), 2);
    }

    #[test]
    fn migrations_keep_their_prefix_name_and_order() {
        assert_eq!(found("migrations/0001_platform.sql", "CREATE TABLE platform_job (id TEXT);\n"), []);
        let wrong = found(
            "migrations/0001_platform.sql",
            "CREATE TABLE platform_a (id TEXT);\n\n-- why; isn't it\nCREATE TABLE job (id TEXT);\n",
        );
        assert_eq!((wrong.len(), wrong[0].line), (1, 4));
        assert_eq!(found("migrations/0002_platform.sql", "").len(), 1);
        assert_eq!(found("migrations/first.sql", "").len(), 1);
        let foreign =
            found("migrations/0001_services.sql", "CREATE TABLE services_a (p TEXT REFERENCES directory_person (id));");
        assert_eq!(foreign.len(), 1);
    }
}
