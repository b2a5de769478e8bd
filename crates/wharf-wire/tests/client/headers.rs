//! What headers repeat of the body (2026-07-28, Streamable HTTP, request metadata).

use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::{Expect, expect};
use wharf_protocol::method::Method;
use wharf_wire::client::Asking;

use crate::peer::{Asked, Peer, ask, request};

/// The headers of MCP that `asked` had, in a fixed order.
fn mirrored(asked: &Asked) -> String {
    let names = [
        "mcp-protocol-version",
        "mcp-method",
        "mcp-name",
        "mcp-param-region",
        "mcp-session-id",
    ];
    let lines = names
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", asked.header(name)?)));
    lines.collect::<Vec<_>>().join("\n")
}

async fn check(method: Method, params: &str, expected: Expect) {
    let peer = Peer::modern(|asked| asked.result("{}")).await;
    let client = peer.client().await;
    ask(&client, method.clone(), params).await;
    expected.assert_eq(&mirrored(&peer.asked(method.as_str())[0]));
}

#[tokio::test]
async fn method_and_name_are_repeated_and_packed_where_need_be() {
    check(
        Method::TOOLS_CALL,
        r#"{"name":"größe"}"#,
        expect![[r"
            mcp-protocol-version: 2026-07-28
            mcp-method: tools/call
            mcp-name: =?base64?Z3LDtsOfZQ==?="]],
    )
    .await;
    check(
        Method::RESOURCES_READ,
        r#"{"uri":"file:///a%20b"}"#,
        expect![[r"
            mcp-protocol-version: 2026-07-28
            mcp-method: resources/read
            mcp-name: file:///a%20b"]],
    )
    .await;
    check(
        Method::from("example/unheard"),
        r#"{"name":"t"}"#,
        expect![[r"
            mcp-protocol-version: 2026-07-28
            mcp-method: example/unheard"]],
    )
    .await;
}

const ANNOTATED: &str = r#"{"name":"t","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}}"#;

#[tokio::test]
async fn b6_a_tool_with_an_invalid_annotation_is_left_out_and_the_rest_is_as_it_was() {
    let peer = Peer::modern(|asked| {
        let invalid = ANNOTATED
            .replace("\"Region\"", "\"\"")
            .replace("\"t\"", "\"bad\"");
        asked.result(&format!(
            r#"{{"tools":[{ANNOTATED},{invalid},{{"name":"odd", "x":1.0}}],"extra": [ 1 ]}}"#
        ))
    })
    .await;
    let client = peer.client().await;
    let listed = ask(&client, Method::TOOLS_LIST, "{}").await;
    let kept = format!(r#"{{"tools":[{ANNOTATED},{{"name":"odd", "x":1.0}}],"extra":[ 1 ]}}"#);
    assert_eq!(listed, kept);
}

#[tokio::test]
async fn b7_a_server_that_wants_other_headers_is_asked_for_its_tools_again() {
    let calls = AtomicUsize::new(0);
    let peer = Peer::modern(move |asked| match asked.what() {
        "tools/list" => asked.result(&format!(r#"{{"tools":[{ANNOTATED}]}}"#)),
        _ if asked.header("mcp-param-region").is_some() => asked.result("{}"),
        _ => {
            assert!(
                calls.fetch_add(1, Ordering::SeqCst) == 0,
                "it is tried once more only"
            );
            asked.error(400, r#"{"code":-32020,"message":"Header mismatch"}"#)
        }
    })
    .await;
    let client = peer.client().await;
    let params = r#"{"name":"t","arguments":{"region":"eu"}}"#;
    assert_eq!(ask(&client, Method::TOOLS_CALL, params).await, "{}");
    expect![[r"
        server/discover
        tools/call
        tools/list
        tools/call"]]
    .assert_eq(&peer.log());
    expect![[r"
        mcp-protocol-version: 2026-07-28
        mcp-method: tools/call
        mcp-name: t
        mcp-param-region: eu"]]
    .assert_eq(&mirrored(&peer.asked("tools/call")[1]));
}

#[tokio::test]
async fn b7_a_server_that_is_never_content_is_tried_once_more_only() {
    let peer = Peer::modern(|asked| match asked.what() {
        "tools/list" => asked.result(r#"{"tools":[]}"#),
        _ => asked.error(400, r#"{"code":-32020,"message":"Header mismatch"}"#),
    })
    .await;
    let client = peer.client().await;
    expect!["error: Header mismatch (-32020)"]
        .assert_eq(&ask(&client, Method::TOOLS_CALL, r#"{"name":"t"}"#).await);
    assert_eq!(peer.asked("tools/call").len(), 2);
}

#[tokio::test]
async fn every_request_says_who_asks_and_keeps_what_its_sender_wrote() {
    let peer = Peer::modern(|asked| asked.result("{}")).await;
    let client = peer.client().await;
    let params = r#"{"b":1.0,"name":"t","_meta":{"x/y":[1e2]},"a":null}"#;
    client
        .ask(request(Method::TOOLS_CALL, params), &Asking::default())
        .await
        .expect("an answer");
    expect![[r#"{"b":1.0,"name":"t","_meta":{"x/y":[100.0],"progressToken":2,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}},"a":null}"#]]
        .assert_eq(&peer.asked("tools/call")[0].body["params"].to_string());
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_not_in_circles() {
    let peer = Peer::modern(|asked| match asked.body["params"]["cursor"].as_str() {
        None => asked.result(r#"{"tools":[{"name":"a"}],"nextCursor":"2"}"#),
        Some("2") => asked.result(r#"{"tools":[{"name":"b"}]}"#),
        Some(_) => asked.result("{}"),
    })
    .await;
    let client = peer.client().await;
    let all = client
        .list_all(Method::TOOLS_LIST, &Asking::default())
        .await
        .expect("a list");
    let names: Vec<_> = all.iter().map(|tool| tool.get()).collect();
    assert_eq!(names, [r#"{"name":"a"}"#, r#"{"name":"b"}"#]);

    let peer = Peer::modern(|asked| asked.result(r#"{"tools":[],"nextCursor":"same"}"#)).await;
    let client = peer.client().await;
    let error = client
        .list_all(Method::TOOLS_LIST, &Asking::default())
        .await
        .expect_err("no end");
    expect!["the server's answer is no message of MCP: its list goes in circles"]
        .assert_eq(&error.to_string());
}
