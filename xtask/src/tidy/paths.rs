//! Prose names real things: every path and every item in backticks exists.

use super::Finding;
use super::names::{self, Reference};
use super::tree::{File, Tree};

/// Documents of the root that are checked beside everything under `docs/`.
const DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"];

/// Folders of the root: a path that begins with one claims to exist.
const FOLDERS: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    "bench",
    "crates",
    "docs",
    "e2e",
    "fuzz",
    "locales",
    "migrations",
    "openapi",
    "packs",
    "static",
    "tests",
    "xtask",
];

/// Endings that make a bare name or the end of a path a file of this repository.
const ENDINGS: &[&str] = &[".rs", ".sql", ".ftl", ".mjs", ".md"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let documents = tree.files.iter().filter(|f| is_document(&f.path));
    documents.flat_map(|file| in_document(tree, file)).collect()
}

fn is_document(path: &str) -> bool {
    DOCUMENTS.contains(&path) || (path.starts_with("docs/") && path.ends_with(".md"))
}

fn in_document(tree: &Tree, file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fenced = false;
    for (at, line) in file.text().lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let named = spans(line).into_iter().filter_map(|span| wrong_span(tree, span));
            let linked = targets(line).into_iter().filter_map(|target| wrong_link(tree, file, target));
            findings.extend(named.chain(linked).map(|text| Finding::new("paths", &file.path, at + 1, text)));
        }
    }
    findings
}

/// What stands between backticks.
fn spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// Targets of Markdown links and images.
fn targets(line: &str) -> Vec<&str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()).collect()
}

fn wrong_link(tree: &Tree, file: &File, target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") || path.starts_with('/') {
        return None;
    }
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    (!tree.has(&join(folder, path))).then(|| missing("link", target))
}

/// Resolves `.` and `..` in a relative link.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn wrong_span(tree: &Tree, span: &str) -> Option<String> {
    // `fetch(ctx, …)`, `Decision { … }` and `submit<T>` name what stands before the bracket.
    let name = span.split(['(', '{', '!', ';']).next().unwrap_or(span).trim();
    if let Some((path, item)) = name.split_once(".rs::") {
        return wrong_item(tree, &format!("{path}.rs"), item.split('<').next().unwrap_or(item));
    }
    if looks_like_path(span) {
        return (!exists(tree, span)).then(|| missing("path", span));
    }
    let plain = name.split('<').next().unwrap_or(name);
    (names::resolve(tree, plain) == Reference::Missing).then(|| missing("item", span))
}

fn wrong_item(tree: &Tree, path: &str, item: &str) -> Option<String> {
    let mut files = tree.rust().filter(|(f, _)| ends_with_path(&f.path, path)).peekable();
    if files.peek().is_none() {
        return Some(missing("path", path));
    }
    (!files.any(|(_, source)| names::defines(source, item))).then(|| missing("item", &format!("{path}::{item}")))
}

fn missing(kind: &str, name: &str) -> String {
    format!(
        "the {kind} `{name}` does not exist. A map that is wrong in one place is trusted in none. \
         Name what exists, or take the sentence out."
    )
}

fn looks_like_path(span: &str) -> bool {
    if span.contains([' ', '(', '$', '=', '"', '|']) || span.contains("://") || span.starts_with(['/', '-', '~']) {
        return false;
    }
    let first = span.split('/').next().unwrap_or_default();
    let in_root = span.contains('/') && FOLDERS.contains(&first);
    in_root || ENDINGS.iter().any(|ending| span.ends_with(ending) && span.len() > ending.len())
}

/// A path from the root, or the end of one; `*`, `<name>`, `{a,b}`, `NNNN` and `…` stand for anything.
fn exists(tree: &Tree, span: &str) -> bool {
    let path = without_line(span.trim_start_matches("./")).trim_end_matches('/');
    if !path.contains(['*', '<', '{', '…']) && !path.contains("NNNN") {
        return tree.has(path) || tree.paths().any(|p| ends_with_path(p, path));
    }
    let pattern = pattern(path);
    tree.paths().any(|p| matches(&pattern, p) || p.match_indices('/').any(|(at, _)| matches(&pattern, &p[at + 1..])))
}

fn ends_with_path(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// `db.rs:12` → `db.rs`.
fn without_line(span: &str) -> &str {
    match span.rsplit_once(':') {
        Some((path, line)) if !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()) => path,
        _ => span,
    }
}

/// The fixed pieces between wildcards.
fn pattern(path: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut closing = None;
    for c in path.replace("NNNN", "*").chars() {
        match (closing, c) {
            (Some(end), _) if c == end => closing = None,
            (Some(_), _) => {}
            (None, '*' | '…') => pieces.push(String::new()),
            (None, '<' | '{') => {
                closing = Some(if c == '<' { '>' } else { '}' });
                pieces.push(String::new());
            }
            (None, _) => {
                if let Some(last) = pieces.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    pieces
}

/// First piece at the start, last at the end, the others between in order.
fn matches(pieces: &[String], path: &str) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    let Some(rest) = path.strip_prefix(first.as_str()).and_then(|r| r.strip_suffix(last.as_str())) else {
        return false;
    };
    let mut rest = rest;
    for piece in &pieces[1..pieces.len() - 1] {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn found(text: &str) -> Vec<usize> {
        let tree = Tree::sample(&[
            ("docs/adr/0001-data.md", ""),
            ("crates/services/src/store.rs", "//! x\npub fn list_due() {}\n"),
            ("crates/services/src/lib.rs", "//! x\nmod store;\n"),
            ("locales/en/services.ftl", ""),
            ("migrations/0001_platform.sql", ""),
            ("docs/map.md", text),
        ]);
        check(&tree).into_iter().filter(|f| f.path == "docs/map.md").map(|f| f.line).collect()
    }

    #[test]
    fn existing_paths_pass() {
        for span in [
            "crates/services/",
            "crates/services/src/store.rs:2",
            "store.rs",
            "src/store.rs",
            "migrations/NNNN_<crate>.sql",
            "locales/<lang>/*.ftl",
            "crates/{services,app}/src/lib.rs",
            "store.rs::list_due",
            "services::store::list_due",
            "store::list_due(tx, ctx)",
            "text/html",
            "/hall/items",
            "cargo xtask tidy",
            "https://example.org/a.md",
        ] {
            assert_eq!(found(&format!("see `{span}`")), NONE, "{span}");
        }
    }

    #[test]
    fn missing_paths_and_items_are_found_with_their_line() {
        for span in [
            "crates/benefits/",
            "crates/services/src/pages.rs",
            "model.rs",
            "fuzz/x",
            "locales/<lang>/*.txt.ftl",
            "store.rs::gone",
            "services::gone",
            "services::store::gone",
            "crates/<feature>/src/api.rs",
            "store::gone(tx)",
        ] {
            assert_eq!(found(&format!("one\nsee `{span}`")), [2], "{span}");
        }
    }

    #[test]
    fn links_are_followed_from_the_document() {
        assert_eq!(found("[a](adr/0001-data.md#why) [b](../locales/en/services.ftl) [c](https://example.org)"), NONE);
        assert_eq!(found("[a](adr/0002-gone.md)"), [1]);
    }

    #[test]
    fn fenced_text_is_an_example() {
        assert_eq!(found("```\n`crates/gone/`\n```\n"), NONE);
    }
}
