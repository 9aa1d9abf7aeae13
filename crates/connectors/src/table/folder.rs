//! What lies in the folder: files of the agreed name, told apart by time of change and size.
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How the name of a file with the reason ends.
const REASON: &str = ".refused.txt";

/// One state of one file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Dropped {
    path: PathBuf,
    changed: SystemTime,
    bytes: u64,
}

impl Dropped {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Beside the file, for whoever dropped it.
    pub(super) fn reason_path(&self) -> PathBuf {
        self.path.with_file_name(format!("{}{REASON}", self.name()))
    }
}

/// The newest first; of two of one moment the one with the later name.
pub(super) fn newest_first(folder: &Path, glob: &str) -> std::io::Result<Vec<Dropped>> {
    let mut drops = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link could lead anywhere: only files themselves. A wide pattern would take our own reasons for drops.
        if !entry.file_type()?.is_file() || name.ends_with(REASON) || !matches(glob, &name) {
            continue;
        }
        let metadata = entry.metadata()?;
        drops.push(Dropped { path: entry.path(), changed: metadata.modified()?, bytes: metadata.len() });
    }
    drops.sort_by(|a, b| (b.changed, &b.path).cmp(&(a.changed, &a.path)));
    Ok(drops)
}

/// `*` stands for anything, everything else for itself.
fn matches(glob: &str, name: &str) -> bool {
    let Some((head, rest)) = glob.split_once('*') else { return glob == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_anything() {
        for (glob, name, is_match) in [
            ("*.csv", "学历.csv", true),
            ("*.csv", "a.csv.new", false),
            ("xl_*_2026*.csv", "xl_x_20261120.csv", true),
            ("xl_*_2026*.csv", "xl_20261120.csv", false),
            ("a.csv", "a.csv", true),
            ("a*a", "a", false),
            ("*", "x", true),
        ] {
            assert_eq!(matches(glob, name), is_match, "{glob} {name}");
        }
    }
}
