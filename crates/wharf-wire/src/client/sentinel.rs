//! Any text as the value of a header: plain where it can be, else Base64 between markers
//! (2026-07-28, Streamable HTTP, value encoding).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

const OPENING: &str = "=?base64?";
const CLOSING: &str = "?=";

/// `text` as a header value.
pub(super) fn encode(text: &str) -> HeaderValue {
    if is_plain(text)
        && let Ok(value) = HeaderValue::from_str(text)
    {
        return value;
    }
    let packed = format!("{OPENING}{}{CLOSING}", STANDARD.encode(text));
    HeaderValue::try_from(packed).expect("Base64 and its markers are plain ASCII")
}

/// Whether `text` arrives as it was sent and is not taken for something packed.
fn is_plain(text: &str) -> bool {
    let visible = |byte: u8| matches!(byte, b'\t' | b' '..=b'~');
    text.bytes().all(visible)
        && text.trim() == text
        && !(text.starts_with(OPENING) && text.ends_with(CLOSING))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::encode;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(encode(text).to_str().expect("plain ASCII"));
    }

    /// The examples of the specification.
    #[test]
    fn what_a_header_cannot_carry_is_packed() {
        check("us-west1", expect!["us-west1"]);
        check("Hello, 世界", expect!["=?base64?SGVsbG8sIOS4lueVjA==?="]);
        check(" padded ", expect!["=?base64?IHBhZGRlZCA=?="]);
        check("line1\nline2", expect!["=?base64?bGluZTEKbGluZTI=?="]);
        check(
            "=?base64?literal?=",
            expect!["=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
        );
        check("", expect![""]);
    }
}
