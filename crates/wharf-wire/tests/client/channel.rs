//! One channel that many requests share.

use std::sync::Arc;
use std::time::Duration;

use expect_test::expect;
use serde_json::Value;
use wharf_protocol::method::Method;
use wharf_wire::client::Asking;

use crate::listener::Listener;
use crate::peer::{ask_as, call};
use crate::pipe::Pipe;

fn frame(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

fn answer(id: &Value, result: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)
}

#[tokio::test(start_paused = true)]
async fn g61_answers_find_their_request_in_any_order_and_only_once() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let serving = async {
        let first = frame(&pipe.hear().await);
        let second = frame(&pipe.hear().await);
        let name = |frame: &Value| format!(r#"{{"is":{}}}"#, frame["params"]["name"]);
        pipe.say(&answer(&second["id"], &name(&second))).await;
        pipe.say(&answer(&second["id"], r#"{"is":"a second answer"}"#))
            .await;
        pipe.say(&answer(&Value::from("another's"), r#"{"is":"nobody's"}"#))
            .await;
        pipe.say("Listening on stdio...").await;
        pipe.say("").await;
        pipe.say(&answer(&first["id"], &name(&first))).await;
    };
    let (one, two, ()) = tokio::join!(call(&client, "one"), call(&client, "two"), serving);
    assert_eq!(
        (one.as_str(), two.as_str()),
        (r#"{"is":"one"}"#, r#"{"is":"two"}"#)
    );
}

#[tokio::test(start_paused = true)]
async fn g57_the_end_of_the_channel_ends_every_request() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let serving = async {
        pipe.hear().await;
        pipe.hear().await;
        pipe.end().await;
    };
    let (one, two, ()) = tokio::join!(call(&client, "one"), call(&client, "two"), serving);
    assert_eq!(one, "error: the server left before it answered");
    assert_eq!(one, two);
    assert_eq!(one, call(&client, "three").await);
}

#[tokio::test(start_paused = true)]
async fn g58_a_timeout_and_a_drop_take_the_request_back() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    expect!["error: the server did not answer within 60s"].assert_eq(&call(&client, "t").await);
    pipe.hear().await;
    expect![[r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#]]
        .assert_eq(&pipe.hear().await);
    let in_vain = tokio::time::timeout(Duration::from_secs(1), call(&client, "t")).await;
    assert!(in_vain.is_err());
    pipe.hear().await;
    expect![[r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#]]
        .assert_eq(&pipe.hear().await);
}

#[tokio::test(start_paused = true)]
async fn progress_reaches_whoever_asked_and_buys_time() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let listener = Listener::new();
    let asking = Asking::for_peer(Arc::clone(&listener) as Arc<_>);
    let params = r#"{"name":"slow","_meta":{"progressToken":"mine","x/y":1}}"#;
    let serving = async {
        let asked = frame(&pipe.hear().await);
        let token = &asked["params"]["_meta"]["progressToken"];
        assert_eq!(token, &asked["id"]);
        assert_eq!(asked["params"]["_meta"]["x/y"], 1);
        for step in 1..=3 {
            tokio::time::sleep(Duration::from_secs(50)).await;
            pipe.say(&format!(
                r#"{{"jsonrpc":"2.0","method":"notifications/progress","params":{{"progressToken":{token},"progress":{step},"extra":true}}}}"#
            ))
            .await;
        }
        pipe.say(&answer(&asked["id"], "{}")).await;
    };
    let asked = ask_as(&client, Method::TOOLS_CALL, params, &asking);
    let (result, ()) = tokio::join!(asked, serving);
    assert_eq!(result, "{}");
    expect![[r#"
        notifications/progress {"progressToken":"mine","progress":1,"extra":true}
        notifications/progress {"progressToken":"mine","progress":2,"extra":true}
        notifications/progress {"progressToken":"mine","progress":3,"extra":true}"#]]
    .assert_eq(&listener.heard());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_long_is_skipped() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let serving = async {
        let asked = frame(&pipe.hear().await);
        pipe.say(&answer(
            &asked["id"],
            &format!(r#""{}""#, "a".repeat(70_000)),
        ))
        .await;
        let asked = frame(&pipe.hear().await);
        pipe.say(&answer(&asked["id"], "{}")).await;
    };
    let calls = async { (call(&client, "long").await, call(&client, "short").await) };
    let ((long, short), ()) = tokio::join!(calls, serving);
    assert_eq!(
        long,
        "error: the server's answer is longer than 65536 bytes"
    );
    assert_eq!(short, "{}");
}

#[tokio::test(start_paused = true)]
async fn a_question_goes_to_whoever_stands_behind_the_only_request() {
    let (mut pipe, client) = Pipe::legacy(|_| {}).await;
    let listener = Listener::new();
    let asking = Asking::for_peer(Arc::clone(&listener) as Arc<_>);
    let question = r#"{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"a":1}}"#;
    let serving = async {
        let first = frame(&pipe.hear().await);
        pipe.say(question).await;
        let answered = pipe.hear().await;
        pipe.say(&answer(&first["id"], "{}")).await;
        answered
    };
    let asked = ask_as(&client, Method::TOOLS_CALL, r#"{"name":"t"}"#, &asking);
    let (_, answered) = tokio::join!(asked, serving);
    expect![[r#"{"jsonrpc":"2.0","id":"q","result":{"action":"accept"}}"#]].assert_eq(&answered);
    expect![[r#"elicitation/create {"a":1}"#]].assert_eq(&listener.heard());
}

#[tokio::test(start_paused = true)]
async fn a_question_that_may_be_anybodys_goes_to_nobody() {
    let (mut pipe, client) = Pipe::legacy(|_| {}).await;
    let listener = Listener::new();
    let asking = Asking::for_peer(Arc::clone(&listener) as Arc<_>);
    let serving = async {
        let first = frame(&pipe.hear().await);
        let second = frame(&pipe.hear().await);
        pipe.say(r#"{"jsonrpc":"2.0","id":"q","method":"elicitation/create"}"#)
            .await;
        let answered = pipe.hear().await;
        pipe.say(&answer(&first["id"], "{}")).await;
        pipe.say(&answer(&second["id"], "{}")).await;
        answered
    };
    let asked = ask_as(&client, Method::TOOLS_CALL, r#"{"name":"t"}"#, &asking);
    let (_, _, answered) = tokio::join!(asked, call(&client, "other"), serving);
    expect![[r#"{"jsonrpc":"2.0","id":"q","error":{"code":-32601,"message":"Method not found: elicitation/create"}}"#]]
        .assert_eq(&answered);
    assert_eq!(listener.heard(), "");
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_and_a_modern_question_is_not() {
    let (mut pipe, client) = Pipe::legacy(|_| {}).await;
    pipe.say(r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#)
        .await;
    assert_eq!(pipe.hear().await, r#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
    drop(client);

    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    pipe.say(r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#)
        .await;
    let serving = async {
        let next = frame(&pipe.hear().await);
        pipe.say(&answer(&next["id"], "{}")).await;
        next["method"].to_string()
    };
    let (_, next) = tokio::join!(call(&client, "t"), serving);
    assert_eq!(next, r#""tools/call""#);
}
