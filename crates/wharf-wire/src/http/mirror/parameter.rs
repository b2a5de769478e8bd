//! One parameter of a tool, and the header that repeats it.

use std::borrow::Cow;

use http::HeaderMap;
use serde_json::value::RawValue;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::meta::Meta;
use wharf_protocol::mirrored::{MirroredParameter, Primitive};

use super::{decode, mismatch, sole};

/// Refuses a header that is not the argument, and an argument without its header.
pub(super) fn check(
    headers: &HeaderMap,
    parameter: &MirroredParameter,
    arguments: Option<&RawValue>,
) -> Result<(), ErrorObject> {
    let name = &*parameter.header;
    let value = arguments.and_then(|arguments| value_at(arguments, &parameter.path));
    match (sole(headers, name)?, value) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(mismatch(name, "repeats an argument that is not there")),
        (None, Some(_)) => Err(mismatch(name, "is required")),
        (Some(header), Some(value)) => {
            let header =
                decode(header).ok_or_else(|| mismatch(name, "has a malformed Base64 value"))?;
            if is_same(parameter.kind, &header, &value) {
                Ok(())
            } else {
                Err(mismatch(name, "is not the argument that it repeats"))
            }
        }
    }
}

/// The value that `path` leads to; `None` where there is none, or `null`.
fn value_at(arguments: &RawValue, path: &[Box<str>]) -> Option<Box<RawValue>> {
    let mut value = Cow::Borrowed(arguments);
    for name in path {
        let members: Meta = serde_json::from_str(value.get()).ok()?;
        value = Cow::Owned(members.get(name)?.to_owned());
    }
    (value.get() != "null").then(|| value.into_owned())
}

/// Whether `header` says what `value` is. A value of another type than its schema's never is said.
fn is_same(kind: Primitive, header: &str, value: &RawValue) -> bool {
    match kind {
        Primitive::String => {
            serde_json::from_str::<Cow<'_, str>>(value.get()).is_ok_and(|text| text == header)
        }
        Primitive::Boolean => matches!(value.get(), "true" | "false") && value.get() == header,
        Primitive::Integer => match (integer(header), integer(value.get())) {
            (Some(said), Some(meant)) => said == meant,
            _ => false,
        },
    }
}

/// The integer that a JSON number is: `42.0` and `4.2e1` are 42 as well.
fn integer(text: &str) -> Option<i128> {
    if let Ok(integer) = text.parse::<i128>() {
        return Some(integer);
    }
    let number: f64 = serde_json::from_str(text).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "what is cut off is zero")]
    (number.fract() == 0.0 && number.abs() <= MAX_EXACT).then_some(number as i128)
}

/// Up to here, every integer is a number of its own in every reader (2026-07-28, `x-mcp-header`).
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use http::{HeaderMap, HeaderName, HeaderValue};
    use serde_json::value::RawValue;
    use wharf_protocol::mirrored::MirroredParameter;

    use super::check as compare;

    /// `headers`, one a line, against a call with `arguments`.
    #[track_caller]
    fn check(headers: &str, arguments: &str, expected: Expect) {
        let schema = r#"{"properties":{
            "region":{"type":"string","x-mcp-header":"Region"},
            "page":{"properties":{"size":{"type":"integer","x-mcp-header":"Size"}}},
            "all":{"type":"boolean","x-mcp-header":"All"}}}"#;
        let raw = |json: &str| RawValue::from_string(json.to_owned()).expect("the test's own JSON");
        let mut map = HeaderMap::new();
        for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("the test's own name");
            map.append(
                name,
                HeaderValue::from_str(value).expect("the test's own value"),
            );
        }
        let arguments = raw(arguments);
        let all = MirroredParameter::all(&raw(schema)).expect("the test's own schema");
        let compared = all
            .iter()
            .try_for_each(|one| compare(&map, one, Some(&arguments)));
        expected.assert_eq(&match compared {
            Ok(()) => "agrees".to_owned(),
            Err(error) => error.to_string(),
        });
    }

    /// RULES B5.
    #[test]
    fn integers_are_compared_as_numbers() {
        for header in ["42", "42.0", "4.2e1"] {
            check(
                &format!("Mcp-Param-Size: {header}"),
                r#"{"page":{"size":42}}"#,
                expect!["agrees"],
            );
        }
        check(
            "Mcp-Param-Size: 43",
            r#"{"page":{"size":42}}"#,
            expect![
                "Header mismatch: `mcp-param-size` is not the argument that it repeats (-32020)"
            ],
        );
        check(
            "Mcp-Param-Size: 9007199254740993",
            r#"{"page":{"size":9007199254740992}}"#,
            expect![
                "Header mismatch: `mcp-param-size` is not the argument that it repeats (-32020)"
            ],
        );
    }

    /// RULES B5.
    #[test]
    fn null_and_absent_have_no_header() {
        check("", r#"{"region":null,"page":{}}"#, expect!["agrees"]);
        check(
            "Mcp-Param-Region: us",
            r#"{"region":null}"#,
            expect![
                "Header mismatch: `mcp-param-region` repeats an argument that is not there (-32020)"
            ],
        );
    }

    /// RULES B5.
    #[test]
    fn what_is_there_has_its_header_and_no_other() {
        check(
            "",
            r#"{"region":"us"}"#,
            expect!["Header mismatch: `mcp-param-region` is required (-32020)"],
        );
        check(
            "Mcp-Param-Region: us\nMcp-Param-Other: 1",
            r#"{"region":"us"}"#,
            expect!["agrees"],
        );
        check(
            "Mcp-Param-All: True",
            r#"{"all":true}"#,
            expect![
                "Header mismatch: `mcp-param-all` is not the argument that it repeats (-32020)"
            ],
        );
        check(
            "Mcp-Param-Region: us\nMcp-Param-Region: us",
            r#"{"region":"us"}"#,
            expect!["Header mismatch: `mcp-param-region` stands there more than once (-32020)"],
        );
    }

    /// RULES B5.
    #[test]
    fn base64_is_unpacked_strictly_and_only_where_it_is_marked() {
        check(
            "Mcp-Param-Region: =?base64?SGVsbG8=?=",
            r#"{"region":"Hello"}"#,
            expect!["agrees"],
        );
        check(
            "Mcp-Param-Region: SGVsbG8=",
            r#"{"region":"SGVsbG8="}"#,
            expect!["agrees"],
        );
        check(
            "Mcp-Param-Region: =?base64?SGVsbG8?=",
            r#"{"region":"Hello"}"#,
            expect!["Header mismatch: `mcp-param-region` has a malformed Base64 value (-32020)"],
        );
    }
}
