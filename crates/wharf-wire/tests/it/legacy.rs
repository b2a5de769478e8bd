//! Sessions of 2025-11-25 and older over HTTP.

use expect_test::{Expect, expect};
use wharf_protocol::port::Change;
use wharf_wire::http::Limits;

use crate::server::{Client, Server, brief, matches, posted, posted_and_open};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"c","version":"1"}}}"#;

/// Opens a session with `headers` and returns its id.
pub(crate) async fn open(server: &Server, headers: &str) -> String {
    let response = server.say(&posted(headers, INITIALIZE)).await;
    let (_, rest) = response.split_once("mcp-session-id: ").expect("a session");
    rest.lines().next().unwrap_or_default().to_owned()
}

pub(crate) fn in_session(id: &str) -> String {
    format!("Mcp-Session-Id: {id}\nMCP-Protocol-Version: 2025-11-25")
}

pub(crate) fn call(tool: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","_meta":{{"progressToken":7}}}}}}"#
    )
}

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

/// Posts `body` in a fresh session.
async fn check(body: &str, expected: Expect) {
    let server = Server::start().await;
    let id = open(&server, "").await;
    matches(&server.post(&in_session(&id), body).await, expected);
}

pub(crate) async fn get(server: &Server, headers: &str) -> Client {
    let mut client = server.connect().await;
    let headers: String = headers.lines().flat_map(|line| [line, "\r\n"]).collect();
    client
        .write(&format!(
            "GET /mcp HTTP/1.1\r\nHost: HOST\r\nAccept: text/event-stream\r\n{headers}\r\n"
        ))
        .await;
    client
}

