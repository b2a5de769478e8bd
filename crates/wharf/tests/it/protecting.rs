//! A server that lets in only those with a token.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wharf::oauth::resource::{Caller, Presented, Reason, Rejection, Verifier};
use wharf::protocol::port::BoxFuture;
use wharf::{Server, oauth};

/// Takes a token for the scopes that it names.
#[derive(Debug)]
struct Spelled;

impl Verifier for Spelled {
    fn verify<'a>(&'a self, request: Presented<'a>) -> BoxFuture<'a, Result<Caller, Rejection>> {
        Box::pin(async move {
            let header = request.headers.get("authorization");
            let token = header.and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
            let token = token.ok_or_else(|| Rejection {
                status: Reason::Missing.status(),
                challenges: vec!["Bearer".to_owned()],
                reason: Reason::Missing,
            })?;
            Ok(Caller {
                subject: "ada".to_owned(),
                client_id: None,
                issuer: "https://issuer.example".to_owned(),
                scopes: oauth::scope::Scopes::parse(token),
                expires_at: None,
                claims: serde_json::Map::new(),
            })
        })
    }
}

/// Deletes everything.
#[wharf::tool(scopes("admin"))]
fn delete_all(caller: wharf::Caller) -> String {
    format!("{:?} deleted it", caller.principal().unwrap_or_default())
}

async fn call(headers: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let url = format!("http://{address}/mcp").parse().expect("a URL");
    let server = Server::new("test")
        .tool(delete_all)
        .protect_with(url, Arc::new(Spelled));
    tokio::spawn(server.serve_at(listener, std::future::pending()));
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_all","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Type: application/json\r\nAccept: \
         application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: \
         tools/call\r\nMcp-Name: delete_all\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.expect("a server");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("a reader");
    let mut found = String::new();
    stream.read_to_string(&mut found).await.expect("UTF-8");
    found
}

#[tokio::test]
async fn a_scope_is_the_tokens_to_give_and_nobody_elses() {
    let found = call("").await;
    assert!(found.starts_with("HTTP/1.1 401 "), "{found}");
    assert!(found.contains("www-authenticate: Bearer"), "{found}");
    let found = call("Authorization: Bearer read\r\n").await;
    assert!(
        found.contains("Forbidden: this tool needs the scopes admin"),
        "{found}"
    );
    let forged = "Authorization: Bearer read\r\nX-Wharf-Granted-Scopes: admin\r\n";
    let found = call(forged).await;
    assert!(
        found.contains("Forbidden: this tool needs the scopes admin"),
        "{found}"
    );
    let found = call("Authorization: Bearer admin\r\n").await;
    assert!(found.contains("deleted it"), "{found}");
}

#[tokio::test]
async fn scopes_that_nobody_checks_keep_a_server_from_starting() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let server = Server::new("test").tool(delete_all);
    let error = server
        .serve_at(listener, async {})
        .await
        .expect_err("it does not start");
    assert!(error.to_string().contains("add `.protect(…)`"), "{error}");
}
