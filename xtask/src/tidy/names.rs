//! Names of items in prose (`exchange::fetch`, `db.rs::Tx`) and where the code defines them.

use super::lex::{Source, is_word};
use super::tree::Tree;

/// Words that may stand before the name of a definition.
const KINDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "union"];

/// The file words of a feature: `actions::submit` means such a file in any crate.
const FILE_WORDS: &[&str] = &["model", "actions", "store", "pages", "api", "jobs", "figures"];

/// Whether the file defines the item: a definition, a variant, a field or something it passes on.
/// For `Type::method` both must be there.
pub(crate) fn defines(source: &Source, item: &str) -> bool {
    item.split("::").all(|name| has_definition(&source.code, name))
}

fn has_definition(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].trim_end_matches([' ', '\n']);
        let alone = !code[..at].ends_with(|c: char| is_name(c)) && !code[at + name.len()..].starts_with(is_name);
        alone && (KINDS.iter().any(|kind| ends_with_word(before, kind)) || is_member(code, at, name))
    })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.ends_with(is_name))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A variant or a field, which begin their line, or a name in `pub use`.
fn is_member(code: &str, at: usize, name: &str) -> bool {
    let line_start = code[..at].rfind('\n').map_or(0, |n| n + 1);
    let before = code[line_start..at].trim_start();
    let after = &code[at + name.len()..];
    let variant = name.starts_with(char::is_uppercase) && after.starts_with([',', '(', ' ', '\n']);
    let field = after.starts_with(':') && !after.starts_with("::");
    before.starts_with("pub use")
        || (before.is_empty() && variant)
        || (field && (before.is_empty() || is_visibility(before)))
}

fn is_visibility(before: &str) -> bool {
    matches!(before.trim_end(), "pub" | "pub(crate)" | "pub(super)")
}

/// What a backticked name refers to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// Not a name of this repository.
    Foreign,
    Found,
    Missing,
}

/// Resolves `crate::module::Item` and `file_word::item`; anything else is foreign.
pub(crate) fn resolve(tree: &Tree, name: &str) -> Reference {
    let parts: Vec<&str> = name.split("::").collect();
    let (first, rest) = (parts[0], &parts[1..]);
    if rest.is_empty() || !parts.iter().all(|p| !p.is_empty() && p.bytes().all(is_word)) {
        return Reference::Foreign;
    }
    let found = if tree.crates().contains(first) {
        in_crate(tree, first, rest)
    } else if FILE_WORDS.contains(&first) {
        in_file_word(tree, first, rest)
    } else {
        return Reference::Foreign;
    };
    if found { Reference::Found } else { Reference::Missing }
}

/// Every part is a module or defined somewhere in the crate, and the last stands where its module says, if it says.
fn in_crate(tree: &Tree, krate: &str, parts: &[&str]) -> bool {
    let under = format!("crates/{krate}/src/");
    let sources: Vec<&Source> = tree.rust().filter(|(f, _)| f.path.starts_with(&under)).map(|(_, s)| s).collect();
    parts.iter().all(|part| {
        tree.has(&format!("{under}{part}.rs")) || sources.iter().any(|source| has_definition(&source.code, part))
    })
}

fn in_file_word(tree: &Tree, word: &str, parts: &[&str]) -> bool {
    let (file, folder) = (format!("/{word}.rs"), format!("/{word}/"));
    let mut sources =
        tree.rust().filter(|(f, _)| f.krate().is_some() && (f.path.ends_with(&file) || f.path.contains(&folder)));
    sources.any(|(_, source)| parts.iter().all(|part| has_definition(&source.code, part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree::sample(&[
            ("crates/exchange/src/lib.rs", "//! x\npub use door::fetch;\nmod door;\n"),
            ("crates/exchange/src/door.rs", "//! x\npub fn fetch(ctx: &Ctx) {}\npub enum Answer {\n    Known,\n}\n"),
            (
                "crates/services/src/actions/submit.rs",
                "//! x\n// fn ghost() {}\npub fn submit() { fetch(\"fn word\") }\n",
            ),
        ])
    }

    #[test]
    fn names_of_crates_and_file_words_are_resolved() {
        for name in ["exchange::fetch", "exchange::door::fetch", "exchange::Answer::Known", "actions::submit"] {
            assert_eq!(resolve(&tree(), name), Reference::Found, "{name}");
        }
        for name in ["exchange::fetched", "exchange::fet", "exchange::gate::fetch", "actions::ghost", "actions::word"] {
            assert_eq!(resolve(&tree(), name), Reference::Missing, "{name}");
        }
        for name in ["std::time", "fetch", "a b::c"] {
            assert_eq!(resolve(&tree(), name), Reference::Foreign, "{name}");
        }
    }

    #[test]
    fn methods_need_their_type() {
        let source = Source::lex("struct Tx { rows: u8 }\nimpl Tx {\n    pub fn exec(&self) {}\n}\n");
        assert!(defines(&source, "Tx::exec") && defines(&source, "Tx"));
        assert!(!defines(&source, "Db::exec") && !defines(&source, "Tx::query"));
    }
}
