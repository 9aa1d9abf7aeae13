//! Words that have no place in a tracked file: unfinished work and paths of somebody's machine.

use super::Finding;
use super::lex::is_word;
use super::tree::{File, Tree};

/// The parts are joined here so that this file does not contain what it forbids.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];
const MACHINE: &[&str] = &[concat!("/wo", "rk/"), concat!("/tm", "p/w"), concat!("/ro", "ot/")];

/// Written by package managers: hashes in them may spell anything.
const GENERATED: &[&str] = &["Cargo.lock", "package-lock.json"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let read = tree.files.iter().filter(|f| !GENERATED.contains(&f.name()));
    read.flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in file.text().lines().enumerate() {
        for word in UNFINISHED.iter().filter(|w| stands_alone(line, w)) {
            let text = format!(
                "`{word}` marks unfinished work. What is on the main branch is finished; a wish gets lost in a file. \
                 Finish it, or open an issue and delete the mark."
            );
            findings.push(Finding::new("words", &file.path, at + 1, text));
        }
        for word in MACHINE.iter().filter(|w| is_machine_path(line, w)) {
            let text = format!(
                "`{word}` is a path of one machine. It does not exist elsewhere. \
                 Use a path relative to the repository, a setting, or a temporary folder of the test."
            );
            findings.push(Finding::new("words", &file.path, at + 1, text));
        }
    }
    findings
}

/// The word is not a part of a longer one.
fn stands_alone(line: &str, word: &str) -> bool {
    let bytes = line.as_bytes();
    line.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).map(|b| bytes[b]);
        let after = bytes.get(at + word.len()).copied().filter(|_| !word.ends_with('('));
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The path starts at the root: nothing of a longer path or URL stands before it.
fn is_machine_path(line: &str, word: &str) -> bool {
    let bytes = line.as_bytes();
    line.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).map(|b| bytes[b]);
        let after = bytes.get(at + word.len()).copied().filter(|_| !word.ends_with('/'));
        !before.is_some_and(|b| is_word(b) || matches!(b, b'.' | b'-' | b'}' | b'>')) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> usize {
        check(&Tree::sample(&[("docs/a.md", line)])).len()
    }

    #[test]
    fn marks_and_machine_paths_are_found() {
        for word in UNFINISHED {
            assert_eq!(found(&format!("a {word} b")), 1, "{word}");
        }
        for word in MACHINE {
            assert_eq!(found(&format!("cd {word}")), 1, "{word}");
        }
    }

    #[test]
    fn longer_words_and_other_paths_pass() {
        assert_eq!(found(&format!("{}XX is a mask", UNFINISHED[4])), 0);
        assert_eq!(found(&format!("https://example.org{}x", MACHINE[0])), 0);
        assert_eq!(found(&format!("{}eb", MACHINE[1])), 0);
    }

    #[test]
    fn lock_files_are_not_read() {
        let tree = Tree::sample(&[("e2e/package-lock.json", UNFINISHED[2])]);
        assert_eq!(check(&tree), []);
    }
}