#[tokio::test]
async fn initialize_agrees_on_a_revision() {
    let server = Server::start().await;
    let found = server.post("", INITIALIZE).await;
    matches(
        &found,
        expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true}},"serverInfo":{"name":"double","version":"1"}}}"#]],
    );
    let newer = INITIALIZE.replace("2025-11-25", "2026-07-28");
    assert!(
        server
            .post("", &newer)
            .await
            .contains(r#""protocolVersion":"2025-11-25""#)
    );
    let older = INITIALIZE.replace("2025-11-25", "2024-11-05");
    assert!(
        server
            .post("", &older)
            .await
            .contains(r#""protocolVersion":"2024-11-05""#)
    );
}

#[tokio::test]
async fn a_legacy_result_has_nothing_added() {
    check(
        PING,
        expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"result":{}}"#]],
    )
    .await;
    check(
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        expect![[r#"
            200 OK
            {"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"#]],
    )
    .await;
}

/// A client takes 404 for the end of its session, so no method may cause it.
#[tokio::test]
async fn an_unknown_method_is_an_answer_like_any_other() {
    check(
        r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#,
        expect![[r#"
        200 OK
        {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: no/such"}}"#]],
    )
    .await;
    check(
        r#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#,
        expect![[r#"
            200 OK
            {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: server/discover"}}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_batch_is_refused() {
    check(&format!("[{PING}]"), expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: batches are not taken, send one message at a time"}}"#]]).await;
}

#[tokio::test]
async fn a_second_request_with_a_running_id_is_refused() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut client = server.connect().await;
    client
        .write(&posted_and_open(&in_session(&id), &call("wait")))
        .await;
    server.double.until_waiting(1).await;
    matches(
        &server.post(&in_session(&id), &call("echo")).await,
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid request: a request with this `id` is running"}}"#]],
    );
}

#[tokio::test]
async fn a_session_is_required_and_must_be_known() {
    let server = Server::start().await;
    matches(
        &server.post("", PING).await,
        expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"a Mcp-Session-Id is required; `initialize` yields one"}}"#]],
    );
    matches(
        &server.post(&in_session("unknown"), PING).await,
        expect![[r#"
        404 Not Found
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"there is no such session; start a new one with `initialize`"}}"#]],
    );
    let notification = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    matches(
        &server.post("", notification).await,
        expect![[r#"
        400 Bad Request
        {"jsonrpc":"2.0","error":{"code":-32600,"message":"a Mcp-Session-Id is required; `initialize` yields one"}}"#]],
    );
}

#[tokio::test]
async fn the_version_is_optional_but_must_be_a_legacy_one() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let bare = format!("Mcp-Session-Id: {id}");
    assert!(server.post(&bare, PING).await.starts_with("200"));
    let old = format!("{bare}\nMCP-Protocol-Version: 2025-03-26");
    assert!(server.post(&old, PING).await.starts_with("200"));
    for wrong in ["2026-07-28", "1900-01-01"] {
        let headers = format!("{bare}\nMCP-Protocol-Version: {wrong}");
        let found = server.post(&headers, PING).await;
        assert!(found.starts_with("400"), "{found}");
    }
}

/// Rule C5.
#[tokio::test]
async fn a_session_opens_for_the_credential_it_was_made_with() {
    let server = Server::start().await;
    let id = open(&server, "Authorization: Bearer alice").await;
    let headers = in_session(&id);
    for stranger in ["Authorization: Bearer bob", "X: y"] {
        let found = server.post(&format!("{headers}\n{stranger}"), PING).await;
        assert!(found.starts_with("404"), "{found}");
    }
    let found = server
        .post(&format!("{headers}\nAuthorization: Bearer alice"), PING)
        .await;
    assert!(found.starts_with("200"), "{found}");
}

#[tokio::test]
async fn a_session_id_cannot_be_guessed() {
    let server = Server::start().await;
    let (one, other) = (open(&server, "").await, open(&server, "").await);
    assert_ne!(one, other);
    assert_eq!(one.len(), 32);
    assert!(
        one.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
}

#[tokio::test]
async fn delete_ends_a_session_and_what_runs_in_it() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut waiting = server.connect().await;
    waiting
        .write(&posted_and_open(&in_session(&id), &call("wait")))
        .await;
    server.double.until_waiting(1).await;
    let delete = format!(
        "DELETE /mcp HTTP/1.1\r\nHost: HOST\r\nMcp-Session-Id: {id}\r\nConnection: close\r\n\r\n"
    );
    assert!(server.say(&delete).await.starts_with("HTTP/1.1 204 "));
    server.double.until_waiting(0).await;
    assert!(server.post(&in_session(&id), PING).await.starts_with("404"));
    assert!(server.say(&delete).await.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn a_client_is_asked_on_the_stream_of_its_request_and_answers_by_another() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut client = server.connect().await;
    client.write(&posted(&in_session(&id), &call("ask"))).await;
    client.until("data: \n\n").await;
    let asked = client.until("\n\n").await;
    matches(
        asked.rsplit("data: ").next().unwrap_or_default(),
        expect![[r#"
        {"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"message":"?"}}

    "#]],
    );
    // Wrong ids change nothing.
    for stray in ["2", "\"1\"", "0"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":{stray},"result":{{"stray":true}}}}"#);
        assert!(
            server
                .post(&in_session(&id), &body)
                .await
                .starts_with("202")
        );
    }
    // Somebody else's session does not answer for this one.
    let other = open(&server, "").await;
    let body = r#"{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}"#;
    let stolen = body.replace("accept", "stolen");
    assert!(
        server
            .post(&in_session(&other), &stolen)
            .await
            .starts_with("202")
    );
    assert!(server.post(&in_session(&id), body).await.starts_with("202"));
    let answered = client.until("accept").await;
    assert!(
        answered.contains(r#""heard":{"action":"accept"#),
        "{answered}"
    );
}

#[tokio::test]
async fn a_cancelled_request_ends_without_an_answer() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut client = server.connect().await;
    client.write(&posted(&in_session(&id), &call("wait"))).await;
    server.double.until_waiting(1).await;
    let cancel = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
    assert!(
        server
            .post(&in_session(&id), cancel)
            .await
            .starts_with("202")
    );
    matches(
        &brief(&client.rest().await),
        expect![[r"
        200 OK
        content-type: text/event-stream
        x-accel-buffering: no
    "]],
    );
}

#[tokio::test]
async fn a_session_hears_of_changes_on_its_own_stream() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let watch = r#"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"a:b"}}"#;
    assert!(
        server
            .post(&in_session(&id), watch)
            .await
            .starts_with("200")
    );
    let mut stream = get(&server, &in_session(&id)).await;
    stream.until("data: \n\n").await;
    server.double.until_heard(1).await;
    for change in [
        Change::Resource("c:d".to_owned()),
        Change::Resource("a:b".to_owned()),
        Change::Tools,
    ] {
        server
            .double
            .announce
            .send(change)
            .expect("somebody listens");
    }
    let heard = stream.until("\n\n").await + &stream.until("\n\n").await;
    assert!(
        heard.contains(r#""uri":"a:b""#) && heard.contains("tools/list_changed"),
        "{heard}"
    );
    assert!(!heard.contains("c:d"), "{heard}");
}

#[tokio::test]
async fn a_newer_stream_of_a_session_replaces_the_older() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let mut older = get(&server, &format!("{}\nConnection: close", in_session(&id))).await;
    older.until("\r\n\r\n").await;
    let mut newer = get(&server, &in_session(&id)).await;
    newer.until("\r\n\r\n").await;
    older.rest().await;
    server
        .double
        .announce
        .send(Change::Tools)
        .expect("somebody listens");
    newer.until("list_changed").await;
}

#[tokio::test]
async fn a_stream_needs_a_session_and_a_reader() {
    let server = Server::start().await;
    let mut unknown = get(&server, "Mcp-Session-Id: unknown\nConnection: close").await;
    assert!(unknown.rest().await.starts_with("HTTP/1.1 404 "));
    let id = open(&server, "").await;
    let deaf = format!(
        "GET /mcp HTTP/1.1\r\nHost: HOST\r\nMcp-Session-Id: {id}\r\nConnection: close\r\n\r\n"
    );
    assert!(server.say(&deaf).await.starts_with("HTTP/1.1 406 "));
}

#[tokio::test]
async fn the_session_that_idled_longest_makes_room() {
    let server = Server::with(Limits {
        sessions: 2,
        ..Limits::STANDARD
    })
    .await;
    let first = open(&server, "").await;
    let second = open(&server, "").await;
    assert!(
        server
            .post(&in_session(&first), PING)
            .await
            .starts_with("200")
    );
    let third = open(&server, "").await;
    assert!(
        server
            .post(&in_session(&first), PING)
            .await
            .starts_with("200")
    );
    assert!(
        server
            .post(&in_session(&second), PING)
            .await
            .starts_with("404")
    );
    assert!(
        server
            .post(&in_session(&third), PING)
            .await
            .starts_with("200")
    );
}

#[tokio::test]
async fn a_session_in_use_does_not_make_room() {
    let server = Server::with(Limits {
        sessions: 1,
        ..Limits::STANDARD
    })
    .await;
    let id = open(&server, "").await;
    let mut client = server.connect().await;
    client
        .write(&posted_and_open(&in_session(&id), &call("wait")))
        .await;
    server.double.until_waiting(1).await;
    assert!(server.post("", INITIALIZE).await.starts_with("503"));
}

#[tokio::test]
async fn a_session_that_idles_ends() {
    let idle = std::time::Duration::from_millis(0);
    let server = Server::with(Limits {
        session_idle: idle,
        ..Limits::STANDARD
    })
    .await;
    let id = open(&server, "").await;
    assert!(server.post(&in_session(&id), PING).await.starts_with("404"));
}

/// A client that has set a level hears of nothing less grave (2025-11-25, logging).
#[tokio::test]
async fn a_session_hears_log_messages_from_its_level_up() {
    let server = Server::start().await;
    let id = open(&server, "").await;
    let level = |level: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{{"level":"{level}"}}}}"#
        )
    };
    let all = server.post(&in_session(&id), &call("log")).await;
    assert!(
        all.contains(r#""level":"debug""#) && all.contains(r#""level":"error""#),
        "{all}"
    );
    assert!(
        server
            .post(&in_session(&id), &level("warning"))
            .await
            .starts_with("200")
    );
    let grave = server.post(&in_session(&id), &call("log")).await;
    assert!(
        !grave.contains("debug") && grave.contains(r#""level":"error""#),
        "{grave}"
    );
    let unknown = server.post(&in_session(&id), &level("loud")).await;
    assert!(unknown.contains("-32602"), "{unknown}");
}
