//! Texts for people: the same keys and variables in the three languages, every used key there, every key used.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::arrows::FLOORS;
use super::fluent::{self, Message, is_key_char};
use super::tree::{File, Tree};

/// The first is the reference for variables.
const LANGUAGES: &[&str] = &["zh-Hans", "zh-Hant", "en"];

/// Where keys are used: code, templates and documents.
const USERS: &[&str] = &[".rs", ".html", ".yaml", ".yml"];

/// How templates ask for a text.
const CALLS: &[&str] = &["t.get(\"", "t.arg(\"", "t.args(\"", "s.t(\"", "t(\""];

type Texts = BTreeMap<String, (String, Message)>;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let languages: Vec<Texts> = LANGUAGES.iter().map(|lang| read(tree, lang, &mut findings)).collect();
    findings.extend(same_in_all(&languages));
    let known: BTreeMap<&str, &(String, Message)> =
        languages.iter().rev().flatten().map(|(key, place)| (key.as_str(), place)).collect();
    findings.extend(references(&languages));
    let families = families(&known);
    let mut reported = BTreeSet::new();
    for file in users(tree).filter(|f| !f.is_test()) {
        let asked = asked(file, &families).into_iter().filter(|(_, key)| !known.contains_key(key));
        let first = asked.filter(|(_, key)| reported.insert(*key));
        findings.extend(first.map(|(line, key)| Finding::new("texts", &file.path, line, missing(key))));
    }
    findings.extend(unused(tree, &known));
    findings
}

fn users(tree: &Tree) -> impl Iterator<Item = &File> {
    let asks = |f: &&File| USERS.iter().any(|ending| f.path.ends_with(ending));
    tree.files.iter().filter(|f| !f.path.starts_with("xtask/") && !f.path.starts_with("e2e/")).filter(asks)
}

/// `locales/en/services.ftl` → `services`.
fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".ftl")).unwrap_or_default()
}

/// All messages of a language by key.
fn read(tree: &Tree, lang: &str, findings: &mut Vec<Finding>) -> Texts {
    let under = format!("locales/{lang}/");
    let mut texts = Texts::new();
    for file in tree.files.iter().filter(|f| f.path.starts_with(&under) && f.path.ends_with(".ftl")) {
        for message in fluent::parse(file.text()) {
            let (line, key) = (message.line, message.key.clone());
            if let Some((first, _)) = texts.insert(key.clone(), (file.path.clone(), message)) {
                findings.push(Finding::new("texts", &file.path, line, doubled(&key, &first)));
            }
        }
    }
    texts
}

fn doubled(key: &str, first: &str) -> String {
    format!("the key `{key}` is already in {first}. Only one of the two texts would be shown. Delete one.")
}

