//! The service in somebody else's router.

use tokio::net::TcpListener;
use wharf_wire::http::{Hosts, Limits, Origins, Service, Settings, serve};

use crate::double::Double;
use crate::server::{asking, posted, request};

#[tokio::test]
async fn the_service_mounts_in_an_axum_router() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let settings = Settings {
        hosts: Hosts::listed(["mcp.example"]).expect("a host"),
        origins: Origins::none(),
        limits: Limits::STANDARD,
    };
    let service = Service::new(Double::new(), settings);
    let router = axum::Router::new()
        .route("/", axum::routing::get(|| async { "hello" }))
        .route_service("/mcp", service);
    tokio::spawn(serve(
        listener,
        router,
        Limits::STANDARD,
        std::future::pending(),
    ));

    let text = posted(&asking("tools/list"), &request("tools/list"));
    let found = say(address, &text.replace("HOST", "mcp.example")).await;
    assert!(found.starts_with("HTTP/1.1 200 "), "{found}");
    let found = say(
        address,
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(found.ends_with("hello"), "{found}");
}

async fn say(address: std::net::SocketAddr, text: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address)
        .await
        .expect("a server");
    stream.write_all(text.as_bytes()).await.expect("a reader");
    let mut found = String::new();
    stream.read_to_string(&mut found).await.expect("UTF-8");
    found
}
