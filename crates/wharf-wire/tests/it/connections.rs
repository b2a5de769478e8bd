//! How many connections and requests there may be, and how they end.

use std::time::Duration;

use wharf_wire::http::Limits;

use crate::server::{Server, asking, brief, call, calling, posted_and_open, request};

#[tokio::test]
async fn a_connection_too_many_is_told_so() {
    let server = Server::with(Limits {
        connections: 1,
        ..Limits::STANDARD
    })
    .await;
    let mut first = server.connect().await;
    first
        .write(&posted_and_open(
            &asking("tools/list"),
            &request("tools/list"),
        ))
        .await;
    first.until("}}}}").await;
    let mut second = server.connect().await;
    let refused = second.until("\r\n\r\n").await;
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after: 1"));
    drop(second);
    // Room again once the first has left.
    drop(first);
    loop {
        let mut third = server.connect().await;
        third
            .write(&posted_and_open(
                &asking("tools/list"),
                &request("tools/list"),
            ))
            .await;
        if third.until("\r\n").await.starts_with("HTTP/1.1 200 ") {
            return;
        }
    }
}

#[tokio::test]
async fn a_request_too_many_is_told_so() {
    let server = Server::with(Limits {
        requests: 1,
        ..Limits::STANDARD
    })
    .await;
    let mut first = server.connect().await;
    first
        .write(&posted_and_open(&calling("wait"), &call("wait", "{}")))
        .await;
    server.double.until_waiting(1).await;
    let refused = server
        .post(&asking("tools/list"), &request("tools/list"))
        .await;
    assert!(
        refused.starts_with("503 Service Unavailable\nretry-after: 1\n"),
        "{refused}"
    );
    drop(first);
    server.double.until_waiting(0).await;
    let mut answered = server
        .post(&asking("tools/list"), &request("tools/list"))
        .await;
    while answered.starts_with("503") {
        answered = server
            .post(&asking("tools/list"), &request("tools/list"))
            .await;
    }
    assert!(answered.starts_with("200"), "{answered}");
}

#[tokio::test]
async fn a_quiet_stream_shows_that_it_is_alive() {
    let server = Server::with(Limits {
        keep_alive: Duration::from_millis(20),
        ..Limits::STANDARD
    })
    .await;
    let mut client = server.connect().await;
    let body = request("subscriptions/listen")
        .replace(r#""params":{"#, r#""params":{"notifications":{},"#);
    client
        .write(&posted_and_open(&asking("subscriptions/listen"), &body))
        .await;
    client.until("acknowledged").await;
    client.until(": keep-alive\n\n").await;
    client.until(": keep-alive\n\n").await;
}

#[tokio::test]
async fn shutdown_waits_for_requests_until_its_patience_ends() {
    let server = Server::with(Limits {
        grace: Duration::from_millis(50),
        ..Limits::STANDARD
    })
    .await;
    let mut client = server.connect().await;
    client
        .write(&posted_and_open(&calling("wait"), &call("wait", "{}")))
        .await;
    server.double.until_waiting(1).await;
    let double = std::sync::Arc::clone(&server.double);
    server.stop().await;
    double.until_waiting(0).await;
    let found = client.rest().await;
    assert!(found.is_empty(), "{}", brief(&found));
}
