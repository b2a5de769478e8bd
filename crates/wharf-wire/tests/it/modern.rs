//! Requests of 2026-07-28 over HTTP.

use expect_test::{Expect, expect};
use wharf_wire::http::Limits;

use crate::server::{
    META, Server, asking, call, calling, matches, posted, posted_and_open, request,
};

async fn check(method: &str, expected: Expect) {
    let server = Server::start().await;
    let found = server.post(&asking(method), &request(method)).await;
    matches(&found, expected);
}

async fn check_call(tool: &str, expected: Expect) {
    let server = Server::start().await;
    matches(&server.call(tool, "{}").await, expected);
}

#[tokio::test]
async fn a_result_is_finished_and_signed() {
    check(
        "tools/list",
        expect![[r#"
            200 OK
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]],
    )
    .await;
}

#[tokio::test]
async fn discover_lists_every_revision() {
    check("server/discover", expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true},"extensions":{"io.modelcontextprotocol/tasks":{}}},"ttlMs":60000,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]]).await;
}

/// Row 20.
#[tokio::test]
async fn an_unknown_method_is_not_found() {
    check(
        "no/such",
        expect![[r#"
        404 Not Found
        {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: no/such"}}"#]],
    )
    .await;
}

#[tokio::test]
async fn methods_of_the_legacy_era_are_not_found() {
    for method in [
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
    ] {
        let server = Server::start().await;
        let found = server.post(&asking(method), &request(method)).await;
        assert!(found.starts_with("404"), "{method}: {found}");
    }
}

#[tokio::test]
async fn a_method_that_only_servers_send_is_not_found() {
    check("sampling/createMessage", expect![[r#"
        404 Not Found
        {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: sampling/createMessage"}}"#]]).await;
}

#[tokio::test]
async fn a_method_of_an_extension_reaches_the_handler() {
    check("example/extension", expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]]).await;
}

#[tokio::test]
async fn a_call_that_notifies_becomes_a_stream() {
    let server = Server::start().await;
    let body = call("progress", "{}").replace(r#""_meta":{"#, r#""_meta":{"progressToken":"t","#);
    matches(
        &server.post(&calling("progress"), &body).await,
        expect![[r#"
        200 OK
        content-type: text/event-stream
        x-accel-buffering: no
        event: message
        data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1.0,"total":2.0}}

        event: message
        data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":2.0,"total":2.0}}

        event: message
        data: {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}

    "#]],
    );
}

#[tokio::test]
async fn nothing_is_logged_to_a_caller_that_did_not_ask() {
    check_call("log", expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]]).await;
}

#[tokio::test]
async fn a_caller_hears_log_messages_as_grave_as_it_asked_for() {
    let server = Server::start().await;
    let asked = r#""_meta":{"io.modelcontextprotocol/logLevel":"warning","#;
    let body = call("log", "{}").replace(r#""_meta":{"#, asked);
    let found = server.post(&calling("log"), &body).await;
    assert!(found.contains(r#""level":"error""#) && !found.contains(r#""level":"debug""#));
}

#[tokio::test]
async fn an_unknown_log_level_is_refused() {
    let server = Server::start().await;
    let asked = r#""_meta":{"io.modelcontextprotocol/logLevel":"loud","#;
    let body = call("log", "{}").replace(r#""_meta":{"#, asked);
    matches(
        &server.post(&calling("log"), &body).await,
        expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"`_meta` has a malformed `io.modelcontextprotocol/logLevel`"}}"#]],
    );
}

/// Rule B9, and that other errors of a handler are its own affair.
#[tokio::test]
async fn only_errors_of_the_protocol_have_a_status() {
    check_call(
        "incapable",
        expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"no"}}"#]],
    )
    .await;
    check_call(
        "invalid",
        expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_modern_client_is_never_asked() {
    check_call("ask", expect![[r#"
        404 Not Found
        {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: elicitation/create"}}"#]]).await;
}

#[tokio::test]
async fn a_handler_that_panics_costs_one_request() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client
        .write(&posted_and_open(&calling("panic"), &call("panic", "{}")))
        .await;
    let first = client.until("}}").await;
    assert!(first.contains("-32603"), "{first}");
    client
        .write(&posted_and_open(&calling("echo"), &call("echo", "7")))
        .await;
    client.until(r#""echo":7"#).await;
}

/// Rule B10.
#[tokio::test]
async fn a_caller_that_leaves_cancels_its_request() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client
        .write(&posted_and_open(&calling("wait"), &call("wait", "{}")))
        .await;
    server.double.until_waiting(1).await;
    drop(client);
    server.double.until_waiting(0).await;
}

/// Rule B10.
#[tokio::test]
async fn a_subscriber_that_leaves_ends_its_subscription() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let body = request("subscriptions/listen")
        .replace(r#""params":{"#, r#""params":{"notifications":{},"#);
    client
        .write(&posted_and_open(&asking("subscriptions/listen"), &body))
        .await;
    client.until("acknowledged").await;
    server.double.until_heard(1).await;
    drop(client);
    server.double.until_heard(0).await;
}

#[tokio::test]
async fn a_handler_sees_where_a_request_came_from() {
    let server = Server::start().await;
    let headers = format!("{}\nX-Probe: p", calling("origin"));
    let found = server.post(&headers, &call("origin", "{}")).await;
    assert!(
        found.contains(r#""origin":true,"header":"p","session":false"#),
        "{found}"
    );
}

/// Rule B12.
#[tokio::test]
async fn an_answer_is_not_expected() {
    let server = Server::start().await;
    let found = server
        .post("", r#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        .await;
    matches(
        &found,
        expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid request: no answer is expected here"}}"#]],
    );
}

#[tokio::test]
async fn a_notification_is_accepted() {
    let server = Server::start().await;
    let body = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
    let found = server.post(&asking("notifications/cancelled"), body).await;
    assert!(found.starts_with("202"), "{found}");
}

#[tokio::test]
async fn a_subscription_is_acknowledged_and_hears_what_it_asked_for() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":{{"notifications":{{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["a:b"]}},{META}}}}}"#
    );
    client
        .write(&posted_and_open(&asking("subscriptions/listen"), &body))
        .await;
    let acknowledged = client.until("\n\n").await;
    matches(
        acknowledged.rsplit("data: ").next().unwrap_or_default(),
        expect![[r#"
        {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b"]},"_meta":{"io.modelcontextprotocol/subscriptionId":"s"}}}

    "#]],
    );
    for change in [
        wharf_protocol::port::Change::Prompts,
        wharf_protocol::port::Change::Resource("c:d".to_owned()),
        wharf_protocol::port::Change::Resource("a:b".to_owned()),
    ] {
        server
            .double
            .announce
            .send(change)
            .expect("somebody listens");
    }
    let heard = client.until("\n\n").await;
    matches(
        heard.rsplit("data: ").next().unwrap_or_default(),
        expect![[r#"
        {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b","_meta":{"io.modelcontextprotocol/subscriptionId":"s"}}}

    "#]],
    );
    server.stop().await;
    let farewell = client.rest().await;
    assert!(
        farewell.contains(
            r#""resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":"s""#
        ),
        "{farewell}"
    );
}

/// Rule B8.
#[tokio::test]
async fn other_methods_than_post_are_refused() {
    for method in ["GET", "DELETE", "PUT", "OPTIONS"] {
        let server = Server::start().await;
        let found = server
            .say(&format!(
                "{method} /mcp HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
            ))
            .await;
        assert!(found.starts_with("HTTP/1.1 405"), "{method}: {found}");
        assert!(found.contains("allow: POST"), "{method}: {found}");
    }
}

/// A client that asks for a flood and reads nothing of it (issue 3: a peer that stops reading).
#[tokio::test]
async fn a_client_that_never_reads_is_given_up() {
    let server = Server::with(Limits {
        write_timeout: std::time::Duration::from_millis(50),
        ..Limits::STANDARD
    })
    .await;
    let mut client = server.connect().await;
    let flood = call("flood", "{}").replace("\"_meta\":{", "\"_meta\":{\"progressToken\":1,");
    client.write(&posted(&calling("flood"), &flood)).await;
    server.double.until_waiting(1).await;
    server.double.until_waiting(0).await;
}
