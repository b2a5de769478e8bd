//! Sessions over HTTP (2025-11-25).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::expect;
use wharf_protocol::method::Method;
use wharf_wire::client::Asking;

use crate::listener::Listener;
use crate::peer::{INITIALIZED, Peer, Said, ask_as, call, event, said, stream, stream_head};

#[tokio::test]
async fn every_request_names_session_and_revision_and_close_ends_the_session() {
    let peer = Peer::legacy(|asked| match asked.what() {
        "DELETE" => said(200, "", ""),
        _ => asked.result("{}"),
    })
    .await;
    let client = peer.client().await;
    assert_eq!(call(&client, "t").await, "{}");
    client.close().await;
    expect![[r"
        server/discover
        initialize
        notifications/initialized
        tools/call
        DELETE"]]
    .assert_eq(&peer.log());
    for what in ["notifications/initialized", "tools/call", "DELETE"] {
        let asked = &peer.asked(what)[0];
        assert_eq!(asked.header("mcp-session-id"), Some("s1"), "{what}");
        assert_eq!(
            asked.header("mcp-protocol-version"),
            Some("2025-11-25"),
            "{what}"
        );
        assert_eq!(asked.header("mcp-method"), None, "{what}");
    }
    assert_eq!(peer.asked("initialize")[0].header("mcp-session-id"), None);
}

#[tokio::test]
async fn a_session_that_is_gone_is_opened_again_once() {
    let calls = AtomicUsize::new(0);
    let peer = Peer::legacy(move |asked| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => said(404, "", ""),
        _ => asked.result("{}"),
    })
    .await;
    let client = peer.client().await;
    assert_eq!(call(&client, "t").await, "{}");
    expect![[r"
        server/discover
        initialize
        notifications/initialized
        tools/call
        initialize
        notifications/initialized
        tools/call"]]
    .assert_eq(&peer.log());

    let peer = Peer::legacy(|_| said(404, "", "")).await;
    let client = peer.client().await;
    expect!["error: the server has ended the session"].assert_eq(&call(&client, "t").await);
    assert_eq!(peer.asked("tools/call").len(), 2);
}

#[tokio::test]
async fn a_request_that_is_dropped_is_taken_back_in_words() {
    let peer = Peer::legacy(|asked| match asked.what() {
        "tools/call" => Said::Open(stream_head().into()),
        _ => said(202, "", ""),
    })
    .await;
    let client = peer.client().await;
    tokio::select! {
        _ = call(&client, "t") => panic!("nobody answers"),
        () = peer.until_asked("tools/call", 1) => {}
    }
    peer.until_asked("notifications/cancelled", 1).await;
    let call = peer.asked("tools/call")[0].id();
    let cancelled = &peer.asked("notifications/cancelled")[0];
    assert_eq!(cancelled.body["params"]["requestId"].to_string(), call);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_taken_up_where_it_did() {
    let peer = Peer::legacy(|asked| match asked.header("last-event-id") {
        None => stream("id: 7\nretry: 1\ndata:\n\n"),
        Some("7") => stream("id: 8\nretry: 1\ndata:\n\n: still at it\n\n"),
        Some(_) => stream(&event(r#"{"jsonrpc":"2.0","id":3,"result":{"found":1}}"#)),
    })
    .await;
    let client = peer.client().await;
    assert_eq!(call(&client, "t").await, r#"{"found":1}"#);
    let resumed = peer.asked("GET");
    let ids: Vec<_> = resumed
        .iter()
        .map(|asked| asked.header("last-event-id"))
        .collect();
    assert_eq!(ids, [Some("7"), Some("8")]);
}

#[tokio::test]
async fn a_stream_is_not_taken_up_for_ever() {
    let peer = Peer::legacy(|_| stream("id: 7\nretry: 1\ndata:\n\n")).await;
    let client = peer.client().await;
    expect!["error: the server left before it answered"].assert_eq(&call(&client, "t").await);
    // Five in vain, after the first, which was told a new place.
    assert_eq!(peer.asked("GET").len(), 6);
}

#[tokio::test]
async fn a_question_on_the_stream_of_a_request_is_answered_on_its_account() {
    let peer = Peer::legacy(|asked| match asked.what() {
        "tools/call" => {
            let question = event(r#"{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{}}"#);
            let log = event(r#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}"#);
            Said::Open(format!("{}{log}{question}", stream_head()))
        }
        _ => said(202, "", ""),
    })
    .await;
    let client = peer.client().await;
    let listener = Listener::new();
    let asking = Asking::for_peer(Arc::clone(&listener) as Arc<_>);
    tokio::select! {
        _ = ask_as(&client, Method::TOOLS_CALL, r#"{"name":"t"}"#, &asking) => panic!("nobody answers"),
        () = peer.until_asked("POST", 1) => {}
    }
    expect![[r#"{"jsonrpc":"2.0","id":"q","result":{"action":"accept"}}"#]]
        .assert_eq(&peer.asked("POST")[0].body.to_string());
    expect![[r#"
        notifications/message {"level":"info","data":1}
        elicitation/create {}"#]]
    .assert_eq(&listener.heard());
}

#[tokio::test]
async fn a_stream_that_cannot_be_taken_up_is_lost() {
    let peer = Peer::legacy(|asked| match asked.what() {
        "GET" => said(405, "", ""),
        _ => stream("id: 7\nretry: 1\ndata:\n\n"),
    })
    .await;
    let client = peer.client().await;
    expect!["error: the server left before it answered"].assert_eq(&call(&client, "t").await);
}

#[tokio::test]
async fn a_client_that_answers_questions_listens_before_it_asks_anything() {
    let peer = Peer::start(|asked| match asked.what() {
        "server/discover" => said(400, "", ""),
        "initialize" => asked.result(INITIALIZED),
        "GET" => Said::Open(stream_head().into()),
        "tools/call" => asked.result("{}"),
        _ => said(202, "", ""),
    })
    .await;
    let client = peer
        .connect(|settings| settings.capabilities.roots = serde_json::from_str("{}").ok())
        .await
        .expect("a connection");
    call(&client, "t").await;
    expect![[r"
        server/discover
        initialize
        notifications/initialized
        GET
        tools/call"]]
    .assert_eq(&peer.log());
}
