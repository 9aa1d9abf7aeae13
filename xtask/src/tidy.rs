//! The rules of the house that the compiler does not know, checked on every tracked file and every crate that is linked.
//! Each finding says where, what, why and what to do; `xtask/tidy-exceptions.txt` may only shrink.

mod arrows;
mod exceptions;
mod fluent;
mod headers;
mod lex;
mod licences;
mod names;
mod paths;
mod sizes;
mod spdx;
mod sql;
mod tables;
mod texts;
mod tree;
mod words;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use tree::Tree;

/// Every rule, by the name that messages and exceptions use.
pub(crate) const RULES: &[&str] = &["arrows", "tables", "sizes", "paths", "headers", "texts", "words", "licences"];

/// One broken rule at one place. `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub path: String,
    pub line: usize,
    pub rule: &'static str,
    /// What is wrong, why it matters, what to do: one sentence each.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(rule: &'static str, path: &str, line: usize, text: String) -> Self {
        Self { path: path.to_owned(), line, rule, text }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.text)
    }
}

/// `cargo xtask tidy [--verbose]`.
pub(crate) fn command(root: &Path, args: &[String]) -> ExitCode {
    let verbose = args.iter().any(|a| a == "--verbose");
    match run(root, verbose) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("tidy could not read the tree: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what is wrong and returns how many findings there are.
pub(crate) fn run(root: &Path, verbose: bool) -> std::io::Result<usize> {
    let tree = Tree::read(root)?;
    if verbose {
        for warning in sizes::warnings(&tree) {
            println!("warning: {warning}");
        }
    }
    let mut findings = all(&tree);
    findings.extend(licences::check(root, &tree));
    let findings = exceptions::apply(&tree, findings);
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files read, {} findings", tree.files.len(), findings.len());
    Ok(findings.len())
}

fn all(tree: &Tree) -> Vec<Finding> {
    let rules = [arrows::check, tables::check, sizes::check, paths::check, headers::check, texts::check, words::check];
    let mut findings: Vec<Finding> = rules.iter().flat_map(|rule| rule(tree)).collect();
    findings.sort();
    findings.dedup();
    findings
}
