//! The list of findings that are accepted for now, each with its reason. It only shrinks:
//! an exception that nothing needs any more is itself a finding.

use super::tree::Tree;
use super::{Finding, RULES};

pub(crate) const LIST: &str = "xtask/tidy-exceptions.txt";

struct Exception {
    line: usize,
    path: String,
    rule: String,
}

/// Takes the excepted findings out and adds those about the list itself.
pub(crate) fn apply(tree: &Tree, findings: Vec<Finding>) -> Vec<Finding> {
    let (exceptions, mut wrong) = parse(tree.get(LIST).map_or("", |f| f.text()));
    let covers = |e: &Exception, f: &Finding| e.path == f.path && e.rule == f.rule;
    let unneeded = exceptions.iter().filter(|e| !findings.iter().any(|f| covers(e, f)));
    wrong.extend(unneeded.map(|e| {
        let text = format!(
            "nothing breaks `{}` in `{}` any more. The list only shrinks, so that a wall once mended stays whole. \
             Delete this line.",
            e.rule, e.path
        );
        Finding::new("exceptions", LIST, e.line, text)
    }));
    let mut left: Vec<Finding> = findings.into_iter().filter(|f| !exceptions.iter().any(|e| covers(e, f))).collect();
    left.extend(wrong);
    left
}

fn parse(text: &str) -> (Vec<Exception>, Vec<Finding>) {
    let mut exceptions = Vec::new();
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        match parts[..] {
            [path, rule, reason] if RULES.contains(&rule) && !reason.is_empty() => {
                exceptions.push(Exception { line: at + 1, path: path.to_owned(), rule: rule.to_owned() });
            }
            _ => wrong.push(malformed(at + 1)),
        }
    }
    (exceptions, wrong)
}

fn malformed(line: usize) -> Finding {
    let text = format!(
        "this line is not `path | rule | reason`. An exception without a rule and a reason cannot be judged later. \
         Rules: {}.",
        RULES.join(", ")
    );
    Finding::new("exceptions", LIST, line, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(list: &str, findings: Vec<Finding>) -> Vec<Finding> {
        apply(&Tree::sample(&[(LIST, list)]), findings)
    }

    fn too_long() -> Finding {
        Finding::new("sizes", "crates/codes/src/lib.rs", 9, "long".into())
    }

    #[test]
    fn an_exception_covers_its_finding_only() {
        let list = "# why\ncrates/codes/src/lib.rs | sizes | a table of divisions\n";
        let other = Finding::new("headers", "crates/codes/src/lib.rs", 1, "bare".into());
        assert_eq!(left(list, vec![too_long(), other.clone()]), [other]);
    }

    #[test]
    fn an_exception_that_nothing_needs_is_a_finding() {
        let found = left("crates/codes/src/lib.rs | sizes | once long\n", vec![]);
        assert_eq!((found.len(), found[0].line, found[0].rule), (1, 1, "exceptions"));
    }

    #[test]
    fn an_exception_without_a_reason_counts_for_nothing() {
        let found = left("crates/codes/src/lib.rs | sizes |\n", vec![too_long()]);
        assert_eq!(found.len(), 2);
        assert_eq!(left("crates/codes/src/lib.rs | colour | red\n", vec![]).len(), 1);
    }
}
