//! JSON pointers (RFC 6901), alone and as the fragment of a `$ref`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A segment as it stands in a pointer.
pub(crate) fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// The segments of a pointer that has lost its leading `#`.
///
/// Fragments are percent-encoded by the book, but many are not: a segment whose `%` begins no escape
/// stays as it is.
pub(crate) fn segments(fragment: &str) -> impl Iterator<Item = Cow<'_, str>> {
    fragment.split('/').skip(1).map(|segment| {
        let decoded = percent_decode_str(segment)
            .decode_utf8()
            .unwrap_or(Cow::Borrowed(segment));
        if decoded.contains('~') {
            Cow::Owned(decoded.replace("~1", "/").replace("~0", "~"))
        } else {
            decoded
        }
    })
}
