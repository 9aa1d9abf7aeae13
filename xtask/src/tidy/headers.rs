//! Every Rust file begins with `//!`: what it is for, in a sentence.

use super::Finding;
use super::tree::Tree;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let missing = tree.rust().filter(|(file, _)| !starts_with_purpose(file.text()));
    missing
        .map(|(file, _)| {
            let text = "the file does not begin with `//!`. A reader opens a file to learn what it is for. \
                        Write one sentence of purpose on the first line, starting with `//!`.";
            Finding::new("headers", &file.path, 1, text.to_owned())
        })
        .collect()
}

fn starts_with_purpose(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.strip_prefix("//!").is_some_and(|purpose| !purpose.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_purpose_is_found() {
        let tree = Tree::sample(&[
            ("crates/codes/src/lib.rs", "//! Codes.\n"),
            ("crates/codes/src/bare.rs", "pub fn a() {}\n"),
            ("crates/codes/src/empty.rs", "//!\npub fn a() {}\n"),
        ]);
        let found: Vec<String> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/codes/src/bare.rs", "crates/codes/src/empty.rs"]);
    }
}
