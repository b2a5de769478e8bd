use expect_test::{Expect, expect};

use super::{Frame, failure, notification, request, response};

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: Expect) {
    let text = match Frame::parse(bytes.as_ref()) {
        Ok(Frame::Request(id, sent)) => String::from_utf8(request(&id, &sent)),
        Ok(Frame::Notification(sent)) => String::from_utf8(notification(&sent)),
        Ok(Frame::Response(id, Ok(result))) => String::from_utf8(response(&id, &result)),
        Ok(Frame::Response(id, Err(error))) => String::from_utf8(failure(Some(&id), &error)),
        Err(bad) => String::from_utf8(failure(bad.id.as_ref(), &bad.error)),
    };
    expected.assert_eq(&text.expect("frames are UTF-8"));
}

#[test]
fn parameters_pass_as_their_sender_wrote_them() {
    check(
        r#"{"jsonrpc":"2.0","id":9007199254740993,"method":"x/new","params":{"a": 1.10, "unknown":[ ]}}"#,
        expect![[
            r#"{"jsonrpc":"2.0","id":9007199254740993,"method":"x/new","params":{"a": 1.10, "unknown":[ ]}}"#
        ]],
    );
}

#[test]
fn an_id_that_is_no_id_is_refused() {
    for id in ["null", "1.5", "{}", "true", "1e3"] {
        let frame = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        let bad = Frame::parse(frame.as_bytes()).expect_err("not an id");
        assert_eq!(bad.error.code, -32600, "{id}: {}", bad.error);
    }
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":"{}","method":"ping"}}"#,
        "x".repeat(1_000_000)
    );
    let bad = Frame::parse(long.as_bytes()).expect_err("too long");
    assert!(bad.error.message.contains("at most 256"), "{}", bad.error);
}

#[test]
fn a_duplicate_name_is_an_invalid_request_and_never_the_last_one() {
    check(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","name":"delete"}}"#,
        expect![[
            r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: duplicate key \"name\" at line 1 column 76"}}"#
        ]],
    );
}

#[test]
fn a_batch_and_a_scalar_are_invalid_requests() {
    check(
        "[]",
        expect![[
            r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: batches are not taken, send one message at a time"}}"#
        ]],
    );
    check(
        "7",
        expect![[
            r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a message is an object"}}"#
        ]],
    );
}

#[test]
fn bytes_that_are_not_json_are_parse_errors() {
    for bytes in [&b"{"[..], b"\xff{}", b"\xef\xbb\xbf{}", b"", b"{}{}"] {
        let bad = Frame::parse(bytes).expect_err("not JSON");
        assert_eq!(bad.error.code, -32700, "{bytes:?}: {}", bad.error);
    }
}

#[test]
fn an_unusable_frame_is_answered_to_its_id() {
    check(
        r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#,
        expect![[
            r#"{"jsonrpc":"2.0","id":"a","error":{"code":-32600,"message":"Invalid request: `jsonrpc` must be \"2.0\""}}"#
        ]],
    );
    check(
        r#"{"jsonrpc":"2.0","id":"a","method":5}"#,
        expect![[
            r#"{"jsonrpc":"2.0","id":"a","error":{"code":-32600,"message":"Invalid request: invalid type: integer `5`, expected a string at line 1 column 36"}}"#
        ]],
    );
    check(
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#,
        expect![[
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid request: `params` must be an object"}}"#
        ]],
    );
}
