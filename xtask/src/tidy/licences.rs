//! What is linked may be changed, sold and closed by whoever builds on it: the licence of every crate in Cargo.lock against
//! `deny.toml`, and a line in `docs/adr/` for every library that we chose ourselves.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use toml::{Table, Value};

use super::tree::Tree;
use super::{Finding, spdx};
use crate::steps::cargo_binary;

const LIST: &str = "deny.toml";
const LOCK: &str = "Cargo.lock";
const MANIFEST: &str = "Cargo.toml";
const DECISIONS: &str = "docs/adr/";
const RULE: &str = "licences";

/// Asks Cargo which packages the lock file means, for every platform; the network is not asked.
pub(crate) fn check(root: &Path, tree: &Tree) -> Vec<Finding> {
    let mut findings = unnamed(tree);
    match (allowances(tree), packages(root)) {
        (Ok(list), Ok(packages)) => {
            findings.extend(
                packages.iter().filter_map(|package| wrong(package, &list).map(|text| at(tree, package, text))),
            );
        }
        (Err(why), _) => findings.push(Finding::new(RULE, LIST, 1, why)),
        (_, Err(why)) => findings.push(Finding::new(RULE, LOCK, 1, why)),
    }
    findings
}

struct Package {
    name: String,
    version: String,
    /// Empty: the manifest names none.
    licence: String,
    /// As its registry gave it out: nobody here has changed it.
    is_unmodified: bool,
}

/// What `deny.toml` allows.
struct Allowances {
    everybody: Vec<String>,
    /// Name of a crate, and what it alone may come under besides.
    exceptions: Vec<(String, Vec<String>)>,
}

fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let args = ["metadata", "--format-version", "1", "--locked", "--offline"];
    let output = Command::new(cargo_binary()).args(args).current_dir(root).output();
    let output = output.map_err(|error| format!("`cargo metadata` could not be started: {error}."))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().replace('\n', " ");
        return Err(format!("`cargo metadata` cannot tell the licences: {said} Run `cargo fetch --locked`."));
    }
    let read: Json = serde_json::from_slice(&output.stdout).map_err(|error| format!("`cargo metadata`: {error}."))?;
    Ok(read["packages"].as_array().into_iter().flatten().map(package).collect())
}

fn package(of: &Json) -> Package {
    let text = |name: &str| of[name].as_str().unwrap_or_default().to_owned();
    let is_unmodified = text("source").starts_with("registry+");
    Package { name: text("name"), version: text("version"), licence: text("license"), is_unmodified }
}

