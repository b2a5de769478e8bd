//! Bodies and JSON that are wrong: rows 11 to 22.

use expect_test::{Expect, expect};
use wharf_wire::http::Limits;

use crate::server::{META, Server, asking, brief, call, calling, matches, posted, request};

async fn check(body: &str, expected: Expect) {
    let server = Server::start().await;
    matches(&server.post(&calling("echo"), body).await, expected);
}

fn small() -> Limits {
    Limits {
        body_bytes: 1024,
        ..Limits::STANDARD
    }
}

/// Row 11.
#[tokio::test]
async fn a_body_that_is_declared_too_large_is_not_read() {
    let server = Server::start().await;
    let text = posted(&asking("tools/list"), "");
    let found = server
        .say(&text.replace("Content-Length: 0", "Content-Length: 10000000000"))
        .await;
    matches(
        &brief(&found),
        expect![[r#"
        413 Payload Too Large
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"the body is larger than 4194304 bytes"}}"#]],
    );
}

/// Row 12.
#[tokio::test]
async fn a_body_that_grows_too_large_is_refused() {
    let server = Server::with(small()).await;
    let text = posted(&asking("tools/list"), "");
    let text = text.replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let chunk = format!("400\r\n{}\r\n", " ".repeat(0x400));
    matches(
        &brief(&server.say(&format!("{text}{chunk}{chunk}")).await),
        expect![[r#"
            413 Payload Too Large
            {"jsonrpc":"2.0","error":{"code":-32600,"message":"the body is larger than 1024 bytes"}}"#]],
    );
}

/// Row 13: what is packed is not unpacked at all.
#[tokio::test]
async fn a_compressed_body_is_refused() {
    let server = Server::start().await;
    let headers = format!("{}\nContent-Encoding: gzip", asking("tools/list"));
    matches(
        &server.post(&headers, &request("tools/list")).await,
        expect![[r#"
            415 Unsupported Media Type
            {"jsonrpc":"2.0","error":{"code":-32600,"message":"bodies are taken as they are, without a Content-Encoding"}}"#]],
    );
}

/// Row 14.
#[tokio::test]
async fn bottomless_nesting_is_no_json() {
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    check(&call("echo", &deep), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: recursion limit exceeded at line 1 column 208"}}"#]]).await;
}

/// Row 15.
#[tokio::test]
async fn a_key_that_stands_twice_is_refused() {
    check(&call("echo", r#"1,"name":"progress""#), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: duplicate key \"name\" at line 1 column 90"}}"#]]).await;
    check(&call("echo", r#"{"a":1,"a":2}"#), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: duplicate key \"a\" at line 1 column 92"}}"#]]).await;
}

/// Row 16.
#[tokio::test]
async fn text_that_is_no_unicode_is_no_json() {
    check(&call("echo", r#""\ud800""#), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: unexpected end of hex escape at line 1 column 90"}}"#]]).await;
    check(&format!("\u{feff}{}", call("echo", "1")), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: expected value at line 1 column 1"}}"#]]).await;
}

/// Row 17.
#[tokio::test]
async fn large_numbers_are_refused_or_kept() {
    check(&call("echo", "1e400"), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: number out of range at line 1 column 87"}}"#]]).await;
    let found = Server::start()
        .await
        .post(
            &calling("echo"),
            &call("echo", "1").replace(r#""id":1"#, r#""id":9007199254740993"#),
        )
        .await;
    assert!(found.contains(r#""id":9007199254740993,"#), "{found}");
}

/// Row 18.
#[tokio::test]
async fn only_an_object_is_a_message() {
    check(&format!("[{}]", call("echo", "1")), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: batches are not taken, send one message at a time"}}"#]]).await;
    check("7", expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a message is an object"}}"#]]).await;
    check("", expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: EOF while parsing a value at line 1 column 0"}}"#]]).await;
}

/// Row 19.
#[tokio::test]
async fn an_id_is_a_short_text_or_an_integer() {
    for id in ["null", "{}", "1.5", &format!("\"{}\"", "a".repeat(1 << 20))] {
        let server = Server::start().await;
        let body = call("echo", "1").replace(r#""id":1"#, &format!(r#""id":{id}"#));
        let found = server.post(&calling("echo"), &body).await;
        assert!(
            found.starts_with("400") && found.contains("-32600"),
            "{found}"
        );
    }
}

/// Row 21: within the limit on bodies it is the handler's to judge.
#[tokio::test]
async fn a_long_array_is_bounded_by_the_body() {
    let server = Server::with(small()).await;
    let long = format!("[{}0]", "0,".repeat(1_000_000));
    let found = server.post(&calling("echo"), &call("echo", &long)).await;
    assert!(found.starts_with("413"), "{found}");
}

/// Row 22.
#[tokio::test]
async fn a_strange_method_is_shown_escaped_and_cut() {
    let server = Server::start().await;
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a\r\nb","params":{{{META}}}}}"#);
    let found = server.post(&asking("a"), &body).await;
    assert!(found.starts_with("400"), "{found}");
    let long = "m".repeat(1 << 10);
    let found = server.post(&asking(&long), &request(&long)).await;
    assert!(found.starts_with("404") && found.len() < 200, "{found}");
}

#[tokio::test]
async fn a_line_break_in_a_foreign_result_does_not_break_an_event() {
    let server = Server::start().await;
    let body = call("verbatim", "1").replace(r#""_meta":{"#, r#""_meta":{"progressToken":7,"#);
    let found = server.post(&calling("verbatim"), &body).await;
    let last = found.trim_end().lines().last().unwrap_or_default();
    matches(
        last,
        expect![[r#"data: {"jsonrpc":"2.0","id":1,"result":{ "a":  1}}"#]],
    );
}
