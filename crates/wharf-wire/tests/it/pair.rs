//! Clients of 2024-11-05: a stream to hear, another request for each thing said.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use wharf_wire::http::{Limits, Pair, Service, Settings, serve};

use crate::double::Double;
use crate::server::Client;

async fn start() -> (SocketAddr, Arc<Double>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let double = Double::new();
    let handler: Arc<Double> = Arc::clone(&double);
    let service = Service::new(handler, Settings::local(address));
    let pair = Pair::new(&service, "/messages");
    let router = axum::Router::new()
        .route_service("/sse", pair.clone())
        .route_service("/messages", pair)
        .route_service("/mcp", service);
    let (limits, never) = (Limits::STANDARD, std::future::pending());
    tokio::spawn(serve(listener, router, limits, never));
    (address, double)
}

/// Opens a stream with `headers`, and yields it and where to post.
async fn open(address: SocketAddr, headers: &str) -> (Client, String) {
    let mut stream = Client::of(address).await;
    stream
        .write(&format!(
            "GET /sse HTTP/1.1\r\nHost: HOST\r\nAccept: text/event-stream\r\n{headers}\r\n"
        ))
        .await;
    stream.until("event: endpoint\ndata: ").await;
    let path = stream.until("\n\n").await.trim().to_owned();
    (stream, path)
}

async fn post(address: SocketAddr, path: &str, headers: &str, body: &str) -> String {
    let mut client = Client::of(address).await;
    client
        .write(&format!(
            "POST {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        ))
        .await;
    client.rest().await
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{"roots":{}},"clientInfo":{"name":"c","version":"1"}}}"#;

fn call(tool: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}"}}}}"#)
}

#[tokio::test]
async fn an_old_client_says_something_and_hears_the_answer_on_its_stream() {
    let (address, _) = start().await;
    let (mut stream, path) = open(address, "").await;
    let taken = post(address, &path, "", INITIALIZE).await;
    assert!(taken.starts_with("HTTP/1.1 202 "), "{taken}");
    stream.until(r#""protocolVersion":"2024-11-05""#).await;
    post(address, &path, "", &call("inquire")).await;
    stream
        .until(r#"{"jsonrpc":"2.0","id":1,"method":"roots/list""#)
        .await;
    let roots = r#"{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}"#;
    post(address, &path, "", roots).await;
    stream.until(r#""heard":{"roots":[]}"#).await;
}

#[tokio::test]
async fn what_runs_for_a_stream_ends_with_it() {
    let (address, double) = start().await;
    let (stream, path) = open(address, "").await;
    post(address, &path, "", INITIALIZE).await;
    post(address, &path, "", &call("wait")).await;
    double.until_waiting(1).await;
    drop(stream);
    double.until_waiting(0).await;
    let gone = post(address, &path, "", &call("wait")).await;
    assert!(gone.starts_with("HTTP/1.1 404 "), "{gone}");
}

/// RULES C5: the name of a stream is no credential.
#[tokio::test]
async fn nobody_speaks_on_the_stream_of_somebody_else() {
    let (address, _) = start().await;
    let (_stream, path) = open(address, "Authorization: Bearer alice\r\n").await;
    for headers in ["", "Authorization: Bearer bob\r\n"] {
        let refused = post(address, &path, headers, INITIALIZE).await;
        assert!(refused.starts_with("HTTP/1.1 404 "), "{refused}");
    }
    let own = post(
        address,
        &path,
        "Authorization: Bearer alice\r\n",
        INITIALIZE,
    )
    .await;
    assert!(own.starts_with("HTTP/1.1 202 "), "{own}");
}

/// Rows A 8, B 15 and C 29.
#[tokio::test]
async fn strangers_and_malformed_messages_are_refused() {
    let (address, _) = start().await;
    let (_stream, path) = open(address, "").await;
    let foreign = post(
        address,
        &path,
        "Origin: http://evil.example\r\n",
        INITIALIZE,
    )
    .await;
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    let doubled = post(
        address,
        &path,
        "",
        r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
    )
    .await;
    assert!(doubled.contains("-32600"), "{doubled}");
    let forged = "Mcp-Method: tools/call\r\nMcp-Name: harmless\r\n";
    let forged = post(address, &path, forged, &call("wait")).await;
    assert!(
        forged.starts_with("HTTP/1.1 400 ") && forged.contains("-32020"),
        "{forged}"
    );
    let unknown = post(address, "/messages?session=guess", "", INITIALIZE).await;
    assert!(unknown.starts_with("HTTP/1.1 404 "), "{unknown}");
}
