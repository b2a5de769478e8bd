//! Whatever a server sends, there is a result, it is bounded, and its structured part is JSON.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{LIMITS, answer, block};

const TYPES: [&str; 18] = [
    "",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/json-seq",
    "application/xml",
    "text/xml; charset=utf-16",
    "text/html",
    "text/plain; charset=shift_jis",
    "text/plain",
    "text/csv",
    "text/csv; header=absent",
    "text/tab-separated-values",
    "image/png",
    "audio/mpeg",
    "application/pdf",
    "application/octet-stream",
    "; =\";;charset=\"",
];

/// Bytes as they come, and pieces that the readers look for, in any order.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..8),
        prop::sample::select(vec![
            &b"{"[..],
            b"}",
            b"[",
            b"]",
            b"\"a\":",
            b"1e9",
            b",",
            b"null",
            b"\\ud800",
            b"<a b=\"c\">",
            b"</a>",
            b"<?xml version=\"1.0\" encoding=\"",
            b"?>",
            b"<!DOCTYPE html>",
            b"<title>",
            b"<script",
            b"</script",
            b"<!--",
            b"&amp;",
            b"\x1b[",
            b"\x1b]",
            b"\xc2\x9b",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\x89PNG\r\n\x1a\n",
            b"\n",
            b";",
            b"\"",
            b"\xc3",
            "é".as_bytes(),
            b"\x1e",
            b"at x (y:1)",
            b"goroutine 1 [running]:",
            b"{\"error\":",
            b"{\"errors\":[",
            b"File \"",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_answer_has_a_bounded_result(
        status in prop::sample::select(vec![0_u16, 100, 200, 204, 206, 302, 304, 400, 404, 422, 500, 599, 999]),
        content_type in prop::sample::select(TYPES.to_vec()),
        body in body(),
        link in "[<>a-z;=\", ?&:/@]{0,40}",
        cut in prop::option::of(0_u64..2000),
    ) {
        let mut case = answer(status, content_type, body).header("Link", &link).header("Location", &link);
        case.cut = cut;
        let result = case.result();
        prop_assert!(!result.content.is_empty());
        prop_assert_eq!(result.is_error, status >= 400);
        let shown: usize = result.content.iter().map(|content| block(content).len()).sum();
        prop_assert!(shown <= LIMITS.text_bytes + 5000, "{} bytes", shown);
        if let Some(structured) = result.structured_content {
            prop_assert!(serde_json::from_str::<serde_json::Value>(structured.get()).is_ok());
        }
    }
}

#[test]
fn hostile_nesting_is_harmless() {
    for (content_type, open, close) in [
        ("application/json", "[", "]"),
        ("application/json", "{\"a\":", "}"),
        ("text/xml", "<a>", "</a>"),
        ("text/html", "<div>", ""),
    ] {
        for status in [200, 500] {
            let body = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
            let result = answer(status, content_type, body).result();
            assert!(status == 500 || result.structured_content.is_none());
        }
    }
}
