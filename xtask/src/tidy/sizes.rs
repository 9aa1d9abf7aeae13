//! Sizes: a file, a function and a template that a reader can hold in the head.

use super::Finding;
use super::lex::{Source, body, is_word};
use super::tree::{File, Tree};

/// Lines that are refused above, and lines that feel right.
struct Limits {
    /// How a message names the limit.
    called: &'static str,
    file: usize,
    function: usize,
    template: usize,
}

const HARD: Limits = Limits { called: "the limit is", file: 500, function: 80, template: 200 };
const GOOD: Limits = Limits { called: "good is up to", file: 300, function: 30, template: 120 };

/// Files with code of ours. Data, texts and documents may be as long as they must.
const CODE: &[&str] = &[".rs", ".js", ".mjs", ".sh"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    above(tree, &HARD)
}

/// What is allowed but longer than it should be.
pub(crate) fn warnings(tree: &Tree) -> Vec<Finding> {
    above(tree, &GOOD)
}

fn above(tree: &Tree, limits: &Limits) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let lines = file.text().lines().count();
        if CODE.iter().any(|ending| file.path.ends_with(ending)) && lines > limits.file {
            findings.push(too_long(file, 1, &format!("the file has {lines} lines, {} {}", limits.called, limits.file)));
        }
        if is_template(file) && lines > limits.template {
            let what = format!("the template has {lines} lines, {} {}", limits.called, limits.template);
            findings.push(too_long(file, 1, &what));
        }
        for function in file.source.iter().flat_map(functions).filter(|f| f.lines > limits.function) {
            let what = format!(
                "the function `{}` has {} lines, {} {}",
                function.name, function.lines, limits.called, limits.function
            );
            findings.push(too_long(file, function.line, &what));
        }
    }
    findings
}

fn too_long(file: &File, line: usize, what: &str) -> Finding {
    let text = format!(
        "{what}. What does not fit in the head is not reviewed. Cut it by noun: a folder of the same name, \
         a function per step, a template per part."
    );
    Finding::new("sizes", &file.path, line, text)
}

fn is_template(file: &File) -> bool {
    file.path.starts_with("crates/") && file.path.contains("/templates/")
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Every function with a body; lines from `fn` to the closing brace.
fn functions(source: &Source) -> Vec<Function> {
    let code = source.code.as_str();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if at > 0 && is_word(code.as_bytes()[at - 1]) {
            continue;
        }
        let name: String =
            code[at + 3..].trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            continue;
        }
        if let Some((_, close)) = body(code, at) {
            let line = source.line(at);
            found.push(Function { name, line, lines: source.line(close) - line + 1 });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(lines: usize) -> String {
        format!("//! x\nfn long() {{\n{}}}\nfn short() {{}}\n", "    let _ = \"}\";\n".repeat(lines - 2))
    }

    #[test]
    fn a_long_function_is_found_with_its_line() {
        let at = |lines| check(&Tree::sample(&[("crates/codes/src/lib.rs", &rust(lines))]));
        assert_eq!(at(80), []);
        let found = at(81);
        assert_eq!((found.len(), found[0].line), (1, 2));
        assert!(found[0].text.contains("`long` has 81 lines"));
    }

    #[test]
    fn a_long_file_and_a_long_template_are_found() {
        let tree = Tree::sample(&[
            ("crates/codes/src/lib.rs", &"//! x\n".repeat(501)),
            ("crates/services/templates/guide.html", &"<p>\n".repeat(201)),
            ("packs/demo/items/card.yaml", &"a: 1\n".repeat(2000)),
        ]);
        let found: Vec<String> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/codes/src/lib.rs", "crates/services/templates/guide.html"]);
    }

    #[test]
    fn warnings_start_earlier() {
        let tree = Tree::sample(&[("crates/codes/src/lib.rs", &rust(31))]);
        assert_eq!((check(&tree).len(), warnings(&tree).len()), (0, 1));
    }

    #[test]
    fn pointers_signatures_and_arrays_do_not_confuse() {
        let text = "trait T { fn a(&self) -> [u8; 4]; }\ntype F = fn (u8) -> u8;\n\
                    fn b<'a>(f: fn(&'a str)) -> [u8; 2]\nwhere u8: Copy {\n  [1, 2]\n}\n";
        let found = functions(&Source::lex(text));
        assert_eq!(found, [Function { name: "b".into(), line: 3, lines: 4 }]);
    }
}
