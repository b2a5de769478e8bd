//! The few headers that lead a caller further.

use super::{Response, control, reading, status};

/// Shown when they are there. Everything else is plumbing, or none of the model's business.
const SHOWN: [&str; 22] = [
    "Location",
    "Content-Location",
    "Operation-Location",
    "Azure-AsyncOperation",
    "Retry-After",
    "ETag",
    "Content-Range",
    "X-Total-Count",
    "X-Total",
    "X-Total-Pages",
    "X-Page",
    "X-Per-Page",
    "X-Next-Page",
    "X-Next-Cursor",
    "X-Next",
    "Next-Page",
    "Next-Page-Token",
    "Total-Records",
    "Opc-Next-Page",
    "X-Ms-Continuation",
    "X-Continuation-Token",
    "X-Pagination",
];

/// Longest value shown, in bytes.
const VALUE_BYTES: usize = 1000;

/// Query parameters that carry a credential in a link that a server hands back.
const SECRET_PARAMETERS: [&str; 6] = [
    "access_token",
    "api_key",
    "apikey",
    "api-key",
    "client_secret",
    "password",
];

/// The value of the first header called `name`, whatever its case.
pub(super) fn first<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers
        .iter()
        .find(|(each, _)| each.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The same, fit to be shown.
pub(super) fn value(headers: &[(String, String)], name: &str) -> Option<String> {
    first(headers, name)
        .map(shown)
        .filter(|value| !value.is_empty())
}

/// A status that says more than "OK", and the headers above, one a line.
pub(super) fn notes(response: &Response<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    // Without a body the status is the whole answer, and said there.
    if response.status != 200 && !response.body.is_empty() {
        notes.push(format!("HTTP {}", status::named(response.status)));
    }
    for name in SHOWN {
        notes.extend(value(response.headers, name).map(|value| format!("{name}: {value}")));
    }
    let links = response
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    notes.extend(
        links
            .filter_map(|(_, value)| next(value))
            .map(|next| format!("Link: <{}>; rel=\"next\"", shown(next))),
    );
    notes
}

/// The target of `rel="next"` in a `Link` header (RFC 8288).
fn next(links: &str) -> Option<&str> {
    let mut rest = links;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, behind) = after.split_once('>')?;
        // The parameters end where the next link begins; a target may hold commas, they may not hold `<`.
        let parameters = behind.split('<').next().unwrap_or_default();
        let is_next = |parameter: &str| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
            let named = name.trim().eq_ignore_ascii_case("rel");
            named.then(|| {
                value
                    .split_whitespace()
                    .any(|each| each.eq_ignore_ascii_case("next"))
            })
        };
        if parameters
            .split(';')
            .any(|parameter| is_next(parameter) == Some(true))
        {
            return Some(target);
        }
        rest = behind;
    }
    None
}

fn shown(value: &str) -> String {
    let value = value.replace(['\r', '\n', '\t'], " ");
    let (clean, _) = control::strip(value.trim());
    let (kept, _) = reading::shorten(&clean, VALUE_BYTES);
    without_secrets(kept)
}

/// Masks `?access_token=…` and its kin, and `user:password@` in front of a host.
fn without_secrets(value: &str) -> String {
    let mut masked = String::with_capacity(value.len());
    for (at, piece) in value.split_inclusive(['?', '&']).enumerate() {
        let secret = piece.split_once('=').is_some_and(|(name, _)| {
            SECRET_PARAMETERS
                .iter()
                .any(|each| name.eq_ignore_ascii_case(each))
        });
        match piece.split_once('=') {
            Some((name, rest)) if at > 0 && secret => {
                masked.push_str(name);
                masked.push_str("=***");
                masked.extend(rest.chars().next_back().filter(|last| *last == '&'));
            }
            _ => masked.push_str(piece),
        }
    }
    without_user(&masked)
}

fn without_user(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..host_end].rfind('@') {
        Some(at) => format!("{scheme}://***@{}", &rest[at + 1..]),
        None => value.to_owned(),
    }
}
