//! Tool names: legal for every client, readable, unique, and the same when the document grows.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// What a name is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'d> {
    pub(crate) operation_id: Option<&'d str>,
    pub(crate) method: &'d str,
    pub(crate) path: &'d str,
}

/// A name before it is known to be unique.
struct Candidate {
    name: String,
    /// The document wrote it exactly so.
    exact: bool,
}

/// Names every operation, in the order given.
///
/// A name depends on its own operation and on those it collides with, never on the order or on
/// counters, so that adding an operation elsewhere renames nothing. Among operations that would
/// share a name, the only one that wrote it so itself keeps it (adding `a/b` later does not rename
/// `a_b`); every other takes a suffix from its method and path, which no two operations share.
pub(crate) fn assign(origins: &[Origin<'_>], most: usize) -> Vec<String> {
    let candidates: Vec<Candidate> = origins
        .iter()
        .map(|origin| candidate(*origin, most))
        .collect();
    let mut sharing: HashMap<&str, (usize, usize)> = HashMap::new();
    for candidate in &candidates {
        let (all, exact) = sharing.entry(&candidate.name).or_default();
        *all += 1;
        *exact += usize::from(candidate.exact);
    }
    let keeps = |candidate: &Candidate| match sharing[candidate.name.as_str()] {
        (1, _) => true,
        (_, exact) => exact == 1 && candidate.exact,
    };
    let mut taken: HashSet<String> = candidates
        .iter()
        .filter(|candidate| keeps(candidate))
        .map(|candidate| candidate.name.clone())
        .collect();

    // Suffixes are given in an order of their own, as a clash between them is settled first come.
    let mut order: Vec<usize> = (0..origins.len())
        .filter(|&place| !keeps(&candidates[place]))
        .collect();
    order.sort_by_key(|&place| (origins[place].path, origins[place].method));
    let mut names: Vec<String> = candidates
        .iter()
        .map(|candidate| candidate.name.clone())
        .collect();
    for place in order {
        let name = (6..=64)
            .step_by(2)
            .map(|digits| suffixed(&candidates[place].name, origins[place], digits, most))
            .find(|name| !taken.contains(name));
        names[place] = name.unwrap_or_else(|| hash(origins[place], 64));
        taken.insert(names[place].clone());
    }
    names
}

fn candidate(origin: Origin<'_>, most: usize) -> Candidate {
    let written = origin.operation_id.map(str::trim).unwrap_or_default();
    let legal = match clean(written) {
        name if name.contains(|found: char| found.is_ascii_alphanumeric()) => name,
        _ => from_path(origin.method, origin.path),
    };
    let exact = legal == written && legal.len() <= most;
    let name = if legal.len() <= most {
        legal
    } else {
        suffixed(&legal, origin, 6, most)
    };
    Candidate { name, exact }
}

/// Every run of characters that a name must not have becomes one `_`. What is legal stays.
fn clean(written: &str) -> String {
    let legal = |found: char| found.is_ascii_alphanumeric() || matches!(found, '_' | '-');
    if written.chars().all(legal) {
        return written.to_owned();
    }
    let parts: Vec<&str> = written.split(|found| !legal(found)).collect();
    let parts = parts
        .iter()
        .map(|part| part.trim_matches('_'))
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

/// `GET /pets/{id}` is `get_pets_by_id`.
fn from_path(method: &str, path: &str) -> String {
    let mut words = vec![method.to_ascii_lowercase()];
    for segment in path
        .split(['/', '?', '&', '#', '='])
        .filter(|segment| !segment.is_empty())
    {
        let placeholder = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let word = clean(placeholder.unwrap_or(segment))
            .trim_matches(['_', '-'])
            .to_owned();
        match word.is_empty() {
            true => {}
            false if placeholder.is_some() => words.extend(["by".to_owned(), word]),
            false => words.push(word),
        }
    }
    if words.len() == 1 {
        words.push("root".to_owned());
    }
    words.join("_")
}

/// The name cut at a word's end to leave room, and a hash of what no other operation shares.
fn suffixed(name: &str, origin: Origin<'_>, digits: usize, most: usize) -> String {
    let hash = hash(origin, digits.min(most));
    let room = most.saturating_sub(digits + 1);
    let stem = if name.len() <= room {
        name
    } else {
        &name[..word_end(name, room)]
    };
    match stem.trim_end_matches(['_', '-']) {
        "" => hash,
        stem => format!("{stem}_{hash}"),
    }
}

/// The last place up to `room` where a word ends: before a separator or a capital after a small
/// letter. Names are ASCII here.
fn word_end(name: &str, room: usize) -> usize {
    let bytes = name.as_bytes();
    let ends = |at: &usize| {
        let (before, after) = (bytes[*at - 1], bytes[*at]);
        matches!(after, b'_' | b'-') || (before.is_ascii_lowercase() && after.is_ascii_uppercase())
    };
    (room / 2 + 1..=room).rev().find(ends).unwrap_or(room)
}

fn hash(origin: Origin<'_>, digits: usize) -> String {
    fingerprint(&format!("{} {}", origin.method, origin.path), digits)
}

/// The first digits of a text's SHA-256, in hexadecimal.
pub(crate) fn fingerprint(text: &str, digits: usize) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(text) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(digits);
    hex
}

#[cfg(test)]
mod tests;
