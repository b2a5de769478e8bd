//! Results that want input first (2026-07-28, multi round-trip requests).

use std::sync::Arc;

use expect_test::expect;
use serde_json::Value;
use wharf_protocol::method::Method;
use wharf_wire::client::{Asking, Questions};

use crate::listener::Listener;
use crate::peer::{Peer, ask_as, call};

const QUESTION: &str = r#"{"resultType":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"?"}}},"requestState":"s\u0061 \/"}"#;

fn asking(listener: &Arc<Listener>) -> Asking {
    Asking::for_peer(Arc::clone(listener) as Arc<_>)
}

#[tokio::test]
async fn c3_a_question_is_answered_and_the_state_comes_back_as_it_was() {
    let peer = Peer::modern(|asked| match asked.body["params"].get("inputResponses") {
        None => asked.result(QUESTION),
        Some(_) => asked.result(r#"{"resultType":"complete"}"#),
    })
    .await;
    let client = peer.client().await;
    let listener = Listener::new();
    let params = r#"{"name":"t","arguments":{"a":1.0}}"#;
    let result = ask_as(&client, Method::TOOLS_CALL, params, &asking(&listener)).await;
    assert_eq!(result, r#"{"resultType":"complete"}"#);
    expect![[r#"elicitation/create {"message":"?"}"#]].assert_eq(&listener.heard());
    let calls = peer.asked("tools/call");
    assert_ne!(calls[0].id(), calls[1].id());
    let again = &calls[1].body["params"];
    assert_eq!(again["arguments"].to_string(), r#"{"a":1.0}"#);
    assert_eq!(
        again["inputResponses"].to_string(),
        r#"{"who":{"action":"accept"}}"#
    );
    assert_eq!(again["requestState"], Value::from("sa /"));
}

#[tokio::test]
async fn c3_a_state_that_was_not_given_is_not_sent() {
    let peer = Peer::modern(|asked| {
        let params = &asked.body["params"];
        match (params.get("inputResponses"), params.get("requestState")) {
            (None, None) => asked.result(QUESTION),
            (Some(_), Some(_)) => asked.result(
                r#"{"resultType":"input_required","inputRequests":{"b":{"method":"roots/list"}}}"#,
            ),
            (Some(answers), None) => asked.result(&format!(r#"{{"answers":{answers}}}"#)),
            _ => asked.error(400, r#"{"code":1,"message":"?"}"#),
        }
    })
    .await;
    let client = peer.client().await;
    let listener = Listener::new();
    let result = ask_as(
        &client,
        Method::TOOLS_CALL,
        r#"{"name":"t"}"#,
        &asking(&listener),
    )
    .await;
    assert_eq!(result, r#"{"answers":{"b":{"action":"accept"}}}"#);
}

#[tokio::test]
async fn a_server_that_keeps_asking_is_left() {
    let peer = Peer::modern(|asked| asked.result(QUESTION)).await;
    let client = peer.client().await;
    let listener = Listener::new();
    let result = ask_as(
        &client,
        Method::TOOLS_CALL,
        r#"{"name":"t"}"#,
        &asking(&listener),
    )
    .await;
    expect!["error: the server kept asking instead of answering, 8 times"].assert_eq(&result);
}

#[tokio::test]
async fn a_question_that_nobody_answers_ends_the_request() {
    let peer = Peer::modern(|asked| asked.result(QUESTION)).await;
    let client = peer.client().await;
    expect!["error: the server asks for `elicitation/create`, which nobody here answers"]
        .assert_eq(&call(&client, "t").await);
    assert_eq!(peer.asked("tools/call").len(), 1);
}

#[tokio::test]
async fn a_gateway_gets_the_question_itself() {
    let peer = Peer::modern(|asked| asked.result(QUESTION)).await;
    let client = peer.client().await;
    let asking = Asking {
        questions: Questions::HandedBack,
        ..Asking::default()
    };
    let result = ask_as(&client, Method::TOOLS_CALL, r#"{"name":"t"}"#, &asking).await;
    assert_eq!(result, QUESTION);
}

#[tokio::test]
async fn only_three_methods_may_ask() {
    let peer = Peer::modern(|asked| asked.result(QUESTION)).await;
    let client = peer.client().await;
    let result = ask_as(&client, Method::COMPLETE, "{}", &Asking::default()).await;
    expect!["error: the server's answer is no message of MCP: it answers `completion/complete` with a result of type `input_required`"]
        .assert_eq(&result);
}
