//! The largest files and functions: printed on every run, judged by nobody but the reader.

use crate::source;

#[test]
fn the_largest_files_and_functions_are_printed() {
    let sources = source::all();
    let mut files: Vec<(usize, String)> = sources
        .iter()
        .map(|source| (source.text.lines().count(), source.path.clone()))
        .collect();
    let mut functions: Vec<(usize, String)> = sources
        .iter()
        .filter(|source| source.is_library())
        .flat_map(|source| functions(&source.path, &source.text))
        .collect();
    files.sort_by(|left, right| right.cmp(left));
    functions.sort_by(|left, right| right.cmp(left));
    print("ten largest files, in lines", &files);
    print("ten largest functions, in lines", &functions);
    assert!(!functions.is_empty());
}

fn print(title: &str, rows: &[(usize, String)]) {
    println!("{title}:");
    for (lines, name) in rows.iter().take(10) {
        println!("{lines:>6}  {name}");
    }
}

/// Every function with its length. rustfmt ends a function with a brace in the column where its
/// signature began, which is all that is needed to find it.
fn functions(path: &str, text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = declared(line) else { continue };
        let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let length = lines[start..].iter().position(|line| *line == end);
        if let Some(length) = length {
            found.push((length + 1, format!("{path}:{} {name}", start + 1)));
        }
    }
    found
}

/// The name of the function that a line declares.
fn declared(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let modifiers = before.split_whitespace().all(|word| {
        matches!(word, "pub" | "async" | "const" | "unsafe") || word.starts_with("pub(")
    });
    modifiers.then(|| after.split(['(', '<']).next().unwrap_or_default())
}
