//! HTTP that is wrong: rows 1 to 10.

use std::time::Duration;

use tokio::time::Instant;
use wharf_wire::http::Limits;

use crate::server::{Server, asking, posted, request};

/// Says `text`; the response must begin with `status`.
async fn check(text: &str, status: &str) {
    let server = Server::start().await;
    let found = server.say(text).await;
    assert!(
        found.starts_with(&format!("HTTP/1.1 {status} ")),
        "{text:?}: {found}"
    );
}

fn sound() -> String {
    posted(&asking("tools/list"), &request("tools/list"))
}

/// Short enough to be waited for.
fn impatient() -> Limits {
    Limits {
        head_timeout: Duration::from_millis(100),
        body_timeout: Duration::from_millis(100),
        ..Limits::STANDARD
    }
}

/// Rows 1, 2.
#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let server = Server::with(impatient()).await;
    for beginning in ["", "POST /m", "POST /mcp HTTP/1.1\r\nHost: HOST\r\n"] {
        let start = Instant::now();
        server.say(beginning).await;
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

/// Row 3.
#[tokio::test]
async fn a_head_that_trickles_in_ends_the_connection() {
    let server = Server::with(impatient()).await;
    let mut client = server.connect().await;
    let start = Instant::now();
    client.write("POST /mcp HTTP/1.1\r\n").await;
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..20 {
        pace.tick().await;
        client.write("a: b\r\n").await;
    }
    let found = client.rest().await;
    assert!(!found.contains("200"), "{found}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

/// Row 4.
#[tokio::test]
async fn a_body_that_does_not_come_times_out() {
    let server = Server::with(impatient()).await;
    let text = sound().replace(&request("tools/list"), "");
    let found = server.say(&text).await;
    assert!(found.starts_with("HTTP/1.1 408 "), "{found}");
}

/// Row 5.
#[tokio::test]
async fn a_body_that_trickles_in_times_out() {
    let server = Server::with(impatient()).await;
    let mut client = server.connect().await;
    client
        .write(&sound().replace(&request("tools/list"), ""))
        .await;
    let mut pace = tokio::time::interval(Duration::from_millis(30));
    for _ in 0..10 {
        pace.tick().await;
        client.write(" ").await;
    }
    let found = client.rest().await;
    assert!(found.starts_with("HTTP/1.1 408 "), "{found}");
}

/// A message that is sound for whoever goes by its chunks, and for whoever goes by its length.
fn ambiguous(first: &str, second: &str) -> String {
    let body = request("tools/list");
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let length = format!("Content-Length: {}", chunked.len());
    let coding = "Transfer-Encoding: chunked".to_owned();
    let lines = [first, second].map(|line| if line == "length" { &length } else { &coding });
    posted(&asking("tools/list"), "").replace(
        "Content-Length: 0",
        &format!("{}\r\n{}", lines[0], lines[1]),
    ) + &chunked
}

/// Row 6.
#[tokio::test]
async fn two_ways_to_say_where_the_body_ends_are_refused() {
    check(&ambiguous("length", "coding"), "400").await;
    check(&ambiguous("coding", "length"), "400").await;
    check(&ambiguous("coding", "coding"), "400").await;
    let only_chunked = ambiguous("coding", "length").replace("Content-Length: ", "X: ");
    check(&only_chunked, "200").await;
}

/// Row 6: what follows an ambiguous message is not taken for a request.
#[tokio::test]
async fn nothing_is_smuggled_behind_a_refused_message() {
    let server = Server::start().await;
    let first = ambiguous("length", "coding").replace("Connection: close\r\n", "");
    let found = server.say(&format!("{first}{}", sound())).await;
    assert!(found.starts_with("HTTP/1.1 400 "), "{found}");
    assert_eq!(found.matches("HTTP/1.1").count(), 1, "{found}");
}

/// Row 6: a sound message before it is still answered first.
#[tokio::test]
async fn a_message_before_a_refused_one_is_answered() {
    let server = Server::start().await;
    let first = sound().replace("Connection: close\r\n", "");
    let found = server
        .say(&format!("{first}GET / HTTP/1.1\nHost: a\n\n"))
        .await;
    assert!(found.starts_with("HTTP/1.1 200 "), "{found}");
    assert!(found.contains("HTTP/1.1 400 "), "{found}");
}

/// Row 7.
#[tokio::test]
async fn a_length_is_said_once_and_in_digits() {
    for length in [
        "+5",
        "5,5",
        "-1",
        "0x5",
        "",
        "5\r\nContent-Length: 6",
        "5\r\nContent-Length: 5",
    ] {
        let text = posted(&asking("tools/list"), "");
        let text = text.replace("Content-Length: 0", &format!("Content-Length: {length}"));
        check(&text, "400").await;
    }
}

/// Row 9.
#[tokio::test]
async fn lines_are_what_the_standard_says() {
    check(&sound().replace("\r\n\r\n", "\n\n"), "400").await;
    check(&sound().replace("HTTP/1.1\r\n", "HTTP/1.1\n"), "400").await;
    check(
        &sound().replace("Host: HOST", "Host: HOST\r\nX: a\r\n b"),
        "400",
    )
    .await;
    check(
        &sound().replace("Host: HOST", "Host: HOST\r\nX: a\0b"),
        "400",
    )
    .await;
    check(&sound().replace("Host: HOST", "Host : HOST"), "400").await;
}

/// Row 10.
#[tokio::test]
async fn a_head_is_bounded() {
    let many = "x: y\r\n".repeat(150);
    check(
        &sound().replace("Host: HOST\r\n", &format!("Host: HOST\r\n{many}")),
        "431",
    )
    .await;
    let long = format!("Host: HOST\r\nX: {}\r\n", "y".repeat(600 << 10));
    check(&sound().replace("Host: HOST\r\n", &long), "431").await;
}
