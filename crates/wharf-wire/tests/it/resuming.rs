//! Legacy streams that break off and are read on.

use std::time::Duration;

use expect_test::expect;
use wharf_protocol::port::Change;
use wharf_wire::http::Limits;

use crate::legacy::{call, get, in_session, open};
use crate::server::{Client, Server, brief, matches, posted};

/// Calls `tool` in the session called `id`.
async fn calling(server: &Server, id: &str, tool: &str) -> Client {
    let mut client = server.connect().await;
    client.write(&posted(&in_session(id), &call(tool))).await;
    client
}

async fn resume(server: &Server, id: &str, event: &str) -> Client {
    let headers = format!(
        "Connection: close\nLast-Event-ID: {event}\n{}",
        in_session(id)
    );
    get(server, &headers).await
}

/// RULES B10 is for the modern era; here to leave is not to cancel.
#[tokio::test]
async fn an_answer_that_breaks_off_is_read_on_from_the_last_event() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut client = calling(&server, &id, "part").await;
    client.until("\"progress\":1").await;
    drop(client);
    server.double.released.notify_one();
    let read_on = brief(&resume(&server, &id, "1-1").await.rest().await);
    matches(
        &read_on,
        expect![[r#"
            200 OK
            content-type: text/event-stream
            x-accel-buffering: no
            id: 1-2
            event: message
            data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":2.0}}

            id: 1-3
            event: message
            data: {"jsonrpc":"2.0","id":1,"result":{"whole":true}}

        "#]],
    );
    let again = brief(&resume(&server, &id, "1-2").await.rest().await);
    assert!(
        again.contains("id: 1-3") && !again.contains("id: 1-2\n"),
        "{again}"
    );
}

#[tokio::test]
async fn a_newer_reader_takes_the_place_of_an_older_one() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut older = calling(&server, &id, "part").await;
    older.until("\"progress\":1").await;
    let mut newer = resume(&server, &id, "1-0").await;
    newer.until("\"progress\":1").await;
    assert!(!older.rest().await.contains("whole"));
    server.double.released.notify_one();
    newer.until("\"whole\":true").await;
}

/// SEP-1699.
#[tokio::test]
async fn a_handler_may_make_its_caller_come_back() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let hung_up = brief(&calling(&server, &id, "hang up").await.rest().await);
    assert!(
        hung_up.ends_with("id: 1-0\nretry: 1000\ndata: \n\n"),
        "{hung_up}"
    );
    let mut back = resume(&server, &id, "1-0").await;
    server.double.released.notify_one();
    back.until("\"whole\":true").await;
}

#[tokio::test]
async fn a_request_that_takes_its_time_becomes_a_stream_to_come_back_to() {
    let server = Server::with(Limits {
        patience: Duration::ZERO,
        ..Limits::STANDARD
    })
    .await;
    let id = open(&server, "").await;
    let mut client = calling(&server, &id, "wait").await;
    client.until("id: 1-0\nretry: 1000\ndata: \n\n").await;
}

#[tokio::test]
async fn a_request_goes_on_without_a_reader_for_as_long_as_the_grace_time() {
    let server = Server::with(Limits {
        patience: Duration::ZERO,
        resume_grace: Duration::from_millis(50),
        ..Limits::STANDARD
    })
    .await;
    let id = open(&server, "").await;
    let mut client = calling(&server, &id, "wait").await;
    client.until("data: \n\n").await;
    server.double.until_waiting(1).await;
    drop(client);
    server.double.until_waiting(0).await;
}

#[tokio::test]
async fn what_was_forgotten_and_what_never_was_is_not_resumed() {
    let server = Server::with(Limits {
        replay_bytes: 1,
        ..Limits::STANDARD
    })
    .await;
    let id = open(&server, "").await;
    let mut client = calling(&server, &id, "part").await;
    client.until("\"progress\":1").await;
    server.double.released.notify_one();
    client.until("whole").await;
    for event in [
        "1-0",
        "1-99",
        "9-0",
        "1",
        "-",
        "a-b",
        "1-18446744073709551615",
    ] {
        let refused = brief(&resume(&server, &id, event).await.rest().await);
        assert!(refused.starts_with("400"), "{event}: {refused}");
    }
}

/// RULES C5: the id of an event opens nothing without its session.
#[tokio::test]
async fn nobody_reads_on_in_another_session() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut client = calling(&server, &id, "part").await;
    client.until("\"progress\":1").await;
    let other = open(&server, "").await;
    let refused = brief(&resume(&server, &other, "1-0").await.rest().await);
    assert!(refused.starts_with("400"), "{refused}");
}

#[tokio::test]
async fn changes_that_were_missed_are_heard_by_a_listener_that_comes_back() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut listener = get(&server, &in_session(&id)).await;
    listener.until("data: \n\n").await;
    server.double.until_heard(1).await;
    drop(listener);
    let _ = server.double.announce.send(Change::Tools);
    let mut back = resume(&server, &id, "1-0").await;
    back.until("notifications/tools/list_changed").await;
}
