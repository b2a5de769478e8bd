//! Headers of MCP against the body they repeat.

use expect_test::{Expect, expect};

use crate::server::{Server, asking, call, calling, matches, posted, request};

async fn check(headers: &str, body: &str, expected: Expect) {
    let server = Server::start().await;
    matches(&server.post(headers, body).await, expected);
}

/// Row 23.
#[tokio::test]
async fn a_name_that_is_not_the_bodys_is_refused() {
    check(&calling("wrong"), &call("echo", "1"), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` is not the `name` of the body"}}"#]]).await;
}

/// Row 24, rule B4.
#[tokio::test]
async fn a_missing_header_is_refused() {
    check(
        "MCP-Protocol-Version: 2026-07-28\nMcp-Method: tools/call",
        &call("echo", "1"),
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` is required"}}"#]],
    )
    .await;
    check(
        "MCP-Protocol-Version: 2026-07-28",
        &request("tools/list"),
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-method` is required"}}"#]],
    )
    .await;
    check("Mcp-Method: tools/list", &request("tools/list"), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-protocol-version` is required"}}"#]]).await;
}

/// Row 25.
#[tokio::test]
async fn two_names_are_refused_even_if_they_agree() {
    check(
        &format!("{}\nMcp-Name: echo", calling("echo")),
        &call("echo", "1"),
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` stands there more than once"}}"#]],
    )
    .await;
}

/// Row 26.
#[tokio::test]
async fn malformed_base64_is_refused() {
    check(
        &calling("=?base64?ZWNobw=?="),
        &call("echo", "1"),
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` has a malformed Base64 value"}}"#]],
    )
    .await;
}

/// Row 27.
#[tokio::test]
async fn a_name_that_hides_a_line_break_is_refused() {
    check(
        &calling("=?base64?YQ0KYg==?="),
        &call(r"a\r\nb", "1"),
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` hides control characters"}}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_packed_name_is_unpacked() {
    check(
        &calling("=?base64?ZWNobw==?="),
        &call("echo", "1"),
        expect![[r#"
            200 OK
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","echo":1,"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]],
    )
    .await;
}

/// Row 28, rule B3.
#[tokio::test]
async fn a_version_that_is_not_the_bodys_is_refused() {
    let headers = asking("tools/list").replace("2026-07-28", "2025-11-25");
    check(&headers, &request("tools/list"), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-protocol-version` is not the protocol version of the body"}}"#]]).await;
}

/// Row 29, rule B11.
#[tokio::test]
async fn an_old_version_does_not_make_a_forged_name_pass() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}"#;
    let headers = "MCP-Protocol-Version: 2025-11-25\nMcp-Method: tools/call\nMcp-Name: harmless";
    check(headers, body, expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Header mismatch: `mcp-name` is not the `name` of the body"}}"#]]).await;
}

/// Rule B8.
#[tokio::test]
async fn an_unknown_version_is_answered_with_the_known_ones() {
    let headers = asking("tools/list").replace("2026-07-28", "1900-01-01");
    let body = request("tools/list").replace("2026-07-28", "1900-01-01");
    check(&headers, &body, expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"1900-01-01"}}}"#]]).await;
    let silent = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    check(&headers, silent, expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"1900-01-01"}}}"#]]).await;
}

/// Rule B9.
#[tokio::test]
async fn a_request_without_its_meta_is_refused() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    check(&asking("tools/list"), body, expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"`_meta` lacks the required `io.modelcontextprotocol/protocolVersion`"}}"#]]).await;
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
    check(&asking("tools/list"), body, expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"`_meta` lacks the required `io.modelcontextprotocol/clientCapabilities`"}}"#]]).await;
}

/// Rule B4: names of headers in any case, values to the letter, white space around them ignored.
#[tokio::test]
async fn headers_are_read_as_http_reads_them() {
    let server = Server::start().await;
    let headers = "MCP-PROTOCOL-VERSION:2026-07-28\nmcp-method:   tools/list  ";
    let found = server.post(headers, &request("tools/list")).await;
    assert!(found.starts_with("200"), "{found}");
    let found = server
        .post(&asking("TOOLS/LIST"), &request("tools/list"))
        .await;
    assert!(found.starts_with("400"), "{found}");
}

#[tokio::test]
async fn both_forms_of_an_answer_must_be_acceptable() {
    let server = Server::start().await;
    let all = posted(&asking("tools/list"), &request("tools/list"));
    for (from, to, status) in [
        ("Accept: application/json, text/event-stream\r\n", "", "200"),
        ("application/json, text/event-stream", "*/*", "200"),
        (
            "application/json, text/event-stream",
            "application/json",
            "406",
        ),
        ("application/json, text/event-stream", "text/html", "406"),
        (
            "Content-Type: application/json",
            "Content-Type: application/json; charset=utf-8",
            "200",
        ),
        (
            "Content-Type: application/json",
            "Content-Type: text/plain",
            "415",
        ),
        ("Content-Type: application/json\r\n", "", "415"),
    ] {
        let found = server.say(&all.replace(from, to)).await;
        assert!(
            found.contains(&format!("HTTP/1.1 {status} ")),
            "{to}: {found}"
        );
    }
}
