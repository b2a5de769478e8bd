//! Which documents a command line names: files, folders, globs and URLs.

use std::path::{Path, PathBuf};

use wildmatch::WildMatch;

/// Endings of files that a folder is searched for.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];
/// Folders below folders that are searched.
const DEEPEST: usize = 32;

/// Every document, in the order of the command line, those of a folder by name. What is not there
/// stays in the list, so that it is reported like any other that cannot be read.
pub(super) fn documents(named: &[String]) -> Vec<String> {
    named.iter().flat_map(|name| expand(name)).collect()
}

fn expand(name: &str) -> Vec<String> {
    let path = Path::new(name);
    if path.is_dir() {
        return walk(path, &|_| true);
    }
    if name.contains("://") || path.exists() || !name.contains(['*', '?']) {
        return vec![name.to_owned()];
    }
    let glob = WildMatch::new(name);
    let found = walk(&root(path), &|path| glob.matches(&path.to_string_lossy()));
    if found.is_empty() {
        vec![name.to_owned()]
    } else {
        found
    }
}

/// The folder that a glob starts from: its components without wildcards.
fn root(glob: &Path) -> PathBuf {
    let literal: PathBuf = glob
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?']))
        .collect();
    literal
}

fn walk(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    walk_into(folder, wanted, DEEPEST, &mut found);
    found
}

fn walk_into(folder: &Path, wanted: &dyn Fn(&Path) -> bool, depth: usize, found: &mut Vec<String>) {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    // A folder that cannot be read has no documents to tell of.
    let Ok(entries) = std::fs::read_dir(here) else {
        return;
    };
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    for name in names {
        let path = folder.join(name);
        if path.is_dir() {
            if depth > 0 && !is_hidden(&path) {
                walk_into(&path, wanted, depth - 1, found);
            }
        } else if is_document(&path) && wanted(&path) {
            found.push(path.to_string_lossy().into_owned());
        }
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_document(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
