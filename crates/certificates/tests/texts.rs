//! Every text key that the code and the templates name stands in the file of texts.
#![allow(clippy::unwrap_used)] // helpers of tests may fail by panicking, as tests do
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Texts between double quotes that look like keys of this crate; those that end in a hyphen begin one.
fn named(text: &str) -> Vec<String> {
    let keys = text.split('"').filter(|part| part.starts_with("certificates-"));
    keys.map(|key| key.split('{').next().unwrap().to_owned()).collect()
}

#[test]
fn no_key_is_missing_and_none_is_left_over() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&here.join("src"), &mut sources);
    files(&here.join("templates"), &mut sources);
    let used: Vec<String> = sources.iter().flat_map(|file| named(&std::fs::read_to_string(file).unwrap())).collect();
    let texts = std::fs::read_to_string(here.join("../../locales/en/certificates.ftl")).unwrap();
    let keys: Vec<&str> = texts.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    for key in &used {
        let stands =
            if key.ends_with('-') { keys.iter().any(|k| k.starts_with(key)) } else { keys.contains(&key.as_str()) };
        assert!(stands, "{key} is used and has no text");
    }
    for key in keys {
        let is_used = used.iter().any(|u| u == key || (u.ends_with('-') && key.starts_with(u.as_str())));
        assert!(is_used, "{key} has a text and is not used");
    }
}
