//! Servers that mean harm, or are broken.

use std::time::Duration;

use expect_test::{Expect, expect};

use crate::peer::{Asked, Peer, Said, call, event, json, said, stream, stream_head};

/// Calls a tool of a modern server that answers so.
async fn check(answer: impl Fn(&Asked) -> Said + Send + Sync + 'static, expected: Expect) {
    let peer = Peer::modern(answer).await;
    let client = peer.client().await;
    expected.assert_eq(&call(&client, "t").await);
}

#[tokio::test]
async fn g57_a_stream_that_breaks_off_is_one_error() {
    check(
        |_| stream(": hello\n\n"),
        expect!["error: the server left before it answered"],
    )
    .await;
    check(
        |_| {
            Said::Bytes(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"
                    .into(),
            )
        },
        expect!["error: the server left before it answered"],
    )
    .await;
    check(
        |_| Said::Bytes(String::new()),
        expect!["error: the server cannot be reached"],
    )
    .await;
}

#[tokio::test]
async fn g58_a_server_that_never_answers_runs_into_the_timeout() {
    let peer = Peer::modern(|_| Said::Open(String::new())).await;
    let client = peer
        .connect(|settings| settings.limits.request_timeout = Duration::from_millis(300))
        .await
        .expect("a connection");
    expect!["error: the server did not answer within 300ms"].assert_eq(&call(&client, "t").await);
}

#[tokio::test]
async fn g60_a_message_is_only_read_up_to_the_limit() {
    check(
        |asked| asked.result(&format!(r#"{{"text":"{}"}}"#, "a".repeat(70_000))),
        expect!["error: the server's answer is longer than 65536 bytes"],
    )
    .await;
    check(
        |_| {
            Said::Endless(
                stream_head().into(),
                "data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".into(),
            )
        },
        expect!["error: the server's answer is longer than 65536 bytes"],
    )
    .await;
    check(
        |_| Said::Endless(format!("{}data: ", stream_head()), "a".repeat(1000)),
        expect!["error: the server's answer is longer than 65536 bytes"],
    )
    .await;
}

#[tokio::test]
async fn g60_endless_news_end_with_the_time() {
    let news = event(
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1}}"#,
    );
    let peer = Peer::modern(move |_| Said::Endless(stream_head().into(), news.clone())).await;
    let client = peer
        .connect(|settings| {
            settings.limits.request_timeout = Duration::from_millis(200);
            settings.limits.longest_request = Duration::from_millis(400);
        })
        .await
        .expect("a connection");
    expect!["error: the server did not answer within 200ms"].assert_eq(&call(&client, "t").await);
}

#[tokio::test]
async fn a_head_of_a_megabyte_is_not_read() {
    let head = format!("x-large: {}", "a".repeat(1 << 20));
    check(
        move |_| said(200, &head, "{}"),
        expect!["error: the server cannot be reached"],
    )
    .await;
}

#[tokio::test]
async fn g61_an_answer_to_another_request_is_dropped() {
    check(
        |_| json(200, r#"{"jsonrpc":"2.0","id":999,"result":{"secret":1}}"#),
        expect!["error: the server's answer is no message of MCP: it answers another request"],
    )
    .await;
    check(
        |asked| {
            let other = event(r#"{"jsonrpc":"2.0","id":999,"result":{"secret":1}}"#);
            let ours = format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{}}}}"#, asked.id());
            stream(&format!("{other}{}{other}", event(&ours)))
        },
        expect!["{}"],
    )
    .await;
}

#[tokio::test]
async fn g62_what_is_no_message_is_told_apart() {
    check(
        |_| said(200, "content-type: text/html", "<h1>hi</h1>"),
        expect!["error: the server's answer is no message of MCP: it is of type `text/html`"],
    )
    .await;
    check(
        |_| said(200, "", "x"),
        expect!["error: the server's answer is no message of MCP: it is of type ``"],
    )
    .await;
    check(
        |_| said(502, "content-type: text/html", "<h1>Bad gateway</h1>"),
        expect!["error: the server answered 502 Bad Gateway and no message"],
    )
    .await;
    check(
        |_| json(200, "{"),
        expect!["error: the server's answer is no message of MCP: Parse error: EOF while parsing an object at line 1 column 1"],
    )
    .await;
    check(
        |_| json(200, r#"{"jsonrpc":"2.0","id":2,"result":{"a":1,"a":2}}"#),
        expect![[r#"error: the server's answer is no message of MCP: Invalid request: duplicate key "a" at line 1 column 43"#]],
    )
    .await;
    check(
        |_| Said::Bytes(stream_head().replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n")),
        expect!["error: the server's answer is no message of MCP: it is a compressed stream"],
    )
    .await;
}

#[tokio::test]
async fn a_result_of_a_type_that_nobody_knows_is_an_error() {
    check(
        |asked| asked.result(r#"{"resultType":"surprise"}"#),
        expect!["error: the server's answer is no message of MCP: it answers `tools/call` with a result of type `surprise`"],
    )
    .await;
    check(
        |asked| asked.result(r#"{"unknown": 1.0}"#),
        expect![[r#"{"unknown": 1.0}"#]],
    )
    .await;
}

#[tokio::test]
async fn redirects_are_followed_within_the_origin_only() {
    check(
        |asked| match asked.path.as_str() {
            "/mcp/" => asked.result("{}"),
            _ => said(307, "location: /mcp/", ""),
        },
        expect!["{}"],
    )
    .await;
    let elsewhere = || expect!["error: the server sends us elsewhere, where we do not follow"];
    check(
        |_| said(307, "location: http://10.0.0.1/mcp", ""),
        elsewhere(),
    )
    .await;
    // Would turn the message into a GET.
    check(|_| said(302, "location: /mcp/", ""), elsewhere()).await;
    check(|_| said(308, "location: /mcp", ""), elsewhere()).await;
}

#[tokio::test]
async fn dropping_a_request_closes_its_stream() {
    let peer = Peer::modern(|_| Said::Open(stream_head().into())).await;
    let client = peer.client().await;
    let asking = call(&client, "t");
    tokio::select! {
        _ = asking => panic!("nobody answers"),
        () = peer.until_asked("tools/call", 1) => {}
    }
    // Nothing else is said: in this era the stream is all there is to close.
    expect![[r"
        server/discover
        tools/call"]]
    .assert_eq(&peer.log());
}
