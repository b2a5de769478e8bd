//! MCP over a WebSocket.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use wharf_wire::http::{Limits, Service, Settings, WebSocket, serve};

use crate::double::Double;
use crate::server::{call, request};

async fn start(limits: Limits) -> (SocketAddr, Arc<Double>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let double = Double::new();
    let handler: Arc<Double> = Arc::clone(&double);
    let settings = Settings {
        limits,
        ..Settings::local(address)
    };
    let service = Service::new(handler, settings);
    let socket = WebSocket::new(&service);
    let router = axum::Router::new().route_service("/ws", socket);
    tokio::spawn(serve(listener, router, limits, std::future::pending()));
    (address, double)
}

const KEY: &str = "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Asks for a socket with `headers`; the connection and the head of the answer.
async fn ask(address: SocketAddr, headers: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.expect("a server");
    let port = address.port();
    let head = format!("GET /ws HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.expect("a reader");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("a head"));
    }
    (stream, String::from_utf8(answer).expect("UTF-8"))
}

async fn open(address: SocketAddr) -> WebSocketStream<TcpStream> {
    let headers = format!("{KEY}Sec-WebSocket-Protocol: other, mcp\r\n");
    let (stream, answer) = ask(address, &headers).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert!(answer.contains("sec-websocket-protocol: mcp"));
    WebSocketStream::from_raw_socket(stream, Role::Client, None).await
}

async fn hear(socket: &mut WebSocketStream<TcpStream>) -> String {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return text.to_string(),
            Some(Ok(Message::Ping(_))) => {}
            other => return format!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn both_eras_speak_on_one_socket_in_one_frame_a_message() {
    let (address, _) = start(Limits::STANDARD).await;
    let mut socket = open(address).await;
    let modern = Message::text(call("echo", "{\"a\":1}"));
    socket.send(modern).await.expect("a server");
    assert!(hear(&mut socket).await.contains(r#""echo":{"a":1}"#));
    let initialize = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{}}}}"#;
    socket
        .send(Message::text(initialize))
        .await
        .expect("a server");
    assert!(hear(&mut socket).await.contains("2025-11-25"));
    let asking = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"inquire"}}"#;
    socket.send(Message::text(asking)).await.expect("a server");
    assert!(hear(&mut socket).await.contains("roots/list"));
    let roots = r#"{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}"#;
    socket.send(Message::text(roots)).await.expect("a server");
    assert!(hear(&mut socket).await.contains(r#""heard":{"roots":[]}"#));
}

#[tokio::test]
async fn what_runs_ends_with_its_socket() {
    let limits = Limits {
        grace: std::time::Duration::ZERO,
        ..Limits::STANDARD
    };
    let (address, double) = start(limits).await;
    let mut socket = open(address).await;
    let waiting = Message::text(call("wait", "{}"));
    socket.send(waiting).await.expect("a server");
    double.until_waiting(1).await;
    drop(socket);
    double.until_waiting(0).await;
}

/// Row B 18, and what is no text.
#[tokio::test]
async fn a_bad_message_is_answered_and_the_next_one_is_read() {
    let (address, _) = start(Limits::STANDARD).await;
    let mut socket = open(address).await;
    for bad in ["[]", "{", "1"] {
        socket.send(Message::text(bad)).await.expect("a server");
        assert!(hear(&mut socket).await.contains("error"));
    }
    let sound = Message::text(request("tools/list"));
    socket.send(sound).await.expect("a server");
    assert!(hear(&mut socket).await.contains("tools"));
    let binary = Message::binary(request("tools/list").into_bytes());
    socket.send(binary).await.expect("a server");
    assert!(!hear(&mut socket).await.contains("tools"));
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_socket() {
    let limits = Limits {
        body_bytes: 1 << 10,
        ..Limits::STANDARD
    };
    let (address, _) = start(limits).await;
    let mut socket = open(address).await;
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 10));
    let _ = socket.send(Message::text(large)).await;
    assert!(!hear(&mut socket).await.contains("jsonrpc"));
}

/// RULES B1, and a handshake that asks for something else.
#[tokio::test]
async fn a_page_that_may_not_call_and_a_malformed_handshake_are_refused() {
    let (address, _) = start(Limits::STANDARD).await;
    let foreign = format!("{KEY}Sec-WebSocket-Protocol: mcp\r\nOrigin: http://evil.example\r\n");
    assert!(ask(address, &foreign).await.1.starts_with("HTTP/1.1 403 "));
    let nameless = ask(address, KEY).await.1;
    assert!(nameless.starts_with("HTTP/1.1 426 "), "{nameless}");
    let old = format!("{KEY}Sec-WebSocket-Protocol: mcp\r\n").replace("13", "8");
    assert!(ask(address, &old).await.1.starts_with("HTTP/1.1 426 "));
    let short =
        format!("{KEY}Sec-WebSocket-Protocol: mcp\r\n").replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhl");
    assert!(ask(address, &short).await.1.starts_with("HTTP/1.1 426 "));
}
