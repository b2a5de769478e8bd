//! Headers that repeat what stands in the body, so that a router need not read it. Both are compared
//! here, or a router could be told one thing and the handler another (2026-07-28, Streamable HTTP,
//! server validation).

mod parameter;

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::mirrored::MirroredParameter;
use wharf_protocol::port::Request;

use crate::outline::Outline;

pub(super) const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";

/// The only header called `name`; `None` where there is none.
///
/// # Errors
///
/// `-32020` where there are several, or one that is not plain ASCII.
pub(super) fn sole<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ErrorObject> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(mismatch(name, "stands there more than once"));
    }
    let text = value
        .to_str()
        .map_err(|_| mismatch(name, "has characters that are not plain ASCII"))?;
    Ok(Some(text.trim()))
}

/// Compares the headers of a modern request, which must be there, with its body.
pub(super) fn check(
    headers: &HeaderMap,
    method: &Method,
    outline: &Outline<'_>,
) -> Result<(), ErrorObject> {
    match sole(headers, METHOD)? {
        Some(header) if header == method.as_str() => {}
        Some(_) => return Err(mismatch(METHOD, "is not the method of the body")),
        None => return Err(mismatch(METHOD, "is required")),
    }
    let Some((parameter, Some(value))) = outline.named_by(method) else {
        return check_nameless(headers, method);
    };
    match sole(headers, NAME)? {
        Some(header) => check_name(header, parameter, value),
        None => Err(mismatch(NAME, "is required")),
    }
}

/// Compares the headers of a legacy request, where they are. No legacy client sends them, but a
/// router in front may have believed them.
pub(super) fn check_unexpected(
    headers: &HeaderMap,
    method: &Method,
    outline: &Outline<'_>,
) -> Result<(), ErrorObject> {
    if headers.contains_key(METHOD) || headers.contains_key(NAME) {
        check(headers, method, outline)
    } else {
        Ok(())
    }
}

/// Compares the headers that repeat a tool's parameters with the arguments of a call, by what
/// `mirrored` says of the tool. Headers that no parameter asks for mean nothing (2026-07-28, Streamable
/// HTTP, custom headers from tool parameters).
pub(super) fn check_parameters(
    headers: &HeaderMap,
    request: &Request,
    mirrored: impl FnOnce(&str) -> Option<Arc<[MirroredParameter]>>,
) -> Result<(), ErrorObject> {
    if request.method != Method::TOOLS_CALL {
        return Ok(());
    }
    // The header was compared with the body before, and is read more cheaply. A call that names no
    // tool is its handler's to refuse.
    let Some(tool) = sole(headers, NAME)?.and_then(decode) else {
        return Ok(());
    };
    let mirrored = mirrored(&tool).unwrap_or_default();
    if mirrored.is_empty() {
        return Ok(());
    }
    let Call { arguments } = request.params()?;
    mirrored
        .iter()
        .try_for_each(|parameter| parameter::check(headers, parameter, arguments.as_deref()))
}

#[derive(Deserialize)]
struct Call {
    arguments: Option<Box<RawValue>>,
}

/// Refuses a header that names something where the body names nothing. What an extension's methods
/// name is not known here.
fn check_nameless(headers: &HeaderMap, method: &Method) -> Result<(), ErrorObject> {
    match sole(headers, NAME)? {
        Some(_) if method.facts().is_some() => Err(mismatch(NAME, "names what the body does not")),
        _ => Ok(()),
    }
}

fn check_name(header: &str, parameter: &str, value: &RawValue) -> Result<(), ErrorObject> {
    let decoded = decode(header).ok_or_else(|| mismatch(NAME, "has a malformed Base64 value"))?;
    if decoded.chars().any(char::is_control) {
        return Err(mismatch(NAME, "hides control characters"));
    }
    match serde_json::from_str::<Cow<'_, str>>(value.get()) {
        Ok(name) if name == decoded => Ok(()),
        _ => Err(mismatch(
            NAME,
            &format!("is not the `{parameter}` of the body"),
        )),
    }
}

/// A header value as its sender meant it: `=?base64?…?=` is unpacked, anything else stands for
/// itself.
fn decode(header: &str) -> Option<Cow<'_, str>> {
    let packed = header
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    let Some(packed) = packed else {
        return Some(Cow::Borrowed(header));
    };
    let bytes = STANDARD.decode(packed).ok()?;
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// The complaint names the header and never repeats it: it is the peer's text.
pub(super) fn mismatch(header: &str, complaint: &str) -> ErrorObject {
    ErrorObject::header_mismatch(format!("Header mismatch: `{header}` {complaint}"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use http::{HeaderMap, HeaderName, HeaderValue};
    use serde_json::value::RawValue;
    use wharf_protocol::method::Method;

    use super::check as compare;
    use crate::outline::Outline;

    /// Headers, one a line, against a call of the tool `größe`.
    #[track_caller]
    fn check(headers: &str, expected: Expect) {
        let params = RawValue::from_string(r#"{"name":"größe"}"#.to_owned());
        let params = params.expect("the test's own JSON");
        let outline = Outline::read(Some(&params)).expect("the test's own parameters");
        let mut map = HeaderMap::new();
        for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("the test's own name");
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("the test's own value");
            map.append(name, value);
        }
        expected.assert_eq(&match compare(&map, &Method::TOOLS_CALL, &outline) {
            Ok(()) => "agrees".to_owned(),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn a_name_is_unpacked_before_it_is_compared() {
        check(
            "Mcp-Method: tools/call\nMcp-Name: =?base64?Z3LDtsOfZQ==?=",
            expect!["agrees"],
        );
    }

    #[test]
    fn base64_is_taken_strictly() {
        check(
            "Mcp-Method: tools/call\nMcp-Name: =?base64?Z3LDtsOfZQ?=",
            expect!["Header mismatch: `mcp-name` has a malformed Base64 value (-32020)"],
        );
    }

    #[test]
    fn a_name_that_hides_a_line_break_is_refused() {
        check(
            "Mcp-Method: tools/call\nMcp-Name: =?base64?YQ0KYg==?=",
            expect!["Header mismatch: `mcp-name` hides control characters (-32020)"],
        );
    }

    #[test]
    fn two_headers_are_refused_even_if_one_agrees() {
        check(
            "Mcp-Method: tools/call\nMcp-Name: =?base64?Z3LDtsOfZQ==?=\nMcp-Name: a",
            expect!["Header mismatch: `mcp-name` stands there more than once (-32020)"],
        );
    }

    #[test]
    fn both_headers_are_required() {
        check(
            "Mcp-Method: tools/call",
            expect!["Header mismatch: `mcp-name` is required (-32020)"],
        );
        check(
            "Mcp-Name: a",
            expect!["Header mismatch: `mcp-method` is required (-32020)"],
        );
    }

    #[test]
    fn methods_are_compared_letter_by_letter() {
        check(
            "Mcp-Method: Tools/Call",
            expect!["Header mismatch: `mcp-method` is not the method of the body (-32020)"],
        );
    }
}
