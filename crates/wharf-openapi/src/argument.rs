//! What arguments are called: as in the document where a model may see that name.

use std::collections::HashSet;

use crate::name::fingerprint;
use crate::operation::Location;

/// Model providers refuse whole requests for one property key outside `^[a-zA-Z0-9_.-]{1,64}$`.
const LONGEST: usize = 64;

/// Something that needs an argument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<'d> {
    pub(crate) name: &'d str,
    /// Where it travels; `None` is the body.
    pub(crate) location: Option<Location>,
}

/// One name for each claim, in the order of the claims.
///
/// The plain name goes to the path first, then to the query, headers, cookies and the body; who comes
/// too late has its place put before it (`query_id`, `body_id`). Within one place, names that are
/// legal as written come before those that had to be repaired.
pub(crate) fn assign(claims: &[Claim<'_>]) -> Vec<String> {
    let legal: Vec<String> = claims.iter().map(|claim| legal(claim.name)).collect();
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&place| {
        (
            rank(claims[place].location),
            legal[place] != claims[place].name,
            place,
        )
    });

    let mut taken = HashSet::new();
    let mut names = legal.clone();
    for place in order {
        let plain = &legal[place];
        let prefixed = shortened(&format!("{}_{plain}", prefix(claims[place].location)));
        let numbered = (2_u32..).map(|number| shortened(&format!("{plain}_{number}")));
        let mut choices = [plain.clone(), prefixed].into_iter().chain(numbered);
        if let Some(name) = choices.find(|name| !taken.contains(name)) {
            taken.insert(name.clone());
            names[place] = name;
        }
    }
    names
}

/// The name of the argument that is a whole body, beside the names that are taken.
pub(crate) fn whole_body(taken: &[String]) -> String {
    let numbered = (2_u32..).map(|number| format!("request_body_{number}"));
    let mut choices = ["body", "request_body"]
        .into_iter()
        .map(str::to_owned)
        .chain(numbered);
    choices
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

fn rank(location: Option<Location>) -> u8 {
    match location {
        Some(Location::Path) => 0,
        Some(Location::Query | Location::QueryString) => 1,
        Some(Location::Header) => 2,
        Some(Location::Cookie) => 3,
        None => 4,
    }
}

fn prefix(location: Option<Location>) -> &'static str {
    match location {
        Some(Location::Path) => "path",
        Some(Location::Query | Location::QueryString) => "query",
        Some(Location::Header) => "header",
        Some(Location::Cookie) => "cookie",
        None => "body",
    }
}

/// `page[number]` becomes `page_number`, `$filter` becomes `filter`.
fn legal(name: &str) -> String {
    let is_legal = |found: char| found.is_ascii_alphanumeric() || matches!(found, '_' | '.' | '-');
    if name.chars().all(is_legal) && !name.is_empty() {
        return shortened(name);
    }
    let words: Vec<&str> = name
        .split(|found| !is_legal(found))
        .filter(|word| !word.is_empty())
        .collect();
    match words.join("_") {
        // A name in another script: its hash keeps it apart from the others.
        empty if empty.is_empty() => format!("argument_{}", fingerprint(name, 6)),
        joined => shortened(&joined),
    }
}

/// A name that is too long keeps its beginning and takes a hash of all of it.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        name.to_owned()
    } else {
        format!("{}_{}", &name[..LONGEST - 7], fingerprint(name, 6))
    }
}
