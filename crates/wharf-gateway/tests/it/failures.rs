//! Upstreams that fail in every way there is. Each failure is that call's alone: a clear `isError`
//! in bounded time and memory.

use std::time::Duration;

use expect_test::{Expect, expect};
use serde_json::json;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::upstream::http;

use crate::harness::{Folder, call, document, settings, start, text};
use crate::scripted::{Act, Scripted, answer, json as json_answer};

/// A gateway with one tool, `thing`, in front of `upstream`.
async fn gateway(
    upstream: &Scripted,
    method: &str,
    change: impl FnOnce(&mut http::Settings),
) -> Gateway {
    let folder = Folder::new();
    let source = document(
        &folder,
        &upstream.url,
        method,
        &json!({"operationId": "thing"}),
    );
    let mut http = http::Settings {
        call_timeout: Duration::from_secs(20),
        answer_bytes: 64 * 1024,
        ..http::Settings::new("fake", source)
    };
    change(&mut http);
    start(settings(vec![http])).await
}

#[track_caller]
fn check(result: &serde_json::Value, expected: Expect) {
    assert_eq!(result["isError"], true, "{result}");
    expected.assert_eq(&text(result));
}

#[tokio::test]
async fn one_that_never_answers_is_given_up_in_time() {
    let upstream = Scripted::start(|_, _| Act::Silence).await;
    let gateway = gateway(&upstream, "post", |http| {
        http.call_timeout = Duration::from_millis(300);
    })
    .await;
    check(
        &call(&gateway, "thing", json!({})).await.unwrap(),
        expect![
            "The call failed: the upstream did not answer within 0 s. Whether it took effect is not known: read the state before you try again."
        ],
    );
}

#[tokio::test]
async fn one_that_resets_is_asked_again_only_if_that_is_safe() {
    let upstream = Scripted::start(|number, _| match number {
        0 => Act::Reset,
        _ => json_answer("{}"),
    })
    .await;
    let reading = gateway(&upstream, "get", |_| {}).await;
    let read = call(&reading, "thing", json!({})).await.unwrap();
    assert_ne!(read["isError"], true, "{read}");
    assert_eq!(upstream.requests().len(), 2);

    let upstream = Scripted::start(|_, _| Act::Reset).await;
    let writing = gateway(&upstream, "post", |_| {}).await;
    check(
        &call(&writing, "thing", json!({})).await.unwrap(),
        expect![
            "The call failed: the upstream closed the connection before it had answered. Whether it took effect is not known: read the state before you try again."
        ],
    );
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn one_that_is_busy_is_asked_again_after_the_time_it_names() {
    let upstream = Scripted::start(|number, _| match number {
        0 => answer(503, "retry-after: 0\r\n", ""),
        _ => json_answer("{}"),
    })
    .await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let read = call(&gateway, "thing", json!({})).await.unwrap();
    assert_ne!(read["isError"], true, "{read}");
}

#[tokio::test]
async fn one_that_wants_a_long_pause_is_not_waited_for() {
    let upstream = Scripted::start(|_, _| answer(429, "retry-after: 3600\r\n", "")).await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let refused = call(&gateway, "thing", json!({})).await.unwrap();
    assert_eq!(refused["isError"], true);
    assert!(text(&refused).contains("3600"), "{refused}");
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn one_that_promises_more_than_it_sends_is_an_error() {
    let upstream = Scripted::start(|_, _| {
        Act::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"a\":1".to_vec())
    })
    .await;
    let gateway = gateway(&upstream, "post", |_| {}).await;
    check(
        &call(&gateway, "thing", json!({})).await.unwrap(),
        expect![
            "The call failed: the upstream closed the connection before it had answered. Whether it took effect is not known: read the state before you try again."
        ],
    );
}

#[tokio::test]
async fn one_that_never_stops_talking_is_cut_off() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n".to_vec();
    let upstream = Scripted::start(move |_, _| Act::Endless(head.clone(), vec![b'x'; 65536])).await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let cut = call(&gateway, "thing", json!({})).await.unwrap();
    assert!(text(&cut).contains("cut"), "{}", &text(&cut)[..200]);
    assert!(text(&cut).len() < 80 * 1024);
}

#[tokio::test]
async fn a_bomb_is_inflated_only_as_far_as_the_limit() {
    use std::io::Write as _;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 64 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    let upstream = Scripted::start(move |_, _| {
        let mut bytes = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            bomb.len()
        )
        .into_bytes();
        bytes.extend_from_slice(&bomb);
        Act::Bytes(bytes)
    })
    .await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let cut = call(&gateway, "thing", json!({})).await.unwrap();
    assert!(cut.to_string().len() < 200 * 1024);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_replaced_and_said() {
    let upstream = Scripted::start(|_, _| {
        Act::Bytes(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"a\":\"\xff\"}".to_vec())
    })
    .await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let read = call(&gateway, "thing", json!({})).await.unwrap();
    assert_ne!(read["isError"], true, "{read}");
    assert!(text(&read).contains('\u{fffd}'), "{read}");
}

#[tokio::test]
async fn one_that_is_not_there_is_said_to_be_out_of_reach() {
    let upstream = Scripted::start(|_, _| Act::Silence).await;
    let gateway = gateway(&upstream, "post", |_| {}).await;
    drop(upstream);
    check(
        &call(&gateway, "thing", json!({})).await.unwrap(),
        expect![
            "The call failed: the upstream cannot be reached. Nothing was sent. Try again later, or tell the operator."
        ],
    );
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let upstream = Scripted::start(|_, _| {
        answer(
            302,
            "location: http://169.254.169.254/latest/meta-data\r\n",
            "",
        )
    })
    .await;
    let gateway = gateway(&upstream, "get", |_| {}).await;
    let told = call(&gateway, "thing", json!({})).await.unwrap();
    assert!(text(&told).contains("169.254.169.254"), "{told}");
    assert_eq!(upstream.requests().len(), 1);
}
