//! A server on a port of its own, and a client that says exactly what it is told to.

use std::net::SocketAddr;
use std::sync::Arc;

use expect_test::Expect;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wharf_wire::http::{Limits, Service, Settings, serve};
use wharf_wire::tasks::{self, Tasks, TasksHere};

use crate::double::Double;

/// The `_meta` of every modern request that is not about `_meta`.
pub(crate) const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) double: Arc<Double>,
    shutdown: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::STANDARD).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let double = Double::new();
        let handler: Arc<Double> = Arc::clone(&double);
        let settings = Settings {
            limits,
            ..Settings::local(address)
        };
        let store = Arc::new(TasksHere::new(8, 4));
        let handler = Tasks::new(handler, store, tasks::Settings::STANDARD);
        let service = Service::new(Arc::new(handler), settings);
        let (shutdown, stopping) = oneshot::channel();
        let running = tokio::spawn(async move {
            let closing = service.clone();
            let stopping = async move {
                let _ = stopping.await;
                closing.close();
            };
            serve(listener, service, limits, stopping)
                .await
                .expect("serving does not fail");
        });
        Self {
            address,
            double,
            shutdown: Some(shutdown),
            running,
        }
    }

    /// Shuts the server down and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.shutdown.take();
        self.running.await.expect("the server does not panic");
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::of(self.address).await
    }

    /// Says `request` on a connection of its own, and reads until the server closes it. `HOST` stands
    /// for the server's name.
    pub(crate) async fn say(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.write(request).await;
        client.rest().await
    }

    /// Posts `body` with `headers`, one a line, and shows status and body of the response.
    pub(crate) async fn post(&self, headers: &str, body: &str) -> String {
        brief(&self.say(&posted(headers, body)).await)
    }

    /// Calls `tool` the modern way.
    pub(crate) async fn call(&self, tool: &str, arguments: &str) -> String {
        self.post(&calling(tool), &call(tool, arguments)).await
    }
}

/// The text of a POST on a connection that ends with it.
pub(crate) fn posted(headers: &str, body: &str) -> String {
    posted_and_open(&format!("Connection: close\n{headers}"), body)
}

/// The text of a POST on a connection that goes on.
pub(crate) fn posted_and_open(headers: &str, body: &str) -> String {
    let mut head = format!(
        "POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nContent-Length: {}\r\n",
        body.len()
    );
    for line in headers
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        head += line;
        head += "\r\n";
    }
    format!("{head}\r\n{body}")
}

/// The headers of a modern call of `tool`.
pub(crate) fn calling(tool: &str) -> String {
    format!("MCP-Protocol-Version: 2026-07-28\nMcp-Method: tools/call\nMcp-Name: {tool}")
}

/// The body of a modern call of `tool`.
pub(crate) fn call(tool: &str, arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments},{META}}}}}"#
    )
}

/// The headers of a modern request for `method`, which names nothing.
pub(crate) fn asking(method: &str) -> String {
    format!("MCP-Protocol-Version: 2026-07-28\nMcp-Method: {method}")
}

/// The body of a modern request for `method`.
pub(crate) fn request(method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{META}}}}}"#)
}

/// Status and body of a response, and those headers that say something about it.
pub(crate) fn brief(response: &str) -> String {
    let Some((head, body)) = response.split_once("\r\n\r\n") else {
        return format!("no response, but {response:?}");
    };
    let told = ["allow", "retry-after", "content-type", "x-accel-buffering"];
    let headers: String = head
        .lines()
        .skip(1)
        .filter(|line| {
            let name = line.split(':').next().unwrap_or_default();
            told.contains(&name) && *line != "content-type: application/json"
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let status = head.lines().next().unwrap_or_default();
    let status = status.strip_prefix("HTTP/1.1 ").unwrap_or(status);
    format!("{status}\n{headers}{body}")
}

#[track_caller]
pub(crate) fn matches(found: &str, expected: Expect) {
    expected.assert_eq(found);
}

pub(crate) struct Client {
    stream: TcpStream,
    host: String,
    read: Vec<u8>,
}

impl Client {
    pub(crate) async fn of(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        Self {
            stream,
            host: format!("localhost:{}", address.port()),
            read: Vec::new(),
        }
    }

    pub(crate) async fn write(&mut self, text: &str) {
        let text = text.replace("HOST", &self.host);
        // A server that refuses early may have closed already.
        let _ = self.stream.write_all(text.as_bytes()).await;
    }

    /// Everything until the server closes the connection.
    pub(crate) async fn rest(&mut self) -> String {
        let mut bytes = std::mem::take(&mut self.read);
        // A reset after the response is as good an end as any.
        let _ = self.stream.read_to_end(&mut bytes).await;
        unchunked(&String::from_utf8_lossy(&bytes))
    }

    /// Reads until `end` has come, and shows everything up to it.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        loop {
            let text = String::from_utf8_lossy(&self.read).into_owned();
            if let Some(at) = text.find(end) {
                self.read = text.as_bytes()[at + end.len()..].to_vec();
                return text[..at + end.len()].to_owned();
            }
            let read = self.stream.read_buf(&mut self.read).await;
            assert!(
                read.is_ok_and(|bytes| bytes > 0),
                "the connection ended before {end:?}: {text}"
            );
        }
    }
}

/// A response with its chunks put together.
fn unchunked(response: &str) -> String {
    let Some((head, mut chunks)) = response.split_once("\r\n\r\n") else {
        return response.to_owned();
    };
    if !head.contains("transfer-encoding: chunked") {
        return response.to_owned();
    }
    let mut body = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a chunk size");
        if size == 0 {
            break;
        }
        body += &rest[..size];
        chunks = rest[size..]
            .strip_prefix("\r\n")
            .expect("the end of a chunk");
    }
    format!("{head}\r\n\r\n{body}")
}
