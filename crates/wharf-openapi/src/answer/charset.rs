//! Bytes to text, by byte order mark, declared charset and, failing both, UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::media_type::MediaType;

/// Text, and what had to be replaced to get it.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub note: Option<String>,
}

/// Decodes `body`. Where it was `cut`, a character cut in two at its end is dropped silently.
pub(super) fn decode<'a>(body: &'a [u8], media_type: &MediaType, cut: bool) -> Decoded<'a> {
    // A mark at the beginning outranks the header, as in browsers.
    let (encoding, mark) =
        Encoding::for_bom(body).unwrap_or_else(|| (declared(body, media_type), 0));
    let body = &body[mark..];
    let body = if cut && encoding == UTF_8 {
        without_partial_character(body)
    } else {
        body
    };
    let (text, broken) = encoding.decode_without_bom_handling(body);
    let note = broken.then(|| {
        format!(
            "Some bytes are not valid {}; each shows as \u{fffd}.",
            encoding.name()
        )
    });
    Decoded { text, note }
}

/// The charset of the header or of an XML declaration; else UTF-16 if every other byte is zero, as it
/// is in the ASCII that documents begin with; else UTF-8.
fn declared(body: &[u8], media_type: &MediaType) -> &'static Encoding {
    let header = media_type.parameter("charset").map(str::as_bytes);
    let label = header.or_else(|| xml_declaration(body));
    let known = label.and_then(Encoding::for_label);
    known.unwrap_or(match body {
        [0, low, ..] if *low != 0 => UTF_16BE,
        [high, 0, ..] if *high != 0 => UTF_16LE,
        _ => UTF_8,
    })
}

/// `encoding="…"` in `<?xml …?>`.
fn xml_declaration(body: &[u8]) -> Option<&[u8]> {
    let head = body.strip_prefix(b"<?xml")?;
    let end = head.windows(2).take(200).position(|pair| pair == b"?>")?;
    let head = &head[..end];
    let at = head.windows(8).position(|word| word == b"encoding")?;
    let mut quoted = head[at + 8..].split(|byte| matches!(byte, b'"' | b'\''));
    quoted.nth(1)
}

fn without_partial_character(body: &[u8]) -> &[u8] {
    match std::str::from_utf8(body) {
        Err(error) if error.error_len().is_none() => &body[..error.valid_up_to()],
        _ => body,
    }
}