fn allowances(tree: &Tree) -> Result<Allowances, String> {
    let missing = || format!("`{LIST}` has no list [licenses] allow, so nothing may be linked. Put it back.");
    let parsed = tree.get(LIST).and_then(|file| file.text().parse::<Table>().ok()).ok_or_else(missing)?;
    let licenses = parsed.get("licenses").and_then(Value::as_table).ok_or_else(missing)?;
    let texts = |value: Option<&Value>| {
        let texts = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    let everybody = texts(licenses.get("allow"));
    let exceptions = licenses.get("exceptions").and_then(Value::as_array).into_iter().flatten();
    let named = |one: &Value| one.get("crate").or_else(|| one.get("name")).and_then(Value::as_str).map(str::to_owned);
    let exceptions = exceptions.filter_map(|one| Some((named(one)?, texts(one.get("allow"))))).collect();
    if everybody.is_empty() { Err(missing()) } else { Ok(Allowances { everybody, exceptions }) }
}

/// Why this package may not be linked.
fn wrong(package: &Package, list: &Allowances) -> Option<String> {
    let Package { name, version, licence, is_unmodified } = package;
    let own = list.exceptions.iter().filter(|(of, _)| of == name && *is_unmodified).flat_map(|(_, allow)| allow);
    let allowed: Vec<String> = list.everybody.iter().chain(own).cloned().collect();
    let what = match spdx::is_allowed(licence, &allowed) {
        Ok(true) => return None,
        _ if licence.is_empty() => "names no licence".to_owned(),
        Ok(false) => format!("comes under `{licence}`"),
        Err(why) => format!("has a licence that cannot be read (`{licence}`: {why})"),
    };
    Some(format!(
        "the crate `{name}` {version} {what}. A city may change, sell and close what it builds, so everything linked is \
         permissive. Take another crate (`cargo tree -i {name}` says who brings it), or, when it is permissive all the \
         same, add the licence to `{LIST}`."
    ))
}

fn at(tree: &Tree, package: &Package, text: String) -> Finding {
    let line = format!("name = \"{}\"", package.name);
    let lock = tree.get(LOCK).map_or("", |file| file.text());
    Finding::new(RULE, LOCK, lock.lines().position(|of| of == line).map_or(1, |at| at + 1), text)
}

/// Libraries of the workspace that no decision names in backticks.
fn unnamed(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.get(MANIFEST) else { return Vec::new() };
    let Ok(manifest) = file.text().parse::<Table>() else { return Vec::new() }; // Cargo itself says what is wrong
    let chosen =
        manifest.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let decisions: Vec<&str> = tree.files.iter().filter(|f| f.path.starts_with(DECISIONS)).map(|f| f.text()).collect();
    let is_named = |name: &str| decisions.iter().any(|text| text.contains(&format!("`{name}`")));
    let unnamed = chosen.into_iter().flatten().filter(|(key, value)| {
        let package = value.get("package").and_then(Value::as_str);
        value.get("path").is_none() && !is_named(key) && !package.is_some_and(is_named)
    });
    let line =
        |key: &str| file.text().lines().position(|line| line.starts_with(&format!("{key} = "))).map_or(1, |at| at + 1);
    let finding = |(key, _): (&String, &Value)| {
        let text = format!(
            "no decision names the library `{key}`. Whoever inherits it must find why it was taken, who keeps it and under \
             which licence. Add a line to {DECISIONS}0006-libraries.md."
        );
        Finding::new(RULE, MANIFEST, line(key), text)
    };
    unnamed.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str =
        "[licenses]\nallow = [\"MIT\", \"Apache-2.0\"]\nexceptions = [{ crate = \"weak\", allow = [\"MPL-2.0\"] }]\n";

    /// A workspace of its own with one library under this licence; what is found there.
    fn found(name: &str, licence: &str) -> Vec<Finding> {
        let dir = tempfile::tempdir().unwrap();
        let own = format!(
            "[package]\nname = \"own\"\nversion = \"0.1.0\"\nlicense = \"MIT\"\n[dependencies]\n{name} = {{ path = \"lib\" }}\n[workspace]\n"
        );
        let library = format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\n{licence}\n");
        let lock = format!(
            "version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"1.2.3\"\n\n\
             [[package]]\nname = \"own\"\nversion = \"0.1.0\"\ndependencies = [\n \"{name}\",\n]\n"
        );
        for (path, text) in [
            ("Cargo.toml", own.as_str()),
            ("Cargo.lock", &lock),
            ("src/lib.rs", ""),
            ("lib/Cargo.toml", &library),
            ("lib/src/lib.rs", ""),
        ] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        check(dir.path(), &Tree::sample(&[("deny.toml", DENY), ("Cargo.lock", &lock)]))
    }

    #[test]
    fn a_library_under_the_gpl_is_found_with_its_line() {
        let findings = found("copyleft", "license = \"GPL-3.0-only\"");
        assert_eq!(findings.len(), 1, "{findings:?}");
        let finding = &findings[0];
        assert_eq!((finding.path.as_str(), finding.line, finding.rule), ("Cargo.lock", 4, "licences"));
        assert!(finding.text.contains("`copyleft` 1.2.3 comes under `GPL-3.0-only`"), "{}", finding.text);
    }

    #[test]
    fn a_choice_with_a_permissive_side_passes_and_no_licence_does_not() {
        assert_eq!(found("lib", "license = \"GPL-3.0-only OR MIT\""), []);
        assert!(found("lib", "").iter().any(|finding| finding.text.contains("names no licence")));
        assert!(found("lib", "license = \"MIT, mostly\"")[0].text.contains("cannot be read"));
    }

    #[test]
    fn an_exception_counts_for_one_crate_as_its_registry_gave_it() {
        let list = allowances(&Tree::sample(&[("deny.toml", DENY)])).unwrap();
        let package = |name: &str, is_unmodified| {
            let (version, licence) = ("1.0.0".to_owned(), "MPL-2.0".to_owned());
            wrong(&Package { name: name.to_owned(), version, licence, is_unmodified }, &list).is_none()
        };
        assert!(package("weak", true) && !package("weak", false) && !package("other", true));
    }

    #[test]
    fn a_library_that_we_chose_is_named_in_a_decision() {
        let manifest = "[workspace.dependencies]\nown = { path = \"crates/own\" }\naxum = \"0.8\"\nx = { package = \"y\", version = \"1\" }\n";
        let on = |text: &str| {
            let tree = Tree::sample(&[("Cargo.toml", manifest), ("docs/adr/0001-a.md", text)]);
            unnamed(&tree).iter().map(|finding| finding.line).collect::<Vec<_>>()
        };
        assert!(on("`axum` and `y`").is_empty());
        assert_eq!(on("`x`"), [3]);
        assert_eq!(on("axum"), [3, 4]);
    }

    #[test]
    fn without_a_list_nothing_may_be_linked() {
        assert!(allowances(&Tree::sample(&[("deny.toml", "[licenses]\n")])).is_err());
        assert!(allowances(&Tree::sample(&[])).is_err());
    }
}
