//! Arrows between crates point down only, read from each crate's manifest.

use toml::{Table, Value};

use super::Finding;
use super::tree::{File, Tree};

/// Lowest floor first; neighbours on a floor do not know each other.
pub(crate) const FLOORS: &[&[&str]] = &[
    &["codes", "rules", "seal"],
    &["platform"],
    &["connectors", "directory", "registry"],
    &["events", "exchange"],
    &["certificates", "feedback", "gateway"],
    &["services"],
    &["benefits", "insight", "opendata", "projects"],
    &["app"],
];

/// From this floor on, facts about people come through `exchange`; only `app` joins everything.
const THROUGH_EXCHANGE: usize = 5;

/// What a pure crate may not stand on: it has no clock, no network and no database.
const IMPURE: &[&str] = &["axum", "hyper", "rusqlite", "tokio", "tokio-postgres", "tower"];

pub(crate) fn floor(krate: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&krate))
}

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let own: Vec<&File> = tree.files.iter().filter(|f| is_manifest(f)).collect();
    let mut findings: Vec<Finding> = own.iter().flat_map(|f| in_manifest(f)).collect();
    if let Some(file) = tree.get("xtask/Cargo.toml") {
        let known = dependencies(file.text()).into_iter().filter(|d| floor(&d.name).is_some());
        findings.extend(known.map(|d| {
            finding(
                file,
                &d,
                &format!(
                    "`xtask` depends on `{}`. The checks must build when the crates do not. Remove the dependency.",
                    d.name
                ),
            )
        }));
    }
    findings
}

fn is_manifest(file: &File) -> bool {
    file.krate().is_some_and(|krate| file.path == format!("crates/{krate}/Cargo.toml"))
}

fn in_manifest(file: &File) -> Vec<Finding> {
    let krate = file.krate().unwrap_or_default();
    let Some(own) = floor(krate) else {
        let text = format!(
            "the crate `{krate}` has no floor. Without one nobody knows what it may stand on. \
             Give it a place in FLOORS in xtask/src/tidy/arrows.rs and in ARCHITECTURE.md."
        );
        return vec![Finding::new("arrows", &file.path, 1, text)];
    };
    dependencies(file.text()).iter().filter_map(|d| wrong(krate, own, d).map(|text| finding(file, d, &text))).collect()
}

/// Why `krate` on floor `own` may not depend on this one.
fn wrong(krate: &str, own: usize, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    if own == 0 && !dependency.dev && IMPURE.contains(&name) {
        return Some(format!(
            "the pure crate `{krate}` depends on `{name}`. Pure code is a function of its arguments, so that it can be \
             checked and reused anywhere. Move what needs `{name}` to `platform` or above."
        ));
    }
    let other = floor(name)?;
    if other >= own {
        return Some(format!(
            "`{krate}` (floor {own}) depends on `{name}` (floor {other}). Arrows point down only, so that a feature can be \
             read and changed alone. Enqueue a job, or call a trait that crates/app/src/wiring.rs joins."
        ));
    }
    (name == "registry" && own >= THROUGH_EXCHANGE && krate != "app").then(|| {
        format!(
            "`{krate}` depends on `registry`. Every look at a person's data has a purpose, a case and a line that the \
             person can read, and `exchange` writes them. Ask `exchange` for the fact."
        )
    })
}

fn finding(file: &File, dependency: &Dependency, text: &str) -> Finding {
    let name = &dependency.key;
    let starts = |line: &str| {
        let rest = line.trim_start().strip_prefix(name.as_str());
        rest.is_some_and(|r| r.starts_with([' ', '.', '='])) || line.contains(&format!("dependencies.{name}]"))
    };
    let line = file.text().lines().position(starts).map_or(1, |at| at + 1);
    Finding::new("arrows", &file.path, line, text.to_owned())
}

struct Dependency {
    /// As written.
    key: String,
    /// The package behind it.
    name: String,
    dev: bool,
}

/// Dependencies of every kind and for every target.
fn dependencies(manifest: &str) -> Vec<Dependency> {
    let Ok(manifest) = manifest.parse::<Table>() else {
        return Vec::new(); // Cargo itself refuses a broken manifest, with a better message.
    };
    let targets = manifest.get("target").and_then(Value::as_table);
    let per_target = targets.into_iter().flat_map(|t| t.values()).filter_map(Value::as_table);
    std::iter::once(&manifest).chain(per_target).flat_map(in_table).collect()
}

fn in_table(table: &Table) -> Vec<Dependency> {
    let mut found = Vec::new();
    for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
        for (key, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
            let name = value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned();
            found.push(Dependency { key: key.clone(), name, dev: kind == "dev-dependencies" });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(krate: &str, manifest: &str) -> Vec<Finding> {
        check(&Tree::sample(&[(&format!("crates/{krate}/Cargo.toml"), manifest)]))
    }

    #[test]
    fn down_is_right_up_and_sideways_are_wrong() {
        let on = |name: &str| format!("[package]\n\n[dependencies]\ntime = \"1\"\n{name}.workspace = true\n");
        assert_eq!(found("directory", &on("platform")), []);
        assert_eq!(found("app", &on("registry")), []);
        assert_eq!(found("exchange", &on("registry")), []);
        for (krate, other) in [
            ("directory", "registry"),
            ("platform", "exchange"),
            ("codes", "seal"),
            ("services", "registry"),
            ("benefits", "registry"),
        ] {
            let found = found(krate, &on(other));
            assert_eq!((found.len(), found.first().map(|f| f.line)), (1, Some(5)), "{krate} → {other}");
        }
    }

    #[test]
    fn renamed_target_and_dev_dependencies_count() {
        assert_eq!(
            found("services", "[dependencies]\nfacts = { package = \"registry\", path = \"../registry\" }\n").len(),
            1
        );
        assert_eq!(found("seal", "[target.'cfg(unix)'.dependencies.codes]\nworkspace = true\n").len(), 1);
        assert_eq!(found("directory", "[dev-dependencies]\nservices.workspace = true\n").len(), 1);
    }

    #[test]
    fn pure_crates_stay_pure_and_every_crate_has_a_floor() {
        assert_eq!(found("codes", "[dependencies]\ntokio.workspace = true\n").len(), 1);
        assert_eq!(found("codes", "[dev-dependencies]\ntokio.workspace = true\n"), []);
        assert_eq!(found("misc", "[dependencies]\n").len(), 1);
    }

    #[test]
    fn xtask_knows_no_crate() {
        let tree = Tree::sample(&[("xtask/Cargo.toml", "[dependencies]\ncodes = { path = \"../crates/codes\" }\n")]);
        assert_eq!(check(&tree).len(), 1);
    }
}
