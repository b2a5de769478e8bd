//! Servers: how they start, what stands in front, and what they are put together from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use expect_test::{Expect, expect};
use serde_json::json;
use wharf::testing::Client;
use wharf::{Server, State};

/// Says who it is.
#[wharf::tool]
fn who(name: State<String>) -> String {
    name.to_string()
}

/// Another one of that name.
#[wharf::tool(name = "who")]
fn whose() {}

async fn check(server: Server, expected: Expect) {
    let error = server.into_handler().await.err().expect("it cannot start");
    expected.assert_eq(&error.to_string());
}

#[tokio::test]
async fn every_mistake_is_told_at_the_start() {
    check(Server::new("test").tool(who).tool(whose), expect![[r#"
        the server `test` cannot start:
        - the tool `who` asks for a `State<alloc::string::String>`, and there is none: add `.state(…)` or `.lifespan(…)` (crates/wharf/tests/it/servers.rs:12)
        - there is another tool `who` (crates/wharf/tests/it/servers.rs:18)"#]]).await;
    let long = Server::new("inner").tool(whose);
    check(Server::new("test").mount("with space", long), expect![[r#"
        the server `test` cannot start:
        - `with space_who` is no legal name: ' ' is not allowed in it (crates/wharf/tests/it/servers.rs:18)"#]]).await;
}

#[tokio::test]
async fn a_mounted_server_keeps_its_own_state() {
    let inner = |name: &str| Server::new("inner").state(name.to_owned()).tool(who);
    let server = Server::new("outer")
        .mount("a", inner("A"))
        .mount("b", inner("B"));
    let client = Client::new(server).await;
    assert_eq!(client.call("a_who", json!({})).await.text(), "A");
    assert_eq!(client.call("b_who", json!({})).await.text(), "B");
}

#[tokio::test]
async fn a_lifespan_makes_a_state_and_ends_it() {
    let ended = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&ended);
    let server = Server::new("test").tool(who).lifespan_until(
        || async { Ok("made at the start".to_owned()) },
        move |_: Arc<String>| async move {
            seen.fetch_add(1, Ordering::Relaxed);
        },
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    server
        .serve_at(listener, async {})
        .await
        .expect("it serves");
    assert_eq!(ended.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_server_whose_lifespan_fails_does_not_start() {
    let server = Server::new("test")
        .lifespan(|| async { Err::<String, _>(wharf::Error::new("the database is away")) });
    check(server, expect!["the database is away"]).await;
}

mod counting {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll};

    use tower_layer::Layer;
    use tower_service::Service;
    use wharf::{Incoming, Next};

    /// Counts requests.
    #[derive(Clone)]
    pub(super) struct Count(pub(super) Arc<AtomicU32>);

    #[derive(Clone)]
    pub(super) struct Counting(Count, Next);

    impl Layer<Next> for Count {
        type Service = Counting;

        fn layer(&self, next: Next) -> Counting {
            Counting(self.clone(), next)
        }
    }

    impl Service<Incoming> for Counting {
        type Response = <Next as Service<Incoming>>::Response;
        type Error = <Next as Service<Incoming>>::Error;
        type Future = <Next as Service<Incoming>>::Future;

        fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.1.poll_ready(context)
        }

        fn call(&mut self, incoming: Incoming) -> Self::Future {
            self.0.0.fetch_add(1, Ordering::Relaxed);
            self.1.call(incoming)
        }
    }
}

#[tokio::test]
async fn a_layer_sees_every_request() {
    let count = Arc::new(AtomicU32::new(0));
    let server = Server::new("test").state("me".to_owned()).tool(who);
    let client = Client::new(server.layer(counting::Count(Arc::clone(&count)))).await;
    assert_eq!(client.call("who", json!({})).await.text(), "me");
    client.tools().await;
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_server_mounts_in_axum() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let server = Server::new("test").state("me".to_owned()).tool(who);
    let service = server.into_service(address).await.expect("it starts");
    let router = axum::Router::new().route_service("/tools", service);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    let head = format!(
        "POST /tools HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: \
         application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: \
         tools/call\r\nMcp-Name: who\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(address)
        .await
        .expect("a server");
    stream.write_all(head.as_bytes()).await.expect("a reader");
    let mut found = String::new();
    stream.read_to_string(&mut found).await.expect("UTF-8");
    assert!(found.contains(r#""text":"me""#), "{found}");
}
