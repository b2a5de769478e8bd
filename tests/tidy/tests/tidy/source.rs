//! The repository's own sources, read as text.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file of ours.
pub(crate) struct Source {
    /// From the repository's root.
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether it is part of a library or program, not of its tests, examples or benchmarks.
    pub(crate) fn is_library(&self) -> bool {
        let test = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        !test && !self.path.contains("/examples/") && !self.path.contains("/benches/")
    }

    /// The lines that are not in a test module, with their numbers from 1. A file's test module is
    /// its last item.
    pub(crate) fn library_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }
}

/// Every Rust file under `crates/` and `tests/`.
pub(crate) fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root, &root.join(folder), &mut sources);
    }
    assert!(sources.len() > 50, "the sources were not found");
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("folders of the repository can be read")
        .map(|entry| entry.expect("entries can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("it was found there");
            sources.push(Source {
                path: name.to_string_lossy().replace('\\', "/"),
                text: fs::read_to_string(&path).expect("sources are UTF-8"),
            });
        }
    }
}
