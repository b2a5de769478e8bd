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

/// Whether model providers take `name` as the key of a property.
pub(crate) fn is_legal(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len()) && name.chars().all(is_legal_in_key)
}

fn is_legal_in_key(found: char) -> bool {
    found.is_ascii_alphanumeric() || matches!(found, '_' | '.' | '-')
}

/// `page[number]` becomes `page_number`, `$filter` becomes `filter`.
fn legal(name: &str) -> String {
    if name.chars().all(is_legal_in_key) && !name.is_empty() {
        return shortened(name);
    }
    let words: Vec<&str> = name
        .split(|found| !is_legal_in_key(found))
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Claim, assign};
    use crate::operation::Location;

    #[track_caller]
    fn check(claims: &[(&str, Option<Location>)], expected: Expect) {
        let claims = claims
            .iter()
            .map(|&(name, location)| Claim { name, location });
        expected.assert_eq(&assign(&claims.collect::<Vec<_>>()).join(" "));
    }

    #[test]
    fn legal_names_stay() {
        check(
            &[
                ("user-id", Some(Location::Path)),
                ("X-Trace.Id", Some(Location::Header)),
            ],
            expect!["user-id X-Trace.Id"],
        );
    }

    #[test]
    fn illegal_characters_are_replaced() {
        check(
            &[
                ("page[number]", Some(Location::Query)),
                ("$filter", Some(Location::Query)),
                ("名前", Some(Location::Query)),
            ],
            expect!["page_number filter argument_7ec262"],
        );
    }

    #[test]
    fn the_path_keeps_its_name_and_others_say_where_they_go() {
        check(
            &[
                ("id", None),
                ("id", Some(Location::Query)),
                ("id", Some(Location::Path)),
                ("id", Some(Location::Header)),
                ("id", Some(Location::Cookie)),
            ],
            expect!["body_id query_id id header_id cookie_id"],
        );
    }

    #[test]
    fn a_legal_name_comes_before_a_repaired_one() {
        check(
            &[
                ("$filter", Some(Location::Query)),
                ("filter", Some(Location::Query)),
            ],
            expect!["query_filter filter"],
        );
    }

    #[test]
    fn long_names_keep_their_beginning() {
        let long = "a".repeat(80);
        check(
            &[(&long, None), (&format!("{long}b"), None)],
            expect![
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_0f45e8 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_e3edc3"
            ],
        );
    }
}
