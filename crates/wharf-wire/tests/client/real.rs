//! Our client and our servers.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;
use wharf_protocol::capability::{Implementation, ListCapability, ServerCapabilities};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{
    Answer, BoxFuture, Description, Exchange, Handler, Peer as _, Reply, Request,
};
use wharf_wire::client::{Asking, Client, Speaks, Target, connect};
use wharf_wire::{http, stdio};

use crate::listener::Listener;
use crate::peer::{ask_as, settings};

/// Repeats what it is told, with progress on the way.
struct Echo(Implementation);

impl Echo {
    fn new() -> Arc<Self> {
        Arc::new(Self(Implementation::new("echo", "1")))
    }
}

impl Handler for Echo {
    fn identity(&self) -> &Implementation {
        &self.0
    }

    fn describe<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        let capabilities = ServerCapabilities {
            tools: Some(ListCapability::default()),
            ..ServerCapabilities::default()
        };
        let instructions = Some("Say something.".to_owned());
        Box::pin(std::future::ready(Ok(Description {
            capabilities,
            instructions,
        })))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            exchange.progress(1.0, None, None).await;
            let params: Value = request.params()?;
            Answer::complete(&json!({ "method": request.method, "said": params["arguments"] }))
        })
    }
}

async fn over_http(speaks: Speaks) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let service = http::Service::new(Echo::new(), http::Settings::local(address));
    tokio::spawn(http::serve(
        listener,
        service,
        http::Limits::STANDARD,
        std::future::pending(),
    ));
    let url = Url::parse(&format!("http://{address}/mcp")).expect("an address");
    let mut settings = settings(&url);
    settings.speaks = speaks;
    connect(Target::Url(url), settings)
        .await
        .expect("a connection")
}

async fn on_a_pipe(speaks: Speaks) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (reader, writer) = tokio::io::split(theirs);
    tokio::spawn(stdio::serve(
        Echo::new(),
        reader,
        writer,
        stdio::Limits::STANDARD,
    ));
    let (reader, writer) = tokio::io::split(ours);
    let nowhere = Url::parse("http://localhost").expect("an address");
    let mut settings = settings(&nowhere);
    settings.speaks = speaks;
    connect(Target::Pipe(Box::new(reader), Box::new(writer)), settings)
        .await
        .expect("a connection")
}

async fn check(client: Client, revision: &str) {
    let learnt = client.learnt();
    assert_eq!(learnt.revision.as_str(), revision);
    assert_eq!(
        learnt.server.as_ref().map(|server| server.name.as_str()),
        Some("echo")
    );
    assert_eq!(learnt.instructions.as_deref(), Some("Say something."));
    assert!(learnt.capabilities.tools.is_some());

    let listener = Listener::new();
    let asking = Asking::for_peer(Arc::clone(&listener) as Arc<_>);
    let params = r#"{"name":"größe","arguments":{"a":1.0},"_meta":{"progressToken":"p"}}"#;
    let result = ask_as(&client, Method::TOOLS_CALL, params, &asking).await;
    assert!(result.contains(r#""said":{"a":1.0}"#), "{result}");
    assert_eq!(
        listener.heard(),
        r#"notifications/progress {"progressToken":"p","progress":1.0}"#
    );
    let unheard = Request::new(Method::from("example/unheard"), &json!({})).expect("JSON");
    let result = client.request(unheard).await.expect("an answer");
    assert!(result.get().contains("example/unheard"), "{result}");
    client.close().await;
}

#[tokio::test]
async fn both_eras_over_http() {
    check(over_http(Speaks::BothEras).await, "2026-07-28").await;
    check(over_http(Speaks::LegacyOnly).await, "2025-11-25").await;
}

#[tokio::test]
async fn both_eras_on_a_pipe() {
    check(on_a_pipe(Speaks::BothEras).await, "2026-07-28").await;
    check(on_a_pipe(Speaks::LegacyOnly).await, "2025-11-25").await;
}
