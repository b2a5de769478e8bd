//! `Host` and `Origin`: rules B1 and B2, row 8.

use crate::server::{Server, asking, posted, request};

/// Posts with `headers` instead of the right `Host`; whether it was let in, or the status.
async fn check(headers: &str, status: &str) {
    let server = Server::start().await;
    let port = server.address.port().to_string();
    let text = posted(&asking("tools/list"), &request("tools/list"));
    let headers: String = headers
        .lines()
        .flat_map(|line| [line.trim(), "\r\n"])
        .collect();
    let text = text.replace("Host: HOST\r\n", &headers.replace("PORT", &port));
    let found = server.say(&text).await;
    assert!(
        found.starts_with(&format!("HTTP/1.1 {status} ")),
        "{headers}: {found}"
    );
}

#[tokio::test]
async fn a_local_server_answers_to_the_names_of_loopback() {
    check("Host: localhost:PORT", "200").await;
    check("Host: LocalHost:PORT", "200").await;
    check("Host: 127.0.0.1:PORT", "200").await;
    check("Host: [::1]:PORT", "200").await;
}

#[tokio::test]
async fn a_local_server_answers_to_no_other_name() {
    check("Host: evil.example", "403").await;
    check("Host: evil.example:PORT", "403").await;
    check("Host: localhost", "403").await;
    check("Host: localhost:1", "403").await;
    check("Host: localhost.evil.example:PORT", "403").await;
    check("Host: 127.0.0.2:PORT", "403").await;
}

/// Row 8.
#[tokio::test]
async fn a_host_is_there_once_and_is_one() {
    check("X: y", "400").await;
    check("Host: localhost:PORT\nHost: localhost:PORT", "400").await;
    check("Host: localhost:PORT, evil.example", "400").await;
    check("Host: user@localhost:PORT", "400").await;
    check("Host:", "400").await;
    check("Host: localhost:", "400").await;
    check("Host: localhost:99999", "400").await;
}

/// Row 8.
#[tokio::test]
async fn a_target_that_names_another_host_is_refused() {
    let server = Server::start().await;
    let text = posted(&asking("tools/list"), &request("tools/list"));
    for (target, status) in [
        ("http://evil.example/mcp", "400"),
        ("http://HOST/mcp", "200"),
    ] {
        let found = server
            .say(&text.replace("POST /mcp", &format!("POST {target}")))
            .await;
        assert!(
            found.starts_with(&format!("HTTP/1.1 {status} ")),
            "{target}: {found}"
        );
    }
}

#[tokio::test]
async fn a_page_of_the_servers_own_may_call() {
    check("Host: localhost:PORT\nOrigin: http://localhost:PORT", "200").await;
    check("Host: localhost:PORT\nOrigin: http://127.0.0.1:PORT", "200").await;
    check("Host: localhost:PORT\nOrigin: http://[::1]:PORT", "200").await;
}

#[tokio::test]
async fn no_other_page_may_call() {
    for origin in [
        "http://evil.example",
        "null",
        "",
        "http://localhost",
        "http://localhost:1",
        "https://localhost:PORT",
        "HTTP://LOCALHOST:PORT",
        "http://localhost:PORT/",
        "http://localhost:PORT, http://evil.example",
        "file://",
    ] {
        check(&format!("Host: localhost:PORT\nOrigin: {origin}"), "403").await;
    }
    let two = "Origin: http://localhost:PORT";
    check(&format!("Host: localhost:PORT\n{two}\n{two}"), "403").await;
}