fn same_in_all(languages: &[Texts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let keys: BTreeSet<&String> = languages.iter().flat_map(|texts| texts.keys()).collect();
    for key in keys {
        let Some((path, message)) = languages.iter().find_map(|texts| texts.get(key)) else { continue };
        for (lang, texts) in LANGUAGES.iter().zip(languages) {
            match texts.get(key) {
                None => findings.push(untranslated(key, lang, path, message.line)),
                Some((here, other)) if other.variables != message.variables => {
                    findings.push(Finding::new("texts", here, other.line, differs(key, path, message)));
                }
                Some(_) => {}
            }
        }
    }
    findings
}

fn untranslated(key: &str, lang: &str, path: &str, line: usize) -> Finding {
    let there = format!("locales/{lang}/{}.ftl", stem(path));
    let text = format!(
        "the key `{key}` is missing in {there}. A reader of that language would see a key instead of a sentence. \
         Add the translation."
    );
    Finding::new("texts", path, line, text)
}

fn differs(key: &str, path: &str, message: &Message) -> String {
    let variables: Vec<String> = message.variables.iter().map(|v| format!("${v}")).collect();
    format!(
        "the key `{key}` does not use the same variables as {path}, which uses [{}]. A sentence would lack a fact or show a \
         hole. Use the same ones.",
        variables.join(", ")
    )
}

fn references(languages: &[Texts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for texts in languages {
        for (path, message) in texts.values() {
            for name in message.references.iter().filter(|name| !texts.contains_key(*name)) {
                let text = format!(
                    "`{}` includes `{name}`, which this language does not have. The sentence would have a hole. \
                     Add it or take it out.",
                    message.key
                );
                findings.push(Finding::new("texts", path, message.line, text));
            }
        }
    }
    findings
}

/// Keys that the file asks for, with their lines.
fn asked<'a>(file: &'a File, families: &BTreeSet<String>) -> Vec<(usize, &'a str)> {
    if let Some(source) = &file.source {
        let literals = source.strings.iter().filter(|l| !source.is_test(l.line) && is_text_key(&l.value, families));
        return literals.map(|l| (l.line, l.value.as_str())).collect();
    }
    let template = Some(file.text()).filter(|_| file.path.ends_with(".html")).unwrap_or_default();
    let lines = template.lines().enumerate();
    lines.flat_map(|(at, line)| calls(line).into_iter().map(move |key| (at + 1, key))).collect()
}

fn missing(key: &str) -> String {
    format!(
        "the text `{key}` does not exist. A person would see the key instead of a sentence. \
         Add it to the file of its crate in locales/zh-Hans, locales/zh-Hant and locales/en."
    )
}

/// Keys in calls like `t.get("services-title")`.
fn calls(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for call in CALLS {
        for (at, _) in line.match_indices(call) {
            let part_of_name = line[..at].ends_with(|c: char| is_key_char(c));
            let key = line[at + call.len()..].split('"').next().unwrap_or_default();
            if !part_of_name && fluent::is_key(key) && key.contains('-') && !key.ends_with('-') {
                found.push(key);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Beginnings that only text keys have: the name of a crate, and the first two words of keys with three and more.
fn families(known: &BTreeMap<&str, &(String, Message)>) -> BTreeSet<String> {
    let crates = FLOORS.iter().copied().flatten().map(|krate| format!("{krate}-"));
    let pairs = known.keys().filter_map(|key| {
        let (at, _) = key.match_indices('-').nth(1)?;
        Some(key[..=at].to_owned())
    });
    crates.chain(pairs).collect()
}

fn is_text_key(value: &str, families: &BTreeSet<String>) -> bool {
    let ends = value.match_indices('-').take(2).map(|(at, _)| &value[..=at]);
    fluent::is_key(value) && !value.ends_with('-') && ends.into_iter().any(|begin| families.contains(begin))
}

fn unused(tree: &Tree, known: &BTreeMap<&str, &(String, Message)>) -> Vec<Finding> {
    let (used, prefixes) = used(tree);
    let included: BTreeSet<&str> = known.values().flat_map(|(_, m)| m.references.iter().map(String::as_str)).collect();
    let mut findings = Vec::new();
    for (key, (path, message)) in known {
        let name = key.split('.').next().unwrap_or(key);
        let by_prefix = prefixes.iter().any(|(prefix, ..)| name.starts_with(prefix));
        if !used.contains(name) && !included.contains(name) && !by_prefix {
            let text = format!(
                "nothing uses the text `{key}`. Dead texts are translated for nobody. Delete it in all languages, or, when \
                 the key is put together in code, say so beside that line: `// keys: {name}-*` with the fixed beginning."
            );
            findings.push(Finding::new("texts", path, message.line, text));
        }
    }
    for (prefix, file, line) in prefixes.iter().filter(|(p, ..)| !known.keys().any(|key| key.starts_with(p))) {
        let text =
            format!("no text begins with `{prefix}`. The note would hide a key that is missing. Correct or delete it.");
        findings.push(Finding::new("texts", file, *line, text));
    }
    findings
}

type Prefix<'a> = (&'a str, &'a str, usize);

/// Words in strings, templates and documents, and prefixes from `keys: prefix-*` notes with their place.
fn used(tree: &Tree) -> (BTreeSet<&str>, Vec<Prefix<'_>>) {
    let (mut words, mut prefixes) = (BTreeSet::new(), Vec::new());
    for file in users(tree) {
        match &file.source {
            Some(source) => words.extend(source.strings.iter().flat_map(|l| key_words(&l.value))),
            None => words.extend(key_words(file.text())),
        }
        for (at, line) in file.text().lines().enumerate() {
            let Some((_, note)) = line.split_once("keys: ") else { continue };
            let named = note.split([' ', ',']).filter_map(|word| word.strip_suffix('*')).filter(|p| p.ends_with('-'));
            prefixes.extend(named.map(|prefix| (prefix, file.path.as_str(), at + 1)));
        }
    }
    (words, prefixes)
}

fn key_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_key_char(c)).filter(|word| word.contains('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANS: &str = "locales/zh-Hans/services.ftl";
    const HANT: &str = "locales/zh-Hant/services.ftl";
    const EN: &str = "locales/en/services.ftl";
    const PAGE: &str = "crates/services/templates/a.html";

    fn found(texts: [&str; 3], page: &str) -> Vec<(String, usize)> {
        let tree = Tree::sample(&[(HANS, texts[0]), (HANT, texts[1]), (EN, texts[2]), (PAGE, page)]);
        check(&tree).into_iter().map(|f| (f.path, f.line)).collect()
    }

    fn place(path: &str, line: usize) -> Vec<(String, usize)> {
        vec![(path.to_owned(), line)]
    }

    #[test]
    fn complete_texts_pass() {
        let text = "services-a = { $n }\nservices-b = b\n";
        assert_eq!(found([text; 3], "{{ t.arg(\"services-a\", n) }} {{ s.t(\"services-b\") }}"), []);
    }

    #[test]
    fn a_missing_translation_and_a_lost_variable_are_found() {
        let page = "{{ t.get(\"services-a\") }}";
        assert_eq!(found(["services-a = a\n", "", "services-a = a\n"], page), place(HANS, 1));
        assert_eq!(found(["services-a = {$n}\n", "services-a = {$n}\n", "\nservices-a = {$m}\n"], page), place(EN, 2));
    }

    #[test]
    fn an_unknown_and_an_unused_key_are_found() {
        assert_eq!(
            found(["services-a = a\n"; 3], "\n{{ t.get(\"services-a\") }}{{ t.get(\"servces-b\") }}"),
            place(PAGE, 2)
        );
        assert_eq!(found(["services-a = a\n"; 3], ""), place(HANS, 1));
    }

    #[test]
    fn prefix_notes_cover_keys_and_must_be_true() {
        let texts = ["services-state-open = o\n"; 3];
        assert_eq!(found(texts, "{# keys: services-state-* #}"), []);
        assert_eq!(found(texts, "services-state-open {# keys: services-stage-* #}"), place(PAGE, 1));
    }

    #[test]
    fn keys_in_rust_count_unless_they_stand_in_tests() {
        let text = "services-a = a\n";
        let rust = "//! x\nconst A: &str = \"services-a\";\nconst B: &str = \"services-b\";\n\
                    #[cfg(test)]\nmod tests { const C: &str = \"services-c\"; }\n";
        let file = "crates/services/src/pages.rs";
        let tree = Tree::sample(&[(HANS, text), (HANT, text), (EN, text), (file, rust)]);
        assert_eq!(check(&tree).into_iter().map(|f| (f.path, f.line)).collect::<Vec<_>>(), place(file, 3));
    }

    #[test]
    fn keys_of_a_known_family_must_exist() {
        let text = "item-limit-months = m\nresident-name = n\n";
        let rust = "//! x\nconst A: [&str; 4] = [\"item-limit-months\", \"resident-name\",\n\"item-limit-years\", \"resident-id\"];\n";
        let file = "crates/services/src/item.rs";
        let tree = Tree::sample(&[(HANS, text), (HANT, text), (EN, text), (file, rust)]);
        assert_eq!(check(&tree).into_iter().map(|f| (f.path, f.line)).collect::<Vec<_>>(), place(file, 3));
    }

    #[test]
    fn keys_stand_once_and_include_only_what_exists() {
        let page = "services-a";
        assert_eq!(found(["services-a = a\nservices-a = b\n"; 3], page).len(), 3);
        assert_eq!(found(["services-a = { services-gone }\n"; 3], page).len(), 3);
    }
}
