//! Every requirement that the wire must meet, and every bad input it must survive, has a test that
//! names it in its first doc line: `/// Row 14.`, `/// Rows 14 to 19.`, `/// Rule B4, row 24.`

use std::collections::BTreeSet;

use crate::source;

/// Bad inputs to be tried: HTTP framing 1 to 10, bodies 11 to 22, headers of MCP 23 to 29.
const ROWS: std::ops::RangeInclusive<u32> = 1..=29;
/// Rules of the specification, each section's letter and how many it has: B HTTP, C state, schemas,
/// elicitation and tasks, D the OAuth client.
const RULES: [(char, u32); 3] = [('B', 12), ('C', 12), ('D', 12)];
/// Extensions of OAuth; their tests say `Row F` and the name.
const EXTENSIONS: [&str; 4] = [
    "client credentials",
    "enterprise-managed authorization",
    "DPoP",
    "workload identity",
];
/// Rules without a test, each with what it waits for. This list only ever gets shorter.
const GAPS: [(&str, &str); 3] = [
    (
        "C9",
        "a client of people, which asks before it opens an address",
    ),
    ("C10", "a client that shows icons"),
    (
        "C12",
        "upstreams that are MCP servers and annotate their own tools",
    ),
];

#[test]
fn every_row_and_rule_is_named_by_a_test() {
    let (mut rows, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let mut extensions: BTreeSet<&str> = BTreeSet::new();
    for source in source::all() {
        let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            // Only what stands above a test counts.
            let tests = |line: &&str| line.starts_with("#[") && line.contains("test");
            if let Some(doc) = line.strip_prefix("/// ")
                && lines[at..].iter().take(6).any(tests)
            {
                named(doc, &mut rows, &mut rules);
                let found = EXTENSIONS.iter().filter(|name| doc.contains(**name));
                extensions.extend(found.filter(|_| doc.contains('F')));
            }
            // Or in the test's own name: `b6_a_tool_with_an_invalid_annotation_is_left_out`.
            if let Some((_, name)) = line.split_once("fn ")
                && lines[at.saturating_sub(3)..at].iter().any(tests)
            {
                let first = name
                    .split('_')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_uppercase();
                rules.extend(Some(first).filter(|first| is_rule(first)));
            }
        }
    }
    let missing_rows: Vec<u32> = ROWS.filter(|row| !rows.contains(row)).collect();
    let missing_rules: Vec<String> = RULES
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |rule| format!("{section}{rule}")))
        .filter(|rule| rules.contains(rule) == GAPS.iter().any(|(gap, _)| gap == rule))
        .collect();
    let missing_extensions: Vec<&str> = EXTENSIONS
        .into_iter()
        .filter(|name| !extensions.contains(name))
        .collect();
    assert!(
        missing_rows.is_empty(),
        "no test names the rows {missing_rows:?}"
    );
    assert!(
        missing_extensions.is_empty(),
        "no test names {missing_extensions:?}"
    );
    assert!(
        missing_rules.is_empty(),
        "{missing_rules:?}: no test names them, or one does and they are still listed as gaps"
    );
}

/// Collects what one doc line names.
fn named(doc: &str, rows: &mut BTreeSet<u32>, rules: &mut BTreeSet<String>) {
    let words: Vec<&str> = doc
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut in_rows = false;
    let mut last = None;
    for (at, word) in words.iter().enumerate() {
        match word.to_ascii_lowercase().as_str() {
            "row" | "rows" => in_rows = true,
            "rule" | "rules" => in_rows = false,
            "to" if in_rows => {
                let end = words.get(at + 1).and_then(|end| end.parse::<u32>().ok());
                if let (Some(start), Some(end)) = (last, end) {
                    rows.extend(start..=end);
                }
            }
            "and" => {}
            other => match other.parse::<u32>() {
                Ok(row) if in_rows => {
                    rows.insert(row);
                    last = Some(row);
                }
                _ if is_rule(word) => {
                    rules.insert((*word).to_owned());
                }
                // The list is over: what follows is prose.
                _ => in_rows = false,
            },
        }
    }
}

fn is_rule(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|section| RULES.iter().any(|(known, _)| *known == section))
        && word.len() > 1
        && letters.all(|letter| letter.is_ascii_digit())
}
