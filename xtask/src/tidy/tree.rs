//! The files that rules look at: everything git tracks or would track, read once.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::Command;

use super::lex::Source;

/// Folders that never belong to the tree when git cannot be asked.
const SKIPPED: &[&str] = &[".git", "target", "node_modules", "data"];

/// One file; `text` is absent when it is binary, `source` is present for Rust.
pub(crate) struct File {
    pub path: String,
    pub text: Option<String>,
    pub source: Option<Source>,
}

impl File {
    pub(crate) fn new(path: &str, text: Option<String>) -> Self {
        let source = text.as_deref().filter(|_| path.ends_with(".rs")).map(Source::lex);
        Self { path: path.to_owned(), text, source }
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// A file that holds only tests.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.name();
        let in_folder = self.path.split('/').any(|folder| folder == "tests" || folder == "benches");
        in_folder || name == "tests.rs" || name.ends_with("_tests.rs")
    }

    /// The crate that a file under `crates/` belongs to.
    pub(crate) fn krate(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split_once('/').map(|(krate, _)| krate)
    }
}

/// All files, sorted by path, and every folder above them.
pub(crate) struct Tree {
    pub files: Vec<File>,
    folders: BTreeSet<String>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for path in listed(root)? {
            let full = root.join(&path);
            if full.is_file() {
                let bytes = std::fs::read(&full)?;
                let text = String::from_utf8(bytes).ok().filter(|t| !t.contains('\0'));
                files.push(File::new(&path, text));
            }
        }
        Ok(Self::new(files))
    }

    fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let folders = files.iter().flat_map(|f| above(&f.path)).collect();
        Self { files, folders }
    }

    #[cfg(test)]
    pub(crate) fn sample(files: &[(&str, &str)]) -> Self {
        Self::new(files.iter().map(|(path, text)| File::new(path, Some((*text).to_owned()))).collect())
    }

    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|f| f.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files.iter().filter_map(|f| f.source.as_ref().map(|s| (f, s)))
    }

    /// All paths: files and folders.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| f.path.as_str()).chain(self.folders.iter().map(String::as_str))
    }

    /// Whether the path is a file or a folder with a file in it.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.get(path).is_some() || self.folders.contains(path.trim_end_matches('/'))
    }

    /// The crates under `crates/`.
    pub(crate) fn crates(&self) -> BTreeSet<&str> {
        self.files.iter().filter_map(File::krate).collect()
    }
}

fn above(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned()).collect()
}

fn listed(root: &Path) -> io::Result<Vec<String>> {
    let git = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    if let Ok(output) = Command::new("git").args(git).current_dir(root).output()
        && output.status.success()
    {
        let all = String::from_utf8_lossy(&output.stdout);
        let mut paths: Vec<String> = all.split('\0').filter(|p| !p.is_empty()).map(str::to_owned).collect();
        paths.sort();
        paths.dedup();
        return Ok(paths);
    }
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    Ok(found)
}

/// Without git (an unpacked archive): every file outside the folders that builds create.
fn walk(root: &Path, under: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(under))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if under.is_empty() { name.clone() } else { format!("{under}/{name}") };
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(root, &path, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_are_found() {
        let tree = Tree::sample(&[("crates/codes/src/lib.rs", "//! x"), ("a.md", "")]);
        assert!(tree.has("crates/codes/src/lib.rs") && tree.has("crates/codes/") && tree.has("crates"));
        assert!(!tree.has("crates/co"));
        assert_eq!(tree.crates().into_iter().collect::<Vec<_>>(), ["codes"]);
    }

    #[test]
    fn reads_a_folder_without_git() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("crates/a/src")).unwrap();
        std::fs::create_dir_all(dir.path().join("target")).unwrap();
        std::fs::write(dir.path().join("crates/a/src/lib.rs"), "//! a").unwrap();
        std::fs::write(dir.path().join("target/x.rs"), "x").unwrap();
        std::fs::write(dir.path().join("font.woff2"), [0u8, 255]).unwrap();
        let tree = Tree::read(dir.path()).unwrap();
        let paths: Vec<&str> = tree.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/src/lib.rs", "font.woff2"]);
        assert!(tree.files[1].text.is_none());
    }
}
