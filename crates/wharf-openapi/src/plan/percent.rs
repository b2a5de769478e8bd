//! Percent-encoding: one set of safe characters for each place a text can stand in.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986, unreserved: what RFC 6570 leaves alone in every value.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Names as APIs write them: `$filter`, `fields@odata`, `ns:key` stay readable, brackets do not,
/// because strict servers (Tomcat) refuse raw ones and every server decodes names.
const NAME: &AsciiSet = &UNRESERVED.remove(b'$').remove(b'@').remove(b':');

/// `allowReserved` in a query, less what would end the value or change it: `&`, `#`, and `+`, which
/// form decoders read as a space. Brackets are legal nowhere but in an IPv6 host.
const RESERVED_QUERY: &AsciiSet = &UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// `allowReserved` in a path: a segment's own characters, never its ends.
const RESERVED_PATH: &AsciiSet = &RESERVED_QUERY.remove(b'&').remove(b'+').add(b'/').add(b'?');

/// What a cookie may hold as it is (RFC 6265 `cookie-octet`), less `%` and `+`, which decoders change.
const COOKIE: &AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'/')
    .remove(b':')
    .remove(b'<')
    .remove(b'=')
    .remove(b'>')
    .remove(b'?')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'^')
    .remove(b'`')
    .remove(b'{')
    .remove(b'|')
    .remove(b'}');

/// What a URL cannot hold at all; the rest of the author's text is left as it is.
const ILLEGAL: &AsciiSet = &RESERVED_QUERY
    .remove(b'&')
    .remove(b'+')
    .remove(b'[')
    .remove(b']')
    .remove(b'#');

/// A value, whole: only unreserved characters stay.
pub(super) fn value(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The name of a query parameter or a form field.
pub(super) fn name(text: &str) -> String {
    utf8_percent_encode(text, NAME).to_string()
}

/// A query value of a parameter with `allowReserved`.
pub(super) fn reserved_in_query(text: &str) -> String {
    keeping_triplets(text, RESERVED_QUERY)
}

/// A path value of a parameter with `allowReserved`.
pub(super) fn reserved_in_path(text: &str) -> String {
    keeping_triplets(text, RESERVED_PATH)
}

/// A cookie's value. Servers that decode and servers that do not both read the caller's text from
/// it, as long as the text is made of common token characters.
pub(super) fn cookie(text: &str) -> String {
    utf8_percent_encode(text, COOKIE).to_string()
}

/// URL text that the document's author wrote: only what no URL may hold is encoded.
pub(super) fn repair(text: &str) -> String {
    keeping_triplets(text, ILLEGAL)
}

/// Encodes all but the triplets (`%2F`) that are there already (RFC 6570, section 3.2.3).
fn keeping_triplets(text: &str, set: &'static AsciiSet) -> String {
    let mut encoded = String::with_capacity(text.len());
    for (at, piece) in text.split('%').enumerate() {
        if at > 0 {
            let hex = piece.as_bytes().get(..2);
            let triplet = hex.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
            encoded.push_str(if triplet { "%" } else { "%25" });
        }
        encoded.extend(utf8_percent_encode(piece, set));
    }
    encoded
}
